"""Where things are: declarations, uses, the outline, what can be folded."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t

from policydsl import nodes as n
from policydsl.clause_kinds import ClauseKind, traits
from policydsl.editor.snapshot import Snapshot
from policydsl.place import Span


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
    for block in file.blocks:
        out.append(_block(snapshot, block))
    return sorted(out, key=lambda s: (s.range.start.line, s.range.start.character))


def _block(snapshot: Snapshot, block: n.Block) -> t.DocumentSymbol:
    word = snapshot.reading.words.canonical

    def made(name: str, terminal: str, kind: t.SymbolKind, at: Span | None, inner: Iterator[t.DocumentSymbol]) \
            -> t.DocumentSymbol:
        label = word[terminal][0]
        return _symbol(snapshot, name or label, label if name else "", kind, block.span, at, list(inner))

    match block:
        case n.Data():
            return made("", "_DATA", t.SymbolKind.Namespace, None, _facts(snapshot, block.facts))
        case n.Ledger():
            return made(block.name, "_LEDGER", t.SymbolKind.Class, block.name_span, _facts(snapshot, block.fields))
        case n.Parameters():
            both: list[n.Declaration | n.Parameter] = [*block.settled, *block.open]
            both.sort(key=lambda p: (p.span.line, p.span.column))
            return made("", "_PARAMS", t.SymbolKind.Namespace, None, _facts(snapshot, tuple(both)))
        case n.MeasureList():
            names = (_symbol(snapshot, m.text, "", t.SymbolKind.EnumMember, m.span, m.span) for m in block.names)
            return made("", "_MEASURELIST", t.SymbolKind.Enum, None, names)
        case n.Table():
            return made(block.name, "_TABLE", t.SymbolKind.Array, block.name_span, iter(()))
        case n.Clause():
            clause = traits(block.kind)
            return made(block.name, clause.head, _sort(clause), block.name_span, iter(()))
        case n.Example():
            return made(block.name, "_EXAMPLE", t.SymbolKind.Method, None, iter(()))
        case n.Later():
            terminal = {"use": "_USE", "amend": "_AMEND", "repeal": "_REPEAL", "replace": "_REPLACE"}[block.kind]
            return made("", terminal, t.SymbolKind.Module, None, iter(()))


def _sort(clause: ClauseKind) -> t.SymbolKind:
    """What a clause is like: a choice of rows, something that befalls a partner, or a computation."""
    if clause.reading in ("tier", "band", "row"):
        return t.SymbolKind.Enum
    return t.SymbolKind.Event if clause.imposes and clause.stance != "plain" else t.SymbolKind.Function


def _facts(snapshot: Snapshot, facts: tuple[n.Declaration | n.Parameter, ...]) -> Iterator[t.DocumentSymbol]:
    for fact in facts:
        kind = t.SymbolKind.Constant if isinstance(fact, n.Parameter) else t.SymbolKind.Field
        yield _symbol(snapshot, fact.name, fact.alias or "", kind, fact.span, fact.name_span)


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
