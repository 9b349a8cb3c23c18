"""Cases at both sides of every limit of a policy, to be confirmed by a person.

``generate(policy, cases)`` starts from the passing tests: one fact, record, count or day is set just below, at and just
above the limit, until the rule's result depends on it. What a test has already is left out. ``written`` gives them as
text, as far as they can be read back and pass.
"""

from policydsl.testgen.check import Written, written
from policydsl.testgen.search import generate

__all__ = ["Written", "generate", "written"]
