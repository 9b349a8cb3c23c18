"""Finds the tests of a policy: the examples in its file, and the files of cases beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policydsl.diagnostics import SheetError
from policydsl.engine import Policy
from policydsl.testing.case import Case
from policydsl.testing.examples import ExampleCase
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

ENDINGS = (".yaml", ".yml")


def case_files(path: Path) -> list[Path]:
    """The files of cases of a policy file: ``NAME.tests.yaml``, and every YAML file of the folder ``NAME.tests``."""
    stem = path.name.removesuffix(".pol")
    beside = [path.with_name(f"{stem}.tests{ending}") for ending in ENDINGS]
    folder = path.with_name(f"{stem}.tests")
    inside = sorted(p for p in folder.iterdir() if p.suffix in ENDINGS) if folder.is_dir() else []
    return [p for p in (*beside, *inside) if p.is_file()]


def examples(policy: Policy) -> list[Case]:
    """The examples in the file of the policy."""
    return [ExampleCase(policy, example) for example in policy.examples]


def cases_in(policy: Policy, file: Path) -> list[Case]:
    """The cases of one file. Raises SheetError with every problem of it, OSError when it cannot be read."""
    return [SheetCase(policy.program, spec) for spec in read_cases(file.read_bytes(), str(file), policy.program)]


def collect(policy: Policy, path: Path | None) -> list[Case]:
    """Every test of the policy: its examples, then the cases of the files beside ``path`` (None: there are none).

    Raises SheetError with every problem of the first file that cannot be used, OSError when one cannot be read.
    """
    return [*examples(policy), *(case for file in case_files(path) for case in cases_in(policy, file))] if path else (
        examples(policy))


def collect_all(policy: Policy, path: Path | None) -> tuple[list[Case], list[SheetError]]:
    """``collect`` that goes on: what can be used, and the files that cannot."""
    cases, errors = examples(policy), list[SheetError]()
    for file in _files(path):
        try:
            cases += cases_in(policy, file)
        except SheetError as error:
            errors.append(error)
    return cases, errors


def _files(path: Path | None) -> Iterator[Path]:
    yield from case_files(path) if path is not None else ()
