"""Many partners from a workbook to a workbook with reasons, beside a bare loop of the same verdicts.

    python bench/many.py [--policy h3c_star_2024] [--parties 400] [--jobs 1] [--records N]

Partners are made of the example sheet: facts left out at random, amounts and counts moved, ledgers of other lengths.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import policydsl
from policydsl.api import read_facts
from policydsl.core import InputDecl, Program
from policydsl.engine import Policy
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.population.book import Head, Table, Value, write_xlsx
from policydsl.population.gather import gather
from policydsl.population.judging import Job
from policydsl.population.layout import Layout, header_of, layout, unit_of
from policydsl.population.layout import Sheet as Asked
from policydsl.population.values import shown

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = 0.05
MOVED = (Fraction(1, 2), Fraction(9, 10), Fraction(1), Fraction(1), Fraction(11, 10), Fraction(2))


def workbook(path: Path, program: Program, example: Sheet, parties: int, records: int | None = None) -> None:
    """``records``: of each ledger that the example fills; by default as many as it has, or half, or twice."""
    asked = layout(program)
    tables = []
    for sheet in asked.sheets:
        first = () if sheet.shared else (Head(asked.id),)
        if sheet.ledger is None:
            first += (Head(asked.name), Head(asked.day))
        heads = [Head(header_of(c.decl, unit_of(c.decl.kind, program, False), asked.lang)) for c in sheet.columns]
        tables.append(Table(sheet.name, (*first, *heads), _rows(asked, sheet, example, parties, records)))
    write_xlsx(path, tables, "")


def _rows(
    asked: Layout, sheet: Asked, example: Sheet, parties: int, records: int | None
) -> Iterator[list[Value | str]]:
    draw = Random(sheet.name)
    if sheet.ledger is None:
        for number in range(1, parties + 1):
            day = example.as_of.isoformat() if example.as_of is not None else ""
            yield [f"P{number}", f"伙伴{number}", Value(day, day, "date"), *_cells(asked, sheet, example.values, draw)]
        return
    given = example.lists.get(sheet.ledger.name, ())
    for number in range(1, (1 if sheet.shared else parties) + 1):
        first: list[Value | str] = [] if sheet.shared else [f"P{number}"]
        many = len(given) if sheet.shared else draw.choice((len(given), len(given) // 2, 2 * len(given)))
        if sheet.ledger.name in example.lists and not many:
            yield [*first, "无"]
        for at in range(many if records is None or not given or sheet.shared else records):
            values = dict(given[at % len(given)].values)
            key = sheet.ledger.key
            if at >= len(given) and key is not None and isinstance(values.get(key), str):
                values[key] = f"{values[key]}·{at}"
            yield [*first, *_cells(asked, sheet, values, draw, key)]


def _cells(
    asked: Layout, sheet: Asked, values: Mapping[str, Exact], draw: Random, key: str | None = None
) -> Iterator[Value | str]:
    for column in sheet.columns:
        decl = column.decl
        if decl.name not in values or decl.name != key and not decl.required and draw.random() < LEFT_OUT:
            yield ""
        else:
            yield shown(_moved(values[decl.name], decl, draw), decl.kind, asked.program)


def _moved(value: Exact, decl: InputDecl, draw: Random) -> Exact:
    if decl.kind.base in ("money", "count") and isinstance(value, Fraction) and decl.ranges:
        moved = value * draw.choice(MOVED)
        return moved if decl.kind.base == "money" else Fraction(round(moved))
    return value


def bare(policy: Policy, source: Path) -> float:
    """Seconds of processor time that the verdicts alone take: the results and entries that the tables tell of."""
    job = Job.of(policy, gather(source, layout(policy.program)), {}, None, policy.program.header.dialect)
    known = [job.reader.party(number) for number in range(len(job.found.parties))]
    job.known = known if job.together else []
    before = process_time()
    policy.population([], {}, len(known))
    for number, each in enumerate(known):
        if not each.refused:
            verdict = job.verdict(number, each.sheet)
            assert len(verdict.trace) and len(list(verdict.results.values())) and len(verdict.missing) >= 0
    return process_time() - before


def whole(policy: str, source: Path, output: Path, jobs: int) -> tuple[float, float, int]:
    """Processor seconds, seconds by the clock and the most memory (MiB, of one process) of the command."""
    command = [sys.executable, "-m", "policydsl", "eval", policy, str(source), "-o", str(output), "--force"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run([*command, "--jobs", str(jobs)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    took, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 5), done.returncode
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, took, after.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--policy", default="h3c_star_2024")
    parser.add_argument("--parties", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--records", type=int, help="of each ledger of each partner")
    parser.add_argument("--make", type=Path, help="the workbook is made here, and nothing is judged")
    given = parser.parse_args()
    loaded = policydsl.load(given.policy)
    example = read_facts(loaded, ROOT / "examples" / f"{given.policy}.yaml")[0]
    if given.make:
        workbook(given.make, loaded._policy.program, example, given.parties, given.records)
        return
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "partners.xlsx", Path(folder) / "results.xlsx"
        workbook(source, loaded._policy.program, example, given.parties, given.records)
        spent, took, most = whole(given.policy, source, output, given.jobs)
        alone = bare(loaded._policy, source)
    print(f"{given.parties} partners of {given.policy}, {given.jobs} processes: {given.parties / took:.1f} a second")
    print(f"processor: {spent:.1f} s; verdicts alone {alone / spent:.2f} of it; at most {most} MiB a process")


if __name__ == "__main__":
    main()
