"""The blank tables of a policy: what is to be filled in, where, in which unit, and what it decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl.core import Const, InputDecl, Program
from policydsl.diagnostics import LANGUAGES
from policydsl.population.book import OPTION_ROWS, Cells, Head, Table, Value
from policydsl.population.gather import complete_words
from policydsl.population.layout import Column, Layout, Sheet, headlines, hint, layout, unit_of, wanted_by
from policydsl.population.values import shown
from policydsl.reads import reads_of
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.sheet.words import range_words

_MOST_NAMED = 6
_SECTION = "section"


def template(program: Program, only: Sequence[str] | None = None, made: str = "", command: str = "") -> list[Table]:
    """The tables to fill in: 说明, 伙伴, one a ledger, 参数."""
    asked = layout(program, only)
    blank = Blank(asked)
    return [
        Table(asked.word("about"), (), list(blank.about(made, command)), widths=(2, 24, 20, 90)),
        *blank.sheets(), blank.parameters(),
    ]


class Blank:
    def __init__(self, asked: Layout) -> None:
        self.asked, self.program, self.lang = asked, asked.program, asked.lang

    def say(self, key: str, **places: object) -> str:
        return word("table", key, self.lang, **places)

    # ------------------------------------------------------------------------------------------ 说明
    def about(self, made: str, command: str) -> Iterator[Cells]:
        header, asked = self.program.header, self.asked
        yield "", Value(self.say("about_title", title=header.title), style="title")
        version = say("verdict.version", self.lang, version=header.version) if header.version else ""
        said = listed([x for x in (header.id or header.title, version) if x], self.lang, "comma")
        yield "", Value(self.say("policy"), style="strong"), Value(said, style="dim")
        yield "", Value(self.say("digest"), style="strong"), Value(self.program.digest, style="dim")
        if made:
            said = listed([x for x in (made, command) if x], self.lang, "semicolon")
            yield "", Value(self.say("made"), style="strong"), Value(said, style="dim")
        yield ()
        yield "", Value(self.say("how"), style=_SECTION), Value("", style=_SECTION), Value("", style=_SECTION)
        example = next((c.header for s in asked.sheets for c in s.columns if c.decl.kind.base == "money"), "")
        names = {"parties": asked.parties.name, "id": asked.id, "example": example or self.say("amount")}
        for number in range(1, 6):
            head = Value(f"{number}. {self.say(f'rule_{number}_head')}", style="strong")
            yield "", head, self.say(f"rule_{number}", **names)
        yield ()
        yield "", Value(self.say("which"), style=_SECTION), Value("", style=_SECTION), Value("", style=_SECTION)
        for sheet in asked.sheets:
            rests = list(wanted_by(sheet, self.program))
            said = self.say("one_row" if sheet.ledger is None else "one_record", count=len(sheet.columns) + 3)
            if rests and sheet.ledger is not None:
                names_ = listed(rests[:_MOST_NAMED], self.lang) + (say("sheet.and_more", self.lang) if len(
                    rests) > _MOST_NAMED else "")
                said = listed([said, self.say("bears_on", names=names_)], self.lang, "semicolon")
            mark = self.say("shared") if sheet.shared else say("sheet.required", self.lang) if not sheet.ledger else ""
            yield "", Value(sheet.name, link=f"{sheet.name}!A1"), mark, said
        page = self.say("parameters")
        yield "", Value(page, link=f"{page}!A1"), "", self.say("of_parameters")
        yield ()
        yield "", Value(self.say("colours"), style=_SECTION), Value("", style=_SECTION), Value("", style=_SECTION)
        for style, name in (("head", "needed"), ("head first", "first"), ("head rest", "rest"), ("open", "open"),
                            ("bad", "bad"), ("told", "told"), ("silent", "silent")):
            yield "", Value(self.say(f"colour_{name}"), style=style), self.say(f"colour_{name}_means")
        yield ()
        yield "", Value(self.say("first_these"), style=_SECTION), Value("", style=_SECTION), Value("", style=_SECTION)
        for name in headlines(self.program)[:20]:
            columns = [c.decl.name for c in asked.parties.columns if name in c.wanted]
            columns += [self.say("ledger_of", ledger=s.name) for s in asked.ledgers if name in set(wanted_by(
                s, self.program))]
            if columns:
                yield "", Value(name, style="strong"), "", listed(columns, self.lang)

    # ------------------------------------------------------------------------------------------ facts
    def sheets(self) -> Iterator[Table]:
        asked = self.asked
        for sheet in asked.sheets:
            heads = [] if sheet.shared else [self.id(sheet)]
            if sheet.ledger is None:
                heads += [
                    Head(f"{asked.name}*", "head", self.say("name_note"), 18, self.say("name_hint"), "text"),
                    Head(asked.day, "rest", width=12, hint=self.say("day_hint"), form="date"),
                ]
            heads += [self.head(c, sheet) for c in sheet.columns]
            frozen = 2 if sheet.ledger is None else 0 if sheet.shared else 1
            tab = "#A6A6A6" if sheet.shared else "#1F3864"
            yield Table(sheet.name, tuple(heads), (), frozen, True, tab=tab)

    def id(self, sheet: Sheet) -> Head:
        if sheet.ledger is None:
            return Head(f"{self.asked.id}*", width=12, hint=self.say("id_hint"), note=self.say("id_note"), form="text")
        ids = f"='{self.asked.parties.name}'!$A$3:$A${OPTION_ROWS}"
        return Head(f"{self.asked.id}*", width=12, hint=self.say("id_of"), note=self.say("id_of_note"), form="text",
                    ids=ids)

    def head(self, column: Column, sheet: Sheet) -> Head:
        decl = column.decl
        style = "head" if column.needed else "first" if column.first else "rest"
        options = self.options(decl)
        opening = bracketed("", "|", self.lang).partition("|")[0]
        first, bracket, rest = column.header.partition(opening)
        text = f"{first}*" if column.needed else first
        text = f"{text}\n{bracket.strip()}{rest}" if bracket else text
        said = hint(column, self.program)
        if sheet.ledger is not None and decl.name == sheet.ledger.key and not sheet.shared:
            said = listed([said, self.say("key_hint")], self.lang, "comma")
        width = min(28, max(10, max(_wide(line) for line in text.split("\n")) + 3))
        base = decl.kind.base
        form = base if base in ("money", "percent", "count", "points", "date", "instant") else "text"
        strict = base == "yesno" or base == "choice" and not decl.kind.open and not decl.optional
        return Head(text, style, self.note(column, sheet), width, said, form, options, strict=strict)

    def options(self, decl: InputDecl) -> tuple[str, ...]:
        if decl.kind.base == "yesno":
            return say("value.yes", self.lang), say("value.no", self.lang)
        if not decl.kind.options:
            return ()
        every = (listed(decl.kind.options, self.lang, "names"),) if decl.kind.base == "choices" else ()
        none = (say("value.none", self.lang),) if decl.optional else ()
        return (*decl.kind.options, *every, *none)

    def note(self, column: Column, sheet: Sheet) -> str:
        """Kind, range, what blank means, the clauses, what rests on it."""
        from policydsl.sheet.words import kind_words

        decl = column.decl
        lines = [headed(self.say("note_kind"), self.lang, kind_words(decl.kind, self.lang))]
        if column.unit:
            lines.append(headed(self.say("unit"), self.lang, column.unit))
        ranges = range_words(decl, self.program)
        if ranges:
            lines.append(headed(self.say("note_range"), self.lang, listed(ranges, self.lang)))
        lines.append(headed(self.say("note_blank"), self.lang, self.blank(decl)))
        if decl.clauses:
            lines.append(headed(self.say("note_clauses"), self.lang, listed(decl.clauses, self.lang)))
        if column.wanted:
            names = listed(column.wanted[:_MOST_NAMED], self.lang)
            lines.append(headed(self.say("note_wanted", count=len(column.wanted)), self.lang, names))
        if decl.alias:
            lines.append(headed(self.say("note_alias"), self.lang, decl.alias))
        lines += decl.notes
        return "\n".join(lines)

    def blank(self, decl: InputDecl) -> str:
        if decl.derived is not None:
            return say("sheet.derived", self.lang)
        if isinstance(decl.default, Const):
            return say("sheet.default", self.lang, shown=shown(decl.default.value, decl.kind, self.program).text)
        if decl.default is not None:
            return say("sheet.has_default", self.lang)
        return self.say("not_known")

    # ------------------------------------------------------------------------------------------ 参数
    def parameters(self) -> Table:
        heads = tuple(
            Head(self.say(name), width=width) for name, width in (
                ("parameter", 26), ("value", 22), ("unit", 10), ("clause", 34), ("remark", 60))
        )
        return Table(self.say("parameters"), heads, list(self.parameter_rows()), frozen=1)

    def parameter_rows(self) -> Iterator[Cells]:
        asked, lang = self.asked, self.lang
        yield Value(asked.day, style="strong"), "", say("kind.date", lang), "", self.say("day_of_all")
        for sheet in asked.ledgers:
            assert sheet.ledger is not None
            name = complete_words(sheet.name)[LANGUAGES.index(lang)]
            clauses = Value(listed(sheet.ledger.clauses, lang), style="dim")
            yield name, "", say("kind.yesno", lang), clauses, self.say("complete_means")
        wanted = reads_of(self.program).wanted_by
        for decl in sorted(asked.parameters, key=lambda d: d.default is not None):
            by = wanted.get(("", decl.name), ())
            more = say("sheet.and_more", lang) if len(by) > 4 else ""
            rests = self.say("bears_on", names=listed(by[:4], lang) + more)
            said = rests if by else ""
            value = Value("", style="open")
            if isinstance(decl.default, Const):
                value = shown(decl.default.value, decl.kind, self.program)
            elif decl.default is not None:
                value = Value("")
                said = listed([self.say("worked_out"), said] if said else [self.say("worked_out")], lang, "semicolon")
            else:
                said = listed([self.say("not_stated"), said] if said else [self.say("not_stated")], lang, "semicolon")
            unit = unit_of(decl.kind, self.program, False) or say(f"kind.{decl.kind.base}", lang)
            clauses = Value(listed(decl.clauses, lang), style="dim")
            yield decl.name, value, Value(unit, style="dim"), clauses, said


def _wide(text: str) -> int:
    from policydsl.report import width

    return width(text)


__all__ = ["Blank", "template"]
