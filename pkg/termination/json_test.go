package termination_test

import (
	"encoding/json"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// stored has the keys of a stored clock spelt out: a changed key is a changed record, and has to be meant.
type stored struct {
	Step        string `json:"step"`
	Starts      string `json:"starts"`
	WorkingDays int    `json:"working_days"`
	Bound       string `json:"bound"`
	Party       string `json:"party"`
	Silence     string `json:"silence"`
	Article     string `json:"article"`
	Confidence  string `json:"confidence"`
}

func TestAClockAsItIsStored(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-03-12"), ruletest.Workdays(t)
	for step, want := range map[termination.Step]stored{
		termination.Refusal: {
			Step: "refusal", Starts: "2026-03-12", WorkingDays: 7, Bound: "at_most",
			Party: "worker", Article: "PP 35/2021 Art. 39(1)", Confidence: "V+",
		},
		termination.MediationAnswer: {
			Step: "mediation_answer", Starts: "2026-03-12", WorkingDays: 10, Bound: "at_most", Silence: "rejection",
			Party: "both_sides", Article: "UU 2/2004 Art. 13(2)(c)", Confidence: "V+",
		},
		termination.Notice: {
			Step: "notice", Starts: "2026-03-12", WorkingDays: 14, Bound: "at_least",
			Party: "employer", Article: "PP 35/2021 Art. 37(3)", Confidence: "V+",
		},
	} {
		c, err := p.Start(cal, step, date("2026-03-12"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var got stored
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Errorf("%s is stored as %s (%v)", step, text, err)
		}
		var back termination.Clock
		if err := json.Unmarshal(text, &back); err != nil || back.Due.Due != c.Due.Due || back.Due.Certain != c.Due.Certain {
			t.Errorf("%s does not come back: %v", step, err)
		}
	}
}
