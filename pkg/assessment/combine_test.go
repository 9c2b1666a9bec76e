package assessment_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Unpaid wages are owed from the first rupiah, before all creditors; none are none, and unsaid they are asked for.
func TestUnpaidWagesAreARightOfTheirOwn(t *testing.T) {
	t.Parallel()
	for unpaid, state := range map[string]string{`"unpaid_wages":0,`: assessment.NotOwed,
		`"unpaid_wages":1,`: assessment.Owed, ``: assessment.Unknown} {
		a := mustRights(t, with(`"unpaid_wages":0,`, unpaid))
		r := rightOf(t, a, assessment.RightWages)
		if r.State != state || r.Complete != (state != assessment.Unknown) || r.Article != "UU 13/2003 Art. 95(1)-(2)" {
			t.Errorf("%q: %s, complete %t, by %s", unpaid, r.State, r.Complete, r.Article)
		}
	}
	without := mustRights(t, with(`"unpaid_wages":0,`, ``, `"end_on":"2026-11-20",`, ``))
	if r := rightOf(t, without, assessment.RightWages); r.Article != "UU 13/2003 Art. 95(1)-(2)" {
		t.Errorf("without a last day: by %q", r.Article)
	}
}

// Uang pisah makes the lump sum one whose rate was not confirmed; a lump sum without any, and one of nothing, does not.
func TestWhichRateALumpSumIsTaxedAt(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		facts      string
		base, tax  int64
		unverified bool
	}{
		"uang pisah":               {with(`EFFICIENCY_LOSS`, `RESIGN`, `"wage":`, `"separation_pay":90000000,"wage":`), 90_000_000 + 2_785_715, 2_139_285, true},
		"no uang pisah":            {with(`"wage":`, `"separation_pay":0,"wage":`), 70_785_715, 1_039_285, false},
		"uang pisah beside the UP": {with(`"wage":`, `"separation_pay":1,"wage":`), 70_785_716, 1_039_285, true},
	} {
		a := mustRights(t, x.facts)
		if a.Tax.Base != x.base || a.Tax.Amount != x.tax {
			t.Errorf("%s: %d of %d, want %d of %d", name, a.Tax.Amount, a.Tax.Base, x.tax, x.base)
		}
		if other := strings.Contains(a.Tax.Article, "Art. 1;") || strings.HasSuffix(a.Tax.Article, "Art. 1"); other != x.unverified {
			t.Errorf("%s: taxed by %s", name, a.Tax.Article)
		}
	}
}

// Nothing that is taxed is known to be taxed with nothing; what is not known is not.
func TestTheTaxOnNothing(t *testing.T) {
	t.Parallel()
	nothing := with(`EFFICIENCY_LOSS`, `RESIGN`, `"wage":`, `"separation_pay":0,"wage":`, `"rights":[{"kind":"fare_home","amount":500000}]`,
		`"rights":[]`, `"unused_leave_days":6`, `"unused_leave_days":0`)
	if a := mustRights(t, nothing); a.Tax.Base != 0 || a.Tax.Amount != 0 || !a.Tax.Known {
		t.Errorf("%+v", a.Tax)
	}
	if a := mustRights(t, strings.Replace(nothing, `"separation_pay":0,`, ``, 1)); a.Tax.Base != 0 || a.Tax.Known {
		t.Errorf("uang pisah unsaid: %+v", a.Tax)
	}
}

// Each place on which a right rests is told once, in the order of its parts.
func TestARightNamesEachPlaceOnce(t *testing.T) {
	t.Parallel()
	r := rightOf(t, mustRights(t, permanentWorker), assessment.RightSeverance)
	if len(r.Parts) < 3 {
		t.Fatalf("%d parts", len(r.Parts))
	}
	for i, part := range r.Parts {
		for _, place := range strings.Split(part.Article, "; ") {
			if !strings.Contains(r.Article, place) {
				t.Errorf("part %d rests on %s, the right on %s", i, place, r.Article)
			}
		}
	}
	agreed := rightOf(t, mustRights(t, strings.Replace(microFirm, `"firm_size"`, `"agreed_amount":6000000,"firm_size"`, 1)),
		assessment.RightSeverance)
	if agreed.Article != agreed.Parts[0].Article {
		t.Errorf("one part by %s, the right by %s", agreed.Parts[0].Article, agreed.Article)
	}
}

