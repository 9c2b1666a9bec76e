package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tanggap/tanggap/api"
)

func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// askedOnce is the answer to one request on a connection of its own.
func askedOnce(ctx context.Context, method, url, lang string) (*http.Response, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader("{"))
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept-Language", lang)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func TestAnswersWhileStarting(t *testing.T) {
	t.Parallel()
	listener := listen(t)
	url := "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- api.Starting{Waiting: func() string { return "migrations: 3 of 13" },
			Log: slog.New(slog.DiscardHandler)}.Run(ctx, listener)
	}()
	for _, c := range []struct {
		method, path, lang, body string
		status                   int
	}{
		{"GET", "/healthz", "", `{"status":"ok"}`, 200},
		{"GET", "/readyz", "", `{"starting":"migrations: 3 of 13"}`, 503},
		{"GET", "/v1/cases", "en", "The server is starting", 503},
		{"POST", "/v1/cases", "", "Server sedang dinyalakan", 503},
		{"GET", "/", "en", `"code":"starting"`, 503},
		{"GET", "/metrics", "en", `"code":"starting"`, 503},
		{"GET", "/v1/../healthz?x=1&x=2", "en", `"code":"starting"`, 503},
	} {
		resp, body, err := askedOnce(t.Context(), c.method, url+c.path, c.lang)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != c.status || !strings.Contains(body, c.body) || !json.Valid([]byte(body)) {
			t.Errorf("%s %s: %d %s", c.method, c.path, resp.StatusCode, body)
		}
		if after := resp.Header.Get("Retry-After"); (after != "") != (c.status == 503) {
			t.Errorf("%s: Retry-After %q", c.path, after)
		}
	}
	cancel()
	if err := ending(t, ended); err != nil {
		t.Error(err)
	}
}

// ending is how a server ended that has been told to, or is.
func ending(t *testing.T, ended <-chan error) (err error) {
	t.Helper()
	select {
	case err = <-ended:
	case <-time.After(patience):
		t.Fatal("the server does not end")
	}
	return err
}

// The server proper takes the door over while clients come in: none of them is refused or cut off.
func TestNobodyIsLostWhenTheServerTakesOver(t *testing.T) {
	t.Parallel()
	listener := listen(t)
	url := "http://" + listener.Addr().String() + "/readyz"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- api.Starting{Waiting: func() string { return "" }, Log: slog.New(slog.DiscardHandler)}.Run(ctx, listener)
	}()
	var clients sync.WaitGroup
	var early, late atomic.Int32
	deadline := time.Now().Add(patience)
	for range 4 {
		clients.Go(func() {
			for late.Load() < 20 {
				if time.Now().After(deadline) {
					t.Error("the server proper does not answer")
					cancel()
					return
				}
				resp, _, err := askedOnce(t.Context(), "GET", url, "")
				if err != nil {
					t.Errorf("after %d answers: %v", early.Load(), err)
					return
				}
				if resp.StatusCode == http.StatusOK {
					late.Add(1)
				} else if early.Add(1) == 20 {
					cancel()
				}
			}
		})
	}
	if err := ending(t, ended); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	clients.Wait()
	_ = server.Close()
}
