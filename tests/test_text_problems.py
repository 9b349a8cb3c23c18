"""What the author is told: where, in which words, with what advice."""

from __future__ import annotations

import re

import pytest

from policydsl import catalogue
from policydsl.diagnostics import Diagnostic, Language
from policydsl.report import render
from policydsl.text import parse
from policydsl.text.tables import load

Case = tuple[Language, str, int, str, str, str]
MONEY = "数据\n 整体业绩：金额\n"
REVENUE = "data\n  revenue: money\n"
# language, text, line, code, part of what the author reads, and another part
CASES: list[Case] = [
    ("zh", "数据\n  整体业绩（含税）：金额\n", 2, "POL102", "这里不能写“（含税）”", "名称里不要带括号"),
    ("zh", "数据\n  整体业绩 金额\n", 2, "POL103", "这一行还没写完", "中间要有冒号"),
    ("zh", "数据\n  整体业绩：金钱（含税）\n", 2, "POL101", "看不懂“金钱”", "是不是想写“金额”？"),
    ("zh", "数据\n  整体业绩：必填\n", 2, "POL102", "这里不能写“必填”", "先写类型"),
    ("zh", "数据\n 甲：金额，别名 总额\n", 2, "POL101", "“总额”", "英文字母"),
    ("zh", MONEY + "要求 达标：整体业绩 不底于 150万元\n", 3, "POL101", "看不懂“不底于”", "不低于"),
    ("zh", MONEY + "要求 达标：整体业绩不底于150万元\n", 3, "POL101", "看不懂“不底于”", "不低于"),
    ("zh", MONEY + "要求 达标：整休业绩 不低于 150万元\n", 3, "POL201", "“整休业绩”没有声明过", "整体业绩"),
    (
        "zh",
        MONEY + "要求 达标：整体业绩 不低于 150万元 and 整体业绩 已填\n",
        3,
        "POL101",
        "看不懂“and”",
        "是不是想写“且”？",
    ),
    ("zh", MONEY + "要求 达标：整体业绩 不低于\n", 3, "POL103", "还没写完", "比较词后面要有一个值"),
    ("zh", MONEY + "要求 达标：整体业绩 不低于 约150万元\n", 3, "POL106", "“约”没有明确的界限", ""),
    ("zh", MONEY + "要求 达标：整体业绩 不低于 150万元左右\n", 3, "POL106", "“左右”没有明确的界限", ""),
    ("zh", "数据\n 渠道：选项（甲、乙）\n奖励 丙\n 对象：渠道 属于 甲，乙\n", 4, "POL102", "这里不能写“，”", "顿号"),
    ("zh", "数据\n 渠道：选项（甲、乙）\n奖励 丙\n 对象：渠道 属于 甲、乙等\n", 4, "POL106", "“等”没有明确的界限", ""),
    ("zh", MONEY + "计算 奖金 ＝ 取高（1万元，整体业绩 × 3%\n计算 其他 ＝ 1元\n", 3, "POL104", "“（”没有配对", ""),
    ("zh", MONEY + "奖励 甲\n 金额：取高（1万元，整体业绩 × 3%\n 上限：5万元\n", 4, "POL104", "“（”没有配对", ""),
    ("zh", "奖历 破冰奖励\n 金额：2万元\n", 1, "POL101", "看不懂“奖历”", "是不是想写“奖励”？"),
    ("zh", "奖励破冰奖励\n 金额：2万元\n", 1, "POL101", "看不懂“奖励破冰奖励”", "是不是想写“奖励 破冰奖励”？"),
    ("zh", MONEY + "分档 得分\n | 整体业绩 | 得分 |\n | 低与100万元 | 0分 |\n", 5, "POL101", "“低与”", "低于"),
    ("zh", "措施清单：降级\n处罚 甲\n 措施：降级，为期 一个季度\n", 3, "POL101", "看不懂“为期”", "要写明起点"),
    ("zh", "措施清单：降级\n处罚 甲\n 措施：降级，一个季度\n", 3, "POL102", "这里不能写“一个季度”", "要写明起点"),
    (
        "zh",
        MONEY + " 签约：是否\n奖励 甲\n 若：整体业绩 超过 1万元 除非 签约\n",
        5,
        "POL102",
        "这里不能写“除非”",
        "另起一行",
    ),
    ("zh", "数据\n 签约：是否\n奖励 甲\n 例外：签约\n 金额：1万元\n", 4, "POL103", "还没写完", "例外总有一个值"),
    ("zh", "数据\n 乙：是否\n要求 甲\n 至少满足\n - 乙\n", 4, "POL103", "还没写完", ""),
    ("zh", "数据\n 日：日期\n奖励 甲\n 名额：前 30家\n", 4, "POL103", "还没写完", "按什么排先后"),
    ("zh", "期限 甲\n 截止：2022年2月30日\n", 2, "POL107", "没有“2022年2月30日”", ""),
    ("zh", MONEY + "条件 甲：整体业绩 超过 150万元 以上\n", 3, "POL109", "“超过”和后面的“以上”", ""),
    ("zh", "奖励 甲 【4.2\n 金额：1元\n", 1, "POL110", "缺“】”", ""),
    ("zh", MONEY + "条件 甲：整体业绩 为 “多\n", 3, "POL110", "缺“””", ""),
    ("zh", "数据\n 人数：数量（人），≠ 0人\n", 2, "POL113", "不是范围", ""),
    ("zh", "数据\n 级别：选项（一类、二类），由高到低\n", 2, "POL114", "由低到高列出", ""),
    (
        "en",
        REVENUE + "requirement ok: revenue at lest CNY 1.5 million\n",
        3,
        "POL101",
        "'at lest' is not understood",
        "Did you mean 'at least'?",
    ),
    (
        "en",
        REVENUE + "requirement ok: revenu at least CNY 1.5 million\n",
        3,
        "POL201",
        "'revenu' has not been declared",
        "revenue",
    ),
    (
        "en",
        REVENUE + "requirement ok: revenue at least about CNY 1.5 million\n",
        3,
        "POL106",
        "'about' draws no clear line",
        "",
    ),
    ("en", "data\n  revenue (tax included): money\n", 2, "POL102", "cannot stand here", "Keep brackets out"),
    (
        "en",
        "measure list: downgrade\npenalty a\n  measures: downgrade, lasting 1 quarter\n",
        3,
        "POL101",
        "'lasting'",
        "span needs a start",
    ),
    (
        "en",
        REVENUE + "requirement ok: revenue 不低于 CNY 1.5 million\n",
        3,
        "POL101",
        "'不低于'",
        "Did you mean 'at least'?",
    ),
]


