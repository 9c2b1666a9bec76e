package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

const listHead = "No,NIK,Nama Lengkap,Tempat Lahir,Tanggal Lahir,Jenis Kelamin,No. KPJ,Jabatan,Upah Terakhir,Tanggal PHK," +
	"Alasan PHK,No HP,Email,Alamat,Kab/Kota\n"

const goodRow = "1,3273014101900001,Siti Aminah,Bandung,01/01/1990,P,09741283392,Penjahit,2906000,27/10/2026,Efisiensi," +
	"081234567890,siti@example.com,Jl. Cempaka 1,Kota Bandung\n"

const badRow = "2,123,Budi Santoso,Bandung,02/02/1991,L,09741283393,Penjahit,2906000,27/10/2026,Efisiensi," +
	"081234567891,budi@example.com,Jl. Cempaka 2,Kota Bandung\n"

// sendFile sends a form with a file to a page.
func sendFile(t *testing.T, b *apitest.Bundle, o *apitest.Officer, path, file string, form url.Values) apitest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "daftar.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(file))
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", apitest.SessionCookie+"="+o.Token)
	return b.Do(r)
}

// A list goes from the upload over its refused row, mended and loaded again on the same page, to the cases it opens.
func TestAListFromUploadToCases(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	form := o.Page(t, "/daftar/buat/intake-create").Form("employer_name", "PT Contoh", "employer_region", "Kota Bandung",
		"reference", "12/HRD", "planned_on", "1/11/2026")
	a := sendFile(t, b, o, "/daftar/buat/intake-create", listHead+goodRow+badRow, form)
	at, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/daftar/") {
		t.Fatalf("%d %s %s", a.Status, at, a.Body)
	}
	id := uuid.MustParse(strings.TrimPrefix(at, "/daftar/"))
	page := o.Page(t, at)
	if page.Header.Get("Refresh") != "3" {
		t.Errorf("a list that is being checked is not looked at again: %v", page.Header)
	}
	has(t, "a list being checked", string(page.Body), "Sedang diperiksa", "<progress")
	hasNot(t, "a list being checked", string(page.Body), `/buat/intake-apply"`, `id="muat"`)
	if err := b.Services.Intakes.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	page = o.Page(t, at)
	if page.Header.Get("Refresh") != "" {
		t.Error("a list that is checked is looked at again")
	}
	has(t, "a checked list", string(page.Body), "Buka 1 kasus", `id="muat"`, `name="reference" value="12/HRD"`,
		`name="planned_on" value="2026-11-01"`, "Budi Santoso", "kolom B (NIK)", `href="`+at+`?status=reject"`)
	refused := ok(t, o, at+"?status=reject")
	has(t, "its refused rows", refused, "Budi Santoso")
	hasNot(t, "its refused rows", refused, "Siti Aminah")
	has(t, "its rows that are passed over", ok(t, o, at+"?status=valid_warning"), "Tidak ada baris dengan pilihan ini.")
	again := mended(t, b, o, page)
	if again == at {
		t.Fatal("the corrected list is the first one")
	}
	next := o.Page(t, again)
	has(t, "the corrected list", string(next.Body), "Buka 2 kasus", "PT Contoh", "12/HRD")
	hasNot(t, "the corrected list", string(next.Body), `id="muat"`)
	applied(t, b, o, again, next)
}

// mended loads the corrected list with the form on the page of the first one, and has it checked.
func mended(t *testing.T, b *apitest.Bundle, o *apitest.Officer, page apitest.Answer) string {
	t.Helper()
	form := page.Form()
	for _, name := range []string{"employer_name", "employer_region", "employer_nib", "reference", "reason", "planned_on"} {
		_, value, _ := strings.Cut(string(page.Body), `name="`+name+`" value="`)
		value, _, _ = strings.Cut(value, `"`)
		form.Set(name, value)
	}
	a := sendFile(t, b, o, "/daftar/buat/intake-create",
		listHead+goodRow+strings.Replace(badRow, ",123,", ",3273010202910002,", 1), form)
	at, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/daftar/") {
		t.Fatalf("mended: %d %s", a.Status, a.Body)
	}
	if err := b.Services.Intakes.Check(t.Context(), uuid.MustParse(strings.TrimPrefix(at, "/daftar/"))); err != nil {
		t.Fatal(err)
	}
	return at
}

// applied opens the cases of a list, once however often it is sent, and follows the link to them.
func applied(t *testing.T, b *apitest.Bundle, o *apitest.Officer, at string, page apitest.Answer) {
	t.Helper()
	form := page.Form()
	for range 2 {
		if a := o.Send(t, at+"/buat/intake-apply", form); a.Header.Get("Location") != at+"?selesai=intake-apply" {
			t.Fatalf("apply: %d %s %s", a.Status, a.Header.Get("Location"), a.Body)
		}
	}
	working := o.Page(t, at)
	if working.Header.Get("Refresh") != "3" {
		t.Error("a list that is being opened is not looked at again")
	}
	if err := b.Services.Intakes.Run(t.Context(), uuid.MustParse(strings.TrimPrefix(at, "/daftar/"))); err != nil {
		t.Fatal(err)
	}
	done := ok(t, o, at)
	has(t, "an applied list", done, "Kasus sudah dibuka", "Kasus dibuka")
	cases := links(done, "/kasus?layoff=")
	if len(cases) != 1 {
		t.Fatalf("the list leads to %v: %s", cases, done)
	}
	has(t, "its cases", ok(t, o, cases[0]), "Siti Aminah", "Budi Santoso")
	hasNot(t, "an applied list", done, `name="_key"`)
}

// A list of another office is not there; an auditor sees a list and cannot work on it.
func TestAListIsItsOfficesOwn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	form := o.Page(t, "/daftar/buat/intake-create").Form("employer_name", "PT Contoh", "employer_region", "3273")
	a := sendFile(t, b, o, "/daftar/buat/intake-create", listHead+goodRow+badRow, form)
	at, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	if err := b.Services.Intakes.Check(t.Context(), uuid.MustParse(strings.TrimPrefix(at, "/daftar/"))); err != nil {
		t.Fatal(err)
	}
	foreign := b.Officer(t, authz.Supervisor, "3204").Page(t, at)
	if foreign.Status != http.StatusNotFound || strings.Contains(string(foreign.Body), "PT Contoh") {
		t.Errorf("another office: %d %s", foreign.Status, foreign.Body)
	}
	seen := ok(t, b.Officer(t, authz.Auditor, "3273"), at)
	has(t, "an auditor", seen, "PT Contoh")
	hasNot(t, "an auditor", seen, "/buat/", "<button>Buka")
}
