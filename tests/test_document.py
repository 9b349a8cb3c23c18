"""Documents: what a maker says is written down by two writers, and never as markup of its own."""

from __future__ import annotations

from html_support import sound
from policydsl.render import document as d
from policydsl.render.markdown import markdown
from policydsl.render.page import page

HOSTILE = '<script>alert("1")</script> | `x` **y** [z](http://e) 1. & \\'


def made(*blocks: d.Block) -> d.Document:
    return d.Document("题目", "zh", tuple(blocks))


def everything() -> d.Document:
    """Each kind of block and of running text once, all saying hostile things."""
    words: list[str | d.Inline] = [
        d.Text(HOSTILE, "open", strong=True), d.Cite(HOSTILE, HOSTILE, "a1"), d.Link(HOSTILE, "a1"),
        d.Link(HOSTILE, "a1", quiet=True), d.Code(HOSTILE), d.Break(), HOSTILE,
    ]
    return d.Document(
        HOSTILE, "en",
        (
            d.Contents(3), d.heading(2, words, "a1"), d.heading(3, HOSTILE, "a2"), d.paragraph(words, "bad"),
            d.items([d.Item(d.run(words), (d.items([HOSTILE]),)), HOSTILE], ordered=True),
            d.table([HOSTILE, words], [d.row([HOSTILE, words], anchor="a3")], numeric=[1], stub=True, caption=HOSTILE),
            d.fold(words, [d.paragraph(HOSTILE)]), d.Quote(d.run(words)), d.Figure("<svg></svg>", HOSTILE),
        ),
        subtitle=HOSTILE, facts=((HOSTILE, HOSTILE),),
    )


def test_whatever_is_said_is_shown_and_not_obeyed() -> None:
    html = page(everything())
    found = sound(html)
    assert "<script" not in html
    assert found.text.count('<script>alert("1")</script>') >= 15
    text = markdown(everything())
    shown = [line for line in text.split("\n") if "script" in line]
    assert shown
    for line in shown:
        bare = line.replace("\\\\", "").replace("\\<", "").replace("\\`", "").replace("\\|", "")
        outside = "".join(bare.split("``")[::2])  # code spans show what is in them
        assert "<script" not in outside


def test_a_cell_keeps_its_table_whole() -> None:
    text = markdown(made(d.table(["a|b", "c"], [["1|2", d.Code("x|y")]])))
    assert text.split("\n")[2:5] == ["| a\\|b | c |", "| --- | --- |", "| 1\\|2 | `x\\|y` |"]


def test_strong_words_leave_their_marks_outside() -> None:
    # CommonMark does not close ** between a mark and a letter: **对象：**属 would show its stars.
    text = markdown(made(d.paragraph([d.Text("对象：", strong=True), "属奖励对象"])))
    assert "**对象**：属奖励对象" in text
    assert "plain: **" not in text
    assert markdown(made(d.paragraph([d.Text("If: ", strong=True), "x"]))).endswith("**If**: x\n")
    assert markdown(made(d.paragraph([d.Text("—", strong=True)]))).endswith("—\n")


def test_a_number_that_begins_a_line_starts_no_list() -> None:
    assert markdown(made(d.paragraph("2024.4 版"))).endswith("\n2024.4 版\n")
    assert markdown(made(d.paragraph("1. 不是列表"))).endswith("\n1\\. 不是列表\n")
    assert markdown(made(d.paragraph("- 不是列表"))).endswith("\n\\- 不是列表\n")


def test_a_quote_of_two_lines_stays_a_quote() -> None:
    text = markdown(made(d.Quote(d.run(["一", d.Break(), "二"]))))
    assert text.endswith("> 一  \n> 二\n")


def test_a_quiet_link_is_a_word_in_markdown_and_a_term_on_a_page() -> None:
    document = made(d.heading(2, "甲", "a"), d.paragraph(["见", d.Link("甲", "a", quiet=True)]))
    assert markdown(document).endswith("见甲\n")
    assert '<a class="term" href="#a">甲</a>' in page(document)


def test_a_clause_shows_its_content_and_leads_to_its_place() -> None:
    document = made(d.heading(2, "甲", "a"), d.paragraph(d.Cite("X-01 一", "内容", "a")))
    assert '<a class="cite" href="#a" title="内容">【X-01 一】</a>' in page(document)
    assert "[【X-01 一】](#a)" in markdown(document)


def test_a_citation_has_the_brackets_of_the_language() -> None:
    document = d.Document("T", "en", (d.paragraph(d.Cite("X-01 1.2", "", "a")),))
    assert '<a class="cite" href="#a">[X-01 1.2]</a>' in page(document)
    assert r"[\[X-01 1.2\]](#a)" in markdown(document)


def test_the_shares_of_a_table_are_the_widths_of_its_columns() -> None:
    document = made(d.table(["甲", "乙"], [["1", "2"]], shares=(30, 70)))
    assert '<colgroup><col style="width:30%"><col style="width:70%"></colgroup><thead>' in page(document)


def test_contents_list_the_headings_down_to_a_level() -> None:
    blocks = (d.heading(2, "甲", "a"), d.heading(3, "乙", "b"), d.heading(4, "丙", "c"))
    assert markdown(made(d.Contents(3), *blocks)).split("\n")[2:4] == ["- [甲](#a)", "  - [乙](#b)"]
    assert '<a href="#c">' not in page(made(d.Contents(3), *blocks))


def test_a_page_prints_and_follows_light_and_dark() -> None:
    html = page(made(d.paragraph("甲")))
    assert "@media print" in html and "size: A4" in html and "prefers-color-scheme: dark" in html
    assert "break-inside: avoid" in html
