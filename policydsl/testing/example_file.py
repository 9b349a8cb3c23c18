"""Files of 示例 in the folder of cases of a policy: read with the names of the policy, and nothing else in them."""

from __future__ import annotations

from pathlib import Path

from policydsl import nodes as n
from policydsl.check.examples import Reader
from policydsl.citing import cited
from policydsl.diagnostics import Diagnostic, PolicyError, SheetError
from policydsl.engine import Policy, read_text, unique
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text import parse


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """Such a file as it was read, and everything that is wrong with it."""

    tree: n.File
    problems: tuple[Diagnostic, ...]

    @property
    def examples(self) -> list[n.Example]:
        """Those that can be used: no error stands in them."""
        wrong = [p.span.line for p in self.problems if p.severity == "error"]
        every = [b for b in self.tree.blocks if isinstance(b, n.Example)]
        return [e for e in every if not any(e.span.line <= line <= e.span.end_line for line in wrong)]

    @property
    def error(self) -> SheetError | None:
        """Why the file cannot be used as a whole, if it cannot."""
        errors = [p for p in self.problems if p.severity == "error"]
        return SheetError(errors, self.tree.sources, self.tree.dialect) if errors else None


def read_examples(policy: Policy, text: str, file: str) -> ExampleFile:
    """The examples of a text as if they stood in the policy. Raises PolicyError where the version of a policy that one
    of them is judged by is not valid."""
    dialect = policy.program.header.dialect
    tree, problems = parse(text, file, dialect=dialect, fragment=True, known=policy.names)
    others = [b for b in (tree.policy, *tree.blocks) if b is not None and not isinstance(b, n.Example)]
    problems += [Diagnostic("CASE113", _first_line(b, tree), args={"policy": policy.file.span.file}) for b in others]
    own = tuple(b for b in tree.blocks if isinstance(b, n.Example))
    numbered, uncited = cited(n.File(tree.span, dialect, policy.file.policy, own, tree.sources), policy.beside.register)
    problems += [p for p in uncited if p.span.file == file]
    made = n.File(tree.span, dialect, None, numbered.blocks, tree.sources)
    for example in ExampleFile(made, tuple(problems)).examples:
        version = policy.on(example.as_of)
        problems += Reader(version.program, version.lowering, made.sources).problems(example)
    return ExampleFile(made, unique(problems, made.sources))


def read_example_file(policy: Policy, path: Path, shown: str | None = None) -> ExampleFile:
    """``read_examples`` of a file; ``shown``: what messages call it. Raises OSError."""
    try:
        text = read_text(path)
    except PolicyError as error:  # it is no text
        empty = n.File(error.diagnostics[0].span, policy.program.header.dialect, None, (), error.sources)
        return ExampleFile(empty, error.diagnostics)
    return read_examples(policy, text, shown or str(path))


def _first_line(block: n.Node, tree: n.File) -> Span:
    at = block.span
    return Span(at.file, at.line, at.column, at.line, len(tree.sources.line(at).rstrip()) + 1)


__all__ = ["ExampleFile", "read_example_file", "read_examples"]
