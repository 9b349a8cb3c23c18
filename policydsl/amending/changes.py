"""The changes of one document carried out on the blocks of another: nodes in, nodes out, each at the place of its own
words. What is changed keeps its citations, with the clause that changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import Any, TypeVar, cast

from policydsl import nodes as n
from policydsl.amending.facts import called_as, fact_of, stated
from policydsl.amending.parts import by_place, made_of, named_in, spelled_out, without
from policydsl.amending.tree import (
    bare, is_line, items, mentions, named, names_in, same_kind, shown, unlike, without_name,
)
from policydsl.diagnostics import Diagnostic, Language
from policydsl.lower.names import GLOBAL, cell_name, declared
from policydsl.members import dataclass, members
from policydsl.place import Span
from policydsl.say import listed, say
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.within import within
from policydsl.text.near import alike

Cited = TypeVar("Cited", bound=n.Node)
Owned = TypeVar("Owned", n.Clause, n.Parameter)
_ALIASED = n.Clause | n.Table | n.Ledger


class Unfit(Exception):
    """A change that cannot be carried out: the code of the problem, where, and what it says."""

    def __init__(self, code: str, at: Span, near: Sequence[str] = (), **args: str) -> None:
        super().__init__(code)
        self.code, self.at, self.near, self.args_ = code, at, tuple(near), args


@dataclass(slots=True)
class Consolidation:
    """A policy that is being amended. ``taken``: what has been changed by the document at hand, and where."""

    blocks: list[n.Block]
    policy: n.Policy
    sources: Sources
    dialect: Language
    problems: list[Diagnostic] = field(default_factory=list)
    taken: dict[tuple[str, ...], Span] = field(default_factory=dict)
    repealed: dict[str, n.Name] = field(default_factory=dict)
    replaced: dict[str, n.Name] = field(default_factory=dict)  # went with the words that they were of
    inside: dict[str, n.Name] = field(default_factory=dict)  # declared within what was replaced: fields, options
    id: str = ""

    def amend(self, file: n.File, *, registered: bool) -> None:
        """Carries out a document. ``registered``: its citations tell of which document they are; else its id is put
        before them."""
        header = file.policy
        assert header is not None
        self.taken, self.repealed, self.replaced, self.inside = {}, {}, {}, {}
        self.id = next((m.text for m in header.meta if m.key == "id"), "") or header.title
        added: list[n.Block] = []
        for block in file.blocks if registered else self.recited(file.blocks):
            try:
                match block:
                    case n.Use() | n.Example():
                        pass
                    case n.Amend():
                        self.change(block)
                    case n.Prolong():
                        self.prolong(block)
                    case n.Repeal():
                        for name in block.names:
                            self.repeal(name)
                    case n.Replace():
                        self.exchange(block)
                    case _:
                        added.append(block)
            except Unfit as why:
                self.tell(why)
        for block in added:
            self.add(block)
        self.still_read()
        self.head(header)

    def tell(self, why: Unfit) -> None:
        self.problems.append(Diagnostic(why.code, why.at, args=why.args_, suggestions=why.near))

    # ------------------------------------------------------------------------------------------ whole blocks
    def add(self, block: n.Block) -> None:
        """A block of its own; a name that is there already has to be replaced."""
        known = {name_key(d.name): d.at for b in self.blocks for d in declared(b) if d.scope == GLOBAL}
        for one in declared(block):
            at = known.get(name_key(one.name))
            if one.scope == GLOBAL and at is not None:
                args = {"name": one.name, "line": at.line_from(one.at.file)}
                self.problems.append(Diagnostic("POL256", one.at, args=args))
                return
        self.blocks.append(block)

    def exchange(self, change: n.Replace) -> None:
        new = change.block
        if isinstance(new, n.Data):
            self.state_anew(change, new)
            return
        index, old = self.whole(new.name, new.name_span)
        self.take(new.name_span, new.name)
        cites = self.changed(old.cites, new.cites)
        kept: dict[str, Any] = {"cites": cites}
        if isinstance(new, _ALIASED) and isinstance(old, _ALIASED):
            kept["alias"] = new.alias or old.alias  # what programs call it
        if isinstance(new, n.Ledger) and isinstance(old, n.Ledger):
            kept["fields"] = called_as(new.fields, old.fields)
        self.blocks[index] = replace(new, **kept)
        self.went(old, new.name_span)
        gone = self.belonging(old)
        for one in gone:
            self.take(new.name_span, one.name)
        parts = list[n.Block]()
        for part in change.parts:
            if isinstance(part, n.Parameters):
                parts += (n.Parameters(p.span, (self.called(p, gone),), (), (), ()) for p in part.settled)
            elif isinstance(part, n.Clause):
                parts.append(replace(self.called(part, gone), cites=self.changed(old.cites, part.cites)))
        self.instead(gone, parts, n.Name(new.name_span, new.name))

    def state_anew(self, change: n.Replace, new: n.Data) -> None:
        """Facts, each in place of the one of its name."""
        if not new.facts:
            raise Unfit("POL255", change.span, name=self.sources.words(change.span))
        for fact in new.facts:
            try:
                found = fact_of(self.blocks, fact.name)
                if found is None:
                    raise self.unknown(fact.name, fact.name_span)
                index, old = found
                self.take(fact.name_span, fact.name)
                (named,) = called_as((fact,), (old,))
                cites = self.changed(old.cites, fact.cites or new.cites)
                self.went(n.Data(old.span, (old,), (), ()), fact.name_span)
                self.blocks[index] = stated(self.blocks[index], old, replace(named, cites=cites), new.notes)
            except Unfit as why:
                self.tell(why)

    def went(self, block: n.Block, at: Span) -> None:
        """Notes what a block declared that is replaced."""
        self.inside |= {name_key(one.name): n.Name(at, one.name) for one in declared(block)}

    def belonging(self, block: n.Block) -> list[n.Clause | n.Parameter]:
        """What else is made of the words of a block."""
        gone: list[n.Clause | n.Parameter] = [*made_of(block, self.blocks)]
        return [*gone, *named_in(block, self.blocks)]

    def called(self, new: Owned, gone: Sequence[n.Clause | n.Parameter]) -> Owned:
        """What programs call what comes in the place of something of that name."""
        alias = next((one.alias for one in gone if name_key(one.name) == name_key(new.name)), None)
        return replace(new, alias=alias)

    def instead(self, gone: Sequence[n.Clause | n.Parameter], parts: Sequence[n.Block], by: n.Name) -> None:
        """What belonged to some words goes with them, and what belongs to the new ones comes."""
        self.blocks = without(self.blocks, gone)
        for part in parts:
            self.add(part)
        self.replaced |= {name_key(one.name): n.Name(by.span, one.name) for one in gone}

    def whole(self, name: str, at: Span) -> tuple[int, n.Replaceable]:
        """The block of a name that can be replaced as one."""
        for index, block in enumerate(self.blocks):
            if isinstance(block, n.Replaceable) and name_key(block.name) == name_key(name):
                return index, block
        raise self.unknown(name, at)

    def unknown(self, name: str, at: Span, known: Sequence[str] | None = None) -> Unfit:
        """A name that the policy has not, or that stands for what is not changed in this way."""
        if known is None:
            known = [d.name for b in self.blocks for d in declared(b) if d.scope == GLOBAL]
            if any(name_key(one) == name_key(name) for one in known):
                return Unfit("POL255", at, name=name)
        return Unfit("POL251", at, alike(name, known), name=name)

    def repeal(self, name: n.Name) -> None:
        key, found = name_key(name.text), False
        self.take(name.span, name.text)
        for index, block in enumerate(self.blocks):
            left = without_name(block, key)
            if left is not block:
                found = True
                if left is None:
                    gone = self.belonging(block)
                    del self.blocks[index]
                    self.instead(gone, (), name)
                else:
                    self.blocks[index] = left
                break
        if not found:
            raise self.unknown(name.text, name.span)
        self.repealed[key] = name

    def still_read(self) -> None:
        """What is repealed may be named nowhere any more, unless it is declared anew."""
        there = {name_key(d.name) for b in self.blocks for d in declared(b) if d.scope == GLOBAL}
        for key, name in (*self.repealed.items(), *self.replaced.items()):
            users = [shown(block, self.sources, name.span.file) for block in self.blocks if key in mentions(block)]
            users += [self.policy.title for gate in self.policy.gates if key in mentions(gate)]
            if users and key not in there:
                args = {"name": name.text, "users": "、".join(dict.fromkeys(users))}
                code = "POL254" if key in self.repealed else "POL455"
                self.problems.append(Diagnostic(code, name.span, args=args))
        every = {name_key(d.name) for b in self.blocks for d in declared(b)}
        for key in self.inside.keys() - every - self.repealed.keys() - self.replaced.keys():
            name = self.inside[key]
            users = [shown(block, self.sources, name.span.file) for block in self.blocks if key in named(block)]
            if users:
                args = {"name": name.text, "users": "、".join(users)}
                self.problems.append(Diagnostic("POL455", name.span, args=args))
        left = {*self.repealed, *self.replaced.keys() - there}
        keys = tuple(
            replace(line, names=tuple(k for k in line.names if name_key(k.text) not in left))
            for line in self.policy.keys
        )
        self.policy = replace(self.policy, keys=keys)

    # ------------------------------------------------------------------------------------------ a part of a block
    def change(self, change: n.Amend) -> None:
        first, *steps = change.path
        key = self.given(name_key(first.text), steps)
        for index, block in enumerate(self.blocks):
            made = self.within(block, key, change, steps)
            if made is not None:
                self.take(change.path[0].span.to(change.path[-1].span), *(step.text for step in change.path))
                gone = [*named_in(block, self.blocks)]
                self.blocks[index] = made
                self.renamed(gone, made, change)
                if isinstance(block, n.Parameters):
                    every: list[n.Parameter | n.Declaration] = [*block.settled, *block.open]
                    of = next(p.cites for p in every if name_key(p.name) == key)
                    self.blocks = [self.spread(b, key, of, change) for b in self.blocks]
                return
        raise self.unknown(first.text, first.span)

    def given(self, key: str, steps: Sequence[n.Name | n.Builtin]) -> str:
        """The name of what is changed: that of the block, or of a result in its table that a step names."""
        for block in self.blocks if len(steps) == 2 else ():
            if isinstance(block, n.Clause) and name_key(block.name) == key:
                named = {name_key(step.text) for step in steps}
                return next((m for one in made_of(block, self.blocks) if (m := name_key(one.name)) in named), key)
        return key

    def renamed(self, had: Sequence[n.Parameter], made: n.Block, change: n.Amend) -> None:
        """The numbers with a name that went with what is changed, and those that came."""
        here = {name.span for name in within(made, n.Name)}
        gone = [p for p in had if p.name_span not in here]
        parts = [p for p in change.named if p.name_span in here]
        new = [n.Parameters(p.span, (self.called(p, gone),), (), (), ()) for p in parts]
        self.instead(gone, new, n.Name(change.new.span, ""))

    def spread(self, block: n.Block, key: str, of: tuple[str, ...], change: n.Amend) -> n.Block:
        """A clause that names a parameter which is changed: where it cites the clause of the parameter, that clause is
        changed too; a parameter that cites nothing is of the clauses of whatever names it."""
        if not isinstance(block, n.Clause) or key not in mentions(block):
            return block

        def changed(cites: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self.changed((c,), change.cites)[0] if c in of or not of else c for c in cites)

        def line(node: Cited) -> Cited:
            cites = getattr(node, "cites", ())
            return replace(cast(Any, node), cites=changed(cites)) if cites and key in mentions(node) else node

        table = replace(block.table, rows=tuple(map(line, block.table.rows))) if block.table is not None else None
        return replace(block, cites=changed(block.cites), lines=tuple(map(line, block.lines)), table=table)

    def within(
        self, block: n.Block, key: str, change: n.Amend, steps: Sequence[n.Name | n.Builtin]
    ) -> n.Block | None:
        """The block with the part changed; None if the name is none of its."""
        match block:
            case n.Parameters():
                for i, p in enumerate(block.settled):
                    if name_key(p.name) == key and not steps:
                        settled = (*block.settled[:i], self.parameter(p, change), *block.settled[i + 1 :])
                        return replace(block, settled=settled)
                for i, d in enumerate(block.open):
                    if name_key(d.name) == key and not steps:
                        new = self.marked(replace(d, default=self.value(change, d.default)), change)
                        new = replace(new, notes=(*d.notes, *change.notes))
                        return replace(block, open=(*block.open[:i], new, *block.open[i + 1 :]))
            case n.Clause() if name_key(block.name) == key:
                return self.clause(block, change, steps)
            case n.Table() if name_key(block.name) == key and len(steps) == 2:
                r, c = self.cell(block.header, [row.cells[0].text if row.cells else "" for row in block.rows], steps)
                row = block.rows[r]
                text = self.sources.words(change.new.span)
                if change.old is not None:
                    self.must_be(change, self.sources.words(change.old.span), row.cells[c].text, row.cells[c].span)
                cells = (*row.cells[:c], n.RawCell(change.new.span, text), *row.cells[c + 1 :])
                made = self.line(replace(row, cells=cells), block.cites, change)
                rows = (*block.rows[:r], made, *block.rows[r + 1 :])
                return replace(
                    block, rows=rows, notes=(*block.notes, *change.notes),
                    cites=self.heading(block.cites, row.cites, change),
                )
            case _:
                pass
        return None

    def parameter(self, p: n.Parameter, change: n.Amend) -> n.Parameter:
        if p.dated:
            raise Unfit("POL257", change.path[0].span, name=p.name)
        new = replace(p, value=self.value(change, p.value), notes=(*p.notes, *change.notes))
        return self.marked(new, change)

    def clause(self, block: n.Clause, change: n.Amend, steps: Sequence[n.Name | n.Builtin]) -> n.Clause:
        """A clause with its formula, one of its lines or one of its cells changed."""
        notes = change.notes
        if not steps and block.formula is not None:
            made = replace(block, formula=self.value(change, block.formula), lines=(*block.lines, *notes))
            return self.marked(made, change)
        if len(steps) == 1:
            found = [i for i, line in enumerate(block.lines) if steps[0].text and is_line(line, steps[0])]
            if len(found) > 1 and change.old is not None:  # which of them, 由 says
                found = [i for i in found if self.is_said(change, block.lines[i])]
                if not found:
                    self.must_be(change, self.sources.words(change.old.span), "", None)
            if len(found) == 1:
                (i,) = found
                line = block.lines[i]
                new = self.line(self.line_changed(line, change), block.cites, change)
                cites = self.heading(block.cites, getattr(line, "cites", ()), change)
                return replace(block, lines=(*block.lines[:i], new, *block.lines[i + 1 :], *notes), cites=cites)
        if len(steps) == 2 and block.table is not None:
            table = block.table
            firsts = [(cell_name(row.cells[0]) or "") if row.cells else "" for row in table.rows]
            r, c = self.cell(table.header, firsts, steps)
            row = table.rows[r]
            if change.old is not None and not self.says(change, change.old, row.cells[c]):
                self.must_be(change, self.sources.words(change.old.span), None, row.cells[c].span)
            cells = (*row.cells[:c], change.new, *row.cells[c + 1 :])
            made_row = self.line(replace(row, cells=cells), block.cites, change)
            rows = (*table.rows[:r], made_row, *table.rows[r + 1 :])
            return replace(
                block, table=replace(table, rows=rows), lines=(*block.lines, *notes),
                cites=self.heading(block.cites, row.cites, change),
            )
        raise Unfit("POL255", (steps[-1] if steps else change.path[0]).span, name=block.name)

    def line_changed(self, line: n.Line, change: n.Amend) -> n.Line:
        match line:
            case n.FieldLine() | n.DoneLine():
                return replace(line, value=self.value(change, line.value))
            case n.StartLine():
                return replace(line, start=self.value(change, line.start))
            case n.LengthLine():
                new = self.value(change, line.length)
                if isinstance(new, n.Duration | n.Name):
                    return replace(line, length=new)
            case n.When() | n.Unless():
                return replace(line, condition=self.value(change, line.condition))
            case n.Otherwise(values=values):
                new_values = items(change.new)
                if change.old is not None and bare(items(change.old)) != bare(values):
                    self.must_be(change, self.sources.words(change.old.span), None, line.span)
                if new_values:
                    return replace(line, values=new_values)
            case n.Measures():
                names = names_in(change.new)
                if names and (change.old is None or bare(names_in(change.old)) == bare(line.names)):
                    return replace(line, names=names)
                if names and change.old is not None:
                    self.must_be(change, self.sources.words(change.old.span), None, line.span)
            case _:
                pass
        raise Unfit("POL255", change.new.span, name=self.sources.words(change.path[-1].span))

    def value(self, change: n.Amend, old: n.Expr | None) -> Any:
        """The new value where a value stands; the old one has to be what the amendment says it is."""
        new = change.new
        if not isinstance(new, n.ExprCell):
            raise Unfit("POL255", new.span, name=self.sources.words(change.path[-1].span))
        said = change.old
        if said is not None and (old is None or not isinstance(said, n.ExprCell) or not self.says(change, said, old)):
            at = old.span if old is not None else None
            self.must_be(change, self.sources.words(said.span), None if old is not None else "", at)
        if old is not None and not same_kind(old, new.expr):
            words = self.sources.words
            raise Unfit("POL491", new.span, found=words(old.span), read=words(new.span))
        return new.expr

    def is_said(self, change: n.Amend, line: n.Line) -> bool:
        """Whether 由 says what a 若 or 除非 line asks."""
        return isinstance(line, n.When | n.Unless) and change.old is not None and (
            self.says(change, change.old, line.condition)
        )

    def says(self, change: n.Amend, said: n.Cell, old: n.Expr | n.Cell) -> bool:
        """Whether that is what stood there; a number that has its name there may be said with it or without."""
        words = said.expr if isinstance(said, n.ExprCell) and isinstance(old, n.Expr) else said
        own = by_place([*named_in(old, self.blocks)])
        quoted = by_place([p for p in change.named if any(name.span == p.name_span for name in within(said, n.Name))])
        values = {name_key(p.name): bare(p.value) for p in own.values()}
        if any(values.get(name_key(p.name)) != bare(p.value) for p in quoted.values()):
            return False
        return bool(bare(words) == bare(old)) or bool(bare(spelled_out(words, quoted)) == bare(spelled_out(old, own)))

    def must_be(self, change: n.Amend, said: str, found: str | None, at: Span | None) -> None:
        """Refuses an amendment whose 由 is not what stands there."""
        shown = found if found is not None else self.sources.words(at) if at is not None else ""
        if found is not None and name_key(found) == name_key(said):
            return
        assert change.old is not None
        raise Unfit("POL252", change.old.span, said=said, found=shown or "—")

    def cell(
        self, header: Sequence[n.HeaderCell], firsts: Sequence[str], steps: Sequence[n.Name | n.Builtin]
    ) -> tuple[int, int]:
        """The row and column that two steps mean, in whichever order they are said."""
        heads = [name_key(h.text) for h in header]
        rows = [name_key(first) for first in firsts]
        ways = []
        for one, other in (steps, tuple(reversed(steps))):
            r, c = name_key(one.text), name_key(other.text)
            if r in rows and c in heads[1:]:
                ways.append((rows.index(r), heads.index(c, 1), rows.count(r) == 1 and heads.count(c) == 1))
        if len(ways) != 1 or not ways[0][2]:
            known = [*firsts, *(h.text for h in header[1:])]
            wrong = next((s for s in steps if name_key(s.text) not in {*rows, *heads[1:]}), steps[0])
            raise Unfit("POL251", wrong.span, alike(wrong.text, [k for k in known if k]), name=wrong.text)
        return ways[0][0], ways[0][1]

    # ------------------------------------------------------------------------------------------ the header
    def prolong(self, change: n.Prolong) -> None:
        self.take(change.span, "@effective")
        effective = n.Effective(change.span, change.start, change.end)
        self.policy = replace(self.policy, effective=effective, notes=(*self.policy.notes, *change.notes))

    def head(self, own: n.Policy) -> None:
        """What the header of an amendment says of the policy: what is read first, and notes."""
        self.problems += unlike(self.policy, own, self.sources)
        self.policy = replace(
            self.policy, keys=own.keys or self.policy.keys, notes=(*self.policy.notes, *own.notes)
        )

    def take(self, at: Span, *path: str) -> None:
        """Notes that a place is changed; only once by one document."""
        place = tuple(name_key(step) for step in path)
        for other, where in self.taken.items():
            if other[: len(place)] == place[: len(other)]:
                raise Unfit("POL253", at, name=path[0], line=where.line_from(at.file))
        self.taken[place] = at

    # ------------------------------------------------------------------------------------------ citations
    def recited(self, part: Any) -> Any:
        """A part of the amendment, with its id before every citation."""
        if isinstance(part, tuple):
            return tuple(self.recited(one) for one in part)
        if not isinstance(part, n.Node) or isinstance(part, n.Example):
            return part
        new = {name: self.recited(getattr(part, name)) for name in members(type(part), ("span", "name_span", "cites"))}
        if cites := getattr(part, "cites", ()):
            new["cites"] = tuple(say("verdict.clause_of", self.dialect, id=self.id, cite=cite) for cite in cites)
        return replace(part, **new)

    def by(self, own: tuple[str, ...]) -> str:
        """The clauses of an amendment."""
        if not own:
            return self.id
        return listed(own, self.dialect)

    def changed(self, cites: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
        """The citations of what is changed, as changed by the clauses of the amendment."""
        if not cites:
            return own or (self.id,)
        whole = (cite if " " in cite else f"{cite} " for cite in cites)  # its number is its first word
        return tuple(say("verdict.amended_mark", self.dialect, cite=cite, by=self.by(own)) for cite in whole)

    def marked(self, node: Cited, change: n.Amend) -> Cited:
        return replace(cast(Any, node), cites=self.changed(cast(Any, node).cites, change.cites))  # type: ignore[no-any-return]

    def line(self, node: Cited, of_block: tuple[str, ...], change: n.Amend) -> Cited:
        """A line or row with its citations; where it has none, those of its block hold."""
        cites = cast(Any, node).cites or of_block
        return replace(cast(Any, node), cites=self.changed(cites, change.cites))  # type: ignore[no-any-return]

    def heading(self, cites: tuple[str, ...], of_line: tuple[str, ...], change: n.Amend) -> tuple[str, ...]:
        """The citations of a block of which a line is changed: those that the line has too, or all if it has none."""
        if not cites:
            return ()
        return tuple(self.changed((c,), change.cites)[0] if not of_line or c in of_line else c for c in cites)


__all__ = ["Consolidation", "Unfit"]
