"""Numbers that have a name in their clause: parameters in every respect, and nothing else that brackets may hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tries import by_day
from lsprotocol import types as t
from text_support import ROOT

from policydsl.diagnostics import PolicyError
from policydsl.editor import rename
from policydsl.editor.hover import hover
from policydsl.editor.navigation import outline
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.figures import numbers_in_clauses
from policydsl.format.program import same_program
from policydsl.handbook import handbook
from policydsl.render.markdown import markdown
from policydsl.sheet import read_settings
from policydsl.testing import run_examples
from policydsl.text import Memory, parse_texts

HEAD = """\
政策 演示
  编号：T

数据
  业绩：金额（含税），≥ 0元
  人数：数量（人），≥ 0人
  申报日：日期

"""
LONG = HEAD + """\
参数
  政策年 ＝ 2024年
  # 门槛
  钻石门槛 ＝ 800万元（含税）
  最少人数 ＝ 3人
  一次的 ＝ 5%
  申报期 ＝ 30天
  比率 ＝ 1%
  注：由作者定。

等级 级 【5】
  | 要求 | 钻石       | 金牌              |
  | 业绩 | ≥ 钻石门槛 | ≥ 100万元（含税） |
  | 人数 | ≥ 最少人数 |                   |

条件 按期：评估日 在 申报日 后 申报期 内 【6】
计算 末日期 ＝ 申报日 ＋ 申报期
条件 本年：申报日 在 政策年 内 且 末日期 在 政策年 内
计算 奖 ＝ 业绩 × 比率 ＋ 业绩 × 一次的 － 业绩 × 比率
条件 大：业绩 超过 钻石门槛 且 人数 超过 最少人数 【7】
"""
SHORT = HEAD + """\
参数
  政策年 ＝ 2024年
  # 门槛
  一次的 ＝ 5%
  比率 ＝ 1%
  注：由作者定。

等级 级 【5】
  | 要求 | 钻石       | 金牌              |
  | 业绩 | ≥ 800万元（含税）（钻石门槛） | ≥ 100万元（含税） |
  | 人数 | ≥ 3人（最少人数） |                   |

