package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tanggap/tanggap/pkg/clock"
)

// digest is that of a request with a body.
func digest(t *testing.T, method, path, version, body string) string {
	t.Helper()
	e := &API{Deps: Deps{Clock: clock.System(), Times: DefaultTimes()}}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", version)
	w := httptest.NewRecorder()
	x, r := e.Take(w, r, "192.0.2.1")
	c := &call{route: Route{MaxBody: 1 << 10}}
	if _, err := receive(humago.NewContext(&huma.Operation{}, r, w), x, c); err != nil {
		t.Fatal(err)
	}
	return string(c.digest)
}

// A key belongs to one request: to its method, its path, the version that it is based on, and its body.
func TestWhatTellsOneRequestFromAnother(t *testing.T) {
	t.Parallel()
	const path, body = "/v1/cases/a/notes", `{"text":"x"}`
	one := digest(t, http.MethodPost, path, `"1"`, body)
	for name, other := range map[string]string{
		"another method":  digest(t, http.MethodPatch, path, `"1"`, body),
		"another path":    digest(t, http.MethodPost, "/v1/cases/b/notes", `"1"`, body),
		"another version": digest(t, http.MethodPost, path, `"2"`, body),
		"another body":    digest(t, http.MethodPost, path, `"1"`, `{"text":"y"}`),
	} {
		if other == one {
			t.Errorf("%s has the same digest", name)
		}
	}
	if again := digest(t, http.MethodPost, path, `"1"`, body); again != one {
		t.Error("the same request has another digest")
	}
}
