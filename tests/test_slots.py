"""Slot × kind: what each place of a line and each argument of a function takes, in both languages.

``TABLE`` is written from what the places mean, not read from the program: an amount is money, a start is a day, and so
on. Every place is tried with a fact of every kind; what is not listed has to be refused, at its place.
"""

from __future__ import annotations

import pytest

from policydsl.diagnostics import Diagnostic, Language, PolicyError
from policydsl.engine import examine, load_text
from policydsl.report import render_all
from policydsl.testing import run_examples
from policydsl.text.tables import load

# One fact of each kind: its name, and how it is declared.
KINDS = {
    "yesno": ("真假", "是否，随时间", "flag", "yes/no, over time"),
    "number": ("数", "数值", "figure", "number"),
    "percent": ("率", "百分比", "ratio", "percent"),
    "money": ("钱", "金额", "sum paid", "money"),
    "gross": ("税钱", "金额（含税）", "price gross", "money (tax included)"),
    "net": ("净钱", "金额（不含税）", "price net", "money (tax excluded)"),
    "count": ("家数", "数量（家）", "shops", "count (partners)"),
    "points": ("分值", "分数", "mark", "points"),
    "duration": ("长", "时长", "term", "duration"),
    "date": ("日子", "日期", "day one", "date"),
    "instant": ("刻", "时刻", "moment", "date and time"),
    "period": ("期", "期间", "span one", "period"),
    "text": ("字", "文本", "word", "text"),
    "choice": ("类", "选项（甲类、乙类）", "type", "choice (sort a, sort b)"),
    "ordered": ("阶", "选项（低、高），由低到高", "rung", "choice (low, high), lowest first"),
    "choices": ("步", "多选（丙、丁）", "stages", "choices (step c, step d)"),
}
HEAD = {
    "zh": (
        "政策 试\n  编号：T\n  财年起始：4月1日\n措施清单：补足、降级\n"
        "台账 单\n  号：文本\n  额：金额\n  公告日：日期\n  级：选项（轻、重）\n"
        "参数\n  1元 ＝ 0.14美元 【央行】\n表 价目\n  | 型号 | 价 |\n  | A | 1元 |\n"
        "期限 有效\n  逐条：单\n  起算：公告日\n  时长：1年\n数据\n"
    ),
    "en": (
        "policy trial\n  id: T\n  fiscal year: 1 April\nmeasure list: top up, downgrade\n"
        "ledger notes\n  label: text\n  value: money\n  told on: date\n  weight class: choice (light, heavy)\n"
        "parameters\n  CNY 1 = USD 0.14 [central bank]\ntable prices\n  | model | price |\n  | A | CNY 1 |\n"
        "deadline valid\n  for each: notes\n  from: told on\n  length: 1 year\ndata\n"
    ),
}
MONEY = {"money", "gross", "net"}
QUANTITY = {"number", "percent", "count", "points", *MONEY}
MEASURED = QUANTITY | {"duration"}
DAY = {"date", "instant"}
DATED = DAY | {"period"}
PARTY = {"text", "choice", "ordered", "choices"}
KEY = {"text", "choice", "ordered"}
ANYTHING = set(KINDS)

DEDUCT_ZH = (
    "抵扣 {n}\n  应付：{p}\n  次序：{o}\n  不足：补足，自 {s} 起 1个月 内\n"
    "  完成：{d}，逐条 单，按 {b}\n  逾期：每日 {r}"
)
DEDUCT_EN = (
    "deduction {n}\n  payable: {p}\n  order: {o}\n  shortfall: top up, from {s} for 1 month\n"
    "  done on: {d}, each notes, by {b}\n  if late: per day {r}"
)


def deduct(**place: str) -> tuple[str, str]:
    zh = {"p": "钱", "o": "钱", "s": "日子", "d": "额", "b": "公告日", "r": "1%"} | place
    en = {"p": "sum paid", "o": "sum paid", "s": "day one", "d": "value", "b": "told on", "r": "1%"} | place
    return DEDUCT_ZH.format(n="{n}", **zh), DEDUCT_EN.format(n="{n}", **en)


