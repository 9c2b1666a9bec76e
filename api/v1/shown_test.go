package v1

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/policies"
)

// day is the n-th of November, id the n-th id, at an instant of its day: values that cannot be taken for one another.
func day(n int) calendar.Date { return calendar.MustDate("2026-11-01").AddDays(n - 1) }
func id(n byte) uuid.UUID     { return uuid.UUID{15: n} }
func at0(n int) time.Time     { return day(n).Time().Add(time.Hour) }
func idOfN(n string) string   { return "00000000-0000-0000-0000-0000000000" + n }

// shown holds what a client is shown against its JSON text.
func shown(t *testing.T, what string, v any, want string) {
	t.Helper()
	got, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
	}
}

// Every field of a case has its place in what is shown; what there is none of is left out.
func TestHowACaseIsShown(t *testing.T) {
	t.Parallel()
	c := casework.Case{ID: casework.ID(id(1)), Region: "3273", LayoffID: id(2), Officer: authz.OfficerID(id(3)),
		Stage:   casework.Closed,
		Outcome: "placed", TerminatedOn: day(1), OpenedOn: day(2), ClosedOn: day(3), DueOn: day(4), DueFor: "claim",
		FollowUpOn: day(5),
		ClaimState: casework.ClaimRunning, Version: 7, UpdatedAt: at0(6)}
	whole := `{"id":"` + idOfN("01") + `","region":"3273","stage":"closed","outcome":"placed","officer":"` + idOfN("03") +
		`","claim":"running","terminated_on":"2026-11-01","opened_on":"2026-11-02","closed_on":"2026-11-03",` +
		`"due_on":"2026-11-04",` +
		`"due_for":"claim","follow_up_on":"2026-11-05","layoff":"` + idOfN("02") +
		`","version":7,"updated_at":"2026-11-06T01:00:00Z"}`
	shown(t, "all of it", caseOf(c), whole)
	row := casework.Row{Case: c, Name: "Sari", NIKMasked: "************0007", Employer: "PT Maju"}
	shown(t, "a row", rowsOf([]casework.Row{row}), "["+strings.TrimSuffix(whole, "}")+
		`,"name":"Sari","nik":"************0007","employer":"PT Maju"}]`)
	bare := casework.Case{ID: casework.ID(id(1)), Region: "3273", Stage: casework.Intake, ClaimState: casework.ClaimNone,
		TerminatedOn: day(1), OpenedOn: day(2), Version: 1, UpdatedAt: at0(6)}
	shown(t, "a new one", caseOf(bare),
		`{"id":"`+idOfN("01")+`","region":"3273","stage":"intake","claim":"none","terminated_on":"2026-11-01",`+
			`"opened_on":"2026-11-02","version":1,"updated_at":"2026-11-06T01:00:00Z"}`)
	if ids := casesOf([]casework.Row{row, {Case: bare}}); len(ids) != 2 || ids[0] != id(1) {
		t.Errorf("the cases are %v", ids)
	}
}

// A worker is read as sent and shown as kept; every field that cannot be read is named.
func TestHowAWorkerIsRead(t *testing.T) {
	t.Parallel()
	in := Worker{Name: "Sari", NIK: "3273014503900007", BirthDate: day(1), Sex: "female", Position: "Penjahit",
		Employer: "PT Maju",
		Phone:    "0812 3456 7890", Email: "Sari@Contoh.id", KPJ: "12345678901", Address: "Jl. Satu", Wage: 5_000_000}
	p, err := personOf(nil, in)
	if err != nil {
		t.Fatal(err)
	}
	want := in
	want.Phone, want.Email = "+6281234567890", "sari@contoh.id"
	if got := workerOf(p); got != want {
		t.Errorf("shown as %+v", got)
	}
	if p, err := personOf(nil, Worker{Name: "Sari", NIK: in.NIK}); err != nil || !p.Phone.IsZero() || !p.Email.IsZero() ||
		!p.KPJ.IsZero() {
		t.Errorf("without numbers: %v", err)
	}
	_, err = personOf(nil, Worker{NIK: "1", Phone: "x", Email: "x", KPJ: "x"})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != "worker.invalid" || len(f.Fields) != 4 {
		t.Fatalf("got %v", err)
	}
	for i, field := range []string{"worker.nik", "worker.phone", "worker.email", "worker.kpj"} {
		if f.Fields[i].Field != field || f.Fields[i].Code == "" {
			t.Errorf("names %+v, want %s", f.Fields[i], field)
		}
	}
}

