package rule_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// colour is an enum as the programmes have them.
type colour string

// Valid reports whether c is red or blue.
func (c colour) Valid() bool { return slices.Contains(c.Values(), c) }

// Values returns both.
func (colour) Values() []colour { return []colour{"red", "blue"} }

// sample is a small parameter file with every kind of figure.
type sample struct {
	rule.Version `yaml:",inline"`
	Cap          rule.Figure[money.Rupiah]   `yaml:"cap" between:"1000..9000000"`
	Rates        rule.Figure[[]rule.Ratio]   `yaml:"rates" between:"0..60%"`
	Start        rule.Figure[calendar.Date]  `yaml:"start"`
	Colours      rule.Figure[[]colour]       `yaml:"colours"`
	Limit        *rule.Figure[int]           `yaml:"limit" between:"1..9"`
	Reasons      map[string]rule.Figure[int] `yaml:"reasons,omitempty" between:"1..9"`
	Shades       map[colour]rule.Figure[int] `yaml:"shades,omitempty" between:"1..9"`
	Rows         []tableRow                  `yaml:"rows,omitempty"`
	Group        struct {
		Answer rule.Figure[bool] `yaml:"answer"`
		Spare  *rule.Figure[int] `yaml:"spare,omitempty" between:"1..9"`

		rule.Optional `yaml:",inline"`
	} `yaml:"group"`
	Named []namedRow `yaml:"named" each:"colour"`
}

type tableRow struct {
	From        int `yaml:"from" between:"0..99"`
	rule.Source `yaml:",inline"`
}

type namedRow struct {
	Colour      colour `yaml:"colour"`
	rule.Source `yaml:",inline"`
}

// Validate refuses an odd cap.
func (s *sample) Validate() []rule.Problem {
	if s.Cap.Value%2 == 1 {
		return []rule.Problem{{Key: "cap", Text: "is odd"}}
	}
	return nil
}

const sound = `programme: sample
kind: rules
id: s-1
title: A sample
citation: PP 1/2020
valid_from: 2020-01-01
valid_until: 2021-01-01
cap: {value: 5000000, article: Art. 1, confidence: V+}
rates: {value: [45%, 0.5, 1/12], article: Art. 2, confidence: V, citation: PP 2/2020}
start: {value: 2020-02-29, article: Art. 3, confidence: U}
colours: {value: [red, blue], article: Art. 4, confidence: D}
reasons:
  fire: {value: 3, article: Art. 5, confidence: v}
rows:
  - {from: 0, article: Art. 6, confidence: V}
  - {from: 12, article: Art. 6, confidence: V}
group:
  answer: {value: true, article: Art. 7, confidence: open, note: nobody says}
  without: [spare]
named:
  - {colour: blue, article: Art. 8, confidence: V}
without: [limit, shades, named.red]
`

func schema() rule.Schema { return rule.SchemaOf[sample]("sample", "rules") }

func TestDecodeReadsEveryKindOfFigure(t *testing.T) {
	t.Parallel()
	s, problems := rule.Decode[sample]([]byte(sound))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if s.Cap.Value != 5000000 || len(s.Rates.Value) != 3 || s.Rates.Value[2].String() != "1/12" ||
		s.Start.Value != calendar.MustDate("2020-02-29") {
		t.Errorf("values %d %v %s", s.Cap.Value, s.Rates.Value, s.Start.Value)
	}
	if s.Limit != nil || !s.Group.Answer.Value || s.Colours.Value[1] != "blue" || s.Rows[1].From != 12 {
		t.Error("optional figure, switch, list or row is not as in the file")
	}
	for name, pair := range map[string][2]string{
		"own":       {s.Rates.Source.String(), "PP 2/2020 Art. 2"},
		"inherited": {s.Cap.Source.String(), "PP 1/2020 Art. 1"},
		"in a map":  {s.Reasons["fire"].Source.String(), "PP 1/2020 Art. 5"},
		"in a row":  {s.Rows[0].Source.String(), "PP 1/2020 Art. 6"},
		"nested":    {s.Group.Answer.Source.String(), "PP 1/2020 Art. 7"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("citation %s: %s, want %s", name, pair[0], pair[1])
		}
	}
	if head := s.Head(); head.ID != "s-1" || !head.Holds(calendar.MustDate("2020-12-31")) ||
		head.Holds(calendar.MustDate("2021-01-01")) {
		t.Error("the head does not hold from its first day until before its end")
	}
}

