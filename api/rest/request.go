package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/fault"
)

// singletons are the headers that a request may carry once at most.
var singletons = []string{"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Content-Length", "Host"}

// Prepare holds a request to its form before anything reads it, and gives it its id and language. A nil problem lets it
// pass. Its body is read only once it is known who calls.
func Prepare(r *http.Request) (*http.Request, *Problem) {
	id := uuid.Must(uuid.NewV7()).String()
	ctx := context.WithValue(r.Context(), requestKey{}, id)
	ctx = context.WithValue(ctx, languageKey{}, matchLanguage(r.Header.Get("Accept-Language")))
	refuse := func(status int, code string) (*http.Request, *Problem) {
		return r.WithContext(ctx), NewProblem(ctx, status, code)
	}
	if !canonical(r.URL) {
		return refuse(http.StatusNotFound, "route.not_found")
	}
	for _, name := range singletons {
		if len(r.Header.Values(name)) > 1 {
			return refuse(http.StatusBadRequest, "input.repeated_header")
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || strings.ContainsRune(r.URL.RawQuery, 0) || strings.Contains(r.URL.RawQuery, "%00") {
		return refuse(http.StatusBadRequest, "input.query")
	}
	for name, values := range query {
		if len(values) > 1 {
			return refuse(http.StatusBadRequest, "input.repeated_parameter")
		}
		if !utf8.ValidString(name + values[0]) {
			return refuse(http.StatusBadRequest, "input.query")
		}
	}
	return r.WithContext(ctx), nil
}

// canonical tells whether a path is in the one form that is served: no empty, dot or encoded segments, no slash at the
// end.
func canonical(u *url.URL) bool {
	return u.RawPath == "" && (u.Path == "/" || path.Clean(u.Path) == u.Path) && !strings.ContainsAny(u.Path, "\\;\x00")
}

// receive reads the body of a request that is let in, and gives the request its digest. A form with a file stays
// unread: the framework reads it through the exchange, and its digest is of what it holds.
func receive(hc huma.Context, x *Exchange, c *call) (huma.Context, error) {
	u := hc.URL()
	if x.body == nil || hc.Method() == http.MethodGet {
		digest := sha256.Sum256([]byte(hc.Method() + " " + u.Path))
		c.digest = digest[:]
		return hc, nil
	}
	c.waited = !c.route.Public
	kind, plain := contentOf(hc.Header("Content-Type"), hc.Header("Content-Encoding"))
	switch x.body.most = c.route.MaxBody; {
	case !plain:
		return hc, fault.New(fault.Unsupported, "input.content_type")
	case kind == "multipart/form-data" && c.route.Upload:
		return hc, nil
	case kind != "application/json":
		x.body.most = 0 // one byte is enough to refuse it
	}
	text, err := io.ReadAll(x.body)
	switch {
	case errors.Is(err, errBodyLarge) && x.body.most == 0:
		return hc, fault.New(fault.Unsupported, "input.content_type")
	case err != nil:
		return hc, x.body.problem(hc.Context())
	case len(text) > 0:
		if err := StrictJSON(text); err != nil {
			return hc, err
		}
	}
	c.text = text
	sum := sha256.New()
	_, _ = io.WriteString(sum, hc.Method()+" "+u.RequestURI()+"\n"+hc.Header("If-Match")+"\n")
	sum.Write(text)
	c.digest = sum.Sum(nil)
	return received{hc, bytes.NewReader(text)}, nil
}

// received is a request whose body has been read.
type received struct {
	frame
	body io.Reader
}

// frame is the framework's context under a name that leaves its method Context free.
type frame huma.Context

// BodyReader implements huma.Context.
func (r received) BodyReader() io.Reader { return r.body }

// Unwrap gives the context of the framework's adapter.
func (r received) Unwrap() huma.Context { return r.frame }

// buffers are answers on their way: an answer is whole before its first byte goes out, says its length, and leaves in
// one piece.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// encode is the last transformer: only there the headers are still open.
func encode(hc huma.Context, _ string, v any) (any, error) {
	b, _ := buffers.Get().(*bytes.Buffer)
	b.Reset()
	if err := encodeJSON(b, v); err != nil {
		return nil, err
	}
	hc.SetHeader("Content-Length", strconv.Itoa(b.Len()))
	return b, nil
}

var jsonFormat = huma.Format{Unmarshal: decodeJSON, Marshal: func(w io.Writer, v any) error {
	b, ok := v.(*bytes.Buffer)
	if !ok {
		return json.NewEncoder(w).Encode(v)
	}
	defer buffers.Put(b)
	_, err := w.Write(b.Bytes())
	return err
}}

// decodeJSON reads a body into its type, or into what the framework holds against the schema first.
func decodeJSON(text []byte, into any) error {
	loose, is := into.(*any)
	if !is {
		return json.Unmarshal(text, into)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(loose); err != nil {
		return err
	}
	*loose = numbers(*loose)
	return nil
}

// numbers makes whole numbers of those that are written as one. Another is not a number to the schema, so that its own
// field is named: 5000000.0 and 1e30 fit no integer of the program.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	}
	return v
}

// appender is an answer that writes itself.
type appender interface {
	AppendJSON(b []byte) ([]byte, error)
}

func encodeJSON(b *bytes.Buffer, v any) error {
	if a, ok := v.(appender); ok {
		text, err := a.AppendJSON(b.AvailableBuffer())
		b.Write(append(text, '\n'))
		return err
	}
	return json.NewEncoder(b).Encode(v)
}

// Configure is how the framework is set up for the edge.
func Configure() huma.Config {
	huma.NewErrorWithContext = humaError
	huma.NewError = func(status int, text string, errs ...error) huma.StatusError {
		return humaError(nil, status, text, errs...)
	}
	huma.DefaultArrayNullable = false // an array that is null would pass for one that is empty
	huma.ValidateStrictCasing = true  // or "Text" would be taken for "text", and both together for one key
	config := huma.DefaultConfig("Tanggap", "1.0.0")
	config.Info.Description =
		"Layoff-response casework for Indonesia: one case per laid-off worker, from the employer's report to placement."
	config.CreateHooks, config.DocsPath, config.OpenAPIPath, config.SchemasPath = nil, "", "", ""
	config.RejectUnknownQueryParameters = true
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	config.Transformers = append(config.Transformers, encode)
	config.Components.Schemas = newRegistry()
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"session": {Type: "http", Scheme: "bearer",
		Description: "The token that POST /v1/session answers"}}
	return config
}
