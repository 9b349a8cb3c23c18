"""What stands beside a declaration: defaults, ranges, derived values, 仅计, values of parameters, 范围 of tables."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, DATE, DATED, TEXT
from policydsl.lower import kinds as rules
from policydsl.lower import slots
from policydsl.lower.build import apply, choose, const, negate, owner, read, timed, today, until_now
from policydsl.lower.context import Lowering, Where, tell
from policydsl.lower.expressions import Expressions
from policydsl.lower.lasting import over_time
from policydsl.text.fold import name_key


def fill(low: Lowering, expr: Expressions) -> None:
    """Defaults, ranges, derived values, 仅计, parameters' values."""
    for block in low.file.blocks:
        match block:
            case n.Data():
                for d in block.facts:
                    low.inputs[d.name] = filled(low, expr, d, low.inputs[d.name], Where())
                    if d.over_time is not None:
                        over_time(low, d)
            case n.Parameters():
                for d in block.open:
                    settled_here = d.default is not None and d.default.span.file == d.span.file
                    if settled_here or d.optional:  # an amendment may settle it
                        low.problem("POL323", d.span, read=d.name)
                    made = low.inputs[d.name] = filled(low, expr, d, low.inputs[d.name], Where())
                    value = made.default
                    if isinstance(value, c.Const) and any(outside(value, bound) for bound in made.ranges):
                        assert d.default is not None
                        low.problem("POL262", d.default.span, read=low.text(d.default.span), name=d.name)
                for p in block.settled:
                    low.inputs[p.name] = settled(low, expr, p, low.inputs[p.name])
            case n.Ledger():
                fill_ledger(low, expr, block)
            case n.Table():
                fill_table(low, low.lists[block.name])
            case _:
                pass
    for of, name in sorted(low.events):
        if not of:
            low.inputs[name] = event(low.inputs[name])
        elif (held := low.lists[of]).happens != name:
            low.lists[of] = replace(held, fields=tuple(event(f) if f.name == name else f for f in held.fields))
    for name, decl in low.inputs.items():
        low.inputs[name] = come(decl)
    for name, held in low.lists.items():
        if held.source == "sheet":
            low.lists[name] = replace(held, fields=tuple(map(come, held.fields)))
    low.lists[c.POPULATION] = replace(
        low.lists[c.POPULATION], fields=tuple(i for i in low.inputs.values() if not i.parameter and not i.decision)
    )


def settled(low: Lowering, expr: Expressions, p: n.Parameter, decl: c.InputDecl) -> c.InputDecl:
    """The value in force on the evaluation date."""
    value = rules.fit_choice(low, expr.value(p.value, Where()), decl.kind)
    if p.rate is not None and not decl.clauses:
        low.problem("POL463", p.name_span, severity="warning", read=low.text(p.name_span))
    if decl.kind == ANY_KIND:
        decl = replace(decl, kind=value.kind)
    arms: list[tuple[c.AnyTerm, c.AnyTerm]] = []
    for dated in sorted(p.dated, key=lambda d: d.start, reverse=True):
        later = expr.value(dated.value, Where())
        rules.unify(low, const(None, decl.kind), later, dated.span)
        arms.append((apply(">=", today(), const(dated.start, DATE), at=dated.span), later))
    term: c.AnyTerm = choose(arms, value, value.kind, p.span) if arms else value
    worth = [v.value for v in (value, *(later for _, later in arms)) if isinstance(v, c.Const)] if p.rate else []
    if any(isinstance(v, Fraction) and v <= 0 for v in worth):
        low.problem("POL460", p.name_span, word=low.text(p.name_span))
    return replace(decl, default=term)


def filled(low: Lowering, expr: Expressions, d: n.Declaration, decl: c.InputDecl, where: Where) -> c.InputDecl:
    """The terms of one declaration."""
    default = derived = None
    optional = decl.optional
    if d.default is not None:
        default = rules.fit_choice(low, expr.value(d.default, where), decl.kind)
        if isinstance(default, c.Const) and default.value is None:
            optional = True
        else:
            _, default = rules.unify(low, const(None, decl.kind), default, d.default.span)
    if d.derived is not None:
        derived = rules.fit_choice(low, expr.value(d.derived, where), decl.kind)
        _, derived = rules.unify(low, const(None, decl.kind), derived, d.derived.span)
    ranges = []
    for r in d.ranges:
        ends = []
        for end in (r.low, r.high):
            term = expr.value(end, where) if end is not None else None
            if term is not None:
                _, term = rules.unify(low, const(None, decl.kind), term, r.span)
            ends.append(term)
        ranges.append(c.Bound(ends[0], r.low_op, ends[1], r.high_op, r.span))
    within = None
    if d.within is not None:
        within = low.list_named(d.within.text)
        if within is None:
            low.problem("POL207", d.within.span, read=d.within.text, suggestions=expr.near_lists(d.within.text))
        else:
            low.names.used.add(within)
    return replace(decl, default=default, derived=derived, ranges=tuple(ranges), within=within, optional=optional)


