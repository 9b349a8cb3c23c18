"""The verdict as JSON, formats ``policydsl.verdict/1`` and ``policydsl.verdicts/1``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import assert_never

from policydsl.calendar import instant_text
from policydsl.clause_kinds import traits
from policydsl.core import Const, Header, Read
from policydsl.diagnostics import Language
from policydsl.domain import Possible, point
from policydsl.kinds import Duration, Exact, Kind, Period
from policydsl.place import Span
from policydsl.render.encode import Json, encode, number
from policydsl.render.periods import period_name
from policydsl.render.values import Writer
from policydsl.say import listed, names_of, say
from policydsl.verdict import (
    Aside, Entry, Finding, Judged, Measure, Missing, PartValue, Reading, ResultValue, Sum, Verdict, noted,
)

FORMAT = "policydsl.verdict/1"
FORMAT_MANY = "policydsl.verdicts/1"

_PLACES = {"number": 4}


def verdict_json(verdict: Verdict, lang: Language | None = None) -> str:
    """One verdict, as text ending in a line break."""
    return encode(verdict_data(verdict, lang)) + "\n"


def verdicts_json(verdicts: Sequence[Verdict], lang: Language | None = None) -> str:
    """A population, in the order of the sheets, as text ending in a line break."""
    return encode(verdicts_data(verdicts, lang)) + "\n"


def verdicts_data(verdicts: Sequence[Verdict], lang: Language | None) -> dict[str, Json]:
    return {"format": FORMAT_MANY, "verdicts": [verdict_data(v, lang) for v in verdicts]}


def verdict_data(verdict: Verdict, lang: Language | None) -> dict[str, Json]:
    writer = Writer.of(verdict.header, lang)
    out: dict[str, Json] = {
        "format": FORMAT,
        "policy": policy_json(verdict.header, verdict.digest),
        "party": verdict.party,
        "as_of": {"date": day_json(verdict.as_of), "from": verdict.as_of_from},
        "status": "determined" if verdict.determined else "undetermined",
        "results": {name: _result(result, writer) for name, result in in_turn(verdict)},
        "missing": [_missing(m) for m in verdict.missing],
    }
    if verdict.totals:
        out["rewards"] = [_total(one, writer) for one in verdict.totals]
    if verdict.remarks:
        out["remarks"] = list(verdict.remarks)
    if verdict.aside:
        out["set_aside"] = [aside_json(one) for one in verdict.aside]
    out["trace"] = [_entry(entry, writer) for entry in verdict.trace]
    return out


def _total(one: PartValue, writer: Writer) -> Json:
    """What all rewards of a currency come to, as far as it is known."""
    status: dict[str, Json] = {"status": "known" if one.value.known else "unknown"}
    return status | possible_json(one.value, one.kind, writer) | _unit(one.kind, writer)


def in_turn(verdict: Verdict) -> list[tuple[str, ResultValue]]:
    """The key results in their order, then the others in that of the policy."""
    return sorted(verdict.results.items(), key=lambda item: (item[1].key is None, item[1].key or 0))


def _missing(missing: Missing) -> Json:
    out: dict[str, Json] = {"fact": missing.fact, "wanted_by": list(missing.wanted_by)}
    if missing.parameter:
        out["parameter"] = True
    return out


def aside_json(one: Aside) -> dict[str, Json]:
    """What has not happened yet: a record, a field of one, or a fact, with its day."""
    out: dict[str, Json] = {"name": one.name}
    if one.list:
        out |= {"ledger": one.list, "record": one.record}
    return out | {"field": one.field, "date": day_json(one.day), "whole": one.whole}


def policy_json(header: Header, digest: str) -> Json:
    effective: dict[str, Json] = {"from": None, "to": day_json(header.effective_to)}
    match header.effective_from:
        case Const(value=date() as day):
            effective["from"] = day_json(day)
        case Read(name=name):
            effective["from_parameter"] = name
    out: dict[str, Json] = {
        "id": header.id, "title": header.title, "version": header.version, "effective": effective, "digest": digest,
    }
    if header.amended:
        out["amended"] = [
            {"id": a.id, "title": a.title, "from": day_json(a.start), "to": day_json(a.end)} for a in header.amended
        ]
    return out


def _result(result: ResultValue, writer: Writer) -> Json:
    out: dict[str, Json] = {"kind": traits(result.label).format or result.label}
    if result.alias:
        out["alias"] = result.alias
    if result.key is not None:
        out["key"] = result.key
    if result.nature:
        out["nature"] = result.nature
    out |= judged_json(result.total, writer)
    if result.items is not None:
        out["items"] = [_item(item, result, writer) for item in result.items]
    out["clauses"] = list(result.clauses)
    if result.remarks:
        out["remarks"] = [{"kind": r.kind, "text": r.text, "at": place_json(r.at)} for r in result.remarks]
    if result.unruled:
        out["unruled"] = list(result.unruled)
    out["at"] = place_json(result.at)
    return out


def _item(judged: Judged, result: ResultValue, writer: Writer) -> Json:
    key: dict[str, Json] = {"key": judged.record or ""}
    if period := period_name(result, judged.record, writer):
        key["period"] = period
    return key | judged_json(judged, writer)


def judged_json(judged: Judged, writer: Writer) -> dict[str, Json]:
    out: dict[str, Json] = {"status": judged.status}
    match judged.status:
        case "known":
            if judged.value.known:  # records that differ have no value together
                out |= _known(judged.value, judged.kind, writer)
        case "unknown":
            out |= _unknown(judged.value, judged.kind, writer)
            out |= _why(judged.missing, judged.reasons)
        case "conflict":
            out |= _unknown(judged.value, judged.kind, writer)
        case "not_applicable":
            pass
        case _:
            assert_never(judged.status)
    if judged.status != "not_applicable":
        if judged.holds is not None:
            out["holds"] = _truth(judged.holds)
        if judged.state is not None:
            out["state"] = _scalar(judged.state.value, Kind("choice"), writer) if judged.state.known else None
            if not judged.state.known:
                out["states"] = [str(v) for v in judged.state.values or ()]
    if judged.deemed:
        out["deemed"] = True
    if judged.measures:
        out["measures"] = [_measure(m, writer) for m in judged.measures]
    if judged.parts:
        out["parts"] = _parts(judged.parts, writer)
    for key, party in (("bearer", judged.bearer), ("in_favour_of", judged.favour)):
        if party is not None:
            out[key] = possible_json(party, Kind("text"), writer)
    if judged.ends_open:
        out["ends"] = _why(judged.ends_missing, judged.ends_reasons)
    return out


def _why(missing: Sequence[str], why: Sequence[str]) -> dict[str, Json]:
    """What is open waits for, and why it is."""
    out: dict[str, Json] = {"missing": list(missing)} if missing else {}
    reasons = _reasons(why)
    out["reason"] = reasons[0] if reasons else "missing" if missing else "not_computable"
    if len(reasons) > 1:
        out["reasons"] = list[Json](reasons)
    notes = [reason for reason in why if reason not in names_of("reason")]
    if notes:
        out["notes"] = list[Json](dict.fromkeys(noted(note)[0] for note in notes))
    places = [noted(note) for note in notes]
    where: list[Json] = [{"note": n, "rule": r, "clauses": list[Json](c)} for n, r, c in places if r]
    if where:
        out["noted_in"] = where
    return out


def _reasons(reasons: Sequence[str]) -> list[str]:
    """The reasons, the one to act on first."""
    return [reason for reason in names_of("reason") if reason in reasons]


def _truth(value: Possible) -> Json:
    return True if value.yes else False if value.no else None


def _measure(measure: Measure, writer: Writer) -> Json:
    out: dict[str, Json] = {"name": measure.name, "modality": measure.modality}
    out["clause_holds"] = {"yes": True, "no": False, "unknown": None}[measure.status]
    for key, day in (("from", measure.start), ("to", measure.end)):
        if day is not None:
            kind = Kind("date")
            out[key] = _scalar(day.value, kind, writer) if day.known else possible_json(day, kind, writer)
    if measure.afterwards:
        out["afterwards"] = list(measure.afterwards)
    out["clauses"] = list(measure.clauses)
    return out


def _read(read: Reading) -> dict[str, Json]:
    name: dict[str, Json] = {"name": read.name}
    return name | {"part": read.part} if read.part else name


def _entry(entry: Entry, writer: Writer) -> Json:
    out: dict[str, Json] = {"id": entry.id, "rule": entry.rule, "row": entry.row}
    if entry.label:
        out["label"] = entry.label
    if entry.record is not None:
        out["record"] = entry.record
    out["status"] = entry.status
    if entry.value is not None and (entry.value.known or entry.kind.base != "yesno"):
        known = entry.value.known
        out |= _known(entry.value, entry.kind, writer) if known else _unknown(entry.value, entry.kind, writer)
    out["reads"] = [
        _read(r) | ({"value": writer.exact(r.value.value, r.kind)} if r.value.known
                    else {"value": None, "possible": writer.possible(r.value, r.kind)})
        for r in entry.reads
    ]
    if entry.findings:
        out["conditions"] = [_finding(f, writer) for f in entry.findings]
    if entry.working is not None:
        out["working"] = sum_json(entry.working, writer)
    out["because"] = list(entry.because)
    out["clauses"] = list(entry.clauses)
    out["ruling"] = listed(entry.rulings, writer.lang, "semicolon") or None
    out["at"] = place_json(entry.at, column=True)
    return out


def sum_json(made: Sum, writer: Writer) -> dict[str, Json]:
    """How a value was worked out: what it is, what it came to, what it is made of."""
    out: dict[str, Json] = {"form": made.form}
    for key, text in (("name", made.name), ("record", made.record), ("text", made.text), ("label", made.label)):
        if text:
            out[key] = text
    if made.row is not None:
        out["row"] = made.row
    if made.form != "record":
        known = made.value.known
        out |= _known(made.value, made.kind, writer) if known else _unknown(made.value, made.kind, writer)
    if made.made_of:
        out["made_of"] = list(made.made_of)
    if made.left_out:
        out["left_out"] = [one.record for one in made.left_out]
        lacks: dict[str, Json] = {one.record: _finding(one.lacks, writer) for one in made.left_out if one.lacks}
        out |= {"lacks": lacks} if lacks else {}
    for key, said in (("maybe", made.maybe), ("more", made.more)):
        if said:
            out[key] = True
    if made.clauses:
        out["clauses"] = list(made.clauses)
    if made.at.line:
        out["at"] = place_json(made.at)
    if made.parts:
        out["parts"] = [sum_json(part, writer) for part in made.parts]
    if made.spans:
        out["spans"] = [sum_json(part, writer) for part in made.spans]
    return out


def _finding(finding: Finding, writer: Writer) -> Json:
    out: dict[str, Json] = {"text": finding.text, "status": finding.status, "op": finding.op}
    for key, value in (("actual", finding.actual), ("required", finding.required), ("gap", finding.gap)):
        if value is not None:
            out[key] = possible_json(value, finding.kind, writer)
    if finding.missing:
        out["missing"] = list(finding.missing)
    return out


def _parts(parts: Sequence[PartValue], writer: Writer) -> dict[str, Json]:
    """The further values of a result. What is late by less than a day is shown by the clock: 0 days read as in time."""
    by_clock = next((p.value.value for p in parts if p.name == "late_by" and p.value.known), None)
    out: dict[str, Json] = {}
    for part in parts:
        said: dict[str, Json] = possible_json(part.value, part.kind, writer)
        days = part.value.value if part.name == "days_late" and part.value.known else None
        if isinstance(by_clock, Duration) and isinstance(days, Duration) and by_clock.value and not days.value:
            shown = writer.lasting(point(by_clock), Kind("duration", unit=by_clock.unit))
            said = {"value": {"amount": number(days.value, 2), "unit": days.unit, "display": shown}}
        if part.most is not None:
            said["most"] = possible_json(point(part.most), part.kind, writer)
        out[part.name] = said
    return out


# ---------------------------------------------------------------------------------------------- values
def possible_json(value: Possible, kind: Kind, writer: Writer) -> dict[str, Json]:
    return _known(value, kind, writer) if value.known else _unknown(value, kind, writer)


def _known(value: Possible, kind: Kind, writer: Writer) -> dict[str, Json]:
    out: dict[str, Json] = {"value": _scalar(value.value, kind, writer)}
    return out | _unit(kind, writer) if isinstance(value.value, Fraction) else out


def _unknown(value: Possible, kind: Kind, writer: Writer) -> dict[str, Json]:
    """What is still possible: ``choices``, ``bounds`` (an end that is not reached says so; numbers to choose from
    have both), or nothing to say."""
    if value.values is not None:
        out: dict[str, Json] = {"choices": [_scalar(v, kind, writer) for v in value.values]}
        numbers = [v for v in value.values if isinstance(v, Fraction)]
        if numbers:
            ends: dict[str, Json] = {
                "min": _scalar(min(numbers), kind, writer), "max": _scalar(max(numbers), kind, writer)
            }
            out = {"bounds": ends} | out | _unit(kind, writer)
        return out
    if value.low is None and value.high is None:
        return {"none_possible": True} if value.none else {}
    bounds: dict[str, Json] = {
        "min": None if value.low is None else _scalar(value.low, kind, writer),
        "max": None if value.high is None else _scalar(value.high, kind, writer),
    }
    if value.low_open:
        bounds["min_excluded"] = True
    if value.high_open:
        bounds["max_excluded"] = True
    out = {"bounds": bounds}
    if value.none:
        out["none_possible"] = True
    if value.hull:
        out["hull"] = True
    return out | _unit(kind, writer) if isinstance(value.low, Fraction) or isinstance(value.high, Fraction) else out


def _scalar(value: Exact, kind: Kind, writer: Writer) -> Json:
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            scaled = value * 100 if kind.base == "percent" else value
            return number(scaled, _PLACES.get(kind.base, 2))
        case Duration():
            return {"amount": number(value.value, 2), "unit": value.unit, "display": writer.lasting(point(value), kind)}
        case date():
            return day_json(value)
        case Period():
            return {"from": day_json(value.first), "to": day_json(value.last), "display": writer.exact(value, kind)}
        case tuple():
            return list[Json](value)
        case _:
            assert_never(value)


def _unit(kind: Kind, writer: Writer) -> dict[str, Json]:
    match kind.base:
        case "money":
            code = kind.currency or writer.code
            out: dict[str, Json] = {"unit": say("unit.yuan", writer.lang) if code == "CNY" else code}
            if kind.tax:
                out["tax"] = kind.tax
            return out
        case "percent":
            return {"unit": "%"}
        case "points":
            return {"unit": say("unit.points", writer.lang)}
        case "count" if kind.unit:
            return {"unit": kind.unit}
        case _:
            return {}


def day_json(value: date | None) -> str | None:
    if isinstance(value, datetime):
        return instant_text(value, "T")
    return None if value is None else value.isoformat()


def place_json(at: Span, *, column: bool = False) -> Json:
    out: dict[str, Json] = {"file": at.file, "line": at.line}
    return out | {"column": at.column} if column else out
