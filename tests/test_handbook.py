"""The policy as a handbook: what a partner finds in it, in which order, with which clause."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from html_support import sound
from policydsl.clause_kinds import KINDS, MODES, Reading
from policydsl.cli import run
from policydsl.diagnostics import Language
from policydsl.engine import load_text
from policydsl.handbook import charts, handbook
from policydsl.handbook.blocks import DETAILS
from policydsl.handbook.sections import banners
from policydsl.say import names_of, word
from policydsl.render.markdown import markdown
from policydsl.render.page import page
from shipped import EVERY, POLICIES, register, shipped
from tries import by_day

ROOT = Path(__file__).parents[1]
CONSTRUCTS = sorted((ROOT / "tests" / "constructs").glob("*.pol"))
DAY = date(2024, 6, 30)

POLICY = """政策 甲渠道政策
  编号：A-1
  版本：1
  生效：自 2024年1月1日 起
  适用：已签约 【一】
  疑义：谁算伙伴？
  裁定：R1，签了约的。
# ================ 数
参数
  金牌线 ＝ 150万元（含税），自 2025年1月1日 起 200万元（含税） 【二】
  罚款率：百分比，0% 至 10% 【三】
  回复期长 ＝ 3个工作日 【五】
措施清单：降级、限制申请、邀请沙龙
# ================ 事实
数据
  已签约：是否 【一】
  业绩：金额（含税），≥ 0元
  率：百分比，0% 至 100%
  通知日：日期
  回复日：日期，选填
# ================ 第一章 等级
等级 级 【二】
  | 要求 | 钻石           | 金牌     |
  | 业绩 | ≥ 800万元（含税） | ≥ 金牌线 |
奖励 返利 【二】
  基数：业绩
  | 级   | 比例 |
  | 钻石 | 2% |
  | 金牌 | 1% |
  若：已签约
奖励 沙龙 【二】
  若：级 ≥ 金牌 且 已签约
  措施：邀请沙龙
  名额：前 3家，按 通知日 先后
奖励 专属经理 【二】
  若：级 为 钻石
  金额：1万元
# ---------------- 分数
分档 率得分 【四】
  | 率       | 得分 |
  | ≤ 8%     | 15分 |
  | 8%＜率≤10% | 9分 |
  | ＞ 10%   | 0分 |
评分 考核 【四】
  满分：15分
  | 项 | 满分 | 得分   |
  | 率 | 15分 | 率得分 |
# ================ 第二章 处罚
期限 回复 【五】
  起算：通知日
  时长：回复期长
  完成：回复日
处罚 逾期罚款 【三】
  若：回复 已逾期
  金额：业绩 × 罚款率
  可以：降级
  不得：限制申请，自 通知日 起 3个月 内
  疑义：没有裁定的问题？
示例 钻石
  评估日：2024年6月30日
  已知：已签约 ＝ 是，业绩 ＝ 800万元（含税）
  应得：级 ＝ 钻石
示例 未签约
  评估日：2024年6月30日
  已知：已签约 ＝ 否
  应得：级 不适用
