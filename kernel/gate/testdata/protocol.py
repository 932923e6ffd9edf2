"""Holds the kernel against Jupyter's own tests of its protocol."""

import unittest

import jupyter_kernel_test


class FragilityKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "fragility"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\n%%\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\n%%\nfmt.Fprintln(os.Stderr, "oops")'
    code_generate_error = 'panic("nothing works")'
    code_display_data = [
        {"code": 'import "github.com/janpfeifer/gonb/gonbui"\n%%\ngonbui.DisplayHtml("<b>x</b>")', "mime": "text/html"}
    ]
    code_inspect_sample = 'import "strings"\n%%\nstrings.Fields'
    completion_samples = [
        {"text": 'import "strings"\n%%\nstrings.ToUpp', "matches": {"ToUpper", "ToUpperSpecial"}},
        {"text": "nothing.", "matches": set()},
    ]
    complete_code_samples = ["x := 1", "func f() {}", "run.Run()"]
    incomplete_code_samples = ["for {", "x := 1 +", "nf.Chapter("]
    invalid_code_samples = ["x = = 1", "run.Run())"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _ in range(60):  # gopls reads the whole module before its first answer
            cls.kc.complete(cls.completion_samples[0]["text"])
            if cls.kc.get_shell_msg(timeout=60)["content"].get("matches"):
                break


unittest.main(verbosity=2)