// Each fault of a file is found with its line; line 0 in the table means that the line is not checked.
func TestCheckFindsTheLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		line           int
		text           string
	}{
		{"unknown key at the top", "group:", "colour: red\ngroup:", 17, "field colour not found"},
		{"unknown key in a group", "  answer:", "  reply: 1\n  answer:", 18, "field reply not found"},
		{"unknown key in a row", "from: 12,", "from: 12, until: 24,", 16, "field until not found"},
		{"unknown key in a figure", "value: 5000000,", "value: 5000000, unit: rupiah,", 8, "unknown key unit"},
		{"key twice in a figure", "value: 5000000,", "value: 5000000, value: 6000000,", 8, "twice"},
		{"key twice at the top", "group:", "id: s-2\ngroup:", 0, "already"},
		{"figure missing", "cap: {value: 5000000, article: Art. 1, confidence: V+}\n", "", 1, "missing"},
		{"nested figure missing", "  answer: {value: true, article: Art. 7, confidence: open, note: nobody says}\n", "", 18,
			"missing"},
		{"figure is a bare value", "cap: {value: 5000000, article: Art. 1, confidence: V+}", "cap: 5000000", 8,
			"a figure needs value"},
		{"figure without value", "value: 5000000, ", "", 8, "without value"},
		{"figure with nothing as value", "value: 5000000,", "value: ,", 8, "without value"},
		{"value of another kind", "value: 5000000,", "value: plenty,", 8, "cannot unmarshal"},
		{"amount with a fraction", "value: 5000000,", "value: 0.5,", 8, "not a whole number"},
		{"column with a fraction", "from: 12,", "from: 12.5,", 16, "not a whole number"},
		{"merge key", "group:", "<<: {id: s-2}\ngroup:", 17, "plain word"},
		{"key that is a list", "group:", "? [a]\n: b\ngroup:", 17, "plain word"},
		{"alias", "cap: {", "cap: &a {", 8, "anchors"},
		{"rate that is none", "45%", "45pct", 9, "ratio"},
		{"day that does not exist", "2020-02-29", "2020-02-30", 10, ""},
		{"value outside the enum", "[red, blue]", "[red, green]", 11, "not allowed"},
		{"no article", "value: 5000000, article: Art. 1,", "value: 5000000,", 8, "no article"},
		{"no confidence", ", confidence: V+", "", 8, "confidence"},
		{"confidence unknown", "confidence: V+", "confidence: certain", 8, "confidence"},
		{"row without article", "{from: 12, article: Art. 6,", "{from: 12,", 16, "no article"},
		{"row without column", "{from: 12, ", "{", 16, "missing"},
		{"open without a note", ", note: nobody says", "", 18, "note"},
		{"no title", "title: A sample\n", "", 1, "missing"},
		{"no first day", "valid_from: 2020-01-01\n", "", 1, "missing"},
		{"ends before it begins", "2021-01-01", "2019-01-01", 7, "not after"},
		{"own check of the type", "value: 5000000,", "value: 5000001,", 8, "is odd"},
		{"not YAML", "group:", "group: [", 0, ""},
		{"two documents", "group:", "---\ngroup:", 0, ""},
		{"nobody reads it", "programme: sample", "programme: other", 1, "no programme reads"},
		{"kind nobody reads", "kind: rules", "kind: tables", 1, "no programme reads"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(sound, c.old, c.new, 1)
			if text == sound {
				t.Fatalf("%q is not in the file", c.old)
			}
			problems := rule.CheckData([]byte(text), schema())
			found := slices.ContainsFunc(problems, func(p rule.Problem) bool {
				return strings.Contains(p.Text, c.text) && (c.line == 0 || p.Line == c.line)
			})
			if !found {
				t.Errorf("problems %v, want %q on line %d", problems, c.text, c.line)
			}
		})
	}
}

