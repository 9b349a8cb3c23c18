"""Results by the names that outputs show: their own, what a total adds up, a part of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from policydsl.clause_kinds import traits
from policydsl.console import near
from policydsl.kinds import text_key

if TYPE_CHECKING:
    from policydsl.engine import Policy

MOST_SHOWN = 4  # results that a name is said to stand in


def results(name: str, policy: Policy) -> tuple[str, ...]:
    """The results of a name or alias; of a total (违约金合计) those that it adds up, of a part (X 的 差额) the one that
    has it. Raises UsageError with the results in which the name stands, or what was perhaps meant."""
    own = _own(name, policy)
    if own:
        return own
    for sign in (" 的 ", "的", "'s "):
        whole, found, _ = name.partition(sign)
        if found and (own := _own(whole.strip(), policy)):
            return own
    added = _added(name, policy)
    if added:
        return added
    stands = tuple(dict.fromkeys(_stands_in(name, policy)))
    known = [n for r in policy.program.results for n in (r.name, r.alias) if n]
    more = f"；它在这里 see: {'、'.join(stands[:MOST_SHOWN])}" if stands else near(name, known)
    raise click.UsageError(f"没有这个结论 no such result: {name}{more}")


def _own(name: str, policy: Policy) -> tuple[str, ...]:
    key = text_key(name)
    found = (r.name for r in policy.program.results if key in (text_key(r.name), text_key(r.alias or r.name)))
    return tuple(found)[:1]


def _added(name: str, policy: Policy) -> tuple[str, ...]:
    """What 奖励合计 and 违约金合计 add up, in either language."""
    from policydsl.text.fold import name_key
    from policydsl.text.keywords import DIALECTS, dialect

    keys = {dialect(code).builtins.get(name_key(name)) for code in DIALECTS}
    amounts = policy.lowering.amounts.items()
    return tuple(n for kind, names in amounts if f"total_{traits(kind).many.lower()}" in keys for n in names)


def _stands_in(name: str, policy: Policy) -> Iterator[str]:
    """The results that show a name: as an item, as what they may come to, as a fact or a ledger that they rest on."""
    from policydsl.explain.targets import constants
    from policydsl.reads import Reads

    program, key = policy.program, text_key(name)
    for result in program.results:
        told = [part.name for part in result.parts] + [v for v in constants(result, program) if isinstance(v, str)]
        if key in map(text_key, told):
            yield result.name
    for (ledger, field), by in Reads(program).wanted_by.items():
        if key in (text_key(field if not ledger else f"{ledger}.{field}"), text_key(ledger or field)):
            yield from by


__all__ = ["results"]
