"""The interview: which fact to ask for next, what an answer does to the sheet, why a fact is asked for.

An ``Interview`` is a value: every answer gives the next one, so that going back is taking the one before. The text of
the sheet is all there is: it is read anew after every answer, by the same reader and with the same messages as a sheet
that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date

import yaml

from policydsl.core import InputDecl, ListDecl, Program
from policydsl.diagnostics import Diagnostic, Language, SheetError
from policydsl.judge import AsOfFrom, Judge
from policydsl.evaluate.terms import Evaluator
from policydsl.explain.answers import question, signature
from policydsl.explain.model import Question
from policydsl.explain.sheet_text import NotEditableError, SheetText
from policydsl.explain.trials import Trials, in_its_place
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.sheet import check_ranges, read_sheets
from policydsl.sources import Sources
from policydsl.verdict import Missing, Verdict

MOST_TRIED = 60  # evaluations spent on finding out whether a fact can still change anything
MOST_COMPARED = 8  # facts compared before one is asked for
MOST_RECORDS = 1000
CHANGES, MAY_DECIDE, DECIDES = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a fact of the party, a field of a record, or (``decl`` None) how many records a list has.

    ``wanted_by``: the results it can still change. ``instead``: the ledger that would give it, were it filled in.
    """

    name: str
    decl: InputDecl | None
    ledger: ListDecl | None = None
    index: int = 0
    record: str = ""
    wanted_by: tuple[str, ...] = ()
    instead: str = ""


