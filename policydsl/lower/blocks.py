"""Each kind of block to core terms: derived values, conditions, money, bans, rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, MONEY, NUMBER, YESNO, Choice, Kind
from policydsl.lower import folds
from policydsl.lower import kinds as rules
from policydsl.lower import periods, running, slots
from policydsl.lower.bands import REACHED, by_table
from policydsl.lower.build import any_of, apply, both, choose, const, no, noted, nothing, read, timed, today, yes
from policydsl.lower.caps import capped_each
from policydsl.lower.carry import settled
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.context import Where
from policydsl.lower.declarations import kind_of
from policydsl.lower.payouts import paid_out
from policydsl.lower.done import done_term, graced, last_day, lateness
from policydsl.lower.pools import pooled
from policydsl.lower.records import occurs
from policydsl.lower.ranks import by_place, by_rank, drawn, rank, with_quota
from policydsl.lower.results import Reported, settles_on
from policydsl.lower.tables import cell_test, joined, missing_table, ragged, result_cell

MODALITY: dict[str, c.Modality] = {
    "must": "must", "may": "may", "may_one": "may_one_of", "must_one": "must_one_of", "barred": "must_not",
}


# ---------------------------------------------------------------------------------------------- derived values
def compute(cl: Clauses, head: Head) -> None:
    """计算: one formula, or cases in order."""
    clause, lines, where = head.clause, head.lines, head.where
    outcome = kind_of(cl.low, clause.outcome, clause.name) if clause.outcome is not None else None
    base, by_steps = lines.field("base"), lines.one(n.Steps)
    other = clause.formula or lines.one(n.Case) or lines.one(n.Otherwise)
    if base is not None and by_steps is None and clause.table is None:
        cl.low.problem("POL402", base.span, read=cl.low.text(base.span)[:30], line="steps")
    tabled(cl, head)
    running.opened(cl, head, outcome)
    ranking = lines.one(n.Ranking)
    if ranking is not None:
        term = ranked(cl, head, ranking, other)
    elif by_steps is not None:
        term = in_steps(cl, head, by_steps, "steps", other or clause.table)
    elif clause.table is not None:
        term = by_rows(cl, head, clause.table, other)
    elif clause.formula is not None:
        term = cl.expr.value(clause.formula, where)
        term = replace(term, kind=common_kind(cl, head, [term]))
        case = lines.one(n.Case)
        if case is not None:
            cl.low.problem("POL401", case.span, read=cl.low.text(case.span)[:30], block=clause.kind)
    elif lines.one(n.Case) is not None or lines.one(n.Otherwise) is not None:
        term = cases(cl, head, outcome)
    else:
        cl.low.problem("POL402", clause.name_span, read=clause.name, line="case")
        term = const(None, ANY_KIND)
    term = with_exceptions(cl, head, term)
    budget = lines.one(n.Budget)
    parts: tuple[c.Part, ...] = ()
    if budget is not None:
        got = drawn(cl, head, cl.conditions(unless_only(head)), slots.placed(cl.low, "pool", term), budget)
        kind, parts = got.given.kind, got.parts
        term = choose([(got.holds, got.given)], const(Fraction(0), kind), kind, term.at)
        if ranking is not None:
            told_twice(cl, budget, ranking)
    if lines.one(n.Unless) is not None:
        term = choose([(cl.conditions(unless_only(head)), term)], nothing(term.kind), term.kind, term.at)
    bound = bound_of(cl, head, term.kind)
    value = running.run_on(cl, head, cl.gated(head, term), bound)
    use = cl.define(clause.name, "value", value, head, bound=bound)
    cl.report(head, use, parts=parts)


def by_rows(cl: Clauses, head: Head, table: n.RuleTable, other: n.Node | None) -> c.AnyTerm:
    """What a table gives; where no row fits nothing, and of steps none of which is reached 0."""
    if head.lines.field("base") is None and head.lines.mode("method") is None:  # that is 分档 or 判定表
        cl.low.problem("POL404", table.span, block=head.clause.kind)
        return const(None, ANY_KIND)
    if other is not None:
        told_twice(cl, table, other)
    amount, fits = by_table(cl, head, table)
    if amount is None:
        return const(None, ANY_KIND)
    if fits is None or head.lines.mode("method") == REACHED:
        return amount
    return choose([(fits, amount)], nothing(amount.kind), amount.kind, table.span)


def ranked(cl: Clauses, head: Head, line: n.Ranking, other: n.Node | None) -> c.AnyTerm:
    """排名: the rank, or what its table gives it."""
    if other is not None:
        told_twice(cl, line, other)
    candidate = cl.conditions(unless_only(head))
    if head.clause.table is None:
        return rank(cl, head, candidate, line)
    amount, fits = by_rank(cl, head, candidate, line)
    if amount is None:
        return const(None, ANY_KIND)
    return choose([(fits, amount)], nothing(amount.kind), amount.kind, head.clause.table.span)


def told_twice(cl: Clauses, one: n.Node, other: n.Node) -> None:
    """Two lines that each say how much there is."""
    read, beside = (cl.low.text(line.span).splitlines()[0][:30] for line in (one, other))
    cl.low.problem("POL444", one.span, read=read, other=beside)


def tabled(cl: Clauses, head: Head) -> None:
    """计法 says how a table is read: there must be one, of stretches and not of occurrences."""
    line = next((m for m in head.lines.all(n.Mode) if m.key == "method"), None)
    if line is None:
        return
    read, table = cl.low.text(line.span)[:30], head.clause.table
    if table is None:
        cl.low.problem("POL402", line.span, read=read, line="table")
    elif any(head.lines.one(kind) for kind in (n.Window, n.Ranking)) or occurs(table):
        cl.low.problem("POL401", line.span, read=read, block=head.clause.kind)


def unless_only(head: Head) -> Head:
    """The head with its 除非 lines only."""
    return replace(head, lines=head.lines.without(n.When, n.Items))


def bound_of(cl: Clauses, head: Head, kind: Kind = ANY_KIND) -> c.Bound | None:
    """范围: its ends are of the kind of the value, and of one kind."""
    line = head.lines.one(n.RangeLine)
    if line is None:
        return None
    r = line.range
    ends = [cl.expr.value(end, head.where) if end is not None else None for end in (r.low, r.high)]
    return slots.bound(cl.low, r, ends, kind)


def cases(cl: Clauses, head: Head, outcome: Kind | None) -> c.AnyTerm:
    """若 …：value lines and 否则."""
    lines, where, clause = head.lines, head.where, head.clause
    values: list[c.AnyTerm] = []
    conditions: list[c.AnyTerm] = []
    rows, last_row = lines.all(n.Case), lines.one(n.Otherwise)
    for case in rows:
        conditions.append(cl.expr.condition(case.condition, where))
        values.append(case_value(cl, case.values, where, outcome))
    if last_row is not None:
        values.append(case_value(cl, last_row.values, where, outcome))
    kind = common_kind(cl, head, values)
    values = [replace(v, kind=kind) if v.kind != kind else v for v in values]
    arms = tuple(
        c.Arm(w, v, cl.line_origin(clause, case.span, case.cites, "case", i + 1), deemed=case.deemed)
        for i, (w, v, case) in enumerate(zip(conditions, values, rows, strict=False))
    )
    if last_row is not None:
        # the last row is a row like the others, so that it has its own entry in the trace
        last = cl.line_origin(clause, last_row.span, last_row.cites, "otherwise", len(arms) + 1)
        arms = (*arms, c.Arm(const(True, YESNO), values[-1], last, deemed=last_row.deemed))
    return c.Choose(arms, kind=kind, at=clause.name_span)


def case_value(cl: Clauses, values: tuple[n.Expr, ...], where: Where, outcome: Kind | None) -> c.AnyTerm:
    terms = [cl.expr.value(v, where) for v in values]
    if len(terms) > 1:
        picked = [t.value for t in terms if isinstance(t, c.Const)]
        several = tuple(str(v) for v in picked)
        return const(several, Kind("choices", choice=outcome.choice if outcome else None), terms[0].at)
    term = terms[0]
    if outcome is not None:
        term = rules.fit_choice(cl.low, term, outcome)
        if term.kind == ANY_KIND:
            term = replace(term, kind=outcome)
    return term


def common_kind(cl: Clauses, head: Head, values: list[c.AnyTerm]) -> Kind:
    """One kind for all cases; options that are of no other choice are one of the block's own."""
    typed = [v for v in values if v.kind != ANY_KIND]
    if not typed:
        return ANY_KIND
    named = [str(v.value) for v in typed if rules.unplaced(v)]
    if named:
        placed = next((v.kind for v in typed if v.kind.choice is not None), None)
        typed = [rules.fit_choice(cl.low, v, placed or own_choice(cl, head, named)) for v in typed]
    first, kind = typed[0], typed[0].kind
    for v in typed[1:]:
        _, fitted = rules.unify(cl.low, first, v, v.at)
        if kind.base == "number" and fitted.kind.base != "number":
            first, kind = fitted, fitted.kind
        kind = rules.merge(kind, fitted.kind) if kind.base == fitted.kind.base else kind
    return kind


