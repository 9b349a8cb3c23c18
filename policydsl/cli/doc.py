"""``policydsl doc``: the policy as a handbook for partners."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policydsl.cli.names import POLICY
from policydsl.cli.shared import lang_option, register_beside
from policydsl.console import STDIN, complain, day_option, emit, read_policy
from policydsl.diagnostics import Language


@click.command()
@click.argument("policy", type=POLICY)
@click.argument("further", nargs=-1, type=POLICY, metavar="[FURTHER.pol...]")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), help="默认看 -o 的后缀，否则 markdown")
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="写到文件 write to a file")
@click.option("--as-of", callback=day_option, metavar="DATE", help="参数取这一天的值，默认今天 the day of the values")
@click.option("--short", is_flag=True, help="只写先要知道的：等级、奖励、处罚、期限、要求 only what to know first")
@lang_option
def doc(
    policy: str, further: tuple[str, ...], form: str | None, output: str | None, as_of: date | None, short: bool,
    lang: Language | None,
) -> None:
    """把政策写成伙伴能读的手册。 The policy as a handbook that a partner can read.

    等级、分档、奖励、处罚、期限、疑义与裁定，每一项都带条款。HTML 是一个文件，不联网，可以打印。
    Tiers, bands, rewards, penalties, deadlines, questions and rulings, each with its clause. The HTML is one file that
    needs no network and prints well.

    \b
    pol doc h3c_star_2024 -o h3c.html
    pol doc my.pol --format markdown --as-of 2024-06-30
    pol doc 主文.pol 附件.pol -o 手册.html
    """
    from policydsl.handbook import handbook

    loaded = read_policy(policy, *further)
    loaded = loaded.on(as_of)
    document = handbook(loaded, register_beside(loaded), lang=lang, as_of=as_of, short=short)
    chosen = form or ("html" if output is not None and Path(output).suffix.lower() in (".html", ".htm") else "markdown")
    if chosen == "html":
        from policydsl.render.page import page

        text = page(document)
    else:
        from policydsl.render.markdown import markdown

        text = markdown(document)
    if output is None or output == STDIN:
        emit(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"不能写入 cannot write {output}: {error.strerror or error}") from error
    complain(f"{output}: {loaded.program.header.title}")
