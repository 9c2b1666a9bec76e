package demo

import (
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
)

func TestDaysOfTheBook(t *testing.T) {
	t.Parallel()
	s := scene{Teller: &Teller{today: calendar.MustDate("2026-03-31")}, out: calendar.MustDate("2026-01-20")}
	for word, want := range map[string]string{"T": "2026-03-31", "T-3": "2026-03-28", "T-1m": "2026-02-28",
		"T-1m-2": "2026-02-26", "D": "2026-01-20", "D+4": "2026-01-24", "R": "2026-02-01", "R+1m+1": "2026-03-02"} {
		if day, err := s.dayOf(word); err != nil || day.String() != want {
			t.Errorf("%s is %s, want %s (%v)", word, day, want, err)
		}
	}
	for _, word := range []string{"", "X", "T+", "T3", "T-x", "2026-01-20", "TD"} {
		if day, err := s.dayOf(word); err == nil {
			t.Errorf("%q is taken for %s", word, day)
		}
	}
}

func TestNamesAndDaysAreFilledIn(t *testing.T) {
	t.Parallel()
	s := scene{Teller: &Teller{today: calendar.MustDate("2026-03-31"), versions: map[string]int{"c": 7}},
		names: map[string]string{"case": "c", "job": "j"}}
	got, err := s.filled(map[string]any{"a": "{job}", "b": []any{"T-1", "month T-1m"}, "c": 3, "d": "Tanggal T-1"})
	body, _ := got.(map[string]any)
	list, _ := body["b"].([]any)
	if err != nil || body["a"] != "j" || len(list) != 2 || list[0] != "2026-03-30" || list[1] != "2026-02" ||
		body["c"] != 3 || body["d"] != "Tanggal T-1" {
		t.Errorf("got %v, %v", got, err)
	}
	if path := s.fill("history/{version}/void"); path != "history/7/void" {
		t.Errorf("the path is %s", path)
	}
	if list := s.dated("x,[T-31],y,[?]"); list != "x,2026-02-28,y,[?]" {
		t.Errorf("the list is %s", list)
	}
}

// Nobody of the cast can be taken for somebody: their numbers are of a district that no regency has, each its own but
// where one was typed wrong, and every story is told.
func TestTheCast(t *testing.T) {
	t.Parallel()
	var b book
	if err := yaml.Unmarshal(office, &b); err != nil {
		t.Fatal(err)
	}
	s := scene{Teller: &Teller{today: calendar.MustDate("2026-11-28")}, names: map[string]string{}}
	told, numbers := map[string]bool{}, map[string]string{}
	for i, w := range b.Cast {
		o, err := s.opening(i, w)
		if err != nil {
			t.Fatal(err)
		}
		number := o.Worker.NIK
		if _, err := identity.ParseNIK(number); err != nil || number[4:6] != "99" || numbers[number] != "" {
			t.Errorf("%s has the NIK %s as %q: %v", w.Name, number, numbers[number], err)
		}
		numbers[number] = w.Name
		if _, known := b.Plots[w.Plot]; !known {
			t.Errorf("%s has no story %s", w.Name, w.Plot)
		}
		tells(b, told, w.Plot)
	}
	for name := range b.Plots {
		if !told[name] {
			t.Errorf("nobody's story is %s", name)
		}
	}
}

func tells(b book, told map[string]bool, plot string) {
	told[plot] = true
	for _, one := range b.Plots[plot] {
		if one.Tell != "" {
			tells(b, told, one.Tell)
		}
	}
}
