"""How loading grows: policies of 200 and 2,000 rules, step by step, in one run. Linear growth is a ratio of ten."""

from __future__ import annotations

import time

from policydsl.check import check
from policydsl.lower import lower
from policydsl.text import parse

SIZES = (200, 2000)


def policy(rules: int) -> str:
    """A policy of so many rules, each of which reads the one before it and a fact."""
    lines = ["政策 增长测量", "  编号：GROWTH", "数据"]
    lines += [f"  业绩{i}号：金额，≥ 0元" for i in range(rules // 10)]
    for i in range(rules):
        fact = f"业绩{i % (rules // 10)}号"
        lines.append(f"条件 第{i}档达标 【第{i}条】")
        before = f"第{i - 1}档达标 或 " if i else ""
        lines.append(f"  若：{before}{fact} 不低于 {i + 1}万元")
    return "\n".join(lines) + "\n"


def seconds(rules: int) -> dict[str, float]:
    text = policy(rules)
    marks = [time.perf_counter()]
    tree, problems = parse(text, "growth.pol")
    marks.append(time.perf_counter())
    program, more, lowering = lower(tree)
    marks.append(time.perf_counter())
    found = check(program, tree, lowering)
    marks.append(time.perf_counter())
    assert not [p for p in (*problems, *more, *found) if p.severity == "error"]
    parts = [b - a for a, b in zip(marks, marks[1:], strict=False)]
    return {"parse": parts[0], "lower": parts[1], "check": parts[2], "all": sum(parts)}


def main() -> None:
    seconds(50)  # tables and imports are loaded once
    small, large = (min((seconds(n) for _ in range(3)), key=lambda s: s["all"]) for n in SIZES)
    print(f"{'step':8}{SIZES[0]:>10}{SIZES[1]:>10}{'ratio':>8}")
    for step in small:
        print(f"{step:8}{small[step]:>9.3f}s{large[step]:>9.3f}s{large[step] / small[step]:>8.1f}")


if __name__ == "__main__":
    main()
