"""The currency of a policy: its amounts are read and written in it, those of others in theirs; nothing is added up
across currencies, and converted by stated rates only."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

import policydsl
from policydsl.catalogue import word
from policydsl.cli import run
from policydsl.diagnostics import PolicyError, SheetError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.recheck import recheck
from policydsl.render.layout import Paint
from policydsl.render.text import verdict_text
from policydsl.render.values import Writer
from policydsl.sheet.template import template
from policydsl.summary.screen import screen
from policydsl.testing import run_examples
from policydsl.text.keywords import DIALECTS, dialect
from policydsl.verdict import Verdict

DOLLARS = """政策 美元奖励
  编号：T
  币种：{currency}

数据
  业绩：金额，≥ 0美元

表 底价
  | 型号 | 价格      |
  | 甲   | {price} |

奖励 返利
  若：业绩 × 2.5% ≥ $200
  金额：业绩 × 2.5%
  上限：USD 12,000
"""
TEXT = DOLLARS.format(currency="美元", price="100美元")


SALES = [("8,000美元", 200), ("USD 7,999.99", 0), ("60万美元", 12_000), ("8000", 200)]


def judged(sales: str) -> Verdict:
    return policydsl.loads(TEXT).evaluate({"业绩": sales}, as_of="2024-06-30")


@pytest.mark.parametrize(("sales", "due"), SALES)
def test_amounts_of_a_policy_in_dollars(sales: str, due: int) -> None:
    assert judged(sales).results["返利"].total.value.value == due


def test_they_are_written_with_their_currency() -> None:
    assert "USD 200" in verdict_text(judged("8000"))


def test_translated_and_back() -> None:
    english = formatted(TEXT, to="en")
    assert ">= USD 200" in english and "USD 12,000" in english
    assert "≥ 200美元" in formatted(english, to="zh")


@pytest.mark.parametrize(
    ("currency", "price", "lines"),
    [("人民币", "100元", {6, 13, 15}), ("人民币", "100美元", {6, 13, 15}), ("欧元", "€100", {6, 13, 15})],
)
def test_other_currencies_are_refused_where_they_meet(currency: str, price: str, lines: set[int]) -> None:
    """A price list may be in any currency; what is compared or limited is in one."""
    with pytest.raises(PolicyError) as caught:
        policydsl.loads(DOLLARS.format(currency=currency, price=price))
    assert {(p.code, p.span.line) for p in caught.value.diagnostics} == {("POL333", line) for line in lines}


def test_a_price_list_in_another_currency_is_shown_in_that() -> None:
    text = DOLLARS.format(currency="美元", price="100元") + "\n计算 价 ＝ 底价（“甲”）\n"
    verdict = policydsl.loads(text).evaluate({"业绩": "8000"}, as_of="2024-06-30")
    assert "100元" in verdict_text(verdict) and "USD 200" in verdict_text(verdict)


MIXED = """政策 两种币种
  编号：T

参数
  1美元 ＝ 7.10元，自 2024年7月1日 起 7.25元 【央行中间价】

数据
  美元额：金额（美元）
  钱：金额
  下单日：日期