# (place, Chinese, English, the kinds that fit); {n} is the name of the block, {x} the value that is tried.
TABLE: list[tuple[str, str, str, set[str]]] = [
    # rewards and penalties
    ("amount", "奖励 {n}\n  金额：{x}", "reward {n}\n  amount: {x}", MONEY),
    ("base of steps", "奖励 {n}\n  基数：{x}\n  每满：{x}，奖 1元",
     "reward {n}\n  base: {x}\n  every: {x}, earns CNY 1", MEASURED),
    ("step", "奖励 {n}\n  基数：钱\n  每满：{x}，奖 1元",
     "reward {n}\n  base: sum paid\n  every: {x}, earns CNY 1", MONEY),
    ("prize", "奖励 {n}\n  基数：数\n  每满：2，奖 {x}", "reward {n}\n  base: figure\n  every: 2, earns {x}", MONEY),
    ("gain", "计算 {n}\n  基数：数\n  每满：2，得 {x}", "compute {n}\n  base: figure\n  every: 2, earns {x}", MEASURED),
    ("base of slices", "奖励 {n}\n  基数：{x}\n  计法：超额累进\n  | {x} | 比例 |\n  | 不限 | 3% |",
     "reward {n}\n  base: {x}\n  method: by slices\n  | {x} | rate |\n  | any | 3% |", MONEY),
    ("rate of slices", "奖励 {n}\n  基数：钱\n  计法：超额累进\n  | 钱 | 比例 |\n  | 1元 以上 | {x} |",
     "reward {n}\n  base: sum paid\n  method: by slices\n  | sum paid | rate |\n  | CNY 1 or more | {x} |",
     {"number", "percent", "count"}),
    ("what a step pays", "奖励 {n}\n  计法：逐档\n  | 钱 | 金额 |\n  | 1元 以上 | {x} |",
     "reward {n}\n  method: each step reached\n  | sum paid | amount |\n  | CNY 1 or more | {x} |", MONEY),
    ("points of a step", "计算 {n}\n  计法：逐档\n  | 钱 | 分 |\n  | 1元 以上 | {x} |",
     "compute {n}\n  method: each step reached\n  | sum paid | points |\n  | CNY 1 or more | {x} |", MEASURED),
    ("amount of a penalty", "处罚 {n}\n  金额：{x}", "penalty {n}\n  amount: {x}", MONEY),
    ("base of rates", "奖励 {n}\n  基数：{x}\n  | 阶 | 比例 |\n  | 高 | 3% |",
     "reward {n}\n  base: {x}\n  | rung | rate |\n  | high | 3% |", MONEY),
    ("base of amounts", "奖励 {n}\n  基数：{x}\n  | 阶 | 每家 |\n  | 高 | 100元 |",
     "reward {n}\n  base: {x}\n  | rung | each |\n  | high | CNY 100 |", {"number", "percent", "count"}),
    ("rate of an amount", "奖励 {n}\n  基数：钱\n  | 阶 | 比例 |\n  | 高 | {x} |",
     "reward {n}\n  base: sum paid\n  | rung | rate |\n  | high | {x} |", {"number", "percent", "count"}),
    ("amount by row", "奖励 {n}\n  | 阶 | 金额 |\n  | 高 | {x} |",
     "reward {n}\n  | rung | amount |\n  | high | {x} |", MONEY),
    ("amount by ordinal", "处罚 {n}\n  逐条：单\n  统计期：有效\n  | 次数 | 金额 |\n  | 首次 | {x} |",
     "penalty {n}\n  for each: notes\n  window: valid\n  | occurrence | amount |\n  | 1st | {x} |", MONEY),
    ("pool", "奖励 {n}\n  资金池：{x}\n  分配：平均", "reward {n}\n  pool: {x}\n  share: equally",
     QUANTITY - {"percent"}),
    ("cap for each", "奖励 {n}\n  逐条：单\n  金额：额\n  上限：每个 号 {x}，按 公告日 先后",
     "reward {n}\n  for each: notes\n  amount: value\n  cap: per label {x}, by told on earliest first", MONEY),
    ("order of a cap for each", "奖励 {n}\n  逐条：单\n  金额：额\n  上限：每个 号 1元，按 {x} 先后",
     "reward {n}\n  for each: notes\n  amount: value\n  cap: per label CNY 1, by {x} earliest first",
     MEASURED | DATED | {"ordered"}),
    ("what a budget is of", "计算 {n} ＝ {x}\n  预算：{x}，按 日子 先后\n  末份：付余额",
     "compute {n} = {x}\n  budget: {x}, by day one earliest first\n  last one: in part", QUANTITY - {"percent"}),
    ("weight in a pool", "奖励 {n}\n  资金池：100分\n  分配：按 {x} 比例",
     "reward {n}\n  pool: 100 points\n  share: by {x} proportionally", QUANTITY),
    ("order of a pool", "奖励 {n}\n  资金池：100分\n  分配：按 {x} 由低到高，同者 平均",
     "reward {n}\n  pool: 100 points\n  share: by {x} lowest first, those level equally",
     MEASURED | DATED | {"ordered"}),
    ("cap in a pool", "奖励 {n}\n  资金池：100元\n  分配：平均\n  上限：{x}\n  超出：再分",
     "reward {n}\n  pool: CNY 100\n  share: equally\n  cap: {x}\n  above the cap: shared again", MONEY),
    ("cap", "奖励 {n}\n  金额：钱\n  上限：{x}", "reward {n}\n  amount: sum paid\n  cap: {x}", MONEY),
    ("less", "奖励 {n}\n  金额：钱\n  冲减：{x}", "reward {n}\n  amount: sum paid\n  less: {x}", MONEY),
    ("opening", "计算 {n}\n  统计期：每 1年，自 日子 起，按 公告日\n  期初：{x}\n  若 真假：{n}（上期）\n  否则：{x}",
     "compute {n}\n  window: per 1 year, from day one, by told on\n  opening: {x}\n"
     "  when flag: {n} (previous period)\n  otherwise: {x}", ANYTHING),
    ("opening of money", "计算 {n} ＝ {n}（上期） ＋ 钱\n  统计期：每 1年，自 日子 起，按 公告日\n  期初：{x}",
     "compute {n} = {n} (previous period) + sum paid\n  window: per 1 year, from day one, by told on\n"
     "  opening: {x}", MONEY),
    ("floor", "奖励 {n}\n  金额：钱\n  下限：{x}", "reward {n}\n  amount: sum paid\n  floor: {x}", MONEY),
    ("cap with tax", "奖励 {n}\n  金额：税钱\n  上限：{x}",
     "reward {n}\n  amount: price gross\n  cap: {x}", {"money", "gross"}),
    ("exception", "奖励 {n}\n  金额：钱\n  例外：若 真假，得 {x}",
     "reward {n}\n  amount: sum paid\n  exception: when flag, gives {x}", MONEY),
    ("exception to what is not stated", "奖励 {n}\n  金额：未规定\n  例外：若 真假，得 {x}",
     "reward {n}\n  amount: not stated\n  exception: when flag, gives {x}", MONEY),
    ("transfer", "处罚 {n}\n  划转：{x}", "penalty {n}\n  transfer: {x}", MONEY),
    ("borne by", "处罚 {n}\n  金额：钱\n  承担方：{x}", "penalty {n}\n  amount: sum paid\n  borne by: {x}", PARTY),
    ("in favour of", "处罚 {n}\n  划转：钱\n  受益方：{x}",
     "penalty {n}\n  transfer: sum paid\n  in favour of: {x}", PARTY),
    ("held since", "计算 {n} ＝ 持续自（{x}）", "compute {n} = held since ({x})", {"yesno"}),
    ("in currency", "计算 {n} ＝ 折合（{x}，美元）", "compute {n} = in currency ({x}, USD)", MONEY),
    # quotas and counts
    ("quota", "奖励 {n}\n  金额：钱\n  名额：前 {x}，按 日子 先后",
     "reward {n}\n  amount: sum paid\n  quota: first {x}, by day one earliest first", {"count"}),
    ("quota by", "奖励 {n}\n  金额：钱\n  名额：前 2家，按 {x} 先后",
     "reward {n}\n  amount: sum paid\n  quota: first 2 partners, by {x} earliest first",
     MEASURED | DATED | {"ordered"}),
    ("at least so many", "条件 {n}\n  至少满足 {x}\n  - 真假\n  - 率 ≥ 1%",
     "condition {n}\n  at least {x} of\n  - flag\n  - ratio >= 1%", {"count"}),
    ("every", "累计 {n}\n  统计：单，其中 级 为 轻\n  统计期：有效\n  每满：{x}\n  视为：1次 重",
     "tally {n}\n  counting: notes, where weight class is light\n  window: valid\n  every: {x}\n"
     "  counts as: 1 times heavy",
     {"count"}),
    # deductions
    ("payable", *deduct(p="{x}"), MONEY),
    ("order", *deduct(o="{x}"), MONEY),
    ("start of the shortfall", *deduct(s="{x}"), DATED),
    ("paid", *deduct(d="{x}"), MONEY),
    ("paid on", *deduct(b="{x}"), DATED),
    ("late fee", *deduct(r="{x}"), {"percent"}),
    ("late fee of a reward", "奖励 {n}\n  金额：钱\n  兑付：自 日子 起 30天 内\n  完成：日子\n  逾期：每日 {x}",
     "reward {n}\n  amount: sum paid\n  paid: from day one for 30 days\n  done on: day one\n  if late: per day {x}",
     {"percent"}),
    ("payout", "奖励 {n}\n  金额：钱\n  兑付：自 {x} 起 30天 内",
     "reward {n}\n  amount: sum paid\n  paid: from {x} for 30 days", DATED),
    ("order of debts", "抵扣 {n}\n  逐条：单，按 {x} 先后\n  应付：额\n  次序：钱",
     "deduction {n}\n  for each: notes, by {x} earliest first\n  payable: value\n  order: sum paid",
     MEASURED | DATED | {"ordered"}),
    # score sheets
    ("full marks", "评分 {n}\n  满分：{x}\n  | 项 | 满分 | 得分 |\n  | 甲项 | 5分 | 分值 |",
     "score sheet {n}\n  full marks: {x}\n  | item | full | score |\n  | a | 5 points | mark |", {"points"}),
    ("maximum", "评分 {n}\n  | 项 | 满分 | 得分 |\n  | 甲项 | {x} | 分值 |",
     "score sheet {n}\n  | item | full | score |\n  | a | {x} | mark |", {"points"}),
    ("score", "评分 {n}\n  | 项 | 满分 | 得分 |\n  | 甲项 | 5分 | {x} |",
     "score sheet {n}\n  | item | full | score |\n  | a | 5 points | {x} |", {"points"}),
    ("weight", "评分 {n}\n  | 项 | 权重 | 得分 |\n  | 甲项 | {x} | 分值 |",
     "score sheet {n}\n  | item | weight | score |\n  | a | {x} | mark |", {"percent"}),
    ("weighted score", "评分 {n}\n  | 项 | 权重 | 得分 |\n  | 甲项 | 100% | {x} |",
     "score sheet {n}\n  | item | weight | score |\n  | a | 100% | {x} |", {"points"}),
    ("pass mark", "评分 {n}\n  合格线：{x}\n  | 项 | 满分 | 得分 |\n  | 甲项 | 5分 | 分值 |",
     "score sheet {n}\n  pass mark: {x}\n  | item | full | score |\n  | a | 5 points | mark |", {"points"}),
    ("adjustment", "评分 {n}\n  加减分：{x}\n  | 项 | 满分 | 得分 |\n  | 甲项 | 5分 | 分值 |",
     "score sheet {n}\n  adjustment: {x}\n  | item | full | score |\n  | a | 5 points | mark |", {"points"}),
    ("cap of a score", "评分 {n}\n  上限：{x}\n  | 项 | 满分 | 得分 |\n  | 甲项 | 5分 | 分值 |",
     "score sheet {n}\n  cap: {x}\n  | item | full | score |\n  | a | 5 points | mark |", {"points"}),
    # conditions and ranges
    ("when", "条件 {n}\n  若：{x}", "condition {n}\n  when: {x}", {"yesno"}),
    ("for", "奖励 {n}\n  对象：{x}\n  金额：钱", "reward {n}\n  for: {x}\n  amount: sum paid", {"yesno"}),
    ("unless", "奖励 {n}\n  除非：{x}\n  金额：钱", "reward {n}\n  unless: {x}\n  amount: sum paid", {"yesno"}),
    ("range", "计算 {n} ＝ 钱\n  范围：0元 至 {x}", "compute {n} = sum paid\n  range: CNY 0 to {x}", MONEY),
    ("range of points", "计算 {n} ＝ 分值\n  范围：不超过 {x}", "compute {n} = mark\n  range: at most {x}", {"points"}),
    # time
    ("start", "期限 {n}\n  起算：{x}\n  时长：1个月", "deadline {n}\n  from: {x}\n  length: 1 month", DATED),
    ("length", "期限 {n}\n  起算：日子\n  时长：{x}", "deadline {n}\n  from: day one\n  length: {x}", {"duration"}),
    ("due", "期限 {n}\n  截止：{x}", "deadline {n}\n  due: {x}", DATED),
    ("done", "期限 {n}\n  截止：日子\n  完成：{x}", "deadline {n}\n  due: day one\n  done on: {x}", DATED),
    ("from when", "处罚 {n}\n  若：真假\n  措施：降级，自 {x} 起 1个月",
     "penalty {n}\n  when: flag\n  measures: downgrade, from {x} for 1 month", DATED),
    ("as of", "计算 {n} ＝ 钱 于 {x}", "compute {n} = sum paid as of {x}", DAY),
    ("what falls in", "条件 {n}：{x} 在 期 内", "condition {n}: {x} falls in span one", DATED),
    ("falls in what", "条件 {n}：日子 在 {x} 内", "condition {n}: day one falls in {x}", {"period"}),
    ("within", "条件 {n}：{x} 在 日子 后 5天 内", "condition {n}: {x} within 5 days after day one", DATED),
    # what is looked for
    ("in a ledger", "条件 {n}：{x} 属于 单", "condition {n}: {x} is in notes", KEY | {"choices"}),
    ("in a table", "条件 {n}：{x} 属于 价目", "condition {n}: {x} is in prices", KEY | {"choices"}),
    ("key of a table", "计算 {n} ＝ 价目（{x}）", "compute {n} = prices ({x})", KEY),
    ("column of a table", "计算 {n} ＝ 价目（字，{x}）", "compute {n} = prices (word, {x})", KEY),
    ("includes", "条件 {n}：{x} 包含 丙", "condition {n}: {x} includes step c", {"choices"}),
    ("goes in order", "条件 {n}：{x} 依次为 丙、丁", "condition {n}: {x} goes in order (step c, step d)", {"choices"}),
    ("one of everyone", "条件 {n}：{x} 属于 全体", "condition {n}: {x} is in everyone", set()),
    # aggregates
    ("sum of", "计算 {n} ＝ 合计（{x}，逐条 单）", "compute {n} = sum of ({x}, each notes)", MEASURED),
    ("average of", "计算 {n} ＝ 平均（{x}，逐条 单）", "compute {n} = average of ({x}, each notes)", MEASURED),
    ("largest of", "计算 {n} ＝ 最大（{x}，逐条 单）", "compute {n} = largest of ({x}, each notes)",
     MEASURED | DATED | {"ordered"}),
    ("smallest of", "计算 {n} ＝ 最小（{x}，逐条 单）", "compute {n} = smallest of ({x}, each notes)",
     MEASURED | DATED | {"ordered"}),
    ("earliest of", "计算 {n} ＝ 最早（{x}，逐条 单）", "compute {n} = earliest of ({x}, each notes)", DATED),
    ("latest of", "计算 {n} ＝ 最近（{x}，逐条 单）", "compute {n} = latest of ({x}, each notes)", DATED),
    ("number of different", "计算 {n} ＝ 不同个数（{x}，逐条 单）",
     "compute {n} = number of different ({x}, each notes)",
     ANYTHING),
    ("all of", "条件 {n}：全部（{x}，逐条 单）", "condition {n}: all of ({x}, each notes)", {"yesno"}),
    # functions
    ("higher of", "计算 {n} ＝ 取高（{x}，{x}）", "compute {n} = the higher of ({x}, {x})", MEASURED | {"ordered"}),
    ("lower of", "计算 {n} ＝ 取低（{x}，{x}）", "compute {n} = the lower of ({x}, {x})", MEASURED | {"ordered"}),
    ("higher of an amount and", "计算 {n} ＝ 取高（钱，{x}）", "compute {n} = the higher of (sum paid, {x})", MONEY),
    ("later of", "计算 {n} ＝ 取晚（{x}，{x}）", "compute {n} = the later of ({x}, {x})", DATED),
    ("earlier of", "计算 {n} ＝ 取早（{x}，{x}）", "compute {n} = the earlier of ({x}, {x})", DATED),
    ("limit", "计算 {n} ＝ 限于（{x}，{x}，{x}）", "compute {n} = limit ({x}, {x}, {x})", MEASURED),
    ("limit of an amount", "计算 {n} ＝ 限于（钱，0元，{x}）", "compute {n} = limit (sum paid, CNY 0, {x})", MONEY),
    ("rise from", "计算 {n} ＝ 增幅（{x}，{x}）", "compute {n} = rise from ({x}, {x})", QUANTITY),
    ("fall from an amount", "计算 {n} ＝ 降幅（钱，{x}）", "compute {n} = fall from (sum paid, {x})", MONEY),
    ("rise from net", "计算 {n} ＝ 增幅（净钱，{x}）", "compute {n} = rise from (price net, {x})", {"money", "net"}),
    ("months between", "计算 {n} ＝ 相隔月数（{x}，日子）",
     "compute {n} = full months between ({x}, day one)", DAY),
    ("months between and", "计算 {n} ＝ 相隔月数（日子，{x}）",
     "compute {n} = full months between (day one, {x})", DAY),
    ("years between", "计算 {n} ＝ 相隔年数（{x}，日子）",
     "compute {n} = full years between ({x}, day one)", DAY),
    ("years between and", "计算 {n} ＝ 相隔年数（日子，{x}）",
     "compute {n} = full years between (day one, {x})", DAY),
    ("working days between", "计算 {n} ＝ 相隔工作日数（{x}，日子）",
     "compute {n} = working days between ({x}, day one)", DAY),
    ("working days between and", "计算 {n} ＝ 相隔工作日数（日子，{x}）",
     "compute {n} = working days between (day one, {x})", DAY),
    ("share of period", "计算 {n} ＝ 占期（{x}，日子，期，实际天数）",
     "compute {n} = share of period ({x}, day one, span one, actual days)", DAY),
    ("share of period to", "计算 {n} ＝ 占期（日子，{x}，期，每月30天）",
     "compute {n} = share of period (day one, {x}, span one, 30 days a month)", DAY),
    ("share of what", "计算 {n} ＝ 占期（日子，日子，{x}，实际天数）",
     "compute {n} = share of period (day one, day one, {x}, actual days)", {"period"}),
    ("weekday", "计算 {n} ＝ 星期（{x}）", "compute {n} = weekday of ({x})", DAY),
    ("days between", "计算 {n} ＝ 相隔天数（{x}，日子）", "compute {n} = days between ({x}, day one)", DAY),
    ("days between and", "计算 {n} ＝ 相隔天数（日子，{x}）", "compute {n} = days between (day one, {x})", DAY),
    ("fiscal half of", "计算 {n} ＝ 财半年度（{x}）", "compute {n} = fiscal half of ({x})", DAY),
    ("fiscal quarter of", "计算 {n} ＝ 财季（{x}）", "compute {n} = fiscal quarter of ({x})", DAY),
    ("quarter of", "计算 {n} ＝ 季度（{x}）", "compute {n} = quarter of ({x})", DAY),
    ("half-year of", "计算 {n} ＝ 半年度（{x}）", "compute {n} = half-year of ({x})", DAY),
    ("fiscal year of", "计算 {n} ＝ 财年（{x}）", "compute {n} = fiscal year of ({x})", DAY),
    ("year of", "计算 {n} ＝ 年份（{x}）", "compute {n} = year of ({x})", DAY),
    ("month of", "计算 {n} ＝ 月份（{x}）", "compute {n} = month of ({x})", DAY),
    ("interest from", "计算 {n} ＝ 计息年数（{x}，日子，“30/360”）",
     "compute {n} = year fraction ({x}, day one, \"30/360\")", DAY),
    ("interest to", "计算 {n} ＝ 计息年数（日子，{x}，“30/360”）",
     "compute {n} = year fraction (day one, {x}, \"30/360\")", DAY),
    ("with tax", "计算 {n} ＝ 含税额（{x}，13%）", "compute {n} = with tax ({x}, 13%)", {"money", "net"}),
    ("without tax", "计算 {n} ＝ 不含税额（{x}，13%）", "compute {n} = without tax ({x}, 13%)", {"money", "gross"}),
    ("without tax at", "计算 {n} ＝ 不含税额（税钱，{x}）",
     "compute {n} = without tax (price gross, {x})", {"percent"}),
    ("whole times", "计算 {n} ＝ 整除（{x}，{x}）", "compute {n} = whole times ({x}, {x})", MEASURED),
    ("remainder", "计算 {n} ＝ 零头（{x}，{x}）", "compute {n} = remainder of ({x}, {x})", MEASURED),
    ("whole times of money", "计算 {n} ＝ 整除（钱，{x}）", "compute {n} = whole times (sum paid, {x})", MONEY),
    ("round", "计算 {n} ＝ 取整（{x}，{x}，舍去）", "compute {n} = round ({x}, {x}, down)", MEASURED),
    ("round of money", "计算 {n} ＝ 取整（钱，{x}，进一）", "compute {n} = round (sum paid, {x}, up)", MONEY),
    ("with tax at", "计算 {n} ＝ 含税额（净钱，{x}）", "compute {n} = with tax (price net, {x})", {"percent"}),
    ("minus", "计算 {n} ＝ －{x}", "compute {n} = -{x}", MEASURED),
]


