"""The policies of the repository, each loaded once for all tests that one process runs."""

from __future__ import annotations

from pathlib import Path

from policydsl.beside import register_of
from policydsl.register import Registered, read_register
from policydsl.engine import Policy
from policydsl.pytest_plugin import policy_of

POLICIES = Path(__file__).parents[1] / "policies"
EVERY = sorted(POLICIES.glob("*.pol"))


def shipped(path: Path) -> Policy:
    """The policy of a file that no test changes."""
    return policy_of(path)


def register(path: Path) -> tuple[Registered, ...]:
    """The clauses beside it."""
    return read_register(register_of(path))