// Of an officer no password and no code is shown; of a grant who gave, proposed and confirmed it.
func TestHowAnOfficerIsShown(t *testing.T) {
	t.Parallel()
	g := officer.Grant{ID: id(1), Role: authz.CaseWorker, Region: "3273", From: day(1), Until: day(2),
		GrantedBy: authz.OfficerID(id(2)),
		RevokedAt: at0(3), ProposedBy: authz.OfficerID(id(3)), ConfirmedBy: authz.OfficerID(id(4)), Pending: true}
	o := officer.Officer{ID: authz.OfficerID(id(9)), Email: "a@b.id", Name: "Sari", Office: "32", Active: true,
		Grants: []officer.Grant{g}}
	shown(t, "all of it", officerOf(o),
		`{"id":"`+idOfN("09")+`","email":"a@b.id","name":"Sari","office":"32","active":true,"grants":[{"id":"`+
			idOfN("01")+`","role":"case_worker","region":"3273","valid_from":"2026-11-01","valid_until":"2026-11-02",`+
			`"granted_by":"`+idOfN("02")+`","revoked_at":"2026-11-03T01:00:00Z","pending":true,"proposed_by":"`+idOfN("03")+
			`","confirmed_by":"`+idOfN("04")+`"}]}`)
	shown(t, "one with nothing", officerOf(officer.Officer{}),
		`{"id":"`+idOfN("00")+`","email":"","name":"","office":"","active":false,"grants":[]}`)
	if c := setupCodeOf(officer.Invitation{ExpiresAt: at0(1)}); c.ExpiresAt != nil || c.Code != "" {
		t.Errorf("a code that is not told ends at %v", c.ExpiresAt)
	}
	if c := setupCodeOf(officer.Invitation{Code: "x", ExpiresAt: at0(1)}); c.Code != "x" || c.ExpiresAt == nil ||
		!c.ExpiresAt.Equal(at0(1)) {
		t.Errorf("got %+v", c)
	}
}

func TestHowAListIsShown(t *testing.T) {
	t.Parallel()
	in := intake.Intake{ID: id(1), State: intake.Applied, Refusal: intake.Refusal{Code: "intake.too_many_rows",
		Args: map[string]string{"limit": "9"}}, FileName: "a.csv", Layoff: id(2),
		CreatedAt: at0(1), UpdatedAt: at0(2),
		Form: intake.Form{EmployerName: "PT Maju", Reference: "7", EmployerRegion: "3273",
			EmployerNIB: "1234567890123", Reason: "efficiency_loss", PlannedOn: calendar.MustDate("2026-12-01")},
		Counts: intake.Counts{Total: 9, Valid: 1, Warned: 2, Refused: 3, Skipped: 4, Done: 5, Opened: 6, Known: 7}}
	shown(t, "a list", intakeOf(in, "en"),
		`{"id":"`+idOfN("01")+`","state":"applied","refusal":"intake.too_many_rows","why":{"code":"intake.too_many_rows",`+
			`"text":"More than 9 workers. Split the file.","args":{"limit":"9"}},"sheets":[],"notes":[],"file_name":"a.csv","employer":"PT Maju",`+
			`"employer_region":"3273","employer_nib":"1234567890123","reference":"7","reason":"efficiency_loss","planned_on":"2026-12-01","layoff":"`+idOfN("02")+`","rows":{"total":9,"valid":1,"warned":2,"refused":3,"skipped":4,`+
			`"done":5,"opened":6,"known":7,"before":0},`+
			`"created_at":"2026-11-01T01:00:00Z","updated_at":"2026-11-02T01:00:00Z"}`)
	r := intake.Row{Number: 4, Status: sheet.Reject, Name: "Sari", NIKMasked: "************0007", Regency: "3273",
		Result: intake.RowKnown,
		Case:   casework.ID(id(3)), Reasons: []sheet.Reason{{Code: sheet.CodeNIKMissing, Warning: true,
			Column: sheet.Column{Header: "NIK", Letter: "A"}}}}
	got := intakeRowOf(r, "en")
	if got.Row != 4 || got.NIK != "************0007" || got.Case != idOfN("03") || len(got.Reasons) != 1 ||
		got.Reasons[0].Column != "A" ||
		got.Reasons[0].Header != "NIK" || !got.Reasons[0].Warning ||
		got.Reasons[0].Text != "The NIK is empty. Enter the 16 digits of the KTP." {
		t.Errorf("a row: %+v", got)
	}
	if intakeRowOf(intake.Row{}, "id").Case != "" {
		t.Error("a row without a case has one")
	}
}

