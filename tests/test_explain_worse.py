"""What else gets worse where a known fact is changed to what a target asks of it. All worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from policydsl.cli import run
from policydsl.engine import load_text
from policydsl.explain import explain
from policydsl.explain.model import Change
from policydsl.explain.targets import UnknownTargetError, wish
from policydsl.explain.worse import MOST_CHANGES
from policydsl.judge import judge
from policydsl.sheet import read_sheets
from test_explain_holds import EXAMPLES, given

POLICY = """政策 变差
  编号：W
数据
  年采购额：金额，0元 至 1000万元
  直销：是否
  门店：数量（家），≥ 0家
等级 级别 【2】
  | 要求     | 金牌      | 银牌      |
  | 年采购额 | ≥ 500万元 | ≥ 100万元 |
  | 直销     | 是        | 不限      |
等级 小微级 【2.1】
  | 要求     | 一档      | 二档      |
  | 年采购额 | ≤ 200万元 | ≤ 300万元 |
要求 小微身份：年采购额 不超过 300万元 【3】
奖励 扶持 【4】
  若：年采购额 低于 400万元
  金额：2万元
处罚 超额 【5】
  若：年采购额 超过 450万元
  金额：1万元
要求 不搞直销：并非 直销 【6】
要求 有门店：门店 ≥ 1家 或 年采购额 低于 300万元 【7】
要求 大客户：年采购额 超过 150万元 【8】
"""
DAY = date(2024, 6, 30)
PROGRAM = load_text(POLICY, "变差.pol").program
SMALL = "名称: 甲\n年采购额: 200万元\n直销: 否\n"


def changes(sheet: str, target: str, most: int | None = None) -> tuple[Change, ...]:
    sheets = read_sheets(sheet, "甲.yaml", PROGRAM)
    (found,) = explain(PROGRAM, sheets, DAY, wishes=[wish(target, PROGRAM)], most=most).targets
    return found.changes


def worse(sheet: str, target: str) -> dict[str, tuple[object, list[str]]]:
    return {c.fact: (c.value, [w.result for w in c.worse]) for c in changes(sheet, target)}


def test_what_gets_worse_is_told_of_each_change() -> None:
    """With 5 million the lower class goes, the small-partner requirement fails, the aid is lost and the fine is due;
    有门店 is open then, which is no worse outcome, and 大客户 holds as before. Direct sales break the requirement that
    there be none."""
    assert worse(SMALL, "金牌") == {
        "年采购额": (Fraction(5_000_000), ["小微级", "小微身份", "扶持", "超额"]), "直销": (True, ["不搞直销"]),
    }


def test_without_shops_the_requirement_of_shops_fails_too() -> None:
    assert worse(SMALL + "门店: 0家\n", "金牌")["年采购额"][1] == ["小微级", "小微身份", "扶持", "超额", "有门店"]


def test_what_is_better_or_the_same_is_not_told() -> None:
    """From 3.5 to 3 million the aid stays and no fine is due; without direct sales nothing but gold is lost."""
    assert worse("名称: 甲\n年采购额: 350万元\n直销: 否\n", "小微身份") == {}
    assert worse("名称: 甲\n年采购额: 350万元\n直销: 是\n", "不搞直销") == {}
    assert worse("名称: 甲\n年采购额: 150万元\n直销: 否\n", "大客户") == {}  # one fen above is still below 2 million
    assert worse("名称: 甲\n年采购额: 500万元\n直销: 是\n", "不搞直销") == {"直销": (False, ["级别"])}  # gold to silver


def test_a_target_that_is_reached_or_open_changes_nothing() -> None:
    assert changes(SMALL, "银牌") == () and changes("名称: 甲\n直销: 是\n", "金牌") == ()


def test_the_work_is_bounded() -> None:
    """Twelve facts are not as asked, each of which breaks a requirement: eight are tried."""
    facts = [f"事实{i}" for i in range(12)]
    text = "政策 多\n  编号：M\n数据\n" + "".join(f"  {f}：是否\n" for f in facts) + "要求 全都\n  全部满足\n"
    text += "".join(f"  - {f}\n" for f in facts) + "".join(f"要求 没有{f}：并非 {f}\n" for f in facts)
    program = load_text(text, "多.pol").program
    sheets = read_sheets("".join(f"{f}: 否\n" for f in facts), "甲.yaml", program)
    found = explain(program, sheets, DAY, wishes=[wish("全都", program)])
    assert [c.fact for c in found.targets[0].changes] == facts[:MOST_CHANGES] and found.evaluations == MOST_CHANGES
    assert explain(program, sheets, DAY, wishes=[wish("全都", program)], most=3).evaluations == 3


def test_it_is_said_in_every_form_and_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy, sheet = tmp_path / "变差.pol", tmp_path / "甲.yaml"
    policy.write_text(POLICY, "utf-8")
    sheet.write_text(SMALL, "utf-8")
    base = ["explain", str(policy), str(sheet), "--as-of", "2024-06-30", "--target", "金牌"]
    said = {}
    for lang in ("zh", "en"):
        for form in ("text", "json", "html"):
            run([*base, "--lang", lang, "--format", form])
            said[lang, form] = capsys.readouterr().out
    assert "把 年采购额 改成 500万元，另有结论会变差：" in said["zh", "text"]
    assert "超额      不成立  → 1万元" in said["zh", "text"] and "【5】" in said["zh", "text"]
    assert "With 年采购额 at CNY 5,000,000, other results get worse:" in said["en", "text"]
    assert "把 年采购额 改成 500万元，另有结论会变差：" in said["zh", "html"]
    assert "With 年采购额 at CNY 5,000,000, other results get worse:" in said["en", "html"]
    (target,) = json.loads(said["zh", "json"])["targets"]
    (change, _) = target["changes"]
    assert (change["fact"], change["to"]) == ("年采购额", "500万元")
    assert [w["result"] for w in change["worse"]] == ["小微级", "小微身份", "扶持", "超额"]
    assert (change["worse"][3]["before"]["holds"], change["worse"][3]["after"]["holds"]) == (False, True)


# ---------------------------------------------------------------------------------------------- and eval agrees
def told(example: str, names: list[str] | None = None) -> int:
    """How many worse outcomes are told of, all of which eval then gives."""
    policy, sheets, day = given(example)
    count = 0
    for name in names or [r.name for r in policy.program.results]:
        try:
            meant = wish(name, policy.program)
        except UnknownTargetError:
            continue
        (target,) = explain(policy.program, sheets, day, "sheet", wishes=[meant], most=8).targets
        for change in target.changes:
            if change.fact in policy.program.inputs:
                changed = replace(sheets[0], values={**sheets[0].values, change.fact: change.value})
                verdict = judge(policy.program, [changed, *sheets[1:]], day)[0]
                for each in change.worse:
                    now = verdict.results[each.result]
                    one = now.total if each.record is None else {i.record: i for i in now.items or ()}[each.record]
                    assert one == each.after
                    count += 1
    return count


@pytest.mark.nightly
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_said_to_get_worse_does(example: str) -> None:
    told(example)


def test_what_is_said_to_get_worse_does_here() -> None:
    sheets = read_sheets(SMALL, "甲.yaml", PROGRAM)
    for change in changes(SMALL, "金牌"):
        told_so = replace(sheets[0], values={**sheets[0].values, change.fact: change.value})
        verdict = judge(PROGRAM, [told_so], DAY)[0]
        assert [verdict.results[w.result].total for w in change.worse] == [w.after for w in change.worse]
