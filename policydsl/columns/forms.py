"""The nine forms as columns, each with the meaning that ``evaluate.exact`` gives it.

A column of the party stands in the stage after that of the aggregates it rests on (``ledgers``); what looks at records
of constant rows is written out for each row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction

from policydsl.columns import ledgers, numbers, table
from policydsl.columns.code import Col, Left, Names, Table, names_in, repr_of, unknown
from policydsl.columns.frame import Frame
from policydsl.core import (
    DAY, AnyTerm, Apply, AsOf, Choose, Const, Find, InputDecl, ListDecl, Name, NoValue, Over, Program, Read, Use,
)
from policydsl.domain import identity
from policydsl.kinds import Duration, Exact, Kind
from policydsl.members import dataclass
from policydsl.reads import reads_of

MOST_ROWS = 60  # of a constant list: what is asked of them is written out for each


@dataclass(frozen=True, slots=True)
class Hand:
    """A record in hand: of constant rows its place; of a ledger it is that of the row of the table (None)."""

    list: str
    place: int | None


class Maker:
    """Writes the columns of a program over a frame."""

    def __init__(self, program: Program, frame: Frame, settings: Mapping[str, Exact]) -> None:
        self.program, self.frame, self.settings = program, frame, settings
        self.names = Names()
        self.names.count = frame.names
        self.reads = reads_of(program)
        self.stages: list[Table] = [Table()]
        self.stage_of: dict[str, int] = {}
        self.tables: dict[str, Table] = {}  # of ledgers
        self.of_ledger: dict[str, str] = {}
        for name, ledger in frame.ledgers.items():
            self.tables[name] = Table()
            self.of_ledger |= {n: name for f in ledger.fields.values() for n in names_in(f)}
        self.groups: dict[tuple[int, str], ledgers.Group] = {}
        self.hands: tuple[Hand, ...] = ()
        self.shared: dict[tuple[Name, tuple[Hand, ...]], Col | None] = {}
        self.seen: dict[tuple[int, tuple[Hand, ...]], Col | None] = {}

    # ------------------------------------------------------------------------------------------ columns
    @property
    def ledger(self) -> str:
        """The ledger of which a record is in hand."""
        return next((hand.list for hand in self.hands if hand.place is None), "")

    def where(self, *values: Col) -> Table:
        """The table in which a column of these stands."""
        found = names_in(*values)
        owner = next((self.of_ledger[n] for n in found if n in self.of_ledger), "")
        if owner:
            return self.tables[owner]
        stage = max((self.stage_of.get(n, 0) for n in found), default=0)
        while len(self.stages) <= stage:
            self.stages.append(Table())
        return self.stages[stage]

    def held(self, value: Col) -> Col:
        """The value as columns of its own, so that it is worked out once."""
        table_ = self.where(value)
        before = self.names.count
        made = self.names.hold(table_, value)
        self.owned(table_, before, made)
        return made

    def owned(self, table_: Table, before: int, made: Col) -> None:
        """Notes where new columns stand."""
        owner = next((name for name, each in self.tables.items() if each is table_), None)
        for n in names_in(made):
            if int(n[1:]) > before:
                if owner is not None:
                    self.of_ledger[n] = owner
                else:
                    self.stage_of[n] = self.stages.index(table_)

    @contextmanager
    def at(self, *hands: Hand) -> Iterator[None]:
        kept, self.hands = self.hands, hands
        try:
            yield
        finally:
            self.hands = kept

    # ------------------------------------------------------------------------------------------ terms
    def value(self, term: AnyTerm) -> Col:
        """The columns of a term; not told of anybody where there are none."""
        try:
            return self.sure(term)
        except Left:
            return unknown(term.kind)

    def sure(self, term: AnyTerm) -> Col:
        """The columns of a term, worked out once. Raises Left."""
        if isinstance(term, Const | Read | Use) or term.number < 0:
            return self._value(term)
        looked = self.reads.hands(term)
        hands = tuple(hand for hand in self.hands if any(hand.list == name for name, _ in looked))
        key = term.number, hands
        if key not in self.seen:
            self.seen[key] = None
            self.seen[key] = self.held(self._value(term))
        found = self.seen[key]
        if found is None:
            raise Left("left")
        return found

    def _value(self, term: AnyTerm) -> Col:
        match term:
            case Const():
                return self.constant(term.value, term.kind)
            case NoValue():
                raise Left(term.reason)
            case Read():
                return self.read(term)
            case Use():
                return self.use(term)
            case Apply():
                return self.apply(term)
            case Choose():
                return self.choose(term)
            case Over():
                return self.over(term)
            case Find():
                return self.find(term)
            case AsOf():
                raise Left("another day")

    def constant(self, value: Exact, kind: Kind) -> Col:
        if value is None:
            return unknown(kind, "TRUE")
        if isinstance(value, bool):
            return Col("TRUE" if value else "FALSE")
        if isinstance(value, Fraction):
            return numbers.of_fraction(value)
        if isinstance(value, Duration) and value.unit == "D":
            return numbers.of_fraction(value.value)
        if isinstance(value, str):
            return Col(str(self.frame.words.constant(value)))
        if isinstance(value, date) and not isinstance(value, datetime):
            return Col(f"make_date({value.year}, {value.month}, {value.day})")
        raise Left("a constant")

    def condition(self, term: AnyTerm) -> str:
        """SQL that is true where the term is yes, false where it is no or 无."""
        if term.kind.base != "yesno":
            raise Left("no condition")
        found = self.sure(term)
        if found.never:
            raise Left("not told")
        return f"(CASE WHEN {found.nil} THEN FALSE ELSE {found.code} END)" if found.nil else found.code

    def asked(self, term: AnyTerm) -> str:
        """A condition, or that it is not told of anybody."""
        try:
            return self.condition(term)
        except Left:
            return "NULL"

    def name(self, code: str) -> str:
        """A condition as a column of its own."""
        return self.held(Col(code)).code

    # ------------------------------------------------------------------------------------------ facts
    def read(self, term: Read) -> Col:
        if term.list:
            hand = self.hand(term.list, term.up)
            return self.field(self.program.lists[term.list], hand, term)
        if term.up:
            raise Left("another party")
        if term.name == DAY:
            return self.frame.day
        if term.name in self.settings:
            return self.constant(self.settings[term.name], term.kind)
        decl = self.program.inputs.get(term.name)
        if decl is None:
            raise Left("a column of the party")
        with self.at():
            return self.declared(decl, self.frame.facts.get(decl.name))

    def hand(self, name: str, up: int) -> Hand:
        mine = [hand for hand in self.hands if hand.list == name]
        if up >= len(mine):
            raise Left("no record")
        return mine[-1 - up]

    def declared(self, decl: InputDecl, given: Col | None) -> Col:
        """What is given, else what stands in for it. An event that is yet to come is none."""
        if repr_of(decl.kind) is None or decl.kind.base == "duration" or (self.ledger, decl.name) in self.frame.left:
            raise Left("a kind of facts")
        other = decl.derived if decl.derived is not None else decl.default
        told = given or unknown(decl.kind)
        if decl.event and given is not None:
            later = f"({given.code} > {self.frame.day.code})"
            nil = f"({given.nil} IS TRUE OR {later})" if given.nil else later
            told = Col(f"(CASE WHEN {later} THEN NULL ELSE {given.code} END)", None, nil=nil)
        if other is None:
            return told
        if given is None:  # nobody states it
            return self.sure(other)
        absent = f"({given.code} IS NULL" + (f" AND {given.nil} IS NOT TRUE)" if given.nil else ")")
        return self.held(numbers.choice([(absent, self.value(other))], told))

    def field(self, decl: ListDecl, at: Hand, term: Read) -> Col:
        """A field of a record in hand; a cell sees what is in hand where it is read."""
        if at.place is not None:
            if term.name not in decl.by_name:
                raise Left("a column")
            return self.sure(decl.rows[at.place].cells[decl.by_name[term.name]])
        found = decl.field_of(term.name)
        if found is None:
            raise Left("a column")
        with self.at(at):
            return self.declared(found, self.frame.ledgers[decl.name].fields.get(found.name))

    # ------------------------------------------------------------------------------------------ shared terms
    def use(self, term: Use) -> Col:
        definition = self.program.terms[term.name]
        if definition.over is None:
            if term.list or term.up:
                raise Left("another party")
            return self.defined(term.name, ())
        if term.list != definition.over:
            raise Left("another record")
        return self.defined(term.name, (self.hand(definition.over, term.up),))

    def defined(self, name: Name, hands: tuple[Hand, ...]) -> Col:
        """A shared term of the party, or of the record in hand. Raises Left."""
        key = name, hands
        if key not in self.shared:
            self.shared[key] = None
            try:
                with self.at(*hands):
                    found = self.held(self.sure(self.program.terms[name].term))
                self.shared[key] = None if found.never else found
            except Left:
                pass
        known = self.shared[key]
        if known is None:
            raise Left("left")
        return known

    # ------------------------------------------------------------------------------------------ operators
    def apply(self, term: Apply) -> Col:
        match term.op:
            case "and" | "or":
                return self.both(term.op, [self.asked(a) for a in term.args])
            case "not":
                return Col(f"(NOT {self.condition(term.args[0])})")
            case "at_least":
                return self.at_least(term)
            case "provided" | "missing":
                found = self.held(self.sure(term.args[0]))
                yes, no = ("TRUE", "FALSE") if term.op == "provided" else ("FALSE", "TRUE")
                none = f"WHEN {found.nil} THEN {no} " if found.nil else ""
                return Col(f"(CASE {none}WHEN {found.code} IS NOT NULL THEN {yes} END)")
            case "blank":
                return self.sure(term.args[0])
        return table.apply(self, term)

    @staticmethod
    def both(op: str, codes: Sequence[str]) -> Col:
        decided, neutral = ("FALSE", "TRUE") if op == "and" else ("TRUE", "FALSE")
        if decided in codes:
            return Col(decided)
        asked = [code for code in dict.fromkeys(codes) if code != neutral]
        if not asked:
            return Col(neutral)
        if set(asked) == {"NULL"}:
            raise Left("nothing is told")
        return Col("(" + f" {op.upper()} ".join(asked) + ")")

    def at_least(self, term: Apply) -> Col:
        count, *asked = term.args
        number = self.sure(count)
        if number.literal is None or number.den != 1:
            raise Left("a number of conditions")
        codes = [self.name(code) if code != "NULL" else code for code in map(self.asked, asked)]
        yes = " + ".join(f"(CASE WHEN {c} THEN 1 ELSE 0 END)" for c in codes) or "0"
        most = " + ".join(f"(CASE WHEN NOT {c} THEN 0 ELSE 1 END)" for c in codes) or "0"
        wanted = number.literal
        return Col(f"(CASE WHEN ({yes}) >= {wanted} THEN TRUE WHEN ({most}) < {wanted} THEN FALSE END)")

    # ------------------------------------------------------------------------------------------ choices
    def choose(self, term: Choose) -> Col:
        """Exceptions first: if one holds, what it says; of several that hold nothing is told here."""
        exceptions = [arm for arm in term.arms if arm.exception]
        whens: list[tuple[str, Col]] = []
        if exceptions:
            asked = [self.name(self.asked(arm.when)) for arm in exceptions]
            if "NULL" in asked:
                raise Left("an exception")
            if len(asked) > 1:
                open_ = " OR ".join(f"({code} IS NULL)" for code in asked)
                many = " + ".join(f"(CASE WHEN {code} THEN 1 ELSE 0 END)" for code in asked)
                nothing = unknown(term.kind)
                whens.append((f"({open_} OR ({many}) > 1)", nothing))
            whens += [(code, self.value(arm.then)) for code, arm in zip(asked, exceptions, strict=True)]
        for arm in term.arms:
            if not arm.exception:
                code = self.name(self.asked(arm.when))
                if code == "FALSE":
                    continue
                if code == "NULL":
                    break
                whens.append((code, self.value(arm.then)))
                if code == "TRUE":
                    break
        if not any(not then.never for _, then in whens):
            raise Left("nothing is told")
        return numbers.choice(whens, None)

    # ------------------------------------------------------------------------------------------ lists
    def rows(self, name: str) -> list[Hand]:
        """The records of constant rows."""
        decl = self.program.lists[name]
        if decl.source != "rows" or not decl.supplied or len(decl.rows) > MOST_ROWS:
            raise Left("a list")
        return [Hand(name, i) for i in range(len(decl.rows))]

    def find(self, term: Find) -> Col:
        """The value at the first record with the key; 无 has none, unless it is said what then."""
        decl = self.program.lists[term.list]
        rows = self.rows(term.list)
        column = decl.by_name[decl.key or decl.fields[0].name]
        cells = [row.cells[column] for row in decl.rows]
        stated = [cell.value for cell in cells if isinstance(cell, Const)]
        if len(stated) < len(cells) or any(isinstance(v, str) and v.endswith("*") for v in stated):
            raise Left("keys")
        key = self.held(self.sure(term.key))
        whens: list[tuple[str, Col]] = []
        met: set[object] = set()
        for hand, cell in zip(rows, cells, strict=True):
            assert isinstance(cell, Const)
            if identity(cell.value) in met:
                continue
            met.add(identity(cell.value))
            same = table.equal(self, key, self.constant(cell.value, cell.kind), term.key.kind, cell.kind)
            with self.at(*self.hands, hand):
                whens.append((same, self.value(term.value)))
        if term.otherwise is None and key.nil:
            none = self.constant(None, term.kind)
            whens.insert(0, (f"({key.nil} IS TRUE)", none))
        return numbers.choice(whens, None if term.otherwise is None else self.value(term.otherwise))

    def over(self, term: Over) -> Col:
        """An aggregate over the records that count (仅计) and satisfy ``where``."""
        decl = self.program.lists[term.list]
        if decl.conversions:
            raise Left("conversions")
        if decl.source == "sheet":
            return ledgers.over(self, term)
        return ledgers.written_out(self, term, self.rows(term.list))


__all__ = ["Hand", "Maker"]
