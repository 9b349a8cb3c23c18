"""A policy that another amends, and vocabularies: what is in force on which day, what is cited, what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import policydsl
from policydsl import nodes
from policydsl.api import to_json
from policydsl.cli import cli
from policydsl.diagnostics import PolicyError
from policydsl.beside import Beside
from policydsl.engine import Policy, load_policy, load_text
from policydsl.format import formatted
from policydsl.amending import names_beside
from policydsl.kinds import Exact
from policydsl.sheet import read_sheets
from policydsl.testing.collect import case_files, cases_in
from shipped import EVERY, POLICIES as SHIPPED, shipped
from tries import by_day, some

BASE = """政策 渠道奖励办法 2024
  编号：QD-2024
  生效：自 2024年1月1日 起，至 2024年12月31日 止
  要点：达标奖、培训奖

数据
  业绩：金额，≥ 0元
  培训场数：数量（场），≥ 0场
  渠道级别：选项（金牌、银牌）
  新签客户：数量（家），≥ 0家

参数
  达标门槛 ＝ 100万元 【第二条】
  口径：选项（含税、不含税） 【第二条】

措施清单：警告、暂停

表 加成 【第五条】
  | 级别 | 比例 |
  | 金牌 | 2%   |
  | 银牌 | 1%   |

等级 伙伴等级 【第一条】
  | 等级 | 业绩      |
  | 钻石 | ≥ 500万元 |
  | 普通 | ≥ 0元     |

奖励 达标奖 【第二条、第三条】
  对象：渠道级别 属于 金牌、银牌
  若：业绩 ≥ 达标门槛
  金额：业绩 × 加成（渠道级别）的 比例 【第三条】

奖励 培训奖 【第四条】
  若：培训场数 ≥ 2场
  金额：3000元

处罚 不达标 【第六条】
  若：口径 为 含税 且 业绩 低于 10万元
  措施：警告

条件 有新签：新签客户 ≥ 1家 【第七条】
"""
NOTICE = """政策 关于调整渠道奖励办法的补充通知
  编号：QD-2024-1
  修订：QD-2024
  生效：自 2024年7月1日 起

