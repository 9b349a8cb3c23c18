"""What every page of a handbook needs: the author's wording of a thing, its clauses, its line, its explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from policydsl import nodes as n
from policydsl.accounting.carriers import every
from policydsl.register import Registered
from policydsl.diagnostics import Language
from policydsl.engine import Policy
from policydsl.lower.names import in_order
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.render import document as d
from policydsl.say import bracketed, headed, say, word
from policydsl.text.fold import name_key

Run = list[d.Inline]


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter: its value on the day of the handbook, as the author wrote it; None where it is yet to be set.
    ``beside``: the place of the name that stands beside the value."""

    text: str | None
    expr: n.Expr | None
    beside: Span | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """One policy on its way to a handbook.

    ``clauses`` the register by id; ``anchors`` lead from names (as identities) to places of
    the handbook, ``clause_anchors`` from ids of clauses; ``values`` are the parameters on ``as_of``,
    ``examples`` those that stand beside a block, ``origins`` the lines of the author's own file where these are a
    translation. ``brief``: citations are numbers alone, without their place and the line of the policy.
    """

    policy: Policy
    lang: Language
    as_of: date
    clauses: Mapping[str, Registered]
    anchors: Mapping[str, str]
    clause_anchors: Mapping[str, str]
    values: Mapping[str, Value]
    examples: Mapping[str, n.Example]
    origins: Mapping[int, int]
    brief: bool = False

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    def columns(self, *names: str) -> list[str]:
        """The heads of the columns of a table."""
        return [word("column", name, self.lang) for name in names]

    def head(self, key: str) -> d.Text:
        """A word or sentence as the head of what follows."""
        return d.Text(headed(self.say(key), self.lang), strong=True)

    # ------------------------------------------------------------------------------------------ wording
    def source(self, span: Span) -> str:
        """What the author wrote there, on one line."""
        return self.policy.file.sources.flowing(span)

    def words(self, node: n.Node, *, upto: Span | None = None) -> Run:
        """The author's wording of a node: its names lead to where they are explained, parameters show their value."""
        return self._words(node, node.span if upto is None else upto)

    def rest(self, line: n.Node) -> Run:
        """A line of a block without its first word and its citations."""
        text = self.policy.file.sources.exact(line.span)
        colon = min((at for at in (text.find("："), text.find(":")) if at >= 0), default=-1)
        head = text[: colon + 1]
        cites = _citations_at(text)
        here = line.span
        start_line = here.line + head.count("\n")
        start_column = here.column + len(head) if "\n" not in head else len(head) - head.rfind("\n")
        body = text[:cites]
        end_line = here.line + body.count("\n")
        end_column = here.column + len(body) if "\n" not in body else len(body) - body.rfind("\n")
        return self._words(line, Span(here.file, start_line, start_column, end_line, end_column))

    def _words(self, node: n.Node, span: Span) -> Run:
        out: Run = []
        left = span
        for name in sorted(_names(node), key=lambda x: x.span.start):
            if name.span.start < left.start or name.span.end > left.end:
                continue
            out += _text(self.source(left.before(name.span)))
            value = self.values.get(name_key(name.text))
            told = value is not None and value.beside == name.span
            out += self.name(name.text, self.source(name.span), valued=not told)
            left = left.after(name.span)
        return _trimmed([*out, *_text(self.source(left))])

    def name(self, name: str, shown: str | None = None, *, valued: bool = True) -> Run:
        """A name, leading to its explanation; a parameter with its value, unless that is told."""
        key, shown = name_key(name), shown or name
        out: Run = [d.Link(shown, self.anchors[key], quiet=True) if key in self.anchors else d.Text(shown)]
        value = self.values.get(key)
        if value is not None and valued:
            said = self.say("book.unset") if value.text is None else _without_brackets(value.text)
            out.append(d.Text(bracketed("", said, self.lang), "plain" if value.text is not None else "open"))
        return out

    # ------------------------------------------------------------------------------------------ grounds
    def cites(self, cites: tuple[str, ...], at: Span = NOWHERE) -> Run:
        """Citations, each leading to the index and carrying the clause's content, and the line of the policy."""
        out: Run = []
        for cite in dict.fromkeys(cites):
            number, *rest = cite.split()
            known = self.clauses.get(number)
            label = number if self.brief else f"{number} {' '.join(rest)}".strip()
            out.append(d.Cite(label, known.text if known is not None else "", self.clause_anchors.get(number, "")))
        if at.line and not self.brief:
            if out:
                out.append(d.Text(" "))
            here = at.line_from(self.policy.program.header.at.file)
            out.append(d.Text(self.say("verdict.line", line=self.origins.get(at.line, here)), "muted"))
        return out

    def anchor(self, name: str) -> str:
        return self.anchors.get(name_key(name), "")

    def literal(self, expr: n.Expr | None) -> n.Expr | None:
        """The value of an expression where it is written out, or is a parameter that is."""
        match expr:
            case n.Paren(_, inner):
                return self.literal(inner)
            case n.Name(_, text):
                value = self.values.get(name_key(text))
                return None if value is None else self.literal(value.expr)
            case _:
                return expr


