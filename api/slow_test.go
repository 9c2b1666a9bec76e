package api_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// hasty are times that a test need not wait for.
func hasty() rest.Times {
	return rest.Times{Work: 20 * time.Second, Body: 500 * time.Millisecond, Write: 500 * time.Millisecond, Pace: 32 << 10}
}

// ends tells that the server closes the connection, whatever it still sends.
func (l *line) ends(t testing.TB) {
	t.Helper()
	if err := l.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, err := io.Copy(io.Discard, l.in)
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		t.Error("the connection stays open")
	}
}

// trickle sends a text byte by byte until the server has had enough of it.
func (l *line) trickle(text string) {
	for i := range len(text) {
		if _, err := io.WriteString(l, text[i:i+1]); err != nil {
			return
		}
		<-time.After(100 * time.Millisecond) // the slowness that is tried here
	}
}

// A body that comes too slowly ends its request, on every road, and takes nobody's time.
func TestSlowBodiesEndEarly(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Times: hasty()})
	o := b.Officer(t, authz.CaseWorker, "3273")
	address := b.Listen(t)
	text := `{"email":"` + strings.Repeat("x", 200) + `"}`
	form := part("employer_name", strings.Repeat("x", 200)) + "--b--\r\n"
	chunked := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(text), text)
	for name, request := range map[string][2]string{
		"sign-in": {send("POST", "/v1/session", "", asJSON, len(text)), text},
		"opening": {send("POST", "/v1/cases", o.Token, asJSON, len(text)), text},
		"chunked": {say("POST", "/v1/cases", o.Token, "", "Content-Type", asJSON, "Idempotency-Key", "k",
			"Transfer-Encoding", "chunked"), chunked},
		"upload": {send("POST", "/v1/intakes", o.Token, asForm, len(form)), form},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := dial(t, address)
			if _, err := io.WriteString(l, request[0]); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			go l.trickle(request[1])
			a, err := l.hear()
			if err != nil || a.Status != http.StatusRequestTimeout || a.Code() != "input.timeout" {
				t.Errorf("answered %d %s %v", a.Status, a.Body, err)
			}
			if took := time.Since(began); took > 8*time.Second { // half a second, on a busy machine
				t.Errorf("held for %s", took)
			}
			l.ends(t)
		})
	}
}

// A body may take longer than the time to begin, as long as it keeps its pace.
func TestSteadyBodiesArrive(t *testing.T) {
	t.Parallel()
	times := hasty()
	times.Pace = 100
	b := apitest.With(t, apitest.Setup{Times: times})
	o := b.Officer(t, authz.CaseWorker, "3273")
	l := dial(t, b.Listen(t))
	text := opening(1)
	if _, err := io.WriteString(l, send("POST", "/v1/cases", o.Token, asJSON, len(text))); err != nil {
		t.Fatal(err)
	}
	go func() {
		for rest := text; rest != ""; {
			n := min(60, len(rest))
			_, _ = io.WriteString(l, rest[:n]) // what does not arrive is not answered
			rest = rest[n:]
			<-time.After(250 * time.Millisecond)
		}
	}()
	if a, err := l.hear(); err != nil || a.Status != http.StatusCreated {
		t.Errorf("answered %d %s %v", a.Status, a.Body, err)
	}
}

// Who may not is told so before anything of the body is read, and before it is there.
func TestStrangersAreRefusedBeforeTheirBodyIsRead(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	analyst := b.Officer(t, authz.Analyst, "3273")
	address := b.Listen(t)
	for _, c := range []struct {
		name, method, path, token string
		status                    int
	}{
		{"anonymous", "POST", "/v1/cases", "", 401},
		{"unknown", "POST", "/v1/cases", "unknown", 401},
		{"anonymous upload", "POST", "/v1/intakes", "", 401},
		{"no right", "POST", "/v1/cases", analyst.Token, 403},
		{"no route", "POST", "/v1/nothing", "", 404},
		{"no method", "PUT", "/v1/cases", "", 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := dial(t, address)
			a, err := l.ask(send(c.method, c.path, c.token, asJSON, 100_000))
			if err != nil || a.Status != c.status || a.Header.Get("Connection") != "close" {
				t.Errorf("answered %d %v %v", a.Status, a.Header, err)
			}
			l.ends(t)
		})
	}
}

// The sign-in needs little, and takes no more from anybody.
func TestSignInTakesASmallBodyOnly(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	l := dial(t, b.Listen(t))
	a, err := l.ask(say("POST", "/v1/session", "", `{"email":"`+strings.Repeat("x", 33<<10)+`","password":"x"}`))
	if err != nil || a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d %s %v", a.Status, a.Body, err)
	}
}

