"""Who is meant by a name: every declaration of a file, every place that uses one, and which belong together.

Names are one word list for the whole file, but a field of one ledger may share its name with a field of another. Then
the checked program says which is meant where; what even that does not tell is reported as unsure, never guessed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from policydsl import core as c
from policydsl import nodes as n
from policydsl.editor.buffer import Buffer
from policydsl.editor.reading import Reading
from policydsl.engine import Policy
from policydsl.lower.names import GLOBAL, VALUE, declared
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.text.keys import listed
from policydsl.text.lexer import NAMES
from policydsl.walk import every, roots

_QUOTES = "「」『』"


@dataclass(frozen=True, slots=True)
class Declared:
    """A name as ``lower.names.Declared``, but ``at`` is the stretch of the author's text that is the name."""

    role: str
    name: str
    scope: str
    at: tuple[int, int]
    node: n.Node


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a name stands, without quotation marks around it; ``declares``: it is the declaration."""

    key: str
    start: int
    end: int
    declares: bool
    raw: bool  # the text of a cell as it stands


class Symbols:
    """The names of one file."""

    def __init__(self, buffer: Buffer, reading: Reading, policy: Policy) -> None:
        self.buffer, self.reading, self.policy = buffer, reading, policy
        self.declared: dict[str, list[Declared]] = {}
        for one in _declarations(policy.file, buffer):
            self.declared.setdefault(name_key(one.name), []).append(one)
        self.occurrences = sorted(self._find(), key=lambda o: o.start)
        self._starts = [o.start for o in self.occurrences]
        self._meant: dict[tuple[int, str], set[str]] | None = None

    # ------------------------------------------------------------------------------------------ places
    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the clean text, in the author's."""
        return self.buffer.span(self.reading.source.span(start, end))

    def at(self, offset: int) -> Occurrence | None:
        """The name at an offset, or right before it."""
        for index in range(bisect_right(self._starts, offset) - 1, -1, -1):
            found = self.occurrences[index]
            if found.end >= offset:
                return found
            if offset - found.start > 250:
                break
        return None

    def _find(self) -> Iterator[Occurrence]:
        for _, (token, _) in self.reading.all():
            key = name_key(str(token.value))
            if token.type in NAMES:
                if not str(token.value).startswith("@") and (key in self.declared or not token.unknown):
                    yield self._occurrence(key, token.start, token.end, raw=False)
            elif token.type == "DEFNAME":
                found = self._occurrence(key, token.start, token.end, raw=False)
                if found.declares:  # titles and other spellings of options are no names
                    yield found
            elif token.type in ("HCELL", "DCELL") and key in self.declared:
                yield self._occurrence(key, token.start, token.end, raw=True)
            elif token.type == "DCELL":
                for start, end in listed(self.reading.source.text, token.start, token.end):
                    if (one := name_key(self.reading.source.text[start:end])) in self.declared:
                        yield self._occurrence(one, start, end, raw=True)

    def _occurrence(self, key: str, start: int, end: int, *, raw: bool) -> Occurrence:
        first, last = self.offsets(start, end)
        text = self.buffer.text
        while last > first and (text[last - 1].isspace() or text[last - 1] in _QUOTES):
            last -= 1
        while first < last and text[first] in _QUOTES:
            first += 1
        declares = any(d.at[0] == first for d in self.declared.get(key, ()))
        return Occurrence(key, first, last, declares, raw)

    # ------------------------------------------------------------------------------------------ who is meant
    def scopes(self, key: str) -> tuple[str, ...]:
        """The scopes in which the name is declared; a name that is only a value or a key is one everywhere."""
        return tuple(dict.fromkeys(d.scope for d in self.declared.get(key, ())))

    def scope_of(self, occurrence: Occurrence) -> str | None:
        """Whose name stands there; None when it cannot be told."""
        scopes = self.scopes(occurrence.key)
        if len(scopes) <= 1:
            return scopes[0] if scopes else GLOBAL
        for one in self.declared[occurrence.key]:
            if one.at[0] == occurrence.start:
                return one.scope
        if self._meant is None:
            self._meant = _meant(self.policy, self.buffer)
        found = self._meant.get((occurrence.end, occurrence.key), set()) & set(scopes)
        return found.pop() if len(found) == 1 else None

    def same(self, occurrence: Occurrence) -> tuple[list[Occurrence], list[Occurrence]]:
        """Every place of what is meant there, and the places of the same spelling that cannot be told apart."""
        wanted = self.scope_of(occurrence)
        sure, unsure = [], []
        for other in self.occurrences:
            if other.key == occurrence.key:
                scope = self.scope_of(other)
                if scope is None or wanted is None:
                    unsure.append(other)
                elif scope == wanted:
                    sure.append(other)
        return sure, unsure

    def declarations(self, occurrence: Occurrence) -> list[Declared]:
        """Where what stands there is declared; every candidate when it cannot be told."""
        scope = self.scope_of(occurrence)
        return [d for d in self.declared.get(occurrence.key, ()) if scope is None or d.scope == scope]


