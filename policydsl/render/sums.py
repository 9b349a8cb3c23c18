"""How a value was worked out, in words: one line for each step, the base with its records, the row, the rounding; of a
day what it is reckoned from, the length, the rest days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl import calendar
from policydsl.kinds import DATE, DAYS, TEXT, YESNO, Duration, Period
from policydsl.line_roles import line_role
from policydsl.members import dataclass, replace
from policydsl.render.outcome import plain_words
from policydsl.render.values import Writer
from policydsl.say import bracketed, listed, names_of, ordinal, say, word
from policydsl.verdict import Finding, Judged, LeftOut, Sum

MOST_SHOWN = 12  # records that one line tells
INLINE = frozenset({"+", "-", "*", "/", "short", "day_count", "shift", "back"})
MOST_HOLIDAYS = 4  # runs of days that one line tells; more say no more than that working days are counted
AGGREGATES = frozenset({"sum", "count", "mean", "largest", "smallest", "latest", "earliest", "distinct"})


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what it is called (``head``), what it comes to and of what, its clauses, how deep it stands."""

    depth: int
    head: str
    text: str
    made: Sum


def lines(made: Sum, writer: Writer) -> Iterator[Line]:
    """The steps of a working: the value itself first, then what its parts are made of; the last days of measures."""
    yield from _of_value(made, writer)
    for part in made.spans:
        yield from _below(part, 0, writer)


def _of_value(made: Sum, writer: Writer) -> Iterator[Line]:
    made = _plain(made)
    lang = writer.lang
    if made.form in RANKS:
        yield from RANKS[made.form](made, writer)
        return
    if made.form in ("debt", "due"):
        for part in made.parts:
            yield from _below(part, 0, writer)
        return
    yield Line(0, say("sum.working", lang), say("sum.equals", lang, parts=equation(made, writer)), made)
    for part in _told_below(made):
        yield from _below(part, 1, writer)


def _below(part: Sum, depth: int, writer: Writer) -> Iterator[Line]:
    inner = _plain(part)
    name = called(part, writer) or plain_words(inner.text if inner is not part else part.text)
    if part.record:
        name = _record(part, writer)
    if inner.form in ("row", "slice", "step"):
        name = listed([n for n in (name, row_name(inner, writer)) if n], writer.lang, "comma")
    value = _value(part, writer)
    shown = say("sum.result", writer.lang, value=value, parts=equation(inner, writer)) if inner.parts else value
    if inner.form == "step" or inner.parts and inner.form == "row" and equation(inner, writer) == value:
        shown = value
    yield Line(depth, name, shown, part if part.clauses else inner)
    for each in _told_below(inner):
        yield from _below(each, depth + 1, writer)


def _told_below(made: Sum) -> list[Sum]:
    """The parts that have more to tell than the line of the whole says; of what stands in that line their parts."""
    parts = [p for p in made.parts if p.form not in ("ordinal", "border")]
    if made.form in ("slices", "steps"):
        return [p for p in parts if p.form not in ("slice", "step") or p.value.values != (0,)]
    if made.form in ("slice", "step"):
        return []
    if made.form == "row" and parts and (inner := _plain(parts[0])).parts and not parts[0].name:
        return _told_below(inner)
    out: list[Sum] = []
    for part in parts:
        if _within_line(part) or _moved(made, part) or made.form in ("min", "max") and _by_line(made):
            out += _told_below(part)
        elif part.parts:
            out.append(part)
    return out


def _within_line(part: Sum) -> bool:
    """Whether a part stands in the line of the whole: the author has no words for it."""
    return part.form in INLINE and not part.name and not part.text and bool(part.parts)


def _moved(made: Sum, part: Sum) -> bool:
    """Whether a part is the day that gave way, in whose line it stands, whatever its own words."""
    moved = part.form in INLINE or part.form == "last_counting_first"
    return made.form == "roll_forward" and moved and not part.name and bool(part.parts)


def _by_line(made: Sum) -> bool:
    """Whether a line of its own says it (上限：3万元), not a word of a formula."""
    return "：" in made.text or ":" in made.text


def _plain(made: Sum) -> Sum:
    """What a named rule is made of."""
    while made.form == "rule" and made.parts:
        (made,) = made.parts
    return made


