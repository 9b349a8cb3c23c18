"""The aliases of a policy's names, in a file beside it (``NAME.names.yaml``): what programs and sheets call them.

::

    policy: INSPUR-2022
    names:
      已签约: signed                                   # name: alias
      渠道类型: {alias: role, values: {总分销商: GD, 战略渠道: [STR, 战略核心]}}   # values: other spellings
      认证: {alias: certificates, fields: {认证类别: {alias: kind}}}               # a ledger and its fields

They are the same as those behind a name in the policy (``，别名 signed``, ``总分销商 ＝ GD``), which need no file.
A step of its own between reading and lowering, so that nothing behind it knows where an alias was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from policydsl import nodes as n
from policydsl.beside import read_beside, wrong
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.members import dataclass, members
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.text.near import alike

_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*$")
_KEYS = {"alias", "values", "fields"}
Called = TypeVar("Called", bound=n.Node)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one name is called besides: ``values`` by the value of a choice, ``fields`` by the field of a ledger."""

    name: str
    alias: str | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Entry] = field(default_factory=dict)


def read_aliases(path: Path) -> Mapping[str, Entry]:
    """The entries by their names, as identities. Raises ValueError (for people, in both languages), OSError."""
    return read_beside(path, _named)


def _named(path: Path, data: dict[Any, Any]) -> Mapping[str, Entry]:
    names = data.get("names")
    if not isinstance(names, dict):
        raise wrong(path, "缺少 names 对照 it has no mapping 'names'")
    return _entries(path, names)


def _entries(path: Path, names: Mapping[Any, Any], inside: bool = False) -> dict[str, Entry]:
    out: dict[str, Entry] = {}
    for name, said in names.items():
        if not isinstance(name, str):
            raise wrong(path, f"{name}: 名称要写成文字 a name has to be a text")
        if name_key(name) in out:
            raise wrong(path, f"{name}: 写了两次 it is there twice")
        parts = {"alias": said} if isinstance(said, str) else said
        if not isinstance(parts, dict) or not parts.keys() <= _KEYS or (inside and "fields" in parts):
            raise wrong(path, f"{name}: 要写成别名，或 alias、values、fields an alias, or alias, values, fields")
        alias = parts.get("alias")
        if alias is not None and not (isinstance(alias, str) and _ALIAS.match(alias)):
            raise wrong(path, f"{name}: 别名用字母、数字和下划线 an alias has letters, digits, underlines: {alias}")
        values = {key: _spellings(path, key, one) for key, one in _mapping(path, name, parts.get("values")).items()}
        fields = _entries(path, _mapping(path, name, parts.get("fields")), inside=True)
        out[name_key(name)] = Entry(name, alias, values, fields)
    return out


def _mapping(path: Path, name: str, said: Any) -> Mapping[Any, Any]:
    if said is not None and not isinstance(said, dict):
        raise wrong(path, f"{name}: values 和 fields 要写成对照 values and fields are mappings")
    return said or {}


def _spellings(path: Path, value: Any, said: Any) -> tuple[str, ...]:
    words = tuple(said) if isinstance(said, list) else (said,)
    if not isinstance(value, str) or not all(isinstance(word, str) and word.strip() for word in words):
        raise wrong(path, f"{value}: 值和写法要写成文字（加引号） a value and its spellings are texts (quote them)")
    return words


# ---------------------------------------------------------------------------------------------- onto the tree
def named(file: n.File, beside: Path | None) -> tuple[n.File, list[Diagnostic]]:
    """The file with the aliases that stand beside it, and what is wrong with those. ``beside``: where they would."""
    if beside is None or not beside.is_file():
        return file, []
    at = file.policy.span if file.policy is not None else file.span
    try:
        entries = read_aliases(beside)
        file = replace(file, sources=file.sources.with_beside(beside))
    except (OSError, ValueError) as error:
        return file, [Diagnostic("POL224", at, args={"why": str(error)})]
    work = _Naming(entries, beside.name, at, file.sources)
    made = replace(file, blocks=tuple(work.block(block) for block in file.blocks))
    return made, [*work.problems, *work.strangers()]


