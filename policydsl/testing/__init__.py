"""Tests of a policy: the examples in its file and in files beside it, and the cases in YAML files beside it.

``collect`` finds them, ``Case.run`` judges and compares. A case can be run on the policy it was read with, and on one
whose core program is another (``dataclasses.replace(policy, program=...)``).
"""

from policydsl.testing.case import Case, Failure, Given, Report
from policydsl.testing.collect import case_files, collect, collect_all
from policydsl.testing.examples import run_examples

__all__ = ["Case", "Failure", "Given", "Report", "case_files", "collect", "collect_all", "run_examples"]
