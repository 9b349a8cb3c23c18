"""Falsified verdicts: each planted change is found; what gets through without the policy and the sheet is known."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from planted import KINDS, SAID, Document, edited, resealed
from recheck_support import EXAMPLES, POLICY, SHEET, faults, of_example, of_text, small

from policydsl import cli
from policydsl.cli.recheck import worked
from policydsl.recheck.document import Unreadable, against, examine, read_document, recheck
from policydsl.render.rechecked import rechecked


def plant(name: str, document: Document, seed: int) -> set[str]:
    """One falsification of each kind; the kinds that there was something of. Each is found, and not only by the seal
    over the whole file; what came out, and what is reported, even by who made every seal anew; with the policy and the
    sheet (which give the document as it was) all are."""
    assert examine(document, worked).holds
    true, seen = copy.deepcopy(document), set()
    for kind, falsify in KINDS.items():
        edits = falsify(document, random.Random(f"{name} {kind} {seed}"))
        if not edits:
            continue
        seen.add(kind)
        with edited(document, edits):
            assert set(faults(examine(document, worked))) - {"seal"}, (name, kind, edits)
            with resealed(document):
                assert kind in SAID or not examine(document, worked).holds, (name, kind, edits)
                assert [*against(document, true)], (name, kind, edits)
    assert document == true
    return seen


#: the largest proofs, which are looked through three times for every change: by night
LONG = {"00_expressions", "06_computes", "08_requirements", "12_scores", "17_deadlines", "23_unknowns"}


def test_planted_falsifications_are_found() -> None:
    """200 and more of them, of every kind."""
    found = [kind for name, document in small() if name not in LONG for kind in plant(name, document, 1)]
    assert len(found) >= 200
    assert {*found} == KINDS.keys()


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2))
def test_more_planted_falsifications_are_found(seed: int) -> None:
    for name, document in small():
        plant(name, document, 100 + seed)


@pytest.mark.nightly
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_falsifications_of_an_example_are_found(path: Path) -> None:
    document = read_document(of_example(path))
    plant(path.stem, document, 0)


# ---------------------------------------------------------------------------------------------- what gets through
def alone(document: Document) -> list[str]:
    return faults(examine(document, worked))


@pytest.mark.parametrize("kind", ["a citation", "a word"])
def test_who_remakes_every_seal_may_change_words_and_citations(kind: str) -> None:
    """From the proof alone nothing is to be seen; with the policy it is."""
    true = read_document(of_text())
    document = copy.deepcopy(true)
    with edited(document, KINDS[kind](document, random.Random(1))), resealed(document):
        assert alone(document) == []
        assert "templates" in {str(fault.said["field"]).partition("/")[0] for fault in against(document, true)}


def test_a_verdict_on_other_facts_follows_from_itself() -> None:
    """Only the sheet says that they are others."""
    document = read_document(of_text(SHEET.replace("工程师: 2人", "工程师: 3人")))
    assert document["results"]["破冰奖"]["value"] == 20_000
    assert alone(document) == []
    first = next(iter(against(document, read_document(of_text()))))
    assert (first.what, first.said) == ("other_fact", {"field": "工程师", "claim": 3, "made": 2})


def test_a_verdict_by_another_policy_follows_from_itself() -> None:
    """Even with the true policy's digest; only the policy says that it is another."""
    true = read_document(of_text())
    document = read_document(of_text(policy=POLICY.replace("工程师 ≥ 3人", "工程师 ≥ 2人")))
    document["policy"]["digest"] = document["proof"]["policy"]["digest"] = true["policy"]["digest"]
    with resealed(document):
        assert alone(document) == []
        first = next(iter(against(document, true)))
        assert first.template is not None
        assert document["proof"]["templates"][first.template]["v"] == 2


BESIDE: dict[str, Callable[[Document], None]] = {
    "remarks": lambda d: d["results"]["破冰奖"].update(remarks=["甲"]),
    "unruled": lambda d: d["results"]["破冰奖"].update(unruled=["甲"]),
    "nature": lambda d: d["results"]["破冰奖"].update(nature="甲"),
    "key": lambda d: d["results"]["达标"].update(key=1),
    "set_aside": lambda d: d.update(set_aside=[{"name": "甲", "field": "乙", "date": "2024-07-01", "whole": True}]),
    "trace": lambda d: d.update(trace=[]),
}


