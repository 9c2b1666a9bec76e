package api_test

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
)

type action struct {
	Operation, Label, Method, Path, Right, Part, Code, Reason string
	Month, Entry                                              int
	To                                                        []struct{ Code, Label string }
	Needs                                                     []string
}

func (a action) key() string {
	return a.Operation + " " + a.Part + " " + strconv.Itoa(a.Month) + " " + strconv.Itoa(a.Entry)
}

type actionsAnswer struct{ Open, Closed []action }

func actionsOf(t *testing.T, o *apitest.Officer, id string) actionsAnswer {
	t.Helper()
	var got actionsAnswer
	a := o.Call(t, http.MethodGet, "/v1/cases/"+id+"/actions", nil)
	if a.JSON(t, &got); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return got
}

// bodyOf is something that an operation takes, as far as it needs to be told from a refusal of its lifecycle.
func bodyOf(a action) map[string]any {
	body := map[string]any{}
	switch a.Operation {
	case "case-advance":
		body["to"] = "placement"
	case "case-reopen":
		body["to"], body["reason"] = "intake", "datang kembali"
	case "application-advance":
		body["to"] = "interviewed"
	case "assessment-advance", "placement-advance":
		body["to"] = "verified"
	case "business-advance":
		body["to"] = "admin_verified"
	case "training-advance":
		body["to"] = "in_training"
	case "case-note", "finding-answer", "finding-settle":
		body["text"] = "x"
	case "finding-record":
		body["text"], body["severity"] = "x", "minor"
	case "case-merge", "case-separate":
		body["with"], body["reason"] = cmp.Or(a.Part, somePart), "x"
	case "hold-set", "hold-release", "erasure-request", "entry-void", "entry-reverse":
		body["reason"] = "x"
	case "case-assign":
		body["officer"] = "me"
	case "case-follow-up":
		body["on"] = "2099-01-01"
	case "application-correct", "assessment-correct", "business-correct", "certificate-correct", "document-correct",
		"jobseeker-card-correct", "placement-correct", "prakerja-correct", "response-correct", "training-correct":
		return map[string]any{"reason": "x"}
	case "proposal-correct":
		return map[string]any{"reason": "x", "vacancy": uuid.NewString()}
	case "claim-correct":
		return map[string]any{"reason": "x", "facts": map[string]any{"bank_account": "no"}}
	case "case-correct":
		return map[string]any{"reason": "x", "terminated_on": "2026-09-01"}
	case "worker-correct":
		return map[string]any{"reason": "x", "address": "Jalan " + uuid.NewString()}
	case "application-record":
		body["employer"], body["position"] = "PT "+uuid.NewString(), "x"
	case "assessment-apply":
		body["body"], body["scheme"] = "LSP "+uuid.NewString(), "x"
	case "business-propose":
		body["title"], body["level"] = "Warung", "starter"
	case "case-refer":
		body["kind"], body["to"], body["service"] = "service", "3201", "training"
	case "certificate-record":
		body["kind"], body["number"], body["issuer"], body["issued_on"] = "training", uuid.NewString(), "x", "2026-10-02"
	case "jobseeker-card":
		body["number"] = uuid.NewString()
	case "jobseeker-wish":
		body["occupations"], body["reach"] = []string{"7531"}, "regency"
	case "placement-record":
		body["employer"], body["position"], body["started_on"] = "PT "+uuid.NewString(), "x", "2026-10-02"
	case "prakerja-award":
		body["batch"], body["awarded_on"] = "72", "2026-10-02"
	case "proposal-make":
		body["vacancy"] = uuid.NewString()
	case "response-record":
		body["state"] = "disputed"
	case "training-enrol":
		body["scheme"], body["provider"], body["programme"], body["starts_on"] = "blk", "BLK", uuid.NewString(), "2026-10-02"
	case "claim-apply":
		return entitled(nil)
	case "claim-stop":
		body["reason"] = "job"
	case "claim-pay":
		body["given_on"] = calendar.Of(clock.System().Now(), calendar.WIB).String()
	case "training-attend":
		body["days"] = []any{map[string]any{"on": "2026-10-03", "present": true}}
	case "proposal-answer":
		body["accepted"] = true
	}
	if len(a.To) > 0 {
		key := "to"
		if a.Operation == "response-record" {
			key = "state"
		}
		body[key] = a.To[0].Code
	}
	return body
}

