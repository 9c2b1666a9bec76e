package jkp_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/policies"
)

// load returns the programme of the repository's own parameter files.
func load(tb testing.TB) *jkp.Programme {
	tb.Helper()
	p, err := jkp.Load(policies.FS)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

var programme = ruletest.Of("jkp", jkp.Schemas(), jkp.Load)

// loadEdited loads an edited copy that has to be sound.
func loadEdited(tb testing.TB, name string, pairs ...string) *jkp.Programme {
	tb.Helper()
	p, err := jkp.Load(programme.Edited(tb, name, pairs...).FS)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// switched loads a copy in which one switch of one file has another value.
func switched(tb testing.TB, file, name, old, value string) *jkp.Programme {
	tb.Helper()
	return loadEdited(tb, file, name+":\n    value: "+old+"\n", name+":\n    value: "+value+"\n")
}

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestVersionsMeetOnTheSeventhOfFebruary(t *testing.T) {
	t.Parallel()
	p := load(t)
	versions := p.Versions()
	if len(versions) != 2 || versions[0].ID != "pp-37-2021" || versions[1].ID != "pp-6-2025" {
		t.Fatalf("versions %v", versions)
	}
	for day, want := range map[string]string{
		"2021-02-02": "pp-37-2021", "2025-02-06": "pp-37-2021", "2025-02-07": "pp-6-2025", "2025-02-08": "pp-6-2025",
		"2030-01-01": "pp-6-2025",
	} {
		r, err := p.RulesAt(calendar.MustDate(day))
		if err != nil || r.ID != want {
			t.Errorf("%s: %v, %v, want %s", day, r, err, want)
		}
	}
	if _, err := p.RulesAt(calendar.MustDate("2021-02-01")); err == nil {
		t.Error("a day before the first version has rules")
	}
}

// A changed rate is one changed parameter file: no code knows it.
func TestChangedFilesChangeTheResult(t *testing.T) {
	t.Parallel()
	p := loadEdited(t, "pp-6-2025.yaml", "[60%, 60%,", "[70%, 65.5%,", "value: 18000000", "value: 18775000")
	for n, want := range map[int]money.Rupiah{1: 3500000, 2: 3275000, 3: 3000000} {
		pay, err := p.MonthlyPayment(n, 5000000, calendar.MustDate("2026-01-10"))
		if err != nil || pay.Amount != want {
			t.Errorf("month %d: %v, %v, want %v", n, pay.Amount, err, want)
		}
	}
	next := programme.Edited(t, "pp-6-2025.yaml", "valid_from: 2025-02-07", "valid_from: 2025-02-07\nvalid_until: "+
		"2027-01-01")
	text := strings.NewReplacer("id: pp-6-2025", "id: pp-9-2026", "valid_from: 2025-02-07", "valid_from: 2027-01-01",
		"value: 5000000", "value: 6000000", "value: 18000000", "value: 21600000").Replace(programme.Read(t, "pp-6-2025.yaml"))
	next.Put("pp-9-2026.yaml", text)
	p, err := jkp.Load(next.FS)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]money.Rupiah{"2026-12-31": 3000000, "2027-01-01": 3600000} {
		pay, err := p.MonthlyPayment(6, 9000000, calendar.MustDate(day))
		if err != nil || pay.Amount != want {
			t.Errorf("%s: %v, %v, want %v", day, pay.Amount, err, want)
		}
	}
}

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	old, now, change := "pp-37-2021.yaml", "pp-6-2025.yaml", "transition.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"unknown key": {
			now, "cash:\n", "cash:\n  bonus: {value: 1, article: x, confidence: V}\n", "bonus not found",
		},
		"unknown key in a figure": {now, "value: 54\n", "value: 54\n    unit: years\n", "unknown key unit"},
		"figure missing":          {now, "  wage_cap:\n", "  wage_limit:\n", "wage_limit not found"},
		"rate lost":               {now, "[60%, 60%,", "[60%,", "cash.rates: not one rate per month"},
		"a month too many": {
			now, "max_months:\n    value: 6", "max_months:\n    value: 7", "cash.rates: not one rate per month",
		},
		"total one rupiah off": {
			old, "value: 10500000", "value: 10500001", "cash.max_total: rates and cap give 10500000",
		},
		"contribution is not the sum": {
			now, "value: 0.36%", "value: 0.46%", "contribution.rate: is not the sum of its parts",
		},
		"switch has no such value": {now, "value: half_up", "value: bankers", "not allowed here"},
		"unknown evidence": {
			now, `needs: ["final_judgment"]`, `needs: ["hearsay"]`, `evidence "hearsay" is not known`,
		},
		"unknown bundle": {
			now, "code: b2", "code: b3", "evidence.2: b3 is unknown, want one of a, b1, b2, c",
		},
		"unknown programme in a list":  {now, "[jkk, jkm, jht, jp, jkn]", "[jkk, jkm, jht, jp, bsu]", "not allowed here"},
		"unknown confidence":           {now, "confidence: V+", "confidence: sure", "confidence"},
		"open question without a note": {change, "  note: \"first_day", "  reference: \"first_day", "needs a note"},
		"window too long for the count": {
			now, "value: 24\n", "value: 64\n", "contribution_window_months.value: is not between 1 and 63",
		},
		"more months than the window": {now, "contribution_window_months:\n    value: 24",
			"contribution_window_months:\n    value: 11",
			"eligibility.contribution_months: is longer than the window"},
		"reason misspelt":      {now, "[RESIGN, ", "[RESIGNED, ", "not allowed here"},
		"reason in no list":    {now, "[RESIGN, ", "[", "RESIGN stands in 0 of the lists"},
		"reason in two lists":  {now, "[RESIGN, ", "[RESIGN, BANKRUPT, ", "BANKRUPT stands in 2 of the lists"},
		"kind of file unknown": {change, "kind: transition", "kind: passage", "no programme reads"},
		"cap of nothing": {
			"training-cost-pmk-26-2025.yaml", "value: 2400000", "value: 0", "unit_cost_cap.value: is not between",
		},
		"text in one language": {"texts.yaml", "  en: \"A JKP rule is in force on {date}\"\n", "", "not in both languages"},
	})
}

