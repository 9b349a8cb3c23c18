"""No test depends on the clock: none looks at it, and none stops waiting for an answer but so as not to hang."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = [HERE.parent / "conftest.py", *sorted(HERE.glob("*.py"))]
CLOCKS = {"today", "now", "utcnow", "sleep"}
WAITS = {"timeout", "wait", "wait_for", "select", "communicate"}  # by their last argument, or one named ``timeout``
ALLOWED = {("test_lsp_start.py", "sleep")}  # between one try to reach the server and the next


def clocked(tree: ast.AST) -> Iterator[str]:
    """What reads the clock, sleeps, or waits no longer than a time of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name == "time")
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield "time"
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            limits = [key.value for key in node.keywords if key.arg == "timeout"]
            limits += [arg for arg in node.args[-1:] if name in WAITS and isinstance(arg, ast.Constant)]
            if name in CLOCKS and isinstance(node.func, ast.Attribute):
                yield name
            if any(not (isinstance(limit, ast.Name) and limit.id == "HANG") for limit in limits):
                yield f"{name} no longer than {ast.unparse(limits[0])}"


def test_no_test_depends_on_the_clock() -> None:
    found = {(path.name, what) for path in FILES for what in clocked(ast.parse(path.read_text(encoding="utf-8")))}
    assert found == ALLOWED


@pytest.mark.parametrize(("text", "found"), [
    ("import time", ["time"]),
    ("from time import monotonic", ["time"]),
    ("from datetime import time", []),
    ("date.today()", ["today"]),
    ("today()", []),  # the term for the day that is judged
    ("datetime.now(UTC)", ["now"]),
    ("await asyncio.sleep(1)", ["sleep"]),
    ("asyncio.timeout(30)", ["timeout no longer than 30"]),
    ("asyncio.timeout(HANG)", []),
    ("select.select([a], [], [], 5)", ["select no longer than 5"]),
    ("select.select([a], [], [], HANG)", []),
    ("run(command, timeout=30)", ["run no longer than 30"]),
    ("run(command, timeout=HANG)", []),
    ("process.wait(0.5)", ["wait no longer than 0.5"]),
    ("process.wait()", []),
])
def test_what_depends_on_the_clock_is_found(text: str, found: list[str]) -> None:
    assert list(clocked(ast.parse(text))) == found
