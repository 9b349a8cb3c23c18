"""The aliases of a text moved to the file beside it (``policydsl.aliases``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl import nodes as n
from policydsl.format.concrete import tokens_of
from policydsl.lower.names import GLOBAL, Declared, declared
from policydsl.text import parse
from policydsl.text.fold import name_key
from policydsl.text.lexer import Token
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load

Written = dict[str, object]


def aliases_aside(text: str, file: str = "<text>") -> tuple[str, str]:
    """A sound text without its aliases, and the file that holds them (empty where there are none). One that the text
    itself uses elsewhere stays."""
    parsing = Parsing(load(), Names(Source(text, file)), True)
    chunks = [tokens_of(parsing, chunk) for chunk in parsing.source.chunks]
    declared = {token.start for tokens in chunks for token in (*_declared(tokens), *_spelt(tokens))}
    used = {
        name_key(parsing.source.text[token.start : token.end])
        for tokens in chunks for token in tokens if token.start not in declared and token.end > token.start
    }
    edits: list[tuple[int, int]] = []
    for tokens in chunks:
        for at, token in enumerate(tokens):
            if token.start in declared and token.end > token.start and name_key(str(token.value)) not in used:
                edits.append(_stretch(tokens, at))
    tree = parse(text, file, fragment=True)[0]
    names = dict(_names(tree.blocks, used))
    for start, end in sorted(edits, reverse=True):
        text = text[:start].rstrip(" ") + text[end:]
    return text, _written(tree.policy, names) if names else ""


def _stretch(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """What goes with another name: the equals sign, or the word before it and its comma, or its brackets."""
    token, behind = tokens[at], tokens[at + 1]
    if token.type != "IDENT":
        return tokens[at - 1].start, token.end
    if tokens[at - 2].type != "_LPAR":
        return tokens[at - 2].start, token.end
    if behind.type == "_RPAR":
        return tokens[at - 2].start, behind.end
    return tokens[at - 1].start, tokens[at + 2].start


def _declared(tokens: Sequence[Token]) -> Iterator[Token]:
    """``，别名 signed``."""
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.type == "_ALIAS" and token.type == "IDENT":
            yield token


def _spelt(tokens: Sequence[Token]) -> Iterator[Token]:
    """``总分销商 ＝ GD``."""
    for one, equals, token in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if one.type == token.type == "DEFNAME" and equals.type == "EQ":
            yield token


def _names(blocks: Sequence[n.Block], used: set[str]) -> Iterator[tuple[str, object]]:
    """What the blocks call their names besides, but for what the text itself uses."""
    for block in blocks:
        owners: list[tuple[Declared, Written]] = []
        for one in declared(block):
            if one.role == "option" and isinstance(one.node, n.Option):
                spelt = [s for s in one.node.spellings if name_key(s) not in used]
                if spelt:
                    owners[-1][1][one.name] = spelt[0] if len(spelt) == 1 else spelt
            elif one.scope == GLOBAL or one.role == "field":
                owners.append((one, {}))
        entries = [(one, _entry(one.alias if name_key(one.alias or "") not in used else None, v)) for one, v in owners]
        fields = {one.name: said for one, said in entries if one.role == "field" and said}
        for one, said in entries:
            if one.role == "ledger":
                said = _entry(one.alias if name_key(one.alias or "") not in used else None, {}, fields)
            if said and one.role != "field":
                yield one.name, said


def _entry(alias: str | None, values: Written, fields: Written | None = None) -> object:
    parts = {"alias": alias, "values": values, "fields": fields or {}}
    said = {key: value for key, value in parts.items() if value}
    return alias if said.keys() == {"alias"} else said


def _written(policy: n.Policy | None, names: Written) -> str:
    import yaml

    meta = {m.key: m.text for m in policy.meta} if policy is not None else {}
    data = {"policy": meta.get("id", policy.title if policy is not None else ""), "names": names}
    head = "# 别名：事实表和程序用的名称 aliases: what sheets and programs call the names\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=118, default_flow_style=None)


__all__ = ["aliases_aside"]