@pytest.mark.parametrize("part", BESIDE)
def test_who_remakes_every_seal_may_change_what_stands_beside_the_values(part: str) -> None:
    """docs/recheck.md names each; with the policy and the sheet it is found."""
    true = read_document(of_text())
    document = copy.deepcopy(true)
    BESIDE[part](document)
    with resealed(document):
        assert alone(document) == []
    assert part in [name for fault in against(document, true) for name in str(fault.said["field"]).split("/")]


def test_what_is_set_aside_lies_after_the_evaluation_date() -> None:
    document = read_document(of_text())
    document["set_aside"] = [{"name": "甲", "field": "乙", "date": "2024-06-30", "whole": True}]
    with resealed(document):
        assert alone(document) == ["header"]


@pytest.mark.parametrize("reason", ["not_computable", "某处的附注"])
def test_who_remakes_every_seal_may_say_that_an_open_step_cannot_be_computed(reason: str) -> None:
    """The values still follow; only the words of why it is open are another's."""
    true = read_document(of_text(WITHOUT))
    document = copy.deepcopy(true)
    for node in parts(document)[1]:
        if isinstance(node[2], dict) and len(node) == 4:
            node[2]["?"].append(reason)
    for rule in ("达标", "破冰奖"):
        said = document["results"][rule]
        if reason == "not_computable":
            said["reasons"] = ["missing", reason]
        else:
            where = {"note": reason, "rule": rule, "clauses": said.get("clauses", [])}
            said |= {"notes": [reason], "noted_in": [where]}
    with resealed(document):
        assert alone(document) == []
    assert [*against(document, true)]


def test_other_steps_may_not_be_dropped_for_it() -> None:
    """A forger who turns a comparison around must have another fact or another threshold behind it."""
    document = read_document(of_text())
    number = next(i for i, t in enumerate(document["proof"]["templates"]) if t.get("text") == "工程师 ≥ 3人")
    (node,) = [n for n in document["proof"]["nodes"] if n[0] == number]
    with edited(document, [(node, 2, True)]), resealed(document):
        assert alone(document) == ["value", "value"]  # the comparison, and the requirement that still says no


# ---------------------------------------------------------------------------------------------- what is said twice
WITHOUT = SHEET.replace("工程师: 2人\n", "")  # 工程师 ≥ 3人 is open, and so are 达标 and 破冰奖


def parts(document: Document) -> tuple[list[Any], list[Any], list[Any]]:
    proof = document["proof"]
    return proof["facts"], proof["nodes"], proof["templates"]


def reading(document: Document, name: str) -> list[Any]:
    """The step that reads a fact."""
    _, nodes, templates = parts(document)
    return next(n for n in nodes if templates[n[0]].get("name") == name)


def two_of_a_fact(document: Document) -> None:
    """The sheet's 2 stays where it is; what is read is another."""
    facts, _, _ = parts(document)
    node = reading(document, "工程师")
    facts.append([*facts[node[4]][:2], 3])
    node[2], node[4] = 3, len(facts) - 1


def a_fact_of_another_day(document: Document) -> None:
    facts, _, _ = parts(document)
    facts.append([0, "工程师", 3, {"d": "2024-07-01"}])


def a_fact_nobody_reads(document: Document) -> None:
    parts(document)[0].append([0, "税号", "甲"])


def a_record_nobody_asks(document: Document) -> None:
    document["proof"]["records"].append(["项目", "A3", 2])


def a_record_by_another_number(document: Document) -> None:
    document["proof"]["lists"][0]["records"][1] = -1


def a_record_counted_twice(document: Document) -> None:
    (ledger,) = document["proof"]["lists"]
    ledger["records"].append(ledger["records"][-1])
    total = next(n for n in parts(document)[1] if n[2] == 425_000 and n[3] and isinstance(n[3][0], list))
    total[3].append(total[3][-1])


def a_list_given_twice(document: Document) -> None:
    lists = document["proof"]["lists"]
    lists.append({**lists[0], "records": lists[0]["records"][:1]})


def a_step_taken_twice(document: Document) -> None:
    _, nodes, _ = parts(document)
    nodes.append(list(nodes[-1]))
    document["proof"]["verdicts"][0]["results"][-1]["value"] = len(nodes) - 1


