"""Why a last day is that day: what it is reckoned from, the length, what the calendar makes of it. Days by hand.

2024: September 29 is a Sunday that is worked; October 1 to 7 (Tuesday to Monday) are free; October 12 is a Saturday
that is worked.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date

import pytest
from planted import resealed
from recheck_support import faults

from policydsl import calendar
from policydsl.cli.recheck import worked
from policydsl.diagnostics import Language
from policydsl.engine import Policy, load_text
from policydsl.explain import explain
from policydsl.explain.json import explanations_json
from policydsl.explain.pages import explanation_document
from policydsl.explain.text import explanation_text
from policydsl.proof.results import proved_json
from policydsl.recheck.document import examine, read_document
from policydsl.render.json import verdict_json
from policydsl.render.page import page
from policydsl.render.text import verdict_text
from policydsl.sheet import read_sheets
from policydsl.verdict import Verdict

DAY = date(2024, 10, 20)
POLICY = """政策 期限试
  编号：D-1
  期间算法：民法典
措施清单：补缴
数据
  日期：通知日、签约日、受理日
  改完日：日期，选填
  答复日：日期，选填
  接报时刻：时刻
  考核季度：期间
  培训：数量（人）
  金额：应付款、账户
参数
  答复时限 ＝ 3个工作日
台账 整改单，默认 无
  单号：文本
  下发日：日期
  办结日：日期，选填，默认 无
期限 整改：通知日 后 7天 【3.1】
  完成：改完日
期限 申诉：受理日 后 答复时限 【3.2】
  完成：答复日
期限 复核：申诉 的 结束日 后 5个工作日 【3.3】
期限 有效期：自 签约日 当日起 1年 【3.4】
期限 响应：接报时刻 后 10分钟 【3.5】
期限 季末：自 签约日 至 考核季度 【3.6】
要求 培训达标：培训 ≥ 5人 【3.7】
  截止：签约日 ＋ 3个月
期限 单改 【3.8】
  逐条：整改单
  起算：下发日
  时长：2天
  完成：办结日
抵扣 扣款 【3.9】
  应付：应付款
  次序：账户
  不足：补缴，自 签约日 起 10天
计算 提前三个工作日 ＝ 通知日 － 3个工作日 【3.10】
"""
SHEET = """名称: 甲
通知日: 2024-09-30
改完日: 无
受理日: 2024-09-29
答复日: 无
签约日: 2024-02-29
接报时刻: 2024-10-10 09:00
考核季度: 2024Q3
培训: 3人
应付款: 100元
账户: 30元
整改单:
  - {单号: A, 下发日: 2024-10-10}
  - {单号: B, 下发日: 2024-10-11}
"""


def made() -> Policy:
    return load_text(POLICY, "d.pol")


def judged(sheet: str = SHEET) -> Verdict:
    policy = made()
    return policy.judge(read_sheets(sheet.encode(), "a.yaml", policy.program), DAY)[0]


def grounds(lang: Language = "zh", sheet: str = SHEET) -> str:
    """The grounds on one line, however they are laid out."""
    head = "依据" if lang == "zh" else "Grounds"
    return " ".join(verdict_text(judged(sheet), lang).partition(f"\n{head}\n")[2].split())


@pytest.mark.parametrize(("zh", "en"), [
    (  # the 7th is the last of the holidays
        "＝ 通知日 2024年9月30日 ＋ 7天 ＝ 2024年10月7日，遇休息日顺延至 2024年10月8日",
        "= 通知日 2024-09-30 + 7 days = 2024-10-07, a day of rest; the next working day is 2024-10-08",
    ),
    (  # September 30, October 8, October 9
        "＝ 受理日 2024年9月29日 ＋ 答复时限 3个工作日（2024年10月1日 至 2024年10月7日 放假）",
        "= 受理日 2024-09-29 + 答复时限 3 working days (holiday 2024-10-01 to 2024-10-07)",
    ),
    (  # 10, 11, 12, 14, 15
        "＝ 申诉 的 结束日 2024年10月9日 ＋ 5个工作日（2024年10月12日 上班）",
        "= end date of 申诉 2024-10-09 + 5 working days (working day 2024-10-12)",
    ),
    ("＝ 自 签约日 2024年2月29日 当日起 1年", "= 1 year from and including 签约日 2024-02-29"),
    ("＝ 接报时刻 2024年10月10日 09:00 ＋ 10分钟", "= 接报时刻 2024-10-10 09:00 + 10 minutes"),
    ("＝ 考核季度 2024年第3季度 的最后一天", "= the last day of 考核季度 2024Q3"),
    ("截止 2024年5月29日 ＝ 签约日 2024年2月29日 ＋ 3个月", "due 2024-05-29 = 签约日 2024-02-29 + 3 months"),
    (  # March 10 is a Sunday
        "2024年3月11日 ＝ 签约日 2024年2月29日 ＋ 10天 ＝ 2024年3月10日，遇休息日顺延至 2024年3月11日",
        "2024-03-11 = 签约日 2024-02-29 + 10 days = 2024-03-10, a day of rest; the next working day is 2024-03-11",
    ),
    (  # the 29th, the 27th, the 26th: Saturday the 28th is no day of work
        "＝ 通知日 2024年9月30日 － 3个工作日（2024年9月29日 上班）",
        "= 通知日 2024-09-30 - 3 working days (working day 2024-09-29)",
    ),
    (  # of each record; October 12 is worked, the 13th a Sunday
        "A 已逾期（截止 2024年10月12日） 算式 ＝ 下发日 2024年10月10日 ＋ 2天",
        "A overdue (due 2024-10-12) working = 下发日 2024-10-10 + 2 days",
    ),
    (
        "B 已逾期（截止 2024年10月14日） 算式 ＝ 下发日 2024年10月11日 ＋ 2天 ＝ 2024年10月13日，"
        "遇休息日顺延至 2024年10月14日",
        "B overdue (due 2024-10-14) working = 下发日 2024-10-11 + 2 days = 2024-10-13, a day of rest; "
        "the next working day is 2024-10-14",
    ),
])
def test_the_grounds_say_why_it_is_that_day(zh: str, en: str) -> None:
    assert zh in grounds()
    assert en in grounds("en")


MOVED = """政策 期限试
  编号：D-2
  期间算法：民法典