def fill_table(low: Lowering, decl: c.ListDecl) -> None:
    """The conditions that cells name, once it is known of which records they are."""

    def filled_in(cell: c.AnyTerm) -> c.AnyTerm:
        if not isinstance(cell, c.Use):
            return cell
        definition = low.terms.get(cell.name)
        return replace(cell, list=owner(definition.over)) if definition is not None else cell

    rows = tuple(replace(row, cells=tuple(filled_in(cell) for cell in row.cells)) for row in decl.rows)
    low.lists[decl.name] = replace(decl, rows=rows)


def fill_ledger(low: Lowering, expr: Expressions, block: n.Ledger) -> None:
    decl = low.lists[block.name]
    where = Where((block.name,))
    nodes = low.names.fields.get(block.name, {})
    fields = tuple(
        filled(low, expr, nodes[name_key(f.name)], f, where) if name_key(f.name) in nodes else f for f in decl.fields
    )
    decl = replace(low.lists[block.name], fields=fields)
    tests: list[c.AnyTerm] = []
    at, cites = block.name_span, block.cites
    day = decl.field_of(decl.happens or "")
    if day is not None and block.happens is not None:
        at = block.happens.span
        low.names.used.add(f"{block.name}\0{day.name}")
        # A record with a day to come is not there at all. One whose day is not known may be such a record, so that day
        # is not limited to what has happened; one that has no day (无) is there.
        there = tuple(replace(r, low=None) for r in day.ranges if c.until_today(r))
        ranges = (replace(r, high=None) if c.until_today(r) else r for r in day.ranges)
        free = replace(day, ranges=tuple(r for r in ranges if (r.low, r.high) != (None, None)))
        decl = replace(decl, fields=tuple(free if f is day else f for f in decl.fields), there=there)
        tests.append(negate(timed(">", read(block.name, day.name, day.kind, at), today(), at)))
    if block.only:
        at = block.only[0].span
        tests += [expr.condition(o.condition, where) for o in block.only]
        cites = tuple(cite for o in block.only for cite in o.cites) or block.cites
    if tests:
        term = tests[0] if len(tests) == 1 else apply("and", *tests, at=at)
        decl = replace(decl, only=term, only_origin=c.Origin(block.name, cites, at, label="only"))
    low.lists[block.name] = decl


def event(decl: c.InputDecl) -> c.InputDecl:
    """The day of an event: what lies after the evaluation date has not happened yet."""
    if decl.event or decl.parameter or decl.kind.base not in DATED:
        return decl
    return replace(decl, ranges=(*decl.ranges, c.Bound(None, ">=", today(), "<=", decl.at)))


def come(decl: c.InputDecl) -> c.InputDecl:
    """What stands in for the day of an event that nobody told has to have come as well."""
    if not decl.event:
        return decl

    def standing_in(term: c.AnyTerm | None) -> c.AnyTerm | None:
        return term if term is None or isinstance(term, c.Const) and term.value is None else until_now(term)

    return replace(decl, default=standing_in(decl.default), derived=standing_in(decl.derived))


def table_bounds(low: Lowering, expr: Expressions) -> None:
    """范围 of lookup tables: bounds of the results, and a check of the constants."""
    for block in low.file.blocks:
        if not isinstance(block, n.Table) or block.range is None:
            continue
        r = block.range.range
        bound = slots.bound(low, r, [expr.value(e, Where()) if e is not None else None for e in (r.low, r.high)])
        decl = low.lists[block.name]
        fields = decl.fields
        known = next((t.kind for t in (bound.low, bound.high) if t is not None), TEXT)
        results = [f.kind for f in fields if f is not decl.key_field]
        if decl.supplied and results and all(k.base not in (known.base, "any") for k in results):
            low.problem("POL309", r.span, read=low.text(r.span), kind=tell(results[-1]), found=tell(known))
        if not decl.supplied:
            fields = (fields[0], *(replace(f, kind=known) for f in fields[1:]))
        for row in decl.rows:
            for cell in row.cells:
                if isinstance(cell, c.Const) and cell.kind.base == known.base and outside(cell, bound):
                    low.problem("POL417", cell.at, read=low.text(cell.at), range=low.text(r.span))
        low.lists[block.name] = replace(decl, bound=bound, fields=fields)


def outside(cell: c.Const, bound: c.Bound) -> bool:
    from policydsl.operators import compare_exact

    for end, op in ((bound.low, bound.low_op), (bound.high, bound.high_op)):
        if isinstance(end, c.Const) and not compare_exact(op, cell.value, end.value, cell.kind):
            return True
    return False