# ---------------------------------------------------------------------------------------------- one line
def equation(made: Sum, writer: Writer) -> str:
    """What a value is made of: 840万元 × 钻石奖励比例 1%."""
    made, lang = _plain(made), writer.lang
    if made.form in ("shift", "back"):
        return _moved_by(made, writer)
    if made.form in names_of("sum_mark"):
        said = _chain(made.form, [part for part in made.parts if part.form != "border"], writer)
        return listed([said, *_border(made, writer)], lang, "semicolon")
    match made.form:
        case "roll_forward":
            return _rolled(made, writer)
        case "last_counting_first":
            day, length = (operand(part, writer) for part in made.parts)
            return say("sum.from_itself", lang, day=day, length=length)
        case "row":
            value, *counted = made.parts
            inner = _plain(value)
            said = operand(value, writer) if value.name or not inner.parts else equation(inner, writer)
            return listed([said, *(_ordinal(c, writer) for c in counted)], lang, "semicolon")
        case "open":
            return listed(dict.fromkeys(operand(p, writer) for p in made.parts), lang, "or")
        case "short" if _by_line(made) and not made.parts[1].name:
            own, before = (_value(part, writer) for part in made.parts)
            return say("sum_of.carried", lang, own=own, before=before)
        case "min" | "max" if _by_line(made):
            return _limited(made, writer)
        case "short":
            return say("sum_of.short", lang, parts=_chain("-", made.parts, writer))
        case "look_up":
            return f"{made.label} {_value(made, writer)}"
        case "time_between":
            first, last = (writer.possible(p.value, p.kind) for p in made.parts)
            return say("sum.lasting", lang, first=first, last=last)
        case "day_count" | "days_between":
            first, last = (writer.possible(p.value, p.kind) for p in made.parts)
            return say("sum.days", lang, first=first, last=last)
        case "months_between" | "years_between" | "workdays_between":
            first, last = (writer.possible(p.value, p.kind) for p in made.parts)
            return word("sum_between", made.form.removesuffix("_between"), lang, first=first, last=last)
        case "share_of_period":
            return _share(made, writer)
        case "accrual":
            return _accrual(made, writer)
        case "whole_div":
            return _whole(made, writer)
        case "nth_day":
            period, number, what = (part.value.value if part.value.known else None for part in made.parts)
            which = word("nth", str(what), lang, number=number, nth=ordinal(Fraction(str(number)), lang, "value.nth"))
            return say("sum.nth_day", lang, period=_value(made.parts[0], writer), which=which)
        case "exchange":
            amount, rate, on = made.parts
            named = listed([rate.name, _value(on, writer), *made.clauses], lang, "comma")
            return bracketed(_chain("*", [amount, replace(rate, name="")], writer), named, lang)
        case "gross" | "net":
            mark, (amount, rate) = "*" if made.form == "gross" else "/", made.parts
            said = say("sum.taxed", lang, rate=operand(rate, writer))
            return say(f"sum_mark.{mark}", lang).join([_chain("*", [amount], writer), said])
        case "mod":
            return say("sum.left", lang, parts=_chain("/", made.parts, writer))
        case "round_to":
            value, unit, way = made.parts
            said = equation(value, writer) if _within_line(value) else operand(value, writer)
            mode = word("way", str(way.value.value), lang) if way.value.known else _value(way, writer)
            return say("sum.rounded", lang, value=said, unit=_value(unit, writer), way=mode)
        case "slices" | "steps":
            return _banded(made, writer)
        case "slice" | "step":
            return _band(made, writer)
        case form if form in AGGREGATES and (form not in ("latest", "earliest") or any(p.record for p in made.parts)):
            return _of_records(made, writer)
        case form:
            parts = listed([equation(p, writer) if _within_line(p) else operand(p, writer) for p in made.parts], lang)
            key = form if form in names_of("sum_of") else "other"
            return say(f"sum_of.{key}", lang, parts=parts) if made.parts else _value(made, writer)


