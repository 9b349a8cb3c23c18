"""Joining and narrowing of what is possible."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
from engine_support import allows, covers
from hypothesis import given
from hypothesis import strategies as st
from kind_support import options
from tries import tries

from policydsl.domain import (
    MOST_VALUES,
    NO,
    YES,
    Need,
    Possible,
    before,
    either,
    ends,
    interval,
    join,
    meet,
    point,
    same,
    whole,
    with_causes,
    within,
)
from policydsl.kinds import Duration, Exact, Kind

SOME = tries(150)


def n(value: int) -> Fraction:
    return Fraction(value)


def test_a_join_is_the_union() -> None:
    assert join([YES, YES]) == YES
    assert join([YES, NO]).values == (False, True)
    assert join([point(n(3)), point(n(1))]).values == (n(1), n(3))
    assert join([point(n(3)), point(None)]).values == (None, n(3))
    mixed = join([point(n(7)), interval(n(1), n(5), low_open=True)])
    assert (mixed.low, mixed.low_open, mixed.high, mixed.high_open) == (n(1), True, n(7), False)
    assert join([interval(n(1), n(2)), point(None)]).none


def test_an_end_is_open_only_if_it_is_open_in_all() -> None:
    assert join([interval(n(1), n(5), low_open=True), interval(n(1), n(3))]).low_open is False
    assert join([interval(n(1), n(5), low_open=True), interval(n(1), n(3), low_open=True)]).low_open is True
    assert join([interval(n(1), None), interval(n(0), n(3))]).high is None


def test_a_large_set_becomes_an_interval() -> None:
    many = join([point(n(i)) for i in range(MOST_VALUES + 1)])
    assert (many.values, many.low, many.high) == (None, n(0), n(MOST_VALUES))
    assert join([point(n(i)) for i in range(MOST_VALUES)]).values is not None


def test_a_join_is_deemed_only_if_all_are_and_a_conflict_only_if_all_are() -> None:
    deemed = Possible((True,), deemed=True)
    assert join([deemed, deemed]).deemed
    assert not join([deemed, YES]).deemed
    one, other = Possible((False,), conflict=True), Possible((True,), conflict=True)
    assert join([one, other]).conflict
    assert not join([YES, one]).conflict
    assert not join([YES, other]).known  # the one value, or none that could be told


def test_what_is_known_waits_for_nothing() -> None:
    need = Need("甲")
    waiting = either(needs=[need], reasons=["missing"])
    assert with_causes(YES, waiting) == YES
    assert with_causes(Possible((False, True)), waiting).needs == {need}
    assert with_causes(Possible((False, True)), YES).needs == frozenset()


@pytest.mark.parametrize(("kind", "values"), [
    (Kind("yesno"), (False, True)), (options("选", "a", "b"), ("a", "b")),
    (options("选", "a", "b", open=True), None), (Kind("money"), None), (Kind("text"), None),
])
def test_all_a_kind_allows(kind: Kind, values: tuple[Exact, ...] | None) -> None:
    assert whole(kind).values == values


def test_a_declared_range_narrows_what_is_unknown_only() -> None:
    free = Possible(None, needs=frozenset([Need("数")]))
    assert ends(within(free, n(0), False, n(5), True)) == (n(0), False, n(5), True)
    assert within(point(n(9)), n(0), False, n(5), False) == point(n(9))
    assert within(Possible((n(1), n(9), None)), n(0), False, n(5), False).values == (n(1), None)
    settled = within(free, n(5), False, n(5), False)
    assert settled.known and settled.value == n(5) and not settled.needs
    assert ends(within(interval(n(1), n(3)), n(0), True, n(9), True)) == (n(1), False, n(3), False)


@pytest.mark.parametrize(("left", "right", "less", "equal"), [
    (date(2024, 1, 1), datetime(2024, 1, 1, 9), False, True),
    (datetime(2024, 1, 1, 9), datetime(2024, 1, 1, 10), True, False),
    (date(2024, 1, 1), date(2024, 1, 2), True, False),
    (Duration(n(1), "Y"), Duration(n(12), "M"), False, True),
    (Duration(n(13), "D"), Duration(n(2), "W"), True, False),
    (n(1), Fraction(1, 2), False, False),
])
def test_order_and_equality(left: Exact, right: Exact, less: bool, equal: bool) -> None:
    assert before(left, right) is less
    assert same(left, right) is equal


def test_texts_are_equal_without_width_and_case() -> None:
    assert same("ＦＰ１", "fp1")
    assert not same("FP1", "FP2")
    assert not same(True, n(1))


possibles = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-5, 5).map(Fraction)), min_size=1, max_size=4).map(
        lambda vs: join([point(v) for v in vs])
    ),
    st.tuples(st.integers(-5, 0), st.integers(1, 5), st.booleans(), st.booleans(), st.booleans()).map(
        lambda t: Possible(None, Fraction(t[0]), t[2], Fraction(t[1]), t[3], t[4])
    ),
    st.sampled_from([Possible(None), Possible(None, n(0)), Possible(None, None, False, n(3), True, True)]),
)


@SOME
@given(items=st.lists(possibles, min_size=1, max_size=4), value=st.one_of(st.none(), st.integers(-6, 6).map(Fraction)))
def test_a_join_allows_what_any_member_allows(items: list[Possible], value: Exact) -> None:
    joined = join(items)
    assert all(covers(joined, i) for i in items)
    if any(i.values is not None and allows(i, value) for i in items):
        assert allows(joined, value)


@SOME
@given(item=possibles, low=st.integers(-6, 6), high=st.integers(-6, 6), open_=st.booleans(), value=st.integers(-6, 6))
def test_narrowing_keeps_what_lies_within(item: Possible, low: int, high: int, open_: bool, value: int) -> None:
    here = Fraction(value)
    inside = (low < here if open_ else low <= here) and here <= high
    if inside and allows(item, here):
        assert allows(within(item, Fraction(low), open_, Fraction(high), False), here)


@SOME
@given(one=possibles, other=possibles, value=st.one_of(st.none(), st.integers(-6, 6).map(Fraction)))
def test_what_two_answers_leave_is_what_each_leaves(one: Possible, other: Possible, value: Exact) -> None:
    """Of two sound answers; a known one leaves nothing to the other."""
    if one.known:
        assert meet(one, other) == one
    elif allows(one, value) and allows(other, value):
        met = meet(one, other)
        assert allows(met, value)
        assert covers(one, met)
        assert covers(other, met)


@pytest.mark.parametrize("value, text", [
    (point(Fraction(299, 4)), "74.75"), (point(Fraction(-1, 20)), "-0.05"), (point(Fraction(2, 3)), "2/3"),
    (Possible((Fraction(0), Fraction(20000))), "0 | 20000"), (point(None), "None"),
    (Possible(None, Fraction(1, 2), False, Fraction(31000), True, True), "[0.5, 31000) | None"),
    (Possible(None, Fraction(3), True), "(3, ∞)"),
])
def test_what_a_program_prints_of_a_value(value: Possible, text: str) -> None:
    assert str(value) == text
