"""A new name for something, in every place that means it. Nothing is changed unless the text then reads exactly as
before but for the name: the renamed text is read again and compared, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from lsprotocol import types as t

from policydsl.editor import beside
from policydsl.editor.hover import token_at
from policydsl.editor.reading import Reading
from policydsl.editor.snapshot import Snapshot
from policydsl.editor.symbols import Occurrence
from policydsl.text.fold import INVISIBLE, fold, name_key
from policydsl.text.keys import listed
from policydsl.text.lexer import NAMES
from policydsl.text.names import MOST
from policydsl.text.source import BREAK, NAME_ENDS

_NUMBER = re.compile(r"[\d.,%]+")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//)")


class Refused(Exception):
    """The name cannot be changed; the reason, for the author."""


def target(snapshot: Snapshot, position: t.Position) -> Occurrence:
    """The name at a place. Raises Refused where there is none."""
    offset = snapshot.buffer.offset(position)
    found = snapshot.symbols.at(offset)
    if found is not None and (snapshot.owner is None or found.key in snapshot.symbols.declared):
        return found
    token = token_at(snapshot, offset)
    if token is not None and token.type == "NAME" and str(token.value).startswith("@"):
        raise Refused(snapshot.say("rename.builtin"))
    if token is not None and token.type == "NAME":
        raise Refused(snapshot.say("rename.undeclared"))
    raise Refused(snapshot.say("rename.no_name"))


def edits(snapshot: Snapshot, position: t.Position, new: str) -> list[t.TextEdit]:
    """The changes of the file. Raises Refused with the reason."""
    found = target(snapshot, position)
    name = new.strip()
    _allowed(snapshot, found, name)
    places, unsure = snapshot.symbols.same(found)
    if unsure:
        lines = _lines(snapshot, unsure)
        raise Refused(
            snapshot.say("rename.unsure", name=snapshot.text[found.start:found.end], lines=lines)
        )
    _reads_alike(snapshot, places, name)
    return [t.TextEdit(snapshot.buffer.range(o.start, o.end), name) for o in places]


def _lines(snapshot: Snapshot, places: list[Occurrence]) -> str:
    return "、".join(str(snapshot.buffer.position(o.start).line + 1) for o in places[:5])


def _allowed(snapshot: Snapshot, found: Occurrence, name: str) -> None:
    """Whether it can be a name at all, and is not taken."""
    say, key, words = snapshot.say, name_key(name), snapshot.reading.words
    if not key:
        raise Refused(say("rename.empty"))
    if len(name) > MOST:
        raise Refused(say("rename.too_long", most=MOST))
    wrong = next((char for char in name if fold(char) in NAME_ENDS or fold(char) in "】「」\""), None)
    if wrong is not None or BREAK.search(name) or _COMMENT.search(fold(name)) or INVISIBLE.search(name):
        shown = wrong if wrong is not None else name
        raise Refused(say("rename.wrong_character", shown=shown))
    if _NUMBER.fullmatch(key):
        raise Refused(say("rename.number", name=name))
    for table in (words.head_words, words.field_words, words.inline_words):
        if table.get(key) is not None:
            raise Refused(say("rename.keyword", name=name))
    if key in {name_key(word) for word in words.builtins}:
        raise Refused(say("rename.taken_builtin", name=name))
    if key != found.key and key in snapshot.reading.names.spelling:
        at = snapshot.symbols.declared.get(key)
        line = snapshot.buffer.position(at[0].at[0]).line + 1 if at else 0
        where = say("rename.at_line", line=line) if at else ""
        raise Refused(say("rename.taken", name=name, where=where))


def _reads_alike(snapshot: Snapshot, places: list[Occurrence], name: str) -> None:
    """The renamed text must give the same tokens, with the new name where the old one stood."""
    text = snapshot.text
    for place in sorted(places, key=lambda o: -o.start):
        text = text[: place.start] + name + text[place.end :]
    after = snapshot.read(text)
    source = snapshot.reading.source
    starts = {source.offset(*snapshot.buffer.place(place.start)) for place in places}
    unclear = next((other for known, _, other in after.names.ambiguous() if name_key(known) == name_key(name)), None)
    if unclear is not None:
        raise Refused(snapshot.say("rename.also_reads", name=name, other=unclear))
    for before, now in zip_longest(
        _words(snapshot.reading, starts, name_key(name)), _words(after, set(), name_key(name))
    ):
        if before is None or now is None or before[:2] != now[:2]:
            line = (now or before or ("", "", 0))[2]
            raise Refused(
                snapshot.say("rename.other_meaning", name=name, line=line)
            )


_Read = tuple[str, str, int]


def _words(reading: Reading, renamed: set[int], new: str) -> Iterator[_Read]:
    """Type, identity and line of every token; what is renamed, and what has the new name, is written ``*``."""
    for _, (token, _) in reading.all():
        line = reading.source.line_of(token.start) + 1
        if token.type == "DCELL":
            for start, end in listed(reading.source.text, token.start, token.end):
                key = name_key(reading.source.text[start:end])
                while start < end and reading.source.text[start] in "「『 ":
                    start += 1
                yield token.type, "*" if start in renamed or key == new else key, line
        elif token.type in NAMES or token.type in ("DEFNAME", "HCELL"):
            key, start = name_key(str(token.value)), token.start
            while start < token.end and reading.source.text[start] in "「『 ":
                start += 1
            yield token.type, "*" if start in renamed or key == new else key, line
        else:
            yield token.type, str(token.value), line


def workspace_edit(
    snapshot: Snapshot, position: t.Position, new: str, opened: Mapping[str, str]
) -> t.WorkspaceEdit:
    """The changes of the file and, of a name that is declared once, of the files beside it; ``opened`` are the texts
    that the editor has open. Raises Refused."""
    changes = {snapshot.uri: edits(snapshot, position, new)}
    found = target(snapshot, position)
    if len(snapshot.symbols.scopes(found.key)) == 1:
        changes |= beside.changes(snapshot, found.key, new.strip(), opened)
    return t.WorkspaceEdit(changes=changes)
