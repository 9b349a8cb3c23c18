"""Mutation testing: change one thing of a policy at a time, and see whether some example notices.

``run(policy, cases)`` makes every small change that a mistake of the author could make (an operator, a threshold, a
row, a unit, a date, an exception, a measure), runs the cases that reach it, and says which changes no case noticed.
"""

from policydsl.mutate.run import run

__all__ = ["run"]
