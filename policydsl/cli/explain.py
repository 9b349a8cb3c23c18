"""``policydsl explain``: why a result is what it is, what is missing, what each answer would lead to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl.cli.asked import results
from policydsl.cli.names import POLICY, RESULT, SETTING, TARGET
from policydsl.cli.shared import clause_texts, given, lang_option
from policydsl.console import Code, colored, day_option, emit, unreadable
from policydsl.diagnostics import Language
from policydsl.population.outputs import is_table

if TYPE_CHECKING:
    from policydsl.explain.model import Explanation
    from policydsl.explain.targets import Wish


@click.command("explain")
@click.argument("policy", type=POLICY)
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...")
@click.option("--result", "--only", "only", multiple=True, type=RESULT, metavar="NAME",
              help="只说明这个结论 explain this result")
@click.option("--target", "targets", multiple=True, type=TARGET, metavar="NAME",
              help="离这个等级、结论还差什么 what is missing to get there")
@click.option("--as-of", callback=day_option, metavar="DATE",
              help="评估日 evaluation date")
@click.option("--set", "settings", multiple=True, type=SETTING, metavar="PARAMETER=VALUE",
              help="给参数定值 set a parameter")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), default="text",
              show_default=True)
@click.option("-o", "--output", metavar="FILE", help="写到文件，几家的网页写到文件夹 a file, or a folder")
@click.option("--for", "reader", type=click.Choice(["partner", "manager"]), default="partner", show_default=True,
              help="网页给谁看：伙伴只看得到自己的记录 who reads the page: a partner sees its own records only")
@click.option("--party", metavar="ID", help="表格里的哪一家 which partner of a table")
@click.option("--full", is_flag=True, help="网页全部展开，打印也是 nothing folded on the page, nor in print")
@lang_option
def explain(
    policy: str, sheets: tuple[str, ...], only: tuple[str, ...], targets: tuple[str, ...],
    as_of: date | datetime | None, settings: tuple[str, ...], form: str, output: str | None, reader: str,
    party: str | None, full: bool, lang: Language | None,
) -> None:
    """说明每个结论为什么是这样、还差什么、每个答案会带来什么。 Explain every result.

    \b
    pol explain h3c_star_2024 partner.yaml
    pol explain 2022_inspur partner.yaml --target 金牌IVR
    pol explain my.pol partner.yaml --result 破冰奖 --format html -o 说明.html
    pol explain my.pol all.yaml --format html -o 页/
    pol explain my.pol 伙伴.xlsx --party P016
    """
    from policydsl.explain import explain as made
    from policydsl.explain.targets import UnknownTargetError, wish

    if party is not None or any(map(is_table, sheets)):
        from policydsl.cli.batch import one_party

        found, first = one_party(policy, sheets, party, as_of, settings, lang)
        wanted = [first]
    else:
        found = given(policy, sheets, as_of, settings, lang)
        wanted = list(range(len(found.sheets)))
    program = found.policy.program
    names = [*dict.fromkeys(each for name in only for each in results(name, found.policy))] or None
    wishes: list[Wish] = []
    for text in targets:
        try:
            wishes.append(wish(text, program))
        except UnknownTargetError as error:
            raise click.UsageError(_no_target(error)) from error
    clauses = clause_texts(found.policy)
    made_ = [
        made(program, found.sheets, found.as_of, found.as_of_from, found.settings, party=i, only=names, wishes=wishes,
             clauses=clauses)
        for i in wanted
    ]
    if form in ("html", "markdown") and reader == "partner":
        from policydsl.explain.own import others, own

        made_ = [own(e, program, others(program, found.sheets, i), lang) for i, e in zip(wanted, made_, strict=True)]
    if form == "html" and (len(made_) > 1 or output is not None and _is_folder(output)):
        _pages(made_, output, lang, full, reader == "partner")
        return
    _write(_rendered(made_, form, lang, full, reader == "partner", color=colored() and output is None), output)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _pages(
    explanations: Sequence[Explanation], output: str | None, lang: Language | None, full: bool, partner: bool
) -> None:
    """A page for each party and one that lists them, in a folder."""
    from policydsl.explain.folder import INDEX, TakenError, file_names, writable
    from policydsl.explain.pages import explanation_document
    from policydsl.explain.roster import index_document
    from policydsl.render.page import page

    if output is None or Path(output).is_file():
        raise click.UsageError("几家的网页各是一个文件，用 -o 写到文件夹 a page for each party: give a folder with -o")
    folder, names = Path(output), file_names(e.verdict.party for e in explanations)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable(folder, names)
        for each, name in zip(explanations, names, strict=True):
            text = page(explanation_document([each], lang, full=full, partner=partner))
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        listing = page(index_document(explanations, names, lang))
        (folder / INDEX).write_text(listing, encoding="utf-8", newline="\n")
    except TakenError as error:
        raise click.UsageError(f"已经有别的文件 there is a file of another origin: {error.path}") from error
    except OSError as error:
        raise unreadable(output, error) from error
    raise click.exceptions.Exit(Code.DONE)


def _no_target(error: object) -> str:
    from policydsl.explain.targets import UnknownTargetError

    assert isinstance(error, UnknownTargetError)
    options = "、".join(error.near)
    if error.several:
        return f"请写明目标 say which is meant: {error.text}（{options}）"
    more = f"（是不是 did you mean: {options}？）" if options else ""
    return f"没有这个等级、选项或结论 no such tier, option or result: {error.text}{more}"


def _rendered(
    explanations: Sequence[Explanation], form: str, lang: Language | None, full: bool, partner: bool, *, color: bool
) -> str:
    match form:
        case "json":
            from policydsl.explain.json import explanations_json

            return explanations_json(explanations, lang)
        case "markdown" | "html":
            from policydsl.explain.pages import explanation_document

            document = explanation_document(explanations, lang, full=full, partner=partner)
            if form == "html":
                from policydsl.render.page import page

                return page(document)
            from policydsl.render.markdown import markdown

            return markdown(document)
        case _:
            from policydsl.explain.text import explanation_text

            return ("\n" + "=" * 100 + "\n").join(explanation_text(e, lang, color=color) for e in explanations)


def _write(text: str, output: str | None) -> None:
    if output is None:
        emit(text)
        raise click.exceptions.Exit(Code.DONE)
    try:
        Path(output).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unreadable(output, error) from error
