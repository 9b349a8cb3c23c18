"""The rules of a policy and their rows, as the trace tells them: from the core program alone, whatever is judged."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl.core import AnyTerm, Choose, Name, Origin, Over, Program, Result, Use
from policydsl.diagnostics import LANGUAGES
from policydsl.line_roles import APART, line_role
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.say import word
from policydsl.text.fold import is_word, name_key
from policydsl.walk import children


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a verdict reports, with the origins of its rows and conditions in the order of the text.

    ``label``: the kind of its clause (``clause_kinds``)."""

    name: str
    alias: str | None
    label: str
    at: Span
    rows: tuple[Origin, ...]


def rules_of(program: Program) -> dict[str, Rule]:
    """Every rule that decides something, by name (notes, rights that are only stated, decide nothing)."""
    by_rule: dict[str, list[Name]] = {}
    for name in program.terms:
        by_rule.setdefault(name.rule, []).append(name)
    return {r.name: _rule(program, r, by_rule.get(r.name, [])) for r in program.results if r.judged}


def _rule(program: Program, result: Result, names: list[Name]) -> Rule:
    found: dict[tuple[object, ...], Origin] = {}
    terms = [program.terms[n].term for n in names if program.terms[n].over == result.over]
    for term in terms:
        for origin in origins(term):
            found.setdefault(row_key(origin), origin)
    rows = sorted(found.values(), key=lambda o: (o.at.line, o.at.column))
    return Rule(result.name, result.alias, result.label, result.origin.at, tuple(rows))


def row_key(origin: Origin) -> tuple[object, ...]:
    """What makes a row the same row wherever its rule is written out."""
    return (origin.at, origin.row, origin.label)


def origins(term: AnyTerm) -> Iterator[Origin]:
    """Every condition and row inside a term that has an entry of its own in the trace."""
    yield from term.notes
    match term:
        case Use() | Over():
            return
        case Choose():
            for arm in term.arms:
                if not arm.exception:
                    yield from origins(arm.when)
                if arm.origin is not None:
                    yield arm.origin
                yield from origins(arm.then)
        case _:
            for child in children(term):
                yield from origins(child)


@dataclass(frozen=True, slots=True)
class Reference:
    """Entries of the trace: those of a rule as a whole (``row`` and ``label`` empty), of a row, of a record. Exceptions
    are counted apart from the rows, under their own label."""

    text: str
    rule: str
    row: int | None
    label: str
    record: str | None
    at: Span

    def names(self, rule: str, row: int | None, label: str, record: str | None) -> bool:
        """Whether an entry is meant."""
        if rule != self.rule or (self.record is not None and name_key(self.record) != name_key(record or "")):
            return False
        if self.row is not None:
            return row == self.row and line_role(label).apart == line_role(self.label).apart
        if self.label:
            return name_key(plain(label)) == name_key(self.label)
        return row is None and not label


def plain(label: str) -> str:
    """The label without a citation at its end."""
    for opening, closing in (("【", "】"), ("[", "]")):
        if label.endswith(closing) and opening in label:
            label = label[: label.rindex(opening)].rstrip()
    return label


def reference(text: str, rules: dict[str, Rule], at: Span) -> Reference | None:
    """``rule``, ``rule 2``, ``rule 第2行``, ``rule label``, each with ``[record]`` after the rule if one is meant."""
    names = [(spelled, rule) for rule in rules.values() for spelled in (rule.name, rule.alias) if spelled]
    spellings = [(word("role", label, lang), label) for label in APART for lang in LANGUAGES]
    for spelled, rule in sorted(names, key=lambda pair: -len(pair[0])):
        if not name_key(text).startswith(name_key(spelled)):
            continue
        rest = _after(text, spelled)
        if rest is None:
            continue
        record: str | None = None
        if rest.startswith(("[", "［")):
            record, _, rest = rest[1:].replace("］", "]").partition("]")
        rest = rest.strip().lstrip("#:：·/，,").strip()
        if not rest:
            return Reference(text, rule.name, None, "", record, at)
        excepted, label = next((pair for pair in spellings if name_key(rest).startswith(pair[0])), ("", ""))
        rest = rest[len(excepted):].strip()
        number = rest.removeprefix("第").removesuffix("行").removesuffix("项").removeprefix("row").strip()
        if number.isascii() and number.isdigit():
            found = Reference(text, rule.name, int(number), label, record, at)
            return found if any(found.names(rule.name, o.row, o.label, record) for o in rule.rows) else None
        if label:
            known = any(o.label == label for o in rule.rows)
            return Reference(text, rule.name, None, label, record, at) if known and not rest else None
        if any(name_key(plain(o.label)) == name_key(rest) for o in rule.rows):
            return Reference(text, rule.name, None, rest, record, at)
    return None


def _after(text: str, name: str) -> str | None:
    """What follows the name at the start of the text, which may write it in another width or case."""
    for end in range(len(text), 0, -1):
        if name_key(text[:end]) == name_key(name):
            return None if is_word(text[end - 1]) and is_word(text[end : end + 1]) else text[end:]
    return None
