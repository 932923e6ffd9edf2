"""Teaches papermill the parameters of Go notebooks.

papermill loads its engines through entry points when it starts, and has no
entry points for translators. So this module offers an engine, which is
papermill's own, and registers the translator on the way. Programs import
papermill, not this.
"""

import json
import re
import threading

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class Engine(NBClientEngine):
    """papermill's own engine under another name; notebooks need not ask for it."""


# A line of nf.Set{ } in the parameters cell: "Name": value, [// meaning].
ENTRY = re.compile(r"""(\s*"(\w+)":\s*)("(?:[^"\\]|\\.)*"|[^",]+)(,\s*(?://\s*(.*))?)""")


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


def literal(name, value):
    """A value as Go writes it: a number or a bool as it is, all else in quotes.
    What its parameter takes the kernel says, in one sentence, before it runs."""
    if value is None or isinstance(value, dict):
        raise PapermillException(f"{name} takes a number, true or false, text, or a list, not {value!r}")
    if isinstance(value, (bool, int, float)):
        return text(value)
    return quoted(text(value))


class GoTranslator(Translator):
    """Writes the parameters cell again, with other values."""

    # papermill inspects the parameters cell, then asks for the new one, and does not say of which notebook.
    seen = threading.local()

    @classmethod
    def inspect(cls, parameters_cell):
        cls.seen.source = parameters_cell["source"]
        parameters, comment = [], ""
        for line in parameters_cell["source"].splitlines():
            if found := ENTRY.fullmatch(line):
                _, name, value, _, meaning = found.groups()
                parameters.append(Parameter(name, "None", value, meaning or comment))
            comment = (comment + " " + line.strip()[2:].strip()).strip() if line.strip().startswith("//") else ""
        return parameters

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        source = cls.seen.__dict__.pop("source", "")
        if "nf.Set{" not in source:
            raise PapermillException("the notebook's cell tagged parameters has no nf.Chapter(5).With(nf.Set{ })")
        left = {checked(name): literal(name, value) for name, value in parameters.items()}
        lines = []
        for line in source.splitlines():
            if (found := ENTRY.fullmatch(line)) and found[2] in left:
                line = found[1] + left.pop(found[2]) + found[4]
            elif line.strip() == "})":
                lines += [f'\t"{name}": {value},' for name, value in left.items()]
                left = {}
            lines.append(line)
        return "\n".join(lines).replace("with the book's values", "with the values of this run") + "\n"


papermill_translators.register("go", GoTranslator)
papermill_translators.register("fragility", GoTranslator)
