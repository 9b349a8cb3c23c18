"""What would mend a text: the near misses of a message, and where it has none one small change. Each is tried by the
parser before it is told; and where one name is written in two ways, which of the places is to blame."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cached_property

from policydsl import nodes as n
from policydsl import misprints
from policydsl.beside import NOTHING, Beside
from policydsl.amending import read, versions
from policydsl.catalogue import hint_words
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.lower.policy import lower
from policydsl.place import Span
from policydsl.text import Memory
from policydsl.text.fold import is_cjk, name_key
from policydsl.text.keywords import TYPE_WORDS, Dialect, dialect as words_of
from policydsl.text.near import alike, contrary
from policydsl.text.source import BREAK

# Codes whose near misses stand for the words that are marked.
REPLACED = frozenset("POL101 POL201 POL207 POL208 POL215 POL303 POL307 POL415 POL502 POL503 POL506 POL507".split())
# Where a small change is looked for besides.
READ = frozenset(
    "POL101 POL102 POL103 POL104 POL110 POL201 POL225 POL251 POL255 POL301 POL302 POL309 POL405 POL459 POL490".split()
)
BARE = frozenset("POL103 POL301 POL302 POL490".split())  # where a number may lack its unit
LEAST_TRIED, MOST_TRIED = 6, 24  # changes of a text that are tried; all blocks but the changed one are remembered
PLACED = frozenset("POL101 POL102 POL201 POL208 POL307".split())
MOST_PLACED = 40  # problems of which it is looked whether the declaration is to blame
MOST_READ_AGAIN = 600_000  # characters, for more than the fewest
PER_PROBLEM = 2_000  # characters: a problem is looked into anew whenever its text is read again
_RUN = re.compile(r"[^\s，,、；;：:（）()|【】“”\"＝=≥≤＞＜<>＋×÷]+")
_WHOLE = re.compile(r"[^\s，,、；;：:（）()|＝=≥≤＞＜<>＋×÷]+")  # with the marks that quote and cite
_NAMED = re.compile(r"\s*([^：:|]*[^：:|\s])\s*([：:]\s*)([^：:|]*[^：:|\s])\s*")  # names, and what they are
_LISTING = "、，,；;（）()"
_NUMBERING = re.compile(r"\s*(?:[(（]?[\d一二三四五六七八九十]{1,3}[)）.、])\s*")


def tried(
    problems: Sequence[Diagnostic], texts: Mapping[str, str], dialect: Language | None = None,
    known: Sequence[Diagnostic] = (), names: Sequence[str] = (),
    beside: Beside = NOTHING,
) -> tuple[Diagnostic, ...]:
    """The problems, with those of their proposals alone that mend what they are about: so many are tried as the length
    of the texts and what is wrong with them allow, others left out. ``known``: all problems of the texts, if these are
    only some; ``names``: what the policy declares; ``beside``: where the files stand that the texts speak of."""
    size = sum(len(text) for text in texts.values()) + PER_PROBLEM * len(known or problems) or 1
    most = min(MOST_TRIED, max(LEAST_TRIED, MOST_READ_AGAIN // size))
    trial = _Trial(known or problems, texts, dialect, beside)
    out = []
    for problem in problems:
        good: list[str] = []
        fix = problem.fix if problem.code in REPLACED else None
        words = problem.suggestions if problem.code in REPLACED else ()
        for word in dict.fromkeys((*words, *([fix.text] if fix is not None else []))):
            if most > 0 and trial.mends(problem, Fix(problem.span, word)):
                good.append(word)
            most -= 1
        kept = tuple(word for word in problem.suggestions if word in good) if words else problem.suggestions
        fix = None if fix is not None and fix.text not in good else problem.fix
        if fix is None and not kept and problem.code in READ and problem.severity == "error":
            for change in changes(problem, texts.get(problem.span.file, ""), names, trial.words, trial.language):
                if _turns(change, texts):
                    continue
                if most <= 0:
                    break
                most -= 1
                if trial.mends(problem, change):
                    fix = change
                    break
        out.append(replace(problem, suggestions=kept, fix=fix))
    return tuple(out)


def _turns(change: Fix, texts: Mapping[str, str]) -> bool:
    """Whether a change of one line says the contrary of what stands there; what is only said twice does not."""
    at = change.span
    stands = BREAK.split(texts[at.file])[at.line - 1][at.column - 1 : at.end_column - 1]
    return bool(change.text and stands.replace(change.text, "").strip()) and contrary(stands, change.text)


class _Trial:
    """Texts with a change, read again."""

    def __init__(
        self, known: Sequence[Diagnostic], texts: Mapping[str, str], dialect: Language | None, beside: Beside
    ) -> None:
        self.known, self.texts, self.dialect, self.memory = known, texts, dialect, Memory()
        self.beside = Beside(folder=beside.folder)

    @cached_property
    def language(self) -> Dialect:
        return words_of(self.dialect or self.read(self.texts)[0].dialect)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the language."""
        found = self.language
        every = (*found.inline, *found.fields, *found.heads)
        return tuple(dict.fromkeys(k.spelling for k in every if len(k.spelling) > 1))

    def read(self, texts: Mapping[str, str], examples: bool = False) -> tuple[n.File, Sequence[Diagnostic]]:
        """The version that is meant where no day is, with what is wrong with the texts."""
        document = read(texts, self.dialect, examples=examples, memory=self.memory, beside=self.beside)
        every, found = versions(document)
        return next(version.file for version in every if version.current), found

    def mends(self, problem: Diagnostic, change: Fix) -> bool:
        """Whether the texts with a change are free of a problem, and have no new error on that line and nothing that
        rests on itself."""
        at = change.span
        if at.file not in self.texts or at.line != at.end_line:
            return False
        lines = BREAK.split(self.texts[at.file])
        line = lines[at.line - 1]
        lines[at.line - 1] = line[: at.column - 1] + change.text + line[at.end_column - 1 :]
        changed = {**self.texts, at.file: "\n".join(lines)}
        examples = problem.code.startswith("POL5")
        tree, found = self.read(changed, examples or problem.code in READ)  # a line of an example is one that is read
        program, more, low = lower(tree)
        if examples and not any(p.severity == "error" for p in (*found, *more)):
            from policydsl.check import check

            more = [*more, *check(program, tree, low)]

        def count(told: Sequence[Diagnostic]) -> Counter[str]:
            here = [p for p in told if p.severity == "error" and p.span.file == at.file]
            return Counter(p.code for p in here if p.span.line == at.line or p.code == "POL210")

        before, after = count(self.known), count([*found, *more])
        return after[problem.code] < before[problem.code] and all(many <= before[code] for code, many in after.items())


