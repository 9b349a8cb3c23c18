"""What was filled in later: the blank cells of a table, each file with those of some parties.

It completes and never contradicts: a cell that had a value keeps it, and where the two differ the party is held back;
a ledger that had records gets no further ones, since a record that is only written otherwise would count twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policydsl.diagnostics import Diagnostic
from policydsl.kinds import text_key
from policydsl.place import Span
from policydsl.population.grid import cell_name
from policydsl.sheet.refused import shorten
from policydsl.sheet.source import Mapping as Fields
from policydsl.sheet.source import Pair, Scalar

Told = Callable[[Diagnostic], None]


def completed(first: Sequence[Pair], later: Sequence[Pair], told: Told) -> list[Pair]:
    """The cells of a row with those that were blank; what differs is told."""
    out = {pair.key: pair for pair in first}
    for pair in later:
        known = out.setdefault(pair.key, pair)
        if _text(known) != _text(pair):
            args = {"path": pair.key, "read": _text(pair), "value": _text(known), "where": _where(known.key_at)}
            told(Diagnostic("SHEET193", pair.key_at, "error", args))
    return list(out.values())


def records(first: list[Fields], later: list[Fields], key: str | None, told: Told) -> list[Fields]:
    """The records of a ledger with the cells that were blank. A record is known by its key, without one by everything
    that was filled in; what is like no record is told."""
    if not first:
        return later
    out, free = list(first), set(range(len(first)))
    for row in later:
        like = (n for n in sorted(free) if _same(first[n], row, key))
        at = max(like, key=lambda n: len(first[n].pairs), default=None)  # of two that it may be, the fuller
        if at is None:
            read = shorten(" ".join(map(_text, row.pairs)))
            told(Diagnostic("SHEET194", row.at, "error", {"path": first[0].at.file, "read": read}))
            continue
        free.discard(at)
        out[at] = Fields(tuple(completed(first[at].pairs, row.pairs, told)), first[at].at)
    return out


def _same(known: Fields, row: Fields, key: str | None) -> bool:
    mine, other = ({p.key: text_key(_text(p)) for p in x.pairs} for x in (known, row))
    if key is not None:
        return key in mine and mine[key] == other.get(key)
    return mine.items() <= other.items()


def _text(pair: Pair) -> str:
    return pair.value.text if isinstance(pair.value, Scalar) else ""


def _where(at: Span) -> str:
    return f"{at.file}!{cell_name(at)}"


__all__ = ["completed", "records"]
