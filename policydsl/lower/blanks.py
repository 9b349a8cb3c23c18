"""Empty cells of tables: where they are read, what they mean is said in terms, so that no value is unlimited.

A column with empty cells gets a companion that tells which are empty. Every comparison with an empty cell holds; as a
condition it is left out: it counts as yes among conditions that must all hold, and as none of those of which one must.
A value that would be reported of an empty cell is no value, and why.
"""

from __future__ import annotations

from dataclasses import replace

from policydsl import core as c
from policydsl.kinds import YESNO, Kind
from policydsl.lower.build import any_of, apply, both, choose, const, lifted, no
from policydsl.operators import OPPOSITE
from policydsl.place import NOWHERE, Span
from policydsl.walk import rebuilt, roots

Pair = tuple[c.AnyTerm, c.AnyTerm | None]  # a term, and when its value is that of an empty cell (None: never)


def blank(kind: Kind, at: Span) -> c.NoValue:
    """An empty cell."""
    return c.NoValue("unlimited", kind=kind, at=at)


def is_blank(term: c.AnyTerm) -> bool:
    return isinstance(term, c.NoValue) and term.reason == "unlimited"


def filled_in(program: c.Program) -> c.Program:
    """The program with the meaning of its empty cells in its terms."""
    columns = {
        (decl.name, each.name) for decl in program.lists.values() for i, each in enumerate(decl.fields)
        if any(is_blank(row.cells[i]) for row in decl.rows)
    }
    if not columns:
        return program
    made = _Blanks(columns)
    lists = {name: made.table(decl) for name, decl in program.lists.items()}
    program = replace(program, lists=lists)
    edits = {id(root.term): new for root in roots(program) if (new := made.closed(root.term)) is not root.term}
    return replace(
        program, header=rebuilt(program.header, edits), results=tuple(rebuilt(r, edits) for r in program.results),
        inputs={name: rebuilt(decl, edits) for name, decl in program.inputs.items()},
        lists={name: rebuilt(decl, edits) for name, decl in lists.items()},
        terms={name: rebuilt(definition, edits) for name, definition in program.terms.items()},
    )