// As many months as the window has are no contradiction.
func TestTheWindowMayBeFull(t *testing.T) {
	t.Parallel()
	loadEdited(t, "pp-6-2025.yaml", "contribution_window_months:\n    value: 24", "contribution_window_months:\n    "+
		"value: 12")
}

func TestTheCutoverIsTheFirstDayOfAVersion(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2025-02-06", "2025-02-08", "2021-02-01"} {
		if _, err := jkp.Load(programme.Edited(t, "transition.yaml", "value: 2025-02-07", "value: "+day).FS); err == nil {
			t.Errorf("a cutover on %s loads", day)
		}
	}
}

func TestLoadNamesTheLineOfAProblem(t *testing.T) {
	t.Parallel()
	_, err := jkp.Load(programme.Edited(t, "transition.yaml", "  value: declared_eligible", "  value: whenever").FS)
	var problems *rule.ProblemError
	if !errors.As(err, &problems) || len(problems.Problems) != 1 || problems.Problems[0].Line != 15 {
		t.Fatalf("error %v", err)
	}
}

func TestLoadWantsTransitionAndTexts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"transition.yaml", "texts.yaml", "training-cost-pmk-148-2021.yaml"} {
		files := programme.Copy(t)
		files.Delete(name)
		_, err := jkp.Load(files.FS)
		if alone := name != "training-cost-pmk-148-2021.yaml"; (err != nil) != alone {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := jkp.Load(fstest.MapFS{}); err == nil {
		t.Error("loaded nothing")
	}
}
