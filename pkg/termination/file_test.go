package termination_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	procedure, dispute, reasons := "procedure-pp-35-2021.yaml", "dispute-mk-132-2025.yaml", "reasons-pp-35-2021.yaml"
	validity, prevention := "validity-mk-168-2023.yaml", "prevention-se-907-2004.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"clock without days":        {procedure, "value: 14 working days", "value: 0 working days", "between 1 and 250"},
		"clock of more than a year": {procedure, "value: 14 working days", "value: 400 working days", "between 1 and 250"},
		"clock of a century":        {dispute, "value: 12 months", "value: 1200 months", "or 60 months"},
		"clock without a unit":      {procedure, "value: 14 working days", "value: 14", "in working days nor in months"},
		"clock of weeks":            {procedure, "value: 14 working days", "value: 2 weeks", "in working days nor in months"},
		"clock of half a day": {procedure, "value: 14 working days", "value: 0.5 working days",
			"not like 14 working days"},
		"clock without article": {procedure, "article: Art. 39(1), ", "", "no article"},
		"clock without confidence": {
			procedure, "article: Art. 39(1), confidence: V+", "article: Art. 39(1)", "confidence",
		},
		"unknown step":           {procedure, "  refusal:", "  refused:", "steps.refused: refused is unknown"},
		"missing step":           {procedure, "  refusal:", "  refused:", "steps.refusal: missing"},
		"step of the other file": {procedure, "  refusal:", "  bipartite:", "steps.bipartite: bipartite is unknown"},
		"unknown event": {
			dispute, "stopped_by: [choice_made]", "stopped_by: [chosen]",
			"steps.settlement_choice.stopped_by.0: value chosen is not allowed",
		},
		"clock that stops itself": {dispute, "stopped_by: [choice_made]", "stopped_by: [choice_made, choice_offered]",
			"same event"},
		"unknown bound": {
			procedure, "bound: at_least", "bound: about", "steps.notice.bound: value about is not allowed",
		},
		"unknown party": {dispute, "party: supreme_court", "party: king", "steps.cassation.party: value king is " +
			"not allowed"},
		"unknown consequence":    {dispute, "value: rejection", "value: consent", "not allowed"},
		"unknown key":            {procedure, "bound: at_least", "bounds: at_least", "bounds"},
		"claim without a rank":   {"ranking-uu-6-2023.yaml", "  wages:", "  wage:", "ranks.wages: missing"},
		"rank out of order":      {"ranking-uu-6-2023.yaml", "    value: 1\n", "    value: 10\n", "between 1 and 9"},
		"ground without article": {"forbidden-uu-6-2023.yaml", "    article: Art. 153(1)(d)\n", "", "no article"},
		"ground that is none": {"forbidden-uu-6-2023.yaml", "  marriage:", "  divorce:",
			"grounds.divorce: divorce is unknown"},
		"wages for no months":    {"dispute-wages-mk-168-2023.yaml", "  value: 6\n", "  value: 0\n", "between 1 and 60"},
		"missing reason":         {reasons, "  BANKRUPT:", "  BROKE:", "reasons.BANKRUPT: missing"},
		"unknown reason":         {reasons, "  BANKRUPT:", "  BROKE:", "reasons.BROKE: BROKE is unknown"},
		"letter outside a to o":  {reasons, "value: f,", "value: q,", "not allowed"},
		"unknown exclusion":      {reasons, "value: when_permanent_total", "value: perhaps", "not allowed"},
		"reason without article": {reasons, "    article: Art. 47\n", "", "no article"},
		"unknown need":           {validity, "value: final_decision", "value: goodwill", "not allowed"},
		"measures that change places": {
			prevention, "code: cut_top_pay, letter: a,", "code: reduce_shifts, letter: b,", "reduce_shifts stands twice",
		},
		"measure out of order": {
			prevention, "code: reduce_hours", "code: reduce_days", "measures.4: reduce_days stands twice",
		},
		"open question without a note": {
			"validity-pp-35-2021.yaml", ", note: \"the text", ", reference: \"the text", "needs a note",
		},
	})
}

// sameBut compares two procedures clock by clock and names those that differ in anything.
func sameBut(t *testing.T, before, after termination.Procedure, differ ...termination.Step) {
	t.Helper()
	for _, s := range termination.Steps() {
		if same := reflect.DeepEqual(before.Steps[s], after.Steps[s]); same == slices.Contains(differ, s) {
			t.Errorf("%s: the same %t, before %+v, after %+v", s, same, before.Steps[s], after.Steps[s])
		}
	}
}

func TestTheProceduresDifferOnlyWhereTheLawChanged(t *testing.T) {
	t.Parallel()
	before, after := procedureAt(t, "2025-02-06"), procedureAt(t, "2025-02-07")
	if before.ID == after.ID {
		t.Fatalf("one version %s on both sides of 7 February 2025", before.ID)
	}
	sameBut(t, before, after, termination.InsurerReport)
	b, a := before.Steps[termination.InsurerReport].Limit, after.Steps[termination.InsurerReport].Limit
	if b.Value != a.Value || b.Source.String() != "PP 37/2021 Art. 9" ||
		a.Source.String() != "Permenaker 2/2025 Art. 9(1)" {
		t.Errorf("report to the insurer: before %v of %s, after %v of %s", b.Value, b.Source, a.Value, a.Source)
	}
	sameBut(t, procedureAt(t, "2024-09-16"), procedureAt(t, "2024-09-17"), termination.Suit, termination.SuitBeforeRuling)
}

func TestNothingIsKnownBeforeTheFirstFile(t *testing.T) {
	t.Parallel()
	l := law(t)
	if _, err := l.ProcedureAt(date("2021-02-01")); err == nil {
		t.Error("a procedure before PP 35/2021")
	}
	if _, err := l.Preventions.At(date("2004-10-27")); err == nil {
		t.Error("measures before the circular")
	}
}
