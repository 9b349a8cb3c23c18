"""What a tier or a band gets, in the table that makes it: results by the tier, for whom there is one."""

from __future__ import annotations

import pytest
from text_support import ROOT

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.given import with_what_is_given
from policydsl.format.program import same_program
from policydsl.testing import run_examples
from policydsl.text import Memory, parse_texts

HEAD = """\
政策 演示
  编号：T

数据
  业绩：金额，≥ 0元
  单数：数量（单），≥ 0单
  新渠道：是否

"""
LONG = HEAD + """\
等级 级 【4】
  | 要求 | 钻石    | 金牌    |
  | 业绩 | ≥ 800元 | ≥ 100元 |

判定表 比例 【5】
  对象：级 已填
  | 级   | 比例 |
  | 钻石 | 2%   |
  | 金牌 | 1%   |

判定表 名额 【4】
  对象：级 已填
  | 级   | 名额 |
  | 钻石 | 3人  |
  | 金牌 | 1人  |

等级 档
  | 等级 | 单数  |
  | 甲   | ≥ 5单 | 【7】
  | 乙   | ≥ 1单 |

判定表 账期
  对象：档 已填
  | 档 | 账期 |
  | 甲 | 60天 | 【7】
  | 乙 | 30天 |

分档 折扣 【8】
  | 业绩     | 折扣 |
  | ＜ 100元 | 5%   |
  | ≥ 100元  | 8%   |

分档 授信 【8】
  | 业绩     | 授信   |
  | ＜ 100元 | 1000元 |
  | ≥ 100元  | 2000元 |

条件 可赊：授信 ≥ 2000元
"""
SHORT = HEAD + """\
等级 级 【4】
  | 要求    | 钻石    | 金牌    |
  | 业绩    | ≥ 800元 | ≥ 100元 |
  | 得 比例 | 2%      | 1%      | 【5】
  | 得 名额 | 3人     | 1人     |

等级 档
  | 等级 | 单数  | 得 账期 |
  | 甲   | ≥ 5单 | 60天    | 【7】
  | 乙   | ≥ 1单 | 30天    |

分档 折扣 【8】
  | 业绩     | 折扣 | 得 授信 |
  | ＜ 100元 | 5%   | 1000元  |
  | ≥ 100元  | 8%   | 2000元  |

条件 可赊：授信 ≥ 2000元
"""


def errors(text: str) -> list[str]:
    try:
        load_text(text)
    except PolicyError as refused:
        return [problem.code for problem in refused.diagnostics if problem.severity == "error"]
    return []


def test_one_table_says_what_several_said() -> None:
    assert same_program(LONG, SHORT)
    assert formatted(with_what_is_given(LONG, "a")) == SHORT and with_what_is_given(SHORT, "a") == SHORT


def test_in_both_languages() -> None:
    english = formatted(SHORT, to="en")
    assert "| gives 比例 | 2%         | 1%         | [5]" in english and "| gives 账期 |" in english
    assert formatted(english, to="zh") == formatted(SHORT)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("业绩 ＝ 900元，单数 ＝ 4单", "级 ＝ 钻石，比例 ＝ 2%，名额 ＝ 3人，账期 ＝ 30天，折扣 ＝ 8%，授信 ＝ 2000元"),
        ("业绩 ＝ 800元，单数 ＝ 5单", "比例 ＝ 2%，账期 ＝ 60天"),
        ("业绩 ＝ 50元，单数 ＝ 0单", "级 ＝ 无，比例 不适用，名额 不适用，账期 不适用，折扣 ＝ 5%，授信 ＝ 1000元"),
        ("业绩 ＝ 150元", "比例 ＝ 1%，档 未定（缺 单数），账期 未定（缺 单数）"),
        ("单数 ＝ 1单", "名额 未定（缺 业绩），账期 ＝ 30天，可赊 未定（缺 业绩）"),
    ],
)
def test_the_values_by_hand(given: str, wanted: str) -> None:
    policy = load_text(f"{SHORT}示例 一\n  评估日：2024年6月30日\n  已知：{given}\n  应得：{wanted}\n")
    assert [report.failures for report in run_examples(policy)] == [()]


