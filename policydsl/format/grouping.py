"""Facts and columns of one kind in one line, the kind first; the key of a ledger and its day in its heading.

Only lines that follow one another are grouped: a comment, a remark or a blank line keeps its place, and so does what it
stands by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.concrete import tokens_of
from policydsl.format.layout import width
from policydsl.format.same import meaning
from policydsl.format.words import writing
from policydsl.members import dataclass
from policydsl.text import parse
from policydsl.text.fold import name_key
from policydsl.text.lexer import Token
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import COMMENT, Chunk
from policydsl.text.source import Source
from policydsl.text.tables import load

COLUMNS = 100
_MARKS: dict[Language, tuple[str, str, str, str, str, str]] = {
    "zh": ("：", "，", "、", "（", "）", "＊"), "en": (": ", ", ", ", ", " (", ")", "*"),
}
_OWN = frozenset({"_ALIAS", "EQ"})  # what only one name can have
_PLAIN = frozenset({"_OPTIONAL", "_DEFAULT", "_IN", "ORDERDIR"})  # all others are ranges, and their order is kept
_REMARKS = frozenset({"_NOTE", "_RULING", "_DOUBT"})


@dataclass(frozen=True, slots=True)
class About:
    """What a declaration says about itself, as typed."""

    text: str
    first: str

    @property
    def ranged(self) -> bool:
        return self.first not in _PLAIN | _OWN


@dataclass(frozen=True, slots=True)
class Fact:
    """A declaration on a line of its own: ``line`` of the file (0-based), and its parts as typed."""

    line: int
    name: str
    kind: str
    required: bool
    about: tuple[About, ...]
    cites: str
    @property
    def parts(self) -> int:
        """How much it says, but for its alias, which a translation may lack."""
        return sum(about.first != "_ALIAS" for about in self.about)

    leads: bool = False  # the first column of a ledger: its records go by it where they have no key


def grouped(text: str, file: str, beside: Path | None) -> str:
    """The text with its facts by kind, where that is shorter, and with short headings of ledgers."""
    tree = parse(text, file, fragment=True)[0]
    parsing = Parsing(load(), Names(Source(text, file)), True)
    for rewrite in (_headings, _lines):
        made = rewrite(parsing, tree.dialect)
        again, problems = parse(made, file, fragment=True)
        if any(p.severity == "error" for p in problems) or _said(again) != _said(tree):
            continue
        text, parsing = made, Parsing(load(), Names(Source(made, file)), True)
    return text


def _said(file: nodes.File) -> object:
    """What a file says, in whatever order its facts and columns stand."""

    def ordered(facts: Iterable[nodes.Declaration]) -> tuple[nodes.Declaration, ...]:
        return tuple(sorted(facts, key=lambda fact: fact.name))

    def of(block: nodes.Block) -> nodes.Block:
        match block:
            case nodes.Data(facts=facts):
                return replace(block, facts=ordered(facts))
            case nodes.Ledger(fields=facts):
                return replace(block, fields=(*facts[:1], *ordered(facts[1:])))
            case nodes.Parameters(open=facts):
                return replace(block, open=ordered(facts))
        return block

    return meaning(replace(file, blocks=tuple(map(of, file.blocks))), writing())


# ---------------------------------------------------------------------------------------------- lines of a block
def _logical(parsing: Parsing, chunk: Chunk) -> Iterator[list[Token]]:
    """The tokens of each line of the grammar, without its end."""
    line: list[Token] = []
    for token in tokens_of(parsing, chunk):
        if token.type not in ("_NL", "$END"):
            line.append(token)
        elif line:
            yield line
            line = []


def _fact_blocks(parsing: Parsing) -> Iterator[list[list[Token]]]:
    for chunk in parsing.source.chunks:
        if chunk.declares:
            yield list(_logical(parsing, chunk))


def _line(parsing: Parsing, number: int) -> str:
    return parsing.source.lines[number]


def _alone(parsing: Parsing, line: Sequence[Token]) -> bool:
    """Whether the tokens stand on one line of the file, without a comment."""
    first, last = (parsing.source.line_of(t) for t in (line[0].start, line[-1].end))
    norm = parsing.source.norm[parsing.source.starts[first] : _end(parsing, first)]
    return first == last and COMMENT.search(norm) is None


def _end(parsing: Parsing, number: int) -> int:
    starts = parsing.source.starts
    return starts[number + 1] - 1 if number + 1 < len(starts) else len(parsing.source.text)


def _typed(parsing: Parsing, tokens: Sequence[Token]) -> str:
    return parsing.source.text[tokens[0].start : tokens[-1].end]


def _parts(line: Sequence[Token]) -> Iterator[list[Token]]:
    """The stretches between the commas outside of brackets, and the citations."""
    part, depth = list[Token](), 0
    for token in line:
        depth += (token.type == "_LPAR") - (token.type == "_RPAR")
        if token.type == "_COMMA" and depth == 0 or token.type == "CITE" and part and part[-1].type != "CITE":
            yield part
            part = []
        if not (token.type == "_COMMA" and depth == 0):
            part.append(token)
    yield part


def _fact(parsing: Parsing, line: Sequence[Token]) -> Fact | None:
    """The declaration of a line, if it is one that can stand among others."""
    if [t.type for t in line[:2]] != ["DEFNAME", "_COLON"] or not _alone(parsing, line):
        return None
    first, *parts = _parts(line[2:])
    cites = parts.pop() if parts and parts[-1][0].type == "CITE" else []
    about = [About(_typed(parsing, part), part[0].type) for part in parts if part[0].type != "_REQUIRED"]
    start, end = line[0].start, line[0].end
    if "*" in parsing.source.norm[start:end] or parsing.names.no_member(start, end, end):
        return None
    return Fact(
        parsing.source.line_of(start), parsing.source.text[start:end], _typed(parsing, first), len(about) < len(parts),
        tuple(about), _typed(parsing, cites) if cites else "",
    )


# ---------------------------------------------------------------------------------------------- headings
def _headings(parsing: Parsing, dialect: Language) -> str:
    """Each ledger with its key and its day in its heading; a line that only declares the key is gone."""
    source, gone, behind = parsing.source, set[int](), dict[int, str]()
    for heading, *lines in _fact_blocks(parsing):
        if heading[0].type != "_LEDGER":
            continue
        moved: list[tuple[str, Sequence[Token]]] = []
        for at, line in enumerate(lines):
            if line[0].type in ("_KEY", "_HAPPENS") and line[-1].type == "NAME" and _alone(parsing, line):
                moved.append((line[0].type, line))
            elif line[0].type == "DEFNAME":
                key = next((m[-1] for kind, m in moved if kind == "_KEY"), None)
                if key is not None and _only_key(parsing, line, lines[at + 1 :], key):
                    gone.add(source.line_of(line[0].start))
                break
            elif line[0].type not in _REMARKS | {"_ONLY"}:
                break
        for kind, attribute in moved:
            gone.add(source.line_of(attribute[0].start))
            last = next((t for t in reversed(heading) if t.type != "CITE"), heading[0])
            word = parsing.source.words.canonical[kind][0]
            said = f"{_MARKS[dialect][1]}{word} {_typed(parsing, attribute[-1:])}"
            behind[last.end] = behind.get(last.end, "") + said
    return _edited(parsing, behind, gone)


def _only_key(parsing: Parsing, line: Sequence[Token], below: Sequence[Sequence[Token]], key: Token) -> bool:
    """Whether a line says nothing of the key but what its place in the heading says."""
    fact = _fact(parsing, line)
    if fact is None or name_key(fact.name) != name_key(str(key.value)) or below and below[0][0].type in _REMARKS:
        return False
    words = parsing.source.words.inline
    plain = any(k.value == "text" and k.spelling == name_key(fact.kind) for k in words if k.terminal == "TYPE")
    return plain and fact.required and not fact.about and not fact.cites


def _edited(parsing: Parsing, behind: dict[int, str], gone: set[int]) -> str:
    """The text with something put behind some places, and without some lines."""
    source, out = parsing.source, list[str]()
    for number, start in enumerate(source.starts):
        if number in gone:
            continue
        line, end = source.text[start : _end(parsing, number)], _end(parsing, number)
        for at in sorted((p for p in behind if start < p <= end), reverse=True):
            line = line[: at - start] + behind[at] + line[at - start :]
        out.append(line)
    return "\n".join(out)


# ---------------------------------------------------------------------------------------------- groups
def _lines(parsing: Parsing, dialect: Language) -> str:
    """Each run of facts by kind."""
    source = parsing.source
    instead: dict[int, list[str]] = {}
    for heading, *lines in _fact_blocks(parsing):
        facts = [_fact(parsing, line) for line in lines]
        top = next((at for at, line in enumerate(lines) if line[0].type == "DEFNAME"), 0)
        if lines and heading[0].type == "_LEDGER" and (lead := facts[top]) is not None:
            facts[top] = replace(lead, leads=True)
        for at, below in enumerate(lines[1:]):
            if below[0].type in _REMARKS:
                facts[at] = None  # the remark is this one's
        for run in _runs([f for f in facts if f is not None]):
            indent = _line(parsing, run[0].line)
            for group, made in _made(run, dialect):
                first = min(f.line for f in group)
                instead.update({f.line: [] for f in group})
                instead[first] = _wrapped(indent[: len(indent) - len(indent.lstrip())], made, dialect)
    out: list[str] = []
    for number in range(len(source.starts)):
        out += instead.get(number, [_line(parsing, number)])
    return "\n".join(out)


def _runs(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Facts on lines that follow one another."""
    run: list[Fact] = []
    for fact in facts:
        if run and fact.line != run[-1].line + 1:
            yield run
            run = []
        run.append(fact)
    if run:
        yield run