// A term that is not known to have been cut short asks for its end, and names the article of the damages.
func TestDamagesThatNobodyCanTell(t *testing.T) {
	t.Parallel()
	a := mustRights(t, strings.Replace(endedEarly, `"contract_ends":"2027-06-30",`, ``, 1))
	if r := rightOf(t, a, assessment.RightDamages); r.State != assessment.Unknown || r.Article != "UU 13/2003 Art. 62" {
		t.Errorf("%s by %q", r.State, r.Article)
	}
}

// A worker of a term who is refused the compensation is known to have none: the tax of the rest is known as well. Of
// one whose nationality nobody said it is not.
func TestACompensationThatIsRefused(t *testing.T) {
	t.Parallel()
	for citizenship, known := range map[string]bool{`"citizenship":"wna",`: true, ``: false} {
		a := mustRights(t, strings.Replace(endedEarly, `"citizenship":"wni",`, citizenship, 1))
		if a.Tax.Known != known || a.Tax.Base != 0 {
			t.Errorf("%q: tax of %d known %t", citizenship, a.Tax.Base, a.Tax.Known)
		}
	}
}

// The fact that two rights lack is asked for once, and says for which.
func TestAFactIsAskedForOnce(t *testing.T) {
	t.Parallel()
	a := mustRights(t, `{"contract":"permanent"}`)
	seen := map[string]int{}
	for _, m := range a.Missing {
		seen[m.Fact]++
		if len(m.For) == 0 {
			t.Errorf("%s is asked for nothing", m.Fact)
		}
	}
	for fact, n := range seen {
		if n != 1 {
			t.Errorf("%s is asked for %s times", fact, strconv.Itoa(n))
		}
	}
}

// How the employment ended decides when JHT can be claimed; a term ended where that was its last day, not before it.
func TestWhenJHTByTheEnding(t *testing.T) {
	t.Parallel()
	for facts, from := range map[string]string{
		`"reason":"CONTRACT_ENDED"`:                                                "2026-06-15",
		`"contract":"fixed_term","contract_ends":"2026-06-15"`:                     "2026-06-15",
		`"contract":"fixed_term","contract_ends":"2026-06-16"`:                     "",
		`"contract":"permanent","contract_ends":"2026-06-15"`:                      "",
		`"contract":"fixed_term"`:                                                  "",
		`"contract":"fixed_term","contract_ends":"2026-06-15","reason":"BANKRUPT"`: "2026-07-15",
		`"contract":"fixed_term","contract_ends":"2026-12-31","reason":"BANKRUPT"`: "2026-07-15",
		`"reason":"RESIGN","resignation_letter_on":"2026-06-20"`:                   "2026-07-20",
		`"reason":"RESIGN"`: "", `"reason":"RETIREMENT"`: "", `"reason":"DEATH"`: "",
	} {
		var f assessment.Cover
		if err := json.Unmarshal([]byte(`{"terminated_on":"2026-06-15",`+facts+`}`), &f); err != nil {
			t.Fatal(err)
		}
		a, err := f.Assess(programmes(t), rule.Indonesian, today)
		got := ""
		for _, d := range a.Dates {
			if d.Code == "cover.jht_from" {
				got = d.On.String()
			}
		}
		if err != nil || got != from {
			t.Errorf("%s: from %q, want %q, %v", facts, got, from, err)
		}
	}
}

