"""A small hand-made program for the tests of fact sheets: one fact of every kind, two ledgers, a table, parameters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kind_support import options

from policydsl.core import (
    DAY,
    AnyTerm,
    Apply,
    Bound,
    Const,
    Definition,
    Header,
    InputDecl,
    ListDecl,
    Name,
    Origin,
    Over,
    Program,
    Read,
    Result,
    RowDecl,
    Use,
)
from policydsl.kinds import DATE, INSTANT, NUMBER, PERCENT, PERIOD, POINTS, TEXT, YESNO, Exact, Fiscal, Kind
from policydsl.place import Span

AT = Span("政策.pol", 1, 1, 1, 2)
PEOPLE = Kind("count", unit="人")
GROSS = Kind("money", tax="incl")
MONEY = Kind("money")
ROLE = options("渠道类型", "战略渠道", "增值渠道", "省分销商", spellings=(("STR", "战略渠道"), ("VAR", "增值渠道")))
GRADE = options("级别", "三类", "二类", "一类", ordered=True, spellings=(("L1", "一类"),))


def const(value: Exact, kind: Kind) -> Const:
    return Const(value, kind=kind)


def at_least(value: int, kind: Kind) -> Bound:
    return Bound(const(Fraction(value), kind), ">=", None, "<=")


def between(low: Fraction, high: Fraction, kind: Kind) -> Bound:
    return Bound(const(low, kind), ">=", const(high, kind), "<=")


def fact(name: str, kind: Kind, alias: str | None = None, **more: object) -> InputDecl:
    return InputDecl(name, alias, kind, AT, **more)  # type: ignore[arg-type]


FACTS = (
    fact("整体业绩", GROSS, "overall_performance", required=True, ranges=(at_least(0, GROSS),), clauses=("2.1",)),
    fact("净额", MONEY, "net"),
    fact("销售认证人数", PEOPLE, "certificates.sales", default=const(Fraction(0), PEOPLE)),
    fact("技术认证人数", PEOPLE, "certificates.tech"),
    fact("投入", Kind("count", unit="人天")),
    fact(
        "ECR",
        PERCENT,
        "ecr",
        ranges=(between(Fraction(0), Fraction(1), PERCENT),),
        derived=Apply("/", (Read("", "简单问题数", kind=PEOPLE), Read("", "通话总数", kind=PEOPLE)), kind=PERCENT),
    ),
    fact("简单问题数", Kind("count", unit="个"), "office.simple_tickets"),
    fact("通话总数", Kind("count", unit="个"), "office.calls"),
    fact("系数", NUMBER, "factor"),
    fact("得分", POINTS, "score"),
    fact("渠道类型", ROLE, "role", required=True),
    fact("伙伴子类", options("伙伴子类", "代理", "代销", open=True), "sub_kind"),
    fact("报告内容", options("报告内容", "备货信息", "用户信息", "无线信息", base="choices"), "parts"),
    fact("新渠道", YESNO, "new_channel"),
    fact("公告日期", DATE, "announced_on"),
    fact(
        "首次赢单日期",
        DATE,
        "first_win",
        optional=True,
        ranges=(
            Bound(Read("", "公告日期", kind=DATE), ">=", None, "<="),
            Bound(None, ">=", Read("", DAY, kind=DATE), "<="),
        ),
    ),
    fact("收到时刻", INSTANT, "received_at"),
    fact("考核期", PERIOD, "period"),
    fact("宽限", Kind("duration"), "grace"),
    fact("宽限天", Kind("duration", unit="D"), "grace_days"),
    fact("产品", TEXT, "product", within="产品目录"),
    fact("备注", TEXT, "remark"),
    fact("破冰名额", Kind("count", unit="家"), "quota", parameter=True),
    fact("返利比例", PERCENT, parameter=True, ranges=(between(Fraction(5, 100), Fraction(15, 100), PERCENT),)),
)

VIOLATIONS = ListDecl(
    "违规记录",
    "violations",
    "sheet",
    (
        fact("记录号", TEXT, "id", required=True),
        fact("级别", GRADE, "grade"),
        fact(
            "公告日期", DATE, "announced_on", required=True,
            ranges=(Bound(None, ">=", Read("", DAY, kind=DATE), "<="),),
        ),
        fact("举报日期", DATE, ranges=(Bound(None, ">=", Read("违规记录", "公告日期", kind=DATE), "<="),)),
        fact("金额", GROSS, "money.amount", ranges=(at_least(0, GROSS),)),
    ),
    AT,
    key="记录号",
    default_none=True,
)
REGISTRATIONS = ListDecl(
    "商机报备",
    "registrations",
    "sheet",
    (fact("项目", TEXT, "project", required=True), fact("报备渠道", TEXT, "partner")),
    AT,
    shared=True,
)


def _row(model: str, group: str) -> RowDecl:
    return RowDecl((const(model, TEXT), const(group, TEXT)), (), AT)


PRODUCTS = ListDecl(
    "产品目录",
    None,
    "rows",
    (fact("型号", TEXT), fact("类别", TEXT)),
    AT,
    key="型号",
    rows=(_row("S922", "流量"), _row("E950", "高端"), _row("FP*", "Linux")),
)

_ORIGIN = Origin("销售达标", ("2.1",), AT)


def _result(name: str, term: AnyTerm) -> Result:
    return Result(name, None, "要求", term, Origin(name, ("2.1",), AT), const(True, YESNO))


PROGRAM = Program(
    header=Header(
        "渠道政策",
        "DEMO",
        "1",
        "zh",
        AT,
        fiscal=Fiscal((4, 1)),
    ),
    inputs={decl.name: decl for decl in FACTS},
    lists={decl.name: decl for decl in (VIOLATIONS, REGISTRATIONS, PRODUCTS)},
    terms={
        Name("销售达标"): Definition(
            Name("销售达标"),
            Apply(">=", (Read("", "整体业绩", kind=GROSS), const(Fraction(1_500_000), GROSS)), kind=YESNO),
            _ORIGIN,
        ),
        Name("违规次数"): Definition(Name("违规次数"), Over("count", "违规记录", None, None, kind=PEOPLE), _ORIGIN),
    },
    results=(
        _result("销售达标", Use(Name("销售达标"), kind=YESNO)), _result("违规次数", Use(Name("违规次数"), kind=PEOPLE)),
    ),
    digest="sha256:0",
)
ENGLISH = replace(PROGRAM, header=replace(PROGRAM.header, dialect="en"))