def in_brief(made: Sum, writer: Writer) -> str:
    """How a day is reckoned, where there is no room for what the calendar makes of it."""
    made = _plain(made)
    if made.form == "roll_forward" and made.value.known:
        return say("sum.rolls", writer.lang, parts=in_brief(made.parts[0], writer))
    if made.form == "row" and len(made.parts) == 1 and not made.parts[0].name:
        return in_brief(made.parts[0], writer)
    return _chain("+" if made.form == "shift" else "-", made.parts, writer) if made.form in ("shift", "back") else (
        equation(made, writer) if made.parts else operand(made, writer))


def _moved_by(made: Sum, writer: Writer) -> str:
    """A day and the lengths that it is moved by; by working days also what of the calendar is not as every week."""
    said = _chain("+" if made.form == "shift" else "-", made.parts, writer)
    told = _holidays(made, writer)
    return bracketed(said, told, writer.lang) if told else said


def _rolled(made: Sum, writer: Writer) -> str:
    """A day that is moved off a rest day."""
    (day,) = made.parts
    said = equation(day, writer) if _moved(made, day) else operand(day, writer)
    if not (day.value.known and made.value.known):
        return say("sum.may_roll", writer.lang, parts=said)
    if _moved(made, day):
        said = say("sum.result", writer.lang, value=said, parts=_value(day, writer))
    return say("sum.rolled", writer.lang, parts=said, day=_value(made, writer))


def _holidays(made: Sum, writer: Writer) -> str:
    """Of working days that are counted: the holidays between, and the weekends that are worked."""
    begins, *lengths = made.parts
    ends = [part.value.value if part.value.known else None for part in (begins, made)]
    counted = [n.value.value for n in lengths if n.value.known]
    if not any(isinstance(n, Duration) and n.unit == "WD" for n in counted):
        return ""
    start, end = (day.date() if isinstance(day, datetime) else day for day in ends)
    if not isinstance(start, date) or not isinstance(end, date) or start == end:
        return ""
    one = timedelta(days=1)
    first, last = (start + one, end) if start < end else (end, start - one)  # the first day itself is not counted
    free, worked = ([_run(run, writer) for run in runs] for runs in calendar.uncommon(first, last))
    if len(free) + len(worked) > MOST_HOLIDAYS:
        return ""
    said = [say("sum.free", writer.lang, days=listed(free, writer.lang))] if free else []
    said += [say("sum.worked", writer.lang, days=listed(worked, writer.lang))] if worked else []
    return listed(said, writer.lang, "semicolon")


def _run(days: tuple[date, date], writer: Writer) -> str:
    first, last = (writer.exact(day, DATE) for day in days)
    return first if first == last else say("verdict.from_to", writer.lang, first=first, last=last)


def _chain(mark: str, parts: Sequence[Sum], writer: Writer) -> str:
    """The parts with a mark between; a negative number, or one of which only ends are known, in brackets."""
    said = []
    for part in parts:
        value, shown = part.value, operand(part, writer)
        bare = not value.known or isinstance(value.value, Fraction) and value.value < 0
        said.append(say("sum.inside", writer.lang, parts=shown) if bare and not _within_line(part) else shown)
    return say(f"sum_mark.{mark}", writer.lang).join(said)


def operand(part: Sum, writer: Writer) -> str:
    """A part as it stands in the line of the whole: with its name, where it has one."""
    name = called(part, writer)
    value = _value(part, writer)
    if _within_line(part):
        inner = equation(part, writer)
        return bracketed(value, inner, writer.lang) if part.form == "day_count" else say(
            "sum.inside", writer.lang, parts=inner)
    worded = part.text != value and part.form != "constant" and not set(part.text) & set(" （(，：:")
    if not name and part.text and worded:
        name = part.text
    return f"{name} {value}" if name else value


def called(part: Sum, writer: Writer) -> str:
    """The name of a rule or fact; of what a debt consists of the word for it."""
    if not part.name:
        return ""
    if part.label and part.form in ("rule", "fact"):
        return say("sum.part", writer.lang, name=part.name, part=word("part", part.label, writer.lang))
    return word("part", part.name, writer.lang)


def row_name(made: Sum, writer: Writer) -> str:
    """情形1, 例外2, or the first cell of a row: 钻石IVR 一行."""
    if made.label in names_of("role"):
        named = word("role", made.label, writer.lang)
        numbered = made.row is not None and not line_role(made.label).rest
        return say("mark.numbered", writer.lang, word=named, number=made.row) if numbered else named
    return say("sum.row", writer.lang, label=made.label)


