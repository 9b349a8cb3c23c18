"""The JSON Schema and the blank sheet say what the reader does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from kind_support import options
from sheet_program import ENGLISH, PROGRAM, fact
from shipped import shipped

from policydsl import resources
from policydsl.diagnostics import SheetError
from policydsl.kinds import TEXT
from policydsl.sheet import read_sheets, schema, template
from tries import by_day

EXAMPLES = Path(__file__).parents[1] / "examples"
SCHEMA = schema(PROGRAM)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
FACTS: dict[str, Any] = SCHEMA["$defs"]["sheet"]["properties"]


def valid(text: str) -> bool:
    return bool(VALIDATOR.is_valid(yaml.load(text, Loader=yaml.BaseLoader) if "'" in text else yaml.safe_load(text)))


def readable(text: str) -> bool:
    try:
        read_sheets(text, "p.yaml", PROGRAM)
    except SheetError:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(schema(ENGLISH))
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


GOOD = [
    "{}",
    "{整体业绩: 3}",
    "{overall_performance: 150万元（含税）}",
    "{certificates: {sales: 3, tech: 3人}}",
    "{certificates.sales: 3}",
    "{ECR: 8%, 系数: 1.5, 得分: 85, 新渠道: 是, 公告日期: 2024年4月1日}",
    "{new_channel: true, role: VAR, sub_kind: 别的, parts: [备货信息, 用户信息]}",
    "{parts: 备货信息、用户信息, 首次赢单日期: 无, received_at: '2024-04-01 09:00', period: 2024Q2}",
    "{宽限: 60天, product: S922, remark: 123, 整体业绩: null}",
    "{violations: [{id: V1, grade: L1, money: {amount: 3}}], registrations: []}",
    "{违规记录: {V1: {级别: 一类}}, 名称: 甲, 评估日: 2024年6月30日}",
    "[{整体业绩: 3}, {名称: 乙}]",
    "{全体: [{名称: 甲}, {名称: 乙}], 商机报备: [{项目: X}]}",
    "{population: {甲: {净额: 1}, 乙: null}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_read_is_valid(text: str) -> None:
    assert valid(text)
    assert readable(text)


BAD = [
    "{整体业积: 3}",
    "{整体业绩: 3, overall_performance: 3}",
    "{整体业绩: -1}",
    "{整体业绩: true}",
    "{ECR: 8}",
    "{ECR: 0.08}",
    "{ECR: '0.08'}",
    "{certificates: {sales: 2.5}}",
    "{certificates: {sales: 3, other: 1}}",
    "{role: 总代}",
    "{parts: [备货信息, 备货信息]}",
    "{新渠道: 1}",
    "{公告日期: 无}",
    "{公告日期: [1]}",
    "{received_at: 2024年6月30日}",
    "{quota: 30家}",
    "{违规记录: [{级别: 四类}]}",
    "{违规记录: [3]}",
    "{全体: [{名称: 甲}], 整体业绩: 3}",
    "[]",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_invalid_is_refused(text: str) -> None:
    assert not valid(text)
    assert not readable(text)


def test_a_fact_is_described() -> None:
    described = FACTS["整体业绩"]
    assert described == FACTS["overall_performance"]
    assert described["title"] == "整体业绩"
    assert described["description"] == "金额（含税）；如 150万元 或 1500000；不低于 0元"
    assert described["anyOf"][0] == {"type": "number", "minimum": 0}
    assert described["x-tax"] == "incl" and described["x-required"] is True
    assert described["x-clauses"] == ["2.1"] and described["x-wanted-by"] == ["销售达标"]
    assert FACTS["销售认证人数"]["x-unit"] == "人"
    assert FACTS["certificates"]["properties"]["sales"]["title"] == "销售认证人数"
    assert FACTS["产品"]["x-within"] == "产品目录"
    assert FACTS["violations"]["x-key"] == "记录号" and FACTS["violations"]["x-wanted-by"] == ["违规次数"]
    assert FACTS["registrations"]["x-shared"] is True
    grade = FACTS["violations"]["anyOf"][0]["items"]["properties"]["grade"]
    assert grade["x-ordered"] == ["三类", "二类", "一类"]
    assert grade["anyOf"][0] == {"enum": ["三类", "二类", "一类", "L1"]}


def test_options_spelled_as_numbers_may_be_numbers() -> None:
    years = fact("期限", options("期限", "两年期", "三年期", spellings=(("2", "两年期"), ("3", "三年期"))))
    program = replace(PROGRAM, inputs={"期限": years}, lists={}, results=(), terms={})
    described = schema(program)["$defs"]["sheet"]["properties"]["期限"]
    assert described["anyOf"][0] == {"enum": ["两年期", "三年期", "2", "3", 2, 3]}
    assert described["description"] == "选项（两年期 ＝ 2、三年期 ＝ 3）"
    assert read_sheets("期限: 2", "p.yaml", program)[0].values == {"期限": "两年期"}


def test_parameters_and_tables_are_not_in_the_schema() -> None:
    assert not {"破冰名额", "quota", "返利比例", "产品目录"} & FACTS.keys()


# ---------------------------------------------------------------------------------------------- the blank sheet
@pytest.mark.parametrize("program", [PROGRAM, ENGLISH], ids=["zh", "en"])
def test_a_blank_sheet_says_nothing(program: Any) -> None:
    text = template(program)
    (sheet,) = read_sheets(text, "空白.yaml", program)
    assert (sheet.name, sheet.as_of, sheet.values, sheet.lists) == ("空白", None, {}, {})
    assert VALIDATOR.is_valid(yaml.safe_load(text) | {"名称": "甲", "name": "甲"})


def test_a_blank_sheet_names_everything_that_can_be_filled_in() -> None:
    lines = template(PROGRAM).splitlines()
    for decl in PROGRAM.inputs.values():
        assert (f"{decl.name}:" in lines) is not decl.parameter
    assert "违规记录:" in lines and "商机报备:" in lines and "产品目录:" not in lines
    at = lines.index("整体业绩:")
    assert lines[at - 3 : at] == [
        "# 整体业绩（overall_performance）：金额（含税）；如 150万元 或 1500000；必填；不低于 0元",
        "# 用于：销售达标",
        "# 条款：2.1",
    ]
    first = next(line for line in lines if line.startswith("# 首次赢单日期"))
    assert first == "# 首次赢单日期（first_win）：日期；如 2024-06-30；选填，可写 无；不早于 公告日期；不晚于 评估日"
    assert "#  - 记录号:  # 文本；主键，不能重复；必填" in lines


def test_the_commented_rows_of_a_ledger_can_be_filled_in() -> None:
    lines = template(PROGRAM).splitlines()
    at = lines.index("违规记录:")
    rows = [lines[at], *(line.removeprefix("#") for line in lines[at + 1 : at + 6])]
    rows[1] = rows[1].replace("记录号:", "记录号: V1")
    (sheet,) = read_sheets("\n".join(rows), "p.yaml", PROGRAM)
    assert [(r.key, r.values) for r in sheet.lists["违规记录"]] == [("V1", {"记录号": "V1"})]


@pytest.mark.parametrize(
    "name",
    [
        "- 甲",
        "甲: 乙",
        "甲 #1",
        "#甲",
        "yes",
        "null",
        "12",
        "1.5倍",
        "*甲",
        "&甲",
        "!甲",
        'a"b',
        "a\\b",
        "甲，乙",
        "{甲}",
        "甲/乙-丙",
    ],
)
def test_odd_names_stay_names(name: str) -> None:
    odd = replace(
        PROGRAM, inputs={name: fact(name, TEXT, notes=("第一行\n- 注入: 1",))}, lists={}, results=(), terms={}
    )
    text = template(odd)
    assert read_sheets(text, "p.yaml", odd)[0].values == {}
    filled = "\n".join(
        f"{line} 甲" if line.endswith(":") and not line.startswith(("名称", "#")) else line
        for line in text.splitlines()
    )
    assert read_sheets(filled, "p.yaml", odd)[0].values == {name: "甲"}


# ---------------------------------------------------------------------------------------------- the shipped policies
@pytest.mark.parametrize("name", by_day(sorted(resources.policies()), 2))
def test_blank_sheets_and_schemas_of_the_shipped_policies(name: str) -> None:
    program = shipped(resources.policies()[name]).program
    made = schema(program)
    jsonschema.Draft202012Validator.check_schema(made)
    (blank,) = read_sheets(template(program), "blank.yaml", program)
    assert blank.values == {} and blank.lists == {}
    example = EXAMPLES / f"{name.removesuffix('.en')}.yaml"
    if example.is_file() and program.header.dialect == "zh":
        text = example.read_text(encoding="utf-8")
        assert read_sheets(text, example.name, program)[0].values
        assert jsonschema.Draft202012Validator(made).is_valid(yaml.load(text, Loader=yaml.BaseLoader))