// A body of the largest size is taken, and one byte more is not.
func TestTheLargestBodyIsTaken(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	l := dial(t, b.Listen(t))
	for more, status := range []int{http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge} {
		const frame = len(`{"nothing":""}`)
		text := `{"nothing":"` + strings.Repeat("x", rest.DefaultMaxBody-frame+more) + `"}`
		a, err := l.ask(say("POST", "/v1/cases", o.Token, text, "Idempotency-Key", uuid.NewString()))
		if err != nil || a.Status != status {
			t.Errorf("%d bytes more than the most: %d %.200s %v", more, a.Status, a.Body, err)
		}
	}
}

// An upload beyond its size is cut off while it arrives.
func TestUploadBeyondItsSizeIsRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	l := dial(t, b.Listen(t))
	begin := part(`file"; filename="a.csv`, "")
	if _, err := io.WriteString(l, send("POST", "/v1/intakes", o.Token, asForm, 50_000_000)+begin); err != nil {
		t.Fatal(err)
	}
	go func() {
		for more := strings.Repeat("x", 1<<20); ; {
			if _, err := io.WriteString(l, more); err != nil {
				return
			}
		}
	}()
	if a, err := l.hear(); err != nil || a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d %s %v", a.Status, a.Body, err)
	}
}

// After a refusal the connection works on, when nothing of the request is left on it.
func TestRefusedRequestsLeaveTheConnectionUsable(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	l := dial(t, b.Listen(t))
	for _, c := range []struct {
		text   string
		status int
	}{
		{say("POST", "/v1/cases", "unknown", opening(1), "Idempotency-Key", "k"), 401},
		{say("POST", "/v1/nothing", "", `{"a":1}`), 404},
		{say("POST", "/v1/cases", o.Token, `{"a"`, "Idempotency-Key", "k"), 400},
		{say("POST", "/v1/cases", o.Token, opening(1)), 400}, // without a key
		{say("GET", "/v1/session", o.Token, `{"a":1}`), 200},
		{say("GET", "/v1/session", o.Token, ""), 200},
	} {
		if a, err := l.ask(c.text); err != nil || a.Status != c.status {
			t.Fatalf("%.40q: %d %s %v", c.text, a.Status, a.Body, err)
		}
	}
}

// What follows a request of two lengths must not be taken for the next request: proxies may have read it as a part.
func TestRequestOfTwoLengthsIsTheLastOnItsConnection(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	address := b.Listen(t)
	for name, path := range map[string]string{"JSON": "/v1/cases", "upload": "/v1/intakes", "no route": "/v1/nothing"} {
		l := dial(t, address)
		hidden := say("GET", "/v1/session", o.Token, "")
		request := send("POST", path, o.Token, asJSON, 5+len(hidden), "Transfer-Encoding", "chunked") + "0\r\n\r\n" + hidden
		a, err := l.ask(request)
		if err != nil || a.Status < http.StatusBadRequest || a.Header.Get("Connection") != "close" {
			t.Errorf("%s: answered %d %v %v", name, a.Status, a.Header, err)
		}
		if second, err := l.hear(); err == nil {
			t.Errorf("%s: what stands behind is answered, too: %d", name, second.Status)
		}
	}
}

// narrow is a listener whose connections hold little of what their clients do not read.
type narrow struct{ net.Listener }

// Accept implements net.Listener.
func (n narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(8 << 10) // what it holds otherwise only takes longer to fill
	}
	return conn, err
}

// Clients that ask and never read are left after a while, hold nothing, and take nothing from others.
func TestClientsThatNeverReadCostOthersNothing(t *testing.T) {
	b := apitest.With(t, apitest.Setup{Times: hasty()})
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	for n := range 200 {
		o.Open(t, "3273", n+1, "Siti "+strings.Repeat("Nur Halimah ", 10))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.Serve(t, narrow{listener})
	address := listener.Addr().String()
	l := dial(t, address)
	list := func() {
		t.Helper()
		if a, err := l.ask(say("GET", "/v1/cases?limit=200", other.Token, "")); err != nil || a.Status != http.StatusOK {
			t.Fatalf("another officer is answered %d %s %v", a.Status, a.Body, err)
		}
	}
	list()
	before := runtime.NumGoroutine()
	const clients = 200
	requests := strings.Repeat(say("GET", "/v1/cases?limit=200", o.Token, ""), 8)
	for range clients {
		idle := dial(t, address)
		if err := idle.Conn.(*net.TCPConn).SetReadBuffer(8 << 10); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(idle, requests); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		list()
	}
	for end := time.Now().Add(2 * patience); runtime.NumGoroutine() > before+2; <-time.After(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("clients that do not read are kept: %d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if held := b.Store.Pool.Stat().AcquiredConns(); held != 0 {
		t.Errorf("%d connections of the database are held", held)
	}
}
