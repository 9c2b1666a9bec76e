package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
)

// Times bound how long a request may hold a connection. A body must arrive, and an answer be taken, at a least pace;
// what is done between them has one deadline, which every wait for the database shares.
type Times struct {
	Work  time.Duration // to answer, once the request is here: less than clients and proxies wait
	Body  time.Duration // for a body to begin, beside the time that its bytes take at the least pace
	Write time.Duration // for the client to take the next part of an answer
	Pace  int64         // bytes per second that a body must have at least
}

// DefaultTimes are used where none are given.
func DefaultTimes() Times {
	return Times{Work: 4500 * time.Millisecond, Body: 5 * time.Second, Write: 10 * time.Second, Pace: 32 << 10}
}

const (
	// part is how much of an answer a client must take within Times.Write.
	part = 32 << 10
	// leftover is how much of a body that nobody wants is read to keep the connection, if it is here within moment.
	leftover = 64 << 10
	moment   = 250 * time.Millisecond
	// parting is how long a connection that closes may still send: the client should read its answer, not a reset.
	parting = time.Second
)

var (
	errBodyLarge = errors.New("the body is larger than the route takes")
	errBodySlow  = errors.New("the body arrives too slowly")
	errOverdue   = errors.New("the answer takes longer than its route may")
)

// Exchange is one request and its answer on their connection, and owner of the connection's deadlines: it sets them
// before each read and write. A body that has not been read whole when the answer begins closes the connection, so that
// nothing left behind can be taken for a request.
type Exchange struct {
	http.ResponseWriter
	control *http.ResponseController
	clock   clock.Clock
	times   Times
	body    *body
	address string
	most    time.Duration        // that a long answer may take
	took    func() time.Duration // since it began
	failed  error                // why the rest of the answer did not go out
	begun   bool                 // the header has gone
	settled bool                 // the answer changes with its version only
	mu      sync.Mutex
	held    []func()
}

type exchangeKey struct{}

// Take takes over a request of a client address and gives it back with a guarded body. End must be called.
func (e *API) Take(w http.ResponseWriter, r *http.Request, address string) (*Exchange, *http.Request) {
	x := &Exchange{ResponseWriter: w, control: http.NewResponseController(w), clock: e.Clock, times: e.Times,
		address: network(address)}
	r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	if r.Body != nil && r.Body != http.NoBody {
		small := r.ContentLength > 0 && r.ContentLength <= leftover && r.Header.Get("Expect") == ""
		x.body = &body{x: x, source: r.Body, most: DefaultMaxBody, small: small}
		r.Body = x.body
	}
	// Nobody can tell here whether the request had a Content-Length beside its Transfer-Encoding, which proxies may have
	// read otherwise. The next request on this connection could then be part of this one.
	if slices.Contains(r.TransferEncoding, "chunked") {
		w.Header().Set("Connection", "close")
	}
	return x, r
}

// ExchangeOf gives the exchange that a request belongs to; nil for one that nobody took over.
func ExchangeOf(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// Settled tells whether the answer to this request changes with its version only.
func (x *Exchange) Settled() bool { return x != nil && x.settled }

// Hold keeps a place of a limit until the exchange ends.
func (x *Exchange) Hold(release func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.held = append(x.held, release)
}

// Release gives back all places that are held.
func (x *Exchange) Release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, release := range x.held {
		release()
	}
	x.held = nil
}

// End bounds what the server has still to send, and gives back what was held.
func (x *Exchange) End() {
	x.allowWrite()
	x.Release()
}

// Unwrap serves http.ResponseController.
func (x *Exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// SetReadDeadline keeps others from the deadline, which would outlive their interest in it.
func (x *Exchange) SetReadDeadline(time.Time) error { return nil }

// WriteHeader begins the answer.
func (x *Exchange) WriteHeader(status int) {
	x.begin()
	x.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the answer, as long as the client takes it.
func (x *Exchange) Write(p []byte) (n int, err error) {
	x.begin()
	for {
		if x.took != nil && x.took() > x.most {
			x.failed = errOverdue
			return n, x.failed
		}
		x.allowWrite()
		wrote, err := x.ResponseWriter.Write(p[n:min(n+part, len(p))])
		if n += wrote; err != nil || n == len(p) {
			x.failed = err
			return n, err
		}
	}
}

// Failed is why the answer did not go out whole, if it did not.
func (x *Exchange) Failed() error { return x.failed }

// FlushError sends what is buffered.
func (x *Exchange) FlushError() error {
	x.allowWrite()
	return x.control.Flush()
}

// Flush is FlushError for who knows no other.
func (x *Exchange) Flush() { _ = x.FlushError() }

func (x *Exchange) begin() {
	if x.begun {
		return
	}
	x.begun = true
	if x.body != nil && !x.body.skip() {
		x.Header().Set("Connection", "close")
		x.allowRead(parting)
	}
	x.allowWrite()
}

// The server sets no deadlines that these must keep; a writer that has none, as in tests, has no connection to guard.
func (x *Exchange) allowWrite() { _ = x.control.SetWriteDeadline(x.clock.Now().Add(x.times.Write)) }

func (x *Exchange) allowRead(d time.Duration) {
	_ = x.control.SetReadDeadline(x.clock.Now().Add(d))
}

// body is what a request brings, held to a size and to a pace.
type body struct {
	x      *Exchange
	source io.ReadCloser
	most   int64
	count  int64
	took   func() time.Duration // since it was first waited for; the machine's clock may be set meanwhile
	small  bool                 // worth reading for the sake of the connection
	ended  bool
	failed error
}

// Read sets the deadline anew for each part: the whole may take as long as it keeps its pace. After the last part the
// server itself lifts it.
func (b *body) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	if b.ended {
		return 0, io.EOF
	}
	if b.took == nil {
		b.took = clock.Elapsed()
	}
	t := b.x.times
	b.x.allowRead(t.Body + time.Duration(b.count/t.Pace)*time.Second - b.took())
	n, err := b.source.Read(p[:min(len(p), part)])
	b.count += int64(n)
	switch {
	case b.count > b.most:
		b.failed = errBodyLarge
	case errors.Is(err, io.EOF):
		b.ended = true
		return n, io.EOF
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.failed = errBodySlow
	case err != nil:
		b.failed = err
	}
	return n, b.failed
}

// skip reads what is left of a small body that has arrived, and tells whether nothing is left.
func (b *body) skip() bool {
	if !b.ended && b.small && b.failed == nil {
		b.x.allowRead(moment)
		_, err := io.Copy(io.Discard, b.source)
		b.ended = err == nil
	}
	return b.ended
}

// Close leaves the rest to the server.
func (b *body) Close() error { return nil }

// problem says what was wrong with the body, if anything was.
func (b *body) problem(ctx context.Context) *Problem {
	switch {
	case b == nil || b.failed == nil:
		return nil
	case errors.Is(b.failed, errBodyLarge):
		return NewProblem(ctx, http.StatusRequestEntityTooLarge, "input.too_large")
	case errors.Is(b.failed, errBodySlow):
		return NewProblem(ctx, http.StatusRequestTimeout, "input.timeout")
	}
	return NewProblem(ctx, http.StatusBadRequest, "input.malformed")
}
