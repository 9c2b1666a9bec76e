package wording_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
	"github.com/tanggap/tanggap/pkg/wording"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}?`)

// A sentence that names a value in one language must name it in the other, by a name that a fault can have.
func TestBothLanguagesNameTheSameValues(t *testing.T) {
	t.Parallel()
	if n := len(wording.Messages()); n < 300 {
		t.Fatalf("only %d messages", n)
	}
	for _, code := range wording.Messages() {
		id, _ := wording.Text("id", code)
		en, _ := wording.Text("en", code)
		a, b := placeholder.FindAllString(id, -1), placeholder.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %v and %v", code, a, b)
		}
		for _, name := range a {
			if !regexp.MustCompile(`^\{[a-z_]+\}$`).MatchString(name) {
				t.Errorf("%s: %s is never filled", code, name)
			}
		}
	}
}

// Every value of every list is called something in both languages, and nothing else has a label.
func TestEveryValueHasALabelAndEveryLabelAValue(t *testing.T) {
	t.Parallel()
	var want []string
	for _, l := range catalogue.Lists() {
		called := map[string]map[string]string{"id": {}, "en": {}}
		for _, value := range l.Values {
			want = append(want, l.Name+"."+value)
			for lang, before := range called {
				label := wording.LabelIn(lang, l.Name, value)
				if label == value || label == "" || label != strings.TrimSpace(label) || strings.Contains(label, "_") {
					t.Errorf("%s: %s.%s is called %q", lang, l.Name, value, label)
				}
				if other, twice := before[label]; twice {
					t.Errorf("%s: of %s both %s and %s are called %q", lang, l.Name, other, value, label)
				}
				before[label] = value
			}
		}
	}
	slices.Sort(want)
	if got := wording.Labels(); !slices.Equal(got, want) {
		for _, code := range got {
			if !slices.Contains(want, code) {
				t.Errorf("%s: no list has this value", code)
			}
		}
		for _, code := range want {
			if !slices.Contains(got, code) {
				t.Errorf("%s has no label", code)
			}
		}
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"id": "Usaha mandiri", "en": "Self-employed", "": "Usaha mandiri", "fr": "Usaha mandiri"} {
		if got := wording.Label(lang, casework.SelfEmployed); got != want {
			t.Errorf("%q: got %q, want %q", lang, got, want)
		}
	}
	for value, want := range map[casework.Outcome]string{"": "", "retired": "retired"} { // of a later release
		if got := wording.Label("id", value); got != want {
			t.Errorf("%q: got %q", value, got)
		}
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		lang, code string
		args       map[string]string
		want       string
	}{
		"filled":    {"en", "case.note_length", map[string]string{"most": "4000"}, "A note has 1 to 4000 characters."},
		"unfilled":  {"en", "case.note_length", nil, "A note has 1 to … characters."},
		"needless":  {"en", "case.not_found", map[string]string{"most": "4000"}, "No such case."},
		"not there": {"en", "case.never", map[string]string{"most": "4000"}, "case.never"},
	} {
		if got := wording.Message(x.lang, x.code, x.args); got != x.want {
			t.Errorf("%s: got %q, want %q", name, got, x.want)
		}
	}
	if id, en := wording.Message("id", "case.not_found", nil), wording.Message("en", "case.not_found", nil); id == en || id == "" {
		t.Errorf("got %q and %q", id, en)
	}
	if _, known := wording.Text("id", "case.never"); known {
		t.Error("a code without a text has one")
	}
}
