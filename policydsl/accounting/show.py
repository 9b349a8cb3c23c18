"""Accounts as text, as JSON (``policydsl.clauses/1``) and as a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from policydsl.accounting.account import Account, Accounts, Status, Totals
from policydsl.accounting.carriers import Carrier
from policydsl.clause_kinds import KINDS
from policydsl.diagnostics import Language
from policydsl.render import document as d
from policydsl.render.encode import Json, encode
from policydsl.render.layout import WIDTH, Paint, pad, wrap
from policydsl.report import width
from policydsl.say import headed, listed, say, word

FORMAT = "policydsl.clauses/1"

def kind_word(kind: str, lang: Language) -> str:
    """A kind of carrier in one word."""
    return KINDS[kind].one(lang) if kind in KINDS else word("carrier", kind, lang)


def total_line(totals: Totals, lang: Language) -> str:
    """``113 条：规则 96，注 11，不编 6，未交代 0``."""
    count = say("account.clauses", lang, count=totals.clauses)
    if totals.rows:
        count += say("account.rows", lang, count=totals.rows)
    parts = [(s, getattr(totals, s)) for s in ("carried", "note", "left", "unaccounted")]
    told = [f"{word('account_status', key, lang)} {number}" for key, number in parts]
    return headed(count, lang, listed(told, lang, "comma"))


def summed(every: Iterable[Accounts]) -> Totals:
    """The totals of several policies together."""
    all_ = [a.totals for a in every]
    return Totals(*(sum(getattr(t, name) for t in all_) for name in Totals.__dataclass_fields__))


def _place(carrier: Carrier, accounts: Accounts, lang: Language) -> str:
    name = carrier.name + (f" / {carrier.row}" if carrier.row else "")
    line = say("verdict.line", lang, line=carrier.at.line_from(accounts.header.at.file))
    return " ".join(part for part in (kind_word(carrier.kind, lang), name, line) if part)


def _open_points(a: Account, lang: Language) -> list[str]:
    out = [say("account.nothing", lang)] if a.status == "unaccounted" else []
    if a.contradicted:
        out.append(say("account.contradicted", lang))
    return out + [say("account.claim", lang, name=name) for name in a.claims]


def _chosen(accounts: Accounts, only: Collection[Status]) -> list[Account]:
    """The accounts of the wanted statuses; whatever has an open point counts as unaccounted too."""
    return [
        a for a in accounts.accounts
        if not only or a.status in only or (a.open and "unaccounted" in only)
    ]


# ---------------------------------------------------------------------------------------------- text
def accounts_text(
    every: Sequence[Accounts], lang: Language | None, only: Collection[Status] = (), *, color: bool = False
) -> str:
    """Each policy's clauses and its totals; of several policies, the totals together at the end."""
    paint = Paint(color)
    lines: list[str] = []
    for accounts in every:
        shown = lang or accounts.header.dialect
        lines += [paint(f"{accounts.header.title}  {accounts.header.id}", "title")]
        if accounts.header.source:
            lines.append(paint(say("account.source", shown) + "  " + accounts.header.source, "dim"))
        lines.append("")
        for a in _chosen(accounts, only):
            lines += _clause_text(a, accounts, shown, paint)
        if accounts.strangers and (not only or "unaccounted" in only):
            lines.append(paint(say("account.strangers", shown), "red"))
            lines += [f"  {c.id}  {_place(c, accounts, shown)}" for c in accounts.strangers]
            lines.append("")
        tone = "green" if accounts.complete else "red"
        lines += [paint(_closing(accounts.totals, shown), tone), ""]
    if len(every) > 1:
        shown = lang or every[0].header.dialect
        lines += [say("account.all", shown) + _closing(summed(every), shown), ""]
    return "\n".join(lines[:-1]) + "\n"


def _closing(totals: Totals, lang: Language) -> str:
    line = total_line(totals, lang)
    if totals.open > totals.unaccounted:
        line = listed((line, say("account.open", lang, count=totals.open)), lang, "semicolon")
    return line


def _clause_text(a: Account, accounts: Accounts, lang: Language, paint: Paint) -> list[str]:
    status = word("account_status", a.status, lang)
    head = f"{a.clause.id}  {a.clause.place}"
    tone = {"carried": "dim", "note": "dim", "left": "yellow", "unaccounted": "red"}[a.status]
    lines = [paint(pad(head, max(0, WIDTH - width(status))), "strong") + paint(status, tone)]
    lines += ["  " + piece for piece in wrap(a.clause.text, WIDTH - 2)]
    for head, carriers in (("", a.rules), (say("account.noted", lang), a.notes)):
        if carriers:
            places = listed((_place(c, accounts, lang) for c in carriers), lang, "semicolon")
            lines += _dim(f"→ {head}{places}", paint)
    if a.left:
        lines += ["  " + piece for piece in wrap(say("account.reason", lang, reason=a.left), WIDTH - 2)]
    lines += [paint("  ✗ " + point, "red") for point in _open_points(a, lang)]
    return [*lines, ""]


