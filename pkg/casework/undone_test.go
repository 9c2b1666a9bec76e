package casework_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// What an entry replaced gives the case back as it was: each fact by itself, and no fact that did not change.
func TestWhatIsReplacedComesBack(t *testing.T) {
	t.Parallel()
	before := casework.Case{Stage: casework.Training, Region: "3273", Officer: authz.OfficerID{1},
		TerminatedOn: calendar.MustDate("2026-05-01"), LayoffID: uuid.UUID{2}}
	for name, change := range map[string]func(*casework.Case){
		"stage": func(c *casework.Case) { c.Stage = casework.Placement }, "region": func(c *casework.Case) { c.Region = "3204" },
		"outcome":       func(c *casework.Case) { c.Outcome = casework.Withdrawn },
		"closed_on":     func(c *casework.Case) { c.ClosedOn = calendar.MustDate("2026-06-01") },
		"follow_up_on":  func(c *casework.Case) { c.FollowUpOn = calendar.MustDate("2026-06-01") },
		"officer":       func(c *casework.Case) { c.Officer = authz.OfficerID{} },
		"duplicate_of":  func(c *casework.Case) { c.DuplicateOf = casework.ID{7} },
		"terminated_on": func(c *casework.Case) { c.TerminatedOn = calendar.MustDate("2026-05-02") },
		"layoff":        func(c *casework.Case) { c.LayoffID = uuid.UUID{3} },
	} {
		after := before
		change(&after)
		var u casework.Undo
		u.Replaced(&before, &after)
		if _, is := u.Case[name]; !is || len(u.Case) != 1 || u.Empty() {
			t.Errorf("%s: replaced %s", name, u.Case)
		}
		if err := after.Restore(u); err != nil || after != before {
			t.Errorf("%s: restored to %+v, %v", name, after, err)
		}
	}
	var nothing casework.Undo
	nothing.Replaced(&before, &before)
	if !nothing.Empty() || nothing.Case != nil {
		t.Errorf("nothing changed, and replaced are %s", nothing.Case)
	}
	c := before
	for what, wrong := range map[string]string{"mood": `"good"`, "stage": `7`} {
		if err := c.Restore(casework.Undo{Case: map[string]json.RawMessage{what: json.RawMessage(wrong)}}); err == nil {
			t.Errorf("%s is restored to %s", what, wrong)
		}
	}
}

// An entry that made, set or replaced anything is not empty.
func TestWhenAnEntryReplacedNothing(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]casework.Undo{
		"made": {Made: []casework.Ref{{}}}, "set": {Set: []casework.Before{{}}},
		"case": {Case: map[string]json.RawMessage{"stage": nil}}, "personal": {Personal: []casework.Before{{}}},
	} {
		if u.Empty() {
			t.Errorf("%s: empty", name)
		}
	}
}

// Each entry that was taken back says by which one; a number that there is not, and a mere question, mark none.
func TestWhichEntriesAreVoided(t *testing.T) {
	t.Parallel()
	for of, want := range map[int]string{1: "4 0 0 0", 3: "0 0 4 0", 4: "0 0 0 4", 0: "0 0 0 0", -1: "0 0 0 0", 5: "0 0 0 0"} {
		for kind, voids := range map[casework.Kind]bool{casework.EntryVoided: true, casework.VoidAsked: false,
			casework.CaseNoted: false} {
			text, err := json.Marshal(casework.Voided{Seq: of})
			if err != nil {
				t.Fatal(err)
			}
			entries := []casework.Entry{{Seq: 1}, {Seq: 2}, {Seq: 3}, {Seq: 4, Kind: kind, Payload: string(text)}}
			casework.MarkVoided(entries)
			got := fmt.Sprint(entries[0].VoidedBy, entries[1].VoidedBy, entries[2].VoidedBy, entries[3].VoidedBy)
			if !voids {
				want := "0 0 0 0"
				if got != want || (entries[3].Void().Seq == of) != (kind == casework.VoidAsked || of == 0) {
					t.Errorf("%s of %d: %s, says %d", kind, of, got, entries[3].Void().Seq)
				}
				continue
			}
			if got != want {
				t.Errorf("%s of %d: %s, want %s", kind, of, got, want)
			}
		}
	}
}

