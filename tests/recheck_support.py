"""Verdicts with their proofs, for the tests of checking them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from engine_support import cases
from planted import Document
from shipped import shipped

import policydsl
from policydsl.engine import Policy
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.proof.results import proved_json
from policydsl.recheck.document import Report, read_document

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
POLICY = """政策 破冰奖励
  编号：PB-2024
  版本：1
  生效：自 2024年1月1日 起

参数
  业绩线 ＝ 100万元

数据
  业绩：金额，≥ 0元
  工程师：数量（人），≥ 0人
  赢单日：日期，选填

台账 项目
  主键：编号
  编号：文本
  金额：金额，≥ 0元

要求 达标 【一】
  全部满足
  - 业绩 ≥ 业绩线 【一.1】
  - 工程师 ≥ 3人 【一.2】

奖励 破冰奖 【二】
  若：达标 且 赢单日 已填
  金额：2万元

计算 项目额 ＝ 合计（金额，逐条 项目） 【三】
"""
SHEET = """名称: 甲公司
评估日: 2024-06-30
业绩: 120万元
工程师: 2人
赢单日: 2024-05-01
项目:
  - {编号: A1, 金额: 30万元}
  - {编号: A2, 金额: 12.5万元}
"""
# Small verdicts that between them have every form: choices, deductions in turn, look-ups, periods, quotas, scores.
SMALL = (
    ("00_expressions", 0), ("05_tables", 1), ("06_computes", 3), ("08_requirements", 4), ("12_scores", 0),
    ("13b_quotas", 1), ("15_escalation", 2), ("17_deadlines", 3), ("18_deductions", 9), ("19_exceptions", 2),
    ("20_aggregates", 0), ("23_unknowns", 0),
)


def proved(
    made: Policy, sheets: tuple[Sheet, ...], day: date, settings: Mapping[str, Exact] | None = None,
    population: bool = False,
) -> str:
    found = made.judge(sheets, day, settings=settings, population=population, trace=False, proof=True)
    return proved_json(found if population or len(found) > 1 else found[0])


def of_text(sheet: str = SHEET, policy: str = POLICY) -> str:
    """The verdict on a sheet by a policy, both given as texts."""
    from policydsl.sheet import read_sheets

    made = policydsl.loads(policy, "demo.pol")
    (facts,) = read_sheets(sheet.encode("utf-8"), "a.yaml", made._policy.program)
    return policydsl.to_json(made.evaluate(facts, proof=True))


@cache
def of_example(path: Path) -> str:
    return policydsl.to_json(policydsl.load(path.stem.removesuffix("_unfinished")).evaluate(path, proof=True))


def small() -> Iterator[tuple[str, Document]]:
    yield "demo", read_document(of_text())
    for name, number in SMALL:
        made = shipped(ROOT / "tests" / "constructs" / f"{name}.pol")
        case = [*cases(made)][number]
        yield name, read_document(proved(made, case.sheets, case.as_of, case.settings, case.population))


def faults(report: Report) -> list[str]:
    return [fault.what for fault in report.faults]
