"""The results of verdicts in their proof: what was asked, the nodes that answer it, and the seals over all of it."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.clause_kinds import traits
from policydsl.core import AnyTerm, Effect, Header, Result, Together
from policydsl.evaluate import Evaluator
from policydsl.evaluate.scope import Scope
from policydsl.members import dataclass
from policydsl.proof.export import Export
from policydsl.proof.plain import kind_word, plain
from policydsl.proof.steps import Step
from policydsl.proof.templates import seal
from policydsl.diagnostics import Language
from policydsl.render.encode import Json, encode
from policydsl.render.json import place_json, policy_json, verdict_data, verdicts_data
from policydsl.kinds import Fiscal
from policydsl.render.values import Writer
from policydsl.verdict import Verdict

FORMAT = "policydsl.proof/1"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a verdict was made from, kept for its proof: the evaluator, the party and the day."""

    ev: Evaluator
    scope: Scope


def proved_json(verdicts: Verdict | Sequence[Verdict], lang: Language | None = None) -> str:
    """The JSON of a verdict, or of a population, by the contract, with the proof as a further part and a seal over all
    of it, as text ending in a line break. Raises ValueError where a verdict was made without its proof."""
    out = verdict_data(verdicts, lang) if isinstance(verdicts, Verdict) else verdicts_data(verdicts, lang)
    out["proof"] = proof = proof_data([verdicts] if isinstance(verdicts, Verdict) else verdicts)
    proof["seal"] = seal(out)
    return encode(out) + "\n"


def proof_data(verdicts: Sequence[Verdict]) -> dict[str, Json]:
    """The proof of the results of verdicts on one population. Raises ValueError where a verdict was made without."""
    grounds = [v.grounds for v in verdicts if isinstance(v.grounds, Grounds)]
    if len(grounds) < len(verdicts) or not grounds:
        raise ValueError("the verdict was made without its proof")
    export = Export(grounds[0].ev, grounds[0].scope.day)
    return Results(export).proof(verdicts, grounds)