{line}
"""


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("计算 甲 ＝ 美元额 ＋ 100元", ["POL333"]),
        ("计算 甲 ＝ 钱 － 美元额", ["POL333"]),
        ("条件 甲：美元额 ＞ 钱", ["POL333"]),
        ("计算 甲 ＝ 美元额 ÷ 钱", ["POL333"]),
        ("计算 甲 ＝ 取高（美元额，钱）", ["POL333"]),
        ("计算 甲 ＝ 整除（美元额，100元）", ["POL333"]),
        ("计算 甲 ＝ 取整（美元额，0.01元，舍去）", ["POL333"]),
        ("计算 甲 ＝ 限于（美元额，0元，100美元）", ["POL333"]),
        ("计算 甲 ＝ 增幅（美元额，钱）", ["POL333"]),
        ("条件 甲：美元额 属于 1元、2美元", ["POL333"]),
        ("计算 甲\n  若 钱 ＞ 5元：1美元\n  否则：1元", ["POL333"]),
        ("奖励 甲\n  金额：美元额\n  上限：5元", ["POL333"]),
        ("奖励 甲\n  基数：美元额\n  每满：5元，奖 1元", ["POL333"]),
        ("奖励 甲\n  金额：1元\n奖励 乙\n  金额：1美元\n计算 丙 ＝ 奖励合计", ["POL333"]),
        ("奖励 甲\n  基数：美元额\n  | 美元额 | 比例 |\n  | 5元 以上 | 1% |", ["POL333"]),
        ("计算 甲 ＝ 折合（钱，美元）", ["POL461"]),
        ("计算 甲 ＝ 折合（美元额，欧元）", ["POL461"]),
        ("计算 甲 ＝ 折合（钱，人民币）", ["POL462"]),
        ("计算 甲 ＝ 折合（下单日，人民币）", ["POL309"]),
        ("计算 甲 ＝ 折合（下单日，美元）", ["POL309"]),
        ("计算 甲 ＝ 折合（不知额，人民币）", ["POL201"]),
        ("参数\n  1英镑 ＝ 9英镑 【央行】\n计算 甲 ＝ 折合（5英镑，人民币）", ["POL460"]),
        ("计算 甲 ＝ 折合（美元额，人民币） ＋ 美元额", ["POL333"]),
        ("参数\n  2欧元 ＝ 15元 【央行】", ["POL460"]),
        ("参数\n  1欧元 ＝ 0元 【央行】", ["POL460"]),
        ("参数\n  1欧元 ＝ 1欧元 【央行】", ["POL460"]),
        ("参数\n  1欧元 ＝ 7.5元，自 2024年1月1日 起 1.1美元 【央行】", ["POL333"]),
        ("参数\n  1美元 ＝ 7.2元 【银行卖价】", ["POL204"]),
    ],
)
def test_nothing_is_compared_or_added_across_currencies(line: str, codes: list[str]) -> None:
    with pytest.raises(PolicyError) as caught:
        policydsl.loads(MIXED.format(line=line))
    assert [p.code for p in caught.value.diagnostics if p.severity == "error"] == codes


@pytest.mark.parametrize(("line", "code"), [
    ("in currency (paid on, CNY)", "POL309"), ("in currency (paid on, USD)", "POL309"),
    ("in currency (value, CNY)", "POL462"), ("in currency (value, USD)", "POL461"),
])
def test_a_conversion_is_told_for_one_thing(line: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policydsl.loads(f"policy P\n  id: P\n\ndata\n  value: money\n  paid on: date\n\ncompute converted = {line}\n")
    assert [p.code for p in caught.value.diagnostics if p.severity == "error"] == [code]


@pytest.mark.parametrize("line", ["计算 甲 ＝ 美元额 ÷ 1美元", "奖励 甲\n  金额：1元\n奖励 乙\n  金额：1美元"])
def test_what_stays_in_its_currency_is_fine(line: str) -> None:
    policydsl.loads(MIXED.format(line=line))


def test_the_rate_its_day_and_its_source_are_shown() -> None:
    policy = policydsl.loads(MIXED.format(line="计算 折 ＝ 折合（美元额，人民币） 于 下单日"))
    sheet = {"美元额": "100美元", "下单日": "2024-06-30"}
    verdict = policy.evaluate(sheet, as_of="2024-08-01")
    assert verdict.results["折"].total.value.value == 710
    assert "7.10元（USD/CNY，2024年6月30日，央行中间价）" in verdict_text(verdict)
    (entry,) = [e for e in verdict.trace if e.rule == "折"]
    assert {r.name: r.value.value for r in entry.reads}["USD/CNY"] == Fraction("7.1")


REWARDS = """政策 两种币种的奖励
  编号：T

数据
  美元额：金额（美元）
  钱：金额

奖励 甲
  金额：美元额 × 1%
奖励 乙
  金额：钱 × 1%
奖励 丙
  金额：钱 × 2%
