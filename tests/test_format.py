"""The canonical form: what an untidy text looks like afterwards, worked out by hand, and in the other dialect."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from policydsl.diagnostics import Language, PolicyError
from policydsl.beside import Beside
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.testing import run_examples
from policydsl.text import read_literal
from tries import by_day

ROOT = Path(__file__).parents[1]
CONSTRUCTS = sorted((ROOT / "tests" / "constructs").glob("*.pol"))

FACTS = (
    "数据\n  业绩：金额\n  比例：百分比\n  类型：选项（甲类、乙类、丙类）\n"
    "  首日期：日期\n  次日期：日期\n  人数：数量（人）\n  已签：是否\n\n"
)


def line(text: str, to: Language | None = None) -> str:
    """The last line of a text that ends with this one, formatted."""
    return formatted(FACTS + text, to=to).rstrip("\n").rpartition("\n")[2]


# ---------------------------------------------------------------------------------------------- the whole page
def test_an_untidy_page() -> None:
    untidy = "\r\n".join(
        [
            "\ufeff#顶上的注释",
            "\u3000政策\u3000演示政策\u3000",
            "编号:Ｄ－１",
            "  生效 自２０２４－０１－０１ 起",
            "",
            "",
            "",
            "   适用：已签约 ．",
            "// 头里的注释",
            "注   说明文字，  里面的  空格 照原样。   # 行末注释",
            "数据：",
            "",
            "\t- 业绩\t:\t金额,>=０元,选填",
            "• 已签约:是否;",
            "级别：选项(甲级,乙级、 等)，必填",
            "\t# 缩进的注释",
            "# 顶格的注释",
            "",
            "台账 项目(每条称 某项目),共用,别名 projects[一.1][一.2]",
            "主键 项目名称",
            "项目名称:文本   ,必填",
            "",
            "  # 块尾的注释",
            "# 下一块的注释",
            "等级 伙伴等级",
            "次序:由低到高",
            "级别名\t业绩\t级别",
            "普通\t\t不限",
            "# 表里的注释",
            "金牌\t>=１０００ 万元\t甲级、乙级\t[二.1]",
            "条件 大单:业绩>=100万元 且",
            "",
            "      # 续行里的注释",
            "   级别=甲级   // 行末",
            "# 文末",
            "",
            "",
        ]
    )
    assert formatted(untidy) == dedent(
        """\
        #顶上的注释
        政策 演示政策
          编号：Ｄ－１
          生效：自 2024-01-01 起

          适用：已签约
          // 头里的注释
          注：说明文字，  里面的  空格 照原样。  # 行末注释

        数据
          业绩：金额，≥ 0元，选填
          已签约：是否
          级别：选项（甲级、乙级、等），必填
          # 缩进的注释

        # 顶格的注释

        台账 项目（每条称 某项目），共用，别名 projects 【一.1】【一.2】
          主键：项目名称
          项目名称：文本，必填

          # 块尾的注释

        # 下一块的注释
        等级 伙伴等级
          次序：由低到高
          | 级别名 | 业绩       | 级别       |
          | 普通   |            | 不限       |
          # 表里的注释
          | 金牌   | ≥ 1000万元 | 甲级、乙级 | 【二.1】

        条件 大单：业绩 ≥ 100万元 且
            # 续行里的注释
            级别 ＝ 甲级  // 行末

        # 文末
        """
    )


def test_an_untidy_english_page() -> None:
    untidy = (
        "POLICY  Sample ;\nid:S-1\ndata\nrevenue :money ,  >=CNY5 million\n kind: choice( a、b , and others )\n"
        "bands score【1.1】\n|revenue|points|\n|---|:-:|\n|above   cny 5|10points| [1.2]\n|otherwise no|0 points\n"
    )
    with pytest.raises(PolicyError):
        formatted(untidy)
    assert formatted(untidy.replace("otherwise no", "any")) == dedent(
        """\
        policy Sample ;
          id: S-1

        data
          revenue: money, >= CNY 5 million
          kind: choice (a, b, and others)

        bands score [1.1]
          | revenue     | points    |
          |-------------|:---------:|
          | above CNY 5 | 10 points | [1.2]
          | any         | 0 points  |
        """
    )


def test_nothing_is_nothing() -> None:
    assert formatted("") == ""
    assert formatted("\n \n\t\n") == ""
    assert formatted("\n\n# 只有注释\n\n\n# 两条\n") == "# 只有注释\n\n# 两条\n"


def test_a_text_that_does_not_parse_is_refused() -> None:
    with pytest.raises(PolicyError) as refused:
        formatted("政策 甲\n要求 乙：丙 不底于 3\n", "甲.pol")
    assert {d.span.file for d in refused.value.diagnostics} == {"甲.pol"}
    assert all(d.severity == "error" for d in refused.value.diagnostics)


def test_short_blocks_may_stand_together() -> None:
    together = "措施清单：警告、降级\n措施清单：升级\n  注：两行一块。\n\n条件 丙：是\n条件 丁：否\n"
    assert formatted(together) == together
    apart = "条件 丙：是\n\n\n条件 丁：否\n计算 戊\n  若 丙：1\n  否则：2\n"
    assert formatted(apart) == "条件 丙：是\n\n条件 丁：否\n\n计算 戊\n  若 丙：1\n  否则：2\n"


def test_facts_of_an_example_stand_below_one_another() -> None:
    text = FACTS + "示例 一\n评估日：2024-01-01\n已知：业绩＝1元,\n# 其次\n  比例=3%\n应得 已签 成立"
    assert formatted(text).endswith(
        "示例 一\n  评估日：2024-01-01\n  已知：业绩 ＝ 1元，\n        # 其次\n        比例 ＝ 3%\n  应得：已签 成立\n"
    )


def test_rows_of_a_table_are_aligned_by_width() -> None:
    text = "表 目录\n|编码|名称 Name|\n|A-1|甲|【1】\n| A-22 |  乙丙丁  |\n"
    assert formatted(text) == (
        "表 目录\n  | 编码 | 名称 Name |\n  | A-1  | 甲        | 【1】\n  | A-22 | 乙丙丁    |\n"
    )


# ---------------------------------------------------------------------------------------------- lines
@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        # punctuation and blanks
        ("条件 甲:业绩>=3元", "条件 甲：业绩 ≥ 3元"),
        ("要求　甲：（业绩＋1元）×2<=  3 元【一】【二】", "要求 甲：（业绩 ＋ 1元） × 2 ≤ 3元 【一】【二】"),
        ("计算 甲=取高(业绩,-1元)", "计算 甲 ＝ 取高（业绩，-1元）"),
        ("计算 甲 ＝ - 业绩 - - 3 元", "计算 甲 ＝ －业绩 － -3元"),
        ("计算 甲 ＝ ( 业绩 )的 20 %", "计算 甲 ＝ （业绩）的 20%"),
        ("条件 甲：“ 乙 ”=“ 乙 ”", "条件 甲：“ 乙 ” ＝ “ 乙 ”"),
        # one spelling of a keyword, unless the words fit different values
        ("条件 甲：业绩 不少于 3元 并且 已签", "条件 甲：业绩 不低于 3元 且 已签"),
        ("条件 甲：首日期 不早于 次日期 或者 业绩 是 3元", "条件 甲：首日期 不早于 次日期 或 业绩 为 3元"),
        ("条件 甲：业绩 小于 3元", "条件 甲：业绩 少于 3元"),
        ("条件 甲：业绩达到3元", "条件 甲：业绩 达到 3元"),
        ("条件 甲：比例 高于 3%", "条件 甲：比例 高于 3%"),
        ("条件 甲：首日期 在 次日期 之后 3天 以内", "条件 甲：首日期 在 次日期 后 3天 内"),
        ("条件 甲：首日期 在 自 次日期 3个月 之内", "条件 甲：首日期 在 自 次日期 起 3个月 内"),
        # lists
        ("条件 甲：类型 属于（甲类，乙类）", "条件 甲：类型 属于 甲类、乙类"),
        ("条件 甲：类型 属于（甲类）", "条件 甲：类型 属于 甲类"),
        # numbers as written
        ("条件 甲：业绩 ≥ １,０００ 万元", "条件 甲：业绩 ≥ 1,000万元"),
        ("条件 甲：业绩 ≥ 一千万元", "条件 甲：业绩 ≥ 一千万元"),
        ("条件 甲：首日期 ≥ ２０２４ 年 6 月 30 日", "条件 甲：首日期 ≥ 2024年6月30日"),
        ("条件 甲：首日期 ≥ 2024/6/30", "条件 甲：首日期 ≥ 2024/6/30"),
        ("条件 甲：业绩 ≥ ￥ 5", "条件 甲：业绩 ≥ ¥5"),
        ("条件 甲：业绩 ≥ 5元(含税)", "条件 甲：业绩 ≥ 5元（含税）"),
        # names as declared
        ("条件 甲：「 业绩」≥3元", "条件 甲：「业绩」 ≥ 3元"),
    ],
)
def test_a_line(typed: str, canonical: str) -> None:
    assert line(typed) == canonical
    assert line(canonical) == canonical


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("计算 甲\n  当：业绩 超过 3元：1\n  否则 2", "计算 甲\n  若 业绩 超过 3元：1\n  否则：2"),
        ("处罚 甲\n  当 已签\n  金额 3元", "处罚 甲\n  若：已签\n  金额：3元"),
        ("要求 甲\n满足任一：\n（1）已签\n（2）  业绩>3元", "要求 甲\n  满足任一\n  （1）已签\n  （2）业绩 ＞ 3元"),
        ("要求 甲\n全部满足\n• 已签\n* 业绩>3元", "要求 甲\n  全部满足\n  - 已签\n  - 业绩 ＞ 3元"),
        ("要求 甲\n至少满足：2项：\n- 已签\n- 业绩>3元", "要求 甲\n  至少满足 2项\n  - 已签\n  - 业绩 ＞ 3元"),
        ("奖励 甲\n  例外 当 已签 得 3元\n  金额：2元", "奖励 甲\n  例外：若 已签，得 3元\n  金额：2元"),
        ("条件 甲：已签 且（业绩>3元\n或 比例 = 3%）", "条件 甲：已签 且 （业绩 ＞ 3元\n    或 比例 ＝ 3%）"),
    ],
)
def test_lines_of_a_block(typed: str, canonical: str) -> None:
    assert formatted(FACTS + typed) == FACTS + canonical + "\n"
    assert formatted(FACTS + canonical + "\n") == FACTS + canonical + "\n"


# ---------------------------------------------------------------------------------------------- the other dialect
@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("条件 甲：业绩 ≥ 1.5万元", "condition 甲: 业绩 >= CNY 15,000"),
        ("条件 甲：业绩 ≥ 150万元（含税）", "condition 甲: 业绩 >= CNY 1.5 million (tax included)"),
        ("条件 甲：业绩 不低于 2.5亿元", "condition 甲: 业绩 at least CNY 250 million"),
        ("条件 甲：业绩 ≥ 500000元", "condition 甲: 业绩 >= CNY 500000"),
        ("条件 甲：业绩 ≥ 1,000元", "condition 甲: 业绩 >= CNY 1,000"),
        ("条件 甲：人数 ≥ 1人", "condition 甲: 人数 >= 1 person"),
        ("条件 甲：人数 ≥ 2人", "condition 甲: 人数 >= 2 people"),
        ("条件 甲：已签 为 否", "condition 甲: 已签 is no"),
        ("条件 甲：首日期 晚于 2024年6月30日", "condition 甲: 首日期 later than 30 June 2024"),
        ("条件 甲：首日期 不早于 2024-06-30", "condition 甲: 首日期 not before 2024-06-30"),
        ("条件 甲：首日期 在 2024年第2季度 内", "condition 甲: 首日期 falls in 2024 Q2"),
        ("条件 甲：首日期 在 2024年3月 内", "condition 甲: 首日期 falls in March 2024"),
        ("条件 甲：首日期 在 2024年 内", "condition 甲: 首日期 falls in CY2024"),
        ("条件 甲：首日期 在 2024财年 内", "condition 甲: 首日期 falls in FY2024"),
        ("条件 甲：首日期 在 生效期 内 且 已签", "condition 甲: 首日期 falls in period in force and 已签"),
        ("条件 甲：首日期 在 次日期 至 评估日", "condition 甲: 首日期 falls 次日期 to evaluation date"),
        ("条件 甲：首日期 在 次日期 后 3个工作日 内", "condition 甲: 首日期 within 3 working days after 次日期"),
        ("条件 甲：首日期 在 次日期 前 15个自然日 内", "condition 甲: 首日期 within 15 calendar days before 次日期"),
        ("条件 甲：首日期 在 自 次日期 起 1个月 内", "condition 甲: 首日期 within 1 month from 次日期"),
        (
            "条件 甲：首日期 在 自 次日期 当日起 2周 内 或 已签",
            "condition 甲: 首日期 within 2 weeks from and including 次日期 or 已签",
        ),
        ("计算 甲 ＝ 业绩 的 20% ＋ 1元", "compute 甲 = 20% of 业绩 + CNY 1"),
        ("计算 甲 ＝ 取早（首日期，次日期）", "compute 甲 = the earlier of (首日期, 次日期)"),
        ("条件 甲：类型 属于 甲类、乙类", "condition 甲: 类型 is one of (甲类, 乙类)"),
        ("条件 甲：类型 不属于 甲类", "condition 甲: 类型 is none of 甲类"),
        ("条件 甲：业绩 为 150万元 以上", "condition 甲: 业绩 is CNY 1.5 million or more"),
        ("条件 甲：3% ≤ 比例 ＜ 5%", "condition 甲: 3% <= 比例 < 5%"),
        ("条件 甲：并非 已签 且 业绩 已填", "condition 甲: not 已签 and 业绩 is given"),
    ],
)
def test_a_line_in_the_other_dialect(zh: str, en: str) -> None:
    assert line(zh, "en") == en
    there = formatted(FACTS + zh, to="en")
    assert formatted(there, to="zh") == FACTS + zh + "\n"


def test_a_list_over_two_lines_stays_one_in_english() -> None:
    text = FACTS + "条件 甲：类型 属于 甲类、\n    乙类 且 已签\n"
    there = formatted(text, to="en")
    assert there.endswith("condition 甲: 类型 is one of 甲类、\n    乙类 and 已签\n")
    assert formatted(there) == there
    assert formatted(there, to="zh") == text


def test_words_that_change_places_stand_on_one_line() -> None:
    text = FACTS + "条件 甲：首日期 在 （次日期 ＋\n    # 为什么\n    1天） 后 3天 内 或\n    比例 ＝ 1%  # 行末\n"
    there = formatted(text, to="en")
    assert there.endswith(
        "condition 甲: 首日期 within 3 days after (次日期 + 1 day) or\n    # 为什么\n    比例 = 1%  # 行末\n"
    )


def test_a_name_that_is_a_keyword_of_the_other_dialect() -> None:
    """另一种写法 below 是给事实表用的，不挡住关键词；真正的名称挡住的词换一个说法。"""
    text = "数据\n  类型：选项（低 ＝ below、无类 ＝ none）\n  业绩：金额，默认 无\n\n条件 甲：业绩 低于 3元\n"
    there = formatted(text, to="en")
    assert there.endswith("  业绩: money, default none\n\ncondition 甲: 业绩 below CNY 3\n")
    hidden = "数据\n  below：数值\n\n条件 甲：below 低于 3\n"
    assert formatted(hidden, to="en") == "data\n  below: number\n\ncondition 甲: below under 3\n"


def test_tables_and_examples_in_the_other_dialect() -> None:
    zh = dedent(
        """\
        政策 甲
          编号：A-1
          生效：自 2024年1月1日 起，至 2024年12月31日 止
          财年起始：4月1日

        数据
          业绩：金额
          已签：是否
          类型：选项（甲类、乙类）

        等级 级
          次序：由低到高
          | 要求 | 铜牌           | 金牌             |
          | 业绩 | ≥ 10万元       | 1000万元 以上    |
          | 已签 | 不限           | 是               |
          | 类型 | 甲类、乙类     |                  |

        示例 一
          评估日：2024年6月30日
          已知：业绩 ＝ 20万元，已签 ＝ 否，类型 ＝ 甲类
          已知 全体：
          | 名称 | 业绩     | 已签 | 类型 |
          | 乙   | 3,000元  | 是   | 无   |
          应得：级 ＝ 铜牌
        """
    )
    en = dedent(
        """\
        policy 甲
          id: A-1
          effective: from 1 January 2024, to 31 December 2024
          fiscal year: 1 April

        data
          业绩: money
          已签: yes/no
          类型: choice (甲类, 乙类)

        tiers 级
          order: lowest first
          | criterion | 铜牌           | 金牌                   |
          | 业绩      | >= CNY 100,000 | CNY 10 million or more |
          | 已签      | any            | yes                    |
          | 类型      | 甲类; 乙类     |                        |

        example 一
          as of: 30 June 2024
          given: 业绩 = CNY 200,000, 已签 = no, 类型 = 甲类
          given everyone:
          | name | 业绩      | 已签 | 类型 |
          | 乙   | CNY 3,000 | yes  | none |
          expect: 级 = 铜牌
        """
    )
    assert formatted(zh, to="en") == en
    back = formatted(en, to="zh")
    assert back == formatted(zh)


def test_the_rows_of_a_fact_over_time_have_the_heads_of_the_other_dialect() -> None:
    """自、至、值 are words of the language over such rows alone: over those of a ledger they are the author's."""
    zh = dedent("""\
        数据
          等级：选项（金、银），随时间
          值：金额

        台账 单
          值：金额
          自：日期

        示例 一
          已知：值 ＝ 5元
          已知 等级：
          | 自           | 至 | 值 |
          | 2024年4月1日 | 无 | 金 |
          已知 单：
          | 值  | 自           |
          | 2元 | 2024年4月1日 |
          应得：值 ＝ 5元
        """)
    en = formatted(zh, to="en")
    assert "| from         | to   | value |\n  | 1 April 2024 | none | 金    |" in en
    assert "| 值    | 自           |\n  | CNY 2 | 1 April 2024 |" in en
    assert formatted(en, to="zh") == zh
    assert "  | 自           | 至 |" in formatted(zh)


