//go:build slow

package native

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/cpuid/v2"
)

// What is trained and evaluated here has the same bits with every width of vectors
// that the processor knows, without any, without optimisation, and by another
// compiler where there is one.
func TestBitsDependOnTheSourceAlone(t *testing.T) {
	ways := map[string][]string{"gcc, as it comes": {"gcc", "-O3"}, "gcc, hardly optimised": {"gcc", "-O1"}}
	if runtime.GOARCH == "amd64" {
		ways["gcc, no clones"] = []string{"gcc", "-O3", "-DWIDEST="}
		for flag, feature := range map[string]cpuid.FeatureID{"-mavx2": cpuid.AVX2, "-mfma": cpuid.FMA3, "-mavx512f": cpuid.AVX512F} {
			if cpuid.CPU.Has(feature) {
				ways["gcc "+flag] = []string{"gcc", "-O3", "-DWIDEST=", flag}
			}
		}
		if cpuid.CPU.Has(cpuid.FMA3) {
			ways["clang"] = []string{"clang", "-O3", "-mfma"}
		}
	}
	var want, first string
	for name, way := range ways {
		if _, err := exec.LookPath(way[0]); err != nil {
			t.Log(name, "is not here")
			continue
		}
		program := filepath.Join(t.TempDir(), "bits")
		args := append(way[1:], "-Wno-psabi", "-o", program, "testdata/bits.c", "mlp.c", "gru.c", "adam.c", "-lm")
		if out, err := exec.Command(way[0], args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		out, err := exec.Command(program).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := strings.TrimSpace(string(out))
		if want == "" {
			want, first = got, name
		}
		if got != want {
			t.Errorf("%s gives %s, %s gives %s", name, got, first, want)
		}
	}
}