# ---------------------------------------------------------------------------------------------- making one
def parameter_values(file: n.File, as_of: date) -> dict[str, Value]:
    """The parameters of a file, by identity."""
    out: dict[str, Value] = {}
    for block in file.blocks:
        if isinstance(block, n.Parameters):
            for p in in_order(block):
                expr = in_force(p, as_of) if isinstance(p, n.Parameter) else p.default
                text = None if expr is None else file.sources.flowing(expr.span)
                beside = p.name_span if isinstance(p, n.Parameter) and p.within else None
                out[name_key(p.name)] = Value(text, expr, beside)
    return out


def in_force(parameter: n.Parameter, as_of: date) -> n.Expr:
    """The value of a parameter on a day."""
    found, since = parameter.value, date.min
    for dated in parameter.dated:
        if since <= dated.start <= as_of:
            found, since = dated.value, dated.start
    return found


# ---------------------------------------------------------------------------------------------- the author's text
def _citations_at(text: str) -> int:
    """Where the citations behind a line begin."""
    stripped = text.rstrip()
    while stripped.endswith(("】", "]")):
        opening = stripped.rfind("【" if stripped.endswith("】") else "[")
        if opening < 0:
            break
        stripped = stripped[:opening].rstrip()
    return len(stripped)


def _names(node: n.Node) -> Iterator[n.Name]:
    return (x for x in every(node) if isinstance(x, n.Name))


def _text(text: str) -> Run:
    return [d.Text(text)] if text else []


def _without_brackets(text: str) -> str:
    """A value that ends in brackets, to stand in brackets itself: 800万元（含税） becomes 800万元，含税."""
    if text.endswith("）") and text.count("（") == 1:
        return text[:-1].replace("（", "，")
    if text.endswith(")") and text.count("(") == 1:
        return text[:-1].replace(" (", ", ").replace("(", ", ")
    return text


def _trimmed(out: Run) -> Run:
    """Without blanks at either end."""
    if out and isinstance(out[0], d.Text):
        out[0] = d.Text(out[0].text.lstrip(), out[0].tone)
    if out and isinstance(out[-1], d.Text):
        out[-1] = d.Text(out[-1].text.rstrip(), out[-1].tone)
    return [part for part in out if not (isinstance(part, d.Text) and not part.text)]


def plain(words: Run) -> str:
    """Running text without its links and tones."""
    said = (w for w in words if not isinstance(w, d.Break | d.Swatch))
    return "".join(w.label if isinstance(w, d.Cite) else w.text for w in said)


def joined(runs: list[Run], between: str) -> Run:
    """Several runs in one, a text between each two."""
    out: Run = []
    for words in runs:
        if not words:
            continue
        if out:
            out.append(d.Text(between))
        out += words
    return out
