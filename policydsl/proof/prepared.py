"""What a proof says of the terms of a program whatever sheet is judged: made of each once and kept with the program."""

from __future__ import annotations

from functools import lru_cache

from policydsl.core import AnyTerm, Apply, AsOf, Choose, Find, Name, Over, Program, Read, Use
from policydsl.diagnostics import Language
from policydsl.kept import Kept
from policydsl.members import dataclass, replace
from policydsl.place import NOWHERE
from policydsl.reads import reads_of
from policydsl.say import say
from policydsl.walk import children, composed, used

# The parts of a rule that are spoken of by a word of their own, by that word.
PARTS = {"debt": "payable", "rest": "shortage", "unpaid": "unpaid", "late_fee": "late_fee", "pay_by": "pay_by",
         "end_day": "end_day", "days_late": "days_late", "late_by": "late_by"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a term reads under a name: a fact, a rule (or a ``part`` of one), an aggregate by its words. ``then``: what
    is read as of the day of a term, where that is one day."""

    term: AnyTerm
    name: str = ""
    part: str = ""
    then: tuple[Named, ...] = ()


class Said:
    """What is said of a term: the author's ``words`` for it, and its ``own`` where they are not lent from a part of it;
    the ``name`` of a fact or rule and which ``part`` of that it is; the name under which it is compared (``subject``).
    ``cells``: of several conditions those that ask whether a cell of a table is empty, ``in_row``: whether a look-up
    tests the cell that it finds; ``silent``: whether no line and no row stands inside."""

    __slots__ = ("_reads", "cells", "in_row", "name", "own", "part", "prepared", "silent", "subject", "term", "words")

    def __init__(self, prepared: Prepared, term: AnyTerm) -> None:
        self.prepared, self.term = prepared, term
        self.words = prepared.program.sources.words(term.at)
        lent = isinstance(term, Apply) and any(arg.at == term.at for arg in term.args)
        self.own = "" if lent else self.words
        shown = shown_name(term) if isinstance(term, Read | Use) else ""
        self.name = "" if shown.startswith("@") else shown
        self.part = part_of(term) if isinstance(term, Read | Use) else ""
        self.subject = name_of(term)
        several = isinstance(term, Apply) and term.op in ("and", "or")
        self.cells = tuple(t for t in map(of_cell, children(term)) if t is not None) if several else ()
        self.in_row = in_row(term)
        self.silent = self._silent(term)
        self._reads: tuple[Named, ...] | None = None

    def _silent(self, term: AnyTerm) -> bool:
        if term.notes or isinstance(term, Choose) and any(arm.origin is not None for arm in term.arms):
            return False
        return isinstance(term, Use | Over) or all(self.prepared.said(child).silent for child in children(term))

    @property
    def reads(self) -> tuple[Named, ...]:
        """The named values that the term reads directly: not those inside aggregates over other records, nor the cells
        that a look-up finds."""
        if self._reads is None:
            self._reads = self._named(self.term, False, self.term)
        return self._reads

    def _named(self, here: AnyTerm, inside: bool, whole: AnyTerm) -> tuple[Named, ...]:
        match here:
            case Read() | Use():
                if inside and here.up:  # what is asked of the others is shown as it is of the record in hand
                    here = replace(here, up=here.up - 1)
                name = shown_name(here)
                return () if name.startswith("@") else (Named(here, name, part_of(here)),)
            case Over() if not inside:
                words = of_one_word(here, whole) or self.prepared.said(here).words
                return (Named(here, words),) if words else ()
            case Apply(op="blank"):
                return ()
            case AsOf():
                then = self._named(here.term, inside, here)
                return (Named(here, then=then), *self._named(here.day, inside, here))
            case _:
                below = children(here) if not in_row(here) else tuple(reversed(children(here)))
                deep = inside or composed(here)
                return tuple(named for child in below for named in self._named(child, deep, here))


class Prepared:
    """``rests``: the rules that each rule names in its terms, but itself."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._said: dict[int, Said] = {}
        self.by_rule: dict[str, list[Name]] = {}
        self.rests: dict[str, frozenset[str]] = {}
        rules = reads_of(program).rules
        for name, definition in program.terms.items():
            self.by_rule.setdefault(name.rule, []).append(name)
            named = rules(definition.term) - {name.rule}
            self.rests[name.rule] = self.rests.get(name.rule, frozenset()) | named

    def said(self, term: AnyTerm) -> Said:
        found = self._said.get(id(term))
        if found is None:
            found = Said(self, term)
            if term.number >= 0:  # a term made on the way has none, and nothing is kept of it
                self._said[id(term)] = found  # with the term, so that its id stays its own
        return found


prepared = Kept(Prepared)


# ---------------------------------------------------------------------------------------------- names and words
def shown_name(term: Read | Use) -> str:
    """The name of a fact, or of a shared term as the author knows it."""
    if isinstance(term, Use):
        return term.name.of if term.name.part == "item" else term.name.rule
    return term.name


def part_of(term: Read | Use) -> str:
    """Which part of a rule it is, where that is not what the rule alone stands for."""
    return PARTS.get(term.name.part, "") if isinstance(term, Use) else ""


def name_of(term: AnyTerm) -> str:
    match term:
        case Read():
            # the evaluation date has words, and no name; the days of a period have neither
            return "" if term.name.startswith("@") or term.list.endswith("@periods") else term.name
        case Use():
            return term.name.rule
        case Over() | Find() if isinstance(term, Over) or term.otherwise is not None:
            return term.list.removesuffix("@periods")
        case _:
            return ""


def over_words(term: Over) -> str:
    """What an aggregate without words of its own is about: the rules that it asks of the records."""
    names = dict.fromkeys(n.rule for piece in (term.where, term.value) if piece is not None for n in used(piece))
    return f"{'、'.join(names)} [{term.list}]" if names else term.list


def of_one_word(term: AnyTerm, whole: AnyTerm) -> str:
    """The clause of whose records a term is the total, where the author wrote one word for several (违约金合计)."""
    apart = isinstance(term, Over) and isinstance(whole, Apply) and term.at == whole.at != NOWHERE
    return shown_name(term.value) if apart and isinstance(term, Over) and isinstance(term.value, Use) else ""


def of_cell(term: AnyTerm) -> AnyTerm | None:
    """Whether a cell of a table is empty, where a condition asks nothing but that (or the opposite)."""
    inner = term.args[0] if isinstance(term, Apply) and term.op == "not" else term
    return inner if isinstance(inner, Apply) and inner.op == "blank" else None


def in_row(term: AnyTerm) -> bool:
    """Whether a look-up tests the cell that it finds."""
    value = term.value if isinstance(term, Find) else None
    return isinstance(value, Apply) and any(of_cell(arg) is not None for arg in value.args)


@lru_cache(maxsize=4_096)
def not_said(words: str, dialect: Language) -> str:
    """A condition that must not hold, in words: 并非 工程师 ≥ 3人."""
    return say("verdict.not", dialect, condition=words) if words else ""


__all__ = [
    "Named", "Prepared", "Said", "in_row", "name_of", "not_said", "of_cell", "of_one_word", "over_words",
    "part_of", "prepared", "shown_name",
]
