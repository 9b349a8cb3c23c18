"""Every clause of a document is accounted for: by rules, by notes, by a reason; what is not is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policydsl.accounting import account, accounts_json, accounts_text, carriers
from policydsl.accounting.account import Accounts
from policydsl.accounting.show import accounts_document, summed, total_line
from policydsl.register import read_register
from policydsl.cli import run
from policydsl.engine import load_text
from policydsl.render.markdown import markdown

POLICY = """政策 甲政策
  编号：A-1
  来源：甲文件
  注：X-09 只是序言。
参数
  门槛 ＝ 5元 【X-01 一】
数据
  业绩：金额 【X-02 二】
表 目录 【X-03 三】
  | 码 | 说明 |
  | A1 | 甲   | 【X-04 三.1】
  | A2 | 乙   | 【X-05 三.2】
要求 达标：业绩 ≥ 门槛 【X-02 二】
计算 说明甲 ＝ 目录（“A1”）的 说明
规则 客气 【X-06 四】
  注：只作记录。
示例 一 【X-07 五】
  评估日：2024年1月1日
  已知：业绩 ＝ 5元
  应得：达标 成立
"""
REGISTER = """policy: A-1
source: 甲文件
clauses:
  - {id: X-01, place: 一, text: 门槛, carried: parameter, by: [门槛]}
  - {id: X-02, place: 二, text: 业绩, carried: rule, by: [业绩, 达标, 门槛]}
  - {id: X-03, place: 三, text: 目录, carried: table, by: [目录, 说明甲]}
  - {id: X-04, place: 三.1, text: 甲行, part_of: X-03, carried: table, by: [目录, 说明甲]}
  - {id: X-06, place: 四, text: 客气, carried: note, by: [客气]}
  - {id: X-07, place: 五, text: 只有示例, carried: rule, by: []}
  - {id: X-08, place: 六, text: 不管, left: 属于内部管理}
  - {id: X-09, place: 序, text: 序言, carried: note, by: []}
  - {id: X-10, place: 七, text: 无人提到, carried: rule, by: [没有这个名]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.pol").write_text(POLICY, encoding="utf-8")
    (tmp_path / "a.clauses.yaml").write_text(REGISTER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def accounts(folder: Path, policy: str = POLICY) -> Accounts:
    return account(load_text(policy, "a.pol"), read_register(folder / "a.clauses.yaml"), "a.pol")


def test_each_clause_has_the_status_its_citations_give(folder: Path) -> None:
    found = {a.clause.id: a for a in accounts(folder).accounts}
    assert {i: a.status for i, a in found.items()} == {
        "X-01": "carried", "X-02": "carried", "X-03": "carried", "X-04": "carried",
        "X-06": "note",  # a rule of notes only
        "X-07": "unaccounted",  # an example shows, it does not carry
        "X-08": "left",
        "X-09": "note",  # named in a note of the header
        "X-10": "unaccounted",
    }
    assert [(c.kind, c.name, c.at.line) for c in found["X-02"].rules] == [
        ("fact", "业绩", 8), ("requirement", "达标", 13)]
    assert [(c.kind, c.name, c.row, c.at.line) for c in found["X-04"].rules] == [("table", "目录", "A1", 11)]
    assert [(c.kind, c.name) for c in found["X-07"].examples] == [("example", "一")]
    assert [(c.kind, c.at.line) for c in found["X-09"].notes] == [("note", 4)]


def test_what_the_register_claims_is_held_against_the_citations(folder: Path) -> None:
    found = {a.clause.id: a.claims for a in accounts(folder).accounts if a.claims}
    # 门槛 cites X-01 alone; 说明甲 cites nothing, but it reads the table whose row cites X-04.
    assert found == {"X-02": ("门槛",), "X-10": ("没有这个名",)}


def test_a_citation_without_an_entry_is_told(folder: Path) -> None:
    found = accounts(folder)
    assert [(c.id, c.name, c.row) for c in found.strangers] == [("X-05", "目录", "A2")]
    assert not found.complete


def test_totals_count_rows_apart(folder: Path) -> None:
    totals = accounts(folder).totals
    assert (totals.clauses, totals.rows) == (8, 1)
    assert (totals.carried, totals.note, totals.left, totals.unaccounted) == (3, 2, 1, 2)
    assert totals.open == 4  # and the stranger
    assert total_line(totals, "zh") == "8 条（另有 1 行）：规则 3，注 2，不编 1，未交代 2"
    assert total_line(totals, "en") == "8 clauses (and 1 rows): rules 3, notes 2, left out 1, unaccounted 2"


def test_a_clause_left_out_that_a_rule_cites_is_a_contradiction(folder: Path) -> None:
    cited = POLICY.replace("要求 达标：业绩 ≥ 门槛 【X-02 二】", "要求 达标：业绩 ≥ 门槛 【X-02 二】【X-08 六】")
    found = next(a for a in accounts(folder, cited).accounts if a.clause.id == "X-08")
    assert (found.status, found.contradicted, found.open) == ("carried", True, True)


def test_text_says_who_carries_what_and_what_is_open(folder: Path) -> None:
    text = accounts_text([accounts(folder)], None)
    assert "→ 事实 业绩 第8行；要求 达标 第13行" in text
    assert "→ 注记：规则 客气 第15行" in text
    assert "不编的理由：属于内部管理" in text
    assert "✗ 没有规则引用它，也没有写明不编的理由" in text
    assert "✗ 登记说由“门槛”承载，它却没有引用本条" in text
    assert "X-05  表 目录 / A2 第12行" in text
    only = accounts_text([accounts(folder)], "en", ["left"])
    assert "left out: 属于内部管理" in only
    assert "X-01" not in only and "8 clauses" in only


def test_json_is_the_documented_format(folder: Path) -> None:
    data = json.loads(accounts_json([accounts(folder)]))
    assert data["format"] == "policydsl.clauses/1"
    (policy,) = data["policies"]
    assert policy["policy"]["id"] == "A-1" and policy["policy"]["file"] == "a.pol"
    assert policy["totals"] == data["totals"] == {
        "clauses": 8, "rows": 1, "carried": 3, "note": 2, "left": 1, "unaccounted": 2, "open": 4,
    }
    second = policy["clauses"][1]
    assert second["rules"][0] == {"name": "业绩", "kind": "fact", "at": {"file": "a.pol", "line": 8}}
    assert second["claims"] == ["门槛"]
    assert policy["clauses"][3]["part_of"] == "X-03" and policy["clauses"][3]["rules"][0]["row"] == "A1"
    assert policy["unregistered"][0]["id"] == "X-05"


def test_markdown_is_a_table_and_escapes_what_it_is_given(folder: Path) -> None:
    (folder / "a.clauses.yaml").write_text(REGISTER.replace("text: 门槛", "text: '<b>|门槛`'"), encoding="utf-8")
    text = markdown(accounts_document([accounts(folder)], "zh"))
    assert "| X-01<br>一 | \\<b\\>\\|门槛\\` |" in text
    assert "<b>" not in text


def test_the_verb_exits_1_while_anything_is_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clauses", "a.pol"]) == 1
    assert "未交代 2；4 处待补" in capsys.readouterr().out
    fixed = REGISTER.split("  - {id: X-07")[0].replace("达标, 门槛", "达标") + (
        "  - {id: X-05, place: 三.2, text: 乙行, part_of: X-03, carried: table, by: [目录]}\n"
        "  - {id: X-07, place: 五, text: 只有示例, left: 只作例子}\n"
    )
    (folder / "a.clauses.yaml").write_text(fixed, encoding="utf-8")
    assert run(["clauses", "a.pol", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["open"] == 0


def test_several_policies_have_their_totals_together(folder: Path) -> None:
    both = [accounts(folder), accounts(folder)]
    assert summed(both).clauses == 16
    assert accounts_text(both, "zh").rstrip().splitlines()[-1].startswith("共 16 条（另有 2 行）：")


def test_without_a_register_the_verb_says_what_to_write(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.clauses.yaml").unlink()
    assert run(["clauses", "a.pol"]) == 2
    said = capsys.readouterr().err
    assert "没有条款登记 no register: a.clauses.yaml" in said
    assert "pol clauses a.pol --template > a.clauses.yaml" in said


def test_the_template_is_a_register_of_what_is_cited(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clauses", "a.pol", "--template"]) == 0
    (folder / "t.clauses.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    register = read_register(folder / "t.clauses.yaml")
    assert [c.id for c in register] == ["X-01", "X-02", "X-03", "X-04", "X-05", "X-06", "X-07"]
    by_id = {c.id: c for c in register}
    assert (by_id["X-02"].place, by_id["X-02"].by, by_id["X-02"].carried) == ("二", ("业绩", "达标"), "rule")
    assert (by_id["X-01"].carried, by_id["X-03"].carried, by_id["X-06"].carried) == ("parameter", "table", "note")
    assert run(["clauses", "a.pol", "--register", "t.clauses.yaml"]) == 1  # only an example cites it


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "缺少 clauses 列表 it has no list 'clauses'"),
        ("clauses: 3\n", "缺少 clauses 列表 it has no list 'clauses'"),
        ("clauses: [a]\n", "entry 1 is not made of id, place, text"),
        ("clauses:\n  - {id: X-01, place: p, text: t}\n", "X-01 缺少 lacks carried"),
        ("clauses:\n  - {id: X-01, place: p, text: t, left: r, part_of: X-02}\n", "part_of: X-02 不是登记的整条"),
        ("clauses:\n  - {id: X-01, place: p, text: t, left: r, part_of: X-01}\n", "part_of: X-01 不是登记的整条"),
        ("clauses:\n  - {id: X-01 一, place: p, text: t, left: r}\n", "id 里不能有空格 an id cannot hold a blank"),
        ("clauses:\n  - {id: X-01, place: p, text: {a: b}, left: r}\n", "X-01: text 要写成文字 has to be a text"),
        ("clauses:\n  - {id: 2024-13-45, place: p}\n", "a.clauses.yaml: YAML 写得不对 not valid YAML"),
        ("clauses:\n  - id: [\n", "a.clauses.yaml: 第 3 行 line 3: YAML 写得不对"),
        ("a: [\n", "a.clauses.yaml"),
    ],
)
def test_a_register_that_cannot_be_used_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, word: str
) -> None:
    (folder / "a.clauses.yaml").write_text(text, encoding="utf-8")
    assert run(["clauses", "a.pol"]) == 2
    assert word in capsys.readouterr().err


def test_a_register_cannot_steer_the_terminal(folder: Path) -> None:
    entry = '{id: X-01, place: "\\e[31m", text: "a\\nb\\u2028c", left: r}'
    (folder / "t.clauses.yaml").write_text(f"clauses:\n  - {entry}\n", encoding="utf-8")
    clause = read_register(folder / "t.clauses.yaml")[0]
    assert (clause.place, clause.text) == ("[31m", "a b c")


def test_bytes_that_are_no_text_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.clauses.yaml").write_bytes(b"\xff\xfe\x00clauses")
    assert run(["clauses", "a.pol"]) == 2
    assert "条款登记不能用" in capsys.readouterr().err


def test_an_invalid_policy_keeps_its_exit_code(folder: Path) -> None:
    (folder / "a.pol").write_text("政策 甲\n要求 达标：没有 ≥ 1元\n", encoding="utf-8")
    assert run(["clauses", "a.pol"]) == 3
    assert run(["clauses", "none.pol"]) == 2


def test_a_translation_is_held_against_the_register_of_the_original(folder: Path) -> None:
    policy = "policy A\n  id: A-1\ndata\n  revenue: money [X-01 1]\nrequirement target: revenue >= CNY 1 [X-01 1]\n"
    (folder / "a.en.pol").write_text(policy, encoding="utf-8")
    register = "policy: A-1\nclauses:\n  - {id: X-01, place: 一, text: 业绩, carried: rule, by: [业绩]}\n"
    (folder / "a.clauses.yaml").write_text(register, encoding="utf-8")
    assert run(["clauses", "a.en.pol"]) == 0


def test_citations_come_in_the_order_of_the_file() -> None:
    found = [c.id for c in carriers(load_text(POLICY, "a.pol").file)]
    assert found == ["X-01", "X-02", "X-03", "X-04", "X-05", "X-02", "X-06", "X-07"]