class _Naming:
    def __init__(self, entries: Mapping[str, Entry], file: str, at: Span, sources: Sources) -> None:
        self.entries, self.file, self.at, self.sources = entries, file, at, sources
        self.met: dict[str, tuple[str, Span]] = {}
        self.problems: list[Diagnostic] = []

    def block(self, block: n.Block) -> n.Block:
        match block:
            case n.Data():
                return replace(block, facts=tuple(self.called(f, self.entry(f)) for f in block.facts))
            case n.Parameters():
                return replace(
                    block, settled=tuple(self.called(p, self.entry(p)) for p in block.settled),
                    open=tuple(self.called(d, self.entry(d)) for d in block.open),
                )
            case n.Example():
                return block
            case _:
                return block if getattr(block, "name", None) is None else self.called(block, self.entry(block))

    def entry(self, node: Any) -> Entry | None:
        self.met.setdefault(*_declared(node))
        return self.entries.get(name_key(node.name))

    def called(self, node: Called, entry: Entry | None) -> Called:
        """What declares a name, with its alias, those of its fields and the spellings of its values."""
        if entry is None:
            return node
        new: dict[str, Any] = {}
        own, of = members(type(node)), cast(Any, node)
        if "alias" in own:
            new["alias"] = self.one(of.alias, entry)
        elif entry.alias is not None:
            self.problems.append(self.stranger(f"{entry.name}.alias", "alias", {}))
        if "fields" in own:
            fields: tuple[n.Declaration, ...] = of.fields
            new["fields"] = tuple(self.called(f, entry.fields.get(name_key(f.name))) for f in fields)
            self.left(entry.fields, fields, entry.name)
        else:
            self.left(entry.fields, (), entry.name)
        kind = next((k for k in ("type", "outcome") if getattr(node, k, None) is not None), None)
        if "options" in own:
            new["options"] = self.options(of.options, entry)
        elif kind is not None:
            stated: n.Type = getattr(node, kind)
            new[kind] = replace(stated, options=self.options(stated.options, entry))
        else:
            self.options((), entry)
        return replace(node, **new)

    def one(self, stated: str | None, entry: Entry) -> str | None:
        """The alias of a name, which stands in one place only."""
        if stated is not None and entry.alias is not None and stated != entry.alias:
            args = {"file": self.file, "name": entry.name, "one": stated, "other": entry.alias}
            self.problems.append(Diagnostic("POL226", self.at, args=args))
        return stated or entry.alias

    def options(self, options: tuple[n.Option, ...], entry: Entry) -> tuple[n.Option, ...]:
        self.left({name_key(v): Entry(v) for v in entry.values}, options, entry.name)
        spelled = {name_key(value): words for value, words in entry.values.items()}

        def spelt(option: n.Option) -> n.Option:
            more = [w for w in spelled.get(name_key(option.name), ()) if w not in option.spellings]
            return replace(option, spellings=(*option.spellings, *more))

        return tuple(map(spelt, options))

    # ------------------------------------------------------------------------------------------ what fits nowhere
    def left(self, entries: Mapping[str, Entry], own: Sequence[n.Node], owner: str) -> None:
        """Entries for what an owner has not."""
        here = dict(map(_declared, own))
        for key, entry in entries.items():
            if key not in here:
                free = {k: one for k, one in here.items() if k not in entries}
                self.problems.append(self.stranger(f"{owner}.{entry.name}", entry.name, free))

    def strangers(self) -> Iterator[Diagnostic]:
        free = {key: one for key, one in self.met.items() if key not in self.entries}
        for key, entry in self.entries.items():
            if key not in self.met:
                yield self.stranger(entry.name, entry.name, free)

    def stranger(self, told: str, name: str, free: Mapping[str, tuple[str, Span]]) -> Diagnostic:
        """An entry for nothing: most likely the name is written otherwise where it is declared. ``free``: the names
        without an entry, by their identities."""
        args = {"file": self.file, "name": told}
        places = dict(free.values())
        near = alike(name, places, percent=50)
        if not near:
            return Diagnostic("POL225", self.at, args=args)
        at = places[near[0]]
        begun = self.sources.line(at).find(near[0], at.column - 1) + 1
        if not begun:
            return Diagnostic("POL225", at, args=args, suggestions=(name,))
        at = Span(at.file, at.line, begun, at.line, begun + len(near[0]))
        return Diagnostic("POL225", at, args=args, suggestions=(name,), fix=Fix(at, name))


def _declared(node: Any) -> tuple[str, tuple[str, Span]]:
    """The identity of a name that is declared, the name as it is written, and where."""
    return name_key(node.name), (node.name, getattr(node, "name_span", None) or node.span)


__all__ = ["Entry", "named", "read_aliases"]
