"""A boundary of a fact, and a cell of its domain."""

from __future__ import annotations


from policydsl.diagnostics import Language
from policydsl.domain import same
from policydsl.kinds import Exact, Kind
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.render.values import Writer
from policydsl.say import listed, say, word

Key = tuple[str, str]  # (list or "", fact or field; "" for the number of records)
ORDERED = ("number", "percent", "money", "count", "points", "ordinal", "duration", "date", "instant")


@dataclass(frozen=True, slots=True)
class Boundary:
    """One constant that a fact is compared with.

    ``op``: the comparison as written, the fact on the left (``>= > <= < = != in includes prefix provided``).
    ``at``: the place of the comparison; ``rule`` and ``clauses``: what it serves. ``declared``: an end of the fact's
    declared range, or a key of the table it must be in. ``alone``: whether the fact itself is what is compared.
    """

    value: Exact
    op: str
    at: Span
    rule: str
    clauses: tuple[str, ...] = ()
    declared: bool = False
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a fact's domain in which no comparison with a constant changes its answer.

    An interval from ``low`` to ``high`` (None: no end) of an ordered kind, else one value or, with ``other``, any
    value that no comparison names. ``sample`` is in it, as near to a boundary as the scale allows; ``edges`` are its
    first and last value where it has them. ``shown``: the ends that are boundaries and not just declared limits.
    """

    kind: Kind
    sample: Exact
    edges: tuple[Exact, ...]
    low: Exact = None
    low_open: bool = False
    high: Exact = None
    high_open: bool = False
    other: bool = False
    shown: tuple[bool, bool] = (True, True)

    @property
    def ordered(self) -> bool:
        """Whether this is an interval (it may have no end at all)."""
        return self.kind.base in ORDERED and self.sample is not None

    def label(self, lang: Language, currency: str = "CNY") -> str:
        """The cell in words: ``≥ 10家``, ``＜ 10家``, ``是``, ``金牌``, ``无``, ``其他``."""
        writer = Writer(lang, currency)
        if self.other:
            return say("cell.other", lang)
        if self.sample == ():
            return say("cell.nothing", lang)
        if not self.ordered:
            return writer.exact(self.sample, self.kind)
        if len(self.edges) == 2 and same(self.edges[0], self.edges[1]):
            return f"{word('sign', '=', lang)} {writer.exact(self.sample, self.kind)}"
        parts = []
        if self.low is not None and self.shown[0]:
            sign = word("sign", ">" if self.low_open else ">=", lang)
            parts.append(f"{sign} {writer.exact(self.low, self.kind)}")
        if self.high is not None and self.shown[1]:
            sign = word("sign", "<" if self.high_open else "<=", lang)
            parts.append(f"{sign} {writer.exact(self.high, self.kind)}")
        return listed(parts, lang, "and") if parts else say("cell.any", lang)
