package apitest

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// SessionCookie carries a session to the pages of the console.
const SessionCookie = "__Host-sesi"

// Page visits a page of the console.
func (o *Officer) Page(t testing.TB, path string, headers ...string) Answer {
	t.Helper()
	return o.browse(httptest.NewRequest(http.MethodGet, path, nil), headers...)
}

// Send sends a form to a page.
func (o *Officer) Send(t testing.TB, path string, form url.Values, headers ...string) Answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.browse(r, headers...)
}

func (o *Officer) browse(r *http.Request, headers ...string) Answer {
	if o.Token != "" {
		r.Header.Set("Cookie", SessionCookie+"="+o.Token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return o.b.Do(r)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(_[a-z]+)" value="([^"]*)">`)

// Form has the hidden fields of the last form on a page, and what is typed into it.
func (a Answer) Form(typed ...string) url.Values {
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(string(a.Body), -1) {
		form.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form
}

// SendFile sends a form with a file to a page.
func (o *Officer) SendFile(t testing.TB, path string, form url.Values, field, name string, content []byte) Answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, values := range form {
		for _, value := range values {
			if err := w.WriteField(key, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || w.Close() != nil {
		t.Fatalf("pack %s: %v", name, err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return o.browse(r)
}
