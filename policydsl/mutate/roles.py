"""What a part of a program is there for, told by what it stands in."""

from __future__ import annotations

from policydsl import core as c
from policydsl.line_roles import line_role

Path = tuple[object, ...]


def operands(term: c.AnyTerm) -> tuple[c.AnyTerm, ...]:
    """The grounds of a measure."""
    return term.args if isinstance(term, c.Apply) and term.op == "or" else (term,)


def role_of(parent: object, term: c.Const) -> str | None:
    """What a constant is there for: a ``limit``, an ``outcome``, a ``cell``; None: not to be changed here."""
    if isinstance(parent, c.Term) and parent.at == term.at:
        return None  # implied by what is written there (生效期, a whole row)
    match parent:
        case c.Bound():
            return None
        case c.Arm() if parent.then is term and parent.origin is None and isinstance(parent.when, c.Const):
            return "limit" if term.kind.base != "choice" else "outcome"  # the value where no row says another
        case c.Arm():
            implied = parent.origin is None or parent.origin.at == term.at
            return None if parent.then is not term or implied else "outcome"
        case c.RowDecl():
            return None if term.kind.base in ("text", "choice", "choices") or term.at == parent.at else "cell"
        case c.Apply() if parent.op in ("=", "!=", "in", "includes", "in_order"):
            return "outcome" if parent.op in ("=", "!=") and term.kind.base not in ("choice", "text") else None
        case c.Find():
            return None
        case _:
            return "limit" if term.kind.base != "choice" else "outcome"


def counts_if_true(path: Path, term: c.Term) -> bool:
    """Whether a condition left out must count as no: it is one of several of which one is enough, or an 除非."""
    around = path[-1] if path else None
    several = isinstance(around, c.Apply) and around.op in ("or", "at_least")
    return several or any(line_role(origin.label).exempts for origin in term.notes)


def one_of_several(path: Path) -> bool:
    """Whether a condition stands beside others."""
    around = path[-1] if path else None
    return isinstance(around, c.Apply) and around.op in ("and", "or", "not", "at_least")


def cited(path: Path) -> tuple[str, ...]:
    """The clauses of the nearest part that cites any."""
    for around in reversed(path):
        origin = getattr(around, "origin", None)
        found = origin.clauses if isinstance(origin, c.Origin) else getattr(around, "clauses", ())
        if found:
            return tuple(found)
    return ()
