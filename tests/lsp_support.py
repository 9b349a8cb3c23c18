"""The server as an editor meets it: a real process, spoken to over the real protocol."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from lsprotocol import types as t
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient

from hanging import HANG

ZH = """政策 试行办法
  编号：SX-1

参数
  业绩线，别名 threshold ＝ 100万元，自 2023年1月1日 起 200万元
  疑义：业绩含不含税？
  裁定：R1，不分。

数据
  业绩：金额，≥ 0元，别名 revenue 【SX-01 一】
  渠道：选项（金牌、银牌 ＝ silver）
  签约日：日期，选填，别名 signed_on

台账 订单
  主键：编号
  编号：文本
  签约日：日期

措施清单：警告、取消资格

条件 达标：业绩 ≥ 业绩线 且 渠道 为 金牌
条件 已签约：签约日 已填

奖励 破冰奖 【SX-02 二】
  若：达标
  金额：2万元

处罚 无单
  若：条数（订单，其中 签约日 早于 评估日） ＝ 0
  措施：警告、取消资格

示例 达标得奖
  评估日：2024年6月30日
  已知：业绩 ＝ 300万元，渠道 ＝ 金牌
  已知 订单：
  | 编号 | 签约日 |
  | A1 | 2024-01-05 |
  应得：破冰奖 ＝ 2万元

示例 说错了
  评估日：2024年6月30日
  已知：业绩 ＝ 300万元，渠道 ＝ 银牌，签约日 ＝ 2024年1月1日
  应得：达标 成立
"""
EN = """policy Trial rules
  id: TR-1

data
  revenue: money, >= CNY 0
  channel: choice (gold, silver)

requirement on target: revenue >= CNY 1 million and channel is gold

example met
  as of: 2024-06-30
  given: revenue = CNY 2 million, channel = gold
  expect: on target holds
"""


class Client(LanguageClient):
    """A client that keeps what it is told, with the version it is told about."""

    def __init__(self) -> None:
        super().__init__(converter_factory=default_converter)
        self.told: dict[str, t.PublishDiagnosticsParams] = {}
        self.said: list[str] = []
        self.drawn = 0
        self.greeted: t.InitializeResult | None = None

        @self.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def told(params: t.PublishDiagnosticsParams) -> None:
            self.told[params.uri] = params

        @self.feature(t.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def said(params: t.ShowMessageParams) -> None:
            self.said.append(params.message)

        @self.feature(t.WORKSPACE_CODE_LENS_REFRESH)  # type: ignore[untyped-decorator]
        def drawn(*_: object) -> None:
            self.drawn += 1


CONFIG = ClientServerConfig(client_factory=Client, server_command=[sys.executable, "-m", "policydsl", "lsp"])


class Editor:
    """An editor with open documents."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def open(self, text: str, uri: str = "untitled:a.pol") -> str:
        self.texts[uri], self.versions[uri] = text, 1
        self.client.told.pop(uri, None)
        self.client.text_document_did_open(
            t.DidOpenTextDocumentParams(t.TextDocumentItem(uri, "pol", 1, text))
        )
        return uri

    def change(self, uri: str, text: str) -> None:
        self.texts[uri] = text
        self.versions[uri] += 1
        whole = t.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(
            t.DidChangeTextDocumentParams(t.VersionedTextDocumentIdentifier(self.versions[uri], uri), [whole])
        )

    async def problems(self, uri: str) -> list[t.Diagnostic]:
        """The diagnostics of the newest version, as soon as they are told."""
        async with asyncio.timeout(HANG):
            while True:
                told = self.client.told.get(uri)
                if told is not None and told.version == self.versions[uri]:
                    return list(told.diagnostics)
                await self.client.wait_for_notification(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    def place(self, uri: str, word: str, nth: int = 0, shift: int = 0) -> t.Position:
        """The place of a word in UTF-16 units: of its nth occurrence, so many characters in."""
        text, at = self.texts[uri], -1
        for _ in range(nth + 1):
            at = text.index(word, at + 1)
        return position(text, at + shift)

    def at(self, uri: str, word: str, nth: int = 0, shift: int = 0) -> dict[str, Any]:
        return {
            "text_document": t.TextDocumentIdentifier(uri), "position": self.place(uri, word, nth, shift),
        }


async def greet(client: Client, options: object = None, *, snippets: bool = True) -> None:
    """The handshake of an editor that counts UTF-16 units."""
    capabilities = t.ClientCapabilities(
        workspace=t.WorkspaceClientCapabilities(
            code_lens=t.CodeLensWorkspaceClientCapabilities(refresh_support=True)
        ),
        text_document=t.TextDocumentClientCapabilities(
            completion=t.CompletionClientCapabilities(
                completion_item=t.ClientCompletionItemOptions(snippet_support=snippets)
            ),
        ),
        general=t.GeneralClientCapabilities(position_encodings=[t.PositionEncodingKind.Utf16]),
    )
    client.greeted = await client.initialize_session(t.InitializeParams(capabilities, initialization_options=options))


def position(text: str, at: int) -> t.Position:
    line = text.count("\n", 0, at)
    start = text.rfind("\n", 0, at) + 1
    return t.Position(line, len(text[start:at].encode("utf-16-le")) // 2)


def offset(text: str, place: t.Position) -> int:
    start = 0
    for _ in range(place.line):
        start = text.index("\n", start) + 1
    units = 0
    while units < place.character:
        units += 2 if ord(text[start]) > 0xFFFF else 1
        start += 1
    return start


def marked(text: str, place: t.Range) -> str:
    """What a range covers."""
    return text[offset(text, place.start) : offset(text, place.end)]


def applied(text: str, edits: list[t.TextEdit]) -> str:
    """The text after the changes, as an editor makes them."""
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        text = text[: offset(text, edit.range.start)] + edit.new_text + text[offset(text, edit.range.end) :]
    return text