// ofTheLifecycle tells whether an answer refuses an operation for who asks or for the state of things, and not for what
// was sent.
func ofTheLifecycle(a apitest.Answer) bool {
	said := []string{"claim.proof_not_met", "claim.undecided", "prakerja.nothing_owed", "claim.live_elsewhere",
		"case.already_registered"} // what other cases of the person say is asked of the database
	return a.Status == http.StatusForbidden || a.Status == http.StatusConflict && !slices.Contains(said, a.Code()) ||
		a.Code() == "claim.paid_before_window"
}

func try(t *testing.T, o *apitest.Officer, c *apitest.Case, a action) apitest.Answer {
	t.Helper()
	var now struct{ Version int }
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &now)
	tag := rest.ETag(now.Version)
	if a.Operation == "document-add" {
		return o.Upload(t, a.Path, scanOf(t, now.Version), map[string]string{"kind": "pay_slip"}, "If-Match", tag)
	}
	return o.Call(t, a.Method, a.Path, bodyOf(a), "If-Match", tag)
}

// What is offered is not refused for a right or a state; what is not offered is refused, for the reason that was told.
func TestWhatIsOfferedIsTakenAndWhatIsNotIsRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	b.Officer(t, authz.CaseWorker, "3201")
	number := 0
	states := []func(c *apitest.Case){
		func(*apitest.Case) {},
		func(c *apitest.Case) { o.Change(t, c, "/claims", entitled(nil)) },
		func(c *apitest.Case) {
			o.Change(t, c, "/claims", entitled(nil))
			o.Change(t, c, "/claims/decision", map[string]any{})
		},
		func(c *apitest.Case) {
			o.Change(t, c, "/applications", map[string]any{"employer": "PT A", "position": "x"})
			o.Change(t, c, "/trainings", bodyOf(action{Operation: "training-enrol"}))
			o.Change(t, c, "/trainings/"+c.Created+"/transitions", map[string]any{"to": "in_training"})
			o.Change(t, c, "/businesses", bodyOf(action{Operation: "business-propose"}))
			o.Change(t, c, "/assessments", bodyOf(action{Operation: "assessment-apply"}))
			o.Change(t, c, "/job-seeker-cards", map[string]any{"number": "1"})
			o.Change(t, c, "/prakerja", bodyOf(action{Operation: "prakerja-award"}))
			o.Change(t, c, "/placements", bodyOf(action{Operation: "placement-record"}))
		},
		func(c *apitest.Case) {
			o.Change(t, c, "/applications", map[string]any{"employer": "PT A", "position": "x"})
			o.Change(t, c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn", "end_open_parts": true})
		},
		func(c *apitest.Case) {
			o.Change(t, c, "/transitions", map[string]any{"to": "closed", "outcome": "deceased"})
		},
		func(c *apitest.Case) {
			auditor := b.Officer(t, authz.Auditor, "3273")
			auditor.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings", bodyOf(action{Operation: "finding-record"}))
			other := o.Open(t, "3273", 50_000+c.Version+number, "Siti "+uuid.NewString())
			number++
			o.Change(t, c, "/merge", pairing(other))
			o.Change(t, c, "/hold", map[string]any{"reason": "x"})
		},
		func(c *apitest.Case) {
			o.Change(t, c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
			b.Officer(t, authz.Supervisor, "3273").Change(t, c, "/erasure", map[string]any{"reason": "x"})
		},
	}
	seen := map[string]bool{}
	for i, bring := range states {
		for j, role := range []authz.Role{authz.Supervisor, authz.CaseWorker, authz.Mediator, authz.Auditor, authz.Service} {
			c := o.Open(t, "3273", 100+10*i+j, "Siti "+uuid.NewString())
			bring(&c)
			tryAll(t, b.Officer(t, role, "3273"), &c, seen, "state "+strconv.Itoa(i)+", "+string(role))
		}
	}
	for _, id := range []string{"claim-pay", "claim-miss", "claim-prove", "case-reopen", "prakerja-pay",
		"placement-advance", "training-attend", "jobseeker-report", "business-advance", "document-add", "training-correct",
		"claim-correct", "entry-reverse", "case-separate", "finding-answer", "finding-settle"} {
		if !seen[id+" open"] && !seen[id+" closed"] {
			t.Errorf("%s was never met", id)
		}
	}
	for _, id := range []string{"claim-decide", "case-reopen", "hold-set", "hold-release", "erasure-request",
		"erasure-approve", "finding-answer"} {
		if !seen[id+" open"] || !seen[id+" closed"] {
			t.Errorf("%s is always open, or always closed", id)
		}
	}
}

func tryAll(t *testing.T, o *apitest.Officer, c *apitest.Case, seen map[string]bool, where string) {
	t.Helper()
	first := actionsOf(t, o, c.ID)
	for _, a := range first.Closed {
		seen[a.Operation+" closed"] = true
		got := try(t, o, c, a)
		if got.Code() == "vacancy.not_found" && a.Operation == "proposal-make" {
			continue // it is looked for before the case is
		}
		if !ofTheLifecycle(got) || got.Code() != a.Code {
			t.Errorf("%s: %s is closed by %s, and answers %d %s", where, a.key(), a.Code, got.Status, got.Body)
		}
		if a.Reason == "" || strings.Contains(a.Reason, "{") || a.Label == "" || strings.HasPrefix(a.Label, "action.") {
			t.Errorf("%s: %s is told as %q, %q", where, a.key(), a.Label, a.Reason)
		}
	}
	for _, a := range first.Open {
		seen[a.Operation+" open"] = true
		still := actionsOf(t, o, c.ID) // what was done before may have closed it
		at := slices.IndexFunc(still.Open, func(x action) bool { return x.key() == a.key() })
		if at < 0 {
			continue
		}
		if got := try(t, o, c, still.Open[at]); ofTheLifecycle(got) {
			t.Errorf("%s: %s is offered, and answers %d %s", where, a.key(), got.Status, got.Body)
		}
	}
}

// An operation on a case is among what is offered, or is known not to be of its lifecycle.
func TestEveryChangeOfACaseIsOfferedOrKnownNotToBe(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	offered := labels(t, o)["action"]
	for _, r := range described().Routes() {
		if r.Method == http.MethodGet || !strings.HasPrefix(r.Path, "/v1/cases/{id}") {
			continue
		}
		if _, has := offered[r.ID]; has == (r.ID == "part-void") { // offered by its entry, as entry-void
			t.Errorf("%s is neither offered nor set aside, or both", r.ID)
		}
	}
	got := actionsOf(t, o, c.ID)
	at := slices.IndexFunc(got.Open, func(a action) bool { return a.Operation == "case-advance" })
	if at < 0 || !slices.Equal(got.Open[at].Needs, []string{"to"}) || got.Open[at].To[0].Label != "Manfaat" ||
		got.Open[at].Path != "/v1/cases/"+c.ID+"/transitions" {
		t.Errorf("got %+v", got.Open)
	}
}

// What can be taken back is said entry by entry, with what it needs: one's own of today by who recorded it, others by
// who may reverse, and nothing that something else rests on.
func TestActionsSayWhichEntriesCanBeTakenBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	boss, o := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	o.Change(t, &c, "/applications", map[string]any{"employer": "PT A", "position": "x"})
	o.Change(t, &c, "/applications/"+c.Created+"/transitions", map[string]any{"to": "interviewed"})
	boss.Change(t, &c, "/notes", map[string]any{"text": "x"})
	for _, x := range []struct {
		by           *apitest.Officer
		open, closed string
	}{{o, "entry-void 3", "entry-reverse 4"}, {boss, "entry-reverse 3, entry-void 4", ""}} {
		got := actionsOf(t, x.by, c.ID)
		list := func(of []action) string {
			var found []string
			for _, a := range of {
				if a.Entry > 0 {
					found = append(found, a.Operation+" "+strconv.Itoa(a.Entry))
				}
			}
			return strings.Join(found, ", ")
		}
		if list(got.Open) != x.open || list(got.Closed) != x.closed {
			t.Errorf("open are %q, closed %q, want %+v", list(got.Open), list(got.Closed), x)
		}
		at := slices.IndexFunc(got.Open, func(a action) bool { return a.Entry > 0 })
		if !slices.Equal(got.Open[at].Needs, []string{"reason"}) || !strings.HasPrefix(got.Open[at].Right, "entry.") {
			t.Errorf("%+v", got.Open[at])
		}
	}
	b.Officer(t, authz.CaseWorker, "3201") // an office that could be asked
	tryAll(t, o, &c, map[string]bool{}, "own")
}

