"""``policydsl check``: every problem of a policy, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policydsl.cli.names import POLICY
from policydsl.cli.shared import checked_policy, lang_option, show_failures, version
from policydsl.console import Code, emit, show_problems
from policydsl.diagnostics import Language
from policydsl.say import headed, listed, say

if TYPE_CHECKING:
    from policydsl.render.problems import Checked


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="有提醒也算不通过 warnings count as errors")
@click.option("--together", is_flag=True,
              help="几个文件是一份政策，有政策头的写在前面 the files are one policy, the one with the header first")
@click.option("--sheet", metavar="FILE", help="检查填好的表格（.xlsx 或 CSV 文件夹），不评判 check a table of parties")
@lang_option
def check(
    policies: tuple[str, ...], form: str, strict: bool, together: bool, sheet: str | None, lang: Language | None
) -> None:
    """检查政策文件，并运行其中的示例。 Check policies and run their examples.

    每个问题都指出行和列，说明这里可以写什么。退出码 3：政策有错；1：示例不符。
    Every problem names its line and column, and what may stand there. Exit 3: invalid; 1: an example fails.

    \b
    pol check my.pol
    pol check policies/*.pol --strict --format sarif > check.sarif
    pol check 主文.pol 附件.pol --together
    pol check 2022_inspur --sheet 伙伴.xlsx
    """
    if sheet is not None:
        from policydsl.cli.batch import check_tables

        raise click.exceptions.Exit(check_tables(policies[0], [sheet, *policies[1:]], None, lang))
    from policydsl.render import problems

    checked = [checked_policy(*policies)] if together else [checked_policy(name) for name in policies]
    match form:
        case "json":
            emit(problems.check_json(checked, lang))
        case "sarif":
            emit(problems.check_sarif(checked, lang, version()))
        case _:
            for c in checked:
                _showchecked_policy(c, lang or c.dialect)
    invalid = any(c.invalid or (strict and any(d.severity == "warning" for d in c.diagnostics)) for c in checked)
    failed = any(c.failed for c in checked)
    raise click.exceptions.Exit(Code.BAD_POLICY if invalid else Code.NOT_MET if failed else Code.DONE)


def _showchecked_policy(c: Checked, lang: Language) -> None:
    show_problems(c.diagnostics, c.sources, lang)
    show_failures(c, lang)
    errors = sum(1 for d in c.diagnostics if d.severity == "error")
    warnings = sum(1 for d in c.diagnostics if d.severity == "warning")
    passed, total = len(c.examples) - c.failed, len(c.examples)
    said = [
        say("check.invalid", lang, errors=errors) if c.invalid
        else say("check.valid", lang, passed=passed, total=total)
    ]
    if warnings:
        said.append(say("check.warnings", lang, warnings=warnings))
    emit(headed(c.file, lang, listed(said, lang, "comma")) + "\n")
