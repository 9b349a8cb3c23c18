"""Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policydsl.diagnostics import Language
from policydsl.render.encode import Json, encode
from policydsl.render.layout import pad
from policydsl.render.values import decimal_text
from policydsl.report import width
from policydsl.say import listed, say, word
from policydsl.testing.coverage import Coverage, Reached, Share, share

FORMAT = "policydsl.coverage/1"
STATES = {
    "rule": ("fired", "not_fired", "unknown"),
    "row": ("fired", "not_fired", "unknown"),
    "condition": ("yes", "no", "unknown"),
}
_MOST_TEXT = 72


def rules_and_rows(found: Sequence[Coverage]) -> tuple[Share, Share]:
    """What ``--fail-under`` looks at: rules that fire and rows that fire, of all files together."""
    rules = share([item for c in found for item in c.rules])
    return rules, share([item for c in found for item in c.rows])


def percent(part: Share) -> str:
    """In percent, one decimal, cut off: 89.96 % is not 90 %."""
    tenths = part.part.numerator * 1000 // part.part.denominator
    return f"{decimal_text(Fraction(tenths, 10), 1)}%"


def text(found: Sequence[Coverage], lang: Language) -> str:
    """A table for each file, then what is not covered, in the order of the text."""
    return "".join(line + "\n" for c in found for line in _of_file(c, lang))


def _of_file(c: Coverage, lang: Language) -> Iterator[str]:
    yield say("coverage.head", lang, file=c.file, count=c.cases)
    rows = []
    for level, items in (("rule", c.rules), ("row", c.rows), ("condition", c.conditions)):
        cells = [word("level", level, lang)]
        for state in STATES[level]:
            part = share(items, state)
            cells.append(f"{word('reached', state, lang)} {part.covered}/{part.total} {percent(part)}")
        rows.append(cells)
    wide = [max(width(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        yield "  " + "   ".join(pad(cell, w) for cell, w in zip(row, wide, strict=True)).rstrip()
    open_ = [i for i in (*c.rules, *c.rows, *c.conditions) if not i.covered]
    if open_:
        yield say("coverage.open", lang)
    for item in open_:
        yield _line(item, lang)


def _line(item: Reached, lang: Language) -> str:
    known = (*STATES[item.level], "overridden", "not_applicable")
    states = [word("reached", s, lang) for s in known if s in item.states]
    needed = STATES[item.level][:2 if item.level == "condition" else 1]
    lacks = listed((word("reached", s, lang) for s in needed if s not in item.states), lang)
    shown = item.text if len(item.text) <= _MOST_TEXT else item.text[:_MOST_TEXT] + "…"
    place, level = say("verdict.line", lang, line=item.at.line), word("one_level", item.level, lang)
    head = f"    {place} {level} {item.rule}" + (f" · {shown}" if item.level != "rule" else "")
    seen = listed(states, lang) or say("coverage.never", lang)
    return say("coverage.lacks", lang, head=head, lacks=lacks, seen=seen)


def json(found: Sequence[Coverage]) -> str:
    """Everything: each rule, row and condition with the states it was seen in."""
    rules, rows = rules_and_rows(found)
    return encode({
        "format": FORMAT,
        "rules": _share(rules), "rows": _share(rows),
        "files": [
            {
                "file": c.file, "cases": c.cases,
                "summary": {
                    name: {"total": len(items), "covered": share(items).covered,
                           **{_key(s): share(items, s).covered for s in STATES[level]}}
                    for name, level, items in (
                        ("rules", "rule", c.rules), ("rows", "row", c.rows), ("conditions", "condition", c.conditions),
                    )
                },
                "items": [_item(i) for i in (*c.rules, *c.rows, *c.conditions)],
            }
            for c in found
        ],
    }) + "\n"


def _key(state: str) -> str:
    return {"yes": "true", "no": "false"}.get(state, state)


def _share(part: Share) -> Json:
    return {"covered": part.covered, "total": part.total, "percent": percent(part)}


def _item(item: Reached) -> Json:
    return {
        "kind": item.level, "rule": item.rule, "row": item.row, "text": item.text, "covered": item.covered,
        "states": [_key(s) for s in sorted(item.states)],
        "at": {"file": item.at.file, "line": item.at.line, "column": item.at.column},
    }
