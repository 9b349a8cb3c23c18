"""``policydsl ask``: an interview for the facts that are still missing, saved as a fact sheet."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl.cli.shared import clause_texts, lang_option, parameters
from policydsl.console import Code, colored, complain, day_option, emit, near, read_policy, unreadable
from policydsl.diagnostics import Language
from policydsl.say import listed, say

if TYPE_CHECKING:
    from policydsl.engine import Policy
    from policydsl.explain.interview import Asked, Interview, RefusedAnswerError
    from policydsl.kinds import Exact

WHY = frozenset({"?", "？", "为什么", "why"})
SKIP = frozenset({"", "跳过", "skip"})
BACK = frozenset({"撤回", "back", "undo"})
STOP = frozenset({"退出", "quit", "exit"})


@click.command("ask")
@click.argument("policy")
@click.argument("facts", required=False, metavar="[FACTS]")
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE",
              help="存到这里，默认存回 FACTS save to this file, by default to FACTS")
@click.option("--result", "--only", "only", multiple=True, metavar="NAME",
              help="只为这个结论提问 ask for this result alone")
@click.option("--as-of", callback=day_option, metavar="DATE", help="评估日 evaluation date")
@click.option("--set", "settings", multiple=True, metavar="PARAMETER=VALUE", help="给参数定值 set a parameter")
@lang_option
def ask(
    policy: str, facts: str | None, output: str | None, only: tuple[str, ...], as_of: date | datetime | None,
    settings: tuple[str, ...], lang: Language | None,
) -> None:
    """只问还缺的、还会改变结论的事实，并存成事实表。 Asks for the missing facts that can still change the verdict.

    \b
    ?  为什么 why        看为什么问 why it is asked
    跳过 skip（或回车）   不知道，留空 leave it open
    撤回 back            回到上一问 the question before
    退出 quit            存下来，结束 save and stop

    \b
    pol ask h3c_star_2024 我的事实表.yaml
    pol ask 2022_inspur -o 新表.yaml --result IVR等级
    """
    if "-" in (policy, facts):
        raise click.UsageError("标准输入用来回答问题 standard input is for the answers")
    loaded = read_policy(policy, examples=False)
    _Session(loaded, facts, output, lang, clause_texts(policy)).run(only, as_of, settings)


@dataclass(slots=True)
class _Session:
    policy: Policy
    facts: str | None
    output: str | None
    asked_lang: Language | None
    clauses: Mapping[str, str]
    past: list[Interview] = field(default_factory=list)

    @property
    def lang(self) -> Language:
        return self.asked_lang or self.policy.program.header.dialect

    @property
    def target(self) -> Path | None:
        name = self.output or self.facts
        return Path(name) if name else None

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    # ------------------------------------------------------------------------------------------ the talk
    def run(self, only: Sequence[str], as_of: date | None, settings: Sequence[str]) -> None:
        program = self.policy.program
        names = self.results(only)
        values = parameters(settings, program, self.asked_lang)
        interview = self.begun(names, as_of, values)
        reconfigure = getattr(sys.stdin, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
        code = Code.DONE
        try:
            interview, ended = self.talk(interview)
        except KeyboardInterrupt:
            interview, ended, code = self.past[-1] if self.past else interview, False, Code.INTERRUPTED
            complain("")
        self.save(interview)
        self.close(interview, ended)
        if code == Code.DONE and names and not interview.verdict().determined:
            code = Code.UNDECIDED
        raise click.exceptions.Exit(code)

    def results(self, only: Sequence[str]) -> tuple[str, ...] | None:
        from policydsl.explain.targets import named

        program = self.policy.program
        out = []
        for name in only:
            result = named(name, program)
            if result is None:
                known = [n for r in program.results for n in (r.name, r.alias) if n]
                raise click.UsageError(f"没有这个结论 no such result: {name}" + near(name, known))
            out.append(result.name)
        return tuple(out) or None

    def begun(
        self, names: tuple[str, ...] | None, as_of: date | None, values: Mapping[str, Exact]
    ) -> Interview:
        from policydsl.explain.interview import Interview
        from policydsl.explain.sheet_text import NotEditableError

        file = self.facts or (self.output or self.say("interview.new_sheet"))
        text = ""
        if self.facts and Path(self.facts).exists():
            try:
                text = Path(self.facts).read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise click.UsageError(f"{self.facts}: 不是 UTF-8 文本 not UTF-8 text (byte {error.start})") from error
            except OSError as error:
                raise unreadable(self.facts, error) from error
        try:
            return Interview(self.policy.program, file, text, as_of, values, names, self.asked_lang)
        except NotEditableError as error:
            raise click.UsageError(self.say("interview.several", file=file)) from error

    def talk(self, interview: Interview) -> tuple[Interview, bool]:
        """Questions and answers until nothing is left to ask (True), or the answers end or are broken off."""
        number = 0
        self.past = [interview]
        while True:
            asked = interview.asked()
            if asked is None:
                return interview, True
            number += 1
            self.prompt(asked, number)
            while True:
                line = self.line()
                if line is None or line.casefold() in STOP:
                    return interview, False
                word = line.casefold()
                if word in WHY:
                    self.why(interview, asked)
                elif word in BACK:
                    if len(self.past) > 1:
                        self.past.pop()
                        interview = self.past[-1]
                        break
                    complain(self.say("interview.first"))
                elif word in SKIP:
                    interview = interview.passed(asked)
                    self.past.append(interview)
                    break
                else:
                    following = self.answer(interview, asked, line)
                    if following is not None:
                        interview = following
                        self.past.append(interview)
                        self.save(interview, quiet=True)
                        break
                self.mark()

    def line(self) -> str | None:
        """The next answer; None at the end of the input."""
        text = sys.stdin.readline()
        return None if not text else text.strip().lstrip("\ufeff")

    def answer(self, interview: Interview, asked: Asked, line: str) -> Interview | None:
        from policydsl.explain.interview import RefusedAnswerError

        try:
            return interview.answered(asked, self.option(asked, line))
        except RefusedAnswerError as refused:
            self.refuse(asked, refused)
            return None

    @staticmethod
    def option(asked: Asked, line: str) -> str:
        """The option of that number, where options are numbered."""
        options = asked.decl.kind.options if asked.decl is not None else ()
        if line.isdecimal() and line not in options and 0 < int(line) <= len(options) and asked.decl is not None and (
            asked.decl.kind.base == "choice"
        ):
            return options[int(line) - 1]
        return line

    def refuse(self, asked: Asked, refused: RefusedAnswerError) -> None:
        from policydsl.report import advice, headline

        if not refused.problems:
            complain("  " + (
                self.say("interview.how_many")
                if asked.decl is None else
                self.say("interview.not_editable")
            ))
        for problem in refused.problems:
            complain("  " + headline(problem, self.lang))
            for text in advice(problem, self.lang):
                complain("    " + text)

    # ------------------------------------------------------------------------------------------ what is shown
    def prompt(self, asked: Asked, number: int) -> None:
        from policydsl.explain.asking import prompt_lines

        complain("")
        for text in prompt_lines(self.policy.program, asked, number, self.lang, color=colored("stderr")):
            complain(text)
        self.mark()

    def mark(self) -> None:
        click.echo("> ", nl=False, err=True)

    def why(self, interview: Interview, asked: Asked) -> None:
        from policydsl.explain.asking import why_lines

        for text in why_lines(interview, asked, self.clauses, self.lang, color=colored("stderr")):
            complain(text)

    def close(self, interview: Interview, ended: bool) -> None:
        """The sheet, where it has no file of its own, and the verdict in brief."""
        from policydsl.render.focus import focus
        from policydsl.render.text import verdict_text

        verdict = interview.verdict()
        if interview.only:
            verdict = focus(verdict, interview.only)
        complain("")
        if ended:
            if interview.skipped:
                complain(self.say("interview.done_skipped"))
            else:
                complain(self.say("interview.done"))
            for text in self.waiting(interview):
                complain(text)
        else:
            complain(self.say("interview.stopped"))
        brief = verdict_text(verdict, self.asked_lang, color=colored(), brief=True)
        if self.target is None:
            complain(brief)
            emit(interview.text)
        else:
            complain(self.say("interview.saved", file=self.target))
            emit(brief)

    def waiting(self, interview: Interview) -> list[str]:
        """What the results still wait for that is nothing to ask the partner: decisions, and what the author sets."""
        inputs, verdict = self.policy.program.inputs, interview.verdict()
        names = dict.fromkeys(n for r in verdict.results.values() for n in r.total.missing if n in inputs)
        decisions = listed((n for n in names if inputs[n].decision), self.lang)
        unset = listed((m.fact for m in verdict.missing if m.parameter), self.lang)
        out = []
        if decisions:
            out.append(self.say("interview.decisions", decisions=decisions))
        if unset:
            out.append(self.say("interview.unset", unset=unset))
        return out

    # ------------------------------------------------------------------------------------------ saving
    def save(self, interview: Interview, *, quiet: bool = False) -> None:
        """Writes the sheet whole or not at all."""
        target = self.target
        if target is None or not interview.text and not target.exists():
            return
        try:
            if target.exists() and target.read_bytes() == interview.text.encode("utf-8"):
                return
            handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(interview.text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                os.chmod(name, target.stat().st_mode & 0o777)
            else:
                os.chmod(name, 0o644)
            os.replace(name, target.resolve())
        except OSError as error:
            if quiet:
                return
            emit(interview.text)
            raise click.UsageError(
                f"不能写入 cannot write {target}: {error.strerror or error}"
            ) from error
