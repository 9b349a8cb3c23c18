"""The kinds of clauses and of what a verdict reports, one row each: words, lines, and how the outcome is to be read.

A kind is named by ``nodes.Clause.kind`` and ``core.Result.label``. No module compares that name: what it wants to know
of a clause is a column here. The rows stand in the order in which a verdict lists its results: what a partner is told
first comes first.
"""

from __future__ import annotations

from typing import Literal

from policydsl.diagnostics import Language
from policydsl.members import dataclass

Reading = Literal["tier", "score", "truth", "amount", "force", "date", "debt", "row", "band", "value"]
Stance = Literal["wished", "averse", "plain"]
Chapter = Literal["ladders", "scores", "rewards", "sanctions", "deadlines", "duties"]
# The parts of a summary of a verdict, in the order in which a partner asks.
Part = Literal["standing", "marks", "results", "gains", "sanctions", "actions", "days", "duties"]


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """What a kind of clause is.

    ``zh`` and ``en`` are the word of its block, ``called`` one of the kind in English where that is another word,
    ``many`` the English heading of several, ``title`` the English heading of one.
    ``reading``: how the outcome is read. ``tier`` the highest reached, ``score`` points with a pass mark, ``truth``
    whether it holds, ``amount`` money while it holds, ``force`` whether it is in force, ``date`` a last day with its
    state, ``debt`` what is left (to hold is to be late), ``row`` and ``band`` what a table gives, ``value`` a value.
    ``stance``: what a partner wishes for, what one would rather not incur, or neither.
    ``truths``: the words for yes and no, of the group ``state``. ``head``: the terminal of the block word, empty for
    what other clauses bring about. ``lines``: the lines that may stand in it, by the names of ``lower.lines``.
    ``formula``: a formula may stand behind its name. ``asks``: it asks something of the partner, so that failing is
    what is told, and 否则 names measures. ``inner``: a step that other clauses rest on; its records are only counted.
    ``proved``: held before any sheet is seen, of no concern to a partner. ``chapters``: where the overview of the
    handbook shows it; ``example``: whether a worked example stands beside it there. ``format``: its word in JSON, where
    that is not the name. ``part``: where a summary of a verdict tells it; one without is told there only if the policy
    names it among its key results.
    """

    name: str
    zh: str
    en: str
    many: str
    reading: Reading
    stance: Stance = "plain"
    head: str = ""
    lines: frozenset[str] = frozenset()
    called: str = ""
    title: str = ""
    truths: tuple[str, str] = ("yes", "no")
    formula: bool = False
    asks: bool = False
    inner: bool = False
    proved: bool = False
    chapters: tuple[Chapter, ...] = ()
    example: bool = False
    format: str = ""
    part: Part | None = None

    @property
    def written(self) -> bool:
        """Whether an author writes it, rather than that other clauses bring it about."""
        return bool(self.head)

    @property
    def headed(self) -> bool:
        """Whether something may stand behind the colon of its heading: a formula, or its 若 line."""
        return self.formula or "when" in self.lines

    @property
    def recorded(self) -> bool:
        """Whether what a partner only has to know is written so: a duty in one line is one of these."""
        return self.head == "_RULE"

    @property
    def fits(self) -> bool:
        """Whether it may have a table of which one row must fit: what it tests may be listed, and nothing follows."""
        return self.formula and "items" in self.lines and "table" not in self.lines

    @property
    def crossed(self) -> bool:
        """Whether its table may have a value for each pair of a row and a column: whose last column is a value."""
        return "table" in self.lines and self.reading in ("amount", "row", "value")

    @property
    def holding(self) -> bool:
        """Whether it holds or fails; the yes or no of any other is a plain answer."""
        return self.reading in ("truth", "amount", "force")

    @property
    def timed(self) -> bool:
        """Whether it can be late."""
        return self.reading in ("date", "debt")

    @property
    def imposes(self) -> bool:
        """Whether measures may follow from it."""
        return self.lines >= IMPOSING

    def block(self, lang: Language) -> str:
        """Its block, as a problem names it."""
        return f"“{self.zh}”段" if lang == "zh" else f"'{self.en}' block"

    def one(self, lang: Language) -> str:
        """One of the kind, inside a line."""
        return self.zh if lang == "zh" else self.called or self.en

    def heading(self, lang: Language) -> str:
        """One of the kind, as a heading."""
        return self.zh if lang == "zh" else self.title or (self.called or self.en).capitalize()

    def several(self, lang: Language) -> str:
        """The heading of several."""
        return self.zh if lang == "zh" else self.many


