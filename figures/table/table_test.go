package table

import (
	"encoding/csv"
	"encoding/xml"
	"math"
	"strings"
	"testing"
)

func sampleTable() *Table {
	return &Table{
		Title: "Arms & <effects>",
		Columns: []Column{
			{Head: "arm"},
			{"accuracy (%)", "ours", Right}, {"accuracy (%)", "difference", Right},
			{Head: "note"},
		},
		Rows: [][]Cell{
			{Words("a|b <script>"), MeanSD(97.84, 0.21, 1), Difference(0.04, 1), Words("x_y*")},
			{Words("c"), MeanSD(100, math.NaN(), 1), Difference(-0.26, 1), Words("").Bold()},
			{Words("d"), Words("–"), Difference(2.5, 1), Words(`"q"`)},
		},
		Caption: "n < 3 & more.",
	}
}

func TestCell(t *testing.T) {
	for _, c := range []struct {
		cell Cell
		want string
	}{
		{Number(97.84, 1), "97.8"},
		{Number(396548, 0), "396,548"},
		{Number(-1234.5, 1), "−1,234.5"},
		{Number(-0.04, 1), "0.0"},
		{Number(math.NaN(), 1), "–"},
		{Difference(0.26, 1), "+0.3"},
		{Difference(0.04, 1), "0.0"},
		{Difference(-0.26, 1), "−0.3"},
		{MeanSD(97.84, 0.26, 1), "97.8 ± 0.3"},
		{MeanSD(97.84, math.NaN(), 1), "97.8"},
		{Range(-1, 2.55, 2), "−1.00 to 2.55"},
		{Cell{Numbers: []float64{1, 0.5}, Form: SignedSpread, Decimals: 1}, "+1.0 ± 0.5"},
		{Words("some words"), "some words"},
	} {
		if got := c.cell.String(); got != c.want {
			t.Errorf("%+v prints %q, want %q", c.cell, got, c.want)
		}
	}
}

// The ends of an interval are told apart.
func TestApart(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      int
	}{{-0.03, 0.02, 2}, {0.01, 0.02, 2}, {-0.03, 0.2, 1}, {0, 0, 1}, {100, 100, 1}} {
		if got := Apart(c.low, c.high, 1); got != c.want {
			t.Errorf("%v to %v gets %d decimals, want %d", c.low, c.high, got, c.want)
		}
	}
}

func TestHTML(t *testing.T) {
	got, err := sampleTable().HTML()
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
		t.Errorf("not well-formed: %v", err)
	}
	for _, want := range []string{"Arms &amp; &lt;effects&gt;", "a|b &lt;script&gt;", "97.8\u00a0± 0.2", "−0.3", "n &lt; 3 &amp; more.", `colspan="2"`} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(got, "<script>") || strings.Contains(got, "//") {
		t.Error("a cell's words became markup, or something outside is named")
	}
}

func TestHTMLParts(t *testing.T) {
	table := &Table{Columns: []Column{{}, {}}, Parts: true, Rows: [][]Cell{
		{Words("a"), Words("1")}, {Words(""), Words("2")}, {Words("b"), Words("3")},
	}}
	got, err := table.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(got, "<td") != 5 || !strings.Contains(got, `rowspan="2"`) || strings.Contains(got, `rowspan="1"`) {
		t.Errorf("parts are not spanned: %s", got)
	}
	if strings.Count(got, "break-before:avoid") != 1 {
		t.Errorf("a part may be cut in print: %s", got)
	}
}

func TestMarkdown(t *testing.T) {
	got, err := sampleTable().Markdown()
	if err != nil {
		t.Fatal(err)
	}
	want := `**Arms &amp; &lt;effects&gt;**

| arm | accuracy (%): ours | accuracy (%): difference | note |
| :--- | ---: | ---: | :--- |
| a\|b &lt;script&gt; | 97.8 ± 0.2 | 0.0 | x\_y\* |
| c | 100.0 | −0.3 |  |
| d | – | +2.5 | "q" |

n &lt; 3 &amp; more.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestText(t *testing.T) {
	got, err := sampleTable().Text()
	if err != nil {
		t.Fatal(err)
	}
	want := `Arms & <effects>
──────────────────────────────────────────
                   accuracy (%)
              ──────────────────────
arm                 ours  difference  note
──────────────────────────────────────────
a|b <script>  97.8 ± 0.2         0.0  x_y*
c                  100.0        −0.3
d                      –        +2.5  "q"
──────────────────────────────────────────
n < 3 & more.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCSV(t *testing.T) {
	got, err := sampleTable().CSV()
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"arm", "accuracy (%): ours", "accuracy (%): ours SD", "accuracy (%): difference", "note"},
		{"a|b <script>", "97.84", "0.21", "0.04", "x_y*"},
		{"c", "100", "", "-0.26", ""},
		{"d", "–", "", "2.5", `"q"`},
	}
	for i, row := range want {
		if strings.Join(records[i], ";") != strings.Join(row, ";") {
			t.Errorf("line %d is %q, want %q", i, records[i], row)
		}
	}
}

func TestTableIsRefused(t *testing.T) {
	table := sampleTable()
	table.Rows = append(table.Rows, []Cell{Words("short")})
	if _, err := table.HTML(); err == nil {
		t.Error("a row that is too short was rendered")
	}
}

// A column is left out with its cells.
func TestLeaveOut(t *testing.T) {
	table := &Table{
		Columns: []Column{{Head: "arm"}, {Head: "p"}, {Head: "n"}},
		Rows:    [][]Cell{{Words("a"), Words("–"), Words("1")}, {Words("b"), Words(""), Words("2")}},
	}
	table.LeaveOut("p")
	if err := table.check(); err != nil || len(table.Columns) != 2 || table.Columns[1].Head != "n" || table.Rows[1][1].String() != "2" {
		t.Errorf("%+v (%v)", table, err)
	}
}