def own_choice(cl: Clauses, head: Head, named: list[str]) -> Kind:
    """The choice of a block that gives options without declaring them: those of its rows, then of its exceptions."""
    words = [e.value.text for e in head.lines.all(n.Exception_) if isinstance(e.value, n.Name)]
    named = [*named, *(o for word in words if (o := cl.low.names.option(word)) is not None)]
    return Kind("choice", choice=Choice(head.clause.name, tuple(dict.fromkeys(named))))


def with_exceptions(cl: Clauses, head: Head, term: c.AnyTerm) -> c.AnyTerm:
    """例外 lines before the regular value."""
    exceptions = head.lines.all(n.Exception_)
    if not exceptions:
        return term
    arms: list[c.Arm] = []
    for i, e in enumerate(exceptions):
        when = cl.expr.condition(e.condition, head.where)
        value = cl.expr.value(e.value, head.where)
        value = rules.fit_choice(cl.low, value, term.kind)
        if value.kind == ANY_KIND:
            value = replace(value, kind=term.kind)
        else:
            slots.alike(cl.low, const(None, term.kind), value, e.span)
        origin = cl.line_origin(head.clause, e.span, e.cites, "exception", i + 1)
        arms.append(c.Arm(when, value, origin, exception=True))
    regular: tuple[c.Arm, ...] = (c.Arm(const(True, YESNO), term),)
    complete = True
    if isinstance(term, c.Choose):
        # rows and exceptions are one choice, so that the trace shows what was overridden
        regular, complete = term.arms, term.complete
    return c.Choose((*arms, *regular), kind=term.kind, at=head.clause.name_span, complete=complete)


