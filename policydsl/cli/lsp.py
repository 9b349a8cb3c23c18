"""``policydsl lsp``: the language server for editors."""

from __future__ import annotations

import click

from policydsl.cli.shared import version


@click.command()
@click.option("--tcp", "port", type=click.IntRange(1, 65535), metavar="PORT", help="本机的端口 serve a local port")
def lsp(port: int | None) -> None:
    """编辑器用的语言服务器：提示、补全、跳转、改名、运行示例。 The language server for editors.

    由编辑器启动，通过标准输入输出对话；设置见 docs/editing.md。
    Started by the editor, speaks over standard input and output; see docs/editing.en.md.

    \b
    pol lsp
    pol lsp --tcp 2087
    """
    try:
        from policydsl.editor.server import make
    except ImportError as missing:
        name = missing.name or "pygls"
        if name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError(
            f"缺少 {name}，请在本仓库里运行 it is missing, run in this repository: pip install '.[lsp]'"
        ) from missing
    server = make(version())
    if port is None:
        server.start_io()
    else:
        try:
            server.start_tcp("127.0.0.1", port)
        except OSError as taken:
            raise click.UsageError(f"端口 {port} 用不了 cannot use port {port}: {taken.strerror or taken}") from taken