def _made(run: Sequence[Fact], dialect: Language) -> Iterator[tuple[list[Fact], list[str]]]:
    """The groups that are shorter than their lines, each with the words of its line, to be broken between them."""
    kinds: dict[str, list[list[Fact]]] = {}
    for fact in run:
        alike = kinds.setdefault(name_key(fact.kind), [])
        own = _front([fact])
        group = next((g for g in alike if _front(g[:1]) == own and _fit(_together(g, [fact]))), None)
        if group is None:
            alike.append([fact])
        else:
            group[:] = _together(group, [fact])
    for groups in kinds.values():
        while len(groups) > 1:
            saved, one, other = max((
                (_cost(a) + _cost(b) - _cost(_together(a, b)), -i, -j)
                for (i, a), (j, b) in combinations(enumerate(groups), 2) if _fit(_together(a, b))
            ), default=(0, 0, 0))
            one, other = -one, -other
            if saved <= 0:
                break
            groups[one] = _together(groups[one], groups[other])
            del groups[other]
        for group in groups:
            if _size(group) < _singly(group):
                yield group, _words(group, dialect)


def _together(one: Sequence[Fact], other: Sequence[Fact]) -> list[Fact]:
    """In their order, but those without a citation last: one behind them would be theirs too."""
    return sorted([*one, *other], key=lambda fact: (not fact.cites, fact.line))


