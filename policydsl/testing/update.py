"""Writes what came out into the expectations that differ, and leaves every other character as it is."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from pathlib import Path

from policydsl.diagnostics import Fix, PolicyError, SheetError
from policydsl.engine import Policy, load_texts
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.testing.case import Case, Failure, Report
from policydsl.testing.collect import ENDINGS
from policydsl.testing.example_file import read_examples
from policydsl.testing.read import read_cases

_BREAK = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^,\[\]{}#:'\"]*")


@dataclass(frozen=True, slots=True)
class Change:
    """The new text of one file."""

    path: Path
    before: str
    after: str
    count: int

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        old, new = (_BREAK.sub("\n", text).splitlines() for text in (self.before, self.after))
        name = str(self.path)
        return "".join(line + "\n" for line in unified_diff(old, new, name, name, lineterm="", n=1))

    def write(self) -> None:
        """Replaces the file in one step: whoever reads it sees the old text or the new one. Raises OSError."""
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(self.after)
            os.chmod(name, self.path.stat().st_mode & 0o777)
            os.replace(name, self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def fixable(case: Case, failure: Failure) -> bool:
    """Whether writing one value settles the failure. A case that asks for a refusal is never rewritten."""
    return failure.fix is not None and not case.refusal and failure.fix.span.line > 0


def changes(policy: Policy, done: Sequence[tuple[Case, Report]], *files: Path) -> list[Change]:
    """The new texts of the files whose failing expectations can be rewritten; ``files``: those of the policy.

    A text that could not be read any more is left out. Raises OSError when a file cannot be read.
    """
    fixes: dict[Path, dict[Span, Fix]] = {}
    for case, report in done:
        for failure in report.failures:
            if fixable(case, failure) and failure.fix is not None:
                path = Path(failure.fix.span.file)
                if str(path) == policy.file.span.file:  # a shipped policy goes by its name
                    path = files[0]
                fixes.setdefault(path, {}).setdefault(failure.fix.span, failure.fix)
    made = []
    for path, of_file in fixes.items():
        text = path.read_bytes().decode("utf-8")
        change = Change(path, text, replaced(text, of_file.values(), yaml=path.suffix in ENDINGS), len(of_file))
        if _sound(policy, change, files):
            made.append(change)
    return made


def _sound(policy: Policy, change: Change, files: Sequence[Path]) -> bool:
    """Whether the new text can still be read, that of a policy with its other files."""
    try:
        if change.path in files:
            texts = {path: change.after if path == change.path else path.read_text("utf-8") for path in files}
            load_texts({str(p): t.removeprefix("\ufeff") for p, t in texts.items()}, beside=policy.beside)
        elif change.path.suffix not in ENDINGS:
            return read_examples(policy, change.after.removeprefix("\ufeff"), str(change.path)).error is None
        else:
            read_cases(change.after, str(change.path), policy.program)
    except (PolicyError, SheetError):
        return False
    return True


def replaced(text: str, fixes: Iterable[Fix], *, yaml: bool) -> str:
    """The text with each fix in place of what stands at its span."""
    starts = _line_starts(text)
    for fix in sorted(fixes, key=lambda f: (f.span.line, f.span.column), reverse=True):
        start = starts[fix.span.line - 1] + fix.span.column - 1
        end = starts[fix.span.end_line - 1] + fix.span.end_column - 1
        old = text[start:end]
        kept = old.rstrip()  # a span may take in the blanks behind it
        text = text[:start] + (quoted(fix.text, kept) if yaml else fix.text) + old[len(kept):] + text[end:]
    return text


def _line_starts(text: str) -> list[int]:
    mark = 1 if text.startswith("\ufeff") else 0  # no column of the file
    return [mark, *(m.end() for m in _BREAK.finditer(text))]


def quoted(value: str, instead: str) -> str:
    """The value as YAML, in the manner of the text it stands instead of; quotation marks where it needs them."""
    if instead.startswith('"'):
        return json.dumps(value, ensure_ascii=False)
    if instead.startswith("'"):
        return "'" + value.replace("'", "''") + "'"
    plain = _PLAIN.fullmatch(value) is not None and value == value.strip()
    number = re.fullmatch(r"-?\d+(\.\d+)?%?", value) is not None
    return value if number or plain else json.dumps(value, ensure_ascii=False)
