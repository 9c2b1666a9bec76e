package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// answer is what the parts of answers that matter here have in common.
type answer struct {
	ID, Created string
	Version     int
	Items       []item
	Code        string
	Detail      string
	Errors      []struct{ Field, Detail string }
}

type item struct {
	ID        string
	PlannedOn calendar.Date `json:"planned_on"`
	Employer  any           // an object in lists of layoffs, a text elsewhere
}

func (i item) employer() string {
	of, _ := i.Employer.(map[string]any)
	name, _ := of["name"].(string)
	return name
}

// made is the id of what a call made.
func (a answer) made() string {
	if a.Created != "" {
		return a.Created
	}
	return a.ID
}

// subject finds the thing in a path that has a version.
var subject = regexp.MustCompile(`^/v1/(?:cases|layoffs|vacancies)/([0-9a-f-]{36})`)

// call sends JSON; the newest version that was answered goes along.
func (t *Teller) call(ctx context.Context, as, path string, body any) (answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return answer{}, fmt.Errorf("write a request: %w", err)
	}
	if string(text) == "null" {
		return t.send(ctx, as, path, "", nil)
	}
	return t.send(ctx, as, path, "application/json", text)
}

// upload sends a list with the fields beside it.
func (t *Teller) upload(ctx context.Context, as, path, list string, fields map[string]any) (answer, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := w.SetBoundary("contoh") // the same request every time
	part, bad := w.CreateFormFile("file", "daftar-contoh.csv")
	if err = errors.Join(err, bad); err == nil {
		_, err = part.Write([]byte(list))
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		err = errors.Join(err, w.WriteField(name, fmt.Sprint(fields[name])))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return answer{}, fmt.Errorf("write a list: %w", err)
	}
	return t.send(ctx, as, path, w.FormDataContentType(), b.Bytes())
}

func (t *Teller) send(ctx context.Context, as, path, kind string, body []byte) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("make a request: %w", err)
	}
	t.sent++
	r.Header.Set("Idempotency-Key", "demo-"+t.today.String()+"-"+strconv.Itoa(t.sent))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	of := ""
	if m := subject.FindStringSubmatch(path); m != nil {
		of = m[1]
		r.Header.Set("If-Match", `"`+strconv.Itoa(t.versions[of])+`"`)
	}
	a, err := t.ask(ctx, as, r)
	if err != nil {
		return a, err
	}
	if of == "" {
		of = a.ID
	}
	switch {
	case strings.HasPrefix(path, "/v1/cases"):
		t.versions[of] = max(a.Version, t.versions[of])
	default: // a repeated answer has the version of now
		t.versions[of]++
	}
	if len(a.Items) > 0 && a.ID == "" {
		a.ID = a.Items[0].ID
		t.versions[a.ID] = 1
	}
	return a, nil
}

// ask hands a request to the API as an officer.
func (t *Teller) ask(ctx context.Context, as string, r *http.Request) (a answer, err error) {
	token := t.tokens[as]
	if token == "" {
		if token, err = t.Bearer(ctx, as); err != nil {
			return a, fmt.Errorf("let %s in: %w", as, err)
		}
		t.tokens[as] = token
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Language", "en")
	r.RemoteAddr = "127.0.0.1:1"
	w := &recorder{header: http.Header{}}
	t.API.ServeHTTP(w, r)
	if w.body.Len() > 0 {
		err = json.Unmarshal(w.body.Bytes(), &a)
	}
	if err != nil || w.status >= http.StatusMultipleChoices {
		return a, fmt.Errorf("status %d, %s: %s %v: %w", w.status, a.Code, a.Detail, a.Errors, errors.Join(err, errRefused))
	}
	return a, nil
}

var errRefused = errors.New("the office was not told whole")

// get reads what is there.
func (t *Teller) get(ctx context.Context, as, path string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return answer{}, fmt.Errorf("make a request: %w", err)
	}
	return t.ask(ctx, as, r)
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(text []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(text)
}
