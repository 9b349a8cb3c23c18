"""What several verbs share: options, evaluation dates, parameters, named results, checked policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policydsl.console import (
    STDIN, Code, complain, near, policy_file, policy_files, read_policy, read_sheets, show_problems, unreadable,
)
from policydsl.diagnostics import Language, PolicyError, SheetError
from policydsl.members import dataclass
from policydsl.say import say, word
from policydsl.sources import Sources

if TYPE_CHECKING:
    from policydsl.register import Registered
    from policydsl.core import Program
    from policydsl.engine import AsOfFrom, Policy
    from policydsl.facts import Sheet
    from policydsl.kinds import Exact
    from policydsl.render.problems import Checked
    from policydsl.verdict import ResultValue, Verdict

Command = Callable[..., Any]


def version() -> str:
    """The version of this program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("policydsl")
    except PackageNotFoundError:
        return "0 (checkout)"


def lang_option(command: Command) -> Command:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), help="输出语言，默认随政策 language of the output"
    )(command)


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line gives to be judged: the checked policy, the sheets, the day and the parameters."""

    policy: Policy
    sheets: list[Sheet]
    as_of: date
    as_of_from: AsOfFrom
    settings: dict[str, Exact]

    def judge(
        self, *, trace: bool = True, only: Sequence[str] | None = None, proof: bool = False
    ) -> list[Verdict]:
        return self.policy.judge(
            self.sheets, as_of=self.as_of, as_of_from=self.as_of_from, settings=self.settings, trace=trace, only=only,
            proof=proof,
        )


def given(
    policy: str, sheets: Sequence[str], as_of: date | None, settings: Sequence[str], lang: Language | None
) -> Given:
    """Reads all of it; a ``.pol`` among the sheets is a further file of the policy. Notices are shown on the way.
    Raises PolicyError, SheetError, SeveralSheets, UsageError."""
    from policydsl.sheet import check_ranges

    further, sheets = policy_files(sheets)
    if not sheets:
        raise click.UsageError("没有给事实表 no fact sheet is given")
    if policy == "-" and "-" in sheets or sheets.count("-") > 1:
        raise click.UsageError("标准输入只能用一次 standard input can be read only once")
    loaded = read_policy(policy, *further, examples=False)
    if len(loaded.versions) > 1:
        loaded = loaded.on(as_of or stated_day(sheets) or date.today())
    program = loaded.program
    values = parameters(settings, program, lang)
    loaded.hold(values)
    read = read_sheets(sheets, program, as_of, values, lang)
    for sheet in read:
        for notice in sheet.notices:
            complain(notice)
    day, origin = evaluation_date(as_of, read)
    wrong = check_ranges(program, read, day, values, lang)
    if wrong:
        raise SheetError(wrong, Sources(), program.header.dialect)
    return Given(loaded, read, day, origin, values)


def evaluation_date(option: date | datetime | None, sheets: Sequence[Sheet]) -> tuple[date, AsOfFrom]:
    """The evaluation date and where it comes from."""
    if option is not None:
        return option, "option"
    stated = {sheet.as_of for sheet in sheets}
    if len(stated) > 1:
        raise click.UsageError("事实表的评估日不一致，请用 --as-of 指定 the sheets state different dates, give --as-of")
    day = next(iter(stated), None)
    return (day, "sheet") if day is not None else (date.today(), "today")


def stated_day(sheets: Sequence[str]) -> date | None:
    """The evaluation date that the first of the sheets with one states; standard input, which can be read only once, is
    not asked."""
    from policydsl.sheet import day_of

    if STDIN in sheets:
        raise click.UsageError("修订过的政策从标准输入评判时要给 --as-of give --as-of with standard input")
    for name in sheets:
        with suppress(OSError):
            day = day_of(Path(name).read_bytes(), name)
            if day is not None:
                return day
    return None


def parameters(settings: Sequence[str], program: Program, lang: Language | None) -> dict[str, Exact]:
    """The parameters of --set; a wrong one is wrong usage, not a wrong sheet."""
    from policydsl.sheet import read_settings

    if not settings:
        return {}
    try:
        return read_settings(settings, program)
    except SheetError as error:
        show_problems(error.diagnostics, error.sources, lang or error.dialect)
        raise click.exceptions.Exit(Code.USAGE) from error


def named(name: str, verdicts: Sequence[Verdict]) -> ResultValue:
    """The result of that name or alias. Raises UsageError with what was perhaps meant."""
    from policydsl.render.focus import find_result

    for verdict in verdicts:
        found = find_result(verdict, name)
        if found is not None:
            return found
    known = [n for v in verdicts[:1] for r in v.results.values() for n in (r.name, r.alias) if n]
    raise click.UsageError(f"没有这个结论 no such result: {name}" + near(name, known))


def register_beside(policy: Policy) -> tuple[Registered, ...]:
    """The clauses of the registers beside a policy and what it amends; none where there are none. Raises UsageError if
    one cannot be used."""
    return tuple(clause for path in policy.registers if path.exists() for clause in register_at(path))


def register_at(path: Path) -> tuple[Registered, ...]:
    """The clauses of a register. Raises UsageError if it cannot be used."""
    from policydsl.register import read_register

    try:
        return read_register(path)
    except OSError as error:
        raise unreadable(str(path), error) from error
    except ValueError as error:
        raise click.UsageError(f"条款登记不能用 the register cannot be used: {error}") from error


def clause_texts(policy: Policy) -> dict[str, str]:
    """The wording of the clauses by their ids, where a register stands beside the policy."""
    return {clause.id: clause.text for clause in register_beside(policy)}


def checked_policy(*names: str) -> Checked:
    """A policy, of a file or of several, with its problems and how its examples went; what is wrong with files of
    examples beside it is told too. Of such a file, its own problems and examples alone."""
    from policydsl.render.problems import Checked
    from policydsl.testing import run_examples
    from policydsl.testing.collect import example_files, owner_of
    from policydsl.testing.example_file import read_example_file
    from policydsl.testing.examples import ExampleCase

    name = " + ".join(names)
    owner = owner_of(Path(name)) if len(names) == 1 and Path(name).is_file() else None
    try:
        policy = read_policy(*(names if owner is None else [str(owner)]))
        every = policy.each()
    except PolicyError as error:
        return Checked(name, error.diagnostics, error.sources, error.dialect)
    program = policy.program
    others = [p for one in every if one is not policy for p in one.diagnostics if p.severity == "error"]
    if others:
        return Checked(name, tuple(others), program.sources, program.header.dialect)
    if owner is not None:
        read = read_example_file(policy, Path(name))
        cases = (ExampleCase(policy, example, read.tree.sources) for example in read.examples)
        reports = tuple(case.run(policy) for case in cases)
        return Checked(name, read.problems, read.tree.sources, program.header.dialect, reports)
    beside = [read_example_file(policy, f) for each in names if each != STDIN for f in example_files(policy_file(each))]
    problems = (*policy.diagnostics, *(problem for read in beside for problem in read.problems))
    texts = {file: lines for read in beside for file, lines in read.tree.sources.texts.items()}
    shown = replace(program.sources, texts={**program.sources.texts, **texts})
    return Checked(name, problems, shown, program.header.dialect, tuple(run_examples(policy)))


def show_failures(c: Checked, lang: Language) -> None:
    for example in c.examples:
        for f in example.failures:
            place = f"{f.at.file or c.file}:{f.at.line}"
            complain(say(
                "case.headline", lang, place=place, kind=word("source", "pol", lang), case=example.name, name=f.name,
                expected=f.expected, actual=f.actual,
            ))
