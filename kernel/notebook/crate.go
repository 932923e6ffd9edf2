package notebook

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Addresses that a crate names.
const (
	softwareAddress  = "https://github.com/network-fragility/fragility"
	bookAddress      = "https://doi.org/10.5281/zenodo.18316723"
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

// crate describes an archive after the profile Workflow Run RO-Crate 0.5: the
// notebook is the workflow, its parameters are the inputs, and the run is an
// action that made the other files.
func (j *job) crate(members []member) ([]byte, error) {
	var graph []entity
	add := func(id string, types any, fields entity) {
		e := entity{"@id": id, "@type": types}
		for name, value := range fields {
			e[name] = value
		}
		graph = append(graph, e)
	}
	cite := readCitation(j.Root)
	version := cite.Version
	if c := commit(j.Root); c != "" {
		version += ", commit " + c
	}
	var makers []reference
	for i, a := range cite.Authors {
		id := fmt.Sprintf("#maker-%d", i+1)
		makers = append(makers, reference{id})
		add(id, "Organization", entity{"name": a.Name})
	}
	notebook := escapePath(members[0].name)
	ended := j.ended.UTC().Format(crateTime)
	title := fmt.Sprintf("Chapter %d of Network Fragility: %s", j.protocol.Chapter(), j.protocol.Title())

	add(crateFile, "CreativeWork", entity{
		"about":      reference{"./"},
		"conformsTo": []reference{{"https://w3id.org/ro/crate/1.1"}, {workflowProfile}},
	})
	var parts []reference
	for _, m := range members {
		parts = append(parts, reference{escapePath(m.name)})
	}
	add("./", "Dataset", entity{
		"name":          title,
		"description":   fmt.Sprintf("A run of the protocol of chapter %d with %d subjects: the executed notebook, every number that it shows, and all that is needed to run it again.", j.protocol.Chapter(), len(j.protocol.Cohort())),
		"datePublished": ended,
		"license":       reference{licenceAddress},
		"conformsTo":    []reference{{processProfile}, {runProfile}, {workflowProfile}},
		"mainEntity":    reference{notebook},
		"hasPart":       parts,
		"mentions":      reference{actionIdentifier},
		"citation":      reference{bookAddress},
	})
	for _, p := range [][3]string{
		{processProfile, "Process Run Crate", "0.5"}, {runProfile, "Workflow Run Crate", "0.5"}, {workflowProfile, "Workflow RO-Crate", "1.0"},
	} {
		add(p[0], "CreativeWork", entity{"name": p[1], "version": p[2]})
	}
	add(licenceAddress, "CreativeWork", entity{"name": "Apache License 2.0", "description": "The licence of the software and of what it computed", "url": licenceAddress})
	add(bookAddress, "Book", entity{"name": "Network Fragility: A Unified Computational Framework for Depression, Antidepressant Mechanisms, and Bipolar Progression", "datePublished": "2026"})
	add(softwareAddress, "SoftwareApplication", entity{"name": "fragility", "softwareVersion": version, "url": softwareAddress, "codeRepository": softwareAddress, "license": reference{licenceAddress}, "author": makers})
	add("#go", "ComputerLanguage", entity{"name": "Go, in cells of GoNB", "alternateName": "Go", "identifier": reference{goAddress}, "url": reference{goAddress}})

	// The parameters, and the values that this run has.
	var inputs, values []reference
	for _, q := range protocols.Parameters(j.protocol) {
		formal, value := "#parameter-"+q.Name, "#value-"+q.Name
		inputs, values = append(inputs, reference{formal}), append(values, reference{value})
		e := entity{
			"name": q.Name, "description": q.Meaning, "additionalType": dataType(q.Type), "defaultValue": q.Default,
			"conformsTo": reference{bioParameter}, "workExample": reference{value}, "valueRequired": "False",
		}
		add(formal, "FormalParameter", e)
		v := entity{"name": q.Name, "value": q.Value, "exampleOfWork": reference{formal}}
		if q.Unit != "" {
			v["unitText"] = q.Unit
		}
		add(value, "PropertyValue", v)
	}
	add("#output-longtable", "FormalParameter", entity{
		"name": "longtable", "description": "The long table of the run: every measured value", "additionalType": "File",
		"conformsTo": reference{bioParameter}, "workExample": reference{longTableFile}, "encodingFormat": "text/csv",
	})

	var results []reference
	for i, m := range members {
		e := entity{"name": path.Base(m.name), "description": m.about, "contentSize": strconv.Itoa(len(m.data)), "sha256": digest(m.data), "encodingFormat": mediaType(m.name)}
		switch {
		case i == 0:
			e["name"] = title
			e["conformsTo"] = reference{bioWorkflow}
			e["programmingLanguage"] = reference{"#go"}
			e["softwareRequirements"] = reference{softwareAddress}
			e["input"] = inputs
			e["output"] = reference{"#output-longtable"}
			e["version"] = cite.Version
			if notebook == protocols.ChapterName(j.protocol.Chapter())+".ipynb" { // a copy of the user's has no address
				e["url"] = softwareAddress + "/blob/main/notebooks/" + notebook
			}
			e["license"] = reference{licenceAddress}
			add(notebook, []string{"File", "SoftwareSourceCode", "ComputationalWorkflow"}, e)
			continue
		case m.name == longTableFile:
			e["exampleOfWork"] = reference{"#output-longtable"}
		case m.name == readmeFile:
			e["about"] = reference{"./"}
		}
		if m.name != citationFile && m.name != parametersFile && m.name != readmeFile {
			results = append(results, reference{escapePath(m.name)})
		}
		add(escapePath(m.name), "File", e)
	}
	action := entity{
		"name": "Run of " + title, "description": "The notebook was executed with the values of its parameters",
		"instrument": reference{notebook}, "object": values, "result": results, "endTime": ended,
		"actionStatus": "http://schema.org/CompletedActionStatus",
	}
	if !j.began.IsZero() {
		action["startTime"] = j.began.UTC().Format(crateTime)
	}
	if j.By != "" {
		name, organisation, address := parties(j.By)
		person := entity{"name": name}
		i := slices.IndexFunc(graph, func(e entity) bool { return e["@id"] == "./" })
		action["agent"], graph[i]["author"] = reference{personIdentifier}, reference{personIdentifier}
		if organisation != "" {
			e, id := entity{"name": organisation}, organisationIdentifier
			if address != "" {
				e["url"], id = address, address
			}
			add(id, "Organization", e)
			person["affiliation"], graph[i]["publisher"] = reference{id}, reference{id}
		}
		add(personIdentifier, "Person", person)
	}
	add(actionIdentifier, "CreateAction", action)
	return marshalIndent(map[string]any{
		"@context": []any{"https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context", map[string]string{"sha256": "https://schema.org/sha256"}},
		"@graph":   graph,
	})
}

// parties are who runs it and for whom, from "A. Reader (An Institute)" or
// "A. Reader (An Institute, https://institute.example)"; the name alone where
// there are no brackets.
func parties(by string) (name, organisation, address string) {
	m := byWhom.FindStringSubmatch(by)
	if m == nil {
		return by, "", ""
	}
	return m[1], m[2], m[3]
}

var byWhom = regexp.MustCompile(`^(.+?)\s*\(([^()]+?)(?:,\s*(https?://[^\s()]+))?\)$`)

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
		".tex": "application/x-tex", ".cff": "application/yaml",
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
