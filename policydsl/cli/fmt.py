"""``policydsl fmt``: policies in canonical form, in either dialect."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl.cli.shared import lang_option
from policydsl.console import STDIN, Code, colored, complain, emit, near, refuse, unreadable
from policydsl.diagnostics import Language, PolicyError
from policydsl.members import dataclass
from policydsl.say import say

if TYPE_CHECKING:
    from policydsl.nodes import Block
    from policydsl.text.names import Names

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file, as it is and as it is to be; ``path`` is None for standard input. ``beside``: files that are to stand
    beside it, and their texts."""

    name: str
    path: Path | None
    data: bytes
    before: str
    after: str
    dialect: Language
    beside: tuple[tuple[Path, str], ...] = ()

    @property
    def changes(self) -> bool:
        return self.after.encode("utf-8") != self.data


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="只说哪些文件会变（退出码 1） only name what would change (exit 1)")
@click.option("--diff", is_flag=True, help="只显示会怎样变 only show what would change")
@click.option("--to", type=click.Choice(["zh", "en"]), help="把关键词译成中文或英文 translate the keywords")
@click.option(
    "--upgrade", is_flag=True,
    help="改用更短的新写法，意思不变；别名和疑义移到旁边 "
    "the shorter forms, with the same meaning; aliases and questions beside",
)
@click.option("-o", "--output", metavar="FILE", help="写到这个文件 write to this file")
@click.option("--stdout", is_flag=True, help="写到标准输出 write to standard output")
@lang_option
def fmt(
    files: tuple[str, ...],
    check: bool,
    diff: bool,
    to: Language | None,
    upgrade: bool,
    output: str | None,
    stdout: bool,
    lang: Language | None,
) -> None:
    """整理政策文件的版式，或译成另一种语言的关键词。 Puts policies in canonical form, or translates their keywords.

    缩进、空格、标点宽度、关键词写法和表格对齐统一；顺序、注释、名称、数字和文字不变。意思不变：写之前重新读一遍比较。
    Indentation, blanks, punctuation, keywords and tables become uniform; order, comments, names, numbers and prose
    stay. So does the meaning: the result is read again and compared before anything is written.

    文件夹代表其中的 .pol 文件，- 是标准输入。带 --to 时不覆盖原文件，写到标准输出或 -o。
    A folder stands for the .pol files in it, - is standard input. With --to nothing is overwritten: the translation
    goes to standard output, or to -o.

    \b
    pol fmt my.pol
    pol fmt policies --check --diff
    pol fmt my.pol --to en -o my.en.pol
    pol fmt my.pol --upgrade
    """
    names = list(_files(files))
    _usage(names, check, diff, to, output, stdout, upgrade)
    done = _all(names, to, lang, upgrade)
    changed = [each for each in done if each.changes]
    if diff:
        for each in changed:
            emit(_diff(each))
    if check:
        for each in changed:
            complain(say("formatted.would_be", lang or each.dialect, file=each.name))
    if check or diff:
        _summary(done, len(changed), lang, would=True)
        raise click.exceptions.Exit(Code.NOT_MET if check and changed else Code.DONE)
    if output is not None:
        _write(Path(output), done[0].after)
    elif stdout or to or names == [STDIN]:
        emit(done[0].after)
    else:
        for each in changed:
            assert each.path is not None
            for path, words in each.beside:
                _write(path, words)
                complain(say("formatted.beside", lang or each.dialect, file=str(path)))
            _write(each.path, each.after)
            complain(say("formatted.done", lang or each.dialect, file=each.name))
        _summary(done, len(changed), lang, would=False)


def _usage(
    names: Sequence[str], check: bool, diff: bool, to: str | None, output: str | None, stdout: bool, upgrade: bool
) -> None:
    if output is not None and stdout:
        raise click.UsageError("-o 和 --stdout 只能用一个 give -o or --stdout, not both")
    if (output is not None or stdout) and (check or diff):
        raise click.UsageError("--check、--diff 不写文件 --check and --diff write no file")
    if upgrade and (output is not None or stdout or to is not None):
        raise click.UsageError("--upgrade 就地改写，不和 -o、--stdout、--to 同用 "
                               "--upgrade rewrites in place: not with -o, --stdout or --to")
    single = output is not None or stdout or (to is not None and not (check or diff)) or STDIN in names
    if single and len(names) != 1:
        raise click.UsageError("-o、--stdout、--to 和标准输入一次只处理一个文件 "
                               "-o, --stdout, --to and standard input take one file at a time")


def _files(arguments: Sequence[str]) -> Iterator[str]:
    """The files of the arguments, each once; a folder stands for the policies in it."""
    seen: set[str] = set()
    for name in arguments:
        path = Path(name)
        found = [name]
        if name != STDIN and path.is_dir():
            found = [str(p) for p in sorted(path.rglob("*.pol")) if not _hidden(p.relative_to(path))]
            if not found:
                raise click.UsageError(f"文件夹里没有 .pol 文件 no .pol file in the folder: {name}")
        elif name != STDIN and not path.exists():
            known = [str(p) for p in sorted(path.parent.glob("*.pol"))] if path.parent.is_dir() else []
            raise click.UsageError(f"找不到政策文件 no such file: {name}" + near(name, known))
        for each in found:
            if each not in seen:
                seen.add(each)
                yield each


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _all(names: Sequence[str], to: Language | None, lang: Language | None, upgrade: bool) -> list[Formatted]:
    """Every file formatted; with a fault in one, all faults are shown and nothing is written."""
    done: list[Formatted] = []
    exits: list[int] = []
    for name in names:
        try:
            done.append(_one(name, to, upgrade))
        except PolicyError as error:
            exits.append(refuse(error, lang).exit_code)
        except _Unchanged as kept:
            complain(str(kept))
            exits.append(Code.INTERNAL)
    if exits:
        if len(names) > 1:
            complain("没有写任何文件 no file was written")
        raise click.exceptions.Exit(max(exits))
    return done


