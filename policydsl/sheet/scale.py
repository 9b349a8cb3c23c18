"""Amounts without a unit that are far from every limit they meet: 920 where all limits are millions may be 920万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from policydsl.boundaries import Boundary, Key, boundaries
from policydsl.core import InputDecl, Program
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.render.values import Writer

WAN = 10_000  # the unit that a worksheet of amounts leaves out, in its head or altogether
FAR = 100  # so many times away from a limit is far from it
REMARK = "bare_amount"


@dataclass(frozen=True, slots=True)
class Bare:
    """An amount that was written without a unit, and its place in messages."""

    path: str
    decl: InputDecl
    value: Fraction


def asked(program: Program, bare: Mapping[Key, Sequence[Bare]], settings: Mapping[str, Exact]) -> Iterator[str]:
    """For each fact, and each column of a ledger, of which all amounts are bare and may be meant in tens of thousands:
    a remark with both readings of the first."""
    limits: Mapping[Key, Sequence[Boundary]] | None = None
    for key, amounts in bare.items():
        total = sum((a.value for a in amounts), Fraction(0))
        if not 0 < total < WAN * WAN:
            continue
        if limits is None:
            limits = boundaries(program, settings=settings)
        if doubtful(total, limits.get(key, ())):
            first, writer = amounts[0], Writer.of(program.header)
            yield REMARK + ":" + " / ".join(
                [f"{first.path} {writer.exact(first.value, first.decl.kind)}",
                 writer.exact(first.value * WAN, first.decl.kind)]
            )


def doubtful(total: Fraction, limits: Sequence[Boundary]) -> bool:
    """Whether an amount is far below all limits that it meets, none of them below 1万元, and in 万 it would not be; nor
    would it be beyond what its declaration allows."""
    met = [abs(b.value) for b in limits if not b.declared and isinstance(b.value, Fraction) and b.value]
    most = [b.value for b in limits if b.declared and b.op in ("<", "<=") and isinstance(b.value, Fraction)]
    if not met or min(met) < WAN or any(total * WAN > each for each in most):
        return False
    return total * FAR < min(met) <= total * WAN * FAR


__all__ = ["Bare", "REMARK", "asked", "doubtful"]
