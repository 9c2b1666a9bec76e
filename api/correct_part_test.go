package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// mended corrects a part of a case, with the version that the case has.
func mended(t *testing.T, o *apitest.Officer, c *apitest.Case, path string, body any) apitest.Answer {
	t.Helper()
	a := o.Call(t, http.MethodPatch, "/v1/cases/"+c.ID+path, body, "If-Match", rest.ETag(c.Version))
	if a.Status < http.StatusBadRequest {
		a.JSON(t, c)
	}
	return a
}

// A decision that lacks facts names them, and leaves nothing behind: the claim waits, is completed, and decided.
func TestAWaitingClaimIsCompleted(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	facts := entitled(nil)
	delete(facts, "bank_account")
	delete(facts, "employer_deactivated")
	claim := madeBy(t, o.Change(t, &c, "/claims", facts))
	seq := c.Version
	a := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/claims/decision", map[string]any{}, "If-Match", rest.ETag(c.Version))
	if a.Status != http.StatusConflict || a.Code() != "claim.undecided" || !strings.Contains(string(a.Body), `"bank_account"`) ||
		!strings.Contains(string(a.Body), `"employer_deactivated"`) || strings.Contains(string(a.Body), `"citizenship"`) {
		t.Fatalf("decided without two facts: %d %s", a.Status, a.Body)
	}
	if a := mended(t, o, &c, "/claims/"+claim, map[string]any{"reason": "lengkap", "facts": map[string]any{"reason": "FOO"}}); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(string(a.Body), "facts.reason") {
		t.Errorf("an unknown reason: %d %s", a.Status, a.Body)
	}
	if a := mended(t, o, &c, "/claims/"+claim, map[string]any{"reason": "lengkap",
		"facts": map[string]any{"bank_account": "yes", "employer_deactivated": "yes"}}); a.Status != http.StatusOK || c.Version != seq+1 {
		t.Fatalf("not completed: %d %s", a.Status, a.Body)
	}
	if a := mended(t, o, &c, "/claims/"+claim, map[string]any{"reason": "x", "facts": map[string]any{"bank_account": "yes"}}); a.Code() != "correction.nothing" {
		t.Errorf("nothing changed: %d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &c, "/claims/decision", map[string]any{}); a.Status != http.StatusOK || c.Claim != "running" {
		t.Fatalf("not decided: %d %s", a.Status, a.Body)
	}
	if a := mended(t, o, &c, "/claims/"+claim, map[string]any{"reason": "x", "facts": map[string]any{"other_job": "yes"}}); a.Status != http.StatusOK ||
		!strings.Contains(string(a.Body), "claim.decision_differs") || c.Claim != "running" {
		t.Errorf("a fact of a decided claim: %d %s", a.Status, a.Body)
	}
}

// A fact that was left out of a correction stays, null takes it away, and the history shows both values to who may read
// the case.
func TestAPartIsCorrected(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	id := madeBy(t, o.Change(t, &c, "/applications", map[string]any{"employer": "PT Satu", "position": "Penjahit", "channel": "web"}))
	if a := o.Change(t, &c, "/applications", map[string]any{"employer": "PT satu", "position": "penjahit"}); a.Status != http.StatusConflict ||
		!strings.Contains(string(a.Body), id) {
		t.Errorf("the same twice: %d %s", a.Status, a.Body)
	}
	if a := mended(t, o, &c, "/applications/"+id, map[string]any{"reason": "salah ketik", "employer": "PT Dua", "channel": nil}); a.Status != http.StatusOK {
		t.Fatalf("not corrected: %d %s", a.Status, a.Body)
	}
	var shown struct {
		Applications []struct{ Employer, Position, Channel string }
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/placements", nil).JSON(t, &shown)
	if got := shown.Applications[0]; got.Employer != "PT Dua" || got.Position != "Penjahit" || got.Channel != "" {
		t.Errorf("shown %+v", got)
	}
	history := string(o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil).Body)
	for _, text := range []string{"application.corrected", "PT Satu", "PT Dua", "salah ketik"} {
		if !strings.Contains(history, text) {
			t.Errorf("the history lacks %q: %s", text, history)
		}
	}
}

// renewed are parts that are not corrected by a PATCH: a wish is recorded anew, and what asks another office is taken
// back. Steps, proofs, payments and days of a class are voided, or recorded anew.
var renewed = []string{"wish", "referrals", "transitions", "merge", "reopening", "notes", "follow-up", "assignment", "hold", "erasure",
	"findings"}

// Every field that can be recorded of a part can be corrected.
func TestEveryFieldOfAPartHasACorrection(t *testing.T) {
	t.Parallel()
	c := contractOf(t, apitest.New(t))
	walked := 0
	for path, methods := range c.Paths {
		post, is := methods["post"]
		name, of := strings.CutPrefix(path, "/v1/cases/{id}/")
		if !is || !of || strings.Contains(name, "/") || slices.Contains(renewed, name) {
			continue
		}
		var fields []string
		for other, methods := range c.Paths {
			patch, corrects := methods["patch"]
			if tail, below := strings.CutPrefix(other, path+"/{"); below && strings.HasSuffix(tail, "}") && corrects {
				s := c.resolved(patch.RequestBody.Content["application/json"].Schema)
				for field, of := range s.Properties {
					fields = append(fields, field)
					for inner := range c.resolved(of).Properties {
						fields = append(fields, inner)
					}
				}
			}
		}
		for _, content := range post.RequestBody.Content {
			for field := range c.resolved(content.Schema).Properties {
				if walked++; !slices.Contains(fields, field) && !slices.Contains(stated[name], field) {
					t.Errorf("%s of %s cannot be corrected", field, name)
				}
			}
		}
	}
	if walked < 60 {
		t.Errorf("walked only %d fields", walked)
	}
}

// stated are facts that are looked at when a part is recorded and not kept as they are; the content of a scan has its
// digest in the history.
var stated = map[string][]string{"documents": {"file"}, "prakerja": {"citizen", "birth_date", "in_formal_education",
	"family_recipients", "occupation", "no_aid"}}

// madeBy is the id of the part that a change made.
func madeBy(t *testing.T, a apitest.Answer) string {
	t.Helper()
	var c apitest.Case
	if a.Status != http.StatusCreated {
		t.Fatalf("not recorded: %d %s", a.Status, a.Body)
	}
	a.JSON(t, &c)
	return c.Created
}