class _Unchanged(Exception):
    """The formatter would have changed the meaning."""


def _one(name: str, to: Language | None, upgrade: bool) -> Formatted:
    from policydsl.format import Unfaithful, formatted
    from policydsl.text.fold import fold, lower
    from policydsl.text.keywords import detect

    path = None if name == STDIN else Path(name)
    shown = "<stdin>" if path is None else name
    try:
        data = sys.stdin.buffer.read() if path is None else path.read_bytes()
    except OSError as error:
        raise unreadable(name, error) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{shown}: 不是 UTF-8 文本 not UTF-8 text (byte {error.start})") from error
    newer, beside = _upgraded(text, shown, path) if upgrade else (text, ())
    known, among = _around(newer, shown, path)
    try:
        after = formatted(newer, shown, to=to, known=known, among=among)
    except Unfaithful as error:
        raise _Unchanged(_told(shown, error.text, to, known)) from error
    return Formatted(shown, path, data, text, after, detect(lower(fold(text))), beside)


def _around(text: str, shown: str, path: Path | None) -> tuple[Sequence[Names], Sequence[Block]]:
    """The names that a text may write besides its own, and the blocks of the policy whose examples it holds."""
    from policydsl.amending import names_beside, read
    from policydsl.beside import Beside
    from policydsl.testing.collect import owner_of

    owner = owner_of(path) if path is not None else None
    if owner is None:
        return names_beside(text, shown, path.parent if path is not None else None), ()
    try:
        whole = owner.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"不能读取 cannot read {owner}: {error}") from error
    policy = read({owner.name: whole}, examples=False, beside=Beside.of(owner))
    return policy.names, [block for document in policy.every() for block in document.file.blocks]


def _upgraded(text: str, shown: str, path: Path | None) -> tuple[str, tuple[tuple[Path, str], ...]]:
    """The text in the newer forms, and the files beside it that then hold what went out of it. Standard input has
    nothing beside it, and stays; so do examples beside a policy, which have no older forms."""
    from policydsl.beside import aliases_of, register_of
    from policydsl.format.aside import aliases_aside
    from policydsl.format.questions import questions_aside, with_questions
    from policydsl.format.upgrade import upgraded
    from policydsl.register import read_whole
    from policydsl.testing.collect import owner_of
    from policydsl.text import parse

    if path is None or owner_of(path) is not None:
        return text, ()
    beside: list[tuple[Path, str]] = []
    register = register_of(path)
    if not aliases_of(path).exists() and not any(p.severity == "error" for p in parse(text, shown, fragment=True)[1]):
        text, names = aliases_aside(text, shown)
        beside += [(aliases_of(path), names)] if names else []
    try:
        text = upgraded(text, shown, register)
        if register.is_file():
            dialect = parse(text, shown, fragment=True)[0].dialect
            known = {q.id: q.ask_in(dialect) for q in read_whole(register).questions}
            text, asked = questions_aside(text, shown, known or None)
            if asked and not known:
                beside.append((register, with_questions(register.read_text(encoding="utf-8-sig"), asked)))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"条款登记不能用 the register cannot be used: {error}") from error
    return text, tuple(beside)


def _told(name: str, after: str, to: Language | None, known: Sequence[Names]) -> str:
    """What the result would read as instead."""
    from policydsl.report import render
    from policydsl.text import parse

    lines = [f"{name}: 整理后的意思会不同，文件没有改动 the result would mean something else, nothing was changed"]
    file, problems = parse(after, name, dialect=to, fragment=True, known=known)
    lines += [render(p, file.sources, file.dialect) for p in problems[:3] if p.severity == "error"]
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    """Replaces the file in one step, with the mode it has; what it points to when it is a link."""
    target = Path(os.path.realpath(path))
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced
            target.write_text(text, encoding="utf-8", newline="\n")
            return
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(draft, mode if mode is not None else 0o666 & ~_umask())
            os.replace(draft, target)
        finally:
            if os.path.exists(draft):  # something went wrong on the way
                os.unlink(draft)
    except OSError as error:
        raise click.UsageError(f"不能写入 cannot write {path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _diff(each: Formatted) -> str:
    from difflib import unified_diff

    before, after = each.before.splitlines(keepends=False), each.after.splitlines(keepends=False)
    lines = list(unified_diff(before, after, each.name, each.name, lineterm=""))
    if not lines:
        return f"{each.name}: 行末或文件头 line ends or byte order mark\n"
    if colored():
        lines = [click.style(line, fg=_COLOURS.get(line[:1]), bold=line[:3] in ("---", "+++")) for line in lines]
    return "".join(line + "\n" for line in lines)


def _summary(done: Sequence[Formatted], changed: int, lang: Language | None, *, would: bool) -> None:
    key = "formatted.summary_would_be" if would else "formatted.summary"
    complain(say(key, lang or done[0].dialect, total=len(done), changed=changed, same=len(done) - changed))