def problems(text: str, code: Language, *, fragment: bool = True) -> tuple[list[Diagnostic], str]:
    """The errors, and all that the author reads."""
    file, found = parse(text, "x.pol", dialect=code, fragment=fragment)
    return [p for p in found if p.severity == "error"], "\n".join(render(p, file.sources, code) for p in found)


@pytest.mark.parametrize(("code", "text", "line", "problem", "words", "more"), CASES)
def test_a_fault_is_named_at_its_place(
    code: Language, text: str, line: int, problem: str, words: str, more: str
) -> None:
    found, shown = problems(text, code)
    assert [(p.code, p.span.line) for p in found] == [(problem, line)], shown
    assert words in shown and more in shown, shown


def test_the_anatomy_of_a_message() -> None:
    _, shown = problems(MONEY + "要求 业绩达标：整体业绩 不底于 150万元\n", "zh")
    assert shown == (
        "错误 POL101 x.pol 第 3 行第 14 列：看不懂“不底于”\n"
        "  3 | 要求 业绩达标：整体业绩 不底于 150万元\n"
        "    |                         ^^^^^^\n"
        "  这里可以写：比较词（不低于、不超过、超过、低于、为、属于 …）；且、或；换行\n"
        "  是不是想写“不低于”或“不少于”或“不小于”？"
    )


def test_the_caret_is_under_the_word_whatever_its_width() -> None:
    _, shown = problems("数据\n\t整\u200b体业绩：金钱\n", "zh")
    line, caret = shown.splitlines()[1:3]
    assert line == "  2 |  整\ufffd体业绩：金钱"
    assert caret == "    |             ^^^^"


def test_and_mixed_with_or_shows_both_bracketings() -> None:
    names = "数据\n" + "".join(f" {name}：是否\n" for name in "甲乙丙丁")
    found, shown = problems(names + "条件 试：甲 或 乙 且 丙\n", "zh")
    assert [p.code for p in found] == ["POL105"]
    assert "“甲 或 （乙 且 丙）”" in shown and "“（甲 或 乙） 且 丙”" in shown
    found, shown = problems(names + "条件 试：甲 且 乙 或 丙\n", "zh")
    assert "“（甲 且 乙） 或 丙”" in shown and "“甲 且 （乙 或 丙）”" in shown
    assert problems(names + "条件 试：甲 或 （乙 且 丙）\n", "zh")[0] == []


def test_one_fault_hides_no_other() -> None:
    text = (
        "数据\n 业绩：金额\n措施清单：降级\n处罚 甲\n 若：业绩 低于\n 措施：降级\n 金额：1万元 2万元\n"
        "处罚 乙\n 措施：降极\n"
    )
    assert [p.span.line for p in problems(text, "zh")[0]] == [5, 7, 9]


