"""Builds what is shipped as JSON: the parse table of the grammar, with Lark, and the data files of the package.

``python -m policydsl.text.build_tables`` writes ``tables.json``, and ``catalogue.json`` and ``words.json``.

Only this module knows Lark. States, rules and terminals are numbered by their names, so the same grammar gives the same
file on every machine.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import yaml
from lark import Lark
from lark.lexer import Lexer

from policydsl import datafiles
from policydsl.text.tables import END, FORMAT, SHIPPED, START, Tables, fingerprint, grammar_folder, serialize


def build(folder: Path) -> dict[str, Any]:
    """The whole content of ``tables.json``; the same on every run and machine."""

    class NoLexer(Lexer):
        def __init__(self, conf: object) -> None:
            pass

        def lex(self, lexer_state: object, parser_state: object) -> Any:
            raise NotImplementedError

    grammar = (folder / "policy.lark").read_text(encoding="utf-8")
    lark = Lark(grammar, parser="lalr", lexer=NoLexer, strict=True, start=START, maybe_placeholders=False)
    table = lark.parser.parser._parse_table
    states: dict[Any, dict[str, Any]] = table.states
    terminals = sorted({name for row in states.values() for name in row if _is_terminal(name)})
    order = _number(states, table.start_states[START])
    rules = sorted(
        {arg for row in states.values() for action, arg in row.values() if str(action) == "Reduce"}, key=_rule_key
    )
    rule_number = {rule: i for i, rule in enumerate(rules)}
    nonterminals = sorted({str(rule.origin.name) for rule in rules})
    term_number = {name: i for i, name in enumerate(terminals)}
    nonterm_number = {name: i for i, name in enumerate(nonterminals)}
    seen: dict[str, int] = {}
    rows: list[int] = []
    gotos: list[str] = []
    for state in order:
        groups: dict[int, list[int]] = {}
        goto: list[int] = []
        for name, (action, arg) in sorted(states[state].items()):
            if not _is_terminal(name):
                goto += [nonterm_number[name], order[arg]]
            else:
                number = order[arg] if str(action) == "Shift" else -1 - rule_number[arg]
                groups.setdefault(number, []).append(term_number[name])
        packed = ",".join(" ".join(map(str, (number, *terms))) for number, terms in sorted(groups.items()))
        rows.append(seen.setdefault(packed, len(seen)))
        gotos.append(" ".join(map(str, goto)))
    return {
        "format": FORMAT,
        "fingerprint": fingerprint(folder),
        "terminals": terminals,
        "nonterminals": nonterminals,
        "rules": [_rule_record(rule) for rule in rules],
        "final": order[table.end_states[START]],
        "rows": rows,
        "actions": list(seen),
        "goto": gotos,
        "keywords": yaml.safe_load((folder / "keywords.yaml").read_text(encoding="utf-8")),
    }


def _is_terminal(name: str) -> bool:
    return name == END or name.isupper()


def _number(states: dict[Any, dict[str, Any]], start: Any) -> dict[Any, int]:
    """States numbered in the order a breadth-first walk meets them, independent of Lark's own order."""
    order, queue = {start: 0}, deque([start])
    while queue:
        row = states[queue.popleft()]
        for name in sorted(row):
            action, arg = row[name]
            if str(action) == "Shift" and arg not in order:
                order[arg] = len(order)
                queue.append(arg)
    return order


def _rule_key(rule: Any) -> tuple[str, list[str], str]:
    return str(rule.origin.name), [str(symbol.name) for symbol in rule.expansion], str(rule.alias)


def _rule_record(rule: Any) -> str:
    keep = []
    for i, symbol in enumerate(rule.expansion):
        inline = not symbol.is_term and symbol.name.startswith("_")
        if not (symbol.is_term and symbol.name.startswith("_")):
            keep.append(f"{i}{'+' * inline}")
    origin = str(rule.origin.name)
    single = bool(rule.options.expand1) and not rule.alias
    marks = "i" * origin.startswith("_") + "s" * single
    return " ".join((origin, str(len(rule.expansion)), ",".join(keep), str(rule.alias or origin), marks))


def _is_of(folder: Path) -> bool:
    """Whether the shipped table is that of this grammar: to make it takes long."""
    try:
        return bool(json.loads(SHIPPED.read_text(encoding="utf-8"))["fingerprint"] == fingerprint(folder))
    except (OSError, ValueError, KeyError):
        return False


def main() -> None:
    """Write the shipped files."""
    folder = grammar_folder()
    if folder is None:
        raise SystemExit("grammar/ not found")
    if not _is_of(folder):
        SHIPPED.write_text(serialize(build(folder)), encoding="utf-8")
    tables = Tables(json.loads(SHIPPED.read_text(encoding="utf-8")))
    print(f"{SHIPPED.name}: {tables.size} states, {SHIPPED.stat().st_size} bytes")
    for name in datafiles.NAMES:
        (datafiles.FOLDER / f"{name}.json").write_text(datafiles.compiled(name), encoding="utf-8")


if __name__ == "__main__":
    main()