# ---------------------------------------------------------------------------------------------- declarations
def _declarations(file: n.File, buffer: Buffer) -> Iterator[Declared]:
    for block in file.blocks:
        for one in declared(block):
            at = buffer.span(one.at)
            if one.role == "record":  # its place is not kept: it stands behind the name of the ledger
                at = _within(buffer, block.span, one.name, one.at)
            yield Declared(one.role, one.name, one.scope, at, one.node)


def _within(buffer: Buffer, span: Span, word: str, after: Span) -> tuple[int, int]:
    """Where a word stands in a block, behind another part of it."""
    start = buffer.text.find(word, buffer.span(after)[1], buffer.span(span)[1])
    return (start, start + len(word)) if start >= 0 else buffer.span(after)


# ---------------------------------------------------------------------------------------------- what the program says
def _meant(policy: Policy, buffer: Buffer) -> dict[tuple[int, str], set[str]]:
    """(end of the place, name) -> the scopes that the checked program reads there."""
    found: dict[tuple[int, str], set[str]] = {}
    home = policy.file.span.file

    def note(at: Span, name: str, scope: str) -> None:
        if at.line and at.file == home:
            found.setdefault((buffer.span(at)[1], name_key(name)), set()).add(scope)

    for term in (term for root in roots(policy.program) for term in every(root.term)):
        match term:
            case c.Read(list="", name=name):
                note(term.at, name, GLOBAL)
            case c.Use():
                note(term.at, term.name.rule, GLOBAL)
            case c.Read(list=owner, name=name):
                note(term.at, name, owner)
            case c.Const(value=str(value)):
                note(term.at, value, VALUE)
            case c.Find(list=owner, value=c.Read(name=column)):
                note(term.at, column, owner)
            case _:
                pass
    ledgers = {block.name: {name_key(f.name) for f in block.fields} for block in policy.file.blocks
               if isinstance(block, n.Ledger)}
    for block in policy.file.blocks:
        if isinstance(block, n.Example):
            _of_example(block, ledgers, note)
    return found


def _of_example(
    example: n.Example, ledgers: dict[str, set[str]], note: Callable[[Span, str, str], None]
) -> None:
    """Headings of the rows of an example are fields of its ledger first; what is given or expected is of the file."""
    every: list[n.GivenRows | n.ExpectRows] = [*example.given_rows, *example.expect_rows]
    for rows in every:
        owner = rows.ledger.text
        for head in rows.header:
            note(head.span, head.text, owner if name_key(head.text) in ledgers.get(owner, ()) else GLOBAL)
        for row in rows.rows:
            for cell in row.cells:
                note(cell.span, cell.text.strip(), VALUE)
    for binding in example.given:
        note(binding.name.span, binding.name.text, GLOBAL)
        for value in binding.values:
            if isinstance(value, n.Name):
                note(value.span, value.text, VALUE)
    for outcome in example.expect:
        note(outcome.name.span, outcome.name.text, GLOBAL)
        for wanted in (outcome.value, outcome.high, *outcome.one_of):
            if isinstance(wanted, n.Name):
                note(wanted.span, wanted.text, VALUE)
