"""A document as one HTML page that needs nothing else: no network, no script; it reads, folds and prints."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote
from typing import assert_never

from policydsl import resources
from policydsl.diagnostics import Language
from policydsl.render.document import (
    Block, Break, Cards, Cite, Code, Contents, Document, Figure, Filter, Fold, Heading, Inline, Items, Link, Paragraph,
    Quote, Roster, Run, Shares, Swatch, Table, Text, Tiles, citation,
)
from policydsl.say import listed, say

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
{resources.style_sheet()}{_picking(document)}</style>
</head>
<body{_classes(document)}>
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


def _classes(document: Document) -> str:
    names = [name for name, there in (("brief", document.brief), ("dense", document.dense)) if there]
    return f' class="{" ".join(names)}"' if names else ""


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
        case Shares(shares):
            said = escape(listed([f"{s.name} {s.count}" for s in shares], lang))
            inner = "".join(f'<i class="sw{s.shade}" style="flex:{s.count}"></i>' for s in shares)
            return f'<div class="shares" role="img" aria-label="{said}">{inner}</div>'
        case Roster(table, foot, filters, order):
            choices = "\n".join(_filter(f, lang) for f in (*filters, *([order] if order is not None else ())))
            cells = "".join(f"<td{_right(i, table)}>{_run(c, lang)}</td>" for i, c in enumerate(foot.cells))
            made = _table(table, lang).replace("</tbody>", f"</tbody><tfoot><tr>{cells}</tr></tfoot>")
            columns = f' style="--columns:{len(table.header)}"'
            return f'<div class="roster"{columns}>\n<div class="filters">{choices}</div>\n{made}\n</div>'
        case Cards(level, cards):
            inner = "\n".join(
                f"<section>\n<h{level}>{escape(name)}</h{level}>\n"
                + "\n".join(_block(b, document) for b in blocks) + "\n</section>" for name, blocks in cards
            )
            return f'<div class="cards{" row" if block.row else ""}">\n{inner}\n</div>'
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
        marks = f' data-marks="{escape(" ".join(r.marks))}"' if r.marks else ""
        places = ";".join(f"--o{i}:{place}" for i, place in enumerate(r.places, 1))
        style = f' style="{places}"' if places else ""
        rows.append(f"<tr{_id(r.anchor)}{_tone(r.tone)}{marks}{style}>{cells}</tr>")
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


def _filter(filter_: Filter, lang: Language) -> str:
    """A row of choices, one of which is taken; the style sheet picks the rows, without a script."""
    choices = "".join(
        f'<label><input type="radio" name="pick-{filter_.name}" id="pick-{filter_.name}-{i}"{"" if i else " checked"}>'
        f"<span>{escape(words)}</span></label>"
        for i, (_, words) in enumerate(filter_.choices)
    )
    return f"<fieldset><legend>{escape(filter_.label)}</legend>{choices}</fieldset>"


def _picking(document: Document) -> str:
    """The rules that hide the rows that a choice leaves out, and those that put them in another order."""
    rosters = [block for block in document.blocks if isinstance(block, Roster)]
    hiding = [
        f'body:has(#pick-{f.name}-{i}:checked) tr[data-marks]:not([data-marks~="{mark}"]) {{ display: none; }}'
        for block in rosters for f in block.filters for i, (mark, _) in enumerate(f.choices) if mark
    ]
    ordering = [
        f"body:has(#pick-{block.order.name}-{i}:checked) tr[data-marks] {{ order: var(--o{i}); }}"
        for block in rosters if block.order is not None for i in range(1, len(block.order.choices))
    ]
    return "\n".join((*hiding, *ordering))


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
                if not target:
                    yield escape(text)
                    continue
                kind = ' class="term"' if quiet else ""
                place = quote(target) if target.startswith("./") else f"#{target}"  # another page, or here
                yield f'<a{kind} href="{escape(place)}">{escape(text)}</a>'
            case Code(text):
                yield f"<code>{escape(text)}</code>"
            case Break():
                yield "<br>"
            case Swatch(shade):
                yield f'<i class="swatch sw{escape(shade)}"></i>'
            case _:
                assert_never(part)
