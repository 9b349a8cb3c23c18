"""Every clause of every shipped policy's register is carried by a line that cites it, and nothing else is cited."""

from __future__ import annotations

from pathlib import Path

import pytest

from policydsl.check.register import citations, coverage
from policydsl.citing import cited
from policydsl.beside import register_of
from policydsl.register import read_register
from policydsl.text import parse

# The clauses of an amendment are accounted for in test_amending.py.
POLICIES = sorted(p for p in (Path(__file__).parents[1] / "policies").glob("*.pol") if not p.stem.endswith("_notice"))



@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.name)
def test_every_clause_is_cited(path: Path) -> None:
    file, problems = cited(parse(path.read_text(encoding="utf-8"), path.name)[0], register_of(path))
    assert problems == []
    register = read_register(register_of(path))
    found = coverage(file, register, names=file.dialect == "zh")
    assert found.uncited == ()
    assert found.unregistered == ()
    assert found.nameless == ()
    assert found.complete


def test_what_does_not_agree_is_told(tmp_path: Path) -> None:
    text = "政策 甲\n数据\n  业绩：金额 【X-01 一】\n要求 达标：业绩 ≥ 1元 【X-03 二】【第三条】\n"
    path = tmp_path / "a.clauses.yaml"
    path.write_text(
        "policy: A\nsource: s\nclauses:\n"
        "  - {id: X-01, place: 一, text: t, carried: fact, by: [业绩]}\n"
        "  - {id: X-02, place: 二, text: t, carried: rule, by: [达标, 不在]}\n",
        encoding="utf-8",
    )
    file = parse(text, "x.pol")[0]
    assert sorted(word for word, _ in citations(file)) == ["X-01", "X-03", "第三条"]
    found = coverage(file, read_register(path))
    assert found.cited == {"X-01"}
    assert found.uncited == ("X-02",)
    assert found.unregistered == (("X-03", 4),)
    assert found.nameless == (("X-02", "不在"),)
    assert not found.complete


def test_an_incomplete_or_doubled_register_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.clauses.yaml"
    path.write_text("clauses:\n  - {id: X-01, place: 一}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="X-01 缺少 lacks text, carried"):
        read_register(path)
    entry = "  - {id: X-01, place: 一, text: t, carried: fact}\n"
    path.write_text(f"clauses:\n{entry}{entry}", encoding="utf-8")
    with pytest.raises(ValueError, match="X-01 登记了两次 is there twice"):
        read_register(path)


def test_a_translation_shares_the_register() -> None:
    assert register_of(Path("p/x.en.pol")) == register_of(Path("p/x.pol")) == Path("p/x.clauses.yaml")