"""
A, B = "甲.pol", "乙.pol"


def on_disk(folder: Path, **texts: str) -> Callable[[str], Policy]:
    for name, text in texts.items():
        (folder / f"{name}.pol").write_text(text, encoding="utf-8")
    return lambda name: load_policy(folder / f"{name}.pol")


def amended(changes: str, base: str = BASE, head: str = NOTICE) -> Policy:
    return load_policy_of({B: head + changes, A: base})


def load_policy_of(texts: dict[str, str]) -> Policy:
    return policydsl.loads(texts)._policy


def refused(load: Callable[[], object]) -> list[str]:
    with pytest.raises(PolicyError) as error:
        load()
    return [d.code for d in error.value.diagnostics]


def judged(policy: Policy, day: str, facts: dict[str, Any], **settings: Exact) -> Any:
    when = date.fromisoformat(day)
    version = policy.on(when)
    sheets = read_sheets({"名称": "某伙伴", **facts}, "s", version.program)
    return json.loads(to_json(version.judge(sheets, when, settings=settings)[0]))


def value(policy: Policy, day: str, result: str, **facts: Any) -> Any:
    return judged(policy, day, facts)["results"][result].get("value")


# ---------------------------------------------------------------------------------------------- what is in force
def test_before_its_day_the_policy_alone_is_in_force() -> None:
    changes = "修改 达标门槛：由 100万元 改为 150万元 【第一条】\n废止 培训奖\n"
    facts = {"业绩": "120万元", "渠道级别": "银牌", "培训场数": 2}
    alone, both = load_policy_of({A: BASE}), amended(changes)
    assert judged(both, "2024-06-30", facts) == judged(alone, "2024-06-30", facts)  # to the letter, with its digest
    after = judged(both, "2024-07-01", facts)
    assert (after["results"]["达标奖"]["holds"], after["results"]["达标奖"]["value"]) == (False, 0)
    assert "培训奖" not in after["results"]
    assert value(both, "2024-06-30", "达标奖", **facts) == 12000  # 1% of 120万元


def test_the_verdict_says_by_what_the_policy_was_amended() -> None:
    policy = amended("修改 达标门槛：改为 150万元\n")
    said = judged(policy, "2024-07-01", {"业绩": "150万元"})["policy"]
    assert said["id"] == "QD-2024"
    assert said["amended"] == [
        {"id": "QD-2024-1", "title": "关于调整渠道奖励办法的补充通知", "from": "2024-07-01", "to": None}
    ]
    assert "amended" not in judged(policy, "2024-06-30", {"业绩": "150万元"})["policy"]


def test_an_amendment_that_changes_nothing_is_the_same_program() -> None:
    one, other = load_policy_of({A: BASE}).program, amended("").program
    assert (one.inputs, one.lists, one.terms, one.results) == (other.inputs, other.lists, other.terms, other.results)
    assert replace(other.header, amended=()) == one.header


@pytest.mark.parametrize("path", by_day([p for p in EVERY if not p.stem.endswith("_notice")], 1))
def test_a_shipped_policy_amended_by_nothing_is_the_same_program(path: Path) -> None:
    one = shipped(path).program
    text = f"政策 没有改动\n  修订：{path.name}\n  生效：自 2030年1月1日 起\n"
    other = load_text(text, str(SHIPPED / "none.pol"), beside=Beside(folder=SHIPPED)).program
    assert (one.inputs, one.lists, one.terms, one.results) == (other.inputs, other.lists, other.terms, other.results)


# ---------------------------------------------------------------------------------------------- each kind of change
def test_values_lines_and_cells_are_changed() -> None:
    policy = amended(
        "修改 加成 的 银牌 的 比例：由 1% 改为 3%\n"
        "修改 伙伴等级 的 业绩 的 钻石：由 ≥ 500万元 改为 ≥ 600万元\n"
        "修改 培训奖 的 金额：由 3000元 改为 业绩 × 1%\n"
        "修改 不达标 的 措施：由 警告 改为 警告、暂停\n"
        "修改 有新签：由 新签客户 ≥ 1家 改为 新签客户 ≥ 2家\n"
        "修改 口径：改为 含税\n"
        "修改 达标奖 的 对象：由 渠道级别 属于 金牌、银牌 改为 渠道级别 为 银牌\n"
    )
    facts = {"业绩": "550万元", "渠道级别": "银牌", "培训场数": 2, "新签客户": 1}
    assert value(policy, "2024-07-01", "达标奖", **facts) == 165000  # 3% of 550万元
    assert value(policy, "2024-07-01", "伙伴等级", **facts) == "普通"
    assert value(policy, "2024-06-30", "伙伴等级", **facts) == "钻石"
    assert value(policy, "2024-07-01", "培训奖", **facts) == 55000
    assert value(policy, "2024-07-01", "有新签", **facts) is False
    low = judged(policy, "2024-07-01", {**facts, "业绩": "9万元"})
    assert [low["results"][m]["holds"] for m in ("警告", "暂停")] == [True, True]
    gold = judged(policy, "2024-07-01", {**facts, "渠道级别": "金牌"})
    assert gold["results"]["达标奖"]["status"] == "not_applicable"


def test_an_open_parameter_is_settled_within_its_range() -> None:
    base = BASE.replace("  口径：", "  上限：百分比，0% 至 50%\n  口径：")
    assert refused(lambda: amended("修改 上限：改为 50.1%\n", base)) == ["POL262"]
    assert amended("修改 上限：改为 50%\n", base).diagnostics


@pytest.mark.parametrize("change", [
    "修改 达标门槛：改为 150家", "修改 达标门槛：改为 150", "修改 达标门槛：改为 150万元（含税）",
    "修改 培训奖 的 金额：改为 3000分",
])
def test_what_a_value_is_does_not_change(change: str) -> None:
    assert refused(lambda: amended(f"{change}\n")) == ["POL491"]


def test_blocks_are_replaced_repealed_and_added() -> None:
    policy = amended(
        "替换 奖励 培训奖 【第二条】\n  若：培训场数 ≥ 3场\n  金额：5000元\n\n"
        "废止 有新签、新签客户 【第三条】\n\n"
        "数据\n  是否：参加大会\n\n"
        "奖励 大会奖 【第四条】\n  若：参加大会\n  金额：800元\n"
    )
    facts = {"业绩": 0, "培训场数": 2}
    after = judged(policy, "2024-07-01", {**facts, "参加大会": True})["results"]
    assert (after["培训奖"]["value"], after["大会奖"]["value"]) == (0, 800)
    assert "有新签" not in after
    assert "有新签" in judged(policy, "2024-06-30", facts)["results"]


def test_what_is_repealed_may_be_declared_anew() -> None:
    policy = amended("废止 新签客户\n\n数据\n  新签客户：数量（家），≥ 0家，≤ 5家\n")
    assert judged(policy, "2024-06-30", {"新签客户": 9})["results"]["有新签"]["value"] is True
    with pytest.raises(policydsl.SheetError):
        judged(policy, "2024-07-01", {"新签客户": 9})


LEDGERS = """政策 甲
  编号：QD-2024
  生效：自 2024年1月1日 起

数据 【8】
  业绩：金额，≥ 0元，别名 revenue
  档：选项（金、银）
  新签客户：数量（家）

台账 订单（每条称 单），主键 单号，别名 orders 【9】
  单号：文本
  金额：金额，别名 amount
  产品：选项（甲、乙）

计算 大单额：合计（金额，产品 为 甲） 【2】
条件 大户：业绩 ≥ 300万元 【4】
条件 金户：档 为 金 【5】
"""
NEW_LEDGER = """替换 台账 订单（每条称 单），主键 单号 【1】
  单号：文本
  金额：金额，≥ 0元
  产品：选项（甲、丙）
  台数：数量（台）
