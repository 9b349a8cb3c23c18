"""Where things are: declarations, uses, the outline, what can be folded."""

from __future__ import annotations

from dataclasses import fields

from lsprotocol import types as t

from policydsl import nodes as n
from policydsl.clause_kinds import ClauseKind, traits
from policydsl.editor.snapshot import Snapshot
from policydsl.lower.names import ROLES, Declared, declared
from policydsl.place import Span

_LOOKS = {
    "variable": t.SymbolKind.Field, "property": t.SymbolKind.Field, "parameter": t.SymbolKind.Constant,
    "class": t.SymbolKind.Class, "enumMember": t.SymbolKind.EnumMember,
}
_BLOCKS = {
    "_TABLE": t.SymbolKind.Array, "_EXAMPLE": t.SymbolKind.Method,
    **dict.fromkeys(("_USE", "_AMEND", "_REPEAL", "_REPLACE"), t.SymbolKind.Module),
}


def definition(snapshot: Snapshot, position: t.Position) -> list[t.Location]:
    """Where the name at a place is declared; every candidate when that cannot be told."""
    found = snapshot.symbols.at(snapshot.buffer.offset(position))
    if found is None:
        return []
    places = dict.fromkeys(d.at for d in snapshot.symbols.declarations(found))
    return [_location(snapshot, start, end) for start, end in places]


def references(snapshot: Snapshot, position: t.Position, *, declarations: bool) -> list[t.Location]:
    """Every use of what is meant at a place, those included that cannot be told apart from it."""
    found = snapshot.symbols.at(snapshot.buffer.offset(position))
    if found is None:
        return []
    sure, unsure = snapshot.symbols.same(found)
    places = sorted((o for o in (*sure, *unsure) if declarations or not o.declares), key=lambda o: o.start)
    return [_location(snapshot, o.start, o.end) for o in places]


def highlights(snapshot: Snapshot, position: t.Position) -> list[t.DocumentHighlight]:
    """The same, as the editor marks them."""
    return [t.DocumentHighlight(place.range) for place in references(snapshot, position, declarations=True)]


def _location(snapshot: Snapshot, start: int, end: int) -> t.Location:
    return t.Location(snapshot.uri, snapshot.buffer.range(start, end))


# ---------------------------------------------------------------------------------------------- the outline
def outline(snapshot: Snapshot) -> list[t.DocumentSymbol]:
    """The blocks in order, with the facts, fields and parameters in them."""
    file = snapshot.policy.file
    out = []
    if file.policy is not None:
        words = snapshot.reading.words.canonical["_POLICY"][0]
        out.append(_symbol(snapshot, file.policy.title or words, words, t.SymbolKind.Module, file.policy.span, None))
    out += [_block(snapshot, block) for block in file.blocks]
    return sorted(out, key=lambda s: (s.range.start.line, s.range.start.character))


def _block(snapshot: Snapshot, block: n.Block) -> t.DocumentSymbol:
    """A block under its name, or under its word where it has none, with what it declares."""
    names, head = list(declared(block)), snapshot.reading.head_of(block.span)
    head = "_PARAMS" if isinstance(block, n.Parameters) else head  # those that are numbers of clauses, too
    parts = {id(part) for f in fields(block) if isinstance(held := getattr(block, f.name), tuple) for part in held}
    inner = [
        _symbol(snapshot, one.name, one.alias or "", _kind(one), one.node.span, one.at)
        for one in names if ROLES[one.role].outlined and id(one.node) in parts
    ]
    kind = _BLOCKS.get(head)
    if kind is None and names and names[0].node is block:
        kind = _kind(names[0])
    elif kind is None:
        kind = t.SymbolKind.Enum if {one.kind for one in inner} == {t.SymbolKind.EnumMember} else t.SymbolKind.Namespace
    name, label = getattr(block, "name", ""), snapshot.reading.words.canonical[head][0]
    return _symbol(
        snapshot, name or label, label if name else "", kind, block.span, getattr(block, "name_span", None), inner
    )


def _kind(one: Declared) -> t.SymbolKind:
    return _sort(traits(one.node.kind)) if isinstance(one.node, n.Clause) else _LOOKS[ROLES[one.role].look]


def _sort(clause: ClauseKind) -> t.SymbolKind:
    """What a clause is like: a choice of rows, something that befalls a partner, or a computation."""
    if clause.reading in ("tier", "band", "row"):
        return t.SymbolKind.Enum
    return t.SymbolKind.Event if clause.imposes and clause.stance != "plain" else t.SymbolKind.Function


def _symbol(
    snapshot: Snapshot, name: str, detail: str, kind: t.SymbolKind, span: Span, at: Span | None,
    inner: list[t.DocumentSymbol] | None = None,
) -> t.DocumentSymbol:
    """The place of the name lies inside that of the whole, as editors insist."""
    buffer = snapshot.buffer
    start, end = buffer.span(span)
    while end > start and buffer.text[end - 1].isspace():
        end -= 1
    first, last = buffer.span(at) if at is not None else (start, min(buffer.line_end(start), end))
    first, last = max(first, start), min(max(last, first), max(end, start))
    return t.DocumentSymbol(
        name=name.strip() or "…", detail=detail or None, kind=kind, range=buffer.range(start, max(end, last)),
        selection_range=buffer.range(first, last), children=inner or None,
    )


def folding(snapshot: Snapshot) -> list[t.FoldingRange]:
    """Each block, from its heading to its last line."""
    source, buffer = snapshot.reading.source, snapshot.buffer
    out = []
    for chunk in source.chunks:
        first, last = chunk.lines[0], chunk.lines[-1]
        start = buffer.position(buffer.span(source.span(first.start, first.end))[0]).line
        end = buffer.position(buffer.span(source.span(last.start, last.end))[0]).line
        if end > start:
            out.append(t.FoldingRange(start, end))
    return out
