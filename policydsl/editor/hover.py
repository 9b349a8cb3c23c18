"""What stands there: a name with its kind, clauses, rulings and the value in force; a clause id; a keyword."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from lsprotocol import types as t

from policydsl import nodes as n
from policydsl.citing import Uncited, clauses_of
from policydsl.clause_kinds import KINDS
from policydsl.core import InputDecl
from policydsl.editor.keywords import meaning
from policydsl.editor.snapshot import Snapshot
from policydsl.editor.symbols import Declared
from policydsl.kinds import DATE
from policydsl.lower.names import ROLES, declared
from policydsl.render.values import Writer
from policydsl.say import listed, names_of, word
from policydsl.sheet.words import kind_words, range_words
from policydsl.text.lexer import Token

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")
_SHOWN = 6


def hover(snapshot: Snapshot, position: t.Position) -> t.Hover | None:
    """What to show at a place; None where nothing is to be said."""
    offset = snapshot.buffer.offset(position)
    name = snapshot.symbols.at(offset)
    if name is not None:
        declared = snapshot.symbols.declarations(name)
        if declared:
            parts = [_About(snapshot, one).text() for one in _distinct(declared)]
            return _made("\n\n---\n\n".join(parts), snapshot.buffer.range(name.start, name.end))
    token = token_at(snapshot, offset)
    if token is None:
        return None
    start, end = snapshot.symbols.offsets(token.start, token.end)
    said = _citation(snapshot, token) if token.type == "CITE" else _keyword(snapshot, token)
    return _made(said, snapshot.buffer.range(start, end)) if said else None


def _made(text: str, place: t.Range) -> t.Hover:
    return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, text), place)


def _distinct(declared: list[Declared]) -> list[Declared]:
    """One for each role; a value may be an option here and a key there."""
    return list({(d.role, d.scope): d for d in declared}.values())[:3]


def token_at(snapshot: Snapshot, offset: int) -> Token | None:
    """The token at an offset of the author's text."""
    for _, (token, _) in snapshot.reading.all():
        if token.end > token.start:
            start, end = snapshot.symbols.offsets(token.start, token.end)
            if start <= offset < end or (offset == end and token.type != "RAWTEXT"):
                return token
    return None