// Of a case whose worker was erased nothing is offered, to nobody.
func TestNothingIsOfferedForAnErasedWorker(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	b.Officer(t, authz.CaseWorker, "3201") // an office that could be asked
	c := asks.Open(t, "3273", 1, "Siti Hapus")
	asks.Change(t, &c, "/applications", map[string]any{"employer": "PT A", "position": "x"})
	asks.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn", "end_open_parts": true})
	asks.Change(t, &c, "/erasure", map[string]any{"reason": "x"})
	reopens := func(a action) bool { return a.Operation == "case-reopen" }
	if got := actionsOf(t, asks, c.ID); !slices.ContainsFunc(got.Open, reopens) {
		t.Errorf("before: %+v", got.Open)
	}
	decides.Change(t, &c, "/erasure/approval", nil)
	for _, o := range []*apitest.Officer{asks, b.Officer(t, authz.Auditor, "3273")} {
		got := actionsOf(t, o, c.ID)
		if len(got.Open) > 0 || len(got.Closed) < 20 {
			t.Errorf("open are %+v, closed %d", got.Open, len(got.Closed))
		}
		tryAll(t, o, &c, map[string]bool{}, "erased")
	}
}

// A case of another region has no actions, as if it were not there.
func TestActionsOfACaseElsewhere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	c := b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "Siti Rahasia")
	for _, o := range []*apitest.Officer{b.Officer(t, authz.Supervisor, "3275")} {
		a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/actions", nil)
		none := o.Call(t, http.MethodGet, "/v1/cases/"+uuid.NewString()+"/actions", nil)
		if a.Status != http.StatusNotFound || a.Code() != none.Code() || bytes.Contains(a.Body, []byte("Siti")) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}