// The answer on cover is complete when both days are known and the worker is one whom the rule is for.
func TestWhenTheCoverIsComplete(t *testing.T) {
	t.Parallel()
	all := `"segment":"wage_earner","dispute":"none","reason":"BANKRUPT"`
	for facts, complete := range map[string]bool{all: true,
		strings.Replace(all, "wage_earner", "other", 1):                               false,
		strings.Replace(all, `"segment":"wage_earner",`, "", 1):                       false,
		strings.Replace(all, `"none"`, `"pending"`, 1):                                false,
		strings.Replace(all, `,"reason":"BANKRUPT"`, "", 1):                           false,
		strings.Replace(all, "BANKRUPT", "RESIGN", 1):                                 false,
		strings.Replace(all, `"none"`, `"final"`, 1):                                  false,
		strings.Replace(all, `"none"`, `"final","final_decision_on":"2026-09-01"`, 1): true,
	} {
		var f assessment.Cover
		if err := json.Unmarshal([]byte(`{"terminated_on":"2026-06-15",`+facts+`}`), &f); err != nil {
			t.Fatal(err)
		}
		a, err := f.Assess(programmes(t), rule.Indonesian, today)
		if err != nil || a.Complete != complete {
			t.Errorf("%s: complete %t, %v", facts, a.Complete, err)
		}
	}
}

// An employer who reported too low a wage, or never registered the worker, owes the JHT that is short, too.
func TestWhoseJHTIsShort(t *testing.T) {
	t.Parallel()
	for reported, short := range map[string]bool{"7999999": true, "8000000": false, "8000001": false} {
		r := rightOf(t, mustRights(t, with(`"reported_wage":8000000`, `"reported_wage":`+reported)), assessment.RightJHT)
		if (len(r.Beside) > 0) != short {
			t.Errorf("reported %s: %q", reported, r.Beside)
		}
	}
	for facts, short := range map[string]bool{`"registered":"no",`: true, `"registered":"yes",`: false, ``: false} {
		r := rightOf(t, mustRights(t, with(`"reported_wage":8000000,`, facts)), assessment.RightJHT)
		if (len(r.Beside) > 0) != short {
			t.Errorf("%q: %q", facts, r.Beside)
		}
	}
}

// JKN asks for what decides it, and for nothing else.
func TestWhatJKNAsksFor(t *testing.T) {
	t.Parallel()
	for facts, asks := range map[string][2]bool{permanentWorker: {false, false},
		with(`"jkn_segment":"wage_earner",`, ``): {true, false}, with(`,"dispute":"none"`, ``): {false, true}} {
		a := mustRights(t, facts)
		if got := [2]bool{asksFor(a, "jkn_segment"), asksFor(a, "dispute")}; got != asks {
			t.Errorf("asks for segment and dispute %v, want %v", got, asks)
		}
	}
}

// THR of a casual worker is of the average of the months that were earned, of twelve when nobody said how many; the
// reading that drops days beyond whole months names its own place, whatever was rounded.
func TestTheWageOfTHR(t *testing.T) {
	t.Parallel()
	for facts, want := range map[string]int64{
		`"month_wage":4000000,"service_months":12`:                       4_000_000,
		`"earned_total":24000000,"service_months":12`:                    2_000_000,
		`"earned_total":24000000,"earned_months":6,"service_months":12`:  4_000_000,
		`"earned_total":24000000,"earned_months":6,"service_months":3`:   1_000_000,
		`"earned_total":24000000,"earned_months":12,"service_months":12`: 2_000_000,
	} {
		a := answer(t, &assessment.THR{}, `{"contract":"permanent","employed_on_holiday":true,`+facts+`}`)
		if len(a.Parts) != 1 || a.Parts[0].Amount != want || !a.Complete {
			t.Errorf("%s: %+v, complete %t", facts, a.Parts, a.Complete)
		}
	}
	for start, rounded := range map[string]bool{"2026-06-10": true, "2026-06-25": false} {
		a := answer(t, &assessment.THR{}, `{"contract":"permanent","employed_on_holiday":true,"holiday_on":"2026-12-25",
			"month_wage":4000000,"start_on":"`+start+`"}`)
		other := a.Parts[0].Otherwise
		if rounded != (len(other) == 1) || rounded && other[0].Article != "Permenaker 6/2016 Art. 3(1)(b)" {
			t.Errorf("from %s: %+v", start, other)
		}
	}
	undecided := answer(t, &assessment.THR{}, `{"contract":"permanent","month_wage":4000000}`)
	if undecided.Complete || len(undecided.Parts) != 0 {
		t.Errorf("undecided: %+v", undecided)
	}
}

