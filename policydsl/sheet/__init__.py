"""Fact sheets: read, checked, described.

A sheet is a mapping from declared names or aliases to values, in YAML or JSON; a dotted alias may be nested or
written flat. ``名称``/``name`` names the party (else the file does), ``评估日``/``as_of`` is the sheet's own date. A
ledger is a list of records, or a mapping from its key to records. ``null``, or nothing, is not filled in: unknown.
``无``/``none`` is stated: there is none. ``[]`` is a ledger without records.

Several parties in one file are a list of sheets, or ``全体``/``population`` over a list (or a mapping from names to
sheets) with shared ledgers and the date beside it. A shared ledger given in one sheet holds for all of them. Parameters
have no place in a sheet.
"""

from policydsl.facts import Record, Sheet
from policydsl.sheet.consistency import check_ranges
from policydsl.sheet.day import day_of
from policydsl.sheet.population import join_sheets
from policydsl.sheet.read import read_cell, read_settings, read_sheets
from policydsl.sheet.refused import ABSENT, Absent, Refused
from policydsl.sheet.schema import schema
from policydsl.sheet.template import template
from policydsl.sheet.values import read_value, to_exact

__all__ = [
    "ABSENT", "Absent", "Record", "Refused", "Sheet", "check_ranges", "day_of", "join_sheets", "read_cell",
    "read_settings", "read_sheets", "read_value", "schema", "template", "to_exact",
]