条件 多台：合计（台数） ≥ 5台 【3】
"""


def test_a_ledger_is_replaced_under_the_names_that_programs_know() -> None:
    policy = amended(NEW_LEDGER, LEDGERS)
    rows = [
        {"单号": "A", "amount": "3万元", "产品": "甲", "台数": 4}, {"单号": "B", "amount": 1, "产品": "丙", "台数": 1},
    ]
    after = judged(policy, "2024-07-01", {"orders": rows})["results"]
    assert (after["大单额"]["value"], after["多台"]["value"]) == (30000, True)
    (ledger,) = (block for block in policy.file.blocks if isinstance(block, nodes.Ledger))
    assert ledger.cites == ("9 （经《QD-2024-1》1修订）",)
    for day, wrong in (
        ("2024-06-30", {"产品": "丙"}), ("2024-07-01", {"产品": "乙"}), ("2024-07-01", {"金额": "-1元"}),
    ):
        with pytest.raises(policydsl.SheetError):
            judged(policy, day, {"订单": [{"单号": "A", **wrong}]})


def test_facts_are_replaced_one_by_one_and_the_others_stay() -> None:
    policy = amended("替换 数据 【6】\n  档：选项（金、银、铜）\n  业绩：金额，≥ 0元，≤ 900万元\n", LEDGERS)
    results = judged(policy, "2024-07-01", {"revenue": "300万元", "档": "铜"})["results"]
    assert (results["大户"]["value"], results["金户"]["value"]) == (True, False)
    assert list(policy.program.inputs) == ["业绩", "档", "新签客户"]
    for day, wrong in (("2024-06-30", {"档": "铜"}), ("2024-07-01", {"业绩": "901万元"})):
        with pytest.raises(policydsl.SheetError):
            judged(policy, day, wrong)


@pytest.mark.parametrize(("change", "codes"), [
    ("替换 台账 合同\n  号：文本\n", ["POL251"]),
    ("替换 数据\n  业迹：金额\n  大户：是否\n  订单：是否\n", ["POL251", "POL255", "POL255"]),
    ("替换 数据\n  业绩：金额\n修改 业绩：改为 3元\n", ["POL255"]),
    ("替换 数据\n  业绩：金额\n废止 业绩\n", ["POL253"]),
    ("替换 数据\n", ["POL255"]),
    # what the new text has no more, and a rule still asks
    (NEW_LEDGER.replace("产品：", "货品："), ["POL455"]),
    (NEW_LEDGER.replace("（甲、丙）", "（丙）"), ["POL455"]),
    ("替换 数据\n  档：选项（银、铜）\n", ["POL455"]),
    # money that becomes a count: told where the rule compares
    ("替换 数据\n  业绩：数量（家）\n", ["POL301"]),
])
def test_ledgers_and_facts_that_cannot_be_replaced_so(change: str, codes: list[str]) -> None:
    assert refused(lambda: amended(change, LEDGERS)) == codes


def test_what_a_new_ledger_lacks_may_be_declared_elsewhere() -> None:
    lists = "清单 产品种类：甲、丙\n" + NEW_LEDGER.replace("选项（甲、丙）", "选项（产品种类）")
    rows = {"订单": [{"单号": "A", "金额": 7, "产品": "甲"}]}
    assert value(amended(lists, LEDGERS), "2024-07-01", "大单额", **rows) == 7


def test_key_results_that_are_repealed_are_no_longer_named() -> None:
    assert amended("废止 培训奖\n").program.header.keys == ("达标奖",)
    head = NOTICE.replace("生效", "要点：培训奖\n  生效")
    assert amended("", head=head).program.header.keys == ("培训奖",)


def test_the_period_of_the_policy_can_be_changed() -> None:
    head = NOTICE.replace("2024年7月1日", "2025年1月1日")
    codes = refused(lambda: amended("修改 达标门槛：改为 150万元\n", head=head))
    assert codes == ["POL250"]
    policy = amended("修改 生效：自 2024年1月1日 起，至 2025年12月31日 止\n", head=head)
    assert judged(policy, "2025-01-01", {})["policy"]["effective"] == {"from": "2024-01-01", "to": "2025-12-31"}
    assert judged(policy, "2024-12-31", {})["policy"]["effective"] == {"from": "2024-01-01", "to": "2024-12-31"}


# ---------------------------------------------------------------------------------------------- what is cited
def test_the_clause_is_cited_as_changed() -> None:
    policy = amended(
        "修改 达标门槛：由 100万元 改为 150万元 【第一条】\n"
        "修改 培训奖 的 金额：改为 5000元\n"
        "替换 条件 有新签：新签客户 ≥ 2家 【第二条】\n"
        "奖励 大会奖 【第三条】\n  金额：1元\n"
    )
    results = judged(policy, "2024-07-01", {})["results"]
    assert results["培训奖"]["clauses"] == ["第四条 （经QD-2024-1修订）"]
    assert results["有新签"]["clauses"] == ["第七条 （经《QD-2024-1》第二条修订）"]
    assert results["大会奖"]["clauses"] == ["《QD-2024-1》第三条"]
    # the parameter is of the second clause, which the reward cites beside the third
    assert results["达标奖"]["clauses"] == ["第二条、第三条"]


def test_a_clause_whose_parameter_changes_is_changed() -> None:
    base = BASE.replace("【第二条、第三条】", "【第二条】【第三条】")
    results = judged(amended("修改 达标门槛：改为 150万元 【一】\n", base), "2024-07-01", {})["results"]
    assert results["达标奖"]["clauses"] == ["第二条 （经《QD-2024-1》一修订）", "第三条"]
    trace = judged(amended("修改 达标奖 的 金额：改为 1元 【一】\n", base), "2024-07-01", {})["results"]
    assert trace["达标奖"]["clauses"] == ["第二条", "第三条 （经《QD-2024-1》一修订）"]


def test_a_parameter_without_a_clause_is_of_those_that_name_it() -> None:
    base = BASE.replace("  达标门槛 ＝ 100万元 【第二条】", "  达标门槛 ＝ 100万元")
    base = base.replace("【第二条、第三条】", "【第三条】")
    results = judged(amended("修改 达标门槛：改为 150万元 【一】\n", base), "2024-07-01", {})["results"]
    assert results["达标奖"]["clauses"] == ["第三条 （经《QD-2024-1》一修订）"]
    assert results["培训奖"]["clauses"] == ["第四条"]


def test_places_are_those_of_the_words() -> None:
    policy = amended("修改 培训奖 的 金额：改为 5000元\n\n奖励 大会奖\n  金额：1元\n")
    results = judged(policy, "2024-07-01", {})["results"]
    assert results["大会奖"]["at"] == {"file": B, "line": 8}
    assert results["培训奖"]["at"] == {"file": A, "line": BASE.split("\n").index("奖励 培训奖 【第四条】") + 1}
    assert policy.program.sources.texts.keys() == {A, B}
    assert policy.on(date(2024, 1, 1)).program.sources.texts.keys() == {A}


# ---------------------------------------------------------------------------------------------- several amendments
FIRST = NOTICE.replace("自 2024年7月1日 起", "自 2024年4月1日 起，至 2024年9月30日 止")
FIRST += "修改 达标门槛：改为 150万元\n"
SECOND = """政策 第二份补充通知
  编号：QD-2024-2
  修订：QD-2024-1
  生效：自 2024年7月1日 起

