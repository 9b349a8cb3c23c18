"""``policydsl facts``: an empty fact sheet to fill in."""

from __future__ import annotations

from datetime import date

import click

from policydsl.cli.names import POLICY
from policydsl.console import day_option, emit, read_policy


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
@click.option("--as-of", callback=day_option, metavar="DATE", help="修订过的政策取这一天的文本 the text of that day")
def facts(policies: tuple[str, ...], as_of: date | None) -> None:
    """空白事实表，带说明，填好即可评判。 An empty fact sheet to fill in, commented.

    \b
    pol facts h3c_star_2024 > partner.yaml
    pol facts 主文.pol 附件.pol
    """
    from policydsl.sheet import template

    text = template(read_policy(*policies, examples=False).on(as_of).program)
    emit(text if text.endswith("\n") else text + "\n")
