package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
)

// peer is a process of bench/peers.py: one framework on given cores.
type peer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// peers are the frameworks that are timed beside ours.
type peers struct {
	torch, second, both, jax *peer // torch on core 0, on core 1, on both with two threads; jax on core 0
	versions                 map[string]string
}

func startPeers(python string) (*peers, error) {
	p := &peers{versions: map[string]string{}}
	for _, start := range []struct {
		at   **peer
		args []string
	}{
		{&p.torch, []string{"torch", "--cores", "0", "--threads", "1"}},
		{&p.second, []string{"torch", "--cores", "1", "--threads", "1"}},
		{&p.both, []string{"torch", "--cores", "0,1", "--threads", "2"}},
		{&p.jax, []string{"jax", "--cores", "0", "--threads", "1"}},
	} {
		one, versions, err := startPeer(python, start.args)
		if err != nil {
			p.close()
			return nil, err
		}
		*start.at = one
		maps.Copy(p.versions, versions)
	}
	return p, nil
}

func startPeer(python string, args []string) (*peer, map[string]string, error) {
	c := exec.Command(python, append([]string{"bench/peers.py"}, args...)...)
	c.Stderr = os.Stderr
	in, err1 := c.StdinPipe()
	out, err2 := c.StdoutPipe()
	if err := errors.Join(err1, err2, c.Start()); err != nil {
		return nil, nil, fmt.Errorf("peers: %w", err)
	}
	p := &peer{c, in, bufio.NewScanner(out)}
	var hello struct {
		Ready    bool
		Versions map[string]string
	}
	if err := p.read(&hello); err != nil || !hello.Ready {
		p.close()
		return nil, nil, fmt.Errorf("peers: %s %v did not start: %v", python, args, err)
	}
	return p, hello.Versions, nil
}

func (p *peer) read(into any) error {
	if !p.out.Scan() {
		return errors.Join(errors.New("a peer ended"), p.out.Err())
	}
	return json.Unmarshal(p.out.Bytes(), into)
}

// train asks for a training and returns its seconds an epoch.
func (p *peer) train(request map[string]any) (float64, error) {
	text, err := json.Marshal(request)
	if err != nil {
		return 0, err
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		return 0, err
	}
	var answer struct {
		Seconds float64
		Steps   int
		Error   string
	}
	if err := p.read(&answer); err != nil {
		return 0, err
	}
	if answer.Error != "" {
		return 0, errors.New(answer.Error)
	}
	return answer.Seconds / float64(answer.Steps) * batchesAnEpoch, nil
}

func (p *peer) close() {
	p.in.Close()
	p.command.Wait()
}

func (p *peers) close() {
	for _, one := range []*peer{p.torch, p.second, p.both, p.jax} {
		if one != nil {
			one.close()
		}
	}
}

// request is what a kind of ours is in a peer. Masks cost the same at any
// density there.
func request(network, kind string, epochs, steps int) map[string]any {
	r := map[string]any{"network": network, "kind": "masked", "density": 0.05, "epochs": epochs}
	switch kind {
	case dense:
		r["kind"], r["density"] = "dense", 1
	case noisy:
		r["noise"] = true
	case tanh:
		r["activation"] = "tanh"
	case half:
		r["density"] = 0.525
	}
	if network == "gru" {
		r["steps"] = steps
	}
	return r
}

// ways are the kinds of peers.py that PyTorch alone has, for readers.
var ways = map[string]string{"sparse": "torch.sparse", "compiled": "torch.compile"}

func (p *peers) watches(epochs, steps int) []stopwatch {
	var list []stopwatch
	add := func(name string, one *peer, r map[string]any) {
		list = append(list, stopwatch{name, func() (float64, error) { return one.train(r) }})
	}
	for _, network := range []string{"mlp", "gru"} {
		for _, kind := range kinds {
			add("torch "+network+" "+kind, p.torch, request(network, kind, epochs, steps))
		}
		add("jax "+network+" "+dense, p.jax, request(network, dense, epochs, steps))
		// What one would try first for few live weights.
		for _, way := range []string{"sparse", "compiled"} {
			r := request(network, sparse, epochs, steps)
			r["kind"] = way
			add("torch "+network+" "+sparse+", "+ways[way], p.torch, r)
		}
	}
	r := request("mlp", half, epochs, steps)
	add("torch one process", p.torch, r)
	add("torch one process, two threads", p.both, r)
	return append(list, stopwatch{"torch two processes", func() (float64, error) {
		beside := make(chan error, 1)
		var other float64
		go func() {
			var err error
			other, err = p.second.train(r)
			beside <- err
		}()
		one, err := p.torch.train(r)
		return max(one, other), errors.Join(err, <-beside)
	}})
}
