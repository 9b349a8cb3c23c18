"""A fact or a ledger that cites nothing has the citations of the blocks that name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policydsl.accounting.carriers import supports
from policydsl.engine import load_text
from policydsl.format.attributed import without_own_citations
from policydsl.text import parse

POLICY = """\
政策 演示
  条款：T-
参数
  门槛 ＝ 5元
数据
  金额：业绩、旧业绩 【9】
  是否：已签约
  人数：数量（人）
台账 订单
  文本：单号＊
  单价：金额
台账 退单
  文本：退单号＊
  单价：金额
要求 达标：业绩 ≥ 门槛 【3、5】
要求 都要 【4】
  满足任一
  - 已签约 【6】
  - 人数 ≥ 2人
条件 单价够：存在（订单，单价 ≥ 5元） 【7】
"""


def cites(text: str) -> dict[str, tuple[str, ...]]:
    program = load_text(text).program
    fields = (f for held in program.lists.values() for f in held.fields)
    return {one.name: one.clauses for one in (*program.inputs.values(), *fields)}


def test_the_blocks_that_name_a_fact_say_what_it_cites() -> None:
    found = cites(POLICY)
    assert found["门槛"] == ("T-3", "T-5")
    assert found["业绩"] == found["旧业绩"] == ("T-9",)  # its own counts
    assert found["已签约"] == ("T-6",)  # of the line that names it
    assert found["人数"] == ("T-4",)
    assert found["单价"] == ()  # two columns are called so
    assert found["单号"] == ()


@pytest.mark.parametrize(("before", "after"), [
    ("业绩、旧业绩 【9】", "业绩、旧业绩 【9】"),  # nothing else cites 9
    ("旧业绩 【9】、业绩 【3】", "旧业绩 【9】、业绩"),
    ("业绩 【3】、旧业绩 【9】", "业绩 【3】、旧业绩 【9】"),  # it would have the citation of the next
    ("业绩 【3-5】、旧业绩", "业绩 【3-5】、旧业绩"),
    ("旧业绩、业绩 【5】【3】", "旧业绩、业绩 【5】【3】"),  # both cite, and nothing names the first
])
def test_a_citation_goes_where_every_fact_keeps_its_own(before: str, after: str) -> None:
    policy = POLICY.replace("业绩、旧业绩 【9】", before)
    made = without_own_citations(policy, "x.pol")
    assert made == POLICY.replace("业绩、旧业绩 【9】", after)
    for name, own in cites(policy).items():
        assert set(own) <= set(cites(made)[name])


def test_all_of_a_line_and_of_parameters_and_columns() -> None:
    policy = POLICY.replace("门槛 ＝ 5元", "门槛 ＝ 5元 【3】")
    policy = policy.replace("是否：已签约", "是否：已签约 【6】").replace("数量（人）", "数量（人） 【4】")
    policy = policy.replace("文本：单号＊\n  单价：金额", "文本：单号＊ 【7】\n  单价：金额 【7】")
    kept = POLICY.replace("文本：单号＊\n  单价：金额", "文本：单号＊ 【7】\n  单价：金额 【7】")
    assert without_own_citations(policy, "x.pol") == kept


@pytest.mark.parametrize(("before", "after"), [
    ("台账 订单 【7】", "台账 订单"),  # 单价够 names it
    ("台账 订单 【3】", "台账 订单 【3】"),
    ("台账 订单 【7】 # 每单一行", "台账 订单 【7】 # 每单一行"),  # what stands before a comment is left alone
    ("台账 退单 【7】", "台账 退单 【7】"),  # no block names it, and its columns cite nothing
])
def test_a_ledger_leaves_its_citation_to_those_who_name_it(before: str, after: str) -> None:
    plain = before.split(" 【")[0]
    made = without_own_citations(POLICY.replace(plain, before), "x.pol")
    assert made == POLICY.replace(plain, after)


def test_a_ledger_stands_for_what_its_readers_cite_but_they_not_for_each_other() -> None:
    text = POLICY.replace("  单价：金额\n台账 退单", "  单价：金额\n  数目：数值\n台账 退单")
    text += "要求 少：数目 ≤ 3 【5】\n"
    found = supports(parse(text, "x.pol")[0], {"单价够": "订单", "少": "订单"})
    assert found["订单"] == {"7", "5"}  # named by 单价够, and 数目 by 少
    assert found["退单"] == set()
    assert (found["单价够"], found["少"]) == ({"7"}, {"5"})


def test_a_citation_that_is_no_clause_is_told_where_it_stands(tmp_path: Path) -> None:
    from policydsl.beside import Beside
    from policydsl.engine import examine

    register = tmp_path / "a.clauses.yaml"
    register.write_text("policy: T\nclauses:\n" + "".join(
        f"  - {{id: T-{i}, place: 一, text: 甲, carried: rule, by: []}}\n" for i in (4, 5, 6, 7, 9)
    ), encoding="utf-8")
    found = examine({"a.pol": POLICY}, beside=Beside(register)).diagnostics
    assert [(p.code, p.span.line) for p in found if p.code == "POL222"] == [("POL222", 15)]
