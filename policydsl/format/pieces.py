"""Tokens to words with the right gaps between them: one dialect's spelling of everything."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import field
from typing import Any, cast

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.arrange import Arranger
from policydsl.format.columns import Columns
from policydsl.format.concrete import Tok, Tree
from policydsl.format.duties import named
from policydsl.format.values import QUANTITIES, month_day, nth_day, tidy, whole_months, write
from policydsl.format.words import CELL_WORDS, Writing
from policydsl.members import dataclass
from policydsl.place import NOWHERE
from policydsl.text.fold import fold, lower, name_key
from policydsl.text.keys import family, listed
from policydsl.text.keywords import Dialect
from policydsl.text.lexer import NAMES
from policydsl.text.quantities import Reader, read_literal, value_node

_ROWS = frozenset({"header", "crossed", "heads", "drow", "rrow", "brow"})
_ACCESS = frozenset({"field", "as_at", "percent_of"})
# brackets that belong to the word before them: a call, a list of values, what a state lacks
_CALLS = frozenset(
    "lookup call aggregate named t_count t_money t_choice t_multi outcomes called member stands ref is_in not_in "
    "has_all in_order".split()
)
_ANY = ("", "-", "--", "/")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or mark, the rule it stands in, its line, and for cells the number of their table (0 outside)."""

    kind: str
    text: str
    rule: str
    line: int
    table: int = 0