def _accrual(made: Sum, writer: Writer) -> str:
    """The days of which interest runs, of how many a year has."""
    first, last, by = (writer.possible(p.value, p.kind) for p in made.parts)
    said = calendar.ACCRUALS.get(str(made.parts[2].value.value)) if made.parts[2].value.known else None
    share = made.value.value if made.value.known else None
    if said is None or not isinstance(share, Fraction):
        return say("sum.days", writer.lang, first=first, last=last)
    days, year = (writer.exact(Duration(n, "D"), DAYS) for n in (share * said[0], Fraction(said[0])))
    return say("sum.accrual", writer.lang, first=first, last=last, by=by, days=days, year=year)


def _share(made: Sum, writer: Writer) -> str:
    """The days that lie in a period, of how many it has."""
    lang, (first, last, within, way) = writer.lang, made.parts
    ends = [_value(p, writer) for p in (first, last)]
    ends = [
        end if p.value.known else say("sum.inside", lang, parts=end)
        for end, p in zip(ends, (first, last), strict=True)
    ]
    how = word("way", str(way.value.value), lang) if way.value.known else _value(way, writer)
    said = say("sum.share", lang, first=ends[0], last=ends[1], period=_value(within, writer), way=how)
    share, period = (p.value.value if p.value.known else None for p in (made, within))
    if not isinstance(period, Period) or not isinstance(share, Fraction):
        return said
    whole = calendar.period_days(period, str(way.value.value))
    days, all_ = (writer.exact(Duration(Fraction(n), "D"), DAYS) for n in (share * whole, whole))
    return say("sum.shared", lang, parts=said, days=days, whole=all_)


def _whole(made: Sum, writer: Writer) -> str:
    """How often a step goes into a value, what that leaves and what is missing to once more."""
    lang, told = writer.lang, {part.form: _value(part, writer) for part in made.parts[2:]}
    said = [_chain("/", made.parts[:2], writer)]
    if "left" in told:
        said = [say("sum.parts", lang, parts=said[0], whole=_value(made, writer), rest=told["left"])]
    if "another" in told:
        said.append(say("sum.another", lang, gap=told["another"]))
    return listed(said, lang, "semicolon")


def _banded(made: Sum, writer: Writer) -> str:
    """The rows of a table of slices or steps that come to something, and the next border."""
    rows = [part for part in made.parts if part.form in ("slice", "step")]
    paid = [part for part in rows if part.value.values != (0,)] or rows[:1]
    said = say("sum_mark.+", writer.lang).join(
        _band(part, writer) if part.form == "slice" or len(paid) == 1 else _chain("+", [part], writer) for part in paid)
    return listed([said, *_border(made, writer)], writer.lang, "semicolon")


def _border(made: Sum, writer: Writer) -> Iterator[str]:
    """How far it is to the next band, and what is paid from there."""
    kind = made.form if made.form in names_of("border") else "whole"
    for part in made.parts:
        if part.form == "border":
            gap, (start, gain) = _value(part, writer), part.parts
            yield word("border", kind, writer.lang, gap=gap, at=operand(start, writer), gain=operand(gain, writer))


def _limited(made: Sum, writer: Writer) -> str:
    """What a line limits, and the line; what it would be without, where that is something else."""
    inner, *_ = made.parts
    of = _plain(inner)
    said = operand(inner, writer) if inner.name or not of.parts else equation(of, writer)
    if of.parts and not inner.name and inner.value != made.value:
        said = bracketed(_value(inner, writer), said, writer.lang)
    return listed([said, plain_words(made.text)], writer.lang, "semicolon")


def _band(made: Sum, writer: Writer) -> str:
    """A slice at its rate; what a step pays."""
    parts = [part for part in made.parts if part.form in ("slice_of", "rate")]
    return _chain("*", parts, writer) if parts else row_name(made, writer)


def _value(part: Sum, writer: Writer) -> str:
    said, value = writer.possible(part.value, part.kind), part.value.value if part.value.known else None
    if isinstance(value, Period) and value.grain.startswith("fiscal_"):  # few people know these by heart
        return bracketed(said, _run((value.first, value.last), writer), writer.lang)
    return said


