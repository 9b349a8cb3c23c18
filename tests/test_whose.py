"""Whose a fact is: a party without a name, and facts of another party, in verdicts, their proofs and their checking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from engine_support import policy

from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_scope import Unknown
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.sheet import read_sheets
from policydsl.verdict import Verdict

DAY = date(2024, 6, 30)
POLICY = policy(
    "数据\n  名：文本\n  业绩：金额，≥ 0元\n"
    "台账 报备，共用\n  号：文本\n  渠道：文本\n"
    "条件 归己：名 为 本方\n计算 己方报备 ＝ 条数（报备，其中 渠道 为 本方）\n"
    "奖励 头名\n  若：业绩 ≥ 1元\n  金额：1元\n  名额：前 1家，按 业绩 由高到低\n"
)


def judged(text: str) -> list[Verdict]:
    """The verdicts, each proved and found right by what shares nothing with the engine."""
    verdicts = POLICY.judge(read_sheets(text, "some partner.yaml", POLICY.program), DAY, proof=True)
    report = recheck(proved_json(verdicts[0] if len(verdicts) == 1 else verdicts))
    assert not report.faults, report.faults
    return verdicts


def missing(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    return {r.name: r.total.missing for r in verdict.results.values() if r.total.status == "unknown"}


LEDGER = "报备: [{号: A, 渠道: some partner}, {号: B, 渠道: 乙}]\n"


def test_a_name_that_the_sheet_does_not_say_is_not_taken_from_its_file() -> None:
    (verdict,) = judged(f"名: some partner\n{LEDGER}业绩: 0\n")
    # 无 or 1 registration may be its own: which of the two it is, if either, depends on its name
    assert missing(verdict) == {"归己": ("名称",), "己方报备": ("名称",)}
    assert {m.fact: m.wanted_by for m in verdict.missing}["名称"] == ("归己", "己方报备")


def test_with_its_name_it_is_decided() -> None:
    (verdict,) = judged(f"名称: some partner\n名: some partner\n{LEDGER}业绩: 0\n")
    assert verdict.results["归己"].total.holds.yes and verdict.results["己方报备"].total.value.value == 1
    (verdict,) = judged(f"全体:\n  some partner: {{名: some partner, 业绩: 0}}\n{LEDGER}")  # the key is its name
    assert verdict.results["归己"].total.holds.yes


def test_the_fact_of_another_party_is_named_with_the_party() -> None:
    """甲 leads with 5元 unless 乙, of whom nothing is told, has more."""
    first, second = judged(f"全体:\n- {{名称: 甲, 名: 乙, 业绩: 5元}}\n- {{名称: 乙, 名: 乙}}\n{LEDGER}")
    assert missing(first) == {"头名": ("全体[乙].业绩",)} and missing(second) == {"头名": ("业绩",)}
    assert [m.fact for m in first.missing] == ["全体[乙].业绩"] and [m.fact for m in second.missing] == ["业绩"]


def test_parties_without_a_name_are_told_apart_all_the_same() -> None:
    first, second = judged("- {名: 甲, 业绩: 5元}\n- {名: 乙, 业绩: 4元}\n")
    assert missing(first)["归己"] == missing(second)["归己"] == ("名称",)
    assert first.results["头名"].total.value.value == 1 and second.results["头名"].total.value.value == 0


def test_what_is_exact_does_not_know_the_name_either() -> None:
    (sheet,) = read_sheets("名: some partner", "some partner.yaml", POLICY.program)
    ev = ExactEvaluator(POLICY.program, [sheet], {})
    result = next(r for r in POLICY.program.results if r.name == "归己")
    with pytest.raises(Unknown):
        ev.value(result.value, ev.scope(0, DAY))


# ---------------------------------------------------------------------------------------------- one's own records
def test_a_record_stays_its_party_s_beside_the_others() -> None:
    """D1 is 甲's: by 甲's 150% it is 150元, which neither 甲's 100元 nor 乙's 40元 exceeds, and at 60元 it is no big
    one of 甲's. By 乙's own 50% it would be 20元, and big."""
    made = policy(
        "数据\n  业绩：金额\n  比例：百分比\n"
        "台账 订单\n  号：文本\n  单额：金额\n  折算：金额，＝ 业绩 × 比例\n"
        "条件 有人超：存在（全体，其中 业绩 超过 折算）\n  逐条：订单\n"
        "条件 大单：单额 ≥ 业绩\n  逐条：订单\n"
        "条件 有大单：存在（全体，其中 大单）\n  逐条：订单\n"
        "条件 有人超单额：存在（全体，其中 业绩 超过 单额）\n  逐条：订单\n"
    )
    facts = (
        "全体:\n- {{名称: 甲, 业绩: 100元, 比例: 150%, 订单: [{{号: D1{amount}}}]}}\n"
        "- {{名称: 乙, 业绩: 40元, 比例: 50%, 订单: []}}\n"
    )

    def first(amount: str) -> Verdict:
        sheets = read_sheets(facts.format(amount=amount), "s.yaml", made.program)
        verdicts = made.judge(sheets, DAY, proof=True)
        assert not recheck(proved_json(verdicts)).faults
        return verdicts[0]

    verdict = first(", 单额: 60元")
    assert [verdict.results[n].total.value.value for n in ("有人超", "有大单", "有人超单额")] == [False, False, True]
    verdict = first("")
    assert missing(verdict) == dict.fromkeys(("大单", "有大单", "有人超单额"), ("订单[D1].单额",))


def test_two_who_are_given_the_same_record_need_not_have_the_same() -> None:
    """Whether D1 is a big one nobody has told, of neither. If it is one of 甲's and none of 乙's, 甲 is the first and
    乙 is not; if it is the other way round, 乙 is. They are level only if both are told the same."""
    made = policy(
        "台账 单\n  号：文本\n  大：是否\n计算 大单 ＝ 条数（单，大）\n"
        "奖励 头名\n  若：大单 ≥ 0\n  金额：1元\n  名额：前 1家，按 大单 由高到低\n  并列：全部计入\n"
    )
    record = read_sheets("名称: 甲\n单: [{号: D1}]", "a.yaml", made.program)[0]
    parties = [record, replace(record, name="乙")]
    verdicts = made.judge(parties, DAY, proof=True)
    assert [v.results["头名"].total.status for v in verdicts] == ["unknown", "unknown"]
    assert [v.results["头名"].total.missing for v in verdicts] == [
        ("全体[乙].单[D1].大", "单[D1].大"), ("单[D1].大", "全体[甲].单[D1].大"),
    ]
    assert recheck(proved_json(verdicts)).faults == []
