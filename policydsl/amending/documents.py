"""A policy and the documents that it speaks of, each read by itself: its own tree, with whole citations and aliases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from policydsl import nodes as n
from policydsl.aliases import named
from policydsl.amending.neighbours import Lost, Neighbours, Reference, amended, used
from policydsl.beside import NOTHING, Beside
from policydsl.citing import cited
from policydsl.diagnostics import Diagnostic, Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.memory import Memory
from policydsl.text.names import Names
from policydsl.text.parser import parse_among
from policydsl.text.source import Source

MOST_DOCUMENTS = 40


@dataclass(frozen=True, slots=True)
class Document:
    """One text (or several that are one) and what it speaks of. ``base``: what it amends; ``uses``: the vocabularies,
    each with the names that are listed (none: whatever is needed)."""

    file: n.File
    names: Sequence[Names] = ()
    uses: tuple[tuple[tuple[n.Name, ...], Document], ...] = ()
    base: Document | None = None
    beside: Beside = NOTHING
    problems: tuple[Diagnostic, ...] = ()

    @property
    def known(self) -> list[Names]:
        """The names of the documents that this one speaks of."""
        below = (*([self.base] if self.base is not None else []), *(document for _, document in self.uses))
        return [names for one in below for names in one.names]

    def every(self) -> list[Document]:
        """This document and all that it rests on, each once, what it rests on first."""
        seen: dict[int, Document] = {}
        for one in (self.base, *(document for _, document in self.uses)):
            for below in one.every() if one is not None else ():
                seen.setdefault(id(below), below)
        return [*seen.values(), self]


def read(
    texts: Mapping[str, str], dialect: Language | None = None, *, examples: bool = True, memory: Memory | None = None,
    beside: Beside = NOTHING,
) -> Document:
    """The document of a policy with those that it speaks of. What is wrong with any is among its problems. Of several
    texts, those that another speaks of are documents, and the others parts of the first."""
    near, spoken = Neighbours(beside.folder, texts), set[str]()
    for label, text in texts.items() if len(texts) > 1 else ():
        source = Source(text, label)
        for ref in (*amended(source), *used(source)):
            with suppress(Lost):
                spoken.add(near.find(ref.name, label, source.words.code).label)
    first = next(iter(texts))
    own = {label: text for label, text in texts.items() if label == first or label not in spoken}
    return _Library(near).read(own, dialect, beside, (first,), examples=examples, memory=memory)


def names_beside(text: str, file: str, folder: Path | None) -> list[Names]:
    """The names of the documents that a text speaks of, as far as they are to be had."""
    if not speaks(Source(text, file)):
        return []
    return read({file: text}, examples=False, beside=Beside(folder=folder)).known


def speaks(source: Source) -> bool:
    """Whether a text speaks of other documents."""
    return bool(amended(source) or used(source))


@dataclass(slots=True)
class _Library:
    """What has been read of the documents of one policy, by what messages call them."""

    near: Neighbours
    known: dict[str, Document] = field(default_factory=dict)

    def read(
        self, texts: Mapping[str, str], dialect: Language | None, beside: Beside, chain: tuple[str, ...], *,
        examples: bool = False, memory: Memory | None = None, word: bool = False,
    ) -> Document:
        """``chain``: the documents on the way to this one, and itself; ``word``: it is a vocabulary, and need not have
        a header."""
        problems: list[Diagnostic] = []
        bases: list[Document] = []
        uses: dict[Span, Document] = {}

        def others(sources: Sequence[Source]) -> Sequence[Names] | None:
            whole = True
            for ref in amended(sources[0]):
                base = self.other(ref, sources[0], chain, problems, word=False)
                if word or bases:
                    problems.append(Diagnostic("POL247", ref.at, args={"name": ref.name}))
                elif base is not None:
                    bases.append(base)
                whole &= base is not None
            for source in sources:
                for ref in used(source):
                    one = self.other(ref, source, chain, problems, word=True)
                    if one is not None:
                        uses[ref.at] = one
                    whole &= one is not None
            return [names for one in (*bases, *uses.values()) for names in one.names] if whole else None

        tree, found, names = parse_among(
            texts, others, dialect=dialect, examples=examples, memory=memory, fragment=word
        )
        tree, uncited = cited(tree, beside.register)
        tree, misnamed = named(tree, beside.aliases)
        if any(p.severity == "error" for p in found):
            misnamed = [p for p in misnamed if p.code != "POL225"]  # what could not be read may have declared the name
        listed = {block.file.span: block.names for block in tree.blocks if isinstance(block, n.Use)}
        paired = tuple((listed.get(at, ()), one) for at, one in uses.items())
        problems += [*found, *uncited, *misnamed]
        return Document(tree, names, paired, next(iter(bases), None), beside, tuple(problems))

    def other(
        self, ref: Reference, source: Source, chain: tuple[str, ...], problems: list[Diagnostic], *, word: bool
    ) -> Document | None:
        """What a text calls so; nothing, with the problem, if it is not to be had."""
        try:
            found = self.near.find(ref.name, source.file, source.words.code)
            if found.label in chain:
                circle = " → ".join((*chain[chain.index(found.label) :], found.label))
                raise Lost("POL243", circle=circle)
            if len(self.known) >= MOST_DOCUMENTS or len(chain) >= MOST_DOCUMENTS:
                raise Lost("POL246", limit=str(MOST_DOCUMENTS))
        except Lost as why:
            problems.append(Diagnostic(why.code, ref.at, args=why.args_, suggestions=why.near))
            return None
        if found.label not in self.known:
            folder = self.near.folder
            beside = Beside.of(found.path) if found.path is not None else Beside(folder=folder)
            self.known[found.label] = self.read(
                {found.label: found.text}, None, beside, (*chain, found.label), word=word
            )
        return self.known[found.label]


__all__ = ["Document", "names_beside", "read", "speaks"]
