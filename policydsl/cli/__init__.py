"""The command line: arguments in, renderings out, exit codes kept. It decides nothing about policies itself.

Each verb is a module of this package, named in ``verbs``; a module is imported when its verb is used.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from policydsl.cli.shared import version
from policydsl.cli.verbs import Verbs
from policydsl.console import Code, SeveralSheets, complain, refuse, steers, unsteered, utf8_streams
from policydsl.diagnostics import Language, PolicyError, SheetError

def _version(context: click.Context) -> None:
    click.echo(f"policydsl, version {version()}")
    context.exit()


EPILOG = """\b
退出码 exit codes:
  0  完成 done（结论为否也是结论 a negative verdict is a verdict）
  1  所要求的不成立 what was asked for does not hold
  2  用法不对 wrong usage
  3  政策有错 the policy is invalid
  4  缺事实，不能判定 cannot be decided, facts are missing
  5  事实表有错 the fact sheet is invalid
"""


@click.group(
    cls=Verbs, epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "POLICYDSL"},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, help="Show the version and exit.",
    callback=lambda context, _, asked: _version(context) if asked and not context.resilient_parsing else None,
)
def cli() -> None:
    """政策写成 .pol 文件，事实写成表，这里给出结论和每一步依据。

    Partner policies as .pol files: judge a fact sheet, and see the grounds of every result.

    \b
    pol eval h3c_star_2024 examples/h3c_star_2024.yaml
    pol check my_policy.pol
    """


def main(args: Sequence[str] | None = None, prog_name: str | None = None) -> NoReturn:
    """The console script. Every way out has its code; a fault of the program itself prints one line."""
    # One command makes many small trees and no cycles worth hunting for: rare collections save a quarter of the time.
    gc.set_threshold(200_000, 50, 50)
    utf8_streams()
    sys.exit(run(args, prog_name))


def run(args: Sequence[str] | None = None, prog_name: str | None = None) -> int:
    """Runs a command line and returns its exit code."""
    try:
        for text in sys.argv[1:] if args is None else args:
            if steers(text):
                raise click.UsageError(f"参数里有控制字符 a control character in an argument: {unsteered(text)}")
        return int(cli.main(args=args, prog_name=prog_name, standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        from policydsl.cli.usage import told

        complain(unsteered(told(wrong, sys.argv[1:] if args is None else args)))
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
        f"程序内部错误 internal fault: policydsl {version()}, {type(fault).__name__}{where}: {text} "
        "— 请把这一行和所用的文件报给维护者 please report this line and the files to the maintainers"
    )