@dataclass(slots=True)
class Speller:
    """Spells the blocks of one text. ``own`` are the declared names: they hide built-in ones."""

    code: Language
    to: Language
    words: Writing
    arranger: Arranger
    dialect: Dialect
    reader: Reader
    own: Container[str]
    columns: Columns
    tables: int = field(default=0)
    texts: frozenset[int] = frozenset()
    rows_of: str = ""  # whose rows those of the next header are, of an example
    whose: bool = False  # the next head of a column is the first one of an example's rows

    def pieces(self, block: Tree) -> list[Piece]:
        """All pieces of a block; a piece ``_NL`` closes each line."""
        out: list[Piece] = []
        self._walk(block, "", out, in_row=False, access=False, kind="")
        return out

    def _walk(self, tree: Tree, parent: str, out: list[Piece], *, in_row: bool, access: bool, kind: str) -> None:
        if tree.rule in ("header", "crossed", "heads"):
            self.tables += 1
            self.whose = parent in ("given_rows", "expect_rows")
            self.rows_of = self.rows_of if self.whose else ""
        if tree.rule == "duties" and self.to != self.code:
            tree = named(tree, self.dialect.canonical["_DUTY"][0])
        if tree.rule == "clause" and isinstance(tree.parts[0], Tree):
            kind = tree.parts[0].rule
        in_row = in_row or tree.rule in _ROWS
        if tree.rule in ("table", "given_rows", "expect_rows"):
            self.texts = self._text_columns(tree) if tree.rule == "table" else self._word_columns(tree)
        cells = 0
        for i, part in enumerate(self.arranger.arranged(tree, parent, access=access)):
            if isinstance(part, Tree):
                below = i == 0 and tree.rule in _ACCESS and self._of_form(tree)
                self._walk(part, tree.rule, out, in_row=in_row, access=below, kind=kind)
                continue
            if part.type == "$END":
                continue
            cells += part.type in ("HCELL", "DCELL")
            tiers = traits(kind).reading == "tier" and part.type == "HCELL" and cells == 1
            whose, self.whose = self.whose and part.type == "HCELL", self.whose and part.type != "HCELL"
            if part.type == "DCELL" and cells - 1 in self.texts:
                text = self._cell(_spaced(part.text), values=False)
            elif tree.rule == "heads" and part.type == "HCELL":
                text = self._line_word(part.text)
            else:
                text = self._text(part, opens=i == 0 and tree.rule != "over", tiers=tiers, whose=whose)
            if part.type == "_MINUS" and tree.rule == "negative" and _is_quantity(tree.parts[-1]):
                text = "-"  # a number below zero, not an operation
            out.append(Piece(part.type, text, tree.rule, part.line, self.tables if in_row else 0))

    def _of_form(self, tree: Tree) -> bool:
        """What stands before 的 and 于 may not be ``20% of …``."""
        return tree.rule != "percent_of" or any(isinstance(p, Tok) and p.type == "_OF" for p in tree.parts)

    # ------------------------------------------------------------------------------------------ one token
    def _text(self, tok: Tok, *, opens: bool, tiers: bool, whose: bool) -> str:
        kind, typed = tok.type, tok.text
        if kind in QUANTITIES:
            return self._quantity(tok)
        match kind:
            case "_NL" | "_BAR":
                return ""
            case "RAWTEXT" | "SAID":
                return typed
            case "CITE":
                inner = typed[1:-1].strip()
                return f"【{inner}】" if self.to == "zh" else f"[{inner}]"
            case "TEXT":
                return f"“{typed[1:-1]}”" if self.to == "zh" else f'"{typed[1:-1]}"'
            case _ if kind in NAMES:
                return self._name(tok)
            case "DEFNAME":
                return _spaced(typed)
            case "IDENT":
                return fold(typed)
            case "UNIT":
                return typed if self.to == self.code else self.words.unit(self.reader.unit(typed), self.to)
            case "HCELL":
                return self._header_cell(typed, tiers, whose)
            case "DCELL":
                return self._cell(_spaced(typed))
            case "_BULLET":
                return self._bullet(typed)
            case "ANY" if fold(typed).strip() in _ANY:
                return typed.strip()
        return self.words.word(kind, tok.value, typed, self.to, opens=opens, use=tok.use, taken=self.own)

    def _quantity(self, tok: Tok) -> str:
        if tok.text and self.to == self.code:
            return tidy(tok.type, tok.text, self.to)
        if tok.type == "MONTHDAY":
            assert isinstance(tok.value, tuple)
            return month_day(tok.value, self.to)
        if tok.type == "NTH":
            return nth_day(cast(Any, tok.value), self.to)
        node = value_node(tok.type, tok.value, NOWHERE)
        assert node is not None, tok
        if tok.type == "WHOLE":
            assert isinstance(node, nodes.Duration)
            return whole_months(node.value, self.to)
        return write(node, tok.text, self.to, self.words)

    def _name(self, tok: Tok) -> str:
        name = str(tok.value)
        if name.startswith("@"):
            return self.words.builtin(name[1:], self.to)
        undeclared = name_key(name) not in self.own and self.to != self.code
        if fold(tok.text[:1]) == "「" or (undeclared and " " in name.strip()):
            return f"「{_spaced(name)}」"
        return _spaced(name)

    def _bullet(self, typed: str) -> str:
        """Numbers and letters are the author's, other marks are one."""
        mark = fold(typed).strip()
        if not any(c.isalnum() for c in mark):
            return "-"
        return mark.replace("(", "（").replace(")", "）") if self.to == "zh" and mark.startswith("(") else mark

    # ------------------------------------------------------------------------------------------ cells taken whole
    def _header_cell(self, typed: str, tiers: bool, whose: bool) -> str:
        """The head of a column; ``tiers``: it may turn a table of tiers, ``whose``: it may say which party a row is."""
        text = _spaced(typed)
        if self.to == self.code:
            return text
        if (start := self.dialect.given(text)) is not None:
            return f"{self.words.word('_GIVES', None, '', self.to, opens=False)} {text[start:]}"
        if self.rows_of and (timed := self.columns.over_time(self.rows_of, text, self.to)):
            return timed
        if tiers and (turned := self.words.tier_column(text, self.to)):
            return turned
        if whose and (party := self.words.party_column(text, self.to)) and name_key(text) not in self.own:
            return party
        return self._builtin(text) or text

    def _line_word(self, typed: str) -> str:
        """A head of a table of blocks: the word of the block or of a line, or that of the names."""
        low = lower(fold(_spaced(typed)))
        if turned := self.words.row_name(low, self.to):
            return turned
        for table in (self.dialect.head_words, self.dialect.field_words):
            for keyword in table.get(low) or ():
                return self.words.word(keyword.terminal, keyword.value, typed, self.to, opens=True, use="clause")
        return _spaced(typed)

    def _builtin(self, text: str) -> str | None:
        key = self.words.builtin_key(text) if name_key(text) not in self.own else None
        return self.words.builtin(key, self.to) if key else None

    def _families(self, text: str) -> str:
        """``FP＋数字`` among the keys of a row, as the dialect writes it."""
        put = f"＋{self.words.digits['zh'][0]}" if self.to == "zh" else f" + {self.words.digits['en'][0]}"
        for start, end in reversed([*listed(text)]):
            if (begins := family(text[start:end], self.dialect)) is not None:
                text = text[:start] + begins + put + text[end:]
        return text

    def _text_columns(self, table: Tree) -> frozenset[int]:
        """The columns of a lookup table that hold text: some cell is no value, so that none is read as one."""
        rows = [part for part in table.parts if isinstance(part, Tree) and part.rule == "drow"]
        found: set[int] = set()
        for row in rows:
            cells = [_spaced(p.text) for p in row.parts if isinstance(p, Tok) and p.type == "DCELL"]
            found |= {i for i, cell in enumerate(cells)
                      if not self.words.no_text(cell) and read_literal(cell, self.code) is None}
        return frozenset(found)

    def _word_columns(self, rows: Tree) -> frozenset[int]:
        """The columns of an example's rows that hold words."""
        ledger = self.rows_of = next(str(p.value) for p in rows.parts if isinstance(p, Tok) and p.type in NAMES)
        header = next(part for part in rows.parts if isinstance(part, Tree) and part.rule == "header")
        return self.columns.of_words(ledger, [tok.text for tok in _tokens(header) if tok.type == "HCELL"])

    def _cell(self, text: str, *, values: bool = True) -> str:
        """A cell of a lookup table or an example: its text is the author's unless it is a value."""
        if self.to == self.code or not text:
            return text
        node = read_literal(text, self.code)
        if node is not None and not values and not isinstance(node, nodes.YesNo | nodes.NoneValue):
            return text
        if node is None:
            low = name_key(text)
            for keyword in self.dialect.inline_words.get(low) or ():
                if keyword.terminal in CELL_WORDS:
                    return self.words.word(keyword.terminal, keyword.value, text, self.to, opens=False)
            return self._builtin(text) or self._families(text)
        body, tail = text, ""
        for pattern, keyword in self.dialect.bracketed:
            if keyword.terminal == "TAX" and (m := pattern.search(fold(text))):
                body = text[: m.start()].rstrip()
                tax = self.words.word("TAX", keyword.value, m[0], self.to, opens=False)
                tail = tax if self.to == "zh" else " " + tax
        sign = ""
        if fold(body[:1]) in ("-", "负"):
            sign, body = "-", body[1:].lstrip()
            plain = read_literal(body, self.code)
            if plain is None:
                return text
            node = plain
        return sign + write(node, body, self.to, self.words) + tail


