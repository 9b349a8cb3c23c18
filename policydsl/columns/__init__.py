"""A population judged by columns: the core program as SQL of DuckDB, for very many parties and for what-if.

A shared term, or a term of a result, is told of a party exactly as ``evaluate/exact`` has it, or it is **left**: then
generated code says it, or the reference. Values are told, not reasons. ``frame`` holds the facts as columns of whole
numbers, ``forms`` writes the columns of terms, ``numbers`` the arithmetic with the bounds that keep it from
overflowing, ``ledgers`` the aggregates, ``batch`` runs it. ``docs/core.md`` says what is left today.
"""

from policydsl.columns.batch import Batch, Found

__all__ = ["Batch", "Found"]
