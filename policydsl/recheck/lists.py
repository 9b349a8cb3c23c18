"""Lists in a proof: their records, what is looked up in them, aggregates over them, and their running columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from policydsl.recheck.exact import (
    Length, OnTrust, Setting, Value, Wrong, lasting, read, same, shifted, size, sized, sort, text_key,
)
from policydsl.recheck.hull import (
    EITHER, NO, YES, Open, alike, apply, both, caused, interval, join, negate, one_of, point, read_open, typed,
)

if TYPE_CHECKING:
    from policydsl.recheck.check import Check, Node, Place

# A record that takes part in a scan, or may; by what it comes in turn, what it finds, what it leaves, and where it is.
Turn = tuple[Open, Open, int, dict[str, Any], "Place"]
SAME = point(Fraction(0))
# Records by their keys, with their places; beginnings (``*``), the longest first; those of which the key is not known.
Keys = tuple[dict[Value, tuple[int, int]], list[tuple[str, int]], list[tuple[int, int, Open]]]
MOST_MEANS, MOST_SET, MOST_PERIODS = 256, 32, 2_000


# ---------------------------------------------------------------------------------------------- records
def of_node(check: Check, node: Node) -> int:
    """The list that a node is about: of the name that the policy has there, for the place in hand."""
    return listed(check, node.about, node.template["list"], node.at, node.number)


def listed(check: Check, number: Any, name: str, at: Place, before: int) -> int:
    if type(number) is not int or not 0 <= number < len(check.lists):
        raise Wrong("list", claim=name)
    found, place = check.lists[number], check.only(at, None)
    if ("members", name) in check.roots:
        place = at
    elif name == "@population":
        place = (at[0], ())
    if found["list"] != name or check.places[found["place"]] != place:
        raise Wrong("list", claim=name)
    if "open" in found:
        check.wait(read_open(found["open"]))
    if number not in check.looked:
        check.looked.add(number)
        decided(check, found, place)
    return number


def decided(check: Check, found: dict[str, Any], at: Place) -> None:
    """Whether the records of a list that is not simply given are those that what decides it comes to."""
    keys = [check.records[r][1] for r in found["records"]]
    if "of" in found:
        chosen = check.root(None, found["of"], ("members", found["list"]), at)
        values = chosen.value if chosen.known else None
        said = [*map(str, values if type(values) is tuple else () if values is None else (values,))]
        if said != keys or chosen.known == ("open" in found):
            raise Wrong("records", claim=found["list"])
    if "periods" in found:
        parts = {
            name: check.root(None, number, ("periods", found["list"], name), at)
            for name, number in found["periods"].items()
        }
        if ("open" in found) != (not all(p.known for p in parts.values())):
            raise Wrong("records", claim=found["list"])
        if "open" not in found:
            given = {name: p.value for name, p in parts.items()}
            made = periods(at[0], given, found["clipped"], found["back"], check.s)
            if [str(days[0]) for days in made] != keys:
                raise Wrong("records", claim=found["list"])
            for record, each in zip(found["records"], made, strict=True):
                days = dict(zip(found["fields"], each, strict=False))
                if any(read(value) != days.get(name) for name, value in check.facts_of.get(record, {}).items()):
                    raise Wrong("records", claim=found["list"])


def periods(today: date, given: dict[str, Value], clipped: bool, back: int, s: Setting) -> list[tuple[Value, ...]]:
    """The periods begun by a day, from an anniversary to the eve of the next, or those of the calendar: the two days of
    each, where the whole of it begins, the one before, and the one a year before."""
    today, length, end, floor = plain(today), given["length"], given.get("until"), given.get("since")
    origin = given.get("start")
    if "start" in given and origin is None or clipped and (floor is None or end is not None and end < floor):
        return []
    months = length.amount * {"M": 1, "Q": 3, "Y": 12}.get(length.unit, 0)
    if origin is None:
        day = floor or today
        if not months:
            origin = day - timedelta(day.weekday() if length.unit == "W" else 0)
        else:
            wide = int(months)
            origin = date(day.year, (day.month - 1) // wide * wide + 1 if wide <= 12 else 1, 1)
    out = list[tuple[Value, ...]]()
    own = 0
    while "start" in given and floor is not None and own < MOST_PERIODS and shifted(
        origin, Length(length.amount * (own + 1), length.unit), 1, s
    ) <= floor:
        own += 1
    for turn in range(own - back, own - back + MOST_PERIODS):
        s.count()
        here, following, before = (
            shifted(origin, Length(length.amount * n, length.unit), 1, s) for n in (turn, turn + 1, turn - 1)
        )
        past = end is not None and (here > end or not clipped and turn > own and here == end)
        if here > today or past:
            break
        first, last = here, following - timedelta(1)
        if clipped:
            first, last = max(first, floor), last if end is None else min(last, end)
        elif end is not None and end <= following:
            last = end
        ago = None
        if months and 12 % months == 0:
            ago = shifted(origin, Length(length.amount * (turn - 12 / months), length.unit), 1, s)
        out.append((first, last, here, before, ago))
    return out


def plain(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def candidates(
    check: Check, number: int, key: Open, template: dict[str, Any], kids: Sequence[Any]
) -> list[int | None]:
    """The records that a look-up may come to; None: no record."""
    found = check.lists[number]
    if key.values is None:
        if len(kids) < len(found["records"]):
            raise Wrong("row")
        every = list[int | None](found["records"])
        return every if every and template["within"] and not key.none else [*every, None]
    stated = [v for v in key.values if v is not None or template["otherwise"]]
    return [*dict.fromkeys(record for v in stated for record in with_key(check, number, v))]


def with_key(check: Check, number: int, wanted: Value) -> list[int | None]:
    """The records whose key may be the value, up to the first of which it is; else that with the longest beginning."""
    if number not in check.keys:
        exact: dict[Value, tuple[int, int]] = {}
        beginnings, unknown = [], []
        found = check.lists[number]
        for place, (record, key) in enumerate(zip(found["records"], map(read_open, found["keys"]), strict=True)):
            value = key.value if key.known else None
            if not key.known:
                unknown.append((place, record, key))
            elif isinstance(value, str) and value.endswith("*"):
                beginnings.append((text_key(value[:-1]), record))
            else:
                exact.setdefault(lookup(value), (place, record))
        check.keys[number] = exact, sorted(beginnings, key=lambda b: -len(b[0])), unknown
    exact, beginnings, unknown = check.keys[number]
    text = text_key(wanted) if isinstance(wanted, str) else ""
    begun = next((record for begin, record in beginnings if text and text.startswith(begin)), None)
    end, last = exact.get(lookup(wanted), (len(check.lists[number]["records"]), begun))
    maybe = [
        (record, key) for place, record, key in unknown if place < end and (
            key.values is None or any(lookup(v) == lookup(wanted) or str(v).endswith("*") for v in key.values)
        )
    ]
    for _, key in maybe:
        check.wait(key)
    return [*(record for record, _ in maybe), last]


def lookup(value: Value) -> Value:
    """What equal keys have in common."""
    if isinstance(value, str):
        return text_key(value)
    if isinstance(value, Length):
        least, most = lasting(value)
        return "Length", "s" if least == most else sort(value), least if least == most else size(value)
    return plain(value) if isinstance(value, date) else typed(value)


# ---------------------------------------------------------------------------------------------- aggregates
def over(check: Check, node: Node) -> Open:
    """An aggregate over the records that count and are selected."""
    template, number = node.template, of_node(check, node)
    found = check.lists[number]
    if [kids[0] for kids in node.kids] != found["records"]:
        raise Wrong("record", claim=found["list"])
    if "open" in found and "of" in found:
        raise OnTrust("open_choice", "decided")
    items = []
    for record, counted, where, value in node.kids:
        inner = (node.at[0], (*node.at[1], record))
        takes_part = taking(check, node, found["list"], counted, where, inner, None)
        if not takes_part.no:
            valued = check.kid(node, value, int(template["where"]), inner) if template["value"] else YES
            items.append((takes_part, valued))
    if "open" in found and "turned" in found and template["f"] == "count":
        raise OnTrust("conversions", "decided")
    parts = [check.templates[k] for k in template.get("k", [])][int(template["where"]):]
    return aggregate(check, template, items, parts[0] if parts else template, "open" in found)


def taking(
    check: Check, node: Node | None, name: str, counted: Any, where: Any, inner: Place, key: tuple[Any, ...] | None
) -> Open:
    """Whether a record counts (仅计) and is selected: by what stands first in the node, or by a term with a name."""
    tests = []
    if ("only", name) in check.roots:
        tests.append(check.root(node, counted, ("only", name), check.only(inner, inner[1][-1])))
    if tests and tests[0].no:
        return tests[0]
    if node is not None and node.template["where"]:
        tests.append(check.kid(node, where, 0, inner))
    elif key in check.roots:
        tests.append(check.root(node, where, key, inner))
    return both(tests)


Item = tuple[Open, Open]  # whether it takes part, its value


def aggregate(check: Check, template: dict[str, Any], items: Sequence[Item], part: dict[str, Any], more: bool) -> Open:
    """``more``: there may be records that nobody has told of. It is in conflict only where all that is open of the
    records is."""
    made = aggregated(check, template, items, part, more)
    if made.known or template["f"] in ("any", "all"):
        return made
    open_ = [p for pair in items for p in pair if not p.known]
    return replace(made, conflict=not more and bool(open_) and all(p.conflict for p in open_))


def aggregated(check: Check, template: dict[str, Any], items: Sequence[Item], part: dict[str, Any], more: bool) -> Open:
    agg, anything, kind = template["f"], check.anything(template), part.get("kind", "yesno")
    values = [v for _, v in items]
    rest = [EITHER] if more else []
    sure = [v for t, v in items if t.yes]
    match agg:
        case "any":
            return one_of([*(both([t, v]) for t, v in items), *rest])
        case "all":
            return both([*(one_of([negate(t), v]) for t, v in items), *rest])
        case "count":
            return between(len(sure), None if more else len(items))
        case "values":
            some = [] if sure else [point(None)]
            return join([*values, *some, *([anything, point(None)] if more else [])])
        case "distinct":
            return distinct(items, more)
        case "sum":
            zero, (base, _, unit) = Fraction(0), kind.partition(":")
            total = nothing = point(Length(zero, unit or "D") if base == "duration" else zero)
            for t, v in items:
                v = without_none(v, nothing)
                v = v if t.yes else join([nothing, v])
                total = apply("+", [total, v], [kind, kind], (), anything, check.s)
            if more:
                raise OnTrust("more_records")
            return total
        case "mean":
            return mean(check, items, kind, anything, more)
    return extreme(check, template, items, part, more)


def between(low: int, high: int | None) -> Open:
    if high is None:
        return Open(None, Fraction(low))
    if high - low < MOST_SET:
        return Open(tuple(Fraction(n) for n in range(low, high + 1)))
    return interval(Fraction(low), Fraction(high))


def without_none(value: Open, instead: Open) -> Open:
    """无 is skipped."""
    if not value.maybe_none:
        return value
    kept = tuple(v for v in value.values or () if v is not None)
    if value.values is not None and not kept:
        return instead
    return join([Open(kept) if kept else Open(None, *value.ends), instead])


def distinct(items: Sequence[Item], more: bool) -> Open:
    sure, seen, unknown, some = dict[Value, list[Value]](), dict[Value, list[Value]](), 0, False
    for takes_part, value in items:
        if value.known and not value.nothing:
            for found in (sure, seen) if takes_part.yes else (seen,):
                among = found.setdefault(lookup(value.value), [])
                among += [value.value] if not any(same(value.value, v) for v in among) else []
        unknown += not value.known
        some = some or takes_part.yes and not value.maybe_none
    least, most = (sum(map(len, found.values())) for found in (sure, seen))
    return between(max(least, int(some)), None if more else most + unknown)


def stated(items: Sequence[Item]) -> tuple[list[Open], list[Open]]:
    """The values of those that surely take part and say something, and of those that may."""
    sure, maybe = list[Open](), list[Open]()
    for takes_part, value in items:
        if value.maybe_none:
            kept = tuple(v for v in value.values or () if v is not None)
            if kept or value.values is None:
                maybe.append(Open(kept) if kept else Open(None, *value.ends))
        else:
            (sure if takes_part.yes else maybe).append(value)
    return sure, maybe


def mean(check: Check, items: Sequence[Item], kind: str, anything: Open, more: bool) -> Open:
    sure, maybe = stated(items)
    if more or not sure:
        return anything
    if maybe and kind.startswith("duration"):
        raise OnTrust("mean")
    if not maybe:
        total = sure[0]
        for value in sure[1:]:
            total = apply("+", [total, value], [kind, kind], (), anything, check.s)
        return apply("/", [total, point(Fraction(len(sure)))], [kind, "number"], (), anything, check.s)
    tries = [v.values or () for v in sure] + [(None, *(v.values or ())) for v in maybe]
    many = 1
    for values in tries:
        many *= len(values)
    if not 0 < many <= MOST_MEANS or any(v.values is None for v in maybe):
        raise OnTrust("mean")
    chosen = [[v for v in one if v is not None] for one in product(*tries)]
    return join(point(summed(one) / len(one)) for one in chosen)


def summed(values: Sequence[Fraction]) -> Fraction:
    found = Fraction(0)
    for value in values:
        found = sized(found + value)
    return found


def extreme(check: Check, template: dict[str, Any], items: Sequence[Item], part: dict[str, Any], more: bool) -> Open:
    """The first or last of all; those that may take part may change it."""
    part = template if template.get("kind", "").startswith("choice") else part  # the order is that of the aggregate
    op = "max" if template["f"] in ("largest", "latest") else "min"
    kind, order, every = part.get("kind", "yesno"), check.order([part]), check.anything(part)

    def better(a: Open, b: Open) -> Open:
        return apply(op, [a, b], [kind, kind], order, every, check.s)

    sure, maybe = stated(items)
    if not sure:
        return point(None) if any(t.yes for t, _ in items) and not maybe and not more else every
    best = sure[0]
    if all(value.known for value in sure):  # of lengths of time not any two need be told apart
        best = apply(op, sure, [kind] * len(sure), order, every, check.s)
    else:
        for value in sure[1:]:
            best = better(best, value)
    for value in maybe:
        best = join([best, better(best, value)])
    if more and every.values is not None:
        return join([best, better(best, every)])
    if more:
        low, low_open, high, high_open = best.ends
        best = interval(low, None, low_open) if op == "max" else interval(None, high, False, high_open)
    return best


# ---------------------------------------------------------------------------------------------- running columns
def turned(check: Check, node: Node, record: int) -> Open:
    """What conversions give a record; of a list that has none, each comes in its own turn."""
    name, turn = node.template["name"], point(Fraction(check.records[record][2]))
    if name not in ("@row", "@turn", "@consumed", "@completes", "@made_by"):
        raise Wrong("fact", claim=name)
    at = check.only(node.at, record)
    if "turned" in check.lists[listed(check, node.about, node.template["list"], at, node.number)]:
        raise OnTrust("conversions", "decided")
    return {"@row": turn, "@turn": turn, "@completes": NO}.get(name, point(None))


def running(check: Check, node: Node, record: int) -> Open:
    """A running column: what its step gives a record; nothing, to one that takes no part."""
    scan = check.scans[node.about]
    name = check.lists[scan["list"]]["list"]
    around = node.at[1][: node.at[1].index(record)]
    whole = name == "@population"
    if whole:  # what is around does not matter: no step looks there
        around = check.places[scan["place"]][1]
    if ("" if whole else name) != node.template["list"] or check.places[scan["place"]] != (node.at[0], around):
        raise Wrong("list", claim=name)
    kids, asked = node.kids, ("scan", name, scan["scan"], "at")
    if asked in check.roots:  # one run for each value that is asked for
        value, kids = check.root(node, kids[0], asked, node.at), kids[1:]
        held = check.facts_of.get(around[-1], {}) if check.records[around[-1]][0] == "@state" else None
        if held is None or "@at" in held and not alike(read_open(held["@at"]), value):
            raise Wrong("state", claim=name)
    if node.about not in check.turns:
        check.turns[node.about] = {turn[0]: turn for turn in scan["turns"]}
        scanned(check, scan, name, (node.at[0], around), node.number)
    turn = check.turns[node.about][record]
    if not kids and len(turn) == 3:
        return check.anything(node.template)
    inner = (node.at[0], (*around, record, turn[4]))
    made = check.root(node, kids[0], ("scan", name, scan["scan"], "step", node.template["name"]), inner)
    counted = taking(check, None, name, turn[1], None, (node.at[0], (*around, record)), None)
    return made if counted.yes else caused(join([made, check.anything(node.template)]), [counted])


def scanned(check: Check, scan: dict[str, Any], name: str, at: Place, before: int) -> None:
    """Whether the records of a scan come in their order, each finding what those before it have left."""
    named, number = ("scan", name, scan["scan"]), listed(check, scan["list"], name, at, before)
    if {turn[0] for turn in scan["turns"]} != {*check.lists[number]["records"]}:
        raise Wrong("record", claim=name)
    begins = {of: (*named, "begin", of) for of in scan["start"] if (*named, "begin", of) in check.roots}
    begun = {of: check.root(None, n, begins.get(of, (*named, "start", of)), at) for of, n in scan["start"].items()}
    starts = {of: check.templates[check.roots[begins.get(of, (*named, "start", of))]] for of in begun}
    anything = {
        of: check.anything(starts[of]) if of in begins else some_of(value, starts[of].get("kind", ""))
        for of, value in begun.items()
    }
    grouped, taking_part = (*named, "group") in check.roots, list[tuple[Open, Turn]]()
    for record, counted, where, *turn in scan["turns"]:
        inner = (at[0], (*at[1], record))
        takes_part = taking(check, None, name, counted, where, inner, (*named, "where"))
        if takes_part.no == bool(turn):
            raise Wrong("record", claim=name)
        if turn:
            by, holder, left, *group = turn
            first = point(Fraction(check.records[record][2]))
            order = first if by is None else check.root(None, by, (*named, "by"), inner)
            own = check.root(None, group[0] if group else None, (*named, "group"), inner) if grouped else SAME
            taking_part.append((own, (takes_part, order, holder, left, inner)))
    besides = "open" in check.lists[number] or len(taking_part) > 1 and not all(own.known for own, _ in taking_part)
    groups = dict[Value | None, list[Turn]]()
    for own, one in taking_part:
        groups.setdefault(None if besides or not own.known else lookup(own.value), []).append(one)
    for members in groups.values():
        # in which order they come is not known, or not who comes besides: any of it may be left for each
        loose = besides or len(members) > 1 and not all(order.known for _, order, *_ in members)
        turns = [rank(order.values[0]) for _, order, *_ in members if order.values]
        if not loose and turns != sorted(turns):
            raise Wrong("turns", claim=name)
        state = anything if loose else begun
        for takes_part, _, holder, left, inner in members:
            at_turn = (at[0], (*inner[1], holder))
            made = {of: check.root(None, n, (*named, "step", of), at_turn) for of, n in left.items()}
            for which, value in check.facts_of.get(holder, {}).items():
                if not alike(read_open(value), state[which]):
                    raise Wrong("state", claim=name)
            if not loose:
                state = {
                    of: made[of] if takes_part.yes else caused(join([left_over, made[of]]), [takes_part])
                    for of, left_over in state.items()
                }


def some_of(start: Open, kind: str) -> Open:
    """What may be left of it: no record adds to an amount, or goes back in time."""
    low, low_open, high, high_open = start.ends
    timed = kind.startswith(("date", "instant", "duration"))
    return interval(low, None, low_open) if timed else interval(Fraction(0), high, False, high_open)


def rank(value: Value) -> tuple[bool, date, Fraction]:
    """By this turns come: days and instants by time, positions by number, what has none last."""
    if isinstance(value, Fraction):
        return False, date.min, value
    if not isinstance(value, date):
        return True, date.max, Fraction(0)
    clock = value.hour * 3600 + value.minute * 60 + value.second if isinstance(value, datetime) else 0
    return False, plain(value), Fraction(clock)
