"""Nodes of declarations, tables, clauses, examples and the header."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

from policydsl import nodes
from policydsl.clause_kinds import WRITTEN, traits
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.text.build_base import Alias, Attribute, Cites, Duty, Kind, Member, RolledIf, Several, Short
from policydsl.text.build_lines import LINES, LineBuilder
from policydsl.text.build_rows import BlockRow, Slot, clauses_in_rows
from policydsl.place import Span
from policydsl.text.consequences import Given, apart, looked_up
from policydsl.text.crossed import Crossed, in_plain_rows, misplaced
from policydsl.text.duties import called
from policydsl.text.fold import fold, name_key
from policydsl.text.keys import listed, members
from policydsl.text.lexer import Token
from policydsl.text.names import misspelt
from policydsl.text.tables import Tables


class Builder(LineBuilder):
    """One method a rule, named after it."""

    def makers(self, tables: Tables) -> dict[str, Callable[[list[Any], int, int], Any]]:
        """rule name -> method."""
        names = tables.names()
        out = {name: getattr(self, f"on_{name}") for name in names if hasattr(self, f"on_{name}")}
        made = {name: LINES.get(name.replace("_", "")) for name in names}
        out.update({name: self.line(node) for name, node in made.items() if node is not None})
        out.update({kind: self._kind(kind) for kind in (k.name for k in WRITTEN.values())})
        return out

    @staticmethod
    def _kind(name: str) -> Callable[[list[Any], int, int], Kind]:
        return lambda kids, start, end: Kind(name)

    def on_cite(self, kids: list[Any], start: int, end: int) -> Cites:
        return Cites(tuple(str(kid.value) for kid in kids))

    def on_alias(self, kids: list[Any], start: int, end: int) -> Alias:
        return Alias(str(kids[0].value))

    # ------------------------------------------------------------------------------------------ header
    def on_policy(self, kids: list[Any], start: int, end: int) -> nodes.Policy:
        effective = self.take(kids, nodes.Effective)
        years = [k for k in kids if isinstance(k, nodes.FiscalYear)]
        for other in years[1:]:
            self.problems.append(Diagnostic("POL481", other.span))
        return nodes.Policy(
            self.span(start, end),
            str(kids[0].value),
            tuple(k for k in kids if isinstance(k, nodes.Meta)),
            effective,
            tuple(k for k in kids if isinstance(k, nodes.KeyResults)),
            years[0] if years else None,
            tuple(k for k in kids if isinstance(k, nodes.FieldLine)),
            tuple(k for k in kids if isinstance(k, nodes.Annotation)),
        )

    def on_meta(self, kids: list[Any], start: int, end: int) -> nodes.Meta:
        said, at = str(kids[1].value), self.span(kids[1].start, kids[1].end)
        first, colon, rest = fold(said).partition(":")
        if colon and name_key(first) in map(name_key, self.source.words.labels["METAKEY"]):  # 条款 条款：H3C-
            once = said[len(said) - len(rest) :].strip()
            self.problems.append(Diagnostic("POL271", at, "warning", {"name": said, "once": once}, fix=Fix(at, once)))
        return nodes.Meta(self.span(start, end), str(kids[0].value), said)

    def on_effective(self, kids: list[Any], start: int, end: int) -> nodes.Effective:
        first: Token = kids[0]
        begin = self.own_name(first) if first.type == "NAME" else self.day(first)
        return nodes.Effective(self.span(start, end), begin, self.day(kids[1]) if len(kids) > 1 else None)

    def on_keys(self, kids: list[Any], start: int, end: int) -> nodes.KeyResults:
        return nodes.KeyResults(self.span(start, end), tuple(self.own_name(k) for k in kids))

    def on_fiscal(self, kids: list[Any], start: int, end: int) -> nodes.FiscalYear:
        named = self.take_token(kids, "NAMEDBY")
        first = kids[0].value if kids[0].type == "MONTHDAY" else None
        listed = () if first else tuple(self.day(k) for k in kids)
        by_first = named is not None and named.value == "first"
        return nodes.FiscalYear(self.span(start, end), cast(Any, first), listed, by_first)

    # ------------------------------------------------------------------------------------------ types and facts
    def on_t_plain(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return nodes.Type(self.span(start, end), str(kids[0].value))

    def on_t_listed(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return self._choice("choice", kids, start, end)

    def on_t_count(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return nodes.Type(self.span(start, end), "count", unit=self.reader.unit(str(kids[0].value)) if kids else None)

    def on_t_money(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        said = {k.type: str(k.value) for k in kids}
        tax = said.get("TAX", said.get("TAXWORD"))
        return nodes.Type(self.span(start, end), "money", tax=cast(Any, tax), currency=said.get("CURRENCY", ""))

    def on_t_choice(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return self._choice("choice", kids, start, end)

    def on_t_multi(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return self._choice("choices", kids, start, end)

    def _choice(self, kind: str, kids: list[Any], start: int, end: int) -> nodes.Type:
        if kids and isinstance(kids[0], Token):
            return nodes.Type(self.span(start, end), kind, of=self.own_name(kids[0]))
        options = tuple(k for k in kids if isinstance(k, nodes.Option))
        return nodes.Type(self.span(start, end), kind, options=options, open=len(options) < len(kids))

    def on_option(self, kids: list[Any], start: int, end: int) -> nodes.Option:
        names = [str(k.value) for k in kids if k.type == "DEFNAME"]
        return nodes.Option(self.span(start, end), names[0], tuple(names[1:]))

    def on_open(self, kids: list[Any], start: int, end: int) -> str:
        return "open"

    def _attribute(self, kind: str, value: Any, start: int, end: int) -> Attribute:
        return Attribute(kind, value, self.span(start, end))

    def said(self, kids: list[Any]) -> dict[str, Any]:
        """What a declaration says about itself; each thing once, and not whether it is required twice."""
        found, seen = dict[str, Any](), set[str]()
        for one in kids:
            if isinstance(one, Attribute):
                about = "required" if one.kind == "optional" else one.kind
                if about in seen:
                    self.problems.append(Diagnostic("POL115", one.span))
                seen.add(about)
                found[one.kind] = one.value
        return found

    def on_required(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("required", True, start, end)

    def on_optional(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("optional", True, start, end)

    def on_default(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("default", self.expr(kids[0]), start, end)

    def on_derived(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("derived", self.expr(kids[1]), start, end)

    def on_within(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("within", self.own_name(kids[0]), start, end)

    def on_ordered(self, kids: list[Any], start: int, end: int) -> Attribute:
        if kids[0].value != "asc":
            self.problem("POL114", start, end, word=self.typed(start, end))
        return self._attribute("lowest_first", True, start, end)

    def on_over_time(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("over_time", self.span(start, end), start, end)

    def on_shared(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("shared", True, start, end)

    def on_default_none(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("default_none", True, start, end)

    def on_called(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("called", str(kids[0].value), start, end)

    def on_fact(self, kids: list[Any], start: int, end: int) -> nodes.Declaration:
        cites = self.cites(kids)
        return self._declaration(self.span(start, end), kids[0], kids[1], kids[2:], cites)

    def _declaration(
        self, span: Span, name: Token, kind: nodes.Type, about: list[Any], cites: tuple[str, ...]
    ) -> nodes.Declaration:
        said, alias = self.said(about), next((k for k in about if isinstance(k, Alias)), None)
        return nodes.Declaration(
            span,
            str(name.value),
            kind,
            "required" in said,
            "optional" in said,
            said.get("default"),
            tuple(k for k in about if isinstance(k, nodes.Range)),
            said.get("derived"),
            said.get("within"),
            "lowest_first" in said,
            alias.text if alias else None,
            cites,
            self.span(name.start, name.end),
            over_time=said.get("over_time"),
        )

    def on_must(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("required", True, start, end)

    def on_member(self, kids: list[Any], start: int, end: int) -> Member:
        cites = self.cites(kids)
        return Member(kids[0], tuple(kids[1:]), cites, self.span(start, end))

    def on_group(self, kids: list[Any], start: int, end: int) -> list[nodes.Declaration]:
        """A declaration for each name: what stands before the colon holds for all, a citation for the names before it
        that have none yet."""
        members = [k for k in kids if isinstance(k, Member)]
        shared = [k for k in kids[1:] if not isinstance(k, Member)]
        made, cites = list[nodes.Declaration](), tuple[str, ...]()
        for one in reversed(members):
            cites = one.cites or cites
            made.append(self._declaration(one.span, one.name, kids[0], [*shared, *one.said], cites))
        return made[::-1]

    def _noted(self, kids: list[Any]) -> tuple[list[Any], tuple[nodes.Annotation, ...]]:
        """Remarks belong to the line before them, of several names to the last; those before the first line to the
        block."""
        kids = [one for kid in kids for one in (kid if isinstance(kid, list) else (kid,))]
        out: list[Any] = []
        own: list[nodes.Annotation] = []
        gathered: dict[int, list[nodes.Annotation]] = {}
        for kid in kids:
            if not isinstance(kid, nodes.Annotation):
                out.append(kid)
            elif out and isinstance(out[-1], nodes.Declaration | nodes.Parameter):
                gathered.setdefault(len(out) - 1, []).append(kid)
            else:
                own.append(kid)
        for i, notes in gathered.items():
            out[i] = replace(out[i], notes=tuple(notes))
        return out, tuple(own)

    def on_data(self, kids: list[Any], start: int, end: int) -> nodes.Data:
        cites = self.take(kids, Cites)
        facts, notes = self._noted(kids)
        return nodes.Data(self.span(start, end), tuple(facts), notes, cites.texts if cites else ())

    def on_only(self, kids: list[Any], start: int, end: int) -> nodes.OnlyCount:
        cites = self.cites(kids)
        return nodes.OnlyCount(self.span(start, end), self.expr(kids[0]), cites)

    def on_keyline(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("key", self.own_name(kids[0]), start, end)

    def on_happens(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("happens", self.own_name(kids[0]), start, end)

    def on_head_key(self, kids: list[Any], start: int, end: int) -> Attribute:
        return Attribute("key", self.own_name(kids[0]), self.span(start, end), declares=True)

    def on_head_happens(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self.on_happens(kids, start, end)

    def _key_field(self, kids: list[Any], fields: list[nodes.Declaration]) -> list[nodes.Declaration]:
        """The column that the heading alone names as the key; none where a line declares it."""
        key = next((k.value for k in kids if isinstance(k, Attribute) and k.kind == "key" and k.declares), None)
        if key is None or any(name_key(f.name) == name_key(key.text) for f in fields):
            return []
        plain = [f.name for f in fields if f.type.kind == "text" and f.required]
        if near := next((name for name in plain if misspelt(name_key(name), name_key(key.text))), None):
            self.problems.append(Diagnostic("POL129", key.span, args={"word": key.text, "near": near}))
        at, kind = key.span, nodes.Type(key.span, "text")
        return [nodes.Declaration(at, key.text, kind, True, False, None, (), None, None, False, None, (), at)]

    def on_ledger(self, kids: list[Any], start: int, end: int) -> nodes.Ledger:
        cites, alias = self.take(kids, Cites), self.take(kids, Alias)
        name: Token = kids.pop(0)
        said = self.said(kids)
        rest, notes = self._noted([k for k in kids if not isinstance(k, Attribute)])
        fields = [k for k in rest if isinstance(k, nodes.Declaration)]
        return nodes.Ledger(
            self.span(start, end),
            str(name.value),
            self.span(name.start, name.end),
            said.get("called"),
            "shared" in said,
            "default_none" in said,
            alias.text if alias else None,
            said.get("key"),
            said.get("happens"),
            tuple(k for k in rest if isinstance(k, nodes.OnlyCount)),
            (*self._key_field(kids, fields), *fields),
            notes,
            cites.texts if cites else (),
        )

    def on_param(self, kids: list[Any], start: int, end: int) -> nodes.Parameter:
        cites, alias = self.cites(kids), self.take(kids, Alias)
        name: Token = kids[0]
        return nodes.Parameter(
            self.span(start, end),
            str(name.value),
            self.span(name.start, name.end),
            alias.text if alias else None,
            self.expr(kids[2]),
            tuple(k for k in kids if isinstance(k, nodes.DatedValue)),
            cites,
        )

    def on_rate(self, kids: list[Any], start: int, end: int) -> nodes.Parameter:
        cites, value = self.cites(kids), self.expr(kids[2])
        one, pair = kids[0], self._pair(kids[0], value.currency if isinstance(value, nodes.Money) else "")
        dated = tuple(k for k in kids if isinstance(k, nodes.DatedValue))
        at = self.span(one.start, one.end)
        return nodes.Parameter(self.span(start, end), "/".join(pair), at, None, value, dated, cites, rate=pair)

    def on_open_rate(self, kids: list[Any], start: int, end: int) -> nodes.Declaration:
        cites, pair = self.cites(kids), self._pair(kids[0], kids[1].currency)
        made = self._declaration(self.span(start, end), kids[0], kids[1], kids[2:], cites)
        return replace(made, name="/".join(pair), rate=pair)

    def _pair(self, one: Token, other: str) -> tuple[str, str]:
        """The currency of which a rate says what one is worth, and the one it says that in."""
        amount, code = cast(tuple[Fraction, str], one.value)
        if amount != 1 or other in ("", code):
            self.problem("POL460", one.start, one.end, word=self.typed(one.start, one.end))
        return code, other

    def on_dated(self, kids: list[Any], start: int, end: int) -> nodes.DatedValue:
        return nodes.DatedValue(self.span(start, end), self.day(kids[0]), self.expr(kids[1]))

    def on_params(self, kids: list[Any], start: int, end: int) -> nodes.Parameters:
        cites = self.take(kids, Cites)
        lines, notes = self._noted(kids)
        return nodes.Parameters(
            self.span(start, end),
            tuple(k for k in lines if isinstance(k, nodes.Parameter)),
            tuple(k for k in lines if isinstance(k, nodes.Declaration)),
            notes,
            cites.texts if cites else (),
        )

    def on_said(self, kids: list[Any], start: int, end: int) -> Attribute:
        if kids[0].value != int(kids[0].value):
            self.problem("POL102", kids[0].start, kids[0].end, word=self.typed(kids[0].start, kids[0].end))
        return self._attribute("said", int(kids[0].value), start, end)

    def on_optionlist(self, kids: list[Any], start: int, end: int) -> nodes.OptionList:
        cites, name = self.take(kids, Cites), cast(Token, kids[0])
        said = self.said(kids)
        return nodes.OptionList(
            self.span(start, end),
            str(name.value),
            self.span(name.start, name.end),
            tuple(k for k in kids if isinstance(k, nodes.Option)),
            "open" in kids,
            "lowest_first" in said,
            said.get("said"),
            tuple(k for k in kids if isinstance(k, nodes.Annotation)),
            cites.texts if cites else (),
        )

    def on_measurelist(self, kids: list[Any], start: int, end: int) -> nodes.MeasureList:
        names = tuple(nodes.Name(self.span(k.start, k.end), str(k.value)) for k in kids if isinstance(k, Token))
        return nodes.MeasureList(
            self.span(start, end), names, tuple(k for k in kids if isinstance(k, nodes.Annotation))
        )

    # ------------------------------------------------------------------------------------------ tables
    def on_header(self, kids: list[Any], start: int, end: int) -> tuple[nodes.HeaderCell, ...]:
        self.cites(kids)
        return tuple(kids)

    def on_hcell(self, kids: list[Any], start: int, end: int) -> nodes.HeaderCell:
        text: Token = kids[0]
        of = self.own_name(kids[1]) if len(kids) > 1 else None
        return nodes.HeaderCell(self.span(text.start, text.end), str(text.value), of)

    def on_drow(self, kids: list[Any], start: int, end: int) -> nodes.RawRow:
        cites = self.cites(kids)
        return nodes.RawRow(
            self.span(start, end), tuple(nodes.RawCell(self.span(k.start, k.end), str(k.value)) for k in kids), cites
        )

    def on_rrow(self, kids: list[Any], start: int, end: int) -> nodes.RuleRow:
        cites = self.cites(kids)
        return nodes.RuleRow(self.span(start, end), tuple(kids), cites)

    def on_rtable(self, kids: list[Any], start: int, end: int) -> nodes.RuleTable:
        if isinstance(kids[0], Crossed):
            return in_plain_rows(self, kids[0], kids[1:], self.span(start, end))
        return nodes.RuleTable(self.span(start, end), kids[0], tuple(kids[1:]))

    def on_crossed(self, kids: list[Any], start: int, end: int) -> Crossed:
        self.cites(kids)
        heads = [self.on_hcell([k], start, end) if isinstance(k, Token) else k for k in kids]
        plain = [one for one in heads if isinstance(one, nodes.HeaderCell)]
        cells = tuple(one for one in heads if not isinstance(one, nodes.HeaderCell))
        first, last = (self.source.offset_of(one.span) for one in plain[-2:])
        return Crossed(self.span(first[0], last[1]), tuple(plain[:-1]), plain[-1], cells)

    def on_table(self, kids: list[Any], start: int, end: int) -> nodes.Table | list[nodes.Block]:
        cites, alias, limits = self.take(kids, Cites), self.take(kids, Alias), self.take(kids, nodes.RangeLine)
        header, key = self.take(kids, tuple), self.take(kids, Attribute)
        name: Token = kids[0]
        heads = [name_key(head.text) for head in header or ()]
        keyed = name_key(key.value.text) if key else ""
        at = heads.index(keyed) if keyed in heads else 0
        made = nodes.Table(
            self.span(start, end),
            str(name.value),
            self.span(name.start, name.end),
            alias.text if alias else None,
            key.value if key else None,
            limits,
            header or (),
            tuple(row for k in kids if isinstance(k, nodes.RawRow) for row in self._rows(k, at)),
            tuple(k for k in kids if isinstance(k, nodes.Annotation)),
            cites.texts if cites else (),
        )
        parts = looked_up(self, made, at)
        return parts if len(parts) > 1 else made

    def _rows(self, row: nodes.RawRow, at: int) -> Iterator[nodes.RawRow]:
        """A row for each key that stands in the cell of the keys."""
        if at >= len(row.cells):
            yield row
            return
        cell = row.cells[at]
        begin = self.source.offset_of(cell.span)[0]
        found = [
            nodes.RawCell(self.span(begin + first, begin + last), key)
            for first, last in listed(cell.text) for key in members(cell.text[first:last], self.source.words)
        ]
        if len(found) == 1 and len([*listed(inner := cell.text.strip("“”\"「」『』 "))]) > 1:
            found = [nodes.RawCell(cell.span, inner)]  # quoted, because it would be read as several
        elif len(found) < 2:
            found = [cell]
        for one in found:
            yield replace(row, cells=(*row.cells[:at], one, *row.cells[at + 1 :]))

    # ------------------------------------------------------------------------------------------ clauses
    def on_outcomes(self, kids: list[Any], start: int, end: int) -> nodes.Type:
        return self._choice("choice", kids, start, end)

    def on_lasting(self, kids: list[Any], start: int, end: int) -> tuple[nodes.Line, ...]:
        """``D 后 60天``, ``60 days after D``, ``自 D 起 60天``, ``自 D 至 E``: the lines that say the same."""
        if isinstance(kids[0], nodes.Start):
            told: nodes.Start = kids[0]
        elif (short := self.take(kids, Short)) is not None:
            return self._short(self.expr(kids[0]), short.length, self.span(start, end))
        else:
            first, length = map(self.expr, kids if self.source.words.code == "zh" else reversed(kids))
            if not isinstance(length, nodes.Duration | nodes.Name):
                low, high = self.source.offset_of(length.span)
                self.problem("POL138", low, high, word=self.typed(low, high))
                length = nodes.Duration(length.span, Fraction(0), "D")
            told = nodes.Start(self.span(start, end), first, False, length, None)
        lines: list[nodes.Line] = [nodes.StartLine(self._begins(told), told.start, told.same_day, ())]
        if told.length is not None:
            lines.append(nodes.LengthLine(told.length.span, told.length, ()))
        if told.end is not None:
            lines.append(nodes.FieldLine(told.end.span, "due", told.end, ()))
        return tuple(lines)

    def _short(self, first: nodes.Expr, length: nodes.Expr, span: Span) -> tuple[nodes.Line, ...]:
        """``D 后 不到 72小时``: to the second before they have passed."""
        if not isinstance(length, nodes.Duration) or length.unit not in ("H", "MIN", "SEC"):
            low, high = self.source.offset_of(length.span)
            self.problem("POL145", low, high, word=self.typed(low, high))
            return (nodes.StartLine(first.span, first, False, ()), nodes.FieldLine(span, "due", first, ()))
        full = nodes.Arith(span, "+", first, length)
        last = nodes.Arith(span, "-", full, nodes.Duration(length.span, Fraction(1), "SEC"))
        return nodes.StartLine(first.span, first, False, ()), nodes.FieldLine(span, "due", last, ())

    def _cases(self, kind: str, lines: tuple[nodes.Line, ...]) -> Iterator[nodes.Line]:
        """The lines; one whose day moves off rest days under a condition is a case, and one without it behind it."""
        for line in lines:
            one = line.values[0] if isinstance(line, nodes.Case | nodes.Otherwise) else None
            made = self.rolled.pop(id(one), None)
            if made is None or one is None:
                yield line
            elif "case" not in traits(kind).lines:
                self.problem("POL146", *self.source.offset_of(made.span))
                yield line
            elif isinstance(line, nodes.Case):
                asked = line.condition.items if isinstance(line.condition, nodes.And) else (line.condition,)
                both = nodes.And(made.span, (*asked, made.condition))
                yield replace(line, condition=both)
                yield replace(line, values=(made.plain,))
            elif isinstance(line, nodes.Otherwise):
                yield nodes.Case(line.span, made.condition, (made.moved,), False, line.cites)
                yield replace(line, values=(made.plain,))

    def _begins(self, told: nodes.Start) -> Span:
        """The first day, with the word that counts it, if there is one."""
        if not told.same_day or told.length is None:
            return told.start.span
        first, behind = (self.source.offset_of(node.span)[0] for node in (told.start, told.length))
        return self.span(first, first + len(self.typed(first, behind).rstrip()))

    def on_clause(self, kids: list[Any], start: int, end: int) -> nodes.Clause | list[nodes.Clause]:
        kind: Kind = kids[0]
        name: Token = kids[1]
        lasting = self.take(kids, tuple) or ()
        rest = kids[2:]
        alias, outcome, table = self.take(rest, Alias), self.take(rest, nodes.Type), self.take(rest, nodes.RuleTable)
        cites: tuple[str, ...] = ()
        formula: nodes.Expr | None = None
        if rest and isinstance(rest[0], Token) and rest[0].type == "EQ":
            del rest[0]
        moved: tuple[nodes.Line, ...] = ()
        if rest and isinstance(rest[0], RolledIf):
            said: RolledIf = rest.pop(0)
            if "case" in traits(kind.name).lines:
                moved = (nodes.Otherwise(said.span, self.values(said), False, None, ()),)
            else:
                self.problem("POL146", *self.source.offset_of(said.span))
                formula = nodes.YesNo(said.span, True)
        elif rest and not isinstance(rest[0], Cites | nodes.Line):
            formula = self.expr(rest.pop(0))
        if rest and isinstance(rest[0], Cites):
            cites = rest.pop(0).texts
        made = nodes.Clause(
            self.span(start, end),
            kind.name,
            str(name.value),
            self.span(name.start, name.end),
            alias.text if alias else None,
            formula,
            outcome,
            cites,
            (*lasting, *self._cases(kind.name, (*moved, *rest))),
            table,
        )
        if wrong := misplaced(made):
            self.problems.append(wrong)
            made = replace(made, table=None)
        parts = apart(self, made)
        return parts if len(parts) > 1 else parts[0]

    def on_given_cell(self, kids: list[Any], start: int, end: int) -> Given:
        name: Token = kids[0]
        if not self.source.norm[name.start - 1].isspace():
            self.problem("POL151", start, end, read=self.typed(start, end))
        return Given(self.span(start, end), str(name.value), self.span(name.start, name.end))

    def on_heads(self, kids: list[Any], start: int, end: int) -> tuple[nodes.HeaderCell, ...]:
        return tuple(self.on_hcell([kid], start, end) for kid in kids)

    def on_brow(self, kids: list[Any], start: int, end: int) -> BlockRow:
        cites = self.cites(kids)
        return BlockRow(self.span(start, end), kids[0], tuple(kids[1:]), cites)

    def on_blocks(self, kids: list[Any], start: int, end: int) -> list[nodes.Clause]:
        return clauses_in_rows(self, kids)

    def on_slot(self, kids: list[Any], start: int, end: int) -> Slot:
        return Slot(self.span(start, end), kids)

    def on_quota_cell(self, kids: list[Any], start: int, end: int) -> nodes.Line:
        return cast(nodes.Line, self.line(nodes.Quota)(kids, start, end))

    # ------------------------------------------------------------------------------------------ duties
    def on_duty(self, kids: list[Any], start: int, end: int) -> Duty:
        return Duty(tuple(kids), self.span(start, end))

    def on_duties(self, kids: list[Any], start: int, end: int) -> list[nodes.Clause]:
        """A rule for each duty, with its words as a note; the citation of the heading holds for those without one."""
        heading = self.take(kids, Cites)
        shared = heading.texts if heading else ()
        cites = [next((k.texts for k in duty.kids if isinstance(k, Cites)), shared) for duty in kids]
        word = self.source.words.canonical["_DUTY"][0]
        unnamed = [c for duty, c in zip(kids, cites, strict=True) if duty.kids[0].type == "SAID"]
        names = called(word, unnamed)
        made = [self._recorded(duty, own, names) for duty, own in zip(kids, cites, strict=True)]
        return made if len(made) > 1 else [replace(made[0], span=self.span(start, end))]

    def _recorded(self, duty: Duty, cites: tuple[str, ...], names: Iterator[str]) -> nodes.Clause:
        said = next(k for k in duty.kids if isinstance(k, Token) and k.type == "SAID")
        first: Token = duty.kids[0]
        name = str(first.value) if first is not said else next(names)
        if not name:
            self.problem("POL142", said.start, said.end)
        note = nodes.Annotation(self.span(said.start, said.end), "note", str(said.value))
        lines = (note, *(k for k in duty.kids if isinstance(k, nodes.FieldLine | nodes.Annotation)))
        at = self.span(first.start, first.end)
        return nodes.Clause(duty.span, "rule", name, at, None, None, None, cites, lines, None)

    # ------------------------------------------------------------------------------------------ examples
    def on_example(self, kids: list[Any], start: int, end: int) -> nodes.Example:
        cites, when = self.take(kids, Cites), self.take(kids, date)
        return nodes.Example(
            self.span(start, end),
            str(kids[0].value),
            when,
            tuple(b for k in kids if isinstance(k, list) for b in k if isinstance(b, nodes.Binding)),
            tuple(k for k in kids if isinstance(k, nodes.GivenRows)),
            tuple(b for k in kids if isinstance(k, list) for b in k if isinstance(b, nodes.Outcome)),
            tuple(k for k in kids if isinstance(k, nodes.ExpectRows)),
            tuple(k for k in kids if isinstance(k, nodes.Annotation)),
            cites.texts if cites else (),
        )

    def on_asof(self, kids: list[Any], start: int, end: int) -> date | datetime:
        return cast(date, kids[0].value)

    def on_given(self, kids: list[Any], start: int, end: int) -> list[Any]:
        return kids

    def on_expect(self, kids: list[Any], start: int, end: int) -> list[Any]:
        return kids

    def on_given_rows(self, kids: list[Any], start: int, end: int) -> nodes.GivenRows:
        return nodes.GivenRows(self.span(start, end), self.name(kids[0]), kids[1], tuple(kids[2:]))

    def on_expect_rows(self, kids: list[Any], start: int, end: int) -> nodes.ExpectRows:
        return nodes.ExpectRows(self.span(start, end), self.name(kids[0]), kids[1], tuple(kids[2:]))

    def on_binding(self, kids: list[Any], start: int, end: int) -> nodes.Binding:
        value = kids[2]
        values = value.items if isinstance(value, Several) else (self.expr(value),)
        return nodes.Binding(self.span(start, end), self.own_name(kids[0]), values)

    def on_rate_binding(self, kids: list[Any], start: int, end: int) -> nodes.Binding:
        one, value = kids[0], self.expr(kids[2])
        pair = self._pair(one, value.currency if isinstance(value, nodes.Money) else "")
        name = nodes.Name(self.span(one.start, one.end), "/".join(pair))
        return nodes.Binding(self.span(start, end), name, (value,))

    def on_ref(self, kids: list[Any], start: int, end: int) -> tuple[Any, ...]:
        period = self.take(kids, nodes.Period)
        return self.name(kids[0]), self.name(kids[1]) if len(kids) > 1 else None, period

    def on_period(self, kids: list[Any], start: int, end: int) -> nodes.Expr:
        return self.expr(kids[0])

    def _outcome(self, ref: tuple[Any, ...], start: int, end: int, *said: Any) -> nodes.Outcome:
        name, part, period = ref
        return nodes.Outcome(self.span(start, end), name, part, period, *said)

    def on_gets(self, kids: list[Any], start: int, end: int) -> nodes.Outcome:
        return self._outcome(kids[0], start, end, self.expr(kids[2]))

    def on_gets_between(self, kids: list[Any], start: int, end: int) -> nodes.Outcome:
        return self._outcome(kids[0], start, end, self.expr(kids[2]), self.expr(kids[3]))

    def on_gets_one_of(self, kids: list[Any], start: int, end: int) -> nodes.Outcome:
        return self._outcome(kids[0], start, end, None, None, self.exprs(kids[1:]))

    def on_stands(self, kids: list[Any], start: int, end: int) -> nodes.Outcome:
        lacking = tuple(self.own_name(k) for k in kids[2:])
        return self._outcome(kids[0], start, end, None, None, (), str(kids[1].value), lacking)

    # ------------------------------------------------------------------------------------------ parts of the document
    def on_section(self, kids: list[Any], start: int, end: int) -> nodes.Section:
        cites = self.take(kids, Cites)
        title = next((str(k.value) for k in kids if isinstance(k, Token)), "")
        said = [k for k in kids if isinstance(k, nodes.FieldLine)]
        lines = [line for line in said if line.key == "for"][:1]
        for line in said:
            if line not in lines:
                low, high = self.source.offset_of(line.span)
                self.problem("POL143", low, high, word=self.typed(low, high))
        return nodes.Section(self.span(start, end), title, tuple(lines), cites.texts if cites else ())

    # ------------------------------------------------------------------------------------------ other files
    def on_use(self, kids: list[Any], start: int, end: int) -> nodes.Use:
        file = cast(nodes.Text, self.expr(kids[0]))
        return nodes.Use(self.span(start, end), file, tuple(self.own_name(k) for k in kids[1:]))

    def on_step(self, kids: list[Any], start: int, end: int) -> nodes.Name | nodes.Builtin:
        word: Token = kids[0]
        if word.type == "NAME":
            return self.own_name(word)
        return nodes.Builtin(self.span(word.start, word.end), str(word.value), self.typed(word.start, word.end))

    def on_of_when(self, kids: list[Any], start: int, end: int) -> nodes.Builtin:
        return nodes.Builtin(self.span(start, end), "when", self.typed(start, end))

    def on_of_unless(self, kids: list[Any], start: int, end: int) -> nodes.Builtin:
        return nodes.Builtin(self.span(start, end), "unless", self.typed(start, end))

    def on_of_else(self, kids: list[Any], start: int, end: int) -> nodes.Builtin:
        return nodes.Builtin(self.span(start, end), "otherwise", self.typed(start, end))

    def on_path(self, kids: list[Any], start: int, end: int) -> tuple[Any, ...]:
        return tuple(kids)

    def on_was(self, kids: list[Any], start: int, end: int) -> Attribute:
        return self._attribute("was", self._cell(kids[0], start, end), start, end)

    def on_amend(self, kids: list[Any], start: int, end: int) -> nodes.Amend:
        path, was = self.take(kids, tuple) or (), self.take(kids, Attribute)
        cites, notes = self._said_with(kids)
        new = self._cell(kids[0], start, end)
        return nodes.Amend(self.span(start, end), path, was.value if was else None, new, cites, notes)

    def on_prolong(self, kids: list[Any], start: int, end: int) -> nodes.Prolong:
        cites, notes = self._said_with(kids)
        days = [self.day(token) for token in kids]
        return nodes.Prolong(self.span(start, end), days[0], days[1] if len(days) > 1 else None, cites, notes)

    def on_repeal(self, kids: list[Any], start: int, end: int) -> nodes.Repeal:
        cites, notes = self._said_with(kids)
        return nodes.Repeal(self.span(start, end), tuple(self.own_name(k) for k in kids), cites, notes)

    def on_replace(self, kids: list[Any], start: int, end: int) -> nodes.Replace:
        block, *parts = kids[0] if isinstance(kids[0], list) else (kids[0],)
        return nodes.Replace(self.span(start, end), block, tuple(parts))

    def _said_with(self, kids: list[Any]) -> tuple[tuple[str, ...], tuple[nodes.Annotation, ...]]:
        """Takes the citations and the notes of a change out of the children."""
        cites = self.take(kids, Cites)
        notes = tuple(k for k in kids if isinstance(k, nodes.Annotation))
        kids[:] = [k for k in kids if not isinstance(k, nodes.Annotation)]
        return cites.texts if cites else (), notes

    def _cell(self, kid: Any, start: int, end: int) -> nodes.Cell:
        """A value as a cell of a table would hold it, at its own place."""
        if isinstance(kid, Token):
            start, end = kid.start, kid.end
        elif isinstance(kid, nodes.Node):
            start, end = self.source.offset_of(kid.span)
        return self.on_cell([kid], start, end)
