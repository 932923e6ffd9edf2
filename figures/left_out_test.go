package figures

import (
	"fmt"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/table"
)

// published counts the published marks of a plot.
func published(p *chart.Plot) int {
	n := 0
	for _, panel := range p.Panels {
		for _, l := range panel.Layers {
			if k, ok := l.(chart.Points); ok && strings.HasPrefix(k.Label, "published") {
				n += len(k.X)
			}
		}
	}
	return n
}

// A published figure stands beside ours only where it depends on nothing that is
// set otherwise: mark, row and verdict say what is.
func TestPublishedUnderOtherSettings(t *testing.T) {
	draw := func(set map[string]string) (*chart.Plot, *table.Table, *table.Table) {
		set["Seeds"] = "0-5"
		p, r := fakeClinic(t, 5, set)
		plot, err1 := Plot(p, r, "biased")
		table, err2 := Table(p, r, "treatments")
		comparison, err3 := Table(p, r, "comparison")
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		return plot, table, comparison
	}
	book, _, _ := draw(map[string]string{})
	if strings.Contains(book.Caption, "not comparable") {
		t.Error(book.Caption)
	}
	plot, table, comparison := draw(map[string]string{"KetamineGain": "1.4"})
	if got, want := published(plot), published(book)-1; got != want {
		t.Errorf("%d published marks, want %d: that of the ketamine-like arm is for another gain", got, want)
	}
	if !strings.Contains(plot.Caption, "not comparable where they depend on KetamineGain, and not drawn there") {
		t.Error(plot.Caption)
	}
	text := fmt.Sprint(table.Rows) + fmt.Sprint(comparison.Rows)
	if strings.Count(text, "not comparable: KetamineGain") < 4 {
		t.Errorf("the tables say\n%s", text)
	}
	// Many parameters have no room in a column of numbers, and stand below.
	_, table, _ = draw(map[string]string{"KetamineGain": "1.4", "PruneSparsity": "0.9"})
	if text := fmt.Sprint(table.Rows); strings.Contains(text, "not comparable: KetamineGain") || !strings.Contains(text, "not comparable") ||
		!strings.Contains(table.Caption, "not comparable where it depends on KetamineGain, PruneSparsity.") {
		t.Errorf("the table says\n%s\n%s", text, table.Caption)
	}
	plot, _, _ = draw(map[string]string{"ManiaTestBias": "1.5"})
	if n := published(plot); n != 0 {
		t.Errorf("%d published marks of another test", n)
	}
}
