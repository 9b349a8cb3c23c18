"""What is settled although a fact is missing: a deadline that is over, records one of which decides, no choice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from policydsl.cli import cli
from policydsl.engine import load_text
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.render.json import verdict_json
from policydsl.render.text import verdict_text
from policydsl.sheet import read_sheets
from policydsl.verdict import Verdict

POLICY = """政策 已成定局
  编号：D-1

数据
  起日：日期
  完成日：日期，选填
  渠道：多选（热线、传真），选填

台账 数据库（每条称 某库）
  库名：文本，必填
  备份：是否

期限 上线
  起算：起日
  时长：30天
  完成：完成日

要求 全备份：备份
  逐条：数据库

要求 有渠道：渠道 不为 无
"""


def judged(folder: Path, sheet: str, *options: str) -> tuple[int, str]:
    (folder / "定局.pol").write_text(POLICY, encoding="utf-8")
    (folder / "甲.yaml").write_text(sheet, encoding="utf-8")
    done = CliRunner().invoke(cli, ["eval", str(folder / "定局.pol"), str(folder / "甲.yaml"), *options])
    return done.exit_code, done.output


@pytest.mark.parametrize(("day", "states"), [
    ("2018-12-26", ("按时", "期限内")),  # the last day: done already, or still running
    ("2018-12-27", ("已逾期", "按时")),  # the day after: it can no longer be running
])
def test_a_deadline_that_is_over_is_not_running(tmp_path: Path, day: str, states: tuple[str, ...]) -> None:
    _, text = judged(tmp_path, f"评估日: {day}\n起日: 2018-11-26\n", "--only", "上线")
    line = next(line for line in text.splitlines() if line.strip().startswith("上线"))
    assert {s for s in ("已逾期", "按时", "期限内") if s in line} == set(states)


@pytest.mark.parametrize(("sheet", "shown", "code"), [
    ("[{库名: 甲}, {库名: 乙, 备份: 否}]", "不成立（2 条中 0 条，未定 1 条）", 1),  # one without a backup is enough
    ("[{库名: 甲}, {库名: 乙, 备份: 是}]", "未定", 4),
    ("[]", "没有相关记录", 0),
])
def test_the_text_says_of_all_records_what_require_says(tmp_path: Path, sheet: str, shown: str, code: int) -> None:
    found, text = judged(tmp_path, f"数据库: {sheet}\n", "--only", "全备份", "--require", "全备份")
    assert found == code
    assert shown in text
    assert ("不成立（" in text) is (code == 1)


@pytest.mark.parametrize("nothing", ["[]", "无"])
def test_no_option_is_none_however_it_is_written(tmp_path: Path, nothing: str) -> None:
    code, _ = judged(tmp_path, f"渠道: {nothing}\n", "--require", "有渠道")
    assert code == 1
    assert judged(tmp_path, "渠道: [热线]\n", "--require", "有渠道")[0] == 0


# ---------------------------------------------------------------------------------------------- and what is not
ENDS = """政策 谁付多少
  编号：D-2

措施清单：通报

数据
  付款方：文本
  通报日：日期
  违约：是否
  备案：是否

台账 数据库
  库名：文本，必填
  备份：是否

要求 全备份：备份
  逐条：数据库

处罚 罚款
  若：违约
  金额：100元
  承担方：付款方

处罚 公开
  若：备案
  措施：通报，自 通报日 起 1年
  金额：5元

处罚 赔偿 【3.2】
  若：违约
  金额：100元
  承担方：未规定
"""


def verdict_of(facts: str, *names: str) -> Verdict:
    made = load_text(ENDS, "d.pol")
    return made.judge(read_sheets(facts, "s.yaml", made.program), date(2024, 6, 30), only=names)[0]


def test_one_record_settles_the_whole_and_nothing_more_is_missing() -> None:
    """乙 has no backup: whatever 甲 has, not all have one."""
    verdict = verdict_of("数据库: [{库名: 甲}, {库名: 乙, 备份: 否}]", "全备份")
    total = verdict.results["全备份"].total
    assert (total.status, total.value.no, total.missing, total.reasons) == ("known", True, (), ())
    assert verdict.determined and verdict.missing == ()


@pytest.mark.parametrize(("facts", "name", "missing"), [
    ("违约: 是", "罚款", ["付款方"]), ("备案: 是", "公开", ["通报日"]),
    ("违约: 否", "罚款", []), ("备案: 否", "公开", []),  # nobody pays, nothing is to be done
    ("违约: 是\n付款方: 甲公司", "罚款", []), ("备案: 是\n通报日: 2024-05-01", "公开", []),
])
def test_who_pays_and_from_when_are_missing_too(facts: str, name: str, missing: list[str]) -> None:
    verdict = verdict_of(facts, name)
    assert verdict.results[name].total.status == "known"
    assert verdict.determined is (not missing)
    assert [(m.fact, m.wanted_by) for m in verdict.missing] == [(fact, (name,)) for fact in missing]


def test_an_end_that_is_open_says_what_it_waits_for() -> None:
    verdict = verdict_of("违约: 是\n备案: 是", "罚款", "公开", "赔偿")
    said = {name: (r.total.ends_missing, r.total.ends_reasons) for name, r in verdict.results.items()}
    assert said == {
        "罚款": (("付款方",), ("missing",)), "公开": (("通报日",), ("missing",)),
        "赔偿": ((), ("not_stated", "not_stated:赔偿【3.2】")),  # nobody's fact: the document does not say
    }
    made = json.loads(verdict_json(verdict))["results"]
    assert made["罚款"]["ends"] == {"missing": ["付款方"], "reason": "missing"}
    assert made["赔偿"]["ends"] == {"reason": "not_stated", "notes": ["not_stated:赔偿【3.2】"]}
    assert "“赔偿【3.2】”文件没有规定，要问政策的作者" in verdict_text(verdict)
    settled = verdict_of("违约: 是\n付款方: 甲公司", "罚款")
    assert (settled.results["罚款"].total.ends_missing, "ends" in verdict_json(settled)) == ((), False)


@pytest.mark.parametrize(("facts", "name", "code"), [
    ("违约: 是", "罚款", 4), ("违约: 是\n付款方: 甲公司", "罚款", 0), ("违约: 否", "罚款", 0), ("违约: 是", "赔偿", 4),
    ("备案: 是", "公开", 4), ("备案: 是\n通报日: 2024-05-01", "公开", 0),
])
def test_one_result_alone_is_not_complete_while_an_end_is_open(
    tmp_path: Path, facts: str, name: str, code: int
) -> None:
    (tmp_path / "d.pol").write_text(ENDS, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(f"评估日: 2024-06-30\n{facts}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["eval", str(tmp_path / "d.pol"), str(tmp_path / "s.yaml"), "--only", name])
    assert done.exit_code == code, done.output
    screen = CliRunner().invoke(cli, ["eval", str(tmp_path / "d.pol"), str(tmp_path / "s.yaml")]).output
    assert ("谁付、付给谁还不能定：缺 付款方" in screen) is (facts == "违约: 是")


def test_the_ends_of_a_verdict_are_checked_again() -> None:
    made = load_text(ENDS, "d.pol")
    sheets = read_sheets("违约: 是\n备案: 是", "s.yaml", made.program)
    told = proved_json(made.judge(sheets, date(2024, 6, 30), proof=True)[0])
    assert recheck(told).faults == []
    assert recheck(told.replace('"ends": {"missing": ["付款方"]', '"ends": {"missing": ["通报日"]')).faults
