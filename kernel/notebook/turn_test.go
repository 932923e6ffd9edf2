package notebook

import (
	"reflect"
	"testing"
)

func TestTurn(t *testing.T) {
	nb := &Notebook{Cells: []Cell{
		{Kind: CodeCell, Source: `run.Plot("a").Turn(nf.Slider("A", 1, 2))`},
		{Kind: CodeCell, Source: "%%\nrun.Plot(\"biased\").Turn(\n\tnf.Slider(\"ManiaTestBias\", -0.25, 0, 2),\n\tnf.Menu(\"TieRule\", \"random\", \"first\"),\n)"},
		{Kind: CodeCell, Source: `run.Plot("b").Show()`},
	}}
	want := &Turn{"biased", []TurnDial{{"ManiaTestBias", []string{"-0.25", "0", "2"}}, {"TieRule", []string{"random", "first"}}}}
	if got := nb.turn(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, source := range []string{`run.Show()`, `run.Plot(name).Turn(`, `x.Turn(1)`} {
		if got := (&Notebook{Cells: []Cell{{Kind: CodeCell, Source: source}}}).turn(); got != nil {
			t.Errorf("%s: %+v", source, got)
		}
	}
}
