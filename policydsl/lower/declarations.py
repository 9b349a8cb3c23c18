"""Facts, ledgers, parameters and lookup tables to the inputs and lists of the core program."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.calendar import measure
from policydsl.diagnostics import LANGUAGES
from policydsl.kinds import ANY_KIND, DATE, DATED, TEXT, YESNO, Choice, Duration, Exact, Kind
from policydsl.lower import kinds as rules
from policydsl.lower.blanks import blank
from policydsl.lower.build import const, fact
from policydsl.lower.context import Lowering, tell
from policydsl.lower.lasting import no_rows, rows_of
from policydsl.place import NOWHERE, Span
from policydsl.text.fold import name_key
from policydsl.text.keywords import dialect

COLON = re.compile("[：:]")


def kind_of(low: Lowering, t: n.Type, name: str, ordered: bool = False, owner: str = "") -> Kind:
    """The kind that a declaration names. Its options are a choice of that name, if it is not of an option list."""
    if t.of is not None:
        if ordered:
            low.problem("POL329", t.span, read=name, list=t.of.text)
        return replace(listed(low, t.of), base=t.kind)  # type: ignore[arg-type]
    distinct(low, t.options, name)
    if len(t.options) == 1 and not t.options[0].spellings and (meant := near_lists(low, t.options[0].name)):
        low.problem("POL332", t.options[0].span, severity="warning", read=t.options[0].name, suggestions=meant)
    choice = choice_of(t.options, Choice(name, (), ordered, t.open, owner=owner)) if t.options else None
    own = low.money(t.tax, t.currency) if t.kind == "money" else None
    return own or Kind(t.kind, t.unit, t.tax, choice)  # type: ignore[arg-type]


def listed(low: Lowering, name: n.Name) -> Kind:
    """One of the options of a list."""
    low.names.used.add(name.text)
    symbol = low.names.find(name.text)
    if symbol is None or not isinstance(symbol.node, n.OptionList):
        return ANY_KIND  # something else has the name of the list too, which is told where that is declared
    block = symbol.node
    return Kind("choice", choice=choice_of(block.options, Choice(block.name, (), block.lowest_first, block.open)))


def near_lists(low: Lowering, word: str) -> tuple[str, ...]:
    """The option lists of a similar name."""
    return low.close(word, [s.name for s in low.names.symbols.values() if isinstance(s.node, n.OptionList)])


def choice_of(options: tuple[n.Option, ...], of: Choice) -> Choice:
    """The choice with its options."""
    spellings = tuple((s, o.name) for o in options for s in o.spellings)
    return replace(of, options=tuple(o.name for o in options), spellings=spellings)


def distinct(low: Lowering, options: tuple[n.Option, ...], name: str) -> None:
    """Report a word for two of the options, the word for others (等) where it would be one of them, and the name of an
    option list: its options are not among these."""
    known: dict[str, n.Option] = {}
    others = {name_key(w) for code in LANGUAGES for w in dialect(code).others}
    for option in options:
        if name_key(option.name) in others:
            low.problem("POL219", option.span, read=low.text(option.span), name=name)
        if (symbol := low.names.find(option.name)) is not None and isinstance(symbol.node, n.OptionList):
            low.problem("POL331", option.span, read=option.name)
        for word in dict.fromkeys(name_key(w) for w in (option.name, *option.spellings)):
            other = known.setdefault(word, option)
            if other is not option:
                low.problem("POL328", option.span, read=low.text(option.span), other=low.text(other.span), name=name)


def shell(low: Lowering, d: n.Declaration, parameter: bool = False, owner: str = "") -> c.InputDecl:
    """A declaration with its kind; its terms follow when all names have kinds. ``owner``: the ledger of a field."""
    return c.InputDecl(
        d.name, d.alias, kind_of(low, d.type, d.name, d.lowest_first, owner), d.name_span, d.required, d.optional,
        parameter=parameter, clauses=low.readers.of(d), notes=tuple(a.text for a in d.notes),
    )


def no_line(low: Lowering, d: n.Declaration) -> None:
    """``主键 单号：文本`` is no field of that name: the colon belongs behind the first word."""
    zh, en = (dialect(code).canonical for code in ("zh", "en"))
    for word in (*zh["_KEY"], *zh["_HAPPENS"], *en["_HAPPENS"]):  # a key account is one
        if d.name.startswith(f"{word} "):
            low.problem("POL538", d.name_span, read=d.name, word=word, rest=d.name.removeprefix(word).strip())


def declare_all(low: Lowering) -> None:
    """Every input and list with its kinds, so that expressions can be lowered in any order."""
    for block in low.file.blocks:
        match block:
            case n.OptionList():
                distinct(low, block.options, block.name)
                found = len(block.options)
                if block.said not in (None, found):
                    low.problem("POL425", block.name_span, name=block.name, said=str(block.said), found=str(found))
            case n.Data():
                for d in block.facts:
                    low.inputs.setdefault(d.name, shell(low, d))
                    if d.over_time is not None:
                        low.lists.setdefault(d.name, rows_of(low, d, low.inputs[d.name]))
            case n.Parameters():
                for d in block.open:
                    no_rows(low, d)
                    low.inputs.setdefault(d.name, shell(low, d, parameter=True))
                for p in block.settled:
                    kind = settled_kind(low, p)
                    low.inputs.setdefault(
                        p.name,
                        c.InputDecl(p.name, p.alias, kind, p.name_span, parameter=True, clauses=low.readers.of(p),
                                    notes=tuple(a.text for a in p.notes)),
                    )
            case n.Ledger():
                for d in block.fields:
                    no_rows(low, d)
                    no_line(low, d)
                fields = tuple(shell(low, d, owner=block.name) for d in low.names.fields.get(block.name, {}).values())
                key = None
                if block.key is not None:
                    key = next((f.name for f in fields if name_key(f.name) == name_key(block.key.text)), None)
                    if key is None:
                        low.problem("POL208", block.key.span, read=block.key.text, table=block.name,
                                    columns="、".join(f.name for f in fields))
                happens = None
                if block.happens is not None:
                    happens = next((f.name for f in fields if name_key(f.name) == name_key(block.happens.text)), None)
                    if happens is None:
                        low.problem("POL208", block.happens.span, read=block.happens.text, table=block.name,
                                    columns="、".join(f.name for f in fields))
                    elif (kind := next(f.kind for f in fields if f.name == happens)).base not in DATED:
                        low.problem("POL309", block.happens.span, read=happens, kind="date|instant", found=tell(kind))
                        happens = None
                if not fields:
                    low.problem("POL402", block.name_span, read=block.name, line="field")
                    fields = (c.InputDecl("?", None, TEXT, block.name_span),)
                low.lists.setdefault(
                    block.name,
                    c.ListDecl(
                        block.name, block.alias, "sheet", fields, block.name_span, key, happens,
                        shared=block.shared, default_none=block.default_none, clauses=block.cites,
                        notes=tuple(a.text for a in block.notes),
                    ),
                )
            case _:
                pass
    for block in low.file.blocks:
        if isinstance(block, n.Table):
            low.lists.setdefault(block.name, table_shell(low, block))
        if isinstance(block, n.Clause) and traits(block.kind).reading == "score" and block.table is not None:
            from policydsl.kinds import PERCENT, POINTS
            from policydsl.lower.tables import WEIGHT

            kinds = [TEXT, POINTS, POINTS]
            if len(block.table.header) > 1 and block.table.header[1].text.strip().lower() in WEIGHT:
                kinds[1] = PERCENT
            low.lists.setdefault(
                block.name,
                c.ListDecl(
                    block.name, None, "rows",
                    tuple(
                        c.InputDecl(h.text, None, k, h.span) for h, k in zip(block.table.header, kinds, strict=False)
                    ),
                    block.name_span,
                ),
            )
    everyone = tuple(i for i in low.inputs.values() if not i.parameter)
    at = low.file.policy.span if low.file.policy else NOWHERE
    low.lists[c.POPULATION] = c.ListDecl(c.POPULATION, None, "parties", everyone, at)




def literal_kind(node: n.Expr, low: Lowering | None = None) -> Kind:
    """The kind of a parameter's value; amounts have a currency if it is known which is the policy's own."""
    match node:
        case n.Number():
            return Kind("number")
        case n.Percent():
            return Kind("percent")
        case n.Money():
            return Kind("money", tax=node.tax) if low is None else low.money(node.tax, node.currency)
        case n.Count():
            return Kind("count", unit=node.unit)
        case n.Points():
            return Kind("points")
        case n.Duration():
            return Kind("duration", unit=node.unit)
        case n.Date():
            return DATE
        case n.Instant():
            return Kind("instant")
        case n.Period():
            return Kind("period", unit=node.kind)
        case n.Stretch():
            return Kind("period", unit="free")
        case n.Text():
            return TEXT
        case n.YesNo():
            return YESNO
        case n.Ordinal():
            return Kind("ordinal")
        case n.Paren() | n.Negative():
            return literal_kind(node.inner, low)
        case _:
            return ANY_KIND


def settled_kind(low: Lowering, p: n.Parameter) -> Kind:
    """The kind of a parameter with a value. An option makes a choice of its own, which the author may widen."""
    values = (p.value, *(d.value for d in p.dated))
    words = [v.text for v in values if isinstance(v, n.Name) and low.names.find(v.text) is None]
    options = tuple(dict.fromkeys(o for word in words if (o := low.names.option(word)) is not None))
    if not options or len(words) < len(values):
        return literal_kind(p.value, low)
    return Kind("choice", choice=placed(low, Choice(p.name, options, open=True)))


def placed(low: Lowering, own: Choice) -> Choice:
    """The choice that options without a declaration are known to be of, else one of their own."""
    known = low.known.get(own)
    if known is None:
        low.undeclared.add(own)
    return known or own


# ---------------------------------------------------------------------------------------------- lookup tables
def table_shell(low: Lowering, block: n.Table) -> c.ListDecl:
    """A 表 with its columns' kinds, read from the cells: every cell of a column must read alike."""
    from policydsl.lower.tables import torn

    width = len(block.header)
    whole = not torn(low, block.header, [len(row.cells) for row in block.rows])
    for row in block.rows:
        if len(row.cells) != width and whole:
            low.problem("POL405", row.span, found=str(len(row.cells)), wanted=str(width))
    rows = [r for r in block.rows if len(r.cells) == width]
    kinds: list[Kind] = []
    cells: list[list[c.AnyTerm]] = []
    key_index = 0
    if block.key is not None:
        key_index = next((i for i, h in enumerate(block.header) if name_key(h.text) == name_key(block.key.text)), 0)
    for column in range(width):
        head, spans = block.header[column], [r.cells[column].span for r in rows]
        texts = [r.cells[column].text.strip() for r in rows]
        # what is not stated has no value, of whatever kind the others are; a key is what it is
        silent = [column != key_index and unstated(low, t) for t in texts]
        told = ["" if quiet else text for text, quiet in zip(texts, silent, strict=True)]
        name = None if column == key_index else Choice(head.text, (), owner=block.name)
        if head.of is None and (named := COLON.split(head.text, maxsplit=1)[1:]):
            read = named[0].strip()
            low.problem("POL332", head.span, read=read, suggestions=near_lists(low, read))
        if head.of is not None:
            kind, terms = listed_column(low, told, spans, listed(low, head.of))
        else:
            kind, terms = read_column(low, told, spans, name)
        terms = [
            c.NoValue("not_stated", kind=kind, at=span) if quiet else term
            for term, quiet, span in zip(terms, silent, spans, strict=True)
        ]
        if not rows and column != key_index and head.of is None:
            kind = ANY_KIND  # a table that the author has yet to supply may hold anything
        kinds.append(kind)
        cells.append(terms)
    seen: dict[object, n.RawRow] = {}
    for row, term in zip(rows, cells[key_index], strict=True):
        text = row.cells[key_index].text
        # an option has several spellings, a number too
        value = term.value if isinstance(term, c.Const) else None
        key = name_key(value if isinstance(value, str) else text) if value is None or isinstance(value, str) else value
        same = measure(key) if isinstance(key, Duration) else key  # 1年 and 12个月 are one
        if same in seen:
            low.problem("POL412", row.span, read=text, line=str(seen[same].span.line))
        seen.setdefault(same, row)
    fields = tuple(c.InputDecl(h.text, None, k, h.span) for h, k in zip(block.header, kinds, strict=True))
    built = tuple(
        c.RowDecl(tuple(cells[col][i] for col in range(width)), row.cites or block.cites, row.span,
                  row.cells[key_index].text if width else "")
        for i, row in enumerate(rows)
    )
    return c.ListDecl(
        block.name, block.alias, "rows", fields, block.name_span, block.header[key_index].text if width else None,
        rows=built, supplied=bool(rows), clauses=block.cites, notes=tuple(a.text for a in block.notes),
    )