def a_fact_of_another_kind(document: Document) -> None:
    node = reading(document, "工程师")
    node[2] = parts(document)[0][node[4]][2] = "2"


def a_unit(document: Document) -> None:
    """425,000元 are told as 425,000箱."""
    next(one for one in document["proof"]["asked"] if one["rule"] == "项目额")["of"] = "count:箱"
    document["results"]["项目额"]["unit"] = "箱"


def a_part_of_no_verdict(document: Document) -> None:
    document["approved"] = True


def a_verdict_around_the_true_one(document: Document) -> None:
    """What is proved is the one inside; what stands outside nobody has proved."""
    document["verdicts"] = [{key: value for key, value in document.items() if key != "proof"}]
    document["results"] = {}


def no_verdict_at_all(document: Document) -> None:
    for key in document.keys() - {"format", "proof"}:
        del document[key]
    document["format"], document["verdicts"] = "policydsl.verdicts/1", []
    for part in ("verdicts", "nodes", "facts", "lists", "places", "records"):
        document["proof"][part] = []


def a_day_of_its_own(document: Document) -> None:
    document["as_of"]["until"] = "2024-12-31"


@pytest.mark.parametrize(("forge", "found"), [
    (two_of_a_fact, "twice"), (a_fact_of_another_day, "idle"), (a_fact_nobody_reads, "idle"),
    (a_record_nobody_asks, "idle"), (a_record_by_another_number, "malformed"), (a_record_counted_twice, "records"),
    (a_list_given_twice, "twice"), (a_step_taken_twice, "twice"), (a_fact_of_another_kind, "kind"), (a_unit, "kind"),
    (a_part_of_no_verdict, "extra"), (a_verdict_around_the_true_one, "extra"), (no_verdict_at_all, "party"),
    (a_day_of_its_own, "header"),
], ids=lambda x: getattr(x, "__name__", x))
def test_who_remakes_every_seal_may_say_nothing_twice(forge: Callable[[Document], None], found: str) -> None:
    document = read_document(of_text())
    forge(document)
    with resealed(document):
        assert found in alone(document)


def an_invented_need(document: Document) -> None:
    for node in parts(document)[1]:
        if isinstance(node[2], dict) and "need" in node[2] and len(node) == 4:
            node[2]["need"] = ["印章"]


def another_reason(document: Document) -> None:
    """As if somebody had to decide."""
    for node in parts(document)[1]:
        if isinstance(node[2], dict) and len(node) == 4:
            node[2]["?"] = ["discretion"]


def a_comparison_tried_out(document: Document) -> None:
    _, nodes, templates = parts(document)
    node = next(n for n in nodes if templates[n[0]].get("text") == "工程师 ≥ 3人")
    node[2:] = [True, node[3], None, ["tried"]]


def none_besides(document: Document) -> None:
    _, nodes, templates = parts(document)
    next(n for n in nodes if templates[n[0]].get("text") == "工程师 ≥ 3人")[2]["choices"].append(None)


def a_parameter(document: Document) -> None:
    document["missing"][0]["parameter"] = True


def missing_twice(document: Document) -> None:
    document["missing"] *= 2


@pytest.mark.parametrize(("forge", "found"), [
    (an_invented_need, "needs"), (another_reason, "reasons"), (a_comparison_tried_out, "mark"),
    (none_besides, "value"), (a_parameter, "missing"), (missing_twice, "missing"),
], ids=lambda x: getattr(x, "__name__", x))
def test_what_is_open_is_so_for_what_it_rests_on(forge: Callable[[Document], None], found: str) -> None:
    document = read_document(of_text(WITHOUT))
    assert [one["fact"] for one in document["missing"]] == ["工程师"]
    assert alone(document) == []
    forge(document)
    with resealed(document):
        assert found in alone(document)


def test_a_decimal_is_no_text_to_the_seal() -> None:
    document = read_document(of_text().replace('"trace": [', '"trace": [0.5,'))
    assert document["trace"][0] == Fraction(1, 2)
    with resealed(document):
        assert alone(document) == []
        document["trace"][0] = "1/2"
        assert alone(document) == ["seal"]


