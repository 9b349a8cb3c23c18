"""What every command of the command line shares: exit codes, streams, reading policies and sheets, problems."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl import resources
from policydsl.diagnostics import Diagnostic, Language, PolicyError, SheetError
from policydsl.sources import Sources
from policydsl.text.fold import CONTROL, CONTROLS, fold
from policydsl.text.near import alike

if TYPE_CHECKING:
    from policydsl.core import Program
    from policydsl.engine import Policy
    from policydsl.facts import Sheet
    from policydsl.kinds import Exact

STDIN = "-"
_COLOURS = frozenset(f"\x1b[{code}m" for code in (0, 1, 2, 4, *range(30, 38)))  # what click.style makes
_UNSEEN = re.compile(rf"\x1b\[\d{{1,2}}m|[{CONTROLS}]")


class Code(IntEnum):
    """The exit codes others rely on."""

    DONE = 0
    NOT_MET = 1
    USAGE = 2
    BAD_POLICY = 3
    UNDECIDED = 4
    BAD_SHEET = 5
    INTERNAL = 70
    INTERRUPTED = 130


def utf8_streams() -> None:
    """UTF-8 in and out, whatever the platform says, and the same line breaks everywhere."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def colored(stream: str = "stdout") -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return getattr(sys, stream).isatty() is True


def emit(text: str) -> None:
    """A result, to standard output; a reader that has gone away is no fault of ours."""
    _write(text, err=False)


def complain(text: str) -> None:
    """A diagnostic, to standard error."""
    _write(text if text.endswith("\n") else text + "\n", err=True)


def steers(text: str) -> bool:
    """Whether there is a control character; the lone halves that stand for odd bytes of a file's name are none."""
    return any(not "\ud800" <= m[0] <= "\udfff" for m in CONTROL.finditer(text))


def unsteered(text: str, kept: Container[str] = ()) -> str:
    """The text with a mark for every control character, so that nothing from outside (a file's name, an argument)
    steers the terminal. ``kept``: the sequences that stay."""
    return _UNSEEN.sub(lambda m: m[0] if m[0] in kept else f"<U+{ord(m[0][0]):04X}>{m[0][1:]}", text)


def _write(text: str, *, err: bool) -> None:
    try:
        click.echo(unsteered(text, _COLOURS), nl=False, err=err, color=colored("stderr" if err else "stdout"))
        (sys.stderr if err else sys.stdout).flush()
    except BrokenPipeError:
        _silence(err)


def _silence(err: bool) -> None:
    """Sends what is still to be written nowhere, so that the interpreter's last flush does not fail either."""
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (it lives as long as the process)
    if err:
        sys.stderr = nowhere
    else:
        sys.stdout = nowhere


# ---------------------------------------------------------------------------------------------- problems
def show_problems(diagnostics: Sequence[Diagnostic], sources: Sources, lang: Language) -> None:
    """Diagnostics, to standard error."""
    from policydsl import report

    if diagnostics:
        complain(report.render_all(diagnostics, sources, lang))


def refuse(error: PolicyError | SheetError, lang: Language | None) -> click.exceptions.Exit:
    """Shows the problems of a policy or a sheet; the exit that goes with them."""
    show_problems(error.diagnostics, error.sources, lang or error.dialect)
    return click.exceptions.Exit(Code.BAD_POLICY if isinstance(error, PolicyError) else Code.BAD_SHEET)


# ---------------------------------------------------------------------------------------------- reading
def policy_file(name: str) -> Path:
    """The file of a policy. Raises UsageError with what was perhaps meant."""
    path, bare = Path(name), name.replace("\\", "/").count("/") == 0
    meant = resources.policy_meant(name)
    if meant is not None:
        return meant
    known = list(resources.policies())
    if not bare:
        folder = path.parent
        known = [str(p) for p in sorted(folder.glob("*.pol"))] if folder.is_dir() else []
    raise click.UsageError(f"找不到政策文件 no such policy: {name}" + near(name, known))


