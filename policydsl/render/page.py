"""A document as one HTML page that needs nothing else: no network, no script; it reads, folds and prints."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote
from typing import assert_never

from policydsl import resources
from policydsl.diagnostics import Language
from policydsl.render.document import (
    Block, Break, Cards, Cite, Code, Contents, Document, Figure, Fold, Heading, Inline, Items, Link, Paragraph, Quote,
    Run, Table, Text, Tiles, citation,
)
from policydsl.say import say

GENERATOR = '<meta name="generator" content="policydsl">'  # whoever writes over a page asks whether it is one of ours


def page(document: Document) -> str:
    """The document as a self-contained HTML page."""
    body = "\n".join(_block(b, document) for b in document.blocks)
    facts = "".join(f"<div><dt>{escape(n)}</dt><dd>{escape(v)}</dd></div>" for n, v in document.facts)
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    return f"""<!doctype html>
<html lang="{'zh-CN' if document.lang == 'zh' else 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{GENERATOR}
<title>{escape(document.title)}</title>
<style>
{resources.style_sheet()}</style>
</head>
<body{' class="brief"' if document.brief else ''}>
<a class="skip" href="#main">{say("page.skip", document.lang)}</a>
<main id="main" tabindex="-1">
<header>
<h1>{escape(document.title)}</h1>
{subtitle}{f'<dl class="facts">{facts}</dl>' if facts else ''}
</header>
{body}
</main>
</body>
</html>
"""


def _block(block: Block, document: Document) -> str:
    lang = document.lang
    match block:
        case Heading(level, words, anchor):
            return f"<h{level}{_id(anchor)}>{_run(words, lang)}</h{level}>"
        case Paragraph(words, tone):
            return f"<p{_tone(tone)}>{_run(words, lang)}</p>"
        case Items(entries, ordered):
            inner = "\n".join(
                f"<li{_tone(e.tone)}>{_run(e.words, lang)}{''.join(_block(b, document) for b in e.below)}</li>"
                for e in entries
            )
            tag = "ol" if ordered else "ul"
            return f"<{tag}>\n{inner}\n</{tag}>"
        case Table():
            return _table(block, lang)
        case Fold(summary, blocks, shown, anchor):
            inner = "\n".join(_block(b, document) for b in blocks)
            place = f"<span{_id(anchor)}></span>" if anchor else ""  # inside: a link to it opens the fold
            head = f"<details{' open' if shown else ''}><summary>{_run(summary, lang)}</summary>"
            return f"{head}\n{place}{inner}\n</details>"
        case Tiles(tiles):
            inner = "\n".join(
                f"<div><dt>{escape(t.label)}</dt><dd><strong>{escape(t.value)}</strong>"
                f"<span>{_run(t.note, lang)}</span></dd></div>" for t in tiles
            )
            return f'<dl class="tiles">\n{inner}\n</dl>'
        case Cards(level, cards):
            inner = "\n".join(
                f"<section>\n<h{level}>{escape(name)}</h{level}>\n"
                + "\n".join(_block(b, document) for b in blocks) + "\n</section>" for name, blocks in cards
            )
            return f'<div class="cards">\n{inner}\n</div>'
        case Quote(words):
            return f"<blockquote><p>{_run(words, lang)}</p></blockquote>"
        case Figure(svg, words):
            return f"<figure>{svg}<figcaption>{escape(words)}</figcaption></figure>"
        case Contents(level):
            headings = [h for h in document.blocks if isinstance(h, Heading) and h.anchor and h.level <= level]
            links = "\n".join(
                f'<li class="level{h.level}"><a href="#{escape(h.anchor)}">{_run(h.words, lang)}</a></li>'
                for h in headings
            )
            name = say("page.contents", lang)
            return f'<nav aria-label="{name}"><p class="nav">{name}</p><ul>\n{links}\n</ul></nav>'
        case _:
            assert_never(block)


def _table(block: Table, lang: Language) -> str:
    head = "".join(f'<th scope="col"{_right(i, block)}>{_run(h, lang)}</th>' for i, h in enumerate(block.header))
    rows = []
    for r in block.rows:
        cells = "".join(
            f'<th scope="row">{_run(c, lang)}</th>'
            if i == 0 and block.stub else f"<td{_right(i, block)}>{_run(c, lang)}</td>"
            for i, c in enumerate(r.cells)
        )
        rows.append(f"<tr{_id(r.anchor)}{_tone(r.tone)}>{cells}</tr>")
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    body = "\n".join(rows)
    name = escape(block.caption) or say("page.table", lang)
    shares = "".join(f'<col style="width:{share}%">' for share in block.shares)
    columns = f"<colgroup>{shares}</colgroup>" if shares else ""
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{name}">'
        f"<table>{caption}{columns}<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _right(column: int, block: Table) -> str:
    return ' class="number"' if column in block.numeric else ""


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""


def _tone(tone: str) -> str:
    return "" if tone == "plain" else f' class="{tone}"'


def _run(words: Run, lang: Language) -> str:
    return "".join(_inlines(words, lang))


def _inlines(words: Iterable[Inline], lang: Language) -> Iterable[str]:
    for part in words:
        match part:
            case Text(text, tone, strong):
                said = escape(text)
                said = f"<strong>{said}</strong>" if strong else said
                yield said if tone == "plain" else f'<span class="{tone}">{said}</span>'
            case Cite(label, text, target):
                tip = f' title="{escape(text)}"' if text else ""
                shown = escape(citation(label, lang))
                if target:
                    yield f'<a class="cite" href="#{escape(target)}"{tip}>{shown}</a>'
                else:
                    yield f'<span class="cite"{tip}>{shown}</span>'
            case Link(text, target, quiet):
                kind = ' class="term"' if quiet else ""
                place = quote(target) if target.startswith("./") else f"#{target}"  # another page, or here
                yield f'<a{kind} href="{escape(place)}">{escape(text)}</a>'
            case Code(text):
                yield f"<code>{escape(text)}</code>"
            case Break():
                yield "<br>"
            case _:
                assert_never(part)
