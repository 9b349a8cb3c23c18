"""The five documents are accounted for whole: 527 clauses, none missing from a register, none left to itself."""

from __future__ import annotations

import pytest

from policydsl.accounting import account, is_translation
from policydsl.accounting.account import Accounts, Totals
from policydsl.accounting.show import summed
from policydsl.beside import register_of
from shipped import POLICIES, register, shipped
from tries import by_day

# The inventories of the documents: how the clauses are numbered, and how many there are.
INVENTORIES = {
    "2022_inspur": ("INS", 85),
    "alicloud_fy22": ("ALI", 88),
    "h3c_star_2024": ("H3C", 113),
    "huawei_2025": ("HW", 133),
    "inspur_bid_2018": ("BID", 108),
}
# The catalogue of violations of one of them, row by row.
ROWS = {"alicloud_fy22": (("SVC", 18), ("MKT", 15), ("OTH", 25))}


def accounts(name: str) -> Accounts:
    path = POLICIES / f"{name}.pol"
    return account(shipped(path), register(path), path.name, translated=is_translation(path, register_of(path)))


@pytest.fixture(scope="module")
def every() -> dict[str, Accounts]:
    return {name: accounts(name) for name in INVENTORIES}


def numbered(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{i:02d}" for i in range(1, count + 1)]


@pytest.mark.parametrize("name", INVENTORIES)
def test_a_register_has_every_clause_of_its_document(name: str) -> None:
    clauses = register(POLICIES / f"{name}.pol")
    assert [c.id for c in clauses if not c.part_of] == numbered(*INVENTORIES[name])
    assert [c.id for c in clauses if c.part_of] == [i for rows in ROWS.get(name, ()) for i in numbered(*rows)]
    assert all(len(c.text.strip()) > 3 and c.place.strip() for c in clauses)


@pytest.mark.parametrize("name", by_day([*INVENTORIES], 2))
def test_a_policy_accounts_for_every_clause(name: str, every: dict[str, Accounts]) -> None:
    found = every[name]
    assert found.strangers == ()
    assert [(a.clause.id, a.status, a.claims) for a in found.accounts if a.open] == []
    totals = found.totals
    assert totals.clauses == INVENTORIES[name][1]
    assert totals.carried + totals.note + totals.left == totals.clauses


def test_in_all_527_clauses_are_accounted_for(every: dict[str, Accounts]) -> None:
    totals = summed(every.values())
    assert totals.clauses == 85 + 88 + 113 + 133 + 108 == 527
    assert (totals.rows, totals.unaccounted, totals.open) == (58, 0, 0)
    assert isinstance(totals, Totals)


def test_a_translation_accounts_for_the_same_clauses(every: dict[str, Accounts]) -> None:
    english, chinese = accounts("h3c_star_2024.en"), every["h3c_star_2024"]
    assert english.totals == chinese.totals
    assert [a.status for a in english.accounts] == [a.status for a in chinese.accounts]
