"""Makes an HTML page of a notebook, for package notebook.

The arguments are the notebook as the page shows it, the folder with the template,
the page, and as JSON the facts below its title, a list of names with values, the
author, the style sheet with the font of the pictures, whether the code is shown, and
the folder of the notebook, in which its pictures are looked for.
"""

import base64
import html
import json
import os
import re
import sys

sys.modules["rfc3987_syntax"] = None  # slow to load and not needed, see run.py

import nbformat
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class Renderer(IPythonRenderer):
    """Markdown with formulas as MathML, which browsers draw without a script."""

    def mathml(self, latex, display):
        from latex2mathml.converter import convert  # most notebooks have no formula

        latex = html.unescape(latex).strip()
        try:
            formula = convert(latex, display=display)
        except Exception:  # a text that is no formula stands as it is
            return f'<code title="this formula cannot be set">{html.escape(latex)}</code>'
        return formula if display == "inline" else f'<span class="math">{formula}</span>'

    def text(self, text):
        return tied(super().text(text))

    def heading(self, text, level, **attrs):
        """A heading with the name by which JupyterLab links to it."""
        name = html.unescape(re.sub("<[^>]*>", "", text)).replace(" ", "-")
        tag = super().heading(text, level, **attrs)
        return tag.replace(f"<h{level}", f'<h{level} id="{html.escape(name)}"', 1)

    def link(self, text, url, title=None):
        """A link; to a file beside the notebook, which no page has beside it, its words alone."""
        if re.match(r"[a-z]+:|#", url):
            return super().link(text, url, title)
        return text

    def inline_math(self, body):
        return self.mathml(body, "inline")

    def block_math(self, body):
        return self.mathml(body, "block")

    def latex_environment(self, name, body):
        return self.mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


class Exporter(HTMLExporter):
    embed_images = True
    exclude_anchor_links = True

    def default_filters(self):
        yield from super().default_filters()
        yield "hanging", hanging
        yield "picture", picture

    @pass_context
    def markdown2html(self, context, source):
        cell = context.get("cell", {})
        renderer = Renderer(
            escape=False,
            attachments=cell.get("attachments", {}),
            embed_images=True,
            path=context["resources"]["metadata"]["path"],
            exclude_anchor_links=True,
        )
        return MarkdownWithMath(renderer=renderer).render(source)


def tied(text):
    """Keeps a number and its unit or its name on one line."""
    return re.sub(r"(?<=\d) (?=[%±])|(?<=±) (?=\d)|(?<=\bSD) (?=\d)|(?<=\b[np] =) (?=\d)|(?<=\b[np]) (?==? ?\d)", "\u00a0", text)


def hanging(code):
    """Lets the lines of highlighted code hang: where one is too long for the page,
    it goes on below its comment, or below its code where it has none."""
    before, pre, rest = code.partition("<pre>")
    text, end, after = rest.rpartition("</pre>")
    lines = []
    for line in text.removesuffix("\n").split("\n"):  # highlighting closes its marks at the end of a line
        line = line.replace("\t", "    ")
        ahead, comment, _ = line.partition('<span class="c1">')
        ahead = html.unescape(re.sub("<[^>]*>", "", ahead))
        column = len(ahead) + 3 if comment else len(ahead) - len(ahead.lstrip()) + 4
        lines.append(f'<span class="line" style="--hang:{column}">{line}\n</span>')
    return before + pre + "".join(lines) + end + after


def picture(svg, words):
    """A picture of ours as a part of the page, whose font is there once; another as
    an image, whose names stay its own. The words describe it."""
    words = html.escape(words.strip(), quote=True)
    if "Fragility Sans" not in svg[:500]:
        data = base64.b64encode(svg.encode()).decode()
        return f'<img alt="{words}" src="data:image/svg+xml;base64,{data}">'
    # A title would come up under the pointer, wherever it is.
    svg = re.sub(r"<title>.*?</title>\s*|<desc>.*?</desc>\s*|<style>.*?</style>\s*", "", svg, flags=re.S)
    return svg.replace('role="img"', f'role="img" aria-label="{words}"', 1)


def contents(text):
    """The table of contents of a page with several sections."""
    heads = re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', text, flags=re.S)
    if len(heads) < 3:
        return ""
    entries = "".join(f'<li><a href="#{name}">{re.sub("<[^>]*>", "", words)}</a></li>' for name, words in heads)
    return f'<nav class="contents prose" aria-label="Contents"><ol>{entries}</ol></nav>'


def told_apart(text):
    """Gives links to the numbers of pictures of one name, as of several runs, names of their own."""
    met = {}

    def name(match):
        met[match[1]] = met.get(match[1], 0) + 1
        return f'aria-label="{match[1]}{f", {met[match[1]]}" if met[match[1]] > 1 else ""} (CSV)"'

    return re.sub(r'aria-label="(Numbers of [^"]*) \(CSV\)"', name, text)


def title(nb, otherwise):
    for cell in nb.cells:
        heading = re.search(r"^#\s+(.+)$", cell.source, re.M)
        if cell.cell_type == "markdown" and heading:
            return re.sub(r"[*_`$]", "", heading[1]).strip()
    return otherwise


def with_facts(text, facts):
    """Puts the facts, and the contents, below the page's title, or first where it has none."""
    block = "".join(f"<div><dt>{html.escape(n)}</dt><dd>{html.escape(v)}</dd></div>" for n, v in facts)
    block = f'<dl class="facts prose">{block}</dl>{contents(text)}'
    for mark in ("</h1>", "<main>"):
        if mark in text:
            return text.replace(mark, mark + block, 1)
    return text


source, templates, page, asked = sys.argv[1:]
asked = json.loads(asked)
nb = nbformat.read(source, as_version=4)
language = nb.metadata.get("language_info", {})
if not language.get("pygments_lexer"):  # GoNB leaves it empty, and the default is Python
    language["pygments_lexer"] = language.get("name", "text")
exporter = Exporter(template_name="fragility", extra_template_basedirs=[templates], exclude_input=not asked["code"])
name = os.path.splitext(os.path.basename(source))[0]
text, _ = exporter.from_notebook_node(
    nb,
    {
        "title": title(nb, name),
        "author": asked["author"],
        "fonts": asked["fonts"],
        "metadata": {"name": name, "path": os.path.abspath(asked["folder"])},
    },
)
part = page + ".part"
with open(part, "w", encoding="utf-8") as f:
    f.write(told_apart(with_facts(text, asked["facts"])))
os.replace(part, page)