class _Blanks:
    """Rewrites terms, knowing the ``columns`` that have empty cells."""

    def __init__(self, columns: set[tuple[str, str]]) -> None:
        self.columns = columns
        self.done: dict[int, tuple[c.AnyTerm, Pair]] = {}  # by identity: what stood in two places stays one thing

    def table(self, decl: c.ListDecl) -> c.ListDecl:
        """The table with a companion for each column with empty cells."""
        some = [i for i, each in enumerate(decl.fields) if (decl.name, each.name) in self.columns]
        more = tuple(c.InputDecl(_tells(decl.fields[i].name), None, YESNO, decl.fields[i].at) for i in some)
        rows = tuple(
            replace(row, cells=(*row.cells, *(const(is_blank(row.cells[i]), YESNO) for i in some))) for row in decl.rows
        )
        return replace(decl, fields=(*decl.fields, *more), rows=rows) if some else decl

    def closed(self, term: c.AnyTerm) -> c.AnyTerm:
        """The term where it stands for itself: a condition that may be left out counts as yes."""
        value, empty = self.pair(term)
        if empty is None:
            return value
        if isinstance(value, c.Find):  # row by row, so that it is not lost which cell is empty
            return replace(value, value=replace(self.closed(replace(value.value, at=value.at)), at=value.at))
        if value.kind.base != "yesno":
            return choose([(empty, c.NoValue("not_stated", "unlimited", kind=value.kind))], value, value.kind, value.at)
        if isinstance(value, c.Apply) and value.op == "not":
            return value  # what must not hold is no where it is left out
        return _line(apply("or", empty, replace(value, notes=())), value)

    def counted(self, pair: Pair) -> c.AnyTerm:
        """The condition where one of several has to hold: left out, it does not."""
        value, empty = pair
        if isinstance(value, c.Find) and empty is not None:
            return replace(value, value=self.counted(self.pair(replace(value.value, at=value.at))))
        return value if empty is None else _line(both(apply("not", empty), replace(value, notes=())), value)

    def pair(self, term: c.AnyTerm) -> Pair:
        found = self.done.get(id(term))
        if found is None:
            found = self.done[id(term)] = (term, self.rewritten(term))
        return found[1]

    def rewritten(self, term: c.AnyTerm) -> Pair:
        match term:
            case c.Read() if (term.list, term.name) in self.columns:
                return term, _told(replace(term, name=_tells(term.name)))
            case c.Find():
                value, empty = self.pair(term.value)
                otherwise = self.closed(term.otherwise) if term.otherwise is not None else None
                found = replace(term, key=self.closed(term.key), value=value, otherwise=otherwise)
                if empty is None:
                    return found, None
                return found, _told(replace(found, value=empty, otherwise=no()))
            case c.Apply():
                return self.applied(term, [self.pair(a) for a in term.args])
            case c.Choose():
                return self.chosen(term)
            case c.Over():
                over = self.closed(term.value) if term.value is not None else None
                where = self.closed(term.where) if term.where is not None else None
                return replace(term, value=over, where=where), None
            case c.AsOf():
                return replace(term, term=self.closed(term.term), day=self.closed(term.day)), None
            case _:
                return term, None

    def applied(self, term: c.Apply, pairs: list[Pair]) -> Pair:
        empties = [empty for _, empty in pairs if empty is not None]
        if not empties:
            return replace(term, args=tuple(value for value, _ in pairs)), None
        every = both(*empties) if len(empties) == len(pairs) else None
        inside = self.in_row(term, [v for v, _ in pairs]) if term.op in OPPOSITE and len(empties) == 1 else None
        if inside is not None:
            return inside, None
        if term.op in OPPOSITE:
            bare = replace(term, args=tuple(value for value, _ in pairs), notes=())
            return _line(any_of(*empties, bare), term), None
        if term.op in ("or", "not"):
            return replace(term, args=tuple(self.counted(pair) for pair in pairs)), every
        return replace(term, args=tuple(self.closed(a) for a in term.args)), every if term.op == "and" else None

    def in_row(self, term: c.Apply, args: list[c.AnyTerm]) -> c.AnyTerm | None:
        """A comparison with a cell that is looked up, made in the row that is found."""
        found = next(((i, a) for i, a in enumerate(args) if isinstance(a, c.Find) and self.pair(a.value)[1]), None)
        if found is None:
            return None
        position, find = found
        cell, empty = self.pair(find.value)
        assert empty is not None
        inner = tuple(cell if i == position else lifted(a, find.list) for i, a in enumerate(args))
        test = any_of(empty, replace(term, args=inner, notes=()))
        otherwise = find.otherwise
        if otherwise is not None:  # what stands in for a cell where no row is found is compared as the cell is
            outer = tuple(otherwise if i == position else a for i, a in enumerate(args))
            otherwise = replace(term, args=outer, notes=())
        return _line(replace(find, value=replace(test, at=term.at), otherwise=otherwise, kind=YESNO), term)

    def chosen(self, term: c.Choose) -> Pair:
        arms, empties, some = [], [], False
        for arm in term.arms:
            when, (then, empty) = self.closed(arm.when), self.pair(arm.then)
            arms.append(replace(arm, when=when, then=then))
            empties.append(c.Arm(when, empty or no(), exception=arm.exception))
            some = some or empty is not None
        made = replace(term, arms=tuple(arms))
        return made, apply("blank", c.Choose(tuple(empties), kind=YESNO)) if some else None


def _tells(column: str) -> str:
    """The companion of a column."""
    return f"{column}@blank"


def _told(test: c.AnyTerm) -> c.AnyTerm:
    """A yes or no that no words stand for: whether a cell is empty."""
    return apply("blank", replace(test, kind=YESNO, at=NOWHERE, notes=()))


def _line(made: c.AnyTerm, of: c.AnyTerm) -> c.AnyTerm:
    """A rewritten condition in the place of the one it is made of."""
    return replace(made, at=of.at, notes=of.notes)


__all__ = ["blank", "filled_in", "is_blank"]
