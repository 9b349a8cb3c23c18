"""Which ledger an aggregate counts that does not say so: the one whose records its first argument is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass

from policydsl import nodes as n
from policydsl.lower.context import Lowering
from policydsl.members import members
from policydsl.text.fold import name_key


def counted(low: Lowering, value: n.Expr) -> tuple[str, ...]:
    """The ledgers (or, where none has such a field, tables) that the value may be of: one if it is said."""
    fit: tuple[str, ...] | None = None
    for name in _names(value):
        owners = _owners(low, name.text)
        if owners:
            fit = owners if fit is None else tuple(owner for owner in fit if owner in owners)
    return fit or ()


def doubtful(low: Lowering, value: n.Expr, ledger: str) -> n.Name | None:
    """A name in the value that is a field of the ledger, and something else too."""
    known = (name for name in _names(value) if low.names.find(name.text) or low.names.option(name.text) is not None)
    return next((name for name in known if low.field_named(ledger, name.text) is not None), None)


def _owners(low: Lowering, text: str) -> tuple[str, ...]:
    names, key = low.names, name_key(text)
    if key in names.items:
        return (names.items[key],)
    symbol = names.find(text)
    if symbol is not None:
        over = low.over.get(symbol.name) if symbol.role == "clause" else None
        return (over,) if over in names.fields and over is not None else ()
    if names.option(text) is not None:
        return ()
    ledgers = tuple(ledger for ledger, fields in names.fields.items() if key in fields)
    tables = (table for table, heads in names.columns.items() if low.list_named(table) is not None
              and key in map(name_key, heads))
    return ledgers or tuple(tables)


def _names(node: object) -> Iterator[n.Name]:
    """The names that are worked out for each record; those in an aggregate have records of their own."""
    match node:
        case n.Name():
            yield node
        case tuple():
            for one in node:
                yield from _names(one)
        case n.Aggregate() | n.Builtin() | n.Field(of=n.Builtin()):
            pass
        case n.Field():
            yield from _names(node.of)
        case n.Lookup():
            yield from _names(node.args)
        case n.Node() if is_dataclass(node):
            for name in members(type(node), ("span",)):
                yield from _names(getattr(node, name))
        case _:
            pass