// All problems are told at once, so that a file is mended in one go.
func TestCheckTellsAllProblems(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("Art. 1", `""`, "confidence: U", "confidence: X", "title: A sample\n", "").Replace(sound)
	problems := rule.CheckData([]byte(text), schema())
	if len(problems) != 3 {
		t.Fatalf("problems %v", problems)
	}
	for _, p := range problems {
		if !strings.HasPrefix(p.String(), "line ") || p.Key == "" {
			t.Errorf("problem %q without line or key", p)
		}
	}
	if text := (rule.Problem{Line: 7, Text: "broken"}).String(); text != "line 7: broken" {
		t.Errorf("problem without key: %s", text)
	}
}

func version(id, from, until string) rule.Version {
	v := rule.Version{ID: id, ValidFrom: calendar.MustDate(from)}
	if until != "" {
		v.ValidUntil = calendar.MustDate(until)
	}
	return v
}

func TestTimelineHasNeitherGapNorOverlap(t *testing.T) {
	t.Parallel()
	first, second := version("a", "2021-01-01", "2025-02-07"), version("b", "2025-02-07", "")
	for name, versions := range map[string][]rule.Version{
		"none":            {},
		"gap":             {version("a", "2021-01-01", "2025-02-06"), second},
		"overlap":         {version("a", "2021-01-01", "2025-02-08"), second},
		"first never end": {version("a", "2021-01-01", ""), second},
		"same id":         {first, version("a", "2025-02-07", "")},
		"same file twice": {first, first},
	} {
		if _, err := rule.NewTimeline(versions...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	line, err := rule.NewTimeline(second, first)
	if err != nil || len(line.List()) != 2 || line.List()[0].ID != "a" {
		t.Fatalf("%v", err)
	}
	for day, want := range map[string]string{"2021-01-01": "a", "2025-02-06": "a", "2025-02-07": "b", "2099-12-31": "b"} {
		if v, err := line.At(calendar.MustDate(day)); err != nil || v.ID != want {
			t.Errorf("%s: %s, %v, want %s", day, v.ID, err, want)
		}
	}
	if _, err := line.At(calendar.MustDate("2020-12-31")); fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("before the first: %v", err)
	}
	if _, err := (rule.Timeline[rule.Version]{}).At(calendar.MustDate("2025-01-01")); fault.CodeOf(
		err) != "rule.no_version" {
		t.Errorf("the zero timeline: %v", err)
	}
}

// FuzzDecode: whatever a file holds, it gives a value or problems with lines, and never a panic.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte("cap: &a {value: 1}\nstart: *a\n"))
	f.Add([]byte("rows: [[1], {from: {}}]\nvalid_from: 2020-13-01\n"))
	f.Add([]byte("<<: {id: x}\n? [a]\n: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, p := range rule.CheckData(data, schema()) {
			if p.Line < 1 || p.Text == "" {
				t.Fatalf("problem %q without line or text", p)
			}
		}
	})
}

// The largest file is read, one byte more is not.
func TestTheSizeOfAFileIsBounded(t *testing.T) {
	t.Parallel()
	full := sound + strings.Repeat("#", 1<<20-len(sound)-1) + "\n"
	if problems := rule.CheckData([]byte(full), schema()); len(problems) > 0 {
		t.Errorf("1 MiB: %v", problems)
	}
	if len(rule.CheckData([]byte(full+"\n"), schema())) == 0 {
		t.Error("more than 1 MiB is read")
	}
}

// A problem is told on the line of the nearest thing that stands in the file, and by its key.
func TestADecodersProblemHasItsKey(t *testing.T) {
	t.Parallel()
	for old, c := range map[string]struct{ new, want string }{
		"value: 5000000": {"value: lots", "line 8: cap: "},
		"from: 12":       {"from: twelve", "line 16: rows.1: "},
		"  fire: {value: 3, article: Art. 5, confidence: v}": {
			"  fire:\n    value: three\n    article: Art. 5\n    confidence: v", "line 14: reasons.fire: "},
		"value: true": {"value: perhaps", "line 18: group.answer: "},
		"Art. 7,":     {"[7],", "line 18: group.answer: "},
	} {
		text := strings.Replace(sound, old, c.new, 1)
		problems := rule.CheckData([]byte(text), schema())
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want) {
			t.Errorf("%s: %v, want %s", c.new, problems, c.want)
		}
	}
}
