"""Diagnostics as an editor shows them, and the repairs it offers."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t

from policydsl import report
from policydsl.diagnostics import Diagnostic
from policydsl.editor.repairs import repairs
from policydsl.editor.snapshot import Snapshot

SOURCE = "policydsl"
_SEVERITIES = {
    "error": t.DiagnosticSeverity.Error,
    "warning": t.DiagnosticSeverity.Warning,
    "notice": t.DiagnosticSeverity.Information,
}
_UNUSED = frozenset({"POL212", "POL213"})


def diagnostics(snapshot: Snapshot, page: str | None) -> list[t.Diagnostic]:
    """Every problem of the text; ``page`` is the address of the page that explains them."""
    return [_diagnostic(d, snapshot, page) for d in snapshot.policy.diagnostics]


def _diagnostic(d: Diagnostic, snapshot: Snapshot, page: str | None) -> t.Diagnostic:
    lang = snapshot.lang
    return t.Diagnostic(
        range=marked(d, snapshot),
        message="\n".join((report.headline(d, lang), *report.advice(d, lang))),
        severity=_SEVERITIES[d.severity],
        code=d.code,
        code_description=t.CodeDescription(f"{page}#{d.code.lower()}") if page else None,
        source=SOURCE,
        tags=[t.DiagnosticTag.Unnecessary] if d.code in _UNUSED else None,
        related_information=list(_related(d, snapshot)) or None,
    )


def marked(d: Diagnostic, snapshot: Snapshot) -> t.Range:
    """The stretch that is underlined: never nothing, and only the first line of a longer one (a block)."""
    buffer = snapshot.buffer
    start, end = buffer.span(d.span)
    line_end = buffer.line_end(start)
    end = min(end, line_end)
    if end <= start:
        start, end = max(start - 1, buffer.line_start(start)), max(end, start)
    return buffer.range(start, end)


def _related(d: Diagnostic, snapshot: Snapshot) -> Iterator[t.DiagnosticRelatedInformation]:
    """The other place a message speaks of, as a line number."""
    line = str(d.other.span.line) if d.other is not None else d.args.get("line", "")
    if not line.isdigit() or int(line) == d.span.line:
        return
    buffer = snapshot.buffer
    start = buffer.offset_of(int(line), 1)
    end = buffer.line_end(start)
    text = buffer.text[start:end]
    start += len(text) - len(text.lstrip())
    yield t.DiagnosticRelatedInformation(
        t.Location(snapshot.uri, buffer.range(start, end)), snapshot.say("verdict.line", line=line)
    )


# ---------------------------------------------------------------------------------------------- repairs
def code_actions(snapshot: Snapshot, wanted: t.Range, page: str | None) -> list[t.CodeAction]:
    """The repairs of the problems that touch the range."""
    buffer = snapshot.buffer
    first, last = buffer.offset(wanted.start), buffer.offset(wanted.end)
    out: list[t.CodeAction] = []
    for d in snapshot.policy.diagnostics:
        shown = _diagnostic(d, snapshot, page)
        if buffer.offset(shown.range.end) < first or buffer.offset(shown.range.start) > last:
            continue
        offered = repairs(d, snapshot)
        for repair in offered:
            edit = t.TextEdit(buffer.range(*repair.stretch), repair.text)
            out.append(
                t.CodeAction(
                    title=repair.title, kind=t.CodeActionKind.QuickFix, diagnostics=[shown],
                    is_preferred=len(offered) == 1, edit=t.WorkspaceEdit(changes={snapshot.uri: [edit]}),
                )
            )
    return out
