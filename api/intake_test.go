package api_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

const samples = "../pkg/intake/testdata/"

type intake struct {
	ID, State, Refusal string
	Rows               struct{ Total, Valid, Warned, Refused, Skipped, Done, Opened, Known int }
	status             int // of the answer to the upload
}

// upload sends a list and runs the jobs that it starts, up to the report.
func upload(t *testing.T, b *apitest.Bundle, o *apitest.Officer, name string) intake {
	t.Helper()
	return uploadBytes(t, b, o, name, sampleFile(t, name))
}

func sampleFile(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(samples + name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func uploadBytes(t *testing.T, b *apitest.Bundle, o *apitest.Officer, name string, file []byte) intake {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, value := range map[string]string{"employer_name": "PT Contoh", "employer_region": "3273"} {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/v1/intakes", &body)
	r.Header.Set("Authorization", "Bearer "+o.Token)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Idempotency-Key", uuid.NewString())
	a := b.Do(r)
	var in intake
	a.JSON(t, &in)
	if a.Status >= http.StatusBadRequest {
		t.Fatalf("upload: %d %s", a.Status, a.Body)
	}
	if err := b.Services.Intakes.Check(t.Context(), uuid.MustParse(in.ID)); err != nil {
		t.Fatal(err)
	}
	checked := progress(t, o, in.ID)
	checked.status = a.Status
	return checked
}

func progress(t *testing.T, o *apitest.Officer, id string) (in intake) {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/intakes/"+id, nil)
	a.JSON(t, &in)
	return in
}

func apply(t *testing.T, b *apitest.Bundle, o *apitest.Officer, id string) intake {
	t.Helper()
	if a := o.Call(t, http.MethodPost, "/v1/intakes/"+id+"/application", nil); a.Status >= http.StatusBadRequest {
		t.Fatalf("apply: %d %s", a.Status, a.Body)
	}
	if err := b.Services.Intakes.Run(t.Context(), uuid.MustParse(id)); err != nil {
		t.Fatal(err)
	}
	return progress(t, o, id)
}

// residents counts the workers of the clean list per regency, by reading its CSV with nothing of ours but the names of
// regions.
func residents(t *testing.T) map[string]int {
	t.Helper()
	file, err := os.Open(filepath.Clean(samples + "clean_500.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := -1
	for i, header := range rows[0] {
		if header == "Kab/Kota" {
			column = i
		}
	}
	if column < 0 {
		t.Fatalf("no column of regencies in %q", rows[0])
	}
	tree, count := apitest.Tree(t), map[string]int{}
	for _, row := range rows[1:] {
		code, err := tree.ResolveRegency(row[column])
		if err != nil {
			t.Fatal(err)
		}
		count[string(code.Code)]++
	}
	return count
}

// Both forms of the clean list give 500 workers and one case each in the office of the worker's regency; the other form
// of the same list, loaded after it, opens nothing.
func TestCleanListGivesOneCasePerWorkerWhereTheyLive(t *testing.T) {
	t.Parallel()
	for _, names := range [][2]string{{"clean_500.csv", "clean_500.xlsx"}, {"clean_500.xlsx", "clean_500.csv"}} {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			b := apitest.New(t)
			ministry := b.Officer(t, authz.Supervisor, "")
			first := upload(t, b, ministry, names[0])
			if first.State != "checked" || first.Rows.Valid+first.Rows.Warned != 500 || first.Rows.Refused != 0 ||
				first.Rows.Opened != 0 {
				t.Fatalf("dry run: %+v", first)
			}
			if done := apply(t, b, ministry, first.ID); done.State != "applied" || done.Rows.Opened != 500 {
				t.Fatalf("applied: %+v", done)
			}
			if again := upload(t, b, ministry, names[0]); again.ID != first.ID || again.Rows.Opened != 500 {
				t.Errorf("the same file gave %+v", again)
			}
			other := apply(t, b, ministry, upload(t, b, ministry, names[1]).ID)
			if other.ID == first.ID || other.Rows.Opened != 0 || other.Rows.Known != 500 {
				t.Errorf("the other form of the list: %+v", other)
			}
			total := 0
			for code, want := range residents(t) {
				var counts struct{ Total int }
				ministry.Call(t, http.MethodGet, "/v1/cases/counts?office="+code, nil).JSON(t, &counts)
				if counts.Total != want {
					t.Errorf("%s has %d cases, want %d", code, counts.Total, want)
				}
				total += counts.Total
			}
			if total != 500 {
				t.Errorf("%d cases in all", total)
			}
		})
	}
}

// The report on a list gives every row back with its reasons. Loaded again as it is, it is judged as before, row by
// row; with the refused rows mended, they become usable.
func TestAReportCanBeCorrectedAndLoadedAgain(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	for _, name := range []string{"messy.xlsx", "messy_utf8bom_semicolon.csv"} {
		first := upload(t, b, o, name)
		a := o.Call(t, http.MethodGet, "/v1/intakes/"+first.ID+"/report", nil, "Accept-Language", "id")
		if a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		book, err := excelize.OpenReader(bytes.NewReader(a.Body))
		if err != nil {
			t.Fatal(err)
		}
		reasons := 0
		for _, name := range book.GetSheetList() {
			rows, err := book.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			head := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, "Yang perlu dibetulkan") })
			for _, row := range rows[max(head, 0):] {
				if why := slices.Index(rows[max(head, 0)], "Yang perlu dibetulkan"); head >= 0 && len(row) > why &&
					slices.Contains(row, "ditolak") && row[why] != "" {
					reasons++
				}
			}
		}
		if reasons != first.Rows.Refused {
			t.Errorf("%s: %d rows say why, %d were refused", name, reasons, first.Rows.Refused)
		}
		again := uploadBytes(t, b, o, "hasil-"+name+".xlsx", a.Body)
		if again.Rows.Refused != first.Rows.Refused || again.Rows.Valid+again.Rows.Warned != first.Rows.Valid+
			first.Rows.Warned {
			t.Errorf("%s: loaded again %+v, was %+v", name, again.Rows, first.Rows)
		}
	}
}