def near(name: str, known: Sequence[str]) -> str:
    """ "Did you mean", or nothing."""
    close = alike(name, known)
    return f"（是不是 did you mean: {', '.join(close)}？）" if close else ""


def policy_files(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The arguments that are files of policies, and the others."""
    found = [name for name in names if name.lower().endswith(".pol")]
    return found, [name for name in names if name not in found]


def read_policy(name: str, *further: str, examples: bool = True) -> Policy:
    """The policy of an argument, or of several files that are one policy (the first has the header); raises PolicyError
    when it is not valid. ``examples`` False leaves those unread."""
    if name == STDIN:
        if further:
            raise click.UsageError("标准输入是整份政策 standard input is a whole policy")
        from policydsl.engine import load_text

        return load_text(_text(sys.stdin.buffer.read(), name), "<stdin>", examples=examples)
    if further:
        return _of_files([name, *further], examples)
    path, shipped = policy_file(name), resources.find_policy(name)
    if shipped is not None and Path(name).exists() and not shipped.samefile(name):
        complain(
            f"说明：用的是随包的政策 note: the policy of the package is used（这里的 the one here: .{os.sep}{name}）"
            if path == shipped else
            f"说明：用的是这里的文件，不是随包的政策 note: the file here is used, not the policy of the package: {name}"
        )
    from policydsl.remembered import remembered

    label = path.name if path == shipped else str(path)  # a shipped policy goes by its name everywhere
    try:
        return remembered(path, label, examples, lambda: _read_anew(path, label, examples))
    except OSError as error:
        raise unreadable(name, error) from error


def _read_anew(path: Path, label: str, examples: bool) -> Policy:
    from policydsl.beside import Beside
    from policydsl.engine import load_text, read_text

    return load_text(read_text(path), label, examples=examples, beside=Beside.of(path))


def _of_files(names: Sequence[str], examples: bool) -> Policy:
    from policydsl.engine import load_policy

    paths = [policy_file(name) for name in names]
    twice = next((name for name, path in zip(names, paths, strict=True) if paths.count(path) > 1), None)
    if twice is not None:
        raise click.UsageError(f"同一个文件给了两次 a file is given twice: {twice}")
    try:
        return load_policy(*paths, examples=examples)
    except OSError as error:
        raise unreadable(str(error.filename), error) from error


def read_sheets(
    names: Sequence[str], program: Program, as_of: date | None, settings: Mapping[str, Exact], lang: Language | None
) -> list[Sheet]:
    """The sheets of the arguments in order, one population; the problems of all files are raised together."""
    from policydsl import sheet

    groups: list[list[Sheet]] = []
    errors: list[SheetError] = []
    for name in names:
        try:
            data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        except OSError as error:
            raise unreadable(name, error) from error
        file = "<stdin>" if name == STDIN else name
        try:
            groups.append(sheet.read_sheets(data, file, program, as_of=as_of, settings=settings, language=lang))
        except SheetError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralSheets(errors)
    return groups[0] if len(groups) == 1 else sheet.join_sheets(groups, program)


class SeveralSheets(Exception):
    """More than one sheet file is refused."""

    def __init__(self, errors: Sequence[SheetError]) -> None:
        super().__init__(f"{len(errors)} sheets")
        self.errors = tuple(errors)


def unreadable(name: str, error: OSError) -> click.UsageError:
    """A file that cannot be read is a wrong argument."""
    return click.UsageError(f"不能读取 cannot read {name}: {error.strerror or error}")


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{name}: 不是 UTF-8 文本 not UTF-8 text (byte {error.start})") from error


def day_option(ctx: click.Context, param: click.Parameter, value: str | None) -> date | datetime | None:
    """A day: 2024-06-30, 2024/6/30, 2024年6月30日; with a time, 2024-06-30 09:00."""
    if value is None:
        return None
    from policydsl.sheet.refused import Refused
    from policydsl.sheet.values import read_moment

    with suppress(Refused):
        found = read_moment(fold(value).strip())
        if found is not None:
            return found
    raise click.BadParameter(f"看不懂日期 not a date: {value}（例 e.g. 2024-06-30）", ctx, param)
