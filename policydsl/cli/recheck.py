"""``policydsl recheck``: a verdict checked again from its proof."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from policydsl.cli.names import SETTING
from policydsl.cli.shared import given, lang_option
from policydsl.console import STDIN, Code, emit, unreadable
from policydsl.diagnostics import LANGUAGES, Language
from policydsl.say import word


@click.command("recheck")
@click.argument("verdict", metavar="VERDICT.json")
@click.option("--policy", metavar="POLICY", help="政策，与规则核对 the policy, to compare the rules with")
@click.option("--sheet", "sheets", multiple=True, metavar="SHEET",
              help="事实表，与事实核对 the sheets, to compare the facts with")
@click.option("--set", "settings", multiple=True, type=SETTING, metavar="PARAMETER=VALUE",
              help="评判时给参数定的值 a parameter as it was set")
@lang_option
def recheck(
    verdict: str, policy: str | None, sheets: tuple[str, ...], settings: tuple[str, ...], lang: Language | None
) -> None:
    """只凭证明核对一份结论。 Check a verdict again, from its proof alone.

    核对每一步的算术、比较和连接，不用评判的程序；给出政策和事实表时，规则和事实也与它们核对。退出码：0 成立，1 不成立。
    Checks the arithmetic, comparisons and connectives of every step without the evaluator; with the policy and the
    sheets also the rules and the facts. Exit code: 0 it holds, 1 it does not.

    \b
    pol eval my.pol partner.yaml --format json --proof > verdict.json
    pol recheck verdict.json
    pol recheck verdict.json --policy my.pol --sheet partner.yaml
    """
    from policydsl.proof.results import proved_json
    from policydsl.recheck.document import Unreadable, against, day_of, examine, read_document
    from policydsl.render.focus import focus
    from policydsl.render.rechecked import one_line, rechecked

    if (policy is None) != (not sheets):
        raise click.UsageError("--policy 和 --sheet 要一起给 give --policy and --sheet together")
    if settings and policy is None:
        raise click.UsageError("--set 要和 --policy、--sheet 一起给 give --set only with --policy and --sheet")
    try:
        found = read_document(sys.stdin.buffer.read() if verdict == STDIN else Path(verdict).read_bytes())
    except OSError as error:
        raise unreadable(verdict, error) from error
    except Unreadable as wrong:
        told = (one_line(word("fault", wrong.what, one, **wrong.said)) for one in LANGUAGES)
        raise click.UsageError(f"{verdict}: " + " ".join(told)) from wrong
    report = examine(found, worked)
    left_out = list[str]()
    if policy is not None and (day := day_of(found)) is not None:
        first = found["verdicts"][0] if "verdicts" in found else found
        made = given(policy, sheets, None if first["as_of"].get("from") == "sheet" else day, settings, lang)
        verdicts = made.judge(trace=bool(first.get("trace")), proof=True)
        names = {*first["results"]} if isinstance(first.get("results"), dict) else set[str]()
        left_out = [name for name in verdicts[0].results if name not in names]
        if left_out:
            verdicts = [focus(verdict, names) for verdict in verdicts]
        one = verdicts[0] if "verdicts" not in found and len(verdicts) == 1 else verdicts
        anew = [read_document(proved_json(one, each)) for each in LANGUAGES]  # it does not say in which it was written
        report.faults += sorted((list(against(found, fresh)) for fresh in anew), key=len)[0]
    own = next((dialect for dialect in LANGUAGES if dialect == found["proof"].get("dialect")), LANGUAGES[0])
    emit(rechecked(report, lang or own, alone=policy is None, left_out=left_out))
    raise click.exceptions.Exit(Code.DONE if report.holds else Code.NOT_MET)


def worked(day: date) -> bool:
    """Whether a day is a working day by the published calendars."""
    from policydsl.calendar import CannotCompute, is_working_day
    from policydsl.recheck.exact import NoValue

    try:
        return is_working_day(day)
    except CannotCompute as error:
        raise NoValue from error
