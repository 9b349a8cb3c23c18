"""Files of the program's own in the user's cache: only a folder and a file that nobody else may write are trusted."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path


def folder() -> Path | None:
    """The user's own cache directory of this platform; never a shared one. None where there is none."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "policydsl" / "Cache" if base else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "policydsl"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and os.path.isabs(base) else home / ".cache") / "policydsl"


def read(name: str) -> bytes | None:
    """What is kept under a name; None where nothing is, or where it may be of somebody else."""
    where = folder()
    if where is None:
        return None
    try:
        if not _own(where.lstat(), stat.S_ISDIR):
            return None
        with (where / name).open("rb") as file:
            return file.read() if _own(os.fstat(file.fileno()), stat.S_ISREG) else None
    except OSError:
        return None


def keep(name: str, data: bytes) -> None:
    """Keeps bytes under a name, as well as that can be done: nothing rests on it."""
    where = folder()
    if where is None:
        return
    draft = where / f"{name}.{os.getpid()}"
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _own(where.lstat(), stat.S_ISDIR):
            return
        with open(draft, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(data)
        draft.replace(where / name)
    except OSError:
        draft.unlink(missing_ok=True)


def prune(ending: str, most: int) -> None:
    """Leaves the newest files with that ending."""
    for path in sorted(_files(ending), key=_age)[most:]:
        path.unlink(missing_ok=True)


def _files(ending: str) -> Iterator[Path]:
    where = folder()
    return iter(()) if where is None else where.glob(f"*{ending}")


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0


def _own(state: os.stat_result, form: object) -> bool:
    return sys.platform == "win32" or (
        form(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077  # type: ignore[operator]
    )


__all__ = ["keep", "prune", "read"]
