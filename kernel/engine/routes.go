package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// bodyLimit is a generous bound on the size of a request.
const bodyLimit = 1 << 20

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/run", s.serveRun)
	mux.HandleFunc("POST /v1/show", s.serveShow)
	mux.HandleFunc("GET /v1/status", s.serveStatus)
	mux.HandleFunc("POST /v1/stop", s.serveStop)
	return mux
}

// serveRun runs a protocol and streams its events, and the result or the error
// at the end.
func (s *server) serveRun(w http.ResponseWriter, r *http.Request) {
	s.begin()
	defer s.end()
	var req client.Request
	p, err := configured(w, r, &req, &req)
	if err != nil {
		fail(w, err)
		return
	}
	stream(w, func(events func(client.Event)) (m client.Message, err error) {
		f, err := s.run(r.Context(), p, events)
		if err == nil {
			m.Result = client.Pack(f.result)
		}
		return m, err
	})
}

// stream sends the events of work that is done meanwhile, then what it comes to.
func stream(w http.ResponseWriter, work func(events func(client.Event)) (client.Message, error)) {
	events := make(chan client.Event, eventBuffer)
	outcome := make(chan client.Message, 1)
	go func() {
		m, err := safely(func() (client.Message, error) {
			return work(func(ev client.Event) { offer(events, ev) })
		})
		close(events) // the work is done, and sends no more
		if err != nil {
			m = client.Message{Error: client.Wrap(err)}
		}
		outcome <- m
	}()
	send := startStream(w)
	for ev := range events {
		send(client.Message{Event: &ev})
	}
	send(<-outcome)
}

// run runs a protocol and remembers the result. The event
// of its end has the stamp.
func (s *server) run(ctx context.Context, p protocols.Protocol, events func(client.Event)) (*finished, error) {
	stamp, err := s.engine.Stamp(p)
	if err != nil {
		return nil, err
	}
	res, err := s.engine.Run(ctx, p, func(ev client.Event) {
		switch ev.Kind {
		case client.RunFinished:
			ev.Stamp = &stamp
		case client.Warning:
			slog.Warn(ev.Text, "chapter", ev.Chapter)
		}
		events(ev)
	})
	if err != nil {
		return nil, err
	}
	f := &finished{res, stamp}
	s.mu.Lock()
	s.results.add(resultID(p), f)
	s.mu.Unlock()
	return f, nil
}

// serveShow draws a table or a plot of a run. Whether there is such a one is
// known before the run is computed.
func (s *server) serveShow(w http.ResponseWriter, r *http.Request) {
	s.begin()
	defer s.end()
	var req client.ShowRequest
	p, err := configured(w, r, &req, &req.Request)
	if err != nil {
		fail(w, err)
		return
	}
	if s.engine.opts.Show == nil {
		fail(w, fmt.Errorf("this engine was built without figures"))
		return
	}
	draw, err := s.engine.opts.Show(p, req)
	if err != nil {
		fail(w, err)
		return
	}
	stream(w, func(events func(client.Event)) (m client.Message, err error) {
		s.mu.Lock()
		f := s.results.find(resultID(p))
		s.mu.Unlock()
		if f == nil && req.From != nil {
			if f, err = s.partly(r.Context(), p, req, events); err != nil {
				return m, err
			}
		}
		if f == nil {
			if f, err = s.run(r.Context(), p, events); err != nil {
				return m, err
			}
		}
		m.Bundle, err = draw(f.result)
		if err == nil {
			m.Bundle.Stamp(f.stamp)
		}
		return m, err
	})
}

func (s *server) serveStatus(w http.ResponseWriter, r *http.Request) {
	s.touch()
	status, err := s.status(r.URL.Query().Get("sha256") != "")
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, status)
}

func (s *server) status(withDigest bool) (*client.Status, error) {
	e := s.engine
	status := &client.Status{
		Version: version(), Build: s.program.build, PID: os.Getpid(),
		Started: s.started, Uptime: time.Since(s.started), Idle: s.idle,
		Store: e.store.Path(), Socket: s.place.socket,
		Workers: e.opts.Workers, Sessions: e.slots.opened(), Active: e.running(),
	}
	var err error
	if withDigest {
		status.Build.SHA256, err = s.program.digest()
	}
	return status, err
}

// running lists the runs under way, the oldest first.
func (e *Engine) running() []client.Active {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []client.Active
	for r := range e.active {
		list = append(list, client.Active{
			Run: r.progress.base.Run, Chapter: r.progress.base.Chapter,
			Started: r.progress.began, Progress: r.progress.snapshot(),
		})
	}
	slices.SortFunc(list, func(a, b client.Active) int { return a.Run - b.Run })
	return list
}

func (s *server) serveStop(w http.ResponseWriter, r *http.Request) {
	var req client.StopRequest
	if err := decodeBody(w, r, &req); err != nil {
		fail(w, err)
		return
	}
	status, err := s.status(false)
	if err != nil {
		fail(w, err)
		return
	}
	s.stop(req.Grace)
	answer(w, http.StatusOK, status)
}

// configured reads a request, and makes the protocol that the part of it asks
// for.
func configured(w http.ResponseWriter, r *http.Request, whole any, part *client.Request) (protocols.Protocol, error) {
	if err := decodeBody(w, r, whole); err != nil {
		return nil, err
	}
	return protocols.Configure(part.Chapter, part.Set)
}

// decodeBody reads the body to its end: only then does the server notice that
// a client has gone.
func decodeBody(w http.ResponseWriter, r *http.Request, into any) error {
	// The deadline goes with the body: a client may listen in silence for hours.
	conn := http.NewResponseController(w)
	conn.SetReadDeadline(time.Now().Add(silence))
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err == nil {
		conn.SetReadDeadline(time.Time{})
	} else {
		w.Header().Set("Connection", "close") // the rest is not waited for
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &client.Error{Kind: client.Input, Text: fmt.Sprintf("the request is longer than %d bytes", bodyLimit)}
	}
	if err != nil {
		return &client.Error{Kind: client.Input, Text: "the request does not read: " + err.Error()}
	}
	if err := json.Unmarshal(b, into); err != nil {
		return &client.Error{Kind: client.Input, Text: "the request is no JSON as expected: " + err.Error()}
	}
	return nil
}

// safely turns a panic into an error: a fault in one request is no reason to
// lose the others'.
func safely[T any](f func() (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a request", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

func answer(w http.ResponseWriter, code int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		code, b = http.StatusInternalServerError, []byte(`{"kind":"fault","text":"the answer is no JSON"}`)
		slog.Error("an answer does not marshal", "error", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write(b)
}

func fail(w http.ResponseWriter, err error) {
	e := client.Wrap(err)
	code := http.StatusInternalServerError
	if e.Kind == client.Input {
		code = http.StatusBadRequest
	}
	answer(w, code, e)
}

// startStream begins an answer of lines and returns what sends one. Errors are
// left alone: a client that has gone ends the request's context.
func startStream(w http.ResponseWriter) (send func(client.Message)) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	flusher := http.NewResponseController(w)
	flusher.Flush()
	lines := json.NewEncoder(w)
	return func(m client.Message) {
		flusher.SetWriteDeadline(time.Now().Add(deafness))
		if err := lines.Encode(m); err != nil {
			slog.Debug("a message was not sent", "error", err)
		}
		flusher.Flush()
	}
}
