"""Every word the rendering of a verdict uses, zh and en side by side."""

from __future__ import annotations

from policydsl.diagnostics import Language

STATES: dict[str, tuple[str, str]] = {
    "yes": ("成立", "holds"),
    "no": ("不成立", "fails"),
    "unknown": ("未定", "undetermined"),
    "na": ("不适用", "not applicable"),
    "not_applicable": ("不适用", "not applicable"),
    "conflict": ("冲突", "in conflict"),
    "pending": ("未到期", "pending"),
    "waiting": ("未开始", "not begun"),
    "running": ("期限内", "running"),
    "met": ("按时", "on time"),
    "late": ("已逾期", "overdue"),
    "pass": ("合格", "passed"),
    "fail": ("不合格", "not passed"),
    "late_debt": ("已逾期", "overdue"),
    "not_late_debt": ("未逾期", "not overdue"),
    "barred": ("受限", "barred"),
    "free": ("不受限", "free"),
}

MODALITIES: dict[str, tuple[str, str]] = {
    "must": ("应当", "must"),
    "may": ("可以", "may"),
    "may_one_of": ("可以择一", "may one of"),
    "must_one_of": ("至少一项", "at least one of"),
    "must_not": ("不得", "must not"),
    "deemed": ("视为", "deemed"),
}

# Why something is not known; the order is the one in which a single reason is picked.
REASONS: dict[str, tuple[str, str]] = {
    "missing": ("缺事实", "facts are missing"),
    "parameter": ("参数未定", "a parameter has not been set"),
    "population": ("需要全体名单", "needs the whole population"),
    "tie": ("并列，次序未定", "a tie that the policy does not settle"),
    "discretion": ("须由人决定", "someone has to decide"),
    "not_computable": ("无法计算", "cannot be computed"),
    "not_stated": ("文件未规定", "the document does not say"),
}

FIRED: dict[str, tuple[str, str]] = {
    "fired": ("成立", "applies"),
    "not_fired": ("不成立", "does not apply"),
    "overridden": ("已被取代", "superseded"),
    "unknown": ("未定", "undetermined"),
    "not_applicable": ("不适用", "not applicable"),
}

# The part an entry of the trace plays in its rule; any other label is the author's own words.
ROLES: dict[str, tuple[str, str]] = {
    "for": ("对象", "for"),
    "only": ("仅计", "only"),
    "when": ("若", "when"),
    "item": ("条", "item"),
    "unless": ("除非", "unless"),
    "case": ("情形", "case"),
    "otherwise": ("否则", "otherwise"),
    "exception": ("例外", "exception"),
    "row": ("行", "row"),
    "quota": ("名额", "quota"),
    "adjust": ("加减分", "adjustment"),
}

# Further values of a result that the engine names itself.
PARTS: dict[str, tuple[str, str]] = {
    "payable": ("应付", "payable"),
    "shortage": ("差额", "shortage"),
    "pay_by": ("最后付款日", "last payment day"),
    "unpaid": ("未付", "unpaid"),
    "days_late": ("逾期天数", "days late"),
    "late_fee": ("逾期违约金", "late fee"),
    "barred": ("受限", "barred"),
}

# Why a value cannot be computed, beside the reason.
NOTES: dict[str, tuple[str, str]] = {
    "no_case": ("没有一种情形成立", "no case holds"),
    "no_record": ("没有对应的记录", "there is no such record"),
    "no_row": ("表里没有这一行", "the table has no such row"),
    "empty_list": ("没有可计的记录", "there are no records to count"),
    "division_by_zero": ("除数为零", "division by zero"),
    "date_out_of_range": ("日期超出范围", "the date is out of range"),
    "calendar_coverage": ("{0}年的工作日安排未公布", "the working days of {0} are not published"),
    "no_time_of_day": ("只有日期，没有时刻", "a day without a time"),
    "no_fiscal_year": ("没有设定财年起始", "no start of the fiscal year is set"),
    "no_period": ("没有这个期间", "there is no such period"),
}

REMARKS: dict[str, tuple[str, str]] = {
    "before_effective": ("评估日早于政策生效日", "the evaluation date is before the policy takes effect"),
    "after_effective": ("评估日晚于政策终止日", "the evaluation date is after the policy has ended"),
    "outside_range": ("算出的值超出写明的范围：", "a computed value lies outside its stated range: "),
}

AS_OF_FROM: dict[str, tuple[str, str]] = {
    "option": ("由 --as-of 指定", "given by --as-of"),
    "sheet": ("取自事实表", "from the fact sheet"),
    "today": ("未指定，取今天", "not given, today"),
}

DURATIONS: dict[str, tuple[str, str]] = {
    "D": ("天", "day"),
    "WD": ("个工作日", "working day"),
    "W": ("周", "week"),
    "M": ("个月", "month"),
    "Q": ("个季度", "quarter"),
    "Y": ("年", "year"),
    "H": ("小时", "hour"),
    "MIN": ("分钟", "minute"),
    "SEC": ("秒", "second"),
}

SINGULAR: dict[str, str] = {"people": "person"}

