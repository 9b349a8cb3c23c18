"""Blocks without 逐条: which ledger's records they are judged for, and what stays as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from text_support import ROOT

import policydsl.lower.clauses
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format.program import lowered, same_program, without_places
from policydsl.format.records import without_each
from tries import by_day

HEAD = """\
政策 演示
数据
  门槛：金额
台账 订单（每条称 单）
  业绩：金额
  签收日：日期
  归属：文本
  地区：选项（东、西）
台账 人员
  工龄：数值
  归属：文本
条件 大单
  逐条：订单
  若：业绩 ≥ 门槛
计算 宽限日
  逐条：订单
  若 大单：签收日 ＋ 30天
  否则：签收日
期限 回款
  逐条：订单
  起算：宽限日
  时长：10天
奖励 单奖
  逐条：订单
  若：大单
  金额：业绩 × 1%
"""
EACH = "  逐条：订单\n"


@pytest.mark.parametrize("block", [
    "条件 甲\n  逐条：订单\n  若：业绩 超过 1元\n",
    "条件 甲：并非 （业绩 超过 1元 或 门槛 为 1元）\n  逐条：订单\n",
    "条件 甲：单 的 业绩 超过 1元\n  逐条：订单\n",
    "条件 甲：归属 为 “乙” 且 业绩 超过 1元\n  逐条：订单\n",  # 人员 has the first field too, but not the second
    "条件 甲：大单 且 业绩 超过 1元\n  逐条：订单\n",
    "条件 甲：宽限日 早于 2024-05-01\n  逐条：订单\n",  # a result with a day for each record
    "条件 甲：2024-05-01 在 回款 内\n  逐条：订单\n",
    "条件 甲：存在（人员，其中 归属 为 本条 的 归属 且 工龄 ≥ 1） 且 业绩 超过 1元\n  逐条：订单\n",
    "条件 甲：存在（人员，其中 工龄 × 1元 ≤ 业绩）\n  逐条：订单\n",  # 业绩 is no field of 人员
    "要求 甲：业绩 超过 1元\n  逐条：订单\n",
    "要求 甲\n  逐条：订单\n  截止：宽限日\n  若：大单\n",
    "计算 甲 ＝ 业绩 × 2\n  逐条：订单\n",
    "计算 甲\n  逐条：订单\n  若 大单：宽限日\n",
    "处罚 甲\n  逐条：订单\n  若：大单\n  金额：业绩 × 5%\n",
    "奖励 甲\n  逐条：订单\n  若：大单\n  金额：单奖 的 50%\n  名额：前 1家，按 签收日\n",
    "期限 甲\n  逐条：订单\n  起算：宽限日\n  时长：3天\n  完成：签收日\n",
    "判定表 甲\n  逐条：订单\n  | 地区 | 得 |\n  | 东 | 1% |\n  | 西 | 2% |\n",
    "等级 甲\n  逐条：订单\n  | 要求 | 高 | 低 |\n  | 业绩 | ≥ 9元 | ≥ 1元 |\n",
    "规则 甲\n  逐条：订单\n  若：业绩 超过 1元\n  措施：警告\n措施清单：警告\n",
])
def test_a_block_that_needs_a_record_is_judged_for_each(block: str) -> None:
    assert EACH in block and lowered(HEAD + block) is not None
    short = HEAD.replace(EACH, "") + block.replace(EACH, "")
    # 单奖 names no field in its 若, but one in its 金额
    assert same_program(HEAD + block, short)


@pytest.mark.parametrize("block", [
    "条件 甲：大单\n",  # whether one is
    "条件 甲：大单 且 门槛 超过 1元\n",
    "要求 甲：并非 大单\n",
    "处罚 甲\n  若：大单\n  金额：5元\n",
    "计算 甲 ＝ 单奖 × 2\n",  # the total
    "条件 甲：合计（业绩，逐条 订单） 超过 1元 且 存在（订单，其中 大单 且 业绩 超过 1元）\n",
    "条件 甲：最近（宽限日，逐条 订单） 早于 2024-05-01\n",
    "条件 甲：回款 已逾期\n",
])
def test_a_block_that_means_something_without_a_record_keeps_its_meaning(
    block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = lowered(HEAD + block)
    assert now is not None and now[1].over["甲"] is None
    monkeypatch.setattr(policydsl.lower.clauses, "implied", lambda *_: None)
    before = lowered(HEAD + block)
    assert before is not None and without_places(now[0]) == without_places(before[0])


@pytest.mark.parametrize("path", by_day(sorted((ROOT / "tests" / "constructs").glob("*.pol")), 12))
def test_a_text_that_needed_no_record_means_what_it_meant(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one of its 逐条 lines a text is faulty, or says something of all records: that it says still."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    ours = policydsl.lower.clauses.implied
    for gone in (i for i, line in enumerate(lines) if line.strip().startswith(("逐条", "for each"))):
        text = "".join(line for i, line in enumerate(lines) if i != gone)
        with monkeypatch.context() as patch:
            patch.setattr(policydsl.lower.clauses, "implied", lambda *_: None)
            before = lowered(text)
        assert policydsl.lower.clauses.implied is ours
        now = lowered(text)
        assert before is None or now is not None and without_places(before[0]) == without_places(now[0])


def codes(text: str) -> list[tuple[str, int]]:
    with pytest.raises(PolicyError) as refused:
        load_text(text)
    return [(d.code, d.span.line) for d in refused.value.diagnostics if d.severity == "error"]


AT = HEAD.count("\n") + 1


def test_what_is_not_said_is_refused() -> None:
    assert codes(HEAD + "条件 甲：业绩 超过 1元 且 工龄 ≥ 3 且 工龄 ≤ 5\n") == [("POL231", AT)]
    assert codes(HEAD + "条件 甲：宽限日 晚于 2024-01-01 且 工龄 ≥ 3\n") == [("POL231", AT)]
    assert codes(HEAD + "条件 甲：归属 为 “乙”\n") == [("POL205", AT)]  # of 订单, or of 人员
    both = HEAD.replace("  门槛：金额\n", "  门槛：金额\n  签收日：日期\n")
    assert codes(both + "条件 甲：业绩 超过 1元 且 签收日 早于 2024-01-01\n") == [("POL232", AT + 1)]
    assert lowered(both + "条件 甲：签收日 早于 2024-01-01\n") is not None  # the fact, as ever


def test_a_circle_is_told_as_ever() -> None:
    assert codes(HEAD + "计算 甲 ＝ 乙 ＋ 业绩\n计算 乙 ＝ 甲 ＋ 业绩\n")[0][0] == "POL210"


def test_the_lines_that_go() -> None:
    text = HEAD + (
        "条件 甲\n  逐条：订单  # 每张单\n  若：业绩 超过 1元\n"  # a remark of the author
        "条件 乙\n  逐条：订单，其中 业绩 超过 1元\n  若：大单\n"
        "条件 丙\n  # 单独判断\n  逐条：订单\n  若：大单\n"  # whether one is large, without the line
        "条件 丁：丙 且 业绩 超过 1元\n  逐条：订单\n"
        "要求 戊：宽限日 晚于 2024-01-01\n  逐条：订单\n"
    )
    short = without_each(text, "x.pol")
    assert short.count("逐条：订单") == 2
    assert "条件 乙\n  其中：业绩 超过 1元\n  若：大单\n" in short
    assert "逐条：订单  # 每张单" in short and "  # 单独判断\n  逐条：订单\n" in short
    assert "条件 丁：丙 且 业绩 超过 1元\n要求" in short
    assert same_program(text, short) and without_each(short, "x.pol") == short


@pytest.mark.parametrize("path", by_day(sorted((ROOT / "policies").glob("*.pol")), 1))
def test_a_shipped_policy_says_no_more_than_it_has_to(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert without_each(text, path.name) == text


def test_what_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of three orders those of 10 and 30 yuan are large: 1 % of each, 0.40 yuan in all."""
    policy, sheet = tmp_path / "a.pol", tmp_path / "s.yaml"
    policy.write_text(HEAD.replace(EACH, ""), encoding="utf-8")
    sheet.write_text(
        "评估日: 2024-06-30\n门槛: 10元\n订单:\n"
        "  - {业绩: 10元, 签收日: 2024-05-01, 归属: 甲, 地区: 东}\n"
        "  - {业绩: 9元, 签收日: 2024-05-01, 归属: 甲, 地区: 东}\n"
        "  - {业绩: 30元, 签收日: 2024-05-21, 归属: 甲, 地区: 西}\n人员: []\n", encoding="utf-8",
    )
    assert run(["eval", str(policy), str(sheet), "--only", "单奖"]) == 0
    out = capsys.readouterr().out
    assert "0.40元" in out
    assert run(["eval", str(policy), str(sheet), "--only", "宽限日"]) == 0
    out = capsys.readouterr().out
    assert all(day in out for day in ("2024年5月31日", "2024年5月1日", "2024年6月20日"))  # 30 days later, or not


def test_the_handbook_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = tmp_path / "a.pol"
    policy.write_text(HEAD.replace(EACH, ""), encoding="utf-8")
    assert run(["doc", str(policy), "--format", "markdown"]) == 0
    short = capsys.readouterr().out
    policy.write_text(HEAD, encoding="utf-8")
    assert run(["doc", str(policy), "--format", "markdown"]) == 0
    assert "逐条" in short
    assert _plain(short) == _plain(capsys.readouterr().out)


def _plain(page: str) -> list[str]:
    """The words of a page without the numbers of lines and the digest of the text."""
    return [re.sub(r"第 ?\d+ ?行|sha256:\w+|L\d+|\d+-\d+", "", line) for line in page.splitlines()]
