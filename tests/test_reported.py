"""What was once computed wrongly here or could not be said, as policies with values that were published or worked out
by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from policydsl.testing import run_examples
from shipped import shipped

FILES = sorted((Path(__file__).parent / "reported").glob("*.pol"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_value_is_right(path: Path) -> None:
    policy = shipped(path)
    reports = run_examples(policy)
    assert policy.diagnostics == () and reports
    assert [f"{r.name} {f.name}: {f.expected} / {f.actual}" for r in reports for f in r.failures] == []
