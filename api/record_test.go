package api_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
)

// Whichever office hears that the worker does not agree any more ends the referral: the office asked is told nothing
// from then on, the entry stands in the history, and it can be asked anew.
func TestAWorkerTakesConsentBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Supervisor, "3204")
	hears, third := b.Officer(t, authz.CaseWorker, "3204"), b.Officer(t, authz.CaseWorker, "3578")
	c := from.Open(t, "3273", 1, "Siti Setuju")
	takeBack := func(o *apitest.Officer, r referralAnswer) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/referrals/"+r.ID+"/consent-withdrawal", nil, "If-Match", rest.ETag(r.Version))
	}
	for _, accepted := range []bool{false, true} {
		if a := from.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": "3204", "service": "training",
			"consent": map[string]any{"on": "2026-11-01", "how": "spoken"}}); a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		r, who := incoming(t, to).Items[0], from
		if accepted {
			to.Call(t, http.MethodPost, "/v1/referrals/"+r.ID+"/answer", map[string]any{"to": "accepted"}, "If-Match",
				rest.ETag(r.Version)).JSON(t, &r)
			who = hears
		}
		if r.Name != "Siti Setuju" {
			t.Errorf("told before: %+v", r)
		}
		wantAnswer(t, "a third office", takeBack(third, r), http.StatusNotFound, "referral.not_found")
		stale := r
		stale.Version++
		wantAnswer(t, "another version", takeBack(who, stale), http.StatusPreconditionFailed, "referral.stale")
		a := takeBack(who, r)
		if a.JSON(t, &r); a.Status != http.StatusOK || r.State != "taken_back" {
			t.Fatalf("accepted %v: %d %s", accepted, a.Status, a.Body)
		}
		if r := incoming(t, to).Items[0]; r.Name != "" || r.State != "taken_back" {
			t.Errorf("told afterwards: %+v", r)
		}
		wantAnswer(t, "again", takeBack(who, r), http.StatusConflict, "referral.transition_refused")
		from.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &c)
	}
	a := from.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil)
	if strings.Count(string(a.Body), `"referral.consent_withdrawn"`) != 2 {
		t.Errorf("the history: %s", a.Body)
	}
	void := b.Officer(t, authz.Supervisor, "3273").Call(t, http.MethodPost,
		"/v1/cases/"+c.ID+"/history/"+strconv.Itoa(c.Version)+"/reversal", map[string]any{"reason": "x"}, "If-Match",
		rest.ETag(c.Version))
	wantAnswer(t, "voided", void, http.StatusConflict, "entry.lasting")
}

