"""What is not known: why, what is needed, and what the policy itself leaves open."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine_support import ROOT, cases, judged, policy, verdict

from policydsl import to_text
from policydsl.diagnostics import LANGUAGES
from policydsl.domain import point
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.render.outcome import why_open
from policydsl.render.values import Writer


from policydsl.kinds import Exact

YES_NO = "数据\n  甲：是否\n  乙：是否\n"


def test_only_facts_that_can_still_change_the_result_are_asked_for() -> None:
    made = policy(YES_NO + "  丙：是否\n  数：金额，≥ 0元\n条件 果：甲 且 （乙 或 丙）\n条件 够：数 ≥ 0元 或 甲\n")
    found = verdict(made, {"丙": True})
    assert found.results["果"].total.missing == ("甲",)
    assert found.results["够"].total.status == "known"
    assert [(m.fact, m.wanted_by, m.parameter) for m in found.missing] == [("甲", ("果",), False)]
    assert not found.determined
    assert verdict(made, {"丙": True, "甲": True}).determined


def test_a_parameter_to_be_set_is_told_apart_from_a_missing_fact() -> None:
    made = policy("参数\n  率：百分比，5% 至 15%\n数据\n  数：金额，≥ 0元\n计算 返 ＝ 数 × 率\n")
    found = verdict(made, {"数": Fraction(100)})
    total = found.results["返"].total
    assert (total.value.low, total.value.high) == (5, 15)
    assert total.reasons == ("parameter",)
    assert [(m.fact, m.parameter) for m in found.missing] == [("率", True)]
    assert verdict(made, {"数": Fraction(100)}, settings={"率": Fraction("0.08")}).results["返"].total.value == point(
        Fraction(8)
    )


def test_what_cannot_be_computed_lacks_no_fact() -> None:
    made = policy("数据\n  数：数值\n计算 商 ＝ 1 ÷ 数\n")
    total = verdict(made, {"数": Fraction(0)}).results["商"].total
    assert total.status == "unknown"
    assert total.missing == ()
    assert "not_computable" in total.reasons


def test_what_the_document_does_not_say_lacks_no_fact() -> None:
    made = policy(YES_NO + "奖励 奖\n  若：甲\n  金额：未规定\n")
    total = verdict(made, {"甲": True}).results["奖"].total
    assert (total.status, total.missing, total.reasons) == ("unknown", (), ("not_stated", "not_stated:奖"))
    assert total.holds == point(True)
    none = verdict(made, {"甲": False}).results["奖"].total
    assert (none.status, none.value) == ("known", point(Fraction(0)))


def test_a_day_outside_the_working_calendar_says_so() -> None:
    made = policy("  工作日历：中国法定工作日\n数据\n  起：日期，选填\n期限 限\n  起算：起\n  时长：3个工作日\n")
    total = verdict(made, {"起": date(2097, 1, 1)}).results["限"].total
    assert total.status == "unknown"
    assert total.missing == ()
    assert any(r.startswith("calendar_coverage:2097") for r in total.reasons)


def test_two_exceptions_that_disagree_are_a_conflict_wherever_they_matter() -> None:
    made = policy(
        YES_NO + "  数：金额，≥ 0元\n计算 双 ＝ 数\n  例外：若 甲，得 1元\n  例外：若 乙，得 2元\n"
        "条件 用：双 ≥ 2元 且 甲\n条件 都够：双 ≥ 1元\n计算 和 ＝ 双 ＋ 1元\n"
    )
    results = verdict(made, {"甲": True, "乙": True, "数": Fraction(9)}).results
    assert results["双"].total.status == "conflict"
    assert set(results["双"].total.value.values or ()) == {Fraction(1), Fraction(2)}
    assert results["用"].total.status == "conflict"
    assert results["和"].total.status == "conflict"
    assert results["都够"].total.status == "known"
    assert verdict(made, {"甲": True, "乙": False}).results["双"].total.value == point(Fraction(1))


def test_deemed_is_kept_only_where_the_answer_rests_on_it() -> None:
    made = policy(YES_NO + "计算 论：选项（立、不立）\n  若 甲：视为 立\n  若 乙：立\n  否则：不立\n")
    assert verdict(made, {"甲": True}).results["论"].total.deemed
    plain = verdict(made, {"甲": False, "乙": True}).results["论"].total
    assert (plain.value, plain.deemed) == (point("立"), False)


def test_beyond_the_limit_of_completions_the_hull_is_given_and_marked() -> None:
    made = policy("数据\n" + "".join(f"  事{i}：是否\n" for i in range(6)) + "条件 排中："
                  + " 或 ".join(f"（事{i} 且 并非 事{i}）" for i in range(6)) + "\n")
    sheet = [Sheet("P")]
    assert made.judge(sheet, date(2024, 1, 1))[0].results["排中"].total.value == point(False)
    wide = made.judge(sheet, date(2024, 1, 1), completions=8)[0].results["排中"].total
    assert wide.status == "unknown"
    assert wide.value.hull


def test_trying_an_unknown_out_leaves_no_more_than_not_trying_it() -> None:
    """果 is 甲, since no colour is two: where 甲 does not hold, nor does 果. 1 or 3, never 2."""
    made = policy(
        YES_NO + "  丙：是否\n  色：选项（红、黄、蓝）\n条件 果：（甲） 或 （（色 为 红） 且 （色 为 黄））\n"
        "计算 值\n  若 甲：1\n  若 果：2\n  否则：3\n"
    )
    total = verdict(made).results["值"].total
    assert (total.value.values, total.missing) == ((Fraction(1), Fraction(3)), ("甲",))


def test_a_measure_only_offered_waits_for_a_decision_and_for_no_fact() -> None:
    made = policy("措施清单：终止\n" + YES_NO + "规则 则\n  若：甲\n  可以：终止\n")
    found = verdict(made, {"甲": True})
    assert found.results["终止"].total.status == "unknown"
    assert "discretion" in found.results["终止"].total.reasons
    assert found.missing == ()
    assert verdict(made, {"甲": True, "终止": False}).results["终止"].total.value == point(False)


def test_a_tie_says_that_it_is_one() -> None:
    made = policy("数据\n  日：日期，选填\n奖励 奖\n  若：日 已填\n  金额：1元\n  名额：前 1家，按 日 先后\n")
    day = date(2024, 5, 1)
    first, second, third = made.judge(
        [Sheet("A", None, {"日": day}), Sheet("B", None, {"日": day}), Sheet("C", None, {"日": date(2024, 5, 2)})],
        date(2024, 6, 30),
    )
    assert first.results["奖"].total.reasons == second.results["奖"].total.reasons == ("tie",)
    assert (first.results["奖"].total.value.values) == (Fraction(0), Fraction(1))
    assert third.results["奖"].total.value == point(Fraction(0))
    alone = verdict(made, {"日": day}).results["奖"].total
    assert "population" in alone.reasons


def test_an_open_question_marks_what_it_stands_at_until_it_is_ruled() -> None:
    made = policy(YES_NO + "条件 一：甲\n  疑义：怎样算？\n条件 二：甲\n  疑义：怎样算？\n  裁定：这样算。\n")
    results = verdict(made, {"甲": True}).results
    assert results["一"].unruled == ("怎样算？",)
    assert results["二"].unruled == ()
    assert [r.kind for r in results["二"].remarks] == ["doubt", "ruling"]


def test_outside_the_effective_period_there_is_a_remark() -> None:
    made = policy("  生效：自 2022年4月1日 起，至 2022年12月31日 止\n" + YES_NO + "条件 一：甲\n")
    days = {date(2022, 3, 31): ("before_effective",), date(2022, 4, 1): (), date(2022, 12, 31): (),
            date(2023, 1, 1): ("after_effective",)}
    for day, remarks in days.items():
        assert verdict(made, {"甲": True}, as_of=day).remarks == remarks


def test_what_is_none_because_nobody_said_otherwise_is_told() -> None:
    """Of the lists that nobody filled in those alone on which something decided rests."""
    made = policy(
        YES_NO + "台账 违规，默认 无\n  事：文本\n台账 表扬，默认 无\n  事：文本\n台账 离职，默认 无\n  人：文本\n"
        "条件 有过：存在（违规）\n条件 稳定：甲 且 并非 存在（离职）\n"
    )
    assert verdict(made).remarks == ("silent:违规",)  # 稳定 is not decided, and nothing asks for 表扬
    assert verdict(made, {"甲": True}).remarks == ("silent:违规", "silent:离职")
    assert verdict(made, {"甲": True}, {"违规": [], "离职": []}).remarks == ()


def test_what_concerns_nobody_because_nobody_said_otherwise_is_told_too() -> None:
    """Whom 补课 concerns hangs on 违规 alone; what it comes to, on 表扬."""
    made = policy(
        YES_NO + "台账 违规，默认 无\n  事：文本\n台账 表扬，默认 无\n  事：文本\n"
        "要求 补课：存在（表扬）\n  对象：存在（违规）\n"
    )
    for lists, remarks in (({}, ("silent:违规",)), ({"违规": []}, ()), ({"违规": [{"事": "迟到"}]}, ("silent:表扬",))):
        assert verdict(made, {}, lists).remarks == remarks


def test_cases_of_an_example_are_judged_as_it_says() -> None:
    made = policy(YES_NO + "条件 一：甲\n示例 是\n  评估日：2024年1月1日\n  已知：甲 ＝ 是\n  应得：一 成立\n")
    case = next(cases(made))
    assert case.as_of == date(2024, 1, 1)
    assert judged(made, case)[0].results["一"].total.value == point(True)


CHAIN = """数据
  发生日：日期
  发送日：日期{}，不早于 发生日
  送达日：日期，不早于 发送日
