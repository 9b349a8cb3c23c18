"""Mutants of small policies, enumerated and judged by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from policydsl.cli import cli
from policydsl.diagnostics import Language, SheetError
from policydsl.engine import Policy, load_text
from policydsl.evaluate import Evaluator
from policydsl.mutate import report
from policydsl.mutate.accepted import read_accepted
from policydsl.mutate.generate import mutants
from policydsl.mutate.run import run
from policydsl.mutate.score import passes
from policydsl.place import NOWHERE
from policydsl.testing import Case, Given, Report
from policydsl.testing.collect import examples
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

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

条件 达标：客户数 ≥ 门槛 且 并非 新伙伴
"""
BANDS = HEAD + """数据
  业绩：金额，≥ 0元

分档 比例
  | 业绩      | 返点 |
  | ＜100万元 | 0% |
  | ≥100万元  | 2% |
"""


def example(name: str, given: str, expect: str) -> str:
    return f"\n示例 {name}\n  评估日：2024年6月30日\n  已知：{given}\n  应得：{expect}\n"


def changed(policy: Policy) -> list[tuple[str, str]]:
    return [(m.text, m.change.zh) for m in mutants(policy.program)]


def survivors(text: str, **more: object) -> set[tuple[str, str]]:
    policy = load_text(text)
    result = run(policy, examples(policy), jobs=1, **more)  # type: ignore[arg-type]
    return {(j.mutant.text, j.mutant.change.zh) for j in result.of("survived", "unreached")}


# ---------------------------------------------------------------------------------------------- a condition
BOTH = "客户数 ≥ 门槛 且 并非 新伙伴"


def test_the_mutants_of_a_condition_and_its_parameter() -> None:
    assert changed(load_text(TARGET)) == [
        ("10家", "10家 改为 11家"),
        ("10家", "10家 改为 9家"),
        ("客户数 ≥ 门槛", "≥ 改为 ＞"),
        ("客户数 ≥ 门槛", "≥ 改为 ＝"),
        (BOTH, "去掉这个条件，当作成立"),
        (BOTH, "去掉条件“客户数 ≥ 门槛”"),
        (BOTH, "去掉条件“并非 新伙伴”"),
        (BOTH, "且 改为 或"),
        ("并非 新伙伴", "去掉“并非”"),
    ]


def test_an_example_far_from_the_limit_notices_little() -> None:
    left = survivors(TARGET + example("十二家", "客户数 ＝ 12家，新伙伴 ＝ 否", "达标 成立"))
    assert left == set(changed(load_text(TARGET))) - {("客户数 ≥ 门槛", "≥ 改为 ＝"), ("并非 新伙伴", "去掉“并非”")}


def test_an_example_at_the_limit_notices_that_it_moves_up() -> None:
    left = survivors(TARGET + example("十家", "客户数 ＝ 10家，新伙伴 ＝ 否", "达标 成立"))
    assert ("客户数 ≥ 门槛", "≥ 改为 ＞") not in left
    assert ("10家", "10家 改为 11家") not in left
    assert ("10家", "10家 改为 9家") in left


def test_four_examples_notice_everything() -> None:
    text = TARGET
    text += example("十二家", "客户数 ＝ 12家，新伙伴 ＝ 否", "达标 成立")
    text += example("十家", "客户数 ＝ 10家，新伙伴 ＝ 否", "达标 成立")
    text += example("九家", "客户数 ＝ 9家，新伙伴 ＝ 否", "达标 不成立")
    text += example("新伙伴", "客户数 ＝ 12家，新伙伴 ＝ 是", "达标 不成立")
    assert survivors(text) == set()


def test_several_processes_come_to_the_same() -> None:
    policy = load_text(TARGET + example("九家", "客户数 ＝ 9家，新伙伴 ＝ 否", "达标 不成立"))
    one, two = (run(policy, examples(policy), jobs=jobs) for jobs in (1, 2))
    assert [(j.mutant.number, j.outcome) for j in one.judged] == [(j.mutant.number, j.outcome) for j in two.judged]


# ---------------------------------------------------------------------------------------------- bands
def test_the_limit_between_two_bands_is_one_limit() -> None:
    assert changed(load_text(BANDS)) == [
        ("| ＜100万元 | 0% |", "去掉这一行"),
        ("| ＜100万元 | 0% |", "与下一行的结果对调"),
        ("＜100万元", "分界值改归相邻的一行"),
        ("100万元", "100万元 改为 101万元"),
        ("100万元", "100万元 改为 99万元"),
        ("100万元", "100万元 改为 110万元"),
        ("100万元", "100万元 改为 90万元"),
        ("100万元", "100万元 改为 100元"),
        ("0%", "0% 改为 1%"),
        ("| ≥100万元  | 2% |", "去掉这一行"),
        ("2%", "2% 改为 3%"),
        ("2%", "2% 改为 200%"),
    ]


