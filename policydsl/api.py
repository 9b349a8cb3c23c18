"""The public interface for programs that embed the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from policydsl import engine, resources
from policydsl.beside import NOTHING, Beside
from policydsl.diagnostics import Diagnostic, Language, PolicyError, SheetError
from policydsl.facts import Plain, Sheet
from policydsl.kinds import Exact
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.verdict import Verdict

Facts = Mapping[str, Plain] | str | Path | Sheet


class Policy:
    """A loaded policy. Immutable; share it freely.

    Get one with :func:`load` or :func:`loads`.
    """

    __slots__ = ("_policy",)

    def __init__(self, policy: engine.Policy) -> None:
        self._policy = policy

    @property
    def title(self) -> str:
        return self._policy.program.header.title

    @property
    def id(self) -> str:
        return self._policy.program.header.id

    @property
    def version(self) -> str:
        return self._policy.program.header.version

    @property
    def digest(self) -> str:
        """``sha256:…`` of the policy's text; every verdict carries it."""
        return self._policy.program.digest

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the checks noticed without refusing the policy."""
        return self._policy.diagnostics

    def schema(self) -> dict[str, object]:
        """The JSON Schema (2020-12) of a fact sheet of this policy."""
        from policydsl.sheet import schema

        return dict(schema(self._policy.program))

    def evaluate(
        self, facts: Facts, *, as_of: date | str | None = None, settings: Mapping[str, Plain] | None = None,
        trace: bool = True, only: Sequence[str] | None = None, proof: bool = False,
    ) -> Verdict:
        """The verdict on one party.

        ``facts``: a mapping from names or aliases to plain values (numbers exact: int, str, Decimal, Fraction; a float
        is refused), the path of a YAML or JSON sheet, or a sheet already read. ``as_of``: a date, a datetime where
        hours matter, or text; else the sheet's own date, else today. ``settings``: values of parameters. ``trace``
        False leaves the trace out, and ``only`` (names or aliases) all other results; both are quicker. ``proof``: the
        verdict keeps what it was made from, and ``to_json`` writes its proof too.
        Raises SheetError with every problem of the sheet, TypeError for a value that is not exact.
        """
        sheets = read_facts(self, facts)
        if len(sheets) != 1:
            raise ValueError("the facts hold several parties: use evaluate_population")
        return self._judge(sheets, as_of, settings, trace=trace, only=only, proof=proof)[0]

    def evaluate_population(
        self, facts: Sequence[Facts] | str | Path, *, as_of: date | str | None = None,
        settings: Mapping[str, Plain] | None = None, trace: bool = True, only: Sequence[str] | None = None,
        proof: bool = False,
    ) -> list[Verdict]:
        """Verdicts on several parties judged together (quotas, ranks, shared ledgers), in their order."""
        from policydsl.sheet import join_sheets

        parts = [facts] if isinstance(facts, str | Path) else list(facts)
        sheets = join_sheets([read_facts(self, part) for part in parts], self._policy.program)
        return self._judge(sheets, as_of, settings, population=True, trace=trace, only=only, proof=proof)

    def _judge(
        self, sheets: list[Sheet], as_of: date | str | None, settings: Mapping[str, Plain] | None,
        population: bool = False, trace: bool = True, only: Sequence[str] | None = None, proof: bool = False,
    ) -> list[Verdict]:
        from policydsl.sheet import check_ranges, read_settings

        program = self._policy.program
        values: dict[str, Exact] = {}
        if settings:
            values = read_settings(settings, program)
            self._policy.hold(values)
        origin: engine.AsOfFrom = "option"
        day = _day(as_of)
        if day is None:
            own = {s.as_of for s in sheets if s.as_of is not None}
            if len(own) > 1:
                raise ValueError("the sheets name different evaluation dates: give as_of")
            day, origin = (own.pop(), "sheet") if own else (date.today(), "today")
        wrong = check_ranges(program, sheets, day, values)
        if wrong:
            raise SheetError(wrong, Sources(), program.header.dialect)
        wanted = None if only is None else [self._result(name) for name in only]
        return self._policy.judge(
            sheets, day, origin, values, population=population, trace=trace, only=wanted, proof=proof
        )

    def _result(self, name: str) -> str:
        """The name of a result, from its name or alias. Raises KeyError."""
        key = name_key(name)
        for result in self._policy.program.results:
            if key in (name_key(result.name), name_key(result.alias or result.name)):
                return result.name
        raise KeyError(name)


def load(source: str | Path | Sequence[str | Path]) -> Policy:
    """The policy in a file, or the shipped policy of that name (``"h3c_star_2024"``, whatever lies in the folder). Of
    several files the blocks follow one another; the first has the policy header, and its dialect is that of all.

    Raises PolicyError with every problem found, OSError when a file cannot be read, ValueError if one is given twice.
    """
    if not isinstance(source, str | Path):
        return Policy(engine.load_policy(*source))
    meant = resources.policy_meant(source) if isinstance(source, str) else None
    return Policy(engine.load_policy(meant or Path(source)))


def loads(
    text: str | Mapping[str, str], name: str = "<text>", *, beside: str | Path | None = None
) -> Policy:
    """The policy in a text; ``name`` stands for the file in messages. Several texts are given by their names.
    ``beside`` is where the policy would stand: the register (``NAME.clauses.yaml``) and the aliases
    (``NAME.names.yaml``) there are its own; without it there are none. Raises PolicyError."""
    found = NOTHING if beside is None else Beside.of(Path(beside))
    return Policy(engine.load_texts({name: text} if isinstance(text, str) else text, beside=found))


def read_facts(policy: Policy, facts: Facts) -> list[Sheet]:
    """The sheets that the facts hold. Raises SheetError with every problem, OSError for an unreadable file."""
    from policydsl.sheet import read_sheets

    if isinstance(facts, Sheet):
        return [facts]
    program = policy._policy.program
    if isinstance(facts, str | Path):
        return read_sheets(Path(facts).read_bytes(), str(facts), program)
    return read_sheets(facts, "<facts>", program)


def to_json(verdict: Verdict | Sequence[Verdict], lang: Language | None = None) -> str:
    """The verdict's JSON by the contract; of several, the population's. With the proof where they were made with it."""
    from policydsl.proof.results import proved_json
    from policydsl.render.json import verdict_json, verdicts_json

    if (verdict if isinstance(verdict, Verdict) else verdict[0]).grounds is not None:
        return proved_json(verdict, lang)
    return verdict_json(verdict, lang) if isinstance(verdict, Verdict) else verdicts_json(verdict, lang)


def to_text(verdict: Verdict, lang: Language | None = None) -> str:
    """The verdict as text, without colour."""
    from policydsl.render.text import verdict_text

    return verdict_text(verdict, lang)


def _day(value: date | str | None) -> date | None:
    from policydsl.sheet.values import read_moment

    if value is None or isinstance(value, date) and not (isinstance(value, datetime) and value.tzinfo):
        return value
    found = read_moment(str(value))
    if found is None:
        raise ValueError(f"not a date: {value!r}")
    return found


__all__ = ["Policy", "PolicyError", "SheetError", "load", "loads", "read_facts", "to_json", "to_text"]
