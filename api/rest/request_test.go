package rest

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// A request is held to one form before anything reads it.
func TestRequestsOfOneForm(t *testing.T) {
	t.Parallel()
	const long = "/v1/cases"
	for target, want := range map[string]int{
		"/":                 0,
		long:                0,
		long + "/x?limit=1": 0,
		long + "?a=1&b=2":   0,
		long + "?a=%C3%A4":  0,
		long + "/":          404,
		"/v1//cases":        404,
		"/v1/./cases":       404,
		"/v1/../v1/cases":   404,
		"/v1/cases%2Fx":     404,
		"/v1/%2e%2e/x":      404,
		"/v1/ca%5Cses":      404,
		"/v1/cases;x":       404,
		"/v1/cases%00":      404,
		long + "?a=1&a=2":   400,
		long + "?a=1&%61=2": 400,
		long + "?a=1;b=2":   400,
		long + "?a=%zz":     400,
		long + "?a=%00":     400,
		long + "?a%00=1":    400,
		long + "?a=%ff":     400,
		long + "?%ff=a":     400,
	} {
		u, err := url.Parse("http://x" + target)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.URL = u
		_, problem := Prepare(r)
		if (problem == nil) != (want == 0) || problem != nil && problem.Status != want {
			t.Errorf("%s: %+v, want %d", target, problem, want)
		}
	}
}

// A header that decides anything stands once; others may come as often as they like.
func TestHeadersThatStandOnce(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"Authorization": true, "Content-Type": true, "Idempotency-Key": true,
		"If-Match": true, "Content-Length": true, "Host": true, "Accept": false, "X-Forwarded-For": false} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/cases", nil)
		r.Header.Add(name, "a")
		if _, problem := Prepare(r); problem != nil {
			t.Errorf("%s once: %s", name, problem.Code)
		}
		r.Header.Add(name, "a")
		if _, problem := Prepare(r); (problem != nil) != refused || refused && problem.Code != "input.repeated_header" {
			t.Errorf("%s twice: %+v", name, problem)
		}
	}
}

// Every request has an id of its own and a language, whether it is refused or not.
func TestRequestsAreTold(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range []struct{ path, asked, lang string }{{"/v1/cases", "en", "en"}, {"/v1/cases", "id", "id"},
		{"/v1/cases/", "en-GB,en;q=0.8", "en"}, {"/v1/cases", "fr", "id"}, {"/v1/cases", "", "id"}} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.asked)
		r, problem := Prepare(r)
		id := RequestID(r.Context())
		if _, err := uuid.Parse(id); err != nil || seen[id] {
			t.Errorf("the id is %q", id)
		}
		seen[id] = true
		if got := Language(r.Context()); got != c.lang {
			t.Errorf("asked for %q: %q", c.asked, got)
		}
		if problem != nil && (problem.Instance != "urn:uuid:"+id || problem.lang != c.lang) {
			t.Errorf("%+v", problem)
		}
	}
}

// written is an answer that writes itself.
type written struct{ err error }

func (w written) AppendJSON(b []byte) ([]byte, error) { return append(b, `{"a":1}`...), w.err }

// An answer that writes itself looks as one of the encoder's, and one that cannot be written is a failure.
func TestAnswersThatWriteThemselves(t *testing.T) {
	t.Parallel()
	var own, others bytes.Buffer
	if err := errors.Join(encodeJSON(&own, written{}), encodeJSON(&others, map[string]int{"a": 1})); err != nil {
		t.Fatal(err)
	}
	if own.String() != others.String() || !strings.HasSuffix(own.String(), "\n") {
		t.Errorf("%q and %q", own.String(), others.String())
	}
	if err := encodeJSON(&own, written{errors.ErrUnsupported}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	if err := encodeJSON(&own, make(chan int)); err == nil {
		t.Error("a channel is an answer")
	}
}
