package notebook

import (
	"fmt"
	"strings"
)

// CellError is a cell that failed. The notebook file has what it put out.
type CellError struct {
	Number, Total int    // counting the code cells from 1
	Heading       string // that the cell stands under
	Message       string // the compiler's text, or what the program said
}

func (e *CellError) Error() string {
	under := ""
	if e.Heading != "" {
		under = fmt.Sprintf(" (%s)", e.Heading)
	}
	sep := " "
	if strings.Contains(e.Message, "\n") {
		sep = "\n"
	}
	return fmt.Sprintf("cell %d of %d%s failed:%s%s", e.Number, e.Total, under, sep, e.Message)
}
