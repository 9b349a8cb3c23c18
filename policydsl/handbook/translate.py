"""A policy with its keywords in the language of the reader; names and notes stay as the author wrote them."""

from __future__ import annotations

from dataclasses import fields

from policydsl import nodes as n
from policydsl.diagnostics import Language, PolicyError
from policydsl.engine import Policy, load_text


def in_language(policy: Policy, lang: Language) -> tuple[Policy, dict[int, int]]:
    """The policy in that language, and where its lines stand in the author's file (line there -> line here).

    A policy whose names read otherwise among the other keywords, or that stands in several files, stays as it is: its
    labels are translated all the same.
    """
    texts = policy.program.sources.whole
    if policy.file.dialect == lang or len(texts) > 1:
        return policy, {}
    from policydsl.format import formatted

    ((name, text),) = texts.items()
    text = formatted(text, name, to=lang)
    try:
        translated = load_text(text, name, lang, beside=policy.beside)
    except PolicyError:
        return policy, {}
    lines: dict[int, int] = {}
    _pair(policy.file, translated.file, lines)
    return translated, lines


def _pair(here: object, there: object, lines: dict[int, int]) -> None:
    """The lines of two trees of one shape."""
    if isinstance(here, tuple) and isinstance(there, tuple):
        for a, b in zip(here, there, strict=False):
            _pair(a, b, lines)
    elif isinstance(here, n.Node | n.File) and isinstance(there, n.Node | n.File):
        if isinstance(here, n.Node) and isinstance(there, n.Node):
            lines.setdefault(there.span.line, here.span.line)
        for field in fields(here):
            if field.name not in ("span", "sources") and hasattr(there, field.name):
                _pair(getattr(here, field.name), getattr(there, field.name), lines)
