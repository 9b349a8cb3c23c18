"""``policydsl schema``: the JSON Schema of a policy's fact sheet."""

from __future__ import annotations

import json

import click

from policydsl.cli.names import POLICY
from policydsl.console import emit, read_policy


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
def schema(policies: tuple[str, ...]) -> None:
    """事实表的 JSON Schema。 The JSON Schema of the fact sheet.

    \b
    pol schema h3c_star_2024 > facts.schema.json
    pol schema 主文.pol 附件.pol
    """
    from policydsl.sheet import schema as make

    emit(json.dumps(make(read_policy(*policies, examples=False).program), ensure_ascii=False, indent=2) + "\n")
