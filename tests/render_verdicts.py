"""Verdicts made by hand, for the tests of their rendering: one partner of an invented policy, mid-year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from kind_support import options

from policydsl.core import Const, Header, Remark
from policydsl.domain import NO, YES, Possible, either, interval, point
from policydsl.kinds import DATE, MONEY, PERCENT, POINTS, YESNO, Duration, Exact, Kind
from policydsl.place import Span
from policydsl.verdict import Entry, Finding, Fired, Judged, Measure, Missing, PartValue, Reading, ResultValue, Verdict

TIER = options("等级", "普通", "金牌", ordered=True)
PEOPLE = Kind("count", unit="人")
TAXED = Kind("money", tax="incl")
STATE = Kind("choice")
OPEN = either(reasons=["missing"])


def num(value: int | str) -> Possible:
    return point(Fraction(value))


def at(line: int) -> Span:
    return Span("demo.pol", line, 1, line, 2)


def judged(
    value: Possible, kind: Kind, *, status: Literal["known", "unknown", "not_applicable", "conflict"] | None = None,
    record: str | None = None, holds: Possible | None = None, state: Possible | None = None, deemed: bool = False,
    missing: tuple[str, ...] = (), reasons: tuple[str, ...] = (), measures: tuple[Measure, ...] = (),
    parts: tuple[PartValue, ...] = (), bearer: Possible | None = None, favour: Possible | None = None,
) -> Judged:
    shown = status or ("known" if value.known else "unknown")
    return Judged(record, shown, value, kind, holds, state, deemed, missing, reasons, measures, parts, bearer, favour)


def result(
    name: str, label: str, total: Judged, line: int, *clauses: str, alias: str | None = None,
    items: tuple[Judged, ...] | None = None, remarks: tuple[Remark, ...] = (), unruled: tuple[str, ...] = (),
) -> ResultValue:
    return ResultValue(name, alias, label, total, items, clauses, remarks, unruled, at(line))


def entry(
    number: int, rule: str, status: Fired, line: int, *, row: int | None = None, label: str = "",
    record: str | None = None, value: Possible | None = None, kind: Kind = YESNO, reads: tuple[Reading, ...] = (),
    findings: tuple[Finding, ...] = (), because: tuple[int, ...] = (), clauses: tuple[str, ...] = (),
    rulings: tuple[str, ...] = (),
) -> Entry:
    return Entry(
        number, rule, row, label, record, status, value, kind, reads, findings, because, clauses, rulings, at(line)
    )


def finding(
    text: str, status: Literal["yes", "no", "unknown"], op: str = "", actual: Possible | None = None,
    required: Possible | None = None, gap: Possible | None = None, kind: Kind = YESNO, missing: tuple[str, ...] = (),
    subject: str = "",
) -> Finding:
    return Finding(text, status, op, actual, required, gap, kind, missing, subject)


def days(count: int) -> Exact:
    return Duration(Fraction(count), "D")


HEADER = Header(
    "渠道奖励政策（演示）", "DEMO-2022", "2022.1", "zh", at(1), issuer="某厂商", currency="CNY",
    effective_from=Const(kind=DATE, value=date(2022, 4, 1)), effective_to=date(2022, 12, 31),
)


def full_verdict() -> Verdict:
    """A tier missed by two people, a reward that waits for a date, fines of two records, a deadline, a score."""
    results = [
        result(
            "伙伴等级", "tiers", judged(point("普通"), TIER), 10, "二.1", alias="tier",
        ),
        result(
            "季度考核", "score_sheet", judged(num("85.5"), POINTS, holds=YES), 20, "三.1", alias="quarterly_assessment",
        ),
        result(
            "破冰奖励", "reward",
            judged(
                Possible((Fraction(0), Fraction(20000))), MONEY, holds=OPEN, missing=("首次赢单日期",),
                reasons=("missing",),
            ),
            30, "四.2",
            remarks=(
                Remark("doubt", "并列时怎么办？", at(33)), Remark("ruling", "并列的全部计入（R15）。", at(34)),
                Remark("doubt", "“首次”按合同还是按下单？", at(35)),
            ),
            unruled=("“首次”按合同还是按下单？",),
        ),
        result(
            "违规处罚", "penalty", judged(num(10000), MONEY, holds=YES), 40, "五.3",
            items=(
                judged(
                    num(10000), MONEY, record="V1", holds=YES, bearer=point("甲公司"),
                    measures=(
                        Measure(
                            "降级", "must", "yes", point(date(2022, 7, 1)), point(date(2022, 9, 30)),
                            ("自动恢复",), ("五.3",),
                        ),
                        Measure("终止合作", "may", "yes", None, None, (), ("五.3",)),
                    ),
                ),
                judged(num(0), MONEY, record="V2", holds=NO),
            ),
        ),
        result("降级", "measure", judged(YES, YESNO, holds=YES), 3),
        result("警告", "measure", judged(NO, YESNO, holds=NO), 3),
        result(
            "书面回复", "deadline",
            judged(Possible((date(2022, 5, 12), date(2022, 6, 8))), DATE, status="known"), 50, "五.4",
            items=(
                judged(point(date(2022, 5, 12)), DATE, record="V1", state=point("late")),
                judged(point(date(2022, 6, 8)), DATE, record="V2", state=point("running")),
            ),
        ),
        result("联合方案奖励", "reward", judged(Possible(None), MONEY, reasons=("not_stated",)), 60, "四.5"),
        result("跨区处罚", "penalty", judged(num(0), MONEY, holds=NO), 62, "五.6", items=()),
        result("增值渠道奖励", "reward", judged(num(0), MONEY, status="not_applicable"), 64, "四.6"),
        result(
            "核算业绩", "compute",
            judged(
                interval(Fraction(1200000), Fraction(1500000), high_open=True), TAXED, missing=("订单[O3].业绩金额",),
                reasons=("missing",),
            ),
            70, "二.2",
        ),
    ]
    trace = (
        entry(1, "伙伴等级", "fired", 10, value=point("普通"), kind=TIER, clauses=("二.1",), because=(9,)),
        entry(
            2, "伙伴等级", "not_fired", 12, row=1, label="金牌", clauses=("二.1",),
            reads=(
                Reading("认证工程师", num(8), PEOPLE), Reading("满意度", num("0.925"), PERCENT),
            ),
            findings=(
                finding("≥ 10人", "no", ">=", num(8), num(10), num(2), PEOPLE, subject="认证工程师"),
                finding("≥ 满意度门槛", "yes", ">=", num("0.925"), num("0.9"), None, PERCENT, subject="满意度"),
            ),
        ),
        entry(3, "伙伴等级", "fired", 13, row=2, label="普通", value=point("普通"), kind=TIER, clauses=("二.1",)),
        entry(
            4, "破冰奖励", "unknown", 30, value=Possible((Fraction(0), Fraction(20000))), kind=MONEY, clauses=("四.2",)
        ),
        entry(
            5, "破冰奖励", "unknown", 31, label="when", clauses=("四.2",),
            findings=(
                finding("新渠道", "yes"),
                finding("首次赢单日期 不早于 2022年4月1日", "unknown", ">=", Possible(None), point(date(2022, 4, 1)),
                        None, DATE, ("首次赢单日期",)),
            ),
        ),
        entry(
            6, "破冰奖励", "not_fired", 32, label="unless", clauses=("四.2.1",),
            findings=(finding("处于调查期", "no"),),
        ),
        entry(7, "违规处罚", "fired", 40, record="V1", value=num(10000), kind=MONEY, clauses=("五.3",)),
        entry(
            8, "违规处罚", "fired", 42, record="V1", row=1, label="case", value=num(10000), kind=MONEY,
            clauses=("五.3",),
            findings=(finding("级别 为 二类", "yes", "=", point("二类"), point("二类"), None, STATE),),
            rulings=("二类按次计罚（R8）。",),
        ),
        entry(9, "核算业绩", "unknown", 70, value=interval(Fraction(1200000), Fraction(1500000), high_open=True),
              kind=TAXED, reads=(Reading("税率", num("0.13"), PERCENT),), clauses=("二.2",)),
        entry(10, "违规处罚", "not_fired", 40, record="V2", value=num(0), kind=MONEY, clauses=("五.3",)),
        entry(
            11, "违规处罚", "not_fired", 42, record="V2", row=1, label="case", clauses=("五.3",),
            findings=(
                finding("公告日期 不晚于 评估日", "no", "<=", point(date(2022, 7, 10)), point(date(2022, 6, 30)),
                        point(days(10)), DATE),
            ),
        ),
    )
    return Verdict(
        HEADER, "sha256:00", "甲公司", date(2022, 6, 30), "sheet", {r.name: r for r in results},
        (
            Missing("首次赢单日期", ("破冰奖励",), False),
            Missing("订单[O3].业绩金额", ("核算业绩", "伙伴等级"), False),
            Missing("划量倍数", ("违规处罚",), True),
        ),
        trace, (),
    )


def small_verdict(dialect: Literal["zh", "en"] = "en") -> Verdict:
    """One decided result in the en dialect, evaluated after the policy has ended."""
    header = Header("Channel policy", "DEMO", "1", dialect, at(1), effective_to=date(2022, 12, 31))
    ratio = result("margin", "compute", judged(num("1/3"), PERCENT), 5, "2.1", alias="margin_rate")
    return Verdict(
        header, "sha256:11", "", date(2023, 1, 15), "today", {"margin": ratio}, (),
        (entry(1, "margin", "fired", 5, value=num("1/3"), kind=PERCENT, clauses=("2.1",),
               reads=(Reading("profit", num(1000), MONEY), Reading("revenue", num(3000), MONEY))),),
        ("after_effective",),
    )