修改 培训奖 的 金额：由 3000元 改为 5000元
"""


@pytest.mark.parametrize(("day", "reached", "training", "by"), [
    ("2024-03-31", 12000, 3000, []), ("2024-04-01", 0, 3000, ["QD-2024-1"]),
    ("2024-07-01", 0, 5000, ["QD-2024-1", "QD-2024-2"]), ("2024-09-30", 0, 5000, ["QD-2024-1", "QD-2024-2"]),
    ("2024-10-01", 12000, 5000, ["QD-2024-2"]),  # the first is over, the second is not
])
def test_each_day_has_the_amendments_that_are_in_force(day: str, reached: int, training: int, by: list[str]) -> None:
    policy = load_policy_of({"丙.pol": SECOND, B: FIRST, A: BASE})
    found = judged(policy, day, {"业绩": "120万元", "渠道级别": "银牌", "培训场数": 2})
    assert (found["results"]["达标奖"]["value"], found["results"]["培训奖"]["value"]) == (reached, training)
    assert [a["id"] for a in found["policy"].get("amended", [])] == by


def test_a_later_amendment_sees_what_the_earlier_made_of_it() -> None:
    later = SECOND.replace("培训奖 的 金额：由 3000元 改为 5000元", "达标门槛：由 150万元 改为 200万元")
    first = FIRST.replace("，至 2024年9月30日 止", "")
    policy = load_policy_of({"丙.pol": later, B: first, A: BASE})
    assert value(policy, "2024-07-01", "达标奖", 业绩="180万元", 渠道级别="银牌") == 0
    assert value(policy, "2024-06-30", "达标奖", 业绩="180万元", 渠道级别="银牌") == 18000
    # 100万元 is what the policy itself says
    assert refused(lambda: load_policy_of({"丙.pol": later.replace("150", "100"), B: first, A: BASE})) == ["POL252"]
    # the first ends on 30 September, and what the second says of it no longer fits then
    assert refused(lambda: load_policy_of({"丙.pol": later, B: FIRST, A: BASE})) == ["POL258"]


def test_an_amendment_that_is_over_leaves_the_policy_as_it_was() -> None:
    policy = load_policy_of({B: FIRST, A: BASE})
    facts = {"业绩": "120万元", "渠道级别": "银牌"}
    assert [value(policy, day, "达标奖", **facts) for day in ("2024-03-31", "2024-09-30", "2024-10-01")] == [
        12000, 0, 12000
    ]
    assert policy.program.header.amended  # where no day is, the amendment is meant


# ---------------------------------------------------------------------------------------------- vocabularies
WORDS = """# 共用的称谓
数据
  渠道级别：选项（金牌、银牌）
  签约日：日期，选填，默认 无
  用不着的：是否

参数
  门槛 ＝ 10万元

条件 已签约：签约日 不为 无
条件 金牌已签：已签约 且 渠道级别 为 金牌
条件 用不着的条件：用不着的
"""
USER = """政策 甲政策
  编号：A

引用 “词汇.pol”

数据
  业绩：金额，≥ 0元

奖励 甲奖
  若：金牌已签 且 业绩 ≥ 门槛
  金额：100元
