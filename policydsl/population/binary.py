"""Numbers that a worksheet keeps as binary fractions, as they stand before who typed them."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

KEPT = 15  # digits that a worksheet keeps: so many come back as they were typed


def typed(text: str) -> Decimal | None:
    """A number in a workbook as the worksheet shows and compares it: its digits as they stand, where they are no more
    than can be typed, or are a whole number; else the first fifteen of them, rounded. What lies beyond is the dust of
    binary fractions (0.1 is kept as 0.10000000000000001, 0.7 + 0.1 as 0.79999999999999993). None where it is none."""
    exact = exactly(text)
    if exact is None or len(exact.as_tuple().digits) <= KEPT or text.strip("+-").isdecimal():
        return exact
    return Context(prec=KEPT).plus(exact)


def exactly(text: str) -> Decimal | None:
    """A number as its digits stand; None where it is none."""
    try:
        exact = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return exact if exact.is_finite() and abs(exact.adjusted()) <= 320 else None


def fits(digits: str) -> bool:
    """Whether a worksheet gives a number back as it is."""
    return len(digits.strip("-").replace(".", "").strip("0")) <= KEPT


def plain(number: Decimal) -> str:
    """The digits, without an exponent and without zeros that say nothing."""
    if abs(number.adjusted()) > 40:
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
