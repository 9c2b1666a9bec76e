package rule_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
)

// What is absent, empty, beyond its bounds or outside a closed list is refused by its key, with what would be right.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"one rupiah too few": {
			"value: 5000000", "value: 998", "line 8: cap.value: is not between 1000 and 9000000",
		},
		"the least":           {"value: 5000000", "value: 1000", ""},
		"the most":            {"value: 5000000", "value: 9000000", ""},
		"one rupiah too many": {"value: 5000000", "value: 9000002", "line 8: cap.value: is not between"},
		"negative":            {"value: 5000000", "value: -5000000", "line 8: cap.value: is not between"},
		"fraction":            {"value: 5000000", "value: 5000.0", "line 8: cap.value: is not a whole number"},
		"percent sign lost":   {"[45%,", "[45,", "line 9: rates.value.0: is not between 0 and 60%"},
		"the highest rate":    {"[45%,", "[60%,", ""},
		"a rate too high":     {"[45%,", "[60.01%,", "line 9: rates.value.0: is not between"},
		"row out of bounds":   {"from: 12,", "from: 100,", "line 16: rows.1.from: is not between 0 and 99"},
		"bounds reach into maps": {
			"fire: {value: 3,", "fire: {value: 10,", "line 13: reasons.fire.value: is not between 1 and 9",
		},
		"empty list": {"[red, blue]", "[]", "line 11: colours.value: is empty"},
		"absent without a word": {
			"without: [limit, ", "without: [", "line 1: limit: missing: state it, or name it under without",
		},
		"absent group": {
			"without: [limit, shades, ", "without: [limit, ", "line 1: shades: missing: state it",
		},
		"absent in a group": {"  without: [spare]\n", "", "line 18: group.spare: missing: state it"},
		"row lost": {
			", named.red]", "]", "line 21: named.red: missing: state it, or name it under without",
		},
		"row unknown": {
			"colour: blue", "colour: green", "line 21: named.0: green is unknown, want one of red, blue",
		},
		"row named and there": {
			"colour: blue", "colour: red", "line 21: named.red: stands here although without names it",
		},
		"figure named and there": {
			"reasons:\n", "limit: {value: 3, article: Art. 9, confidence: V}\nreasons:\n",
			"limit: stands here although without names it",
		},
		"key unknown in a map": {
			"reasons:\n", "shades:\n  green: {value: 3, article: x, confidence: V}\nreasons:\n",
			"shades.green: green is unknown",
		},
		"nothing of that name": {
			"without: [spare]", "without: [spare, spade]", "line 19: group.without: spade is nothing that may be absent here",
		},
		"named twice": {
			"without: [limit, ", "without: [limit, limit, ", "line 22: without: limit is nothing that may",
		},
		"a required figure is named": {
			"without: [limit, ", "without: [cap, limit, ", "line 22: without: cap is nothing that may",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(sound, c.old, c.new, 1)
			if text == sound {
				t.Fatalf("%q is not in the file", c.old)
			}
			var found []string
			for _, p := range rule.CheckData([]byte(text), schema()) {
				found = append(found, p.String())
			}
			if c.want == "" && len(found) > 0 || c.want != "" && !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("problems %q, want %q", found, c.want)
			}
		})
	}
}

func TestARowStandsOnce(t *testing.T) {
	t.Parallel()
	row := "  - {colour: blue, article: Art. 8, confidence: V}\n"
	problems := rule.CheckData([]byte(strings.Replace(sound, row, row+row, 1)), schema())
	if len(problems) != 1 || problems[0].String() != "line 22: named.1: blue stands twice" {
		t.Errorf("problems %v", problems)
	}
}

// unbounded has a number of which nobody says what is too much.
type unbounded struct {
	rule.Version `yaml:",inline"`
	Cap          rule.Figure[int] `yaml:"cap"`
	Rate         rule.Figure[int] `yaml:"rate" between:"1..x"`
	Low          rule.Figure[int] `yaml:"low" between:"..5"`
}

func TestANumberWithoutBoundsIsRefused(t *testing.T) {
	t.Parallel()
	head, _, _ := strings.Cut(sound, "cap:")
	figure := ": {value: 3, article: Art. 1, confidence: V}\n"
	problems := rule.CheckData([]byte(head+"cap"+figure+"rate"+figure+"low"+figure), rule.SchemaOf[unbounded]("sample",
		"rules"))
	if len(problems) != 3 || slices.ContainsFunc(problems, func(p rule.Problem) bool {
		return !strings.Contains(p.Text,
			"bounds")
	}) {
		t.Errorf("problems %v", problems)
	}
}

// The day that chooses a version is the day that its cited figure states.
func TestTheFirstDayIsTheCitedOne(t *testing.T) {
	t.Parallel()
	type dated struct {
		rule.Version `yaml:",inline"`
		InForce      rule.Figure[rule.Ratio] `yaml:"in_force" between:"0..1"`
	}
	head, _, _ := strings.Cut(sound, "cap:")
	text := head + "in_force: {value: 1, article: Art. 1, confidence: V}\n"
	problems := rule.CheckData([]byte(text), rule.SchemaOf[dated]("sample", "rules"))
	if len(problems) != 1 || problems[0].String() != "line 8: in_force: is not 2020-01-01, the day of valid_from" {
		t.Errorf("problems %v", problems)
	}
}

func TestWordsInTheHeadAreInBothLanguages(t *testing.T) {
	t.Parallel()
	words := func(en string) string { return sound + "texts:\n  a: {id: Umur, en: " + en + "}\n" }
	if problems := rule.CheckData([]byte(words("Age")), schema()); len(problems) > 0 {
		t.Errorf("problems %v", problems)
	}
	problems := rule.CheckData([]byte(words(`""`)), schema())
	if len(problems) != 1 || problems[0].String() != "line 24: texts: text a is not in both languages" {
		t.Errorf("problems %v", problems)
	}
}
