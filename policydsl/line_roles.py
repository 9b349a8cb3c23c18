"""What the lines and rows of a clause are to it, one row each, by the label of ``core.Origin`` and ``verdict.Entry``.

No module compares that label: what it wants to know of a line is a column here. A label without a row (the first cell
of a row of a table, the name of an item) is that of a plain line. Their words are the group ``role`` of ``words.yaml``.
"""

from __future__ import annotations

from policydsl.members import dataclass


@dataclass(frozen=True, slots=True)
class LineRole:
    """``gates``: whom the clause concerns (对象). ``exempts``: it lifts the clause where it holds (除非). ``counts``:
    so many of a list, one condition whatever it counts (名额, a quota). ``ranks``: the place among all others (排名,
    预算). ``marks``: the points that pass (合格). ``adjusts``: points added or taken off a total (加减). ``rest``:
    whatever no other row is for (否则). ``apart``: such rows are counted apart from the others (例外)."""

    gates: bool = False
    exempts: bool = False
    counts: bool = False
    marks: bool = False
    adjusts: bool = False
    ranks: bool = False
    rest: bool = False
    apart: bool = False


_PLAIN = LineRole()
_ROLES = {
    "for": LineRole(gates=True),
    "unless": LineRole(exempts=True),
    "quota": LineRole(counts=True),
    "ranking": LineRole(ranks=True),
    "budget": LineRole(ranks=True),
    "share": LineRole(ranks=True),
    "pass": LineRole(marks=True),
    "adjust": LineRole(adjusts=True),
    "otherwise": LineRole(rest=True),
    "exception": LineRole(apart=True),
}


def line_role(label: str) -> LineRole:
    """What a line with this label is to its clause."""
    return _ROLES.get(label, _PLAIN)


APART = tuple(label for label, role in _ROLES.items() if role.apart)  # what such rows are called by

__all__ = ["APART", "LineRole", "line_role"]
