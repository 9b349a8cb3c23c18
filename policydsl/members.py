"""How the classes of this package are made, and the names of their fields.

Making some 360 frozen dataclasses is most of what a short command costs: every method of each is compiled anew, and
setting a field of a frozen one takes three times as long. So their fields are read from the annotations (every one a
field: there are no ``ClassVar``), they compare, hash and show themselves by functions that all have in common, what
makes one is compiled when the first is made, and they are frozen for the type checker alone, which sees every
assignment in this package. Only what programs that embed the engine are given (``facts``, ``verdict``, ``diagnostics``,
``api``) is ``guarded``: frozen when it runs too.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, fields
from functools import total_ordering
from inspect import get_annotations
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
    from dataclasses import dataclass as guarded
else:

    def guarded(*, frozen: bool, slots: bool) -> Any:
        """``dataclass``, guarded when it runs."""
        return lambda kind: _made(kind, frozen=frozen, guard=True, slots=slots)

    def dataclass(kind: Any = None, **how: bool) -> Any:
        """``dataclasses.dataclass``, made in a quarter of the time and not guarded when it runs."""
        return _made(kind, **how) if kind is not None else lambda kind: _made(kind, **how)


@dataclasses.dataclass
class _Plain:
    it: int


_STATED: Any = vars(_Plain)["__dataclass_fields__"]["it"]._field_type  # what ``dataclasses`` marks a field with


def _made(
    kind: Any, *, frozen: bool = False, eq: bool = True, order: bool = False, kw_only: bool = False,
    slots: bool = False, guard: bool = False,
) -> Any:
    own = dict(vars(kind))
    stated: dict[str, Any] = {}
    for base in reversed(kind.__mro__[1:]):
        stated |= getattr(base, "__dataclass_fields__", {})
    inherited = frozenset(stated) if slots else frozenset()
    for name, said in get_annotations(kind).items():
        stated[name] = f = _field(own.pop(name, MISSING))
        f.name, f.type, f.kw_only, f._field_type = name, said, kw_only, _STATED
    if slots:
        own["__slots__"] = tuple(name for name in stated if name not in inherited)
        own.pop("__dict__", None)
        own.pop("__weakref__", None)
        made: Any = type(kind)(kind.__name__, kind.__bases__, own)
        made.__qualname__ = kind.__qualname__
    else:
        made = kind
        for name in stated:
            if isinstance(vars(made).get(name), Field):
                delattr(made, name)  # else it would be the value of what makes no field of its own
    matched = tuple(f.name for f in stated.values() if f.init and not f.kw_only)
    for name, value in (("__dataclass_fields__", stated), ("__match_args__", matched)):
        setattr(made, name, value)
    made.__init__ = _late(made)
    if "__repr__" not in own:
        made.__repr__ = _shown
    if eq and "__eq__" not in own:
        _compare(made, frozen, order, own)
    if guard:
        _guard(made)
    return made


def _field(default: Any) -> Any:
    return default if isinstance(default, Field) else dataclasses.field(default=default)


def _guard(kind: Any) -> None:
    """Refuses what ``dataclasses`` refuses of a frozen one; copying and pickling still set the fields."""
    kind.__setattr__ = kind.__delattr__ = _refused
    kind.__getstate__ = lambda one: [getattr(one, f.name) for f in fields(one)]
    kind.__setstate__ = _restored
    kind.__guarded__ = True


def _refused(one: Any, name: str, *_: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"{type(one).__name__}.{name} does not change")


def _restored(one: Any, state: list[Any]) -> None:
    for f, value in zip(fields(one), state, strict=True):
        object.__setattr__(one, f.name, value)


def _late(kind: Any) -> Any:
    """``__init__``, compiled when the first of a class is made: of most classes a short command makes none."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        kind.__init__ = _init(kind)
        kind.__init__(self, *values, **named)

    return __init__


def _init(kind: Any) -> Any:
    """What ``dataclasses`` would write: a parameter a field, with its default; what is no parameter has its default."""
    known: dict[str, Any] = {"absent": object(), "put": object.__setattr__}
    guard = hasattr(kind, "__guarded__")
    plain, named, body = ["self"], list[str](), list[str]()
    for f in fields(kind):
        parameter, value = f.name, f.name
        if f.default_factory is not MISSING:
            known[f"make_{f.name}"] = f.default_factory
            parameter += "=absent"
            value = f"make_{f.name}()" + (f" if {f.name} is absent else {f.name}" if f.init else "")
        elif f.default is not MISSING:
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


def _compare(kind: Any, frozen: bool, order: bool, own: dict[str, Any]) -> None:
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
    if order:
        kind.__lt__ = lambda one, other: told(one) < told(other)
        total_ordering(kind)


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