// A list that moves no more by itself ends its stream: what is checked, too, waits for somebody, and what has failed.
func TestWhenAListIsToldNoMore(t *testing.T) {
	t.Parallel()
	for state, over := range map[intake.State]bool{intake.Checking: false, intake.Applying: false, intake.Checked: true,
		intake.Refused: true,
		intake.Applied: true, intake.Cancelled: true, intake.Failed: true} {
		if ended(state) != over {
			t.Errorf("%s: %t", state, !over)
		}
	}
}

func TestHowAnExportIsShown(t *testing.T) {
	t.Parallel()
	x := export.Export{ID: id(1), Officer: authz.OfficerID(id(2)), Asked: export.Request{Format: export.CSV},
		Profile: export.Full,
		Scope:   []region.Code{"3204", "3273"}, State: export.Ready, Reason: "perkara", DecidedBy: authz.OfficerID(id(3)),
		Entries: 4, Total: 5,
		Manifest: `{"a":1}`, Signature: "s", FileName: "f", Bytes: 6, SHA256: []byte{0xab}, CreatedAt: at0(1),
		ReadyAt: at0(2), ExpiresAt: at0(3)}
	got := exportOf(x)
	if got.ID != idOfN("01") || got.Officer != idOfN("02") || got.DecidedBy != idOfN("03") || got.Entries != 4 ||
		got.Total != 5 || got.Bytes != 6 ||
		got.SHA256 != "ab" || string(got.Manifest) != `{"a":1}` || got.Signature != "s" || got.FileName != "f" ||
		got.Reason != "perkara" ||
		len(got.Regions) != 2 || got.Regions[1] != "3273" || !got.CreatedAt.Equal(at0(1)) || !got.ReadyAt.Equal(at0(2)) ||
		!got.ExpiresAt.Equal(at0(3)) {
		t.Errorf("got %+v", got)
	}
	if bare := exportOf(export.Export{}); bare.DecidedBy != "" || bare.ReadyAt != nil || bare.ExpiresAt != nil {
		t.Errorf("got %+v", bare)
	}
}

