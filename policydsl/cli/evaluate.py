"""``policydsl eval``: judge fact sheets by a policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from policydsl.cli.names import POLICY, RESULT, SETTING
from policydsl.cli.asked import results
from policydsl.cli.shared import given, lang_option, named
from policydsl.console import Code, colored, complain, day_option, emit
from policydsl.diagnostics import Language
from policydsl.population.outputs import is_table
from policydsl.say import say

if TYPE_CHECKING:
    from policydsl.verdict import ResultValue, Verdict


@click.command("eval")
@click.argument("policy", type=POLICY)
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...")
@click.option("--as-of", callback=day_option, metavar="DATE", help="评估日，默认取事实表的，再默认今天 evaluation date")
@click.option("--set", "settings", multiple=True, type=SETTING, metavar="PARAMETER=VALUE",
              help="给参数定值 set a parameter")
@click.option("--only", multiple=True, type=RESULT, metavar="NAME",
              help="只看这个结论 show this result alone (repeatable)")
@click.option("--require", multiple=True, type=RESULT, metavar="NAME",
              help="要求它成立：否则退出码 1，未定 4 fail unless it holds")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--proof", is_flag=True, help="写出证明，供 recheck 核对 with its proof, for recheck (json)")
@click.option("--all", "whole", is_flag=True, help="全部结论和依据，不止一屏 every result with its grounds (text)")
@click.option("-o", "--output", metavar="FILE",
              help="表格评判的结果：.xlsx，或文件夹/ 里的 CSV results of a table of parties")
@click.option("--compare", metavar="FILE", help="与以前的结果比 compare with results written before")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N",
              help="用几个进程，默认全部核 processes, default all cores")
@click.option("--force", is_flag=True, help="覆盖已有的文件 overwrite the file")
@click.option("--brief", is_flag=True, help="全部结论，不列依据 every result, without the grounds (text)")
@lang_option
def evaluate(
    policy: str, sheets: tuple[str, ...], as_of: date | datetime | None, settings: tuple[str, ...],
    only: tuple[str, ...], require: tuple[str, ...], form: str, proof: bool, whole: bool, brief: bool,
    output: str | None, compare: str | None, jobs: int | None, force: bool, lang: Language | None,
) -> None:
    """按政策评判事实表。 Judge fact sheets by a policy.

    先给一屏：要点、金额、处罚、期限、没有做到的、还缺什么；`--all` 是全文，`--only` 是一项的全文。
    One screen first: key results, money, sanctions, deadlines, what is unmet or missing; `--all` prints everything.

    几份事实表（或一份里的几方）作为一个整体评判：名额、排名、共用台账都在其中计算。`-` 是标准输入。
    Several sheets, or one file with a list, are judged as one population. `-` is standard input.

    表格（.xlsx 或 CSV 文件夹，见 facts -o）一行一家，用 -o 写出结果表：错的行退回来，别家照样评判。
    A table (.xlsx or a folder of CSV files, see facts -o) has a row for each; -o writes tables of results, and rows
    with mistakes hold back nobody else. 后面的表（facts --missing）补前面空着的格子。 Later tables fill in blank cells.

    \b
    pol eval h3c_star_2024 partner.yaml --as-of 2024-06-30
    pol eval my.pol a.yaml b.yaml --set 破冰名额=30家 --format json
    pol eval my.pol a.yaml --require 可申请三星
    pol eval 主文.pol 附件.pol a.yaml
    pol eval 2022_inspur 伙伴.xlsx -o 结果.xlsx
    pol eval 2022_inspur 伙伴.xlsx 待补/ -o 结果.xlsx
    """
    if output is not None or any(map(is_table, sheets)):
        from policydsl.cli.batch import judge_tables

        raise click.exceptions.Exit(
            judge_tables(policy, sheets, output, compare, as_of, settings, jobs, force, whole, lang)
        )
    if proof and form != "json":
        raise click.UsageError("--proof 要与 --format json 同用 --proof goes with --format json")
    found = given(policy, sheets, as_of, settings, lang)
    verdicts = found.judge(proof=proof)
    code = Code.DONE
    if only:
        only = tuple(dict.fromkeys(each for name in only for each in results(name, found.policy)))
        if any(v.results[name].open for v in verdicts for name in only):
            code = Code.UNDECIDED
    required = [(named(name, [verdict]), verdict) for name in require for verdict in verdicts]
    if required:
        code = _required(required, lang or found.policy.program.header.dialect)
    emit(_rendered(verdicts, only, form, lang, whole=whole or bool(only), brief=brief))
    raise click.exceptions.Exit(code)


def _rendered(
    verdicts: Sequence[Verdict], only: Sequence[str], form: str, lang: Language | None, *, whole: bool, brief: bool
) -> str:
    from policydsl.render.focus import focus

    if only:
        verdicts = [focus(verdict, only) for verdict in verdicts]
    if form == "json":
        from policydsl.api import to_json

        return to_json(verdicts[0] if len(verdicts) == 1 else verdicts, lang)
    if not (whole or brief):
        from policydsl.summary.screen import screens

        return screens(verdicts, lang, color=colored())
    from policydsl.render.text import verdicts_text

    return verdicts_text(verdicts, lang, color=colored(), brief=brief)


def _required(required: Sequence[tuple[ResultValue, Verdict]], lang: Language) -> Code:
    """1 as soon as one fails, else 4 while one is undecided; says which."""
    from policydsl.render.focus import met

    code = Code.DONE
    for result, verdict in required:
        answer = met(result)
        if answer is True:
            continue
        if answer is False:
            code = Code.NOT_MET
        elif code == Code.DONE:
            code = Code.UNDECIDED
        party = f"{verdict.party}: " if verdict.party else ""
        complain(f"{party}{result.name} {say('required.fails' if answer is False else 'required.open', lang)}")
    return code
