"""One screen: what a partner asks first, by what follows from it. The values are worked out by hand from the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

import policydsl
from policydsl.render.layout import WIDTH, Paint
from policydsl.render.values import Writer
from policydsl.report import width
from policydsl.summary import ROOMS, Line, Summary, summary
from policydsl.summary.screen import screen
from policydsl.verdict import Verdict
from tries import by_day

ROOT = Path(__file__).parents[1]
SHEETS = sorted((ROOT / "examples").glob("*.yaml"))

POLICY = """政策 演示
  编号：D-1
  要点：伙伴级别、年度奖、展示权、停单、交报告

参数
  银线 ＝ 100万元
  金线 ＝ 300万元
  奖率 ＝ 2%
  人数线：数量（人）

数据
  业绩：金额，别名 revenue
  人数：数量（人），别名 people
  迟交：是否，别名 late
  通知日：日期，别名 told
  提交日：日期，选填，别名 handed
  承担者：文本，别名 who

台账 订单
  主键：订单号
  订单号：文本
  单额：金额
  算数：是否

措施清单：停单、发函

等级 伙伴级别 【1】
  | 要求 | 金牌   | 银牌   |
  | 业绩 | ≥ 金线 | ≥ 银线 |
  | 人数 | ≥ 5人  | ≥ 2人  |

奖励 年度奖 【2】
  若：伙伴级别 为 银牌
  金额：合计（单额，逐条 订单，其中 算数） × 奖率

奖励 展示权 【3】
  若：人数 ≥ 人数线
  措施：发函

奖励 特别奖 【4】
  若：迟交
  金额：未规定

处罚 迟交停单 【5】
  若：迟交
  措施：停单，自 通知日 起 1个月 内

处罚 迟交罚款 【6】
  若：迟交
  金额：1000元
  承担方：承担者

期限 交报告 【7】
  起算：通知日
  时长：10天
  完成：提交日

要求 人够：人数 ≥ 4人 【8】

