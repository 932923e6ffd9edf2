//go:build !linux

package models

// libraryVersion is the version of the C library where it can be asked for.
func libraryVersion() string { return "" }