# ---------------------------------------------------------------------------------------------- yes or no
def condition(cl: Clauses, head: Head) -> None:
    """条件."""
    holds = cl.conditions(head, head.clause.formula)
    quota = head.lines.one(n.Quota)
    if quota is not None:
        holds = with_quota(cl, head, holds, quota)
    use = cl.define(head.clause.name, "value", cl.gated(head, holds, no()), head)
    cl.report(head, use, holds=use)


def requirement(cl: Clauses, head: Head) -> None:
    """要求: a verdict line, with a due day or one instance a period."""
    clause, lines = head.clause, head.lines
    over = head.over
    asked = cl.conditions(head, clause.formula)
    due_line, done_line = lines.field("due"), lines.one(n.DoneLine)
    due = done = reached = grace = None
    if due_line is not None:
        day = cl.expr.day(due_line.value, head.where, last=True)
        if done_line is not None:
            day = last_day(cl, day, due_line.span)
        due = cl.define(clause.name, "due", cl.gated(head, day), head, over=over)
        done = done_term(cl, head)
        grace = graced(cl, head, due, over)
    elif done_line is not None or lines.one(n.Grace) is not None:
        cl.low.problem("POL402", clause.name_span, read=clause.name, line="due")
    if due is not None and done is not None and done_line is not None and grace is not None:
        # What is asked is there now; since when says whether that was in time.
        reached = cl.define(clause.name, "reached", asked, head, over=over)
        kept = timed("<=", done, grace.until, done_line.value.span)
        asked = both(reached, noted(kept, cl.line_origin(clause, done_line.span, done_line.cites, "done")))
    held = cl.define(clause.name, "value", cl.gated(head, asked, no()), head, over=over)
    state: c.AnyTerm | None = None
    failed: c.AnyTerm = apply("not", held)
    if head.gate is not None:
        failed = both(head.gate, failed)
    parts: list[c.Part] = []
    if due is not None and grace is not None:
        open_ = timed("<=", today(), grace.until, due.at)
        rows: list[tuple[c.AnyTerm, str]] = [(held, "yes"), (open_, "pending")]
        failed = cl.define(clause.name, "overdue", both(failed, apply("not", open_)), head, over=over)
        parts = [c.Part("due", due), *grace.parts]
        if reached is not None and done is not None:
            rows.append((both(reached, timed(">", done, grace.until)), "belated"))
            if grace.parts:
                rows[:1] = [(both(held, timed("<=", done, due)), "yes"), (held, "graced")]
            day_done = cl.define(clause.name, "done", cl.gated(head, done), head, over=over)
            until = choose([(reached, done)], nothing(done.kind), done.kind, done.at)
            parts += [c.Part("done", day_done), *lateness(cl, head, grace.late_from, until, failed, over)]
        state = states(cl, head, rows, "no")
    elif lines.one(n.Periods) is not None and over is not None:
        running = apply("<=", today(), settles_on(cl.low.lists[over]))
        if irreversible(clause.formula):
            state = states(cl, head, [(apply("not", held), "no"), (running, "pending")], "yes")
        else:
            state = states(cl, head, [(held, "yes"), (running, "pending")], "no")
            failed = both(failed, apply("not", running))
    effects: tuple[c.Effect, ...] = ()
    otherwise = lines.one(n.Otherwise)
    if otherwise is not None:
        fail = cl.define(clause.name, "failed", failed, head, over=over)
        names = tuple(v for v in otherwise.values if isinstance(v, n.Name))
        effects = (cl.impose(head, "must", names, otherwise.span_, fail, otherwise.cites, otherwise.span, ()),)
    cl.report(head, held, over=over, holds=held, state=state, parts=tuple(parts), effects=effects)


