"""Regions in the author's words: as they could be typed into a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policydsl import core as c
from policydsl.check.extent import Extent, value_at
from policydsl.check.regions import NOTHING, OTHER, Atom, Space, merged
from policydsl.diagnostics import Language
from policydsl.kinds import Kind
from policydsl.render.values import Writer

_SIGNS = {"zh": ("＜", "≤", "＞", "≥", "＝"), "en": (" < ", " <= ", " > ", " >= ", " = ")}
_ANY_OTHER = {"zh": "其他值", "en": "any other value"}
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes stretches of one policy."""

    lang: Language
    currency: str

    def label(self, subject: c.AnyTerm) -> str:
        """The subject by its name."""
        match subject:
            case c.Input() | c.Item():
                return subject.name
            case c.Use():
                return subject.name.rule
            case _:
                return ""

    def stretch(self, label: str, extent: Extent, kind: Kind) -> str:
        """``12%＜ECR≤14%``, ``ECR＞14%``, ``ECR＝12%``."""
        less, most, more, least, equal = _SIGNS[self.lang]
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

    def atoms(self, label: str, atoms: Sequence[Atom], kind: Kind) -> str:
        """Some values of one axis."""
        join = "、" if self.lang == "zh" else " or "
        if isinstance(atoms[0], Extent):
            stretches = merged([a for a in atoms if a is not NOTHING])
            return join.join(self.stretch(label, e, kind) for e in stretches[:_SHOWN])
        writer = Writer(self.lang, self.currency)
        words = []
        for atom in atoms[:_SHOWN]:
            if isinstance(atom, bool | str):
                words.append(writer.exact(atom, kind))
            else:
                words.append(_ANY_OTHER[self.lang] if atom is OTHER else writer.exact(None, kind))
        return f"{label}{_SIGNS[self.lang][4]}{join.join(words)}"

    def region(self, space: Space, subjects: dict[str, c.AnyTerm], region: dict[str, frozenset[int]]) -> str:
        """A combination of several axes; an axis that does not matter is left out."""
        parts = []
        for axis, chosen in region.items():
            atoms = space.atoms[axis]
            if len(chosen) < len(atoms) or len(region) == 1:
                subject = subjects[axis]
                parts.append(self.atoms(self.label(subject), [atoms[i] for i in sorted(chosen)], subject.kind))
        return ("，" if self.lang == "zh" else ", ").join(parts)
