"""Judging an example by each shipped policy, from a cold process: the whole command, and against an empty Python."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def fastest(*command: str) -> float:
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    empty = fastest(sys.executable, "-c", "pass")
    print(f"{'':20}{'seconds':>9}{'× empty Python':>16}")
    for name in ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018"):
        took = fastest(
            sys.executable, "-m", "policydsl", "eval", f"policies/{name}.pol", f"examples/{name}.yaml"
        )
        print(f"{name:20}{took:>9.2f}{took / empty:>16.1f}")


if __name__ == "__main__":
    main()
