package rule_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"pgregory.net/rapid"
)

func criterion(code string, result rule.Result, confidence rule.Confidence) rule.Criterion {
	return rule.Criterion{
		Code: code, Result: result, Required: "< 54", Inputs: map[string]string{"age": "53"},
		Source: rule.Source{Citation: "PP 1/2020", Article: "Art. 1", Confidence: confidence},
	}
}

// The outcome is the worst result; none at all decides nothing.
func TestDecide(t *testing.T) {
	t.Parallel()
	for want, cases := range map[rule.Outcome][][]rule.Result{
		rule.Eligible:   {{rule.Met}, {rule.Met, rule.Met}},
		rule.Ineligible: {{rule.NotMet}, {rule.Met, rule.NotMet}, {rule.Unknown, rule.NotMet}, {rule.NotMet, rule.Unknown}},
		rule.Undetermined: {{}, {rule.Unknown}, {rule.Met, rule.Unknown}, {rule.Unknown, rule.Met}, {""},
			{"perhaps", rule.Met}},
	} {
		for _, results := range cases {
			var criteria []rule.Criterion
			for _, r := range results {
				criteria = append(criteria, criterion("x", r, "V"))
			}
			if d := rule.Decide(rule.Version{Programme: "p", ID: "v"}, calendar.MustDate("2025-02-07"),
				criteria); d.Result != want {
				t.Errorf("%v: %s, want %s", results, d.Result, want)
			}
		}
	}
}

func anyCriteria(t *rapid.T) []rule.Criterion {
	var criteria []rule.Criterion
	for range rapid.IntRange(1, 8).Draw(t, "n") {
		r := rapid.SampledFrom([]rule.Result{rule.Met, rule.NotMet, rule.Unknown}).Draw(t, "result")
		criteria = append(criteria, criterion("x", r, "V"))
	}
	return criteria
}

// The order of the criteria does not matter, and another one never makes the outcome better.
func TestDecideIsMonotone(t *testing.T) {
	t.Parallel()
	rank := []rule.Outcome{rule.Ineligible, rule.Undetermined, rule.Eligible}
	rapid.Check(t, func(t *rapid.T) {
		criteria := anyCriteria(t)
		day := calendar.MustDate("2025-02-07")
		before := rule.Decide(rule.Version{}, day, criteria).Result
		turned := slices.Clone(criteria)
		slices.Reverse(turned)
		if got := rule.Decide(rule.Version{}, day, turned).Result; got != before {
			t.Fatalf("%s the other way round is %s", before, got)
		}
		more := rule.Decide(rule.Version{}, day, append(turned, anyCriteria(t)...)).Result
		if slices.Index(rank, more) > slices.Index(rank, before) {
			t.Fatalf("%s became %s", before, more)
		}
	})
}

func TestDecisionFindsItsCriteria(t *testing.T) {
	t.Parallel()
	d := rule.Decide(rule.Version{Programme: "p", ID: "v"}, calendar.MustDate("2025-02-07"), []rule.Criterion{
		criterion("a", rule.Met, "V+"), criterion("b", rule.NotMet, "V"), criterion("c", rule.NotMet, "v"),
	})
	if c, ok := d.Get("b"); !ok || c.Result != rule.NotMet {
		t.Error("b is not found")
	}
	if _, ok := d.Get("z"); ok {
		t.Error("z is found")
	}
	if len(d.Select(rule.NotMet)) != 2 || len(d.Select(rule.Unknown)) != 0 || d.Unverified() {
		t.Error("selection or confidence is wrong")
	}
	d.Criteria = append(d.Criteria, criterion("d", rule.Met, "D"))
	if !d.Unverified() {
		t.Error("a derived figure is not shown")
	}
}

// A stored decision comes back the same, so that it can be explained years later.
func TestDecisionSurvivesJSON(t *testing.T) {
	t.Parallel()
	d := rule.Decide(rule.Version{Programme: "p", ID: "v"}, calendar.MustDate("2025-02-07"),
		[]rule.Criterion{criterion("a", rule.Met, "open")})
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back rule.Decision
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(d, back) {
		t.Errorf("%s, %v", data, err)
	}
	for _, part := range []string{`"as_of":"2025-02-07"`, `"version":"v"`, `"article":"Art. 1"`, `"inputs":{"age":"53"}`,
		`"result":"met"`} {
		if !strings.Contains(string(data), part) {
			t.Errorf("%s lacks %s", data, part)
		}
	}
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	for letter, unverified := range map[rule.Confidence]bool{"V+": false, "V": false, "v": false, "U": true, "D": true,
		"open": true} {
		if !letter.Valid() || letter.Unverified() != unverified ||
			(rule.Source{Confidence: letter}).Unverified() != unverified {
			t.Errorf("%s: valid %t, unverified %t", letter, letter.Valid(), letter.Unverified())
		}
	}
	for _, letter := range []rule.Confidence{"", "w", "v+", "OPEN", "d"} {
		if letter.Valid() {
			t.Errorf("%q is valid", letter)
		}
	}
	if text := (rule.Source{Article: "Art. 1"}).String(); text != "Art. 1" {
		t.Errorf("source without citation: %s", text)
	}
}