"""


LANGUAGES: tuple[Language, ...] = ("zh", "en")


def written(text: str = POLICY, day: date = DAY, lang: Language | None = None) -> str:
    return markdown(handbook(load_text(text, "a.pol"), (), lang=lang, as_of=day))


# ---------------------------------------------------------------------------------------------- room for everything
def test_every_kind_of_block_and_line_has_its_room() -> None:
    assert {kind.reading for kind in KINDS.values() if kind.written} <= set(DETAILS) <= set(get_args(Reading))
    shown_elsewhere = {"note", "table", "case", "items", "effect"}
    assert {key for kind in KINDS.values() for key in kind.lines} - shown_elsewhere <= set(names_of("line"))


@pytest.mark.parametrize("path", by_day(CONSTRUCTS, len(CONSTRUCTS) // 10))
def test_every_construct_of_the_language_is_shown(path: Path) -> None:
    policy = shipped(path)
    for lang in LANGUAGES:
        document = handbook(policy, (), lang=lang, as_of=DAY)
        text = sound(page(document)).text
        assert all(r.name in text for r in policy.program.results if r.label != "measure")
        assert markdown(document)


# ---------------------------------------------------------------------------------------------- what is in it
def test_it_reads_in_the_order_of_the_document() -> None:
    lines = [line for line in written().split("\n") if line.startswith("#")]
    heads = [line.split("</a>")[-1].lstrip("# ") for line in lines]
    assert heads == [
        "甲渠道政策", "先看这里", "等级", "评分", "能得到什么", "处罚、限制和措施", "名额和先后", "期限", "总则",
        "第一章 等级", "级", "返利", "沙龙", "专属经理", "分数", "率得分", "考核", "第二章 处罚", "回复", "逾期罚款",
        "参数：由发布方确定的数", "需要填报的事实", "措施", "疑义与裁定", "示例", "条款索引",
    ]


def test_tiers_are_a_ladder_with_what_one_gets() -> None:
    text = written()
    ladder = text[text.index("| 要求 | 钻石 | 金牌 |") :].split("\n\n")[0].split("\n")
    assert ladder[2] == "| 业绩 | ≥ 800万元（含税） | ≥ 金牌线（150万元，含税） |"
    assert ladder[3:] == [
        "| 可得：返利 比例 | 2% | 1% |",
        "| 可得：沙龙 | 邀请沙龙 | 邀请沙龙 |",  # from gold upwards
        "| 可得：专属经理 | 1万元 | — |",
    ]


def test_limited_places_are_listed_with_their_order() -> None:
    text = written()
    row = next(line for line in text.split("\n") if line.startswith("| [沙龙]") and "前 3家" in line)
    assert "前 3家，按 通知日 先后" in row and "级 ≥ 金牌 且 已签约" in row


def test_a_ladder_from_low_to_high_is_turned() -> None:
    turned = POLICY.replace("等级 级 【二】\n", "等级 级 【二】\n  次序：由低到高\n").replace(
        "| 要求 | 钻石           | 金牌     |\n  | 业绩 | ≥ 800万元（含税） | ≥ 金牌线 |",
        "| 要求 | 金牌     | 钻石           |\n  | 业绩 | ≥ 金牌线 | ≥ 800万元（含税） |",
    )
    text = written(turned)
    first = text[text.index("### <a id=\"glance-ladders\">") :]
    assert "| 要求 | 钻石 | 金牌 |" in first.split("能得到什么")[0]


def test_every_word_of_a_line_of_few_words_is_said_in_words() -> None:
    """What a deadline is by nature is said by its states."""
    for key, values in MODES.items():
        for value in values if key != "nature" else ():
            assert word("mode", value, "zh") != value, value


def test_a_dated_parameter_shows_what_it_was_before() -> None:
    text = "政策 甲\n  编号：A\n参数\n  线 ＝ 1元，自 2024年7月1日 起 2元\n条件 乙：1元 ≥ 线\n"
    told = written(text, day=date(2025, 1, 1))
    assert "2024年7月1日 以前 1元；2024年7月1日 起 2元" in told


def test_parameters_show_the_value_of_the_day() -> None:
    assert "金牌线（150万元，含税）" in written()
    later = written(day=date(2025, 1, 1))
    assert "金牌线（200万元，含税）" in later and "参数取值日: 2025年1月1日" in later
    row = next(line for line in written().split("\n") if line.startswith("| <a") and "金牌线 |" in line)
    assert "2025年1月1日 起 200万元（含税）" in row


def test_what_is_not_set_is_said_and_never_invented() -> None:
    text = written()
    assert "业绩 × 罚款率（待定）" in text
    assert "待发布方确定<br>百分比；0% 至 10%" in text


def test_a_table_without_rows_is_said_to_be_open() -> None:
    text = written(
        "政策 乙\n数据\n  率：百分比，0% 至 100%\n"
        "分档 比例\n  范围：5% 至 15%\n  | 率 | 比例 |\n表 目录\n  | 码 | 说明 |\n计算 说明甲 ＝ 目录（“甲”）的 说明\n"
    )
    assert "率、比例。 表的内容由发布方填写。" in text
    assert text.count("表的内容由发布方填写") == 2


def test_modality_and_span_are_kept() -> None:
    text = written()
    assert "- **可以**：降级" in text
    assert "- **不得**：限制申请，自 通知日 起 3个月 内" in text
    english = written(lang="en")
    assert "- **May**: 降级" in english
    assert "- **Must not**: 限制申请, " in english


def test_questions_show_their_ruling_or_that_there_is_none() -> None:
    text = written()
    assert "> **疑义**：谁算伙伴？  \n> **裁定**：R1，签了约的。" in text
    assert "> **疑义**：没有裁定的问题？（尚未裁定）" in text
    assert "| 2 | 没有裁定的问题？ | 尚未裁定 |" in text


def test_a_deadline_says_what_follows_when_it_has_passed() -> None:
    text = written()
    section = text[text.index("</a>回复\n") :].split("\n### ")[0]
    assert "- **起算**：通知日" in section
    assert "- **时长**：回复期长（3个工作日）" in section
    assert "**逾期**：逾期罚款" in section


def test_the_shortest_telling_example_stands_beside_its_block() -> None:
    text = written()
    assert "**例：钻石**" in text
    assert "例：未签约" not in text
    assert "政策文件里还有 1 个示例" in text


def test_every_item_has_its_clause_and_line() -> None:
    text = written()
    assert "分档  [【四】](#clause-5) 第39行" in text
    assert "| <a id=\"clause-5\"></a>四" in text


def test_labels_are_translated_and_names_stay() -> None:
    text = written(lang="en")
    assert "# 甲渠道政策" in text and "## <a id=\"glance\"></a>At a glance" in text
    assert r"Bands  [\[四\]](#clause-5) line 39" in text  # the line of the author's file
    assert "at least 金牌线" in text or ">= 金牌线" in text.replace("\\", "")


def test_banners_are_headings_of_two_levels() -> None:
    found = banners(["# ==== 甲", "# ---- 乙 ----", "# 丙", "// === 丁", "# ====", "条件 甲"])
    assert [(b.level, b.title, b.line) for b in found] == [(1, "甲", 1), (2, "乙", 2), (1, "丁", 4)]


def test_without_banners_and_register_it_still_reads() -> None:
    text = written("政策 乙\n数据\n  业绩：金额 【一】\n要求 达标：业绩 ≥ 1元 【一】\n")
    assert "## <a id=\"section-1\"></a>条文" in text
    assert "条款没有登记" in text


# ---------------------------------------------------------------------------------------------- hostile text
def test_hostile_text_is_shown_as_it_is() -> None:
    bad = '<script>alert(1)</script> `a` *b* <img src=x onerror=y>'
    text = POLICY.replace("甲渠道政策", f"甲{bad}", 1).replace("R1，签了约的", bad)
    text = text.replace("# ================ 第一章 等级", f"# ================ 第一章 {bad}")
    document = handbook(load_text(text, "a.pol"), (), as_of=DAY)
    html = page(document)
    found = sound(html)
    assert "<script" not in html and "<img" not in html
    assert found.text.count("<script>alert(1)</script>") >= 4  # title, heading, ruling, table of rulings
    plain = markdown(document)
    assert "<script" not in plain.replace("\\<script", "") and "`a`" not in plain and "\\`a\\`" in plain


# ---------------------------------------------------------------------------------------------- drawings
def step(low: int | None, high: int | None, height: int, *, low_in: bool = True, high_in: bool = False) -> charts.Step:
    return charts.Step(
        None if low is None else Fraction(low), low_in, None if high is None else Fraction(high), high_in,
        Fraction(height), str(low), str(high), f"{height}分",
    )


def test_steps_carry_the_exact_numbers_and_which_ends_belong() -> None:
    drawing = charts.steps([step(None, 5, 0), step(5, 10, 1), step(10, None, 3)], "t")
    assert drawing is not None and drawing.scaled
    for label in (">5<", ">10<", ">0分<", ">1分<", ">3分<"):
        assert label in drawing.svg
    # 5 and 10 belong to the rows above: two full dots, two hollow ones
    assert drawing.svg.count('r="4" fill="currentColor"') == 2
    assert drawing.svg.count('r="4" fill="var(--paper, #fff)"') == 2


def test_rows_that_overlap_are_not_drawn() -> None:
    assert charts.steps([step(None, 5, 0, high_in=True), step(5, None, 1)], "t") is None
    assert charts.steps([step(0, 5, 0), step(3, 9, 1)], "t") is None
    assert charts.steps([step(0, 5, 0)], "t") is None


def test_ends_too_close_for_their_labels_are_spread() -> None:
    drawing = charts.steps([step(None, 1, 0), step(1, 2, 1), step(2, 1000, 2), step(1000, None, 3)], "t")
    assert drawing is not None and not drawing.scaled


def test_drawings_have_a_title_and_no_colour_of_their_own() -> None:
    for svg in (charts.ladder(["低", "高"], "阶梯 <b>"), charts.weights([("甲", Fraction(3), "3分")], "权重 <b>"),
                charts.timeline(charts.Run("始", "3天", "末", "罚 <b>"), "期限 <b>")):
        assert "<title>" in svg and 'role="img"' in svg
        assert "<b>" not in svg and "&lt;b&gt;" in svg
        assert "fill=\"#" not in svg and "stroke=\"#" not in svg


# ---------------------------------------------------------------------------------------------- shipped policies
@pytest.mark.parametrize("path", by_day(EVERY, 3))
def test_the_shipped_policies_are_whole_in_their_handbooks(path: Path) -> None:
    policy = shipped(path)
    document = handbook(policy, register(path), as_of=DAY)
    found = sound(page(document))
    named = [r.name for r in policy.program.results if r.judged and r.label not in ("measure", "ban")]
    assert not [name for name in named if name not in found.text]
    assert not [clause.id for clause in register(path) if clause.text not in found.text]
    for table in policy.program.lists.values():
        if table.source == "rows":
            assert table.name in found.text


def test_all_rows_of_the_catalogue_are_printed() -> None:
    path = POLICIES / "alicloud_fy22.pol"
    text = markdown(handbook(shipped(path), register(path), as_of=DAY))
    rows = [line for line in text.split("\n") if line.startswith(("| SVC-", "| MKT-", "| OTH-"))]
    assert len([line for line in rows if "类 |" in line]) == 58


# ---------------------------------------------------------------------------------------------- the verb
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.pol").write_text(POLICY, encoding="utf-8")
    entry = "  - {id: 二, place: 二, text: 金牌须一百五十万, carried: rule, by: [级]}\n"
    (tmp_path / "a.clauses.yaml").write_text(f"policy: A-1\nclauses:\n{entry}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_verb_writes_html_by_the_name_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doc", "a.pol", "-o", "a.html", "--as-of", "2024-06-30"]) == 0
    html = (folder / "a.html").read_text(encoding="utf-8")
    assert 'title="金牌须一百五十万"' in html and sound(html).lang == "zh-CN"
    assert capsys.readouterr().out == ""


def test_in_short_it_is_what_to_know_first_and_leads_nowhere() -> None:
    """Of the demonstration policy: the ladder with its limits, the rewards and the deadline, and behind them what
    carries each clause, but neither parameters, facts nor questions; no link leads out of it."""
    policy = load_text(POLICY, "a.pol")
    short = handbook(policy, as_of=DAY, short=True)
    html, text = page(short), markdown(short)
    sound(html)
    assert "先看这里" in text and "≥ 金牌线（150万元，含税）" in text and "返利" in text
    assert "- **三**：罚款率、逾期罚款\n" in text  # the rate and the fine stand by clause 三
    assert text.count("\n## ") == 2 and "](#" not in text and 'href="#' not in html.replace('href="#main"', "")
    assert len(text) < len(markdown(handbook(policy, as_of=DAY)))


def test_the_verb_writes_markdown_to_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doc", "a.pol", "--as-of", "2024-06-30", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("# 甲渠道政策\n")
    assert run(["doc", "a.pol", "--format", "html"]) == 0
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_the_verb_keeps_the_exit_codes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doc", "none.pol"]) == 2
    assert run(["doc", "a.pol", "-o", "nowhere/a.html"]) == 2
    assert run(["doc", "a.pol", "--as-of", "noday"]) == 2
    (folder / "a.pol").write_text("政策 甲\n要求 达标：没有 ≥ 1元\n", encoding="utf-8")
    assert run(["doc", "a.pol"]) == 3
    capsys.readouterr()
