// Command soak uses one engine and one store for a while as many users and some
// accidents would: runs of many shapes, cancelled ones, bad requests, notebooks,
// killed processes, damaged files, gc. It prints what the engine holds at
// intervals, and fails where a number differs from the first time or what is held
// keeps growing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
)

func main() {
	length := flag.Duration("for", 25*time.Minute, "how long")
	every := flag.Duration("every", time.Minute, "between two lines")
	users := flag.Int("users", 3, "clients at the same time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, *length, *every, *users); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// killers are the commands that are killed at the same time: in 25 minutes on two
// cores more than 1,000.
const killers = 2

func soak(ctx context.Context, length, every time.Duration, users int) error {
	dir, err := os.MkdirTemp("", "fragility-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	os.Setenv(client.StoreVariable, dir+"/store")
	c, err := client.Ensure(ctx)
	if err != nil {
		return err
	}
	defer c.Stop(context.Background(), 0)
	status, err := c.Status(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	s := &state{client: c, dir: dir, answers: map[string]string{}}
	var wg sync.WaitGroup
	for i := range users {
		wg.Go(func() { s.use(ctx, i) })
	}
	for i := range killers {
		wg.Go(func() { s.kill(ctx, i) })
	}
	wg.Go(func() { s.keep(ctx) })
	wg.Go(func() { s.damage(ctx) })
	wg.Go(func() { s.tidy(ctx) })
	wg.Go(func() { s.notebooks(ctx) })
	var held []holding
	fmt.Println("min    RSS MB  maps    fds  threads  tmp  bad | runs  again  cancelled  refused  kills  damaged  gc  notebooks | faults")
	for began := time.Now(); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-time.After(every):
		}
		h, err := look(status.PID, dir+"/store")
		if err != nil {
			s.fault("the engine: %v", err)
			break
		}
		held = append(held, h)
		fmt.Printf("%-6.1f %v | %v\n", time.Since(began).Minutes(), h, s.counts())
	}
	cancel()
	wg.Wait()
	fmt.Printf("%d kills, %d damaged bytes: %d wrong numbers in %d answers given before, %d lost entries of %d looked at\n",
		s.kills.Load(), s.damaged.Load(), s.wrong.Load(), s.again.Load(), s.lost.Load(), s.looked.Load())
	errs := []error{grown(held)}
	if n := s.faults.Load(); n > 0 {
		errs = append(errs, fmt.Errorf("%d faults", n))
	}
	return errors.Join(errs...)
}