// Progress is told as it happens, and ends with the state that lasts; the stream ends when the session does.
func TestProgressIsTold(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	server := httptest.NewServer(b.Server)
	defer server.Close()
	o := b.Officer(t, authz.Supervisor, "")
	follow := func(id string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/intakes/"+id+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+o.Token)
		resp, err := http.DefaultClient.Do(r)
		if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("%v, %v", resp, err)
		}
		return resp
	}
	in := upload(t, b, o, "clean_500.csv")
	if a := o.Call(t, http.MethodPost, "/v1/intakes/"+in.ID+"/application", nil); a.Status >= http.StatusBadRequest {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	resp := follow(in.ID)
	first := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "event" {
		t.Fatalf("%q, %v", first, err)
	}
	if err := b.Services.Intakes.Run(t.Context(), uuid.MustParse(in.ID)); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(rest), `"state":"applied"`) || !strings.Contains(string(rest),
		`"opened":500`) {
		t.Errorf("%s, %v", rest, err)
	}
	other := uploadBytes(t, b, o, "other.csv", append(sampleFile(t, "clean_500.csv"), '\n'))
	if a := o.Call(t, http.MethodPost, "/v1/intakes/"+other.ID+"/application", nil); a.Status >= http.StatusBadRequest {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	resp = follow(other.ID)
	o.Call(t, http.MethodDelete, "/v1/session", nil)
	if rest, err := io.ReadAll(resp.Body); err != nil || strings.Contains(string(rest), "applied") {
		t.Errorf("after the session: %s, %v", rest, err)
	}
}

// A list that is stopped keeps what it opened, opens no more, and can be taken up again where it was.
func TestAStoppedListGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	in := upload(t, b, o, "clean_500.csv")
	post := func(path string) {
		t.Helper()
		if a := o.Call(t, http.MethodPost, "/v1/intakes/"+in.ID+path, nil); a.Status >= http.StatusBadRequest {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	post("/application")
	post("/cancellation")
	if err := b.Services.Intakes.Run(t.Context(), uuid.MustParse(in.ID)); err != nil {
		t.Fatal(err)
	}
	if now := progress(t, o, in.ID); now.State != "cancelled" || now.Rows.Opened != 0 {
		t.Errorf("stopped: %+v", now)
	}
	if done := apply(t, b, o, in.ID); done.State != "applied" || done.Rows.Opened != 500 {
		t.Errorf("taken up again: %+v", done)
	}
}
