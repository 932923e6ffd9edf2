"""Teaches papermill the parameters of Go notebooks.

papermill loads its engines through entry points when it starts, and has no
entry points for translators. So this module offers an engine, which is
papermill's own, and registers the translator on the way. Programs import
papermill, not this.
"""

import json
import math
import re
import threading

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class Engine(NBClientEngine):
    """papermill's own engine under another name; notebooks need not ask for it."""


# A line of the parameters cell: Name [type] = value [// meaning].
DECLARATION = re.compile(
    r"""\s*(?:var\s+)?([A-Za-z_]\w*)(?:\s+([\w\[\]]+))?\s*=\s*((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^/"`])*?)\s*(?://\s*(.*))?"""
)
LITERALS = {
    "string": r'["`].*',
    "bool": r"true|false",
    "int": r"[+-]?\d+",
    "float64": r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?",
}
TAKES = {"string": "text", "bool": "true or false", "int": "a whole number", "float64": "a number"}


def declared(literal):
    """The type that Go gives a variable with this value, None if unknown."""
    if found := re.match(r"(\[\]\w+)\{", literal):
        return found[1]
    return next((go for go, pattern in LITERALS.items() if re.fullmatch(pattern, literal)), None)


def inferred(value):
    """The Go type of a value whose parameter the notebook does not declare."""
    if isinstance(value, list):
        types = {inferred(v) for v in value}
        return "[]" + (types.pop() if len(types) == 1 else "float64" if types == {"int", "float64"} else "string")
    return {bool: "bool", int: "int", float: "float64"}.get(type(value), "string")


def text(value):
    """A value as a notebook's text has it: a list is words with commas between them."""
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def quoted(words):
    """Text as Go writes it. JSON's escapes are Go's too; a mark of the byte order Go takes at a file's start alone,
    and half a character nowhere."""
    words = words.encode("utf-8", "replace").decode()
    return json.dumps(words, ensure_ascii=False).replace("\ufeff", "\\ufeff")


def checked(name):
    """A parameter's name, which stands in a cell's code: letters, digits and _."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise PapermillException(f"a parameter's name has letters, digits and _ alone, and {name!r} has more")
    return name


def literal(go, value):
    """A value as a Go literal of a type; a ValueError where it does not fit."""
    if value is None or isinstance(value, dict):
        raise ValueError
    if go.startswith("[]"):
        words = text(value).strip("[] ")
        parts = value if isinstance(value, list) else words.split(",") if words else []
        return go + "{" + ", ".join(literal(go[2:], p) for p in parts) + "}"
    word = text(value).strip()
    if go == "string":
        return quoted(text(value))
    if go == "bool" and word in ("true", "false"):
        return word
    if go == "int":
        return str(int(word))
    if go == "float64" and math.isfinite(float(word)):
        return repr(float(word))
    raise ValueError


class GoTranslator(Translator):
    """Declares each value with the type that its parameter has in the notebook."""

    # papermill inspects the parameters cell, then asks for the new one, and does not say of which notebook.
    seen = threading.local()

    @classmethod
    def inspect(cls, parameters_cell):
        parameters, comment = [], ""
        for line in parameters_cell["source"].splitlines():
            if found := DECLARATION.fullmatch(line):
                name, go, value, meaning = found.groups()
                parameters.append(Parameter(name, go or declared(value) or "None", value, meaning or comment))
            comment = line.strip()[2:].strip() if line.strip().startswith("//") else ""
        cls.seen.types = {p.name: p.inferred_type_name for p in parameters}
        return parameters

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        types = cls.seen.__dict__.pop("types", {})
        lines = ["// " + " ".join(comment.split())]
        for name, value in parameters.items():
            go = types.get(checked(name), "None")
            if go.removeprefix("[]") not in TAKES:
                go = inferred(value)
            try:
                lines.append(f"var {name} {go} = {literal(go, value)}")
            except ValueError:
                takes = TAKES[go.removeprefix("[]")]
                many = " (or several, with commas)" if go.startswith("[]") else ""
                raise PapermillException(f"{name} takes {takes}{many}, not {value!r}") from None
        return "\n".join(lines) + "\n"


papermill_translators.register("go", GoTranslator)
papermill_translators.register("fragility", GoTranslator)
