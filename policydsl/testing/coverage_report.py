"""Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policydsl.diagnostics import Language
from policydsl.render.encode import Json, encode
from policydsl.render.layout import pad
from policydsl.render.values import decimal_text
from policydsl.report import width
from policydsl.testing.coverage import Coverage, Reached, Share, share

FORMAT = "policydsl.coverage/1"
STATES = {
    "rule": ("fired", "not_fired", "unknown"),
    "row": ("fired", "not_fired", "unknown"),
    "condition": ("yes", "no", "unknown"),
}
_LEVELS = {"rule": ("规则", "rules"), "row": ("行", "rows"), "condition": ("条件", "conditions")}
_WORDS = {
    "fired": ("成立", "fired"), "not_fired": ("不成立", "not fired"), "unknown": ("未定", "unknown"),
    "yes": ("是", "true"), "no": ("否", "false"), "overridden": ("被取代", "superseded"),
    "not_applicable": ("不适用", "not applicable"),
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
    say = 0 if lang == "zh" else 1
    yield f"{c.file}：{c.cases} 个示例和测试达到的" if lang == "zh" else f"{c.file}: what {c.cases} cases reach"
    rows = []
    for level, items in (("rule", c.rules), ("row", c.rows), ("condition", c.conditions)):
        cells = [_LEVELS[level][say]]
        for state in STATES[level]:
            part = share(items, state)
            cells.append(f"{_WORDS[state][say]} {part.covered}/{part.total} {percent(part)}")
        rows.append(cells)
    wide = [max(width(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        yield "  " + "   ".join(pad(cell, w) for cell, w in zip(row, wide, strict=True)).rstrip()
    open_ = [i for i in (*c.rules, *c.rows, *c.conditions) if not i.covered]
    if open_:
        yield "  没有达到：" if lang == "zh" else "  not covered:"
    for item in open_:
        yield _line(item, say)


def _line(item: Reached, say: int) -> str:
    level = {"rule": ("规则", "rule"), "row": ("行", "row"), "condition": ("条件", "condition")}[item.level][say]
    states = [_WORDS[s][say] for s in (*STATES[item.level], "overridden", "not_applicable") if s in item.states]
    seen = ("、", ", ")[say].join(states) or ("从未判断", "never judged")[say]
    lacks = [_WORDS[s][say] for s in STATES[item.level][:2 if item.level == "condition" else 1] if s not in item.states]
    shown = item.text if len(item.text) <= _MOST_TEXT else item.text[:_MOST_TEXT] + "…"
    place = f"第{item.at.line}行" if say == 0 else f"line {item.at.line}"
    head = f"    {place} {level} {item.rule}" + (f" · {shown}" if item.level != "rule" else "")
    lack = ("缺 ", "never ")[say] + ("、", ", ")[say].join(lacks)
    return f"{head}{('：', ': ')[say]}{lack}{('（有 ', ' (seen: ')[say]}{seen}{('）', ')')[say]}"


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
