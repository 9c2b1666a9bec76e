package apitest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// Client is a signed-in officer. The zero Token is nobody.
type Client struct {
	Server *Server
	ID     authz.OfficerID
	Email  string
	Token  string
	Lang   string // Accept-Language, when it is asked for
}

// sessionTime is how long the sessions of tests last.
const sessionTime = time.Hour

// SignUp adds an officer with grants, and signs them in without a password: hashing one is the better part of a second.
// Grants without dates count from ever and for ever.
func (s *Server) SignUp(t testing.TB, name string, office region.Code, grants ...authz.Grant) *Client {
	t.Helper()
	op := authz.Op{Scope: authz.Everywhere()}
	c := &Client{Server: s, Email: fmt.Sprintf("%s@contoh.go.id", uuid.NewString())}
	made, err := s.Store.CreateOfficer(t.Context(), op, officer.Officer{Email: c.Email, Name: name, Office: office}, "")
	must(t, err)
	c.ID = made.ID
	for _, g := range grants {
		if g.From.IsZero() {
			g.From = calendar.MustDate("2020-01-01")
		}
		_, err := s.Store.GrantRole(t.Context(), op, c.ID, officer.Grant{Role: g.Role, Region: g.Region, From: g.From, Until: g.Until})
		must(t, err)
	}
	return c.SignIn(t)
}

// SignIn gives the officer a new session.
func (c *Client) SignIn(t testing.TB) *Client {
	t.Helper()
	c.Token = rand.Text()
	digest := sha256.Sum256([]byte(c.Token))
	must(t, c.Server.Store.StartSession(t.Context(), c.ID, digest[:], c.Server.Clock.Now().Add(sessionTime), 10))
	return c
}

// Request is one request. Body is JSON text; Version, when it is not 0, goes out as If-Match.
type Request struct {
	Method  string
	Path    string
	Body    string
	Type    string // content type, JSON by default
	Key     string // Idempotency-Key; a POST without one gets a new one
	Version int
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request through the whole server.
func (c *Client) Do(t testing.TB, r Request) Answer {
	t.Helper()
	return c.send(t.Context(), r)
}

func (c *Client) send(ctx context.Context, r Request) Answer {
	var body io.Reader
	if r.Body != "" {
		body = bytes.NewReader([]byte(r.Body))
	}
	req := httptest.NewRequestWithContext(ctx, r.Method, r.Path, body)
	if r.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range map[string]string{"Content-Type": r.Type, "Accept-Language": c.Lang, "Idempotency-Key": r.Key} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if r.Key == "" && r.Method == http.MethodPost {
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if r.Version > 0 {
		req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(r.Version)))
	}
	w := httptest.NewRecorder()
	c.Server.ServeHTTP(w, req)
	return Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// Get reads a path.
func (c *Client) Get(t testing.TB, path string) Answer {
	t.Helper()
	return c.Do(t, Request{Method: http.MethodGet, Path: path})
}

// Post changes something that has a version; version 0 is for what has none.
func (c *Client) Post(t testing.TB, path string, version int, body string) Answer {
	t.Helper()
	return c.Do(t, Request{Method: http.MethodPost, Path: path, Version: version, Body: body})
}

// Upload is the request that brings a list; the boundary is always the same, so that equal files make equal requests.
func Upload(t testing.TB, name string, file []byte, fields map[string]string) Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(t, w.SetBoundary("batas-batas-batas"))
	for _, field := range []string{"employer_name", "employer_region", "employer_nib", "reference", "reason", "planned_on"} {
		if value := fields[field]; value != "" {
			must(t, w.WriteField(field, value))
		}
	}
	part, err := w.CreateFormFile("file", name)
	must(t, err)
	_, err = part.Write(file)
	must(t, err)
	must(t, w.Close())
	return Request{Method: http.MethodPost, Path: "/v1/intakes", Body: body.String(), Type: w.FormDataContentType()}
}

// Want fails the test unless the answer has a status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("answered %d, want %d: %.500s", a.Status, status, a.Body)
	}
	return a
}

// Into decodes the answer.
func (a Answer) Into(t testing.TB, value any) {
	t.Helper()
	must(t, json.Unmarshal(a.Body, value))
}

// Code is the code of a problem; empty when the answer is none.
func (a Answer) Code() string {
	var p struct{ Code string }
	if json.Unmarshal(a.Body, &p) != nil {
		return ""
	}
	return p.Code
}
