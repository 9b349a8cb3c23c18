"""Where the values of a sheet stand that a program gave, and whether they were tested when they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.place import Span


class Places(Mapping[str, Span]):
    """Of places no more than the name of the whole is known; which there are is looked up when somebody asks."""

    def __init__(self, at: Span, values: Mapping[str, Exact], lists: Mapping[str, tuple[Record, ...]]) -> None:
        self.at, self.values_, self.lists = at, values, lists
        self.kept: object = None  # by whose ranges all values surely are as they have to be
        self._made: dict[str, Span] | None = None

    def of(self, sheet: Sheet) -> bool:
        """Whether they still are those of a sheet: one that was changed since has other values."""
        return sheet.values is self.values_ and sheet.lists is self.lists

    def all(self) -> dict[str, Span]:
        if self._made is None:
            rows = (f"{name}[{r.key}].{field}" for name, rs in self.lists.items() for r in rs for field in r.values)
            self._made = dict.fromkeys([*self.values_, *self.lists, *rows], self.at)
        return self._made

    def __getitem__(self, key: str) -> Span:
        return self.all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __reduce__(self) -> tuple[type[dict[str, Span]], tuple[dict[str, Span]]]:
        return dict, (dict(self.all()),)


__all__ = ["Places"]
