"""The reports made so far, a line each, beside the file that is to be: a run that was killed goes on from it.

A line has the report itself and each of its lists apart, so that who writes one table reads no other. It is made where
the party was judged: what goes from one process to another is the line.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from policydsl.population.book import Value
from policydsl.population.told import Report

PARTS = ("grounds", "sums", "missing", "errors", "marks")
FLUSHED = 8  # lines that a kill may cost


class Journal:
    """What it was made from stands in its first line; a journal of anything else is begun anew."""

    def __init__(self, output: Path, made_from: str) -> None:
        self.path = output.with_name(f".{output.name}.journal")
        self.first = json.dumps({"made_from": made_from})
        self.done = self.kept()

    def kept(self) -> int:
        """How many reports are there; what was cut off in the middle is removed."""
        try:
            with self.path.open("r+b") as stream:
                if stream.readline().decode("utf-8", "replace").rstrip("\n") != self.first:
                    return 0
                count, end = 0, stream.tell()
                for line in iter(stream.readline, b""):
                    if not line.endswith(b"\n") or not _sound(line):
                        break
                    count, end = count + 1, stream.tell()
                stream.truncate(end)
                return count
        except OSError:
            return 0

    def write(self, lines: Iterable[bytes]) -> Iterator[Report]:
        """Keeps reports as they come; gives of each what is counted."""
        with self.path.open("ab" if self.done else "wb") as stream:
            if not self.done:
                stream.write(self.first.encode() + b"\n")
            for number, line in enumerate(lines, 1):
                stream.write(line + b"\n")
                if number % FLUSHED == 0:
                    stream.flush()
                yield report_of(line, ("errors",))

    def read(self, parts: Collection[str] = PARTS) -> Iterator[Report]:
        """All of them, in their order, with these of their lists."""
        with self.path.open("rb") as stream:
            stream.readline()
            for line in stream:
                yield report_of(line, parts)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def line_of(report: Report) -> bytes:
    """A report as a line."""
    counts: dict[str, Any] = {part: len(getattr(report, part)) for part in PARTS}
    head = report._replace(results=_cells([report.results])[0], **counts)
    lists = (getattr(report, part) if part == "marks" else _cells(getattr(report, part)) for part in PARTS)
    return "\t".join(map(_text, (head, *lists))).encode("utf-8", "backslashreplace")


def report_of(line: bytes, parts: Collection[str] = PARTS) -> Report:
    """The report that a line tells, with these of its lists; the others are as long, and blank. Raises ValueError,
    TypeError where it tells none."""
    head, *lists = line.split(b"\t")
    made = Report(*json.loads(head))
    found: dict[str, Any] = {}
    for name, text in zip(PARTS, lists, strict=True):
        if name in parts:
            rows = json.loads(text)
            found[name] = _pairs(rows) if name == "marks" else [[Value(*cell) for cell in row] for row in rows]
        else:
            found[name] = [()] * getattr(made, name)
    return made._replace(
        results=[Value(*cell) for cell in made.results], bearers=_pairs(made.bearers), causes=_pairs(made.causes),
        money={name: (digits, open_) for name, (digits, open_) in made.money.items()}, **found,
    )


def _sound(line: bytes) -> bool:
    try:
        report_of(line)
    except (ValueError, TypeError):
        return False
    return True


def _cells(rows: Iterable[Iterable[Value]]) -> list[Any]:
    """Cells without what is blank at their end."""
    return [[_cut(cell) for cell in row] for row in rows]


def _cut(cell: Value) -> Sequence[str]:
    end = len(cell)
    while end and not cell[end - 1]:
        end -= 1
    return cell[:end]


def _pairs(rows: Sequence[Sequence[object]]) -> list[Any]:
    return [tuple(row) for row in rows]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = ["PARTS", "Journal", "line_of", "report_of"]
