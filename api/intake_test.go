package api_test

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

const samples = "../pkg/intake/testdata/"

type intake struct {
	ID, State, Refusal string
	Rows               struct{ Total, Valid, Warned, Refused, Skipped, Done, Opened, Known int }
}

// upload sends a list and runs the jobs that it starts, up to the report.
func upload(t *testing.T, b *apitest.Bundle, o *apitest.Officer, name string) intake {
	t.Helper()
	file, err := os.ReadFile(samples + name)
	if err != nil {
		t.Fatal(err)
	}
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
	return progress(t, o, in.ID)
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
			if first.State != "checked" || first.Rows.Valid+first.Rows.Warned != 500 || first.Rows.Refused != 0 || first.Rows.Opened != 0 {
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