class RefusedAnswerError(Exception):
    """The answer cannot be taken; the problems are those of the sheet reader (none: the sheet cannot be added to)."""

    def __init__(self, problems: Sequence[Diagnostic]) -> None:
        super().__init__(str(len(problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Interview:
    """Where an interview stands. ``queue``: fields of records just begun, asked for before anything else. ``skipped``:
    what is left open."""

    program: Program
    file: str
    text: str
    as_of: date | None
    settings: Mapping[str, Exact]
    only: tuple[str, ...] | None = None
    language: Language | None = None
    queue: tuple[tuple[str, int, str], ...] = ()
    skipped: frozenset[str] = frozenset()
    before: Interview | None = field(default=None, repr=False, compare=False)
    sheet: Sheet = field(init=False)
    _judged: list[Verdict] = field(init=False, repr=False, compare=False)
    _tried: list[Trials] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Reads the sheet; where its text is that of the interview before, all that was found out there still holds."""
        same = self.before if self.before is not None and self.before.text == self.text else None
        object.__setattr__(self, "sheet", same.sheet if same is not None else self._read(self.text))
        object.__setattr__(self, "_judged", same._judged if same is not None else [])
        object.__setattr__(self, "_tried", same._tried if same is not None else [])
        object.__setattr__(self, "before", None)

    # ------------------------------------------------------------------------------------------ the sheet
    def _read(self, text: str) -> Sheet:
        """The one party of the text. Raises SheetError."""
        found = read_sheets(text, self.file, self.program, as_of=self.as_of, settings=self.settings,
                            language=self.language)
        if len(found) != 1:
            raise NotEditableError(self.file)
        sheet = found[0]
        wrong = check_ranges(self.program, [sheet], self.as_of or sheet.as_of or date.today(), self.settings)
        if wrong:
            raise SheetError(wrong, Sources.of(self.file, text.splitlines()), self.program.header.dialect)
        return sheet

    @property
    def day(self) -> tuple[date, AsOfFrom]:
        if self.as_of is not None:
            return self.as_of, "option"
        return (self.sheet.as_of, "sheet") if self.sheet.as_of is not None else (date.today(), "today")

    def verdict(self) -> Verdict:
        if not self._judged:
            day, origin = self.day
            ev = Evaluator(self.program, [self.sheet], self.settings)
            self._judged.append(Judge(ev, 0, day, origin).verdict(trace=False, only=self.only))
        return self._judged[0]

    # ------------------------------------------------------------------------------------------ what to ask
    def asked(self) -> Asked | None:
        """What to ask for next; None when nothing that is not known can change the verdict any more."""
        for name, index, each in self.queue:
            ledger = self.program.lists[name]
            decl = ledger.field_of(each)
            assert decl is not None
            records = self.sheet.lists.get(name, ())
            record = records[index].key if index < len(records) else f"#{index + 1}"
            return Asked(f"{name}[{record}].{each}", decl, ledger, index, record)
        found = list(self.candidates(self.verdict()))
        if len(found) < 2:
            return found[0] if found else None
        trials = self.trials(MOST_TRIED)
        best, rank = found[0], -1
        for one in found[:MOST_COMPARED]:
            here = self.rank(trials, one)
            if here > rank:
                best, rank = one, here
            if here == DECIDES:
                break
        return best

    def candidates(self, verdict: Verdict) -> Iterator[Asked]:
        """Everything that may still be asked, what the most results wait for first; fields of one record together."""
        order = {name: i for i, name in enumerate(self.program.inputs)}
        ranked = sorted(
            verdict.missing, key=lambda m: ("]." in m.fact, -len(m.wanted_by), order.get(m.fact, len(order)))
        )
        seen: set[str] = set()
        for missing in ranked:
            for asked in self.places(missing):
                if asked.name not in self.skipped and asked.name not in seen:
                    seen.add(asked.name)
                    yield asked

    def places(self, missing: Missing) -> Iterator[Asked]:
        """Where a missing fact is to be filled in: a parameter, and the other partners, are nothing to ask for."""
        if missing.parameter:
            return
        ledger = self.program.lists.get(missing.fact)
        if ledger is not None:
            if ledger.source != "sheet":
                return
            day, _ = self.day
            ev = self.trials(0).ev
            given = {n: r for r in missing.wanted_by for n in in_its_place(ev, ev.scope(0, day), r, missing.fact)}
            for name in given:
                yield Asked(name, self.program.inputs[name], wanted_by=missing.wanted_by, instead=missing.fact)
            if all(in_its_place(ev, ev.scope(0, day), r, missing.fact) for r in missing.wanted_by) and not (
                set(given) <= self.skipped
            ):
                return
            yield Asked(missing.fact, None, ledger, wanted_by=missing.wanted_by)
            return
        place = self.trials(0).place(missing.fact)
        if place is not None:
            yield Asked(
                missing.fact, place.decl, self.program.lists.get(place.list), place.index, place.record,
                missing.wanted_by,
            )

    def trials(self, most: int) -> Trials:
        """Trials with so many evaluations to spend; what was tried before is remembered."""
        if not self._tried:
            day, origin = self.day
            self._tried.append(Trials(self.program, [self.sheet], 0, day, origin, self.settings))
        self._tried[0].most = self._tried[0].used + most
        return self._tried[0]

    def rank(self, trials: Trials, asked: Asked) -> int:
        """How much an answer does for the first result that waits for it: settles it whatever it is, may settle it,
        changes it, nothing by itself (as far as that can be tried out within bounds)."""
        if asked.decl is None or not asked.wanted_by:
            return CHANGES
        found = question(trials, asked.wanted_by[0], asked.name)
        if found.decides:
            return DECIDES
        if any(b.decided or b.moves for b in found.branches):
            return MAY_DECIDE
        several = len({repr(signature(b.outcome)) for b in found.branches}) > 1
        return CHANGES if found.cut or several else 0

    def questions(self, asked: Asked, most: int = 3) -> list[tuple[str, Question]]:
        """What each answer would lead to, for the first results that wait for it."""
        if asked.decl is None or not asked.wanted_by:
            return []
        trials = self.trials(400)
        return [(name, question(trials, name, asked.name)) for name in asked.wanted_by[:most]]

    @property
    def left(self) -> int:
        """How many questions there are now, this one among them; an answer may make some needless or bring others."""
        return len(self.queue) + sum(1 for _ in self.candidates(self.verdict()))

    # ------------------------------------------------------------------------------------------ answers
    def headed(self, name: str, raw: str) -> Interview:
        """The interview of a sheet without facts with a line about the sheet itself. Raises RefusedAnswerError."""
        try:
            return replace(self, before=self, text=SheetText(self.text, self.program).with_heading(name, raw))
        except SheetError as error:
            raise RefusedAnswerError(error.diagnostics) from error

    def answered(self, asked: Asked, raw: str) -> Interview:
        """The interview with the answer in its sheet. Raises RefusedAnswerError."""
        text = SheetText(self.text, self.program)
        queue = self.queue
        try:
            if asked.decl is None:
                assert asked.ledger is not None
                return self.counted(asked.ledger, _count(raw))
            if asked.ledger is None:
                new = text.with_fact(asked.name, raw)
            else:
                new = text.with_field(asked.ledger.name, asked.index, asked.decl.name, raw)
            if queue and queue[0] == (asked.ledger.name if asked.ledger else "", asked.index, asked.decl.name):
                queue = queue[1:]
            made = replace(self, before=self, text=new, queue=queue)
        except SheetError as error:
            raise RefusedAnswerError(error.diagnostics) from error
        except (NotEditableError, yaml.YAMLError) as error:
            raise RefusedAnswerError([]) from error
        if not self.kept(made.sheet):
            raise RefusedAnswerError([])
        return made

    def counted(self, ledger: ListDecl, count: int | None) -> Interview:
        """The interview with so many records begun: what identifies each, and what each must have, is asked first."""
        if count is None or not 0 <= count <= MOST_RECORDS:
            raise RefusedAnswerError([])
        if count == 0:
            return replace(self, before=self, text=SheetText(self.text, self.program).with_no_records(ledger.name))
        first = [f.name for f in ledger.fields if f.name == ledger.key]
        fields = first + [f.name for f in ledger.fields if f.required and f.name != ledger.key]
        fields = fields or [ledger.fields[0].name]
        more = tuple((ledger.name, index, name) for index in range(count) for name in fields)
        return replace(self, before=self, queue=more + self.queue)

    def passed(self, asked: Asked) -> Interview:
        """The interview with the fact left open."""
        queue = self.queue
        if queue and asked.ledger is not None and asked.decl is not None:
            if queue[0] == (asked.ledger.name, asked.index, asked.decl.name):
                queue = self._without_start(asked)
            return replace(self, before=self, queue=queue, skipped=self.skipped | {asked.name})
        return replace(self, before=self, skipped=self.skipped | {asked.name})

    def _without_start(self, asked: Asked) -> tuple[tuple[str, int, str], ...]:
        """The queue after a field was passed over: a record whose fields were all passed over is not begun, and those
        after it move up."""
        assert asked.ledger is not None
        rest = self.queue[1:]
        name, index = asked.ledger.name, asked.index
        begun = index < len(self.sheet.lists.get(name, ()))
        if begun or any(q[0] == name and q[1] == index for q in rest):
            return rest
        return tuple((n, i - 1, f) if n == name and i > index else (n, i, f) for n, i, f in rest)

    def kept(self, new: Sheet) -> bool:
        """Whether everything that the sheet said before, it still says."""
        old = self.sheet
        if any(name not in new.values or new.values[name] != value for name, value in old.values.items()):
            return False
        for name, records in old.lists.items():
            now = new.lists.get(name, ())
            if len(now) < len(records):
                return False
            for before, after in zip(records, now, strict=False):
                if any(after.values.get(k, before) != v for k, v in before.values.items()):
                    return False
        return new.name == old.name and new.as_of == old.as_of


def _count(raw: str) -> int | None:
    text = "".join(raw.split()).removesuffix("条")
    if text in ("无", "没有", "none", "None"):
        return 0
    return int(text) if text.isdecimal() and len(text) <= 6 else None
