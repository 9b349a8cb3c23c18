"""``policydsl ask``: an interview for the facts that are still missing, saved as a fact sheet."""

from __future__ import annotations

import codecs
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policydsl.cli.asked import results
from policydsl.cli.names import POLICY, RESULT, SETTING
from policydsl.cli.shared import clause_texts, lang_option, parameters, stated_day
from policydsl.console import Code, colored, complain, day_option, emit, policy_files, read_policy, unreadable
from policydsl.diagnostics import Language, SheetError
from policydsl.members import dataclass
from policydsl.say import headed, listed, say

if TYPE_CHECKING:
    from policydsl.engine import Policy
    from policydsl.explain.interview import Asked, Interview, RefusedAnswerError
    from policydsl.kinds import Exact

WHY = frozenset({"?", "？", "为什么", "why"})
SKIP = frozenset({"", "跳过", "skip"})
BACK = frozenset({"撤回", "back", "undo"})
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be", b"": "utf-8"}
STOP = frozenset({"退出", "quit", "exit"})


@click.command("ask")
@click.argument("policy", type=POLICY)
@click.argument("files", nargs=-1, metavar="[FURTHER.pol...] [FACTS]")
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE",
              help="存到这里（已有就接着填），默认存回 FACTS save to this file, or go on from it; by default FACTS")
@click.option("--result", "--only", "only", multiple=True, type=RESULT, metavar="NAME",
              help="只为这个结论提问 ask for this result alone")
@click.option("--as-of", callback=day_option, metavar="DATE", help="评估日 evaluation date")
@click.option("--set", "settings", multiple=True, type=SETTING, metavar="PARAMETER=VALUE",
              help="给参数定值 set a parameter")
