"""What the author wrote: one frozen dataclass a construct, a span on every node, no behaviour.

Names are kept as the author declared them; every keyword is already its language-neutral value, so a zh and an en file
of one policy give the same tree but for names and spans. ``docs/language.md`` explains each construct.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Literal as Lit

from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import Sources

Op = Lit["=", "!=", "<", "<=", ">", ">=", "full", "short"]
# 满 and 不满 ask of a day and a length how long ago it is; of anything else they are these.
PLAIN: dict[Op, Op] = {"full": ">=", "short": "<"}
Tax = Lit["incl", "excl"]


@dataclass(frozen=True, slots=True)
class Node:
    """Every node knows where it stands."""

    span: Span


# ---------------------------------------------------------------------------------------------- expressions
@dataclass(frozen=True, slots=True)
class Name(Node):
    """A declared name, in the spelling of its declaration."""

    text: str


@dataclass(frozen=True, slots=True)
class Builtin(Node):
    """A name that exists in every policy, by its neutral key (``as_of_date``, ``not_stated`` …)."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Fraction


@dataclass(frozen=True, slots=True)
class Percent(Node):
    """``8%`` is ``Fraction(8, 100)``. ``points``: written as percentage points."""

    value: Fraction
    points: bool = False


@dataclass(frozen=True, slots=True)
class Money(Node):
    """An amount with the code of its currency; ``bare`` marks a number that only its tax mark makes money."""

    value: Fraction
    tax: Tax | None
    bare: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Count(Node):
    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Points(Node):
    value: Fraction


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """``unit`` is one of ``D WD W M Q Y H MIN SEC``; the value may be a half."""

    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Date(Node):
    value: date


@dataclass(frozen=True, slots=True)
class Instant(Node):
    value: datetime


@dataclass(frozen=True, slots=True)
class Period(Node):
    """``kind`` is a grain of periods; ``number`` is which of its year, 0 of a year."""

    kind: str
    year: int
    number: int


