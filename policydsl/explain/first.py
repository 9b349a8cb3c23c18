"""The first screen of a partner's page: a few figures, then a card for each thing a partner asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from policydsl.render.document import (
    Block, Break, Cards, Cite, Inline, Item, Items, Row, Run, Text, Tile, Tiles, Tone, row, run, short, table,
)
from policydsl.render.outcome import some
from policydsl.render.values import Writer
from policydsl.say import listed, say, word
from policydsl.summary import Line, Summary, Told, Want, summary
from policydsl.summary.follows import SOON, day_of
from policydsl.summary.teller import Teller
from policydsl.verdict import Verdict

SIGNS = {"good": "✓ ", "bad": "! ", "soon": "", "open": "? ", "": "", "plain": "", "muted": ""}
TONES: dict[str, Tone] = {"good": "good", "bad": "bad", "soon": "plain", "open": "open", "": "plain"}
MOST_TILES, MOST_WANTS, MOST_ACTIONS = 4, 8, 5
_REACHED = ("standing", "marks", "results", "gains")
_OTHERS = ("sanctions", "days", "duties", "gains", "results")


class First:
    """Makes the blocks of the first screen of one verdict."""

    def __init__(self, verdict: Verdict, writer: Writer, cite: dict[str, str]) -> None:
        self.verdict, self.writer, self.lang = verdict, writer, writer.lang
        self.cite = cite
        self.teller = Teller(verdict, writer)
        self.summary: Summary = summary(verdict, writer)

    def title(self) -> str:
        """What the verdict says first: 钻石IVR."""
        tiles = self.tiles()
        if not tiles:
            return ""
        said = self.summary.parts and self.summary.parts[0].part in ("standing", "marks")
        return tiles[0].value if said else f"{tiles[0].label} {tiles[0].value}"

    def blocks(self, level: int) -> Iterator[Block]:
        tiles = self.tiles()
        if tiles:
            yield Tiles(tuple(tiles))
        actions = [*self.actions()][:MOST_ACTIONS]
        cards: list[tuple[str, tuple[Block, ...]]] = []
        if actions:
            cards.append((say("partner.actions", self.lang), (self.tasks(actions),)))
        cards += [(word("part_of", told.part, self.lang), tuple(self.card(told))) for told in self.summary.parts]
        if self.summary.wants:
            cards.append((say("partner.missing", self.lang), (self.wants(self.summary.wants),)))
        if cards:
            yield Cards(level, tuple(cards))

    # ------------------------------------------------------------------------------------------ figures
    def tiles(self) -> list[Tile]:
        """The first two things reached, in the order of the policy; what is imposed; the next last day."""
        reached = [told for told in self.summary.parts if told.part in _REACHED][:2]
        others = [told for part in _OTHERS for told in self.summary.parts if told.part == part and told not in reached]
        return [self.tile(told) for told in [*reached, *others][:MOST_TILES]]

    def tile(self, told: Told) -> Tile:
        """The first line of a part as a figure; how many more are open."""
        label = told.lines[0].name if told.part == "results" else word("part_of", told.part, self.lang)
        settled = [line for line in told.lines if line.mark != "open"]
        still_open = [line for line in told.lines if line.mark == "open"]
        note: list[Inline] = []
        if told.part == "sanctions":
            bad = [line for line in settled if line.mark == "bad"]
            value = bad[0].name if bad else say("partner.open" if still_open else "partner.none", self.lang)
            others = [line.name for line in settled if line.name and not line.mark]
            note = [Text(SIGNS["bad"] + bad[0].text, "bad")] if bad else [
                Text(say("partner.by_others", self.lang, names=listed(others, self.lang)))] if others else []
        elif told.part == "days":
            dated = [line for line in settled if line.columns and line.day is not None]
            ahead = [line for line in dated if line.day is not None and f"{line.day}" >= f"{self.verdict.as_of}"[:10]]
            missed = [line for line in dated if line.mark == "bad"]  # one that merely ended tells nothing
            first = next(iter([*ahead, *missed]), None)
            nothing = "partner.none_ahead" if dated else "partner.open" if still_open else "partner.none"
            value = first.columns[1] if first is not None else say(nothing, self.lang)
            note = [Text(f"{first.columns[0]} {first.name}", TONES[first.mark])] if first is not None else []
        elif told.part == "duties":
            failed = [line for line in settled if line.mark == "bad"]
            value = failed[0].name if failed else settled[-1].text if settled else say("partner.open", self.lang)
            note = [Text(SIGNS["bad"] + failed[0].text, "bad")] if failed else []
        else:
            summed = [line for line in settled if line.value and not line.results]  # what all rewards come to
            first = (summed or settled or told.lines)[0]
            label = first.name if told.part == "results" else label
            value = first.value or (first.text if first.mark != "open" else say("partner.open", self.lang))
            rest = first.text[len(value) :].lstrip("；;，,：: ") if first.text.startswith(value) else first.text
            named = first.name if told.part == "gains" else ""
            if summed:
                good = [line.name for line in settled if line.mark == "good"]
                named, rest = some(good, self.lang), ""
            mark = say("mark.equals", self.lang)
            said = f"{named}{mark}{rest.lstrip()[len(mark.strip()):].lstrip()}" if rest.lstrip().startswith(
                mark.strip()) else listed([x for x in (named, rest) if x], self.lang, "comma")
            note = [Text(SIGNS[first.mark] + said, TONES[first.mark])] if said else []
        left = sum(len(line.results) for line in still_open)
        if left and settled:
            more = say("partner.more_open", self.lang, count=left)
            note = [*note, Break(), Text(f"{SIGNS['open']}{more}", "open")] if note else [
                Text(f"{SIGNS['open']}{more}", "open")]
        return Tile(label, value, tuple(note))

    # ------------------------------------------------------------------------------------------ what to do
    def actions(self) -> Iterator[tuple[str, str, Sequence[str]]]:
        """What is to be done first, when or by whom, and the clauses: last days that are near or missed, requirements
        that are not met, what is to be filled in, and what only the author or the issuer of the policy can say."""
        lines = [line for told in self.summary.parts if told.part in ("days", "duties") for line in told.lines]
        today = f"{self.verdict.as_of}"[:10]
        dated = [line for line in lines if line.columns and line.day is not None]
        soon = f"{day_of(self.verdict.as_of) + timedelta(SOON)}"
        near = [line for line in dated if today <= f"{line.day}" <= soon]
        for line in [*near, *(line for line in dated if line.mark == "bad" and line not in near)][:3]:
            yield line.name, " ".join(line.columns), line.clauses
        for line in [line for line in lines if line.mark == "bad" and not line.columns and line.name][:3]:
            yield say("screen.of", self.lang, name=line.name, text=line.text), "", line.clauses
        asked = {"partner": "partner.action_fill", "author": "partner.action_set", "issuer": "partner.action_ask"}
        for who, key in asked.items():
            for want in [w for w in self.summary.wants if w.who == who][:2]:
                name = want.effect if who == "issuer" else want.what
                yield say(key, self.lang, name=name), word("who", who, self.lang), want.clauses

    def tasks(self, actions: Sequence[tuple[str, str, Sequence[str]]]) -> Block:
        rows = [row([[Text(what), *self.cites(clauses)], when]) for what, when, clauses in actions]
        head = [say("partner.action_what", self.lang), say("partner.action_when", self.lang)]
        return table(head, rows, stub=True, shares=(70, 30))

    def cites(self, clauses: Sequence[str]) -> Iterator[Inline]:
        for clause, number in dict.fromkeys((short(c), c.split()[0]) for c in clauses[:2] if c.split()):
            yield from (Text(" "), Cite(clause, self.cite.get(number, "")))

    # ------------------------------------------------------------------------------------------ cards
    def card(self, told: Told) -> Iterator[Block]:
        yield Items(tuple(Item(self.words(line), tuple(self.below(line.below))) for line in told.lines))

    def words(self, line: Line) -> Run:
        """A line: the mark and the name in the colour of what follows from it, then what it comes to."""
        tone = TONES[line.mark]
        out: list[Inline] = []
        if line.columns:
            day, left = line.columns
            out += [Text(f"{SIGNS[line.mark]}{day} ", tone, strong=True), Text(f"{left} ", tone)]
            out.append(Text(say("mark.equals", self.lang).join(x for x in (line.name, line.reckoned) if x)))
            out += [Text(say("mark.comma", self.lang) + line.text, tone)] if line.text else []
        elif line.name:
            out += [Text(SIGNS[line.mark] + line.name, tone, strong=True), Text(" "), Text(line.text)]
        else:
            out.append(Text(SIGNS[line.mark] + line.text, tone))
        return *out, *self.cites(line.clauses)

    def below(self, lines: Sequence[Line]) -> Iterator[Block]:
        """What a line is made of: figures in columns, else lines."""
        figures = [line for line in lines if line.columns]
        if figures:
            most = max(len(line.columns) for line in figures)
            rows: list[Row] = []
            for line in figures:
                cells = [*line.columns, *[""] * (most - len(line.columns))]
                name = Text(SIGNS[line.mark] + line.name, TONES[line.mark])
                rows.append(row([name, *cells, *([line.text] if any(x.text for x in figures) else [])]))
            names = ("condition", "actual", "required", "gap") if most > 1 else ("step", "points")
            head = [word("heading", name, self.lang) for name in names[: most + 1]]
            head += [word("heading", "working", self.lang)] if any(x.text for x in figures) else []
            yield table(head, rows, numeric=range(1, most + 1), stub=True)
        plain = [line for line in lines if not line.columns]
        if plain:
            yield Items(tuple(Item(run(Text(line.text, "muted"))) for line in plain))

    def wants(self, wants: Sequence[Want]) -> Block:
        head = [say(k, self.lang) for k in ("partner.what", "partner.who", "partner.effect")]
        rows = [row([Text(w.what, strong=True), word("who", w.who, self.lang), w.effect]) for w in wants[:MOST_WANTS]]
        if len(wants) > MOST_WANTS:
            more = say("screen.more_wants", self.lang, count=len(wants) - MOST_WANTS)
            rows.append(row([Text(more, "muted"), "", ""]))
        return table(head, rows, stub=True)


__all__ = ["First"]