def _dim(text: str, paint: Paint) -> list[str]:
    first, *more = wrap(text, WIDTH - 4)
    return [paint("  " + first, "dim"), *(paint("    " + piece, "dim") for piece in more)]


# ---------------------------------------------------------------------------------------------- JSON
def accounts_json(every: Sequence[Accounts], only: Collection[Status] = ()) -> str:
    """``{"format", "policies": [{policy, source, totals, clauses, unregistered}], "totals"}``."""
    return encode({
        "format": FORMAT,
        "policies": [_policy_json(a, only) for a in every],
        "totals": _totals_json(summed(every)),
    }) + "\n"


def _totals_json(totals: Totals) -> Json:
    return {name: getattr(totals, name) for name in Totals.__dataclass_fields__}


def _policy_json(accounts: Accounts, only: Collection[Status]) -> Json:
    header = accounts.header
    return {
        "policy": {
            "id": header.id, "version": header.version, "title": header.title, "file": accounts.file,
            "digest": accounts.digest,
        },
        "source": header.source,
        "totals": _totals_json(accounts.totals),
        "clauses": [_account_json(a, accounts) for a in _chosen(accounts, only)],
        "unregistered": [{"id": c.id, **_carrier_json(c, accounts)} for c in accounts.strangers],
    }


def _account_json(a: Account, accounts: Accounts) -> Json:
    out: dict[str, Json] = {
        "id": a.clause.id, "place": a.clause.place, "text": a.clause.text, "status": a.status,
        "rules": [_carrier_json(c, accounts) for c in a.rules],
        "notes": [_carrier_json(c, accounts) for c in a.notes],
        "examples": [_carrier_json(c, accounts) for c in a.examples],
    }
    if a.clause.part_of:
        out["part_of"] = a.clause.part_of
    if a.left:
        out["left"] = a.left
    if a.claims:
        out["claims"] = list(a.claims)
    if a.contradicted:
        out["contradicted"] = True
    return out


def _carrier_json(c: Carrier, accounts: Accounts) -> dict[str, Json]:
    out: dict[str, Json] = {"name": c.name, "kind": c.kind}
    if c.row:
        out["row"] = c.row
    main = c.at.file == accounts.header.at.file
    out["at"] = {"file": accounts.file if main else c.at.file, "line": c.at.line}
    return out


# ---------------------------------------------------------------------------------------------- document
def accounts_document(every: Sequence[Accounts], lang: Language | None, only: Collection[Status] = ()) -> d.Document:
    """The accounts as a document: one table a policy."""
    shown = lang or every[0].header.dialect
    blocks: list[d.Block] = []
    for number, accounts in enumerate(every):
        blocks.append(d.heading(2, f"{accounts.header.title} {accounts.header.id}".strip(), f"policy-{number + 1}"))
        blocks.append(d.paragraph(_closing(accounts.totals, shown), "good" if accounts.complete else "bad"))
        rows = [_row(a, accounts, shown) for a in _chosen(accounts, only)]
        if rows:
            header = [say("account.clause", shown), say("account.text", shown), say("account.by", shown)]
            blocks.append(d.table(header, rows, stub=True))
        if accounts.strangers and (not only or "unaccounted" in only):
            blocks.append(d.heading(3, say("account.strangers", shown)))
            blocks.append(d.items([
                d.Item(d.run([d.Code(c.id), " ", _place(c, accounts, shown)])) for c in accounts.strangers
            ]))
    if len(every) > 1:
        blocks.append(d.paragraph([d.Text(say("account.all", shown) + _closing(summed(every), shown), strong=True)]))
    return d.Document(say("account.title", shown), shown, tuple(blocks))


def _row(a: Account, accounts: Accounts, lang: Language) -> d.Row:
    by: list[str | d.Inline] = [d.Text(word("account_status", a.status, lang), strong=True)]
    for carrier in a.rules + a.notes:
        by += [d.Break(), _place(carrier, accounts, lang)]
    if a.left:
        by += [d.Break(), say("account.reason", lang, reason=a.left)]
    for point in _open_points(a, lang):
        by += [d.Break(), d.Text(point, "bad")]
    return d.row([[d.Text(a.clause.id), d.Break(), d.Text(a.clause.place, "muted")], a.clause.text, by])
