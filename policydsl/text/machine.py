"""The LALR machine: runs the parse table over the tokens of one block and makes nodes as it reduces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from policydsl.text.lexer import Fault, Lexer, Token
from policydsl.text.tables import END, Tables

Make = Callable[[list[Any], int, int], Any]

MOST_NESTED = 200
"""So deep may parts stand inside each other (in ``a + b + c`` the first sum stands in the second): whoever walks a
formula goes down with it."""


class Kids(list[Any]):
    """What an inlined rule leaves: spliced into the children of the rule above."""


class Unexpected(Exception):
    """The token cannot stand here; ``states`` is the parser's stack at that point."""

    def __init__(self, token: Token, states: tuple[int, ...]) -> None:
        super().__init__(token.type)
        self.token, self.states = token, states


class _Saved(NamedTuple):
    """The stack at the beginning of a line. Lists only ever grow, so their lengths are enough to shrink them back."""

    states: list[int]
    values: list[Any]
    places: list[tuple[int, int, int]]
    lengths: list[int]
    noted: list[int]


class Machine:
    """Parses one block. After ``Unexpected`` or the lexer's ``Fault``, ``skip_line`` drops the faulty line as if it had
    not been there, and ``run`` goes on with the next: no line is read twice."""

    def __init__(
        self, tables: Tables, lexer: Lexer, makers: Mapping[str, Make], notes: tuple[list[Any], ...] = ()
    ) -> None:
        """``notes`` are lists that are written to on the way; a skipped line leaves nothing on them."""
        self.tables, self.lexer, self.makers, self.notes = tables, lexer, makers, notes
        self._states: list[int] = [0]
        self._values: list[Any] = []
        self._places: list[tuple[int, int, int]] = []
        """Of each value its start, its end, and how deep parts stand in it."""
        self._saved = _Saved([0], [], [], [], [len(notes) for notes in self.notes])

    def run(self) -> Any:
        """The node of the block, or an exception at the first token that does not fit."""
        lexer, row_of, states = self.lexer, self.tables.row, self._states
        while True:
            if lexer.at_new_line:
                self._save()
            token = lexer.next(row_of(states[-1]))
            if self._feed(token):
                return self._values[-1]

    def _feed(self, token: Token) -> bool:
        """Reduce until the token can be shifted, and shift it; true when the block is complete."""
        tables, states, values, places = self.tables, self._states, self._values, self._places
        row_of, goto_of, rule_of = tables.row, tables.goto, tables.rule
        kind, taken = token.type, tuple(states)
        while True:
            action = row_of(states[-1]).get(kind)
            if action is None:
                raise Unexpected(token, taken)
            if action >= 0:
                states.append(action)
                values.append(token)
                places.append((token.start, token.end, 0))
                return False
            rule = rule_of(-1 - action)
            if rule.through:
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
                start, end = (places[base][0], places[-1][1]) if size else (token.start, token.start)
                deep = max((place[2] for place in places[base:]), default=0)
                if rule.inline:
                    made: Any = kids
                elif rule.single and len(kids) == 1:
                    made = kids[0]
                else:
                    deep += 1
                    if deep > MOST_NESTED:
                        raise Fault("POL122", start, end, limit=str(MOST_NESTED))
                    made = self.makers[rule.name](kids, start, end)
                if size:
                    del states[-size:], values[-size:], places[-size:]
                states.append(goto_of(states[-1])[rule.origin])
                values.append(made)
                places.append((start, end, deep))
            if kind == END and states[-1] == tables.final:
                return True

    # ------------------------------------------------------------------------------------------ recovery
    def _save(self) -> None:
        values = list(self._values)
        lengths = [len(value) if isinstance(value, Kids) else 0 for value in values]
        noted = [len(notes) for notes in self.notes]
        self._saved = _Saved(list(self._states), values, list(self._places), lengths, noted)

    def skip_line(self, *, to_end: bool = False) -> bool:
        """Go back to the beginning of the faulty line and pass over it; false when there is nothing to go on with."""
        saved = self._saved
        self._states[:], self._values[:], self._places[:] = saved.states, saved.values, saved.places
        for value, length in zip(saved.values, saved.lengths, strict=True):
            if isinstance(value, Kids):
                del value[length:]
        for notes, count in zip(self.notes, saved.noted, strict=True):
            del notes[count:]
        return self.lexer.skip_line(to_end=to_end)


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
        rule = tables.rule(-1 - action)
        if rule.size:
            del states[-rule.size :]
        states.append(tables.goto(states[-1])[rule.origin])
        if kind == END and states[-1] == tables.final:
            return True