def errors(text: str) -> list[Diagnostic]:
    """What is wrong with a text; how it could be mended is not tried out."""
    return [d for d in examine({"<text>": text}).diagnostics if d.severity == "error"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("place", "zh", "en", "fits"), TABLE, ids=[row[0] for row in TABLE])
def test_what_fits_where(place: str, zh: str, en: str, fits: set[str], language: Language) -> None:
    """One policy with the place once for each kind; refused are exactly the kinds that do not fit, where they stand."""
    of = 0 if language == "zh" else 2
    colon = "：" if language == "zh" else ": "
    head = HEAD[language] + "".join(f"  {k[of]}{colon}{k[of + 1]}\n" for k in KINDS.values())
    lines = head.splitlines()
    blocks: dict[str, tuple[int, int]] = {}
    for i, (kind, said) in enumerate(KINDS.items()):
        block = (zh if language == "zh" else en).format(n=f"块{i}" if language == "zh" else f"block {i}", x=said[of])
        blocks[kind] = (len(lines) + 1, len(lines) + len(block.splitlines()))
        lines += block.splitlines()
    found = errors("\n".join(lines) + "\n")
    refused = {
        kind for kind, (first, last) in blocks.items() if any(first <= d.span.line <= last for d in found)
    }
    assert refused == set(KINDS) - fits
    assert {d.code[:4] for d in found} <= {"POL3"}
    assert all(any(first <= d.span.line <= last for first, last in blocks.values()) for d in found)


