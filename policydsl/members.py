"""How the classes of this package are made, and the names of their fields.

Making some 360 frozen dataclasses is most of what a short command costs: every method of each is compiled anew, and
setting a field of a frozen one takes three times as long. So they compare, hash and show themselves by functions that
all have in common, what makes one is compiled when the first is made, and they are frozen for the type checker alone,
which sees every assignment in this package. Only what programs that embed the engine are given (``facts``, ``verdict``,
``diagnostics``, ``api``) is frozen when it runs too.
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
else:

    def dataclass(
        kind: Any = None, *, frozen: bool = False, eq: bool = True, order: bool = False, **more: bool
    ) -> Any:
        """``dataclasses.dataclass``, made in half the time and not guarded when it runs."""
        if kind is None:
            return lambda kind: dataclass(kind, frozen=frozen, eq=eq, order=order, **more)
        if order:
            return dataclasses.dataclass(kind, unsafe_hash=frozen, order=True, **more)
        own = {*vars(kind)}
        made = dataclasses.dataclass(kind, init=False, eq=False, repr=False, **more)
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
    known: dict[str, Any] = {"absent": object()}
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
            body.append(f"self.{f.name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*plain, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)
    return known["__init__"]


def _compare(kind: Any, frozen: bool, own: dict[str, Any]) -> None:
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


__all__ = ["dataclass", "members", "replace"]
