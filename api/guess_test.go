package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
)

// Whoever asks for a worker who is not there for them, by id or by NIK, or tries a version or a form on a case, gets
// the answer as ever; it is on record as refused with the id asked for, and enough of it raises the alarm.
func TestGuessesAreOnRecordAndRaiseTheAlarm(t *testing.T) {
	t.Parallel()
	c := twoOffices(t)
	admin := c.Database.Admin(t)
	o, auditor := c.Officer(t, authz.Supervisor, "3273"), c.Officer(t, authz.Auditor, "3204")
	guess := func(method, path string, body any, version string) apitest.Answer {
		return o.Call(t, method, path, body, "If-Match", version)
	}
	foreign, note := "/v1/cases/"+c.foreign.ID, map[string]any{"text": "x"}
	for what, g := range map[string]struct {
		answer  apitest.Answer
		status  int
		subject string
	}{
		"a foreign id":  {guess(http.MethodGet, foreign, nil, ""), 404, c.foreign.ID},
		"nobody's id":   {guess(http.MethodGet, "/v1/cases/"+c.unknown["id"], nil, ""), 404, c.unknown["id"]},
		"another route": {guess(http.MethodGet, foreign+"/trainings", nil, ""), 404, c.foreign.ID},
		"a change":      {guess(http.MethodPost, foreign+"/notes", note, `"1"`), 404, c.foreign.ID},
		"a version":     {guess(http.MethodPost, "/v1/cases/"+c.own.ID+"/notes", note, `"7"`), 412, c.own.ID},
		"a form": {guess(http.MethodPost, "/v1/cases/"+c.own.ID+"/notes", map[string]any{"text": "  "}, `"1"`),
			422, c.own.ID}, "no id": {guess(http.MethodGet, "/v1/cases/x", nil, ""), 404, ""},
		"a foreign NIK": {guess(http.MethodPost, "/v1/cases/search", map[string]any{"nik": "3204010101900002"}, ""), 200,
			""}, "a NIK to register": {guess(http.MethodPost, "/v1/cases", map[string]any{"region": "3273",
			"terminated_on": "2026-10-01", "worker": apitest.Worker("3204", 2, "x")}, ""), 409, ""},
		"a region elsewhere": {guess(http.MethodPost, "/v1/cases", map[string]any{"region": "3204",
			"terminated_on": "2026-10-01", "worker": apitest.Worker("3204", 3, "x")}, ""), 403, ""},
	} {
		got := recordOf(t, admin, g.answer)
		if g.answer.Status != g.status || len(got) != 1 || got[0].Outcome != "refused" ||
			(g.subject == "") != (len(got[0].Subjects) == 0) || g.subject != "" && got[0].Subjects[0].String() != g.subject {
			t.Errorf("%s: %d %s, recorded as %+v", what, g.answer.Status, g.answer.Body, got)
		}
	}
	if a := guess(http.MethodPost, "/v1/cases/search", map[string]any{"name": "Tidak Ada"}, ""); recordOf(t, admin,
		a)[0].Outcome != "shown" {
		t.Error("a name that nobody has is taken for a guess")
	}
	// The office of the worker learns of it; the worker, who was not shown to anybody, does not.
	if got := readAccess(t, auditor, "case="+c.foreign.ID).Items; len(got) != 3 || got[0].Outcome != "refused" {
		t.Errorf("the auditor of the office reads %+v", got)
	}
	if raised := alarms(t, c.Bundle); len(raised) != 0 {
		t.Errorf("raised too soon: %v", raised)
	}
	for range accesslog.MostRefusals {
		guess(http.MethodGet, "/v1/cases/"+uuid.NewString(), nil, "")
	}
	if raised := alarms(t, c.Bundle); raised[o.ID.String()] != "refusals" {
		t.Errorf("guessing raises %v", raised)
	}
}
