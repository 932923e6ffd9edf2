// Command reproduction writes REPRODUCTION.md: what of the book comes back, and
// what does not. Every number on that page comes from the record, by way of the
// template reproduction.md.tmpl, which names arms, metrics and claims.
//
//	go run ./reproduction
//
// It computes nothing, so it takes seconds, and writes the same bytes on every
// machine that has the same record.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := write(ctx, "record", "REPRODUCTION.md"); err != nil {
		fmt.Fprintln(os.Stderr, "reproduction:", err)
		os.Exit(1)
	}
}

// write makes the page of a record, and writes it where it is whole.
func write(ctx context.Context, record, name string) error {
	p, err := recall(ctx, record)
	if err != nil {
		return err
	}
	text, err := p.text()
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}
