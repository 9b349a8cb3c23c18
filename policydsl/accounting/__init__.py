"""Clause accounting: every clause of a source document, and what in the policy carries it."""

from policydsl.accounting.account import STATUSES, Account, Accounts, Status, Totals, account, is_translation
from policydsl.accounting.carriers import Carrier, carriers
from policydsl.accounting.show import accounts_document, accounts_json, accounts_text
from policydsl.accounting.template import template

__all__ = [
    "STATUSES", "Account", "Accounts", "Carrier", "Status", "Totals", "account", "accounts_document", "accounts_json",
    "accounts_text", "carriers", "is_translation", "template",
]