"""


def test_of_a_vocabulary_what_is_used_is_taken() -> None:
    policy = load_policy_of({A: USER, "词汇.pol": WORDS})
    assert policy.diagnostics == ()
    assert set(policy.program.inputs) == {"业绩", "渠道级别", "签约日", "门槛"}
    assert {r.name for r in policy.program.results} == {"甲奖", "已签约", "金牌已签"}
    facts = {"业绩": "10万元", "渠道级别": "金牌", "签约日": "2024-01-01"}
    assert value(policy, "2024-06-30", "甲奖", **facts) == 100
    assert value(policy, "2024-06-30", "甲奖", **{**facts, "签约日": "无"}) == 0


def test_names_that_are_listed_are_taken_and_no_others() -> None:
    listed = USER.replace("“词汇.pol”", "“词汇.pol”：用不着的条件")
    assert "POL201" in refused(lambda: load_policy_of({A: listed, "词汇.pol": WORDS}))  # 金牌已签
    listed = USER.replace("“词汇.pol”", "“词汇.pol”：金牌已签、门槛、用不着的条件")
    policy = load_policy_of({A: listed, "词汇.pol": WORDS})
    assert {r.name for r in policy.program.results} == {"甲奖", "已签约", "金牌已签", "用不着的条件"}
    wrong = USER.replace("“词汇.pol”", "“词汇.pol”：金牌巳签、门槛")
    assert refused(lambda: load_policy_of({A: wrong, "词汇.pol": WORDS}))


def test_a_vocabulary_that_all_use_is_taken_once() -> None:
    notice = NOTICE.replace("QD-2024\n", "A\n")
    notice += "引用 “词汇.pol”\n\n奖励 乙奖\n  若：用不着的 或 已签约\n  金额：7元\n"
    middle = "引用 “词汇.pol”\n\n条件 大户：金牌已签\n"
    texts = {B: notice + "\n奖励 丙奖\n  若：大户\n  金额：9元\n", A: USER, "词汇.pol": WORDS, "中.pol": middle}
    texts[B] = texts[B].replace("引用 “词汇.pol”\n", "引用 “词汇.pol”\n引用 “中.pol”\n")
    policy = load_policy_of(texts)
    facts = {"业绩": "10万元", "渠道级别": "金牌", "签约日": "2024-01-01", "用不着的": False}
    results = judged(policy, "2024-07-01", facts)["results"]
    assert [results[r]["value"] for r in ("甲奖", "乙奖", "丙奖")] == [100, 7, 9]


def test_a_name_declared_in_both_is_refused() -> None:
    assert "POL204" in refused(lambda: load_policy_of({
        A: USER.replace("  业绩：金额，≥ 0元", "  业绩：金额，≥ 0元\n  渠道级别：选项（金牌、银牌）"), "词汇.pol": WORDS
    }))


def test_a_policy_reads_as_it_would_alone() -> None:
    """Names of an amendment or of who uses it cut nothing in the text that is amended or used."""
    base = "政策 甲\n  编号：A\n  生效：自 2024年1月1日 起\n\n数据\n  是否：签约、备案\n\n条件 可：签约 且 备案\n"
    notice = "政策 乙\n  修订：A\n  生效：自 2024年7月1日 起\n\n"
    notice += "数据\n  签约 且 备案：是否\n\n条件 另：「签约 且 备案」\n"
    with pytest.raises(PolicyError) as error:
        load_policy_of({B: notice, A: base})
    assert {(d.code, d.span.file) for d in error.value.diagnostics} == {("POL202", B)}


# ---------------------------------------------------------------------------------------------- hostile files
@pytest.mark.parametrize("name", [
    "/etc/passwd.pol", "../词汇.pol", "..\\词汇.pol", "C:词汇.pol", "./词汇.pol", "~root.pol", "sub/词汇.pol",
    ".hidden.pol",
])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "词汇.pol").write_text(WORDS, encoding="utf-8")
    (tmp_path / "家").mkdir()
    (tmp_path / "家" / "甲.pol").write_text(USER.replace("词汇.pol", name), encoding="utf-8")
    assert "POL242" in refused(lambda: load_policy(tmp_path / "家" / "甲.pol"))


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "词汇.pol").write_text(WORDS, encoding="utf-8")
    home = tmp_path / "家"
    home.mkdir()
    os.symlink(tmp_path / "词汇.pol", home / "词汇.pol")
    (home / "甲.pol").write_text(USER, encoding="utf-8")
    assert "POL242" in refused(lambda: load_policy(home / "甲.pol"))
    # nor is it found by an id
    (tmp_path / "底.pol").write_text(BASE, encoding="utf-8")
    os.symlink(tmp_path / "底.pol", home / "底.pol")
    (home / "乙.pol").write_text(NOTICE, encoding="utf-8")
    assert "POL241" in refused(lambda: load_policy(home / "乙.pol"))


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    load = on_disk(tmp_path, 甲=USER)
    assert "POL241" in refused(lambda: load("甲"))
    (tmp_path / "词汇.pol").mkdir()
    assert "POL241" in refused(lambda: load("甲"))
    (tmp_path / "词汇.pol").rmdir()
    os.mkfifo(tmp_path / "词汇.pol")
    assert "POL241" in refused(lambda: load("甲"))
    (tmp_path / "词汇.pol").unlink()
    (tmp_path / "词汇.pol").write_bytes("数据\n  渠道级别：是否\n".encode("gbk"))
    assert "POL244" in refused(lambda: load("甲"))
    with (tmp_path / "词汇.pol").open("wb") as file:
        file.truncate(1 << 40)  # a terabyte that nobody reads
    assert "POL244" in refused(lambda: load("甲"))


def test_circles_and_long_chains_are_refused(tmp_path: Path) -> None:
    text = "政策 甲\n  编号：{}\n  修订：{}\n  生效：自 2024年1月1日 起\n"
    one, other = text.format("A", "B"), text.format("B", "A")
    assert "POL243" in refused(lambda: load_policy_of({A: one, B: other}))
    for number in range(60):
        text = f"政策 第{number}份\n  编号：N{number}\n  修订：n{number + 1}.pol\n  生效：自 2024年1月1日 起\n"
        (tmp_path / f"n{number}.pol").write_text(text, encoding="utf-8")
    (tmp_path / "n60.pol").write_text(BASE, encoding="utf-8")
    assert "POL246" in refused(lambda: load_policy(tmp_path / "n0.pol"))
    # a few are fine, and nothing is read twice
    assert load_policy(tmp_path / "n40.pol").program.results


def test_an_id_is_that_of_the_language_of_the_amendment(tmp_path: Path) -> None:
    en = "policy Rules\n  id: QD-2024\n\ndata\n  revenue: money\n\ncondition large: revenue >= CNY 1\n"
    load = on_disk(tmp_path, 甲=BASE, 乙=NOTICE + "修改 达标门槛：改为 150万元\n")
    (tmp_path / "甲.en.pol").write_text(en, encoding="utf-8")
    assert load("乙").program.header.title == "渠道奖励办法 2024"
    (tmp_path / "甲二.pol").write_text(BASE, encoding="utf-8")
    assert "POL245" in refused(lambda: load("乙"))


# ---------------------------------------------------------------------------------------------- the verbs
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    on_disk(tmp_path, 甲=BASE, 乙=NOTICE + """修改 达标门槛：由 100万元 改为 150万元 【第一条】
废止 培训奖、培训场数 【第二条】

