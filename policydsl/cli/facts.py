"""``policydsl facts``: an empty fact sheet to fill in, of one party or as tables of many."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policydsl.cli.asked import results
from policydsl.cli.names import POLICY, RESULT
from policydsl.cli.shared import version
from policydsl.console import Code, complain, day_option, emit, read_policy


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
@click.option("--as-of", callback=day_option, metavar="DATE", help="修订过的政策取这一天的文本 the text of that day")
@click.option("-o", "--output", metavar="FILE",
              help="多家的空白表：.xlsx 工作簿，或文件夹/ 里的 CSV tables of many parties")
@click.option("--result", "only", multiple=True, type=RESULT, metavar="NAME",
              help="表里只要会改变它的事实 only the facts that can change it")
@click.option("--missing", "table", metavar="TABLE",
              help="这张表里每家还缺的，各写一个工作簿 what each party of a table lacks, a workbook each")
@click.option("--force", is_flag=True, help="覆盖已有的文件 overwrite the file")
def facts(
    policies: tuple[str, ...], as_of: date | None, output: str | None, only: tuple[str, ...], table: str | None,
    force: bool,
) -> None:
    """空白事实表，带说明，填好即可评判。 An empty fact sheet to fill in, commented.

    几百家一起填，用 -o 写成工作簿：每家一行，每本台账一张表；填好交给 eval。
    For many parties, -o writes a workbook: a row for each, a sheet for each ledger; eval reads it.

    收回的表还缺东西，用 --missing 写出每家只有缺的格子的工作簿；填好后和原表一起交给 eval。
    Where what comes back lacks something, --missing writes each party a workbook of what it lacks, for eval.

    \b
    pol facts h3c_star_2024 > partner.yaml
    pol facts 主文.pol 附件.pol
    pol facts 2022_inspur -o 伙伴.xlsx
    pol facts 2022_inspur -o 伙伴/ --result IVR等级
    pol facts 2022_inspur --missing 伙伴.xlsx -o 待补/
    """
    if table is not None:
        from policydsl.cli.batch import ask_back

        raise click.exceptions.Exit(ask_back(policies, table, output, only, as_of))
    loaded = read_policy(*policies, examples=False).on(as_of)
    if output is None:
        if only:
            raise click.UsageError("--result 要与 -o 同用 --result goes with -o")
        from policydsl.sheet import template

        text = template(loaded.program)
        emit(text if text.endswith("\n") else text + "\n")
        return
    from policydsl.cli.tables import fresh, installed, saved_form
    from policydsl.population.save import save
    from policydsl.population.template import template as tables

    form, path = saved_form(output), Path(output)
    fresh(path, force)
    names = [*dict.fromkeys(each for name in only for each in results(name, loaded))] or None
    made = f"policydsl {version()}"
    command = f"policydsl facts {' '.join(Path(p).name for p in policies)} -o {path.name}"
    found = tables(loaded.program, names, made, command)
    if form not in ("xlsx", "csv"):
        raise click.UsageError(f"空白表写成 .xlsx，或以 / 结尾的文件夹 blank tables are .xlsx or a folder: {output}")
    with installed(output):
        save(path, form, found, loaded.program, made)
    complain(output)
    raise click.exceptions.Exit(Code.DONE)
