"""The door of the drawing: its style sheet and script as text, and one self-contained HTML of some numbers.

Numbers come as plain JSON, each like this; what may be null may be left out:

    {
      "number": "+14155550100",
      "id": text or null: what tells it apart from others of the same number,
      "name": "Acme front desk" or null,
      "answeredBy": "Vapi assistant Support",
      "kind": "vapi", "studio", "function", "bin", "webhook", "service", "app", "proxy", "demo", "nobody" or "other",
      "problem": text, texts or null: what is wrong with it; such numbers come first, in a group of their own,
      "group": text or null: the heading that it stands below, else who answers,
      "was": text or null: who answered before the last change,
      "note": text, texts or null: further lines, which worry nobody,
      "chain": [
        {
          "what": "Number", "Messaging Service", "TwiML App", "URL", "Studio Flow", "Vapi assistant", ...,
          "label": what people call it,
          "detail": text or null: a masked URL, a SID,
          "state": "decides", "passes", "skipped" or "broken",
          "why": text or null
        }
      ],
      "after": null, or an object with "answeredBy", "kind", "problem", "note" and "chain" that is drawn beside it
    }

Masking secrets is the caller's: what is handed over is shown. Whatever it is, it is shown as text and never as markup.
The script makes one name, `Drawing`: its head says what that offers.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{style_hash}'; script-src '{script_hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main id="drawing">
<h1>{title}</h1>
{lines}
{sections}
<noscript><p>The drawing needs JavaScript; its numbers stand in this file as JSON.</p></noscript>
</main>
<script type="application/json" id="drawing-data">{data}</script>
<script>{script}</script>
</body>
</html>
"""  # noqa: E501 - a policy is one line
Section = tuple[str, Sequence[str]]
"""A title, and the texts that are folded away below it."""
_START = "\nDrawing.open();\n"


def style() -> str:
    """Return the style sheet: light and dark, wide and narrow."""
    return _asset("drawing.css")


def script() -> str:
    """Return the script, which defines `Drawing` and does nothing by itself."""
    return _asset("drawing.js")


def document(
    title: str,
    numbers: Iterable[Mapping[str, Any]],
    *,
    lines: Iterable[str] = (),
    sections: Iterable[Section] = (),
    grouped: bool = True,
) -> str:
    """Return one HTML file that needs nothing else: a title, lines and sections of plain text, and the numbers.

    They are grouped by who answers, problems first, or left in their order. A section without texts is left out.
    """
    starting, styling = script() + _START, style() + _asset("report.css")
    data = {"numbers": list(numbers), "grouped": grouped}
    return _PAGE.format(
        title=html.escape(title),
        lines="\n".join(f"<p>{html.escape(line)}</p>" for line in lines),
        sections="\n".join(_section(*section) for section in sections if section[1]),
        style=styling,
        style_hash=_hash(styling),
        script=starting,
        script_hash=_hash(starting),
        data=_inert(data),
    )


def _section(title: str, texts: Sequence[str]) -> str:
    items = "\n".join(f'<li dir="auto">{html.escape(text)}</li>' for text in texts)
    return f"<details><summary>{html.escape(title)}</summary>\n<ul>\n{items}\n</ul></details>"


def _inert(data: object) -> str:
    """Return JSON that ends no script element, whatever names are in it."""
    return json.dumps(data).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@functools.cache
def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