def test_measures_amendments_and_counts_in_the_other_dialect() -> None:
    zh = (
        "措施清单：警告、降级\n\n数据\n  已签：是否\n  日：日期\n\n"
        "处罚 甲\n  若：已签\n  措施：警告、降级，自 日 起 3个月\n"
        "  至少一项：警告\n\n修改 甲 的 措施：由 警告 改为 降级\n"
    )
    en = (
        "measure list: 警告, 降级\n\ndata\n  已签: yes/no\n  日: date\n\npenalty 甲\n  when: 已签\n"
        "  measures: 警告; 降级, from 日 for 3 months\n  at least one of: 警告\n\n"
        "amend 甲's measures: was 警告, becomes 降级\n"
    )
    assert formatted(zh, to="en") == en
    assert formatted(en, to="zh") == zh


def test_a_measure_word_without_a_counterpart_stays() -> None:
    zh = "数据\n  页数：数量（厘米）\n  人数：数量（名）\n\n条件 甲：页数 ≥ 2厘米 且 人数 ≥ 3名\n"
    en = "data\n  页数: count (厘米)\n  人数: count (名)\n\ncondition 甲: 页数 >= 2 厘米 and 人数 >= 3 名\n"
    assert formatted(zh, to="en") == en
    assert formatted(en, to="zh") == zh


