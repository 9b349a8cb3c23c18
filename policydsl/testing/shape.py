"""The shapes in a file of cases: known keys once each, texts, lists of texts, one of a few words."""

from __future__ import annotations


from policydsl.members import dataclass
from policydsl.sheet.problems import Problems
from policydsl.sheet.refused import shorten
from policydsl.sheet.read import shown
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree
from policydsl.testing import words as w
from policydsl.testing.wanted import Words

SHOWN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """Takes trees apart and notes what has another shape."""

    problems: Problems

    def keys(self, tree: Mapping, known: w.Words, path: str) -> dict[str, Pair]:
        """The entries by the keys they stand for."""
        out: dict[str, Pair] = {}
        for pair in tree.pairs:
            key = w.meant(pair.key, known)
            if key is None:
                spelled = w.spellings(known)
                near = w.near(pair.key, spelled)
                expected = () if near else tuple(f'"{one}"' for one in spelled[:SHOWN_WORDS])
                self.problems.add("CASE101", pair.key_at, path + pair.key[:80], read=shorten(pair.key),
                                  suggestions=near, expected=expected)
            elif key in out:
                line = str(out[key].key_at.line)
                self.problems.add("SHEET121", pair.key_at, path + pair.key, line=line, read=shorten(pair.key))
            else:
                out[key] = pair
        return out

    def wrong(self, tree: Tree, path: str, expected: str) -> None:
        """Something of another shape stands there."""
        self.problems.add("SHEET127", tree.at, path, read=shown(tree), expected=(expected,))

    def scalar(self, tree: Tree, path: str) -> Scalar | None:
        """One value, perhaps null."""
        if isinstance(tree, Scalar):
            return tree
        self.wrong(tree, path, "case_value")
        return None

    def text(self, tree: Tree, path: str) -> Scalar | None:
        """One value that is there."""
        found = self.scalar(tree, path)
        if found is not None and found.empty:
            self.wrong(tree, path, "case_value")
            return None
        return found

    def texts(self, tree: Tree, path: str) -> tuple[Scalar, ...]:
        """One value or a list of them."""
        if isinstance(tree, Sequence):
            return tuple(s for item in tree.items if (s := self.text(item, path)) is not None)
        found = self.text(tree, path)
        return () if found is None else (found,)

    def word(self, tree: Tree, path: str, known: w.Words) -> Words | None:
        """One of a few words; null is one where it stands for something."""
        found = self.scalar(tree, path)
        if found is None:
            return None
        key = w.meant("null" if found.empty else found.text, known)
        if key is None:
            spelled = w.spellings(known)
            self.problems.add(
                "CASE109", found.at, path, read=shorten(found.text), suggestions=w.near(found.text, spelled),
                expected=tuple(f'"{one}"' for one in spelled[:SHOWN_WORDS]),
            )
            return None
        return Words(key, found)

    def truth(self, tree: Tree, path: str) -> bool | None:
        found = self.word(tree, path, {key: w.TRUTH[key] for key in ("true", "false")})
        return None if found is None else found.key == "true"
