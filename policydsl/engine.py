"""Loading and judging: the steps of the one way through, put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from policydsl import nodes as n
from policydsl.beside import NOTHING, Beside
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Language, PolicyError
from policydsl.evaluate import COMPLETIONS
from policydsl.judge import Population, judge
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.sources import Sources
from policydsl.verdict import Verdict

if TYPE_CHECKING:
    from policydsl.amending import Version
    from policydsl.lower.context import Lowering
    from policydsl.text.memory import Memory
    from policydsl.text.names import Names

AsOfFrom = Literal["option", "sheet", "today"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy: load it once, judge many sheets. It never changes.

    ``program`` is the core program, ``diagnostics`` the warnings and notices found, ``examples`` those of the file,
    ``beside`` where the files beside it would stand. ``file`` is the tree that the program was made of, ``written`` the
    one of the text alone, which differ where the text speaks of other files (``registers`` are theirs too, ``known``
    the names that they declare, ``names`` those that the text itself may write). An amended policy has several
    ``versions``; this is the one that is meant where no day is, see ``on``.
    """

    program: Program
    diagnostics: tuple[Diagnostic, ...]
    file: n.File = field(repr=False)
    lowering: Lowering = field(repr=False)
    beside: Beside = NOTHING
    written: n.File | None = field(default=None, repr=False)
    registers: tuple[Path, ...] = ()
    versions: tuple[Version, ...] = field(default=(), repr=False)
    known: tuple[Names, ...] = field(default=(), repr=False)
    names: tuple[Names, ...] = field(default=(), repr=False)
    made: dict[date | None, Policy] = field(default_factory=dict, repr=False, compare=False)

    @property
    def examples(self) -> tuple[n.Example, ...]:
        return tuple(b for b in (self.written or self.file).blocks if isinstance(b, n.Example))

    @property
    def alone(self) -> bool:
        """Whether the text speaks of no other."""
        return len(self.versions) < 2 and not self.known

    def on(self, day: date | None) -> Policy:
        """The version that is in force on a day. Raises PolicyError if something is wrong with it."""
        if day is None or len(self.versions) < 2:
            return self
        plain = date(day.year, day.month, day.day)
        *_, version = (v for v in self.versions if v.start is None or v.start <= plain)
        if version.current:
            return self
        if version.start not in self.made:
            self.made[version.start] = made = self._of(version)
            if any(p.severity == "error" for p in made.diagnostics):
                raise PolicyError(made.diagnostics, made.file.sources, made.file.dialect)
        return self.made[version.start]

    def _of(self, version: Version) -> Policy:
        program, problems, lowering = _lowered(version.file, [])
        return replace(
            self, program=program, diagnostics=unique(problems, version.file.sources), file=version.file,
            lowering=lowering, written=None, versions=(), made={},
        )

    def each(self) -> tuple[Policy, ...]:
        """Every version, checked as it would be alone."""
        return tuple(self if v.current else self._of(v) for v in self.versions) or (self,)

    def hold(self, settings: Mapping[str, Exact]) -> None:
        """Raises PolicyError where the tables do not hold with parameters that are set from outside."""
        found = self.unheld(settings)
        if found:
            raise PolicyError(found, self.file.sources, self.file.dialect)

    def unheld(self, settings: Mapping[str, Exact]) -> list[Diagnostic]:
        """What is wrong with the tables where these parameters are set from outside."""
        if not settings:
            return []
        from policydsl.check.under import under

        return under(self.program, self.file, self.lowering, settings)

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

    def population(
        self, sheets: Sequence[Sheet], settings: Mapping[str, Exact] | None = None, parties: int | None = None
    ) -> Population:
        """The sheets as one population, whose parties are then judged one by one. ``parties``: how many are to be
        judged by this policy, in this population or in others."""
        return Population.of(self.program, sheets, settings, parties=parties)


def load_policy(*paths: str | Path, examples: bool = True) -> Policy:
    """The policy of a file, or of several whose blocks follow one another (see ``load_texts``); ``examples`` False
    leaves its examples unread.

    Raises PolicyError with every problem, OSError if a file cannot be read, ValueError if one is given twice.
    """
    texts = {str(path): read_text(Path(path)) for path in paths}
    if len(texts) < len(paths):
        raise ValueError("a file is given twice")
    beside = Beside.of(Path(paths[0])) if paths else NOTHING
    return load_texts(texts, examples=examples, beside=beside)


