package cell

import "testing"

func TestComplete(t *testing.T) {
	for source, want := range map[string]string{
		"":                                 "complete",
		"run.Run()":                        "complete",
		"x++":                              "complete",
		"import \"fmt\"\n%%\nfmt.Print(1)": "complete",
		"%%bash\nls (":                     "complete",
		"var a = `text` // {":              "complete",
		"for i := range 3 {":               "incomplete\t",
		"f := func() {\n\tif true {":       "incomplete\t\t",
		"nf.Chapter(":                      "incomplete\t",
		"x := 1 +":                         "incomplete",
		"run.":                             "incomplete",
		"var a = `text":                    "incomplete",
		"1 /* why":                         "incomplete",
		"run.Run())":                       "invalid",
		"x = = 2":                          "invalid",
		"var a = \"text":                   "invalid",
	} {
		status, indent := Complete(source)
		if status+indent != want {
			t.Errorf("%q is %q, want %q", source, status+indent, want)
		}
	}
}