class Results:
    """Proves what verdicts report."""

    def __init__(self, export: Export) -> None:
        self.export, self.program = export, export.program

    def proof(self, verdicts: Sequence[Verdict], grounds: Sequence[Grounds]) -> dict[str, Json]:
        export, program = self.export, self.program
        asked = [r for r in program.results if r.name in verdicts[0].results]
        made = [self.verdict(v, g.scope, asked) for v, g in zip(verdicts, grounds, strict=True)]
        templates = export.templates
        roots: list[Json] = [[*key, number] for key, number in export.roots.items()]
        header = program.header
        policy: dict[str, Json] = {
            "policy": policy_json(header, program.digest), "dialect": header.dialect,
            "currency": Writer.of(header).code,
            "files": list[Json](templates.files), "fiscal": fiscal(header),
            "asked": [self.asked(result) for result in asked], "choices": dict[str, Json](templates.choices),
        }
        given: dict[str, Json] = {
            "places": export.places, "records": export.records, "facts": export.facts,
            "lists": list[Json](export.lists),
        }
        named = sorted([*map(str, key), templates.seals[number]] for key, number in export.roots.items())
        return {
            "format": FORMAT, "core": seal([policy, named]), "evidence": seal(given), **policy, "roots": roots,
            "templates": templates.made, **given, "scans": export.scans, "nodes": export.nodes,
            "verdicts": list[Json](made),
        }

    def asked(self, result: Result) -> Json:
        """What the policy says of a result besides its terms."""
        out: dict[str, Json] = {"rule": result.name, "kind": traits(result.label).format or result.label}
        if result.alias:
            out["alias"] = result.alias
        if result.over is not None:
            out["over"] = result.over
        out |= {"of": kind_word(result.value.kind), "clauses": list[Json](result.origin.clauses)}
        out["at"] = place_json(result.origin.at)
        if not result.judged:
            out["judged"] = False
        out["fields"] = [name for name, _ in fields(result)]
        if result.together is not None:
            out["together"] = [name for name, _ in sums(result.together)]
        if result.parts:
            out["parts"] = [
                [part.name, kind_word(part.term.kind), *([] if part.most is None else [plain(part.most)])]
                for part in result.parts
            ]
        if result.effects:
            out["measures"] = [measure(effect) for effect in result.effects]
        return out

    # ------------------------------------------------------------------------------------------ what came out
    def verdict(self, verdict: Verdict, scope: Scope, asked: Sequence[Result]) -> Json:
        gate = self.program.header.applies
        out: dict[str, Json] = {"party": verdict.party, "place": self.export.place(scope)}
        if gate is not None:
            out["gate"] = self.export.rooted(("gate",), Step(self.export.ev, gate, scope))
        out["results"] = [self.result(result, scope) for result in asked]
        if verdict.totals:
            steps = [(p.name, Step(self.export.ev, p.term, scope)) for p in self.program.totals]
            out["totals"] = [self.export.rooted(("total", name), step) for name, step in steps]
        return out

    def result(self, result: Result, scope: Scope) -> Json:
        """The nodes that answer a result; of one per record those of each record, and of all together."""
        here = Step(self.export.ev, result.concerns, scope)
        if result.over is None or result.together is None:
            return {"rule": result.name, **self.answers("result", result.name, fields(result), here)}
        number, items = self.export.listed(result.over, here), list[Json]()
        for entry in self.export.entries[number]:
            inner = here.at(result.concerns, scope.bind(entry).only(entry))
            decl = self.program.lists[result.over]
            tests, taking = self.export.taking(entry, inner, decl, result.included, ("included", result.name))
            one: dict[str, Json] = {"record": self.export.record(entry), "tests": tests}
            items.append(one if taking.no else one | self.answers("result", result.name, fields(result), inner))
        together = self.answers("together", result.name, sums(result.together), here)
        return {"rule": result.name, "list": number, "items": items, **together}

    def answers(self, of: str, name: str, asked: Sequence[tuple[str, AnyTerm]], here: Step) -> dict[str, Json]:
        """The nodes of all that is reported; of what does not concern the party nothing else is."""
        out: dict[str, Json] = {}
        for field, term in asked:
            step = here.at(term)
            out[field] = self.export.rooted((of, name, field), step)
            if field == "concerns" and step.value.no:
                break
        return out


def fields(result: Result) -> list[tuple[str, AnyTerm]]:
    """The terms of a result by the names they have in a proof, those first that decide."""
    if not result.judged:
        return []
    named: list[tuple[str, AnyTerm | None]] = [
        ("concerns", result.concerns), ("value", result.value), ("holds", result.holds), ("state", result.state),
        ("bearer", result.bearer), ("in_favour_of", result.favour),
    ]
    named += [(f"part {i}", part.term) for i, part in enumerate(result.parts)]
    for i, effect in enumerate(result.effects):
        named += [(f"when {i}", effect.when), (f"from {i}", effect.start), (f"to {i}", effect.end)]
    return [(name, term) for name, term in named if term is not None]


def sums(made: Together) -> list[tuple[str, AnyTerm]]:
    named = [("concerns", made.concerns), ("value", made.value), ("holds", made.holds), ("state", made.state)]
    return [(name, term) for name, term in named if term is not None]


def measure(effect: Effect) -> Json:
    """What the policy says of measures."""
    out: dict[str, Json] = {"names": list[Json](effect.names), "modality": effect.modality}
    if effect.afterwards:
        out["afterwards"] = list[Json](effect.afterwards)
    return {**out, "clauses": list[Json](effect.origin.clauses)}


def fiscal(header: Header) -> list[Json]:
    """How fiscal years run: their first day, whether they are named by the year in which it lies, the first days of
    their quarters; and, where months lead from month end to month end, that they do. Empty where nothing says."""
    years, ends = header.fiscal or Fiscal(None), [True] if header.month_end else []
    if header.fiscal is None and not ends:
        return []
    return [list[Json](years.start or ()), years.by_first, [day.isoformat() for day in years.listed], *ends]
