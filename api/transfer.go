package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/tanggap/tanggap/api/rest"
)

// The answers that are compressed, and how.
const (
	leastPacked = 1 << 10 // bytes below which it does not pay
	packing     = 4       // level of gzip: most of the gain for little work
	jitter      = 64      // random bytes of length, so that the length tells nothing about the content beside chosen text
	mostTagged  = 4 << 20 // bytes of an answer that is held back to compare it with what the client has
)

// packed compresses what reads bring, where the client takes it. Answers to other requests may hold a token, a code or
// a passphrase and stay as they are.
func packed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(leastPacked), gzhttp.CompressionLevel(packing),
		gzhttp.RandomJitter(jitter, 0, false), gzhttp.EnableZstd(false),
		gzhttp.ContentTypes([]string{"application/json", "application/problem+json", "application/yaml",
			"application/x-ndjson", "image/svg+xml", "text/csv", "text/html", "text/plain"}))
	if err != nil {
		panic(err) // constants are wrong
	}
	compressing := wrap(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			h.ServeHTTP(w, r)
			return
		}
		compressing.ServeHTTP(w, r)
	})
}

// spared answers a read with 304 when the client has the answer already: the version of what it asks for, where the
// route says that nothing else changes its answer (rest.Route.Settled), and for other JSON the same bytes. The handler
// has run and the reading is on record either way. A HEAD is a read whose body the server keeps.
func spared(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		if r.Method != http.MethodGet {
			h.ServeHTTP(w, r)
			return
		}
		s := &sparing{ResponseWriter: w, exchange: rest.ExchangeOf(r.Context()), had: r.Header.Get("If-None-Match")}
		h.ServeHTTP(s, r)
		s.finish()
	})
}

// sparing holds an answer back until it is known whether the client has it.
type sparing struct {
	http.ResponseWriter
	exchange *rest.Exchange
	had      string
	status   int
	held     *bytes.Buffer // of an answer that is compared by its bytes
	dropped  bool          // the client has it
}

// WriteHeader decides what becomes of the answer.
func (s *sparing) WriteHeader(status int) {
	if s.status != 0 {
		return
	}
	s.status = status
	h := s.Header()
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	tag := h.Get("ETag")
	switch {
	case status != http.StatusOK:
	case tag != "" && s.exchange.Settled() && matches(s.had, tag):
		s.drop()
		return
	case tag == "" && kind == "application/json":
		s.held = &bytes.Buffer{}
		return
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write takes a part of the answer.
func (s *sparing) Write(p []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	switch {
	case s.dropped:
		return len(p), nil
	case s.held == nil:
		return s.ResponseWriter.Write(p)
	case s.held.Len()+len(p) > mostTagged:
		if err := s.release(); err != nil {
			return 0, err
		}
		return s.ResponseWriter.Write(p)
	}
	return s.held.Write(p)
}

// FlushError lets go of what is held: who flushes has no whole answer to compare.
func (s *sparing) FlushError() error {
	if s.held != nil {
		if err := s.release(); err != nil {
			return err
		}
	}
	return http.NewResponseController(s.ResponseWriter).Flush()
}

// Unwrap serves http.ResponseController.
func (s *sparing) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *sparing) release() error {
	held := s.held
	s.held = nil
	s.ResponseWriter.WriteHeader(s.status)
	_, err := s.ResponseWriter.Write(held.Bytes())
	return err
}

// finish tags a whole answer by its bytes and sends it, unless the client has it.
func (s *sparing) finish() {
	if s.held == nil {
		return
	}
	sum := sha256.Sum256(s.held.Bytes())
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	s.Header().Set("ETag", tag)
	if matches(s.had, tag) {
		s.drop()
		return
	}
	_ = s.release() // the exchange knows why it failed
}

func (s *sparing) drop() {
	s.dropped, s.held = true, nil
	h := s.Header()
	h.Del("Content-Type")
	h.Del("Content-Length")
	s.ResponseWriter.WriteHeader(http.StatusNotModified)
}

// matches compares tags weakly, as RFC 9110 (13.1.2) asks for If-None-Match. The star asks whether there is anything,
// which no reader here does.
func matches(had, tag string) bool {
	for one := range strings.SplitSeq(had, ",") {
		if one = strings.TrimSpace(one); one != "" && strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// shared lets pages of other origins read answers, where the settings name them. Nothing here is signed in by a cookie,
// so that an origin can do no more than its user's own program.
func shared(e *echo.Echo, origins []string) {
	if len(origins) == 0 {
		return
	}
	e.Pre(middleware.CORSWithConfig(middleware.CORSConfig{AllowOrigins: origins,
		AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete},
		AllowHeaders: []string{"Authorization", "Content-Type", "Accept-Language", "Idempotency-Key", "If-Match",
			"If-None-Match"},
		ExposeHeaders: []string{"ETag", "Location", "Link", "Retry-After", "Content-Disposition", "Content-Language",
			"X-Request-Id"},
		MaxAge: 600}))
}
