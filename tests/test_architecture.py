"""What the modules may know of one another, and what may not occur anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from own_code import trees
from policydsl.clause_kinds import KINDS

ROOT = Path(__file__).parents[1]

# From the bottom up: a module imports only from lines above its own (and from its own package). The writing of single
# values (render.values) lies lower than the rest of rendering: problems and sheets quote values too.
LAYERS = """
    recheck
    members
    place private
    sources
    kinds diagnostics resources datafiles beside
    clause_kinds line_roles say register
    nodes catalogue calendar text_sets
    within
    report text core domain
    operators walk facts verdict kept
    reads numbering bands
    render.values
    citing aliases following lower
    amending
    evaluate render
    compiled
    columns
    proof
    judge
    boundaries
    sheet
    check
    format
    misprints
    mending
    engine
    remembered accounting
    summary
    explain testing handbook
    mutate testgen
    editor highlight
    population
    api
    console
    pytest_plugin
    cli
    __main__ __init__
"""
RANK = {name: rank for rank, line in enumerate(LAYERS.split("\n")) for name in line.split()}


def module(path: Path) -> str:
    """The name within the package: ``evaluate.terms``; a package itself by its own name."""
    parts = path.relative_to(ROOT / "policydsl").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def layer(name: str) -> str:
    return name if name in RANK else name.partition(".")[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module of the package that is imported, anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name.removeprefix("policydsl.") for a in node.names if a.name.startswith("policydsl."))
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            if node.module == "policydsl":
                yield from ("__init__" if a.name.startswith("__") else a.name for a in node.names)
            elif node.module.startswith("policydsl."):
                base = node.module.removeprefix("policydsl.")
                for alias in node.names:
                    inner = ROOT / "policydsl" / base.replace(".", "/") / f"{alias.name}.py"
                    yield f"{base}.{alias.name}" if inner.exists() else base


def named() -> dict[str, ast.Module]:
    """The code of every module by its name."""
    return {module(path): tree for path, tree in trees().items()}


def test_every_module_has_its_layer() -> None:
    assert {layer(m) for m in named()} <= set(RANK)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, tree in named().items()
        for other in imports(tree)
        if RANK[layer(other)] >= RANK[layer(name)] and layer(other) != layer(name)
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


def evaluator() -> dict[str, ast.Module]:
    return {m: t for m, t in named().items() if m.partition(".")[0] == "evaluate"}


def test_the_evaluator_knows_nothing_of_the_text() -> None:
    assert len(evaluator()) > 5
    for name, tree in evaluator().items():
        known = {m.partition(".")[0] for m in imports(tree)}
        assert not known & {"nodes", "text", "lower", "check", "sheet", "render"}, name


def test_the_evaluator_reads_no_words() -> None:
    """What the author wrote, and in which language, is for those who show a proof."""
    for name, tree in evaluator().items():
        asked = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not asked & {"sources", "dialect"}, name


def test_the_evaluator_knows_no_kind_of_clause() -> None:
    """``decision`` is there as a decision left to somebody, not as a table."""
    for name, tree in evaluator().items():
        literals = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        assert not literals & (set(KINDS) - {"decision"}), name
        assert "clause_kinds" not in set(imports(tree)), name


# What lowers each kind, and the totals of rewards and penalties that the language has words for.
LOWERED_IN = {f"lower.{name}" for name in ("policy", "blocks", "dated", "tables", "clauses", "order")}
# Names of kinds that are words of other vocabularies too: a level of coverage, a decision left to somebody, a role of
# a name or of a citation, a family of changes.
OTHERWISE_USED = {"condition", "decision", "measure", "requirement", "rule"}


def test_only_the_table_knows_the_kinds_of_clauses() -> None:
    """What a clause is like is asked of ``clause_kinds``; only what lowers a kind of clause names it."""
    for name, tree in named().items():
        if name in ("clause_kinds", *LOWERED_IN):
            continue
        for node in ast.walk(tree):
            here = f"{name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Constant):
                assert node.value not in set(KINDS) - OTHERWISE_USED, here
            elif isinstance(node, ast.Compare | ast.Match | ast.MatchClass):
                assert not (_of_a_clause(node) and _literals(node) & set(KINDS)), here


def _of_a_clause(node: ast.Compare | ast.Match | ast.MatchClass) -> bool:
    """Whether a comparison is about the label of a result or the kind of a block."""
    asked = node.subject if isinstance(node, ast.Match) else node
    named = {n.attr for n in ast.walk(asked) if isinstance(n, ast.Attribute)}
    named |= {n.id for n in ast.walk(asked) if isinstance(n, ast.Name)}
    return bool(named & {"kind", "label", "Clause"})


def _literals(node: ast.AST) -> set[object]:
    """The literals compared with: of a match those of its patterns, not of what is done then."""
    parts = [case.pattern for case in node.cases] if isinstance(node, ast.Match) else [node]
    return {n.value for part in parts for n in ast.walk(part) if isinstance(n, ast.Constant)}


def test_no_number_is_ever_a_float() -> None:
    """How alike two words are (``text.problems``, ``get_close_matches``) is no number of a policy; what a worksheet
    keeps is a binary fraction, of which ``population.binary`` makes the decimal that was typed."""
    for name, tree in named().items():
        if name in ("text.problems", "population.binary"):
            continue
        matches = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and "get_close_matches" in ast.unparse(c.func)]
        alike = {n for c in matches for n in ast.walk(c) if isinstance(n, ast.Constant)}
        for node in set(ast.walk(tree)) - alike:
            here = f"{name}:{getattr(node, 'lineno', 0)}"
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), here
            assert not (isinstance(node, ast.Call) and ast.unparse(node.func) == "float"), here


# Where a language may be asked for: what says words, reads or writes the language itself, or speaks a protocol; how
# amounts are grouped (万, 亿) and how wide a column of heads is.
ASK_FOR_A_LANGUAGE = {"say", "clause_kinds", "editor.server", "cli", "render.values", "render.page", "explain.text"}


def test_words_for_people_are_not_chosen_by_language() -> None:
    """Both languages stand side by side in ``words.yaml`` (``tests/test_say.py``); no module picks one of two texts."""
    for name, tree in named().items():
        if name in ASK_FOR_A_LANGUAGE or name.partition(".")[0] in ("text", "format"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                asked = {c.value for c in node.comparators if isinstance(c, ast.Constant)}
                assert not asked & {"zh", "en"}, f"{name}:{node.lineno}"


def test_only_the_last_resort_catches_everything() -> None:
    found = [
        name
        for name, tree in named().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type)
    ]
    # of many parties one on which the program fails holds back nobody else
    assert [name for name, _ in groupby(found)] == ["cli", "population.judging"]
    assert len(found) == 2


def _catches_everything(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(n, ast.Name) and n.id in ("Exception", "BaseException") for n in names)
