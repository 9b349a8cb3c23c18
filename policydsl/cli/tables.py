"""What the verbs share that read or write tables of many parties."""

from __future__ import annotations

from pathlib import Path

import click

from policydsl.population.outputs import Form, form_of


def saved_form(output: str) -> Form:
    """How a file is to be written, by its ending. Raises UsageError."""
    form = form_of(output)
    if form == "csv" and output.lower().endswith(".csv"):
        form = None
    if form is None:
        raise click.UsageError(
            f"-o 写成 .xlsx，或以 / 结尾的文件夹（CSV） write .xlsx, or a folder of CSV files that ends in /: {output}"
        )
    return form


def fresh(path: Path, force: bool) -> None:
    """Nothing is overwritten unasked. Raises UsageError."""
    if path.exists() and not force:
        raise click.UsageError(f"已经有了，加 --force 才覆盖 it exists, --force overwrites it: {path}")
    if not path.parent.exists():
        raise click.UsageError(f"没有这个文件夹 no such folder: {path.parent}")


__all__ = ["fresh", "saved_form"]
