"""What is different from last time: results of an earlier run beside those of now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from policydsl.diagnostics import LANGUAGES
from policydsl.population.book import Cells, Head, Table, Value
from policydsl.population.csvs import read_csv
from policydsl.population.grid import Page, refused
from policydsl.population.layout import header_key, split_header
from policydsl.population.results import Results
from policydsl.population.told import Report
from policydsl.population.xlsx import read_workbook
from policydsl.render.values import decimal_text, places_of
from policydsl.say import headed, listed, word
from policydsl.sheet.values import plain_number
from policydsl.text.fold import fold

Earlier = Mapping[str, Mapping[str, str]]  # id -> header without its unit -> what stood there


def earlier(path: Path) -> Earlier:
    """The results in a workbook, or a folder, that an earlier run has written. Raises SheetError, OSError."""
    names = tuple(word("table", "results", code) for code in LANGUAGES)
    pages = read_workbook(path) if not path.is_dir() else [
        read_csv(path / f"{n}.csv") for n in names if (path / f"{n}.csv").exists()]
    page = next((p for p in pages if p.name in names), None)
    if page is None:
        raise refused("SHEET192", path.name)
    return dict(_rows(page))


def _rows(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    heads: dict[int, str] = {}
    for row in page.rows:
        if not heads:
            heads = {n: header_key(split_header(c.text)[0]) for n, c in row.cells.items()}
            continue
        first = row.cells.get(1)
        if first is not None:
            yield first.text, {heads[n]: c.text for n, c in row.cells.items() if n in heads}


class Compared:
    """Sets the results of now beside those of an earlier run."""

    def __init__(self, results: Results, before: Earlier) -> None:
        self.results, self.before, self.teller = results, before, results.teller
        self.lang = self.teller.lang
        self.changed = 0

    def say(self, key: str, **places: object) -> str:
        return word("told", key, self.lang, **places)

    def table(self) -> Table:
        """Who is new or gone, and every headline that is another than last time."""
        heads = (Head(word("table", "id", self.lang), width=12), *(Head(self.say(n), width=w) for n, w in (
            ("name", 18), ("rule", 22), ("last_time", 24), ("now", 24), ("difference", 18))))
        return Table(word("table", "compared", self.lang), heads, list(self.rows(self.results.again(()))), 2)

    def rows(self, reports: Iterable[Report]) -> Iterator[Cells]:
        seen = set()
        for report in reports:
            seen.add(report.id)
            before = self.before.get(report.id)
            if before is None:
                yield report.id, report.name, "", "", self.say("new"), ""
                continue
            yield from self.changes(report, before)
        for id_ in self.before:
            if id_ not in seen:
                yield id_, self.before[id_].get(header_key(self.say("name")), ""), "", self.say("gone"), "", ""

    def changes(self, report: Report, before: Mapping[str, str]) -> Iterator[Cells]:
        names = (self.say("status"), *self.teller.names)
        for name, now in zip(names, (report.results[2], *report.results[4:]), strict=False):
            old = before.get(header_key(name), "")
            there = now.number or now.text
            a, b = _number(old), _number(there)
            if old == there or a is not None and a == b:
                continue
            gap = b - a if a is not None and b is not None else None
            yield (report.id, report.name, name, Value(old, *_shown(a)), now,
                   Value("", *_shown(gap)) if gap is not None else "")

    def last_line(self) -> str:
        """``金牌 4 → 5，返利 12,345 → 12,000``: tiers and sums that are others."""
        tally, said = self.results.tally, []
        tier = header_key(self.teller.first)
        old_tiers = Counter(row.get(tier, "") for row in self.before.values() if row.get(tier))
        for name in sorted({*old_tiers, *tally.tiers}):
            if self.teller.first and old_tiers[name] != tally.tiers[name] and name not in ("", self.say("refused")):
                said.append(self.say("moved", what=name, before=old_tiers[name], now=tally.tiers[name]))
        for name in self.teller.names:
            if name in self.teller.money and self.teller.part[name] in ("gains", "sanctions"):
                values = (_number(row.get(header_key(name), "")) for row in self.before.values())
                old = sum((v for v in values if v is not None), Fraction(0))
                new = tally.amounts.get(name, Fraction(0))
                if old != new:
                    said.append(self.say("moved", what=name, before=_words(old), now=_words(new)))
        return headed(self.say("against"), self.lang, listed(said, self.lang, "comma") or self.say("nothing"))


def _number(text: str) -> Fraction | None:
    return plain_number(fold(text)) if text and len(text) < 40 else None


def _words(value: Fraction) -> str:
    return decimal_text(value, places_of(value) or 0, thousands=True)


def _shown(value: Fraction | None) -> Sequence[str]:
    return ("", "") if value is None else (decimal_text(value, places_of(value) or 0), "money")