条件 帮手：业绩 ≥ 1000万元
"""
FACTS = {
    "name": "甲公司", "业绩": "150万元", "人数": "3人", "迟交": "是", "通知日": "2024-06-25", "提交日": "无",
    "承担者": "甲公司",
    "订单": [
        {"订单号": "D1", "单额": "30万元", "算数": "是"}, {"订单号": "D2", "单额": "20万元", "算数": "是"},
        {"订单号": "D3", "单额": "7万元", "算数": "否"},
    ],
}


def judged(**changed: object) -> Verdict:
    facts = {k: v for k, v in {**FACTS, **changed}.items() if v != ""}
    return policydsl.loads(POLICY).evaluate(facts, as_of="2024-06-30")


def told(verdict: Verdict) -> Summary:
    return summary(verdict, Writer.of(verdict.header))


def lines(verdict: Verdict) -> dict[str, tuple[str, str]]:
    """Name of a line (or its text, if it has none) -> mark and text."""
    found = (line for part in told(verdict).parts for line in part.lines)
    return {line.name or line.text: (line.mark, line.text) for line in found}


# ---------------------------------------------------------------------------------------------- parts
def test_the_parts_stand_in_the_order_of_the_key_results() -> None:
    parts = [p.part for p in told(judged()).parts]
    assert parts == ["standing", "gains", "sanctions", "days", "duties"]


def test_a_tier_says_what_is_missing_to_the_next() -> None:
    """银牌: 150 of 100 and 3 of 2; 金牌 asks 300 and 5."""
    (tier,) = told(judged()).parts[0].lines
    assert tier.text == "银牌；到金牌：业绩 差 150万元、人数 差 2人"
    assert [(b.name, b.columns) for b in tier.below] == [
        ("业绩", ("150万元", "需 100万元", "多 50万元")), ("人数", ("3人", "需 2人", "多 1人")),
    ]
    (top,) = told(judged(业绩="300万元", 人数="5人")).parts[0].lines
    assert top.text == "金牌；最高一级" and [b.columns[2] for b in top.below] == ["恰好", "恰好"]


@pytest.mark.parametrize(("sales", "new", "old", "said"), [
    ("900元", "是", "否", "无等级"),  # where an exception puts one, the ladder says nothing
    ("900元", "否", "是", "金牌"),
    ("900元", "否", "否", "钻石；最高一级"),
    ("300元", "否", "否", "金牌；到钻石：业绩 差 500元"),
])
def test_a_tier_by_exception_is_no_step_of_the_ladder(sales: str, new: str, old: str, said: str) -> None:
    text = (
        "政策 演示\n  编号：T\n\n数据\n  业绩：金额\n  新：是否\n  旧：是否\n\n"
        "等级 级\n  | 等级 | 业绩 |\n  | 钻石 | ≥ 800元 |\n  | 金牌 | ≥ 200元 |\n"
        "  例外：若 新，得 无\n  例外：若 旧，得 金牌\n"
    )
    verdict = policydsl.loads(text).evaluate({"业绩": sales, "新": new, "旧": old}, as_of="2024-06-30")
    assert [line[1] for line in lines(verdict).values()] == [said]


def test_an_open_tier_says_what_it_waits_for() -> None:
    (tier,) = told(judged(人数="")).parts[0].lines
    assert (tier.mark, tier.text) == ("open", "银牌 或 无等级，还不能定：缺 人数")
    assert ("人数", "open", ("还不知道", "需 2人", "")) in [(b.name, b.mark, b.columns) for b in tier.below]


def test_money_has_its_sum() -> None:
    """(30万 + 20万) × 2% = 10,000; D3 does not count."""
    line = next(x for x in told(judged()).parts[1].lines if x.name == "年度奖")
    assert (line.mark, line.text) == ("good", "1万元 ＝ 50万元 × 奖率 2%")
    assert [b.text for b in line.below] == ["50万元 ＝ D1 30万元 ＋ D2 20万元；不计 D3（不符合：算数）"]


def test_a_sanction_in_force_is_bad_and_one_that_is_not_is_good_news() -> None:
    """自 06-25 起 1个月: the last day is that of the same number."""
    found = lines(judged())
    assert found["停单"] == ("bad", "生效中，2024年6月25日 至 2024年7月25日")
    assert found["迟交罚款"] == ("bad", "1,000元")
    free = lines(judged(迟交="否"))
    assert free["没有生效的处罚和限制"] == ("good", "没有生效的处罚和限制")


def test_what_another_bears_is_not_marked() -> None:
    mark, text = lines(judged(承担者="乙公司"))["迟交罚款"]
    assert (mark, text) == ("", "1,000元，由他方承担：乙公司")


@pytest.mark.parametrize("day, left, mark", [
    ("2024-07-02", "还有 3 天", "soon"), ("2024-07-05", "今天", "bad"), ("2024-07-06", "已过", "bad"),
])
def test_last_days_say_how_many_are_left(day: str, left: str, mark: str) -> None:
    """Ten days from 06-25 end on 07-05."""
    verdict = policydsl.loads(POLICY).evaluate(dict(FACTS), as_of=day)
    (line,) = [x for p in told(verdict).parts if p.part == "days" for x in p.lines]
    assert (line.columns, line.mark) == (("2024-07-05", left), mark)


def test_a_last_day_says_how_it_is_reckoned_where_there_is_room() -> None:
    """Ten days from 06-25. Where days give way to rest days, briefly only that they do."""
    shown = screen(judged(), Writer("zh"), Paint(False))
    assert "交报告 ＝ 通知日 2024年6月25日 ＋ 10天" in shown
    rolled = policydsl.loads(POLICY.replace("编号：D-1", "编号：D-1\n  期间算法：民法典"))
    verdict = rolled.evaluate(dict(FACTS) | {"通知日": "2024-09-24"}, as_of="2024-09-25")
    (line,) = [x for p in told(verdict).parts if p.part == "days" for x in p.lines]
    assert line.columns[0] == "2024-10-08"  # 4 October is one of the holidays, to 7 October
    assert line.reckoned == "通知日 2024年9月24日 ＋ 10天 ＝ 2024年10月4日，遇休息日顺延至 2024年10月8日"
    assert line.briefly == "通知日 2024年9月24日 ＋ 10天，遇休息日顺延"


NATURES = """政策 演示
  编号：D-2