// A refusal says what is on record and what is needed, and names what was not sent.
func TestARefusalGivesTheReasonThatIsTrue(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	if a := o.Call(t, http.MethodGet, "/v1/policy/explanation?officer="+o.ID.String()+"&action=case.read", nil,
		"Accept-Language", "en"); !strings.Contains(string(a.Body), "Required: case") {
		t.Errorf("a parameter that is missing: %d %s", a.Status, a.Body)
	}
	worker := b.Officer(t, authz.Analyst, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	var why struct {
		Allowed bool
		Text    string
		Roles   []string
	}
	a := o.Call(t, http.MethodGet, "/v1/policy/explanation?officer="+worker.ID.String()+"&action=claim.decide&case="+c.ID,
		nil, "Accept-Language", "en")
	if a.JSON(t, &why); why.Allowed || !slices.Equal(why.Roles, []string{"supervisor"}) ||
		!strings.Contains(why.Text, "no role of theirs allows claim.decide") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/access?officer=siti@contoh.go.id", nil); a.Status == http.StatusNotFound {
		t.Errorf("an e-mail where an id is wanted: %d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodPost, "/v1/referrals/"+uuid.NewString()+"/answer", map[string]any{"to": "accepted"},
		"Accept-Language", "en"); a.Code() != "precondition.required" || strings.Contains(string(a.Body), "case's") {
		t.Errorf("a referral without its version: %d %s", a.Status, a.Body)
	}
}
