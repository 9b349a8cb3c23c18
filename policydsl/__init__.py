"""Partner policies in a language that channel managers read and write, judged exactly, with every ground shown.

A handful of names for programs that embed the engine::

    import policydsl

    policy = policydsl.load("h3c_star_2024")                      # once: a path, or the name of a shipped policy
    verdict = policy.evaluate({"考核季度": "2024Q2"}, as_of="2024-07-01")   # many sheets
    verdict.results["季度考核"].total.status                       # "unknown"
    policydsl.to_json(verdict)                                    # the contract's JSON

A policy never changes once loaded; evaluating it has no side effects, so threads may share it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policydsl.api import Policy, load, loads, read_facts, to_json, to_text
    from policydsl.diagnostics import Diagnostic, PolicyError, SheetError
    from policydsl.verdict import Verdict

__all__ = [
    "Diagnostic", "Policy", "PolicyError", "SheetError", "Verdict", "load", "loads", "read_facts", "to_json", "to_text",
]

_HOMES = {
    "Policy": "policydsl.api", "load": "policydsl.api", "loads": "policydsl.api", "read_facts": "policydsl.api",
    "to_json": "policydsl.api", "to_text": "policydsl.api", "Diagnostic": "policydsl.diagnostics",
    "PolicyError": "policydsl.diagnostics", "SheetError": "policydsl.diagnostics", "Verdict": "policydsl.verdict",
}


def __getattr__(name: str) -> object:
    """Public names are imported when first asked for: the command line should not pay for what it does not use."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'policydsl' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
