package console_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// An employer's list is uploaded in a page, and once: the form that is sent again leads to the same list.
func TestAListIsUploaded(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	list, err := os.ReadFile("../../pkg/intake/testdata/clean_500.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	const path = "/daftar/buat/intake-create"
	form := o.Page(t, path).Form("employer_name", "PT Contoh <i>", "employer_region", "Kota Bandung", "reference", "",
		"planned_on", "")
	without := o.Send(t, path, form)
	if without.Status != http.StatusUnprocessableEntity && without.Status != http.StatusUnsupportedMediaType ||
		!strings.Contains(string(without.Body), `value="PT Contoh &lt;i&gt;"`) {
		t.Errorf("without a file: %d", without.Status)
	}
	a := o.SendFile(t, path, form, "file", "daftar.xlsx", list)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/daftar/") {
		t.Fatalf("%d %s", a.Status, summary(a))
	}
	again := o.SendFile(t, path, form, "file", "daftar.xlsx", list)
	if again.Header.Get("Location") != a.Header.Get("Location") {
		t.Errorf("the same form again: %d %s", again.Status, again.Header.Get("Location"))
	}
	var lists struct{ Items []any }
	if o.Call(t, http.MethodGet, "/v1/intakes", nil).JSON(t, &lists); len(lists.Items) != 1 {
		t.Errorf("there are %d lists", len(lists.Items))
	}
}

// summary is what a page says is wrong.
func summary(a apitest.Answer) string {
	_, text, _ := strings.Cut(string(a.Body), `<div class="summary"`)
	text, _, _ = strings.Cut(text, "</div>")
	return text
}
