"""The JSON Schema (2020-12) of a policy's fact sheet, for editors, forms and other systems.

The reader decides; the schema says the same as far as JSON Schema can. A sheet that leaves facts out is valid (they are
unknown), so what is 必填 is marked ``x-required``. Names and aliases are both accepted, but not both for one fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from policydsl.core import Bound, Const, InputDecl, ListDecl, Program
from policydsl.kinds import Exact, Kind
from policydsl.reads import Key, reads_of
from policydsl.say import listed, say
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES, POPULATION_NAMES, Target, facts_of, rows_of
from policydsl.sheet.values import may_be_none
from policydsl.sheet.words import kind_words, range_words, written_words
from policydsl.text.keywords import divisible

Schema = dict[str, Any]

_NOT_FILLED: Schema = {"type": "null"}
_NONE: Schema = {"enum": ["无", "none"]}
_DATE = r"^\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?[日号]?"
_CLOCK = r"(T|\s*)\d{1,2}:\d{2}(:\d{2}(\.0+)?)?$"
_TEXT: Schema = {"type": ["string", "number", "boolean"]}


def schema(program: Program) -> Schema:
    """The schema of a sheet, of a list of sheets, and of a population with its shared ledgers."""
    describe = _Describe(program)
    header = program.header
    shared = [decl for decl in program.lists.values() if decl.source == "sheet" and decl.shared]
    sheet = {"$ref": "#/$defs/sheet"}
    members: Schema = {
        "anyOf": [
            {"type": "array", "items": sheet, "minItems": 1},
            {"type": "object", "additionalProperties": {"anyOf": [sheet, _NOT_FILLED]}, "minProperties": 1},
        ]
    }
    population = describe.mapping(shared, dict.fromkeys(POPULATION_NAMES, members) | _day())
    population["oneOf"] = [{"required": [name]} for name in POPULATION_NAMES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:policydsl:sheet:{_urn(header.id or header.title)}:{_urn(header.version)}",
        "title": f"{header.title} {header.version}".strip(),
        "anyOf": [sheet, {"type": "array", "items": sheet, "minItems": 1}, {"$ref": "#/$defs/population"}],
        "$defs": {
            "sheet": describe.mapping(facts_of(program), {name: {"type": "string"} for name in PARTY_NAMES} | _day()),
            "population": population,
        } | describe.shared(),
        "x-policy": {"id": header.id, "version": header.version, "digest": program.digest},
    }


def _urn(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else f"_{ord(c):x}" for c in text) or "_"


def _day() -> dict[str, Schema]:
    day: Schema = {"anyOf": [{"type": "string", "pattern": _DATE}, _NOT_FILLED]}
    return dict.fromkeys(DAY_NAMES, day)


class _Describe:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.language = program.header.dialect
        self.wanted = reads_of(program).wanted_by
        kinds = [f.kind for d in facts_of(program) for f in (d.fields if isinstance(d, ListDecl) else (d,))]
        uses = Counter(kind.choice for kind in kinds if kind.choice is not None)
        self._shared = {choice: f"choice {choice.name}" for choice, times in uses.items() if times > 1}

    def shared(self) -> dict[str, Schema]:
        """The choices that several facts are of."""
        return {key: _choice(Kind("choice", choice=choice)) for choice, key in self._shared.items()}

    def choice(self, kind: Kind) -> Schema:
        """One of the options of the kind."""
        key = self._shared.get(kind.choice) if kind.choice is not None else None
        return _choice(kind) if key is None else {"$ref": "#/$defs/" + quote(key.replace("~", "~0").replace("/", "~1"))}

    def mapping(self, declarations: Iterable[Target], more: dict[str, Schema], ledger: str = "") -> Schema:
        """An object whose keys are names, aliases, or the parts of dotted aliases."""
        properties: dict[str, Any] = {}
        both: list[Schema] = []
        for decl in declarations:
            body = self.ledger(decl) if isinstance(decl, ListDecl) else self.fact(decl, ledger)
            properties[decl.name] = body
            if decl.alias and decl.alias != decl.name:
                properties[decl.alias] = body
                both.append({"not": {"required": [decl.name, decl.alias]}})
                _nest(properties, decl.alias.split("."), body)
        for name, body in more.items():
            properties.setdefault(name, body)
        out: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if both:
            out["allOf"] = both
        return out

    def ledger(self, decl: ListDecl) -> Schema:
        record = self.mapping(decl.as_written(), {}, decl.name)
        shapes: list[Schema] = [{"type": "array", "items": record}, _NOT_FILLED, _NONE]
        if decl.key:
            shapes.insert(1, {"type": "object", "additionalProperties": record})
        out: Schema = {"title": decl.name, "anyOf": shapes}
        if decl.shared:
            out["x-shared"] = True
        if decl.key:
            out["x-key"] = decl.key
        return out | self.notes(decl, (decl.name, ""))

    def fact(self, decl: InputDecl, ledger: str) -> Schema:
        kind = decl.kind
        parts = [kind_words(kind, self.language), written_words(kind, self.language, self.program.header.currency)]
        parts += range_words(decl, self.program)
        options: list[Schema] = [*_shapes(decl, self.choice(kind)), _NOT_FILLED]
        if may_be_none(decl):
            options.append(_NONE)
        rows = rows_of(self.program, decl) if not ledger else None
        if rows is not None:
            parts.append(say("sheet.over_time", self.language))
            options.append({"type": "array", "items": self.mapping(rows.as_written(), {}, rows.name), "minItems": 1})
        out: Schema = {
            "title": decl.name,
            "description": listed((p for p in parts if p), self.language, "semicolon"),
            "anyOf": options,
            "x-kind": kind.base,
        }
        extra = {"x-unit": kind.unit, "x-tax": kind.tax, "x-currency": kind.currency, "x-within": decl.within}
        out |= {key: value for key, value in extra.items() if value}
        if kind.ordered:
            out["x-ordered"] = list(kind.options)
        if decl.required:
            out["x-required"] = True
        return out | self.notes(decl, (ledger, decl.name))

    def notes(self, decl: Target, name: Key) -> Schema:
        out: Schema = {}
        if decl.clauses:
            out["x-clauses"] = list(decl.clauses)
        if decl.notes:
            out["x-notes"] = list(decl.notes)
        if name in self.wanted:
            out["x-wanted-by"] = list(self.wanted[name])
        return out


def _nest(properties: dict[str, Any], parts: list[str], body: Schema) -> None:
    """A dotted alias is accepted nested as well."""
    for part in parts[:-1]:
        inner = properties.setdefault(part, {"type": "object", "properties": {}, "additionalProperties": False})
        if inner.get("type") != "object" or "properties" not in inner:
            return  # the first part is the name of a fact
        properties = inner["properties"]
    if len(parts) > 1:
        properties.setdefault(parts[-1], body)


# ---------------------------------------------------------------------------------------------- values
def _shapes(decl: InputDecl, option: Schema) -> list[Schema]:
    """What a value of the kind may look like in JSON; the pattern of a text is necessary, the reader decides.
    ``option``: what one option may look like."""
    kind = decl.kind
    text: Schema = {"type": "string", "minLength": 1}
    quantity: Schema = {"type": "string", "pattern": r"[0-9０-９一二两三四五六七八九十百千万亿半零]"}
    match kind.base:
        case "yesno":
            return [{"type": "boolean"}, {"enum": ["是", "否", "yes", "no", "true", "false"]}]
        case "number" | "money" | "points":
            return [{"type": "number"} | _limits(decl), quantity]
        case "count":
            return [{"type": "number" if divisible(kind.unit) else "integer"} | _limits(decl), quantity]
        case "percent":
            return [{"type": "string", "pattern": "[%％‰/／分点]|percent|per "}]
        case "date":
            return [{"type": "string", "pattern": "[0-9０-９]"}]
        case "instant":
            return [{"type": "string", "pattern": "[:：]"}]
        case "period":
            return [{"type": "string", "pattern": "[0-9０-９]"}, *_year(kind.unit)]
        case "duration" | "ordinal":
            return [{"type": "string", "minLength": 1}]
        case "choice":
            return [option]
        case "choices":
            return [{"type": "array", "items": option, "uniqueItems": True}, text]
        case "text" | "any":
            return [_TEXT]


def _year(grain: str | None) -> list[Schema]:
    return [{"type": "integer"}] if grain in ("year", "fiscal_year") else []


def _choice(kind: Kind) -> Schema:
    text: Schema = {"type": "string", "minLength": 1}
    if not kind.options:
        return text
    spelled = list(dict.fromkeys([*kind.options, *(other for other, _ in kind.spellings)]))
    if kind.open:
        return text | {"examples": spelled}
    numbers = [int(word) for word in spelled if word.isascii() and word.isdecimal() and word == str(int(word))]
    return {"enum": [*spelled, *numbers]}


def _limits(decl: InputDecl) -> Schema:
    """Constant ends of the declared ranges; they bind plain numbers."""
    out: Schema = {}
    for bound in decl.ranges:
        out |= _ends(bound)
    return out


def _ends(bound: Bound) -> Schema:
    out: Schema = {}
    low, high = _constant(bound.low), _constant(bound.high)
    if low is not None:
        out["exclusiveMinimum" if bound.low_op == ">" else "minimum"] = low
    if high is not None:
        out["exclusiveMaximum" if bound.high_op == "<" else "maximum"] = high
    return out


def _constant(term: object) -> int | None:
    """A whole constant. Ends that are not whole are left to the reader: JSON Schema would compare them as floats."""
    value: Exact = term.value if isinstance(term, Const) else None
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else None
