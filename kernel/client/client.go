package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// A Client talks to the engine of a place.
type Client struct {
	place Place
	http  *http.Client
}

// New is the client of a place. It does not look whether there is an engine.
func New(p Place) *Client {
	connect := func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx, p.Socket) }
	return &Client{place: p, http: &http.Client{Transport: &http.Transport{DialContext: connect, IdleConnTimeout: 30 * time.Second}}}
}

// Ensure returns a client whose engine runs the program that is on disk: it
// starts one where none runs, and replaces one of another build, whose runs
// may go on for a while.
func Ensure(ctx context.Context) (*Client, error) {
	p, err := Find("")
	if err != nil {
		return nil, err
	}
	c := New(p)
	return c, c.ready(ctx)
}

// Connect returns a client of a running engine, or ErrNotRunning.
func Connect(ctx context.Context) (*Client, error) {
	p, err := Find("")
	if err != nil {
		return nil, err
	}
	c := New(p)
	if _, err := c.Status(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Place is where the client's engine is.
func (c *Client) Place() Place { return c.place }

// Run runs a chapter with the parameters of set and reports its progress to
// onEvent, which may be nil. When ctx ends, the run is cancelled.
func (c *Client) Run(ctx context.Context, chapter int, set map[string]string, onEvent func(Event)) (*protocols.Result, error) {
	m, err := c.work(ctx, "/v1/run", Request{chapter, set}, onEvent)
	if err != nil {
		return nil, err
	}
	return m.Result.Unpack(), nil
}

// Show draws a table or a plot of a run. What the run lacks in the store is
// computed first, with its progress, and cancelled when ctx ends.
func (c *Client) Show(ctx context.Context, r ShowRequest, onEvent func(Event)) (*Bundle, error) {
	m, err := c.work(ctx, "/v1/show", r, onEvent)
	if err != nil {
		return nil, err
	}
	return m.Bundle, nil
}

// work asks for something that may have to be computed, and returns the message
// that has it.
func (c *Client) work(ctx context.Context, path string, body any, onEvent func(Event)) (last Message, err error) {
	if err := c.ready(ctx); err != nil {
		return last, err
	}
	err = c.stream(ctx, http.MethodPost, path, body, func(m Message) {
		last = m
		if m.Event != nil && onEvent != nil {
			onEvent(*m.Event)
		}
	})
	if err == nil && last.Result == nil && last.Bundle == nil {
		err = &diedError{c.place.Log}
	}
	return last, err
}

// Status asks the engine about itself, or returns ErrNotRunning.
func (c *Client) Status(ctx context.Context) (*Status, error) {
	var s Status
	return &s, c.call(ctx, http.MethodGet, "/v1/status", nil, &s)
}

// Stop ends the engine, or returns ErrNotRunning. Runs under way may go on for
// the grace. When it returns, another engine may start.
func (c *Client) Stop(ctx context.Context, grace time.Duration) error {
	err := c.call(ctx, http.MethodPost, "/v1/stop", StopRequest{grace}, new(Status))
	// The engine answers on a connection that is open until the last run is
	// over; the next request has to find whoever has the socket then.
	c.http.CloseIdleConnections()
	return err
}

// call makes one request with one answer.
func (c *Client) call(ctx context.Context, method, path string, body, answer any) error {
	resp, err := c.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return c.broken(ctx, err)
	}
	io.Copy(io.Discard, resp.Body) // so that the connection can be used again
	return nil
}

// stream makes one request and reads its answer message by message. An error
// among the messages is returned.
func (c *Client) stream(ctx context.Context, method, path string, body any, each func(Message)) error {
	resp, err := c.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := json.NewDecoder(bufio.NewReaderSize(resp.Body, 1<<16))
	for {
		var m Message
		switch err := lines.Decode(&m); {
		case err == io.EOF:
			return nil
		case err != nil:
			return c.broken(ctx, err)
		case m.Error != nil:
			return m.Error
		}
		each(m)
	}
}

// request returns the answer to a request, or what is in its place.
func (c *Client) request(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://engine"+path, content)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.broken(ctx, err)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		var e Error
		if err := json.NewDecoder(resp.Body).Decode(&e); err != nil || e.Text == "" {
			return nil, fmt.Errorf("the engine answered %s to %s", resp.Status, path)
		}
		return nil, &e
	}
	return resp, nil
}

// broken is the error for a connection that failed.
func (c *Client) broken(ctx context.Context, err error) error {
	if u, ok := errors.AsType[*untrusted](err); ok {
		return u
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist):
		return ErrNotRunning
	case errors.Is(err, fs.ErrPermission):
		return &untrusted{"the engine's socket " + c.place.Socket + " cannot be reached by this user"}
	}
	return &diedError{c.place.Log}
}

// diedError is the error for an engine that is lost in the middle of something.
type diedError struct{ log string }

func (e *diedError) Error() string {
	return fmt.Sprintf("the engine stopped in the middle of its work (see %s); run again, and it goes on from the last finished stage", e.log)
}

// build describes the program on disk.
func (p Place) build() (Build, error) {
	info, err := os.Stat(p.Binary)
	if err != nil {
		return Build{}, fmt.Errorf("the fragility command %s cannot be read: %w", p.Binary, err)
	}
	return Build{Size: info.Size(), Modified: info.ModTime()}, nil
}
