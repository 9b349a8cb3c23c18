"""The statements that work the columns out: a table for each stage, the last with what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from policydsl.columns.code import Col, names_in

if TYPE_CHECKING:
    from policydsl.columns.forms import Maker


def statements(mk: Maker, wanted: Sequence[str], out: str) -> Iterator[str]:
    """Makes the table ``out`` of the parties that are not left altogether."""
    last = max((mk.stage_of.get(n, 0) for n in wanted), default=0)
    live: list[list[str]] = [[] for _ in range(last + 1)]
    live[last] = list(wanted)
    for stage in range(last, 0, -1):
        below = dict.fromkeys(n for n in mk.stages[stage].inputs(live[stage]) if n not in _made(mk, stage))
        for ledger, names in _groups(mk, stage, live[stage]):
            inside = mk.tables[ledger].inputs(_inner(mk, stage, ledger, names))
            below |= dict.fromkeys(n for n in inside if n not in mk.of_ledger)
        live[stage - 1] = list(below)
    inputs = mk.stages[0].inputs(live[0])
    source = f"SELECT {', '.join(['p', *inputs])} FROM facts WHERE ok"
    for stage in range(last + 1):
        query = mk.stages[stage].query(source, live[stage], "p")
        before = f"({query})"
        if stage == last:
            yield f"CREATE OR REPLACE TEMP TABLE {out} AS {query}"
        elif stage or not set(live[0]) <= set(inputs):  # something is worked out here
            before = f"stage{stage}"
            yield f"CREATE OR REPLACE TEMP TABLE {before} AS {query}"
        if stage < last:
            source = _joined(mk, stage + 1, live[stage + 1], before)
    for stage in range(last):
        yield f"DROP TABLE IF EXISTS stage{stage}"


def _made(mk: Maker, stage: int) -> set[str]:
    return {name for (at, _), group in mk.groups.items() if at == stage for name in group.made}


def _groups(mk: Maker, stage: int, wanted: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The ledgers of which a stage asks something, each with the aggregates that are needed."""
    needed = set(mk.stages[stage].inputs(wanted))
    for (at, ledger), group in mk.groups.items():
        names = [n for n in group.made if n in needed]
        if at == stage and names:
            yield ledger, names


def _inner(mk: Maker, stage: int, ledger: str, names: Sequence[str]) -> list[str]:
    made = mk.groups[stage, ledger].made
    return list(dict.fromkeys(n for name in names for n in names_in(Col(made[name]))))


def _joined(mk: Maker, stage: int, wanted: Sequence[str], before: str) -> str:
    """The columns of the stage before, with the aggregates of this one."""
    own = _made(mk, stage)
    columns = [f"r.{n}" for n in mk.stages[stage].inputs(wanted) if n not in own]
    joins = []
    for place, (ledger, names) in enumerate(_groups(mk, stage, wanted)):
        group = mk.groups[stage, ledger]
        inner = _inner(mk, stage, ledger, names)
        inputs = mk.tables[ledger].inputs(inner)
        fields = [f"{'l' if n in mk.of_ledger else 'r'}.{n}" for n in inputs]
        table = mk.frame.ledgers[ledger].name
        source = f"SELECT {', '.join(['l.p', *fields])} FROM {table} l"
        if any(field[0] == "r" for field in fields):
            source += f" JOIN {before} r ON r.p = l.p"
        rows = mk.tables[ledger].query(source, inner, "p")
        made = ", ".join(f"{group.made[n]} AS {n}" for n in names)
        joins.append(f"LEFT JOIN (SELECT p, {made} FROM ({rows}) GROUP BY p) g{place} ON g{place}.p = r.p")
        columns += [f"g{place}.{n}" for n in names]
    return f"SELECT {', '.join(['r.p', *columns])} FROM {before} r {' '.join(joins)}"