# ---------------------------------------------------------------------------------------------- one small change
def changes(
    problem: Diagnostic, text: str, names: Sequence[str], keywords: Sequence[str], words: Dialect | None = None,
) -> Iterator[Fix]:
    """Small changes of the line that might have been meant, the likeliest first: what is said twice once, no number
    before the line, a missing mark, a word that is written much like another."""
    at = problem.span
    lines = BREAK.split(text)
    at_end = (at.end_line, at.end_column) == (at.line + 1, 1)  # of the line, which is what cannot be read
    if not (at.line == at.end_line or at_end) or not 0 < at.line <= len(lines):
        return
    line = lines[at.line - 1]
    start, end = at.column - 1, len(line) if at_end else min(at.end_column - 1, len(line))

    def change(first: int, last: int, instead: str) -> Fix:
        written = (line[:first] + instead + line[last:]).strip()
        return Fix(Span(at.file, at.line, first + 1, at.line, last + 1), instead, written)

    row = "|" in line and problem.code not in BARE
    certain = (
        *(misprints.bars(lines, at.line - 1) if row else ()), *_once(line, start, end),
        *misprints.once(line, start, end), *_marks(problem, line, start), *misprints.mark(problem, line, start),
    )
    for first, last, instead in certain:
        yield change(first, last, instead)
    if problem.code in BARE:
        yield from (change(*edit) for edit in misprints.units(text, line, max(0, start - 8), end))
    if words is not None:
        opening = words.canonical["_AMEND"][0]
        yield from (change(*edit) for edit in misprints.amended(line, words.labels["_CHANGETO"], opening))
        openers = [w for t in TYPE_WORDS for w in words.labels.get(t, ())] + [k.spelling for k in words.fields]
        yield from (change(*edit) for edit in misprints.colon(line, openers))
    if problem.code in BARE - {"POL103"}:
        return
    if problem.code == "POL104":
        yield from (change(*edit) for edit in misprints.closing(line, start, keywords))
        return
    if problem.code == "POL110":
        last = len(line.rstrip())
        yield change(last, last, problem.args.get("close", ""))
    if problem.code == "POL251":
        yield from (change(*edit) for edit in misprints.named(line, start, names))
    yield from (change(*edit) for edit in misprints.marks(line, start))
    numbered = _NUMBERING.match(line)
    if numbered is not None and start <= numbered.end():
        yield change(len(line) - len(line.lstrip()), numbered.end(), "")
    for first, last, instead in _alike(line, start, [*names, *keywords], _WHOLE if problem.code == "POL110" else _RUN):
        yield change(first, last, instead)
    openers = [k.spelling for k in (words.fields if line[:1].isspace() else words.heads)] if words is not None else []
    yield from (change(*edit) for edit in misprints.of_two(line, start, names, openers))


