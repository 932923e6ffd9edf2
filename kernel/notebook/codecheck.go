package notebook

import (
	"fmt"
	"path"
	"strings"
)

// codecheckFile is what a third person who runs an archive again starts from.
const codecheckFile = "codecheck.yml"

// codecheckVersion is the specification that the file follows.
const codecheckVersion = "https://codecheck.org.uk/spec/config/2.0/"

// codecheckHead says what of the file is left to others: an author, who knows of
// which article the run is, and the codechecker, who alone can fill in the rest.
const codecheckHead = `%%YAML 1.1
---
# What a third person has to get again (CODECHECK, codecheck.org.uk). In a checkout of the program, after make setup,
#     bin/fragility notebook verify %s
# runs the chapter again and holds every file of the manifest against what comes out.
# paper is the book whose protocol was run; whoever hands this in with an article of their own puts that in its place, and adds the
# ORCID of each author, which the specification asks for. codechecker, report, summary and certificate are the codechecker's to add.
`

// codecheck is the content of codecheck.yml.
type codecheck struct {
	Version    string          `yaml:"version"`
	Manifest   []manifestEntry `yaml:"manifest"`
	Paper      codecheckPaper  `yaml:"paper"`
	Repository string          `yaml:"repository"`
	Source     string          `yaml:"source"`
}

type manifestEntry struct {
	File    string `yaml:"file"`
	Comment string `yaml:"comment"`
}

type codecheckPaper struct {
	Title     string            `yaml:"title"`
	Authors   []codecheckAuthor `yaml:"authors"`
	Reference string            `yaml:"reference"`
}

type codecheckAuthor struct {
	Name  string `yaml:"name"`
	ORCID string `yaml:"ORCID,omitempty"` // without the address before it
}

// codecheckYAML is codecheck.yml for the members of an archive.
func (j *job) codecheckYAML(members []member) ([]byte, error) {
	made := thisProgram(j.Root)
	c := codecheck{
		Version:    codecheckVersion,
		Repository: softwareAddress,
		Source:     fmt.Sprintf("Everything is in this archive and in the program that made it: fragility %s, %s.", made.at(), softwareAddress),
	}
	for _, m := range members {
		if remade(m.name) {
			c.Manifest = append(c.Manifest, manifestEntry{m.name, m.about})
		}
	}
	cite := readCitation(j.Root)
	for _, r := range cite.References {
		if bookAddress != doiAddress+r.DOI {
			continue
		}
		c.Paper = codecheckPaper{Title: r.Title, Reference: bookAddress}
		for _, a := range r.Authors {
			c.Paper.Authors = append(c.Paper.Authors, codecheckAuthor{a.full(), strings.TrimPrefix(a.ORCID, orcidAddress)})
		}
	}
	if c.Paper.Title == "" {
		return nil, fmt.Errorf("%s does not name the book, %s", citationFile, bookAddress)
	}
	text, err := yamlText(c)
	return append(fmt.Appendf(nil, codecheckHead, path.Base(j.file(".zip"))), text...), err
}

// remade reports whether verifying an archive makes a file again and compares it:
// the long table, and the numbers and pictures of tables and figures.
func remade(name string) bool {
	return name == longTableFile || strings.HasPrefix(name, "tables/") || strings.HasPrefix(name, "figures/") && path.Ext(name) == ".svg"
}