def _fit(group: Sequence[Fact]) -> bool:
    """Whether the first column of a ledger stays the first."""
    return not any(fact.leads for fact in group[1:])


# What is shorter is counted in parts (a kind, an attribute, a citation, each with its mark), not in letters: a policy
# and its translation get the same lines, then.
_PART = 4


def _cost(group: Sequence[Fact]) -> int:
    return min(_size(group), _singly(group))


def _singly(group: Sequence[Fact]) -> int:
    """The lines of their own."""
    return sum(_PART * (1 + f.required + f.parts + bool(f.cites)) for f in group)


def _size(group: Sequence[Fact]) -> int:
    """The line that they share."""
    front, size = _front(group), _PART
    size += _PART * len(front)
    for at, fact in enumerate(group):
        own = fact.parts - len(front)
        again = at + 1 < len(group) and group[at + 1].cites == fact.cites
        size += 1 + fact.required + (own > 0) + _PART * own + _PART * (bool(fact.cites) and not again)
    return size


def _front(group: Sequence[Fact]) -> tuple[str, ...]:
    """What all of them say, by its words; of ranges only those that each says first."""
    first = [a for a in group[0].about if a.first not in _OWN]
    shared = [a for a in first if all(name_key(a.text) in {name_key(b.text) for b in f.about} for f in group)]
    ranges = [[name_key(a.text) for a in f.about if a.ranged] for f in group]
    out: list[str] = []
    for a in shared:
        told = [k for k in out if k in ranges[0]]
        if not a.ranged or all(r[: len(told) + 1] == [*told, name_key(a.text)] for r in ranges):
            out.append(name_key(a.text))
    return tuple(out)


def _words(group: Sequence[Fact], dialect: Language) -> list[str]:
    """The line of a group, in the pieces between which it may be broken."""
    colon, comma, separator, opened, closed, star = _MARKS[dialect]
    front = _front(group)
    shared = [next(a.text for a in group[0].about if name_key(a.text) == key) for key in front]
    members: list[str] = []
    for at, fact in enumerate(group):
        own = [a.text for a in fact.about if name_key(a.text) not in front]
        again = at + 1 < len(group) and group[at + 1].cites == fact.cites
        cites = f" {fact.cites}" if fact.cites and not again else ""
        brackets = f"{opened}{comma.join(own)}{closed}" if own else ""
        members.append(fact.name + (star if fact.required else "") + brackets + cites)
    head = comma.join([group[0].kind, *shared]) + colon
    return [head + members[0], *(separator + m for m in members[1:])]


def _wrapped(indent: str, words: Sequence[str], dialect: Language) -> list[str]:
    """The line, broken where it grows too wide; it goes on further in."""
    separator = _MARKS[dialect][2]
    lines, line = list[str](), indent + words[0]
    for word in words[1:]:
        if width(line + word) > COLUMNS:
            lines.append((line + separator).rstrip())
            line = indent + "  " + word[len(separator) :]
        else:
            line += word
    return [*lines, line]


__all__ = ["grouped"]
