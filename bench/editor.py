"""What the editor costs on a long policy, in processor time against an empty Python: opening it, a keystroke,
completion straight after one, formatting. A keystroke changes one block; the others are remembered (``Memory``)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from lsprotocol import types as t

from policydsl.editor import completion, layout, problems
from policydsl.editor.snapshot import Snapshot
from policydsl.text import Memory
from start import least

TEXT = (Path(__file__).resolve().parent.parent / "policies" / "h3c_star_2024.pol").read_text(encoding="utf-8")
RUNS = 5


def spent(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def main() -> None:
    empty = least(sys.executable, "-c", "pass")
    memory = Memory()

    def version(number: int) -> Snapshot:
        text = TEXT.replace("70分", f"7{number}分", 1)
        return Snapshot("file:///policy.pol", text, number, memory=memory)

    line = next(i for i, words in enumerate(TEXT.splitlines()) if words.startswith("条件"))
    found = {
        "opened": spent(lambda: problems.diagnostics(version(0), None)),
        "a keystroke": min(spent(lambda n=n: problems.diagnostics(version(n), None)) for n in range(1, RUNS)),
        "completion after one": min(
            spent(lambda n=n: completion.complete(version(n), t.Position(line, 4))) for n in range(1, RUNS)
        ),
        "formatted": min(spent(lambda n=n: layout.formatting(version(n))) for n in range(1, RUNS)),
    }
    print(f"{'':22}{'ms':>7}{'× empty Python':>16}")
    for name, took in found.items():
        print(f"{name:22}{took * 1000:>7.0f}{took / empty:>16.1f}")


if __name__ == "__main__":
    main()
