"""The code of the package as trees, parsed once and only where a test asks: to collect the tests nothing has to be."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "policydsl"


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module by its file."""
    return {path: ast.parse(path.read_text("utf-8"), str(path)) for path in sorted(PACKAGE.rglob("*.py"))}
