"""Only what can be read back and passes as written is given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policydsl.diagnostics import Diagnostic, PolicyError, SheetError
from policydsl.engine import Policy, load_texts
from policydsl.members import dataclass
from policydsl.testgen.examples import ExampleWriter
from policydsl.testgen.model import Made
from policydsl.testing import Case
from policydsl.testing.examples import ExampleCase
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

GENERATED = "<generated>"
ROUNDS = 5  # of leaving out what cannot be read


@dataclass(frozen=True, slots=True)
class Written:
    """The text of the cases; how many they are, and how many could not be written so that they pass."""

    text: str
    count: int
    lost: int


def written(policy: Policy, made: Sequence[Made], form: str) -> Written:
    """The cases in a form (``yaml``, ``pol``), each under a name of its own, those kept that pass when read again."""
    writer = ExampleWriter(policy.program)
    taken: dict[str, int] = {}
    blocks: list[str] = []
    for one in made:
        name = writer.name(one)
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name} {taken[name]}"
        block = writer.yaml(one, name) if form == "yaml" else writer.example(one, name)
        if block is not None:
            blocks.append(block)
    kept = _readable(blocks, _cases_of(policy, form))
    return Written(("" if form == "yaml" else "\n").join(kept), len(kept), len(made) - len(kept))


def _cases_of(policy: Policy, form: str) -> Callable[[str], tuple[Sequence[Case], Policy]]:
    """Reads a text: its cases, the policy they run on."""

    def yaml(text: str) -> tuple[Sequence[Case], Policy]:
        return [SheetCase(policy.program, s) for s in read_cases(text, GENERATED, policy.program)], policy

    def pol(text: str) -> tuple[Sequence[Case], Policy]:
        texts = {**policy.program.sources.whole, GENERATED: text}
        whole = load_texts(texts, policy.program.header.dialect, beside=policy.beside)
        return [ExampleCase(whole, e) for e in whole.examples if e.span.file == GENERATED], whole

    return yaml if form == "yaml" else pol


def _readable(blocks: list[str], read: Callable[[str], tuple[Sequence[Case], Policy]]) -> list[str]:
    kept = blocks
    for _ in range(ROUNDS):
        text = "\n".join(kept)
        if not kept:
            break
        try:
            cases, policy = read(text)
        except (PolicyError, SheetError) as error:
            wrong = _at(kept, error.diagnostics)
            if not wrong:
                return []
            kept = [b for i, b in enumerate(kept) if i not in wrong]
            continue
        starts = _starts(kept)
        bad = {
            max(i for i, s in enumerate(starts) if s <= case.at.line)
            for case in cases if not case.run(policy).passed
        }
        return [b for i, b in enumerate(kept) if i not in bad]
    return []


def _starts(blocks: Sequence[str]) -> list[int]:
    """The line on which each block begins, blocks being joined by a line break."""
    out, line = [], 1
    for block in blocks:
        out.append(line)
        line += block.count("\n") + 1
    return out


def _at(blocks: Sequence[str], problems: Sequence[Diagnostic]) -> set[int]:
    """The blocks in which errors lie."""
    starts = _starts(blocks)
    lines = [p.span.line for p in problems if p.severity == "error" and p.span.file == GENERATED]
    return {max(i for i, s in enumerate(starts) if s <= line) for line in lines}