def test_one_example_a_band_near_the_limit_notices_everything() -> None:
    at = example("恰好", "业绩 ＝ 100万元", "比例 ＝ 2%")
    below = example("差一点", "业绩 ＝ 99.5万元", "比例 ＝ 0%")
    assert survivors(BANDS + at) == {
        ("| ＜100万元 | 0% |", "去掉这一行"), ("100万元", "100万元 改为 99万元"), ("100万元", "100万元 改为 90万元"),
        ("100万元", "100万元 改为 100元"), ("0%", "0% 改为 1%"),
    }
    assert survivors(BANDS + at + below) == set()


# ---------------------------------------------------------------------------------------------- what cannot matter
def test_whole_numbers_have_no_second_way_to_say_the_same() -> None:
    policy = load_text(HEAD + """台账 工程师
  姓名：文本，必填

条件 够人：条数（工程师） ≥ 2
""")
    assert [c for _, c in changed(policy)] == ["去掉这个条件，当作成立", "≥ 改为 ＝", "2 改为 3", "2 改为 1"]


@pytest.mark.parametrize(("text", "lang", "changes"), [
    ("policy A\n  id: P\n  currency: USD\n\ndata\n  revenue: money\n\nreward bonus\n  when: revenue > USD 1000\n"
     "  amount: USD 50\n", "en", {"USD 1,000": "USD 1,001"}),
    ("政策 甲\n  编号：P\n  币种：美元\n\n数据\n  业绩：金额\n\n奖励 返利\n  若：业绩 ＞ 1000美元\n"
     "  金额：50美元\n", "zh", {"USD 1,000": "USD 1,001"}),
])
def test_an_amount_is_told_in_the_currency_of_the_policy(
    text: str, lang: Language, changes: Mapping[str, str],
) -> None:
    told = [(m.change[lang], m.advice[lang]) for m in mutants(load_text(text).program)]
    assert all(any(old in said and new in said for said, _ in told) for old, new in changes.items())
    assert not any("CNY" in word or "元" in word.replace("美元", "") for pair in told for word in pair)


def test_a_fact_that_no_result_uses_has_no_mutants() -> None:
    policy = load_text(HEAD + """数据
  甲：是否
  乙：数量（家），≥ 0家，≤ 20家

条件 丙：甲
""")
    assert changed(policy) == [("甲", "去掉这个条件，当作成立")]


def test_the_day_in_the_header_counts_where_a_rule_uses_it() -> None:
    head = HEAD.replace("发布方：甲\n", "发布方：甲\n  生效：自 2024年1月1日 起\n")
    assert changed(load_text(head + "数据\n  甲：是否\n\n条件 丙：甲\n")) == [("甲", "去掉这个条件，当作成立")]
    used = head + "条件 已生效：评估日 在 生效期 内\n"
    days = [m for m in mutants(load_text(used).program) if m.family == "date"]
    assert [(m.at.line, m.change.zh) for m in days] == [
        (5, "2024年1月1日 改为 2024年1月2日"), (5, "2024年1月1日 改为 2023年12月31日"),
    ]


# ---------------------------------------------------------------------------------------------- other forms
def test_rates_and_their_condition_change_together() -> None:
    """Leaving a row of a rate table out takes it from whether the reward holds as well."""
    text = HEAD + """数据
  业绩：金额，≥ 0元

奖励 返点
  基数：业绩
  | 业绩     | 比例 |
  | ≥100万元 | 2% |
"""
    (dropped,) = [m for m in mutants(load_text(text).program) if m.change.zh == "去掉这一行"]
    assert {name for _, name in dropped.where} == {("返点", "value", ""), ("返点", "holds", "")}
    none = text + example("没有一档", "业绩 ＝ 50万元", "返点 不成立")
    assert (dropped.text, "去掉这一行") in survivors(none)
    one = text + example("有一档", "业绩 ＝ 100万元", "返点 成立")
    assert (dropped.text, "去掉这一行") not in survivors(one)


def test_a_measure_is_noticed_by_what_is_in_force() -> None:
    text = HEAD + """措施清单：降级

数据
  未达标：是否

处罚 处理
  若：未达标
  措施：降级
"""
    made = [("措施：降级", "“须、应”改为“可以”"), ("措施：降级", "去掉措施")]
    assert [c for c in changed(load_text(text)) if c[0] == "措施：降级"] == made
    assert set(made) <= survivors(text + example("只看处罚", "未达标 ＝ 是", "处理 成立"))
    assert not set(made) & survivors(text + example("看措施", "未达标 ＝ 是", "降级 成立"))


