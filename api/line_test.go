package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
)

// line is one keep-alive connection on which requests follow each other.
type line struct {
	net.Conn
	in *bufio.Reader
}

// patience is how long a test waits for an answer that must come.
const patience = 30 * time.Second

// mostPages bounds how many pages of a list a test reads: none has so many.
const mostPages = 10_000

func dial(t testing.TB, address string) *line {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &line{conn, bufio.NewReader(conn)}
}

// say makes the text of a request. Headers are pairs of names and values.
func say(method, path, token, body string, headers ...string) string {
	text := method + " " + path + " HTTP/1.1\r\nHost: tanggap\r\n"
	if token != "" {
		text += "Authorization: Bearer " + token + "\r\n"
	}
	if body != "" {
		text += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		text += headers[i] + ": " + headers[i+1] + "\r\n"
	}
	return text + "\r\n" + body
}

// hear reads one answer.
func (l *line) hear() (apitest.Answer, error) {
	if err := l.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return apitest.Answer{}, err
	}
	resp, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return apitest.Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if resp.Close {
		resp.Header.Set("Connection", "close") // which the reader takes out
	}
	return apitest.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, err
}

func (l *line) ask(request string) (apitest.Answer, error) {
	if _, err := io.WriteString(l, request); err != nil {
		return apitest.Answer{}, err
	}
	return l.hear()
}

const (
	asJSON = "application/json"
	asForm = "multipart/form-data; boundary=b"
)

// send makes the head of a request whose body is to follow.
func send(method, path, token, kind string, length int, headers ...string) string {
	return say(method, path, token, "", append([]string{"Content-Type", kind, "Idempotency-Key", uuid.NewString(),
		"Content-Length", fmt.Sprint(length)}, headers...)...)
}

// part is one field of a form.
func part(name, value string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}
