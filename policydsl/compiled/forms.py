"""The nine forms as code, each with the meaning that ``evaluate.exact`` gives it.

A unit (a fact, a list, a shared term, an aggregate of the party) is worked out once, in the order in which the code
stands; where it comes to no value its name has none, and whatever reads it ends there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

from policydsl.compiled import lists, numbers, table
from policydsl.compiled.code import Block, Left, Val, Writer
from policydsl.core import (
    DAY, PARTY, AnyTerm, Apply, AsOf, Choose, Const, Find, InputDecl, Name, NoValue, Over, Program, Read, Use,
)
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.operators import Setting
from policydsl.reads import Reads, reads_of

# Of how many parts a number of a fact may be; one that has others is left to the reference.
SCALES = {"count": 100, "points": 10**4, "money": 10**4, "percent": 10**6, "number": 10**6, "ordinal": 1}
ALONE = frozenset({("", 0)})  # what looks at the party alone


@dataclass(frozen=True, slots=True)
class Hand:
    """A record in hand: the variable with its fields (of a constant row none), and that with its place in the list."""

    list: str
    fields: str
    place: str


@dataclass(frozen=True, slots=True)
class Made:
    """Where the value of an export stands in what the code gives back: a value, or a list of them, one a record.
    ``den``: what its numbers are over, "" where each brings its own, None where they are exact values."""

    place: int
    over: str | None
    den: int | str | None


class Maker:
    """Writes one function of the code."""

    def __init__(self, program: Program, w: Writer, functions: list[Block]) -> None:
        self.program, self.w, self.functions = program, w, functions
        header = program.header
        self.setting = Setting(header.fiscal, header.calendar, header.month_end)
        self.reads: Reads = reads_of(program)
        self.top: Block = []
        self.hands: tuple[Hand, ...] = ()
        self.units: dict[object, Val | None] = {}
        self.shared: dict[Name, Val | None] = {}
        self.exports: dict[object, Made] = {}
        self.numbers: dict[tuple[int, str | None], object] = {}
        self.aggregates: dict[int, Over] = {}
        self.several: dict[int, int] = {}
        self.count = 0
        self.exporting = True

    # ------------------------------------------------------------------------------------------ units
    @contextmanager
    def aside(self, hands: tuple[Hand, ...] = (), depth: int = 1) -> Iterator[Block]:
        """Lines of a unit, which stands by itself."""
        kept = self.hands, self.w.depth
        self.hands, self.w.depth = hands, depth
        try:
            with self.w.apart() as block:
                yield block
        finally:
            self.hands, self.w.depth = kept

    def unit(self, key: object, make: Callable[[], Val]) -> Val:
        """What is worked out once, under a name of its own. Raises Left."""
        if key not in self.units:
            self.units[key] = None  # a circle is none of a checked program
            try:
                with self.aside() as block:
                    found = self.finished(make())
                self.attempt(block)
                self.units[key] = found
            except Left:
                pass
        known = self.units[key]
        if known is None:
            raise Left("a unit")
        return known

    def finished(self, found: Val) -> Val:
        """The value under a name that it has only once all of it is worked out."""
        name = self.w.new("D")
        self.w.emit(f"{name} = {found.code}")
        return replace(found, code=name)

    def attempt(self, block: Block) -> None:
        if block:
            self.top += [(0, "try:"), *block, (0, "except FAILS: pass")]

    def export(self, key: object, term: AnyTerm, over: str | None = None) -> Val | None:
        """Works out a term of the party, or of each record of a list, and gives it back. None: it is left. What was
        given back before is not worked out again."""
        known = self.numbers.get((term.number, over)) if term.number >= 0 else None
        if isinstance(term, Use) and term.up == 0 and self.program.terms[term.name].over == over:
            self.defined_if(term.name)
            known = term.name
        if known is not None:
            if known in self.exports:
                self.exports[key] = self.exports[known]
            return self.shared.get(known) if isinstance(known, Name) else None
        if term.number >= 0:
            self.numbers[term.number, over] = key
        try:
            return self._per_record(key, term, over) if over is not None else self._of_party(key, term)
        except Left:
            return None

    def _of_party(self, key: object, term: AnyTerm) -> Val:
        with self.aside() as block:
            found = self.finished(self.value(term))
            if _nothing(block):
                raise Left("nothing is decided")
            self.give(key, found)
        self.attempt(block)
        return found

    def give(self, key: object, found: Val) -> None:
        """Writes that a value of the party is given back."""
        if self.exporting:
            own = isinstance(found.den, str)
            self.w.emit(f"O[{self.count}] = {f'({found.code}, {found.den})' if own else found.code}")
            self.exports[key] = Made(self.count, None, "" if own else found.den)
            self.count += 1

    def _per_record(self, key: object, term: AnyTerm, over: str) -> Val:
        every, rows = lists.listed(self, over), self.w.new("D")
        hand = lists.hand(self, over)
        with self.aside((hand,), 3) as block:
            found = self.value(term)
            own = isinstance(found.den, str)
            if _nothing(block):
                raise Left("nothing is decided")
            self.w.emit(f"{rows}.append({f'({found.code}, {found.den})' if own else found.code})")
        lines: Block = [(1, f"{rows} = []"), (1, lists.loop(self, over, every, hand)), (2, "try:"), *block]
        lines.append((2, f"except FAILS: {rows}.append(UNDECIDED)"))
        if self.exporting:
            lines.append((1, f"O[{self.count}] = {rows}"))
            self.exports[key] = Made(self.count, over, "" if own else found.den)
            self.count += 1
        self.attempt(lines)
        return replace(found, code=rows, den="" if own else found.den)

    # ------------------------------------------------------------------------------------------ forms
    def value(self, term: AnyTerm) -> Val:
        """The code of a term. What there is no code for decides nothing, where it comes to that."""
        with self.w.apart() as block:
            try:
                found: Val | None = self._value(term)
            except Left:
                found = None
        if found is not None:
            self.w.place(block)
            return found
        self.w.emit("raise Open")
        return Val("0", 1) if term.kind.numeric else Val("None")

    def _value(self, term: AnyTerm) -> Val:
        match term:
            case Const():
                if isinstance(term.value, Fraction):
                    return numbers.of_fraction(term.value)
                none = term.value is None
                return Val(self.w.constant(term.value), 1 if none and term.kind.numeric else None, none)
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
                if term.number >= 0 and self.reads.hands(term) <= ALONE:
                    return self.unit(term.number, lambda: self.aggregate(term))
                return lists.over(self, term)
            case Find():
                return lists.find(self, term)
            case AsOf():
                return self.as_of(term)

    def aggregate(self, term: Over) -> Val:
        """An aggregate of the party alone, which is given back."""
        found = self.finished(lists.over(self, term))
        self.give(term.number, found)
        self.aggregates[term.number] = term
        return found

    def all_of(self, term: Over, values: str) -> None:
        """Gives back all values of an aggregate of the party alone that has one only where all of them are the same."""
        if self.exporting and term.number >= 0 and self.reads.hands(term) <= ALONE:
            self.w.emit(f"O[{self.count}] = {values}")
            self.several[term.number] = self.count
            self.count += 1

    def condition(self, term: AnyTerm) -> str:
        """Code that is true where the term is yes; 无 is no."""
        return self.truth(self.value(term), term.kind)

    def truth(self, found: Val, kind: Kind) -> str:
        return found.code if kind.base == "yesno" and not found.number else f"({found.code} is True)"

    # ------------------------------------------------------------------------------------------ facts
    def read(self, term: Read) -> Val:
        if term.list:
            return lists.field(self, self.hand(term.list, term.up), term)
        if term.up:
            raise Left("another party")
        if term.name == DAY:
            return Val("day")
        if term.name == PARTY:
            self.w.emit("if party is None: raise Open")
            return Val("party")
        decl = self.program.inputs.get(term.name)
        if decl is None:
            raise Left("a column of the party")
        return self.unit(("", term.name), lambda: self.declared(decl, "V", ()))

    def hand(self, name: str, up: int) -> Hand:
        mine = [hand for hand in self.hands if hand.list == name]
        if up >= len(mine):
            raise Left("no record")
        return mine[-1 - up]

    def declared(self, decl: InputDecl, given: str, alone: tuple[Hand, ...]) -> Val:
        """A fact, or a field: what is given (an event that is yet to come is none), else what stands in for it."""
        w, name = self.w, self.w.constant(decl.name)
        other = decl.derived if decl.derived is not None else decl.default
        if other is None:
            return self._given(decl, f"{given}[{name}]")
        w.emit(f"if {name} in {given}:")
        with w.deeper(), w.apart() as here:
            told = self._given(decl, f"{given}[{name}]")
        with w.deeper(), w.apart() as there:
            kept, self.hands = self.hands, alone
            made = self.value(other)
            self.hands = kept
        den, out = numbers.united(w, [told, made]), w.new("i")
        for block, value in ((here, told), (there, made)):
            if block is there:
                w.emit("else:")
            w.place(block)
            with w.deeper():
                numbers.put(w, out, value, den)
        return Val(out, den, told.none or made.none)

    def _given(self, decl: InputDecl, code: str) -> Val:
        w, out = self.w, self.w.new("i")
        none = decl.optional or decl.event
        if decl.kind.numeric:
            scale = SCALES[decl.kind.base]
            if none:
                w.emit(f"{out} = {code}")
                w.emit(f"if {out} is not None: {out} = scaled({out}, {scale})")
            else:
                w.emit(f"{out} = scaled({code}, {scale})")
            return Val(out, scale, none)
        w.emit(f"{out} = event({code}, day)" if decl.event else f"{out} = {code}")
        if not none:
            w.emit(f"if {out} is None: raise Open")
        return Val(out, None, none)

    # ------------------------------------------------------------------------------------------ shared terms
    def use(self, term: Use) -> Val:
        definition = self.program.terms[term.name]
        found = self.defined(term.name)
        w = self.w
        if definition.over is None:
            if term.list or term.up:
                raise Left("another party")
            return found
        place = self.hand(definition.over, term.up).place
        if term.list != definition.over or not place:
            raise Left("another record")
        if found.den == "":
            n, d = w.new("n"), w.new("d")
            w.emit(f"{n}, {d} = {found.code}[{place}]")
            return Val(n, d, found.none)
        name = w.new()
        w.emit(f"{name} = {found.code}[{place}]")
        w.emit(f"if {name} is UNDECIDED: raise Open")
        return replace(found, code=name)

    def defined(self, name: Name) -> Val:
        known = self.defined_if(name)
        if known is None:
            raise Left(f"{name}")
        return known

    def defined_if(self, name: Name) -> Val | None:
        """A shared term; None: it is left."""
        if name not in self.shared:
            self.shared[name] = None
            definition = self.program.terms[name]
            self.shared[name] = self.export(name, definition.term, definition.over)
        return self.shared[name]

    # ------------------------------------------------------------------------------------------ operators
    def apply(self, term: Apply) -> Val:
        match term.op:
            case "and" | "or":
                return self.both(term.op, term.args)
            case "at_least":
                return self.at_least(term)
            case "not":
                return Val(f"(not {self.condition(term.args[0])})")
            case "provided" | "missing":
                found = self.w.held(self.value(term.args[0]))
                if found.code.isdigit():
                    return Val(repr(term.op == "provided"))
                return Val(f"({found.code} is{' not' if term.op == 'provided' else ''} None)")
            case "blank":
                return self.value(term.args[0])
        args = [self.w.held(self.value(a)) for a in term.args]
        return table.apply(self.w, self.setting, term, args)

    def both(self, op: str, args: Sequence[AnyTerm]) -> Val:
        """And, or: what comes after the one that decides is not asked."""
        w, out = self.w, self.w.new("b")
        pieces: list[tuple[Block, str]] = []
        with w.deeper():
            for arg in args:
                with w.apart() as block:
                    code = self.condition(arg)
                pieces.append((block, code))
        if not any(block for block, _ in pieces):
            return Val(f"(({f' {op} '.join(code for _, code in pieces)}) is True)")
        w.emit("while True:")
        with w.deeper():
            for place, (block, code) in enumerate(pieces, 1):
                w.place(block)
                w.emit(f"{out} = {code}")
                if place < len(pieces):
                    w.emit(f"if {'not ' if op == 'and' else ''}{out}: break")
            w.emit("break")
        return Val(f"({out} is True)")

    def at_least(self, term: Apply) -> Val:
        count, *asked = term.args
        number = self.w.held(self.value(count))
        if not number.number:
            raise Left("no number")
        if number.none:
            self.w.emit(f"if {number.code} is None: raise Open")
        yes = [self.w.atom(f"({self.condition(a)} is True)") for a in asked]
        return Val(numbers.compare(Val(f"({' + '.join(yes) or '0'})", 1), number, ">="))

    # ------------------------------------------------------------------------------------------ choices
    def choose(self, term: Choose) -> Val:
        """Exceptions first: those that hold must agree; else the first row that holds."""
        w = self.w
        exceptions = [arm for arm in term.arms if arm.exception]
        whens = [w.atom(self.condition(arm.when)) for arm in exceptions]
        out, arms = w.new(), list[tuple[Block, str, Block, Val]]()
        with w.deeper():
            if exceptions:
                with w.deeper(), w.apart() as block:
                    found = self.agreed(whens, [arm.then for arm in exceptions], term.kind)
                arms.append(([], " or ".join(whens), block, found))
            for arm in term.arms:
                if not arm.exception:
                    with w.apart() as asked:
                        when = self.condition(arm.when)
                    with w.deeper(), w.apart() as block:
                        found = self.value(arm.then)
                    arms.append((asked, when, block, found))
        den = numbers.united(w, [found for *_, found in arms])
        numbers.first(w, out, den, arms)
        return Val(out, den, any(found.none for *_, found in arms))

    def agreed(self, whens: Sequence[str], thens: Sequence[AnyTerm], kind: Kind) -> Val:
        """What the exceptions that hold agree on."""
        w = self.w
        if len(thens) == 1:
            return self.value(thens[0])
        said, none = w.new(), False
        w.emit(f"{said} = []")
        for when, then in zip(whens, thens, strict=True):
            w.emit(f"if {when}:")
            with w.deeper():
                found = self.value(then)
                none = none or found.none
                w.emit(f"{said}.append({numbers.exact(w, found)})")
        code = f"agree({said})"
        return numbers.from_exact(w, code, none) if kind.numeric else Val(w.atom(code), None, none)

    # ------------------------------------------------------------------------------------------ other days
    def as_of(self, term: AsOf) -> Val:
        """A function of its own, in which another day takes the place of the evaluation date."""
        w = self.w
        day = w.held(self.value(term.day))
        if day.number:
            raise Left("no day")
        other = Maker(self.program, w, self.functions)
        other.exporting = False
        name = w.new("f")
        with other.aside(tuple(replace(hand, place="") for hand in self.hands)) as block:
            found = w.held(other.value(term.term))
            w.emit(f"return ({found.code}, {found.den})" if found.number else f"return {found.code}")
        if _nothing(block):
            raise Left("nothing is decided")
        held = [hand.fields for hand in self.hands if hand.fields]
        body = [(depth + 1, line) for depth, line in other.top] + block
        self.functions.append([(0, f"def {name}({', '.join(['V', 'G', 'day', 'party', *held])}):"), *body])
        called = f"{name}({', '.join(['V', 'G', day.code, 'party', *held])})"
        out, d = w.new(), w.new("d")
        instead = "False" if term.kind.base == "yesno" else "None"
        w.emit(f"if is_day({day.code}): {f'{out}, {d}' if found.number else out} = {called}")
        w.emit(f"else: {out} = {instead}" + (f"; {d} = 1" if found.number else ""))
        return Val(out, d if found.number else None, found.none or instead == "None")


def _nothing(block: Block) -> bool:
    """Whether lines decide nothing at all."""
    return bool(block) and block[0][1] == "raise Open"


__all__ = ["Hand", "Made", "Maker"]
