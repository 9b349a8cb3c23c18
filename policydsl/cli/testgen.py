"""``policydsl testgen``: test cases at both sides of every limit, to be confirmed by a person."""

from __future__ import annotations

from pathlib import Path

import click

from policydsl.cli.names import POLICY, RESULT
from policydsl.cli.shared import lang_option
from policydsl.console import Code, complain, emit, policy_file, read_policy
from policydsl.diagnostics import Language
from policydsl.say import bracketed, listed, say


@click.command("testgen")
@click.argument("policy", type=POLICY, metavar="POLICY")
@click.argument("further", nargs=-1, type=POLICY, metavar="[FURTHER.pol...]")
@click.option("--rule", "rules", multiple=True, type=RESULT, metavar="NAME",
              help="只为这条规则生成（可重复）for this rule alone")
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="写入文件 write to a file")
@click.option("--force", is_flag=True, help="覆盖已有的文件 overwrite the file")
@click.option("--format", "form", type=click.Choice(["yaml", "pol"]), default="yaml", show_default=True)
@lang_option
def testgen(
    policy: str, further: tuple[str, ...], rules: tuple[str, ...], output: str | None, force: bool, form: str,
    lang: Language | None,
) -> None:
    """在每个界限的两边生成示例，标“待确认”。 Generate cases at both sides of every limit, marked to be confirmed.

    界限：门槛、分档、期限、条数、次数。已有示例的取值不再生成。人核对后删去“待确认”，示例才算数。
    Limits: thresholds, bands, last days, counts, ordinals. Values that a test has already are left out. A case counts
    once a person has checked it and removed the mark.

    \b
    pol testgen my.pol -o my.tests/limits.yaml
    pol testgen my.pol --rule 金牌 --format pol
    pol testgen 主文.pol 附件.pol
    """
    from policydsl.cli.mutation import known_rule
    from policydsl.testgen import generate, written
    from policydsl.testing.collect import collect

    if output is not None and Path(output).exists() and not force:
        raise click.UsageError(f"文件已存在，加 --force 才覆盖 the file exists, --force overwrites it: {output}")
    loaded = read_policy(policy, *further)
    for rule in rules:
        known_rule(loaded, rule)
    dialect = loaded.program.header.dialect
    cases = collect(loaded, *map(policy_file, (policy, *further) if policy != "-" else ()))
    cases = [case for case in cases if case.version is None]
    found = generate(loaded, cases, rules)
    text = written(loaded, found.made, form)
    body = text.text
    if form == "yaml":
        body = f"# {say('generated.head', dialect)}\n{body or '[]' + chr(10)}"
    if output is None:
        emit(body)
    else:
        try:
            Path(output).parent.mkdir(parents=True, exist_ok=True)
            Path(output).write_text(body, encoding="utf-8", newline="\n")
        except OSError as error:
            raise click.UsageError(f"不能写入 cannot write {output}: {error.strerror or error}") from error
    shown = lang or dialect
    said = [say("generated.summary", shown, made=text.count, covered=found.covered)]
    if found.unfound:
        said.append(say("generated.unfound", shown, limits=len(found.unfound)))
    complain(listed(said, shown, "semicolon"))
    for limit in found.unfound:
        place = loaded.program.sources.line(limit.at).strip()
        subject = limit.name or limit.list
        complain(f"  {limit.at.line}: {bracketed(limit.rule, subject, shown)} {place}")
    if text.lost:
        complain(say("generated.lost", shown, lost=text.lost))
    raise click.exceptions.Exit(Code.DONE)