// What an entry shows ends before what it replaced and before what is sealed.
func TestWhatAnEntryShows(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]string{
		`{}`: `{}`, `{"a":1}`: `{"a":1}`, `{"a":1,"undo":{"case":{}}}`: `{"a":1}`, `{"undo":{"case":{}}}`: `{}`,
		`{"a":1,"sealed":"x"}`: `{"a":1}`, `{"a":1,"undo":{},"undo_sealed":"y","sealed":"x"}`: `{"a":1}`,
		`{"a":1,"undo_sealed":"y"}`: `{"a":1}`,
	} {
		if got := (&casework.Entry{Payload: payload}).Shown(); got != want {
			t.Errorf("%s: %s, want %s", payload, got, want)
		}
	}
}

// The layoff of a case is a fact by itself: moved, and back to none; no fact changed is refused.
func TestACaseIsMovedToAnotherLayoff(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		to   uuid.UUID
		code string
	}{"another": {uuid.UUID{3}, ""}, "none": {uuid.UUID{}, ""}, "the same": {uuid.UUID{2}, "correction.nothing"}} {
		c := in(casework.Benefit)
		c.Region, c.LayoffID, c.TerminatedOn = "3273", uuid.UUID{2}, calendar.MustDate("2026-05-01")
		h, _, err := correcting(t, c, casework.Person{Name: "Siti"}, casework.Correction{Reason: "x",
			Edit: func(c *casework.Case, _ *casework.Person) error { c.LayoffID = x.to; return nil }})
		if fault.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
		said, _ := h.event.Payload.(casework.Corrected)
		if x.code == "" && (said.Layoff == nil || said.Layoff.From != (uuid.UUID{2}) || said.Layoff.To != x.to ||
			said.TerminatedOn != nil) {
			t.Errorf("%s: recorded %+v", name, said)
		}
	}
}

// A reason is a text of so many characters at most, not of bytes.
func TestTheReasonOfACorrection(t *testing.T) {
	t.Parallel()
	for reason, code := range map[string]string{" ": "correction.reason_required", "x": "",
		strings.Repeat("é", casework.MaxReason):   "",
		strings.Repeat("é", casework.MaxReason+1): "correction.reason_required"} {
		c := in(casework.Benefit)
		c.Region, c.TerminatedOn = "3273", calendar.MustDate("2026-05-01")
		_, _, err := correcting(t, c, casework.Person{Name: "Siti"}, casework.Correction{Reason: reason,
			Edit: func(c *casework.Case, _ *casework.Person) error {
				c.TerminatedOn = calendar.MustDate("2026-05-02")
				return nil
			}})
		if fault.CodeOf(err) != code {
			t.Errorf("%d bytes: %v", len(reason), err)
		}
	}
}

// A case that closes as a duplicate says in its history of which; another says nothing.
func TestTheHistoryNamesTheCaseThatIsDoubled(t *testing.T) {
	t.Parallel()
	for outcome, of := range map[casework.Outcome]casework.ID{casework.Duplicate: {2}, casework.Withdrawn: {}} {
		c, a := in(casework.Intake), step(casework.Intake, casework.Closed)
		c.ID, a.Outcome, a.DuplicateOf = casework.ID{1}, outcome, of
		event, err := c.Advance(a)
		said, _ := event.Payload.(casework.StageChanged)
		if err != nil || (said.DuplicateOf != nil) != (outcome == casework.Duplicate) ||
			said.DuplicateOf != nil && casework.ID(*said.DuplicateOf) != of {
			t.Errorf("%s: %+v, %v", outcome, said, err)
		}
	}
}