def test_a_part_that_says_nothing_is_not_no_part() -> None:
    true = read_document(of_text(WITHOUT))
    document = copy.deepcopy(true)
    document["results"]["达标"]["choices"].append(None)
    document["results"]["项目额"]["state"] = None
    (first,) = against(document, true)
    assert first.said == {"field": "results/达标/choices/2", "claim": None, "made": None}
    del document["results"]["达标"]["choices"][2]
    assert [fault.said["field"] for fault in against(document, true)] == ["results/项目额/state"]


# ---------------------------------------------------------------------------------------------- the command
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the policy, a sheet and the verdict, as the working directory."""
    (tmp_path / "demo.pol").write_text(POLICY, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(SHEET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Said = tuple[int, str, str]


def call(capsys: pytest.CaptureFixture[str], *args: str) -> Said:
    code = cli.run(list(args), "pol")
    out, err = capsys.readouterr()
    return code, out, err


def written(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    code, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "--format", "json", "--proof", *more)
    assert code == 0
    (folder / "v.json").write_text(out, encoding="utf-8")
    return out


def test_a_true_verdict_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, capsys)
    code, out, _ = call(capsys, "recheck", "v.json")
    assert code == 0
    assert out.startswith("证明成立")
    assert "读到的事实" in out
    code, out, _ = call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml", "--lang", "en")
    assert (code, out.splitlines()[1]) == (0, "the same as the policy and the sheets give anew")


@pytest.mark.parametrize(
    "more", [("--lang", "en"), ("--only", "达标"), ("--set", "业绩线=90万元"), ("--as-of", "2024-07-01")]
)
def test_it_is_compared_with_what_the_same_question_gives(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    written(folder, capsys, *more)
    settings = more if more[0] == "--set" else ()
    assert call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml", *settings)[0] == 0


def test_a_parameter_that_was_not_set_so_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, capsys, "--set", "业绩线=90万元")
    code, out, _ = call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")
    assert code == 1
    assert "业绩线 不是给出的" in out


def test_a_verdict_may_not_move_the_date_of_the_sheet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that the day is the sheet's, and the sheet says another."""
    (folder / "a.yaml").write_text(SHEET.replace("2024-06-30", "2024-07-31"), encoding="utf-8")
    written(folder, capsys)
    (folder / "a.yaml").write_text(SHEET, encoding="utf-8")
    assert call(capsys, "recheck", "v.json")[0] == 0
    code, out, _ = call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")
    assert code == 1
    assert "as_of/date" in out


def test_results_that_are_left_out_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, capsys, "--only", "达标")
    out = call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")[1]
    assert "结论没有列出政策的这些结论：破冰奖、项目额" in out
    written(folder, capsys)
    assert "没有列出" not in call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")[1]


def test_no_verdict_is_not_the_same_as_what_the_policy_gives(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = read_document(written(folder, capsys))
    no_verdict_at_all(document)
    with resealed(document):
        (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    assert call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")[0] == 1


def test_a_forged_text_cannot_write_over_the_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(folder, capsys))
    document["proof"]["templates"][0]["text"] = "\x1b[2J\r证明成立\n\ud800" + "长" * 2_000
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = call(capsys, "recheck", "v.json")
    assert (code, len(out.splitlines())) == (1, 4)
    assert not {"\x1b", "\r", "\ud800"} & {*out}
    assert max(map(len, out.splitlines())) < 1_010


def test_a_fault_is_told_in_the_authors_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(folder, capsys))
    templates = document["proof"]["templates"]
    number = next(i for i, t in enumerate(templates) if t.get("text") == "工程师 ≥ 3人")
    next(n for n in document["proof"]["nodes"] if n[0] == number)[2] = True
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = call(capsys, "recheck", "v.json")
    assert code == 1
    assert "第22行 “工程师 ≥ 3人” 【一.2】：写作 是，由所依据的得出 否" in out
    code, out, _ = call(capsys, "recheck", "v.json", "--lang", "en")
    assert "line 22 '工程师 ≥ 3人' [一.2]: says yes; from what it rests on follows no" in out


def test_a_changed_report_is_told_by_its_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(folder, capsys))
    document["results"]["项目额"]["value"] = 425_001
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    assert "项目额：value 写作 425,001，证明得出 425,000" in call(capsys, "recheck", "v.json")[1]


