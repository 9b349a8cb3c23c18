"""The language server over the real protocol: one hand-made document, every feature."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from lsp_support import CONFIG, EN, ZH, Client, Editor, applied, greet, marked, position

pytestmark = pytest.mark.asyncio(loop_scope="module")
DOC = t.TextDocumentIdentifier


@pytest_lsp.fixture(config=CONFIG, scope="module", loop_scope="module")  # type: ignore[untyped-decorator]
async def client(lsp_client: Client) -> AsyncIterator[None]:
    await greet(lsp_client, {"errorPage": "https://example.org/errors"})
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: Client) -> Editor:
    return Editor(client)


def labels(found: t.CompletionList | list[t.CompletionItem] | None) -> list[str]:
    assert isinstance(found, t.CompletionList)
    return [item.label for item in found.items]


async def proposed(editor: Editor, text: str, uri: str = "untitled:completion.pol") -> t.CompletionList:
    """What is proposed at the ‸ in the text."""
    at = text.index("‸")
    editor.open(text.replace("‸", ""), uri)
    place = position(editor.texts[uri], at)
    found = await editor.client.text_document_completion_async(t.CompletionParams(DOC(uri), place))
    assert isinstance(found, t.CompletionList)
    return found


# ---------------------------------------------------------------------------------------------- diagnostics
async def test_problems_are_told_with_code_place_and_page(editor: Editor) -> None:
    text = ZH.replace("金额：2万元", "金额：业积").replace("数据\n", "数据\n  业绩：金额\n")
    uri = editor.open(text, "untitled:problems.pol")
    found = {d.code: d for d in await editor.problems(uri)}
    twice, unknown = found["POL204"], found["POL201"]
    assert marked(text, unknown.range) == "业积"
    assert unknown.severity == t.DiagnosticSeverity.Error
    assert unknown.source == "policydsl"
    assert unknown.code_description == t.CodeDescription("https://example.org/errors#pol201")
    assert "是不是想写“业绩”" in unknown.message
    assert twice.related_information is not None
    assert marked(text, twice.related_information[0].location.range) == "业绩：金额"


async def test_warnings_are_told_as_warnings(editor: Editor) -> None:
    text = ZH.replace("措施：警告、取消资格", "措施：警告")
    uri = editor.open(text, "untitled:warnings.pol")
    found = await editor.problems(uri)
    assert [(d.code, d.severity) for d in found] == [("POL213", t.DiagnosticSeverity.Warning)]


async def test_the_language_of_the_messages_is_that_of_the_file(editor: Editor) -> None:
    uri = editor.open(EN.replace("revenue >=", "revenu >="), "untitled:english.pol")
    found = await editor.problems(uri)
    assert "Did you mean 'revenue'?" in found[0].message


async def test_the_newest_version_wins_while_typing(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:typing.pol")
    for part in ("业", "业积", "业积 ×", "业绩 × 2"):
        editor.change(uri, ZH.replace("金额：2万元", f"金额：{part}"))
    assert await editor.problems(uri) == []
    editor.change(uri, ZH.replace("金额：2万元", "金额：业积"))
    assert [d.code for d in await editor.problems(uri)] == ["POL201"]
    editor.client.text_document_did_close(t.DidCloseTextDocumentParams(DOC(uri)))


async def test_places_are_utf16_units(editor: Editor) -> None:
    """An emoji is two units, a Chinese character one."""
    text = ZH.replace("裁定：R1，不分。", "裁定：😀😀").replace("金额：2万元", "金额：取高（😀业积，1元）")
    uri = editor.open(text, "untitled:emoji.pol")
    found = [d for d in await editor.problems(uri) if "业积" in d.message]
    assert found and "业积" in marked(text, found[0].range)
    heading = EN.replace("Trial rules", "𠮷😀").replace("channel is gold", "chanel is gold")
    uri = editor.open(heading, "untitled:astral.pol")
    assert [marked(heading, d.range) for d in await editor.problems(uri)] == ["chanel"]


@pytest.mark.parametrize(
    "text",
    ["", "\ufeff" + ZH, ZH.replace("\n", "\r\n"), "政策", "奖励", "|||\n【", "\u2028奖励 甲\u2028若：",
     "示例 甲\n  已知：", "reward x\n  when", "\x00\x01",
     "数据\n" + "  业绩：金额\n" * 300, "金额：" + "（" * 500, ZH + EN],
    ids=["empty", "bom", "crlf", "head", "block", "signs", "separators", "example", "half", "control", "long", "deep",
         "both"],
)
async def test_nothing_written_breaks_the_server(editor: Editor, text: str) -> None:
    uri = editor.open(text, "untitled:hostile.pol")
    await editor.problems(uri)
    end = t.Position(text.count("\n"), 5)
    for place in (t.Position(0, 0), end, t.Position(10**6, 10**6)):
        await editor.client.text_document_hover_async(t.HoverParams(DOC(uri), place))
        await editor.client.text_document_completion_async(t.CompletionParams(DOC(uri), place))
        await editor.client.text_document_definition_async(t.DefinitionParams(DOC(uri), place))
    for ask in (
        editor.client.text_document_document_symbol_async(t.DocumentSymbolParams(DOC(uri))),
        editor.client.text_document_folding_range_async(t.FoldingRangeParams(DOC(uri))),
        editor.client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(DOC(uri))),
        editor.client.text_document_code_lens_async(t.CodeLensParams(DOC(uri))),
    ):
        await ask
    whole = t.Range(t.Position(0, 0), t.Position(10**6, 0))
    await editor.client.text_document_code_action_async(
        t.CodeActionParams(DOC(uri), whole, t.CodeActionContext([]))
    )


async def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(editor: Editor) -> None:
    for text in ("\ufeff" + ZH, ZH.replace("\n", "\r\n")):
        uri = editor.open(text, "untitled:windows.pol")
        assert await editor.problems(uri) == []
        found = await editor.client.text_document_definition_async(t.DefinitionParams(**editor.at(uri, "业绩线 且")))
        assert isinstance(found, list)
        assert marked(text, found[0].range) == "业绩线"


# ---------------------------------------------------------------------------------------------- hover
async def shown(editor: Editor, uri: str, word: str, nth: int = 0, shift: int = 0) -> str:
    found = await editor.client.text_document_hover_async(t.HoverParams(**editor.at(uri, word, nth, shift)))
    assert found is not None and isinstance(found.contents, t.MarkupContent)
    return found.contents.value


async def test_hover_tells_kind_range_clause_and_place(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text(ZH, encoding="utf-8")
    (tmp_path / "a.clauses.yaml").write_text(
        "policy: SX-1\nsource: x\nclauses:\n  - {id: SX-01, place: 一, text: 业绩按年计, carried: rule, by: [业绩]}\n",
        encoding="utf-8",
    )
    uri = editor.open(ZH, path.as_uri())
    said = await shown(editor, uri, "业绩 ≥", 0)
    for part in ("**业绩** 事实", "金额；别名 revenue；不低于 0元", "【SX-01 一】 业绩按年计", "声明在第 10 行"):
        assert part in said
    assert "业绩按年计" in await shown(editor, uri, "SX-01")


async def test_hover_tells_the_value_in_force_and_the_ruling(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:hover.pol")
    said = await shown(editor, uri, "业绩线 且")
    assert "现行值 **200万元**" in said  # since 2023
    assert "历次：100万元；自 2023年1月1日 起 200万元" in said
    assert "**裁定** R1，不分。" in said
    assert "奖励" in await shown(editor, uri, "破冰奖 ＝")
    assert "事实表里也可以写：silver" in await shown(editor, uri, "银牌，签约日")


async def test_hover_explains_keywords_and_tells_fields_from_facts(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:hover2.pol")
    assert "相同" in await shown(editor, uri, "为 金牌")
    assert "按哪一天判断" in await shown(editor, uri, "评估日） ＝")
    assert "字段" in await shown(editor, uri, "签约日 早于")
    assert "**签约日** 事实" in await shown(editor, uri, "签约日 ＝")
    assert await editor.client.text_document_hover_async(t.HoverParams(DOC(uri), t.Position(2, 0))) is None


async def test_what_authors_write_is_never_markup(editor: Editor) -> None:
    text = ZH.replace("R1，不分。", "R1 <script>x</script> [a](b)")
    said = await shown(editor, editor.open(text, "untitled:markup.pol"), "业绩线 且")
    assert "<script>" not in said.replace("\\<", "") and "\\<script\\>" in said and "\\[a\\]" in said


# ---------------------------------------------------------------------------------------------- completion
async def test_completion_knows_what_the_parser_takes(editor: Editor) -> None:
    base = ZH[: ZH.index("示例 达标")]
    after = labels(await proposed(editor, base + "条件 乙：业绩 ‸\n"))
    assert {"不低于", "超过", "且", "已填"} <= set(after)
    assert not {"金额", "奖励", "警告", "合计"} & set(after)
    line = labels(await proposed(editor, base + "奖励 乙\n  ‸\n"))
    assert {"若", "金额", "名额", "示例"} <= set(line)
    assert not {"时长", "视为", "不低于"} & set(line)  # lines of other blocks, words inside a line
    kinds = labels(await proposed(editor, base + "数据\n  丁：‸\n"))
    assert {"金额", "日期", "选项"} <= set(kinds) and "业绩" not in kinds


async def test_completion_offers_names_by_what_fits(editor: Editor) -> None:
    base = ZH[: ZH.index("示例 达标")]
    assert labels(await proposed(editor, base + "处罚 乙\n  措施：‸\n")) == ["警告", "取消资格"]
    earlier = labels(await proposed(editor, base + "计算 乙 ＝ 条数（订单，其中 签约日 早‸\n"))
    assert earlier == ["不早于", "早于", "更早"]
    assert labels(await proposed(editor, base + "计算 乙 ＝ 合计（业绩，逐条 ‸\n")) == ["订单"]
    channel = labels(await proposed(editor, base + "条件 乙：渠道 为 ‸\n"))
    assert channel[:2] == ["金牌", "银牌"]
    given = labels(await proposed(editor, base + "示例 乙\n  已知：‸\n"))
    assert {"业绩", "渠道", "业绩线", "订单"} <= set(given) and "破冰奖" not in given
    rows = labels(await proposed(editor, base + "示例 乙\n  已知 订单：\n  | ‸\n"))
    assert rows == ["编号", "签约日"]


async def test_completion_replaces_the_word_being_typed(editor: Editor) -> None:
    base = ZH[: ZH.index("示例 达标")]
    text = base + "条件 乙：😀业绩 ≥ 1元 且 业绩不低‸\n".replace("😀", "")
    found = await proposed(editor, text)
    item = next(i for i in found.items if i.label == "不低于")
    assert isinstance(item.text_edit, t.TextEdit)
    assert applied(text.replace("‸", ""), [item.text_edit]).endswith("且 业绩不低于\n")


async def test_completion_offers_whole_blocks_that_are_sound(editor: Editor) -> None:
    found = await proposed(editor, ZH + "\n奖‸")
    item = next(i for i in found.items if i.label == "奖励")
    assert item.insert_text_format == t.InsertTextFormat.Snippet
    assert isinstance(item.text_edit, t.TextEdit) and item.text_edit.new_text.startswith("奖励 ${1:名称}\n")
    assert labels(await proposed(editor, "‸", "untitled:new.pol")) == ["政策", "policy"]


async def test_completion_speaks_the_dialect_of_the_file(editor: Editor) -> None:
    words = labels(await proposed(editor, EN + "\ncondition c: revenue ‸\n", "untitled:en.pol"))
    assert {"at least", "is not", "and"} <= set(words) and "不低于" not in words
    found = labels(await proposed(editor, EN + "\ncondition c: revenue at le‸\n", "untitled:en2.pol"))
    assert found == ["at least", "for at least"]


async def test_completion_inside_a_citation_offers_the_clauses(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "b.pol"
    (tmp_path / "b.clauses.yaml").write_text(
        "policy: B\nsource: x\nclauses:\n  - {id: B-01, place: 一, text: 甲, carried: note}\n"
        "  - {id: B-02, place: 二, text: 乙, carried: note}\n", encoding="utf-8",
    )
    found = await proposed(editor, "政策 乙\n  编号：B\n\n数据\n  业绩：金额 【B-‸\n", path.as_uri())
    assert labels(found) == ["B-01 一", "B-02 二"]
    edit = found.items[1].text_edit
    assert isinstance(edit, t.TextEdit) and edit.new_text == "B-02 二】"
    assert found.items[1].detail == "乙"
    without = await proposed(editor, ZH.replace("【SX-02 二】", "【‸"), "untitled:c.pol")
    assert labels(without) == ["SX-01 一"]


# ---------------------------------------------------------------------------------------------- navigation
async def test_definition_and_references_tell_namesakes_apart(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:navigate.pol")
    field = await editor.client.text_document_definition_async(t.DefinitionParams(**editor.at(uri, "签约日 早于")))
    assert isinstance(field, list) and len(field) == 1
    assert field[0].range.start == editor.place(uri, "签约日", 1)
    uses = await editor.client.text_document_references_async(
        t.ReferenceParams(context=t.ReferenceContext(True), **editor.at(uri, "签约日 早于"))
    )
    assert uses is not None
    wanted = [editor.place(uri, "签约日", nth) for nth in (1, 3, 4)]  # declared, used, heading of the example's rows
    assert [use.range.start for use in uses] == wanted
    fact = await editor.client.text_document_references_async(
        t.ReferenceParams(context=t.ReferenceContext(False), **editor.at(uri, "签约日", 0))
    )
    assert fact is not None
    assert [use.range.start for use in fact] == [editor.place(uri, "签约日", nth) for nth in (2, 5)]


async def test_the_outline_shows_blocks_and_what_is_in_them(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:outline.pol")
    found = await editor.client.text_document_document_symbol_async(t.DocumentSymbolParams(DOC(uri)))
    assert found is not None
    tree = {s.name: [c.name for c in s.children or []] for s in found if isinstance(s, t.DocumentSymbol)}
    assert list(tree) == [
        "试行办法", "参数", "数据", "订单", "措施清单", "达标", "已签约", "破冰奖", "无单", "达标得奖", "说错了",
    ]
    assert tree["数据"] == ["业绩", "渠道", "签约日"] and tree["措施清单"] == ["警告", "取消资格"]
    assert all(marked(ZH, s.selection_range) in marked(ZH, s.range) for s in found if isinstance(s, t.DocumentSymbol))
    folds = await editor.client.text_document_folding_range_async(t.FoldingRangeParams(DOC(uri)))
    assert folds is not None and (folds[0].start_line, folds[0].end_line) == (0, 1)


async def test_colours_follow_the_meaning(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:colours.pol")
    found = await editor.client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(DOC(uri)))
    assert found is not None
    assert editor.client.greeted is not None
    provider = editor.client.greeted.capabilities.semantic_tokens_provider
    assert provider is not None
    legend = provider.legend.token_types
    words, line, character = [], 0, 0
    for i in range(0, len(found.data), 5):
        down, right, length, kind, _ = found.data[i : i + 5]
        line, character = line + down, right + (0 if down else character)
        stretch = t.Range(t.Position(line, character), t.Position(line, character + length))
        words.append((marked(ZH, stretch), legend[kind]))
    for wanted in (("政策", "keyword"), ("业绩线", "parameter"), ("业绩", "variable"), ("订单", "class"),
                   ("破冰奖", "function"), ("金牌", "enumMember"), ("2万元", "number"), ("【SX-02 二】", "decorator")):
        assert wanted in words


# ---------------------------------------------------------------------------------------------- rename
async def renamed(editor: Editor, uri: str, word: str, new: str, nth: int = 0) -> str:
    edit = await editor.client.text_document_rename_async(
        t.RenameParams(new_name=new, **editor.at(uri, word, nth))
    )
    assert edit is not None and edit.changes is not None
    return applied(editor.texts[uri], list(edit.changes[uri]))


async def test_rename_changes_every_use_and_nothing_else(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:rename.pol")
    after, wanted = await renamed(editor, uri, "业绩：金额", "销售额"), ZH
    for old in ("业绩：金额", "达标：业绩 ≥", "已知：业绩"):
        wanted = wanted.replace(old, old.replace("业绩", "销售额"))
    assert after == wanted
    assert "别名 revenue" in after  # aliases stay
    after = await renamed(editor, uri, "签约日 早于", "下单日")  # the field of the ledger, not the fact
    wanted = ZH.replace("  签约日：日期\n\n", "  下单日：日期\n\n")
    assert after == wanted.replace("其中 签约日", "其中 下单日").replace("| 签约日 |", "| 下单日 |")
    after = await renamed(editor, uri, "金牌、", "金")
    assert after == ZH.replace("（金牌", "（金").replace("为 金牌", "为 金").replace("＝ 金牌", "＝ 金")


@pytest.mark.parametrize(
    ("new", "reason"),
    [("渠道", "已经有叫“渠道”的了（第 11 行）"), ("不低于", "关键字"), ("金额", "关键字"), ("评估日", "关键字"),
     ("本季度", "内置名称"), ("a：b", "不能有“：”"), ("", "空的"), ("12", "是一个数"), ("甲 # 乙", "不能有"),
     ("长" * 201, "200"),
     ("业绩线 且 渠道", "也可以读成")],
)
async def test_rename_refuses_names_that_clash(editor: Editor, new: str, reason: str) -> None:
    uri = editor.open(ZH, "untitled:refused.pol")
    with pytest.raises(JsonRpcException, match=reason):
        await renamed(editor, uri, "业绩：金额", new)


async def test_rename_refuses_what_is_no_name(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:noname.pol")
    with pytest.raises(JsonRpcException, match="内置名称"):
        await editor.client.text_document_prepare_rename_async(t.PrepareRenameParams(**editor.at(uri, "评估日）")))
    with pytest.raises(JsonRpcException, match="不是名称"):
        await editor.client.text_document_prepare_rename_async(t.PrepareRenameParams(**editor.at(uri, "若：达标")))
    found = await editor.client.text_document_prepare_rename_async(t.PrepareRenameParams(**editor.at(uri, "渠道 为")))
    assert isinstance(found, t.PrepareRenamePlaceholder) and found.placeholder == "渠道"


async def test_rename_reaches_the_files_beside(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "c.pol"
    path.write_text(ZH, encoding="utf-8")
    files = {
        "c.clauses.yaml": "policy: SX-1\nsource: 业绩\nclauses:\n  - id: SX-01\n    place: 一\n    text: 业绩\n"
                          "    carried: rule\n    by: [业绩线, 业绩]\n",
        "c.tests.yaml": "- name: 业绩\n  facts: {业绩: 1元, 渠道: 金牌}\n  expect: {达标: {unknown: ['业绩']}}\n",
        "c.mutants.yaml": "- 规则: 业绩\n  改动: x\n",
        "other.tests.yaml": "- name: x\n  facts: {业绩: 1元}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    uri = editor.open(ZH, path.as_uri())
    edit = await editor.client.text_document_rename_async(
        t.RenameParams(new_name="销售额", **editor.at(uri, "业绩：金额"))
    )
    assert edit is not None and edit.changes is not None
    after = {
        name: applied(text, list(edit.changes.get((tmp_path / name).resolve().as_uri(), ())))
        for name, text in files.items()
    }
    assert after == {
        "c.clauses.yaml": files["c.clauses.yaml"].replace(", 业绩]", ", 销售额]"),
        "c.tests.yaml": "- name: 业绩\n  facts: {销售额: 1元, 渠道: 金牌}\n  expect: {达标: {unknown: ['销售额']}}\n",
        "c.mutants.yaml": "- 规则: 销售额\n  改动: x\n",
        "other.tests.yaml": files["other.tests.yaml"],
    }


# ---------------------------------------------------------------------------------------------- repairs and layout
async def repaired(editor: Editor, text: str, uri: str = "untitled:repair.pol") -> dict[str, str]:
    """Title of each repair -> the text after it."""
    editor.open(text, uri)
    await editor.problems(uri)
    whole = t.Range(t.Position(0, 0), t.Position(10**6, 0))
    found = await editor.client.text_document_code_action_async(
        t.CodeActionParams(DOC(uri), whole, t.CodeActionContext([]))
    )
    out = {}
    for action in found or []:
        assert isinstance(action, t.CodeAction) and action.edit is not None and action.edit.changes is not None
        assert action.diagnostics
        out[action.title] = applied(text, list(action.edit.changes[uri]))
    return out


async def test_repairs_mend_what_they_say(editor: Editor) -> None:
    wrong = ZH.replace("金额：2万元", "金额：业积")
    assert await repaired(editor, wrong) == {"改成“业绩”": ZH.replace("金额：2万元", "金额：业绩")}
    mixed = ZH.replace("且 渠道 为 金牌\n", "且 渠道 为 金牌 或 签约日 已填\n")
    both = await repaired(editor, mixed)
    assert len(both) == 2 and all(text.count("（业绩 ≥") + text.count("（渠道 为") == 1 for text in both.values())
    open_ = ZH.replace("金额：2万元", "金额：取高（1万元，2万元")
    assert open_.replace("1万元，2万元", "1万元，2万元）") in (await repaired(editor, open_)).values()
    missing = ZH.replace("措施：警告、", "措施：罚款、警告、")
    assert missing.replace("警告、取消资格", "警告、取消资格、罚款", 1) in (await repaired(editor, missing)).values()
    assert await repaired(editor, ZH) == {}


async def test_formatting_gives_the_canonical_text_once(editor: Editor) -> None:
    rough = ZH.replace("  若：达标", "若:达标").replace("奖励 破冰奖", "奖励   破冰奖")
    uri = editor.open(rough, "untitled:format.pol")
    options = t.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await editor.client.text_document_formatting_async(t.DocumentFormattingParams(DOC(uri), options))
    assert edits
    tidy = applied(rough, list(edits))
    assert "  若：达标\n" in tidy and "奖励 破冰奖 【" in tidy
    editor.change(uri, tidy)
    assert not await editor.client.text_document_formatting_async(t.DocumentFormattingParams(DOC(uri), options))


async def test_formatting_leaves_a_text_alone_that_it_cannot_read(editor: Editor) -> None:
    uri = editor.open("政策 甲\n  编号：A\n奖励 乙\n  若 若 若\n", "untitled:broken.pol")
    options = t.FormattingOptions(tab_size=2, insert_spaces=True)
    assert not await editor.client.text_document_formatting_async(t.DocumentFormattingParams(DOC(uri), options))
    assert any("第 4 行" in said for said in editor.client.said)


# ---------------------------------------------------------------------------------------------- examples
async def titles(editor: Editor, uri: str) -> list[str]:
    found = await editor.client.text_document_code_lens_async(t.CodeLensParams(DOC(uri)))
    return [lens.command.title for lens in found or [] if lens.command]


async def test_examples_run_where_they_stand(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:lens.pol")
    assert await titles(editor, uri) == ["▶ 运行", "▶ 运行全部示例（2 个）", "▶ 运行"]
    before = editor.client.drawn
    done = await editor.client.workspace_execute_command_async(
        t.ExecuteCommandParams("policydsl.runExample", arguments=[uri, 1])
    )
    wrong = "✗ 达标：应得 达标 成立，实得 不成立"
    assert done == [
        {"name": "说错了", "passed": False, "title": wrong,
         "failures": [{"name": "达标", "expected": "达标 成立", "actual": "不成立", "line": 43}]}
    ]
    assert await titles(editor, uri) == ["▶ 运行", "▶ 运行全部示例（2 个）", wrong]
    await editor.client.workspace_execute_command_async(
        t.ExecuteCommandParams("policydsl.runExamples", arguments=[uri])
    )
    assert await titles(editor, uri) == ["✓ 通过", "✗ 示例 2 个，通过 1 个", wrong]
    assert editor.client.drawn > before
    editor.change(uri, ZH.replace("渠道 ＝ 银牌", "渠道 ＝ 金牌"))
    assert await titles(editor, uri) == ["▶ 运行", "▶ 运行全部示例（2 个）", "▶ 运行"]  # what was told is no longer so


async def test_examples_of_a_policy_with_errors_are_not_run(editor: Editor) -> None:
    uri = editor.open(ZH.replace("金额：2万元", "金额：业积"), "untitled:lens2.pol")
    done = await editor.client.workspace_execute_command_async(
        t.ExecuteCommandParams("policydsl.runExample", arguments=[uri, 0])
    )
    assert done is not None and done[0]["passed"] is False and "政策有错" in done[0]["title"]


async def test_an_example_that_is_gone_is_refused(editor: Editor) -> None:
    uri = editor.open(ZH, "untitled:lens3.pol")
    with pytest.raises(JsonRpcException, match="没有这个示例"):
        await editor.client.workspace_execute_command_async(
            t.ExecuteCommandParams("policydsl.runExample", arguments=[uri, 9])
        )


# ---------------------------------------------------------------------------------------------- the whole thing
@pytest.mark.parametrize(
    ("text", "code"), [("# 长\n" * 1_500_000, "POL120"), ("# " + "长" * 30_000, "POL121")], ids=["many", "long"]
)
async def test_what_is_too_large_is_told_and_nothing_else(editor: Editor, text: str, code: str) -> None:
    uri = editor.open(text, "untitled:huge.pol")
    assert [d.code for d in await editor.problems(uri)] == [code]
    place = t.Position(0, 3)
    assert await editor.client.text_document_hover_async(t.HoverParams(DOC(uri), place)) is None
    assert labels(await editor.client.text_document_completion_async(t.CompletionParams(DOC(uri), place))) == []
    editor.client.text_document_did_close(t.DidCloseTextDocumentParams(DOC(uri)))


@pytest.mark.parametrize("name", ["2022_inspur", "h3c_star_2024.en"])
async def test_a_shipped_policy_is_served_whole(editor: Editor, name: str) -> None:
    path = Path(__file__).parents[1] / "policies" / f"{name}.pol"
    text = path.read_text(encoding="utf-8")
    uri = editor.open(text, path.as_uri())
    assert not [d for d in await editor.problems(uri) if d.severity == t.DiagnosticSeverity.Error]
    outline = await editor.client.text_document_document_symbol_async(t.DocumentSymbolParams(DOC(uri)))
    blocks = [line for line in text.splitlines() if line.startswith(("示例 ", "example "))]
    assert outline is not None
    assert len([s for s in outline if s.kind == t.SymbolKind.Method]) == len(blocks)
    done = await editor.client.workspace_execute_command_async(
        t.ExecuteCommandParams("policydsl.runExample", arguments=[uri, 0])
    )
    assert done is not None and done[0]["passed"] is True
    editor.client.text_document_did_close(t.DidCloseTextDocumentParams(DOC(uri)))


async def test_a_closed_document_is_forgotten(editor: Editor) -> None:
    uri = editor.open(ZH.replace("金额：2万元", "金额：业积"), "untitled:closed.pol")
    assert await editor.problems(uri)
    editor.client.text_document_did_close(t.DidCloseTextDocumentParams(DOC(uri)))
    assert await editor.client.text_document_hover_async(t.HoverParams(DOC(uri), t.Position(0, 0))) is None
    assert list(editor.client.told[uri].diagnostics) == []
