"""The command line: arguments in, renderings out, exit codes kept. It decides nothing about policies itself."""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from policydsl import resources
from policydsl.console import (
    Code, SeveralSheets, colored, complain, day_option, emit, near, read_policy, read_sheets, refuse, show_problems,
    utf8_streams,
)
from policydsl.diagnostics import Language, PolicyError, SheetError

if TYPE_CHECKING:
    from policydsl.core import Program
    from policydsl.engine import AsOfFrom
    from policydsl.facts import Sheet
    from policydsl.kinds import Exact
    from policydsl.render.problems import Checked
    from policydsl.verdict import ResultValue, Verdict

Command = Callable[..., Any]

EPILOG = """\b
退出码 exit codes:
  0  完成 done（结论为否也是结论 a negative verdict is a verdict）
  1  所要求的不成立 what was asked for does not hold
  2  用法不对 wrong usage
  3  政策有错 the policy is invalid
  4  缺事实，不能判定 cannot be decided, facts are missing
  5  事实表有错 the fact sheet is invalid
"""


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("policydsl")
    except PackageNotFoundError:
        return "0 (checkout)"


def _lang(command: Command) -> Command:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), help="输出语言，默认随政策 language of the output"
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "POLICYDSL"}, epilog=EPILOG)
@click.version_option(version=_version(), prog_name="policydsl")
def cli() -> None:
    """政策写成 .pol 文件，事实写成表，这里给出结论和每一步依据。

    Partner policies as .pol files: judge a fact sheet, and see the grounds of every result.

    \b
    pol eval h3c_star_2024 examples/h3c_star_2024.yaml
    pol check my_policy.pol
    """


# ---------------------------------------------------------------------------------------------- eval
@cli.command("eval")
@click.argument("policy")
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...")
@click.option("--as-of", callback=day_option, metavar="DATE", help="评估日，默认取事实表的，再默认今天 evaluation date")
@click.option("--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="给参数定值 set a parameter")
@click.option("--only", multiple=True, metavar="NAME", help="只看这个结论 show this result alone (repeatable)")
@click.option("--require", multiple=True, metavar="NAME", help="要求它成立：否则退出码 1，未定 4 fail unless it holds")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--brief", is_flag=True, help="只列结论，不列依据 leave the grounds out (text)")
@_lang
def evaluate(
    policy: str, sheets: tuple[str, ...], as_of: date | datetime | None, settings: tuple[str, ...],
    only: tuple[str, ...], require: tuple[str, ...], form: str, brief: bool, lang: Language | None,
) -> None:
    """按政策评判事实表。 Judge fact sheets by a policy.

    几份事实表（或一份里的几方）作为一个整体评判：名额、排名、共用台账都在其中计算。`-` 是标准输入。
    Several sheets, or one file with a list, are judged as one population. `-` is standard input.

    \b
    pol eval h3c_star_2024 partner.yaml --as-of 2024-06-30
    pol eval my.pol a.yaml b.yaml --set 破冰名额=30家 --format json
    pol eval my.pol a.yaml --require 可申请三星
    """
    from policydsl.sheet import check_ranges

    if policy == "-" and "-" in sheets or sheets.count("-") > 1:
        raise click.UsageError("标准输入只能用一次 standard input can be read only once")
    loaded = read_policy(policy, examples=False)
    program = loaded.program
    values = _settings(settings, program, lang)
    given = read_sheets(sheets, program, as_of, values, lang)
    for sheet in given:
        for notice in sheet.notices:
            complain(notice)
    day, origin = _as_of(as_of, given)
    wrong = check_ranges(program, given, day, values)
    if wrong:
        raise SheetError(wrong, (), program.header.dialect)
    verdicts = loaded.judge(given, as_of=day, as_of_from=origin, settings=values)
    code = Code.DONE
    if only:
        names = [_named(name, verdicts).name for name in only]
        if any(v.results[name].total.status == "unknown" for v in verdicts for name in names):
            code = Code.UNDECIDED
    required = [(_named(name, [verdict]), verdict) for name in require for verdict in verdicts]
    if required:
        code = _required(required, lang or program.header.dialect)
    emit(_rendered(verdicts, only, form, brief, lang))
    raise click.exceptions.Exit(code)


def _rendered(
    verdicts: Sequence[Verdict], only: Sequence[str], form: str, brief: bool, lang: Language | None
) -> str:
    from policydsl.render.focus import focus

    if only:
        names = [_named(name, verdicts).name for name in only]
        verdicts = [focus(verdict, names) for verdict in verdicts]
    if form == "json":
        from policydsl.render.json import verdict_json, verdicts_json

        return verdict_json(verdicts[0], lang) if len(verdicts) == 1 else verdicts_json(verdicts, lang)
    from policydsl.render.text import verdicts_text

    return verdicts_text(verdicts, lang, color=colored(), brief=brief)


def _as_of(option: date | datetime | None, sheets: Sequence[Sheet]) -> tuple[date, AsOfFrom]:
    """The evaluation date and where it comes from."""
    if option is not None:
        return option, "option"
    stated = {sheet.as_of for sheet in sheets}
    if len(stated) > 1:
        raise click.UsageError("事实表的评估日不一致，请用 --as-of 指定 the sheets state different dates, give --as-of")
    day = next(iter(stated), None)
    return (day, "sheet") if day is not None else (date.today(), "today")


def _settings(settings: Sequence[str], program: Program, lang: Language | None) -> dict[str, Exact]:
    """The parameters of --set; a wrong one is wrong usage, not a wrong sheet."""
    from policydsl.sheet import read_settings

    if not settings:
        return {}
    try:
        return read_settings(settings, program)
    except SheetError as error:
        show_problems(error.diagnostics, error.lines, lang or error.dialect)
        raise click.exceptions.Exit(Code.USAGE) from error


def _named(name: str, verdicts: Sequence[Verdict]) -> ResultValue:
    from policydsl.render.focus import find_result

    for verdict in verdicts:
        found = find_result(verdict, name)
        if found is not None:
            return found
    known = [n for v in verdicts[:1] for r in v.results.values() for n in (r.name, r.alias) if n]
    raise click.UsageError(f"没有这个结论 no such result: {name}" + near(name, known))


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
        if lang == "zh":
            complain(f"{party}{result.name} {'不成立' if answer is False else '未定，不能判定'}")
        else:
            complain(f"{party}{result.name} {'does not hold' if answer is False else 'cannot be decided yet'}")
    return code


# ---------------------------------------------------------------------------------------------- check, test
@cli.command()
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="有提醒也算不通过 warnings count as errors")
@_lang
def check(policies: tuple[str, ...], form: str, strict: bool, lang: Language | None) -> None:
    """检查政策文件，并运行其中的示例。 Check policies and run their examples.

    每个问题都指出行和列，说明这里可以写什么。退出码 3：政策有错；1：示例不符。
    Every problem names its line and column, and what may stand there. Exit 3: invalid; 1: an example fails.

    \b
    pol check my.pol
    pol check policies/*.pol --strict --format sarif > check.sarif
    """
    from policydsl.render import problems

    checked = [_checked(name) for name in policies]
    match form:
        case "json":
            emit(problems.check_json(checked, lang))
        case "sarif":
            emit(problems.check_sarif(checked, lang, _version()))
        case _:
            for c in checked:
                _show_checked(c, lang or c.dialect)
    invalid = any(c.invalid or (strict and any(d.severity == "warning" for d in c.diagnostics)) for c in checked)
    failed = any(c.failed for c in checked)
    raise click.exceptions.Exit(Code.BAD_POLICY if invalid else Code.NOT_MET if failed else Code.DONE)


