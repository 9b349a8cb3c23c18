"""The register of a policy's clauses (``NAME.clauses.yaml``) against its file: is every clause carried and cited?

A register is ``{policy, source, clauses: [{id, place, text, carried, by}]}``; ``by`` lists the names that carry the
clause. A clause left out on purpose has ``left`` (the reason) instead of ``carried`` and ``by``. An entry that is a row
of another clause (of a catalogue, say) has ``part_of`` (that clause's id) and is counted as a row, not as a clause.
A citation begins with the clause's id: ``【ALI-35 5.3.2.2】``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from policydsl import nodes as n
from policydsl.lower.names import collect
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key

ID = re.compile(r"[A-Z][A-Z0-9]*-\d+[A-Za-z]?$")


@dataclass(frozen=True, slots=True)
class Registered:
    """One clause of the document, and where the policy carries it; ``left`` and ``part_of``: see above."""

    id: str
    place: str
    text: str
    carried: str
    by: tuple[str, ...]
    left: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What does not agree. ``uncited``: registered, neither cited nor left out with a reason; ``unregistered``:
    (id, line) cited, but not in the register; ``nameless``: (id, name) said to carry a clause, but the policy declares
    no such name."""

    cited: frozenset[str]
    uncited: tuple[str, ...]
    unregistered: tuple[tuple[str, int], ...]
    nameless: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> bool:
        return not (self.uncited or self.unregistered or self.nameless)


def register_of(policy: Path) -> Path:
    """The register beside a policy; ``x.en.pol`` shares the one of ``x.pol``."""
    stem = policy.name.removesuffix(".pol").removesuffix(".en").removesuffix(".zh")
    return policy.with_name(f"{stem}.clauses.yaml")


def read_register(path: Path) -> tuple[Registered, ...]:
    """The clauses of a register, in order. Raises ValueError (for people, in both languages) where it is not what it
    should be, OSError."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _wrong(path, "不是 UTF-8 文本 not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行 line {mark.line + 1}: " if mark is not None else ""
        raise _wrong(path, f"{place}YAML 写得不对 not valid YAML ({error.problem})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _wrong(path, f"YAML 写得不对 not valid YAML ({' '.join(str(error).split())[:120]})") from error
    entries = data.get("clauses") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise _wrong(path, "缺少 clauses 列表 it has no list 'clauses'")
    out = [_registered(path, number, entry) for number, entry in enumerate(entries, 1)]
    ids = [clause.id for clause in out]
    twice = sorted(i for i, times in Counter(ids).items() if times > 1)
    if twice:
        raise _wrong(path, f"{', '.join(twice)} 登记了两次 is there twice")
    # a row belongs to a clause; a row of a row, or of itself, would be counted nowhere
    whole = {clause.id for clause in out if not clause.part_of}
    lost = sorted({clause.part_of for clause in out if clause.part_of} - whole)
    if lost:
        raise _wrong(path, f"part_of: {', '.join(lost)} 不是登记的整条 is no whole clause of the register")
    return tuple(out)


def _wrong(path: Path, what: str) -> ValueError:
    return ValueError(f"{path.name}: {what}")


def _registered(path: Path, number: int, entry: object) -> Registered:
    if not isinstance(entry, dict):
        what = f"clauses 第 {number} 项要写成 id、place、text…… entry {number} is not made of id, place, text …"
        raise _wrong(path, what)
    name = entry.get("id")
    shown = str(name) if isinstance(name, str | int) else f"clauses 第 {number} 项 entry {number}"
    keys = ("id", "place", "text", "carried", "left", "part_of")
    words = {key: _line(path, shown, key, entry.get(key)) for key in keys}
    missing = [key for key in ("id", "place", "text", "carried") if not words[key]]
    if words["left"] and "carried" in missing:
        missing.remove("carried")
    if missing:
        raise _wrong(path, f"{shown} 缺少 lacks {', '.join(missing)}")
    if " " in words["id"]:
        raise _wrong(path, f"{shown}: id 里不能有空格 an id cannot hold a blank")
    by = entry.get("by") or []
    names = by if isinstance(by, list) else [by]
    return Registered(
        words["id"], words["place"], words["text"], words["carried"] or "left",
        tuple(_line(path, shown, "by", one) for one in names), words["left"], words["part_of"],
    )


def _line(path: Path, entry: str, key: str, value: object) -> str:
    """A text on one line, without control characters (they could steer the terminal that shows it)."""
    if isinstance(value, dict | list | tuple | set):
        raise _wrong(path, f"{entry}: {key} 要写成文字 has to be a text")
    words = "" if value is None else str(value)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in words).split())


def citations(file: n.File) -> Iterator[tuple[str, Span]]:
    """The first word of every citation in the file, with the place of what it stands behind."""
    stack: list[object] = [file.policy, file.blocks]
    while stack:
        here = stack.pop()
        if isinstance(here, tuple):
            stack.extend(here)
        elif isinstance(here, n.Node) and is_dataclass(here):
            for field in fields(here):
                value = getattr(here, field.name)
                if field.name == "cites":
                    yield from ((cite.split()[0], here.span) for cite in value if cite.split())
                elif field.name not in ("span", "name_span"):
                    stack.append(value)


def names_of(file: n.File) -> set[str]:
    """Everything the file declares a name for, as identities: blocks, facts, fields, columns, rows, options, parts."""
    names = collect(file)
    out = set(names.symbols) | set(names.options) | set(names.items)
    for fields_ in names.fields.values():
        out |= set(fields_)
    for columns in names.columns.values():
        out |= {name_key(column) for column in columns}
    out |= {name_key(block.name) for block in file.blocks if isinstance(block, n.Example)}
    return out


def coverage(file: n.File, register: tuple[Registered, ...], *, names: bool = True) -> Coverage:
    """The register against the file. ``names`` False: the file is a translation, whose names are other words."""
    known = {clause.id for clause in register}
    cited: dict[str, int] = {}
    for word, at in citations(file):
        cited.setdefault(word, at.line)
    declared = names_of(file) if names else set()
    return Coverage(
        frozenset(cited) & known,
        tuple(clause.id for clause in register if clause.id not in cited and not clause.left),
        tuple((word, line) for word, line in sorted(cited.items()) if ID.match(word) and word not in known),
        tuple(
            (clause.id, name) for clause in register for name in clause.by if names and name_key(name) not in declared
        ),
    )
