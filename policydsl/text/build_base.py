"""What the node builders share: spans, tokens to nodes, the small wrappers that pass between rules.

The builder builds and never judges; the few things that only it can see (and/or mixed without brackets, two words that
contradict each other) are put on its list of problems.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from policydsl import nodes
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.text.lexer import Token
from policydsl.text.quantities import Reader, value_node
from policydsl.text.source import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cites:
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the names behind their kind, with what is its own."""

    name: Token
    said: tuple[Any, ...]
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as it is written: ``kids`` are its name, words, citations and lines."""

    kids: tuple[Any, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Several:
    """A list of values where one value could stand."""

    items: tuple[nodes.Expr, ...]


@dataclass(frozen=True, slots=True)
class RolledIf:
    """A day that moves off rest days only if the condition holds: two cases, and one value."""

    condition: nodes.Expr
    moved: nodes.Expr
    plain: nodes.Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Short:
    """A length that is not reached any more."""

    length: nodes.Expr


@dataclass(frozen=True, slots=True)
class Where:
    condition: nodes.Expr


@dataclass(frozen=True, slots=True)
class Weight:
    """In proportion to a value (None: equally)."""

    value: nodes.Expr | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """每个 客户: the records of one by themselves."""

    name: nodes.Name


@dataclass(frozen=True, slots=True)
class Until:
    day: nodes.Expr


@dataclass(frozen=True, slots=True)
class Unparted:
    """不分期: the aggregate is over all periods."""


@dataclass(frozen=True, slots=True)
class Over:
    ledger: nodes.Name | nodes.Builtin


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something a declaration says about itself."""

    kind: str
    value: Any
    span: Span
    declares: bool = False  # in a heading, where it may be all that is said of a column


class BuilderBase:
    """Makes nodes out of the children of a rule."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self.source, self.reader = source, reader
        self.problems: list[Diagnostic] = []
        self.rolled: dict[int, RolledIf] = {}  # by the value that stands for it in a line
        self.named: list[nodes.Parameter] = []  # the numbers that are given a name where they stand

    def span(self, start: int, end: int) -> Span:
        return self.source.span(start, end)

    def problem(
        self, code: str, start: int, end: int, fix: str | None = None, hint: str | None = None, **args: str
    ) -> None:
        span = self.span(start, end)
        self.problems.append(Diagnostic(code, span, args=args, hint=hint, fix=Fix(span, fix) if fix else None))

    def typed(self, start: int, end: int) -> str:
        """The author's text of a stretch."""
        return self.source.text[start:end]

    # ------------------------------------------------------------------------------------------ tokens to nodes
    def name(self, token: Token) -> nodes.Name | nodes.Builtin:
        span, text = self.span(token.start, token.end), str(token.value)
        if text.startswith("@"):
            return nodes.Builtin(span, text[1:], self.typed(token.start, token.end))
        return nodes.Name(span, text)

    def own_name(self, token: Token) -> nodes.Name:
        """A name where no built-in one can stand; the checker finds it undeclared then."""
        found = self.name(token)
        return nodes.Name(found.span, found.text) if isinstance(found, nodes.Builtin) else found

    def expr(self, item: Any) -> nodes.Expr:
        """An expression, or the node of a token that is one by itself."""
        if not isinstance(item, Token):
            return item  # type: ignore[no-any-return]
        span = self.span(item.start, item.end)
        match item.type:
            case "NAME":
                return self.name(item)
            case "TEXT":
                return nodes.Text(span, str(item.value))
            case "BOOL":
                return nodes.YesNo(span, item.value == "yes")
            case "NONE":
                return nodes.NoneValue(span)
            case kind:
                made = value_node(kind, item.value, span)
                assert made is not None, kind
                return made

    def exprs(self, items: Iterable[Any]) -> tuple[nodes.Expr, ...]:
        return tuple(self.expr(item) for item in items)

    def values(self, item: Any) -> tuple[nodes.Expr, ...]:
        if isinstance(item, RolledIf):
            self.rolled[id(item.moved)] = item
            return (item.moved,)
        return item.items if isinstance(item, Several) else (self.expr(item),)

    def length(self, token: Token | nodes.Name) -> nodes.Duration | nodes.Name:
        if isinstance(token, nodes.Name):
            return token
        if token.type == "NAME":
            return self.own_name(token)
        made = self.expr(token)
        assert isinstance(made, nodes.Duration)
        return made

    def stretch(self, token: Token | nodes.Name | nodes.Grain) -> nodes.Duration | nodes.Name | nodes.Grain:
        """A length, or a period of the calendar: 季度 is one also where a column is called that."""
        if isinstance(token, nodes.Grain):
            return token
        length = self.length(token)
        if isinstance(length, nodes.Name):
            for word in self.source.words.inline:
                if word.terminal == "GRAIN" and word.spelling == name_key(length.text):
                    return nodes.Grain(length.span, str(word.value))
        return length

    def ledger(self, kids: list[Any]) -> nodes.Name | None:
        """The ledger whose records are gone through, taken out of the children."""
        over = self.take(kids, Over)
        return nodes.Name(over.ledger.span, over.ledger.text) if over else None

    @staticmethod
    def day(token: Token) -> date:
        assert isinstance(token.value, date)
        return token.value.date() if isinstance(token.value, datetime) else token.value

    # ------------------------------------------------------------------------------------------ children
    @staticmethod
    def cites(kids: list[Any]) -> tuple[str, ...]:
        """Takes the citations off the end of the children."""
        return kids.pop().texts if kids and isinstance(kids[-1], Cites) else ()

    @staticmethod
    def take(kids: list[Any], kind: type[T]) -> T | None:
        """Takes the first child of that class out of the children."""
        for i, kid in enumerate(kids):
            if isinstance(kid, kind):
                del kids[i]
                return kid
        return None

    @staticmethod
    def take_all(kids: list[Any], kind: type[T]) -> tuple[T, ...]:
        """Takes all children of that class out of the children."""
        found = tuple(kid for kid in kids if isinstance(kid, kind))
        kids[:] = [kid for kid in kids if not isinstance(kid, kind)]
        return found

    @staticmethod
    def take_token(kids: list[Any], *types: str) -> Token | None:
        """Takes the first token of one of these types out of the children."""
        for i, kid in enumerate(kids):
            if isinstance(kid, Token) and kid.type in types:
                del kids[i]
                return kid
        return None
