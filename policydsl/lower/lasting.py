"""随时间: a fact that is one thing after the other, and 持续自: since when it has been so without a break.

A sheet gives one value, which is that of every day, or rows: from when, to when (无: still), the value. The rows are a
list of the name of the fact, and the fact is worked out from them: policies read it, also under 于, like any other.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.diagnostics import LANGUAGES
from policydsl.kinds import DATE, TEXT, YESNO, Duration, Kind
from policydsl.lower.build import apply, both, choose, const, negate, nothing, read, today
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.walk import every, rebuilt

# What the columns are called in the language of a policy; those of the other are their aliases.
COLUMNS = dict(zip(LANGUAGES, (("自", "至", "值"), ("from", "to", "value")), strict=True))


def no_rows(low: Lowering, d: n.Declaration) -> None:
    """A parameter has 自 … 起, and a record stands on a day of its own: only a fact of the party is over time."""
    if d.over_time is not None:
        low.problem("POL530", d.over_time, read=d.name)


def rows_of(low: Lowering, d: n.Declaration, decl: c.InputDecl) -> c.ListDecl:
    """The list of the rows of a fact."""
    first, last, value = COLUMNS[low.file.dialect]
    aliases = next(words for code, words in COLUMNS.items() if code != low.file.dialect)
    at = d.name_span
    since = c.Bound(c.Read(d.name, first, kind=DATE, at=at), ">=", None, "<=", at)
    fields = (
        c.InputDecl(first, aliases[0], DATE, at),
        c.InputDecl(last, aliases[1], DATE, at, optional=True, ranges=(since,)),
        replace(decl, name=value, alias=aliases[2]),
    )
    return c.ListDecl(d.name, d.alias, "sheet", fields, at, default_none=d.default is not None, of=d.name)


def over_time(low: Lowering, d: n.Declaration) -> None:
    """A fact worked out from its rows: the value of the row that holds the day. Rows overlap in no sheet, so a row
    whose end is not told ends before the next one begins at the latest."""
    decl, name, at = low.inputs[d.name], d.name, d.name_span
    if decl.derived is not None:
        low.problem("POL531", d.over_time or at, read=name)
    rows = low.lists[name]
    first, last, value = rows.fields
    low.lists[name] = replace(rows, fields=(first, last, replace(
        value, ranges=decl.ranges, within=decl.within, optional=decl.optional
    )))
    origin = c.Origin(name, decl.clauses, at)
    begun = apply("<=", _cell(rows, 0), today(), at=at)
    until = apply("earliest", today(), _cell(rows, 1), kind=DATE, at=at)
    gone = apply("<=", _cell(rows, 1), _cell(rows, 0, 1), at=at)  # follows, and is known even if 自 is not
    later = both(apply("<", _cell(rows, 0, 1), _cell(rows, 0), at=at), begun, negate(gone))
    covers = both(
        begun, apply("=", until, today(), at=at), negate(c.Over("any", name, None, later, kind=YESNO, at=at)), at=at
    )
    low.terms[c.Name(name, "covers")] = c.Definition(c.Name(name, "covers"), covers, origin, name)
    row = _row(name)
    term: c.AnyTerm = c.Over("values", name, _cell(rows, 2), row, kind=decl.kind, at=at)
    if not decl.optional:
        term = _told(term, name, at)
    if decl.optional or decl.default is not None:
        otherwise = decl.default if decl.default is not None else _told(nothing(decl.kind), name, at)
        term = choose([(c.Over("any", name, None, row, kind=YESNO, at=at), term)], otherwise, decl.kind, at)
    low.terms[c.Name(name)] = c.Definition(c.Name(name), term, origin)
    made = c.Use(c.Name(name), kind=decl.kind, at=at)
    low.inputs[name] = replace(decl, default=made) if decl.default is not None else replace(decl, derived=made)


def held_since(low: Lowering, condition: c.AnyTerm, at: Span) -> c.AnyTerm:
    """The first day of the run of rows without a break, up to the evaluation date, in which a condition holds; 无 if it
    does not hold. It is a condition of one fact over time, and of nothing else."""
    reads = {(t.list, t.name) for t in every(condition) if isinstance(t, c.Read)}
    (of, name), *more = sorted(reads) or [("", "")]
    plain = all(isinstance(t, c.Read | c.Apply | c.Const) for t in every(condition))
    rows = low.lists.get(name)
    if of or more or not plain or rows is None or rows.of != name:
        if not any(p.span == condition.at for p in low.problems[-1:]):  # that it is no condition is told already
            low.problem("POL532", at, read=low.text(at))
        return nothing(DATE)

    def there(up: int = 0) -> c.AnyTerm:
        """The condition of a row."""
        cells = {id(t): replace(_cell(rows, 2, up), at=t.at) for t in every(condition) if isinstance(t, c.Read)}
        made: c.AnyTerm = rebuilt(condition, cells)
        return made

    a_day = const(Duration(Fraction(1), "D"), Kind("duration", unit="D"))
    eve = apply("back", _cell(rows, 0, 1), a_day, kind=DATE, at=at)
    touching = both(there(), apply("=", _cell(rows, 1), eve, at=at))
    begins = both(
        there(), apply("<=", _cell(rows, 0), today(), at=at),
        negate(c.Over("any", name, None, touching, kind=YESNO, at=at)),
    )
    covered = c.Over("any", name, None, _row(name), kind=YESNO, at=at)
    return choose(
        [(negate(condition), nothing(DATE)),
         (covered, c.Over("latest", name, _cell(rows, 0), begins, kind=DATE, at=at))],
        _told(nothing(DATE), name, at), DATE, at,
    )


def _cell(rows: c.ListDecl, place: int, up: int = 0) -> c.Read:
    """A cell of a row in hand: from when, to when, the value."""
    cell = rows.fields[place]
    return read(rows.name, cell.name, cell.kind, rows.at, up)


def _row(name: str) -> c.Use:
    """Whether a row holds the day."""
    return c.Use(c.Name(name, "covers"), name, kind=YESNO)


def _told(value: c.AnyTerm, name: str, at: Span) -> c.AnyTerm:
    """What a row tells of the day; without one, nothing is told of it."""
    return apply("told", value, today(), const(name, TEXT), kind=value.kind, at=at)


__all__ = ["held_since", "no_rows", "over_time", "rows_of"]
