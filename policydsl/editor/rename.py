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
    if found is not None:
        return found
    token = token_at(snapshot, offset)
    if token is not None and token.type == "NAME" and str(token.value).startswith("@"):
        raise Refused(snapshot.say("这是内置名称，不能改名", "this is a built-in name and cannot be renamed"))
    if token is not None and token.type == "NAME":
        raise Refused(snapshot.say("这个名称没有声明过，不能改名", "this name is not declared and cannot be renamed"))
    raise Refused(snapshot.say("这里不是名称，不能改名", "there is no name here to rename"))


def edits(snapshot: Snapshot, position: t.Position, new: str) -> list[t.TextEdit]:
    """The changes of the file. Raises Refused with the reason."""
    found = target(snapshot, position)
    name = new.strip()
    _allowed(snapshot, found, name)
    places, unsure = snapshot.symbols.same(found)
    if unsure:
        lines = _lines(snapshot, unsure)
        raise Refused(
            snapshot.say(
                f"“{snapshot.text[found.start : found.end]}”有几处声明，第 {lines} 行用的是哪一个分不清",
                f"there are several declarations of this name; which one line {lines} means cannot be told",
            )
        )
    _reads_alike(snapshot, places, name)
    return [t.TextEdit(snapshot.buffer.range(o.start, o.end), name) for o in places]


def _lines(snapshot: Snapshot, places: list[Occurrence]) -> str:
    return "、".join(str(snapshot.buffer.position(o.start).line + 1) for o in places[:5])


def _allowed(snapshot: Snapshot, found: Occurrence, name: str) -> None:
    """Whether it can be a name at all, and is not taken."""
    say, key, words = snapshot.say, name_key(name), snapshot.reading.words
    if not key:
        raise Refused(say("新名称是空的", "the new name is empty"))
    if len(name) > MOST:
        raise Refused(say(f"新名称超过 {MOST} 个字符", f"the new name is longer than {MOST} characters"))
    wrong = next((char for char in name if fold(char) in NAME_ENDS or fold(char) in "】「」\""), None)
    if wrong is not None or BREAK.search(name) or _COMMENT.search(fold(name)) or INVISIBLE.search(name):
        shown = wrong if wrong is not None else name
        raise Refused(say(f"名称里不能有“{shown}”", f"a name cannot hold '{shown}'"))
    if _NUMBER.fullmatch(key):
        raise Refused(say(f"“{name}”是一个数，不能作名称", f"'{name}' is a number and cannot be a name"))
    for table in (words.head_words, words.field_words, words.inline_words):
        if table.get(key) is not None:
            raise Refused(say(f"“{name}”是关键字，不能作名称", f"'{name}' is a keyword and cannot be a name"))
    if key in {name_key(word) for word in words.builtins}:
        raise Refused(say(f"“{name}”是内置名称，不能再用", f"'{name}' is a built-in name and taken"))
    if key != found.key and key in snapshot.reading.names.spelling:
        at = snapshot.symbols.declared.get(key)
        line = snapshot.buffer.position(at[0].at[0]).line + 1 if at else 0
        where = say(f"（第 {line} 行）", f" (line {line})") if at else ""
        raise Refused(say(f"已经有叫“{name}”的了{where}", f"there is a '{name}' already{where}"))


def _reads_alike(snapshot: Snapshot, places: list[Occurrence], name: str) -> None:
    """The renamed text must give the same tokens, with the new name where the old one stood."""
    text = snapshot.text
    for place in sorted(places, key=lambda o: -o.start):
        text = text[: place.start] + name + text[place.end :]
    after = Reading(text)
    source = snapshot.reading.source
    starts = {source.offset(*snapshot.buffer.place(place.start)) for place in places}
    unclear = next((other for known, _, other in after.names.ambiguous() if name_key(known) == name_key(name)), None)
    if unclear is not None:
        zh, en = f"“{name}”也可以读成“{unclear}”，请换一个名称", f"'{name}' also reads as '{unclear}'; choose another"
        raise Refused(snapshot.say(zh, en))
    for before, now in zip_longest(
        _words(snapshot.reading, starts, name_key(name)), _words(after, set(), name_key(name))
    ):
        if before is None or now is None or before[:2] != now[:2]:
            line = (now or before or ("", "", 0))[2]
            raise Refused(
                snapshot.say(
                    f"改成“{name}”以后，第 {line} 行会读成别的意思，请换一个名称",
                    f"with '{name}', line {line} would read as something else; choose another name",
                )
            )


_Read = tuple[str, str, int]


def _words(reading: Reading, renamed: set[int], new: str) -> Iterator[_Read]:
    """Type, identity and line of every token; what is renamed, and what has the new name, is written ``*``."""
    for _, (token, _) in reading.all():
        line = reading.source.line_of(token.start) + 1
        if token.type in ("NAME", "DEFNAME", "HCELL", "DCELL"):
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
