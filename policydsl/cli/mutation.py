"""``policydsl test --mutate``: which small changes of a policy no example notices."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from policydsl.cli.shared import Command
from policydsl.console import Code, complain, emit, near, policy_file, read_policy, refuse
from policydsl.diagnostics import Language, PolicyError, SheetError
from policydsl.say import say

if TYPE_CHECKING:
    from policydsl.engine import Policy
    from policydsl.mutate.report import Result


def percentage(ctx: click.Context, param: click.Parameter, value: str | None) -> Fraction | None:
    """A limit in percent: 90, 92.5, 90%."""
    if value is None:
        return None
    text = value.strip().rstrip("%％")
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or not Fraction(text) <= 100:
        raise click.BadParameter(f"应是 0 至 100 的百分数 should be a percentage from 0 to 100: {value}", ctx, param)
    return Fraction(text)


def mutation_options(command: Command) -> Command:
    """The options of ``--mutate``."""
    for option in reversed((
        click.option("--mutate", is_flag=True, help="逐处改动政策，看示例能否发现 change the policy, see what notices"),
        click.option("--only", multiple=True, metavar="RULE", help="只改这条规则（可重复）mutate this rule alone"),
        click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="并行进程数，默认按处理器 processes"),
        click.option("--sample", type=click.IntRange(1), metavar="N", help="只抽查 N 处改动 only so many changes"),
        click.option("--fail-under", callback=percentage, metavar="PERCENT", help="得分低于此则退出码 1 exit 1 below"),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
    )):
        command = option(command)
    return command


def run_mutation(
    policies: Sequence[str], *, only: Sequence[str] = (), jobs: int | None = None, fail_under: Fraction | None = None,
    sample: int | None = None, form: str = "text", lang: Language | None = None,
) -> Code:
    """Runs the mutants of every policy, shows the report; NOT_MET when a score (in percent) is below ``fail_under``."""
    from policydsl.mutate import report

    results: list[tuple[Result, Language]] = []
    for name in policies:
        try:
            results.append(_run(name, only, jobs, sample))
        except (PolicyError, SheetError) as error:
            raise refuse(error, lang) from error
    shown = lang or results[0][1]
    if form == "json":
        emit(report.json([r for r, _ in results], shown))
    else:
        for result, dialect in results:
            emit(report.text(result, lang or dialect))
    low = [r for r, _ in results if fail_under is not None and r.score * 100 < fail_under]
    for result in low:
        limit = report.percent(fail_under / 100) if fail_under is not None else ""
        complain(say("mutation.below", shown, file=result.file, score=report.percent(result.score), limit=limit))
    return Code.NOT_MET if low else Code.DONE


def _run(name: str, only: Sequence[str], jobs: int | None, sample: int | None) -> tuple[Result, Language]:
    from policydsl.mutate import run
    from policydsl.testing.collect import collect

    policy = read_policy(name)
    for rule in only:
        known_rule(policy, rule)
    path = policy_file(name) if name != "-" else None
    result = run(
        policy, collect(policy, path), path=path, file=name if name != "-" else "<stdin>", only=only, jobs=jobs,
        sample=sample, told=_progress if sys.stderr.isatty() else None,
    )
    return result, policy.program.header.dialect


def _progress(done: int, all_: int) -> None:
    """A line on the terminal that is written over, and gone at the end."""
    shown = f"{done}/{all_}" if done < all_ else ""
    click.echo(f"\r\x1b[K{shown}", nl=False, err=True)


def known_rule(policy: Policy, rule: str) -> None:
    """Raises UsageError for a name that nothing of the policy has."""
    from policydsl.text.fold import name_key

    program = policy.program
    names = {d.origin.rule for d in program.terms.values()} | {r.name for r in program.results}
    names |= program.inputs.keys() | {d.name for d in program.lists.values() if d.source != "parties" and not d.of}
    if name_key(rule) not in {name_key(n) for n in names}:
        raise click.UsageError(f"没有这条规则 no such rule: {rule}" + near(rule, sorted(names)))


__all__ = ["known_rule", "mutation_options", "percentage", "run_mutation"]