def test_text_in_a_table_is_not_translated() -> None:
    """第2次 is a value among values, and text where the column holds other text."""
    zh = "表 目录\n  | 编码 | 次   | 说法  |\n  | A    | 第1次 | 每月  |\n  | B    | 第2次 | 第2次 |\n"
    en = "table 目录\n  | 编码 | 次  | 说法  |\n  | A    | 1st | 每月  |\n  | B    | 2nd | 第2次 |\n"
    assert formatted(zh, to="en") == en


def test_an_amendment_of_names_that_are_declared_elsewhere() -> None:
    en = (
        "policy A\n  id: A-2\n  amends: A-1\n\n"
        "amend gold tier's sales certificates: was >= 1 person, becomes >= 2 people\n"
        "amend prize's amount: becomes CNY 5\n"
    )
    zh = (
        "政策 A\n  编号：A-2\n  修订：A-1\n\n修改 「gold tier」 的 「sales certificates」：由 ≥ 1人 改为 ≥ 2人\n"
        "修改 prize 的 金额：改为 5元\n"
    )
    assert formatted(en, to="zh") == zh
    assert formatted(zh) == zh


# ---------------------------------------------------------------------------------------------- examples
KEYED = """政策 试
  编号：T

数据
  称：文本
  级：选项（一年、三天）
  期：时长
  价：金额

台账 单
  主键：号
  号：文本
  额：金额

条件 到：期 ≥ 3天 且 级 为 三天 且 称 已填 且 价 ≥ 1元

条件 大：额 ≥ 1元
  逐条：单

示例 众
  评估日：2024年6月30日
  已知 单：
  | 号     | 额  |
  | 十三天 | 3元 |
  应得 单：
  | 号     | 大   |
  | 十三天 | 成立 |

示例 家
  评估日：2024年6月30日
  已知 全体：
  | 名称   | 称     | 级   | 期  | 价                   |
  | 十三天 | 两万元 | 三天 | 5天 | 肆佰伍拾万零捌仟元整 |
  | 1%     | 第一次 | 一年 | 3天 | 2元                  |
  应得 全体：
  | 名称   | 到     |
  | 十三天 | 成立   |
  | 1%     | 不成立 |
"""


