package notebook

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/network-fragility/fragility/protocols"
)

// Dictionary is protocols.Dictionary as a CSV file.
func Dictionary(p protocols.Protocol) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Write([]string{"kind", "name", "unit", "meaning"})
	for _, e := range protocols.Dictionary(p) {
		out.Write([]string{e.Kind, e.Name, e.Unit, e.Meaning})
	}
	out.Flush()
	return b.Bytes()
}

// duration is a time for a reader.
func duration(seconds float64) string {
	switch {
	case seconds < 90:
		return fmt.Sprintf("%.0f seconds", seconds)
	case seconds < 5400:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	}
	return fmt.Sprintf("%.1f hours", seconds/3600)
}