def irreversible(formula: n.Expr | None) -> bool:
    """A limit from above (a total at most n): once broken, nothing still to come mends it."""
    return isinstance(formula, n.Compare) and formula.op in ("<", "<=", "short")


def states(cl: Clauses, head: Head, rows: list[tuple[c.AnyTerm, str]], otherwise: str) -> c.Use:
    """A named state, first that fits; nothing else is possible, also where nothing is known."""
    options = tuple(dict.fromkeys((*(state for _, state in rows), otherwise)))
    kind = Kind("choice", choice=Choice("@state", options, owner=head.clause.name))
    named: list[tuple[c.AnyTerm, c.AnyTerm]] = [(when, const(state, kind)) for when, state in rows]
    term = choose(named, const(otherwise, kind), kind, head.clause.name_span)
    return cl.define(head.clause.name, "state", cl.gated(head, term), head)


# ---------------------------------------------------------------------------------------------- rewards, penalties
def reward(cl: Clauses, head: Head) -> None:
    """奖励 and 处罚: whether it holds, the amount, the measures."""
    clause, lines = head.clause, head.lines
    conditions = cl.conditions(head, clause.formula)
    quota, ranking, capped = lines.one(n.Quota), lines.one(n.Ranking), lines.one(n.Capped)
    amount, found = by_rank(cl, head, conditions, ranking) if ranking is not None else amount_of(cl, head)
    if ranking is not None:
        tabled(cl, head)
        for other in (quota, lines.field("amount"), lines.one(n.Steps)):
            if other is not None:
                told_twice(cl, ranking, other)
    if found is not None:
        conditions = both(conditions, found)
    if quota is not None:
        conditions = with_quota(cl, head, conditions, quota)
    budget, pool = lines.one(n.Budget), lines.field("pool")
    parts: tuple[c.Part, ...] = ()
    shared = None
    if pool is not None:
        for beside in (lines.field("amount"), lines.field("base"), clause.table, quota, ranking, budget):
            if beside is not None:
                told_twice(cl, pool, beside)
        shared = pooled(cl, head, conditions, pool)
    elif (line := lines.one(n.Share) or lines.one(n.Rounded)) is not None:
        cl.low.problem("POL402", line.span, read=cl.low.text(line.span)[:30], line="pool")
    if shared is not None:
        conditions, amount, parts = shared.holds, shared.given, shared.parts
    if budget is not None and amount is None:
        cl.low.problem("POL402", budget.span, read=cl.low.text(budget.span)[:30], line="amount")
    elif budget is not None and amount is not None:
        if quota is not None:
            told_twice(cl, budget, quota)
        amount = with_exceptions(cl, head, limits(cl, head, amount))
        drawn_ = drawn(cl, head, conditions, amount, budget)
        conditions, amount, parts = drawn_.holds, drawn_.given, drawn_.parts
    if capped is not None and lines.one(n.Periods) is None:
        code = "POL550" if isinstance(capped.length, n.Name) else "POL475"  # of a customer, or of a stretch of time
        cl.low.problem(code, capped.span, read=cl.low.text(capped.span)[:30])
    by_periods = head.over is not None and lines.one(n.Periods) is not None
    over = periods.over_by(cl.low.lists[head.over or ""]) if by_periods else None
    earned = None
    if over is not None:
        earned = cl.define(clause.name, "candidate", cl.gated(head, conditions, no()), head, of="earned")
    holds = cl.define(clause.name, "holds", both(over, earned or cl.gated(head, conditions, no())), head)
    transfer = lines.field("transfer")
    if transfer is not None:
        amount = slots.placed(cl.low, "transfer", cl.expr.value(transfer.value, head.where))
    value: c.AnyTerm = holds
    if amount is None and lines.one(n.Exception_) is not None:
        amount = const(Fraction(0), MONEY)
    if amount is not None:
        if clause.kind == "penalty" and exchanged(cl, head):
            # the record that completes a conversion is exchanged for the derived one: it has no amount of its own
            completes = read(head.over or "", c.COMPLETES, YESNO, clause.name_span)
            amount = choose([(completes, const(Fraction(0), amount.kind))], amount, amount.kind, clause.name_span)
        below = lines.one(n.Below)
        if budget is None and pool is None:
            carried = over is not None and capped_late(head)
            amount = with_exceptions(cl, head, limits(cl, head, amount, ("floor",) if carried else ("cap", "floor")))
        zero = const(Fraction(0), amount.kind)
        term: c.AnyTerm = cl.payable(choose([(earned or holds, amount)], zero, amount.kind, clause.name_span))
        if (less := lines.field("less")) is not None:
            term, off = slots.alike(cl.low, term, cl.expr.value(less.value, head.where), less.span)
            term = cl.payable(apply("-", term, cl.gated(head, off, zero), kind=term.kind, at=less.span))
        if below is not None and over is None and below.how == "carry":
            cl.low.problem("POL525", below.span, read=cl.low.text(below.span)[:30])
        elif below is not None and over is None and below.how == "zero":
            term = apply("max", term, zero, kind=zero.kind, at=below.span)
        if (each := lines.one(n.CapEach)) is not None and (beside := budget or pool) is not None:
            told_twice(cl, each, beside)
        elif each is not None:
            term, parts = capped_each(cl, head, term)
        if over is not None:
            term, more = by_period(cl, head, term, over)
            parts = (*more, *parts)
        value = cl.define(clause.name, "value", term, head)
        if transfer is None and value.kind.base == "money":
            cl.low.amounts.setdefault(clause.kind, []).append(clause.name)
    else:
        if (less := lines.field("less")) is not None:
            cl.low.problem("POL402", less.span, read=cl.low.text(less.span)[:30], line="amount")
        cl.parts[c.Name(clause.name)] = holds.name
    parts = (*parts, *paid_out(cl, head, value if isinstance(value, c.Use) else holds, holds))
    state = states(cl, head, [(apply("not", over), "pending"), (holds, "yes")], "no") if over is not None else None
    cl.report(
        head, value, holds=holds, state=state, effects=effects_of(cl, head, holds), parts=parts,
        bearer=party_of(cl, head, "bearer"), favour=party_of(cl, head, "favour"),
    )