// There is something to tell when there is a warning, or a consequence, or both.
func TestWhatIsToldBesideTheState(t *testing.T) {
	t.Parallel()
	w, f := []casework.Warning{{Code: "x"}}, []casework.Consequence{{Field: "due_on"}}
	for name, told := range map[string]*casework.Told{"warning": casework.Tell(w, nil),
		"consequence": casework.Tell(nil, f), "both": casework.Tell(w, f)} {
		if told == nil {
			t.Errorf("%s: nothing", name)
		}
	}
	if casework.Tell(nil, nil) != nil {
		t.Error("nothing is told")
	}
}

// rows is a store of a list of so many cases, which keeps what it was asked for.
type rows struct {
	casework.Store
	n      int
	filter casework.Filter
	scope  authz.Scope
}

func (r *rows) List(_ context.Context, scope authz.Scope, f casework.Filter) ([]casework.Row, error) {
	r.scope, r.filter = scope, f
	return make([]casework.Row, min(r.n, f.Limit)), nil
}

// A page has one case at least, and one more than the largest is asked for to know of another; a file has 5,000, and
// says whether there are more.
func TestTheBoundsOfAList(t *testing.T) {
	t.Parallel()
	bandung := region.Code("3273")
	for limit, want := range map[int]int{-1: page.DefaultSize, 0: page.DefaultSize, 1: 1,
		page.MaxSize + 1: page.MaxSize + 1, page.MaxSize + 2: page.DefaultSize} {
		store := &rows{n: 1}
		s := casework.New(casework.Deps{Store: store})
		if _, err := s.List(t.Context(), authz.ScopeOver("32"), casework.Filter{Limit: limit, Region: &bandung}); err != nil ||
			store.filter.Limit != want || store.scope.Covers("3204") || !store.scope.Covers("3273") {
			t.Errorf("limit %d: %d in %v, %v", limit, store.filter.Limit, store.scope, err)
		}
	}
	for n, more := range map[int]bool{0: false, casework.MostRows - 1: false, casework.MostRows: false,
		casework.MostRows + 1: true} {
		s := casework.New(casework.Deps{Store: &rows{n: n}})
		got, further, err := s.ListAll(t.Context(), authz.ScopeOver("32"), casework.Filter{})
		if err != nil || len(got) != min(n, casework.MostRows) || further != more {
			t.Errorf("%d cases: %d, more %t, %v", n, len(got), further, err)
		}
	}
}

// What a query asks for: something exact, or a name, whose likeness means nothing below three characters.
func TestWhatAQueryAsksFor(t *testing.T) {
	t.Parallel()
	for name, short := range map[string]bool{"": true, "Si": true, "Sit": false, "Siti": false, "éé": true, "ééé": false} {
		if q := (casework.Query{Name: name}); q.Short() != short || q.Exact() {
			t.Errorf("%q: short %t, exact %t", name, q.Short(), q.Exact())
		}
	}
	day := calendar.MustDate("2026-05-01")
	for name, x := range map[string]struct {
		days casework.Days
		open bool
	}{"none": {casework.Days{}, true}, "from": {casework.Days{From: &day}, false}, "until": {casework.Days{Until: &day}, false},
		"both": {casework.Days{From: &day, Until: &day}, false}} {
		if x.days.IsOpen() != x.open {
			t.Errorf("%s: open %t", name, x.days.IsOpen())
		}
	}
	for _, c := range casework.ColumnPhone.Values() {
		if c.Opens() != (c == casework.ColumnPhone) {
			t.Errorf("%s opens what is sealed: %t", c, c.Opens())
		}
	}
}

// The days of an office's load: what is due within the week that begins today, and the month of today.
func TestTheDaysOfALoad(t *testing.T) {
	t.Parallel()
	s, _ := serving(casework.Case{})
	for office, want := range map[region.Code]string{"3273": "2026-10-01 2026-10-07 2026-10-01 2026-10-01T00:00:00+07:00",
		"9171": "2026-10-02 2026-10-08 2026-10-01 2026-10-01T00:00:00+09:00"} {
		f := s.LoadOn(office)
		if got := fmt.Sprintf("%s %s %s %s", f.Today, f.Due, f.First, f.Month.Format(time.RFC3339)); got != want {
			t.Errorf("%s: %s, want %s", office, got, want)
		}
	}
}
