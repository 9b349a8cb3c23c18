"""Numbers that a file keeps as binary fractions, as who typed them meant them: the one place that knows of floats."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

KEPT = 15  # digits that a worksheet keeps: so many come back as they were typed


def shortest(text: str) -> Decimal | None:
    """A number in a file: its digits as they stand, where they are no more than a worksheet keeps; else the shortest
    decimal that stands for the same binary fraction (0.1 for 0.1000000000000000055). None where it is none."""
    try:
        exact = Decimal(text)
        if not exact.is_finite() or abs(exact.adjusted()) > 320:
            return None
        return exact if len(exact.as_tuple().digits) <= KEPT else Decimal(repr(float(text)))
    except (InvalidOperation, ValueError):
        return None


def fits(digits: str) -> bool:
    """Whether a worksheet gives a number back as it is."""
    return len(digits.strip("-").replace(".", "").strip("0")) <= KEPT


def plain(number: Decimal) -> str:
    """The digits, without an exponent and without zeros that say nothing."""
    if abs(number.adjusted()) > 40:
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
