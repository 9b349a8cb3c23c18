"""Wrong usage of the command line, told in both languages as every message is that comes before a policy is read.

What the argument parser finds it says in English alone; here its faults are told again from what they are about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from policydsl.console import near
from policydsl.say import word

_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")
_GIVEN = re.compile(r"'(.*)' is ")


def told(wrong: click.ClickException, args: Sequence[str]) -> str:
    """The message: how the command is used, where its help is, and what is wrong."""
    if type(wrong).__name__ == "NoArgsIsHelpError":  # older versions of the parser have none
        return wrong.format_message()
    lines = []
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    if context is not None:
        pieces = context.command.collect_usage_pieces(context)
        lines.append(_line("usage", " ".join([context.command_path, *pieces])))
        lines += [_line("help", f"{context.command_path} --help"), ""]
    return "\n".join([*lines, _line("error", _what(wrong, args))]) + "\n"


def _what(wrong: click.ClickException, args: Sequence[str]) -> str:
    extra = _EXTRA.search(wrong.message)
    match wrong:
        case click.NoSuchOption():
            known = wrong.possibilities or []
            return _line("no_option", wrong.option_name) + near(wrong.option_name, known)
        case click.BadOptionUsage():
            flag = any(arg.startswith(f"{wrong.option_name}=") for arg in args)
            return _line("no_value" if flag else "needs_value", wrong.option_name)
        case click.MissingParameter():
            key = "missing_option" if isinstance(wrong.param, click.Option) else "missing_argument"
            return _line(key, _named(wrong.param)) + _choices(wrong.param)
        case click.BadParameter() if wrong.param is not None:
            return f"{_named(wrong.param)}: {_bad(wrong, wrong.param)}"
        case click.UsageError() if extra is not None:
            return _line("extra", extra[1])
        case _:
            return wrong.format_message()


def _bad(wrong: click.BadParameter, param: click.Parameter) -> str:
    """What is wrong with a value: of a choice or a number what may stand there, else what was said of it."""
    given = _GIVEN.match(wrong.message)
    value = given[1] if given else wrong.message
    match param.type:
        case click.Choice():
            return _line("no_choice", value) + _choices(param)
        case click.types.IntRange(min=low, max=high) if given:
            return _line("no_number", value) + (f"（{low}–{high}）" if high is not None else "")
        case click.types.IntRange(min=low, max=high):
            return _line("out_of_range", f"{low}–{high}" if high is not None else f"≥ {low}")
        case click.Path():
            return _line("no_path", wrong.message)
        case _:
            return wrong.message


def _choices(param: click.Parameter | None) -> str:
    if param is None or not isinstance(param.type, click.Choice):
        return ""
    return f"（{_line('choose', ', '.join(map(str, param.type.choices)))}）"


def _named(param: click.Parameter | None) -> str:
    """An option as it is typed, an argument as the help calls it."""
    if param is None:
        return ""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def _line(key: str, about: str) -> str:
    return f"{word('usage', key, 'zh')} {word('usage', key, 'en')}: {about}"


__all__ = ["told"]