# From a table of values 例外 excepts, which says what comes instead.
TABLED = frozenset({"for", "note", "each"})
COMMON = TABLED | {"unless"}
IMPOSING = frozenset({"must", "may", "may_one", "must_one", "barred", "later"})
_TESTS = frozenset({"when", "items"})
PARTED = frozenset({"periods", "closing"})  # judged once a period
_AMOUNT = _TESTS | PARTED | {"amount", "base", "table", "method", "steps", "cap", "floor", "exception", "capped",
                             "capeach"}

KINDS: dict[str, ClauseKind] = {kind.name: kind for kind in (
    ClauseKind(
        "tiers", "等级", "tiers", "Tiers", "tier", "wished", "_LADDER",
        TABLED | PARTED | {"table", "order", "exception"},
        chapters=("ladders",), example=True, format="tier", part="standing",
    ),
    ClauseKind(
        "score_sheet", "评分", "score sheet", "Score sheets", "score", "wished", "_SCORE",
        TABLED - {"each"} | PARTED | {"table", "full", "pass", "adjust", "cap", "floor"},
        truths=("pass", "fail"), chapters=("scores",), example=True, format="score", part="marks",
    ),
    ClauseKind(
        "requirement", "要求", "requirement", "Requirements", "truth", "wished", "_REQUIRE",
        COMMON | _TESTS | {"due", "done", "grace", "periods", "closing", "otherwise"},
        formula=True, asks=True, chapters=("sanctions", "duties"), part="duties",
    ),
    ClauseKind(
        "reward", "奖励", "reward", "Rewards", "amount", "wished", "_REWARD",
        COMMON | IMPOSING | _AMOUNT | {"quota", "ranking", "budget", "last", "ties", "pool", "share", "rounded",
                              "over", "remainder", "less", "below", "payout", "valid", "usable", "done", "grace",
                              "latefee"},
        chapters=("rewards",), example=True, part="gains",
    ),
    ClauseKind(
        "penalty", "处罚", "penalty", "Penalties", "amount", "averse", "_PENALTY",
        COMMON | IMPOSING | _AMOUNT | {"window", "bearer", "favour", "transfer"},
        chapters=("sanctions",), example=True, part="sanctions",
    ),
    ClauseKind(
        "restriction", "限制", "restriction", "Restrictions", "truth", "averse", "_RESTRICT",
        COMMON | IMPOSING | _TESTS | {"bearer"}, chapters=("sanctions",), example=True, part="sanctions",
    ),
    ClauseKind("measure", "措施", "measure", "Measures", "force", "averse", part="sanctions"),
    ClauseKind("ban", "不得", "ban", "Bans", "truth", "averse", truths=("barred", "free"), part="sanctions"),
    ClauseKind(
        "deadline", "期限", "deadline", "Deadlines", "date", "wished", "_DEADLINE",
        COMMON | {"when", "start", "length", "due", "done", "grace", "late", "cycle", "counting", "nature"},
        chapters=("deadlines",), example=True, part="days",
    ),
    ClauseKind(
        "deduction", "抵扣", "deduction", "Deductions", "debt", "averse", "_CASCADE",
        COMMON | {"payable", "order", "shortfall", "done", "latefee", "may"},
        truths=("late_debt", "not_late_debt"), example=True, part="sanctions",
    ),
    ClauseKind(
        "rule", "规则", "rule", "Rules", "truth", head="_RULE",
        lines=COMMON | IMPOSING | _TESTS | {"effect", "bearer"}, chapters=("sanctions", "duties"),
    ),
    ClauseKind(
        "tally", "累计", "tally", "Tallies", "value", head="_TALLY",
        lines=TABLED - {"each"} | {"counting", "window", "every", "deem"},
        title="Escalation", inner=True, example=True,
    ),
    ClauseKind(
        "guarantee", "保证", "guarantee", "Guarantees", "truth", "wished", "_GUARANTEE", frozenset({"note"}),
        formula=True, proved=True,
    ),
    ClauseKind(
        "decision", "判定表", "decision table", "Decision tables", "row", head="_DECISION",
        lines=TABLED | PARTED | {"table", "hit", "range", "exception"}, example=True,
    ),
    ClauseKind(
        "bands", "分档", "bands", "Bands", "band", head="_BANDS",
        lines=TABLED | PARTED | {"table", "range", "exception"},
        example=True, format="band",
    ),
    ClauseKind(
        "condition", "条件", "condition", "Conditions", "truth", head="_CONDITION",
        lines=COMMON | _TESTS | PARTED | {"quota", "ties"}, formula=True, inner=True,
    ),
    ClauseKind(
        "compute", "计算", "compute", "Computed values", "value", head="_COMPUTE",
        lines=COMMON | {"case", "otherwise", "base", "table", "method", "steps", "range", "exception", "ranking",
                        "ties", "periods", "closing", "opening", "budget", "last"},
        called="computed", formula=True, inner=True,
    ),
)}
# The values that a line of one of a few words may have.
MODES: dict[str, tuple[str, ...]] = {
    "hit": ("unique", "first"), "ties": ("all_in", "all_out", "same", "split", "ratio"),
    "last": ("part", "stop", "skip"), "over": ("not_again", "again"),
    "remainder": ("keep", "first_in_order", "fraction"),
    "nature": ("duty", "right", "validity"),
    "method": ("whole", "slices", "reached", "once"),
}
# Lines that may stand several times in a block.
SEVERAL = IMPOSING | {"capped", "capeach", "when", "case", "effect", "unless", "items", "exception", "note", "for",
                      "adjust"}
