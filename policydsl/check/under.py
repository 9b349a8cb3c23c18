"""The tables of a policy under other values of its parameters than those that were checked: limits that are set by the
caller may overlap, or leave a gap, where those of the text do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from policydsl import core as c
from policydsl import nodes as n
from policydsl.catalogue import message
from policydsl.check.bands import bands
from policydsl.check.tables import tables
from policydsl.diagnostics import Diagnostic
from policydsl.kinds import Exact
from policydsl.lower.context import Lowering
from policydsl.say import listed


def under(program: c.Program, file: n.File, low: Lowering, settings: Mapping[str, Exact]) -> list[Diagnostic]:
    """What is wrong with the tables where the parameters have these values."""
    inputs, lang = dict(program.inputs), file.dialect
    known = {name: value for name, value in settings.items() if value is not None}
    for name, value in known.items():
        decl = inputs[name]
        inputs[name] = replace(decl, default=c.Const(value, kind=decl.kind, at=decl.at))
    made = replace(program, inputs=inputs)
    names = listed(known, lang)
    return [
        replace(p, code="POL458", args={"names": names, "why": message(p.code, lang, p.args)}, fix=None,
                hint=None)
        for p in (*tables(made, file, low), *bands(made, file, low)) if p.severity == "error"
    ]


__all__ = ["under"]
