package notebook

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// Addresses that a crate names.
const (
	softwareAddress  = "https://github.com/network-fragility/fragility"
	doiAddress       = "https://doi.org/"
	orcidAddress     = "https://orcid.org/"
	bookAddress      = doiAddress + "10.5281/zenodo.18316723"
	licenceAddress   = "https://spdx.org/licenses/Apache-2.0"
	goAddress        = "https://go.dev/"
	processProfile   = "https://w3id.org/ro/wfrun/process/0.5"
	runProfile       = "https://w3id.org/ro/wfrun/workflow/0.5"
	workflowProfile  = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
	bioWorkflow      = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
	bioParameter     = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
	personIdentifier = "#person"
	actionIdentifier = "#run"

	organisationIdentifier = "#organisation" // of one that gives no address
)

// crateTime is ISO 8601 with the zone in numbers, as the profile's validator
// wants it.
const crateTime = "2006-01-02T15:04:05-07:00"

// entity is a thing that a crate describes.
type entity map[string]any

type reference struct {
	ID string `json:"@id"`
}

// graph is what a crate describes.
type graph []entity

func (g *graph) add(id string, types any, e entity) {
	e["@id"], e["@type"] = id, types
	*g = append(*g, e)
}

// crate describes an archive after the profile Workflow Run RO-Crate 0.5: the
// notebook is the workflow, its parameters are the inputs, and the run is an
// action that made the other files.
func (j *job) crate(members []member) ([]byte, error) {
	var g graph
	cite := readCitation(j.Root)
	makers := g.makers(cite)
	notebook := escapePath(members[0].name)
	ended := j.ended.UTC().Format(crateTime)
	title := fmt.Sprintf("Chapter %d of Network Fragility: %s", j.protocol.Chapter(), j.protocol.Title())

	g.add(crateFile, "CreativeWork", entity{
		"about":      reference{"./"},
		"conformsTo": []reference{{"https://w3id.org/ro/crate/1.1"}, {workflowProfile}},
	})
	var parts []reference
	for _, m := range members {
		parts = append(parts, reference{escapePath(m.name)})
	}
	set := entity{
		"name":          title,
		"description":   fmt.Sprintf("A run of the protocol of chapter %d with %d subjects: the executed notebook, every number that it shows, and all that is needed to run it again.", j.protocol.Chapter(), len(j.protocol.Cohort())),
		"datePublished": ended,
		"license":       reference{licenceAddress},
		"conformsTo":    []reference{{processProfile}, {runProfile}, {workflowProfile}},
		"mainEntity":    reference{notebook},
		"hasPart":       parts,
		"mentions":      reference{actionIdentifier},
		"citation":      reference{bookAddress},
	}
	g.add("./", "Dataset", set)
	version := cite.Version
	if c := commit(j.Root); c != "" {
		version += ", commit " + c
	}
	g.known(version, makers)
	inputs, values := g.parameters(j.protocol)
	workflow := entity{
		"name":       title,
		"conformsTo": reference{bioWorkflow}, "programmingLanguage": reference{"#go"}, "softwareRequirements": reference{softwareAddress},
		"input": inputs, "output": reference{"#output-longtable"}, "version": cite.Version, "license": reference{licenceAddress},
	}
	if notebook == protocols.ChapterName(j.protocol.Chapter())+".ipynb" { // a copy of the user's has no address
		workflow["url"] = softwareAddress + "/blob/main/notebooks/" + notebook
	}
	g.file(members[0], []string{"File", "SoftwareSourceCode", "ComputationalWorkflow"}, workflow)
	results := g.files(members[1:])
	action := entity{
		"name": "Run of " + title, "description": "The notebook was executed with the values of its parameters",
		"instrument": reference{notebook}, "object": values, "result": results, "endTime": ended,
		"actionStatus": "http://schema.org/CompletedActionStatus",
	}
	if !j.began.IsZero() {
		action["startTime"] = j.began.UTC().Format(crateTime)
	}
	if j.By != "" {
		person, organisation := g.person(j.by)
		set["author"], action["agent"] = person, person
		if organisation != nil {
			set["publisher"] = organisation
		}
	}
	g.add(actionIdentifier, "CreateAction", action)
	return marshalIndent(map[string]any{
		"@context": []any{"https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context", map[string]string{"sha256": "https://schema.org/sha256"}},
		"@graph":   g,
	})
}

// makers are those of the software.
func (g *graph) makers(cite citation) (makers []reference) {
	for i, a := range cite.Authors {
		id := fmt.Sprintf("#maker-%d", i+1)
		makers = append(makers, reference{id})
		g.add(id, "Organization", entity{"name": a.Name, "url": softwareAddress})
	}
	return makers
}

