"""Judges the published cases by the policies beside this file: right and all, lines of policy, milliseconds a case.

``python bench/published/run.py FOLDER``: FOLDER has ``confidently-wrong`` and ``rulearena-airline``, see README.md.
``--away``: takes each fact of each case away in turn, and holds the verdict against all ways to fill it in again.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

import yaml

from policydsl.api import Policy, load
from policydsl.domain import Possible, join, shape

HERE = Path(__file__).resolve().parent
DAY = "2026-01-01"
Facts = dict[str, Any]
Answer = bool | int | Fraction


@dataclass(frozen=True)
class Text:
    """A rule text: its policy, the result that answers, its cases, and how one of them is asked."""

    policy: str
    result: str
    cases: str
    read: Callable[[Path], Iterator[tuple[str, Facts, Answer]]]


def scenarios(folder: Path) -> Iterator[tuple[str, Facts, Answer]]:
    """The typed facts of a scenario are those of the policy: their keys are its aliases."""
    for path in sorted(folder.glob("scenarios*.yaml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            yield test["name"], test["inputs"], test["expect"]["outcome"] == "eligible"


def journeys(folder: Path) -> Iterator[tuple[str, Facts, Answer]]:
    """The three numbers of a bag's size are its length, width and height."""
    for i, line in enumerate((folder / "cases.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        case = json.loads(line)
        sides = [dict(zip(("length", "width", "height"), bag["size"], strict=True)) for bag in case["bags"]]
        bags = [{"id": bag["id"], "weight": bag["weight"], **of} for bag, of in zip(case["bags"], sides, strict=True)]
        direction = ("to the region", "from the region")[case["direction"]]
        facts = {key: case[key] for key in ("ticket", "class", "region")} | {"direction": direction, "bags": bags}
        yield f"{i}", facts, case["total"]


TEXTS = {
    "benefits": Text("benefits_entitlement", "eligible", "confidently-wrong/benefits-entitlement", scenarios),
    "car": Text("construction_all_risks", "eligible", "confidently-wrong/car", scenarios),
    "english": Text("english_language", "eligible", "confidently-wrong/english-language", scenarios),
    "life in the uk": Text("life_in_the_uk", "eligible", "confidently-wrong/life-in-the-uk", scenarios),
    "spacecraft": Text("spacecraft_crew", "eligible", "confidently-wrong/spacecraft-crew-certification", scenarios),
    "airline": Text("airline_bags", "total", "rulearena-airline", journeys),
}


def path_of(text: Text) -> Path:
    return HERE / f"{text.policy}.pol"


def answer(policy: Policy, result: str, facts: Facts) -> Possible:
    """All that the result may be."""
    return policy.evaluate(facts, as_of=DAY, only=[result], trace=False).results[result].total.value


def fillings(policy: Policy, text: str, key: str) -> list[Any]:
    """Enough ways to fill in a fact: every option, and of a number each number of the policy and its neighbours."""
    program = policy._policy.program
    fields = [*program.inputs.values(), *(d for listed in program.lists.values() for d in listed.fields)]
    decl = next(d for d in fields if key in (d.name, d.alias))
    none = ["none"] if decl.optional else []
    if decl.kind.base == "yesno":
        return [True, False, *none]
    if decl.kind.base == "choice":
        return [*decl.kind.options, *(["something else"] if decl.kind.open else []), *none]
    if decl.kind.base == "text":
        return [*re.findall(r"^  \| (.*?) +\|$", text, re.M), "something else", *none]
    written = {int(n.replace(",", "")) for n in re.findall(r"(?<![\w-])\d[\d,]*", text)}
    return sorted({max(n + d, 0) for n in written for d in (-1, 0, 1)})


def gaps(facts: Facts) -> Iterator[tuple[str, Facts, Callable[[Any], Facts]]]:
    """Each fact and each cell of a record but its key: its name, the facts without it, and with it filled in."""
    for key, value in facts.items():
        rest = {k: v for k, v in facts.items() if k != key}
        if not isinstance(value, list):
            yield key, rest, lambda new, key=key, rest=rest: rest | {key: new}
            continue
        for i, record in enumerate(value):
            for field in record.keys() - {"id"}:
                others = {k: v for k, v in record.items() if k != field}

                def whole(row: Facts, key: str = key, rows: list[Facts] = value, i: int = i) -> Facts:
                    return facts | {key: [*rows[:i], row, *rows[i + 1 :]]}

                yield field, whole(others), lambda new, f=field, o=others, w=whole: w(o | {f: new})


def away(policy: Policy, text: str, result: str, facts: Facts) -> Iterator[bool]:
    """For each fact: whether the verdict without it is exactly what all ways to fill it in come to together."""
    for name, rest, filled in gaps(facts):
        every = [answer(policy, result, filled(value)) for value in fillings(policy, text, name)]
        yield shape(answer(policy, result, rest)) == shape(join(every))


def lines_of(path: Path) -> int:
    """Lines of a policy that say something; its examples are no part of the rules."""
    rules, _, _ = path.read_text(encoding="utf-8").partition("\nexample ")
    return sum(1 for line in rules.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=TEXTS, action="append")
    parser.add_argument("--away", action="store_true", help="each fact taken away in turn")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth case")
    args = parser.parse_args()
    print(f"{'':16}{'right':>7}{'all':>7}{'lines':>8}{'ms a case':>12}")
    right = every = 0
    for name in args.only or TEXTS:
        text = TEXTS[name]
        path = HERE / f"{text.policy}.pol"
        policy, written = load(path), path.read_text(encoding="utf-8")
        cases = list(text.read(args.folder / text.cases))[:: args.every]
        began = process_time()
        if args.away:
            told = [(case, ok) for case, facts, _ in cases for ok in away(policy, written, text.result, facts)]
        else:
            told = [(case, answer(policy, text.result, facts).values == (due,)) for case, facts, due in cases]
        spent = (process_time() - began) * 1000 / len(told)
        good = sum(ok for _, ok in told)
        right, every = right + good, every + len(told)
        print(f"{name:16}{good:>7}{len(told):>7}{lines_of(path):>8}{spent:>12.1f}", flush=True)
        for case in dict.fromkeys(case for case, ok in told if not ok):
            print(f"  otherwise: {case}")
    print(f"{'together':16}{right:>7}{every:>7}")


if __name__ == "__main__":
    main()
