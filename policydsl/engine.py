"""Loading and judging: the steps of the one way through, put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from policydsl import nodes as n
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Language, PolicyError
from policydsl.evaluate import COMPLETIONS
from policydsl.judge import judge
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.lower.context import Lowering
from policydsl.sources import Sources
from policydsl.verdict import Verdict

AsOfFrom = Literal["option", "sheet", "today"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy: load it once, judge many sheets. It never changes.

    ``program`` is the core program, ``diagnostics`` the warnings and notices found, ``examples`` those of the file.
    """

    program: Program
    diagnostics: tuple[Diagnostic, ...]
    file: n.File = field(repr=False)
    lowering: Lowering = field(repr=False)

    @property
    def examples(self) -> tuple[n.Example, ...]:
        return tuple(b for b in self.file.blocks if isinstance(b, n.Example))

    def judge(
        self, sheets: Sequence[Sheet], as_of: date, as_of_from: AsOfFrom = "option",
        settings: Mapping[str, Exact] | None = None, *, population: bool = False, completions: int = COMPLETIONS,
        trace: bool = True, only: Collection[str] | None = None, proof: bool = False,
    ) -> list[Verdict]:
        """One verdict a sheet, in order. ``as_of``: a date, or a datetime where hours matter. ``settings``: parameter
        name -> value. Several sheets are judged as one population."""
        return judge(
            self.program, sheets, as_of, as_of_from, settings, population=population, completions=completions,
            trace=trace, only=only, proof=proof,
        )


def load_policy(*paths: str | Path, examples: bool = True) -> Policy:
    """The policy of a file, or of several whose blocks follow one another (see ``load_texts``); ``examples`` False
    leaves its examples unread.

    Raises PolicyError with every problem, OSError if a file cannot be read, ValueError if one is given twice.
    """
    texts = {str(path): _read(Path(path)) for path in paths}
    if len(texts) < len(paths):
        raise ValueError("a file is given twice")
    return load_texts(texts, examples=examples)


def _read(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        from policydsl.place import Span

        line = data[: exc.start].count(b"\n") + 1
        raise PolicyError([Diagnostic("POL100", Span(str(path), line, 1, line, 2))], Sources(), "zh") from exc


def load_text(
    text: str, file: str = "<text>", dialect: Language | None = None, *, examples: bool = True
) -> Policy:
    """The policy of a text. Raises PolicyError with every problem."""
    return load_texts({file: text}, dialect, examples=examples)


def load_texts(texts: Mapping[str, str], dialect: Language | None = None, *, examples: bool = True) -> Policy:
    """The policy whose blocks stand in these texts (name of the file -> text), as if one stood below the other: the
    first has the policy header, and its dialect is that of all. Raises PolicyError with every problem."""
    policy = examine(texts, dialect, examples=examples)
    if any(p.severity == "error" for p in policy.diagnostics):
        raise PolicyError(policy.diagnostics, policy.file.sources, policy.file.dialect)
    return policy


def examine(texts: Mapping[str, str], dialect: Language | None = None, *, examples: bool = True) -> Policy:
    """What can be read of such texts, whatever is wrong with them (an editor has no other). Errors are among the
    diagnostics; a policy that has some must not be judged by."""
    from policydsl.check import check
    from policydsl.lower import lower
    from policydsl.text import parse_texts

    tree, problems = parse_texts(texts, dialect=dialect, examples=examples)
    broken = any(p.severity == "error" for p in problems)
    program, more, lowering = lower(tree)
    if broken:
        # What a faulty line would have declared is unknown: only what surely stands is told besides.
        more = [p for p in more if p.code not in ("POL201", "POL206", "POL207", "POL402", "POL415")]
    problems = [*problems, *more]
    if not any(p.severity == "error" for p in problems):
        problems += check(program, tree, lowering)
    return Policy(program, unique(problems, tree.sources), tree, lowering)


def unique(problems: Sequence[Diagnostic], sources: Sources) -> tuple[Diagnostic, ...]:
    """Each problem once, in the order of the texts."""
    seen: dict[tuple[str, object, str], Diagnostic] = {}
    for p in problems:
        seen.setdefault((p.code, p.span, repr(sorted(p.args.items()))), p)
    return tuple(sorted(seen.values(), key=lambda p: (sources.order(p.span), p.code)))