def test_an_exception_to_the_tier_is_one_to_what_it_gives() -> None:
    text = (
        f"{HEAD}等级 级\n  | 要求 | 钻石 | 金牌 |\n  | 业绩 | ≥ 800元 | ≥ 100元 |\n  | 得 比例 | 2% | 1% |\n"
        "  例外：若 新渠道，得 金牌\n示例 新\n  评估日：2024年6月30日\n  已知：业绩 ＝ 900元，新渠道 ＝ 是\n"
        "  应得：比例 ＝ 1%\n"
    )
    assert [report.failures for report in run_examples(load_text(text))] == [()]


def test_per_record() -> None:
    text = (
        f"{HEAD}台账 订单\n  文本：订单号＊\n  金额：订单额\n"
        "等级 级\n  | 等级 | 订单额 | 得 比例 |\n  | 大 | ≥ 100元 | 2% |\n计算 返 ＝ 合计（比例）\n"
        "示例 一\n  评估日：2024年6月30日\n  已知 订单：\n  | 订单号 | 订单额 |\n  | A | 100元 |\n  | B | 99元 |\n"
        "  应得：返 ＝ 2%\n"
    )
    assert [report.failures for report in run_examples(load_text(text))] == [()]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("等级 级\n  | 要求 | 金牌 |\n  | 业绩 | ≥ 5元 |\n  | 得比例 | 1% |\n", "POL151"),
        ("等级 级\n  | 要求 | 金牌 |\n  | 业绩 | 得 比例 |\n", "POL151"),
        ("等级 级\n  | 等级 | 业绩 |\n  | 得 金牌 | ≥ 5元 |\n", "POL151"),
        ("判定表 甲\n  | 业绩 | 值 |\n  | 得 乙 | 1% |\n", "POL151"),
        ("判定表 甲\n  | 业绩 | 得 乙 |\n  | ≥ 1元 | 1% |\n条件 丙：乙 ＞ 1%\n", "POL201"),
        ("分档 甲\n  | 业绩 | 甲 | 得 乙 |\n  | ≥ 0元 | 1% | 2% |\n  例外：若 新渠道，得 3%\n", "POL152"),
        ("等级 级\n  | 要求 | 金牌 |\n  | 业绩 | ≥ 5元 |\n  | 得 业绩 | 1% |\n", "POL204"),
        ("等级 级\n  | 等级 | 业绩 | 得 比例 |\n  | 金牌 | ≥ 5元 | 1% |\n  | 金牌 | ＜ 1元 | 2% |\n", "POL154"),
        ("等级 级\n  | 要求 | 金牌 | 银牌 |\n  | 业绩 | ≥ 5元 | ≥ 1元 |\n  | 得 比例 | 1% |\n", "POL405"),
        ("等级 级\n  | 要求 | 金牌 | 银牌 |\n  | 业绩 | ≥ 5元 | ≥ 1元 |\n  | 得 比例 | 1% | |\n", "POL411"),
    ],
)
def test_where_it_does_not_fit(text: str, code: str) -> None:
    assert code in errors(HEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        LONG.replace("\n判定表 比例", "\n# 见附件\n判定表 比例").partition("判定表 名额")[0],
        f"{HEAD}分档 甲\n  | 业绩 | 甲 |\n  | ≥ 0元 | 1% |\n\n"
        "分档 乙\n  | 业绩 | 乙 |\n  | ≥ 1元 | 1% |\n  | ＜ 1元 | 2% |\n",
        HEAD + "分档 甲\n  | 业绩 | 甲 |\n  | ≥ 0元 | 1% |\n\n分档 乙 【1】\n  | 业绩 | 乙 |\n  | ≥ 0元 | 1% |\n",
    ],
)
def test_what_does_not_fit_stays(text: str) -> None:
    assert with_what_is_given(text, "a") == text


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "constructs").glob("*.pol")), ids=lambda p: p.stem)
def test_a_construct_says_the_same(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    made = with_what_is_given(text, "a")
    assert made == text or same_program(text, made)


def test_a_block_that_was_read_before_keeps_its_consequences() -> None:
    memory = Memory()
    for text in (SHORT, SHORT.replace("≥ 800元", "≥ 900元"), SHORT.replace("得 比例", "得 比率"), SHORT):
        assert parse_texts({"a": text}, memory=memory) == parse_texts({"a": text})


# ---------------------------------------------------------------------------------------------- lookup tables
TABLE = HEAD + """\
数据
  类：选项（甲、乙）

表 分润 【9】
  主键：类
  | 得 比例 | 类 | 备注 |
  | 5%      | 甲 | 一   |
  | 3%      | 乙 | 二   |
  注：按类。

条件 高：比例 ≥ 4%
"""


def test_a_column_of_a_table_is_the_result_that_would_be_computed() -> None:
    plain = TABLE.replace("得 比例", "比例").replace("\n条件 高", "\n计算 比例 ＝ 分润（类）的 比例 【9】\n\n条件 高")
    assert same_program(TABLE, plain)
    english = formatted(TABLE, to="en")
    assert "| gives 比例 | 类 | 备注 |" in english and formatted(english, to="zh") == formatted(TABLE)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("类 ＝ 甲", "比例 ＝ 5%，高 成立"), ("类 ＝ 乙", "比例 ＝ 3%，高 不成立"),
        ("新渠道 ＝ 是", "比例 未定（缺 类）"),
    ],
)
def test_the_row_of_the_fact(given: str, wanted: str) -> None:
    policy = load_text(f"{TABLE}示例 一\n  评估日：2024年6月30日\n  已知：{given}\n  应得：{wanted}\n")
    assert [report.failures for report in run_examples(policy)] == [()]