// An office in which nobody works is not asked, and without a direction both lists are one.
func TestWhichReferralsAreThere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	b.Officer(t, authz.Analyst, "1101") // counts, and works on no case
	mine, theirs := o.Open(t, "3273", 1, "Siti"), other.Open(t, "3204", 2, "Dewi")
	a := o.Change(t, &mine, "/referrals", map[string]any{"kind": "custody", "to": "1101"})
	wantAnswer(t, "nobody is there", a, http.StatusConflict, "referral.office_unstaffed")
	o.Change(t, &mine, "/referrals", map[string]any{"kind": "service", "to": "3204", "service": "training"})
	other.Change(t, &theirs, "/referrals", map[string]any{"kind": "service", "to": "3273", "service": "training"})
	for query, want := range map[string][]string{"": {theirs.ID, mine.ID}, "?direction=incoming": {theirs.ID},
		"?direction=outgoing": {mine.ID}} {
		var list struct{ Items []referralAnswer }
		o.Call(t, http.MethodGet, "/v1/referrals"+query, nil).JSON(t, &list)
		var got []string
		for _, r := range list.Items {
			got = append(got, r.Case)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
}

// What the record says of the birth date binds a claim, and the reason of its layoff is taken over, or held against it.
func TestAClaimIsHeldAgainstTheRecord(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	l := report(t, o, "PT Garmen", 3)
	c := openUnder(t, o, "3273", 1, l.ID)
	a := o.Change(t, &c, "/claims", entitled(map[string]any{"birth_date": "1990-01-02"}))
	if got := problem(t, a); got.Code != "claim.birth_date_differs" || a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another birth date: %d %s", a.Status, a.Body)
	}
	facts := entitled(nil)
	delete(facts, "birth_date")
	delete(facts, "reason")
	a = o.Change(t, &c, "/claims", facts)
	if id := madeBy(t, a); strings.Contains(string(a.Body), "claim.reason_differs") {
		t.Errorf("the reason of the layoff is told: %s", a.Body)
	} else if a := mended(t, o, &c, "/claims/"+id, map[string]any{"reason": "x",
		"facts": map[string]any{"birth_date": "1990-01-02"}}); a.Code() != "claim.birth_date_differs" {
		t.Errorf("corrected to another birth date: %d %s", a.Status, a.Body)
	} else if a := mended(t, o, &c, "/claims/"+id, map[string]any{"reason": "x",
		"facts": map[string]any{"reason": "RESIGN"}}); a.Status != http.StatusOK ||
		!strings.Contains(string(a.Body), "claim.reason_differs") {
		t.Errorf("another reason than the layoff: %d %s", a.Status, a.Body)
	} else if a := mended(t, o, &c, "/claims/"+id, map[string]any{"reason": "x",
		"facts": map[string]any{"reason": nil}}); a.Status != http.StatusOK {
		t.Errorf("the reason is the layoff's again: %d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &c, "/claims/decision", map[string]any{}); a.Status != http.StatusOK || c.Claim != "running" {
		t.Errorf("decided from the record: %d %s", a.Status, a.Body)
	}
}

// A birth date that is put right in the record is the claim's from then on: whatever else of it is corrected, and the
// one of before is as wrong as any other.
func TestAClaimFollowsTheBirthDateOfTheRecord(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	claim := madeBy(t, o.Change(t, &c, "/claims", entitled(nil)))
	var file struct {
		Worker struct {
			BirthDate calendar.Date `json:"birth_date"`
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &file)
	was, now := file.Worker.BirthDate.String(), file.Worker.BirthDate.AddDays(1).String()
	if a, _ := patch(t, o, &c, "/worker", map[string]any{"reason": "KTP", "birth_date": now}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for i, x := range []struct {
		facts map[string]any
		code  string
	}{
		{map[string]any{"birth_date": was}, "claim.birth_date_differs"},
		{map[string]any{"bank_account": "no"}, ""},
		{map[string]any{"birth_date": now}, "correction.nothing"},
		{map[string]any{"bank_account": "no"}, "correction.nothing"},
		{map[string]any{"bank_account": "yes", "birth_date": nil}, ""},
		{map[string]any{"bank_account": "no", "birth_date": now}, ""},
	} {
		if a := mended(t, o, &c, "/claims/"+claim, map[string]any{"reason": "x", "facts": x.facts}); a.Code() != x.code {
			t.Errorf("%d, %v: %d %s", i, x.facts, a.Status, a.Body)
		}
		if stored := partsOf(t, b, c).Claims[0].Facts; i > 0 && !strings.Contains(stored, now) {
			t.Errorf("%d, %v: kept is %s", i, x.facts, stored)
		}
	}
}

// A corrected wage changes what is still to come, and of what was paid the difference is shown and nothing rewritten.
func TestACorrectedWageTellsItsMonths(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, payer := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Service, "3273")
	c := o.Open(t, "3273", 1, "Siti Upah")
	o.Change(t, &c, "/claims", entitled(nil))
	o.Change(t, &c, "/claims/decision", map[string]any{})
	type shown struct {
		Items []struct {
			Months []struct {
				OpensOn                string `json:"opens_on"`
				Amount, Owed, Overpaid int
			}
		}
	}
	var claims shown
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil).JSON(t, &claims)
	if a := payer.Change(t, &c, "/claims/months/1/payment",
		map[string]any{"given_on": claims.Items[0].Months[0].OpensOn}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	type change struct{ Field, From, To string }
	for _, x := range []struct {
		wage           int
		want           []change
		owed, overpaid int
	}{
		{3_000_000, []change{{"claim.month_1.overpaid", "", "600000"}, {"claim.month_2.amount", "2400000", "1800000"}}, 0,
			600_000},
		{5_000_000, []change{{"claim.month_1.owed", "", "600000"}, {"claim.month_1.overpaid", "600000", ""},
			{"claim.month_2.amount", "1800000", "3000000"}}, 600_000, 0},
		{4_000_000, []change{{"claim.month_1.owed", "600000", ""}, {"claim.month_2.amount", "3000000", "2400000"}}, 0, 0},
	} {
		a, p := patch(t, o, &c, "/worker", map[string]any{"reason": "slip upah", "wage": x.wage})
		for _, want := range x.want {
			if !slices.ContainsFunc(p.Consequences, func(k struct{ Field, From, To string }) bool { return change(k) == want }) {
				t.Errorf("%d: %+v is not told: %d %s", x.wage, want, a.Status, a.Body)
			}
		}
		var claims shown
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil).JSON(t, &claims)
		if m := claims.Items[0].Months[0]; m.Amount != 2_400_000 || m.Owed != x.owed || m.Overpaid != x.overpaid {
			t.Errorf("%d: month 1 is %+v", x.wage, m)
		}
	}
}

// A part is corrected by the office that has the case: after a transfer by the new one, and by the old one no more.
func TestAPartIsCorrectedWhereTheCaseIs(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	c := from.Open(t, "3273", 1, "Siti Pindah")
	id := madeBy(t, from.Change(t, &c, "/applications", map[string]any{"employer": "PT Satu", "position": "Penjahit"}))
	from.Change(t, &c, "/referrals", map[string]any{"kind": "custody", "to": "3204"})
	offer := incoming(t, to).Items[0]
	to.Call(t, http.MethodPost, "/v1/referrals/"+offer.ID+"/answer", map[string]any{"to": "accepted"}, "If-Match", `"1"`)
	to.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &c)
	body := map[string]any{"reason": "salah ketik", "employer": "PT Dua"}
	wantAnswer(t, "by the office before", mended(t, from, &c, "/applications/"+id, body), http.StatusNotFound,
		"case.not_found")
	if a := mended(t, to, &c, "/applications/"+id, body); a.Status != http.StatusOK {
		t.Errorf("by the office that has it: %d %s", a.Status, a.Body)
	}
}

