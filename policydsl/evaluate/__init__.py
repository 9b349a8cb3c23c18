"""The reference evaluator: small, exact, and the meaning of the core program."""

from policydsl.evaluate.terms import COMPLETIONS, Evaluator

__all__ = ["COMPLETIONS", "Evaluator"]
