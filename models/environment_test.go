package models

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// digestVariable makes TestEpochDigest, in a process of its own, write what an
// epoch comes to.
const digestVariable = "TEST_EPOCH_DIGEST"

// TestEpochDigest is the process that TestEnvironment starts.
func TestEpochDigest(t *testing.T) {
	out := os.Getenv(digestVariable)
	if out == "" {
		t.Skip("a part of TestEnvironment")
	}
	s := session(t)
	sub := apply(t, s, Job{Stage: protocols.Initialise{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{64}, Outputs: 4}}})
	sub = apply(t, s, Job{Stage: protocols.Prune{Sparsity: 0.5}, Parent: sub})
	sub.Modulation.Sigma, sub.Modulation.Gain = 0.5, 1.2
	sub = apply(t, s, Job{Stage: protocols.Train{Data: protocols.Data{Set: protocols.TrainSet, Samples: 2000, Sigma: 0.8}, BatchSize: 128, Epochs: 2, Rate: 0.01}, Parent: sub})
	h := sha256.New()
	if err := sub.Write(h); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, []byte(hex.EncodeToString(h.Sum(nil))), 0o666); err != nil {
		t.Fatal(err)
	}
}

// digestUnder trains in a new process with some variables more.
func digestUnder(t *testing.T, variables ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "digest")
	c := exec.Command(os.Args[0], "-test.run=^TestEpochDigest$", "-test.count=1")
	c.Env = append(append(os.Environ(), digestVariable+"="+out), variables...)
	if text, err := c.CombinedOutput(); err != nil {
		t.Errorf("with %v: %v\n%s", variables, err, text)
		return ""
	}
	digest, err := os.ReadFile(out)
	if err != nil {
		t.Error(err)
	}
	return string(digest)
}

// What a user's environment tells the compiler and its libraries changes no bit,
// also where it would end the process: every variable that the plugin asks for
// is shut out, or is known to leave numbers alone.
func TestEnvironment(t *testing.T) {
	plugin, err := FindPlugin()
	if err != nil {
		t.Fatal(err)
	}
	if pluginName(plugin) != "cpu" {
		t.Skip("the variables are those of the CPU's plugin")
	}
	asked := filepath.Join(t.TempDir(), "asked")
	plain := digestUnder(t, "LD_PRELOAD="+interposer(t), "ASKED="+asked)
	text, err := os.ReadFile(asked)
	if err != nil {
		t.Fatal(err)
	}
	// They speak of logs, traces and profilers alone.
	harmless := regexp.MustCompile(`^(ASKED|TF_CPP_.*|INTEL_.*|GODEBUG|MALLOC_.*|LD_.*|HOME|TMPDIR|TZ|LANG|LC_.*|PATH|RES_OPTIONS|LOCALDOMAIN)$`)
	names := strings.Fields(string(text))
	if !slices.Contains(names, "XLA_FLAGS") {
		t.Errorf("the plugin was seen to ask for %v alone", names)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if !steers(name) && !harmless.MatchString(name) {
			t.Errorf("the plugin asks for %s, which is neither shut out nor known to leave numbers alone", name)
		}
	}
	for _, variables := range [][]string{
		{"XLA_FLAGS=--xla_no_such_flag=1"},
		{"XLA_FLAGS=--xla_cpu_enable_fast_math=true --xla_cpu_max_isa=AVX", "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL=false",
			"ONEDNN_MAX_CPU_ISA=SSE41", "DNNL_MAX_CPU_ISA=SSE41", "PJRT_NPROC=3", "NPROC=3", "OMP_NUM_THREADS=3"},
	} {
		if got := digestUnder(t, variables...); got != plain {
			t.Errorf("with %v an epoch comes to %.12s, without to %.12s", variables, got, plain)
		}
	}
}

// interposer builds the library that tells which variables are asked for.
func interposer(t *testing.T) string {
	t.Helper()
	so := filepath.Join(t.TempDir(), "getenv.so")
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	command := append(strings.Fields(string(cc)), "-shared", "-fPIC", "-O1", "-o", so, "testdata/getenv.c", "-ldl")
	if text, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, text)
	}
	return so
}
