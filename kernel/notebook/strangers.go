package notebook

import (
	"maps"

	"github.com/network-fragility/fragility/protocols"
)

// own takes the names of files on its maker's machine out of an archive's
// parameters. They lead to something else here, or to what nobody meant to have
// read: a model that is known by its digest is looked for in its place, anything
// else is refused.
func own(file string, parameters archivedParameters) (map[string]string, error) {
	p, err := protocols.Configure(parameters.Chapter, nil)
	if err != nil {
		return nil, badInput("%s does not fit this version of the program: %v", file, err)
	}
	values := maps.Clone(parameters.Parameters)
	for _, q := range protocols.Parameters(p) {
		if q.Type != "path" || values[q.Name] == "" {
			continue
		}
		if q.Name != "ModelPath" || values["Model"] != "smollm2" {
			return nil, badInput("%s was computed with a file of its maker's, %s = %q, which it does not hold: it cannot be verified", file, q.Name, values[q.Name])
		}
		delete(values, q.Name)
	}
	return values, nil
}
