"""Comparing with the files in ``golden/``. ``make golden`` rewrites them; read the difference before keeping it."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("golden")


def same_as_golden(name: str, text: str) -> None:
    """The text is that of the golden file, byte for byte."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(text.encode("utf-8"))
    assert text.encode("utf-8") == path.read_bytes(), f"differs from {path.name}"
