package setup

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// KernelName is the name by which Jupyter knows the kernel; notebooks carry it in their metadata.
const KernelName = "fragility"

//go:embed logo-svg.svg
var logo []byte

// kernelSpec is Jupyter's kernel.json.
type kernelSpec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
}

// newKernelSpec is the kernelspec of the checkout at root, whose paths are absolute: Jupyter starts kernels in any
// folder. goBin is the folder of the go command.
func newKernelSpec(root, goBin string) kernelSpec {
	bin := filepath.Join(root, "bin")
	return kernelSpec{
		Argv: []string{
			// The gate, which starts GoNB and reads each cell before it does.
			filepath.Join(bin, "fragility"), "kernel", "serve", "{connection_file}", "--",
			filepath.Join(bin, "gonb"),
			"--go_work=" + root, // cells see this module and its dependencies, see the package comment
			"--raw_error",       // the compiler's own text in the cell's error, not a page of HTML
			// GoNB's log: into a file of the checkout, not onto the terminal of whoever runs a notebook. Without
			// log_file it would leave three files a kernel in the system's temporary folder.
			"--logtostderr=false", "--stderrthreshold=FATAL", "--log_file=" + filepath.Join(stateDir(root), "gonb.log"),
		},
		DisplayName: "Network Fragility (Go)",
		Language:    "go",
		// GoNB wants a message on its control channel; a signal would end it.
		InterruptMode: "message",
		Env: map[string]string{
			// First the go command that knows plain cells. Jupyter puts the value of PATH in.
			"PATH":           filepath.Join(root, "kernel", "plain", "path") + ":" + bin + ":" + goBin + ":${PATH}",
			"FRAGILITY_CELL": filepath.Join(bin, "cell"),
			"FRAGILITY_GO":   filepath.Join(goBin, "go"),
			// -s leaves out symbol table and debug information (panics keep their lines): a cell that imports much links
			// three times as fast. Cells lie in no repository, and asking git costs time.
			"GOFLAGS": "-buildvcs=false -ldflags=-s",
			"GOPROXY": "off", // everything that cells may import is here already
			"GOWORK":  "",    // a value from outside would hide the cell's own workspace
			// The Go found at set-up has the version that go.mod asks for: never download another from a cell.
			"GOTOOLCHAIN": "local",

			"GOMLX_BACKEND":            "xla:cpu",
			"GOMLX_NO_AUTO_INSTALL":    "1", // GoMLX would download a plugin that nobody has checked
			"PJRT_PLUGIN_LIBRARY_PATH": PluginDir(root),

			"FRAGILITY_ROOT": root,
			"FRAGILITY_BIN":  filepath.Join(bin, "fragility"),
		},
	}
}

// kernelDir is where Jupyter programs of the Python environment at prefix look for the kernel.
func kernelDir(prefix string) string {
	return filepath.Join(prefix, "share", "jupyter", "kernels", KernelName)
}

// Install writes the kernelspec of the checkout at root into the Python environment at prefix (usually [Prefix] of
// root). It replaces the one of another checkout, if there was one.
func Install(root, prefix string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	env, err := findGo(context.Background(), root)
	if err != nil {
		return err
	}
	return writeKernelSpec(newKernelSpec(root, env.bin), prefix)
}

// Uninstall removes the kernelspec from the Python environment at prefix. It is no error if there is none.
func Uninstall(prefix string) error {
	if err := os.RemoveAll(kernelDir(prefix)); err != nil {
		return fmt.Errorf("cannot remove %s (%v); make it writable", kernelDir(prefix), reason(err))
	}
	return nil
}

func writeKernelSpec(k kernelSpec, prefix string) error {
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(kernelDir(prefix), "logo-svg.svg"), logo); err != nil {
		return err
	}
	return writeFile(filepath.Join(kernelDir(prefix), "kernel.json"), append(data, '\n'))
}

// readKernelSpec reads what Install wrote.
func readKernelSpec(prefix string) (kernelSpec, error) {
	var k kernelSpec
	data, err := os.ReadFile(filepath.Join(kernelDir(prefix), "kernel.json"))
	if err != nil {
		return k, err
	}
	return k, json.Unmarshal(data, &k)
}

// kernel is the step that writes the kernelspec.
func (s *setup) kernel(context.Context) error {
	prefix := Prefix(s.root)
	if err := writeKernelSpec(newKernelSpec(s.root, s.goEnv.bin), prefix); err != nil {
		return err
	}
	shown := kernelDir(prefix)
	if rel, err := filepath.Rel(s.root, shown); err == nil && filepath.IsLocal(rel) {
		shown = rel
	}
	s.say("kernel", "%q in %s", KernelName, shown)
	return nil
}