def _checked(name: str) -> Checked:
    from policydsl.examples import run_examples
    from policydsl.render.problems import Checked

    try:
        policy = read_policy(name)
    except PolicyError as error:
        return Checked(name, error.diagnostics, error.lines, error.dialect)
    program = policy.program
    reports = tuple(run_examples(policy))
    return Checked(name, tuple(policy.diagnostics), program.lines, program.header.dialect, reports)


def _show_checked(c: Checked, lang: Language) -> None:
    show_problems(c.diagnostics, c.lines, lang)
    _show_failures(c, lang)
    errors = sum(1 for d in c.diagnostics if d.severity == "error")
    warnings = sum(1 for d in c.diagnostics if d.severity == "warning")
    passed, total = len(c.examples) - c.failed, len(c.examples)
    if lang == "zh":
        said = f"有错，{errors} 处" if c.invalid else f"有效，示例 {passed}/{total} 通过"
        emit(f"{c.file}：{said}" + (f"，{warnings} 处提醒" if warnings else "") + "\n")
    else:
        said = f"invalid, {errors} error(s)" if c.invalid else f"valid, {passed}/{total} examples pass"
        emit(f"{c.file}: {said}" + (f", {warnings} warning(s)" if warnings else "") + "\n")


def _show_failures(c: Checked, lang: Language) -> None:
    for example in c.examples:
        for f in example.failures:
            place = f"{f.at.file or c.file}:{f.at.line}"
            if lang == "zh":
                complain(f"{place} 示例“{example.name}” {f.name}：应得 {f.expected}，实得 {f.actual}")
            else:
                complain(f"{place} example '{example.name}' {f.name}: expected {f.expected}, got {f.actual}")


