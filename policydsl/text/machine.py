"""The LALR machine: runs the parse table over the tokens of one block and makes nodes as it reduces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policydsl.text.lexer import Lexer, Token
from policydsl.text.tables import END, Tables

Make = Callable[[list[Any], int, int], Any]


class Kids(list[Any]):
    """What an inlined rule leaves: spliced into the children of the rule above."""


class Unexpected(Exception):
    """The token cannot stand here; ``states`` is the parser's stack at that point."""

    def __init__(self, token: Token, states: tuple[int, ...]) -> None:
        super().__init__(token.type)
        self.token, self.states = token, states


def run(tables: Tables, lexer: Lexer, makers: Mapping[str, Make]) -> Any:
    """The node of the block, or ``Unexpected`` (or the lexer's ``Fault``) at the first token that does not fit."""
    rules, row_of, goto_of, final = tables.rules, tables.row, tables.goto, tables.final
    through = tables.through
    states: list[int] = [0]
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    while True:
        row = row_of(states[-1])
        token = lexer.next(row)
        kind = token.type
        at_end = kind == END
        taken = tuple(states)
        while True:
            action = row.get(kind)
            if action is None:
                raise Unexpected(token, taken)
            if action >= 0:
                states.append(action)
                values.append(token)
                starts.append(token.start)
                ends.append(token.end)
                break
            rule = rules[-1 - action]
            if through[-1 - action]:
                states[-1] = goto_of(states[-2])[rule.origin]
            else:
                size = rule.size
                kids: list[Any] = Kids() if rule.inline else []
                base = len(values) - size
                for i, expand in rule.keep:
                    value = values[base + i]
                    if not expand:
                        kids.append(value)
                    elif not kids and rule.inline:
                        kids = value  # left recursion: grow the list in place
                    else:
                        kids.extend(value)
                start, end = (starts[base], ends[-1]) if size else (token.start, token.start)
                if rule.inline:
                    made: Any = kids
                elif rule.single and len(kids) == 1:
                    made = kids[0]
                else:
                    made = makers[rule.name](kids, start, end)
                if size:
                    del states[-size:], values[-size:], starts[-size:], ends[-size:]
                states.append(goto_of(states[-1])[rule.origin])
                values.append(made)
                starts.append(start)
                ends.append(end)
            if at_end and states[-1] == final:
                return values[-1]
            row = row_of(states[-1])


def accepts(tables: Tables, states: tuple[int, ...]) -> frozenset[str]:
    """The terminals that really can stand next: those of the row whose reductions end in a shift."""
    return frozenset(kind for kind in tables.row(states[-1]) if _can_shift(tables, list(states), kind))


def _can_shift(tables: Tables, states: list[int], kind: str) -> bool:
    while True:
        action = tables.row(states[-1]).get(kind)
        if action is None:
            return False
        if action >= 0:
            return True
        rule = tables.rules[-1 - action]
        if rule.size:
            del states[-rule.size :]
        states.append(tables.goto(states[-1])[rule.origin])
        if kind == END and states[-1] == tables.final:
            return True
