"""The whole command from a cold process, in processor time and against an empty Python: checking a policy of some 60
lines, and judging an example by each shipped policy."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def least(*command: str) -> float:
    """Processor time of a command, the least of some runs; what it says is thrown away."""
    best = float("inf")
    for _ in range(RUNS):
        before = spent()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        best = min(best, spent() - before)
    return best


def spent() -> float:
    """Processor time of all commands so far, in finer steps than the hundredths of a second of ``os.times``."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    empty = least(sys.executable, "-c", "pass")
    verbs = {"--version": ("--version",), "check, 60 lines": ("check", "bench/published/spacecraft_crew.pol")}
    for name in ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018"):
        verbs[f"eval {name}"] = ("eval", f"policies/{name}.pol", f"examples/{name}.yaml")
    print(f"{'':22}{'seconds':>9}{'× empty Python':>16}")
    for name, arguments in verbs.items():
        took = least(sys.executable, "-m", "policydsl", *arguments)
        print(f"{name:22}{took:>9.2f}{took / empty:>16.1f}")


if __name__ == "__main__":
    main()