def by_period(cl: Clauses, head: Head, amount: c.AnyTerm, over: c.AnyTerm) -> tuple[c.AnyTerm, tuple[c.Part, ...]]:
    """What a period pays once it is over, after the caps of longer stretches; until then what it comes to so far."""
    name, kind, zero = head.clause.name, amount.kind, const(Fraction(0), amount.kind)
    parts, left = list[c.Part](), list[c.AnyTerm]()
    own = paid = cl.define(name, "own", amount, head)
    below, floor = head.lines.one(n.Below), head.lines.field("floor")
    if below is not None and floor is not None and isinstance(floor.value, n.Money):  # what is written without a minus
        cl.low.problem("POL537", floor.span, severity="warning", read=cl.low.text(floor.span)[:30])
    if below is not None:
        term, parts[:] = settled(cl, head, below, own)
        if capped_late(head):
            term = cl.payable(capped(cl, head, term))
        own = paid = cl.define(name, "own", term, head, of="carry")
    for i, (op, cap) in enumerate(periods.caps(cl, head.clause, head.lines.all(n.Capped)), 1):
        rest = periods.unspent(cl, head.clause, op, cap, paid)
        left.append(apply("max", zero, apply("-", rest, paid, kind=kind), kind=kind, at=cap.span))
        cut = cl.payable(apply("min", paid, rest, kind=kind, at=cap.span))
        paid = cl.define(name, "own", cut, head, of=str(i))
    if left:
        least = left[0] if len(left) == 1 else apply("min", *left, kind=kind)
        cl.parts[c.Name(name, "uncut")] = own.name
        parts += [c.Part("uncut", own), c.Part("room", cl.define(name, "room", least, head))]
    soon = choose([(over, nothing(kind))], paid, kind, head.clause.name_span)
    parts.insert(0, c.Part("so_far", cl.define(name, "so_far", soon, head)))
    return choose([(over, paid)], zero, kind, head.clause.name_span), tuple(parts)


