"""``policydsl test``: the examples of policies."""

from __future__ import annotations

from pathlib import Path

import click

from policydsl.cli.shared import checked_policy, lang_option, show_failures
from policydsl.console import Code, emit, show_problems
from policydsl.diagnostics import Language


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--junit", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="JUnit XML")
@click.option("-v", "--verbose", is_flag=True, help="列出每个示例 list every example")
@lang_option
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
    checked = [checked_policy(name) for name in files]
    for c in checked:
        shown = lang or c.dialect
        if c.invalid:
            show_problems([d for d in c.diagnostics if d.severity == "error"], c.lines, shown)
        emit(f"{c.file}: {len(c.examples) - c.failed}/{len(c.examples)}\n")
        for example in c.examples:
            if verbose or not example.passed:
                emit(f"  {'✓' if example.passed else '✗'} {example.name}\n")
        show_failures(c, shown)
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
