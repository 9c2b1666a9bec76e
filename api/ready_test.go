package api_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
)

// Each check succeeds only when it is asked beside the others: what hangs in one place hangs in all, and one after the
// other they would outlast the patience of who asks.
func TestReadinessAsksAllAtOnce(t *testing.T) {
	t.Parallel()
	var began sync.WaitGroup
	beside := func(ctx context.Context) error {
		began.Done()
		all := make(chan struct{})
		go func() { began.Wait(); close(all) }()
		select {
		case <-all:
			return nil
		case <-ctx.Done():
			return fault.New(fault.Unavailable, "database.slow").Because(ctx.Err())
		}
	}
	checks := map[string]func(context.Context) error{"a": beside, "b": beside, "c": beside}
	began.Add(len(checks) + 1)
	told := func(ctx context.Context) map[string]string {
		if err := beside(ctx); err != nil {
			return map[string]string{"told": err.Error()}
		}
		return map[string]string{"told": "in time"}
	}
	server := api.New(api.Options{V1: v1.Services{Officers: &officer.Service{}}, Registry: prometheus.NewRegistry(),
		Ready: checks, Told: told, Edge: rest.Deps{Clock: clock.System(), Log: slog.New(slog.DiscardHandler)}})
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"told":"in time"`) {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
}

// What readiness finds is logged when it changes, not each time that somebody asks.
func TestReadinessIsLoggedWhenItChanges(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var err error
	server := api.New(api.Options{V1: v1.Services{Officers: &officer.Service{}}, Registry: prometheus.NewRegistry(),
		Ready: map[string]func(context.Context) error{"database": func(context.Context) error { return err }},
		Edge:  rest.Deps{Clock: clock.System(), Log: slog.New(slog.NewTextHandler(&log, nil))}})
	for _, step := range []struct {
		err    error
		status int
		lines  string
	}{
		{nil, http.StatusOK, ""},
		{fault.New(fault.Unavailable, "database.slow"), http.StatusServiceUnavailable, "not ready"},
		{fault.New(fault.Unavailable, "database.slow"), http.StatusServiceUnavailable, ""},
		{fault.New(fault.Unavailable, "database.unavailable"), http.StatusServiceUnavailable, "not ready"},
		{nil, http.StatusOK, "ready again"},
		{nil, http.StatusOK, ""},
	} {
		err = step.err
		log.Reset()
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if said := log.String(); w.Code != step.status || !strings.Contains(said, step.lines) ||
			(step.lines == "") != (said == "") {
			t.Errorf("%v: answered %d, logged %q, want %q", step.err, w.Code, said, step.lines)
		}
	}
}
