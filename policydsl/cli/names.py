"""What the shell completes: shipped policies, and the results, targets and parameters of the policy on the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from policydsl import resources
from policydsl.diagnostics import PolicyError

if TYPE_CHECKING:
    from policydsl.core import Program

    Completed = click.ParamType[str, Any]
else:
    Completed = click.ParamType


class PolicyName(Completed):
    """A file, or the name of a shipped policy."""

    name = "policy"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        shipped = [CompletionItem(name) for name in resources.policies() if name.startswith(incomplete)]
        return [*shipped, CompletionItem(incomplete, type="file")]


class NameIn(Completed):
    """A name of the policy on the line: its alias where it has blanks, which a shell would cut."""

    name = "name"

    def __init__(self, names: Callable[[Program], Iterator[tuple[str, str | None]]], behind: str = "") -> None:
        self._names, self._behind = names, behind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from policydsl.console import read_policy

        policy = ctx.params.get("policy") or next(iter(ctx.args), None)  # click keeps what stands on an unfinished line
        try:
            program = read_policy(policy, examples=False).program if policy else None
        except (PolicyError, click.ClickException):
            program = None
        if program is None:
            return []
        words = (word for pair in self._names(program) for word in pair if word and " " not in word)
        return [CompletionItem(word + self._behind) for word in dict.fromkeys(words) if word.startswith(incomplete)]


def _results(program: Program) -> Iterator[tuple[str, str | None]]:
    return ((result.name, result.alias) for result in program.results)


def _targets(program: Program) -> Iterator[tuple[str, str | None]]:
    for result in program.results:
        if result.value is not None:
            yield from ((option, None) for option in result.value.kind.options)
        yield result.name, result.alias


def _parameters(program: Program) -> Iterator[tuple[str, str | None]]:
    return ((decl.name, decl.alias) for decl in program.inputs.values() if decl.parameter)


POLICY, RESULT, TARGET, SETTING = PolicyName(), NameIn(_results), NameIn(_targets), NameIn(_parameters, "=")
