"""Parts of the trees of two documents: what they speak of, and whether they say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic
from policydsl.members import members
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.within import within


OWN = frozenset({"id", "version", "issuer", "source", "clauses", "amends", "subject"})  # what a header says of itself


def unlike(policy: n.Policy, other: n.Policy, sources: Sources) -> Iterator[Diagnostic]:
    """Lines in the header of another document that would change what the policy means; ``sources``: its text."""
    stated = {m.key: name_key(m.text) for m in policy.meta}
    for line in other.meta:
        if line.key not in OWN and stated.get(line.key) != name_key(line.text):
            yield Diagnostic("POL259", line.span, args={"read": sources.words(line.span)})
    if other.fiscal is not None and (policy.fiscal is None or other.fiscal.said != policy.fiscal.said):
        yield Diagnostic("POL259", other.span, args={"read": other.title})
    for gate in other.gates:
        yield Diagnostic("POL259", gate.span, args={"read": sources.words(gate.span)})


def mentions(part: object) -> set[str]:
    """The names that a part of the tree may speak of, as identities: a cell of a table may also be a text."""
    return named(part) | {name_key(one.text) for one in within(part, n.RawCell)}


def named(part: object) -> set[str]:
    """The names that a part of the tree speaks of for certain."""
    return {
        name_key(one.text) for one in within(part, n.Node)
        if isinstance(one, n.Name) or (isinstance(one, n.HeaderCell) and one.of is None)
    }


def bare(part: Any) -> Any:
    """A part of the tree without places, to be compared."""
    if isinstance(part, tuple):
        return tuple(bare(one) for one in part)
    if isinstance(part, n.Paren):
        return bare(part.inner)
    if isinstance(part, n.Name):
        return n.Name, name_key(part.text)
    if isinstance(part, n.Node):
        return type(part), *(bare(getattr(part, name)) for name in members(type(part), ("span",)))
    return part


_VALUES = n.Number | n.Percent | n.Money | n.Count | n.Points | n.Duration | n.Date


def same_kind(old: n.Expr, new: n.Expr) -> bool:
    """Whether of two written values one can stand for the other; of anything else lowering tells, and a bare number
    may be of any kind."""
    if not isinstance(old, _VALUES) or not isinstance(new, _VALUES) or isinstance(old, n.Number):
        return True
    match old, new:
        case n.Count(), n.Count():
            return old.unit == new.unit
        case n.Money(), n.Money():
            return (old.tax, old.currency) == (new.tax, new.currency)
        case _:
            return type(old) is type(new)


def items(cell: n.Cell) -> tuple[n.Expr, ...]:
    """The values that a cell lists."""
    return cell.items if isinstance(cell, n.ListCell) else (cell.expr,) if isinstance(cell, n.ExprCell) else ()


def names_in(cell: n.Cell) -> tuple[n.Name, ...]:
    """The names that a cell lists; none if it holds anything else."""
    items = cell.items if isinstance(cell, n.ListCell) else (cell.expr,) if isinstance(cell, n.ExprCell) else ()
    return tuple(i for i in items if isinstance(i, n.Name)) if all(isinstance(i, n.Name) for i in items) else ()


# The word that names a line of which a block has one kind.
_WORD: dict[type[n.Node], str] = {
    n.StartLine: "from", n.DoneLine: "done", n.LengthLine: "lasting", n.When: "when", n.Unless: "unless",
    n.Otherwise: "otherwise",
}


def is_line(line: n.Line, step: n.Name | n.Builtin) -> bool:
    """Whether a line is the one that a word names."""
    if not isinstance(step, n.Builtin):
        return False
    match line:
        case n.FieldLine():
            return line.key == step.key
        case n.Measures():
            return line.mode == step.key
        case _:
            return _WORD.get(type(line)) == step.key


def without_name(block: n.Block, key: str) -> n.Block | None:
    """The block without what has that name: nothing if it is the block itself, the block if it has no such name."""
    match block:
        case n.Data():
            facts = tuple(f for f in block.facts if name_key(f.name) != key)
            return block if len(facts) == len(block.facts) else replace(block, facts=facts)
        case n.Parameters():
            settled = tuple(p for p in block.settled if name_key(p.name) != key)
            free = tuple(d for d in block.open if name_key(d.name) != key)
            same = len(settled) + len(free) == len(block.settled) + len(block.open)
            return block if same else replace(block, settled=settled, open=free)
        case _:
            return None if name_key(getattr(block, "name", "")) == key else block


def shown(block: n.Block, sources: Sources, home: str) -> str:
    """A block as a message names it: by what it is called and its line."""
    name = getattr(block, "name", "") or sources.words(block.span)
    return f"{name}（{block.span.line_from(home)}）"


__all__ = [
    "bare", "is_line", "items", "mentions", "named", "names_in", "same_kind", "shown", "unlike", "without_name",
]