示例 之前
  评估日：2024年6月30日
  已知：业绩 ＝ 120万元，渠道级别 ＝ 银牌，培训场数 ＝ 2场
  应得：达标奖 ＝ 12000元，培训奖 ＝ 3000元

示例 之后
  评估日：2024年7月1日
  已知：业绩 ＝ 150万元，渠道级别 ＝ 银牌
  应得：达标奖 ＝ 15000元
""")
    facts = "名称: 某伙伴\n业绩: 120万元\n渠道级别: 银牌\n评估日: "
    (tmp_path / "s.yaml").write_text(f"{facts}2024-06-30\n培训场数: 2\n", encoding="utf-8")
    (tmp_path / "t.yaml").write_text(f"{facts}2024-07-01\n", encoding="utf-8")
    (tmp_path / "乙.tests.yaml").write_text(
        "- {名称: 前, 评估日: 2024-06-30, 事实: {业绩: 100万元, 渠道级别: 金牌, 培训场数: 2},"
        " 应得: {达标奖: 20000, 培训奖: 3000}}\n"
        "- {名称: 后, 评估日: 2024-07-01, 事实: {业绩: 100万元, 渠道级别: 金牌}, 应得: {达标奖: 0}}\n"
        "- {名称: 日期在事实里, 事实: {评估日: 2024-06-30, 业绩: 100万元, 渠道级别: 金牌},"
        " 应得: {达标奖: 20000}}\n",
        encoding="utf-8",
    )
    return tmp_path


def run(*args: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, args, input=given)


def test_eval_takes_the_version_of_the_day_that_the_sheet_states(folder: Path) -> None:
    before, after = run("eval", "乙.pol", "s.yaml"), run("eval", "乙.pol", "t.yaml")
    assert before.exit_code == after.exit_code == 0
    assert "12,000元" in before.output and "3,000元" in before.output and "修订" not in before.output
    assert "QD-2024（经QD-2024-1修订）" in after.output and "3,000元" not in after.output
    dated = run("eval", "乙.pol", "t.yaml", "--as-of", "2024-06-30", "--all")
    assert "12,000元" in dated.output
    whole = run("eval", "乙.pol", "t.yaml", "--all").output
    assert "QD-2024-1《关于调整渠道奖励办法的补充通知》，自 2024年7月1日 起" in whole
    # what was repealed is no longer asked for, and a sheet that still says it is told so
    late = run("eval", "乙.pol", "s.yaml", "--as-of", "2024-07-01").exception
    assert isinstance(late, policydsl.SheetError) and "培训场数" in str(late.diagnostics)


def test_examples_and_cases_are_judged_by_the_version_of_their_day(folder: Path) -> None:
    done = run("test", "乙.pol", "-v")
    assert done.exit_code == 0 and "乙.pol: 5/5" in done.output
    cases = folder / "乙.tests.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").replace("达标奖: 0}", "达标奖: 1, 培训奖: 2}"), encoding="utf-8")
    wrong = run("test", "乙.pol")
    assert wrong.exit_code != 0 and "培训奖" in wrong.output  # repealed by then
    checked = run("check", "乙.pol")
    assert checked.exit_code == 0 and "示例 2/2 通过" in checked.output


def test_all_verbs_work_on_an_amended_policy(folder: Path) -> None:
    assert "达标门槛" in run("explain", "乙.pol", "t.yaml", "--result", "达标奖").output
    assert "经《QD-2024-1》第一条修订" in run("doc", "乙.pol").output
    book = run("doc", "乙.pol", "--as-of", "2024-06-30").output
    assert "培训奖" in book and "QD-2024-1" not in book
    assert "培训场数" not in run("facts", "乙.pol").output and "培训场数" in run("facts", "甲.pol").output
    assert "培训场数" in run("facts", "乙.pol", "--as-of", "2024-06-30").output
    assert "培训场数" not in run("schema", "乙.pol").output
    asked = run("ask", "乙.pol", "t.yaml", given="5\n")
    assert asked.exit_code == 0, asked.output
    assert run("fmt", "--check", "乙.pol").exit_code == 0
    assert run("testgen", "乙.pol", "--rule", "达标奖").exit_code == 0
    assert run("test", "乙.pol", "--coverage").exit_code == 0
    proof = run("eval", "乙.pol", "t.yaml", "--format", "json", "--proof")
    (folder / "v.json").write_text(proof.output, encoding="utf-8")
    assert run("recheck", "v.json").exit_code == 0


def test_an_editor_shows_the_amendment_and_nothing_of_the_other_file(folder: Path) -> None:
    from policydsl.editor import lenses, problems
    from policydsl.editor.layout import formatting
    from policydsl.editor.snapshot import Snapshot

    path = folder / "乙.pol"
    text = path.read_text(encoding="utf-8")
    seen = Snapshot(path.as_uri(), text, 1)
    assert problems.diagnostics(seen, None) == [] and formatting(seen) == []
    assert [(ran.name, ran.passed) for i in (0, 1) if (ran := lenses.run(seen, i))] == [("之前", True), ("之后", True)]
    assert {"达标门槛", "培训场数"} <= {o.key for o in seen.symbols.occurrences}
    wrong = Snapshot(path.as_uri(), text.replace("由 100万元", "由 90万元"), 2)
    assert [(d.code, d.range.start.line) for d in problems.diagnostics(wrong, None)] == [("POL252", 5)]
    (folder / "甲.pol").write_text(BASE.replace("  若：业绩 ≥ 达标门槛", "  若：业积 ≥ 达标门槛"), encoding="utf-8")
    assert {d.code for d in problems.diagnostics(Snapshot(path.as_uri(), text, 3), None)} == {"POL261"}


def test_what_is_read_is_written_again(folder: Path) -> None:
    text = (folder / "乙.pol").read_text(encoding="utf-8")
    known = names_beside(text, "乙.pol", folder)
    assert formatted(text, "乙.pol", known=known) == text
    other = formatted(text, "乙.pol", to="en", known=known)
    assert "amend 达标门槛: was CNY 1 million, becomes CNY 1.5 million [第一条]" in other
    assert formatted(other, "乙.pol", to="zh", known=known) == text


# ---------------------------------------------------------------------------------------------- the shipped amendment
def test_every_clause_of_the_shipped_notice_is_carried() -> None:
    told = json.loads(run("clauses", str(SHIPPED / "h3c_star_2024_notice.pol"), "--format", "json").output)
    (policy,) = told["policies"]
    assert policy["policy"]["id"] == "H3C-CDS-2024-N1"
    assert [(c["id"], c["status"], c.get("claims", [])) for c in policy["clauses"]] == [
        (f"BT-{number}", "carried", []) for number in range(1, 7)
    ]


@pytest.mark.parametrize(("name", "holds"), [("h3c_star_2024", True), ("h3c_star_2024_notice", False)])
def test_one_sheet_is_judged_by_the_policy_and_by_the_notice(name: str, holds: bool) -> None:
    """The partner of the example sheet had 74.75 points and is assessed on 15 October: 70 were asked, now 75."""
    verdict = policydsl.load(name).evaluate(SHIPPED.parent / "examples" / "h3c_star_2024.yaml")
    assert verdict.results["续认证业绩"].total.value.values == (holds,)
    clauses = verdict.results["续认证业绩"].clauses
    assert clauses == (("H3C-10 一 业务指标",) if holds else ("H3C-10 一 业务指标（经BT-1 第一条修订）",))


WRITTEN_OUT = [  # the notice, written into the policy by hand
    ("70分（合格分数线）", "75分（合格分数线）"),
    ("  | 一般           | 10分   |", "  | 一般           | 8分    |"),
    ("期限 离职申报：离职日期 后 3个工作日 【83】", "期限 离职申报：离职日期 后 5个工作日 【83】"),
    ("奖励 优秀事件：正面事件 【63】", "奖励 优秀事件：正面事件 且 分值 ≥ 2分 【63】"),
]


def test_the_shipped_notice_means_what_the_policy_written_out_means() -> None:
    base = SHIPPED / "h3c_star_2024.pol"
    text = base.read_text(encoding="utf-8")
    for old, new in WRITTEN_OUT:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    text = text.partition("\n示例 ")[0] + """
