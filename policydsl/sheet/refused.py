"""What reading one value can come to besides a value: nothing was given, or it was refused."""

from __future__ import annotations

from policydsl.kinds import Kind

SHOWN = 60


class Absent:
    """Nothing was filled in: the fact is unknown (无 is a value, and is None)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Refused(Exception):
    """A value cannot be taken as what is declared: the code of the diagnostic and what fills its wording."""

    def __init__(
        self, code: str, expected: tuple[str, ...] = (), suggestions: tuple[str, ...] = (), **args: str
    ) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected
        self.suggestions = suggestions
        self.args_ = args


def shorten(text: str) -> str:
    """The text as it can be shown in a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else flat[:SHOWN] + "…"


def expects(kind: Kind) -> tuple[str, ...]:
    """The phrase that says what may be written for a kind."""
    match kind.base:
        case "count" if kind.unit:
            return (f"sheet_count_of:{kind.unit}",)
        case "money" if kind.tax:
            return (f"sheet_money_{kind.tax}",)
        case "choice" | "choices":
            return tuple(f'"{option}"' for option in kind.options)
        case _:
            return (f"sheet_{kind.base}",)
