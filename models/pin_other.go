//go:build !linux

package models

import "errors"

// pin is not possible here: threads cannot be confined to a core.
func pin(int) error {
	return errors.New("models: sessions can be pinned to a core on Linux only; open one with core -1")
}