def test_every_line_of_a_value_and_every_function_has_a_row() -> None:
    words = load().keywords
    for group in (words["fields"]["EXPRFIELD"], words["inline"]["FUNC"], words["inline"]["AGG"]):
        for value, spelled in group["values"].items():
            if value not in ("count", "any"):  # of a whole ledger, with conditions only
                assert any(spelled["zh"][0] in zh and spelled["en"][0] in en for _, zh, en, _ in TABLE), value


# ---------------------------------------------------------------------------------------------- what is told
def told(text: str) -> str:
    with pytest.raises(PolicyError) as refused:
        load_text(text)
    return render_all(refused.value.diagnostics, refused.value.sources, refused.value.dialect)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (
            ("数据\n  返利率：百分比\n奖励 返利\n  金额：返利率\n", "百分比", "金额", "业绩 × 返利率"),
            ("data\n  rebate rate: percent\nreward rebate\n  amount: rebate rate\n", "a percent", "an amount of money",
             "revenue * rebate rate"),
        ),
        (
            ("数据\n  台数：数量（台）\n奖励 台奖\n  金额：台数\n", "数量（台）", "金额", "台数 × 100元"),
            ("data\n  machines: count (units)\nreward prize\n  amount: machines\n", "a count of units",
             "an amount of money",
             "machines * CNY 100"),
        ),
        (
            ("数据\n  含税价：金额（含税）\n计算 再税 ＝ 含税额（含税价，13%）\n", "含税金额", "不含税金额",
             "不要再加税"),
            ("data\n  price: money (tax included)\ncompute more = with tax (price, 13%)\n", "with tax included",
             "without tax", "includes the tax already"),
        ),
        (
            ("数据\n  额：金额\n计算 早的 ＝ 取早（额，1元）\n", "金额", "日期", "取低"),
            ("data\n  value: money\ncompute first = the earlier of (value, CNY 1)\n", "an amount of money", "a date",
             "the lower of"),
        ),
        (
            ("数据\n  额：金额\n  季：期间\n计算 那时 ＝ 额 于 季\n", "期间", "日期", "首日"),
            ("data\n  value: money\n  assessed: period\ncompute then = value as of assessed\n", "a period", "a date",
             "first day"),
        ),
    ],
)
def test_what_was_given_what_is_wanted_and_a_way_out(zh: tuple[str, ...], en: tuple[str, ...]) -> None:
    for head, (text, *says) in (("政策 试\n  编号：T\n", zh), ("policy trial\n  id: T\n", en)):
        shown = told(head + text)
        assert all(part in shown for part in says), shown


