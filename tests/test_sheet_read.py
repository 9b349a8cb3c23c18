"""Whole sheets: names, shapes, ledgers, populations, settings, and what is told about them."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction

import pytest
from sheet_program import ENGLISH, PROGRAM

from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.sheet import Sheet, join_sheets, read_settings, read_sheets


def one(text: str) -> Sheet:
    (sheet,) = read_sheets(text, "甲方.yaml", PROGRAM)
    return sheet


def problems(text: str | bytes) -> tuple[Diagnostic, ...]:
    with pytest.raises(SheetError) as caught:
        read_sheets(text, "甲方.yaml", PROGRAM)
    return caught.value.diagnostics


def told(text: str | bytes) -> list[tuple[str, str, int]]:
    """(code, path, line) of every problem."""
    return [(d.code, d.args["path"], d.span.line) for d in problems(text)]


# ---------------------------------------------------------------------------------------------- names
@pytest.mark.parametrize(
    "text",
    [
        "整体业绩: 3",
        "overall_performance: 3",
        "OVERALL_PERFORMANCE: 3",
        "ｏｖｅｒａｌｌ＿ｐｅｒｆｏｒｍａｎｃｅ: 3",
        '"整体业绩": "3"',
        '{"整体业绩": 3}',
        '{"overall_performance":\t3}',
        " 整体业绩 : 3.00",
    ],
)
def test_a_fact_by_any_of_its_names(text: str) -> None:
    assert one(text).values == {"整体业绩": Fraction(3)}


@pytest.mark.parametrize(
    "text",
    [
        "certificates: {sales: 3, tech: 2}",
        "certificates.sales: 3\ncertificates.tech: 2",
        "certificates:\n  sales: 3人\n技术认证人数: 2",
        "Certificates: {TECH: 2}\ncertificates.SALES: 3",
    ],
)
def test_dotted_aliases_nested_or_flat(text: str) -> None:
    assert one(text).values == {"销售认证人数": 3, "技术认证人数": 2}


def test_unknown_names_with_near_misses() -> None:
    (first, second) = problems("整体业积: 3\ncertificates: {sale: 1}")
    assert (first.code, first.args["path"], first.suggestions) == ("SHEET120", "整体业积", ("整体业绩",))
    assert (second.code, second.args["path"], second.span.line) == ("SHEET120", "certificates.sale", 2)
    assert second.suggestions[0] == "certificates.sales"


def test_names_that_have_no_place_in_a_sheet() -> None:
    assert told("quota: 30家\n产品目录: []\n销售达标: 是\n违规次数: 1") == [
        ("SHEET122", "quota", 1),
        ("SHEET123", "产品目录", 2),
        ("SHEET126", "销售达标", 3),
        ("SHEET126", "违规次数", 4),
    ]


@pytest.mark.parametrize("second", ["整体业绩: 2", "overall_performance: 2", "Overall_Performance: 2", "整体业绩:"])
def test_a_fact_given_twice(second: str) -> None:
    (problem,) = problems(f"整体业绩: 1\n{second}")
    assert (problem.code, problem.span.line, problem.args["line"]) == ("SHEET121", 2, "1")


def test_the_name_and_the_date_of_the_sheet() -> None:
    sheet = one("名称: 甲 公司\n评估日: 2024年6月30日\n整体业绩: 1")
    assert (sheet.name, sheet.as_of) == ("甲 公司", date(2024, 6, 30))
    assert one("name: 甲\nas_of: 2024-06-30 09:30").as_of == datetime(2024, 6, 30, 9, 30)
    assert one("evaluation date: 2024-06-30").as_of == date(2024, 6, 30)
    assert one("整体业绩: 1").name == "甲方"
    assert told("评估日: 昨天\nas of: 2024-02-30") == [("SHEET130", "评估日", 1), ("SHEET141", "as of", 2)]
    assert told("评估日: [1]") == [("SHEET127", "评估日", 1)]


# ---------------------------------------------------------------------------------------------- absence
@pytest.mark.parametrize("value", ["", "null", "~", "NULL", '""', "'  '"])
def test_not_filled_in_is_absent(value: str) -> None:
    sheet = one(f"净额: {value}\n首次赢单日期: {value}\n违规记录: {value}")
    assert sheet.values == {} and sheet.lists == {}


@pytest.mark.parametrize("word", ["无", "none", "None", '"无"'])
def test_none_is_stated(word: str) -> None:
    assert one(f"首次赢单日期: {word}").values == {"首次赢单日期": None}
    assert told(f"公告日期: {word}") == [("SHEET136", "公告日期", 1)]


def test_yaml_words_are_not_guessed() -> None:
    sheet = one("备注: no\n新渠道: no\nparts: [备货信息]\nfactor: 012")
    assert sheet.values == {"备注": "no", "新渠道": False, "报告内容": ("备货信息",), "系数": Fraction(12)}
    assert told("整体业绩: yes\nfactor: 12:30\n净额: true") == [
        ("SHEET130", "整体业绩", 1),
        ("SHEET130", "系数", 2),
        ("SHEET130", "净额", 3),
    ]


def test_numbers_stay_exact() -> None:
    sheet = one('{"net": 0.1, "factor": 12345678901234567890.123456789, "score": 1e2}')
    assert sheet.values["净额"] == Fraction(1, 10)
    assert sheet.values["系数"] == Fraction(12345678901234567890123456789, 10**9)
    assert sheet.values["得分"] == 100


def test_an_empty_file_is_a_sheet_that_says_nothing() -> None:
    for text in ("", "# 只有注释\n", "null", "{}", "---\n"):
        sheet = one(text)
        assert sheet.values == {} and sheet.lists == {} and sheet.name == "甲方"


# ---------------------------------------------------------------------------------------------- ledgers
def test_a_ledger_as_a_list() -> None:
    sheet = one("violations:\n- {id: V1, grade: L1, money: {amount: 1800}}\n- 记录号: V2\n  公告日期: 2024-05-10\n")
    first, second = sheet.lists["违规记录"]
    assert (first.key, first.values) == ("V1", {"记录号": "V1", "级别": "一类", "金额": 1800})
    assert (second.key, second.values) == ("V2", {"记录号": "V2", "公告日期": date(2024, 5, 10)})
    assert (second.at.line, sheet.places["违规记录[V2].公告日期"].line) == (3, 4)


def test_a_ledger_keyed_by_its_key() -> None:
    listed = one("违规记录: [{记录号: V1, 级别: 一类}, {记录号: V2}]").lists
    keyed = one("违规记录:\n  V1: {级别: 一类}\n  V2: {id: v2}\n").lists
    assert [(r.key, r.values) for r in listed["违规记录"]] == [
        ("V1", {"记录号": "V1", "级别": "一类"}),
        ("V2", {"记录号": "V2"}),
    ]
    assert [r.values for r in keyed["违规记录"]] == [{"记录号": "V1", "级别": "一类"}, {"记录号": "v2"}]
    assert told("违规记录: {V1: {记录号: V9}}") == [("SHEET121", "违规记录[V1].记录号", 1)]
    assert told("商机报备: {X: {报备渠道: 甲}}") == [("SHEET127", "商机报备", 1)]  # it has no key


def test_an_empty_ledger_is_known() -> None:
    assert one("违规记录: []").lists == {"违规记录": ()}
    assert one("违规记录: 无").lists == {"违规记录": ()}
    assert one("违规记录:").lists == {}


def test_a_row_with_nothing_in_its_cells_is_no_record() -> None:
    """As lists pasted from a worksheet end with; a row that says anything, or is there without cells, is one."""
    records = one("违规记录: [{记录号: V1}, {记录号: , 级别: ''}, {记录号: , 级别: 一类}, {}]").lists["违规记录"]
    assert [r.values for r in records] == [{"记录号": "V1"}, {"级别": "一类"}, {}]


def test_records_without_a_key_of_their_own() -> None:
    records = one("registrations: [{project: 甲}, {project: 甲}, {partner: 乙}]").lists["商机报备"]
    assert [r.key for r in records] == ["甲", "甲#2", "#3"]


def test_keys_may_not_repeat() -> None:
    (problem,) = problems("违规记录:\n- 记录号: V1\n- 记录号: ｖ1\n")
    assert (problem.code, problem.span.line, problem.args["line"]) == ("SHEET153", 3, "2")


def test_problems_inside_a_ledger_have_their_path() -> None:
    text = "违规记录:\n- {记录号: V1, 公告日期: 昨天, 等级: 一类}\n- {级别: 四类}\n- 3\n"
    assert told(text) == [
        ("SHEET130", "违规记录[V1].公告日期", 2),
        ("SHEET120", "违规记录[V1].等级", 2),
        ("SHEET135", "违规记录[#2].级别", 3),
        ("SHEET127", "违规记录[3]", 4),
    ]


def test_a_list_where_one_value_belongs_and_the_reverse() -> None:
    assert told("整体业绩: [1]\n新渠道: {a: 1}\n违规记录: 3\nparts: [[1]]\nparts2: 1") == [
        ("SHEET127", "整体业绩", 1),
        ("SHEET127", "新渠道", 2),
        ("SHEET127", "违规记录", 3),
        ("SHEET127", "报告内容", 4),
        ("SHEET120", "parts2", 5),
    ]


# ---------------------------------------------------------------------------------------------- populations
def test_a_list_of_sheets_is_a_population() -> None:
    first, second = read_sheets("- {名称: 甲, 整体业绩: 1}\n- {整体业绩: 2}", "p.yaml", PROGRAM)
    assert [(s.name, s.values["整体业绩"]) for s in (first, second)] == [("甲", 1), ("p#2", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "全体: [{名称: 甲, 净额: 1}, {名称: 乙}]\n商机报备: [{项目: X}]\n评估日: 2024-06-30",
        "population:\n  甲: {净额: 1}\n  乙:\nas_of: 2024-06-30\nregistrations: [{project: X}]",
        "- {名称: 甲, 净额: 1, 评估日: 2024-06-30, 商机报备: [{项目: X}]}\n- {名称: 乙, 评估日: 2024-06-30}",
    ],
)
def test_shared_ledgers_hold_for_every_party(text: str) -> None:
    sheets = read_sheets(text, "p.yaml", PROGRAM)
    assert [(s.name, s.as_of, s.values) for s in sheets] == [
        ("甲", date(2024, 6, 30), {"净额": 1}),
        ("乙", date(2024, 6, 30), {}),
    ]
    assert all([r.key for r in s.lists["商机报备"]] == ["X"] for s in sheets)
    assert sheets[0].lists["商机报备"] is sheets[1].lists["商机报备"]


def test_shared_ledgers_may_not_differ() -> None:
    text = "- {名称: 甲, 商机报备: []}\n- {名称: 乙, 商机报备: [{项目: X}]}"
    assert told(text) == [("SHEET124", "全体[乙].商机报备", 2)]
    assert told("全体:\n- {名称: 甲, 商机报备: []}\n商机报备: []") == [("SHEET124", "商机报备", 2)]


def test_what_may_stand_beside_a_population() -> None:
    text = "全体: [{名称: 甲}, {名称: 乙}]\n整体业绩: 1\n违规记录: []\n未知: 1"
    assert told(text) == [("SHEET128", "整体业绩", 2), ("SHEET128", "违规记录", 3), ("SHEET120", "未知", 4)]


def test_parties_have_different_names() -> None:
    assert told("- {名称: 甲, 净额: 1}\n- {名称: 甲, 净额: 1}") == [("SHEET125", "甲", 2)]
    assert told("全体: {甲: {名称: 乙}}") == [("SHEET121", "名称", 1)]


def test_paths_of_a_population_name_the_party() -> None:
    text = "- {名称: 甲, 净额: x}\n- {名称: 乙, 违规记录: [{记录号: V1, 金额: y}]}\n- 3\n"
    assert told(text) == [
        ("SHEET130", "全体[甲].净额", 1),
        ("SHEET130", "全体[乙].违规记录[V1].金额", 2),
        ("SHEET127", "全体[甲方#3]", 3),
    ]


@pytest.mark.parametrize("text", ["[]", "3", "全体: []", "全体: 3", "甲"])
def test_what_is_no_sheet(text: str) -> None:
    assert [code for code, _, _ in told(text)] == ["SHEET127"]


def test_several_files_are_one_population() -> None:
    first = read_sheets("{名称: 甲, 商机报备: [{项目: X}]}", "a.yaml", PROGRAM)
    second = read_sheets("净额: 1", "b.yaml", PROGRAM)
    joined = join_sheets([first, second], PROGRAM)
    assert [(s.name, [r.key for r in s.lists["商机报备"]]) for s in joined] == [("甲", ["X"]), ("b", ["X"])]
    with pytest.raises(SheetError) as caught:
        join_sheets([first, first], PROGRAM)
    assert [d.code for d in caught.value.diagnostics] == ["SHEET125"]


# ---------------------------------------------------------------------------------------------- notices
def test_notices_are_worded_in_the_language_asked_for() -> None:
    text = "整体业绩: 1\n渠道类型: VAR\n伙伴子类: 代埋"
    (zh,) = read_sheets(text, "p.yaml", PROGRAM)
    assert zh.notices == ("“伙伴子类”：“代埋”不在列出的选项里，按原样接受",)
    (en,) = read_sheets(text, "p.yaml", PROGRAM, language="en")
    assert en.notices == ("'伙伴子类': '代埋' is not in the list and is taken as it is",)


def test_what_is_required_and_left_out_is_a_notice() -> None:
    sheet = one("渠道类型:\n违规记录: [{级别: 一类}]")
    assert sheet.notices == (
        "“违规记录[#1].记录号”必填，还没有填",
        "“违规记录[#1].公告日期”必填，还没有填",
        "“整体业绩”必填，还没有填",
        "“渠道类型”必填，还没有填",
    )


def test_every_problem_in_one_run_in_the_order_of_the_file() -> None:
    text = "新渠道: 1\n整体业绩: -3\nECR: 8\n违规记录: [{记录号: V1, 金额: -1}, {记录号: V1}]\n产品: S999\n"
    assert told(text) == [
        ("SHEET130", "新渠道", 1),
        ("SHEET150", "整体业绩", 2),
        ("SHEET133", "ECR", 3),
        ("SHEET150", "违规记录[V1].金额", 4),
        ("SHEET153", "违规记录[V1].记录号", 4),
        ("SHEET152", "产品", 5),
    ]


def test_english_paths() -> None:
    with pytest.raises(SheetError) as caught:
        read_sheets('[{"name": "A", "net": "x"}, {"name": "B"}]', "p.json", ENGLISH)
    assert caught.value.dialect == "en"
    assert caught.value.diagnostics[0].args["path"] == "everyone[A].净额"


def test_yaml_and_json_say_the_same() -> None:
    data = {
        "整体业绩": "150万元",
        "violations": [{"id": "V1", "grade": "一类"}],
        "new_channel": True,
        "remark": "甲\n乙😀",
    }
    from_json = one(json.dumps(data))
    from_pretty = one(json.dumps(data, ensure_ascii=False, indent="\t"))
    from_yaml = one('整体业绩: 150万元\nviolations:\n- id: V1\n  grade: 一类\nnew_channel: 是\nremark: "甲\\n乙😀"\n')
    assert from_json.values == from_pretty.values == from_yaml.values
    assert from_json.values["备注"] == "甲\n乙😀"


# ---------------------------------------------------------------------------------------------- settings
def test_parameters_are_set_from_outside() -> None:
    assert read_settings(["quota=30家", "返利比例 ＝ 10%"], PROGRAM) == {"破冰名额": 30, "返利比例": Fraction(1, 10)}
    assert read_settings([], PROGRAM) == {}


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ("quota", "SHEET170"),
        ("=3", "SHEET170"),
        ("quota=", "SHEET170"),
        ("整体业绩=3", "SHEET171"),
        ("配额=3", "SHEET171"),
        ("quota=3人", "SHEET131"),
        ("返利比例=0.1", "SHEET133"),
        ("返利比例=20%", "SHEET150"),
        ("quota=无", "SHEET136"),
    ],
)
def test_settings_refused(pair: str, code: str) -> None:
    with pytest.raises(SheetError) as caught:
        read_settings([pair], PROGRAM)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_every_wrong_setting_is_told() -> None:
    with pytest.raises(SheetError) as caught:
        read_settings(["返利比例=20%", "破冰名额=x", "破冰=1", "quota=1", "破冰名额=2"], PROGRAM)
    assert sorted(d.code for d in caught.value.diagnostics) == ["SHEET121", "SHEET130", "SHEET150", "SHEET171"]
