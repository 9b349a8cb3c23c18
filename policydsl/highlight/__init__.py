"""Colours for policies on pages and in papers: a Pygments lexer. Needs the extra ``pygments``; nothing else uses it.

It knows the words, not their meaning: only the parser can tell a Chinese name from the keyword inside it. In an editor
the language server colours by meaning.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace

from policydsl.highlight.words import WORDS

_parts: Any = bygroups
_START = r"^([ \t　]*(?:[-•*][ \t]*)?)"


class PolLexer(RegexLexer):
    """Partner policies (``.pol``), Chinese and English."""

    name = "Partner policy"
    aliases: ClassVar[list[str]] = ["pol", "policydsl"]
    filenames: ClassVar[list[str]] = ["*.pol"]
    mimetypes: ClassVar[list[str]] = ["text/x-policydsl"]
    flags = re.MULTILINE | re.IGNORECASE

    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (_START + rf"({WORDS['notes']})([ \t]*)([:：])(.*)$",
             _parts(Whitespace, Keyword.Pseudo, Whitespace, Punctuation, Comment.Special)),
            (_START + rf"({WORDS['heads']})(?=[ \t　]+[^\s:：=＝]|[ \t]*[:：【]|[ \t]*$)",
             _parts(Whitespace, Keyword.Declaration)),
            (_START + rf"({WORDS['fields']})(?=[ \t]*[:：]|[ \t　]|$)", _parts(Whitespace, Keyword)),
            (r"(?:^|(?<=\s))(?:#|//).*$", Comment.Single),
            (r"[【〔［\[〖][^】〕］\]〗\n]*[】〕］\]〗]", Name.Label),
            (r"[\"“”][^\"“”\n]*[\"“”]|「[^」\n]*」", String),
            (rf"(?<=[:：])([ \t]*)({WORDS['types']})", _parts(Whitespace, Keyword.Type)),
            (r"(?:[¥￥]|(?<![a-z])CNY )?[0-9０-９]+(?:[,，.．][0-9０-９]+)*"
             rf"(?:[ \t]*(?:%|％|[万亿]?元|年|月|日|个工作日|{WORDS['units']}))*", Number),
            (rf"({WORDS['calls']})(?=[ \t]*[（(])", Name.Function),
            (rf"(?<=[\s，、,（(：:|=＝])({WORDS['constants']})(?=$|[\s，、,）)|【。.;；])", Keyword.Constant),
            (WORDS["builtins"], Name.Builtin),
            (WORDS["operators"], Operator.Word),
            (rf"(?<=\s)(?:{WORDS['particles']})(?=\s)", Operator.Word),
            (r"[≥≤≠<>＜＞=＝+＋\-－×÷*/]", Operator),
            (r"[（）()：:，,、|｜。.;；]", Punctuation),
            (r"[A-Za-z_][A-Za-z0-9_.]*|[^\W\d_]", Name),
            (r"\n|[^\S\n]+", Whitespace),  # a line keeps its indentation for the rules above
            (r".", Text),
        ],
    }
