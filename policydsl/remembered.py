"""A policy as it was read and checked before, kept between two runs of the program.

What a file means hangs on its text, the files beside it and this program; the entry is found by the digest of all
three, so that none is ever out of date. It is read from a folder of the user's own alone, and may hold nothing but
values and the classes of this package. A policy that speaks of others is read anew every time.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from policydsl import private
from policydsl.beside import Beside

if TYPE_CHECKING:
    from policydsl.engine import Policy

ENDING = ".policy"
MOST_KEPT = 40
_PACKAGE = Path(__file__).parent
# What reading a pickle raises that is none, or one of other classes.
_BROKEN = (
    pickle.UnpicklingError, ArithmeticError, AttributeError, EOFError, ImportError, LookupError, RecursionError,
    TypeError, ValueError,
)
_FOREIGN = {
    ("collections", "Counter"), ("datetime", "date"), ("datetime", "datetime"), ("decimal", "Decimal"),
    ("fractions", "Fraction"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"), ("re", "_compile"),
}


def remembered(path: Path, label: str, examples: bool, read: Callable[[], Policy]) -> Policy:
    """The policy of a file, read by ``read`` where it is not kept. Raises what ``read`` raises."""
    try:
        name = f"{_digest(path, label, examples)}{ENDING}"
    except OSError:
        return read()
    data = private.read(name)
    if data is not None:
        with suppress(*_BROKEN):  # whatever is wrong with what was kept, the text is there
            found = _Values(io.BytesIO(data)).load()
            if type(found).__name__ == "Policy":
                return cast("Policy", found)
    policy = read()
    if policy.alone:
        try:
            private.keep(name, pickle.dumps(replace(policy, versions=()), pickle.HIGHEST_PROTOCOL))
            private.prune(ENDING, MOST_KEPT)
        except (RecursionError, pickle.PicklingError):
            pass
    return policy


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.split(".")[0] == "policydsl" else None
        if isinstance(found, type) or (module, name) in _FOREIGN:
            return found or super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _digest(path: Path, label: str, examples: bool) -> str:
    beside = Beside.of(path)
    made = hashlib.sha256(repr((sys.version, label, examples, beside, *_program())).encode("utf-8", "backslashreplace"))
    for file in (path, beside.register, beside.aliases):
        content = file.read_bytes() if file is not None and (file == path or file.exists()) else None
        made.update(b"-" if content is None else b"%d:" % len(content) + content)
    return made.hexdigest()


def _program() -> Iterator[tuple[str, int, int]]:
    """The files of this program as they are: another version, or one that somebody works at, reads anew."""
    from policydsl.text.tables import grammar_folder

    folders = [str(x) for x in (_PACKAGE, grammar_folder()) if x is not None]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir():
                    folders += [] if entry.name == "__pycache__" else [entry.path]
                else:
                    state = entry.stat()
                    yield entry.path, state.st_size, state.st_mtime_ns


__all__ = ["remembered"]
