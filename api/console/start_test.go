package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// The bare address leads everybody to the page that their work begins with, and who has not signed in to that.
func TestTheBareAddressLeadsToWork(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	out := *o
	out.Token = ""
	if a := out.Page(t, "/"); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/masuk?ke=%2F" {
		t.Errorf("without a session: %d %s", a.Status, a.Header.Get("Location"))
	}
	if a := o.Page(t, "/"); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/tugas" {
		t.Errorf("a case worker: %d %s", a.Status, a.Header.Get("Location"))
	}
	in := url.Values{"email": {o.Email}, "password": {o.Password}, "ke": {"/"}}
	if a := out.Send(t, "/masuk", in); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/" {
		t.Errorf("signed in: %d %s", a.Status, a.Header.Get("Location"))
	}
}
