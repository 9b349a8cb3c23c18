"""Texts of which not all is known: that they are alike to one, that they begin in some way, which ones they are not."""

from __future__ import annotations

from collections.abc import Iterable

from policydsl.kinds import text_key
from policydsl.members import dataclass, replace


@dataclass(frozen=True, slots=True)
class Texts:
    """``alike``: all texts that differ from this one in width and case alone. Otherwise all that begin with ``begins``,
    but those ``without`` and those that begin as one of ``begun`` does (all three as ``text_key`` has them)."""

    alike: str | None = None
    begins: str = ""
    without: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()

    def may_be(self, text: str) -> bool:
        """Whether a text is one of these."""
        key = text_key(text)
        if self.alike is not None:
            return text_key(self.alike) == key
        return key.startswith(self.begins) and key not in self.without and not any(map(key.startswith, self.begun))

    def begin(self, so: str) -> bool | None:
        """Whether they begin with something (as ``text_key`` has it): all of them, none, or (None) some."""
        if self.alike is not None:
            return text_key(self.alike).startswith(so)
        if self.begins.startswith(so):
            return True
        return None if so.startswith(self.begins) and not any(map(so.startswith, self.begun)) else False


def parted(of: Texts, words: Iterable[str], beginnings: Iterable[str]) -> list[Texts]:
    """The same texts in parts: those alike to each of some words, those that begin in each of some ways and (of two the
    one of which begins as the other) in no longer one, and all the rest. There is always a rest: texts have no end."""
    each = {text_key(word): word for word in words if of.may_be(word)}
    some = {so for so in map(text_key, beginnings) if of.begin(so) is None}
    if of.alike is not None or not each and not some:
        return [of]
    without = of.without | frozenset(each)
    longer = {so: frozenset(other for other in some if other != so and other.startswith(so)) for so in some}
    return [
        *(Texts(word) for word in each.values()),
        *(replace(of, begins=so, without=without, begun=of.begun | longer[so]) for so in sorted(some)),
        replace(of, without=without, begun=of.begun | frozenset(some)),
    ]
