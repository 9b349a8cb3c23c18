"""The evaluation date that a sheet states, found before anything else of it: which version of a policy reads it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from policydsl.diagnostics import SheetError
from policydsl.facts import Plain
from policydsl.sheet.names import DAY_NAMES, is_one_of
from policydsl.sheet.refused import Refused
from policydsl.sheet.source import Mapping, Scalar, Sequence, Tree, read_plain, read_source
from policydsl.sheet.values import read_moment
from policydsl.text.fold import fold


def day_of(data: bytes | str | Plain, file: str = "") -> date | None:
    """The first evaluation date that a sheet states; None where it states none that can be read (whoever reads the
    sheet as a whole says what is wrong)."""
    with suppress(SheetError):
        source = read_source(data, file) if isinstance(data, bytes | str) else read_plain(data, file)
        return stated(source.tree)
    return None


def stated(tree: Tree | None) -> date | None:
    """The evaluation date in what has been read of a sheet."""
    match tree:
        case Mapping():
            for pair in tree.pairs:
                if is_one_of(pair.key, DAY_NAMES) and isinstance(pair.value, Scalar):
                    with suppress(Refused):
                        return read_moment(fold(pair.value.text).strip())
        case Sequence():
            return next((day for item in tree.items if (day := stated(item)) is not None), None)
        case _:
            pass
    return None


__all__ = ["day_of", "stated"]