// An export of everything and an erasure wait for a second officer, are counted until one has decided, and only for who
// may decide.
func TestWhatWaitsForFourEyesIsCounted(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	elsewhere := b.Officer(t, authz.Supervisor, "3204")
	c := asks.Open(t, "3273", 1, "Siti Tunggu")
	asks.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	var x exported
	order(t, asks, map[string]any{"format": "dossier", "profile": "full", "case": c.ID, "reason": "Pengadilan"}).JSON(t,
		&x)
	asks.Change(t, &c, "/erasure", map[string]any{"reason": "diminta pekerja"})
	want := func(when string, o *apitest.Officer, exports, erasures int) {
		t.Helper()
		if got := queues(t, o); got["exports"] != exports || got["erasures"] != erasures {
			t.Errorf("%s: %v, want %d exports and %d erasures", when, got, exports, erasures)
		}
	}
	want("asked", decides, 1, 1)
	want("elsewhere", elsewhere, 0, 0)
	if a := decides.Call(t, http.MethodPost, "/v1/exports/"+x.ID+"/approval", nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	want("one approved", decides, 0, 1)
	if a := decides.Change(t, &c, "/erasure/approval", nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	want("both approved", decides, 0, 0)
}

// A claim that was taken back before its decision is listed as such, and not as refused.
func TestAClaimTakenBackIsNotRefused(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	back, refused := o.Open(t, "3273", 1, "Siti"), o.Open(t, "3273", 2, "Dewi")
	o.Change(t, &back, "/claims", entitled(nil))
	o.Change(t, &back, "/claims/stop", map[string]any{"reason": "not_claimed"})
	o.Change(t, &refused, "/claims", entitled(map[string]any{"reason": "RESIGN"}))
	o.Change(t, &refused, "/claims/decision", map[string]any{})
	var list struct{ Items []struct{ ID, Claim string } }
	o.Call(t, http.MethodGet, "/v1/cases", nil).JSON(t, &list)
	want := map[string]string{back.ID: "withdrawn", refused.ID: "refused"}
	for _, row := range list.Items {
		if row.Claim != want[row.ID] {
			t.Errorf("a case is listed as %s, want %s", row.Claim, want[row.ID])
		}
	}
	if len(list.Items) != len(want) {
		t.Errorf("listed %+v", list.Items)
	}
}

// A job fair takes vacancies until its day is over, where the work is.
func TestAFairThatIsOver(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	now := clock.System().Now()
	today := calendar.Of(now, calendar.ZoneOf("3273"))
	for day, code := range map[int]string{-1: "job_fair.over", 0: "", 1: ""} {
		var made struct{ ID string }
		a := o.Call(t, http.MethodPost, "/v1/job-fairs", map[string]any{"region": "3273", "name": "Bursa", "venue": "Sabuga",
			"held_on": today.AddDays(day).String()})
		if a.JSON(t, &made); a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		a = o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "uji", "items": []any{map[string]any{
			"region": "3273", "employer": "PT L", "title": "Penjahit", "occupation": "7531", "openings": 1, "fair": made.ID}}})
		if refused := strings.Contains(string(a.Body), `"job_fair.over"`); refused != (code != "") {
			t.Errorf("held on day %d: %d %s", day, a.Status, a.Body)
		}
	}
}
