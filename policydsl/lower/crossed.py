"""Columns headed by values, as a document prints them, without a word of what they are values of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policydsl import nodes as n
from policydsl.lower.clauses import Clauses
from policydsl.lower.names import declared
from policydsl.text.fold import name_key

_SEPARATORS = re.compile("[、，,;；]")
_MARK = {"zh": " ＼ ", "en": " \\ "}


def headed_by_values(cl: Clauses, table: n.RuleTable) -> bool:
    """Whether the further headings of a table are values; tells of it, and what they may be values of."""
    at = next((i for i, head in enumerate(table.header) if i and _values(cl, head.text)), None)
    if at is None or not all(_values(cl, head.text) for head in table.header[at:]):
        return False
    values = [value for head in table.header[at:] for value in _values(cl, head.text)]
    before = table.header[at - 1]
    made = [cl.low.text(before.span) + _MARK[cl.low.file.dialect] + owner for owner in _owners(cl.low.file, values)]
    cl.low.problem(
        "POL454", before.span, read=values[0], before=before.text, suggestions=tuple(made),
        fix=made[0] if len(made) == 1 else None,
    )
    return True


def _values(cl: Clauses, text: str) -> list[str]:
    """The values that stand in a heading (``金牌、银牌``), if it is nothing else."""
    said = [part.strip() for part in _SEPARATORS.split(text)]
    names = cl.low.names
    return said if all(names.find(one) is None and names.option(one) is not None for one in said) else []


def _owners(file: n.File, values: Sequence[str]) -> Iterator[str]:
    """What may be each of these values."""
    wanted, lists = set(map(name_key, values)), dict[str, set[str]]()
    found = dict[str, set[str]]()
    for block in file.blocks:
        own = found
        for one in declared(block):
            if one.role == "options":
                last, own = name_key(one.name), lists
                lists[last] = set()
            elif one.role in ("fact", "parameter", "field", "clause"):
                last, own = one.name, found
                found[last] = set()
                of = one.node.type.of if isinstance(one.node, n.Declaration) else None
                if of is not None:
                    found[last].add("\0" + name_key(of.text))
            elif one.role in ("option", "tier"):
                own[last].add(name_key(one.name))
    for name, known in found.items():
        kinds = [lists.get(key[1:], set()) for key in known if key.startswith("\0")]
        if wanted <= known.union(*kinds):
            yield name


__all__ = ["headed_by_values"]
