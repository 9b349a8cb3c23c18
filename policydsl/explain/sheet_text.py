"""Adding facts to the text of a sheet: what stands there (order, comments, spelling) stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import yaml

from policydsl.core import Program
from policydsl.members import dataclass
from policydsl.sheet.names import Level, name_key, record_level, sheet_level

Node = yaml.nodes.Node


class NotEditableError(Exception):
    """The sheet is laid out in a way that nothing can be added to."""


@dataclass(frozen=True, slots=True)
class SheetText:
    """The text of one party's sheet. Every method gives the new text."""

    text: str
    program: Program

    @property
    def root(self) -> Node | None:
        return yaml.compose(self.text, Loader=yaml.SafeLoader)

    @property
    def several(self) -> bool:
        """Whether the file holds a list of parties."""
        return isinstance(self.root, yaml.SequenceNode)

    @property
    def json(self) -> bool:
        root = self.root
        return isinstance(root, yaml.MappingNode) and bool(root.flow_style)

    def with_fact(self, name: str, raw: str) -> str:
        """The text with a fact of the party filled in."""
        root = self.root
        if root is None:
            return self._appended(f"{_key(name)}: {_scalar(raw)}")
        return self._set(_mapping(root), name, raw, sheet_level(self.program))

    def with_heading(self, name: str, raw: str) -> str:
        """The text of a sheet without facts with a line of its own kind (the party's name, the date) at its end."""
        return self._appended(f"{_key(name)}: {_scalar(raw)}")

    def with_no_records(self, ledger: str) -> str:
        """The text with a ledger stated to be empty."""
        return self._with_list(ledger, "[]", "[]", same_line=True)

    def with_field(self, ledger: str, index: int, field: str, raw: str) -> str:
        """The text with a field of a record filled in; the record after the last one is added."""
        found = self._list(ledger)
        records = _records(found)
        level = record_level(self.program.lists[ledger])
        if index < len(records):
            record = records[index]
            if isinstance(record, yaml.ScalarNode):
                return self._put(record.start_mark.index, record.end_mark.index, f" {_key(field)}: {_scalar(raw)}")
            return self._set(_mapping(record), field, raw, level)
        in_flow = f"{{{_key(field, self.json)}: {_scalar(raw, flow=True, quoted=self.json)}}}"
        if found is None or not records and not isinstance(found, yaml.SequenceNode):
            return self._with_list(ledger, f"- {_key(field)}: {_scalar(raw)}", f"[{in_flow}]", same_line=False)
        if not isinstance(found, yaml.SequenceNode):
            raise NotEditableError(ledger)
        if found.flow_style and not records and not self.json:
            start, stop = found.start_mark.index, found.end_mark.index
            return self._put(start, stop, f"\n  - {_key(field)}: {_scalar(raw)}", trim=True)
        if found.flow_style:
            return self._put(found.end_mark.index - 1, found.end_mark.index - 1, (", " if records else "") + in_flow)
        lead = "\n" + " " * found.start_mark.column
        return self._put(*self._line_end(records[-1]), f"{lead}- {_key(field)}: {_scalar(raw)}")

    # ------------------------------------------------------------------------------------------ places
    def _list(self, ledger: str) -> Node | None:
        root = self.root
        if root is None:
            return None
        level = sheet_level(self.program)
        return next((value for key, value in _mapping(root).value if _means(key, ledger, level)), None)

    def _set(self, node: yaml.MappingNode, name: str, raw: str, level: Level) -> str:
        for key, value in node.value:
            if _means(key, name, level):
                return self._fill(key, value, raw)
        if node.flow_style:
            return self._into_flow(node, f"{_key(name, self.json)}: {_scalar(raw, flow=True, quoted=self.json)}")
        if not node.value:
            return self._appended(f"{_key(name)}: {_scalar(raw)}")
        column = node.value[0][0].start_mark.column
        pair = f"{' ' * column}{_key(name)}: {_scalar(raw)}"
        if node is self.root or node.start_mark.column == 0:
            return self._appended(pair)
        return self._put(*self._line_end(node), f"\n{pair}")

    def _fill(self, key: Node, value: Node, raw: str) -> str:
        """A key that stands there without a value."""
        if not isinstance(value, yaml.ScalarNode):
            raise NotEditableError(str(key.value))
        quoted = self.json
        if value.start_mark.index < value.end_mark.index:
            start, stop = value.start_mark.index, value.end_mark.index
            return self._put(start, stop, _scalar(raw, flow=quoted, quoted=quoted))
        colon = self.text.index(":", key.end_mark.index) + 1
        return self._put(colon, colon, f" {_scalar(raw, quoted=quoted)}")

    def _with_list(self, ledger: str, block: str, flow: str, *, same_line: bool) -> str:
        root = self.root
        lead = " " if same_line else "\n  "
        if root is not None:
            node = _mapping(root)
            for key, value in node.value:
                if _means(key, ledger, sheet_level(self.program)):
                    if value.start_mark.index < value.end_mark.index:
                        return self._put(value.start_mark.index, value.end_mark.index, flow)
                    colon = self.text.index(":", key.end_mark.index) + 1
                    at = colon if same_line else self._end_of_line(colon)
                    return self._put(at, at, lead + block)
            if node.flow_style:
                return self._into_flow(node, f"{_key(ledger, self.json)}: {flow}")
        return self._appended(f"{_key(ledger)}:{lead}{block}")

    def _into_flow(self, node: yaml.MappingNode, pair: str) -> str:
        """A pair at the end of ``{…}``, laid out like the pairs before it."""
        end = node.end_mark.index - 1
        if not node.value:
            return self._put(end, end, pair)
        last = node.value[-1][1].end_mark.index
        first = node.value[0][0].start_mark
        apart = first.line != node.start_mark.line
        return self._put(last, last, f",\n{' ' * first.column}{pair}" if apart else f", {pair}")

    def _line_end(self, node: Node) -> tuple[int, int]:
        """The end of the line on which the last thing in a node stands, behind its comment."""
        while isinstance(node, yaml.SequenceNode | yaml.MappingNode) and node.value and not node.flow_style:
            last = node.value[-1]
            if isinstance(last, tuple):
                node = last[1] if last[1].start_mark.index < last[1].end_mark.index else last[0]
            else:
                node = last
        at = self._end_of_line(node.end_mark.index)
        return at, at

    def _end_of_line(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def _put(self, start: int, stop: int, text: str, *, trim: bool = False) -> str:
        head = self.text[:start]
        return (head.rstrip(" ") if trim else head) + text + self.text[stop:]

    def _appended(self, line: str) -> str:
        events = yaml.parse(self.text, Loader=yaml.SafeLoader)
        ends = [m.index for e in events if isinstance(e, yaml.DocumentEndEvent) and e.explicit and (m := e.start_mark)]
        at = ends[0] if ends else len(self.text)  # "..." ends the sheet, what follows it is not read
        head = self.text[:at]
        gap = "" if not head or head.endswith("\n") else "\n"
        return f"{head}{gap}{line}\n{self.text[at:]}"


def _mapping(node: Node) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise NotEditableError("")
    return node


def _records(node: Node | None) -> list[Node]:
    match node:
        case yaml.SequenceNode():
            return list(node.value)
        case yaml.MappingNode():
            return [value for _, value in node.value]
        case _:
            return []


def _means(key: Node, name: str, level: Level) -> bool:
    if not isinstance(key, yaml.ScalarNode):
        return False
    target = level.targets.get(name_key(key.value))
    return target is not None and target.name == name


def _key(name: str, quoted: bool = False) -> str:
    return _safe(name, lambda text: f"{text}: x", 0) if not quoted else json.dumps(name, ensure_ascii=False)


def _scalar(raw: str, *, flow: bool = False, quoted: bool = False) -> str:
    """The value as it was typed, in quotation marks where YAML would read it as something else."""
    if quoted:
        return json.dumps(raw, ensure_ascii=False)
    return _safe(raw, (lambda text: f"{{k: {text}}}") if flow else (lambda text: f"k: {text}"), 1)


def _safe(text: str, within: Callable[[str], str], side: int) -> str:
    if text in ("~", "null", "Null", "NULL"):  # plain, these say that nothing is filled in
        return json.dumps(text, ensure_ascii=False)
    try:
        node = yaml.compose(within(text), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return json.dumps(text, ensure_ascii=False)
    if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
        part = node.value[0][side]
        if isinstance(part, yaml.ScalarNode) and part.style is None and part.value == text:
            return text
    return json.dumps(text, ensure_ascii=False)
