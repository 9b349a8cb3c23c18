"""The server: the protocol on one side, questions about snapshots on the other. It knows nothing of policies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from lsprotocol import types as t
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from policydsl import resources
from policydsl.diagnostics import Language
from policydsl.editor import completion, hover, layout, lenses, navigation, problems, rename, tokens
from policydsl.editor.snapshot import Snapshot
from policydsl.text import Memory

T = TypeVar("T")
PAUSE = 25 / 100  # seconds of quiet before a text is checked while it is typed
_REQUEST_FAILED = -32803
"""ErrorCodes.RequestFailed of the protocol: the request was right, but cannot be met; the message says why."""


class Protocol(LanguageServerProtocol):
    """Answers a request that cannot be read with an error: whoever asked waits for an answer."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


class Server(LanguageServer):
    """One snapshot a document; checks run beside the conversation and only the newest is told."""

    def __init__(self, version: str) -> None:
        # The whole text at each change: editors and this language do not agree on what breaks a line.
        super().__init__(
            "policydsl", version, text_document_sync_kind=t.TextDocumentSyncKind.Full, protocol_cls=Protocol
        )
        self.asked: Language | None = None
        self.page: str | None = None  # where the editor says that the messages are explained
        self.snippets = False
        self._workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="policydsl")
        self._snapshots: dict[str, Snapshot] = {}
        self._changes: dict[str, int] = {}
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._ran: dict[str, dict[int, lenses.Ran]] = {}

    # ------------------------------------------------------------------------------------------ documents
    def snapshot(self, uri: str) -> Snapshot | None:
        """The text of an open document as it is now; None when it is not open."""
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return None
        known = self._snapshots.get(uri)
        if known is None or known.text != document.source:
            encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
            known = self._snapshots[uri] = Snapshot(
                uri, document.source, document.version, encoding=encoding, asked=self.asked,
                memory=known.memory if known is not None else Memory(),
            )
            self._ran.pop(uri, None)
        return known

    async def ask(self, uri: str, question: Callable[[Snapshot], T]) -> T | None:
        """The answer to a question about a document, worked out beside the conversation; None for a text that was
        changed before its turn came."""
        snapshot = self.snapshot(uri)

        def current() -> T | None:
            return question(snapshot) if snapshot is not None and self._snapshots.get(uri) is snapshot else None

        return None if snapshot is None else await self.aside(current)

    async def aside(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, *args)

    # ------------------------------------------------------------------------------------------ checking
    def changed(self, uri: str) -> None:
        """A document is new or has changed: check it after a moment of quiet."""
        self._changes[uri] = self._changes.get(uri, 0) + 1
        running = self._checks.get(uri)
        if running is None or running.done():
            self._checks[uri] = asyncio.get_running_loop().create_task(self._check(uri))

    async def _check(self, uri: str) -> None:
        while True:
            seen = self._changes.get(uri)
            await asyncio.sleep(PAUSE)
            snapshot = self.snapshot(uri)
            if snapshot is None:
                return
            if self._changes.get(uri) != seen:
                continue  # still typing
            found = await self.aside(problems.diagnostics, snapshot, self.page or page_in(snapshot.lang))
            if uri not in self.workspace.text_documents:
                return
            if self._changes.get(uri) == seen:
                self.publish(uri, snapshot.version, found)
                return

    def publish(self, uri: str, version: int | None, found: list[t.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(t.PublishDiagnosticsParams(uri, found, version))

    def closed(self, uri: str) -> None:
        """Nothing of a closed document is kept or shown."""
        for kept in (self._snapshots, self._changes, self._ran):
            kept.pop(uri, None)
        running = self._checks.pop(uri, None)
        if running is not None:
            running.cancel()
        self.publish(uri, None, [])

    # ------------------------------------------------------------------------------------------ examples
    def results(self, uri: str) -> dict[int, lenses.Ran]:
        """What became of the examples of the text as it is now."""
        return self._ran.setdefault(uri, {})

    async def run(self, uri: str, wanted: list[int] | None) -> list[dict[str, Any]]:
        """Runs examples by their numbers (None: all), remembers what came of them, and has the lenses drawn again."""
        snapshot = self.snapshot(uri)
        if snapshot is None:
            raise failed("文件没有打开 the document is not open")
        if wanted is None:
            wanted = list(range(len(await self.aside(lenses.examples, snapshot))))
        out = []
        for index in wanted:
            ran = await self.aside(lenses.run, snapshot, index)
            if ran is None:
                raise failed(snapshot.say("editor.no_example"))
            if self.snapshot(uri) is snapshot:
                self.results(uri)[index] = ran
            missed = [{"name": m.name, "expected": m.expected, "actual": m.actual, "line": m.line} for m in ran.missed]
            shown = lenses.title(snapshot, ran)
            out.append({"name": ran.name, "passed": ran.passed, "title": shown, "failures": missed})
        drawn = self.client_capabilities.workspace and self.client_capabilities.workspace.code_lens
        if drawn and drawn.refresh_support:
            self.workspace_code_lens_refresh(None)
        return out


def failed(message: str) -> JsonRpcException:
    """A refusal that the editor shows to its user."""
    return JsonRpcException(message, _REQUEST_FAILED)


def page_in(lang: Language) -> str | None:
    """The address of the page that explains every message in a language, where it came along."""
    folder = resources.folder("docs")
    page = folder and folder / ("errors.md" if lang == "zh" else "errors.en.md")
    return page.as_uri() if page and page.is_file() else None


def make(version: str) -> Server:
    """A server that knows every request it answers."""
    server = Server(version)
    _documents(server)
    _questions(server)
    _changes(server)
    _commands(server)
    return server


def _documents(server: Server) -> None:
    @server.feature(t.INITIALIZE)
    def initialize(params: t.InitializeParams) -> None:
        options = params.initialization_options
        options = options if isinstance(options, dict) else {}
        lang, page = options.get("lang"), options.get("errorPage")
        server.asked = "zh" if lang == "zh" else "en" if lang == "en" else None
        item = getattr(getattr(params.capabilities.text_document, "completion", None), "completion_item", None)
        server.snippets = bool(item and item.snippet_support)
        server.page = page if isinstance(page, str) else None

    @server.feature(t.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: t.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: t.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(t.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: t.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)


def _questions(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_HOVER)
    async def hovered(params: t.HoverParams) -> t.Hover | None:
        return await server.ask(params.text_document.uri, lambda s: hover.hover(s, params.position))

    @server.feature(t.TEXT_DOCUMENT_COMPLETION, t.CompletionOptions(trigger_characters=list("【[：: ，,、|的（(")))
    async def completed(params: t.CompletionParams) -> t.CompletionList | None:
        return await server.ask(
            params.text_document.uri, lambda s: completion.complete(s, params.position, snippets=server.snippets)
        )

    @server.feature(t.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: t.DefinitionParams) -> list[t.Location] | None:
        return await server.ask(params.text_document.uri, lambda s: navigation.definition(s, params.position))

    @server.feature(t.TEXT_DOCUMENT_REFERENCES)
    async def referred(params: t.ReferenceParams) -> list[t.Location] | None:
        both = params.context.include_declaration
        return await server.ask(
            params.text_document.uri, lambda s: navigation.references(s, params.position, declarations=both)
        )

    @server.feature(t.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def marked(params: t.DocumentHighlightParams) -> list[t.DocumentHighlight] | None:
        return await server.ask(params.text_document.uri, lambda s: navigation.highlights(s, params.position))

    @server.feature(t.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outlined(params: t.DocumentSymbolParams) -> list[t.DocumentSymbol] | None:
        return await server.ask(params.text_document.uri, navigation.outline)

    @server.feature(t.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folded(params: t.FoldingRangeParams) -> list[t.FoldingRange] | None:
        return await server.ask(params.text_document.uri, navigation.folding)

    @server.feature(t.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, tokens.LEGEND)
    async def coloured(params: t.SemanticTokensParams) -> t.SemanticTokens | None:
        return await server.ask(params.text_document.uri, tokens.tokens)

    @server.feature(t.TEXT_DOCUMENT_CODE_LENS)
    async def lensed(params: t.CodeLensParams) -> list[t.CodeLens] | None:
        uri = params.text_document.uri
        return await server.ask(uri, lambda s: lenses.lenses(s, dict(server.results(uri))))


def _changes(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_CODE_ACTION, t.CodeActionOptions([t.CodeActionKind.QuickFix]))
    async def repaired(params: t.CodeActionParams) -> list[t.CodeAction] | None:
        return await server.ask(
            params.text_document.uri, lambda s: problems.code_actions(s, params.range, server.page or page_in(s.lang))
        )

    @server.feature(t.TEXT_DOCUMENT_FORMATTING)
    async def arranged(params: t.DocumentFormattingParams) -> list[t.TextEdit] | None:
        try:
            return await server.ask(params.text_document.uri, layout.formatting)
        except layout.NotReadable as refused:
            server.window_show_message(t.ShowMessageParams(t.MessageType.Warning, str(refused)))
            return None

    @server.feature(t.TEXT_DOCUMENT_PREPARE_RENAME)
    async def asked(params: t.PrepareRenameParams) -> t.PrepareRenamePlaceholder | None:
        def answer(s: Snapshot) -> t.PrepareRenamePlaceholder:
            found = rename.target(s, params.position)
            return t.PrepareRenamePlaceholder(s.buffer.range(found.start, found.end), s.text[found.start : found.end])

        return await _refusing(server.ask(params.text_document.uri, answer))

    @server.feature(t.TEXT_DOCUMENT_RENAME, t.RenameOptions(prepare_provider=True))
    async def renamed(params: t.RenameParams) -> t.WorkspaceEdit | None:
        uri = params.text_document.uri
        snapshot = server.snapshot(uri)
        if snapshot is None:
            return None
        opened = {address: document.source for address, document in server.workspace.text_documents.items()}
        return await _refusing(server.aside(rename.workspace_edit, snapshot, params.position, params.new_name, opened))


async def _refusing(answer: Awaitable[T]) -> T:
    """The answer, or the reason why there is none as an error that the editor shows."""
    try:
        return await answer
    except rename.Refused as refused:
        raise failed(str(refused)) from refused


def _commands(server: Server) -> None:
    @server.command(lenses.RUN_ONE)
    async def run_one(uri: str, index: int) -> list[dict[str, Any]]:
        return await server.run(uri, [index])

    @server.command(lenses.RUN_ALL)
    async def run_all(uri: str) -> list[dict[str, Any]]:
        return await server.run(uri, None)
