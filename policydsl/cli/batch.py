"""``policydsl eval`` and ``check --sheet`` on tables of many parties."""

from __future__ import annotations

import sys
from collections import Counter
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
    from policydsl.population.gather import Problem
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

    source, later = _sources(files)
    if output is None:
        raise click.UsageError("几家的结果写成文件，用 -o 结果.xlsx results of many go to a file: -o results.xlsx")
    form, target = saved_form(output), Path(output)
    fresh(target, force)
    before = None
    if compare is not None:
        with installed(compare):
            before = earlier(Path(compare))
    job, told = _job(policy, files, as_of, settings, whole, lang)
    said = job.policy.program.digest, version(), as_of, sorted(job.settings.items()), whole, told
    made_from = fingerprint((source, *later), *said)
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
    job, told = _job(policy, files, as_of, (), False, lang)
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

    job, told = _job(policy, files, as_of, settings, True, lang)
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


def ask_back(
    policies: Sequence[str], table: str, output: str | None, only: Sequence[str], as_of: date | None
) -> Code:
    """Writes a workbook for each party of a table that lacks something, with the cells that it lacks; 5 where some
    were refused."""
    from policydsl.cli.asked import results
    from policydsl.explain.folder import file_names
    from policydsl.population.asking import asking, wanted
    from policydsl.population.book import whole, write_xlsx
    from policydsl.population.save import footer

    if output is None:
        raise click.UsageError("每家一个工作簿，用 -o 写到文件夹 a workbook for each party: give a folder with -o")
    fresh(Path(output), False)
    job, told = _job(policies[0], [*policies[1:], table], as_of, (), bool(only), None)
    names = [*dict.fromkeys(each for name in only for each in results(name, job.policy))] or job.teller.names
    count, refused, asked = len(job.found.parties), 0, []
    for _ in job.prepare():
        pass
    with _progress() as show:
        for number, party in enumerate(job.found.parties):
            known = job.facts(number)
            if known.refused or job.reader.blocked:
                refused += 1
            elif wants := wanted(job.verdict(number, known.sheet), names, job.policy.program):
                asked.append((party, asking(job.found.layout, job.found, party, known.sheet, wants)))
            show(word("told", "progress", told, done=number + 1, count=count), number + 1, count)
    files = file_names((f"{p.id}_{p.name}" if p.name != p.id else p.id for p, _ in asked), ".xlsx")
    with installed(output), whole(Path(output)) as folder:
        folder.mkdir()
        for (_, tables), file in zip(asked, files, strict=True):
            write_xlsx(folder / file, tables, footer(job.policy.program), f"policydsl {version()}")
    said = word("told", "asked", told, count=len(asked))
    more = [word("told", "not_asked", told, count=refused)] if refused else []
    complain(f"{listed([said, *more], told, 'semicolon')}{say('mark.semicolon', told)}{output}")
    return Code.BAD_SHEET if refused else Code.DONE


def _sources(files: Sequence[str]) -> tuple[Path, list[Path]]:
    """The table, and the files that complete it: of a folder of workbooks each. Raises UsageError."""
    tables = [Path(name) for name in policy_files(files)[1]]
    found = tables[:1]
    for path in tables[1:]:
        books = sorted(path.glob("[!~.]*.xlsx")) if path.is_dir() else []
        found += books or [path]
    for path in found:
        if not path.exists():
            raise click.UsageError(f"不能读取 cannot read {path}: 没有这个文件 no such file")
    twice = sorted(name for name, times in Counter(p.name for p in found).items() if times > 1)
    if twice:
        raise click.UsageError(f"几个文件同名，分不清是哪一个 several files of one name: {'、'.join(twice)}")
    return found[0], found[1:]


def _job(
    policy: str, files: Sequence[str], as_of: date | None, settings: Sequence[str], whole: bool,
    lang: Language | None,
) -> tuple[Job, Language]:
    from policydsl.population.gather import gather
    from policydsl.population.judging import Job
    from policydsl.population.layout import layout

    source, later = _sources(files)
    loaded: Policy = read_policy(policy, *policy_files(files)[0], examples=False)
    if len(loaded.versions) > 1:
        loaded = loaded.on(as_of or date.today())
    program = loaded.program
    values = parameters(settings, program, lang)
    told = lang or program.header.dialect
    asked = layout(program)
    with installed(str(source)):
        found = gather(source, asked, told)
    more = []
    for path in later:
        with installed(str(path)):
            more.append(gather(path, asked, told, further=True))
    job = Job.of(loaded, found, values, as_of, told, whole, later=more)
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
