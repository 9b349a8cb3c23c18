"""The author's verbs on a shipped policy, from a cold process, against ``eval`` of the policy in the same run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICY, SHEET = "policies/2022_inspur.pol", "examples/2022_inspur_unfinished.yaml"
RUNS = 3
VERBS = (
    ("eval", "eval", POLICY, SHEET),
    ("check", "check", POLICY),
    ("fmt", "fmt", POLICY, "--stdout"),
    ("fmt to en", "fmt", POLICY, "--to", "en"),
    ("explain one result", "explain", POLICY, SHEET, "--result", "IVR等级"),
    ("explain all", "explain", POLICY, SHEET),
    ("clauses", "clauses", POLICY),
    ("doc", "doc", POLICY, "--format", "html"),
    ("test", "test", POLICY),
    ("test --coverage", "test", POLICY, "--coverage"),
    ("test --mutate", "test", POLICY, "--mutate"),
)


def fastest(*arguments: str) -> float:
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "policydsl", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    took = [(name, fastest(*arguments)) for name, *arguments in VERBS]
    base = took[0][1]
    print(f"{'':22}{'seconds':>9}{'× eval':>9}")
    for name, seconds in took:
        print(f"{name:22}{seconds:>9.2f}{seconds / base:>9.1f}")


if __name__ == "__main__":
    main()