def unstated(low: Lowering, text: str) -> bool:
    """Whether a cell says that the document does not say."""
    words = dialect(low.file.dialect).builtins
    return any(key == "not_stated" and name_key(word) == name_key(text) for word, key in words.items())


def listed_column(
    low: Lowering, texts: list[str], spans: list[Span], kind: Kind
) -> tuple[Kind, list[c.AnyTerm]]:
    """A column that says of which list its cells are."""
    terms: list[c.AnyTerm] = []
    for text, span in zip(texts, spans, strict=True):
        option = const(low.names.option(text) or text, Kind("choice"), span)
        terms.append(rules.fit_choice(low, option, kind) if text else blank(kind, span))
    return kind, terms


def read_column(
    low: Lowering, texts: list[str], spans: list[Span], own: Choice | None
) -> tuple[Kind, list[c.AnyTerm]]:
    """One kind for a column: a literal kind if every filled cell reads as it, or names a parameter of it; options if
    all are declared, the names of conditions, else text. 不限 is an empty cell. ``own``: the choice that its options
    are, if nothing else is known; None of a key, of which an option is an option whatever else it could be."""
    from policydsl.text.quantities import read_literal

    unlimited = dialect(low.file.dialect).inline_words
    if own is not None:
        texts = ["" if any(w.terminal == "ANY" for w in unlimited.get(name_key(t)) or ()) else t for t in texts]
    filled_ = [(t, s) for t, s in zip(texts, spans, strict=True) if t]
    conditions = [low.names.find(t) for t, _ in filled_]
    if filled_ and own is not None and all(s is not None and s.role == "clause" for s in conditions):
        terms: list[c.AnyTerm] = []
        for text, span in zip(texts, spans, strict=True):
            symbol = low.names.find(text) if text else None
            if symbol is None:
                terms.append(blank(YESNO, span))
            else:
                low.names.used.add(symbol.name)
                terms.append(c.Use(c.Name(symbol.name), kind=YESNO, at=span))
        return YESNO, terms
    options = [low.names.option(t) for t, _ in filled_]
    named = own is None and all(o is not None for o in options)
    literals = [(parameter(low, t) if own else None) or read_literal(t, low.file.dialect) for t, _ in filled_]
    kinds = {(v.kind if isinstance(v, c.InputDecl) else literal_kind(v)).base for v in literals if v is not None}
    if filled_ and not named and all(v is not None for v in literals) and len(kinds) == 1 and "text" not in kinds:
        values = iter(literals)
        kind: Kind | None = None
        terms = []
        for text, span in zip(texts, spans, strict=True):
            if not text:
                terms.append(blank(ANY_KIND, span))
                continue
            node = next(values)
            assert node is not None
            here = node.kind if isinstance(node, c.InputDecl) else literal_kind(node, low)
            kind = here if kind is None else rules.merge(kind, here)
            rules.same_currency(low, kind, here, span)
            if kind.base == "count" and here.unit and kind.unit and here.unit != kind.unit:
                low.problem("POL305", span, read=text, left=kind.unit, right=here.unit)
            if isinstance(node, c.InputDecl):
                low.names.used.add(node.name)
                terms.append(fact(node.name, here, span))
            else:
                terms.append(const(literal_value(low, node), here, span))
        assert kind is not None
        return kind, [replace(t, kind=kind) for t in terms]
    if filled_ and all(o is not None for o in options) and own is not None:
        own = replace(own, options=tuple(dict.fromkeys(str(o) for o in options)))
        decl = Kind("choice", choice=placed(low, own))
        terms = [
            const(low.names.option(t), decl, s) if t else blank(decl, s)
            for t, s in zip(texts, spans, strict=True)
        ]
        return decl, terms
    return TEXT, [const(t, TEXT, s) if t else blank(TEXT, s) for t, s in zip(texts, spans, strict=True)]


def parameter(low: Lowering, text: str) -> c.InputDecl | None:
    """The parameter of that name."""
    symbol = low.names.find(text)
    decl = low.inputs.get(symbol.name) if symbol is not None else None
    return decl if decl is not None and decl.parameter else None


def literal_value(low: Lowering, node: n.Value) -> Exact:
    """The exact value of a literal node."""
    from policydsl.kinds import Duration
    from policydsl.lower.context import period_of

    match node:
        case n.Number() | n.Percent() | n.Money() | n.Count() | n.Points():
            return node.value
        case n.Text() | n.YesNo() | n.Date() | n.Instant():
            return node.value
        case n.Ordinal():
            return Fraction(node.value)
        case n.Duration():
            return Duration(node.value, node.unit)
        case n.Period():
            return period_of(low, node)
        case n.NoneValue():
            return None
