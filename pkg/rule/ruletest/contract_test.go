package ruletest

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
)

const small = `cap: {value: 5000, article: Art. 1, confidence: V}
rows:
  - {name: a, from: 3}
  - {name: b, from: 5}
`

func TestEachBreakageBreaksWhatItSays(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]struct{ keys, text string }{
		"lost":             {"cap", "rows:\n"},
		"value lost":       {"cap.value", "cap: {article: Art. 1, confidence: V}"},
		"article lost":     {"cap.article", "cap: {value: 5000, confidence: V}"},
		"row lost":         {"rows.a", "rows:\n    - {name: b, from: 5}"},
		"list empty":       {"rows", "rows: []"},
		"negative":         {"rows.1.from rows.0.from cap.value", "value: -5000"},
		"a thousand times": {"rows.1.from rows.0.from cap.value", "value: 5000000"},
		"a thousandth":     {"rows.1.from rows.0.from cap.value", "value: 5.000000"},
		"part lost":        {"rows.1.from rows.1.name rows.0.from rows.0.name", "rows:\n    - {}\n    - {}"},
	} {
		text, keys := breakText(t, small, breakages[what])
		if strings.Join(keys, " ") != want.keys || !strings.Contains(text, want.text) {
			t.Errorf("%s: %v in\n%s", what, keys, text)
		}
	}
}

// A problem elsewhere is no answer to a fault.
func TestAProblemSpeaksOfItsOwnKey(t *testing.T) {
	t.Parallel()
	var of []string
	for _, key := range []string{"cash", "cash.rates", "cash.rates.0", "cash.rate", "cash.wage", ""} {
		if speaksOf(rule.Problem{Key: key}, "cash.rates") {
			of = append(of, key)
		}
	}
	if !slices.Equal(of, []string{"cash", "cash.rates", "cash.rates.0"}) {
		t.Errorf("problems at %q", of)
	}
}
