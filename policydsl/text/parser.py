"""Text to ``nodes.File``: block by block, and in a faulty block line by line, so that one fault hides no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policydsl import nodes
from policydsl.clause_kinds import WRITTEN
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text.build_blocks import Builder
from policydsl.text.fold import CONTROL, fold, lower, name_key
from policydsl.text.keywords import DIALECTS, detect, dialect as words_of
from policydsl.text.lexer import Fault, Lexer, Token
from policydsl.text.machine import Machine, Unexpected
from policydsl.text.memory import Memory, Recall
from policydsl.text.named import NAMING
from policydsl.text.names import Names, share
from policydsl.text.problems import Adviser
from policydsl.text.quantities import reader
from policydsl.text.sections import in_sections
from policydsl.text.source import BREAK, Chunk, Source
from policydsl.text.tables import END, Tables, load

MOST_CHARACTERS = 4 * 1024 * 1024
MOST_COLUMNS = 20_000
MOST_PROBLEMS = 200
MOST_IN_BLOCK = 20
MOST_REFUSED = 10
# The numbering that a word processor puts before the first block.
_NUMBERED = re.compile(
    r"\s*(?P<number>(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[.、)]\)?|第[\d一二三四五六七八九十]{1,3}[条章节]|[①-⑳])\s*)"
)
_LATER = frozenset({"_USE", "_AMEND", "_REPEAL", "_REPLACE"})


def parse(
    text: str,
    file: str,
    *,
    dialect: Language | None = None,
    names: Iterable[str] = (),
    fragment: bool = False,
    examples: bool = True,
    memory: Memory | None = None,
    known: Sequence[Names] = (),
) -> tuple[nodes.File, list[Diagnostic]]:
    """The nodes of a policy text and every problem found in it; with problems the file holds what could be read.

    ``dialect`` is that of the first block word unless given. ``names`` are declared elsewhere, ``known`` are those of
    the files that this one speaks of; ``fragment`` allows blocks without a policy header. ``examples`` False leaves the
    examples unread: who only judges a sheet does not need them. ``memory``: what was read of an earlier version of the
    text.
    """
    refused, shown = _refused(text, file)
    if refused:
        return _unread(text, file, dialect, shown), refused
    own = Names(Source(text, file, dialect), names)
    own.learn(known)
    return Parsing(load(), own, fragment).run(examples, memory)


# From the prepared texts: the names of the other files that they speak of, None if there are such files and one is not
# to be had.
Others = Callable[[Sequence[Source]], "Sequence[Names] | None"]


def parse_texts(
    texts: Mapping[str, str], *, dialect: Language | None = None, examples: bool = True, memory: Memory | None = None
) -> tuple[nodes.File, list[Diagnostic]]:
    """``parse`` of a policy whose blocks stand in several files (name -> text), as if one text stood below the other.

    The first holds the policy header, and its dialect is that of all. ``memory``: of earlier versions of the first.
    """
    return parse_among(texts, lambda sources: None, dialect=dialect, examples=examples, memory=memory)[:2]


def parse_among(
    texts: Mapping[str, str], others: Others, *, dialect: Language | None = None, examples: bool = True,
    memory: Memory | None = None, fragment: bool = False,
) -> tuple[nodes.File, list[Diagnostic], list[Names]]:
    """``parse_texts`` of texts that may speak of other files, and the names that they know in the end. ``fragment``:
    the first need not have a header."""
    first, *further = texts
    checked = [_refused(text, file) for file, text in texts.items()]
    refused = [problem for found, _ in checked for problem in found]
    if refused:
        shown = Sources({name: lines for _, sources in checked for name, lines in sources.texts.items()})
        return _unread(texts[first], first, dialect, shown), refused, []
    sources = [Source(texts[first], first, dialect)]
    sources += [Source(texts[file], file, sources[0].words.code) for file in further]
    every = [Names(source) for source in sources]
    share(every)
    known = others(sources)
    for names in every:
        names.learn(known or ())
    runs = [
        Parsing(load(), names, fragment or names is not every[0], known is not None).run(
            examples, memory if names is every[0] else None
        )
        for names in every
    ]
    files, problems = [file for file, _ in runs], [problem for _, found in runs for problem in found]
    problems += [Diagnostic("POL112", file.policy.span) for file in files[1:] if file.policy is not None]
    blocks = tuple(block for file in files for block in file.blocks)
    whole = Sources({name: lines for file in files for name, lines in file.sources.texts.items()})
    return replace(files[0], blocks=blocks, sources=whole), problems, every


def _unread(text: str, file: str, dialect: Language | None, shown: Sources) -> nodes.File:
    code = dialect or detect(_NUMBERED.sub("", lower(fold(text[:MOST_COLUMNS])), count=1))
    return nodes.File(Span(file, 1, 1, 1, 1), code, None, (), shown)


def _refused(text: str, file: str) -> tuple[list[Diagnostic], Sources]:
    """Why a text is not read at all, with the text as far as it can be shown; nothing if it is."""
    if len(text) > MOST_CHARACTERS:
        return [Diagnostic("POL120", Span(file, 1, 1, 1, 2), args={"limit": "4"})], Sources()
    if CONTROL.search(text):
        lines = tuple(BREAK.split(text))
        found = [(i, m) for i, line in enumerate(lines, 1) if (m := CONTROL.search(line))]
        return [
            Diagnostic("POL125", Span(file, i, m.start() + 1, i, m.end() + 1), args={"char": f"U+{ord(m[0]):04X}"})
            for i, m in found[:MOST_REFUSED]
        ], Sources.of(file, lines)
    low = lower(fold(text[:MOST_COLUMNS]))
    numbered = _NUMBERED.match(low)
    if numbered and any(words_of(code).head_words.longest(low, numbered.end(), len(low)) for code in DIALECTS):
        start = numbered.start("number")
        line, before = text.count("\n", 0, start) + 1, text.rfind("\n", 0, start) + 1
        span = Span(file, line, start - before + 1, line, numbered.end() - before + 1)
        args = {"word": numbered["number"].strip()}
        return [Diagnostic("POL127", span, args=args)], Sources.of(file, tuple(BREAK.split(text)))
    if len(text) <= MOST_COLUMNS:
        return [], Sources()
    long = [i for i, line in enumerate(text.split("\n"), 1) if len(line) > MOST_COLUMNS]
    return [
        Diagnostic("POL121", Span(file, i, MOST_COLUMNS, i, MOST_COLUMNS + 1), args={"limit": str(MOST_COLUMNS)})
        for i in long[:MOST_REFUSED]
    ], Sources()


class Parsing:
    """One run over one text."""

    def __init__(self, tables: Tables, names: Names, fragment: bool, resolved: bool = False) -> None:
        """``resolved``: the names of the files that the text speaks of are known."""
        source = names.source
        self.resolved = resolved
        self.tables, self.source, self.names, self.fragment = tables, source, names, fragment
        self.reader = reader(source.words.code, tuple(names.units))
        self.builder = Builder(source, self.reader)
        self.makers = self.builder.makers(tables)
        self.adviser = Adviser(tables, source, self.names)
        self.problems: list[Diagnostic] = []
        self.unknown: list[Token] = []
        self.headings: list[tuple[Chunk, Any]] = []
        self.phantoms: set[str] = set()
        self.steps = 0

    def run(self, examples: bool = True, memory: Memory | None = None) -> tuple[nodes.File, list[Diagnostic]]:
        recall = memory.recall(self.names) if memory is not None else None
        for chunk in self.source.chunks:
            if not examples and chunk.head is not None and chunk.head.terminal == "_EXAMPLE":
                continue
            if len(self.problems) <= MOST_PROBLEMS:
                self.headings.append((chunk, self._read(chunk, recall)))
                self._head_once(*self.headings[-1])
        if recall is not None:
            recall.done()
        self.problems += self.builder.problems
        policy, blocks, named = self._sort()
        blocks, unheard = in_sections(blocks)
        blocks += named
        self.problems += unheard
        self._names(policy)
        lines = self.source.lines
        span = Span(self.source.file, 1, 1, len(lines), len(lines[-1]) + 1)
        return nodes.File(span, self.source.words.code, policy, tuple(blocks), self.source.sources), self._collected()

    # ------------------------------------------------------------------------------------------ one block
    def _read(self, chunk: Chunk, recall: Recall | None) -> Any:
        """The node of a block, read or remembered; what says anything but its node is read each time."""
        if recall is None:
            return self._chunk(chunk)
        node = recall.node(chunk)
        if node is None:
            told = len(self.problems), len(self.builder.problems), len(self.unknown)
            node = self._chunk(chunk)
            late = chunk.head is None or chunk.head.terminal in _LATER
            if node is not None and not late and told == (
                len(self.problems), len(self.builder.problems), len(self.unknown)
            ):
                recall.add(chunk, node)
        return node

    def _head_once(self, chunk: Chunk, node: Any) -> None:
        """The word of a block once more before its name (``政策 政策 甲``): most likely too much. Of a clause that is
        told with its name."""
        if node is None or chunk.head is None or chunk.head.bare or chunk.head.terminal in WRITTEN:
            return
        source, line = self.source, chunk.lines[0]
        start = source.after_decoration(line.start, line.end)
        first = source.head_at(start, line.end)
        again = first and source.head_at(line.end - len(source.low[first[0] : line.end].lstrip()), line.end)
        if first and again and again[1].terminal == chunk.head.terminal:
            once = source.text[start : first[0]]
            at = source.span(start, again[0])
            args = {"name": source.text[start : again[0]], "once": once}
            self.problems.append(Diagnostic("POL271", at, "warning", args, fix=Fix(at, once)))

    def _chunk(self, chunk: Chunk) -> Any:
        """The node of a block without its faulty lines; None when its heading cannot be read."""
        lexer = Lexer(self.source, self.names, self.reader, chunk)
        named = self.builder.named
        named.clear()
        machine = Machine(self.tables, lexer, self.makers, (self.builder.problems, lexer.unknown, named))
        found, skipped = 0, -1
        try:
            while found < MOST_IN_BLOCK:
                try:
                    node = machine.run()
                except (Unexpected, Fault) as error:
                    first, last = lexer.logical_line()
                    if self._numbering(chunk, first):
                        if first == 0 or not machine.skip_line(to_end=True):
                            return None
                        skipped = last
                        continue
                    at_start = isinstance(error, Unexpected) and self._begins_line(error.token, chunk, first)
                    phantom = isinstance(error, Unexpected) and self._phantom(error, chunk, first, at_start)
                    if not (at_start and skipped == first - 1 and found):
                        # right behind a skipped line, the beginning of the next may not fit for that reason alone
                        if not self._of_phantom(error):
                            self._report(error, lexer, at_start or phantom)
                        found += 1
                    if first == 0:  # what its table may have given names to
                        self.phantoms.update(
                            name_key(self.source.text[c.start : c.end]) for row in chunk.lines[1:] for c in row.cells)
                    if first == 0 or not machine.skip_line(to_end=phantom):
                        return None  # without its heading a block is nothing
                    skipped = last
                else:
                    if chunk.head is None or chunk.head.terminal not in _LATER:
                        self.unknown += lexer.unknown
                    return self._with_named(chunk, node, named)
            return None
        finally:
            self.steps += lexer.steps

    def _with_named(self, chunk: Chunk, node: Any, named: Sequence[nodes.Parameter]) -> Any:
        """The node of a block, with the parameters that its numbers are."""
        named = [p for p in named if not self._means_another(p)]
        if not named:
            return node
        if isinstance(node, nodes.Amend):
            return replace(node, named=tuple(named))
        if chunk.word not in NAMING:
            for p in named:
                self.builder.problems.append(Diagnostic("POL149", p.name_span, args={"name": p.name}))
        made = nodes.Parameters(named[0].span, tuple(named), (), (), ())
        if isinstance(node, nodes.Replace):
            return replace(node, parts=(*node.parts, made))
        return [*(node if isinstance(node, list) else (node,)), made]

    def _means_another(self, p: nodes.Parameter) -> bool:
        """Whether the brackets behind a number hold the name of something else: ``2（业绩）`` may be a calculation."""
        place = self.names.place(p.name)
        if place is None or self.source.norm[: place[0]].rstrip().endswith("("):
            return False
        start, end = self.source.offset_of(p.span)
        number = self.source.text[start:end].partition("（")[0].partition("(")[0].strip()
        self.builder.problem("POL148", start, end, word=p.name, number=number)
        return True

    def _of_phantom(self, error: Unexpected | Fault) -> bool:
        """Whether what cannot be read is a name that a line which could not be read was to declare."""
        start = error.token.start if isinstance(error, Unexpected) else error.start
        return any(len(name) > 1 and self.source.low.startswith(name, start) for name in self.phantoms)

    def _begins_line(self, token: Token, chunk: Chunk, number: int) -> bool:
        if token.type == END or number >= len(chunk.lines):
            return True
        line = chunk.lines[number]
        return token.start <= self.source.after_decoration(line.start, line.end)

    def _report(self, error: Unexpected | Fault, lexer: Lexer, at_start: bool) -> None:
        if isinstance(error, Fault):
            self.problems.append(self.adviser.fault(error))
        else:
            self.problems.append(self.adviser.unexpected(error, lexer, line_start=at_start))

    def _numbering(self, chunk: Chunk, number: int) -> bool:
        """A block word behind the numbering of a word processor, told of each such line; what stands below is its."""
        source, found = self.source, []
        for line in chunk.lines[number:]:
            numbered = _NUMBERED.match(source.norm, line.start, line.end)
            head = source.head_at(numbered.end(), line.end) if numbered else None
            if numbered and head:
                found.append((numbered, line))
                name = head[0]
                while name < line.end and source.norm[name].isspace():
                    name += 1
                self.phantoms.add(name_key(source.text[name : source.name_end(name, line.end)]))
            elif not found:
                return False  # what is faulty is another line
        for numbered, line in found:
            start, end = numbered.span("number")
            args, at = {"word": source.text[start:end].strip()}, source.span(start, end)
            rest = source.text[end : line.end].strip()
            self.problems.append(Diagnostic("POL127", at, args=args, fix=Fix(at, "", rest)))
        return bool(found)

    def _phantom(self, error: Unexpected, chunk: Chunk, number: int, at_start: bool) -> bool:
        """A misspelt block word: the lines behind it are not this block's."""
        source, token = self.source, error.token
        if number >= len(chunk.lines):
            return False
        line = chunk.lines[number]
        start = source.after_decoration(line.start, line.end)
        end = token.end
        if not (at_start and token.unknown):
            # among facts it was read as a name; then the next line is one of a clause
            following = chunk.lines[number + 1] if number + 1 < len(chunk.lines) else None
            if not (chunk.declares and token.type == "_NL" and following and number):
                return False
            place = source.after_decoration(following.start, following.end)
            of_clause = source.field_at(place, following.end) and not source.declares(place, following.end)
            if not of_clause and not following.cells:
                return False
            end = start
            while end < line.end and not source.norm[end].isspace():
                end += 1
        end = self.adviser.block_word_like(start, end)
        if not end:
            return False
        error.token = Token("UNKNOWN", source.text[start:end], start, end, unknown=True)
        name = end
        while name < line.end and (source.norm[name].isspace() or source.norm[name] == ":"):
            name += 1
        if name < line.end:
            self.phantoms.add(name_key(source.text[name : source.name_end(name, line.end)]))
        for row in chunk.lines[number + 1 :]:  # what the block may have given names to
            self.phantoms.update(name_key(source.text[cell.start : cell.end]) for cell in row.cells)
        return True

    # ------------------------------------------------------------------------------------------ the whole file
    def _sort(self) -> tuple[nodes.Policy | None, list[nodes.Block], list[nodes.Block]]:
        """The header apart from the blocks; it must be there, once, and first. Apart, too, the parameters that are
        numbers of clauses, as one block."""
        policy: nodes.Policy | None = None
        blocks: list[nodes.Block] = []
        named: list[nodes.Parameter] = []
        heads = [chunk for chunk in self.source.chunks if chunk.head and chunk.head.terminal == "_POLICY"]
        if not self.fragment:
            misplaced = heads[1:] if heads and self.source.chunks[0] is heads[0] else heads
            for chunk in misplaced:
                line = chunk.lines[0]
                self.problems.append(Diagnostic("POL112", self.source.span(line.start, line.end)))
            if not heads and not any(p.hint == "head_colon" for p in self.problems):
                first = next((c.lines[0].start for c in self.source.chunks if c.head), len(self.source.text))
                above = self.source.line_of(first)
                self.problems = [p for p in self.problems if p.span.line > above]  # without its heading it is nothing
                self.problems.append(Diagnostic("POL111", Span(self.source.file, 1, 1, 1, 2)))
        for _, node in self.headings:
            if isinstance(node, nodes.Policy):
                policy = policy or node
            elif node is not None:
                for block in node if isinstance(node, list) else (node,):
                    if isinstance(block, nodes.Parameters) and block.settled and block.settled[0].within:
                        named += block.settled
                    else:
                        blocks.append(block)
        whole = [nodes.Parameters(named[0].span, tuple(named), (), (), ())] if named else []
        return policy, blocks, [*whole]

    def _names(self, policy: nodes.Policy | None) -> None:
        """Undeclared names, names that can be read in two ways, names that hide a built-in one."""
        elsewhere = bool(policy) and any(meta.key == "amends" for meta in policy.meta)  # type: ignore[union-attr]
        elsewhere = elsewhere or any(chunk.head and chunk.head.terminal == "_USE" for chunk in self.source.chunks)
        faulty = {problem.span.line for problem in self.problems}
        seen: set[str] = set()
        for token in self.unknown if self.resolved or not elsewhere else ():
            key = name_key(str(token.value))
            if key in seen or key in self.phantoms or len(self.problems) > MOST_PROBLEMS:
                continue
            if self.source.line_of(token.start) + 1 not in faulty:
                seen.add(key)
                self.problems.append(self.adviser.undeclared(token))
        for name, place, reading in self.names.ambiguous():
            self.problems.append(
                Diagnostic("POL202", self.source.span(*place), args={"name": name, "reading": reading})
            )
        for place in self.names.words_of_language():
            at = self.source.span(*place)
            self.problems.append(Diagnostic("POL492", at, "warning", {"name": self.source.text[slice(*place)]}))
        for start, end in self.names.hidden:
            if self.source.words.builtins.get(name_key(self.source.text[start:end])) in AFTER_OF:
                continue
            self.problems.append(
                Diagnostic("POL203", self.source.span(start, end), "warning", {"name": self.source.text[start:end]})
            )

    def _collected(self) -> list[Diagnostic]:
        """In order of place, and not more than anyone reads."""
        found = sorted(self.problems, key=lambda d: (d.span.line, d.span.column, d.code))
        if len(found) > MOST_PROBLEMS:
            last = found[MOST_PROBLEMS - 1].span
            found = [*found[:MOST_PROBLEMS], Diagnostic("POL123", last, "notice", {"limit": str(MOST_PROBLEMS)})]
        return found


# Said behind 的 alone, where they mean what they say.
AFTER_OF = frozenset({"used_up", "left_over", "remainder", "carried", "written_off", "pay_day", "expiry"})


def first_fault(tables: Tables, snippet: str, code: Language) -> Unexpected | None:
    """Where a malformed snippet stops being readable (for the hints)."""
    source = Source(snippet, "", code)
    names = Names(source)
    builder = Builder(source, reader(words_of(code).code))
    makers = builder.makers(tables)
    for chunk in source.chunks:
        try:
            Machine(tables, Lexer(source, names, reader(code), chunk), makers).run()
        except Unexpected as error:
            return error
        except Fault:
            return None
    return None