def party_of(cl: Clauses, head: Head, key: str) -> c.AnyTerm | None:
    line = head.lines.field(key)
    return slots.placed(cl.low, key, cl.expr.value(line.value, head.where)) if line is not None else None


def amount_of(cl: Clauses, head: Head) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
    """The amount before limits, and (rate tables) whether a row fits."""
    lines, where, table = head.lines, head.where, head.clause.table
    fixed, base = lines.field("amount"), lines.field("base")
    tabled(cl, head)
    if (by_steps := lines.one(n.Steps)) is not None:
        return in_steps(cl, head, by_steps, "amount", table or fixed), None
    if fixed is not None:
        if table is not None:
            told_twice(cl, table, fixed)
        return slots.placed(cl.low, "amount", cl.expr.value(fixed.value, where)), None
    if table is None:
        if base is not None:
            cl.low.problem("POL402", base.span, read=cl.low.text(base.span)[:30], line="table")
        return None, None
    ordinal = lines.one(n.Window) is not None or occurs(table)
    if ordinal and (not table.rows or len(table.header) != 2):
        missing_table(cl, head, "2")
        return None, None
    if ordinal:
        return by_occurrence(cl, head, table), None
    if by_place(table) and cl.low.names.find(table.header[0].text) is None:
        cl.low.problem("POL402", table.header[0].span, read=table.header[0].text, line="ranking")
        return None, None
    return by_table(cl, head, table)


