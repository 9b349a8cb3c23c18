"""``policydsl policies``: what ships with this program."""

from __future__ import annotations

import re
from pathlib import Path

import click

from policydsl import resources
from policydsl.console import emit


@click.command("policies")
def shipped() -> None:
    """随附的政策。 The policies that ship with this program.

    \b
    pol policies
    """
    for name, path in resources.policies().items():
        emit(f"{name}\t{_title(path)}\n")


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        for text in file:
            found = re.match(r"\s*(?:政策|policy)\s+(.+)", text, re.IGNORECASE)
            if found:
                return found[1].strip()
    return ""