数据
  日期：通知日
  改完日：日期，选填
期限 甲：自 通知日 当日起 1个月 【3.1】
  完成：改完日
计算 下期 ＝ 通知日 ＋ 7天（遇节假日顺延） ＋ 3天 【3.2】
计算 提前 ＝ 通知日 ＋ 7天（遇节假日顺延） － 2个工作日 【3.3】
计算 迟 ＝ 甲 的 逾期天数 ＋ 1天 【3.4】
条件 久：甲 的 逾期天数 ≥ 5天 且 甲 ≤ 2024年12月1日 【3.5】
"""


@pytest.mark.parametrize(("day", "said"), [
    # 2 September and a month, itself included: 1 October, a holiday; work goes on on the 8th
    (date(2024, 9, 2), [
        "算式 ＝ 自 通知日 2024年9月2日 当日起 1个月 ＝ 2024年10月1日，遇休息日顺延至 2024年10月8日",
        "下期 2024年9月12日 【3.2】第9行 算式 ＝ 通知日 2024年9月2日 ＋ 7天 ＋ 3天",
        # 9 September to 20 October are twelve days after 8 October
        "算式 ＝ 甲 的 逾期天数 12天 ＋ 1天", "最早（改完日 无、2024年10月20日）",
    ]),
    # 30 September and a week: 7 October, the last of the holidays
    (date(2024, 9, 30), [
        "＝ 2024年10月8日 ＋ 3天",
        "通知日 ＋ 7天（遇节假日顺延） 2024年10月8日 ＝ 通知日 2024年9月30日 ＋ 7天 ＝ 2024年10月7日，"
        "遇休息日顺延至 2024年10月8日",
        "算式 ＝ 2024年10月8日 － 2个工作日（2024年10月1日 至 2024年10月7日 放假；2024年9月29日 上班）",
    ]),
])
def test_no_name_stands_beside_another_day_than_its_own(day: date, said: list[str]) -> None:
    policy = load_text(MOVED, "m.pol")
    sheets = read_sheets(f"名称: 甲公司\n通知日: {day}\n改完日: 无\n".encode(), "a.yaml", policy.program)
    (found,) = policy.judge(sheets, DAY, proof=True)
    text = "".join(verdict_text(found, "zh").split())  # however it is laid out
    for each in said:
        assert "".join(each.split()) in text
    json_text = verdict_json(found)
    rolled = {str(one["value"]) for one in _each_sum(json.loads(json_text)) if str(one.get("text")).endswith("顺延）")}
    assert rolled <= {"2024-10-08"} and "2024-10-06" not in json_text
    explained = explain(policy.program, sheets, DAY)
    shown = page(explanation_document([explained]))
    assert said[0].removeprefix("算式 ") in shown and "甲 2024年10月1日" not in shown
    assert not faults(examine(read_document(proved_json(found)), worked))


def _each_sum(data: object) -> Iterator[dict[str, object]]:
    """Every part of a working in a verdict."""
    if isinstance(data, dict):
        if "form" in data:
            yield data
        for each in data.values():
            yield from _each_sum(each)
    elif isinstance(data, list):
        for each in data:
            yield from _each_sum(each)


def test_json_page_and_explanation_say_it_too() -> None:
    said = "＝ 通知日 2024年9月30日 ＋ 7天 ＝ 2024年10月7日，遇休息日顺延至 2024年10月8日"
    policy = made()
    sheets = read_sheets(SHEET.encode(), "a.yaml", policy.program)
    explained = explain(policy.program, sheets, DAY, only=["整改", "申诉"])
    assert said in " ".join(explanation_text(explained).split())
    assert said in page(explanation_document([explained]))
    traced = [e["working"] for e in json.loads(verdict_json(judged()))["trace"] if e["rule"] == "整改"]
    told = [json.loads(explanations_json([explained]))["results"]["整改"]["working"]]
    for rolled in (traced[0], told[0]):
        (shifted,) = rolled["parts"]
        begins, lasts = shifted["parts"]
        assert (rolled["form"], rolled["value"]) == ("roll_forward", "2024-10-08")
        assert (shifted["form"], shifted["value"]) == ("shift", "2024-10-07")
        assert (begins["name"], begins["value"], lasts["value"]["amount"]) == ("通知日", "2024-09-30", 7)


def test_a_day_that_rests_on_what_is_not_filled_in_is_no_sum() -> None:
    text = grounds(sheet=SHEET.replace("受理日: 2024-09-29\n", ""))
    assert "取自 受理日 未知、答复时限 3个工作日" in text
    assert "取自 申诉 的 结束日 未知" in text


def test_what_the_calendar_makes_other_than_every_week() -> None:
    def days(*given: tuple[int, int]) -> list[date]:
        return [date(2024, *one) for one in given]

    assert calendar.uncommon(*days((9, 28), (10, 14))) == (
        [tuple(days((10, 1), (10, 7)))], [tuple(days((9, 29), (9, 29))), tuple(days((10, 12), (10, 12)))]
    )
    assert calendar.uncommon(*days((9, 2), (9, 13))) == ([], [])
    assert calendar.uncommon(*days((9, 30), (10, 4))) == ([tuple(days((10, 1), (10, 4)))], [])
    assert calendar.uncommon(date(1990, 1, 1), date(1990, 1, 30)) == ([], [])  # not published


@pytest.mark.parametrize(("form", "to"), [("roll_forward", "2024-10-09"), ("shift", "2024-10-06")])
def test_who_rewrites_a_day_is_found(form: str, to: str) -> None:
    """Also where every seal is made anew, and the day is changed wherever the verdict reports it."""
    policy = made()
    sheets = read_sheets(SHEET.encode(), "a.yaml", policy.program)
    text = proved_json(policy.judge(sheets, DAY, trace=False, proof=True)[0])
    assert examine(read_document(text), worked).holds
    was = "2024-10-08" if form == "roll_forward" else "2024-10-07"
    document = copy.deepcopy(read_document(text.replace(was, to)))
    with resealed(document):
        assert faults(examine(document, worked))


MEASURED = """政策 措施试
  编号：D-3
