"""A blank fact sheet: every fact with its kind, range and use, ready to be filled in. As it stands it says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policydsl.core import Choose, Const, InputDecl, ListDecl, Program, Use
from policydsl.diagnostics import LANGUAGES
from policydsl.reads import Key, reads_of
from policydsl.render.values import Writer
from policydsl.say import bracketed, headed, listed, say
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES, ledgers_of, rows_of
from policydsl.sheet.words import kind_words, range_words, written_words

_PLAIN = re.compile(r"[^\W\d]\w*(?:[ ./·-]\w+)*")
_RESERVED = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})


def template(program: Program) -> str:
    """The blank sheet as commented YAML, in the words of the policy."""
    return "\n".join(_Blank(program).lines()) + "\n"


class _Blank:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.language = program.header.dialect
        self.wanted = reads_of(program).wanted_by
        self.judged = {result.name for result in program.results if result.judged}

    def say(self, key: str, **places: object) -> str:
        return say(key, self.language, **places)

    def lines(self) -> Iterator[str]:
        header = self.program.header
        title = f"{header.title} {header.version}".strip()
        yield self.comment(headed(title, self.language, self.say("sheet.fact_sheet")))
        yield self.comment(self.say("sheet.empty"))
        yield ""
        own = LANGUAGES.index(self.language)
        taken = {decl.name for decl in self.program.inputs.values()}
        if PARTY_NAMES[own] not in taken:
            yield f"{PARTY_NAMES[own]}:"
        yield f"{DAY_NAMES[own]}:  # {self.say('sheet.such_day')}"
        facts = [decl for decl in self.program.inputs.values() if not decl.parameter and not decl.decision]
        ledgers = list(ledgers_of(self.program))
        if header.keys:
            yield ""
            yield self.comment(self.say("sheet.key_first", names=listed(header.keys, self.language)))
        for first in (True, False) if header.keys else (False,):
            every: tuple[InputDecl | ListDecl, ...] = (*facts, *ledgers)
            about = [decl for decl in every if self.first(decl) == first]
            if about and header.keys and not first:
                yield ""
                yield self.comment(self.say("sheet.key_rest"))
            for decl in about:
                yield ""
                yield from self.ledger(decl) if isinstance(decl, ListDecl) else self.fact(decl)

    def first(self, decl: InputDecl | ListDecl) -> bool:
        """Whether a key result rests on it, or on a field of it."""
        asked = [(decl.name, f.name) for f in decl.fields] if isinstance(decl, ListDecl) else [("", decl.name)]
        keys = set(self.program.header.keys)
        return any(keys & set(self.wanted.get(key, ())) for key in ((decl.name, ""), *asked))

    def fact(self, decl: InputDecl) -> Iterator[str]:
        yield from self.about(decl, "")
        yield f"{_key(decl.name)}:"
        rows = rows_of(self.program, decl)
        if rows is not None:
            yield from self.record(rows)

    def record(self, ledger: ListDecl) -> Iterator[str]:
        """What a record may say, each on a line that waits to be filled in."""
        for number, each in enumerate(ledger.as_written()):
            lead = "#  - " if number == 0 else "#    "
            yield f"{lead}{_key(each.name)}:  # {_flat(self.summary(each, primary=each.name == ledger.key))}"

    def ledger(self, decl: ListDecl) -> Iterator[str]:
        parts = [self.say("sheet.ledger")]
        if decl.shared:
            parts.append(self.say("sheet.shared"))
        if decl.default_none:
            parts.append(self.say("sheet.default_none"))
        yield self.comment(self.headed(decl, parts))
        yield from self.more(decl, (decl.name, ""), "")
        yield f"{_key(decl.name)}:"
        yield from self.record(decl)

    def about(self, decl: InputDecl, ledger: str) -> Iterator[str]:
        yield self.comment(self.headed(decl, [self.summary(decl)]))
        yield from self.more(decl, (ledger, decl.name), "")

    def more(self, decl: InputDecl | ListDecl, name: Key, lead: str) -> Iterator[str]:
        wanted = self.wanted.get(name, ())
        if wanted:
            shown = listed(wanted[:6], self.language) + (self.say("sheet.and_more") if len(wanted) > 6 else "")
            if len(wanted) > 1 and self.judged <= set(wanted):  # as what the policy's own 适用 asks
                shown = self.say("sheet.everything")
            yield self.comment(f"{lead}{self.say('sheet.used_by')}{shown}")
        if decl.clauses:
            yield self.comment(f"{lead}{self.say('sheet.clauses')}{listed(decl.clauses, self.language)}")
        for note in decl.notes:
            yield self.comment(f"{lead}{note}")

    def summary(self, decl: InputDecl, primary: bool = False) -> str:
        """Kind, how it is written, necessity, ranges, default."""
        currency = self.program.header.currency
        parts = [kind_words(decl.kind, self.language), written_words(decl.kind, self.language, currency)]
        if primary:
            parts.append(self.say("sheet.key"))
        if decl.required:
            parts.append(self.say("sheet.required"))
        if decl.optional:
            parts.append(self.say("sheet.optional"))
        parts += range_words(decl, self.program)
        if decl.within:
            parts.append(self.say("sheet.within", list=decl.within))
        default = decl.default
        if isinstance(default, Use):  # of a fact over time: of a day in none of its rows
            stands_in = self.program.terms[default.name].term
            default = stands_in.arms[-1].then if isinstance(stands_in, Choose) else None
        if decl.event and isinstance(default, Choose):  # its first arm: the day, if it has come
            default = default.arms[0].then
        if isinstance(default, Const):
            shown = Writer.of(self.program.header, self.language).exact(default.value, decl.kind)
            parts.append(self.say("sheet.default", shown=shown))
        elif default is not None:
            parts.append(self.say("sheet.has_default"))
        if rows_of(self.program, decl) is not None:
            parts.append(self.say("sheet.over_time"))
        elif decl.derived is not None:
            parts.append(self.say("sheet.derived"))
        return listed((part for part in parts if part), self.language, "semicolon")

    def headed(self, decl: InputDecl | ListDecl, parts: list[str]) -> str:
        """The name and alias, and what is said of them."""
        name = bracketed(decl.name, decl.alias, self.language) if decl.alias else decl.name
        return headed(name, self.language, listed(parts, self.language, "semicolon"))

    @staticmethod
    def comment(text: str) -> str:
        return f"# {_flat(text)}"


def _flat(text: str) -> str:
    """One line without control characters: nothing in a name or note can leave its comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _key(name: str) -> str:
    """The name as a YAML key, quoted unless it is plain beyond doubt."""
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
