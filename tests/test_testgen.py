"""Generated cases of small policies, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from click.testing import CliRunner

from policydsl.cli import cli
from policydsl.engine import Policy, load_text
from policydsl.testgen import generate, written
from policydsl.testgen.model import Generated
from policydsl.testing.collect import examples
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

CENT = Fraction(1, 100)
HEAD = """政策 试验
  编号：T
  版本：1
  发布方：甲

"""
TARGET = HEAD + """参数
  门槛 ＝ 10家

数据
  客户数：数量（家），≥ 0家
  新伙伴：是否
  备注：文本，选填

条件 达标：客户数 ≥ 门槛 且 并非 新伙伴 【T-2 一】
"""


def example(name: str, given: str, expect: str, day: str = "2024年6月30日") -> str:
    return f"\n示例 {name}\n  评估日：{day}\n  已知：{given}\n  应得：{expect}\n"


TWELVE = example("十二家", "客户数 ＝ 12家，新伙伴 ＝ 否，备注 ＝ “甲”", "达标 成立")


def generated(text: str, *only: str) -> tuple[Policy, Generated]:
    policy = load_text(text)
    return policy, generate(policy, examples(policy), only)


def around(text: str, *only: str) -> list[tuple[str, object]]:
    """Which side, and what the rule then is."""
    found: list[tuple[str, object]] = []
    for made in generated(text, *only)[1].made:
        total = made.outcome.total
        shown = total.holds if total.holds is not None and total.kind.base == "yesno" else total.value
        found.append((made.side, shown.value if shown.known else None))
    return found


def test_below_at_and_above_a_whole_part() -> None:
    text = HEAD + "数据\n  业绩：金额，≥ 0元\n\n奖励 满额奖\n  基数：业绩\n  每满：5万元，奖 500元\n"
    assert around(text + example("三份", "业绩 ＝ 19万元", "满额奖 ＝ 1500元")) == [
        ("below", 0), ("at", 500), ("above", 500)
    ]


def test_below_at_and_above_a_threshold() -> None:
    assert around(TARGET + TWELVE) == [("below", False), ("at", True), ("above", True)]


def test_the_whole_text_of_a_case() -> None:
    policy, found = generated(TARGET + TWELVE)
    text = written(policy, found.made[:1], "yaml").text
    assert text == """- 名称: 达标 客户数 9家（界限之下）
  依据: [T-2]
  待确认: 是
  说明: 由程序生成，待人确认。界限 10家，第 14 行：条件 达标：客户数 ≥ 门槛 且 并非 新伙伴 【T-2 一】
  评估日: 2024-06-30
  事实:
    客户数: 9家
    新伙伴: 否
  应得:
    达标:
      成立: 否
"""


def test_the_whole_text_of_an_example() -> None:
    policy, found = generated(TARGET + TWELVE)
    text = written(policy, found.made[1:2], "pol").text
    assert text == """示例 达标 客户数 10家 恰在界限
  评估日：2024-06-30
  已知：客户数 ＝ 10家，新伙伴 ＝ 否
  应得：达标 成立
  注：待确认，由程序生成；界限 10家（客户数 ≥ 门槛）
"""


def test_what_is_generated_waits_for_confirmation_and_passes() -> None:
    policy, found = generated(TARGET + TWELVE)
    text = written(policy, found.made, "yaml").text
    cases = [SheetCase(policy.program, s) for s in read_cases(text, "g", policy.program)]
    assert [(c.unconfirmed, c.run(policy).passed) for c in cases] == [(True, True)] * 3
    whole = load_text(TARGET + TWELVE + "\n" + written(policy, found.made, "pol").text)
    assert [(c.unconfirmed, c.run(whole).passed) for c in examples(whole)] == [(False, True)] + [(True, True)] * 3


def test_what_a_test_has_already_is_left_out() -> None:
    text = TARGET + TWELVE + example("十家", "客户数 ＝ 10家，新伙伴 ＝ 否", "达标 成立")
    assert around(text) == [("below", False), ("above", True)]
    assert generated(text)[1].covered == 1


def test_what_waits_for_confirmation_is_not_generated_again() -> None:
    policy, found = generated(TARGET + TWELVE)
    again = generated(TARGET + TWELVE + "\n" + written(policy, found.made, "pol").text)[1]
    assert (again.made, again.covered) == ((), 3)


def test_a_limit_that_never_decides_is_told() -> None:
    new = example("新伙伴", "客户数 ＝ 12家，新伙伴 ＝ 是", "达标 不成立")
    found = generated(TARGET + new)[1]
    assert found.made == ()
    assert [(limit.rule, limit.name) for limit in found.unfound] == [("达标", "客户数")]


def test_a_decided_result_is_preferred() -> None:
    """Without the second fact the rule is only undecided above the limit; the test that has it comes second."""
    text = TARGET + example("不知", "客户数 ＝ 5家", "达标 不成立") + TWELVE
    assert around(text) == [("below", False), ("at", True), ("above", True)]


def test_band_edges() -> None:
    text = HEAD + """数据
  业绩：金额，≥ 0元

分档 比例
  | 业绩               | 返点 |
  | ＜100元            | 0%   |
  | 100元 ≤ 业绩 ＜ 200元 | 2%   |
  | ≥200元             | 3%   |
