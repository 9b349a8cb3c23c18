"""Operators: their exact meanings (``exact``), and what follows for values that are not known (``possible``)."""

from policydsl.operators.exact import (
    CALLS, COMPARISONS, MIRROR, OPERATORS, OPPOSITE, Operator, Setting, compare_exact, equal_exact, place_of, rounded,
    zero,
)
from policydsl.operators.possible import apply, conjunction, disjunction, negation, of_itself

__all__ = [
    "CALLS", "COMPARISONS", "MIRROR", "OPERATORS", "OPPOSITE", "Operator", "Setting", "apply", "compare_exact",
    "conjunction", "disjunction", "equal_exact", "negation", "of_itself", "place_of", "rounded", "zero",
]