条件 按期：评估日 在 申报日 后 30天（申报期） 内 【6】
计算 末日期 ＝ 申报日 ＋ 申报期
条件 本年：申报日 在 政策年 内 且 末日期 在 政策年 内
计算 奖 ＝ 业绩 × 比率 ＋ 业绩 × 一次的 － 业绩 × 比率
条件 大：业绩 超过 钻石门槛 且 人数 超过 最少人数 【7】
"""


def codes(text: str) -> list[str]:
    """What is wrong with a text."""
    try:
        load_text(text)
    except PolicyError as refused:
        return [problem.code for problem in refused.diagnostics if problem.severity == "error"]
    return []


def test_it_is_the_parameter_that_it_was() -> None:
    assert numbers_in_clauses(LONG, "a") == SHORT and numbers_in_clauses(SHORT, "a") == SHORT
    assert same_program(LONG, SHORT)
    program = load_text(SHORT).program
    decl = program.inputs["钻石门槛"]
    assert decl.parameter and decl.clauses == ("5", "7")
    assert read_settings(["钻石门槛=900万元（含税）"], program) == {"钻石门槛": Fraction(9_000_000)}


def test_in_both_languages() -> None:
    english = formatted(SHORT, to="en")
    assert ">= CNY 8 million (tax included) (钻石门槛)" in english and ">= 3 people (最少人数)" in english
    assert "within 30 days (申报期) after 申报日" in english
    back = formatted(english, to="zh")
    assert back == formatted(SHORT) and "≥ 800万元（含税）（钻石门槛）" in back


def test_a_block_that_is_left_without_parameters_goes() -> None:
    uses = "条件 甲：人数 ≥ 线 且 业绩 ≥ 额\n条件 乙：人数 ＜ 线 且 业绩 ＜ 额\n"
    text = HEAD + f"参数\n  线 ＝ 5人  # 见附件\n  额 ＝ 1元（含税）\n\n{uses}"
    assert numbers_in_clauses(text, "a") == HEAD + (
        "  # 见附件\n\n条件 甲：人数 ≥ 5人（线） 且 业绩 ≥ 1元（含税）（额）\n条件 乙：人数 ＜ 线 且 业绩 ＜ 额\n"
    )


@pytest.mark.parametrize("path", by_day(sorted((ROOT / "tests" / "constructs").glob("*.pol")), 12))
def test_a_construct_says_the_same(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    made = numbers_in_clauses(text, "a")
    assert made == text or same_program(text, made)


def test_the_values_by_hand() -> None:
    """Eight million and three people are diamond; with the limit set to nine they are gold."""
    said = "  评估日：2024年3月31日\n  已知：业绩 ＝ 800万元（含税），人数 ＝ 3人，申报日 ＝ 2024年3月1日"
    policy = load_text(
        SHORT + f"示例 一\n{said}\n  应得：级 ＝ 钻石，大 不成立，按期 成立，末日期 ＝ 2024年3月31日\n"
        f"示例 二\n{said}，钻石门槛 ＝ 900万元（含税），申报期 ＝ 29天\n"
        "  应得：级 ＝ 金牌，按期 不成立，末日期 ＝ 2024年3月30日\n"
        "示例 三\n  评估日：2024年3月31日\n  已知：人数 ＝ 4人\n  应得：大 未定（缺 业绩）\n"
    )
    assert [report.failures for report in run_examples(policy)] == [(), (), ()]


def test_the_editor_and_the_handbook_see_it() -> None:
    snapshot = Snapshot("untitled:x", SHORT, 1)
    at = snapshot.buffer.position(SHORT.rindex("钻石门槛"))
    found = hover(snapshot, at)
    assert found is not None and isinstance(found.contents, t.MarkupContent)
    assert "800万元（含税）" in found.contents.value
    edits = rename.edits(snapshot, at, "最高门槛")
    assert [e.range.start.line for e in edits] == [17, 24]
    entries = [one for one in outline(snapshot) if one.name == "参数"]
    assert [inner.name for inner in entries[1].children or ()] == ["钻石门槛", "最少人数", "申报期"]
    book = markdown(handbook(load_text(SHORT), ()))
    assert "| 业绩 | ≥ 800万元（含税）（钻石门槛） |" in book and "业绩 超过 钻石门槛（800万元，含税）" in book
    assert "钻石门槛 | 800万元（含税） | [【5】](#clause-1)[【7】](#clause-3) 第18行 |" in book


def test_a_block_that_was_read_before_keeps_its_parameters() -> None:
    memory = Memory()
    for text in (SHORT, SHORT.replace("超过 最少人数", "超过 5人"), SHORT.replace("（钻石门槛）", "（线）"), SHORT):
        assert parse_texts({"a": text}, memory=memory) == parse_texts({"a": text})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("条件 甲：人数 ≥ 3（人）\n", "POL150"), ("条件 甲：申报日 ＋ 3（天） 早于 评估日\n", "POL150"),
        ("计算 甲 ＝ 20%（业绩 × 2）\n", "POL148"), ("条件 甲：人数 ≥ 3人（以上）\n", "POL148"),
        ("条件 甲：人数 ≥ 3人（5）\n", "POL148"), ("计算 甲 ＝ 20%（业绩）\n", "POL148"),
        ("条件 甲：人数 ≥ 3人（未规定）\n", "POL148"), ("条件 甲：人数 ≥ 3人（本财年）\n", "POL148"),
        ("条件 甲：人数 ≥ 3人（线）\n条件 乙：人数 ≥ 4人（线）\n", "POL204"),
        ("条件 甲：人数 ≥ 3人（含）\n", "POL229"), ("条件 甲：人数 ≥ 3人（门坎）\n条件 乙：人数 ＜ 门槛\n", "POL201"),
        ("参数\n  线 ＝ 3人（线二）\n条件 甲：人数 ≥ 线 且 人数 ＜ 线二\n", "POL149"),
        ("条件 甲：人数 ≥ 线\n示例 一\n  已知：人数 ＝ 3人（线）\n  应得：甲 成立\n", "POL149"),
        ("计算 甲 ＝ 线 ＋ 第2次（线）\n", "POL102"),
    ],
)
def test_what_brackets_may_not_hold(text: str, code: str) -> None:
    assert code in codes(HEAD + text)


def test_a_dash_between_two_of_them_is_a_range() -> None:
    text = HEAD + "条件 甲\n  | 人数 |\n  | {} |\n条件 乙：人数 为 低线 或 人数 为 高线\n"
    named = text.format("100人（低线）-499人（高线）")
    assert codes(named) == []
    plain = text.replace("条件 乙：人数 为 低线 或 人数 为 高线\n", "").format("100人 至 499人")
    for given, holds in (("99", "不成立"), ("300", "成立"), ("500", "不成立")):
        said = f"示例 一\n  评估日：2024年6月30日\n  已知：人数 ＝ {given}人\n  应得：甲 {holds}\n"
        for each in (named, plain):
            assert run_examples(load_text(each + said))[0].passed


def test_a_line_that_holds_for_several_blocks_names_it_once() -> None:
    rows = "  | 名称 | 要求 |\n  | 甲 | 人数 ≥ 1人 |\n  | 乙 | 人数 ≥ 2人 |\n"
    text = f"{HEAD}要求\n  对象：业绩 ≥ 5元（含税）（线）\n{rows}"
    assert codes(text) == ["POL229"]
    assert codes(text + "条件 丙：业绩 ＜ 线\n") == []


def test_the_name_of_a_number_below_zero_is_that_of_the_whole_number() -> None:
    """－5万元（退货线）: below the line is what is below minus 50,000."""
    text = (
        "政策 演示\n  编号：T\n数据\n  业绩：金额\n条件 甲：业绩 ≥ －5万元（退货线）\n条件 乙：业绩 ＜ 退货线\n"
    )
    for revenue, above, below in (
        ("0元", "成立", "不成立"), ("－5万元", "成立", "不成立"), ("－6万元", "不成立", "成立"),
    ):
        told = f"示例 甲\n  评估日：2024年6月30日\n  已知：业绩 ＝ {revenue}\n  应得：甲 {above}，乙 {below}\n"
        assert all(run.passed for run in run_examples(load_text(text + told)))