数据
  通知日：日期
  交来：日期，选填

期限 交报告 【1】
  起算：通知日
  时长：10天
  完成：交来

期限 报备有效期 【2】
  若：通知日 ≥ 2024-01-01
  起算：通知日
  时长：10天

期限 提异议 【3】
  起算：通知日
  时长：10天
  完成：交来
  性质：权利
"""


@pytest.mark.parametrize("handed, expected", [
    ("无", {"交报告": "bad", "报备有效期": "", "提异议": ""}),  # a duty is missed; a validity and a right are over
    ("2024-06-03", {"报备有效期": ""}),  # what was done in time is over for nobody
])
def test_a_last_day_that_is_over_is_marked_by_what_the_deadline_is(handed: str, expected: dict[str, str]) -> None:
    """Ten days from 06-01 end on 06-11, nineteen days before the evaluation date."""
    policy = policydsl.loads(NATURES)
    verdict = policy.evaluate({"通知日": "2024-06-01", "交来": handed}, as_of="2024-06-30")
    found = [x for p in told(verdict).parts if p.part == "days" for x in p.lines]
    assert {x.name: x.mark for x in found} == expected
    assert {x.columns for x in found} == {("2024-06-11", "已过")}


def test_requirements_tell_what_is_short() -> None:
    assert lines(judged())["人够"] == ("bad", "没有做到：差 1人")
    assert lines(judged(人数="4人"))["1 项做到"] == ("", "1 项做到")


def test_a_helper_is_no_headline() -> None:
    assert "帮手" not in lines(judged()) and told(judged()).rest >= 1


def test_what_is_missing_says_who_can_give_it() -> None:
    wants = {w.what: (w.who, w.effect) for w in told(judged(业绩="")).wants}
    assert wants["业绩"][0] == "partner" and "伙伴级别" in wants["业绩"][1]
    assert wants["人数线"] == ("author", "展示权、发函")
    assert wants["政策没有写明的"] == ("issuer", "特别奖")


def test_a_fact_that_decides_a_key_result_stands_first() -> None:
    assert [w.what for w in told(judged(业绩="", 通知日="")).wants][0] == "业绩"


# ---------------------------------------------------------------------------------------------- the screen
def test_the_screen_by_heart() -> None:
    shown = screen(judged(), Writer("zh"), Paint(False)).splitlines()
    assert shown[0] == "甲公司  演示  D-1" + " " * (WIDTH - width("甲公司  演示  D-1") - 17) + "评估日 2024-06-30"
    assert shown[2].split() == ["等级", "银牌；到金牌：业绩", "差", "150万元、人数", "差", "2人", "【1】"]
    assert any(line.startswith("处罚     ! ") for line in shown)
    assert shown[-1].startswith("其余 ") and "--all" in shown[-1]


def test_colour_is_never_alone() -> None:
    """Taken away, the colours leave the same text."""
    plain, coloured = (screen(judged(), Writer("zh"), Paint(on)) for on in (False, True))
    import re

    assert plain != coloured and re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def policy_of(sheet: Path) -> policydsl.Policy:
    name = next(p.stem for p in sorted((ROOT / "policies").glob("*.pol")) if sheet.stem.startswith(p.stem))
    return policydsl.load(ROOT / "policies" / f"{name}.pol")


@pytest.mark.parametrize("sheet", by_day(SHEETS, 3))
def test_every_key_result_of_a_shipped_policy_is_told(sheet: Path) -> None:
    verdict = policy_of(sheet).evaluate(sheet)
    for lang in ("zh", "en"):
        found = summary(verdict, Writer.of(verdict.header, lang))
        named = {name for p in found.parts for line in p.lines for name in line.results} | set(found.away)
        assert set(verdict.header.keys) <= named
        assert found.rest == len(verdict.results) - len(named)
        rows = screen(verdict, Writer.of(verdict.header, lang), Paint(False)).splitlines()
        assert max(map(width, rows)) <= WIDTH and len(rows) <= 40


FOLDS = """政策 演示
  编号：D-4
  要点：甲否、乙否、丙无、罚额、报备

