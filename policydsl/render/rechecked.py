"""What came of checking a verdict's proof again, for people: each fault at its step, in the words of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any
from unicodedata import category

from policydsl.diagnostics import Language
from policydsl.kinds import NUMBER, Duration
from policydsl.recheck.check import BROKEN, Check, Fault
from policydsl.recheck.document import Report
from policydsl.recheck.exact import Length, Period, Value
from policydsl.recheck.hull import Open
from policydsl.render.values import Writer
from policydsl.say import headed, listed, say, word

MOST_SHOWN, MOST_SAID = 20, 1_000


def rechecked(report: Report, lang: Language, *, alone: bool, left_out: Sequence[str] = ()) -> str:
    """The report as text. ``alone``: neither the policy nor a sheet was at hand; ``left_out``: results of the policy
    that the verdict is silent on."""
    count = len(report.faults)
    if report.holds:
        out = [say("rechecked.holds", lang, steps=report.steps), *([] if alone else [say("rechecked.same", lang)])]
    else:
        out = [say("rechecked.fails", lang, count=count)]
        out += [f"  {one_line(told(fault, report.check, lang))}" for fault in report.faults[:MOST_SHOWN]]
        out += [f"  {say('rechecked.more', lang, count=count - MOST_SHOWN)}"] if count > MOST_SHOWN else []
    out += [say("rechecked.left_out", lang, names=listed(left_out, lang))] if left_out else []
    trusted = [
        say("rechecked.some", lang, what=word("trusted", what, lang), count=times)
        for what, times in report.trusted.items()
    ]
    if trusted and (alone or not report.holds):
        out.append(say("rechecked.trusted", lang, names=listed(trusted, lang)))
    out += [say("rechecked.alone", lang)] if alone and report.holds else []
    return "\n".join(out) + "\n"


def one_line(text: str) -> str:
    """Texts of a file that may be forged, without what would rewrite the lines around them, and no longer than one."""
    seen = (c if c.isprintable() or category(c) == "Zs" else "\N{REPLACEMENT CHARACTER}" for c in text[:MOST_SAID])
    return "".join(seen) + ("…" if len(text) > MOST_SAID else "")


def told(fault: Fault, check: Check | None, lang: Language) -> str:
    """A fault as one line: where it is, and what is wrong."""
    said = {name: shown(value, lang) for name, value in fault.said.items()}
    text = word("fault", fault.what, lang, **said)
    where = said.get("rule", "")
    if check is not None and not where:
        with suppress(*BROKEN):  # of what is no proof not even the places can be told
            where = place(fault, check, lang)
    where = " ".join(filter(None, (said.get("party", ""), where)))
    return headed(where, lang, text) if where else text


def place(fault: Fault, check: Check, lang: Language) -> str:
    """The line of a step, the author's words, the clauses, the record in hand; a step without words of its own goes by
    those of the first that rests on it."""
    if fault.template is None:
        return ""
    number, node = fault.template, fault.node
    while node is not None and "text" not in check.templates[number]:
        node = next((i for i, n in enumerate(check.nodes[node + 1 :], node + 1) if node in kids(n)), None)
        number = number if node is None else check.nodes[node][0]
    template = check.templates[number]
    file, line, _ = template.get("at", (0, 0, 0))
    cited = (template, *template.get("notes", ()))
    clauses = dict.fromkeys(clause for one in cited for clause in one.get("clauses", ()))
    here = None if fault.node is None else check.nodes[fault.node][1]
    records = [check.records[r] for r in check.places[here][1]] if here is not None else []
    return " ".join(filter(None, (
        check.proof["files"][file] if file else "",
        say("verdict.line", lang, line=line) if line else "",
        say("mark.quoted", lang, text=template["text"]) if "text" in template else "",
        "".join(say("mark.cited", lang, clause=clause) for clause in clauses),
        "/".join(key for of, key, _ in records if of and key),
    )))


def kids(node: list[Any]) -> list[Any]:
    """The numbers among what a node rests on."""
    return [n for kid in (node[3] if len(node) > 3 else ()) for n in (kid if isinstance(kid, list) else [kid])]


def shown(value: Value, lang: Language) -> str:
    """What a verdict or a proof says, in a line."""
    writer = Writer(lang)
    match value:
        case Open(values=None):
            ends = [shown(end, lang) if end is not None else "" for end in (value.low, value.high)]
            return "…".join(ends) if any(ends) else say("value.anything", lang)
        case Open():
            return "/".join(shown(v, lang) for v in value.values or ())
        case Length():
            return writer.exact(Duration(value.amount, value.unit), NUMBER)
        case Period():
            return f"{value.first}…{value.last}"
        case None | bool() | Fraction() | date():
            return writer.exact(value, NUMBER)
        case {"?": _}:
            return say("value.anything", lang)
        case dict():
            return listed((f"{key} {shown(inner, lang)}" for key, inner in value.items()), lang)
        case list() | tuple() | set() | frozenset():
            return "/".join(sorted(shown(v, lang) for v in value)) or say("value.none", lang)
        case _:
            return str(value)


__all__ = ["rechecked"]
