"""How the classes of the package are made: as ``dataclasses`` would, but for when their parts are written."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from dataclasses import field

import pytest

import policydsl
from policydsl import members
from policydsl.diagnostics import Fix
from policydsl.members import dataclass
from policydsl.place import NOWHERE


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int = 2
    more: list[int] = field(default_factory=list)
    total: int = field(init=False)
    seen: str = field(default="no", init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.left + self.right)


@dataclass(slots=True, kw_only=True)
class Named:
    name: str
    count: int = 1


@dataclass(slots=True)
class Placed(Named):
    place: int


def test_fields_are_filled_in_their_order_and_by_name() -> None:
    first, second = Pair(1), Pair(right=5, left=3, more=[7])
    assert (first.left, first.right, first.more, first.total, first.seen) == (1, 2, [], 3, "no")
    assert (second.left, second.right, second.more, second.total) == (3, 5, [7], 8)
    assert Pair(1).more is not first.more
    assert Pair(1) == first != second
    assert repr(Pair(1)) == "Pair(left=1, right=2, more=[], total=3, seen='no')"


def test_fields_by_name_alone_stand_behind_those_of_a_subclass() -> None:
    one = Placed(4, name="甲")
    assert (one.place, one.name, one.count) == (4, "甲", 1)
    with pytest.raises(TypeError):
        Placed(4, "甲")  # type: ignore[misc]


@pytest.mark.parametrize("wrong", [(), (1, 2, [], 4)])
def test_too_few_and_too_many_values_are_refused(wrong: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Pair(*wrong)  # type: ignore[arg-type]


def test_every_class_of_the_package_is_made_as_dataclasses_would() -> None:
    """By the parameters of what makes one."""
    modules = [
        importlib.import_module(m.name) for m in pkgutil.walk_packages(policydsl.__path__, "policydsl.")
        if not m.name.endswith("__main__")
    ]
    kinds = {
        kind for module in modules for kind in vars(module).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    }
    assert len(kinds) > 250
    for kind in kinds:
        own = list(inspect.signature(members._init(kind)).parameters.values())[1:]
        stated = [f for f in dataclasses.fields(kind) if f.init]
        ordered = [f for f in stated if not f.kw_only] + [f for f in stated if f.kw_only]
        assert [p.name for p in own] == [f.name for f in ordered], kind
        assert [p.kind is p.KEYWORD_ONLY for p in own] == [bool(f.kw_only) for f in ordered], kind
        for parameter, f in zip(own, ordered, strict=True):
            given = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
            assert (parameter.default is not parameter.empty) == given, (kind, f.name)


def test_what_embedders_are_given_is_frozen_when_it_runs() -> None:
    one = Fix(NOWHERE, "改为")
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.text = "别的"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.text  # type: ignore[misc]
    for copied in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert copied == one and hash(copied) == hash(one)
