package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// papermillDir holds the Python package that teaches papermill the parameters of Go notebooks.
var papermillDir = filepath.Join("kernel", "papermill")

// papermill is the step that installs that package, a copy of what is in the checkout.
func (s *setup) papermill(ctx context.Context) error {
	key, err := papermillKey(s.root)
	if err != nil {
		return err
	}
	if s.state.Papermill == key && knowsGo(Prefix(s.root)) {
		s.say("papermill", "knows Go, up to date")
		return nil
	}
	start := time.Now()
	// --no-deps: papermill itself is there. --no-build-isolation: so is flit_core, which builds it, so nothing is fetched.
	// --force-reinstall: the same version may have other content.
	if err := s.pip(ctx, "--no-deps", "--no-build-isolation", "--force-reinstall", "."+string(filepath.Separator)+papermillDir); err != nil {
		return err
	}
	s.say("papermill", "was taught Go (%s)", seconds(start))
	s.state.Papermill = key
	return nil
}

// papermillKey changes when the package does.
func papermillKey(root string) (string, error) {
	digest := sha256.New()
	for _, file := range []string{"pyproject.toml", "fragility_papermill.py"} {
		data, err := os.ReadFile(filepath.Join(root, papermillDir, file))
		if err != nil {
			return "", fmt.Errorf("%s cannot be read (%v); restore it with git", papermillDir, reason(err))
		}
		fmt.Fprintln(digest, len(data))
		digest.Write(data)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// knowsGo reports whether the Python environment at prefix has the package.
func knowsGo(prefix string) bool {
	found, _ := filepath.Glob(filepath.Join(prefix, "lib", "python3*", "site-packages", "fragility_papermill-*.dist-info"))
	return len(found) > 0
}
