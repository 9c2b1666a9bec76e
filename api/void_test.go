package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// Every part is voided by who recorded it on the same day, and by who may reverse anything; by nobody else, and once.
// Then it is on no list any more, and can be recorded again.
func TestWhoVoidsAPart(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	boss, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	o, auditor := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Auditor, "3273")
	stranger := b.Officer(t, authz.Supervisor, "3204")
	vacancy := openVacancy(t, boss)
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/wish", map[string]any{"occupations": []string{"7531"}, "reach": "regency"})
	for path, record := range map[string]func() apitest.Answer{
		"/proposals": func() apitest.Answer { return o.Change(t, &c, "/proposals", map[string]any{"vacancy": vacancy}) },
		"/prakerja": func() apitest.Answer {
			return o.Change(t, &c, "/prakerja", map[string]any{"batch": "65", "awarded_on": "2026-11-01"})
		},
		"/documents": func() apitest.Answer {
			a := o.Upload(t, "/v1/cases/"+c.ID+"/documents", scanOf(t), map[string]string{"kind": "identity_card"},
				"If-Match", rest.ETag(c.Version))
			a.JSON(t, &c)
			return a
		},
	} {
		for _, by := range []*apitest.Officer{o, boss} {
			if a := record(); a.Status != http.StatusCreated {
				t.Fatalf("%s: %d %s", path, a.Status, a.Body)
			}
			made, void := c.Version, fmt.Sprintf("/parts/%s/void", c.Created)
			for name, who := range map[string]struct {
				*apitest.Officer
				status int
			}{"another one": {other, http.StatusForbidden}, "an auditor": {auditor, http.StatusForbidden},
				"another office": {stranger, http.StatusNotFound}} {
				if a := who.Change(t, &c, void, reason); a.Status != who.status || c.Version != made {
					t.Errorf("%s by %s: %d %s", path, name, a.Status, a.Body)
				}
			}
			if by == boss {
				void = fmt.Sprintf("/history/%d/reversal", made)
			}
			if a := by.Change(t, &c, void, reason); a.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", path, a.Status, a.Body)
			}
			f := partsOf(t, b, c)
			left := len(f.Proposals) + len(f.PrakerjaCards) + len(f.Documents)
			again := boss.Change(t, &c, fmt.Sprintf("/history/%d/reversal", made), reason)
			if left != 0 || again.Code() != "entry.already_voided" {
				t.Errorf("%s: %d are left; again: %d %s", path, left, again.Status, again.Body)
			}
		}
	}
}

// A correction of a part that is voided gives back what stood before; one of the worker stays, and is corrected anew.
func TestAVoidedCorrection(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/applications"
	o.Change(t, &c, path, map[string]any{"employer": "PT Satu", "position": "las"})
	application := c.Created
	employer := func() string {
		t.Helper()
		return partsOf(t, b, c).Applications[0].Employer
	}
	made := c.Version
	patch(t, o, &c, path+"/"+application, map[string]any{"employer": "PT Dua", "reason": "salah ketik"})
	if employer() != "PT Dua" {
		t.Fatalf("corrected to %s", employer())
	}
	corrected := c.Version
	if a := o.Change(t, &c, fmt.Sprintf("/history/%d/void", made), reason); a.Code() != "entry.built_upon" {
		t.Errorf("what was corrected since: %d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &c, fmt.Sprintf("/history/%d/void", corrected), reason); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if employer() != "PT Satu" {
		t.Errorf("came back as %s", employer())
	}
	patch(t, o, &c, "", map[string]any{"terminated_on": "2026-09-01", "reason": "salah ketik"})
	if a := o.Change(t, &c, fmt.Sprintf("/history/%d/void", c.Version), reason); a.Status != http.StatusOK {
		t.Errorf("of the case: %d %s", a.Status, a.Body)
	}
	var file struct {
		TerminatedOn string `json:"terminated_on"`
	}
	if o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file); file.TerminatedOn != "2026-10-01" {
		t.Errorf("the day of the PHK came back as %s", file.TerminatedOn)
	}
	patch(t, o, &c, "/worker", map[string]any{"position": "supir", "reason": "salah ketik"})
	if a := o.Change(t, &c, fmt.Sprintf("/history/%d/void", c.Version), reason); a.Code() != "entry.lasting" {
		t.Errorf("of the worker: %d %s", a.Status, a.Body)
	}
}

func partsOf(t *testing.T, b *apitest.Bundle, c apitest.Case) track.Tracks {
	t.Helper()
	id, err := casework.ParseID(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, f, err := b.Store.GetTracks(t.Context(), authz.Everywhere(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var reason = map[string]any{"reason": "keliru"}

func openVacancy(t *testing.T, o *apitest.Officer) string {
	t.Helper()
	var out struct{ Items []struct{ ID string } }
	o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "uji", "items": []any{map[string]any{
		"region": "3273", "employer": "PT L", "title": "Penjahit", "occupation": "7531", "openings": 1}}}).JSON(t, &out)
	id := out.Items[0].ID
	a := o.Call(t, http.MethodPost, "/v1/vacancies/"+id+"/transitions", map[string]any{"to": "open"}, "If-Match", `"1"`)
	if a.Status != http.StatusOK {
		t.Fatalf("open a vacancy: %d %s", a.Status, a.Body)
	}
	return id
}
