"""The whole command from a cold process, in processor time and against an empty Python: checking a policy of some 60
lines, and judging an example by each shipped policy, where it was read before and (first) where it was not."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def least(*command: str, cache: str, anew: bool = False) -> float:
    """Processor time of a command, the least of some runs; what it says is thrown away. ``anew``: nothing is kept of
    the run before."""
    best = float("inf")
    for _ in range(RUNS):
        if anew:
            shutil.rmtree(Path(cache, "policydsl"), ignore_errors=True)
        before = spent()
        subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "XDG_CACHE_HOME": cache},
        )
        best = min(best, spent() - before)
    return best


def spent() -> float:
    """Processor time of all commands so far, in finer steps than the hundredths of a second of ``os.times``."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    python, lines = sys.executable, {"--version": ("--version",)}
    lines["check, 60 lines"] = ("check", "bench/published/spacecraft_crew.pol")
    for name in ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018"):
        lines[f"eval {name}"] = ("eval", f"policies/{name}.pol", f"examples/{name}.yaml")
    with tempfile.TemporaryDirectory() as cache:
        empty = least(python, "-c", "pass", cache=cache)
        print(f"{'':22}{'seconds':>9}{'× empty Python':>16}{'first':>9}{'×':>8}")
        for name, arguments in lines.items():
            command = (python, "-m", "policydsl", *arguments)
            first = least(*command, cache=cache, anew=True)
            took = least(*command, cache=cache)
            print(f"{name:22}{took:>9.2f}{took / empty:>16.1f}{first:>9.2f}{first / empty:>8.1f}")


if __name__ == "__main__":
    main()
