"""Tests of the translator; Go runs them (papermill_test.go)."""

import unittest

from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException
from papermill.translators import papermill_translators

CELL = """import "github.com/network-fragility/fragility/kernel/nf"

// What is run.
var run = nf.Chapter(5).With(nf.Set{
	"Seeds":   "0-9", // subjects
	"KetamineGain": 1.25,  // gain, 1 is none
	// the share,
	// of all
	"RegrowFraction": 0.5,
	"Controls": true,
	"Address": "http://a", // not a comment
})"""


def inject(**values):
    translator = papermill_translators.find_translator("fragility", "go")
    translator.inspect({"source": CELL})
    return translator.codify(values)


class Translator(unittest.TestCase):
    def test_registered(self):
        translator = papermill_translators.find_translator("other", "go")
        self.assertIs(translator, papermill_translators.find_translator("fragility", ""))
        self.assertEqual("Engine", papermill_engines.get_engine("fragility").__name__)

    def test_inspect(self):
        translator = papermill_translators.find_translator("fragility", "go")
        found = {p.name: p for p in translator.inspect({"source": CELL})}
        self.assertEqual(["Seeds", "KetamineGain", "RegrowFraction", "Controls", "Address"], list(found))
        self.assertEqual(("1.25", "gain, 1 is none"), (found["KetamineGain"].default, found["KetamineGain"].help))
        self.assertEqual("the share, of all", found["RegrowFraction"].help)
        self.assertEqual('"http://a"', found["Address"].default)

    def test_the_cell_again_with_other_values(self):
        for name, value, want in [
            ("Seeds", "0-1", '\t"Seeds":   "0-1", // subjects\n'),
            ("KetamineGain", 2, '\t"KetamineGain": 2,  // gain, 1 is none\n'),
            ("KetamineGain", "1,4", '\t"KetamineGain": "1,4",  // gain, 1 is none\n'),
            ("Controls", False, '\t"Controls": false,\n'),
            ("Hidden", [8, 4], '\t"Hidden": "8,4",\n})'),
            ("SSRIRate", 1e-07, '\t"SSRIRate": 1e-07,\n})'),
            ("Seeds", 'a "quoted" \\ word\nand ü', '"a \\"quoted\\" \\\\ word\\nand ü", // subjects\n'),
        ]:
            text = inject(**{name: value})
            self.assertIn(want, text)
            self.assertEqual(CELL.count("\n") + (name in ("Hidden", "SSRIRate")), text.count("\n") - 1)

    def test_names_are_no_code(self):
        for name in ["Q = 1\n!touch PWN\nvar R", "a b", "", "1x", "x;y", "ä", "x\n", "%%"]:
            with self.subTest(name=name), self.assertRaises(PapermillException) as refused:
                inject(**{name: 1})
            self.assertIn("letters, digits and _", str(refused.exception))

    def test_odd_characters_compile(self):
        self.assertIn('"Seeds":   "a\\ufeffb?c"', inject(Seeds="a\ufeffb\ud800c"))

    def test_refuses(self):
        for value in (None, {}):
            with self.assertRaises(PapermillException) as refused:
                inject(Seeds=value)
            self.assertIn("Seeds takes a number, true or false, text, or a list", str(refused.exception))
        with self.assertRaises(PapermillException):
            papermill_translators.find_translator("fragility", "go").codify({"Gain": 2})


if __name__ == "__main__":
    unittest.main()
