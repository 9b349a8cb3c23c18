"""A handbook put together: what to know first, the text in the order of the document, then what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policydsl import nodes as n
from policydsl.accounting.carriers import Carrier, carriers
from policydsl.register import Registered
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.engine import Policy
from policydsl.handbook import appendix
from policydsl.handbook.blocks import body_block, in_body
from policydsl.handbook.book import Book, parameter_values, plain
from policydsl.handbook.facts import facts
from policydsl.handbook.examples import assigned
from policydsl.handbook.glance import glance
from policydsl.handbook.lines import remarks
from policydsl.handbook.sections import sections
from policydsl.handbook.translate import in_language
from policydsl.kinds import DATE
from policydsl.lower.names import GLOBAL, Declared, declared
from policydsl.render import document as d
from policydsl.render.values import Writer, amendment_words
from policydsl.say import listed, word
from policydsl.text.fold import name_key


def handbook(
    policy: Policy, register: Sequence[Registered] = (), *, lang: Language | None = None, as_of: date | None = None,
    short: bool = False,
) -> d.Document:
    """The policy as a document. ``register``: the clauses of the source document, for their content; ``as_of``: the day
    for which parameters show their value (today, if not given); ``short``: only what to know first."""
    shown = lang or policy.program.header.dialect
    policy, origins = in_language(policy, shown)
    day = as_of or date.today()
    recorded = frozenset(r.name for r in policy.program.results if not r.judged)
    cited: dict[str, list[Carrier]] = {}
    for carrier in carriers(policy.file, recorded):
        cited.setdefault(carrier.id, []).append(carrier)
    known = {clause.id: clause for clause in register}
    words = [*known, *(number for number in cited if number not in known)]
    book = Book(
        policy, shown, day, known, {} if short else _anchors(policy.file),
        {} if short else {number: f"clause-{i}" for i, number in enumerate(words, 1)},
        parameter_values(policy.file, day), assigned(policy.file), origins, short,
    )
    blocks: list[d.Block] = [d.paragraph(book.say("book.intro"), "muted"), d.Contents(3)]
    for part in (glance(book), _general(book), _body(book), appendix.parameters(book), facts(book),
                 appendix.measures(book), appendix.questions(book), _examples(book),
                 appendix.clause_index(book, cited)):
        blocks += part
    if short:
        index = appendix.clause_index(book, cited, brief=True)
        blocks = [d.paragraph(book.say("book.short_of"), "muted"), *glance(book, keys=False), *index]
    header = policy.program.header
    return d.Document(
        header.title, shown, tuple(blocks), subtitle=book.say("book.handbook"), facts=tuple(_facts(book)), dense=short,
    )


def _anchors(file: n.File) -> dict[str, str]:
    """Where each name is explained; blocks before parameters before facts, should two share a name."""
    out: dict[str, str] = {}
    without_name: list[tuple[int, list[Declared]]] = []
    for i, block in enumerate(file.blocks, 1):
        names = list(declared(block))
        if not names or names[0].node is not block:
            without_name.append((i, [one for one in names if one.scope == GLOBAL]))
        elif not (isinstance(block, n.Clause) and traits(block.kind).proved):  # that is one line without a place
            out.setdefault(name_key(names[0].name), f"block-{i}")
    for i, names in without_name:
        for k, one in enumerate(names, 1):
            out.setdefault(name_key(one.name), f"name-{i}-{k}")
    return out


def _facts(book: Book) -> list[tuple[str, str]]:
    """What stands under the title."""
    policy = book.policy.file.policy
    out: list[tuple[str, str]] = []
    if policy is not None:
        out += [(word("meta", m.key, book.lang), m.text) for m in policy.meta]
        if policy.effective is not None:
            out.append((book.say("book.effective"), _effective(policy.effective, book)))
        shown = Writer(book.lang)
        out += [
            (book.say("verdict.amended"), amendment_words(a, shown)) for a in book.policy.program.header.amended
        ]
        if policy.fiscal is not None:
            out.append(_fiscal(policy.fiscal, book))
    return [*out, (book.say("book.as_of"), Writer(book.lang).exact(book.as_of, DATE))]


def _fiscal(line: n.FiscalYear, book: Book) -> tuple[str, str]:
    shown = Writer(book.lang)
    month, day = line.start or (1, 1)
    first = book.say("book.month_day", month=f"{month:02d}", day=f"{day:02d}")
    days = listed([shown.exact(d, DATE) for d in line.listed], book.lang)
    said = listed([days or first, *([book.say("book.by_first")] if line.by_first else [])], book.lang, "comma")
    return book.say("book.fiscal_quarters" if line.listed else "book.fiscal"), said


def _effective(effective: n.Effective, book: Book) -> str:
    writer = Writer(book.lang)
    start, end = effective.start, effective.end
    first = ""
    if start is not None:
        first = plain(book.name(start.text)) if isinstance(start, n.Name) else writer.exact(start, DATE)
    if end is None:
        return book.say("verdict.from", day=first)
    last = writer.exact(end, DATE)
    return book.say("verdict.from_to", first=first, last=last) if first else book.say("verdict.until", last=last)


def _general(book: Book) -> list[d.Block]:
    """Whom the policy concerns, and the notes of its header."""
    policy = book.policy.file.policy
    if policy is None or not (policy.gates or policy.notes):
        return []
    out: list[d.Block] = [d.heading(2, book.say("book.general"), "general")]
    for gate in policy.gates:
        out.append(d.paragraph([
            book.head("book.gate"), *book.words(gate.value), " ", *book.cites(gate.cites, gate.span),
        ]))
    return [*out, *remarks(policy.notes, book)]


def _body(book: Book) -> list[d.Block]:
    """The blocks in the author's sections."""
    wanted = [b for b in book.policy.file.blocks if in_body(b) or isinstance(b, n.Section)]
    found = sections(wanted, book.policy.file.sources)
    out: list[d.Block] = []
    for number, section in enumerate(found, 1):
        level = 2 if section.level == 1 else 3
        title = section.title or (book.say("book.provisions") if not out else "")
        if title:
            out.append(d.heading(level, title, f"section-{number}"))
        deeper = level + 1 if title else 3
        for block in section.blocks:
            out += body_block(block, book, min(deeper, 4))
    return out


def _examples(book: Book) -> list[d.Block]:
    """How many examples the policy has beyond those that stand beside their blocks."""
    left = len(book.policy.examples) - len(book.examples)
    if left <= 0:
        return []
    said = d.paragraph(book.say("book.examples_left", count=left), "muted")
    return [d.heading(2, book.say("book.examples"), "examples"), said]
