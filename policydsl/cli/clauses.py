"""``policydsl clauses``: every clause of the source document, and what in the policy carries it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl.cli.names import POLICY
from policydsl.cli.shared import lang_option, register_at
from policydsl.console import STDIN, Code, colored, emit, policy_file, read_policy, refuse
from policydsl.diagnostics import Language, SheetError

if TYPE_CHECKING:
    from policydsl.accounting import Accounts, Status
    from policydsl.engine import Policy
    from policydsl.nodes import File

_STATUSES = ("carried", "note", "left", "unaccounted")


@click.command()
@click.argument("policies", nargs=-1, required=True, type=POLICY, metavar="POLICY...")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--only", multiple=True, type=click.Choice(_STATUSES), help="只列这一类 list these alone (repeatable)")
@click.option(
    "--register", type=click.Path(dir_okay=False), metavar="FILE",
    help="条款登记，默认是政策旁的 NAME.clauses.yaml the register, if it is not beside the policy",
)
@click.option("--template", "blank", is_flag=True, help="按已有的引用打印一份登记的开头 print the start of a register")
@lang_option
def clauses(
    policies: tuple[str, ...], form: str, only: tuple[Status, ...], register: str | None, blank: bool,
    lang: Language | None,
) -> None:
    """逐条交代源文件的条款由何处承载。 Account for every clause of the source document.

    规则、注记、不编的理由，以及没有交代的。有没交代的，退出码 1。
    Rules, notes, reasons for leaving out, and what is unaccounted for. Exit 1 if anything is.

    \b
    pol clauses h3c_star_2024
    pol clauses policies/*.pol --only unaccounted
    pol clauses my.pol --template > my.clauses.yaml
    """
    if register is not None and len(policies) > 1:
        raise click.UsageError("--register 只用于一份政策 --register goes with one policy")
    if blank:
        from policydsl.accounting import template

        if len(policies) > 1:
            raise click.UsageError("--template 只用于一份政策 --template goes with one policy")
        emit(template(read_policy(policies[0]), lang))
        return
    found = [_accounts(name, register) for name in policies]
    emit(_rendered(found, form, only, lang))
    raise click.exceptions.Exit(Code.DONE if all(a.complete for a in found) else Code.NOT_MET)


def _rendered(found: list[Accounts], form: str, only: tuple[Status, ...], lang: Language | None) -> str:
    from policydsl import accounting

    match form:
        case "json":
            return accounting.accounts_json(found, only)
        case "markdown":
            from policydsl.render.markdown import markdown

            return markdown(accounting.accounts_document(found, lang, only))
        case _:
            return accounting.accounts_text(found, lang, only, color=colored())


def _by_itself(policy: Policy, written: File) -> Policy:
    """The policy as this document writes it, without what it amends or uses."""
    header, own = policy.program.header, written.policy
    if own is not None:
        said = {m.key: m.text for m in own.meta}
        header = replace(
            header, title=own.title, id=said.get("id", ""), version=said.get("version", ""),
            source=said.get("source", ""), at=own.span,
        )
    return replace(policy, file=written, program=replace(policy.program, header=header))


def _accounts(name: str, register: str | None) -> Accounts:
    from policydsl.accounting import account, is_translation
    from policydsl.beside import register_of
    from policydsl.testing.collect import examples_beside

    policy = read_policy(name)
    if policy.written is not None and not policy.alone:
        policy = _by_itself(policy, policy.written)
    if register is not None:
        path = Path(register)
    elif name == STDIN:
        raise click.UsageError("标准输入旁边没有登记，请用 --register give a --register with standard input")
    else:
        path = register_of(policy_file(name))
    if not path.exists():
        raise click.UsageError(
            f"没有条款登记 no register: {path}\n"
            f"  用 pol clauses {name} --template > {path} 打一份开头，再补上每条的内容和没有引用到的条款。\n"
            f"  Start one with that command, then write what each clause says and add those that nothing cites."
        )
    entries = register_at(path)
    beside = name == STDIN or register is not None or not is_translation(policy_file(name), path)
    try:
        further = [] if name == STDIN else examples_beside(policy, policy_file(name))
    except SheetError as error:
        raise refuse(error, None) from error
    shown = Path(name).name if name != STDIN else "<stdin>"
    return account(policy, entries, shown, translated=not beside, examples=further)
