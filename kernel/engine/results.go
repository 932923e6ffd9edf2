package engine

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// rememberedResults is how many results a server keeps in memory, so that a
// table shown again need not look up a thousand entries.
const rememberedResults = 8

// results are the last results, the latest first. They are shared and must not
// be changed.
type results []remembered

type remembered struct {
	id string
	*finished
}

// finished is a run that came to its end.
type finished struct {
	result *protocols.Result
	stamp  client.Stamp
}

// resultID tells protocols apart that have different results.
func resultID(p protocols.Protocol) string {
	settings, _ := protocols.Settings(p)
	b, err := json.Marshal(settings) // map keys are sorted
	if err != nil {
		panic(err) // a map of strings
	}
	return fmt.Sprint(p.Chapter(), " ", string(b))
}

func (rs *results) find(id string) *finished {
	i := slices.IndexFunc(*rs, func(r remembered) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	rs.add(id, (*rs)[i].finished)
	return (*rs)[0].finished
}

// add puts a result in front.
func (rs *results) add(id string, f *finished) {
	rest := slices.DeleteFunc(slices.Clone(*rs), func(r remembered) bool { return r.id == id })
	*rs = append(results{{id, f}}, rest[:min(len(rest), rememberedResults-1)]...)
}
