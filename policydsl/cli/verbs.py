"""The verbs of the command line, each in a module of its own that is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from policydsl.console import near

# verb -> (module of this package, name of the command in it), in the order of the help
VERBS: dict[str, tuple[str, str]] = {
    "eval": ("evaluate", "evaluate"),
    "recheck": ("recheck", "recheck"),
    "explain": ("explain", "explain"),
    "ask": ("ask", "ask"),
    "check": ("check", "check"),
    "fmt": ("fmt", "fmt"),
    "test": ("test", "run_tests"),
    "testgen": ("testgen", "testgen"),
    "facts": ("facts", "facts"),
    "schema": ("schema", "schema"),
    "clauses": ("clauses", "clauses"),
    "doc": ("doc", "doc"),
    "policies": ("policies", "shipped"),
    "lsp": ("lsp", "lsp"),
    "completion": ("completion", "completion"),
}


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            known = near(cmd_name, list(VERBS)) or f"：{', '.join(VERBS)}"
            raise click.UsageError(f"没有这个命令 no such command: {cmd_name}{known}", ctx)
        module, name = VERBS[cmd_name]
        command = getattr(import_module(f"policydsl.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command