@pytest.mark.parametrize(
    ("line", "code", "severity"),
    [
        ("奖励 奖\n  金额：100", "POL304", "warning"),
        ("奖励 奖\n  金额：0", None, None),
        ("奖励 奖\n  金额：钱\n  上限：50", "POL304", "warning"),
        ("评分 考\n  合格线：3\n  | 项 | 满分 | 得分 |\n  | 甲 | 5分 | 3分 |", "POL319", "warning"),
        ("计算 税 ＝ 含税额（钱，0.13）", "POL303", "error"),
        ("奖励 奖\n  金额：未规定", None, None),
        ("处罚 罚\n  金额：钱\n  承担方：未规定", None, None),
        ("奖励 奖\n  金额：钱\n  名额：前 未规定，按 钱 由高到低", "POL340", "error"),
    ],
)
def test_numbers_without_a_unit_and_what_is_not_stated(line: str, code: str | None, severity: str | None) -> None:
    """A bare number is read with a warning where only one unit can be meant; of a percent 0.13 may be 13% or 0.13%."""
    text = f"政策 试\n  编号：T\n数据\n  钱：金额\n{line}\n"
    try:
        found = load_text(text).diagnostics
    except PolicyError as refused:
        found = refused.diagnostics
    assert [(d.code, d.severity) for d in found if d.code != "POL212"] == ([(code, severity)] if code else [])