func TestHowTheAuditIsShown(t *testing.T) {
	t.Parallel()
	a := accessOf(accesslog.Record{At: at0(1), Officer: authz.OfficerID(id(1)), Name: "Sari", Action: authz.CaseRead,
		Route:   "case-get",
		Request: "r", Outcome: accesslog.Shown, Subjects: []uuid.UUID{id(2), id(3)}, Emergency: id(4)})
	shown(t, "an access", a,
		`{"at":"2026-11-01T01:00:00Z","officer":"`+idOfN("01")+`","name":"Sari","action":"case.read","route":"case-get",`+
			`"request":"r","outcome":"shown","emergency":"`+idOfN("04")+`",`+
			`"subjects":["`+idOfN("02")+`","`+idOfN("03")+`"]}`)
	if accessOf(accesslog.Record{}).Emergency != "" {
		t.Error("an access outside of an emergency names one")
	}
	s := sampleOf(oversight.Sample{ID: id(1), Asked: oversight.SampleRequest{Region: "32", From: day(1), Until: day(2),
		Seed: "benih"}, AsOf: 7, FrameSize: 8,
		FrameDigest: [32]byte{0xcd}, Cases: []uuid.UUID{id(2)}, CreatedAt: at0(3)})
	if s.ID != idOfN("01") || s.From != day(1) || s.Until != day(2) || s.Seed != "benih" || s.AsOf != 7 ||
		s.FrameSize != 8 ||
		!strings.HasPrefix(s.FrameDigest, "cd00") || len(s.Cases) != 1 || s.Cases[0] != idOfN("02") || s.Region != "32" {
		t.Errorf("a sample: %+v", s)
	}
	f := oversight.Finding{ID: id(1), Case: casework.ID(id(2)), State: "open", Text: identity.NewSecret("teks"),
		FoundBy: authz.OfficerID(id(3))}
	if got := findingOf(f); got.Sample != "" || got.AnsweredBy != "" || got.SettledBy != "" || got.Text != "teks" ||
		got.FoundBy != idOfN("03") {
		t.Errorf("an open finding: %+v", got)
	}
	f.Sample, f.AnsweredBy, f.SettledBy, f.Answer = id(4), authz.OfficerID(id(5)), authz.OfficerID(id(6)),
		identity.NewSecret("jawab")
	if got := findingOf(f); got.Sample != idOfN("04") || got.AnsweredBy != idOfN("05") || got.SettledBy != idOfN("06") ||
		got.Answer != "jawab" {
		t.Errorf("a settled finding: %+v", got)
	}
}

