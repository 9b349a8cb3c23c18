"""How often a property is tried: a few times, always the same ones, in ``make test``; far more often, and never the
same ones, in ``make nightly`` (the profiles ``few`` and ``many`` of ``conftest.py``)."""

from __future__ import annotations

from hypothesis import settings


def tries(few: int) -> settings:
    """So many examples in ``make test``, and in proportion more in ``make nightly``."""
    return settings(max_examples=few * settings().max_examples // 100)
