"""A blank fact sheet: every fact with its kind, range and use, ready to be filled in. As it stands it says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policydsl.core import Const, InputDecl, ListDecl, Program
from policydsl.reads import Key, reads_of
from policydsl.render.values import Writer
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES
from policydsl.sheet.words import brackets, kind_words, range_words, written_words

_PLAIN = re.compile(r"[^\W\d]\w*(?:[ ./·-]\w+)*")
_RESERVED = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})


def template(program: Program) -> str:
    """The blank sheet as commented YAML, in the words of the policy."""
    return "\n".join(_Blank(program).lines()) + "\n"


class _Blank:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.language = program.header.dialect
        self.wanted = reads_of(program).wanted_by
        self.judged = {result.name for result in program.results if result.judged}
        self.zh = self.language == "zh"

    def say(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def lines(self) -> Iterator[str]:
        header = self.program.header
        yield self.comment(f"{header.title} {header.version}{self.colon}{self.say('事实表', 'fact sheet')}")
        yield self.comment(
            self.say(
                "空着的是还不知道；写 无 是确实没有（只有选填的可以写）。",
                "An empty fact is not known yet; none says that there is none (optional facts only).",
            )
        )
        yield ""
        own = 0 if self.zh else 1
        taken = {decl.name for decl in self.program.inputs.values()}
        if PARTY_NAMES[own] not in taken:
            yield f"{PARTY_NAMES[own]}:"
        day = DAY_NAMES[0] if self.zh else DAY_NAMES[1]
        yield f"{day}:  # {self.say('如 2024-06-30', 'such as 2024-06-30')}"
        for decl in self.program.inputs.values():
            if not decl.parameter and not decl.decision:
                yield ""
                yield from self.about(decl, "")
                yield f"{_key(decl.name)}:"
        for ledger in self.program.lists.values():
            if ledger.source == "sheet":
                yield ""
                yield from self.ledger(ledger)

    def ledger(self, decl: ListDecl) -> Iterator[str]:
        parts = [self.say("台账，每条一项；没有记录写 []", "ledger, one item a record; [] when there are none")]
        if decl.shared:
            parts.append(self.say("共用：几方给同样的，或只给一次", "shared: given once for all parties"))
        if decl.default_none:
            parts.append(self.say("不填当作没有", "taken as empty when left out"))
        yield self.comment(f"{decl.name}{self.alias(decl.alias)}{self.colon}{self.joined(parts)}")
        yield from self.more(decl, (decl.name, ""), "")
        yield f"{_key(decl.name)}:"
        for number, each in enumerate(decl.fields):
            lead = "#  - " if number == 0 else "#    "
            yield f"{lead}{_key(each.name)}:  # {_flat(self.summary(each, primary=each.name == decl.key))}"

    def about(self, decl: InputDecl, ledger: str) -> Iterator[str]:
        yield self.comment(f"{decl.name}{self.alias(decl.alias)}{self.colon}{self.summary(decl)}")
        yield from self.more(decl, (ledger, decl.name), "")

    def more(self, decl: InputDecl | ListDecl, name: Key, lead: str) -> Iterator[str]:
        wanted = self.wanted.get(name, ())
        if wanted:
            shown = self.say("、", ", ").join(wanted[:6]) + (self.say(" 等", " …") if len(wanted) > 6 else "")
            if len(wanted) > 1 and self.judged <= set(wanted):  # as what the policy's own 适用 asks
                shown = self.say("全部", "everything")
            yield self.comment(f"{lead}{self.say('用于：', 'used by: ')}{shown}")
        if decl.clauses:
            yield self.comment(f"{lead}{self.say('条款：', 'clauses: ')}{self.say('、', ', ').join(decl.clauses)}")
        for note in decl.notes:
            yield self.comment(f"{lead}{note}")

    def summary(self, decl: InputDecl, primary: bool = False) -> str:
        """Kind, how it is written, necessity, ranges, default."""
        parts = [kind_words(decl.kind, self.language), written_words(decl.kind, self.language)]
        if primary:
            parts.append(self.say("主键，不能重复", "key, no two alike"))
        if decl.required:
            parts.append(self.say("必填", "required"))
        if decl.optional:
            parts.append(self.say("选填，可写 无", "optional, may be none"))
        parts += range_words(decl, self.program)
        if decl.within:
            parts.append(self.say(f"须在 {decl.within} 中", f"one of {decl.within}"))
        if isinstance(decl.default, Const):
            shown = Writer.of(self.program.header, self.language).exact(decl.default.value, decl.kind)
            parts.append(self.say(f"默认 {shown}", f"default {shown}"))
        elif decl.default is not None:
            parts.append(self.say("不填按政策推定", "has a default"))
        if decl.derived is not None:
            parts.append(self.say("不填则由其他事实算出", "computed from other facts when left out"))
        return self.joined([part for part in parts if part])

    @property
    def colon(self) -> str:
        return self.say("：", ": ")

    def joined(self, parts: list[str]) -> str:
        return self.say("；", "; ").join(parts)

    def alias(self, alias: str | None) -> str:
        return brackets(self.language, alias) if alias else ""

    @staticmethod
    def comment(text: str) -> str:
        return f"# {_flat(text)}"


def _flat(text: str) -> str:
    """One line without control characters: nothing in a name or note can leave its comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _key(name: str) -> str:
    """The name as a YAML key, quoted unless it is plain beyond doubt."""
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