func TestEnums(t *testing.T) {
	t.Parallel()
	for _, r := range []rule.Result{rule.Met, rule.NotMet, rule.Unknown} {
		if !r.Valid() || rule.Result(strings.ToUpper(string(r))).Valid() {
			t.Errorf("result %s", r)
		}
	}
	for _, o := range []rule.Outcome{rule.Eligible, rule.Ineligible, rule.Undetermined} {
		if !o.Valid() || rule.Outcome(o+"x").Valid() {
			t.Errorf("outcome %s", o)
		}
	}
	if !rule.Indonesian.Valid() || !rule.English.Valid() || rule.Language("fr").Valid() {
		t.Error("languages are not id and en")
	}
	if rule.When(true) != rule.Met || rule.When(false) != rule.NotMet {
		t.Error("When is wrong")
	}
}

const texts = `a: {id: "Umur {required} (umur {age}, catatan {note})", en: "Age {required} (age {age}, note {note})"}
b: {id: "Tanpa tempat", en: "Without places"}
`

func TestExplainInBothLanguages(t *testing.T) {
	t.Parallel()
	catalogue, err := rule.LoadCatalogue(strings.NewReader(texts))
	if err != nil || !slices.Equal(catalogue.Codes(), []string{"a", "b"}) {
		t.Fatal(catalogue.Codes(), err)
	}
	d := rule.Decide(rule.Version{}, calendar.MustDate("2025-02-07"), []rule.Criterion{
		criterion("a", rule.Met, "V+"), criterion("b", rule.NotMet, "U"), criterion("c", rule.Unknown, "V"),
	})
	for language, want := range map[rule.Language][]string{
		rule.Indonesian: {
			"Terpenuhi: Umur < 54 (umur 53, catatan –) (PP 1/2020 Art. 1)",
			"Tidak terpenuhi: Tanpa tempat (PP 1/2020 Art. 1) [belum diverifikasi pada naskah peraturan: U]",
			"Belum diketahui: c (PP 1/2020 Art. 1)",
		},
		rule.English: {
			"Met: Age < 54 (age 53, note –) (PP 1/2020 Art. 1)",
			"Not met: Without places (PP 1/2020 Art. 1) [not verified in the regulation text: U]",
			"Not known yet: c (PP 1/2020 Art. 1)",
		},
	} {
		if got := d.Explain(language, catalogue); !slices.Equal(got, want) {
			t.Errorf("%s: %q", language, got)
		}
	}
}

// A value that looks like a place is shown as a dash, never filled from another input.
func TestExplainFillsOnce(t *testing.T) {
	t.Parallel()
	c := criterion("a", rule.Met, "V")
	c.Inputs = map[string]string{"age": "{secret}", "secret": "hidden"}
	c.MessageArgs = map[string]string{"note": "{"}
	line := c.Explain(rule.English, rule.Catalogue{"a": {ID: "{age}", EN: "{age} {note}"}})
	if strings.Contains(line, "hidden") || !strings.HasPrefix(line, "Met: – {") {
		t.Errorf("line %q", line)
	}
}

func TestATextMayBeginWithAPlace(t *testing.T) {
	t.Parallel()
	c := criterion("a", rule.Met, "V")
	line := c.Explain(rule.English, rule.Catalogue{"a": {ID: "x", EN: "{gone}{age}"}})
	if !strings.HasPrefix(line, "Met: –53 (") {
		t.Errorf("line %q", line)
	}
}

func TestCatalogueIsStrict(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"one language": `a: {id: "x"}`,
		"third one":    `a: {id: "x", en: "y", fr: "z"}`,
		"twice":        "a: {id: x, en: y}\na: {id: x, en: y}\n",
		"not YAML":     "a: [",
	} {
		if _, err := rule.LoadCatalogue(strings.NewReader(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
