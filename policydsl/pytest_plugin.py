"""A pytest plugin: the examples of policies and the cases beside them are tests like any other.

Nothing is collected unless it is asked for: by ``--pol`` (every .pol file under the paths that pytest is given), by
naming a .pol file on the command line, or by the ini value ``policydsl_files``, a list of patterns below the root
folder. A file of examples in a folder of cases is run with its policy, and by itself where it is named. Options that
are not used cost nothing: the language itself is imported when the first policy is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from policydsl.engine import Policy
    from policydsl.testing import Case, Report


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("policydsl", "policies (.pol)")
    group.addoption("--pol", action="store_true", help="run the examples and cases of every .pol file")
    parser.addini("policydsl_files", "patterns of .pol files, from the root folder, whose cases are tests", "args", [])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".pol" or not _wanted(file_path, parent.config):
        return None
    return PolicyFile.from_parent(parent, path=file_path)


def _wanted(path: Path, config: pytest.Config) -> bool:
    named = (Path(str(arg).split("::")[0]) for arg in config.invocation_params.args)
    if any(config.invocation_params.dir / one == path for one in named):
        return True
    if _owner_of(path) is not None:
        return False  # its policy has its examples
    if config.getoption("--pol"):
        return True
    return any(path.match(str(config.rootpath / pattern)) for pattern in config.getini("policydsl_files"))


def _owner_of(path: Path) -> Path | None:
    if not path.parent.name.endswith(".tests"):
        return None  # without loading anything
    from policydsl.testing.collect import owner_of

    return owner_of(path)


def policy_of(path: Path) -> Policy:
    """The policy of a file, read once for all tests of a process. Raises what ``engine.load_policy`` raises."""
    return _policy(path, path.stat().st_mtime_ns)


@cache
def _policy(path: Path, changed: int) -> Policy:
    from policydsl.engine import load_policy

    return load_policy(path)


class PolicyFile(pytest.File):
    """One policy, its examples and the cases of the files beside it; or one file of examples beside a policy."""

    def collect(self) -> Iterator[pytest.Item]:
        from policydsl.diagnostics import PolicyError
        from policydsl.report import render_all
        from policydsl.testing.collect import cases_in, collect_all

        owner = _owner_of(self.path)
        try:
            policy = policy_of(owner or self.path)
        except PolicyError as error:
            errors = [d for d in error.diagnostics if d.severity == "error"]
            raise self.CollectError(render_all(errors, error.sources, error.dialect)) from None
        if owner is None:
            cases, broken = collect_all(policy, self.path)
        else:
            cases, wrong = cases_in(policy, self.path)
            broken = [wrong] if wrong is not None else []
        if broken:
            raise self.CollectError("\n\n".join(render_all(b.diagnostics, b.sources, b.dialect) for b in broken))
        for case in cases:
            name = case.name if Path(case.at.file) == self.path else f"{Path(case.at.file).stem}: {case.name}"
            yield CaseItem.from_parent(self, name=name, policy=policy, case=case)


class CaseFailed(Exception):
    """A case that does not hold; what it says is shown in its own words."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.name)
        self.report = report


class CaseItem(pytest.Item):
    """One example or case."""

    def __init__(self, *, policy: Policy, case: Case, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.policy, self.case = policy, case
        self.funcargs: dict[str, object] = {}  # there are plugins that look for it in every item (pytest-lsp does)

    def runtest(self) -> None:
        if self.case.unconfirmed:
            from policydsl.say import say

            pytest.skip(say("case.unconfirmed", self.policy.program.header.dialect))
        report = self.case.run(self.policy)
        if not report.passed:
            raise CaseFailed(report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        from policydsl.render.layout import Paint
        from policydsl.testing.failures import report_lines

        if not isinstance(excinfo.value, CaseFailed):
            return str(super().repr_failure(excinfo))
        dialect = self.policy.program.header.dialect
        return "\n".join(report_lines(self.policy, self.case, excinfo.value.report, dialect, Paint(False)))

    def reportinfo(self) -> tuple[Path, int, str]:
        return Path(self.case.at.file or self.path), self.case.at.line - 1, self.name