def plain(text: str) -> str:
    """The author's words as they are: nothing in them is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _keyword(snapshot: Snapshot, token: Token) -> str | None:
    spelled = snapshot.reading.source.text[token.start : token.end].strip()
    if token.type == "NAME" and str(token.value).startswith("@"):
        name = str(token.value)[1:]
        if name not in names_of("builtin"):
            return None
        about = word("builtin", name, snapshot.lang)
        return f"**{plain(spelled)}** {snapshot.say('hover.builtin_name')}\n\n{about}"
    said = meaning(token.type, str(token.value), snapshot.lang)
    return f"**{plain(spelled)}**\n\n{said}" if said else None


def _citation(snapshot: Snapshot, token: Token) -> str | None:
    numbered, cite = clauses_of(snapshot.policy.file, tuple(snapshot.register.values())), str(token.value)
    try:
        said = list(clauses(snapshot, [cite] if numbered is None else numbered.whole(cite)))
    except Uncited:
        return None
    return "\n".join(said) if said else None


def clauses(snapshot: Snapshot, cites: Iterable[str]) -> Iterator[str]:
    """Each citation as a list item, with the text of the clause where there is a register."""
    for cite in dict.fromkeys(cites):
        known = snapshot.register.get(cite.split()[0]) if cite.split() else None
        yield f"- 【{plain(cite)}】" + (f" {plain(known.text)}" if known else "")


def role_word(snapshot: Snapshot, one: Declared) -> str:
    """What a declared name is, in a word or two."""
    if isinstance(one.node, n.Clause) and one.role == "clause":
        return snapshot.reading.words.canonical[KINDS[one.node.kind].head][0]
    said = word("declared", one.role, snapshot.lang)
    if one.role in ("field", "column", "item"):
        return snapshot.say("hover.part_of", owner=one.scope, part=said)
    return said


class _About:
    """The text about one declaration."""

    def __init__(self, snapshot: Snapshot, declared: Declared) -> None:
        self.snapshot, self.declared = snapshot, declared
        self.say = snapshot.say
        self.program = snapshot.policy.program

    def text(self) -> str:
        one = self.declared
        out = [f"**{plain(one.name)}** {plain(role_word(self.snapshot, one))}", *self.facts()]
        line = self.snapshot.buffer.position(one.at[0]).line + 1
        cites = self.cites()
        if cites:
            out.append("\n".join(clauses(self.snapshot, cites)))
        out += self.remarks()
        out.append(self.say("hover.declared_in", line=line))
        return "\n\n".join(out)

    # ------------------------------------------------------------------------------------------ kind and value
    def facts(self) -> Iterator[str]:
        node, role = self.declared.node, self.declared.role
        decl = self.input()
        if decl is not None:
            yield self.joined([plain(x) for x in self.summary(decl)])
        match node:
            case n.Parameter():
                yield from self.in_force(node)
            case n.Declaration() if self.declared.role == "parameter":
                yield self.say("hover.no_value")
            case n.Clause() if self.declared.role == "clause":
                yield from self.outcome(node)
            case n.Option() if node.spellings:
                words = listed((plain(s) for s in node.spellings), self.snapshot.lang)
                yield self.say("hover.spellings", words=words)
            case n.RuleRow() | n.RawRow():
                yield "`" + self.snapshot.policy.lowering.text(node.span).replace("`", "'") + "`"
            case _:
                pass
        if role in names_of("members"):
            inside = [one for one in declared(node) if ROLES[one.role].outlined]  # type: ignore[arg-type]
            names = listed((plain(one.name) for one in inside[:12]), self.snapshot.lang)
            yield word("members", role, self.snapshot.lang, names=names)

    def input(self) -> InputDecl | None:
        one = self.declared
        if one.role in ("fact", "parameter"):
            return self.program.inputs.get(one.name)
        if one.role == "field" and one.scope in self.program.lists:
            return next((f for f in self.program.lists[one.scope].as_written() if f.name == one.name), None)
        return None

    def summary(self, decl: InputDecl) -> Iterator[str]:
        yield kind_words(decl.kind, self.snapshot.lang)
        if decl.alias:
            yield self.say("hover.alias", alias=decl.alias)
        if decl.required:
            yield self.say("hover.required")
        if decl.optional:
            yield self.say("hover.optional")
        yield from range_words(decl, self.program)
        if decl.within:
            yield self.say("hover.within", list=decl.within)
        node = self.declared.node
        if isinstance(node, n.Declaration):
            if node.default is not None:
                shown = self.source(node.default)
                yield self.say("hover.default", shown=shown)
            if node.derived is not None:
                shown = self.source(node.derived)
                yield self.say("hover.derived", shown=shown)

    def in_force(self, node: n.Parameter) -> Iterator[str]:
        """The value today, and every other with its date."""
        today = date.today()
        begun = [d for d in node.dated if d.start <= today]
        now = max(begun, key=lambda d: d.start).value if begun else node.value
        yield self.say("hover.in_force", value=plain(self.source(now)))
        if node.dated:
            writer, values = Writer(self.snapshot.lang), [self.source(node.value)]
            for d in node.dated:
                day, value = writer.exact(d.start, DATE), self.source(d.value)
                values.append(self.say("hover.since", day=day, value=value))
            yield self.say("hover.over_time") + self.joined([plain(v) for v in values])

    def outcome(self, node: n.Clause) -> Iterator[str]:
        """The kind of the value, and the formula where the heading has one."""
        result = next((r for r in self.program.results if r.name == node.name), None)
        if result is not None and result.value.kind.base != "any":
            yield plain(kind_words(result.value.kind, self.snapshot.lang))
        if node.formula is not None:
            yield "`" + self.source(node.formula).replace("`", "'") + "`"

    def source(self, node: n.Node) -> str:
        return self.snapshot.policy.lowering.text(node.span)

    def joined(self, parts: list[str]) -> str:
        return listed(parts, self.snapshot.lang, "semicolon")

    # ------------------------------------------------------------------------------------------ clauses and remarks
    def cites(self) -> tuple[str, ...]:
        node = self.declared.node
        lines = node.lines if isinstance(node, n.Clause) else ()
        return tuple(cite for part in (node, *lines) for cite in getattr(part, "cites", ()))

    def remarks(self) -> Iterator[str]:
        node = self.declared.node
        held = node.lines if isinstance(node, n.Clause) else getattr(node, "notes", ())
        notes = [line for line in held if isinstance(line, n.Annotation)]
        told = [(word("annotation", note.kind, self.snapshot.lang), plain(note.text)) for note in notes[:_SHOWN]]
        if told:
            yield "\n".join(f"- **{kind}** {text}" for kind, text in told)
