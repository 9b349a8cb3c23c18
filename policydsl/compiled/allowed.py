"""What may occur in generated code, held against its syntax tree before it is run.

The code is made of the numbered names of ``code.Writer`` and the words of ``runtime.WORDS``. Nothing of a policy stands
in it but whole numbers; this says so of every piece of it, whoever wrote it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

PIECES = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign, ast.Expr, ast.If,
    ast.IfExp, ast.While, ast.For, ast.Break, ast.Continue, ast.Try, ast.ExceptHandler, ast.Raise, ast.Pass,
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Compare,
    ast.Eq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn, ast.Call, ast.Name, ast.Load,
    ast.Store, ast.Constant, ast.Subscript, ast.Tuple, ast.List, ast.Attribute,
)
NAME = re.compile(r"[a-zDKLO][0-9]+c?|V|G|O|day|party|run", re.ASCII)
ATTRIBUTES = frozenset({"numerator", "denominator", "append", "of"})


class Forbidden(Exception):
    """A piece that generated code must not have: a defect of what generates it."""


def check(tree: ast.AST, words: Collection[str]) -> None:
    """Raises Forbidden."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                fine = NAME.fullmatch(name) is not None or name in words
                fine = fine and not (isinstance(node, ast.FunctionDef) and node.decorator_list)
            case ast.Attribute(attr=name, ctx=context):
                fine = name in ATTRIBUTES and isinstance(context, ast.Load)
            case ast.Constant(value=value):
                fine = value is None or type(value) in (bool, int)
            case ast.Call(func=called):
                fine = isinstance(called, ast.Name | ast.Attribute) and not node.keywords
            case _:
                fine = isinstance(node, PIECES)
        if not fine:
            raise Forbidden(ast.dump(node)[:200])


__all__ = ["Forbidden", "check"]
