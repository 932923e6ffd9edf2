package chart

import (
	"math"
	"testing"
)

func TestPlotCSV(t *testing.T) {
	p := &Plot{Panels: []Panel{
		{Title: "left", X: Axis{Ticks: []Tick{{0, "one\narm"}}}, Layers: []Layer{
			Points{X: []float64{0}, Y: []float64{0.1}, Low: []float64{0}, High: []float64{1}, JitterX: 1, Label: "dots"},
			Line{X: []float64{0, 1}, Y: []float64{2, math.NaN()}, Label: "a, b"},
			HLine{At: 25, Label: "chance"},
		}},
		{Layers: []Layer{HeatMap{Rows: []string{"r"}, Columns: []string{"c"}, Values: [][]float64{{1.0 / 3}}, Label: "share"}}},
		{Title: "plane", Layers: []Layer{Cells{Columns: 3, Rows: 2, X: [2]float64{-3, 3}, Y: [2]float64{0, 2}, Class: []int{0, 0, 1, 2, 2, 2}, Colours: []Colour{Blue, Grey, Ink}}}},
	}}
	got, err := p.CSV()
	if err != nil {
		t.Fatal(err)
	}
	want := `panel,mark,label,x,x name,y,y name,low,high,value
left,point,dots,0,one arm,0.1,,0,1,
left,line,"a, b",0,one arm,2,,,,
left,line,"a, b",1,,,,,,
left,level,chance,,,25,,,,
2,cell,share,0,c,0,r,,,0.3333333333333333
plane,region,,,,0.5,,-3,1,0
plane,region,,,,0.5,,1,3,1
plane,region,,,,1.5,,-3,3,2
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	p = &Plot{Diagram: Diagram{{Label: "train", Next: []Box{{Label: "cut", Tags: []string{"clean", "noise"}, Arm: "pruned"}, {Arm: "full", Ours: true}}}}}
	if got, err = p.CSV(); err != nil {
		t.Fatal(err)
	}
	want = "path,settings,times,readings,arm,ours\ntrain,,1,,,false\ntrain > cut,,1,clean; noise,pruned,false\ntrain,,1,,full,true\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
