"""Examples run where they stand: a lens on each, and what came of it."""

from __future__ import annotations


from lsprotocol import types as t

from policydsl import nodes as n
from policydsl.editor.snapshot import Snapshot
from policydsl.members import dataclass
from policydsl.say import headed, listed

RUN_ONE, RUN_ALL = "policydsl.runExample", "policydsl.runExamples"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Missed:
    """One expectation that was not met."""

    name: str
    expected: str
    actual: str
    line: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one example; ``broken``: the policy has errors and judges nothing."""

    name: str
    missed: tuple[Missed, ...] = ()
    broken: bool = False

    @property
    def passed(self) -> bool:
        return not self.missed and not self.broken


def examples(snapshot: Snapshot) -> list[n.Example]:
    """The examples of the file in order."""
    return [block for block in snapshot.policy.file.blocks if isinstance(block, n.Example)]


def run(snapshot: Snapshot, index: int) -> Ran | None:
    """Runs the example of that number (from 0); None when there is none any more."""
    from policydsl.testing.examples import ExampleCase

    found = examples(snapshot)
    if not 0 <= index < len(found):
        return None
    example = found[index]
    if snapshot.broken:
        return Ran(example.name, broken=True)
    report = ExampleCase(snapshot.policy, example).run(snapshot.policy)
    return Ran(example.name, tuple(Missed(f.name, f.expected, f.actual, f.at.line) for f in report.failures))


def lenses(snapshot: Snapshot, ran: dict[int, Ran]) -> list[t.CodeLens]:
    """One lens an example, and one above the first that runs them all."""
    out: list[t.CodeLens] = []
    for index, example in enumerate(examples(snapshot)):
        start, _ = snapshot.buffer.span(example.span)
        place = snapshot.buffer.range(start, start)
        command = t.Command(title(snapshot, ran.get(index)), RUN_ONE, arguments=[snapshot.uri, index])
        out.append(t.CodeLens(place, command))
        if index == 0:
            count = len(examples(snapshot))
            every = snapshot.say("lens.run_all", count=count)
            whole = t.Command(_all(snapshot, ran, count) or every, RUN_ALL, arguments=[snapshot.uri])
            out.append(t.CodeLens(place, whole))
    return out


def _all(snapshot: Snapshot, ran: dict[int, Ran], count: int) -> str | None:
    if len(ran) < count or not count:
        return None
    passed = sum(1 for one in ran.values() if one.passed)
    sign = "✓" if passed == count else "✗"
    return snapshot.say("lens.ran_all", sign=sign, count=count, passed=passed)


def title(snapshot: Snapshot, ran: Ran | None) -> str:
    """What the lens says: to be run, met, or what was expected and what came."""
    if ran is None:
        return snapshot.say("lens.run")
    if ran.broken:
        return snapshot.say("lens.broken")
    if ran.passed:
        return snapshot.say("lens.passed")
    parts = []
    for one in ran.missed[:_SHOWN]:
        expected, actual = _short(one.expected), _short(one.actual)
        if not expected:
            parts.append(headed(one.name, snapshot.lang, actual))
        else:
            parts.append(snapshot.say("lens.expected", name=one.name, expected=expected, actual=actual))
    more = len(ran.missed) - _SHOWN
    if more > 0:
        parts.append(snapshot.say("lens.more", more=more))
    return "✗ " + listed(parts, snapshot.lang, "semicolon")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