# Whether a state or an operator is worded for numbers (不低于) or for days (不早于).
RANGES: dict[str, tuple[str, str]] = {
    ">=": ("不低于 {0}", "at least {0}"),
    ">": ("高于 {0}", "more than {0}"),
    "<=": ("不超过 {0}", "at most {0}"),
    "<": ("低于 {0}", "less than {0}"),
    ">=day": ("不早于 {0}", "not before {0}"),
    ">day": ("晚于 {0}", "after {0}"),
    "<=day": ("不晚于 {0}", "not after {0}"),
    "<day": ("早于 {0}", "before {0}"),
}

# The fixed phrases of the text view. {0}, {1} are filled.
PHRASES: dict[str, tuple[str, str]] = {
    "none": ("无", "none"),
    "unlimited": ("不限", "any"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "or": (" 或 ", " or "),
    "or_none": ("{0}，或 无", "{0}, or none"),
    "list": ("、", ", "),
    "to": ("{0} 至 {1}", "{0} to {1}"),
    "and": ("{0} 且 {1}", "{0} and {1}"),
    "anything": ("未知", "not known"),
    "not_stated": ("未规定", "not stated"),
    "about": ("约 {0}（{1}）", "about {0} ({1})"),
    "many": ("{0} 等 {1} 种", "{0} and others, {1} in all"),
    "among": ("{0} 至 {1} 中的 {2} 个值", "one of {2} values from {0} to {1}"),
    "paren": ("{0}（{1}）", "{0} ({1})"),
    "tax_incl": ("含税", "tax included"),
    "tax_excl": ("不含税", "tax excluded"),
    "version": ("版本 {0}", "version {0}"),
    "party": ("评判对象", "Party"),
    "as_of": ("评估日", "As of"),
    "effective": ("生效", "In force"),
    "source": ("来源", "Source"),
    "from": ("自 {0} 起", "from {0}"),
    "from_to": ("{0} 至 {1}", "{0} to {1}"),
    "until": ("至 {0} 止", "until {0}"),
    "verdict": ("结论", "Verdict"),
    "determined": ("全部已定（{0} 项）", "all decided ({0})"),
    "undetermined": ("{0} 项已定，{1} 项未定", "{0} decided, {1} undetermined"),
    "remark": ("提示", "Remark"),
    "open_results": ("未定", "Undetermined"),
    "na_results": ("不适用", "Not applicable"),
    "missing": ("还缺", "Still missing"),
    "missing_facts": ("事实（由填表人补充）", "Facts (for the sheet)"),
    "missing_parameters": ("参数（由政策作者确定）", "Parameters (for the author to set)"),
    "wanted_by": ("影响 {0}", "settles {0}"),
    "lacks": ("缺 {0}", "lacking {0}"),
    "grounds": ("依据", "Grounds"),
    "other_rules": ("其他规则", "Other rules"),
    "line": ("第{0}行", "line {0}"),
    "actual": ("实际 {0}", "actual {0}"),
    "required": ("要求 {0}", "required {0}"),
    "short": ("还差 {0}", "short by {0}"),
    "over": ("超出 {0}", "over by {0}"),
    "early": ("早了 {0}", "{0} too early"),
    "late": ("晚了 {0}", "{0} too late"),
    "level": ("恰好相等", "exactly equal"),
    "apart": ("差 {0}", "off by {0}"),
    "lacking_items": ("缺 {0}", "lacks {0}"),
    "reads": ("取自 {0}", "from {0}"),
    "deemed": ("视为", "deemed"),
    "records": ("{1} 条中 {0} 条", "{0} of {1} records"),
    "no_record_results": ("没有相关记录", "No records"),
    "colon": ("{0}：{1}", "{0}: {1}"),
    "record_count": ("{0} 条", "{0} records"),
    "one_record": ("1 条", "1 record"),
    "some": ("{0} {1}", "{0} {1}"),
    "no_tier": ("无等级", "no tier"),
    "recorded": ("只作记录", "recorded only"),
    "because_of": ("因 {0}", "because of {0}"),
    "bearer": ("承担方 {0}", "borne by {0}"),
    "favour": ("受益方 {0}", "in favour of {0}"),
    "afterwards": ("期满后 {0}", "afterwards {0}"),
    "due": ("截止 {0}", "due {0}"),
    "note": ("注", "note"),
    "doubt": ("疑义", "open question"),
    "ruling": ("裁定", "ruling"),
    "unruled": ("疑义未裁定", "open question without a ruling"),
    "hull": ("范围可能偏宽", "bounds may be wide"),
    "conflict": ("例外互相冲突：{0}", "exceptions disagree: {0}"),
    "population": ("共 {0} 份事实表", "{0} fact sheets"),
    "party_number": ("第 {0} 份", "sheet {0}"),
}


def word(table: dict[str, tuple[str, str]], key: str, lang: Language) -> str:
    """The word of a table; a key that is not in it is shown as it is."""
    pair = table.get(key)
    if pair is None:
        return key
    return pair[0] if lang == "zh" else pair[1]


def phrase(key: str, lang: Language, *args: str) -> str:
    """A fixed phrase with its places filled."""
    text = PHRASES[key][0 if lang == "zh" else 1]
    return text.format(*args) if args else text
