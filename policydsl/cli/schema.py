"""``policydsl schema``: the JSON Schema of a policy's fact sheet."""

from __future__ import annotations

import json
from datetime import date

import click

from policydsl.cli.names import POLICY
from policydsl.console import day_option, emit, read_policy


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
@click.option("--as-of", callback=day_option, metavar="DATE", help="修订过的政策取这一天的文本 the text of that day")
def schema(policies: tuple[str, ...], as_of: date | None) -> None:
    """事实表的 JSON Schema。 The JSON Schema of the fact sheet.

    \b
    pol schema h3c_star_2024 > facts.schema.json
    pol schema 主文.pol 附件.pol
    """
    from policydsl.sheet import schema as make

    program = read_policy(*policies, examples=False).on(as_of).program
    emit(json.dumps(make(program), ensure_ascii=False, indent=2) + "\n")
