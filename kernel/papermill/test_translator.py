"""Tests of the translator; Go runs them (papermill_test.go)."""

import unittest

from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException
from papermill.translators import papermill_translators

CELL = """// The parameters.
var (
\tSeeds   = "0-9" // subjects
\tEpochs  = 15    // epochs of tuning
\tGain    = 1.0
\tRate    = 1e-05
\t// the share
\tShare   float64 = 1
\tQuick   = false
\tSigmas  = "0,0.5" // a list, as text
\tHidden  = []int{512, 256}
\tLevels  = []float64{0, 0.5}
\tArms    = []string{"a/b"}
\tAddress = "http://a" // not a comment
\tSum     = 1 + 1
)"""


def inject(cell=CELL, **values):
    translator = papermill_translators.find_translator("fragility", "go")
    translator.inspect({"source": cell})
    return translator.codify(values).splitlines()[1:]


class Translator(unittest.TestCase):
    def test_registered(self):
        translator = papermill_translators.find_translator("other", "go")
        self.assertIs(translator, papermill_translators.find_translator("fragility", ""))
        self.assertEqual("Engine", papermill_engines.get_engine("fragility").__name__)

    def test_inspect(self):
        translator = papermill_translators.find_translator("fragility", "go")
        found = {p.name: p for p in translator.inspect({"source": CELL})}
        types = [p.inferred_type_name for p in found.values()]
        self.assertEqual(
            "string int float64 float64 float64 bool string []int []float64 []string string None", " ".join(types)
        )
        self.assertEqual(("15", "epochs of tuning"), (found["Epochs"].default, found["Epochs"].help))
        self.assertEqual("the share", found["Share"].help)
        self.assertEqual('"http://a"', found["Address"].default)

    def test_names_are_no_code(self):
        for name in ["Q = 1\n!touch PWN\nvar R", "a b", "", "1x", "x;y", "ä", "x\n", "%%"]:
            with self.subTest(name=name), self.assertRaises(PapermillException) as refused:
                inject(**{name: 1})
            self.assertIn("letters, digits and _", str(refused.exception))
        translator = papermill_translators.find_translator("fragility", "go")
        translator.inspect({"source": CELL})
        self.assertEqual(2, len(translator.codify({"Gain": 1}, comment="a\n!touch PWN").splitlines()))

    def test_odd_characters_compile(self):
        self.assertEqual(['var Seeds string = "a\\ufeffb?c"'], inject(Seeds="a\ufeffb\ud800c"))

    def test_types(self):
        for name, value, want in [
            ("Seeds", 2, 'string = "2"'),
            ("Seeds", "0-1", 'string = "0-1"'),
            ("Seeds", 'a "quoted" \\ word\nand ü', r'string = "a \"quoted\" \\ word\nand ü"'),
            ("Epochs", 3, "int = 3"),
            ("Gain", 2, "float64 = 2.0"),
            ("Gain", "2", "float64 = 2.0"),
            ("Share", 1e-07, "float64 = 1e-07"),
            ("Quick", True, "bool = true"),
            ("Quick", "false", "bool = false"),
            ("Sigmas", [0, 0.5], 'string = "0,0.5"'),
            ("Sigmas", 1.5, 'string = "1.5"'),
            ("Hidden", "8,4", "[]int = []int{8, 4}"),
            ("Levels", [0, 1], "[]float64 = []float64{0.0, 1.0}"),
            ("Levels", "[]", "[]float64 = []float64{}"),
            ("Arms", ["x", "y"], '[]string = []string{"x", "y"}'),
            ("Sum", 3, "int = 3"),
            ("Other", [1, 2.5], "[]float64 = []float64{1.0, 2.5}"),
            ("Other", "true", 'string = "true"'),
        ]:
            self.assertEqual([f"var {name} {want}"], inject(**{name: value}))

    def test_refuses(self):
        for name, value, want in [
            ("Epochs", 2.5, "Epochs takes a whole number, not 2.5"),
            ("Gain", "high", "Gain takes a number, not 'high'"),
            ("Gain", "inf", "Gain takes a number, not 'inf'"),
            ("Quick", "yes", "Quick takes true or false, not 'yes'"),
            ("Hidden", "8,x", "Hidden takes a whole number (or several, with commas), not '8,x'"),
            ("Seeds", None, "Seeds takes text, not None"),
        ]:
            with self.assertRaises(PapermillException) as refused:
                inject(**{name: value})
            self.assertEqual(want, str(refused.exception))

    def test_one_notebook_s_types_are_not_another_s(self):
        inject(Gain=2)
        translator = papermill_translators.find_translator("fragility", "go")
        self.assertEqual("// Parameters\nvar Gain int = 2\n", translator.codify({"Gain": 2}))


if __name__ == "__main__":
    unittest.main()