奖励 满意回访表彰：存在（回访，本季回访 且 已接通）
  若：全部（评价 为 非常满意，本季回访 且 已接通）
  措施：公开表彰
"""
    by_hand = load_text(text, "hand.pol", beside=Beside.of(base))
    notice = load_policy(SHIPPED / "h3c_star_2024_notice.pol")
    day, compared = date(2024, 11, 15), 0
    cases = [case for file in case_files(base) for case in cases_in(by_hand, file)[0] if not case.refusal]
    for case in some(cases, 6):
        given = case.given(by_hand)
        one, other = (
            p.judge(given.sheets, day, settings=given.settings, population=given.population, trace=False)
            for p in (by_hand, notice)
        )
        for mine, theirs in zip(one, other, strict=True):
            assert mine.results.keys() - theirs.results.keys() == {"优先派遣核心"}  # repealed
            for name, result in mine.results.items():
                if name == "优先派遣核心":
                    continue
                compared += 1
                assert result.total.value == theirs.results[name].total.value, (case.name, name)
                assert result.total.holds == theirs.results[name].total.holds, (case.name, name)
    assert compared > 500


# ---------------------------------------------------------------------------------------------- what belongs to a block
PARTED = """政策 甲
  编号：QD-2024
  生效：自 2024年1月1日 起

