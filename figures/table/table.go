package table

import (
	"fmt"
	"slices"
)

// Table describes a table: columns with heads, rows of cells.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]Cell
	Parts   bool   // whether rows belong together, a part from each row whose first cell has words
	Caption string // what the cells mean, in sentences; stands below
}

// Column is a column's head. Neighbours of one Group stand under it together.
type Column struct {
	Group string
	Head  string
	Align Align
}

// Align is the side to which a column's cells are set.
type Align string

// Words are set left and numbers right, which brings equal decimals under each
// other.
const (
	Left  Align = ""
	Right Align = "right"
)

// check refuses a table whose rows do not fit its columns.
func (t *Table) check() error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("table %q has no columns", t.Title)
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %q, row %d: %d cells for %d columns", t.Title, i+1, len(row), len(t.Columns))
		}
	}
	return nil
}

// part is how many rows the part that starts at a row has; 0 where none does.
func (t *Table) part(row int) int {
	if !t.Parts || row > 0 && t.Rows[row][0].String() == "" {
		return 0
	}
	n := 1
	for row+n < len(t.Rows) && t.Rows[row+n][0].String() == "" {
		n++
	}
	return n
}

// parted reports whether room stands above a row: between parts of which one
// has several rows.
func (t *Table) parted(row int) bool {
	if row == 0 || t.part(row) == 0 {
		return false
	}
	return t.part(row) > 1 || row > 1 && t.Rows[row-1][0].String() == ""
}

// group is a run of neighbouring columns with one group head, "" for none.
type group struct {
	head        string
	first, last int
}

// groups lists the group heads from left to right; nil where there are none.
func (t *Table) groups() []group {
	var list []group
	grouped := false
	for i, c := range t.Columns {
		grouped = grouped || c.Group != ""
		if n := len(list); n > 0 && list[n-1].head == c.Group {
			list[n-1].last = i
			continue
		}
		list = append(list, group{c.Group, i, i})
	}
	if !grouped {
		return nil
	}
	return list
}

// label is a column's head with its group's, for renderers without group heads.
func (c Column) label() string {
	switch {
	case c.Group == "":
		return c.Head
	case c.Head == "":
		return c.Group
	}
	return c.Group + ": " + c.Head
}

// LeaveOut takes columns out, by their heads.
func (t *Table) LeaveOut(heads ...string) {
	for i := len(t.Columns) - 1; i >= 0; i-- {
		if !slices.Contains(heads, t.Columns[i].Head) {
			continue
		}
		t.Columns = slices.Delete(slices.Clone(t.Columns), i, i+1)
		for k, row := range t.Rows {
			t.Rows[k] = slices.Delete(row, i, i+1)
		}
	}
}
