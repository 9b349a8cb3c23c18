"""One version of one document, and what has been found out about it. Each part is worked out once, when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from policydsl.beside import register_of
from policydsl.register import Registered, read_register
from policydsl.core import Name
from policydsl.diagnostics import Diagnostic, Language, PolicyError
from policydsl.editor.buffer import Buffer
from policydsl.editor.reading import Reading
from policydsl.editor.symbols import Declared, Symbols
from policydsl.beside import NOTHING, Beside
from policydsl.engine import Policy, examine, read_text
from policydsl.kinds import Kind
from policydsl.place import Span
from policydsl.lower.names import GLOBAL
from policydsl.say import say
from policydsl.testing.collect import owner_of
from policydsl.testing.example_file import read_examples
from policydsl.text import Memory, parse


class Snapshot:
    """A text under an address; ``asked`` is the language the editor wants, else that of the file."""

    def __init__(
        self, uri: str, text: str, version: int | None, *, encoding: str = "utf-16", asked: Language | None = None,
        memory: Memory | None = None,
    ) -> None:
        """``memory``: what was read of earlier versions."""
        self.uri, self.text, self.version, self.asked, self.memory = uri, text, version, asked, memory
        self.buffer = Buffer(text, encoding)

    @cached_property
    def path(self) -> Path | None:
        """The file, when the address is that of one."""
        return file_of(self.uri)

    @property
    def file(self) -> str:
        """What messages call the file."""
        if self.owner is not None and self.path is not None:
            return f"{self.owner.stem}.tests/{self.path.name}"
        return self.path.name if self.path else self.uri

    @cached_property
    def owner(self) -> Path | None:
        """The policy, where the text is a file of examples beside it."""
        return owner_of(self.path) if self.path is not None else None

    @cached_property
    def policy(self) -> Policy:
        """What can be read, with every problem of this text; see ``engine.examine``. ``file`` is the tree of the text
        alone; problems of another file that it speaks of are told where it does, for here its lines are not. Of a file
        of examples it is the policy that they belong to, with their problems."""
        if self.owner is not None:
            return self._of_owner(self.owner)
        beside = Beside.of(self.path) if self.path else NOTHING
        made = examine({self.file: self.text}, memory=self.memory, beside=beside)
        return replace(made, file=made.written or made.file, diagnostics=tuple(self._here(made)))

    def _of_owner(self, owner: Path) -> Policy:
        """The policy as it is saved, with the examples of this text in place of its own."""
        text = self.text.removeprefix("\ufeff")
        try:
            made = _saved(owner, tuple((p, p.stat().st_mtime_ns) for p in sorted(owner.parent.iterdir())))
            problems = tuple(self._here(made))
            if problems:  # nothing can be checked
                tree, _ = parse(text, self.file, dialect=made.file.dialect, fragment=True, known=made.names)
            else:
                read = read_examples(made, text, self.file)
                tree, problems = read.tree, read.problems
        except (OSError, PolicyError):
            return examine({self.file: self.text})
        low = made.lowering.aside(tree.sources)
        return replace(made, file=tree, written=tree, lowering=low, diagnostics=problems, known=made.names)

    def _here(self, made: Policy) -> Iterator[Diagnostic]:
        """The problems, each at a place of this text."""
        header = made.written.policy if made.written is not None else None
        first = header.span if header is not None and header.span.file == self.file else None
        for problem in made.diagnostics:
            if problem.span.file == self.file:
                yield problem
            elif problem.severity == "error":
                args = {"file": problem.span.file, "line": str(problem.span.line), "code": problem.code}
                yield Diagnostic("POL261", first or Span(self.file, 1, 1, 1, 2), args=args)

    @cached_property
    def unread(self) -> bool:
        """Whether the text is too large to be read at all: then there is nothing to say about it but that."""
        return any(p.code in ("POL120", "POL121") for p in self.policy.diagnostics)

    @cached_property
    def reading(self) -> Reading:
        return self.read("" if self.unread else self.text)

    def read(self, text: str) -> Reading:
        """The tokens of a text in place of this one."""
        return Reading(text, known=lambda: self.policy.known, among=self.owner is not None)

    @cached_property
    def symbols(self) -> Symbols:
        return Symbols(self.buffer, self.reading, self.policy)

    @property
    def dialect(self) -> Language:
        """The language of the keywords."""
        return self.reading.words.code

    @property
    def lang(self) -> Language:
        """The language of what is said about the file."""
        return self.asked or self.dialect

    @property
    def broken(self) -> bool:
        """Whether the policy has errors."""
        return any(p.severity == "error" for p in self.policy.diagnostics)

    @cached_property
    def register(self) -> dict[str, Registered]:
        """The clauses of the register beside the file, by their ids; none when there is no register that can be
        read."""
        beside = register_of(self.owner or self.path) if self.path else None
        if beside is None or not beside.is_file():
            return {}
        try:
            return {clause.id: clause for clause in read_register(beside)}
        except (OSError, ValueError):
            return {}

    def kind(self, one: Declared) -> Kind | None:
        """The kind of the value that a name stands for in the checked program, if it stands for one."""
        program = self.policy.program
        if one.scope in program.lists:
            decl = program.lists[one.scope].field_of(one.name)
            return decl.kind if decl is not None else None
        stands = program.inputs.get(one.name) or program.terms.get(Name(one.name))
        return stands.kind if stands is not None and one.scope == GLOBAL else None

    def say(self, key: str, **places: object) -> str:
        """A word or sentence in the language of what is said about the file."""
        return say(key, self.lang, **places)


@lru_cache(maxsize=4)
def _saved(policy: Path, folder: tuple[tuple[Path, int], ...]) -> Policy:
    """What can be read of a policy whose examples are open, as long as nothing in its folder changes: it is not read
    again with each letter."""
    return examine({policy.name: read_text(policy)}, examples=False, beside=Beside.of(policy))


def file_of(uri: str) -> Path | None:
    """The path of a ``file:`` address; None for any other."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return Path(url2pathname(parts.path))
