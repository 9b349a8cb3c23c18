"""``policydsl completion``: the completion script of a shell."""

from __future__ import annotations

import click

from policydsl.console import emit


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.option("--name", "prog", type=click.Choice(["pol", "policydsl"]), default="pol", show_default=True)
@click.pass_context
def completion(context: click.Context, shell: str, prog: str) -> None:
    """命令补全脚本。 The completion script of a shell.

    \b
    pol completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    emit(found(context.find_root().command, {}, prog, f"_{prog.upper()}_COMPLETE").source() + "\n")