func answer(t *testing.T, facts assessment.Facts, text string) assessment.Answer {
	t.Helper()
	if err := json.Unmarshal([]byte(text), facts); err != nil {
		t.Fatal(err)
	}
	a, err := facts.Assess(programmes(t), rule.Indonesian, today)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What is paid within two calendar years is taxed at once; after them the rates are not known here, and it is said.
func TestTheYearsOfALumpSum(t *testing.T) {
	t.Parallel()
	for years, known := range map[string]bool{"1": true, "2": true, "3": false} {
		a := answer(t, &assessment.SeveranceTax{}, `{"kind":"severance","gross":90000000,"resident":true,"paid_within_calendar_years":`+years+`}`)
		var tax int64
		complete := true
		for _, p := range a.Parts {
			tax += p.Amount
			complete = complete && p.Known
		}
		if complete != known || known != (tax == 2_000_000) || (len(a.Missing) == 0) != known {
			t.Errorf("within %s years: %d, known %t, missing %v", years, tax, complete, a.Missing)
		}
	}
}

// What was stated for JKP goes before what is said of the employment, which fills in what was not.
func TestWhatIsOnRecordOfAnEmployment(t *testing.T) {
	t.Parallel()
	e := assessment.Employment{Contract: "permanent", FirmSize: "large"}
	for name, x := range map[string]struct {
		f              assessment.Rights
		contract, size string
		wage           bool
	}{
		"nothing stated": {assessment.OnRecord(jkp.Application{}, e, 0, nil), "permanent", "large", false},
		"both stated": {assessment.OnRecord(jkp.Application{Contract: "fixed_term", FirmSize: "micro"}, e, 1, nil),
			"fixed_term", "micro", true},
		"one of them": {assessment.OnRecord(jkp.Application{FirmSize: "small"}, e, 5_000_000, nil), "permanent", "small", true},
	} {
		f := x.f
		if f.Contract != x.contract || f.FirmSize != x.size || (f.ReportedWage != nil) != x.wage {
			t.Errorf("%s: %s, %s, wage %v", name, f.Contract, f.FirmSize, f.ReportedWage)
		}
	}
}

// A term that was over on the day of the layoff is stated of another contract; one that ends on that very day is not.
func TestATermOnRecord(t *testing.T) {
	t.Parallel()
	end := calendar.MustDate("2026-10-31")
	for ends, kept := range map[string]bool{"2026-10-30": false, "2026-10-31": true, "2026-11-01": true} {
		f := assessment.OnRecord(jkp.Application{TerminatedOn: end, ContractEnds: calendar.MustDate(ends)},
			assessment.Employment{}, 0, nil)
		if f.ContractEnds.IsZero() == kept {
			t.Errorf("a term until %s is kept: %t", ends, !kept)
		}
	}
}

// A clock has passed on the day after its last one, not on it.
func TestWhenAClockHasPassed(t *testing.T) {
	t.Parallel()
	var f assessment.Rights
	if err := json.Unmarshal([]byte(permanentWorker), &f); err != nil {
		t.Fatal(err)
	}
	a := mustRights(t, permanentWorker)
	if len(a.Clocks) == 0 {
		t.Fatal("no clock runs")
	}
	for _, c := range a.Clocks {
		for days := -1; days <= 1; days++ {
			at, err := f.Assess(programmes(t), rule.Indonesian, c.On.AddDays(days))
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(at.Clocks, func(x assessment.RightClock) bool { return x.Code == c.Code })
			if i < 0 || at.Clocks[i].On != c.On {
				continue // another day of asking may start another clock
			}
			if at.Clocks[i].Passed != (days > 0) {
				t.Errorf("%s until %s has passed %d days after it: %t", c.Code, c.On, days, at.Clocks[i].Passed)
			}
		}
	}
}