def _record(part: Sum, writer: Writer) -> str:
    if part.made_of:
        names = listed(part.made_of, writer.lang)
        return say("sum.converted", writer.lang, record=part.record, names=names)
    return part.record


def _of_records(made: Sum, writer: Writer) -> str:
    """The records of an aggregate with their values, and those that do not count."""
    lang, counts = writer.lang, made.form in ("count", "distinct")
    if made.more and not made.parts and not made.left_out:
        return say("sum.unknown_records" if not made.value.known else "sum.too_many", lang)
    zeros = [p for p in made.parts if made.form == "sum" and p.value.known and p.value.value == 0 and not p.maybe]
    if zeros and len(zeros) == len(made.parts):
        together = say("sum.all_zero", lang, count=len(zeros))
        return listed([together, say("sum.unknown_records", lang)] if made.more else [together], lang, "semicolon")
    told = [p for p in made.parts if p not in zeros]
    names = []
    for part in told[:MOST_SHOWN]:
        bare = counts or part.form == "hidden"
        shown = _record(part, writer) if bare else f"{_record(part, writer)} {_value(part, writer)}"
        names.append(say("sum.maybe", lang, name=shown) if part.maybe else shown)
    together = say("sum_mark.+", lang).join(names) if made.form == "sum" else listed(names, lang)
    if len(told) > MOST_SHOWN:
        together = say("sum.many", lang, some=together, count=len(told))
    if not told:
        together = say("sum.none", lang, value=_value(made, writer))
    elif made.form in names_of("sum_of"):
        together = say(f"sum_of.{made.form}", lang, parts=together)
    more = [say("sum.zero", lang, count=len(zeros))] if zeros else []
    if made.left_out:
        shown = listed(_left_out(made.left_out[:MOST_SHOWN], writer), lang)
        if len(made.left_out) <= MOST_SHOWN:
            more.append(say("sum.left_out", lang, names=shown))
        else:
            more.append(say("sum.left_out_count", lang, names=shown, count=len(made.left_out)))
    if made.more:
        more.append(say("sum.unknown_records", lang))
    return listed([together, *more], lang, "semicolon")


def _left_out(records: Sequence[LeftOut], writer: Writer) -> list[str]:
    """The records that do not count, those that fail by the same together, and by what."""
    groups: dict[str, list[str]] = {}
    for one in records:
        groups.setdefault(_lacking(one.lacks, writer) if one.lacks is not None else "", []).append(one.record)
    shown = ((listed(names, writer.lang), why) for why, names in groups.items())
    return [bracketed(names, why, writer.lang) if why else names for names, why in shown]


def _lacking(finding: Finding, writer: Writer) -> str:
    text, subject = _unbracketed(plain_words(finding.text)), finding.subject
    if subject and not subject.startswith("@") and subject not in text:
        text = f"{subject} {text}"
    if not text:
        return ""
    if finding.actual is None:
        return say("sum.lacks", writer.lang, text=text)
    kind = YESNO if finding.actual.known and isinstance(finding.actual.value, bool) else finding.kind
    return say("sum.lacks_actual", writer.lang, text=text, value=writer.possible(finding.actual, kind))


def _unbracketed(text: str) -> str:
    """A condition without brackets around the whole of it."""
    inner = text[1:-1]
    whole = text[:1] in "（(" and text[-1:] in "）)" and not any(c in inner for c in "（(）)")
    return inner if text and whole else text


def _ordinal(made: Sum, writer: Writer) -> str:
    value, lang = _value(made, writer), writer.lang
    names = [say("sum.maybe", lang, name=_record(p, writer)) if p.maybe else _record(p, writer) for p in made.parts]
    if not names and made.more:
        return value  # too many to be told one by one
    if not names:
        return say("sum.first", lang, value=value) if made.value.known else value
    return say("sum.ordinal", lang, value=value, names=listed(names, lang))


