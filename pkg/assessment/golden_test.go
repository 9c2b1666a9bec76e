package assessment_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// Cases that somebody else worked out (law_golden.csv, every row of it), the examples of the law, and cases of our own
// that were worked from the articles by another program. Those of the law's open questions hold both readings.
func TestGoldenCasesOfTheLaw(t *testing.T) {
	t.Parallel()
	for file, n := range map[string]int{"law_golden.csv": 32, "law_examples.csv": 19, "law_cases.csv": 60} {
		rows := ruletest.Rows(t, file)
		if len(rows) != n {
			t.Errorf("%s has %d cases, want %d", file, len(rows), n)
		}
		for _, row := range rows {
			t.Run(row["id"], func(t *testing.T) {
				t.Parallel()
				golden(t, row)
			})
		}
	}
}

func golden(t *testing.T, row ruletest.Row) {
	t.Helper()
	var inputs, expected map[string]any
	if json.Unmarshal([]byte(row["inputs"]), &inputs) != nil || json.Unmarshal([]byte(row["expected"]), &expected) != nil {
		t.Fatal("the row cannot be read")
	}
	asked, _ := inputs["step"].(string)
	got := amounts(mustAssess(t, factsOf(row["programme"]), told(t, row["programme"], inputs)), steps[asked])
	if asked != "" && steps[asked] == "" {
		t.Fatalf("no clock %q", asked)
	}
	for _, word := range slices.Sorted(maps.Keys(expected)) {
		wanted := expected[word]
		switch word {
		case "answer_must_show", "must_not_say":
			continue
		case "because":
			if code, ok := causes[wanted.(string)]; ok {
				wanted = code
			}
		case "paid_months_in_window_more_than":
			if n := got["paid_months_in_window"]; n == nil || float64(n.(int)) <= wanted.(float64) {
				t.Errorf("%d paid months in the window, want more than %v", n, wanted)
			}
			continue
		}
		want, errWant := json.Marshal(wanted)
		have, errHave := json.Marshal(got[word])
		if errWant != nil || errHave != nil || string(want) != string(have) {
			t.Errorf("%s is %s, want %s (%s)", word, have, want, row["article"])
		}
	}
	if days, ok := inputs["working_days"]; ok && fmt.Sprint(got["working_days"]) != fmt.Sprint(days) {
		t.Errorf("%v working days, want %v", got["working_days"], days)
	}
}

// The one answer on all rights agrees with that of each programme.
func TestGoldenCasesAgreeWithTheRights(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, file := range []string{"law_golden.csv", "law_examples.csv", "law_cases.csv"} {
		for _, row := range ruletest.Rows(t, file) {
			var inputs map[string]any
			if json.Unmarshal([]byte(row["inputs"]), &inputs) != nil {
				t.Fatal("the row cannot be read")
			}
			facts := told(t, row["programme"], inputs)
			rightsTold, code := inRights(t, row["programme"], facts)
			if rightsTold == "" {
				continue
			}
			compared++
			alone, r := mustAssess(t, factsOf(row["programme"]), facts), rightOf(t, mustRights(t, rightsTold), code)
			var damages int64
			for _, p := range alone.Parts {
				if p.Code == "severance.fixed_term_damages" {
					damages = p.Amount
				}
			}
			want := alone.Total - damages
			for _, d := range alone.Debts {
				if d.Code == "jkp.unregistered_cash" {
					want = d.Amount
				}
			}
			if refused := alone.Result == "ineligible"; r.Amount != want ||
				refused != (r.State == assessment.NotOwed && len(r.Why) > 0) {
				t.Errorf("%s: %d alone, %d (%s) among all rights", row["id"], want, r.Amount, r.State)
			}
		}
	}
	if compared < 70 {
		t.Errorf("only %d cases were compared", compared)
	}
}

// inRights puts the facts of one programme into those of all rights; "" for what these do not ask, such as a version.
func inRights(t *testing.T, programme, text string) (facts, code string) {
	t.Helper()
	var f map[string]any
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	switch programme {
	case "severance":
		f["contract"], code = "permanent", assessment.RightSeverance
	case "fixed_term":
		f["contract"], code = "fixed_term", assessment.RightCompensation
		f["citizenship"] = map[any]string{true: "wna", false: "wni"}[f["foreigner"]]
	case "jkp":
		if f["under"] != nil || f["given_on"] != nil {
			return "", ""
		}
		f["end_on"], f["reported_wage"], code = f["terminated_on"], f["wage"], assessment.RightJKP
		if delete(f, "wage"); f["real_wage"] != nil {
			f["wage"] = map[string]any{"base": f["real_wage"]}
		}
	default:
		return "", ""
	}
	merged, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(merged), code
}
