"""Which sheets and columns a policy asks for: what a template shows, and what a reader looks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policydsl.boundaries import boundaries
from policydsl.clause_kinds import traits
from policydsl.core import Const, InputDecl, ListDecl, Program
from policydsl.diagnostics import LANGUAGES, Language
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.reads import Key, reads_of
from policydsl.render.values import Writer
from policydsl.say import bracketed, listed, say, word
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES, name_key
from policydsl.text.fold import fold

# Units of amounts that may stand in a header, and how many of the currency's own they are.
MONEY: dict[str, int] = {
    "元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "千万元": 10_000_000, "亿元": 100_000_000,
}
_WAN = 10_000
NUMERIC = ("number", "money", "count", "points", "percent", "duration")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``unit`` stands in the header and may be changed there; ``needed``: nothing is judged without it
    (the id), or the policy requires it; ``first``: what a reader wants first rests on it."""

    decl: InputDecl
    unit: str
    header: str
    needed: bool = False
    first: bool = False
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of facts: of all parties (``ledger`` None), or of the records of a ledger."""

    name: str
    columns: tuple[Column, ...]
    ledger: ListDecl | None = None

    @property
    def shared(self) -> bool:
        return self.ledger is not None and self.ledger.shared


@dataclass(frozen=True, slots=True)
class Layout:
    """All sheets, with the words for what every sheet has."""

    program: Program
    lang: Language
    parties: Sheet
    ledgers: tuple[Sheet, ...]
    parameters: tuple[InputDecl, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self.parties, *self.ledgers)

    def word(self, name: str) -> str:
        return word("table", name, self.lang)

    @property
    def id(self) -> str:
        return self.word("id")

    @property
    def name(self) -> str:
        return PARTY_NAMES[LANGUAGES.index(self.lang)]

    @property
    def day(self) -> str:
        return DAY_NAMES[LANGUAGES.index(self.lang)]


def layout(program: Program, only: Sequence[str] | None = None) -> Layout:
    """The sheets of a policy; ``only``: of facts those that can change one of these results."""
    lang, wanted = program.header.dialect, reads_of(program).wanted_by
    keys = set(headlines(program))
    tens = _in_tens_of_thousands(program)

    def column(decl: InputDecl, ledger: str, key: str | None = None) -> Column:
        by = wanted.get((ledger, decl.name), ())
        unit = unit_of(decl.kind, program, tens)
        needed = decl.name == key or decl.required and decl.default is None and decl.derived is None
        return Column(decl, unit, header_of(decl, unit, lang), needed, bool(keys & set(by)), tuple(by))

    facts = tuple(
        column(decl, "") for decl in program.inputs.values()
        if not decl.parameter and not decl.decision and _asked(wanted.get(("", decl.name), ()), only)
    )
    ledgers = []
    for decl in program.lists.values():
        by: tuple[str, ...] = tuple(wanted.get((decl.name, ""), ()))
        by += tuple(n for f in decl.fields for n in wanted.get((decl.name, f.name), ()))
        if decl.source == "sheet" and _asked(by, only):
            ledgers.append(Sheet(decl.name, tuple(column(f, decl.name, decl.key) for f in decl.as_written()), decl))
    parameters = tuple(d for d in program.inputs.values() if d.parameter and _asked(wanted.get(("", d.name), ()), only))
    named = Sheet(word("table", "parties", lang), facts)
    return Layout(program, lang, named, tuple(ledgers), parameters)


def _asked(by: Sequence[str], only: Sequence[str] | None) -> bool:
    return only is None or bool(set(by) & set(only))


def headlines(program: Program) -> tuple[str, ...]:
    """The results that a table of results shows: those that the policy names first, then all that a partner is told of
    standing, money and sanctions."""
    told = [r.name for r in program.results if traits(r.label).part in ("standing", "marks", "gains", "sanctions")]
    return tuple(dict.fromkeys((*program.header.keys, *told)))


def wanted_by(sheet: Sheet, program: Program) -> Iterator[str]:
    """The results that rest on a sheet."""
    ledger = sheet.ledger.name if sheet.ledger is not None else ""
    keys: list[Key] = [(ledger, "")] if ledger else []
    keys += [(ledger, c.decl.name) for c in sheet.columns]
    found = {name for key in keys for name in reads_of(program).wanted_by.get(key, ())}
    return (name for name in headlines(program) if name in found)


# ---------------------------------------------------------------------------------------------- units
def unit_of(kind: Kind, program: Program, tens: bool) -> str:
    """The unit that stands in the header of a column of a kind."""
    lang, currency = program.header.dialect, kind.currency or program.header.currency
    match kind.base:
        case "money":
            if currency not in ("", "CNY"):
                return currency
            return word("amount_unit", "tens" if tens else "one", lang)
        case "percent":
            return "%"
        case "count":
            return kind.unit or ""
        case "points":
            return say("value.points", lang).strip()
        case "duration":
            return word("duration", kind.unit, lang, count=2).strip() if kind.unit else ""
        case _:
            return ""


def header_of(decl: InputDecl, unit: str, lang: Language) -> str:
    """``整体业绩（万元，含税）``."""
    tax = word("tax", decl.kind.tax, lang) if decl.kind.base == "money" and decl.kind.tax else ""
    inside = listed([x for x in (unit, tax) if x], lang, "comma")
    return bracketed(decl.name, inside, lang) if inside else decl.name


def _in_tens_of_thousands(program: Program) -> bool:
    """Whether amounts are compared with nothing smaller than 1万元 on the whole: then they are given in 万元."""
    found = [
        abs(b.value) for key, limits in boundaries(program).items() for b in limits
        if isinstance(b.value, Fraction) and b.value and not b.declared and _money(program, key)
    ]
    return bool(found) and 2 * sum(value >= _WAN for value in found) > len(found)


def _money(program: Program, key: Key) -> bool:
    ledger, name = key
    decl = program.lists[ledger].field_of(name) if ledger in program.lists else program.inputs.get(name)
    return decl is not None and decl.kind.base == "money"


# ---------------------------------------------------------------------------------------------- headers
def split_header(text: str) -> tuple[str, tuple[str, ...]]:
    """The name in a header and what stands in the bracket at its end; a star does not count."""
    plain = " ".join(fold(text).replace("*", " ").split())
    if plain.endswith(")") and "(" in plain:
        head, _, inside = plain[:-1].rpartition("(")
        if head.strip():
            return head.strip(), tuple(p.strip() for p in inside.replace(";", ",").replace("、", ",").split(","))
    return plain, ()


def header_key(text: str) -> str:
    """The identity of a whole header."""
    return name_key(fold(text).replace("*", " "))


def hint(column: Column, program: Program) -> str:
    """What to fill in, in a few words: 必填；金额，如 920."""
    lang, decl = program.header.dialect, column.decl
    base = decl.kind.base
    parts = [say("sheet.required", lang)] if column.needed else []
    parts.append(word("filled", base, lang))
    if decl.derived is not None:
        parts.append(word("table", "computed", lang))
    elif decl.optional:
        parts.append(word("table", "may_be_none", lang))
    elif decl.default is not None:
        parts.append(say("sheet.has_default", lang))
    return listed([p for p in parts if p], lang, "semicolon")


def default_of(decl: InputDecl, program: Program) -> str:
    """The value of a parameter in words; nothing where it has none of its own."""
    if isinstance(decl.default, Const):
        return Writer.of(program.header).exact(decl.default.value, decl.kind)
    return ""
