package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tanggap/tanggap/api/rest"
)

// Starting stands at the door while the server gets ready: it is alive, says what it waits for, and sends everybody
// else away for a moment.
type Starting struct {
	Waiting func() string // what it waits for, and how far that is
	Log     *slog.Logger
}

// startingTimeout bounds reading a request and writing its answer; nobody is served anything that takes longer.
const startingTimeout = 5 * time.Second

// ServeHTTP answers health and readiness; everything else is to be tried again.
func (s Starting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Cache-Control"] = []string{"no-store"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	switch r.URL.Path {
	case "/healthz":
		say(w, http.StatusOK, map[string]string{"status": "ok"})
	case "/readyz":
		h.Set("Retry-After", "2")
		say(w, http.StatusServiceUnavailable, map[string]string{"starting": s.Waiting()})
	default:
		bare := r.Clone(r.Context())
		bare.Body = http.NoBody // nobody reads it
		bare, _ = rest.Prepare(bare)
		rest.NewProblem(bare.Context(), http.StatusServiceUnavailable, "starting").Write(w)
	}
}

func say(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked is gone
}

// Run serves until ctx ends. It leaves the listener open for the server that follows: who connects in between waits
// for it. Who is connected already still gets one answer; http.Server.Shutdown would cut off requests that are being
// read.
func (s Starting) Run(ctx context.Context, listener *net.TCPListener) error {
	server := &http.Server{Handler: s, ReadTimeout: startingTimeout, WriteTimeout: startingTimeout,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn)}
	server.SetKeepAlivesEnabled(false) // no connection outlives its first answer
	end := context.AfterFunc(ctx, func() { _ = lent{listener}.Close() })
	defer end()
	if err := server.Serve(lent{listener}); ctx.Err() == nil {
		return fmt.Errorf("serve while starting: %w", err)
	}
	return listener.SetDeadline(time.Time{})
}

// lent is a listener that another server takes over: closing it only ends waiting for connections.
type lent struct{ *net.TCPListener }

// Accept waits for a connection until Close.
func (l lent) Accept() (net.Conn, error) {
	conn, err := l.TCPListener.Accept()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, net.ErrClosed
	}
	return conn, err
}

// Close ends Accept.
func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }
