"""Generated cases as example blocks of the policy file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from policydsl.calendar import instant_text
from policydsl.core import ListDecl
from policydsl.facts import Record
from policydsl.kinds import Exact, Kind
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.testgen.model import Made
from policydsl.testgen.write import CaseWriter
from policydsl.text.keywords import dialect
from policydsl.verdict import Judged


class ExampleWriter(CaseWriter):
    """Writes generated cases in the language of the policy."""

    def example(self, made: Made, name: str) -> str | None:
        """One example block; None where an example has no words for what came out."""
        outcomes = self.outcomes(made)
        if outcomes is None:
            return None
        day = instant_text(made.day) if isinstance(made.day, datetime) else made.day.isoformat()
        plain = " ".join(re.sub(r"[^\w.%-]", " ", name.replace(",", "")).split())
        lines = [f"{self.keyword('_EXAMPLE')} {plain}", self.line("_ASOF", day)]
        lines += self.given(made)
        lines += outcomes
        lines.append(self.line("_NOTE", self.note(made)))
        return "\n".join(lines) + "\n"

    def note(self, made: Made) -> str:
        """The mark that the example counts for nothing yet, and the limit it is made for."""
        at = made.limit.at
        place = self.program.sources.words(at) if at.line == at.end_line else ""
        shown = " ".join(place.partition("【")[0].partition(" [")[0].split())
        value = self.shown(made.limit.limit, made.limit.kind)
        return self.say("generated.note", value=bracketed(value, shown, self.lang) if shown else value)

    def keyword(self, terminal: str) -> str:
        """A word of the language."""
        return dialect(self.lang).canonical[terminal][0]

    def line(self, terminal: str, rest: str) -> str:
        return "  " + headed(self.keyword(terminal), self.lang, rest)

    def rows(self, terminal: str, owner: str) -> str:
        """What stands above the rows of a list."""
        return "  " + headed(f"{self.keyword(terminal)} {owner}", self.lang).rstrip()

    def given(self, made: Made) -> Iterator[str]:
        inputs = self.program.inputs
        stated = (*made.sheet.values.items(), *made.settings.items())
        single = [(name, self.literal(value, inputs[name].kind)) for name, value in stated]
        single += [(name, self.say("value.none")) for name, rows in made.sheet.lists.items() if not rows]
        if single:
            bindings = (listed(pair, self.lang, "equals") for pair in single)
            yield self.line("_GIVEN", listed(bindings, self.lang, "comma"))
        for name, records in made.sheet.lists.items():
            if records:
                yield self.rows("_GIVEN", name)
                yield from self.table(self.program.lists[name], records)

    def table(self, decl: ListDecl, records: Sequence[Record]) -> Iterator[str]:
        fields = [f for f in decl.fields if any(f.name in r.values for r in records)]
        yield f"  | {' | '.join(f.name for f in fields)} |"
        for record in records:
            cells = [self.text(record.values[f.name], f) if f.name in record.values else "" for f in fields]
            yield f"  | {' | '.join(cells)} |"

    def literal(self, value: Exact, kind: Kind) -> str:
        """A value as an expression of the language."""
        if kind.base in ("text", "any") and isinstance(value, str):
            return say("generated.quoted", self.lang, value=value)
        return self.writer.exact(value, kind, tax=True)

    # ------------------------------------------------------------------------------------------ outcomes
    def outcomes(self, made: Made) -> list[str] | None:
        rule, result = made.limit.rule, made.outcome
        out: list[str] = []
        total = self.outcome_text(result.total)
        if total is not None:
            out.append(self.line("_EXPECT", f"{rule}{total}"))
        owner = next((r.over for r in self.program.results if r.name == rule), None)
        items = [j for j in result.items or () if j.record]
        if owner is not None and items and self.program.lists[owner].source == "sheet":
            cells = [(str(j.record), self.outcome_text(j)) for j in items]
            if all(cell is not None for _, cell in cells):
                key = self.program.lists[owner].key or self.program.lists[owner].fields[0].name
                out.append(self.rows("_EXPECT", owner))
                out.append(f"  | {key} | {rule} |")
                out += [f"  | {record} | {(cell or '').strip().lstrip('＝= ')} |" for record, cell in cells]
        return out or None

    def outcome_text(self, j: Judged) -> str | None:
        """What follows the name of a result."""
        lang = self.lang
        if j.status == "conflict":
            return None
        if j.status == "not_applicable":
            return f" {word('state', 'na', lang)}"
        if j.state is not None:
            return f" {word('state', str(j.state.value), lang)}" if j.state.known else None
        if j.holds is not None and (j.kind.base == "yesno" or not j.holds.yes):
            return f" {word('state', 'yes' if j.holds.yes else 'no' if j.holds.no else 'unknown', lang)}"
        value = j.value
        equals = say("mark.equals", lang)
        if value.known:
            return f"{equals}{self.literal(value.value, j.kind)}"
        if value.values is None and value.low is not None and value.high is not None:
            low, high = self.literal(value.low, j.kind), self.literal(value.high, j.kind)
            return equals + say("value.to", lang, low=low, high=high)
        return f" {word('state', 'unknown', lang)}"