@cli.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--junit", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="JUnit XML")
@click.option("-v", "--verbose", is_flag=True, help="列出每个示例 list every example")
@_lang
def run_tests(paths: tuple[str, ...], junit: str | None, verbose: bool, lang: Language | None) -> None:
    """运行 .pol 文件里的示例。 Run the examples in .pol files.

    PATH 是文件、文件夹或随附政策的名称。 PATH is a file, a folder, or the name of a shipped policy.

    \b
    pol test policies/
    pol test my.pol --junit report.xml
    """
    files = [name for path in paths for name in _pol_files(path)]
    if not files:
        raise click.UsageError("没有 .pol 文件 no .pol files there")
    checked = [_checked(name) for name in files]
    for c in checked:
        shown = lang or c.dialect
        if c.invalid:
            show_problems([d for d in c.diagnostics if d.severity == "error"], c.lines, shown)
        emit(f"{c.file}: {len(c.examples) - c.failed}/{len(c.examples)}\n")
        for example in c.examples:
            if verbose or not example.passed:
                emit(f"  {'✓' if example.passed else '✗'} {example.name}\n")
        _show_failures(c, shown)
    passed, total = sum(len(c.examples) - c.failed for c in checked), sum(len(c.examples) for c in checked)
    shown = lang or checked[0].dialect
    emit(f"示例 {total} 个，通过 {passed} 个\n" if shown == "zh" else f"{total} examples, {passed} passed\n")
    if junit:
        from policydsl.render.problems import junit as xml

        Path(junit).write_text(xml(checked), encoding="utf-8")
    invalid = any(c.invalid for c in checked)
    raise click.exceptions.Exit(Code.BAD_POLICY if invalid else Code.NOT_MET if passed < total else Code.DONE)


def _pol_files(path: str) -> list[str]:
    folder = Path(path)
    return [str(p) for p in sorted(folder.rglob("*.pol"))] if folder.is_dir() else [path]


# ---------------------------------------------------------------------------------------------- schema, facts
@cli.command()
@click.argument("policy")
def schema(policy: str) -> None:
    """事实表的 JSON Schema。 The JSON Schema of the fact sheet.

    \b
    pol schema h3c_star_2024 > facts.schema.json
    """
    from policydsl.sheet import schema as make

    emit(json.dumps(make(read_policy(policy, examples=False).program), ensure_ascii=False, indent=2) + "\n")


@cli.command()
@click.argument("policy")
def facts(policy: str) -> None:
    """空白事实表，带说明，填好即可评判。 An empty fact sheet to fill in, commented.

    \b
    pol facts h3c_star_2024 > partner.yaml
    """
    from policydsl.sheet import template

    text = template(read_policy(policy, examples=False).program)
    emit(text if text.endswith("\n") else text + "\n")


# ---------------------------------------------------------------------------------------------- conveniences
@cli.command("policies")
def shipped() -> None:
    """随附的政策。 The policies that ship with this program.

    \b
    pol policies
    """
    for name, path in resources.policies().items():
        emit(f"{name}\t{_title(path)}\n")


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        for text in file:
            found = re.match(r"\s*(?:政策|policy)\s+(.+)", text, re.IGNORECASE)
            if found:
                return found[1].strip()
    return ""


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.option("--name", "prog", type=click.Choice(["pol", "policydsl"]), default="pol", show_default=True)
def completion(shell: str, prog: str) -> None:
    """命令补全脚本。 The completion script of a shell.

    \b
    pol completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    emit(found(cli, {}, prog, f"_{prog.upper()}_COMPLETE").source() + "\n")


# ---------------------------------------------------------------------------------------------- entry
def main(args: Sequence[str] | None = None, prog_name: str | None = None) -> NoReturn:
    """The console script. Every way out has its code; a fault of the program itself prints one line."""
    # One command makes many small trees and no cycles worth hunting for: rare collections save a quarter of the time.
    gc.set_threshold(200_000, 50, 50)
    utf8_streams()
    sys.exit(run(args, prog_name))


def run(args: Sequence[str] | None = None, prog_name: str | None = None) -> int:
    """Runs a command line and returns its exit code."""
    try:
        return int(cli.main(args=args, prog_name=prog_name, standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return Code.USAGE
    except (click.Abort, KeyboardInterrupt):
        return Code.INTERRUPTED
    except (PolicyError, SheetError) as refused:
        return refuse(refused, _asked_language(args)).exit_code
    except SeveralSheets as several:
        for error in several.errors:
            refuse(error, _asked_language(args))
        return Code.BAD_SHEET
    except Exception as fault:  # noqa: BLE001 (the one boundary: a fault inside is one line to the user, no traceback)
        complain(_fault(fault))
        return Code.INTERNAL


def _asked_language(args: Sequence[str] | None) -> Language | None:
    words = list(sys.argv[1:] if args is None else args)
    for index, text in enumerate(words):
        value = text.partition("=")[2] if text.startswith("--lang=") else words[index + 1:index + 2] == ["en"] and "en"
        if text.startswith("--lang") and value in ("zh", "en"):
            return "en" if value == "en" else "zh"
    return None


def _fault(fault: Exception) -> str:
    """One line that says where, so that it can be reported."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place is not None else ""
    text = " ".join(str(fault).split())[:200]
    return (
        f"程序内部错误 internal fault: policydsl {_version()}, {type(fault).__name__}{where}: {text} "
        "— 请把这一行和所用的文件报给维护者 please report this line and the files to the maintainers"
    )
