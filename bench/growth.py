"""How cost grows: each scenario at doubling sizes, step by step; a figure is the fitted exponent (linear growth is 1).

Behind it stands the processor time in milliseconds at the largest size, after ``@`` a smaller size where the step is
slow; ``!`` marks an exponent above 1.1.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from math import log
from statistics import linear_regression
from time import process_time
from timeit import timeit

from scenarios import DAY, SCENARIOS, Facts, Scenario

from policydsl.check import check
from policydsl.engine import load_text
from policydsl.lower.policy import lower
from policydsl.sheet import read_sheets, schema, template
from policydsl.text import parse

LOADING = ("parse", "lower", "check", "forms")
JUDGING = ("read", "judge", "trace")
POINTS = 4
ROUNDS = 5
PATIENCE = 2.0
"""Seconds: a step that takes longer is not tried at twice the size."""
HIGHEST = 1.1


def steps(text: str, facts: Facts) -> dict[str, Callable[[], object]]:
    """Each step of loading and judging, ready to run. Raises PolicyError, SheetError: a scenario has to be sound."""
    policy = load_text(text, "growth.pol")
    program, tree, data = policy.program, policy.file, json.dumps(facts, ensure_ascii=False)
    sheets = read_sheets(data, "growth.json", program, as_of=DAY)
    everyone = "全体" in facts
    return {
        "parse": lambda: parse(text, "growth.pol"),
        "lower": lambda: lower(tree),
        "check": lambda: check(program, tree, policy.lowering),
        "forms": lambda: (schema(program), template(program)),
        "read": lambda: read_sheets(data, "growth.json", program, as_of=DAY),
        "judge": lambda: policy.judge(sheets, DAY, population=everyone, trace=False),
        "trace": lambda: policy.judge(sheets, DAY, population=everyone),
    }


def measured(scenario: Scenario) -> dict[str, list[tuple[int, float]]]:
    """(size, seconds) of each step; only of those that can grow with what the scenario makes. The best of several
    rounds, each of which goes through all sizes: a machine that is slower for a while is so for all of them."""
    made = {size: scenario.make(size) for size in (scenario.largest >> n for n in reversed(range(POINTS)))}
    one_text = len({text for text, _ in made.values()}) == 1
    ready = {size: steps(text, facts) for size, (text, facts) in made.items()}
    found: dict[str, list[tuple[int, float]]] = {}
    for name in JUDGING if one_text else LOADING + JUDGING:
        best: dict[int, float] = {}
        for _ in range(ROUNDS):
            for size, step in ready.items():
                if max(best.values(), default=0) < PATIENCE or size in best and best[size] < PATIENCE:
                    took = timeit(step[name], number=1, timer=process_time)
                    best[size] = min(took, best.get(size, took))
        found[name] = sorted(best.items())
    return found


def told(points: list[tuple[int, float]], largest: int) -> str:
    size, took = points[-1]
    slope = linear_regression([log(n) for n, _ in points], [log(t) for _, t in points]).slope
    at = "" if size == largest else f"@{size}"
    return f"{'!' if slope > HIGHEST else ''}{slope:.2f}{f'{took * 1000:.0f}{at}':>9}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=SCENARIOS, help="a scenario (or several)")
    wanted = parser.parse_args().only or list(SCENARIOS)
    print(f"{'':18}{'n':>5}" + "".join(f"{step:>15}" for step in LOADING + JUDGING))
    for name in wanted:
        scenario = SCENARIOS[name]
        points = measured(scenario)
        row = (told(points[s], scenario.largest) if s in points else "" for s in LOADING + JUDGING)
        print(f"{name:18}{scenario.largest:>5}" + "".join(f"{cell:>15}" for cell in row), flush=True)


if __name__ == "__main__":
    main()
