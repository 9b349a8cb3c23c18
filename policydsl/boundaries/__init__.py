"""What every fact is compared with, and the partition of its domain that those comparisons make.

``boundaries(program)`` reads the core program and gives, for each fact (``("", name)``), field of a list
(``(list, field)``), number of records of a list (``(list, "")``) and parameter, every constant that it is compared
with. ``cells(decl, found)`` cuts the declared domain of a fact at them: within one cell no comparison with a constant
changes its answer. Each cell has a representative (``sample``), its extreme values (``edges``) and a label.

    found = boundaries(program)
    for cell in cells(program.inputs["认证工程师"], found[("", "认证工程师")]):
        print(cell.label("zh"), cell.sample)        # ＜ 10家 9 · ≥ 10家 10

What counts as a comparison with a constant:

- the fact on one side (or a shared term, a derived value, an exception or a case that is only the fact, a fact plus,
  minus, times or divided by a constant, a day moved by a constant length), and on the other a constant, a parameter
  (its value; each of the values it has over time), a choice between constants, or any cell of a table's column;
- a fact looked up in a table, tested to be among values, to include options, to lie in a period;
- an aggregate of a field (then ``alone`` is False: the boundary is that of the aggregate), a count of records and an
  ordinal (a boundary of the number of records, ``alone`` False too);
- the fact's declared range and the table it must be ``within`` (``declared``: values beyond are refused).

What is compared with another fact has no boundary of its own. The evaluation date is a constant only when ``as_of`` is
given. Values are exact; the scale on which a fact's values lie is ``step`` (a person, a fen, 0.01 %, a day).
"""

from policydsl.boundaries.cells import cells, step_of
from policydsl.boundaries.model import Boundary, Cell, Key
from policydsl.boundaries.reader import boundaries

__all__ = ["Boundary", "Cell", "Key", "boundaries", "cells", "step_of"]