def in_steps(cl: Clauses, head: Head, line: n.Steps, gain: str, other: n.Node | None) -> c.AnyTerm:
    """每满 n，奖 m: so much for every whole part of the base. ``gain``: the slot of m; ``other``: what else says
    how much there is, if anything does."""
    low, base = cl.low, head.lines.field("base")
    if line.word != ("costs" if head.clause.kind == "penalty" else "earns"):
        low.problem("POL452", line.span, read=low.text(line.span)[:30], block=head.clause.kind)
    each = slots.placed(low, gain, cl.expr.value(line.gain, head.where))
    if other is not None:
        told_twice(cl, line, other)
    if base is None:
        low.problem("POL402", line.span, read=low.text(line.span)[:30], line="base")
        return each
    size = slots.placed(low, "steps.base", cl.expr.value(base.value, head.where))
    step = slots.placed(low, "steps", cl.expr.value(line.step, head.where))
    size, step = slots.alike(low, size, step, line.step.span)
    parts = apply("whole_div", size, step, kind=NUMBER, at=line.span)
    return apply("*", each, parts, kind=each.kind, at=line.span)


def by_occurrence(cl: Clauses, head: Head, table: n.RuleTable) -> c.AnyTerm:
    """次数 table: the amount by the ordinal of the record in its window."""
    clause, counted = head.clause, head.lines.one(n.Window)
    if head.over is None or counted is None:
        line = "each" if head.over is None else "window"
        cl.low.problem("POL402", clause.name_span, read=clause.name, line=line)
        return const(None, MONEY)
    if ragged(cl, table):
        return const(None, MONEY)
    name = counted.deadline.text
    symbol = cl.low.names.find(name)
    if symbol is None or c.Name(symbol.name, "start") not in cl.parts or cl.low.over.get(symbol.name) != head.over:
        cl.low.problem("POL416", counted.span, read=name)
        return const(None, MONEY)
    cl.low.names.used.add(symbol.name)
    start = cl.use(c.Name(symbol.name, "start"), head.where, counted.span)
    window = cl.use(c.Name(symbol.name), head.where, counted.span)
    ordinal = folds.ordinal(head.over, head.filter, start, window, converted=exchanged(cl, head), at=table.span)
    number = cl.define(clause.name, "ordinal", ordinal, head)
    arms: list[c.Arm] = []
    kind = MONEY
    for i, row in enumerate(table.rows):
        when = joined([cell_test(cl, number, row.cells[0], head.where)], row.span)
        amount = slots.placed(cl.low, "amount", result_cell(cl, row.cells[1], head.where))
        if arms:
            rules.same_currency(cl.low, kind, amount.kind, amount.at)
        kind = rules.merge(kind, amount.kind) if arms else amount.kind
        arms.append(c.Arm(when, amount, cl.line_origin(clause, row.span, row.cites, "row", i + 1)))
    open_ = c.NoValue("not_stated", "no_amount_for_ordinal", kind=kind, at=table.span)
    return c.Choose((*arms, c.Arm(yes(), open_)), kind=kind, at=table.span)


def exchanged(cl: Clauses, head: Head) -> bool:
    """Whether a 累计 counts the records of this block's ledger."""
    return head.over is not None and any(
        isinstance(b, n.Clause) and b.kind == "tally"
        and any(isinstance(x, n.Counting) and cl.expr.list_of(x.ledger) == head.over for x in b.lines)
        for b in cl.low.file.blocks
    )


def limits(cl: Clauses, head: Head, amount: c.AnyTerm, keys: tuple[str, ...] = ("cap", "floor")) -> c.AnyTerm:
    """上限 and 下限."""
    for key in keys:
        line = head.lines.field(key)
        if line is not None:
            limit = cl.expr.value(line.value, head.where)
            amount, limit = slots.alike(cl.low, amount, limit, line.span)
            amount = apply("min" if key == "cap" else "max", amount, limit, kind=amount.kind, at=line.span)
    return amount


def capped_late(head: Head) -> bool:
    """Whether 上限 takes from what is left after what was carried. Where something is taken off (冲减) it limits what
    that is taken from: what was paid before counts under it too."""
    below = head.lines.one(n.Below)
    return below is not None and below.how == "carry" and head.lines.field("less") is None


