"""The front end: policy text to ``nodes.File``, and single values to nodes."""

from policydsl.text.memory import Memory
from policydsl.text.parser import parse, parse_texts
from policydsl.text.quantities import read_literal

__all__ = ["Memory", "parse", "parse_texts", "read_literal"]
