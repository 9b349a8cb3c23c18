"""The whole command from a cold process, in processor time and against an empty Python: checking a policy of some 60
lines, and judging an example by each shipped policy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def least(*command: str) -> float:
    """Processor time of a command, the least of some runs."""
    best = float("inf")
    for _ in range(RUNS):
        before = os.times()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        best = min(best, sum(after[2:4]) - sum(before[2:4]))
    return best


def main() -> None:
    empty = max(least(sys.executable, "-c", "pass"), 0.01)
    verbs = {"--version": ("--version",), "check, 60 lines": ("check", "bench/published/spacecraft_crew.pol")}
    for name in ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018"):
        verbs[f"eval {name}"] = ("eval", f"policies/{name}.pol", f"examples/{name}.yaml")
    print(f"{'':22}{'seconds':>9}{'× empty Python':>16}")
    for name, arguments in verbs.items():
        took = least(sys.executable, "-m", "policydsl", *arguments)
        print(f"{name:22}{took:>9.2f}{took / empty:>16.1f}")


if __name__ == "__main__":
    main()
