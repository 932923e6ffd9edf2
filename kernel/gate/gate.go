// Package gate stands between Jupyter and GoNB. It reads each cell before the
// compiler does, refuses what would be computed as something else than the page
// says (see package cell), lets plain statements run without GoNB's "%%", does
// not run the cells that wait behind one that failed, and marks every output
// with the text that made it, so that an export can tell what is stale.
//
// Two of a kernel's five channels go through it, those for requests and for
// outputs; GoNB has the others itself.
package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"
)

// connection is Jupyter's connection file.
type connection struct {
	Shell     int    `json:"shell_port"`
	Outputs   int    `json:"iopub_port"`
	Input     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
	IP        string `json:"ip"`
	Key       string `json:"key"`
	Transport string `json:"transport"`
	Scheme    string `json:"signature_scheme"`
	Name      string `json:"kernel_name,omitempty"`
}

func (c connection) address(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return fmt.Sprintf("tcp://%s:%d", c.IP, port)
}

// Serve is a Jupyter kernel: it starts GoNB by command, to which it adds a
// connection file of its own, and relays between it and the clients that
// Jupyter's file names, until GoNB ends.
func Serve(ctx context.Context, file string, command []string) error {
	var outer connection
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &outer); err != nil {
		return fmt.Errorf("%s is no connection file: %v", file, err)
	}
	dir, err := os.MkdirTemp("", "fragility-kernel-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	inner := outer
	if inner.Shell, err = freePort(outer); err != nil {
		return err
	}
	if inner.Outputs, err = freePort(outer); err != nil {
		return err
	}
	own := filepath.Join(dir, filepath.Base(file)) // GoNB reads the kernel's id from the name
	if err := os.WriteFile(own, encodeJSON(inner), 0o600); err != nil {
		return err
	}

	// GoNB ends with us, however we end. The kernel ties that to this thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	gonb := exec.Command(command[0], append(command[1:], "--kernel", own)...)
	gonb.Stdout, gonb.Stderr = os.Stdout, os.Stderr
	gonb.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := gonb.Start(); err != nil {
		return fmt.Errorf("GoNB does not start: %w", err)
	}
	defer endSession()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go whenOrphaned(ctx, stop)
	failed := make(chan error, 1)
	go func() {
		if err := connect(ctx, outer, inner); err != nil && ctx.Err() == nil {
			failed <- err
		}
	}()
	ended := make(chan error, 1)
	go func() { ended <- gonb.Wait() }()
	select {
	case err = <-ended:
	case err = <-failed:
		gonb.Process.Signal(syscall.SIGTERM)
		<-ended
	case <-ctx.Done():
		gonb.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			gonb.Process.Kill()
			<-ended
		}
	}
	return err
}

// freePort is a port that nobody listens on.
func freePort(c connection) (int, error) {
	if c.Transport == "ipc" {
		return int(time.Now().UnixNano() % 1e9), nil
	}
	l, err := net.Listen("tcp", net.JoinHostPort(c.IP, "0"))
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// connect joins the two sides and relays until a socket fails.
func connect(ctx context.Context, outer, inner connection) error {
	patient := []zmq4.Option{zmq4.WithDialerMaxRetries(-1), zmq4.WithDialerRetry(20 * time.Millisecond)}
	shell, outputs := zmq4.NewDealer(ctx, patient...), zmq4.NewSub(ctx, patient...)
	defer shell.Close()
	defer outputs.Close()
	if err := errors.Join(shell.Dial(inner.address(inner.Shell)), outputs.Dial(inner.address(inner.Outputs)),
		outputs.SetOption(zmq4.OptionSubscribe, "")); err != nil {
		return err
	}
	w := wire{[]byte(outer.Key)}
	send := func(s zmq4.Socket) func(message) {
		return func(m message) { s.SendMulti(zmq4.NewMsgFrom(w.encode(m)...)) }
	}
	if err := awake(w, shell, outputs, send(shell)); err != nil {
		return err
	}

	front, page := zmq4.NewRouter(ctx), zmq4.NewPub(ctx)
	defer front.Close()
	defer page.Close()
	if err := errors.Join(front.Listen(outer.address(outer.Shell)), page.Listen(outer.address(outer.Outputs))); err != nil {
		return err
	}
	r := newRelay()
	r.toKernel, r.toClient, r.toPage = send(shell), send(front), send(page)
	end := make(chan error, 3)
	for _, side := range []struct {
		from zmq4.Socket
		take func(message)
	}{{front, r.asked}, {shell, r.answered}, {outputs, r.shown}} {
		go func() {
			for {
				frames, err := side.from.Recv()
				if ctx.Err() != nil {
					end <- ctx.Err()
					return
				}
				if err != nil {
					continue // of one client's connection
				}
				if m, err := w.decode(frames.Frames); err == nil {
					side.take(m)
				}
			}
		}()
	}
	return <-end
}

// awake asks GoNB who it is until both of its channels answer: what it shows
// before it knows that we listen is lost.
func awake(w wire, shell, outputs zmq4.Socket, send func(message)) error {
	var heard atomic.Bool
	first := make(chan error, 1)
	go func() {
		_, err := outputs.Recv()
		heard.Store(true)
		first <- err
	}()
	asked := 0
	for !heard.Load() {
		m := reply(message{header: header{Session: "gate"}, rawHead: [2]json.RawMessage{json.RawMessage("{}")}}, "kernel_info_request", map[string]any{})
		send(m)
		asked++
		for range 10 {
			if heard.Load() {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	for range asked { // its answers are ours
		if _, err := shell.Recv(); err != nil {
			return err
		}
	}
	return <-first
}