数据
  业绩：金额，≥ 0元
  场数：数量（场），≥ 0场
  新：是否

措施清单：警告、暂停

等级 级 【1】
  | 等级 | 业绩                  | 得 比例 |
  | 钻石 | ≥ 500万元（钻石门槛） | 2%      |
  | 普通 | ≥ 0元                 | 1%      |

奖励 培训奖 【3】
  若：场数 ≥ 2场（场次）
  除非：新
  金额：3000元

要求 达标：业绩 ≥ 3万元 【4】
  否则：警告

条件 大户：业绩 ≥ 钻石门槛 【5】
条件 多场：场数 ≥ 场次 × 2 【6】
规则 停 【7】
  若 新，则 暂停
"""
FACTS = {"业绩": "550万元", "场数": 3, "新": "否"}


def after(changes: str, result: str, **facts: Any) -> Any:
    """What a result is in August, of a partner with 5.5 million and three courses."""
    return value(amended(changes, PARTED), "2024-08-01", result, **{**FACTS, **facts})


REPLACED = """替换 等级 级 【1】
  | 等级 | 业绩                  | 得 比例 |
  | 钻石 | ≥ 600万元（钻石门槛） | 3%      |
  | 普通 | ≥ 0元                 | 1.5%    |
"""


def test_a_table_that_is_replaced_takes_what_it_gives_and_names_with_it() -> None:
    assert after(REPLACED, "级") == "普通"
    assert after(REPLACED, "比例") == 1.5
    assert after(REPLACED, "大户") is False  # 5.5 million against 6 million
    without = amended(REPLACED.replace("得 比例", "场数").replace("3%", "≥ 9场").replace("1.5%", "≥ 0场"), PARTED)
    assert "比例" not in judged(without, "2024-08-01", FACTS)["results"]


def test_a_number_that_loses_its_name_is_told_where_it_is_still_used() -> None:
    assert refused(lambda: amended(REPLACED.replace("（钻石门槛）", ""), PARTED)) == ["POL455"]
    assert refused(lambda: amended("修改 培训奖 的 若：改为 场数 ≥ 1场\n", PARTED)) == ["POL455"]
    assert refused(lambda: amended("废止 级\n", PARTED)) == ["POL455"]
    assert "级" not in judged(amended("废止 级、大户\n", PARTED), "2024-08-01", FACTS)["results"]


@pytest.mark.parametrize("was", ["由 场数 ≥ 2场（场次） ", "由 场数 ≥ 2场 ", "由 场数 ≥ 场次 ", ""])
def test_a_number_with_a_name_is_said_with_it_or_without(was: str) -> None:
    change = f"修改 培训奖 的 若：{was}改为 场数 ≥ 1场（场次）\n"
    assert after(change, "培训奖", 场数=1) == 3000
    assert after(change, "多场", 场数=2) is True  # twice one course


@pytest.mark.parametrize("was", ["场数 ≥ 3场（场次）", "场数 ≥ 2场（回数）", "场数 ≥ 3场"])
def test_what_was_not_there_is_not_changed(was: str) -> None:
    assert refused(lambda: amended(f"修改 培训奖 的 若：由 {was} 改为 场数 ≥ 1场（场次）\n", PARTED)) == ["POL252"]


def test_a_named_number_changes_once_in_a_document() -> None:
    assert refused(lambda: amended("修改 钻石门槛：改为 700万元\n" + REPLACED, PARTED)) == ["POL253"]
    assert after("修改 钻石门槛：由 500万元 改为 600万元\n", "级") == "普通"


def test_what_a_tier_gets_is_changed_in_its_cell() -> None:
    assert after("修改 级 的 钻石 的 比例：由 2% 改为 5%\n", "比例") == 5
    assert refused(lambda: amended("修改 级 的 钻石 的 比例：由 3% 改为 5%\n", PARTED)) == ["POL252"]


def test_conditions_exceptions_and_what_follows_a_failed_requirement_are_changed() -> None:
    assert after("修改 培训奖 的 除非：由 新 改为 新 且 场数 ≥ 9场\n", "培训奖", 新="是") == 3000
    policy = amended("修改 达标 的 否则：由 警告 改为 暂停\n", PARTED)
    failed = judged(policy, "2024-08-01", {**FACTS, "业绩": "2万元"})
    assert failed["results"]["暂停"]["holds"] is True
    assert refused(lambda: amended("修改 达标 的 否则：由 暂停 改为 警告\n", PARTED)) == ["POL252"]
