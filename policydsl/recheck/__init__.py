"""Checks a verdict again from its proof. Nothing of what made it is used here: values and operators are its own
(``exact``), what is open (``hull``), the steps (``check``, ``lists``), what is reported (``results``), the file
(``document``)."""

from policydsl.recheck.document import Report, Unreadable, recheck

__all__ = ["Report", "Unreadable", "recheck"]
