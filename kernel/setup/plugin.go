package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
)

// pluginFile is the name under which GoMLX's XLA backend looks for the plugin "cpu".
const pluginFile = "pjrt_c_api_cpu_plugin.so"

// plugin is a Python package that carries a PJRT CPU plugin for one kind of machine, and the digest of the file that
// this project was tested with. Different plugins compute with different last bits, so nothing but this file will do.
type plugin struct {
	pkg     Package
	machine string // GOOS/GOARCH
	file    string // inside site-packages
	sha256  string
}

// plugins lists the candidates, the first choice first. The fallback is an older XLA and takes 1.3 to 1.5 times as long.
var plugins = []plugin{
	{Package{"lammps-jax-pjrt-cpu", "0.11.2"}, "linux/amd64", "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
		"ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2"},
	{Package{"xla-cpu-pjrt", "0.0.1"}, "linux/amd64", "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
		"88c3f28c5900f48ad4a82cab9e79bba9537809743395e341485f8794268820dc"},
	{Package{"xla-cpu-pjrt", "0.0.1"}, "linux/arm64", "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
		"fcf411f3e8ff635c2b2cf87215aa7016f460e66d236c3db08309e7486583532d"},
}

// PluginDir is the folder for PJRT_PLUGIN_LIBRARY_PATH: it holds the plugin as pjrt_c_api_cpu_plugin.so (a link) and
// plugin.json, a [PluginRecord].
func PluginDir(root string) string { return filepath.Join(stateDir(root), "pjrt") }

// PluginRecord is the content of plugin.json: which plugin the checkout uses.
type PluginRecord struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	File    string `json:"file"` // inside the folder of plugin.json
	SHA256  string `json:"sha256"`
}

// plugin is the step that installs the first plugin to be had for this machine and puts it into PluginDir.
func (s *setup) plugin(ctx context.Context) error {
	prefix := Prefix(s.root)
	machine := runtime.GOOS + "/" + runtime.GOARCH
	candidates := slices.DeleteFunc(slices.Clone(plugins), func(p plugin) bool { return p.machine != machine })
	// Whatever was chosen once stays, the fallback too: a machine's numbers should not change because an index did.
	for _, p := range candidates {
		path := p.find(prefix)
		if stamp := s.state.Plugin; stamp.SHA256 == p.sha256 && stamp.matches(path) && p.shown(s.root, path) {
			s.say("plugin", "%s, up to date", p.pkg)
			return nil
		}
	}
	for _, p := range candidates {
		err := s.install(ctx, prefix, p)
		if errors.Is(err, errNoDistribution) {
			s.say("plugin", "%s is not to be had for this machine, trying the next", p.pkg)
			continue
		}
		return err
	}
	return fmt.Errorf("no PJRT plugin for %s is to be had; use Linux on x86-64 or arm64 with glibc 2.27 or newer", machine)
}

// install makes sure that p is installed, is the right file, and is the one that PluginDir shows.
func (s *setup) install(ctx context.Context, prefix string, p plugin) error {
	path, fresh := p.find(prefix), false
	if path == "" {
		s.say("plugin", "installing %s (70 MB or more)", p.pkg)
		start := time.Now()
		// --no-deps: the package names JAX, which only its Python side needs. --force-reinstall: pip would believe its
		// records where the file itself was deleted.
		if err := s.pip(ctx, "--no-deps", "--force-reinstall", p.pkg.String()); err != nil {
			return err
		}
		if path, fresh = p.find(prefix), true; path == "" {
			return fmt.Errorf("the package %s has no file %s; delete .venv and call set-up again", p.pkg, p.file)
		}
		s.say("plugin", "installed (%s)", seconds(start))
	}
	if err := p.check(path); err != nil {
		if fresh {
			return fmt.Errorf("%w, although it was installed just now; name a package index that you trust in PIP_INDEX_URL", err)
		}
		return err
	}
	if err := p.show(s.root, path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	s.state.Plugin = pluginStamp{SHA256: p.sha256, Path: path, Size: info.Size(), Modified: info.ModTime()}
	s.say("plugin", "%s, sha256 as expected", p.pkg)
	return nil
}

// find returns the path of the plugin's file in a Python environment, or "" if it is not there at this version.
func (p plugin) find(prefix string) string {
	if len(absent(prefix, []Package{p.pkg})) > 0 {
		return ""
	}
	found, _ := filepath.Glob(filepath.Join(prefix, "lib", "python3*", "site-packages", p.file))
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// check compares the file's sha256 with the expected one.
func (p plugin) check(path string) error {
	digest, err := file.Digest(path)
	if err != nil {
		return fmt.Errorf("the PJRT plugin cannot be read (%v); make it readable", err)
	}
	if digest != p.sha256 {
		return fmt.Errorf("the PJRT plugin %s is not the tested file (sha256 %.12s..., expected %.12s...); delete it and run `make setup`, which fetches it again", path, digest, p.sha256)
	}
	return nil
}

func (p plugin) record() PluginRecord {
	return PluginRecord{Name: p.pkg.Name, Version: p.pkg.Version, File: pluginFile, SHA256: p.sha256}
}

// show puts the plugin into PluginDir: a link, because the file has 200 MB, and its record.
func (p plugin) show(root, path string) error {
	dir := PluginDir(root)
	target := path
	if rel, err := filepath.Rel(stateDir(root), path); err == nil && filepath.IsLocal(rel) {
		target = filepath.Join("..", rel) // a relative link survives moving the checkout
	}
	link := filepath.Join(dir, pluginFile)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot create %s (%v); make the checkout writable", dir, reason(err))
	}
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("cannot replace %s (%v); delete it", link, reason(err))
	}
	if err := os.Symlink(target, link); err != nil {
		return fmt.Errorf("cannot link %s to the PJRT plugin (%v); put the checkout on a file system that has links", link, err)
	}
	data, err := json.MarshalIndent(p.record(), "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "plugin.json"), append(data, '\n'))
}

// shown reports whether PluginDir shows the file at path under p's record.
func (p plugin) shown(root, path string) bool {
	record, err := readPluginRecord(root)
	if err != nil || record != p.record() {
		return false
	}
	linked, err1 := os.Stat(filepath.Join(PluginDir(root), pluginFile))
	there, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(linked, there)
}

func readPluginRecord(root string) (PluginRecord, error) {
	var record PluginRecord
	data, err := os.ReadFile(filepath.Join(PluginDir(root), "plugin.json"))
	if err != nil {
		return record, err
	}
	return record, json.Unmarshal(data, &record)
}
