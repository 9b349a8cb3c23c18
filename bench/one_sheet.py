"""One sheet, beside the same job written by hand in Decimal: how long a verdict takes, in ratios of one run.

    python bench/one_sheet.py [--sheets 400] [--rounds 7] [--shipped]

Answers are compared first. ``aim`` is what a verdict with its values, and one with every entry, are to reach.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

import policydsl
from policydsl.api import read_facts
from policydsl.compiled.made import Compiled
from policydsl.facts import Sheet
from policydsl.judge import judge

ROOT = Path(__file__).resolve().parent
WORTH = {"非常满意": 25, "满意": 15, "一般": 10, "不满意": 5, "非常不满意": 0}
D = Decimal
Facts = dict[str, Any]


def drawn(draw: Random) -> Facts:
    """The facts of one quarter, as plain values."""
    assigned = draw.randint(0, 12)
    return {
        "应交付数": assigned, "交付数": draw.randint(0, assigned), "三次未通数": draw.randint(0, 3),
        "提醒后未通数": draw.randint(0, 1), "无证次数": draw.randint(0, 4), "求助人天": draw.randint(0, 6),
        "简单问题数": draw.randint(0, 14), "ECR": f"{draw.randint(40, 180) / D(10)}%",
        "线上完成率": f"{draw.choice((100, 90, 75))}%", "线下参与率": f"{draw.choice((100, 85, 70, 40))}%",
        "加分": draw.randint(0, 5), "减分": draw.randint(0, 9),
        "回访": [{"评价": draw.choice(tuple(WORTH))} for _ in range(draw.randint(0, 5))],
    }


def share(text: str) -> Decimal:
    return D(text[:-1]) / 100


def by_hand(facts: Facts) -> tuple[Decimal, bool]:
    """The total and the downgrade, as a programmer writes it; a mean and a ratio are rounded by Decimal."""
    assigned = D(facts["应交付数"])
    delivery = D(30) if assigned == 0 else 30 * D(facts["交付数"]) / assigned
    surveys = facts["回访"]
    base = D(sum(WORTH[s["评价"]] for s in surveys)) / len(surveys) if surveys else D(25)
    pleased = max(base - 2 * D(facts["三次未通数"]) - 5 * D(facts["提醒后未通数"]), D(0))
    simple = D(facts["简单问题数"])
    less = D(0) if simple < 5 else D(1) if simple < 10 else D(3)
    office = max(10 - D("0.5") * D(facts["无证次数"]) - D("0.5") * D(facts["求助人天"]) - less, D(0))
    ecr = share(facts["ECR"])
    if simple <= 5:
        called = D(15)
    else:
        limits = ((D("0.08"), 15), (D("0.10"), 12), (D("0.12"), 9), (D("0.14"), 6), (D("0.16"), 3))
        called = next((D(points) for limit, points in limits if ecr <= limit), D(0))
    online, offline = share(facts["线上完成率"]), share(facts["线下参与率"])
    training = D(10) if online >= 1 else D(5) if online >= D("0.8") else D(0)
    training += D(10) if offline >= 1 else D(8) if offline >= D("0.8") else D(3) if offline >= D("0.6") else D(0)
    total = delivery + pleased + office + called + training + D(facts["加分"]) - D(facts["减分"])
    return total, total < 70 or not all((delivery, pleased, office, called, training))


def rates(jobs: dict[str, tuple[Callable[[Any], object], Sequence[Any]]], rounds: int) -> dict[str, list[float]]:
    """Sheets in a second of processor time, the jobs in turns."""
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, (run, sheets) in jobs.items():
            before = process_time()
            for sheet in sheets:
                run(sheet)
            found[name].append(len(sheets) / (process_time() - before))
    return found


def looked(verdict: policydsl.Verdict) -> int:
    """All of a verdict but its trace, which is made when somebody looks at it."""
    return len([*verdict.results.values()]) + len(verdict.missing) + len(verdict.remarks) + len(verdict.aside)


def quarter(count: int, rounds: int) -> None:
    policy = policydsl.load(ROOT / "quarter.pol")
    program = policy._policy.program
    draw = Random(1)
    facts = [drawn(draw) for _ in range(count)]
    sheets = [read_facts(policy, each)[0] for each in facts]
    day = policydsl.api.date(2026, 9, 30)
    made = Compiled(program)

    def judged(sheet: Sheet, trace: bool = True, generated: bool = True) -> policydsl.Verdict:
        return judge(program, [sheet], day, trace=trace, generated=generated)[0]

    wrong = 0
    for each, sheet in zip(facts, sheets, strict=True):
        verdict = judged(sheet).results
        total, down = verdict["总得分"].total.value.value, verdict["降级"].total.value.value
        hand, hand_down = by_hand(each)
        wrong += abs(Fraction(hand) - total) > Fraction(1, 10**20) or hand_down != down
    print(f"{wrong} of {count} answers differ from those by hand")
    few = sheets[: max(20, count // 20)]
    jobs: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "Decimal by hand": (by_hand, facts * 5),
        "code alone, sheet read before": (lambda s: made.raw(s, {}, day), sheets * 3),
        "the same, as exact values": (lambda s: made.values(s, {}, day), sheets),
        "verdict, parts when looked at": (judged, few * 5),
        "verdict with every result": (lambda s: looked(judged(s)), few),
        "verdict with every entry": (lambda s: len(judged(s).trace), few),
        "verdict with its JSON": (lambda s: policydsl.to_json(judged(s)), few),
        "reading plain values": (lambda f: read_facts(policy, f), facts[: len(few)]),
        "reference, no trace": (lambda s: judged(s, False, False), few),
        "reference with every entry": (lambda s: len(judged(s, True, False).trace), few),
    }
    found = rates(jobs, rounds)
    aims = {"code alone, sheet read before": "0.5", "verdict with every entry": "0.3"}
    print(f"{'':34}{'a second':>10}{'µs':>9}{'× Decimal':>11}{'aim':>6}")
    for name, each in found.items():
        ratio = median(a / b for a, b in zip(each, found["Decimal by hand"], strict=True))
        print(f"{name:34}{median(each):>10,.0f}{1e6 / median(each):>9,.1f}{ratio:>11.4f}{aims.get(name, ''):>6}")


def shipped(rounds: int) -> None:
    """The shipped policies on their example sheets: milliseconds of processor time, all results."""
    heads = ("code", "lazily", "results", "entries", "JSON", "reference", "+ entries")
    widths = (8, 8, 9, 9, 8, 11, 11)
    print(f"\n{'ms':20}" + "".join(f"{head:>{w}}" for head, w in zip(heads, widths, strict=True)))
    for name in ("h3c_star_2024", "alicloud_fy22", "huawei_2025", "2022_inspur", "inspur_bid_2018"):
        policy = policydsl.load(name)
        program = policy._policy.program
        sheet = read_facts(policy, ROOT.parent / "examples" / f"{name}.yaml")[0]
        day = sheet.as_of or policydsl.api.date(2024, 10, 15)
        made = Compiled(program)

        def judged(
            generated: bool, trace: bool, program: Any = program, sheet: Sheet = sheet, day: Any = day
        ) -> policydsl.Verdict:
            return judge(program, [sheet], day, trace=trace, generated=generated)[0]

        assert policydsl.to_json(judged(True, True)) == policydsl.to_json(judged(False, True)), name
        jobs: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
            "code": (lambda s, made=made, day=day: made.raw(s, {}, day), [sheet] * 5),  # type: ignore[misc]
            "lazily": (lambda _, j=judged: j(True, True), [0] * 5),  # type: ignore[misc]
            "results": (lambda _, j=judged: looked(j(True, True)), [0]),  # type: ignore[misc]
            "entries": (lambda _, j=judged: len(j(True, True).trace), [0]),  # type: ignore[misc]
            "JSON": (lambda _, j=judged: policydsl.to_json(j(True, True)), [0]),  # type: ignore[misc]
            "reference": (lambda _, j=judged: j(False, False), [0]),  # type: ignore[misc]
            "+ entries": (lambda _, j=judged: len(j(False, True).trace), [0]),  # type: ignore[misc]
        }
        times = [1000 / median(each) for each in rates(jobs, rounds).values()]
        print(f"{name:20}" + "".join(f"{ms:>{w}.1f}" for ms, w in zip(times, widths, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sheets", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--shipped", action="store_true", help="the shipped policies too")
    given = parser.parse_args()
    quarter(given.sheets, given.rounds)
    if given.shipped:
        shipped(given.rounds)


if __name__ == "__main__":
    main()
