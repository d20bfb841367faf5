"""How Sphinx makes a site of these pages. They are written for code hosts, so nothing in them is Sphinx's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent

project = "vapi-sms"
root_doc = "README"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4  # as code hosts name them
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
python_use_unqualified_type_names = True
default_role = "code"  # as in Markdown
html_theme = "furo"
html_title = "vapi-sms"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False


def _navigation(text: str) -> str:
    """Give what a page lists, section by section, as Sphinx's tables of contents."""
    found = []
    for section in text.split("\n## ")[1:]:
        pages = re.findall(r"\]\((?!\.\./)([^)#]+)\.md\)", section)
        found.append(
            "\n".join([f"```{{toctree}}\n:hidden:\n:caption: {section.splitlines()[0]}\n", *pages, "```"])
        )
    return "\n\n".join(found)


def _inside(page: Path, text: str) -> str:
    """Leave of a link to a page of the repository that the site does not have only the words."""

    def told(link: re.Match[str]) -> str:
        return link[0] if HERE in page.parent.joinpath(link[2]).resolve().parents else link[1]

    return re.sub(r"\[([^]]+)\]\(((?:\.\./)[^)#]+\.md)\)", told, text)


def _prepare(_: Sphinx, name: str, content: list[str]) -> None:
    content[0] = _inside(HERE / f"{name}.md", content[0])
    if name == root_doc:
        content[0] += "\n" + _navigation(content[0])
    if name == "reference/commands/README":
        pages = re.findall(r"^\| \[[^]]+\]\((\w+)\.md\)", content[0], flags=re.MULTILINE)
        content[0] += "\n" + "\n".join(["```{toctree}\n:hidden:\n", *pages, "```"])


def _write_first_page(app: Sphinx, trouble: Exception | None) -> None:
    """Lead whoever asks for the folder to its first page, which code hosts want to be called README."""
    if trouble is None and app.builder.format == "html":
        first = f'<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={root_doc}.html">'
        Path(app.outdir, "index.html").write_text(f"<!doctype html>{first}<title>{project}</title>\n")


def setup(app: Sphinx) -> None:
    """Have every page in the navigation once it is linked: there is no second list to keep."""
    app.connect("source-read", _prepare)
    app.connect("build-finished", _write_first_page)