数据
  迟交：是否
  通知日：日期

台账 事，默认 无
  号：文本
  重：是否
  起日：日期

措施清单：停单、发函、公示

条件 甲否：并非 迟交
条件 乙否：通知日 ≥ 2030-01-01
计算 丙无：无
计算 罚额
  逐条：事
  若 重：100元
  否则：0元

期限 报备
  逐条：事
  起算：起日
  时长：1年

处罚 迟交罚 【1】
  若：迟交
  措施：停单、发函
处罚 公示罚 【2】
  若：迟交
  措施：公示，自 通知日 起
""" + "".join(f"""
要求 要求{n}：并非 迟交
""" for n in range(8))


def test_what_is_alike_stands_in_one_line_and_what_is_left_is_folded() -> None:
    """Of three events one is fined 100; each is valid for a year from its day; eight requirements fail."""
    events = [{"号": f"E{n}", "重": "是" if n == 2 else "否", "起日": f"2024-0{n}-01"} for n in (1, 2, 3)]
    facts = {"迟交": "是", "通知日": "2024-06-25", "事": events}
    verdict = policydsl.loads(FOLDS).evaluate(facts, as_of="2024-06-30")
    found = lines(verdict)
    assert found["否：甲否、乙否"] == ("", "否：甲否、乙否")
    assert found["丙无"] == ("", "无")  # one of its kind is told by its name
    assert found["罚额"] == ("", "E2 100元；另 2 条为 0")
    assert found["停单、发函"] == ("bad", "生效中，没有写何时结束")  # 公示 has a first day
    days = [x for p in told(verdict).parts if p.part == "days" for x in p.lines]
    assert [x.name or x.text for x in days] == ["报备（E1）", "另有 2 个日期：报备"]  # the next one, far as it is
    duties = [x for p in told(verdict).parts if p.part == "duties" for x in p.lines]
    assert len(duties) == 7 and duties[-1].text == "另有 2 项没有做到：要求6、要求7"
    assert len([x for p in summary(verdict, Writer.of(verdict.header), ROOMS[2]).parts for x in p.lines
                if p.part == "duties"]) == 3


def test_what_would_be_folded_alone_is_told() -> None:
    """Seven in a room of six: the fold would take as much place as the seventh."""
    text = FOLDS.replace("要求 要求7：并非 迟交\n", "")
    verdict = policydsl.loads(text).evaluate({"迟交": "是", "通知日": "2024-06-25"}, as_of="2024-06-30")
    duties = [x for p in told(verdict).parts if p.part == "duties" for x in p.lines]
    assert [x.name for x in duties] == [f"要求{n}" for n in range(7)]


def test_nothing_of_a_line_is_said_twice() -> None:
    for part in told(judged()).parts:
        for line in part.lines:
            assert isinstance(line, Line) and line.name != line.text


def test_what_is_due_by_the_clock_may_be_late_on_its_own_day() -> None:
    """24 hours from 22:50 on 1 March end at 22:50 on the 2nd, and that day is judged at its end."""
    policy = policydsl.loads(
        "政策 钟点\n  编号：T\n数据\n  受理：时刻\n  结清：时刻，选填\n期限 办结：受理 后 24小时\n  完成：结清\n"
    )
    for done in ("2025-03-02 23:10", "无"):
        verdict = policy.evaluate({"受理": "2025-03-01 22:50", "结清": done}, as_of="2025-03-02")
        (line,) = [x for p in told(verdict).parts if p.part == "days" for x in p.lines]
        assert (line.columns, line.text, line.mark) == (("2025-03-02", "已过"), "已逾期", "bad")
