"""The start of a register, from the citations that a policy already has."""

from __future__ import annotations

import json

from policydsl.accounting.carriers import Carrier, carriers
from policydsl.diagnostics import Language
from policydsl.engine import Policy
from policydsl.say import say

_KINDS = {"fact": "fact", "field": "fact", "data": "fact", "parameter": "parameter", "parameters": "parameter",
          "table": "table", "ledger": "fact"}


def template(policy: Policy, lang: Language | None = None) -> str:
    """A register with one entry for each clause that the policy cites, in the order of the ids; its texts are to be
    written, and so is every clause that nothing cites yet."""
    header = policy.program.header
    shown = lang or header.dialect
    recorded = frozenset(result.name for result in policy.program.results if not result.judged)
    cited: dict[str, list[Carrier]] = {}
    for carrier in carriers(policy.file, recorded):
        cited.setdefault(carrier.id, []).append(carrier)
    lines = [say("register.head", shown), f"policy: {_quoted(header.id)}", f"source: {_quoted(header.source)}"]
    lines.append("clauses:" if cited else "clauses: []")
    for word in sorted(cited, key=_natural):
        found = cited[word]
        place = next((" ".join(c.cite.split()[1:]) for c in found if len(c.cite.split()) > 1), word)
        names = list(dict.fromkeys(c.name.split(" · ")[-1] for c in found if c.name and c.role != "example"))
        lines += [
            f"  - id: {_quoted(word)}",
            f"    place: {_quoted(place)}",
            f"    text: {_quoted(say('register.text', shown))}",
            f"    carried: {_carried(found)}",
            f"    by: [{', '.join(_quoted(name) for name in names)}]",
        ]
    return "\n".join(lines) + "\n"


def _carried(found: list[Carrier]) -> str:
    kinds = [c for c in found if c.role == "rule"]
    if not kinds:
        return "note"
    return next(("rule" for c in kinds if c.kind not in _KINDS), _KINDS.get(kinds[0].kind, "rule"))


def _quoted(text: str) -> str:
    """A scalar that YAML reads as this text: JSON's double quotes are YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _natural(word: str) -> tuple[tuple[int, int, str], ...]:
    """ALI-9 before ALI-10."""
    parts: list[tuple[int, int, str]] = []
    run, digit = "", False
    for char in word + "\0":
        now = char.isascii() and char.isdigit()
        if run and now != digit:
            parts.append((0, int(run), "") if digit else (1, 0, run))
            run = ""
        run, digit = run + char, now
    return tuple(parts)
