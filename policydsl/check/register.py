"""The register of a policy's clauses (``policydsl.register``) against its file: is every clause carried and cited?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policydsl import nodes as n
from policydsl.lower.names import collect
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.register import Registered
from policydsl.text.fold import name_key
from policydsl.within import within

ID = re.compile(r"[A-Z][A-Z0-9]*-\d+[A-Za-z]?$")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What does not agree. ``uncited``: registered, neither cited nor left out with a reason; ``unregistered``:
    (id, line) cited, but not in the register; ``nameless``: (id, name) said to carry a clause, but the policy declares
    no such name."""

    cited: frozenset[str]
    uncited: tuple[str, ...]
    unregistered: tuple[tuple[str, int], ...]
    nameless: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        return not (self.uncited or self.unregistered or self.nameless)


def citations(file: n.File) -> Iterator[tuple[str, Span]]:
    """The first word of every citation in the file, with the place of what it stands behind."""
    for node in within((file.policy, file.blocks), n.Node):
        yield from ((cite.split()[0], node.span) for cite in getattr(node, "cites", ()) if cite.split())


def names_of(file: n.File) -> set[str]:
    """Everything the file declares a name for, as identities: blocks, facts, fields, columns, rows, options, parts."""
    names = collect(file)
    out = set(names.symbols) | set(names.options) | set(names.items)
    for fields_ in names.fields.values():
        out |= set(fields_)
    for columns in names.columns.values():
        out |= {name_key(column) for column in columns}
    out |= {name_key(block.name) for block in file.blocks if isinstance(block, n.Example)}
    return out


def coverage(file: n.File, register: tuple[Registered, ...], *, names: bool = True) -> Coverage:
    """The register against the file. ``names`` False: the file is a translation, whose names are other words."""
    known = {clause.id for clause in register}
    cited: dict[str, int] = {}
    for word, at in citations(file):
        cited.setdefault(word, at.line)
    declared = names_of(file) if names else set()
    return Coverage(
        frozenset(cited) & known,
        tuple(clause.id for clause in register if clause.id not in cited and not clause.left),
        tuple((word, line) for word, line in sorted(cited.items()) if ID.match(word) and word not in known),
        tuple(
            (clause.id, name) for clause in register for name in clause.by if names and name_key(name) not in declared
        ),
    )
