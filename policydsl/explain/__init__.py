"""Why a result is what it is: every condition, what is missing, and what each answer would lead to."""

from policydsl.explain.explanation import by_nearness, explain
from policydsl.explain.model import Branch, Distance, Explained, Explanation, Node, Question, Section, Target

__all__ = [
    "Branch", "Distance", "Explained", "Explanation", "Node", "Question", "Section", "Target", "by_nearness", "explain",
]