// A vacancy that is open is shown as expired from the day after its last one, by the clocks of its region.
func TestTheLastDayOfAVacancy(t *testing.T) {
	t.Parallel()
	at := clock.At(time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC)) // in Jakarta the 23rd, in Jayapura the 24th
	s := Services{Cases: casework.New(casework.Deps{Clock: at})}
	for name, c := range map[string]struct {
		region  region.Code
		state   vacancy.State
		expires int
		want    string
	}{
		"before":                {"3273", vacancy.Open, 24, "open"},
		"on it":                 {"3273", vacancy.Open, 23, "open"},
		"the day after":         {"3273", vacancy.Open, 22, "expired"},
		"the day after, east":   {"9103", vacancy.Open, 23, "expired"},
		"on it, east":           {"9103", vacancy.Open, 24, "open"},
		"one that was reported": {"3273", vacancy.Reported, 1, "reported"},
	} {
		v := s.shownVacancy(vacancy.Vacancy{ID: id(1), Region: c.region, State: c.state, ExpiresOn: day(c.expires),
			Fair: id(2), Wage: 3, Openings: 4})
		if string(v.State) != c.want || string(v.Fair) != idOfN("02") || v.Wage != 3 || v.Openings != 4 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// Who is told a name is on record; who is told none is not.
func TestWhomAReferralShows(t *testing.T) {
	t.Parallel()
	v := track.ReferralView{Case: casework.ID(id(2)), Name: "Sari"}
	v.ID, v.Version = id(1), 3
	if out := referralShown(v); len(out.Subjects()) != 1 || out.Subjects()[0] != id(2) || out.ETag != `"3"` ||
		out.Body.Name != "Sari" {
		t.Errorf("got %+v of %v", out, out.Subjects())
	}
	v.Name = ""
	if out := referralShown(v); len(out.Subjects()) != 0 {
		t.Errorf("shows %v", out.Subjects())
	}
}

func TestHowALayoffIsShown(t *testing.T) {
	t.Parallel()
	l := layoff.Layoff{ID: id(1), Reference: "7", Reason: "EFFICIENCY_LOSS", PlannedOn: day(1), PeoplePlanned: 9,
		Employer: layoff.Employer{Name: "PT Maju", NIB: "1234567890123", Region: "3273"}}
	text, err := json.Marshal(layoffOf(l))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"` + idOfN("01") + `"`, `"reference":"7"`, `"EFFICIENCY_LOSS"`, `"2026-11-01"`, `9`,
		`"PT Maju"`, `"1234567890123"`, `"3273"`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}

// Who may not see the workers is told no number of 1 to 4.
func TestNumbersThatStandAlone(t *testing.T) {
	t.Parallel()
	book, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	e := rest.New(rest.Deps{Clock: clock.At(at0(1)), Matrix: nobody{}, Measures: book})
	for n, there := range map[int]bool{0: true, 1: false, 4: false, 5: true} {
		if got := single(t.Context(), e, authz.ScopeOver("32"), n); (got != nil) != there || there && *got != n {
			t.Errorf("%d is told as %v", n, got)
		}
	}
	if f := hiding(t.Context(), e, authz.ScopeOver("32"), []int{3, 40, 50}); !f.hidden[0] || f.total == nil ||
		*f.total != 93 {
		t.Errorf("got %+v", f)
	}
	if f := hiding(t.Context(), e, authz.ScopeOver("32"), []int{3}); !f.hidden[0] || f.total != nil {
		t.Errorf("the total tells the only number: %+v", f)
	}
	if f := hiding(t.Context(), e, authz.Scope{}, []int{3}); f.hidden[0] || *f.total != 3 {
		t.Errorf("of nowhere: %+v", f)
	}
}

// nobody is a matrix that allows nothing.
type nobody struct{}

func (nobody) Allows(authz.Role, authz.Action) bool { return false }

// An id or a region that is none is not there, and a fault keeps the field that it names.
func TestNamesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", strings.ToUpper(id(0xab).String()), id(0).String(), id(1).String() + " "} {
		if _, err := parsedID(text, officer.NotFound()); fault.CodeOf(err) != "officer.not_found" {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := partID(text, "training"); fault.CodeOf(err) != "training.not_found" {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got, err := partID(id(1).String(), "training"); got != id(1) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if idText(uuid.Nil) != "" || idText(id(1)) != idOfN("01") || named(authz.OfficerID{}) != "" {
		t.Error("the id of zeros is shown")
	}
	named := fault.New(fault.Invalid, "x").At("a")
	if f, _ := errors.AsType[*fault.Error](at(named, "b")); f.Field != "a" {
		t.Errorf("renamed to %q", f.Field)
	}
	if f, _ := errors.AsType[*fault.Error](at(fault.New(fault.Invalid, "x"), "b")); f.Field != "b" {
		t.Errorf("named %q", f.Field)
	}
}

// Of a claim its own months are shown; an attendance of nothing is one, and where nobody counted there is none.
func TestTheMonthsOfAClaim(t *testing.T) {
	t.Parallel()
	months := []track.Month{{Claim: id(1), N: 1, Attendance: -1}, {Claim: id(2), N: 1},
		{Claim: id(1), N: 2, Attendance: 0}}
	got, err := claimOf(t.Context(), Services{Tracks: &track.Service{}}, track.Claim{ID: id(1)}, casework.Detail{},
		&track.Tracks{Months: months})
	if err != nil || len(got.Months) != 2 || got.Months[0].Attendance != nil || got.Months[1].N != 2 ||
		got.Months[1].Attendance == nil ||
		*got.Months[1].Attendance != 0 || got.Decision != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := claimOf(t.Context(), Services{}, track.Claim{Decision: "{"}, casework.Detail{},
		&track.Tracks{}); err == nil {
		t.Error("a decision that cannot be read is shown")
	}
}