def test_lengths_change_by_one_and_in_unit() -> None:
    text = HEAD + """数据
  起日：日期

计算 末日 ＝ 起日 ＋ 2个月
"""
    assert [c for _, c in changed(load_text(text))] == [
        "往后推 改为 往前推", "2个月 改为 3个月", "2个月 改为 1个月", "2个月 改为 60天",
    ]
    # 2 months from 1 February 2023 are 59 days, from 1 March 61, from 1 November 2023 to 1 January 2024 61 as well
    left = survivors(text + example("三月", "起日 ＝ 2023年3月1日", "末日 ＝ 2023年5月1日"))
    assert left == set()


def test_a_refused_sheet_notices_a_range() -> None:
    policy = load_text(HEAD + """数据
  份数：数量（份），≥ 0份，≤ 20份

条件 有：份数 ＞ 5份
""")
    cases = [SheetCase(policy.program, s) for s in read_cases("""
- {名称: 太多, 事实: {份数: 21}, 拒收: 份数}
- {名称: 六份, 事实: {份数: 6}, 应得: {有: 是}}
""", "x.yaml", policy.program)]
    outcome = {j.mutant.change.zh: (j.outcome, j.by) for j in run(policy, cases, jobs=1).judged}
    assert outcome["范围去掉 20份 这一端"] == ("killed", "太多")
    assert outcome["5份 改为 6份"] == ("killed", "六份")
    assert outcome["5份 改为 4份"][0] == "survived"


# ---------------------------------------------------------------------------------------------- cases that count
def test_a_case_to_be_confirmed_and_a_failing_one_notice_nothing() -> None:
    text = TARGET + example("错的", "客户数 ＝ 9家，新伙伴 ＝ 否", "达标 成立")
    text += example("待定", "客户数 ＝ 10家，新伙伴 ＝ 否", "达标 成立") + "  注：待确认，由程序生成\n"
    policy = load_text(text)
    result = run(policy, examples(policy), jobs=1)
    assert (result.cases, result.failing, result.score) == (0, ("错的",), Fraction(0))
    assert {j.outcome for j in result.judged} == {"unreached"}


# ---------------------------------------------------------------------------------------------- accepted ones
def accepted(tmp_path: Path, entries: str, given: str = "客户数 ＝ 12家，新伙伴 ＝ 否") -> report.Result:
    path = tmp_path / "t.pol"
    path.write_text(TARGET + example("十二家", given, "达标 成立"), encoding="utf-8")
    (tmp_path / "t.mutants.yaml").write_text(entries, encoding="utf-8")
    policy = load_text(path.read_text(encoding="utf-8"))
    return run(policy, examples(policy), path=path, jobs=1)


def test_accepted_mutants_leave_the_score(tmp_path: Path) -> None:
    result = accepted(tmp_path, """
- 规则: 达标
  改动: ≥ 改为 ＞
  理由: 客户数总是奇数
- rule: 门槛
  change: [10家 becomes 11家, 10家 becomes 9家]
  reason: negotiated anew each year
""")
    assert [(j.mutant.change.zh, j.by) for j in result.of("accepted")] == [
        ("10家 改为 11家", "negotiated anew each year"), ("10家 改为 9家", "negotiated anew each year"),
        ("≥ 改为 ＞", "客户数总是奇数"),
    ]
    assert result.stale == ()
    assert result.score == Fraction(2, 6)
    text = report.text(result, "zh")
    assert "第 13 行 达标“客户数 ≥ 门槛”：≥ 改为 ＞。理由：客户数总是奇数" in text
    assert "变异得分 33.3%（2/6，用示例 1 个）" in text


def test_an_accepted_mutant_that_is_noticed_is_stale(tmp_path: Path) -> None:
    result = accepted(tmp_path, "- {规则: 达标, 改动: ≥ 改为 ＝, 理由: 以为发现不了}\n")
    assert [a.change for a in result.stale] == ["≥ 改为 ＝"]
    assert result.score == Fraction(2, 9)
    assert "t.mutants.yaml:1 达标：≥ 改为 ＝" in report.text(result, "zh")


def test_acceptance_does_not_depend_on_lines(tmp_path: Path) -> None:
    entry = "- {规则: 达标, 原文: 并非 新伙伴, 改动: 去掉“并非”, 理由: 甲}\n"
    shifted = load_text(TARGET.replace("参数\n", "# 一\n# 二\n\n参数\n"))
    (one,) = read_accepted(entry, "t.mutants.yaml", "zh")
    assert [m.at.line for m in mutants(shifted.program) if one.covers(m)] == [16]