@lang_option
def ask(
    policy: str, files: tuple[str, ...], output: str | None, only: tuple[str, ...], as_of: date | datetime | None,
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
    pol ask 主文.pol 附件.pol 我的事实表.yaml
    """
    further, sheets = policy_files(files)
    if len(sheets) > 1:
        raise click.UsageError(f"只填一份事实表 one fact sheet is filled in: {sheets[1]}")
    if policy == "-" or "-" in sheets:
        raise click.UsageError("标准输入用来回答问题 standard input is for the answers")
    loaded = read_policy(policy, *further, examples=False)
    _Session(loaded, next(iter(sheets), None), output, lang, clause_texts(loaded)).run(only, as_of, settings)


def _edited_lines() -> None:
    """Lets the terminal edit the line that is typed, where the platform can."""
    try:
        import readline
    except ImportError:
        return
    readline.parse_and_bind("set enable-bracketed-paste off")


@dataclass(slots=True)
class _Session:
    policy: Policy
    facts: str | None
    output: str | None
    asked_lang: Language | None
    clauses: Mapping[str, str]
    past: list[Interview] = field(default_factory=list)
    mark: bytes = b""  # how its file begins
    ended: bool = False
    found: bytes | None = None  # what the file to be saved to held when it was last looked at

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
        self.policy = self.policy.on(as_of or stated_day([self.facts] if self.facts else []) or date.today())
        names = self.results(only)
        values = parameters(settings, self.policy.program, self.asked_lang)
        interview = self.begun(names, as_of, values)
        if sys.stdin.isatty():
            _edited_lines()
        reconfigure = getattr(sys.stdin, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
        code = Code.DONE
        try:
            interview, ended = self.talk(self.headed(interview))
        except KeyboardInterrupt:
            interview, ended, code = self.past[-1] if self.past else interview, False, Code.INTERRUPTED
            complain("")
        self.save(interview)
        self.close(interview, ended)
        if code == Code.DONE and names and not interview.verdict().determined:
            code = Code.UNDECIDED
        raise click.exceptions.Exit(code)

    def results(self, only: Sequence[str]) -> tuple[str, ...] | None:
        return tuple(each for name in only for each in results(name, self.policy)) or None

    def begun(
        self, names: tuple[str, ...] | None, as_of: date | None, values: Mapping[str, Exact]
    ) -> Interview:
        from policydsl.explain.interview import Interview
        from policydsl.explain.sheet_text import NotEditableError

        target = self.target
        if target is not None:
            self.check_target(target)
        file = self.facts or (self.output or self.say("interview.new_sheet"))
        text = self.read(Path(file)) if self.facts or self.output else ""
        if not self.facts or target == Path(self.facts):
            self.found = self.there(target)
        try:
            return Interview(self.policy.program, file, text, as_of, values, names, self.asked_lang)
        except NotEditableError as error:
            raise click.UsageError(self.say("interview.several", file=file)) from error

    def check_target(self, target: Path) -> None:
        """Raises UsageError where saving would write over something that the interview does not go on from."""
        if target.suffix == ".pol" or target.resolve().suffix == ".pol":
            raise click.UsageError(f"这是政策文件，不能存成事实表 a policy, not to be written over: {target}")
        if self.facts and target.exists() and not (Path(self.facts).exists() and target.samefile(self.facts)):
            raise click.UsageError(
                f"已经有这个文件 the file exists already: {target}"
                f"（接着填它 to go on from it: pol ask … {target}；另存 or give -o another name）"
            )

    def read(self, file: Path) -> str:
        """The text of a sheet to go on from; nothing where there is no file yet."""
        from policydsl.sheet.source import decoded

        data = self.there(file) or b""
        self.mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
        try:
            return decoded(data, str(file))
        except SheetError as error:
            raise SheetError(error.diagnostics, error.sources, self.policy.program.header.dialect) from None

    @staticmethod
    def there(file: Path | None) -> bytes | None:
        try:
            return file.read_bytes() if file is not None and file.exists() else None
        except OSError as error:
            raise unreadable(str(file), error) from error

    def headed(self, interview: Interview) -> Interview:
        """A sheet that is only begun says whose it is and of which day: asked for first, and kept."""
        from policydsl.explain.interview import RefusedAnswerError
        from policydsl.sheet.names import name_key, sheet_level

        if interview.text.strip():
            return interview
        taken = sheet_level(self.policy.program).targets
        day = str(interview.as_of) if interview.as_of is not None else None
        every = (
            ("interview.name", "interview.name_asked", "interview.name_why", None),
            ("interview.day", "interview.day_asked", "interview.day_why", day),
        )
        questions = [question for question in every if name_key(self.say(question[0])) not in taken]
        past = [interview]  # before each question: one that is taken back is asked again
        while len(past) <= len(questions):
            key, asked, why, given = questions[len(past) - 1]
            if given is None:
                complain("")
                complain(f"{self.say(key)}  {self.say(asked)}")
            line = given or self.line()
            word = line.casefold() if line is not None else ""
            if line is None or word in STOP:
                self.ended = True
                return past[-1]
            if word in WHY:
                complain("  " + self.say(why))
            elif word in BACK and len(past) > 1:
                past.pop()
            elif word in BACK:
                complain("  " + self.say("interview.first"))
            elif word in SKIP:
                past.append(past[-1])
            else:
                try:
                    past.append(past[-1].headed(self.say(key), line))
                except RefusedAnswerError as refused:
                    self.refuse(None, refused)
        return past[-1]

    def talk(self, interview: Interview) -> tuple[Interview, bool]:
        """Questions and answers until nothing is left to ask (True), or the answers end or are broken off."""
        number = 0
        self.past = [interview]
        while not self.ended:
            asked = interview.asked()
            if asked is None:
                return interview, True
            number += 1
            self.prompt(asked, number, interview.left)
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
                        self.set_aside(interview, following)
                        interview = following
                        self.past.append(interview)
                        self.save(interview, quiet=True)
                        break
        return interview, False

    def line(self) -> str | None:
        """The next answer; None at the end of the input."""
        if sys.stdin.isatty() and sys.stdout.isatty():
            try:
                return input("> ").strip()
            except EOFError:
                return None
        click.echo("> ", nl=False, err=True)
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
        """What an answer means: the option of that number, and what has none as the sheet says it."""
        from policydsl.sheet.values import may_be_none

        if line == "没有" and asked.decl is not None:
            return "否" if asked.decl.kind.base == "yesno" else "无" if may_be_none(asked.decl) else line
        options = asked.decl.kind.options if asked.decl is not None else ()
        if line.isdecimal() and line not in options and 0 < int(line) <= len(options) and asked.decl is not None and (
            asked.decl.kind.base == "choice"
        ):
            return options[int(line) - 1]
        return line

    def refuse(self, asked: Asked | None, refused: RefusedAnswerError) -> None:
        from policydsl.report import advice, headline

        if not refused.problems:
            complain("  " + (
                self.say("interview.how_many")
                if asked is not None and asked.decl is None else
                self.say("interview.not_editable")
            ))
        for problem in refused.problems:
            complain("  " + headline(problem, self.lang))
            for text in advice(problem, self.lang):
                complain("    " + text)

    # ------------------------------------------------------------------------------------------ what is shown
    def prompt(self, asked: Asked, number: int, left: int) -> None:
        from policydsl.explain.asking import prompt_lines

        complain("")
        for text in prompt_lines(self.policy.program, asked, number, left, self.lang, color=colored("stderr")):
            complain(text)

    def set_aside(self, before: Interview, now: Interview) -> None:
        """What an answer names that has not happened yet on the day of evaluation is said at once."""
        from policydsl.render.outcome import aside_words
        from policydsl.render.values import Writer

        verdict, known = now.verdict(), before.verdict().aside
        new = replace(verdict, aside=tuple(one for one in verdict.aside if one not in known))
        if new.aside:
            words = aside_words(new, Writer.of(verdict.header, self.asked_lang))
            complain("  " + headed(say("verdict.aside", self.lang), self.lang, words))

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
        data = self.mark + interview.text.encode(MARKS[self.mark])
        try:
            if self.there(target) != self.found:
                raise FileExistsError(0, "文件在别处改过，没有覆盖 changed elsewhere, it was not written over")
            if data == self.found:
                return
            place = target.resolve()  # a link stays a link
            handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{target.name}.")
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, place.stat().st_mode & 0o777 if place.exists() else 0o644)
            os.replace(name, place)
            self.found = data
        except OSError as error:
            if quiet:
                return
            emit(interview.text)
            raise click.UsageError(
                f"不能写入 cannot write {target}: {error.strerror or error}"
            ) from error