# ---------------------------------------------------------------------------------------------- totals
def test_the_total_of_rewards_leaves_nothing_out() -> None:
    """100 + 1000 × 3% + 2 × 50 + 7 + (5 + 6) + 9, of records and by row alike; a bare 7 is 7 yuan."""
    made = load_text(
        "政策 试\n  编号：T\n数据\n  钱：金额，默认 1000元\n  台数：数量（台），默认 2台\n"
        "  级：选项（金、银），默认 金\n"
        "台账 单，默认 无\n  号：文本\n  额：金额\n"
        "奖励 定额\n  金额：100元\n奖励 按比例\n  基数：钱\n  | 级 | 比例 |\n  | 金 | 3% |\n"
        "奖励 每台\n  基数：台数\n  | 级 | 金额 |\n  | 金 | 50元 |\n奖励 光数\n  金额：7\n"
        "奖励 逐条奖\n  逐条：单\n  金额：额\n奖励 例外奖\n  例外：若 级 为 金，得 9元\n"
        "处罚 不在内\n  金额：1元\n计算 全部 ＝ 奖励合计\n计算 每条\n  逐条：单\n  若 额 ≥ 0元：奖励合计\n"
        "示例 一\n  评估日：2024年6月30日\n  已知 单：\n  | 号 | 额 |\n  | a | 5元 |\n  | b | 6元 |\n"
        "  应得：全部 ＝ 257元\n  应得 单：\n  | 号 | 每条 |\n  | a | 5元 |\n  | b | 6元 |\n"
    )
    (report,) = run_examples(made)
    assert report.failures == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("奖励 甲\n  金额：1元（含税）\n奖励 乙\n  金额：1元（不含税）\n计算 全部 ＝ 奖励合计\n", "POL306"),
        ("奖励 甲\n  金额：1元（含税）\n奖励 乙\n  金额：1元\n计算 全部 ＝ 奖励合计\n", None),
        # of a record there is no reward, and those of the party are not its own
        ("奖励 甲\n  金额：1元\n计算 每条\n  逐条：单\n  若 额 ≥ 0元：奖励合计\n", "POL321"),
    ],
)
def test_totals_of_what_does_not_add_up(text: str, code: str | None) -> None:
    found = errors(f"政策 试\n  编号：T\n台账 单\n  号：文本\n  额：金额\n{text}")
    assert [d.code for d in found] == ([code] if code else [])