@pytest.mark.parametrize(("text", "code"), [
    ("- {规则: 达标, 改动: 且 改为 或}", "CASE110"),
    ("- {规则: 达标, 改动: 且 改为 或, 理由: }", "SHEET127"),
    ("- {规则: 达标, 该动: 且 改为 或, 理由: 无}", "CASE101"),
    ("规则: 达标", "SHEET127"),
    ("- 甲", "SHEET127"),
    ("- {规则: [", "SHEET111"),
])
def test_a_wrong_file_of_accepted_mutants_is_refused(text: str, code: str) -> None:
    with pytest.raises(SheetError) as refused:
        read_accepted(text, "t.mutants.yaml", "zh")
    assert code in [d.code for d in refused.value.diagnostics]


def test_an_empty_file_accepts_nothing() -> None:
    assert read_accepted("", "t.mutants.yaml", "zh") == []
    assert read_accepted("# nothing yet\n", "t.mutants.yaml", "en") == []


# ---------------------------------------------------------------------------------------------- the report
def test_the_report_tells_the_line_the_change_and_the_example_to_write() -> None:
    policy = load_text(TARGET + example("十二家", "客户数 ＝ 12家，新伙伴 ＝ 否", "达标 成立"))
    result = run(policy, examples(policy), jobs=1, only=["达标"])
    assert len(result.judged) == 7
    zh, en = report.text(result, "zh"), report.text(result, "en")
    assert "  第 13 行：条件 达标：客户数 ≥ 门槛 且 并非 新伙伴\n" in zh
    assert "    “客户数 ≥ 门槛”：≥ 改为 ＞（1 个示例用到这里，没有发现）\n" in zh
    assert "      → 写一个两边恰好相等的示例：客户数 ≥ 门槛\n" in zh
    assert "    '客户数 ≥ 门槛': >= becomes > (1 example gets here, unnoticed)\n" in en
    assert "      → an example in which both sides are exactly equal: 客户数 ≥ 门槛\n" in en


def test_a_score_is_cut_off_not_rounded() -> None:
    assert report.percent(Fraction(8999, 10000)) == "89.9%"
    assert report.percent(Fraction(1)) == "100.0%"


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "t.pol"
    path.write_text(TARGET + example("九家", "客户数 ＝ 9家，新伙伴 ＝ 否", "达标 不成立"), encoding="utf-8")
    runner = CliRunner()
    # 9 of 9 but: 11, > and = (9 is below each of them), "new" dropped, "not" dropped (9 is too few either way)
    done = runner.invoke(cli, ["test", str(path), "--mutate", "--jobs", "1"])
    assert done.exit_code == 0
    assert "变异得分 44.4%（4/9，用示例 1 个）" in done.output
    low = runner.invoke(cli, ["test", str(path), "--mutate", "--jobs", "1", "--fail-under", "44.5"])
    assert low.exit_code == 1
    assert runner.invoke(cli, ["test", str(path), "--mutate", "--jobs", "1", "--fail-under", "44"]).exit_code == 0
    wrong = runner.invoke(cli, ["test", str(path), "--mutate", "--only", "达标了"])
    assert wrong.exit_code == 2
    assert "达标" in wrong.output
    (tmp_path / "t.mutants.yaml").write_text("- {规则: 达标}\n", encoding="utf-8")
    assert runner.invoke(cli, ["test", str(path), "--mutate", "--jobs", "1"]).exit_code == 5


def test_the_json_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "t.pol"
    path.write_text(BANDS + example("恰好", "业绩 ＝ 100万元", "比例 ＝ 2%"), encoding="utf-8")
    done = CliRunner().invoke(cli, ["test", str(path), "--mutate", "--jobs", "1", "--format", "json", "--lang", "en"])
    import json

    data = json.loads(done.output)
    assert (data["killed"], data["counted"], data["score"]["fraction"]) == (7, 12, "7/12")
    first = data["survivors"][0]
    assert (first["rule"], first["line"], first["change"]) == ("比例", 11, "this row is dropped")


# ---------------------------------------------------------------------------------------------- evaluation that fails
class Stub(Case):
    """A case that does what it is told when it is run."""

    name, at, source, asserts = "stub", NOWHERE, "yaml", None

    def __init__(self, act: Callable[[], None]) -> None:
        self.act = act

    def given(self, policy: Policy) -> Given:
        raise NotImplementedError

    def run(
        self, policy: Policy, language: Language | None = None, evaluator: type[Evaluator] = Evaluator
    ) -> Report:
        self.act()
        return Report(self.name, self.at, ())


def test_an_evaluation_that_breaks_off_or_does_not_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise TypeError("a number where a day is needed")

    def endless() -> None:
        while True:
            pass

    policy = load_text(TARGET)
    monkeypatch.setattr("policydsl.mutate.score.SECONDS", 1)
    assert passes(Stub(lambda: None), policy)
    assert not passes(Stub(broken), policy)
    assert not passes(Stub(endless), policy)
