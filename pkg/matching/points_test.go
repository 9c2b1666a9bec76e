package matching_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/policies"
)

// pointsWith loads the points with other values of some of them.
func pointsWith(t *testing.T, values map[string]int) error {
	t.Helper()
	data, err := policies.FS.ReadFile("measures/matching/2021.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for part, value := range values {
		figure := regexp.MustCompile(`(?m)^` + part + `:\n  value: .*`)
		if !figure.MatchString(text) {
			t.Fatalf("%s is not in the file", part)
		}
		text = figure.ReplaceAllString(text, fmt.Sprintf("%s:\n  value: %d", part, value))
	}
	_, err = matching.LoadPoints(fstest.MapFS{"measures/matching/a.yaml": {Data: []byte(text)}})
	return err
}

// Points that are not together a hundred, or that could cost more than they give, keep the program from starting.
func TestWhichPointsMakeSense(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values map[string]int
		says   string
	}{
		{map[string]int{}, ""},
		{map[string]int{"wage": 9}, "together 99"},
		{map[string]int{"wage": 11}, "together 101"},
		{map[string]int{"wage": 9, "start": 6}, ""},
		{map[string]int{"wage": 15, "start": 0}, "start"},
		{map[string]int{"province": 20}, ""},
		{map[string]int{"province": 21}, "more than the regency"},
		{map[string]int{"wish_step": 4}, ""},
		{map[string]int{"wish_step": 5}, "gives nothing"}, // a digit gives 10, and the third wish costs 10
		{map[string]int{"wish_step": 0}, "wish_step"},
	} {
		err := pointsWith(t, c.values)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.values, err, c.says)
		}
	}
	if _, err := matching.LoadPoints(fstest.MapFS{}); err == nil {
		t.Error("without files there are points")
	}
}

// A score is made with the points of its day.
func TestTheDayChoosesThePoints(t *testing.T) {
	t.Parallel()
	data, err := policies.FS.ReadFile("measures/matching/2021.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Replace(string(data), "valid_from: 2021-02-02", "valid_from: 2021-02-02\nvalid_until: 2027-01-01", 1)
	later := strings.NewReplacer("2021-02-02", "2027-01-01", "matching-2021", "matching-2027", "value: 10", "value: 5",
		"value: 5", "value: 10").Replace(string(data))
	all, err := matching.LoadPoints(fstest.MapFS{"measures/matching/a.yaml": {Data: []byte(first)},
		"measures/matching/b.yaml": {Data: []byte(later)}})
	if err != nil {
		t.Fatal(err)
	}
	w, v := pair()
	for on, want := range map[string][2]int{"2020-01-01": {10, 5}, "2026-12-31": {10, 5}, "2027-01-01": {5, 10}} {
		p := all.On(calendar.MustDate(on))
		if got := p.Score(w, v); got.Wage != want[0] || got.Start != want[1] || got.Total() != matching.Whole {
			t.Errorf("%s: %+v, want %v", on, got, want)
		}
	}
}
