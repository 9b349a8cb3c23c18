"""The files that stand beside a policy; YAML is read without running anything, and refused in words for people."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from policydsl.members import dataclass

T = TypeVar("T")


def aliases_of(policy: Path) -> Path:
    """Where the aliases of a policy stand: ``x.names.yaml`` beside ``x.pol``; a translation has other names, its own
    file."""
    return policy.with_name(f"{policy.name.removesuffix('.pol')}.names.yaml")


def register_of(policy: Path) -> Path:
    """The register beside a policy; ``x.en.pol`` shares the one of ``x.pol``."""
    stem = policy.name.removesuffix(".pol").removesuffix(".en").removesuffix(".zh")
    return policy.with_name(f"{stem}.clauses.yaml")


@dataclass(frozen=True, slots=True)
class Beside:
    """Where the files beside a policy would stand: the register of its clauses, the aliases of its names, and the
    folder of other policies."""

    register: Path | None = None
    aliases: Path | None = None
    folder: Path | None = None

    @classmethod
    def of(cls, policy: Path) -> Beside:
        return cls(register_of(policy), aliases_of(policy), policy.parent)


NOTHING = Beside()


def read_beside(path: Path, made: Callable[[Path, dict[Any, Any]], T]) -> T:
    """What is made of the mapping that a file holds. Raises ValueError (for people, in both languages) where it holds
    none, OSError. While its bytes are the same, the same is given again and nothing is read: an editor asks with every
    keystroke, and every file of examples with its own."""
    found: T = _read(made, path, path.read_bytes())
    return found


@lru_cache(maxsize=32)
def _read(made: Callable[[Path, dict[Any, Any]], Any], path: Path, content: bytes) -> Any:
    import yaml

    try:
        data = yaml.load(content.decode("utf-8-sig"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError as error:
        raise wrong(path, "不是 UTF-8 文本 not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行 line {mark.line + 1}: " if mark is not None else ""
        raise wrong(path, f"{place}YAML 写得不对 not valid YAML ({' '.join(str(error.problem).split())})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise wrong(path, f"YAML 写得不对 not valid YAML ({' '.join(str(error).split())[:120]})") from error
    return made(path, data if isinstance(data, dict) else {})


def wrong(path: Path, what: str) -> ValueError:
    """What is wrong with a file."""
    return ValueError(f"{path.name}: {what}")


__all__ = ["NOTHING", "Beside", "aliases_of", "read_beside", "register_of", "wrong"]