要求 晚：送达日 不早于 2022-08-01
"""


def test_an_end_that_may_be_none_limits_nothing() -> None:
    """Nothing sent: delivered on any day; sent for sure: not before what happened on the 20th."""
    happened = {"发生日": date(2022, 8, 20)}
    optional, sure = (verdict(policy(CHAIN.format(more)), happened).results["晚"].total for more in ("，选填", ""))
    assert (optional.status, optional.missing) == ("unknown", ("发送日", "送达日"))
    assert (sure.status, sure.value.yes) == ("known", True)


def test_what_narrows_a_missing_value_is_missing_too() -> None:
    """送达日 alone would settle it, and so would 发送日 on the first of August or later."""
    made = policy(CHAIN.format(""))
    assert verdict(made).results["晚"].total.missing == ("发生日", "发送日", "送达日")
    assert verdict(made, {"发送日": date(2022, 8, 1)}).results["晚"].total.value.yes


def test_what_the_document_does_not_say_is_named_with_its_clause_wherever_something_rests_on_it() -> None:
    """倚靠足 asks for 倚靠, that for 未写, which 2.1 leaves open: whoever reads 倚靠足 has to be told of 2.1."""
    made = policy(
        "数据\n  甲：数量（人），默认 0人\n计算 未写 【2.1 某条】\n  若 甲 ≥ 1人：3元\n  否则：未规定\n"
        "计算 倚靠 ＝ 未写 ＋ 1元\n条件 倚靠足：倚靠 ≥ 3元\n"
    )
    (verdict,) = made.judge([Sheet("x")], date(2024, 1, 1))
    for name in ("未写", "倚靠", "倚靠足"):
        total = verdict.results[name].total
        assert (total.missing, total.reasons, total.silent) == ((), ("not_stated", "not_stated:未写【2.1 某条】"), True)
    told = [why_open(verdict.results[n].total, Writer.of(made.program.header), n) for n in ("未写", "倚靠足")]
    assert told == ["", "“未写【2.1 某条】”文件没有规定，要问政策的作者"]


def test_a_key_without_a_row_is_named_with_its_table() -> None:
    made = policy(
        "数据\n  键：文本\n表 价目\n  | 型号 | 价款 |\n  | A | 10元 |\n  | B | 20元 |\n"
        "计算 价 ＝ 价目（键） 的 价款\n条件 贵：价 ≥ 5元\n"
    )
    (verdict,) = made.judge([Sheet("x", values={"键": "C"})], date(2024, 1, 1))
    assert verdict.results["贵"].total.reasons == ("no_row:价目[C] @价", "not_computable")


def test_a_record_that_may_not_be_there_does_not_say_whom_a_clause_concerns() -> None:
    """For a violation of the second or third class the limit does not concern who is cleared out; OTH-15 is of neither,
    and then there is no limit. While the code is not known, it is not known which."""
    path = ROOT / "policies" / "alicloud_fy22.pol"
    made = load_text(path.read_text("utf-8"), path.name)
    facts: dict[str, Exact] = {"已清退": True, "级别变动": "应升"}
    record: dict[str, Exact] = {
        "记录号": "V1", "处理通知发送日期": date(2021, 10, 8), "公告日期": date(2021, 10, 12),
    }
    more: dict[str, Exact] = {
        "编码": ("OTH-15",), "发生日期": date(2021, 9, 1), "处理通知送达日期": date(2021, 10, 11),
    }
    less = verdict(made, facts, {"违规记录": [record]}, as_of=date(2021, 12, 1)).results["二三类升级限制"].total
    full = verdict(
        made, facts | {"已签约": True}, {"违规记录": [record | more]}, as_of=date(2021, 12, 1)
    ).results["二三类升级限制"].total
    assert (less.status, less.missing) == ("unknown", ("违规记录[V1].发生日期", "违规记录[V1].编码"))
    assert (full.status, full.value) == ("known", point(False))


def test_what_cannot_be_computed_says_in_which_rule_and_by_which_clause() -> None:
    """3 ÷ 0 in the rule by clause 3.2; whoever rests on that rule tells that one, not itself."""
    made = policy(
        "数据\n  甲：数值\n  乙：数值\n  丙：百分比，选填，＝ 甲 ÷ 乙\n"
        "计算 比例 ＝ 甲 ÷ 乙 【3.2】\n条件 达标：比例 ≥ 100% 【3.3】\n"
        "条件 己：甲 ÷ 乙 ≥ 200% 【6、7】\n条件 丁：丙 ≥ 200% 【5】\n计算 全 ＝ 比例 ＋ 甲 ÷ （乙 － 乙） 【8】\n"
    )
    found = verdict(made, {"甲": Fraction(3), "乙": Fraction(0)})
    notes = {name: {r for r in one.total.reasons if r != "not_computable"} for name, one in found.results.items()}
    assert notes["比例"] == notes["达标"] == {"division_by_zero @比例【3.2】"}
    assert notes["己"] == {"division_by_zero @己【6、7】"}
    assert {"division_by_zero @丙【5】", "not_worked_out:丙"} <= notes["丁"]  # the fact is of the clause that asks it
    assert notes["全"] == {"division_by_zero @比例【3.2】", "division_by_zero @全【8】"}
    zh, en = (to_text(found, lang=lang) for lang in LANGUAGES)
    assert "“比例”【3.2】中除数为零" in zh and "division by zero (in '比例' [3.2])" in en


def test_what_decides_whether_a_record_has_a_value_is_missing_for_the_greatest() -> None:
    """One record, which is 高 or nothing: the greatest is 高 or nothing, and which, 大 decides. So for the mean."""
    made = policy(
        "清单 级别，由低到高：低、高\n台账 单\n  主键：号\n  号：文本\n  大：是否\n"
        "计算 定级：选项（级别）\n  逐条：单\n  若 大：高\n  否则：无\n"
        "计算 数额\n  逐条：单\n  若 大：5\n  否则：无\n"
        "计算 最高 ＝ 最大（定级，逐条 单）\n计算 均数 ＝ 平均（数额，逐条 单）\n"
    )
    found = verdict(made, {}, {"单": [{"号": "a"}]})
    assert [found.results[name].total.missing for name in ("最高", "均数")] == [("单[a].大",), ("单[a].大",)]
