"""Generated cases as text: YAML for the files of cases, or example blocks for the policy file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction

from policydsl.calendar import instant_text
from policydsl.core import InputDecl, Program
from policydsl.diagnostics import LANGUAGES
from policydsl.domain import Possible
from policydsl.kinds import Exact, Kind
from policydsl.render.values import Writer, decimal_text, places_of
from policydsl.say import bracketed, say, word
from policydsl.sheet.refused import Refused
from policydsl.sheet.values import Context, read_value
from policydsl.testgen.model import Limit, Made
from policydsl.testing.words import CASE, EXPECT, STATUS, TRUTH
from policydsl.text.keywords import state_word
from policydsl.verdict import Judged, ResultValue

_PLAIN = re.compile(r"[\w（(][^:#\[\]{},&*!|>'\"%@`\\]*%?")
_WORDS = CASE | EXPECT | {
    "conflict": STATUS["conflict"], "yes": TRUTH["true"], "no": TRUTH["false"], "null": TRUTH["null"],
}
MOST_RECORDS = 8

Text = str | list[str] | dict[str, "Text"] | list[dict[str, str]]


class CaseWriter:
    """Writes generated cases in the words of one policy."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.lang = program.header.dialect
        self.writer = Writer.of(program.header, self.lang)
        self.context = Context.of(program)

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    def word(self, key: str) -> str:
        """A word of a file of cases."""
        return _WORDS[key][LANGUAGES.index(self.lang)]

    # ------------------------------------------------------------------------------------------ names
    def name(self, made: Made) -> str:
        """``甲 客户数 9家（低于界限 10家）``."""
        limit, value = made.limit, self.shown(made.value, made.limit.kind)
        side = word("side", made.side, self.lang)
        return bracketed(f"{limit.rule} {self.subject(limit)} {value}", side, self.lang)

    def subject(self, limit: Limit) -> str:
        match limit.varied:
            case "fact":
                return limit.name
            case "field":
                return f"{limit.list} {limit.name}"
            case "records":
                return self.say("generated.records", list=limit.list)
            case "day":
                return self.say("sheet.as_of")

    def why(self, made: Made) -> str:
        limit = made.limit
        line = self.program.sources.line(limit.at).strip()
        shown = self.shown(limit.limit, limit.kind)
        return self.say("generated.why", shown=shown, at=limit.at.line, line=line)

    def shown(self, value: Exact, kind: Kind) -> str:
        return self.writer.exact(value, kind)

    # ------------------------------------------------------------------------------------------ values
    def text(self, value: Exact, decl: InputDecl) -> str:
        """The value as a sheet writes it; read back it is the same."""
        for text in self.spellings(value, decl.kind):
            try:
                if read_value(text, decl, self.context) == value:
                    return text
            except Refused:
                continue
        return str(value)

    def spellings(self, value: Exact, kind: Kind) -> Iterator[str]:
        if isinstance(value, datetime):
            yield instant_text(value)
        elif isinstance(value, date):
            yield value.isoformat()
        elif isinstance(value, Fraction) and kind.base == "money":
            places = places_of(value)
            if places is not None:
                yield decimal_text(value, places)
        yield self.writer.exact(value, kind)
        if isinstance(value, Fraction):
            yield f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)

    def expected_text(self, value: Exact, kind: Kind) -> str:
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        return self.text(value, InputDecl("", None, kind, self.program.header.at, optional=True))

    # ------------------------------------------------------------------------------------------ YAML
    def yaml(self, made: Made, name: str) -> str:
        """One entry of a file of cases."""
        entry: dict[str, Text] = {self.word("name"): name}
        clauses = list(dict.fromkeys(c.split()[0] for c in made.limit.clauses if c.split()))
        if clauses:
            entry[self.word("clause")] = clauses
        entry[self.word("to_confirm")] = self.word("yes")
        entry[self.word("why")] = self.why(made)
        entry[self.word("as_of")] = (
            instant_text(made.day) if isinstance(made.day, datetime) else made.day.isoformat()
        )
        if made.settings:
            entry[self.word("set")] = {n: self.text(v, self.program.inputs[n]) for n, v in made.settings.items()}
        facts = self.facts(made)
        if facts:
            entry[self.word("facts")] = facts
        entry[self.word("expect")] = {made.limit.rule: self.expected(made.outcome)}
        return "\n".join(_block(entry, "- ", "  ")) + "\n"

    def facts(self, made: Made) -> dict[str, Text]:
        facts: dict[str, Text] = {}
        for name, value in made.sheet.values.items():
            facts[name] = self.text(value, self.program.inputs[name])
        for name, records in made.sheet.lists.items():
            decl = self.program.lists[name]
            fields = {f.name: f for f in decl.fields}
            facts[name] = [{k: self.text(v, fields[k]) for k, v in r.values.items()} for r in records]
        return facts

    def expected(self, result: ResultValue) -> dict[str, Text]:
        out = self.outcome(result.total)
        items = [j for j in result.items or () if j.record is not None]
        if items and len(items) <= MOST_RECORDS:
            out[self.word("records")] = {str(j.record): self.outcome(j) for j in items}
        return out

    def outcome(self, j: Judged) -> dict[str, Text]:
        """What a result is, as an expectation."""
        if j.status == "not_applicable":
            return {self.word("not_applicable"): self.word("yes")}
        if j.status == "conflict":
            return {self.word("status"): self.word("conflict")}
        out: dict[str, Text] = {}
        if j.state is not None and j.state.known:
            key = str(j.state.value)
            shown = word("state", key, self.lang)
            out[self.word("state")] = shown if state_word(shown) == key else key
        if j.holds is not None:
            out[self.word("holds")] = self.word("yes" if j.holds.yes else "no" if j.holds.no else "null")
        if j.kind.base != "yesno" or j.holds is None:
            out |= self.value(j.value, j.kind)
        return out

    def value(self, value: Possible, kind: Kind) -> dict[str, Text]:
        if value.known:
            return {self.word("value"): self.expected_text(value.value, kind)}
        if value.values is not None:
            return {self.word("one_of"): [self.expected_text(v, kind) for v in value.values]}
        if value.low is None and value.high is None:
            return {self.word("unknown"): self.word("yes")}
        ends = (("min", value.low), ("max", value.high))
        return {self.word(key): self.expected_text(end, kind) if end is not None else "null" for key, end in ends}


def _block(value: Mapping[str, Text], first: str, lead: str) -> Iterator[str]:
    """The lines of a mapping; ``first`` stands before its first line."""
    prefix = first
    for key, part in value.items():
        yield from _pair(f"{prefix}{_scalar(key)}:", part, lead)
        prefix = lead
    if not value:
        yield f"{first}{{}}"


def _pair(head: str, part: Text, lead: str) -> Iterator[str]:
    match part:
        case str():
            yield f"{head} {_scalar(part)}"
        case dict():
            if part:
                yield head
                yield from _block(part, lead + "  ", lead + "  ")
            else:
                yield f"{head} {{}}"
        case []:
            yield f"{head} []"
        case _ if all(isinstance(p, str) for p in part):
            yield f"{head} [{', '.join(_scalar(str(p)) for p in part)}]"
        case _:
            yield head
            for record in part:
                assert isinstance(record, dict)
                yield from _block(record, lead + "  - ", lead + "    ")


def _scalar(text: str) -> str:
    """A scalar, quoted unless it is plain beyond doubt (nothing in a file of cases is typed by its looks)."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in ("null", "~")
    if plain and not (text[-1] == "%" and len(text) == 1):
        return text
    if text == "null":
        return text
    return json.dumps(text, ensure_ascii=False)