def test_what_could_be_read_is_kept() -> None:
    file, _ = parse("政策 甲\n数据\n 业绩：金额\n 坏 行\n 签约：是否\n奖励 乙\n 若：业绩 低于\n 金额：1元\n", "x")
    data, reward = file.blocks
    assert [fact.name for fact in data.facts] == ["业绩", "签约"]  # type: ignore[union-attr]
    assert [type(line).__name__ for line in reward.lines] == ["FieldLine"]  # type: ignore[union-attr]


def test_a_misspelt_block_word_is_one_fault() -> None:
    text = "数据\n 业绩：金额\n奖历 破冰奖励\n 金额：2万元\n 若：业绩 ≥ 1元\n条件 甲：破冰奖励 ≥ 1元\n"
    found, shown = problems(text, "zh")
    assert [(p.code, p.span.line) for p in found] == [("POL101", 3)], shown
    assert "是不是想写“奖励”" in shown


def test_every_undeclared_name_is_reported_once() -> None:
    found, _ = problems("奖励 丙奖\n 若：缺失甲 ≥ 1元 且 缺失乙 ≥ 2元\n 金额：缺失甲 × 2\n", "zh")
    assert [(p.code, p.args["word"], p.span.line) for p in found] == [("POL201", "缺失甲", 2), ("POL201", "缺失乙", 2)]


def test_the_only_near_miss_is_a_fix() -> None:
    (found,), _ = problems(MONEY + "要求 达标：整休业绩 不低于 150万元\n", "zh")
    assert found.fix is not None
    assert (found.fix.text, found.fix.span) == ("整体业绩", found.span)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [1]),
        ("\n# 只有说明\n", [1]),
        ("数据\n 业绩：金额\n", [1]),
        ("数据\n 业绩：金额\n政策 甲\n", [3]),
        ("政策 甲\n政策 乙\n", [2]),
        ("政策 甲\n数据\n 业绩：金额\n", []),
    ],
)
def test_the_header_is_there_once_and_first(text: str, lines: list[int]) -> None:
    assert [p.span.line for p in problems(text, "zh", fragment=False)[0]] == lines


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("数据\n 甲：是否\n 乙：是否\n 甲或乙：是否\n", "甲或乙"),
        ("数据\n 业绩：金额\n 业绩为零：是否\n 零：金额\n", "业绩为零"),
        ("data\n profit: yes/no\n loss: yes/no\n profit and loss: yes/no\n", "profit and loss"),
    ],
)
def test_a_name_that_reads_in_two_ways(text: str, name: str) -> None:
    found, _ = problems(text, "zh" if name[0] > "z" else "en")
    assert [(p.code, p.args["name"]) for p in found] == [("POL202", name)]


def test_a_name_that_only_holds_a_keyword_is_fine() -> None:
    names = "不满意：是否\n应得服务费：金额\n单项为零降级：是否\n期限内完成：是否"
    assert problems("数据\n" + names, "zh")[0] == []


def test_hiding_a_built_in_name_is_a_warning() -> None:
    _, found = parse("数据\n 差额：金额\n", "x", fragment=True)
    assert [(p.code, p.severity) for p in found] == [("POL203", "warning")]


def test_an_amendment_may_use_names_of_its_base() -> None:
    text = "政策 甲 2023\n 编号：B\n 修订：A\n修改 门槛：改为 200万元\n奖励 乙\n 金额：基数值 × 2\n"
    assert problems(text, "zh", fragment=False)[0] == []


# ---------------------------------------------------------------------------------------------- the catalogue
FRONT = [code for code in catalogue.codes() if re.fullmatch(r"POL[12]\d\d", code)]
SIZES = {"POL100", "POL120", "POL121", "POL122", "POL123", "POL124", "POL125"}  # of size, or of what no page can show