def _is_quantity(part: Tok | Tree) -> bool:
    return part.type in QUANTITIES if isinstance(part, Tok) else part.rule == "money"


def _tokens(tree: Tree) -> Iterator[Tok]:
    for part in tree.parts:
        if isinstance(part, Tree):
            yield from _tokens(part)
        else:
            yield part


def _spaced(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------------------------------------- gaps
def joined(pieces: list[Piece], to: Language) -> str:
    """The pieces of one line."""
    out = ""
    before: Piece | None = None
    for piece in pieces:
        if before is not None and out and piece.text and _gap(before, piece, to):
            out += " "
        out += piece.text
        before = piece if piece.text else before
    return out


def _gap(left: Piece, right: Piece, to: Language) -> bool:
    if right.kind in ("_COLON", "_COMMA", "_SEP", "_RPAR", "_MUST") or left.kind == "_LPAR":
        return False
    if left.kind == "_MINUS" and left.rule == "negative":
        return False
    if to == "en":
        return right.kind != "_OF"
    if left.kind in ("_COLON", "_COMMA", "_SEP") or right.kind in ("GRAIN", "TAX", "_ITEMS", "_ROLLED", "_ROLLEDIF"):
        return False
    if right.kind == "_LPAR":
        return right.rule not in _CALLS
    if left.kind == "_BULLET" and left.text[-1] in "）、":
        return False
    return not (left.kind == right.kind == "CITE" or (left.kind == "_RPAR" and right.kind == "_OF"))
