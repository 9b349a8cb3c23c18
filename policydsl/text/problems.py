"""What to say about a place that cannot be read: what it was, what may stand there, what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations

from policydsl.catalogue import hint_examples, hint_words
from policydsl.clause_kinds import MODES
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.text.fold import name_key
from policydsl.text.keywords import DIALECTS, TYPE_WORDS, Dialect, Keyword, dialect
from policydsl.text.lexer import Fault, Lexer, Token
from policydsl.text.machine import Unexpected, accepts
from policydsl.text.names import Names
from policydsl.text.near import MEANT, contrary
from policydsl.text.source import Source
from policydsl.text.tables import END, Tables, load

_VALUE = frozenset(
    "NAME NUMBER MONEY PERCENT COUNT POINTS DURATION DATE INSTANT PERIOD ORDINAL TEXT BOOL NONE ANY _LPAR FUNC AGG "
    "_NOT _MINUS".split()
)
_COMPARE = frozenset(
    "CMP EQ BESIDE _IN _NOTIN _HAS _INORDER _FALLSIN _BARRED _ASAT _PROVIDED _MISSING _OVERDUE _DURING _WITHINOF "
    "_ORMORE _ORLESS".split()
)
_QUIET = frozenset("_ROLLED _ROLLEDIF _AND _OR _PLUS _MINUS _TIMES _DIV _OF _LPAR _RPAR TAX CITE _PCTOF".split())
_AFTER_NAME = frozenset({"NAME", "CMP", "_IN", "AGG", "FUNC", "_NOT"})
_PLAIN = {
    "_COLON": "colon",
    "_BULLET": "bullet",
    "MONTHDAY": "date",
    "WHOLE": "duration",
    "IDENT": "alias",
    "UNIT": "text",
    "RAWTEXT": "text",
    "SAID": "text",
    "DEFNAME": "new_name",
}
# where not every value may stand
_SINGLE = {"NAME": "name", "NUMBER": "number", "DURATION": "duration", "DATE": "date", "TEXT": "quotation"}
_LEAD = re.compile(r"([^\s:|，,]+)\s*(:?)")
_COMPARISONS = 20_000
_OPTIONS, TYPE_LIKE = set("/|"), {"是/否", "有/无", "yes/no"}  # what separates options; what is a type all the same
_SHOWN = 7


class Adviser:
    """Makes diagnostics for one file."""

    def __init__(self, tables: Tables, source: Source, names: Names) -> None:
        self.tables, self.source, self.names = tables, source, names
        self.words: Dialect = source.words
        self._heads = frozenset(k.terminal for k in self.words.heads)
        self._named = frozenset(k.spelling for k in self.words.heads if not k.bare)
        self._begins = frozenset(k.spelling for k in self.words.heads)
        self._fields = frozenset(k.terminal for k in self.words.fields)
        self._budget = _COMPARISONS

    # ------------------------------------------------------------------------------------------ faults
    def fault(self, fault: Fault) -> Diagnostic:
        """A place that is no token at all."""
        return Diagnostic(fault.code, self.source.span(fault.start, fault.end), args=fault.args_)

    def unexpected(self, error: Unexpected, lexer: Lexer, *, line_start: bool) -> Diagnostic:
        """A token that cannot stand where it stands. ``line_start``: it is the first of its line."""
        token, accepted = error.token, accepts(self.tables, error.states)
        heading = self._heading(token)
        if heading is not None:
            return heading
        below, state = (0, *error.states)[-2:]
        hint = _hints(self.words.code).get((below, state, token.type))
        for unknown in lexer.unknown:  # blame an unknown word rather than what follows it
            if (
                unknown.end <= token.start
                and "\n" not in self.source.text[unknown.end : token.start]
                and not self.source.norm[unknown.end : token.start].strip()
            ):
                token, accepted = unknown, _AFTER_NAME
        if line_start:
            accepted = accepted | self._heads
        typed, expected = self.source.text[token.start : token.end], self._told(token, accepted)
        opened = lexer.brackets[-1] if lexer.brackets else None
        if token.type in ("_NL", END) or (opened and self._runs_on(opened, token)):
            if opened:
                return Diagnostic(
                    "POL104",
                    self.source.span(opened.start, opened.end),
                    args={"word": self.source.text[opened.start : opened.end]},
                )
            return Diagnostic(
                "POL103", self.source.span(token.start, token.start + 1), expected=expected, hint=hint
            )
        span = self.source.span(token.start, token.end)
        if not token.unknown:
            known = hint_words(self.words.code)
            before = self.source.text[: token.start].split()[-1:] if token.type == "DURATION" else []  # 最近 365天
            hint = hint or next((known[w] for w in map(name_key, (typed, *before)) if w in known), None)
            if hint is None and token.type in self._fields and not line_start:
                hint = "own_line"
            return Diagnostic(
                "POL102", span, args={"word": typed or token.type}, expected=expected, hint=hint
            )
        vague = self.vague(typed)
        if vague:
            return Diagnostic("POL106", span, args={"word": vague})
        said = hint_words(self.words.code).get(name_key(typed)) if hint is None else None
        if accepted & TYPE_WORDS and _OPTIONS & set(typed) and name_key(typed) not in TYPE_LIKE:
            said = "options_in_brackets"
        if said is not None:
            return Diagnostic("POL101", span, args={"word": typed}, expected=expected, hint=said)
        suggestions = self.suggest(token, accepted) if hint is None or accepted & TYPE_WORDS else ()
        hint = None if suggestions else hint
        return Diagnostic(
            "POL101", span, args={"word": typed}, expected=expected, suggestions=suggestions, hint=hint
        )

    def _heading(self, token: Token) -> Diagnostic | None:
        """A line that was to begin a block: its word with a colon behind it, or another word for it alone."""
        source = self.source
        start = source.norm.rfind("\n", 0, token.start) + 1
        end = source.norm.find("\n", start)
        line = source.norm[start : end if end >= 0 else None]
        found = _LEAD.match(line)
        if found is None:
            return None
        typed, span = source.text[start : start + found.end(1)], source.span(start, start + found.end(1))
        meant = [word for word in MEANT.get(name_key(typed), ()) if word in self._begins]
        colon = found[2] and line[found.end() :].strip()
        nameless = name_key(typed) in self._named and not line[found.end() :].strip()
        if name_key(typed) in self._begins and colon or nameless:
            return Diagnostic("POL101", span, args={"word": typed}, hint="head_colon")
        if meant and not line[found.end() :].strip():
            return Diagnostic("POL101", span, args={"word": typed}, suggestions=(meant[0],))
        return None

    def _runs_on(self, opened: Token, token: Token) -> bool:
        """Whether a line only goes on to this token because a bracket in it is open."""
        before, _, own = self.source.norm[opened.start : token.start].rpartition("\n")
        return bool(before) and not own.strip(" \t-•*") and before.rstrip()[-1] not in "(,、;=<>≥≤+-*/"

    def undeclared(self, token: Token) -> Diagnostic:
        """A name that nobody declared."""
        typed = self.source.text[token.start : token.end]
        span = self.source.span(token.start, token.end)
        vague = self.vague(typed)
        if vague:
            return Diagnostic("POL106", span, args={"word": vague})
        said = hint_words(self.words.code).get(name_key(typed))
        if said is not None:
            return Diagnostic("POL201", span, args={"word": typed}, hint=said)
        suggestions = self.suggest(token, _AFTER_NAME)
        made = Diagnostic("POL201", span, args={"word": typed}, suggestions=suggestions)
        return replace(made, fix=Fix(span, suggestions[0])) if len(suggestions) == 1 else made

    def vague(self, word: str) -> str | None:
        """The word itself when it is vague, or has a vague word of some length at either end (签约 is not 约)."""
        low = name_key(word)
        for vague in self.words.vague:
            if low == vague or (len(vague) > 1 and (low.startswith(vague) or low.endswith(vague))):
                return word
        return None

    # ------------------------------------------------------------------------------------------ what may stand here
    def _told(self, token: Token, accepted: frozenset[str]) -> tuple[str, ...]:
        """Up to seven phrases; behind the word of a line of one of a few words (计法, 并列) the words of that line."""
        before = self.source.low[: token.start].rpartition("\n")[2].lstrip()
        key = next((key for key, word in self.words.said("MODEKEY").items() if before.startswith(word)), None)
        if key is not None and accepted == {"MODEVAL"}:
            said = self.words.said("MODEVAL")
            return tuple(f'"{said[value]}"' for value in MODES[key])
        return self.expected(accepted)

    def expected(self, accepted: frozenset[str]) -> tuple[str, ...]:
        """Up to seven phrases."""
        out: list[str] = []
        if accepted & {"NAME", "NUMBER"} and "MONEY" in accepted:
            out.append("value")
        elif accepted == _AFTER_NAME:
            out += ["value", "comparison"]
        else:
            out += [phrase for terminal, phrase in _SINGLE.items() if terminal in accepted]
        if accepted & TYPE_WORDS:
            out.append("type")
        if accepted & TYPE_WORDS and self.names.kinds:
            out.append("list:" + self._joined(self.names.kinds.values()))
        out += [phrase for terminal, phrase in _PLAIN.items() if terminal in accepted]
        if accepted & {"CMP", "_IN"} and accepted != _AFTER_NAME:
            out.append("comparison")
        if "_AND" in accepted:
            out.append("logic")
        fields, heads = accepted & self._fields, accepted & self._heads
        at_line_start = len(heads) > 3 or len(fields) > 3
        if "_BAR" in accepted and not at_line_start:
            out.append("cell")
        if at_line_start:
            if fields:
                out.append("line:" + self._joined(self._canonical(fields)))
            if heads:
                out.append("head:" + self._joined(self._canonical(heads)))
        else:
            covered = _VALUE | _COMPARE | _QUIET | TYPE_WORDS | _PLAIN.keys() | self._heads | {"_BAR", "_NL", END}
            for terminal in sorted(accepted - covered):
                out += [f'"{word}"' for word in self.words.canonical.get(terminal, [])[:2]]
        if "_NL" in accepted:
            out.append("end")
        return tuple(dict.fromkeys(out))[:_SHOWN]

    def _joined(self, words: Iterable[str]) -> str:
        return ("、" if self.words.code == "zh" else ", ").join(list(words)[:_SHOWN])

    def _canonical(self, terminals: frozenset[str]) -> list[str]:
        """The words of these terminals, in the order of the keyword table."""
        found = [word for terminal, words in self.words.canonical.items() if terminal in terminals for word in words]
        return list(dict.fromkeys(found))

    # ------------------------------------------------------------------------------------------ what was meant
    def suggest(self, token: Token, accepted: frozenset[str]) -> tuple[str, ...]:
        """Up to three near misses among the words that could stand here."""
        typed = self.source.text[token.start : token.end]
        low = name_key(typed)
        other = self._other_dialect(low, accepted)
        if other:
            return (other,)
        meant = [k.spelling for k in self._keywords() if k.terminal in accepted and k.spelling in MEANT.get(low, ())]
        if meant:
            return (meant[0],)
        for keyword in self.words.heads:
            if (
                keyword.terminal in accepted
                and low.startswith(keyword.spelling)
                and len(low) > len(keyword.spelling) + 1
            ):
                return (f"{typed[: len(keyword.spelling)]} {typed[len(keyword.spelling) :].strip()}",)
        pool = {
            k.spelling: k.spelling
            for k in self._keywords()
            if k.terminal in accepted and (len(k.spelling) > 1 or len(low) == 1)
        }
        if accepted & TYPE_WORDS:
            pool.update(self.names.kinds)
        if "NAME" in accepted:
            pool.update({key: name for key, name in self.names.spelling.items() if not name.startswith("@")})
        best: list[tuple[float, str]] = []
        heads = {k.spelling for k in self.words.heads}
        for phrase in self._phrases(token, low):
            rest = typed[len(phrase) :] if low.startswith(f"{phrase} ") else ""  # a block word keeps the name behind it
            best += [(score, word + rest if word in heads else word) for score, word in self._close(phrase, pool)]
        if not best:
            return ()
        top = max(score for score, _ in best)
        ranked = sorted(best, key=lambda found: -found[0])
        found = tuple(dict.fromkeys(word for score, word in ranked if score > top - 0.05))[:3]
        # where one proposal is the contrary of another, what was written tells nothing of what was meant
        return () if any(contrary(one, other) for one, other in combinations(found, 2)) else found

    def _keywords(self) -> Iterable[Keyword]:
        yield from self.words.inline
        yield from self.words.fields
        yield from self.words.heads

    def _other_dialect(self, low: str, accepted: frozenset[str]) -> str | None:
        """A keyword of another dialect, given in this one."""
        for code in DIALECTS:
            if code == self.words.code:
                continue
            words = dialect(code)
            for keyword in (*words.inline, *words.fields, *words.heads):
                if keyword.spelling == low and keyword.terminal in accepted:
                    for mine in self._keywords():
                        if mine.terminal == keyword.terminal and mine.value == keyword.value:
                            return mine.spelling
        return None

    def _phrases(self, token: Token, low: str) -> list[str]:
        """The unknown word, and shorter or longer cuts of it."""
        if self.words.code == "en":
            line_end = self.source.low.find("\n", token.start)
            words = self.source.low[token.start : line_end if line_end >= 0 else None].split()[:4]
            return list(dict.fromkeys([low, *(" ".join(words[:k]) for k in range(len(words), 0, -1))]))
        return [low, *(low[:k] for k in range(min(6, len(low) - 1), 1, -1))]

    def _close(self, phrase: str, pool: dict[str, str]) -> list[tuple[float, str]]:
        english, out = self.words.code == "en", []
        meant = next((word for word in MEANT.get(phrase, ()) if word in pool), None)
        if meant is not None:
            return [(1, pool[meant])]
        letters = set(phrase)
        for key, word in pool.items():
            if abs(len(key) - len(phrase)) > 2 or len(phrase) > 60 or letters.isdisjoint(key) or self._budget <= 0:
                continue
            self._budget -= 1
            score = SequenceMatcher(None, phrase, key).ratio() if sorted(phrase) != sorted(key) else 0.95
            if score >= (0.75 if english else 0.5 if len(key) <= 2 else 0.6) and not contrary(phrase, key):
                out.append((score, word))
        return out

    def block_word_like(self, start: int, end: int) -> int:
        """Where the first word of a line ends if it looks like a block word, with a name behind it; else 0."""
        source, heads = self.source, {word: word for word in self._begins}
        for stop in dict.fromkeys((end, start + len(source.text[start:end].split(" ")[0]))):
            line_end, word = source.norm.find("\n", start), name_key(source.text[start:stop])
            rest = source.norm[stop : line_end if line_end >= 0 else None]
            if not rest.strip():
                if word in self._begins:
                    return stop  # its name was forgotten
                continue
            if rest.lstrip()[0] == ":":
                if word in self._begins and rest.lstrip()[1:].strip():
                    return stop
            elif rest[0].isspace() and self._close(word, heads):
                return stop
        return 0


@cache
def _hints(code: Language) -> dict[tuple[int, int, str], str]:
    """The last two states (a value may end very different lines) and the type of the offending token -> hint, found by
    running the malformed snippets of the catalogue."""
    from policydsl.text.parser import first_fault

    out: dict[tuple[int, int, str], str] = {}
    for key, snippet in hint_examples(code):
        error = first_fault(load(), snippet, code)
        if error is not None:
            out.setdefault((error.states[-2], error.states[-1], error.token.type), key)
    return out
