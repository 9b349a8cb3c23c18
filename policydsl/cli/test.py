"""``policydsl test``: the examples of policies and the cases beside them, what they reach, what they should say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policydsl import resources
from policydsl.cli.mutation import mutation_options
from policydsl.cli.shared import lang_option
from policydsl.console import STDIN, Code, colored, complain, emit, policy_file, read_policy, show_problems, unreadable
from policydsl.diagnostics import Language
from policydsl.say import listed, say, word

if TYPE_CHECKING:
    from policydsl.testing import Case
    from policydsl.testing.session import Target, Tested

COVERAGE = ("text", "json")


class _Command(click.Command):
    """``--coverage`` takes a format only if one follows: the word behind it may as well be a PATH."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for i, arg in enumerate(args):
            if arg == "--":
                break
            if arg == "--coverage" and args[i + 1:i + 2] not in ([form] for form in COVERAGE):
                args[i] = "--coverage=text"
        return super().parse_args(ctx, args)


@click.command("test", cls=_Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-k", "words", metavar="EXPR", help="只运行名称合适的 only cases by name: '金牌 and not 续签'")
@click.option("-v", "--verbose", is_flag=True, help="列出每个示例和测试 list every case")
@click.option("--junit", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="JUnit XML")
@click.option("--coverage", type=click.Choice(COVERAGE), metavar="[text|json]",
              help="规则、行、条件各达到哪些状态 the states of every rule, row and condition")
@click.option("--together", is_flag=True,
              help="几个文件是一份政策，有政策头的写在前面 the files are one policy, the one with the header first")
@click.option("--update", is_flag=True, help="把不符的应得改成实得 write what came out into what was expected")
@mutation_options
@lang_option
def run_tests(
    paths: tuple[str, ...], words: str | None, verbose: bool, junit: str | None, coverage: str | None, update: bool,
    together: bool, lang: Language | None, mutate: bool, fail_under: Fraction | None, form: str, **mutation: Any,
) -> None:
    """运行政策的示例和测试。 Run the examples and cases of policies.

    示例写在 .pol 里；更多的示例写在文件夹 NAME.tests 的 .pol 里，测试写在那里的 .yaml 或旁边的 NAME.tests.yaml 里。
    PATH 是政策文件、文件夹、示例或测试文件，或随附政策的名称。
    Examples stand in the .pol; more of them in .pol files of a folder NAME.tests, cases in .yaml files there or in
    NAME.tests.yaml beside it. PATH is a policy, a folder, a file of examples or cases, or the name of a shipped policy.

    \b
    pol test policies/
    pol test my.pol -k 金牌 --junit report.xml
    pol test my.pol --coverage --fail-under 100
    pol test 主文.pol 附件.pol --together
    pol test my.pol --update
    """
    from policydsl.testing.session import Target, targets

    shipped = resources.policies()
    found = [Target(paths[0], further=paths[1:])] if together else [
        target for path in paths for target in ([Target(path)] if path in shipped else targets(path))
    ]
    if not found:
        raise click.UsageError("没有 .pol 文件 no .pol files there")
    if mutate:
        if together and len(paths) > 1:
            raise click.UsageError("--mutate 一次只看一个文件的政策 --mutate takes policies of one file each")
        from policydsl.cli.mutation import run_mutation

        files = list(dict.fromkeys(target.policy for target in found))
        raise click.exceptions.Exit(run_mutation(files, lang=lang, fail_under=fail_under, form=form, **mutation))
    if fail_under is not None and coverage is None:
        raise click.UsageError("--fail-under 要和 --coverage 或 --mutate 一起用 needs --coverage or --mutate")
    tested = [_run(target, words, lang) for target in found]
    if words and not any(t.done or t.error or t.broken for t in tested):
        raise click.UsageError(f"没有合适的测试 no case is meant by: {words}")
    if update:
        tested = [_update(t, lang) for t in tested]
    quiet = coverage == "json" or form == "json"
    for t in tested:
        _show(t, verbose, quiet, lang or t.dialect)
    if form == "json" and coverage is None:
        from policydsl.testing.results_json import results

        emit(results(tested, lang))
    shown = lang or tested[0].dialect
    if not quiet:
        emit(_summary(tested, shown))
    if junit:
        _junit(junit, tested, lang)
    low = _coverage(tested, quiet, fail_under, shown) if coverage is not None else False
    raise click.exceptions.Exit(_code(tested, low))


def _code(tested: list[Tested], low: bool) -> Code:
    if any(t.error for t in tested):
        return Code.BAD_POLICY
    if any(t.broken for t in tested):
        return Code.BAD_SHEET
    return Code.NOT_MET if low or any(t.failed for t in tested) else Code.DONE


def _run(target: Target, words: str | None, lang: Language | None) -> Tested:
    from policydsl.testing.choice import selected
    from policydsl.testing.collect import ENDINGS
    from policydsl.testing.session import run

    for name in (target.policy, *target.further):
        if name.endswith(ENDINGS):
            raise click.UsageError(f"旁边没有它的政策 there is no policy beside it: {name}")

    def choose(cases: list[Case]) -> list[Case]:
        try:
            return selected(cases, words) if words else cases
        except ValueError as error:
            raise click.UsageError(f"看不懂 cannot read -k: {words}（例 e.g. '金牌 and not 续签'）") from error

    try:
        return run(target, read_policy, lambda name: None if name == STDIN else policy_file(name), choose, lang)
    except OSError as error:
        raise unreadable(str(error.filename or target.policy), error) from error


# ---------------------------------------------------------------------------------------------- what is shown
def _show(t: Tested, verbose: bool, quiet: bool, lang: Language) -> None:
    """The problems of the files, the counts, each case that failed with its grounds."""
    from policydsl.render.layout import Paint
    from policydsl.testing.failures import report_lines

    if t.error is not None:
        show_problems([d for d in t.error.diagnostics if d.severity == "error"], t.error.sources, lang)
    for broken in t.broken:
        show_problems(broken.diagnostics, broken.sources, lang)
    if not quiet:
        emit(f"{t.file}: {t.passed}/{len(t.counted)}\n")
        for case, report in t.done:
            if verbose or (not report.passed and not case.unconfirmed):
                emit(f"  {'?' if case.unconfirmed else '✓' if report.passed else '✗'} {case.name}\n")
    if t.policy is not None:
        paint = Paint(colored("stderr"))
        for case, report in t.failed:
            complain("\n".join(report_lines(t.policy, case, report, lang, paint)))


def _summary(tested: list[Tested], lang: Language) -> str:
    done = [case for t in tested for case, _ in t.counted]
    written, waiting = sum(c.source == "pol" for c in done), sum(len(t.done) - len(t.counted) for t in tested)
    passed, more = sum(t.passed for t in tested), len(done) - written
    said = [say("tested.examples", lang, count=written)]
    if more:
        said.append(say("tested.cases", lang, count=more))
    said.append(say("tested.passed", lang, count=passed))
    if waiting:
        said.append(say("tested.waiting", lang, count=waiting))
    return listed(said, lang, "comma") + "\n"


def _junit(file: str, tested: list[Tested], lang: Language | None) -> None:
    from policydsl.testing.junit import junit

    try:
        Path(file).write_text(junit(tested, lang), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"不能写入 cannot write {file}: {error.strerror or error}") from error


def _coverage(tested: list[Tested], as_json: bool, fail_under: Fraction | None, lang: Language) -> bool:
    """Shows what is reached; whether that is too little."""
    from policydsl.render.values import decimal_text, places_of
    from policydsl.testing import coverage_report as report
    from policydsl.testing.coverage import coverage

    found = [coverage(t.policy, [c for c, _ in t.counted], t.file) for t in tested if t.policy is not None]
    emit(report.json(found) if as_json else "\n" + report.text(found, lang))
    low = False
    for level, part in zip(("rule", "row"), report.rules_and_rows(found), strict=True):
        if fail_under is not None and part.part * 100 < fail_under:
            low = True
            complain(say(
                "coverage.below", lang, level=word("level", level, lang), covered=part.covered, total=part.total,
                percent=report.percent(part), limit=f"{decimal_text(fail_under, places_of(fail_under) or 0)}%",
            ))
    return low


# ---------------------------------------------------------------------------------------------- --update
def _update(t: Tested, lang: Language | None) -> Tested:
    """Rewrites the expectations that differ and runs them again; what cannot be rewritten stays a failure."""
    from policydsl.testing.update import changes

    if not t.failed or t.policy is None or t.file == STDIN:
        return t
    try:
        made = changes(t.policy, t.failed, *map(policy_file, (t.target.policy, *t.target.further)))
        for change in made:
            change.write()
            emit(change.diff)
    except OSError as error:
        raise click.UsageError(f"不能写入 cannot write {error.filename}: {error.strerror or error}") from error
    if not made:
        return t
    chosen = {(c.at.file, c.name) for c, _ in t.done}
    again = _run(replace(t.target, only=None), None, lang)
    if again.policy is None:
        return again
    return again.again([c for c, _ in again.done if (c.at.file, c.name) in chosen], lang)
