"""Kinds of choices as tests write them."""

from __future__ import annotations

from typing import Literal

from policydsl.kinds import Choice, Kind


def options(
    name: str, *words: str, base: Literal["choice", "choices"] = "choice", ordered: bool = False, open: bool = False,
    spellings: tuple[tuple[str, str], ...] = (),
) -> Kind:
    """The kind of the choice of this name among the words."""
    return Kind(base, choice=Choice(name, words, ordered, open, spellings))
