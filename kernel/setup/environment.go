package setup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const environmentFile = "environment.yml"

// Package is one Python package at the one version that this project was tested with.
type Package struct {
	Name, Version string
}

func (p Package) String() string { return p.Name + "==" + p.Version }

// Packages reads the `pip:` list of the checkout's environment.yml, in the file's order. Each entry must be of the
// form name==version: the file is a record of what was used, so a range is an error, and so is an empty list.
func Packages(root string) ([]Package, error) {
	data, err := os.ReadFile(filepath.Join(root, environmentFile))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read (%v); restore it with git", environmentFile, reason(err))
	}
	packages, err := parsePackages(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", environmentFile, err)
	}
	return packages, nil
}

var pinned = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)$`)

// parsePackages finds the list in conda's form: under dependencies stand strings (conda's own packages, which are not
// our business) and one mapping with the key pip.
func parsePackages(data []byte) ([]Package, error) {
	var file struct {
		Dependencies []yaml.Node `yaml:"dependencies"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("not YAML as expected: %s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	var packages []Package
	for _, node := range file.Dependencies {
		if node.Kind != yaml.MappingNode {
			continue
		}
		var part struct {
			Pip []string `yaml:"pip"`
		}
		if err := node.Decode(&part); err != nil {
			return nil, fmt.Errorf("line %d: `pip:` must be a list of name==version", node.Line)
		}
		for _, entry := range part.Pip {
			m := pinned.FindStringSubmatch(entry)
			if m == nil {
				return nil, fmt.Errorf("%q is not pinned; write it as name==version", entry)
			}
			packages = append(packages, Package{Name: m[1], Version: m[2]})
		}
	}
	if len(packages) == 0 {
		return nil, errors.New("it lists no packages under dependencies, pip")
	}
	return packages, nil
}

// absent returns those packages that the environment at prefix does not hold at their pinned versions. It reads folder
// names (site-packages/NAME-VERSION.dist-info) instead of asking Python, which would take ten times as long.
func absent(prefix string, packages []Package) []Package {
	found := make(map[Package]bool)
	infos, _ := filepath.Glob(filepath.Join(prefix, "lib", "python3*", "site-packages", "*.dist-info"))
	for _, info := range infos {
		name, version, _ := strings.Cut(strings.TrimSuffix(filepath.Base(info), ".dist-info"), "-")
		found[Package{normal(name), version}] = true
	}
	return slices.DeleteFunc(slices.Clone(packages), func(p Package) bool { return found[Package{normal(p.Name), p.Version}] })
}

var separators = regexp.MustCompile(`[-_.]+`)

// normal is the form in which Python's packaging compares names (PEP 503), with the underscore that file names use.
func normal(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "_"))
}