def test_words_of_examples_stay_whatever_value_they_look_like() -> None:
    """Names of parties, keys, texts and options are the author's; values and what stands over the parties are not."""
    there = formatted(KEYED, "t.pol", to="en")
    rows = ["| name   | 称     | 级   | 期     | 价                   |",
            "| 十三天 | 两万元 | 三天 | 5 days | 肆佰伍拾万零捌仟元整 |", "| 十三天 | CNY 3 |"]
    assert all(f"  {row}\n" in there for row in rows)
    assert formatted(there, "t.pol", to="zh") == KEYED
    assert all(run.passed for run in run_examples(load_text(KEYED)))
    assert all(run.passed for run in run_examples(load_text(there)))


@pytest.mark.parametrize("path", by_day([*sorted((ROOT / "policies").glob("*.pol")), *CONSTRUCTS][::-1], 4))
def test_rows_of_examples_come_back_from_the_other_language(path: Path) -> None:
    """The heads and the words of their rows, to the letter; a value may be spelled in another way."""
    text = formatted(path.read_text(encoding="utf-8"), path.name)
    code = load_text(text, path.name, beside=Beside.of(path)).file.dialect
    there = formatted(text, path.name, to="en" if code == "zh" else "zh")
    back = formatted(there, path.name, to=code)
    before, after = (load_text(t, path.name, beside=Beside.of(path)).examples for t in (text, back))
    for old, new in zip(before, after, strict=True):
        for a, b in zip((*old.given_rows, *old.expect_rows), (*new.given_rows, *new.expect_rows), strict=True):
            assert [cell.text for cell in a.header] == [cell.text for cell in b.header]
            assert [row.cells[0].text for row in a.rows] == [row.cells[0].text for row in b.rows]
            for mine, yours in zip(a.rows, b.rows, strict=True):
                for one, other in zip(mine.cells, yours.cells, strict=True):
                    assert one.text == other.text or read_literal(one.text, code) is not None


@pytest.mark.parametrize("written", ["17/3", "17 ÷ 3", "-17/3", "－17/3"])
def test_a_fraction_that_is_expected_is_still_read(written: str) -> None:
    head = "政策 平均\n  编号：T\n数据\n  数：数值\n计算 均 ＝ 数 ÷ 3\n"
    given = "-17" if written[0] in "-－" else "17"
    text = f"{head}示例 一\n  评估日：2024年6月30日\n  已知：数 ＝ {given}\n  应得：均 ＝ {written}\n"
    for made in (text, formatted(text), formatted(text, to="en")):
        (report,) = run_examples(load_text(made))
        assert report.passed
