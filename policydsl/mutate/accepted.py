"""Mutants that a person has looked at and accepts: ``NAME.mutants.yaml`` beside the policy.

A list of entries, Chinese or English:

    - rule: the name of the rule       规则
      change: what was changed, in the words of the report; one or a list        改动
      text: the author's words, where the rule has the change in several places  原文
      reason: why no example can or need notice it                               理由
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from policydsl.diagnostics import Diagnostic, Language, SheetError
from policydsl.members import dataclass
from policydsl.mutate.model import Judgement, Mutant
from policydsl.place import Span
from policydsl.sheet.problems import Problems
from policydsl.sheet.source import Mapping, Scalar, Sequence as Items, read_source
from policydsl.testing.shape import Shape
from policydsl.testing.words import Words
from policydsl.text.fold import name_key

KEYS: Words = {
    "rule": ("规则", "rule"),
    "change": ("改动", "change"),
    "text": ("原文", "text"),
    "reason": ("理由", "reason"),
    "clause": ("依据", "clause"),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted change of a rule; ``text`` empty: wherever the rule has it."""

    rule: str
    change: str
    text: str
    reason: str
    at: Span

    def covers(self, mutant: Mutant) -> bool:
        changes = (name_key(mutant.change.zh), name_key(mutant.change.en))
        return (
            name_key(self.rule) == name_key(mutant.rule)
            and name_key(self.change) in changes
            and (not self.text or name_key(self.text) == name_key(mutant.text))
        )


def accepted_file(policy: Path) -> Path:
    """Where the accepted mutants of a policy file are declared."""
    return policy.with_name(policy.name.removesuffix(".pol") + ".mutants.yaml")


def read_accepted(data: bytes | str, file: str, dialect: Language) -> list[Accepted]:
    """The entries of a file. Raises SheetError with every problem."""
    try:
        source = read_source(data, file)
    except SheetError as error:
        raise SheetError(error.diagnostics, error.sources, dialect) from None
    problems = Problems()
    shape, out = Shape(problems), list[Accepted]()
    tree = source.tree
    if isinstance(tree, Items):
        for item in tree.items:
            if isinstance(item, Mapping):
                out += _entry(item, shape)
            else:
                shape.wrong(item, "", "case_entry")
    elif tree is not None and not (isinstance(tree, Scalar) and tree.empty):
        shape.wrong(tree, "", "case_list")
    if problems.errors:
        raise SheetError(problems.all(), source.sources, dialect)
    return out


def _entry(item: Mapping, shape: Shape) -> Iterable[Accepted]:
    keys = shape.keys(item, KEYS, "")
    texts = {key: shape.texts(pair.value, pair.key) for key, pair in keys.items()}
    for key in ("rule", "change", "reason"):
        if not texts.get(key):
            if key not in keys:
                zh, en = KEYS[key][:2]
                shape.problems.note(Diagnostic("CASE110", item.at, args={"path": "", "read": f"{zh}/{en}"}))
            return ()
    text = " ".join(t.text for t in texts.get("text", ()))
    reason = " ".join(t.text for t in texts["reason"])
    return [Accepted(texts["rule"][0].text, c.text, text, reason, item.at) for c in texts["change"]]


def with_accepted(
    judged: Sequence[Judgement], accepted: Sequence[Accepted]
) -> tuple[list[Judgement], list[Accepted]]:
    """The judgements with what is accepted marked so, and the entries that cover no survivor (any more)."""
    out, useful = [], set[int]()
    for one in judged:
        found = next((i for i, a in enumerate(accepted) if a.covers(one.mutant)), None)
        if found is not None and one.outcome in ("survived", "unreached"):
            useful |= {i for i, a in enumerate(accepted) if a.covers(one.mutant)}
            one = replace(one, outcome="accepted", by=accepted[found].reason)
        out.append(one)
    return out, [a for i, a in enumerate(accepted) if i not in useful]
