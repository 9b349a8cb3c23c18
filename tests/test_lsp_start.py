"""How the server is started, and what an editor may ask of it at the greeting."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_lsp
from click.testing import CliRunner
from lsprotocol import types as t

from hanging import HANG
from lsp_support import CONFIG, EN, ZH, Client, Editor, greet
from policydsl.cli import cli, run


@pytest_lsp.fixture(config=CONFIG)  # type: ignore[untyped-decorator]
async def client(lsp_client: Client) -> AsyncIterator[None]:
    await greet(lsp_client, {"lang": "en"}, snippets=False)
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_the_editor_chooses_the_language_and_may_know_no_snippets(client: Client) -> None:
    editor = Editor(client)
    uri = editor.open(ZH.replace("金额：2万元", "金额：业积"))
    (found,) = await editor.problems(uri)
    assert "Did you mean '业绩'?" in found.message
    assert found.code_description is not None and found.code_description.href.endswith("/docs/errors.en.md#pol201")
    editor.change(uri, ZH + "\n奖")
    end = t.Position(editor.texts[uri].count("\n"), 1)
    proposals = await client.text_document_completion_async(
        t.CompletionParams(t.TextDocumentIdentifier(uri), end)
    )
    assert isinstance(proposals, t.CompletionList)
    edit = proposals.items[0].text_edit
    assert isinstance(edit, t.TextEdit) and edit.new_text == "奖励 名称\n  若：条件\n  金额：2万元\n"


@pytest.mark.asyncio
async def test_it_can_wait_on_a_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "policydsl", "lsp", "--tcp", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = Client()
        async with asyncio.timeout(HANG):
            while True:
                try:
                    await client.start_tcp("127.0.0.1", port)
                    break
                except OSError:
                    await asyncio.sleep(0.1)
            await greet(client)
            editor = Editor(client)
            assert await editor.problems(editor.open(ZH)) == []
            zh, en = ZH.replace("2万元", "业积"), EN.replace("and channel", "and chanel")
            for text, page in ((zh, "errors.md"), (en, "errors.en.md")):
                found = (await editor.problems(editor.open(text, f"untitled:{page}")))[0]
                assert found.code_description is not None
                assert found.code_description.href.endswith(f"/docs/{page}#{str(found.code).lower()}")
            await client.shutdown_session()
        await client.stop()
    finally:
        process.kill()
        process.wait()


def test_a_port_that_is_taken_is_wrong_usage() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = CliRunner().invoke(cli, ["lsp", "--tcp", str(taken.getsockname()[1])])
    assert ran.exit_code == 2 and "cannot use port" in ran.output


def test_without_its_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pygls.exceptions", None)
    monkeypatch.delitem(sys.modules, "policydsl.editor.server", raising=False)
    assert run(["lsp"]) == 2
    assert "pip install '.[lsp]'" in capsys.readouterr().err


def test_a_pipe_that_closes_ends_it() -> None:
    done = subprocess.run([sys.executable, "-m", "policydsl", "lsp"], input=b"", capture_output=True, timeout=HANG)
    assert done.stdout == b"" and b"Traceback" not in done.stderr


UNREADABLE: list[object] = [
    None,
    {},
    {"textDocument": {"uri": "untitled:a.pol"}},
    {"textDocument": {"uri": "untitled:a.pol"}, "position": {"line": -1, "character": -1}},
    {"textDocument": {"uri": "untitled:a.pol"}, "position": {"line": "a", "character": 0}},
    {"textDocument": 3, "position": {"line": 0, "character": 0}},
    [],
]


def test_a_request_that_cannot_be_read_is_answered_with_an_error() -> None:
    """And the next one, that can, with a result."""
    greeting = {"processId": None, "rootUri": None, "capabilities": {}}
    good = {"textDocument": {"uri": "untitled:a.pol"}, "position": {"line": 0, "character": 0}}
    hover = {"method": "textDocument/hover"}
    asked = [
        message for i, params in enumerate(UNREADABLE) for message in (
            {"id": f"bad {i}"} | hover | ({"params": params} if params is not None else {}),
            {"id": f"good {i}", "params": good} | hover,
        )
    ]
    messages: list[dict[str, object]] = [
        {"id": "first", "method": "initialize", "params": greeting}, *asked,
        {"id": "last", "method": "shutdown"}, {"method": "exit"},
    ]
    bodies = [json.dumps({"jsonrpc": "2.0"} | m).encode() for m in messages]
    given = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies)
    command = [sys.executable, "-m", "policydsl", "lsp"]
    done = subprocess.run(command, input=given, capture_output=True, timeout=HANG)
    told = [json.loads(part[part.index("{"):]) for part in done.stdout.decode().split("Content-Length: ")[1:]]
    answers = {m["id"]: m for m in told if "id" in m}
    for i, params in enumerate(UNREADABLE):
        assert answers[f"bad {i}"]["error"]["code"] == -32602, params
        assert answers[f"good {i}"]["result"] is None
