"""How the classes of this package are made, and the names of their fields.

Making some 360 frozen dataclasses is most of what a short command costs: every method of each is compiled anew, and
setting a field of a frozen one takes three times as long. So they compare, hash and show themselves by functions that
all have in common, what makes one is compiled when the first is made, and they are frozen for the type checker alone,
which sees every assignment in this package. Only what programs that embed the engine are given (``facts``, ``verdict``,
``diagnostics``, ``api``) is ``guarded``: frozen when it runs too.
"""

from __future__ import annotations

import dataclasses
from dataclasses import fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
    from dataclasses import dataclass as guarded
else:

    def guarded(*, frozen: bool, slots: bool) -> Any:
        """``dataclass``, guarded when it runs."""
        return lambda kind: _made(kind, frozen=frozen, eq=True, guard=True, slots=slots)

    def dataclass(
        kind: Any = None, *, frozen: bool = False, eq: bool = True, order: bool = False, **more: bool
    ) -> Any:
        """``dataclasses.dataclass``, made in half the time and not guarded when it runs."""
        if kind is None:
            return lambda kind: dataclass(kind, frozen=frozen, eq=eq, order=order, **more)
        if order:
            return dataclasses.dataclass(kind, unsafe_hash=frozen, order=True, **more)
        return _made(kind, frozen=frozen, eq=eq, **more)


def _made(kind: Any, *, frozen: bool, eq: bool, guard: bool = False, **more: bool) -> Any:
    own = frozenset(vars(kind))
    kind.__doc__ = kind.__doc__ or kind.__name__  # else dataclasses makes one of the signature, and takes its time
    made: Any = dataclasses.dataclass(init=False, eq=False, repr=False, frozen=guard, **more)(kind)
    made.__init__ = _late(made)
    if "__repr__" not in own:
        made.__repr__ = _shown
    if eq and "__eq__" not in own:
        _compare(made, frozen, own)
    return made


def _late(kind: Any) -> Any:
    """``__init__``, compiled when the first of a class is made: of most classes a short command makes none."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        kind.__init__ = _init(kind)
        kind.__init__(self, *values, **named)

    return __init__


def _init(kind: Any) -> Any:
    """What ``dataclasses`` would write: a parameter a field, with its default; what is no parameter has its default."""
    known: dict[str, Any] = {"absent": object(), "put": object.__setattr__}
    guard = kind.__dataclass_params__.frozen
    plain, named, body = ["self"], list[str](), list[str]()
    for f in fields(kind):
        parameter, value = f.name, f.name
        if f.default_factory is not dataclasses.MISSING:
            known[f"make_{f.name}"] = f.default_factory
            parameter += "=absent"
            value = f"make_{f.name}()" + (f" if {f.name} is absent else {f.name}" if f.init else "")
        elif f.default is not dataclasses.MISSING:
            known[f"default_{f.name}"] = f.default
            parameter += f"=default_{f.name}"
            value = f.name if f.init else f"default_{f.name}"
        if f.init:
            (named if f.kw_only else plain).append(parameter)
        if f.init or value != f.name:
            body.append(f"put(self, {f.name!r}, {value})" if guard else f"self.{f.name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*plain, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)
    return known["__init__"]


def _compare(kind: Any, frozen: bool, own: frozenset[str]) -> None:
    """Equal are two of the same class with equal fields; only what is frozen has a hash."""
    compared = [f.name for f in fields(kind) if f.compare]
    told = attrgetter(*compared) if compared else lambda _: ()

    def same(one: object, other: object) -> Any:
        if other.__class__ is not one.__class__:
            return NotImplemented
        return one is other or told(one) == told(other)

    kind.__eq__ = same
    if "__hash__" not in own:
        kind.__hash__ = (lambda one: hash(told(one))) if frozen else None


@recursive_repr()
def _shown(one: Any) -> str:
    told = ", ".join(f"{f.name}={getattr(one, f.name)!r}" for f in fields(one) if f.repr)
    return f"{one.__class__.__qualname__}({told})"


_PLACES: dict[Any, tuple[Any, dict[str, int]]] = {}


def replace(one: T, **changes: Any) -> T:
    """``dataclasses.replace`` for what is made of its fields in their order, in a tenth of the time: an evaluation does
    it a hundred thousand times."""
    kind: Any = one.__class__
    if kind not in _PLACES:
        names = [f.name for f in fields(kind)]
        _PLACES[kind] = attrgetter(*names), {name: i for i, name in enumerate(names)}
    told, places = _PLACES[kind]
    values = [*told(one)]
    for name, value in changes.items():
        values[places[name]] = value
    return kind(*values)  # type: ignore[no-any-return]


_KNOWN: dict[tuple[Any, tuple[str, ...]], tuple[str, ...]] = {}


def members(kind: type[Any], without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The fields of a class in their order, but those named."""
    found = _KNOWN.get((kind, without))
    if found is None:
        found = _KNOWN[kind, without] = tuple(f.name for f in fields(kind) if f.name not in without)
    return found


__all__ = ["dataclass", "guarded", "members", "replace"]