"""


def test_what_all_rewards_come_to_is_told_by_currency() -> None:
    """100美元 × 1% is a dollar; 1000元 × 1% and × 2% are 30元."""
    policy = policydsl.loads(REWARDS)
    verdict = policy.evaluate({"美元额": "100美元", "钱": "1000元"}, as_of="2024-06-30", proof=True)
    assert [(one.kind.currency, one.value.value) for one in verdict.totals] == [("USD", 1), (None, 30)]
    assert "奖励合计  USD 1、30元" in verdict_text(verdict)
    assert "奖励合计 USD 1、30元" in screen(verdict, Writer.of(verdict.header), Paint(False))
    told = json.loads(policydsl.to_json(verdict))
    assert told["rewards"] == [
        {"status": "known", "value": 1, "unit": "USD"}, {"status": "known", "value": 30, "unit": "元"},
    ]
    assert recheck(policydsl.to_json(verdict)).holds
    told["rewards"][1]["value"] = 31
    assert not recheck(json.dumps(told, ensure_ascii=False)).holds


def test_of_what_is_not_known_only_its_currency_is_told() -> None:
    verdict = policydsl.loads(REWARDS).evaluate({"美元额": "100美元"}, as_of="2024-06-30", proof=True)
    told = json.loads(policydsl.to_json(verdict))["rewards"]
    assert [(one["status"], one["unit"]) for one in told] == [("known", "USD"), ("unknown", "元")]
    assert recheck(policydsl.to_json(verdict)).holds


def test_tables_of_results_add_up_each_currency_by_itself(tmp_path: Path) -> None:
    """Two partners: 1 and 2 dollars, 30元 and 60元."""
    (tmp_path / "甲.pol").write_text(REWARDS, encoding="utf-8")
    rows = "伙伴编号,名称,评估日,美元额（USD）,钱（元）\nA,A,2024-06-30,100,1000\nB,B,2024-06-30,200,2000\n"
    (tmp_path / "伙伴").mkdir()
    (tmp_path / "伙伴" / "伙伴.csv").write_text(rows, encoding="utf-8")
    command = ["eval", str(tmp_path / "甲.pol"), f"{tmp_path / '伙伴'}/", "-o", f"{tmp_path / '结果'}/", "--jobs", "1"]
    assert run(command) == 0
    first, *_ = (tmp_path / "结果" / "结果.csv").read_text("utf-8-sig").splitlines()
    assert "可得合计（USD，已定部分）,可得合计（元，已定部分）" in first
    summed = (tmp_path / "结果" / "汇总.csv").read_text("utf-8-sig")
    assert "合计,,USD 3\n" in summed.replace("\r", "") and "合计,,90元\n" in summed.replace("\r", "")


def test_a_deduction_is_in_the_currency_of_the_policy() -> None:
    for owed, source in (("美元额", "钱"), ("钱", "美元额")):
        with pytest.raises(PolicyError) as caught:
            policydsl.loads(MIXED.format(line=f"抵扣 扣\n  应付：{owed}\n  次序：{source}"))
        assert [(p.code, p.hint) for p in caught.value.diagnostics if p.severity == "error"] == [("POL333", "deducted")]


DATES = MIXED.replace("7.25元 【", "7.25元，自 2025年1月1日 起 7元 【")
DATES = DATES.replace("下单日：日期", "下单日：日期\n  某日：{kind}")


@pytest.mark.parametrize(("kind", "sums"), [
    ("日期", (700, 710, 725)),  # before July 2024 710, before 2025 725, then 700
    ("日期，2024年8月1日 至 2024年9月1日", (725,)), ("日期，早于 2024年7月2日", (710, 725)),
    ("日期，选填，2024年7月1日 至 2025年6月1日", (700, 725, None)),
])
def test_on_a_day_not_known_every_rate_that_it_may_have_is_told(kind: str, sums: tuple[int | None, ...]) -> None:
    text = DATES.format(kind=kind, line="计算 折 ＝ 折合（美元额，人民币） 于 某日\n计算 差 ＝ 折 － 折\n"
                        "条件 晚：某日 ≥ 2024年7月1日\n奖励 奖：晚\n  金额：折")
    verdict = policydsl.loads(text).evaluate({"美元额": "100美元"}, as_of="2024-08-01", proof=True)
    told = verdict.results["折"].total.value
    assert told.values is not None and {*told.values} == {*sums}
    assert None in sums or verdict.results["差"].total.value.value == 0  # one unknown is one unknown
    due = verdict.results["奖"].total.value.values
    assert due is not None and {*due} <= {0, 725, 700, None}  # never the 710 of the days before
    proved = policydsl.to_json(verdict)
    assert recheck(proved).holds


def test_an_amount_of_money_is_no_name_but_itself() -> None:
    """1美元 is a dollar, also where a rate says what it is worth."""
    verdict = policydsl.loads(MIXED.format(line="计算 甲 ＝ 1美元")).evaluate({}, as_of="2024-08-01")
    assert verdict.results["甲"].total.value.value == 1


def test_sheets_give_each_amount_in_its_own_currency() -> None:
    policy = policydsl.loads(MIXED.format(line="计算 甲 ＝ 美元额"))
    with pytest.raises(SheetError):
        policy.evaluate({"美元额": "100元"}, as_of="2024-08-01")
    assert policy.evaluate({"美元额": "100"}, as_of="2024-08-01").results["甲"].total.value.value == 100


def test_without_a_source_a_rate_is_remarked_on() -> None:
    policy = load_text(MIXED.format(line="计算 甲 ＝ 折合（美元额，人民币）").replace(" 【央行中间价】", ""))
    assert [d.code for d in policy.diagnostics if d.severity == "warning"].count("POL463") == 1


EUROS = """政策 税
  编号：T
  币种：欧元
