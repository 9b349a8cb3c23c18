"""Finds the tests of a policy: the examples in its file, and the files of cases and of examples beside it."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import suppress
from datetime import date
from pathlib import Path

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.engine import Policy
from policydsl.sheet.day import stated
from policydsl.sheet.source import Sequence, read_source
from policydsl.sources import Sources
from policydsl.testing.case import Case
from policydsl.testing.example_file import read_example_file
from policydsl.testing.examples import ExampleCase
from policydsl.testing.read import usable_cases
from policydsl.testing.sheet_case import SheetCase

ENDINGS = (".yaml", ".yml")
EXAMPLES = ".pol"


def case_files(path: Path) -> list[Path]:
    """The files of cases of a policy file: ``NAME.tests.yaml``, and every YAML file and every file of examples of the
    folder ``NAME.tests``."""
    stem = path.name.removesuffix(".pol")
    beside = [path.with_name(f"{stem}.tests{ending}") for ending in ENDINGS]
    folder = path.with_name(f"{stem}.tests")
    inside = sorted(p for p in folder.iterdir() if p.suffix in (*ENDINGS, EXAMPLES)) if folder.is_dir() else []
    return [p for p in (*beside, *inside) if p.is_file()]


def owner_of(file: Path) -> Path | None:
    """The policy that a file of cases or of examples belongs to: ``NAME.pol`` for ``NAME.tests.yaml``, and for any such
    file in ``NAME.tests``; None for any other file, or where there is no such policy."""
    folder = file.parent if file.parent.name else file.absolute().parent
    if file.suffix in ENDINGS and file.stem.endswith(".tests"):
        found = file.with_name(file.stem.removesuffix(".tests") + ".pol")
    elif file.suffix in (*ENDINGS, EXAMPLES) and folder.name.endswith(".tests"):
        found = folder.with_name(folder.name.removesuffix(".tests") + ".pol")
    else:
        return None
    return found if found.is_file() else None


def examples_beside(policy: Policy, path: Path) -> list[n.Example]:
    """The examples in files beside a policy, each file by its place from the folder of the policy. Raises SheetError
    where one cannot be read, OSError."""
    out: list[n.Example] = []
    for file in example_files(path):
        read = read_example_file(policy, file, f"{file.parent.name}/{file.name}")
        if read.error is not None:
            raise read.error
        out += read.examples
    return out


def example_files(path: Path) -> list[Path]:
    """Those of the files of cases that hold examples."""
    return [file for file in case_files(path) if file.suffix == EXAMPLES]


def examples(policy: Policy) -> list[Case]:
    """The examples in the file of the policy."""
    return [ExampleCase(policy, example) for example in policy.examples]


def cases_in(policy: Policy, file: Path) -> tuple[list[Case], SheetError | None]:
    """The cases or examples of one file that can be used, and every problem of the others. Raises OSError."""
    if file.suffix == EXAMPLES:
        read = read_example_file(policy, file)
        return [ExampleCase(policy, example, read.tree.sources) for example in read.examples], read.error
    data = file.read_bytes()
    if len(policy.versions) < 2:
        specs, error = usable_cases(data, str(file), policy.program)
        return [SheetCase(policy.program, spec) for spec in specs], error
    return _by_version(policy, data, str(file))


def _by_version(policy: Policy, data: bytes, file: str) -> tuple[list[Case], SheetError | None]:
    """The cases of a file, each read with the version in force on its day. What is wrong is told of those that no
    version can use."""
    found: dict[int, Case] = {}
    wrong: dict[tuple[int, int, str, str], tuple[int, Diagnostic]] = {}
    begins = _begins(data, file)
    for start in (version.start for version in policy.versions):
        version = policy.on(start or date.min)
        other = version if version is not policy else None
        specs, error = usable_cases(data, file, version.program)
        for spec in specs:
            day = spec.as_of or stated(spec.facts)
            if (policy.on(day) if day is not None else policy) is version:
                found[bisect_right(begins, spec.at.line)] = SheetCase(version.program, spec, other)
        for problem in error.diagnostics if error is not None else ():
            at = problem.span
            wrong[at.line, at.column, problem.code, repr(problem.args)] = bisect_right(begins, at.line), problem
    left = [problem for case, problem in wrong.values() if case not in found]
    sources = Sources.of(file, data.decode("utf-8-sig", "replace").splitlines())
    dialect = policy.program.header.dialect
    return [found[n] for n in sorted(found)], SheetError(left, sources, dialect) if left else None


def _begins(data: bytes, file: str) -> list[int]:
    """The lines on which the cases of a file begin."""
    with suppress(SheetError):
        tree = read_source(data, file).tree
        return [item.at.line for item in tree.items] if isinstance(tree, Sequence) else []
    return []


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