措施清单：停单、发函
数据
  日期：通知日
  是否：迟
  金额：额
处罚 停 【1】
  若：迟
  措施：停单，自 通知日 起 1个月
处罚 罚 【2】
  若：迟
  金额：额 × 5%
  措施：发函，自 通知日 起 10个工作日
"""


def test_the_span_of_a_measure_says_how_it_ends() -> None:
    """A month from 2 September; of ten working days from there the last is Saturday the 14th, which is worked."""
    policy = load_text(MEASURED, "m.pol")
    sheets = read_sheets("名称: 甲公司\n通知日: 2024-09-02\n迟: 是\n额: 100元\n".encode(), "a.yaml", policy.program)
    (found,) = policy.judge(sheets, DAY, proof=True)
    zh, en = ("".join(verdict_text(found, lang).split()) for lang in ("zh", "en"))
    assert "停单的止日2024年10月2日＝通知日2024年9月2日＋1个月" in zh
    assert "算式＝额100元×5%发函的止日2024年9月14日＝通知日2024年9月2日＋10个工作日（2024年9月14日上班）" in zh
    assert "lastdayof停单2024-10-02=通知日2024-09-02+1month" in en
    told = {e["rule"]: e["working"] for e in json.loads(verdict_json(found))["trace"] if "working" in e}
    assert (told["罚"]["form"], told["罚"]["spans"][0]["value"]) == ("*", "2024-09-14")
    (span,) = told["停"]["spans"]
    assert (span["name"], span["label"], span["parts"][0]["form"]) == ("停单", "last_day", "shift")
    shown = page(explanation_document([explain(policy.program, sheets, DAY)]))
    assert "通知日 2024年9月2日 ＋ 1个月" in shown
    assert not faults(examine(read_document(proved_json(found)), worked))
    (free,) = policy.judge(
        read_sheets("名称: 甲公司\n通知日: 2024-09-02\n迟: 否\n".encode(), "a.yaml", policy.program), DAY
    )
    assert "止日" not in verdict_text(free, "zh")