def test_the_catalogue_knows_every_code_of_the_front_end() -> None:
    assert {code for _, _, _, code, _, _ in CASES} | SIZES | {"POL105", "POL111", "POL112", "POL202", "POL203"} <= set(
        FRONT
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_entry_is_complete(language: Language) -> None:
    for code in FRONT:
        entry = catalogue.entry(code, language)
        assert entry.title and entry.message and entry.explain and entry.fix, code
        assert bool(entry.bad and entry.good) or code in SIZES or code > "POL203", code


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", [code for code in FRONT if code <= "POL203" and code not in SIZES])
def test_the_examples_of_an_entry_show_it(code: str, language: Language) -> None:
    if (code, language) == ("POL147", "en"):
        return  # 折 is no word of the English dialect
    entry = catalogue.entry(code, language)
    fragment = code not in ("POL111", "POL112")
    bad = {p.code for p in parse(entry.bad, "x", dialect=language, fragment=fragment)[1]}
    good = {p.code for p in parse(entry.good, "x", dialect=language, fragment=fragment)[1]}
    assert code in bad and code not in good
    assert good <= {"POL201"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_hint_is_reached(language: Language) -> None:
    """A hint whose snippets read without a fault, or share their place with an earlier hint, would never show."""
    from policydsl.text.problems import _hints

    shown = set(_hints(language).values())
    assert shown == {key for key, _ in catalogue.hint_examples(language)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_message_names_a_terminal(language: Language) -> None:
    """Whatever may stand somewhere is said in words of the author."""
    from policydsl.text.machine import accepts
    from policydsl.text.names import Names
    from policydsl.text.problems import Adviser
    from policydsl.text.source import Source

    tables = load()
    source = Source("", "", language)
    adviser = Adviser(tables, source, Names(source))
    for state in range(1, tables.size):
        row = frozenset(tables.row(state))
        for key in adviser.expected(row):
            said = catalogue.phrase(key, language).replace("ASCII", "")
            for code in source.words.currencies:
                said = said.replace(code, "")
            assert not re.search(r"[A-Z]{2,}_?[A-Z]*|_[A-Z]", said)
        assert len(adviser.expected(row)) <= 7
    assert accepts(tables, (0,))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("条件 甲：日 届满 3个月", "said_full"), ("计算 乙 ＝ 去税（业绩，13%）", "said_without_tax"),
        ("条件 丙：业绩 介于 10万元 和 20万元 之间", "said_between"), ("计算 丁 ＝ 向下取整（业绩）", "said_rounded"),
        ("条件 戊：业绩 同比增长 20%", "said_growth"), ("计算 己 ＝ 绝对值（业绩）", "said_absolute"),
        ("条件 庚：日 在 最近 365天 内", "said_past"), ("条件 辛：日 在 近 3个月 内", "said_past"),
        ("计算 壬 ＝ 业绩 × 3% 四舍五入", "said_rounded"), ("计算 壬 ＝ 业绩 打 8.5折", "said_discount"),
        ("条件 壬：日 在 上个月 内", "said_period_before"), ("计算 壬 ＝ 次月 的 第5日", "said_period_after"),
        ("条件 壬：日 在 上半年 内", "said_half"), ("条件 壬：日 为 周五", "said_weekday"),
        ("条件 壬：星期（日） 为 星期五", "said_weekday"), ("计算 壬 ＝ 本月5日", "day_of_period"),
        ("条件 壬：日 为 月末", "said_last_day"), ("条件 壬：业绩 连续 2个季度 低于 5元", "said_in_a_row"),
        ("计算 壬 ＝ 业绩\n  统计期：季度，按 日", "said_each_period"),
        ("计算 壬 ＝ 业绩\n  统计期：按季度，按 日", "said_each_period"),
        ("奖励 壬\n  金额：业绩\n  预算：100万元，先到先得", "said_first_come"),
        ("计算 壬 ＝ 业绩 按天折算", "said_prorated"),
        ("计算 壬 ＝ 排名（业绩）", "among_all"), ("奖励 壬\n  金额：业绩\n  兑付：日 后 30天 内", "paid_from"),
        ("奖励 壬\n  基数：业绩\n  每满：5万元，奖励 500元", "earned_each"),
        ("奖励 壬\n  基数：业绩\n  | 业绩 | 比例 |\n  | 1元 以上 且 低于 2元 | 1% |", "bands_in_cells"),
    ],
)
def test_a_word_of_authors_is_answered_by_what_to_write(line: str, key: str) -> None:
    _, found = parse(f"政策 词\n  编号：T\n数据\n  业绩：金额\n  日：日期\n  止：日期\n{line}\n", "t.pol")
    assert [(p.hint, p.suggestions, p.fix) for p in found] == [(key, (), None)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("计法：分段", ("全额", "超额累进", "逐档", "达标一次")),
        ("末份：都付", ("付余额", "不付到此为止", "不付后面照付")),
        ("余数：归我", ("留存", "归首位", "按零头")), ("超出：再说", ("不再分", "再分")),
    ],
)
def test_a_line_of_a_few_words_tells_its_own(lines: str, words: tuple[str, ...]) -> None:
    _, (found,) = parse(f"政策 词\n  编号：T\n数据\n  业绩：金额\n奖励 奖\n  {lines}\n", "t.pol")
    assert found.expected == tuple(f'"{word}"' for word in words)


def test_a_hint_is_of_its_line() -> None:
    """A quota and a closing both say 按 and a day; what is missing behind it is not the same."""
    text = "政策 词\n  编号：T\n数据\n  日：日期\n奖励 奖\n  关账：10天，按 日\n"
    assert [p.hint for p in parse(text, "t.pol")[1]] == [None]