def _once(line: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What is marked stands twice: it, or the words that end or begin with it."""
    word, before, after = line[start:end], line[:start].rstrip(), line[end:]
    if not word.strip():
        return
    for length in range(len(line) - start, 0, -1):  # the longest that is said twice
        said = line[start : start + length]
        if said == said.strip() and before.endswith(said):
            yield len(before) - len(said), start + length, said
            break
    if after.lstrip().startswith(word):
        yield start, end + len(after) - len(after.lstrip()) + len(word), word


def _marks(problem: Diagnostic, line: str, start: int) -> Iterator[tuple[int, int, str]]:
    """A mark that is missing before what is marked, or is one too many."""
    if "colon" in problem.expected:
        yield start, start, "：" if any(map(is_cjk, line)) else ":"
    mark = line[start : start + 1]
    listed = mark in ("、", "，", ",") and _RUN.search(line[:start]) and _RUN.search(line[start:])
    if listed:  # without it two names would be one; what several names are stands in front of them
        turned = _NAMED.fullmatch(line)
        if turned is not None:
            yield turned.start(1), len(line), turned[3] + turned[2] + turned[1]
    elif mark.strip() and not _RUN.match(line, start):
        alone = line[start - 1 : start] == line[start + 1 : start + 2] == " "
        yield start, start + 1 + alone, ""


def _alike(
    line: str, start: int, words: Sequence[str], run: re.Pattern[str] = _RUN
) -> list[tuple[int, int, str]]:
    """What stands at the marked place, up to four words long, or the first word of the line, written as what is much
    like it; the likeliest first."""
    runs = [m.span() for m in run.finditer(line)]
    near = [i for i, (first, last) in enumerate(runs) if first <= start <= last]
    tried = {
        (runs[low][0], runs[high][1]): None
        for i in near for low in range(max(0, i - 2), i + 1) for high in range(i, min(len(runs), i + 3))
    }
    return [
        *_written(line, [*tried], words)[:4],
        *_written(line, [run for run in runs[:1] if run not in tried], words)[:6],
    ]


def _written(
    line: str, places: Sequence[tuple[int, int]], words: Sequence[str]
) -> list[tuple[int, int, str]]:
    """What stands at these places, written as what is much like it; the likeliest first."""
    found: dict[tuple[int, int, str], float] = {}
    for first, last in places:
        written = name_key(line[first:last])
        if len(written) > 60:
            continue
        blanks = line[first:last].count(" ")
        pool = {
            name_key(word): word for word in words
            if abs(len(word) - (last - first)) <= 2 and word.count(" ") == blanks
        }
        for other in _likely(written, pool, 75 if not any(map(is_cjk, written)) or len(written) > 4 else 60):
            if other != written:
                found[first, last, pool[other]] = SequenceMatcher(None, written, other).ratio()
    return sorted(found, key=lambda f: -found[f])


def _likely(written: str, pool: Mapping[str, str], percent: int) -> Iterator[str]:
    """Words that are much like one; of two characters also what has them the other way round, or one of them alone."""
    if len(written) > 1:
        yield from alike(written, pool, percent)
    if len(written) == 2:
        yield from (word for word in pool if word == written[::-1])
    if len(written) == 1 and is_cjk(written) and written not in "是否有无":  # these are what they say
        yield from (word for word in pool if len(word) == 2 and written in word)


# ---------------------------------------------------------------------------------------------- which place is to blame
def misdeclared(
    problems: Sequence[Diagnostic], texts: Mapping[str, str], dialect: Language, names: Sequence[str]
) -> list[Diagnostic]:
    """The problems, but a name that is declared in one way and written in another everywhere else is told where it is
    declared, once; where it is written but once besides, both places may be meant. ``names``: those declared."""
    words = words_of(dialect)
    keywords = {k.spelling for k in (*words.inline, *words.fields, *words.heads)}
    known = {name_key(name) for name in names} | keywords
    spoken = {piece for word in keywords for piece in word.split()} | hint_words(dialect).keys()  # no names of authors
    free = [name for name in names if name_key(name) not in keywords]
    whole, lines = "\n".join(texts.values()), {file: BREAK.split(text) for file, text in texts.items()}
    blamed: dict[str, Diagnostic] = {}
    kept: list[tuple[str, Diagnostic]] = []
    for problem in problems:
        at, found = problem.span, ""
        if problem.code in PLACED and len(kept) < MOST_PLACED and at.file in lines:
            line = lines[at.file][at.line - 1]
            marked = line[at.column - 1 : at.end_column - 1] if at.line == at.end_line else ""
            joined = [(at.column - 1, at.end_column - 1, name) for name in free if _joined(marked, name)]
            for first, last, name in (*joined, *_alike(line, at.column - 1, free)):
                word = line[first:last]
                if _RUN.fullmatch(word.replace(" ", "")) is None or len(word) < min(len(name), 2) or (
                    name_key(word) in spoken - known
                ):
                    continue  # no name at all, or one letter of one
                if "|" in line[:first] and last < at.column - 1:
                    continue  # the first cell of a row names the row, whatever is wrong further on
                if word in blamed or name_key(word) in known:
                    found = word if word in blamed else ""
                    break
                inside = _apart(whole, word, names)
                outside = whole.count(name) - (whole.count(word) if name in word else 0)
                place = _place(name, lines, word) if outside == 1 and inside else None
                if place is not None and _joined(word, name) and not (_in_list(lines, place) and _whole(line, last)):
                    continue  # the heading of a block is one name, and the beginning of a word is none
                if place is not None and place.line != at.line:
                    one = next((w for w, told in blamed.items() if told.span == place), None)
                    if one is not None:
                        found = one
                    elif inside > 1 or (first, last, name) in joined:
                        args = {"name": name, "word": word, "line": at.line_from(place.file)}
                        apart = _joined(word, name)
                        fix = Fix(place, apart) if apart else Fix(place, word)
                        blamed[word], found = Diagnostic("POL270", place, args=args, fix=fix), word
                    else:
                        problem = replace(problem, other=Fix(place, word))
                    break
        kept.append((found, problem))
    return [*(problem for word, problem in kept if word not in blamed), *blamed.values()]


def _apart(whole: str, word: str, names: Sequence[str]) -> int:
    """How often a word stands in a text, not counting where it is a part of a longer name."""
    for name in sorted((name for name in names if word in name and name != word), key=len, reverse=True):
        whole = whole.replace(name, "\0")
    return whole.count(word)


def _whole(line: str, end: int) -> bool:
    """Whether a word ends there."""
    return not line[end : end + 1].isalnum()


def _in_list(lines: Mapping[str, Sequence[str]], place: Span) -> bool:
    """Whether a name stands beside the mark of a list, or in the brackets of one."""
    line = lines[place.file][place.line - 1]
    before, behind = line[: place.column - 1].rstrip(), line[place.end_column - 1 :].lstrip()
    return before[-1:] in _LISTING and bool(before) or behind[:1] in _LISTING and bool(behind)


def _joined(word: str, name: str) -> str:
    """A name as two, where it is a word that is known elsewhere and another one; nothing if it is not."""
    if len(word) < 2 or len(name) < len(word) + 2:
        return ""
    for before, behind in ((word, name.removeprefix(word)), (name.removesuffix(word), word)):
        if before + behind == name and before and behind:
            if any(map(is_cjk, name)):
                return f"{before}、{behind}"
            if before.endswith(" ") or behind.startswith(" "):
                return f"{before.strip()}, {behind.strip()}"
    return ""


def _place(name: str, lines: Mapping[str, Sequence[str]], other: str) -> Span | None:
    """Where a name stands, and not within the other."""
    for file, each in lines.items():
        for number, line in enumerate(each, 1):
            at = line.replace(other, "\0" * len(other)).find(name) if name in other else line.find(name)
            if at >= 0:
                return Span(file, number, at + 1, number, at + len(name) + 1)
    return None


__all__ = ["REPLACED", "changes", "misdeclared", "tried"]
