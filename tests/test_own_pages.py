"""The page of one partner: its own records, no other partner's name; a file for each, nothing written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from policydsl.cli import run
from policydsl.explain.folder import file_names

POLICY = """政策 报备
  编号：OWN
数据
  签约：是否
台账 商机，共用
  主键：号
  号：文本
  报备方：文本
  项目：文本
  受理：是否
台账 单，默认 无
  单号：文本
  供货方：文本
  金额数：金额，≥ 0元
条件 报备成立：受理 且 签约 【1】
  逐条：商机
要求 本方有报备：存在（商机，其中 报备方 为 本方 且 受理） 【2】
处罚 断供罚 【3】
  逐条：单
  金额：金额数 × 10%
  承担方：供货方
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.pol").write_text(POLICY, "utf-8")
    one = "{号: B1, 报备方: 甲公司, 项目: 甲的项目, 受理: 是}"
    two = "{号: B2, 报备方: 乙公司, 项目: 乙的项目, 受理: 否}"
    rows = f"商机: [{one}, {two}]"
    orders = "单: [{单号: D1, 供货方: 总代理, 金额数: 100元}]"
    (tmp_path / "all.yaml").write_text(
        f"- 名称: 甲公司\n  签约: 是\n  {rows}\n  {orders}\n- 名称: 乙公司\n  签约: 是\n  {rows}\n", "utf-8"
    )
    (tmp_path / "a.yaml").write_text(f"名称: 甲公司\n签约: 是\n{rows}\n{orders}\n", "utf-8")
    return tmp_path


def explained(*arguments: str) -> int:
    return run(["explain", "p.pol", *arguments, "--as-of", "2024-06-30", "--lang", "zh"])


def test_each_partner_gets_a_page_of_its_own(here: Path) -> None:
    assert explained("all.yaml", "--format", "html", "-o", "页/") == 0
    assert sorted(p.name for p in (here / "页").iterdir()) == ["index.html", "乙公司.html", "甲公司.html"]
    first, second = ((here / "页" / f"{name}.html").read_text("utf-8") for name in ("甲公司", "乙公司"))
    assert "甲公司" in first and "B1" in first
    assert not any(word in first for word in ("乙公司", "乙的项目", "B2"))
    assert "乙公司" in second and "甲公司" not in second and "甲的项目" not in second
    assert "承担方 总代理" in first  # whom one's own order names
    index = (here / "页" / "index.html").read_text("utf-8")
    assert 'href="./%E7%94%B2%E5%85%AC%E5%8F%B8.html"' in index and "2 家伙伴" in index


def test_one_sheet_hides_the_others_of_its_shared_ledger(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explained("a.yaml", "--format", "html", "-o", "a.html") == 0
    page = (here / "a.html").read_text("utf-8")
    assert "B1" in page and "B2" not in page and "乙公司" not in page
    assert explained("a.yaml", "--format", "html", "--for", "manager", "-o", "m.html") == 0
    assert "乙公司" in (here / "m.html").read_text("utf-8") or "B2" in (here / "m.html").read_text("utf-8")
    assert explained("a.yaml", "--result", "本方有报备", "--format", "markdown") == 0
    assert "乙公司" not in capsys.readouterr().out


def test_nothing_is_written_over_but_pages_of_ours(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "页").mkdir()
    (here / "页" / "甲公司.html").write_text("mine", "utf-8")
    assert explained("all.yaml", "--format", "html", "-o", "页") == 2
    assert "甲公司.html" in capsys.readouterr().err and (here / "页" / "甲公司.html").read_text("utf-8") == "mine"
    assert not (here / "页" / "乙公司.html").exists()
    (here / "页" / "甲公司.html").unlink()
    assert explained("all.yaml", "--format", "html", "-o", "页") == 0
    assert explained("all.yaml", "--format", "html", "-o", "页") == 0  # the same pages once more
    assert explained("all.yaml", "--format", "html") == 2  # several pages need a folder


def test_what_is_set_aside_is_told_of_the_own_records_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of March nothing of April has happened: B9 of 甲 and B8 of 乙. Only the own one stands on a page."""
    (here / "p.pol").write_text(
        "政策 报备\n  编号：A\n数据\n  开业日：日期，选填，不晚于 评估日\n台账 商机，共用\n  主键：号\n"
        "  发生于：报备日\n  号：文本\n  报备日：日期\n  报备方：文本\n"
        "计算 商机数 ＝ 条数（商机，其中 报备方 为 本方）\n", "utf-8"
    )
    (here / "a.yaml").write_text(
        "名称: 甲公司\n开业日: 2024-04-01\n商机:\n- {号: B1, 报备日: 2024-02-01, 报备方: 甲公司}\n"
        "- {号: B9, 报备日: 2024-04-01, 报备方: 甲公司}\n- {号: B8, 报备日: 2024-04-02, 报备方: 乙公司}\n", "utf-8"
    )

    def shown(*args: str) -> str:
        assert run(["explain", "p.pol", "a.yaml", "--as-of", "2024-03-01", *args]) == 0
        return capsys.readouterr().out

    own, every = shown("--format", "html"), shown("--format", "html", "--for", "manager")
    assert "尚未发生：开业日（2024年4月1日）、商机[B9]（2024年4月1日）" in own and "B8" not in own
    assert "商机[B8]（2024年4月2日）" in every
    assert "尚未发生" in shown() and '"set_aside"' in shown("--format", "json")


def test_names_of_files_are_safe_and_none_is_twice() -> None:
    names = file_names(["A/B", "a:b", "CON", "..", "", "index", "甲" * 200, "x\u202ey", "甲 乙"])
    assert names == [
        "A_B.html", "a_b-2.html", "CON_.html", "p4.html", "p5.html", "index_.html", f"{'甲' * 40}.html", "xy.html",
        "甲_乙.html",
    ]


def test_what_is_missing_of_another_is_named_without_it(here: Path) -> None:
    (here / "p.pol").write_text(
        "政策 名额\n  编号：Q\n数据\n  赢单日：日期，选填\n奖励 首单\n  若：赢单日 已填\n  金额：1万元\n"
        "  名额：前 1家，按 赢单日 先后\n", "utf-8"
    )
    (here / "all.yaml").write_text("- 名称: 甲公司\n  赢单日: 2024-02-01\n- 名称: 乙公司\n", "utf-8")
    assert explained("all.yaml", "--format", "html", "-o", "页/") == 0
    page = (here / "页" / "甲公司.html").read_text("utf-8")
    assert "首单" in page and "乙公司" not in page
