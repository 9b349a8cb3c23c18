"""The canonical layout of a text, as the smallest change of it."""

from __future__ import annotations

from lsprotocol import types as t

from policydsl.diagnostics import PolicyError
from policydsl.editor.snapshot import Snapshot


class NotReadable(Exception):
    """The text has errors that leave open what it says; the reason, for the author."""


def formatting(snapshot: Snapshot) -> list[t.TextEdit]:
    """One change from the first line that differs to the last; none when the text is canonical. Raises NotReadable."""
    from policydsl.format import formatted

    old = snapshot.text
    try:
        among = snapshot.policy.lowering.file.blocks if snapshot.owner is not None else ()
        new = formatted(
            old.removeprefix("\ufeff"), snapshot.file, memory=snapshot.memory, known=snapshot.policy.known, among=among,
        )
    except PolicyError as refused:
        line = refused.diagnostics[0].span.line if refused.diagnostics else 1
        said = snapshot.say("editor.unreadable", line=line)
        raise NotReadable(said) from refused
    if "\r\n" in old and "\r\n" not in new:
        new = new.replace("\n", "\r\n")
    if old.startswith("\ufeff"):
        new = "\ufeff" + new
    if new == old:
        return []
    first = _common(old, new)
    start = old.rfind("\n", 0, first) + 1
    back = _common(old[start:][::-1], new[start:][::-1])
    line = old.find("\n", len(old) - back) + 1 if back else 0
    kept = len(old) - line if line else 0
    return [t.TextEdit(snapshot.buffer.range(start, len(old) - kept), new[start : len(new) - kept])]


def _common(one: str, other: str) -> int:
    """How many characters the two begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
