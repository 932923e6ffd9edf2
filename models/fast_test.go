//go:build !slow

package models

// slow tells tests to try every case, also where each compiles programs of its own.
const slow = false