数据
  额：金额，≥ 0欧元
  甲：金额
计算 税 ＝ 额 × 2
示例 一
  评估日：2024年6月30日
  已知：额 ＝ 1欧元
  应得：税 ＝ 3欧元
示例 没填
  评估日：2024年6月30日
  应得：税 ＝ 3欧元
"""


@pytest.mark.parametrize(("currency", "kind", "typed"), [
    ("欧元", "金额", "8欧元"), ("人民币", "金额（欧元）", "8欧元"),
    ("欧元", "金额（人民币）", "8元"), ("人民币", "金额", "8元"),
])
def test_a_bare_number_is_proposed_in_the_currency_that_it_stands_beside(currency: str, kind: str, typed: str) -> None:
    text = f"政策 税\n  编号：T\n  币种：{currency}\n数据\n  额：{kind}\n条件 够：额 ≥ {{}}\n"
    (told,) = [d for d in load_text(text.format("8")).diagnostics if d.code == "POL304"]
    assert told.fix is not None and told.fix.text == typed
    assert not [d for d in load_text(text.format(typed)).diagnostics if d.code == "POL304"]


def test_what_came_out_of_an_example_is_in_the_currency_of_the_policy() -> None:
    known, unknown = (report.failures[0] for report in run_examples(load_text(EUROS)))
    assert known.actual == "EUR 2" and known.fix is not None and known.fix.text == "EUR 2"
    assert unknown.actual == "不低于 EUR 0 （缺 额）"


OWN = [("欧元", "如 150万欧元 或 1500000"), ("人民币", "如 150万元 或 1500000")]


@pytest.mark.parametrize(("currency", "shown"), OWN)
def test_a_blank_sheet_tells_how_amounts_are_written(currency: str, shown: str) -> None:
    text = f"政策 税\n  编号：T\n  币种：{currency}\n数据\n  额：金额\n计算 税 ＝ 额 × 2\n"
    assert shown in template(load_text(text).program)


def test_messages_call_a_currency_as_authors_do() -> None:
    for language in DIALECTS:
        words = dialect(language).said("CURRENCY")
        assert {code: word("currency", code or "", language).lower() for code in words} == words


RATE = """政策 甲
  编号：T
  币种：人民币
数据
  海外额：金额（美元）
参数
  1美元 ＝ 7.10元 【牌价】
计算 折额 ＝ 折合（海外额，人民币） 【1】
示例 另一汇率
  评估日：2024年5月1日
  已知：海外额 ＝ 100美元，1美元 ＝ {rate}
  应得：折额 ＝ {sum}
"""


def test_an_example_may_have_another_rate() -> None:
    policy = load_text(RATE.format(rate="7.20元", sum="720元"))
    assert all(report.passed for report in run_examples(policy))
    there = formatted(RATE.format(rate="7.20元", sum="720元"), to="en")
    assert "USD 1 = CNY 7.20" in there
    assert all(report.passed for report in run_examples(load_text(there)))
    assert not run_examples(load_text(RATE.format(rate="7.20元", sum="710元")))[0].passed


@pytest.mark.parametrize(("rate", "code"), [("7.20", "POL460"), ("7.20美元", "POL460"), ("1欧元", "POL502")])
def test_what_is_no_rate_of_the_policy_is_refused_there(rate: str, code: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_text(RATE.format(rate=rate, sum="720元"))
    assert [p.code for p in error.value.diagnostics] == [code]
