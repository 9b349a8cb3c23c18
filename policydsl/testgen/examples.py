"""Generated cases as example blocks of the policy file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from policydsl.core import ListDecl
from policydsl.facts import Record
from policydsl.kinds import Exact, Kind
from policydsl.render.words import STATES, word
from policydsl.testgen.model import Made
from policydsl.testgen.write import CaseWriter
from policydsl.verdict import Judged


class ExampleWriter(CaseWriter):
    """Writes generated cases in the language of the policy."""

    def example(self, made: Made, name: str) -> str | None:
        """One example block; None where an example has no words for what came out."""
        outcomes = self.outcomes(made)
        if outcomes is None:
            return None
        day = made.day.strftime("%Y-%m-%d %H:%M") if isinstance(made.day, datetime) else made.day.isoformat()
        plain = " ".join(re.sub(r"[^\w.%-]", " ", name.replace(",", "")).split())
        lines = [f"{self.say('示例', 'example')} {plain}", f"  {self.say('评估日：', 'as of: ')}{day}"]
        lines += self.given(made)
        lines += outcomes
        lines.append(f"  {self.say('注：', 'note: ')}{self.note(made)}")
        return "\n".join(lines) + "\n"

    def note(self, made: Made) -> str:
        """The mark that the example counts for nothing yet, and the limit it is made for."""
        at = made.limit.at
        place = self.program.sources.words(at) if at.line == at.end_line else ""
        shown = " ".join(place.partition("【")[0].partition(" [")[0].split())
        value = self.shown(made.limit.limit, made.limit.kind)
        where = self.say(f"（{shown}）", f" ({shown})") if shown else ""
        return self.say(f"待确认，由程序生成；界限 {value}{where}", f"to be confirmed, generated; limit {value}{where}")

    def given(self, made: Made) -> Iterator[str]:
        equals, comma = self.say(" ＝ ", " = "), self.say("，", ", ")
        inputs = self.program.inputs
        stated = (*made.sheet.values.items(), *made.settings.items())
        single = [f"{name}{equals}{self.literal(value, inputs[name].kind)}" for name, value in stated]
        single += [f"{n}{equals}{self.say('无', 'none')}" for n, rows in made.sheet.lists.items() if not rows]
        if single:
            yield f"  {self.say('已知：', 'given: ')}{comma.join(single)}"
        for name, records in made.sheet.lists.items():
            if records:
                yield f"  {self.say('已知', 'given')} {name}{self.say('：', ':')}"
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
            return f"“{value}”" if self.zh else f'"{value}"'
        return self.writer.exact(value, kind, tax=True)

    # ------------------------------------------------------------------------------------------ outcomes
    def outcomes(self, made: Made) -> list[str] | None:
        head, rule = self.say("应得", "expect"), made.limit.rule
        result = made.outcome
        out: list[str] = []
        total = self.outcome_text(result.total)
        if total is not None:
            out.append(f"  {head}{self.say('：', ': ')}{rule}{total}")
        owner = next((r.over for r in self.program.results if r.name == rule), None)
        items = [j for j in result.items or () if j.record]
        if owner is not None and items and self.program.lists[owner].source == "sheet":
            cells = [(str(j.record), self.outcome_text(j)) for j in items]
            if all(cell is not None for _, cell in cells):
                key = self.program.lists[owner].key or self.program.lists[owner].fields[0].name
                out.append(f"  {head} {owner}{self.say('：', ':')}")
                out.append(f"  | {key} | {rule} |")
                out += [f"  | {record} | {(cell or '').strip().lstrip('＝= ')} |" for record, cell in cells]
        return out or None

    def outcome_text(self, j: Judged) -> str | None:
        """What follows the name of a result."""
        lang = self.program.header.dialect
        if j.status == "conflict":
            return None
        if j.status == "not_applicable":
            return f" {word(STATES, 'na', lang)}"
        if j.state is not None:
            return f" {word(STATES, str(j.state.value), lang)}" if j.state.known else None
        if j.holds is not None and (j.kind.base == "yesno" or not j.holds.yes):
            return f" {word(STATES, 'yes' if j.holds.yes else 'no' if j.holds.no else 'unknown', lang)}"
        value = j.value
        equals = self.say(" ＝ ", " = ")
        if value.known:
            return f"{equals}{self.literal(value.value, j.kind)}"
        if value.values is None and value.low is not None and value.high is not None:
            to = self.say(" 至 ", " to ")
            return f"{equals}{self.literal(value.low, j.kind)}{to}{self.literal(value.high, j.kind)}"
        return f" {word(STATES, 'unknown', lang)}"
