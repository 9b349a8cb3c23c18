"""Very many parties by columns, beside the same verdicts in a query written by hand: ratios of one run.

    python bench/columns.py [--rows 100000] [--rounds 5] [--threads 2]

Answers are compared first. ``read`` is from Parquet into the engine, ``judge`` from there to a table of verdicts.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb

import policydsl
from policydsl.columns import Batch, Found
from policydsl.core import Name

ROOT = Path(__file__).resolve().parent
DAY = date(2025, 3, 31)
TOTAL, DOWN = "总得分", "降级"

FACTS = """COPY (SELECT 'P' || i AS id, a AS assigned, least(a, hash(i, 2) % 13)::BIGINT AS delivered,
  (hash(i, 3) % 4)::BIGINT AS unreachable, (hash(i, 4) % 2)::BIGINT AS unreachable_again,
  (hash(i, 5) % 5)::BIGINT AS uncertified, ((hash(i, 6) % 13)::DECIMAL(9, 1) / 2)::DECIMAL(9, 1) AS help_days,
  (hash(i, 7) % 15)::BIGINT AS simple_tickets, ((40 + hash(i, 8) % 140)::DECIMAL(9, 4) / 1000)::DECIMAL(9, 4) AS ecr,
  ([1.0, 0.9, 0.75][1 + (hash(i, 9) % 3)::INT])::DECIMAL(9, 4) AS online,
  ([1.0, 0.85, 0.7, 0.4][1 + (hash(i, 10) % 4)::INT])::DECIMAL(9, 4) AS offline,
  (hash(i, 11) % 6)::BIGINT AS plus, (hash(i, 12) % 10)::BIGINT AS minus
  FROM (SELECT i, (hash(i, 1) % 13)::BIGINT AS a FROM range($rows) t(i))) TO '$to'"""
SURVEYS = """COPY (SELECT 'P' || i AS id,
  ['非常满意', '满意', '一般', '不满意', '非常不满意'][1 + (hash(i, j, 13) % 5)::INT] AS rating
  FROM range($rows) t(i), range(5) u(j) WHERE j < hash(i, 14) % 6) TO '$to'"""
BY_HAND = """WITH surveyed AS (
  SELECT id, avg(CASE rating WHEN '非常满意' THEN 25 WHEN '满意' THEN 15 WHEN '一般' THEN 10 WHEN '不满意' THEN 5
    ELSE 0 END) AS base FROM $surveys GROUP BY id),
scores AS (
  SELECT id, plus, minus, CASE WHEN assigned = 0 THEN 30 ELSE 30.0::DOUBLE * delivered / assigned END AS delivery,
    greatest(0::DOUBLE, coalesce(base, 25) - 2 * unreachable - 5 * unreachable_again) AS pleased,
    greatest(0::DOUBLE, 10 - 0.5 * uncertified - 0.5 * help_days
      - CASE WHEN simple_tickets >= 10 THEN 3 WHEN simple_tickets >= 5 THEN 1 ELSE 0 END) AS office,
    CASE WHEN simple_tickets <= 5 THEN 15 WHEN ecr <= 0.08 THEN 15 WHEN ecr <= 0.1 THEN 12 WHEN ecr <= 0.12 THEN 9
      WHEN ecr <= 0.14 THEN 6 WHEN ecr <= 0.16 THEN 3 ELSE 0 END AS called,
    CASE WHEN online >= 1 THEN 10 WHEN online >= 0.8 THEN 5 ELSE 0 END
      + CASE WHEN offline >= 1 THEN 10 WHEN offline >= 0.8 THEN 8 WHEN offline >= 0.6 THEN 3 ELSE 0 END AS training
  FROM $facts LEFT JOIN surveyed USING (id)),
totals AS (SELECT *, delivery + pleased + office + called + training + plus - minus AS total FROM scores)
SELECT id, total, total < 70 OR delivery = 0 OR pleased = 0 OR office = 0 OR called = 0 OR training = 0 AS down
FROM totals"""


def filled(text: str, **places: object) -> str:
    for name, value in places.items():
        text = text.replace(f"${name}", str(value))
    return text


class Job:
    """The same verdicts in both ways, over the same files."""

    def __init__(self, folder: Path, rows: int, threads: int) -> None:
        self.facts, self.surveys, self.out = (folder / f"{n}.parquet" for n in ("facts", "surveys", "out"))
        self.threads = threads
        self.con = duckdb.connect()
        self.con.execute(f"SET threads = {threads}")
        self.con.execute(filled(FACTS, rows=rows, to=self.facts))
        self.con.execute(filled(SURVEYS, rows=rows, to=self.surveys))
        self.program = policydsl.load(ROOT / "quarter.pol")._policy.program
        self.batch = self.read()
        self.found = self.batch.judge()

    def read(self) -> Batch:
        tables = {"回访": str(self.surveys)}
        return Batch.of_tables(self.program, str(self.facts), tables, DAY, threads=self.threads)

    def read_by_hand(self) -> None:
        for name in ("facts", "surveys"):
            self.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM '{getattr(self, name)}'")

    def by_hand(self) -> None:
        self.con.execute(f"CREATE OR REPLACE TABLE told AS {filled(BY_HAND, facts='facts', surveys='surveys')}")

    def verdicts(self) -> Found:
        return self.batch.judge(only=[DOWN, TOTAL])

    def files_by_hand(self) -> None:
        query = filled(BY_HAND, facts=f"'{self.facts}'", surveys=f"'{self.surveys}'")
        self.con.execute(f"COPY ({query}) TO '{self.out}'")

    def files(self) -> None:
        batch = self.read()
        found = batch.judge(only=[DOWN, TOTAL])
        batch.con.execute(f"COPY {found.table} TO '{self.out}'")

    def differences(self) -> tuple[int, int]:
        """How many totals are not the same to 1e-9, and how many downgrades."""
        self.read_by_hand()
        self.by_hand()
        # the order of the file is that of the parties
        other = self.con.execute("SELECT total, down FROM told ORDER BY substr(id, 2)::BIGINT").fetchall()
        totals = self.found.values(Name(TOTAL))
        down = next(k for k in self.found.columns if isinstance(k, Name) and k.rule == DOWN)
        downs = self.found.values(down)
        far = sum(not abs(float(t) - o) < 1e-9 for t, (o, _) in zip(totals, other, strict=True))  # type: ignore[arg-type]
        return far, sum(d is not o for d, (_, o) in zip(downs, other, strict=True))


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--rows", type=int, default=100_000)
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--threads", type=int, default=2)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        job = Job(Path(folder), given.rows, given.threads)
        told, left = job.found.count()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{given.rows} rows: {told} values told, {left} left; peak {peak:.0f} MiB; differ: {job.differences()}")
        jobs: dict[str, Callable[[], Any]] = {
            "by hand: read": job.read_by_hand, "columns: read": job.read, "by hand: judge": job.by_hand,
            "columns: judge, verdicts": job.verdicts, "columns: judge, all definitions": job.batch.judge,
            "by hand: Parquet to Parquet": job.files_by_hand, "columns: Parquet to Parquet": job.files,
        }
        times: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(given.rounds):
            for name, run in jobs.items():
                before = perf_counter()
                run()
                times[name].append(perf_counter() - before)
        for name, found in times.items():
            spent = median(found)
            peer = median(times["by hand: " + name.partition(": ")[2].partition(",")[0]])
            print(f"{name:34} {spent * 1000:9.0f} ms {given.rows / spent:12,.0f} rows/s {spent / peer:6.2f}x by hand")


if __name__ == "__main__":
    main()