def _quota(made: Sum, writer: Writer) -> Iterator[Line]:
    """The rank among the candidates, and who stands before."""
    lang, parts = writer.lang, {p.form if p.form in ("before", "not_after") else "": p for p in made.parts}
    before, level, places = parts.get("before"), parts.get("not_after"), _value(parts[""], writer)
    first = before or level
    if first is None:
        return
    ranked = before is not None and before.value.known and (level is None or level.value == before.value)
    if ranked and before is not None and isinstance(before.value.value, Fraction):
        said = say("sum.rank", lang, rank=before.value.value + 1, places=places)
    elif first.more and not first.parts:
        said = say("sum.ranked_with", lang, places=places)
    else:
        ahead, behind = _value(first, writer), _value(level or first, writer)
        said = say("sum.rank_open", lang, before=ahead, level=behind, places=places)
    yield Line(0, say("sum.working", lang), said, made)
    yield from _those_before(before or level, writer)


def _rank(made: Sum, writer: Writer) -> Iterator[Line]:
    """The rank, who stands before, and how far it is to the next place that gets something else."""
    lang, parts = writer.lang, {p.form: p for p in made.parts}
    before, level, beyond = parts["before"], parts["not_after"], parts.get("next")
    first, last = before.value, level.value
    if first.known and last.known and isinstance(first.value, Fraction) and isinstance(last.value, Fraction):
        said = ordinal(first.value + 1, lang, "value.place")
        if last.value > first.value:
            said = say("sum.level", lang, place=said, count=last.value - first.value + 1)
    else:
        said = say("sum.place_open", lang, before=_value(before, writer), level=_value(level, writer))
    if beyond is not None:
        place = ordinal(Fraction(beyond.row or 1), lang, "value.place")
        said = listed([said, say("sum.behind", lang, gap=_value(beyond, writer), place=place)], lang, "semicolon")
    yield Line(0, say("sum.working", lang), said, made)
    yield from _those_before(before, writer)


def _queue(made: Sum, writer: Writer) -> Iterator[Line]:
    """What is asked of a budget, and what those before ask."""
    asked, before = made.parts
    if before.form == "left":
        said = say("sum.turn", writer.lang, asked=_value(asked, writer), left=_value(before, writer))
        yield Line(0, say("sum.working", writer.lang), said, made)
        return
    said = say("sum.queue", writer.lang, asked=_value(asked, writer), before=_value(before, writer))
    yield Line(0, say("sum.working", writer.lang), said, made)
    yield from _those_before(before, writer)


def _pool(made: Sum, writer: Writer) -> Iterator[Line]:
    """How a pool is shared: in proportion, or so much for a unit of weight; the cap; what comes of it."""
    told = {part.form: _value(part, writer) for part in made.parts}
    shown = ("others", "each", "most", "given")
    said = [word("pool", form, writer.lang, **told) for form in shown if form in told]
    yield Line(0, say("sum.working", writer.lang), listed(said, writer.lang, "semicolon"), made)


def _unplaced(made: Sum, writer: Writer) -> Iterator[Line]:
    """Who has nothing to be ranked by stands nowhere."""
    yield Line(0, say("sum.working", writer.lang), say("sum.unplaced", writer.lang), made)


RANKS = {"pool": _pool, "unplaced": _unplaced, "quota": _quota, "rank": _rank, "queue": _queue}


def _those_before(shown: Sum | None, writer: Writer) -> Iterator[Line]:
    """Who stands before, each with what it is ranked by."""
    lang = writer.lang
    if shown is not None and shown.parts:
        names = [f"{p.record} {_value(p, writer)}" for p in shown.parts[:MOST_SHOWN]]
        text = listed(names, lang)
        if len(shown.parts) > MOST_SHOWN:
            text = say("sum.many", lang, some=text, count=len(shown.parts))
        yield Line(1, "", say("sum.before", lang, value=_value(shown, writer), names=text), shown)


def parties(judged: Judged, writer: Writer) -> str:
    """Who pays, and who is paid."""
    said = []
    if judged.bearer is not None:
        said.append(say("verdict.bearer", writer.lang, party=writer.possible(judged.bearer, TEXT)))
    if judged.favour is not None:
        said.append(say("verdict.favour", writer.lang, party=writer.possible(judged.favour, TEXT)))
    return listed(said, writer.lang, "comma")


__all__ = ["Line", "called", "equation", "lines", "parties", "row_name"]