def population(folder: Path, capsys: pytest.CaptureFixture[str]) -> Document:
    """The verdict on two; 乙公司 has the engineers for 破冰奖, and 甲公司 has not."""
    other = SHEET.replace("甲公司", "乙公司").replace("工程师: 2人", "工程师: 3人")
    (folder / "b.yaml").write_text(other, encoding="utf-8")
    code, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "b.yaml", "--format", "json", "--proof")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


def test_a_changed_report_is_told_by_whose_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = population(folder, capsys)
    first, second = document["verdicts"]
    first["results"]["破冰奖"]["value"], second["results"]["破冰奖"]["value"] = 20_000, 0
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = call(capsys, "recheck", "v.json")
    assert code == 1
    assert "  甲公司 破冰奖：value 写作 20,000，证明得出 0\n" in out
    assert "  乙公司 破冰奖：value 写作 0，证明得出 20,000\n" in out


def test_a_result_of_another_name_is_told_by_both_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(written(folder, capsys))
    document["results"] = {("大奖" if name == "破冰奖" else name): one for name, one in document["results"].items()}
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = call(capsys, "recheck", "v.json")
    assert (code, "缺少的或多出的结论：大奖/破冰奖\n" in out, "KeyError" in out) == (1, True, False)


def test_results_in_another_order_are_found() -> None:
    document = read_document(of_text())
    document["results"] = dict(reversed(document["results"].items()))
    with resealed(document):
        assert "results_order" in alone(document)


def test_two_parties_have_two_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the one could show the other's verdict."""
    document = read_document(json.dumps(population(folder, capsys)))
    assert alone(document) == []
    for one in (document["verdicts"][1], document["proof"]["verdicts"][1]):
        one["party"] = "甲公司"
    document["proof"]["records"] = [
        [of, "甲公司" if key == "乙公司" else key, *more] for of, key, *more in document["proof"]["records"]
    ]
    with resealed(document):
        assert alone(document) == ["twice"]


def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, capsys)
    assert call(capsys, "recheck", "v.json", "--policy", "demo.pol")[0] == 2
    assert call(capsys, "recheck", "v.json", "--sheet", "a.yaml")[0] == 2
    assert call(capsys, "recheck", "nowhere.json")[0] == 2
    code, _, err = call(capsys, "recheck", "demo.pol")
    assert (code, "not readable JSON" in err) == (2, True)
    assert call(capsys, "eval", "demo.pol", "a.yaml", "--proof")[0] == 2
    code, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "--format", "json")
    (folder / "plain.json").write_text(out, encoding="utf-8")
    code, _, err = call(capsys, "recheck", "plain.json")
    assert (code, "not a verdict with its proof" in err) == (2, True)


@pytest.mark.parametrize(("content", "zh", "en"), [
    (b" \n", "文件是空的", "the file is empty"),
    ("甲".encode("gb18030"), "不是 UTF-8 的文字", "not text in UTF-8"),
    (b'{"a": 1,\n  b', "第 2 行第 3 列", "line 2, column 3"),
    (b"[" * 100_000, "太深", "nested too deeply"),
    (b"[" * 90 + b"]" * 90, "太深", "nested too deeply"),
    ('{"甲": {"乙": 1, "乙": 2}}'.encode(), "有两个“乙”", "'乙' stands twice"),
    (b'{"a": NaN}', "不是准确的数：NaN", "no exact number: NaN"),
    (b'{"a": 1e400}', "不是准确的数：1e400", "no exact number: 1e400"),
], ids=str)
def test_what_is_no_verdict_is_told_in_plain_words(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, zh: str, en: str
) -> None:
    (folder / "v.json").write_bytes(content)
    code, out, err = call(capsys, "recheck", "v.json")
    assert (code, out, zh in err, en in err) == (2, "", True, True)
    assert "codec" not in err and "recursion" not in err and "Expecting" not in err