def capped(cl: Clauses, head: Head, paid: c.AnyTerm) -> c.AnyTerm:
    """What a period pays after what was carried into it, at most its 上限; an 例外 is not limited."""
    most = limits(cl, head, paid, ("cap",))
    instead = [cl.expr.condition(e.condition, head.where) for e in head.lines.all(n.Exception_)]
    return choose([(any_of(*instead), paid)], most, paid.kind, head.clause.name_span) if instead else most


def effects_of(cl: Clauses, head: Head, holds: c.Use) -> tuple[c.Effect, ...]:
    """措施, 可以, 可以择一, 至少一项, 不得, with what follows them."""
    measures = head.lines.all(n.Measures)
    later = tuple(m.text for line in measures if line.mode == "later" for m in line.names)
    for line in measures:
        if line.mode == "later":
            for m in line.names:
                if cl.low.names.find(m.text) is None:
                    cl.low.problem("POL415", m.span, read=m.text, suggestions=cl.near_measures(m.text))
                else:
                    cl.low.names.used.add(m.text)
    return tuple(
        cl.impose(head, MODALITY[line.mode], line.names, line.start, holds, line.cites, line.span, later)
        for line in measures
        if line.mode in MODALITY
    )


def restriction(cl: Clauses, head: Head) -> None:
    """限制."""
    holds = cl.define(head.clause.name, "holds", cl.gated(head, cl.conditions(head, head.clause.formula), no()), head)
    cl.parts[c.Name(head.clause.name)] = holds.name
    cl.report(
        head, holds, holds=holds, effects=effects_of(cl, head, holds), bearer=party_of(cl, head, "bearer")
    )


def rule(cl: Clauses, head: Head) -> None:
    """规则: consequences; with notes only, a recorded duty."""
    lines, clause = head.lines, head.clause
    given, measures = lines.all(n.Effect), lines.all(n.Measures)
    acts = bool(given) or any(m.mode in MODALITY for m in measures)
    asks = clause.formula is not None or any(lines.all(kind) for kind in (n.When, n.Items))
    if not acts and not asks:
        cl.low.results.append(
            Reported(
                clause.name, clause.alias, "rule", const(None, YESNO), head.origin, judged=False,
                bearer=party_of(cl, head, "bearer"),
            )
        )
        return
    effects: list[c.Effect] = []
    tests: list[c.AnyTerm] = []
    for i, line in enumerate(given):
        test = both(
            cl.noted(line.condition, head.where, line.cites, clause, "effect", i + 1),
            cl.conditions(unless_only(head)) if lines.one(n.Unless) is not None else None,
        )
        held = cl.define(clause.name, "effect", cl.gated(head, test, no()), head, of=str(i + 1))
        tests.append(held)
        later = tuple(name.text for m in measures if m.mode == "later" for name in m.names)
        effects.append(cl.impose(head, "must", line.measures, line.start, held, line.cites, line.span, later))
    if asks or not given:
        tests.append(cl.conditions(head, clause.formula))
    held_any = tests[0] if len(tests) == 1 else apply("or", *tests, at=clause.name_span)
    holds = cl.define(clause.name, "holds", cl.gated(head, held_any, no()), head)
    cl.parts[c.Name(clause.name)] = holds.name
    effects.extend(effects_of(cl, head, holds))
    cl.report(head, holds, holds=holds, effects=tuple(effects), bearer=party_of(cl, head, "bearer"))


def guarantee(cl: Clauses, head: Head) -> None:
    """保证: checked on every evaluation."""
    if head.clause.formula is None:
        cl.low.problem("POL402", head.clause.name_span, read=head.clause.name, line="formula")
        return
    term = cl.noted(head.clause.formula, Where(), head.clause.cites, head.clause, "when")
    use = cl.define(head.clause.name, "value", term, head)
    cl.report(head, use, holds=use)


__all__ = ["compute", "condition", "guarantee", "requirement", "restriction", "reward", "rule"]