# The terminal of a line word -> the names of the lines it may open; one with several values goes by its value.
LINE_WORDS: dict[str, set[str]] = {
    "_WHEN": {"when", "case", "effect"}, "_ELSE": {"otherwise"}, "_UNLESS": {"unless"}, "_EACH": {"each"},
    "_WHERE": {"each"},
    "_ANYOF": {"items"}, "_ALLOF": {"items"}, "_SOMEOF": {"items"}, "_EXCEPTION": {"exception"}, "START": {"start"},
    "DONE": {"done"}, "DURFIELD": {"length"}, "_QUOTA": {"quota"}, "_RANKING": {"ranking"}, "_BUDGET": {"budget"},
    "_SHARE": {"share"}, "_BELOW": {"below"}, "_ROUNDED": {"rounded"},
    "_WINDOW": {"window", "periods"},
    "_CYCLE": {"cycle"}, "_COUNTING": {"counting"}, "_EVERY": {"every", "steps"}, "_DEEM": {"deem"},
    "_ORDER": {"order"}, "_LATE": {"late", "latefee"}, "_GRACE": {"grace"}, "_CLOSING": {"closing"},
    "_PAYOUT": {"payout"}, "_VALID": {"valid"}, "_USABLE": {"usable"},
    "_RANGE": {"range"}, "_NOTE": {"note"}, "_RULING": {"note"}, "_DOUBT": {"note"},
}
WRITTEN = {kind.head: kind for kind in KINDS.values() if kind.written}


def traits(name: str) -> ClauseKind:
    """The kind of that name; what is no clause (a rule that only the trace tells of) is a plain value."""
    return KINDS.get(name) or ClauseKind(name, name, name, name, "value")
