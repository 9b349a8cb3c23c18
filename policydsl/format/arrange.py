"""The tokens of a block in the order and with the punctuation of the canonical form, rule by rule.

Most rules need nothing: their tokens are written as they come. The rules here are those where the grammar leaves a
choice that says nothing (an optional colon, brackets around a list), or where the dialects order words differently.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from policydsl.diagnostics import Language
from policydsl.format.concrete import Tok, Tree, lines_of
from policydsl.format.words import Writing
from policydsl.text.fold import name_key
from policydsl.text.tables import load

Part = Tok | Tree
Parts = tuple[Part, ...]

# A colon stands behind the word that opens a line, but not in these.
_NO_COLON = frozenset("case effect anyof allof someof data params head_key head_happens".split())
_NOT_OPENED = frozenset("given_rows expect_rows step over where".split())
_COMMAS: dict[str, tuple[str, ...]] = {
    "effective": ("_TO",),
    "prolong": ("_TO",),
    "quota": ("_BY",),
    "ranking": ("_BY",),
    "budget": ("_BY",),
    "capeach": ("_BY",),
    "periods": ("_FROM", "_BY"),
    "cycle": ("_FROM",),
    "grace": ("LATEFROM",),
    "closing": ("_BY", "LATEIN"),
    "payout": ("_INFORM",),
    "until": ("_TO",),
    "exception": ("_THEN",),
}
_LISTS = frozenset("is_in not_in has_all in_order gets_one_of".split())
_NAMES = frozenset("use keys measures effect late order repeal stands".split())
_AFTER_DAY = frozenset("from_on effective prolong dated fiscal periods cycle start_line".split())
_WITHIN = frozenset("within_after within_before within_from r_within_after r_within_before r_within_from".split())
_ACCESS = frozenset("field percent_of as_at paren lookup call aggregate money".split())


class Arranger:
    """Arranges the trees of one text for one dialect. ``keys`` are the names of tables and ledgers, whose keys a value
    may be among; ``merged`` tells which line took in which (a construct whose words changed places is one line)."""

    def __init__(self, to: Language, words: Writing, keys: Container[str]) -> None:
        self.to, self.words, self.keys = to, words, keys
        self.merged: dict[int, int] = {}
        self.line_words = tuple(load().keywords["fields"])

    def arranged(self, tree: Tree, parent: str, *, access: bool = False) -> Parts:
        """The parts of a tree as they are to be written. ``access`` says that only a name or a part of one may stand
        here, without an operator."""
        parts = self._by_rule(tree, parent, access)
        return tuple(p for p in parts if isinstance(p, Tree) or self._has_word(p))

    def _has_word(self, tok: Tok) -> bool:
        """A word that the dialect does without (止) is left out."""
        return not (tok.type in ("_END", "_WITHIN", "_INSIDE") and not self.words.has(tok.type, tok.value, self.to))

    def _by_rule(self, tree: Tree, parent: str, access: bool) -> Parts:
        rule, parts = tree.rule, tree.parts
        if rule in _NO_COLON:
            parts = parts if len(parts) < 2 or not _is(parts[1], "_COLON") else (parts[0], *parts[2:])
        elif rule == "measurelist" or rule not in _NOT_OPENED and _is(parts[0], *self.line_words):
            parts = _with_colon(parts, 1)
        if rule in _COMMAS:
            parts = _with_commas(parts, _COMMAS[rule])
        if rule in _AFTER_DAY:
            parts = _used(parts, ("_ONWARD", "SAMEDAY"), "day")
        if rule in _NAMES:
            parts = self._separated_names(parts)
        parts = self._options(parts)
        if rule in _LISTS:
            parts = self._list(parts)
        match rule:
            case "given_rows" | "expect_rows":
                return _with_colon(parts, 2)
            case "amend" if self.to == "en" and any(isinstance(p, Tree) and p.rule == "was" for p in parts):
                return _with_commas(_with_colon(parts, 2), ("_CHANGETO",))
            case "amend":
                return _with_colon(parts, 2)
            case "was":
                return tuple(p for p in parts if not _is(p, "_COMMA"))
            case "prolong":
                return self._effective(_with_colon(parts, 2))
            case "effective":
                return self._effective(parts)
            case "fieldline":
                return _used(parts, ("EXPRFIELD",), "header" if parent == "policy" else "clause")
            case "within":
                return _used(parts, ("_IN",), "keys")
            case "quota":
                return self._quota(parts)
            case "ranking" | "budget" | "grouped" | "capeach":
                return _used(parts, ("_PER",), "name")
            case "inside":
                return self._inside(parts)
            case "periods" | "cycle" | "capped":
                return _used(parts, ("_PER",), "length")
            case "from_for":
                return self._from_for(parts)
            case "someof":
                return self._someof(parts)
            case "pickend":
                return self._pickend(parts)
            case "percent_of":
                return self._percent_of(parts, access)
            case _ if rule in _WITHIN:
                return self._within(parts)
            case "lasting":
                return self._lasting(parts)
            case "in_period":
                return self._in_period(parts)
            case "inside_of":
                return self._inside_of(parts)
            case "in_past":
                return self._in_past(parts)
            case "barred":
                return self._barred(parts)
            case "compare" | "and_same" | "or_same" | "test_op" | "range" if _is_amount(parts[-1]):
                return _used(parts, ("CMP",), "amount")
            case _:
                return parts

    # ------------------------------------------------------------------------------------------ lists
    def _separated_names(self, parts: Parts) -> Parts:
        """甲、乙: measures and other names are set apart like any list, the comma is for what follows."""
        out = list(parts)
        for i in range(1, len(out) - 1):
            here = out[i]
            if isinstance(here, Tok) and here.type == "_COMMA" and _is(out[i - 1], "NAME") and _is(out[i + 1], "NAME"):
                out[i] = _made("_SEP", here.line)
        return tuple(out)

    def _options(self, parts: Parts) -> Parts:
        """甲、乙、等; ``a, b, and others``: options and measures where they are declared."""
        separator = "_SEP" if self.to == "zh" else "_COMMA"
        out: list[Part] = []
        for i, part in enumerate(parts):
            listed = bool(out) and _declares(out[-1])
            if isinstance(part, Tok) and _separates(part) and listed and _declares(parts[i + 1]):
                part = _made(separator, part.line)
            elif isinstance(part, Tree) and part.rule == "open" and listed:
                out.append(_made(separator, max(_lines(out[-1]))))
            out.append(part)
        return tuple(out)

    def _list(self, parts: Parts) -> Parts:
        """属于 甲、乙 and ``is one of (a, b)``; a list that is broken over lines keeps its brackets."""
        at = next(i for i, p in enumerate(parts) if _is(p, "_IN", "_NOTIN", "_HAS", "_INORDER"))
        word, items = parts[at], parts[at + 1 :]
        assert isinstance(word, Tok)
        bracketed = _is(items[0], "_LPAR")
        values = [p for p in items if not _is(p, "_LPAR", "_RPAR", "_SEP", "_COMMA")]
        only = values[0] if len(values) == 1 else None
        by_key = isinstance(only, Tok) and only.type == "NAME" and name_key(str(only.value)) in self.keys
        head = (*parts[:at], word.used("keys" if by_key else "values"))
        lines = set().union(*(_lines(p) for p in items))
        if len(lines) > 1:
            comma = "_COMMA" if self.to == "en" and bracketed else "_SEP"
            return (*head, *(_made(comma, p.line) if _separates(p) else p for p in items))  # type: ignore[union-attr]
        line = lines.pop()
        brackets = self.to == "en" and len(values) > 1
        out: list[Part] = []
        for value in values:
            if out:
                out.append(_made("_COMMA" if brackets else "_SEP", line))
            out.append(value)
        return (*head, _made("_LPAR", line), *out, _made("_RPAR", line)) if brackets else (*head, *out)

    # ------------------------------------------------------------------------------------------ lines
    def _effective(self, parts: Parts) -> Parts:
        """自 A 起，至 B 止; ``from A, to B``."""
        if not any(_is(p, "_TO") for p in parts):
            return parts
        if self.to == "en":
            return tuple(p for p in parts if not _is(p, "_ONWARD"))
        if not any(_is(p, "_END") for p in parts):
            end = next(i for i, p in enumerate(parts) if _is(p, "_TO")) + 2
            parts = (*parts[:end], _made("_END", max(_lines(parts[end - 1]))), *parts[end:])
        if any(_is(p, "_ONWARD") for p in parts):
            return parts
        at = next(i for i, p in enumerate(parts) if _is(p, "_FROM")) + 2
        return (*parts[:at], _made("_ONWARD", max(_lines(parts[at - 1])), "day"), *parts[at:])

    def _quota(self, parts: Parts) -> Parts:
        parts = _used(parts, ("_PER",), "name")
        at = next(i for i, p in enumerate(parts) if _is(p, "_FIRSTN"))
        before = [p for p in parts[:at] if not _is(p, "_COMMA")]
        if self.to == "en" and any(_is(p, "_PER") for p in before):
            before.append(_made("_COMMA", max(_lines(before[-1]))))
        return (*before, *parts[at:])

    def _from_for(self, parts: Parts) -> Parts:
        """自 D 起 n: the word between a day and a length is always there."""
        if not any(_is(p, "_ONWARD", "SAMEDAY") for p in parts):
            parts = (*parts[:2], _made("_ONWARD", max(_lines(parts[1]))), *parts[2:])
        return _used(parts, ("_ONWARD", "SAMEDAY"), "length")

    def _someof(self, parts: Parts) -> Parts:
        """至少满足 2项; ``at least 2 of``."""
        end = next(i for i, p in enumerate(parts) if _is(p, "_NL"))
        head = [p for p in parts[:end] if not _is(p, "_COLON", "_PCTOF")]
        number = head[-1]
        assert isinstance(number, Tok)
        if self.to == "en":
            if isinstance(number.value, tuple):
                head[-1] = replace(number, type="NUMBER", value=number.value[0])
            head.append(_made("_PCTOF", number.line))
        elif number.type == "NUMBER":
            # the measure word of conditions
            head[-1] = replace(number, type="COUNT", value=(number.value, self.words.unit("projects", "zh")))
        return (*head, *parts[end:])

    def _pickend(self, parts: Parts) -> Parts:
        """最大 3个; ``largest 3``."""
        *head, number = parts
        assert isinstance(number, Tok)
        thing = self.words.unit("items", "zh")
        if self.to == "en" and isinstance(number.value, tuple) and number.value[1] in (thing, "items"):
            number = replace(number, type="NUMBER", value=number.value[0])
        elif self.to == "zh" and number.type == "NUMBER":
            number = replace(number, type="COUNT", value=(number.value, thing))
        return (*head, number)

    # ------------------------------------------------------------------------------------------ word order
    def _percent_of(self, parts: Parts, access: bool) -> Parts:
        """金额 的 20%; ``20% of the amount``."""
        of_first = not _is(parts[1], "_PCTOF")
        amount, percent = (parts[0], parts[2]) if of_first else (parts[2], parts[0])
        line = max(_lines(amount))
        if self.to == "en":
            if access:
                return parts if of_first else self._one_line((amount, _made("_OF", line), percent))
            return self._one_line((percent, _made("_PCTOF", line), amount)) if of_first else parts
        if of_first:
            return parts
        simple = isinstance(amount, Tok) or amount.rule in _ACCESS
        return self._one_line((amount, _made("_OF" if simple else "_TIMES", line), percent))

    def _within(self, parts: Parts) -> Parts:
        """日期 在 D 后 n 内; ``date within n after D``."""
        english = [i for i, p in enumerate(parts) if _is(p, "_WITHINOF")]
        same = next((p for p in parts if _is(p, "SAMEDAY")), None)
        side = next(p for p in parts if _is(p, "_AFTER", "_BEFORE", "_FROM"))
        assert isinstance(side, Tok) and (same is None or isinstance(same, Tok))
        day = parts[0]
        if english:
            length, start = parts[english[0] + 1], parts[-1]
        else:
            length = parts[-2]
            start = parts[3] if side.type == "_FROM" else parts[2]
        line = side.line
        if self.to == "en":
            if english:
                kept = tuple(p for p in parts if not _is(p, "_DURING"))
                return _used(kept, ("SAMEDAY",), "within")
            marks = (same.used("within"),) if same else ()
            return self._one_line((day, _made("_WITHINOF", line), length, side, *marks, start))
        if not english:
            if side.type == "_FROM" and same is None and not any(_is(p, "_ONWARD") for p in parts):
                parts = (*parts[:-2], _made("_ONWARD", max(_lines(start))), *parts[-2:])
            return _used(parts, ("_ONWARD", "SAMEDAY"), "length")
        during, inside = _made("_DURING", line), _made("_WITHIN", line)
        if side.type == "_FROM":
            onward = same.used("length") if same else _made("_ONWARD", line, "length")
            return self._one_line((day, during, side, start, onward, length, inside))
        return self._one_line((day, during, start, side, length, inside))

    def _lasting(self, parts: Parts) -> Parts:
        """D 后 n; ``n after D``."""
        after = next((p for p in parts if isinstance(p, Tok) and p.type == "_AFTER"), None)
        english = after is not None and after.text.isascii()
        if after is None or english == (self.to == "en"):
            return parts
        return self._one_line((parts[2], after, parts[0]))

    def _in_period(self, parts: Parts) -> Parts:
        """日期 在 P 内; ``date falls in P``."""
        day, word, period = parts[0], parts[1], parts[2]
        assert isinstance(word, Tok)
        if self.to == "en":
            return (day, _made("_FALLSIN", word.line), period)
        inside = parts[3] if len(parts) > 3 else _made("_INSIDE", max(_lines(period)))
        return (day, _made("_DURING", word.line), period, inside)

    def _inside_of(self, parts: Parts) -> Parts:
        """合计（X，本期 内）; ``sum of (X, in this period)``."""
        agg, opened, of, comma, *rest, closed = parts
        period = next(p for p in rest if not _is(p, "_INSIDE", "_INPERIOD"))
        if self.to == "en":
            return (agg, opened, of, comma, _made("_INPERIOD", min(_lines(period))), period, closed)
        return (agg, opened, of, comma, period, _made("_INSIDE", max(_lines(period))), closed)

    def _in_past(self, parts: Parts) -> Parts:
        """日期 在 过去 n 内; ``date falls in past n``."""
        day, word, past, length, *inside = parts
        assert isinstance(word, Tok)
        if self.to == "en":
            return (day, _made("_FALLSIN", word.line), past, length)
        return (day, _made("_DURING", word.line), past, length, *(inside or [_made("_WITHIN", max(_lines(length)))]))

    def _inside(self, parts: Parts) -> Parts:
        """在 A 至 B 内; ``within A to B``."""
        word, *ends = (p for p in parts if not _is(p, "_INSIDE"))
        assert isinstance(word, Tok)
        if self.to == "en":
            return (_made("_WITHINOF", word.line), *ends)
        return (_made("_DURING", word.line), *ends, _made("_INSIDE", max(_lines(ends[-1]))))

    def _barred(self, parts: Parts) -> Parts:
        """X 在 D 受限; ``X is barred on D``."""
        whose = parts[0]
        day = next((p for p in parts[1:] if isinstance(p, Tree) or not _is(p, "_BARRED", "_ON", "_DURING")), None)
        barred = next(p for p in parts if _is(p, "_BARRED"))
        assert isinstance(barred, Tok)
        if day is None:
            return parts
        english = any(_is(p, "_ON") for p in parts)
        if self.to == "en":
            return parts if english else self._one_line((whose, barred, _made("_ON", barred.line), day))
        return self._one_line((whose, _made("_DURING", barred.line), day, barred)) if english else parts

    def _one_line(self, parts: Sequence[Part]) -> Parts:
        """Words that change places stand on one line together."""
        lines = sorted(set().union(*(_lines(p) for p in parts)))
        self.merged.update((line, lines[0]) for line in lines[1:])
        return tuple(_relined(p, lines[0]) for p in parts)


def _made(kind: str, line: int, use: str = "") -> Tok:
    """A token that the author did not type."""
    return Tok(kind, None, "", line, use)


def _is(part: Part, *kinds: str) -> bool:
    return isinstance(part, Tok) and part.type in kinds


def _is_amount(part: Part) -> bool:
    """Whether the part is a number that is no length of time."""
    return part.rule == "money" if isinstance(part, Tree) else part.type in ("NUMBER", "PERCENT", "COUNT", "POINTS")


def _declares(part: Part) -> bool:
    """Whether the part is a name in a list of those that are declared, or the mark of others behind them."""
    return part.rule in ("option", "open", "member") if isinstance(part, Tree) else part.type == "DEFNAME"


def _separates(part: Part) -> bool:
    return _is(part, "_SEP", "_COMMA")


def _lines(part: Part) -> set[int]:
    return {part.line} if isinstance(part, Tok) else lines_of(part)


def _relined(part: Part, line: int) -> Part:
    if isinstance(part, Tok):
        return replace(part, line=line)
    return Tree(part.rule, tuple(_relined(p, line) for p in part.parts))


def _with_colon(parts: Parts, at: int) -> Parts:
    if _is(parts[at], "_COLON"):
        return parts
    return (*parts[:at], _made("_COLON", max(_lines(parts[at - 1]))), *parts[at:])


def _with_commas(parts: Parts, before: Iterable[str]) -> Parts:
    out: list[Part] = []
    for part in parts:
        if isinstance(part, Tok) and part.type in before and out and not _is(out[-1], "_COMMA", "_COLON"):
            out.append(_made("_COMMA", max(_lines(out[-1]))))
        elif isinstance(part, Tok) and part.type in before and not out:
            out.append(_made("_COMMA", part.line))
        out.append(part)
    return tuple(out)


def _used(parts: Parts, kinds: Iterable[str], use: str) -> Parts:
    """The tokens of these kinds, told where they stand."""
    wanted = set(kinds)
    return tuple(p.used(use) if isinstance(p, Tok) and p.type in wanted else p for p in parts)