""" + example("一", "业绩 ＝ 150元", "比例 ＝ 2%")
    found = generated(text)[1].made
    assert [(m.value, m.outcome.total.value.value * 100) for m in found] == [  # type: ignore[operator]
        (limit + step, percent)
        for limit, low, high in ((100, 0, 2), (200, 2, 3))
        for step, percent in ((-CENT, low), (0, high), (CENT, high))
    ]


def test_a_field_of_a_record_and_the_sum_of_a_ledger() -> None:
    text = HEAD + """台账 订单（每条称 某订单）
  订单号：文本，必填
  金额：金额，≥ 0元

条件 大单：金额 ≥ 100元
  逐条：订单

条件 合计达标：合计（金额，逐条 订单） ≥ 500元
"""
    text += """
示例 两单
  评估日：2024年6月30日
  已知 订单：
  | 订单号 | 金额 |
  | A | 50元 |
  | B | 60元 |
  应得：大单 不成立，合计达标 不成立
"""
    found = generated(text)[1].made
    one = [m for m in found if m.limit.rule == "大单"]
    assert [m.sheet.lists["订单"][0].values["金额"] for m in one] == [100 - CENT, 100, 100 + CENT]
    assert [m.outcome.total.holds.yes for m in one if m.outcome.total.holds] == [False, True, True]
    total = [m for m in found if m.limit.rule == "合计达标"]
    assert [[r.values["金额"] for r in m.sheet.lists["订单"]] for m in total] == [[500 - CENT], [500], [500 + CENT]]


def test_the_number_of_records() -> None:
    text = HEAD + """台账 工程师
  姓名：文本，必填

条件 够人：条数（工程师） ≥ 2

示例 一人
  评估日：2024年6月30日
  已知 工程师：
  | 姓名 |
  | 甲 |
  应得：够人 不成立
"""
    found = generated(text)[1]
    assert [(len(m.sheet.lists["工程师"]), m.outcome.total.value.value) for m in found.made] == [(2, True), (3, True)]
    assert found.covered == 1


def test_the_days_around_a_deadline() -> None:
    text = HEAD + """数据
  收到日：日期
  答复日：日期，选填，默认 无

期限 答复
  起算：收到日
  时长：10天
  完成：答复日
""" + example("未到", "收到日 ＝ 2024年6月3日", "答复 期限内", "2024年6月5日")
    found = [m for m in generated(text)[1].made if m.limit.varied == "day"]
    # ten days after the 3rd: the 13th is the last, the 14th is late
    assert [(m.day.day, m.outcome.total.state.value) for m in found if m.outcome.total.state] == [
        (12, "running"), (13, "running"), (14, "late"),
    ]


def test_around_the_end_of_a_day() -> None:
    """24:00 of the 4th is where the 5th begins: a minute before is 23:59, a minute after 0:01 of the next day."""
    text = HEAD + "数据\n  办结时刻：时刻\n条件 按时：办结时刻 不晚于 2024年10月4日 24:00\n"
    text += example("早", "办结时刻 ＝ 2024年9月1日 9:00", "按时 成立", "2024年12月1日 24:00")
    policy, found = generated(text)
    assert [(one.side, one.outcome.total.value.yes) for one in found.made] == [
        ("below", True), ("at", True), ("above", False),
    ]
    case = written(policy, found.made, "yaml").text
    for day in ("2024-10-04 23:59:00", "2024-10-04 24:00:00", "2024-10-05 00:01:00"):
        assert f'办结时刻: "{day}"' in case
    assert case.count('评估日: "2024-12-01 24:00:00"') == 3
    whole = load_text(text + "\n" + written(policy, found.made, "pol").text)
    assert [c.run(whole).passed for c in examples(whole)] == [True] * 4


def test_the_order_and_the_bytes_are_the_same_every_time() -> None:
    texts = {written(*[(p, f.made, "yaml") for p, f in [generated(TARGET + TWELVE)]][0]).text for _ in range(2)}
    assert len(texts) == 1


def test_english() -> None:
    text = """policy trial
  id: T
  version: 1
  issuer: A

data
  customers: count (customers), >= 0 customers

condition target met: customers >= 10 customers

example twelve
  as of: 2024-06-30
  given: customers = 12 customers
  expect: target met holds
"""
    policy, found = generated(text)
    head, why, rest = written(policy, found.made[:1], "yaml").text.partition(
        '  why: "Generated, to be confirmed by a person. Limit 10 customers, line 9: condition target met: '
        'customers >= 10 customers"\n'
    )
    assert why
    assert head == """- name: target met customers 9 customers (just below the limit)
  to_confirm: true
"""
    assert rest == """  as_of: 2024-06-30
  facts:
    customers: 9 customers
  expect:
    target met:
      holds: false
"""
    assert written(policy, found.made, "pol").count == 3


def test_the_command(tmp_path: Path) -> None:
    path, out = tmp_path / "t.pol", tmp_path / "t.tests" / "limits.yaml"
    path.write_text(TARGET + TWELVE, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(cli, ["testgen", str(path), "-o", str(out)]).exit_code == 0
    assert out.read_text("utf-8").startswith("# 由 policydsl testgen 生成")
    again = runner.invoke(cli, ["testgen", str(path), "-o", str(out)])
    assert again.exit_code == 2
    assert "文件已存在" in again.output
    tested = runner.invoke(cli, ["test", str(path)])
    assert tested.exit_code == 0
    assert "待确认 3 个" in tested.output
    assert runner.invoke(cli, ["testgen", str(path), "--rule", "达标了"]).exit_code == 2
    nothing = runner.invoke(cli, ["testgen", str(path)])  # all of them wait already
    assert nothing.exit_code == 0
    assert "- " not in nothing.stdout
