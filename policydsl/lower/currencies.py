"""折合: an amount in another currency, by the rate that the policy states for that way round."""

from __future__ import annotations

from dataclasses import replace

from policydsl import core as c
from policydsl.lower.build import apply, const, fact
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.text.keywords import dialect


def converted(low: Lowering, amount: c.AnyTerm, into: c.AnyTerm, at: Span) -> c.AnyTerm:
    """The amount times what one of its currency is worth. A rate is taken as it is stated: never the inverse of one
    that is stated the other way round, never a chain through a third currency."""
    own = amount.kind.currency or low.currency
    code = str(into.value) if isinstance(into, c.Const) else ""
    kind = replace(amount.kind, currency=low.money(None, code).currency)
    name = low.rates.get((own, code))
    if name is not None:
        low.names.used.add(name)
        return apply("*", amount, fact(name, low.inputs[name].kind), kind=kind, at=at)
    nothing = isinstance(amount, c.Const) and amount.value is None
    if nothing or any(p.code == "POL309" and p.span == amount.at for p in low.problems):
        return const(None, kind, at)  # what is no amount is told as that alone
    if code == own:
        low.problem("POL462", at, read=low.text(amount.at), currency=own)
    elif code and not {(own, own), (own, "")} & low.rates.keys():  # not of a rate that is told already as none
        hint = "inverse_rate" if (code, own) in low.rates else None
        words = dialect(low.file.dialect)
        rate = f"{words.amount('1', own)} ＝ {words.amount('…', code)}"
        low.problem("POL461", at, hint=hint, read=low.text(at), currency=own, other=code, rate=rate)
    return const(None, kind, at)
