"""The order in which blocks are lowered: each after those it reads. A circle of names is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.lower.context import Lowering
from policydsl.lower.names import across
from policydsl.members import replace
from policydsl.text.fold import name_key
from policydsl.within import inside, within


def reads(node: object) -> Iterator[n.Name]:
    """Every name inside a node that is read (measures that a line imposes are not)."""
    return within(node, n.Name, _read)


def _read(node: n.Node) -> Iterable[object]:
    """What of a node is read."""
    match node:
        case n.Measures() | n.Late():
            return (node.start,)
        case n.Effect():
            return node.condition, node.start
        case n.Field(of=n.Lookup() as table):
            return (table,)  # what follows is a column of the table
        case n.HeaderCell():
            return (n.Name(node.span, node.text),)
        case n.Clause():
            return *inside(replace(node, table=None)), *table_reads(node)
        case _:
            return inside(node)


def table_reads(clause: n.Clause) -> tuple[n.HeaderCell | n.Cell, ...]:
    """The headers and cells of a block's table that are read: not the heading of the values, nor what a row gives its
    name."""
    table = clause.table
    if table is None:
        return ()
    heads, first = table.header[:-1], 0
    match traits(clause.kind).reading:
        case "truth":
            heads = table.header  # one of the rows is to fit: there is no column of values
        case "score":
            heads, first = (), 1
        case "tier" if across(clause):
            heads = ()
        case "tier":
            heads, first = table.header[1:], 1
    return (*heads, *(cell for row in table.rows for cell in row.cells[first:]))


def imposes(clause: n.Clause) -> Iterator[str]:
    """The measures that a block imposes or offers."""
    for line in clause.lines:
        match line:
            case n.Measures() | n.Late():
                yield from (name_key(m.text) for m in line.names)
            case n.Effect():
                yield from (name_key(m.text) for m in line.measures)
            case n.Otherwise() if traits(clause.kind).asks:
                yield from (name_key(v.text) for v in line.values if isinstance(v, n.Name))
            case _:
                pass


def own_before(clause: n.Clause) -> list[n.Name]:
    """Where a clause that is judged once a period names itself for its own previous period: that is there before it."""
    if "opening" not in traits(clause.kind).lines or not any(isinstance(line, n.Periods) for line in clause.lines):
        return []
    key = name_key(clause.name)
    return [look.table for look in within(clause, n.Lookup) if name_key(look.table.text) == key and before(look)]


def before(look: n.Lookup) -> bool:
    """Whether a look-up asks for the previous period."""
    return len(look.args) == 1 and isinstance(look.args[0], n.Builtin) and look.args[0].key == "last_period"


def ordered(low: Lowering) -> list[n.Clause]:
    """All judged blocks, each after what it reads; circles are reported once and cut."""
    clauses = {name_key(b.name): b for b in low.file.blocks if isinstance(b, n.Clause)}
    imposed: dict[str, list[str]] = {}
    for key, clause in clauses.items():
        for measure in imposes(clause):
            if measure in clauses:  # not a measure; told where it stands
                continue
            imposed.setdefault(measure, []).append(key)
    totals = {
        "total_rewards": [k for k, b in clauses.items() if b.kind == "reward"],
        "total_penalties": [k for k, b in clauses.items() if b.kind == "penalty"],
    }
    depends: dict[str, list[str]] = {}
    for key, clause in clauses.items():
        found: dict[str, None] = {}
        before = own_before(clause)
        for name in reads(clause):
            other = name_key(name.text)
            if other == key and any(name is own for own in before):
                continue
            if traits(clause.kind).asks and other in imposed and any(
                isinstance(line, n.Otherwise) and any(v is name for v in line.values) for line in clause.lines
            ):
                continue
            if other in clauses and name.span != clause.name_span:
                found[other] = None
            for by in imposed.get(other, ()):
                found[by] = None
        for total in within(clause, n.Builtin):
            for by in totals.get(total.key, ()):
                found[by] = None
        depends[key] = list(found)
    out: list[n.Clause] = []
    state: dict[str, int] = {}
    for root in clauses:
        walk(low, root, clauses, depends, state, out)
    return out


def walk(
    low: Lowering, root: str, clauses: dict[str, n.Clause], depends: dict[str, list[str]], state: dict[str, int],
    out: list[n.Clause],
) -> None:
    """Depth first without recursion; state 1: on the way, 2: done."""
    if state.get(root):
        return
    path: list[tuple[str, Iterator[str]]] = [(root, iter(depends[root]))]
    state[root] = 1
    while path:
        key, rest = path[-1]
        following = next(rest, None)
        if following is None:
            state[key] = 2
            out.append(clauses[key])
            path.pop()
        elif not state.get(following):
            state[following] = 1
            path.append((following, iter(depends[following])))
        elif state[following] == 1:
            keys = [k for k, _ in path]
            circle = keys[keys.index(following):]  # told from the block at which it is shown
            names = [clauses[k].name for k in [key, *circle]]
            words = (word.span for word in reads(clauses[key]) if name_key(word.text) == following)
            at = min(words, key=lambda s: (s.line, s.column), default=clauses[key].name_span)
            low.problem("POL210", at, read=clauses[key].name, circle=" → ".join(names))
