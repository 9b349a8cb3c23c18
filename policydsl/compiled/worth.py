"""Whether a program is judged by generated code.

The code is made once so many parties were judged by a program that it pays; until then, and where the variable
``POLICYDSL_REFERENCE`` is set, the reference alone judges. What it says is the same either way.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from policydsl.core import Program
from policydsl.kept import Kept
from policydsl.members import dataclass

if TYPE_CHECKING:
    from policydsl.compiled.told import Tellable

PAYS = 8  # parties: making the code takes about as long as judging so many without it
REFERENCE = "POLICYDSL_REFERENCE"  # a variable: the reference alone is to judge


@dataclass(slots=True)
class Code:
    """The code of a program: how many parties were judged before it was made, and what of it can be told."""

    program: Program
    parties: int = 0
    made: Tellable | None = None


_code = Kept(Code)


def code_of(program: Program, parties: int, generated: bool | None = None) -> Tellable | None:
    """The code by which so many more parties are judged; None: by the reference alone. ``generated``: whether there is
    to be code, whatever pays."""
    if generated is False or generated is None and os.environ.get(REFERENCE):
        return None
    found = _code(program)
    found.parties += parties
    if found.made is None and (generated or found.parties > PAYS):
        from policydsl.compiled.told import Tellable  # who judges a few parties does not wait for it

        found.made = Tellable(program)
    return found.made


__all__ = ["PAYS", "REFERENCE", "code_of"]
