"""What a section of the document says for the blocks below it: they have its citations and its 对象, unless they say so
themselves. Done where the blocks of one text are put together, so that all behind it finds each block whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Diagnostic
from policydsl.members import members


def in_sections(blocks: Sequence[n.Block]) -> tuple[list[n.Block], list[Diagnostic]]:
    """The blocks with what their sections say, and the sections of which something holds for no block."""
    out, section, unheard = list[n.Block](), None, dict[int, n.Section]()
    cited, concerned = set[int](), set[int]()
    for block in blocks:
        if isinstance(block, n.Section):
            section = block
            unheard[id(block)] = block
        elif section is not None:
            made = _whole(block, section)
            if getattr(made, "cites", ()) != getattr(block, "cites", ()):
                cited.add(id(section))
            if isinstance(made, n.Clause) and isinstance(block, n.Clause) and made.lines != block.lines:
                concerned.add(id(section))
            block = made
        out.append(block)
    problems = [
        Diagnostic("POL144", s.span, "warning")
        for key, s in unheard.items()
        if (s.cites and key not in cited) or (s.lines and key not in concerned)
    ]
    return out, problems


def _whole(block: n.Block, section: n.Section) -> n.Block:
    if section.cites and takes_citations(block) and not cites_in(block):
        block = replace(cast(Any, block), cites=section.cites)
    if isinstance(block, n.Clause) and section.lines and "for" in traits(block.kind).lines and not _concerns(block):
        block = replace(block, lines=(*section.lines, *block.lines))
    return block


def takes_citations(block: n.Block) -> bool:
    """Whether a block may cite, and computes: an example shows what others say."""
    return "cites" in members(type(block)) and not isinstance(block, n.Example | n.Section)


def cites_in(part: Any) -> bool:
    """Whether anything in a block cites."""
    if isinstance(part, tuple):
        return any(cites_in(one) for one in part)
    if not isinstance(part, n.Node):
        return False
    return bool(getattr(part, "cites", ())) or any(
        cites_in(getattr(part, name)) for name in members(type(part), ("span", "name_span"))
    )


def _concerns(clause: n.Clause) -> bool:
    return any(isinstance(line, n.FieldLine) and line.key == "for" for line in clause.lines)


__all__ = ["cites_in", "in_sections", "takes_citations"]
