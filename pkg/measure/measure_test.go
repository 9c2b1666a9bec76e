package measure_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/policies"
)

const file = "measures/2021.yaml"

func text(t *testing.T) string {
	t.Helper()
	data, err := policies.FS.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func load(t *testing.T, texts ...string) (measure.Book, error) {
	t.Helper()
	files := fstest.MapFS{}
	for i, text := range texts {
		files["measures/"+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return measure.Load(files)
}

// What was decided: a change of a figure is a new file, and never a change of this one.
func TestTheMeasuresDecided(t *testing.T) {
	t.Parallel()
	book, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	m := book.On(calendar.MustDate("2026-10-01"))
	if m.VacancyOfferMonths.Value != 1 || m.SmallestGroup.Value != 5 || m.EmergencyMinutes.Value != 60 ||
		m.RetentionYears.Value != 10 {
		t.Errorf("got %+v", m)
	}
	if m.PlacementMonths.Value != 3 || m.ProposalDays.Value != 7 || m.ReferralDays.Value != 14 ||
		m.ReferralLongestDays.Value != 90 ||
		m.SetupCodeHours.Value != 72 || m.ExportHours.Value != 24 {
		t.Errorf("got %+v", m)
	}
	if !m.RetentionYears.Unverified() || !strings.Contains(m.RetentionYears.Citation, "27/2022") {
		t.Errorf("retention stands as %+v", m.RetentionYears)
	}
}

// keys are the figures of the type, as the file names them.
func keys() []string {
	var out []string
	for i := range reflect.TypeFor[measure.Measures]().NumField() {
		if name := reflect.TypeFor[measure.Measures]().Field(i).Tag.Get("yaml"); name != ",inline" {
			out = append(out, name)
		}
	}
	return out
}

// block is a figure of the file with its lines.
func block(key string) *regexp.Regexp { return regexp.MustCompile(`(?m)^` + key + `:\n(  .*\n)+`) }

// A figure that is absent, not cited, not marked, or makes no sense keeps the program from starting, and is named.
func TestAWrongFigureIsRefusedAndNamed(t *testing.T) {
	t.Parallel()
	whole := text(t)
	if len(keys()) < 10 {
		t.Fatalf("only %v", keys())
	}
	for _, key := range keys() {
		figure := block(key).FindString(whole)
		if figure == "" {
			t.Errorf("%s is not in the file", key)
			continue
		}
		for name, changed := range map[string]string{
			"absent":      "",
			"no value":    regexp.MustCompile(`  value: .*\n`).ReplaceAllString(figure, ""),
			"no article":  regexp.MustCompile(`  article: .*\n`).ReplaceAllString(figure, ""),
			"no mark":     regexp.MustCompile(`  confidence: .*\n`).ReplaceAllString(figure, ""),
			"zero":        regexp.MustCompile(`value: .*`).ReplaceAllString(figure, "value: 0"),
			"negative":    regexp.MustCompile(`value: .*`).ReplaceAllString(figure, "value: -1"),
			"far too big": regexp.MustCompile(`value: .*`).ReplaceAllString(figure, "value: 1000"),
			"a word":      regexp.MustCompile(`value: .*`).ReplaceAllString(figure, "value: long"),
			"a fraction":  regexp.MustCompile(`value: .*`).ReplaceAllString(figure, "value: 1.5"),
		} {
			_, err := load(t, strings.Replace(whole, figure, changed, 1))
			if err == nil {
				t.Errorf("%s, %s: accepted", key, name)
			} else if (name == "absent" || name == "zero") && !strings.Contains(err.Error(), key) {
				t.Errorf("%s, %s: not named in %v", key, name, err)
			}
		}
	}
}

// The least and the most that makes sense, and one beyond.
func TestTheBoundsOfAMeasure(t *testing.T) {
	t.Parallel()
	whole := text(t)
	bounds := map[string][2]int{"vacancy_offer_months": {1, 24}, "smallest_group": {2, 100},
		"emergency_minutes": {1, 60}, "retention_years": {1, 100}, "placement_months": {1, 60}, "proposal_days": {1, 90},
		"referral_days": {1, 365}, "referral_longest_days": {1, 366}, "setup_code_hours": {1, 720}, "export_hours": {1, 168},
		"working_age": {10, 21}}
	for _, key := range keys() {
		least, most := bounds[key][0], bounds[key][1]
		for _, bound := range []struct{ in, beyond int }{{least, least - 1}, {most, most + 1}} {
			for value, want := range map[int]bool{bound.in: true, bound.beyond: false} {
				figure := block(key).FindString(whole)
				changed := regexp.MustCompile(`value: .*`).ReplaceAllString(figure, fmt.Sprintf("value: %d", value))
				if _, err := load(t, strings.Replace(whole, figure, changed, 1)); (err == nil) != want {
					t.Errorf("%s of %d: %v", key, value, err)
				}
			}
		}
	}
}

func TestTheFilesAreATimeline(t *testing.T) {
	t.Parallel()
	first := text(t)
	later := strings.NewReplacer("2021-02-02", "2027-01-01", "measures-2021", "measures-2027", "value: 5\n",
		"value: 7\n").Replace(first)
	until := func(day string) string {
		return strings.Replace(first, "valid_from: 2021-02-02", "valid_from: 2021-02-02\nvalid_until: "+day, 1)
	}
	for name, texts := range map[string][]string{"none": nil, "a gap": {until("2026-12-31"), later},
		"an overlap": {first, later},
		"an end":     {until("2027-01-01")}, "an unknown figure": {first +
			"\nmoon: {value: 1, article: x, confidence: D}\n"}} {
		if _, err := load(t, texts...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	book, err := load(t, until("2027-01-01"), later)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]int{"1999-01-01": 5, "2021-02-02": 5, "2026-12-31": 5, "2027-01-01": 7,
		"2040-01-01": 7} {
		if got := book.On(calendar.MustDate(day)).SmallestGroup.Value; got != want {
			t.Errorf("%s: got %d, want %d", day, got, want)
		}
	}
}

// A service that was given no book must not go on with figures that are zero.
func TestABookThatWasNotLoadedHasNoFigures(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("it answered")
		}
	}()
	_ = measure.Book{}.On(calendar.MustDate("2026-10-01"))
}
