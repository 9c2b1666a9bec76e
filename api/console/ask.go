package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/wording"
)

// answer is what the API answered to a page.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// refusal is an answer that is not what was asked for.
type refusal struct {
	status     int
	Code       string        `json:"code"`
	Title      string        `json:"title"`
	Detail     string        `json:"detail"`
	Instance   string        `json:"instance"`
	Case       string        `json:"case"`
	Errors     []rest.Detail `json:"errors"`
	unknowable bool          // whether it was done
}

func (r refusal) Error() string { return r.Code }

func (v *visit) refusalOf(p *rest.Problem) refusal {
	return refusal{status: p.Status, Code: p.Code, Title: p.Title, Detail: p.Detail, Instance: p.Instance,
		Errors: p.Errors}
}

// heard keeps an answer of the API.
type heard struct {
	answer
	buffer bytes.Buffer
}

func (h *heard) Header() http.Header { return h.answer.Header }

func (h *heard) WriteHeader(status int) {
	if h.Status == 0 {
		h.Status = status
	}
}

func (h *heard) Write(p []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.buffer.Write(p)
}

// ask puts a request to the API as the visitor. Headers are names and values in turn.
func (v *visit) ask(method, path, kind string, body []byte, headers ...string) (*answer, error) {
	r, err := http.NewRequestWithContext(v.ctx(), method, path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", method, err)
	}
	if body == nil {
		r.Body, r.ContentLength = http.NoBody, 0
	} else {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h := &heard{answer: answer{Header: http.Header{}}}
	v.API.ServeHTTP(h, rest.Asked(v.r, r, v.token))
	h.Body = h.buffer.Bytes()
	if h.Status < 300 {
		return &h.answer, nil
	}
	no := refusal{status: h.Status, Code: "internal"}
	_ = json.Unmarshal(h.Body, &no)
	no.unknowable = h.Status >= http.StatusInternalServerError || h.Status == http.StatusRequestTimeout
	return &h.answer, no
}

// get reads what a route of the API answers.
func (v *visit) get(path string, query url.Values, into any) (*answer, error) {
	if encoded := query.Encode(); encoded != "" {
		path += "?" + encoded
	}
	a, err := v.ask(http.MethodGet, path, "", nil)
	if err != nil {
		return a, err
	}
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return a, fmt.Errorf("read answer of %s: %w", path, err)
	}
	return a, nil
}

// post sends a JSON text.
func (v *visit) post(method, path string, body any, headers ...string) (*answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write request: %w", err)
	}
	return v.ask(method, path, "application/json", text, headers...)
}

// fill puts values into a path of the API.
func fill(path string, values map[string]string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, is := strings.CutPrefix(p, "{"); is {
			parts[i] = url.PathEscape(values[strings.TrimSuffix(name, "}")])
		}
	}
	return strings.Join(parts, "/")
}

// refuse answers with what stands in the way, as a page. It repeats nothing of the request: a page of another office
// and one that does not exist are the same bytes.
func (v *visit) refuse(err error) {
	var no refusal
	if !errors.As(err, &no) {
		no = v.refusalOf(v.Edge.Problem(v.ctx(), err))
	}
	if no.status == http.StatusUnauthorized && v.route.ID != "page-sign-in" {
		v.askToSignIn()
		return
	}
	if no.Title == "" {
		no.Title = v.T("status." + http.StatusText(no.status))
	}
	if no.Detail == "" || no.Code == "authz.forbidden" { // which names the action by its code
		no.Detail = v.T(map[bool]string{true: "console.forbidden", false: no.Code}[no.Code == "authz.forbidden"])
	}
	v.later(no.status)
	id := ""
	if no.status >= http.StatusInternalServerError {
		id = strings.TrimPrefix(no.Instance, "urn:uuid:")
	}
	v.render(no.status, "error", v.T("console.error")+": "+no.Title, struct {
		refusal
		Request string
	}{no, id})
}

// later says when to come again, where that helps.
func (v *visit) later(status int) {
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		v.w.Header().Set("Retry-After", "2")
	}
}

// T is a text in the visitor's language.
func (v *visit) T(code string, args ...string) string {
	named := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return wording.Message(v.lang(), code, named)
}
