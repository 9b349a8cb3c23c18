"""Regions in the author's words: as they could be typed into a cell."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from policydsl import core as c
from policydsl.check.axes import Axis, Beside, Runs
from policydsl.check.extent import Extent, value_at
from policydsl.diagnostics import Language
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.render.values import Writer
from policydsl.say import listed, say, word

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes stretches of one policy."""

    lang: Language
    currency: str

    def label(self, subject: c.AnyTerm) -> str:
        """The subject by its name."""
        match subject:
            case c.Read():
                return subject.name
            case c.Use():
                of = subject.name
                return word("part", of.part, self.lang) if of.part in ("ordinal", "place") else of.rule
            case _:
                return ""

    def stretch(self, label: str, extent: Extent, kind: Kind) -> str:
        """``12%＜ECR≤14%``, ``ECR＞14%``, ``ECR＝12%``."""
        less, most, more, least, equal = (word("typed", op, self.lang) for op in ("<", "<=", ">", ">=", "="))
        if extent.low is not None and extent.low == extent.high:
            return f"{label}{equal}{self.value(extent.low, kind)}"
        if extent.low is not None and extent.high is not None:
            low = less if extent.low_open else most
            high = less if extent.high_open else most
            return f"{self.value(extent.low, kind)}{low}{label}{high}{self.value(extent.high, kind)}"
        if extent.low is not None:
            return f"{label}{more if extent.low_open else least}{self.value(extent.low, kind)}"
        if extent.high is not None:
            return f"{label}{less if extent.high_open else most}{self.value(extent.high, kind)}"
        return label

    def value(self, number: object, kind: Kind) -> str:
        from fractions import Fraction

        assert isinstance(number, Fraction)
        return Writer(self.lang, self.currency).exact(value_at(number, kind), kind)

    def some(self, axis: Axis, runs: Runs) -> str:
        """Some values of one axis."""
        label, kind = self.label(axis.subject), axis.subject.kind
        stretches = axis.stretches(runs)
        if stretches:
            return listed((self.stretch(label, e, kind) for e in stretches[:_SHOWN]), self.lang, "either")
        writer = Writer(self.lang, self.currency)
        words = []
        for atom in islice((axis.atoms[i] for run in runs for i in range(*run)), _SHOWN):
            if isinstance(atom, bool | str):
                words.append(writer.exact(atom, kind))
            else:
                words.append(say("cell.any_other", self.lang) if atom is Beside.OTHER else writer.exact(None, kind))
        return f"{label}{word('typed', '=', self.lang)}{listed(words, self.lang, 'either')}"

    def cell(self, axis: Axis, runs: Runs) -> str:
        """Some values of one axis as the cell of a row could have them."""
        stretches = axis.stretches(runs)
        if len(stretches) == 1 and stretches[0].low is not None and stretches[0].low == stretches[0].high:
            return self.value(stretches[0].low, axis.subject.kind)
        return self.some(axis, runs)

    def region(self, axes: Mapping[str, Axis], region: Mapping[str, Runs]) -> str:
        """A combination of several axes; an axis that does not matter is left out."""
        parts = [
            self.some(axes[name], runs) for name, runs in region.items()
            if runs != axes[name].whole or len(region) == 1
        ]
        return listed(parts, self.lang, "comma")