@pytest.mark.parametrize(
    ("head", "code"),
    [("| 得 类 | 比例 |", "POL151"), ("| 未声明 | 得 比例 |", "POL201"), ("| 类 | 得 业绩 |", "POL204")],
)
def test_a_table_is_by_a_fact(head: str, code: str) -> None:
    assert code in errors(f"{HEAD}数据\n  类：选项（甲、乙）\n\n表 分润\n  {head}\n  | 甲 | 5% |\n  | 乙 | 3% |\n")


@pytest.mark.parametrize("cell", ["", "不限", "-"])
def test_a_cell_that_limits_nothing_gives_nothing(cell: str) -> None:
    assert "POL411" in errors(TABLE.replace("3%      ", cell))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("类 ＝ 甲", "比例 ＝ 5%，高 成立"), ("类 ＝ 乙", "比例 未定，高 未定"),
        ("新渠道 ＝ 是", "比例 未定（缺 类），高 未定（缺 类）"),
    ],
)
def test_what_the_document_does_not_say_is_no_word(given: str, wanted: str) -> None:
    policy = load_text(
        f"{TABLE.replace('3%      ', '未规定')}示例 一\n  评估日：2024年6月30日\n  已知：{given}\n  应得：{wanted}\n"
    )
    assert [report.failures for report in run_examples(policy)] == [()]


def test_what_the_document_does_not_say_stands_beside_values_in_both_languages() -> None:
    text = f"{HEAD}数据\n  类：选项（甲、乙、丙）\n\n表 分润\n  | 类 | 得 三 |\n  | 甲 | 未规定 |\n  | 乙 | 3元 |\n"
    english = formatted(text, to="en")
    assert "| not stated |" in english and "| CNY 3 " in english
    assert formatted(english, to="zh") == formatted(text)


def test_a_tier_that_is_reached_in_two_ways_gets_one_thing() -> None:
    text = HEAD + """等级 级
  | 等级 | 业绩     | 新渠道 | 得 比例 |
  | 金牌 | ≥ 500元 |        | 2%      |
  | 金牌 |          | 是     | 2%      |
  | 普通 |          |        | 1%      |
"""
    assert errors(text + "计算 分 ＝ 业绩 × 比例\n") == []
