"""Key results: what a policy wants told first stands first wherever results are listed."""

from __future__ import annotations

from typing import cast

import pytest
from lsprotocol import types as t

import policydsl
from policydsl.diagnostics import Language
from policydsl.editor.completion import complete
from policydsl.editor.hover import hover
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.handbook import handbook
from policydsl.render.document import Heading, Items, Link, Text
from policydsl.render.json import verdict_data
from policydsl.render.text import verdict_text
from policydsl.sheet import template
from policydsl.verdict import Verdict

ZH = """政策 演示
  编号：T
  要点：年度奖金、达标
  要点：警告

数据
  编外数：数量
  业绩：金额

措施清单：警告

条件 编外：编外数 ≥ 1
条件 达标：业绩 ≥ 1万元

奖励 年度奖金
  若：达标
  金额：100元

处罚 未达
  若：业绩 ＜ 1000元
  措施：警告
"""
EN = """policy demo
  id: T
  key results: yearly bonus, passed
  key results: warning

data
  spare: number
  revenue: money

measure list: warning

condition counted: spare >= 1
condition passed: revenue >= CNY 10000

reward yearly bonus
  when: passed
  amount: CNY 100

penalty missed
  when: revenue < CNY 1000
  measures: warning
"""
TEXTS = {"zh": ZH, "en": EN}
KEYS = {"zh": ["年度奖金", "达标", "警告"], "en": ["yearly bonus", "passed", "warning"]}


FACTS = {"zh": {"业绩": 20_000}, "en": {"revenue": 20_000}}


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    return cast(Language, request.param)


def verdict_of(language: Language) -> Verdict:
    return policydsl.loads(TEXTS[language]).evaluate(FACTS[language], as_of="2024-06-30")


def test_the_program_and_the_json_have_them_in_their_order(language: Language) -> None:
    """The penalty brings the warning about; in its place among the results it would stand behind the others."""
    results = verdict_data(verdict_of(language), None)["results"]
    assert isinstance(results, dict)
    assert list(results)[:3] == KEYS[language]
    assert [r.get("key") for r in results.values()] == [1, 2, 3, None, None]  # type: ignore[union-attr]


def test_the_text_begins_with_them(language: Language) -> None:
    lines = verdict_text(verdict_of(language)).splitlines()
    at = lines.index({"zh": "要点", "en": "Key results"}[language])
    assert [line.split("  ")[1] for line in lines[at + 1 : at + 4]] == KEYS[language]
    assert {"zh": "奖励", "en": "Rewards"}[language] not in lines


def test_the_empty_sheet_asks_first_for_what_they_rest_on(language: Language) -> None:
    text = template(load_text(TEXTS[language]).program)
    first, rest = {"zh": ("业绩:", "编外数:"), "en": ("revenue:", "spare:")}[language]
    assert 0 < text.index(f"\n{first}\n") < text.index(f"\n{rest}\n")


def test_the_handbook_begins_with_them(language: Language) -> None:
    blocks = handbook(load_text(TEXTS[language])).blocks
    at = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.anchor == "glance-keys")
    told = blocks[at + 1]
    assert isinstance(told, Items)
    assert [next(w.text for w in e.words if isinstance(w, Link | Text)) for e in told.items] == KEYS[language]


def test_the_formatter_translates_the_line(language: Language) -> None:
    other: Language = "en" if language == "zh" else "zh"
    line = {"zh": "  要点：yearly bonus、passed", "en": "  key results: 年度奖金; 达标"}[other]
    assert line in formatted(TEXTS[language], to=other).splitlines()


def test_the_editor_proposes_results_and_says_what_the_line_is(language: Language) -> None:
    word = {"zh": "要点：", "en": "key results: "}[language]
    text = TEXTS[language].replace(f"{word}{KEYS[language][2]}", word)
    line = next(i for i, row in enumerate(text.splitlines()) if row.strip() == word.strip())
    snapshot = Snapshot("file:///t.pol", text, 1)
    labels = {item.label for item in complete(snapshot, t.Position(line, len(word) + 2)).items}
    assert set(KEYS[language]) <= labels
    assert not labels & {*FACTS[language], "编外数", "spare"}
    shown = hover(Snapshot("file:///t.pol", TEXTS[language], 1), t.Position(2, 3))
    assert shown is not None and isinstance(shown.contents, t.MarkupContent)
    assert word.strip(" ：:") in shown.contents.value
