"""Finds the tests of a policy: the examples in its file, and the files of cases beside it."""

from __future__ import annotations

from pathlib import Path

from policydsl.diagnostics import SheetError
from policydsl.engine import Policy
from policydsl.testing.case import Case
from policydsl.testing.examples import ExampleCase
from policydsl.testing.read import usable_cases
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


def cases_in(policy: Policy, file: Path) -> tuple[list[Case], SheetError | None]:
    """The cases of one file that can be used, and every problem of the others. Raises OSError."""
    specs, error = usable_cases(file.read_bytes(), str(file), policy.program)
    return [SheetCase(policy.program, spec) for spec in specs], error


def collect(policy: Policy, *paths: Path | None) -> list[Case]:
    """Every test of the policy: its examples, then the cases of the files beside those of the policy (None: it has no
    file).

    Raises SheetError with every problem of the first file that something is wrong with, OSError when one cannot be
    read.
    """
    cases, errors = collect_all(policy, *paths)
    if errors:
        raise errors[0]
    return cases


def collect_all(policy: Policy, *paths: Path | None) -> tuple[list[Case], list[SheetError]]:
    """``collect`` that goes on: what can be used, and what is wrong with the rest, by file."""
    cases, errors = examples(policy), list[SheetError]()
    for file in (f for path in paths if path is not None for f in case_files(path)):
        found, error = cases_in(policy, file)
        cases += found
        if error is not None:
            errors.append(error)
    return cases, errors
