"""The summary of a verdict on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product, zip_longest

from policydsl.diagnostics import Language
from policydsl.render.document import citation, short
from policydsl.render.layout import NARROWEST, WIDTH, Paint, pad, wrap
from policydsl.summary import ROOMS, Line, Mark, Room, Summary, Want, summary
from policydsl.render.outcome import aside_words, remarks
from policydsl.render.periods import by_name
from policydsl.render.values import Writer, known_as
from policydsl.report import width
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.verdict import Verdict

_LABEL = {"zh": 9, "en": 11}
_MARKS: dict[Mark, tuple[str, str]] = {
    "": (" ", ""), "good": (" ", ""), "bad": ("!", "red"), "soon": (" ", ""), "open": ("?", "yellow"),
}
_MOST_CITED = 2
_NAMES, _FIGURES = 24, 16  # the widest columns of names and of figures
MOST_ABOUT = 3  # names of what one remark is about
MOST_LINES = 40  # of a screen; what does not fit is folded harder


def screen(verdict: Verdict, writer: Writer, paint: Paint) -> str:
    """One verdict, as text ending in a line break."""
    verdict, lines = by_name(verdict, writer), list[str]()
    for room, wide in product(ROOMS, (True, False)):  # of two lines are only last days for which there is room
        lines = list(_Screen(verdict, writer, paint, room, wide).lines())
        if len(lines) <= MOST_LINES:
            break
    return "\n".join(lines) + "\n"


class _Screen:
    def __init__(self, verdict: Verdict, writer: Writer, paint: Paint, room: Room, wide: bool) -> None:
        self.wide = wide
        self.verdict, self.writer, self.paint, self.lang, self.room = verdict, writer, paint, writer.lang, room
        self.label = _LABEL[self.lang]

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    def lines(self) -> Iterator[str]:
        yield from self.head()
        found = summary(self.verdict, self.writer, self.room)
        if found.parts:
            yield ""
        for told in found.parts:
            label = word("part_of", told.part, self.lang)
            for row in self.part(told.lines):
                yield self.labelled(label, row)
                label = ""
        if found.away:
            yield self.labelled(self.say("screen.away"), "  " + listed(found.away[:8], self.lang) + (
                self.say("screen.and_so_on") if len(found.away) > 8 else ""))
        if found.wants:
            yield ""
            yield from self.wants(found.wants)
        yield ""
        yield from self.foot(found)

    def labelled(self, label: str, row: str) -> str:
        return (self.paint(label, "strong") + " " * max(0, self.label - width(label)) + row).rstrip()

    # ------------------------------------------------------------------------------------------ head and foot
    def head(self) -> Iterator[str]:
        header, lang = self.verdict.header, self.lang
        version = say("verdict.version", lang, version=header.version) if header.version else ""
        day = f"{say('verdict.as_of', lang)} {_iso(self.verdict.as_of)}"
        if self.verdict.as_of_from == "today":
            day = bracketed(day, word("as_of_from", "today", lang), lang)
        about = "  ".join(x for x in (header.title, " ".join(x for x in (known_as(header, lang), version) if x)) if x)
        party = self.verdict.party
        left = f"{party}  {about}" if party else about
        if party and width(left) + 2 + width(day) > WIDTH:
            left = party
        gap = " " * max(2, WIDTH - width(left) - width(day))
        yield (self.paint(party, "strong") + left[len(party) :] if party else left) + gap + day
        if left == party:
            yield from wrap(about, WIDTH)
        aside = [headed(self.say("verdict.aside"), lang, aside_words(self.verdict, self.writer))]
        for remark in (*(aside if self.verdict.aside else ()), *remarks(self.verdict.remarks, lang, MOST_ABOUT)):
            said = wrap(f"! {remark}", WIDTH - 2)
            yield from (self.paint(piece if i == 0 else "  " + piece, "yellow") for i, piece in enumerate(said))

    def foot(self, found: Summary) -> Iterator[str]:
        yield self.say("screen.rest", count=found.rest) if found.rest else self.say("screen.no_rest")

    # ------------------------------------------------------------------------------------------ parts
    def part(self, lines: Sequence[Line]) -> Iterator[str]:
        alone = len(lines) == 1
        for line in lines:
            yield from self.row(line, alone)
            inner = min(_NAMES, max((width(b.name) for b in line.below), default=0))
            figures = [
                min(_FIGURES, max(width(c) for c in column))
                for column in zip_longest(*(b.columns for b in line.below), fillvalue="")
            ]
            for below in line.below:
                yield from self.below(below, inner, figures)

    def row(self, line: Line, alone: bool) -> Iterator[str]:
        """A line: dates stand before their name, everything else behind it."""
        if line.columns:
            text = self.day(line, line.reckoned)
            if not self.wide and self.folds(text, line.clauses):  # there is no room for two lines
                text = self.day(line, line.briefly)
                text = self.day(line, "") if self.folds(text, line.clauses) else text
        elif line.name and line.text:
            alone_told = alone and line.results and line.below
            text = line.text if alone_told else self.say("screen.of", name=line.name, text=line.text)
        else:
            text = line.name or line.text
        yield from self.laid_out(line.mark, text, line.clauses, 0)

    def day(self, line: Line, reckoned: str) -> str:
        """A last day, what is left to it, what it is of and how it is reckoned."""
        name = say("mark.equals", self.lang).join(x for x in (line.name, reckoned) if x)
        return "  ".join([*line.columns, listed([x for x in (name, line.text) if x], self.lang, "comma")])

    def folds(self, text: str, clauses: Sequence[str]) -> bool:
        """Whether a line takes more than one."""
        return len([*self.laid_out("", text, clauses, 0)]) > 1

    def below(self, line: Line, names: int, figures: Sequence[int]) -> Iterator[str]:
        cells = [pad(line.name, names), *(pad(c, w) for c, w in zip(line.columns, figures, strict=False)), line.text]
        hang = sum(width(c) + 2 for c in cells[:-1]) if line.text and line.name else 0
        yield from self.laid_out(line.mark, "  ".join(c for c in cells if c).rstrip(), line.clauses, 2, hang)

    def laid_out(
        self, mark: Mark, text: str, clauses: Sequence[str], indent: int, hang: int = 0
    ) -> Iterator[str]:
        sign, tone = _MARKS[mark]
        cites = self.cites(clauses)
        room = WIDTH - self.label - 2 - indent
        first, *more = wrap(text, max(NARROWEST, room - width(cites) - 2 if cites else room))
        if more:  # only the first line has the citations beside it
            rest = text[len(first) :].lstrip() if text.startswith(first) else " ".join(more)
            more = wrap(rest, max(NARROWEST, room - hang))
        gap = " " * max(2, room - width(first) - width(cites)) if cites else ""
        yield f"{self.paint(sign, tone)} {' ' * indent}{first}{gap}{self.paint(cites, 'dim')}"
        for piece in more:
            yield f"  {' ' * (indent + hang)}{piece}"

    def cites(self, clauses: Sequence[str]) -> str:
        ids = list(dict.fromkeys(short(clause) for clause in clauses if clause.split()))
        return "".join(citation(one, self.lang) for one in ids[:_MOST_CITED])

    # ------------------------------------------------------------------------------------------ what is missing
    def wants(self, wants: Sequence[Want]) -> Iterator[str]:
        yield self.paint(self.say("screen.wants"), "strong")
        shown = list(wants[: self.room.wants])
        silent = [w for w in wants[self.room.wants :] if w.who == "issuer"]
        if silent:  # what nobody of the readers can fill in is told too
            shown[-1:] = silent[:1]
        names = min(_NAMES + 8, max(width(w.what) for w in shown))
        people = max(width(word("who", w.who, self.lang)) for w in shown)
        for number, want in enumerate(shown, 1):
            who = pad(word("who", want.who, self.lang), people)
            cites = self.cites(want.clauses)
            lead = f"  {number} {pad(want.what, names)}  {who}  "
            effect = self.say("screen.wanted_for", names=want.effect)
            first, *_ = wrap(effect, max(NARROWEST, WIDTH - width(lead) - width(cites) - 2))
            if first != effect:
                first = first.rstrip("、, ") + "…"
            gap = " " * max(2, WIDTH - width(lead) - width(first) - width(cites)) if cites else ""
            yield f"{lead}{first}{gap}{self.paint(cites, 'dim')}".rstrip()
        if len(wants) > len(shown):
            yield "    " + self.say("screen.more_wants", count=len(wants) - len(shown))


def screens(verdicts: Sequence[Verdict], lang: Language | None = None, *, color: bool = False) -> str:
    """A population, a screen for each."""
    shown = [screen(verdict, Writer.of(verdict.header, lang), Paint(color)) for verdict in verdicts]
    if len(shown) == 1:
        return shown[0]
    head = say("verdict.population", lang or verdicts[0].header.dialect, count=len(shown))
    return "\n".join([f"{head}\n", *(f"{'=' * WIDTH}\n{text}" for text in shown)])


def _iso(day: object) -> str:
    text = str(day)
    return text[:16] if ":" in text else text


__all__ = ["screen", "screens"]
