"""The files beside a policy that speak of its names: the clause register, the cases, the accepted mutants. A new name
has to reach them too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from lsprotocol import types as t

from policydsl.beside import register_of
from policydsl.editor.buffer import Buffer
from policydsl.editor.reading import Reading
from policydsl.editor.snapshot import Snapshot
from policydsl.editor.symbols import Symbols
from policydsl.mutate.accepted import accepted_file
from policydsl.testing.collect import EXAMPLES, case_files
from policydsl.text.fold import fold, lower, name_key

_RULES = ("规则", "rule")


def files(snapshot: Snapshot) -> list[Path]:
    """Those that are there. The register of a translation speaks of other names and is left out."""
    path = snapshot.path
    if path is None:
        return []
    translated = path.name.endswith((".en.pol", ".zh.pol"))
    found = [] if translated else [register_of(path)]
    return [p for p in (*found, *case_files(path), accepted_file(path)) if p.is_file()]


def changes(snapshot: Snapshot, old: str, new: str, opened: Mapping[str, str]) -> dict[str, list[t.TextEdit]]:
    """The changes by address; ``opened`` are the texts of documents that the editor has open."""
    out: dict[str, list[t.TextEdit]] = {}
    for path in files(snapshot):
        uri = path.resolve().as_uri()
        try:
            text = opened[uri] if uri in opened else path.read_text(encoding="utf-8")
            edits = _in_examples if path.suffix == EXAMPLES else _edits
            found = edits(text, old, new, snapshot)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue  # what cannot be read is not changed
        if found:
            out[uri] = found
    return out


def _in_examples(text: str, old: str, new: str, snapshot: Snapshot) -> list[t.TextEdit]:
    """The names in a file of examples, which reads as it would within the policy."""
    key, buffer = name_key(old), Buffer(text, snapshot.buffer.encoding)
    reading = Reading(text, known=lambda: snapshot.policy.names, among=True)
    places = Symbols(buffer, reading, snapshot.policy).occurrences
    return [t.TextEdit(buffer.range(place.start, place.end), new) for place in places if place.key == key]


def _edits(text: str, old: str, new: str, snapshot: Snapshot) -> list[t.TextEdit]:
    key, buffer, out = name_key(old), Buffer(text, snapshot.buffer.encoding), []
    if "".join(key.split()) not in "".join(lower(fold(text)).split()):
        return []  # reading YAML takes long
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for node in _names(root):
        if name_key(node.value) == key:
            start, end = (buffer.offset_of(m.line + 1, m.column + 1) for m in (node.start_mark, node.end_mark))
            out.append(t.TextEdit(buffer.range(start, end), _scalar(new, node.style)))
    return out


def _scalar(text: str, style: str | None) -> str:
    """As YAML, in the style of what it replaces; quoted where it would be read as something else."""
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    try:
        plain = not style and yaml.safe_load(f"[{text}]") == [text]
    except yaml.YAMLError:
        plain = False
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _names(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Keys, entries of lists and the rule of a mutant; never prose (the title of a case, the text of a clause)."""
    stack, known = [root], set()
    while stack:
        here = stack.pop()
        if here is None or id(here) in known:
            continue
        known.add(id(here))
        match here:
            case yaml.MappingNode(value=pairs):
                for name, inner in pairs:
                    if isinstance(name, yaml.ScalarNode):
                        yield name
                        if name.value in _RULES and isinstance(inner, yaml.ScalarNode):
                            yield inner
                    stack.append(inner)
            case yaml.SequenceNode(value=items):
                yield from (x for x in items if isinstance(x, yaml.ScalarNode))
                stack.extend(items)
            case _:
                pass
