"""``policydsl eval`` and ``check --sheet`` on tables of many parties."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policydsl.cli.shared import Given, parameters, version
from policydsl.cli.tables import fresh, installed, saved_form
from policydsl.console import Code, complain, policy_files, read_policy
from policydsl.diagnostics import Language
from policydsl.kinds import text_key
from policydsl.say import listed, say, word

if TYPE_CHECKING:
    from policydsl.engine import Policy
    from policydsl.population.book import Table
    from policydsl.population.gather import Gathered, Problem
    from policydsl.population.judging import Job


def judge_tables(
    policy: str, files: Sequence[str], output: str | None, compare: str | None, as_of: date | None,
    settings: Sequence[str], jobs: int | None, force: bool, whole: bool, lang: Language | None,
) -> Code:
    """Judges a table and writes the tables of results; 5 where some were refused."""
    from policydsl.population.compare import Compared, earlier
    from policydsl.population.given_back import returned
    from policydsl.population.journal import Journal
    from policydsl.population.judging import cores, fingerprint, lines
    from policydsl.population.results import Results, Tally
    from policydsl.population.save import save_results

    source = _source(files)
    if output is None:
        raise click.UsageError("几家的结果写成文件，用 -o 结果.xlsx results of many go to a file: -o results.xlsx")
    form, target = saved_form(output), Path(output)
    fresh(target, force)
    before = None
    if compare is not None:
        with installed(compare):
            before = earlier(Path(compare))
    job, told = _job(policy, files, source, as_of, settings, whole, lang)
    said = job.policy.program.digest, version(), as_of, sorted(job.settings.items()), whole, told
    made_from = fingerprint(source, *said)
    journal = Journal(target, made_from)
    if journal.done:
        complain(word("told", "resumed", told, count=journal.done))
    tally = Tally()
    count = len(job.found.parties)
    with _progress() as show:
        if journal.done < count:
            for number in job.prepare():
                show(word("told", "reading", told, done=number, count=count), number, count)
        for report in journal.read(("errors",)) if journal.done else ():
            tally.add(report, job.teller)
        for number, report in enumerate(journal.write(lines(job, jobs or cores(), journal.done)), journal.done + 1):
            tally.add(report, job.teller)
            show(word("told", "progress", told, done=number, count=count), number, count)
    made = Results(job.policy.program, job.teller, journal.read, tally, job.reader.problems, dict(job.settings))
    compared = Compared(made, before) if before is not None else None

    def tables() -> list[Table]:
        found = made.tables(source.name)
        found += [compared.table()] if compared is not None else []
        if form == "xlsx" and source.suffix.lower() == ".xlsx":
            marks = chain(job.teller.marks(job.reader.problems), (m for r in journal.read(("marks",)) for m in r.marks))
            found += returned(source, job.found, marks)
        return found

    with installed(output):
        save_results(target, form, tables, made, f"policydsl {version()}")
    journal.remove()
    complain(f"{made.last_line()}{say('mark.semicolon', told)}{output}")
    if compared is not None:
        complain(compared.last_line())
    return Code.BAD_SHEET if tally.status["refused"] else Code.DONE


def check_tables(policy: str, files: Sequence[str], as_of: date | None, lang: Language | None) -> Code:
    """Reads a table and tells what is wrong with it; nothing is judged."""
    source = _source(files)
    job, told = _job(policy, files, source, as_of, (), False, lang)
    refused = wrong = ignored = 0
    problems = list(job.reader.problems)
    with _progress() as show:
        for number in range(len(job.found.parties)):
            known = job.reader.party(number)
            refused += known.refused
            problems += known.problems
            show("", number, len(job.found.parties))
    _tell(problems, told)
    for problem in problems:
        wrong += problem.diagnostic.severity == "error"
        ignored += problem.diagnostic.code in ("SHEET175", "SHEET184")
    said = [word("told", "read_all", told, count=len(job.found.parties), records=job.found.records)]
    said += [word("told", "ignored", told, count=ignored)] if ignored else []
    said += [word("told", "to_mend", told, count=wrong)] if wrong else []
    complain(listed(said, told, "semicolon"))
    return Code.BAD_SHEET if wrong else Code.DONE


def one_party(
    policy: str, files: Sequence[str], party: str | None, as_of: date | None, settings: Sequence[str],
    lang: Language | None,
) -> tuple[Given, int]:
    """One party of a table, by its id or its name, among all where it may rest on them; and which it is. Raises
    UsageError, and Exit where its row cannot be read."""
    from policydsl.text.near import alike

    job, told = _job(policy, files, _source(files), as_of, settings, True, lang)
    parties = job.found.parties
    if party is None:
        raise click.UsageError("表里不止一家，用 --party 写明是哪一家 a table has many: say which with --party")
    key = text_key(party)
    ids, names = ({text_key(x): i for i, x in reversed(list(enumerate(every)))} for every in (
        [p.id for p in parties], [p.name for p in parties]))
    number = ids.get(key, names.get(key))
    if number is None:
        near = [parties[{**names, **ids}[k]].id for k in alike(key, {**names, **ids}, 70)]
        more = f"（是不是 did you mean: {'、'.join(near)}？）" if near else ""
        raise click.UsageError(f"表里没有这家 no such partner in the table: {party}{more}")
    known = job.reader.party(number)
    if known.refused or job.reader.blocked:
        _tell([*job.reader.problems, *known.problems], told)
        raise click.exceptions.Exit(Code.BAD_SHEET)
    for _ in job.prepare():
        pass
    day, origin = job.day_of(known.sheet)
    sheets = [k.sheet for k in job.known] or [known.sheet]
    return Given(job.policy, sheets, day, origin, dict(job.settings)), number if job.known else 0


def _tell(problems: Iterable[Problem], told: Language) -> None:
    """What is wrong, errors first: a line each, with its cell."""
    from policydsl.population.grid import cell_name
    from policydsl.report import advice, headline

    for problem in sorted(problems, key=lambda p: p.diagnostic.severity != "error"):
        d = problem.diagnostic
        if d.severity != "notice":
            level = word("told", "level_warning", told) if d.severity == "warning" else ""
            place = f"{d.span.file}!{cell_name(d.span)}" if d.span.line else d.span.file
            said = listed(advice(d, told), told, "semicolon")
            complain(" ".join(x for x in (level, place, problem.party, d.code, headline(d, told), said) if x))


def _source(files: Sequence[str]) -> Path:
    further, tables = policy_files(files)
    if len(tables) != 1:
        raise click.UsageError("一次评判一个表格文件或文件夹 one file or folder of tables at a time")
    source = Path(tables[0])
    if not source.exists():
        raise click.UsageError(f"不能读取 cannot read {source}: 没有这个文件 no such file")
    return source


def _job(
    policy: str, files: Sequence[str], source: Path, as_of: date | None, settings: Sequence[str], whole: bool,
    lang: Language | None,
) -> tuple[Job, Language]:
    from policydsl.population.gather import gather
    from policydsl.population.judging import Job
    from policydsl.population.layout import layout

    further, _ = policy_files(files)
    loaded: Policy = read_policy(policy, *further, examples=False)
    if len(loaded.versions) > 1:
        loaded = loaded.on(as_of or date.today())
    program = loaded.program
    values = parameters(settings, program, lang)
    told = lang or program.header.dialect
    with installed(str(source)):
        found: Gathered = gather(source, layout(program), told)
    job = Job.of(loaded, found, values, as_of, told, whole)
    loaded.hold(job.settings)
    return job, told


@contextmanager
def _progress() -> Iterator[Any]:
    """Shows how far it got, on a terminal: with rich where it is installed, else in a line that is written over."""
    if not sys.stderr.isatty():
        yield lambda text, done, count: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        def plain(text: str, done: int, count: int) -> None:
            click.echo(f"\r{text}", nl=done == count, err=True)

        yield plain
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(text: str, done: int, count: int) -> None:
            bars.update(task, description=text, completed=done, total=count)

        yield show