// compact is a list as JSON-LD has it: one thing stands for itself.
func compact(list []reference) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// known adds what every crate names: profiles, the licence, the book, the software.
func (g *graph) known(version string, makers []reference) {
	for _, p := range [][3]string{
		{processProfile, "Process Run Crate", "0.5"}, {runProfile, "Workflow Run Crate", "0.5"}, {workflowProfile, "Workflow RO-Crate", "1.0"},
	} {
		g.add(p[0], "CreativeWork", entity{"name": p[1], "version": p[2]})
	}
	g.add(licenceAddress, "CreativeWork", entity{"name": "Apache License 2.0", "description": "The licence of the software and of what it computed", "url": licenceAddress})
	g.add(bookAddress, "Book", entity{"name": "Network Fragility: A Unified Computational Framework for Depression, Antidepressant Mechanisms, and Bipolar Progression", "datePublished": "2026"})
	g.add(softwareAddress, "SoftwareApplication", entity{"name": "fragility", "softwareVersion": version, "url": softwareAddress, "codeRepository": softwareAddress, "license": reference{licenceAddress}, "author": compact(makers)})
	g.add("#go", "ComputerLanguage", entity{"name": "Go, in cells of GoNB", "alternateName": "Go", "identifier": reference{goAddress}, "url": reference{goAddress}})
}

// parameters adds those of the protocol, and the values that this run has.
func (g *graph) parameters(p protocols.Protocol) (inputs, values []reference) {
	for _, q := range protocols.Parameters(p) {
		formal, value := "#parameter-"+q.Name, "#value-"+q.Name
		inputs, values = append(inputs, reference{formal}), append(values, reference{value})
		e := entity{
			"name": q.Name, "description": q.Meaning, "additionalType": dataType(q.Type), "defaultValue": q.Default,
			"conformsTo": reference{bioParameter}, "workExample": reference{value}, "valueRequired": "False",
		}
		g.add(formal, "FormalParameter", e)
		v := entity{"name": q.Name, "value": q.Value, "exampleOfWork": reference{formal}}
		if q.Unit != "" {
			v["unitText"] = q.Unit
		}
		g.add(value, "PropertyValue", v)
	}
	g.add("#output-longtable", "FormalParameter", entity{
		"name": "longtable", "description": "The long table of the run: every measured value", "additionalType": "File",
		"conformsTo": reference{bioParameter}, "workExample": reference{longTableFile}, "encodingFormat": "text/csv",
	})
	return inputs, values
}

// files adds what the run made, and what came with it; the first are its results.
func (g *graph) files(members []member) (results []reference) {
	for _, m := range members {
		more := entity{}
		switch m.name {
		case longTableFile:
			more["exampleOfWork"] = reference{"#output-longtable"}
		case readmeFile:
			more["about"] = reference{"./"}
		}
		if m.name != citationFile && m.name != parametersFile && m.name != readmeFile {
			results = append(results, reference{escapePath(m.name)})
		}
		g.file(m, "File", more)
	}
	return results
}

// file adds a file, with more to say of it.
func (g *graph) file(m member, types any, more entity) {
	e := entity{"name": path.Base(m.name), "description": m.about, "contentSize": strconv.Itoa(len(m.data)), "sha256": file.Sum(m.data), "encodingFormat": mediaType(m.name)}
	maps.Copy(e, more)
	g.add(escapePath(m.name), types, e)
}

// person adds who runs it, and for whom, and returns the references; that of the
// organisation is nil where none is named.
func (g *graph) person(by party) (person reference, organisation any) {
	e := entity{"name": by.name}
	person = reference{personIdentifier}
	if by.orcid != "" {
		person.ID = orcidAddress + by.orcid
	}
	if by.organisation != "" {
		o, id := entity{"name": by.organisation}, organisationIdentifier
		if by.address != "" {
			o["url"], id = by.address, by.address
		}
		g.add(id, "Organization", o)
		organisation = reference{id}
		e["affiliation"] = organisation
	}
	g.add(person.ID, "Person", e)
	return person, organisation
}

// dataType is the kind of a parameter's value in schema.org's words.
func dataType(kind string) string {
	switch kind {
	case "number":
		return "Float"
	case "whole number":
		return "Integer"
	case "yes or no":
		return "Boolean"
	}
	return "Text"
}

// mediaType is what a file holds, by its name.
func mediaType(name string) string {
	if t, ok := map[string]string{
		".ipynb": "application/x-ipynb+json", ".html": "text/html", ".pdf": "application/pdf", ".md": "text/markdown",
		".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".csv": "text/csv", ".json": "application/json",
		".tex": "application/x-tex", ".cff": "application/yaml", ".yml": "application/yaml", ".bib": "application/x-bibtex", "": "text/plain",
	}[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}

// escapePath is a file's place as links and a crate name it: different places
// have different names, and each leads to its own.
func escapePath(place string) string {
	parts := strings.Split(place, "/")
	for i, p := range parts {
		parts[i] = strings.NewReplacer(":", "%3A", "(", "%28", ")", "%29").Replace(url.PathEscape(p))
	}
	return strings.Join(parts, "/")
}