@dataclass(frozen=True, slots=True)
class Ordinal(Node):
    value: int


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class YesNo(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class NoneValue(Node):
    """无: stated not to exist."""


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """Brackets are kept: and/or may be mixed only inside them."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Arith(Node):
    op: Lit["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negative(Node):
    inner: Expr


@dataclass(frozen=True, slots=True)
class Field(Node):
    """``of 的 name``: a field, a column, an item of a score sheet, a part of a period or deadline."""

    of: Expr
    name: Name | Builtin


@dataclass(frozen=True, slots=True)
class AsAt(Node):
    """``value 于 day``: the value as of another day."""

    value: Expr
    day: Expr


@dataclass(frozen=True, slots=True)
class Stretch(Node):
    """A period with ends of its own, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Nth(Node):
    """``P 的 第5日``: the ``number``-th day of a period; ``what``: of which days, ``D``, ``WD`` (working days) or ``1``
    to ``7`` (Mondays to Sundays)."""

    of: Expr
    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """``table（key）`` or ``table（key，column）``."""

    table: Name
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A built-in function: a value of ``FUNC`` in the keyword table."""

    func: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class PickEnd(Node):
    """最大 3个: ``largest smallest latest earliest``, and how many."""

    end: str
    count: Expr


@dataclass(frozen=True, slots=True)
class Pick(Node):
    """只取 (``keep``) or 去掉 (``drop``) so many at one end, or at both; by the value itself, or by another."""

    word: str
    ends: tuple[PickEnd, ...]
    by: Expr | None


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``sum mean largest smallest count any all earliest latest distinct`` over a ledger or table.

    ``each`` is the ledger (None when the first argument is the ledger itself or a multi-valued field). ``pick``: which
    of the records are taken.
    """

    agg: str
    value: Expr
    each: Name | Builtin | None
    where: Expr | None
    pick: Pick | None = None
    unparted: bool = False  # 不分期: over all periods, where one is in hand


@dataclass(frozen=True, slots=True)
class Previous(Node):
    """``平均（X，前 4期）``: an aggregate of a clause that is judged once a period, over so many periods before the one
    in hand. ``limit``: 至多, those of them that there are."""

    agg: str
    of: Expr
    length: Duration | Count
    limit: Op | None


@dataclass(frozen=True, slots=True)
class InsideOf(Node):
    """``合计（X，本期 内）``: an aggregate of a clause that is judged once a period: of its periods in a longer one."""

    agg: str
    of: Expr
    period: Expr


@dataclass(frozen=True, slots=True)
class Run(Node):
    """``连续 2个季度 X 低于 70分``, ``连续 3次 不合格``: this period (or record) and those right before it."""

    length: Duration | Count
    test: Expr


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: Expr
    op: Op
    right: Expr


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """``60% ≤ ECR ＜ 80%``."""

    low: Expr
    low_op: Op
    middle: Expr
    high_op: Op
    high: Expr


@dataclass(frozen=True, slots=True)
class Same(Node):
    """The comparison after 且/或 that leaves out its subject: ``… 且 低于 800万元``."""

    op: Op
    right: Expr


@dataclass(frozen=True, slots=True)
class Is(Node):
    """A one-place test: ``provided missing overdue``."""

    test: Lit["provided", "missing", "overdue"]
    value: Expr


@dataclass(frozen=True, slots=True)
class Barred(Node):
    """``X 受限`` (``day`` None: on the evaluation date) or ``X 在 D 受限``."""

    value: Expr
    day: Expr | None


@dataclass(frozen=True, slots=True)
class In(Node):
    """属于 / 不属于 a list of values, or the keys of one table or ledger."""

    value: Expr
    items: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Has(Node):
    """包含 (``ordered`` False) or 依次为 (True)."""

    value: Expr
    items: tuple[Expr, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Within(Node):
    """``day 在 start 后 n 内`` (side ``after``), ``… 前 n 内`` (``before``), ``在 自 start 起 n 内`` (``from``);
    ``same_day``: 当日起, the start day is day one."""

    day: Expr
    side: Lit["after", "before", "from"]
    start: Expr
    length: Duration | Name
    same_day: bool


@dataclass(frozen=True, slots=True)
class Between(Node):
    day: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class InPeriod(Node):
    day: Expr
    period: Expr


@dataclass(frozen=True, slots=True)
class InPast(Node):
    """``day 在 过去 n 内``: up to the evaluation date; ``whole``: 个整月, the calendar months that are over."""

    day: Expr
    length: Duration | Name
    whole: bool


@dataclass(frozen=True, slots=True)
class And(Node):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    inner: Expr


Value = (
    Number | Percent | Money | Count | Points | Duration | Date | Instant | Period | Ordinal | Text | YesNo | NoneValue
)
Test = Compare | Chain | Same | Is | Barred | In | Has | Within | Between | InPeriod | InPast | Run | And | Or | Not
Expr = (
    Name | Builtin | Value | Paren | Arith | Negative | Field | Nth | Stretch | AsAt | Lookup | Call | Aggregate
    | Previous | InsideOf | Test
)


# ---------------------------------------------------------------------------------------------- table cells
@dataclass(frozen=True, slots=True)
class AnyCell(Node):
    """不限, or an empty cell."""


@dataclass(frozen=True, slots=True)
class OpCell(Node):
    """``≥ 8%``, ``8% 以上``, ``≤ …``: the row's subject compared with a value."""

    op: Op
    value: Expr


@dataclass(frozen=True, slots=True)
class RangeCell(Node):
    """``8% 至 10%``, both ends included."""

    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class ListCell(Node):
    """``增值渠道、省分销商``: one of these."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class ExprCell(Node):
    """A plain value (equality), a full test (``8%＜ECR≤10%``), or a result."""

    expr: Expr


Cell = AnyCell | OpCell | RangeCell | ListCell | ExprCell


@dataclass(frozen=True, slots=True)
class HeaderCell(Node):
    """The heading of a column; ``of``: the option list that its cells are of (表 only)."""

    text: str
    of: Name | None = None


@dataclass(frozen=True, slots=True)
class RawCell(Node):
    """A cell of a lookup table or of an example: its text as typed, read later by the column's kind."""

    text: str


@dataclass(frozen=True, slots=True)
class RuleRow(Node):
    cells: tuple[Cell, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawRow(Node):
    cells: tuple[RawCell, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleTable(Node):
    """Rows of tests, the last cell a value; of a table of pairs (``回款额 ＼ 渠道等级``) each pair is a row and the
    last heading has no words."""

    header: tuple[HeaderCell, ...]
    rows: tuple[RuleRow, ...]

    @property
    def crossed(self) -> bool:
        """Whether the author wrote a value for each pair of a row and a column."""
        return len(self.header) > 2 and not self.header[-1].text


# ---------------------------------------------------------------------------------------------- lines of a block
@dataclass(frozen=True, slots=True)
class Annotation(Node):
    """``kind`` is ``note``, ``doubt`` (疑义) or ``ruling`` (裁定)."""

    kind: Lit["note", "doubt", "ruling"]
    text: str


@dataclass(frozen=True, slots=True)
class Start(Node):
    """从何时起: ``自 D 起 n``, ``自 D 当日起 n``, ``自 D 至 E``, ``自 D 起``."""

    start: Expr
    same_day: bool
    length: Duration | Name | None
    end: Expr | None


@dataclass(frozen=True, slots=True)
class When(Node):
    condition: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case(Node):
    """``若 条件：值``; ``values`` has several entries for a 多选 result."""

    condition: Expr
    values: tuple[Expr, ...]
    deemed: bool
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """否则: the last case of a 计算, or (a measure's name, with or without a span) what follows a failed 要求."""

    values: tuple[Expr, ...]
    deemed: bool
    span_: Start | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect(Node):
    """``若 条件，则 措施，自 … 起 …`` of a 规则."""

    condition: Expr
    measures: tuple[Name, ...]
    start: Start | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unless(Node):
    condition: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Each(Node):
    """逐条: ledger (or 全体), filter, order of listing; ``grouped``: the records of each of these have an order of
    their own. 其中 alone: of the ledger that the names are of."""

    ledger: Name | Builtin | None
    grouped: Name | None
    where: Expr | None
    by: Expr | None
    direction: Lit["asc", "desc"] | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullet(Node):
    condition: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items(Node):
    """满足任一 (``any``), 全部满足 (``all``), 至少满足 n (``at_least``)."""

    mode: Lit["any", "all", "at_least"]
    at_least: Expr | None
    bullets: tuple[Bullet, ...]


@dataclass(frozen=True, slots=True)
class Exception_(Node):
    """例外: if the condition holds, the block has this value instead."""

    condition: Expr
    value: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldLine(Node):
    """``for amount base cap floor full pass adjust bearer payable due transfer favour``."""

    key: str
    value: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartLine(Node):
    """起算."""

    start: Expr
    same_day: bool
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoneLine(Node):
    """完成: a date, or payments from a ledger (``each``, ``where``, ``by`` date)."""

    value: Expr
    each: Name | None
    where: Expr | None
    by: Expr | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LengthLine(Node):
    """时长."""

    length: Duration | Name
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measures(Node):
    """``must may may_one must_one barred shortfall later``: names, with or without a span."""

    mode: str
    names: tuple[Name, ...]
    start: Start | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThenBy(Node):
    """再按 K 先后: what is compared where all before is equal."""

    by: Expr
    direction: Lit["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Quota(Node):
    """名额: ``每个 F 前 n，按 K 先后，再按 …``. ``way``: of a percent, how it is rounded."""

    per: Name | None
    first: Expr
    way: str | None
    by: Expr
    direction: Lit["asc", "desc"]
    then: tuple[ThenBy, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking(Node):
    """排名: ``每个 F 按 K 由高到低，再按 …``."""

    per: Name | None
    by: Expr
    direction: Lit["asc", "desc"]
    then: tuple[ThenBy, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budget(Node):
    """预算: ``每个 F n，按 K 先后，再按 …``: so much in all, until it is used up."""

    per: Name | None
    total: Expr
    by: Expr
    direction: Lit["asc", "desc"]
    then: tuple[ThenBy, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share(Node):
    """分配: how a 资金池 is shared: one after the other by ``by``, then by more keys, those level (or all at once) in
    proportion to ``weight`` (None: equally)."""

    by: Expr | None
    direction: Lit["asc", "desc"] | None
    then: tuple[ThenBy, ...]
    weight: Expr | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """取整：1分，舍去: in whole parts of so much."""

    unit: Expr
    way: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window(Node):
    """统计期：a 期限 of each record."""

    deadline: Name
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grain(Node):
    """季度 in 每季度: ``M Q H Y W``, and the quarter, half and year ``FQ FH FY`` of the fiscal calendar."""

    unit: str


@dataclass(frozen=True, slots=True)
class Inside(Node):
    """在 A 至 B 内: the stretch in which periods lie, both days included."""

    first: Expr
    last: Expr


@dataclass(frozen=True, slots=True)
class Periods(Node):
    """统计期：每 n，自 D 起，至 E，按 F、G; 统计期：每 n，在 A 至 B 内，按 F."""

    length: Duration | Name | Grain
    start: Expr | None
    by: tuple[Expr, ...]
    cites: tuple[str, ...]
    end: Expr | None = None
    inside: Inside | None = None


@dataclass(frozen=True, slots=True)
class Cycle(Node):
    """周期：每 n，自 D 起，至 E."""

    length: Duration | Name | Grain
    start: Expr | None
    cites: tuple[str, ...]
    end: Expr | None = None


@dataclass(frozen=True, slots=True)
class Counting(Node):
    ledger: Name
    where: Expr | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every(Node):
    """每满: a count, a number or a parameter."""

    count: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps(Node):
    """每满 n，奖 m: for every whole part of the base so much. ``word``: ``earns`` or ``costs``."""

    word: str
    step: Expr
    gain: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Below(Node):
    """负数: what becomes of a negative amount. ``how``: ``zero``, ``claw`` (taken back), ``carry``, through so many
    ``periods`` and then written off (None: until it is paid)."""

    how: str
    periods: Expr | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grace(Node):
    """宽限：so long after the last day it is still on time. ``since``: from which day what is late is late, ``due`` or
    ``end``."""

    length: Duration | Name
    since: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payout(Node):
    """兑付：自 D 起 30天 内，以 M: until when what a reward comes to is paid, and in what form (a measure)."""

    start: Start | None
    form: Name | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Valid(Node):
    """有效：自 D 起 12个月 内: until when what is paid may be used."""

    start: Start | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usable(Node):
    """用途：what it may be used for, in words that are told and not judged."""

    text: str


@dataclass(frozen=True, slots=True)
class Closing(Node):
    """关账：a period is settled so long after its last day, for records entered (``by``) until then. ``late``: those
    entered later count in the ``next`` one that is open, or stay ``out``."""

    length: Duration | Name
    by: Expr
    late: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deem(Node):
    """视为：1次 二类."""

    count: Expr
    value: Name
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order(Node):
    """次序: sources of a 抵扣 (``names``), or the direction of a tier table (``direction``)."""

    names: tuple[Name, ...]
    direction: Lit["asc", "desc"] | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capped(Node):
    """上限：每财年 v: of all periods that begin in one longer stretch. ``key``: the word before the colon."""

    key: str
    length: Duration | Name | Grain
    value: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapEach(Node):
    """上限：每个 F v，按 K 先后: of all records of one F, one after the other. ``key``: the word before the colon."""

    key: str
    per: Name
    value: Expr
    by: Expr
    direction: Lit["asc", "desc"]
    then: tuple[ThenBy, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateFee(Node):
    """逾期：每日 rate."""

    rate: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Late(Node):
    """逾期：measures."""

    names: tuple[Name, ...]
    start: Start | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mode(Node):
    """命中 (``hit``: ``unique first``), 并列 (``ties``: of a quota ``all_in all_out``, of ranks ``same split``, of a
    budget ``all_out ratio``), 末份 (``last``: ``part stop skip``), 超出 of a cap of a pool (``over``: ``not_again
    again``), 余数 (``remainder``: ``keep first_in_order fraction``) …"""

    key: str
    value: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """``low_op``/``high_op`` say whether the ends are included; an absent end is None."""

    low: Expr | None
    low_op: Lit[">", ">="]
    high: Expr | None
    high_op: Lit["<", "<="]


@dataclass(frozen=True, slots=True)
class RangeLine(Node):
    range: Range
    cites: tuple[str, ...]


Line = (
    When | Case | Otherwise | Effect | Unless | Each | Items | Exception_ | FieldLine | StartLine | DoneLine
    | LengthLine | Measures | Quota | Ranking | Budget | Share | Rounded | Window | Periods | Cycle | Counting
    | Every | Steps | Deem | Order | Capped | CapEach | LateFee | Late | Below | Grace | Closing
    | Payout | Valid | Usable | Mode | RangeLine | Annotation
)


# ---------------------------------------------------------------------------------------------- declarations
@dataclass(frozen=True, slots=True)
class Option(Node):
    """A value of a 选项, with other spellings accepted in fact sheets."""

    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Type(Node):
    """``kind``: ``yesno number percent date instant duration points text period count money choice choices``. A choice
    has options of its own, or is ``of`` an option list."""

    kind: str
    unit: str | None = None
    tax: Tax | None = None
    options: tuple[Option, ...] = ()
    open: bool = False
    of: Name | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Declaration(Node):
    """A fact of 数据, a field of a 台账, or a 参数 without a value. ``rate``: what one of a currency is worth in
    another, by their codes. ``over_time``: where it says that it is one thing after the other."""

    name: str
    type: Type
    required: bool
    optional: bool
    default: Expr | None
    ranges: tuple[Range, ...]
    derived: Expr | None
    within: Name | None
    lowest_first: bool
    alias: str | None
    cites: tuple[str, ...]
    name_span: Span
    notes: tuple[Annotation, ...] = ()
    rate: tuple[str, str] | None = None
    over_time: Span | None = None


@dataclass(frozen=True, slots=True)
class Data(Node):
    facts: tuple[Declaration, ...]
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyCount(Node):
    """仅计."""

    condition: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger(Node):
    name: str
    name_span: Span
    item: str | None
    shared: bool
    default_none: bool
    alias: str | None
    key: Name | None
    happens: Name | None
    only: tuple[OnlyCount, ...]
    fields: tuple[Declaration, ...]
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedValue(Node):
    start: date
    value: Expr


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A parameter with its value, and later values by date. ``within``: a number of a clause that has a name there.
    ``rate``: what one of a currency is worth in another, by their codes."""

    name: str
    name_span: Span
    alias: str | None
    value: Expr
    dated: tuple[DatedValue, ...]
    cites: tuple[str, ...]
    notes: tuple[Annotation, ...] = ()
    within: bool = False
    rate: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Parameters(Node):
    """``settled`` have a value; ``open`` are to be set by the author."""

    settled: tuple[Parameter, ...]
    open: tuple[Declaration, ...]
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionList(Node):
    """清单: options under a name of their own. ``said``: how many there are, as the author says."""

    name: str
    name_span: Span
    options: tuple[Option, ...]
    open: bool
    lowest_first: bool
    said: int | None
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureList(Node):
    names: tuple[Name, ...]
    notes: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """表: cells are raw text, typed per column by the checker."""

    name: str
    name_span: Span
    alias: str | None
    key: Name | None
    range: RangeLine | None
    header: tuple[HeaderCell, ...]
    rows: tuple[RawRow, ...]
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause(Node):
    """Every judged block. ``kind``: ``decision compute condition requirement tiers bands score_sheet reward penalty
    restriction deadline tally deduction rule guarantee``; which line fits which kind is data of the checker."""

    kind: str
    name: str
    name_span: Span
    alias: str | None
    formula: Expr | None
    outcome: Type | None
    cites: tuple[str, ...]
    lines: tuple[Line, ...]
    table: RuleTable | None


@dataclass(frozen=True, slots=True)
class Meta(Node):
    """A header line: ``id version issuer source clauses currency calendar period subject cycle rounding amends``."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Effective(Node):
    start: date | Name | None
    end: date | None


@dataclass(frozen=True, slots=True)
class KeyResults(Node):
    """要点：the results that a reader wants first, in their order."""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Amendment(Node):
    """A document that has changed the policy, and from when to when it is in force."""

    id: str
    title: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class FiscalYear(Node):
    """The day on which fiscal years begin, or the first days of their quarters; ``by_first``: named by the year in
    which they begin."""

    start: tuple[int, int] | None
    listed: tuple[date, ...]
    by_first: bool

    @property
    def said(self) -> tuple[object, ...]:
        return self.start, self.listed, self.by_first


@dataclass(frozen=True, slots=True)
class Policy(Node):
    """The header block; ``amended``: by what, in this order (not written here, but found out)."""

    title: str
    meta: tuple[Meta, ...]
    effective: Effective | None
    keys: tuple[KeyResults, ...]
    fiscal: FiscalYear | None
    gates: tuple[FieldLine, ...]
    notes: tuple[Annotation, ...]
    amended: tuple[Amendment, ...] = ()


# ---------------------------------------------------------------------------------------------- examples
@dataclass(frozen=True, slots=True)
class Binding(Node):
    name: Name
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class GivenRows(Node):
    """已知 台账：rows (``ledger`` may be the population)."""

    ledger: Name | Builtin
    header: tuple[HeaderCell, ...]
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class Outcome(Node):
    """``name`` [``（period）``] [``的 part``] and one of: a value, a range, a set of values, a state (with the facts it
    lacks)."""

    name: Name | Builtin
    part: Name | Builtin | None
    period: Period | None = None
    value: Expr | None = None
    high: Expr | None = None
    one_of: tuple[Expr, ...] = ()
    state: str | None = None
    lacking: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectRows(Node):
    ledger: Name | Builtin
    header: tuple[HeaderCell, ...]
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class Example(Node):
    name: str
    as_of: date | datetime | None
    given: tuple[Binding, ...]
    given_rows: tuple[GivenRows, ...]
    expect: tuple[Outcome, ...]
    expect_rows: tuple[ExpectRows, ...]
    notes: tuple[Annotation, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section(Node):
    """章节: a part of the document. Its citations and its 对象 are in the blocks below it that have none of their own;
    ``title`` may be empty."""

    title: str
    lines: tuple[FieldLine, ...]
    cites: tuple[str, ...]


# ---------------------------------------------------------------------------------------------- other files
@dataclass(frozen=True, slots=True)
class Change(Node):
    """A block that speaks of another file. ``policydsl/amending`` carries it out and leaves none behind."""


@dataclass(frozen=True, slots=True)
class Use(Change):
    """引用: what another file declares; ``names``: these only."""

    file: Text
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Amend(Change):
    """修改 block 的 part: another value, and which it was. A step that is the word of a line is a ``Builtin``.
    ``named``: the numbers that have a name in either."""

    path: tuple[Name | Builtin, ...]
    old: Cell | None
    new: Cell
    cites: tuple[str, ...]
    notes: tuple[Annotation, ...]
    named: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Prolong(Change):
    """修改 生效: from when to when the amended policy holds."""

    start: date
    end: date | None
    cites: tuple[str, ...]
    notes: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Repeal(Change):
    """废止."""

    names: tuple[Name, ...]
    cites: tuple[str, ...]
    notes: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Replace(Change):
    """替换: a block in place of the one of that name, facts of 数据 each in place of its own; ``parts``: what else is
    made of its words (得 X, a number with a name)."""

    block: Replaceable | Data
    parts: tuple[Block, ...] = ()


Replaceable = Clause | Table | OptionList | Ledger
Block = Section | Data | Ledger | Parameters | OptionList | MeasureList | Table | Clause | Example | Change


@dataclass(frozen=True, slots=True)
class File(Node):
    """A whole ``.pol`` file; ``dialect`` is ``zh`` or ``en``; ``sources`` are the texts."""

    dialect: Lit["zh", "en"]
    policy: Policy | None
    blocks: tuple[Block, ...]
    sources: Sources
