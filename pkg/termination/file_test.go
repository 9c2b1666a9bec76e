package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	procedure, reasons := "procedure-pp-35-2021.yaml", "reasons-pp-35-2021.yaml"
	validity, prevention := "validity-mk-168-2023.yaml", "prevention-se-907-2004.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"clock without days":        {procedure, "{value: 14,", "{value: 0,", "between 1 and 250"},
		"clock of more than a year": {procedure, "{value: 14,", "{value: 400,", "between 1 and 250"},
		"clock without article":     {procedure, "article: Art. 39(1), ", "", "no article"},
		"clock without confidence": {
			procedure, "article: Art. 39(1), confidence: V+", "article: Art. 39(1)", "confidence",
		},
		"unknown step": {procedure, "  refusal:", "  refused:", "steps.refused: refused is unknown"},
		"missing step": {procedure, "  refusal:", "  refused:", "steps.refusal: missing"},
		"unknown event": {
			procedure, "stopped_by: choice_made", "stopped_by: chosen", "steps.settlement_choice.stopped_by: value chosen is not allowed",
		},
		"clock that stops itself": {procedure, "stopped_by: choice_made", "stopped_by: choice_offered", "same event"},
		"unknown bound": {
			procedure, "bound: at_least", "bound: about", "steps.notice.bound: value about is not allowed",
		},
		"unknown consequence":    {procedure, "value: rejection", "value: consent", "not allowed"},
		"unknown key":            {procedure, "bound: at_least", "bounds: at_least", "bounds"},
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

func TestTheTwoProceduresDifferOnlyInTheReportToTheInsurer(t *testing.T) {
	t.Parallel()
	before, after := procedureAt(t, "2025-02-06"), procedureAt(t, "2025-02-07")
	if before.ID == after.ID {
		t.Fatalf("one version %s on both sides of 7 February 2025", before.ID)
	}
	for _, s := range termination.Steps() {
		b, a := before.Steps[s].WorkingDays, after.Steps[s].WorkingDays
		if b.Value != a.Value {
			t.Errorf("%s: %d working days before, %d after", s, b.Value, a.Value)
		}
		if same := b.Source == a.Source; same == (s == termination.InsurerReport) {
			t.Errorf("%s: source before %s, after %s", s, b.Source, a.Source)
		}
	}
	if !before.Steps[termination.InsurerReport].WorkingDays.Unverified() {
		t.Error("the old text of the report to BPJS-TK was not read and has to be shown as unverified")
	}
}

func TestNothingIsKnownBeforeTheFirstFile(t *testing.T) {
	t.Parallel()
	l := law(t)
	if _, err := l.Procedures.At(date("2021-02-01")); err == nil {
		t.Error("a procedure before PP 35/2021")
	}
	if _, err := l.Preventions.At(date("2004-10-27")); err == nil {
		t.Error("measures before the circular")
	}
}