def read_text(path: Path) -> str:
    """The text of a file. Raises PolicyError where it is none, OSError."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        from policydsl.place import Span

        line = data[: exc.start].count(b"\n") + 1
        raise PolicyError([Diagnostic("POL100", Span(str(path), line, 1, line, 2))], Sources(), "zh") from exc


def load_text(
    text: str, file: str = "<text>", dialect: Language | None = None, *, examples: bool = True,
    beside: Beside = NOTHING,
) -> Policy:
    """The policy of a text. Raises PolicyError with every problem."""
    return load_texts({file: text}, dialect, examples=examples, beside=beside)


def load_texts(
    texts: Mapping[str, str], dialect: Language | None = None, *, examples: bool = True, beside: Beside = NOTHING
) -> Policy:
    """The policy whose blocks stand in these texts (name of the file -> text), as if one stood below the other: the
    first has the policy header, and its dialect is that of all. ``beside``: the files that tell the places of clauses
    cited by number, and aliases; without them there are none. Raises PolicyError with every problem."""
    policy = examine(texts, dialect, examples=examples, beside=beside)
    if any(p.severity == "error" for p in policy.diagnostics):
        from policydsl.mending import tried

        within = NOTHING if policy.alone else beside
        names = policy.lowering.names.spelled
        found = tried(policy.diagnostics, texts, dialect, names=names, beside=within)
        raise PolicyError(found, policy.file.sources, policy.file.dialect)
    return policy


def examine(
    texts: Mapping[str, str], dialect: Language | None = None, *, examples: bool = True, memory: Memory | None = None,
    beside: Beside = NOTHING,
) -> Policy:
    """What can be read of such texts, whatever is wrong with them (an editor has no other). Errors are among the
    diagnostics; a policy that has some must not be judged by. ``memory``: what was read of an earlier version;
    ``beside``: see ``load_texts``. Versions that are not in force now are lowered when they are asked for."""
    from policydsl.amending import read, versions

    document = read(texts, dialect, examples=examples, memory=memory, beside=beside)
    every, problems = versions(document)
    current = next(version for version in every if version.current)
    program, problems, lowering = _lowered(current.file, problems)
    if any(p.severity == "error" for p in problems):
        from policydsl.mending import misdeclared

        problems = misdeclared(problems, texts, current.file.dialect, lowering.names.spelled)
    registers = tuple(d.beside.register for d in document.every() if d.beside.register is not None)
    return Policy(
        program, unique(problems, current.file.sources), current.file, lowering, beside, document.file, registers,
        tuple(every), tuple(document.known), tuple(document.names),
    )


def _lowered(tree: n.File, problems: Sequence[Diagnostic]) -> tuple[Program, list[Diagnostic], Lowering]:
    """The program of a tree, with the problems of reading it, lowering it and checking it."""
    from policydsl.check import check
    from policydsl.lower.policy import lower

    broken = any(p.severity == "error" for p in problems)
    program, more, lowering = lower(tree)
    if broken:
        # What a faulty line would have declared is unknown: only what surely stands is told besides.
        more = [p for p in more if p.code not in ("POL201", "POL206", "POL207", "POL402", "POL415", "POL215")]
        from policydsl.following import apart, causes

        more, problems = apart(more, problems, tree), causes(problems, tree)
    problems = [*problems, *more]
    if not any(p.severity == "error" for p in problems):
        problems += check(program, tree, lowering)
    return program, problems, lowering


def unique(problems: Sequence[Diagnostic], sources: Sources) -> tuple[Diagnostic, ...]:
    """Each problem once, in the order of the texts."""
    seen: dict[tuple[str, object, str], Diagnostic] = {}
    for p in problems:
        seen.setdefault((p.code, p.span, repr(sorted(p.args.items()))), p)
    return tuple(sorted(seen.values(), key=lambda p: (sources.order(p.span), p.code)))


__all__ = [
    "AsOfFrom", "Policy", "examine", "load_policy", "load_text", "load_texts",
    "read_text", "unique",
]