def test_a_parameter_is_set_only_to_compare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the policy nothing goes by it: it is not passed over in silence."""
    written(folder, capsys)
    code, out, err = call(capsys, "recheck", "v.json", "--set", "业绩线=90万元")
    assert (code, out, "--policy" in err) == (2, "", True)


def test_a_fact_that_the_sheet_lacks_is_told_as_unknown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, capsys)
    (folder / "a.yaml").write_text(WITHOUT, encoding="utf-8")
    code, out, _ = call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")
    assert (code, "工程师 不是给出的那一份上的：写作 2，应为 未知" in out.splitlines()[1]) == (1, True)


@pytest.mark.parametrize("files", [5, None, {"a": 1}])
def test_files_that_are_no_list_are_no_accident(
    folder: Path, capsys: pytest.CaptureFixture[str], files: object
) -> None:
    document = json.loads(written(folder, capsys))
    document["proof"]["files"] = files
    (folder / "v.json").write_text(json.dumps(document), encoding="utf-8")
    assert call(capsys, "recheck", "v.json", "--policy", "demo.pol", "--sheet", "a.yaml")[0] == 1


# ---------------------------------------------------------------------------------------------- hostile input
@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{}", '{"format": "policydsl.verdict/1"}', '{"format": "policydsl.verdict/1", "proof": {}}',
        "[" * 100_000, '{"a": NaN}', '{"a": 1e999999999}', '{"a": ' + "9" * 10_000 + "}", "\ud800", b"\xff\xfe{",
        '{"a": 1, "a": 1}', of_text().replace('"results":', '"results": {}, "results":', 1),
        of_text().replace('"trace": [', f'"trace": [{"[" * 500}{"]" * 500},'),
    ],
    ids=lambda text: str(text)[:30],
)
def test_what_is_no_verdict_is_refused(text: str | bytes) -> None:
    with pytest.raises(Unreadable):
        recheck(text)


DAMAGE: list[Callable[[Any], Any]] = [
    lambda v: None, lambda v: [], lambda v: {}, lambda v: "甲" * 3, lambda v: -1, lambda v: 10**300, lambda v: True,
    lambda v: {"q": "1/0"}, lambda v: {"?": "x"}, lambda v: [v], lambda v: {"d": "2024-13-01"},
    lambda v: {"u": [1, "WD"]},
]


def damaged(document: Document, rng: random.Random) -> Document:
    """The document with something else somewhere inside, mostly in the proof."""
    made = copy.deepcopy(document)
    here: Any = made if rng.random() < 0.2 else made["proof"]
    while True:
        keys = [*here] if isinstance(here, dict) else [*range(len(here))]
        key = rng.choice(keys)
        if not isinstance(here[key], dict | list) or not here[key] or rng.random() < 0.15:
            here[key] = rng.choice(DAMAGE)(here[key])
            return made
        here = here[key]


def test_a_damaged_proof_is_a_fault_and_no_accident() -> None:
    document = read_document(of_text())
    for seed in range(300):
        made = damaged(document, random.Random(seed))
        if made != document:
            report = examine(made, worked)
            assert not report.holds, seed
            assert "\n" in rechecked(report, "zh", alone=True)


def test_a_broken_proof_is_compared_all_the_same() -> None:
    document = read_document(of_text())
    for seed in range(200):
        assert isinstance([*against(damaged(document, random.Random(seed)), document)], list)
    for part, broken in (("facts", 1), ("nodes", None)):
        made = copy.deepcopy(document) | {"proof": {**document["proof"], part: broken}}
        assert part in {fault.said["field"] for fault in against(made, document)}


def test_numbers_do_not_grow_without_end() -> None:
    """Two amounts of 2,000 digits below the line give one of 4,000."""
    document = read_document(of_text())
    facts, nodes, _ = parts(document)
    for number in [i for i, fact in enumerate(facts) if fact[1] == "金额"]:
        facts[number][2] = {"q": f"1/{10**1999 + number}"}
        next(n for n in nodes if len(n) == 5 and n[4] == number and n[3] == [])[2] = facts[number][2]
    with resealed(document):
        assert "malformed" in alone(document)


def test_work_is_bounded_by_what_is_given() -> None:
    """A length of many working days, in a node that claims what nobody would count to."""
    text = of_text(policy=POLICY + "计算 末日 ＝ 赢单日 ＋ 3个工作日\n")
    document = read_document(text)
    days = next(t for t in document["proof"]["templates"] if t.get("v") == {"u": [3, "WD"]})
    number = document["proof"]["templates"].index(days)
    node = next(n for n in document["proof"]["nodes"] if n[0] == number)
    endless = {"u": [10**12, "WD"]}
    with edited(document, [(days, "v", endless), (node, 2, endless)]), resealed(document):
        assert alone(document) != []
