"""What the policy says, once: each term with the author's words and clauses, sealed with what it is made of."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

from policydsl.core import (
    AnyTerm, Apply, Arm, AsOf, Choose, Const, Find, NoValue, Origin, Over, Program, Read, Term, Use,
)
from policydsl.domain import whole
from policydsl.walk import declared
from policydsl.place import Span
from policydsl.proof.plain import kind_word, plain, possible
from policydsl.render.encode import Json, Number
from policydsl.walk import children

SEAL = 16  # digits of a seal


def seal(content: object) -> str:
    """The digest of plain data, in whatever order its keys stand; an exact number is its fraction."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_exact)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:SEAL]


def _exact(number: Number) -> Json:
    return plain(Fraction(number.literal)) if "." in number.literal else int(number.literal)


class Templates:
    """The templates of a program, made when somebody asks: a term by its object, what is equal once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.made: list[Json] = []
        self.seals: list[str] = []
        self.choices: dict[str, Json] = {}
        self.files = [*program.sources.texts]
        self._of_term: dict[int, tuple[AnyTerm, int]] = {}
        self._of_seal: dict[str, int] = {}
        self._names = {d.origin.at for d in program.terms.values()} | {r.origin.at for r in program.results}

    def of(self, term: AnyTerm) -> int:
        """The number of the template of a term; those of its parts stand before it."""
        found = self._of_term.get(id(term))
        if found is None:
            kids = [self.of(kid) for kid in inside(term)]
            content = {**self.form(term), **self.kind(term), **self.placed(term)}
            mark = seal([content, [self.seals[k] for k in kids]])
            number = self._of_seal.get(mark)
            if number is None:
                number = self._of_seal[mark] = len(self.made)
                self.seals.append(mark)
                more: dict[str, Json] = {"k": list[Json](kids)} if kids else {}
                self.made.append({**content, **more, "h": mark})
            found = self._of_term[id(term)] = (term, number)  # the term is kept, so that its id stays its own
        return found[1]

    def form(self, term: AnyTerm) -> dict[str, Json]:
        """What a term asks of its parts."""
        match term:
            case Const():
                return {"f": "const", "v": plain(term.value)}
            case NoValue():
                return {"f": "void", "why": term.reason, "v": possible(whole(term.kind))}
            case Read():
                fact = declared(self.program, term)
                event: dict[str, Json] = {"event": True} if fact is not None and fact.event else {}
                return {"f": "read", "list": term.list, "name": term.name, "up": term.up, **event}
            case Use():
                clauses = self.program.terms[term.name].origin.clauses
                cited: dict[str, Json] = {"clauses": list[Json](clauses)} if clauses else {}
                return {"f": "use", "rule": list[Json](term.name), "list": term.list, "up": term.up, **cited}
            case Apply():
                return {"f": term.op}
            case Choose():
                exceptions = sum(a.exception for a in term.arms)
                rows: list[Json] = [self.row(arm) for arm in in_order(term)]
                return {"f": "choose", "exceptions": exceptions, "complete": term.complete, "rows": rows}
            case Over():
                asked = term.where is not None, term.value is not None
                return {"f": term.agg, "list": term.list, "where": asked[0], "value": asked[1]}
            case Find():
                decl = declared(self.program, term.key) if isinstance(term.key, Read) else None
                within = decl is not None and decl.within == term.list
                return {"f": "find", "list": term.list, "otherwise": term.otherwise is not None, "within": within}
            case AsOf():
                return {"f": "as_of"}

    def kind(self, term: Term) -> dict[str, Json]:
        kind = term.kind
        out: dict[str, Json] = {} if kind.base == "yesno" else {"kind": kind_word(kind)}
        if kind.choice is not None:
            choice: Json = {"options": list[Json](kind.options), "ordered": kind.ordered, "open": kind.open}
            out["choice"] = seal(choice)
            self.choices[seal(choice)] = choice
        return out

    def placed(self, term: Term) -> dict[str, Json]:
        """Where the term stands in the policy; ``implied``: it says no more than the block's own name."""
        out: dict[str, Json] = {}
        if words := self.program.sources.words(term.at):
            out |= {"text": words, "at": self.at(term.at)}
        if not term.at.line or term.at in self._names:
            out["implied"] = True
        if term.notes:
            out["notes"] = [self.origin(origin) for origin in term.notes]
        return out

    def row(self, arm: Arm) -> Json:
        """What a row of a choice says besides its condition and its value."""
        out = self.origin(arm.origin) if arm.origin is not None else {}
        return {**out, "deemed": True} if arm.deemed else out

    def origin(self, origin: Origin) -> dict[str, Json]:
        out: dict[str, Json] = {"rule": origin.rule}
        for key, word in (("label", origin.label), ("row", origin.row)):
            if word:
                out[key] = word
        if origin.clauses:
            out["clauses"] = list[Json](origin.clauses)
        return {**out, "at": self.at(origin.at)}

    def at(self, at: Span) -> Json:
        """A place: the number of its file, its line and column."""
        return [self.files.index(at.file) if at.file in self.files else 0, at.line, at.column]


def inside(term: AnyTerm) -> tuple[AnyTerm, ...]:
    """The parts of a term as a proof shows them: exceptions before the rows, what selects before what is selected."""
    match term:
        case Choose():
            return tuple(part for arm in in_order(term) for part in (arm.when, arm.then))
        case Over():
            return tuple(part for part in (term.where, term.value) if part is not None)
        case AsOf():
            return term.day, term.term
        case _:
            return children(term)


def in_order(term: Choose) -> list[Arm]:
    """The rows of a choice, exceptions first."""
    return sorted(term.arms, key=lambda arm: not arm.exception)

