package wording_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
	"github.com/tanggap/tanggap/policies"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}?`)

// A sentence that names a value in one language must name it in the other, by a name that a fault can have.
func TestBothLanguagesNameTheSameValues(t *testing.T) {
	t.Parallel()
	if n := len(wording.Codes()); n < 600 {
		t.Fatalf("only %d texts", n)
	}
	for _, code := range wording.Codes() {
		id, _ := wording.Text("id", code)
		en, _ := wording.Text("en", code)
		a, b := placeholder.FindAllString(id, -1), placeholder.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %v and %v", code, a, b)
		}
		for _, name := range a {
			if !fillable(name) {
				t.Errorf("%s: %s is never filled", code, name)
			}
		}
	}
}

// fillable tells whether a place is filled: by a name, and of a closed list by one that there is.
func fillable(name string) bool {
	m := regexp.MustCompile(`^\{[a-z_]+(?:\|([a-z_.]+))?\}$`).FindStringSubmatch(name)
	return m != nil && (m[1] == "" || slices.ContainsFunc(catalogue.Lists(),
		func(l codelist.List) bool { return l.Name == m[1] }))
}

// A refusal names the values of closed lists as people call them, and beside a choice the code to send.
func TestASentenceNamesValuesByTheirLabels(t *testing.T) {
	t.Parallel()
	args := map[string]string{"from": "intake", "to": "closed", "allowed": "benefit, training"}
	for lang, want := range map[string]string{
		"id": "Dari tahap Penerimaan tidak dapat ke Ditutup. Yang dapat: Manfaat (benefit), Pelatihan (training).",
		"en": "A case cannot go from Intake to Closed. It can go to: Benefit (benefit), Training (training)."} {
		if got := wording.Message(lang, "case.transition_refused", args); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := wording.Labelled("en", "case.transition_refused", args); got["from"] != "Intake" || args["from"] != "intake" {
		t.Errorf("got %v", got)
	}
	for value, want := range map[string]string{"of_a_later_release": "of_a_later_release", "": ""} {
		got := wording.Message("en", "case.transition_refused", map[string]string{"from": value, "to": "closed", "allowed": ""})
		if got != "A case cannot go from "+want+" to Closed. It can go to: ." {
			t.Errorf("%q: %q", value, got)
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
	got := wording.Codes()
	for _, code := range want {
		if _, has := slices.BinarySearch(got, code); !has {
			t.Errorf("%s has no label", code)
		}
	}
	slices.Sort(want)
	for _, code := range got {
		if _, has := slices.BinarySearch(want, code); !has && strings.Count(code, ".") > 1 &&
			!longSentence.MatchString(code) {
			t.Errorf("%s: no list has this value", code)
		}
	}
}

// longSentence is a code of three parts, as labels have, that is none.
var longSentence = regexp.MustCompile(`^(claim\.month\.not_found|result\.funnel\.[0-9]_[a-z_]+|history\.[a-z_]+\.[a-z_.]+|` +
	`property\.[A-Z][A-Za-z]+\.[a-z_]+)$`)

// A reason of a termination and a measure before it have the words of their parameter files.
func TestTheWordsOfTheLawAreThoseOfItsFiles(t *testing.T) {
	t.Parallel()
	law, err := termination.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	same := func(code string, id, en string) {
		for lang, want := range map[string]string{"id": id, "en": en} {
			if got, _ := wording.Text(lang, code); got != want {
				t.Errorf("%s: %s is %q, and in its file %q", lang, code, got, want)
			}
		}
	}
	for _, file := range law.Reasons.List() {
		for reason, entry := range file.Reasons {
			same("termination.reason."+string(reason), entry.Text.ID, entry.Text.EN)
		}
	}
	for _, file := range law.Preventions.List() {
		for _, entry := range file.Measures {
			same("termination.measure."+string(entry.Code), entry.Text.ID, entry.Text.EN)
		}
	}
}

// What a step is refused with is made of the name of its kind, where no search of the source finds it.
func TestTheRefusalsOfEveryStepAreWorded(t *testing.T) {
	t.Parallel()
	for _, k := range track.Kinds() {
		a := k.About()
		if a.Moved == "" {
			continue
		}
		for _, what := range []string{".not_found", ".transition_refused"} {
			if _, known := wording.Text("id", a.Name+what); !known {
				t.Errorf("no text for %s", a.Name+what)
			}
		}
	}
}

// A file of its own may hold the sentences and the labels of one thing; the criteria of law are not among them.
func TestAnyFileHoldsTexts(t *testing.T) {
	t.Parallel()
	one, two := `a.b: {id: "x", en: "y"}`, "c.d: {id: z, en: w}\ntrack.c_state.d: {id: v, en: u}"
	for name, x := range map[string]struct {
		files map[string]string
		want  []string // nothing: refused
	}{
		"both in one": {map[string]string{"texts/a.yaml": one, "texts/b.yaml": two}, []string{"a.b", "c.d",
			"track.c_state.d"}}, "beside the criteria": {map[string]string{"texts/a.yaml": one, "texts/criteria.yaml": one},
			[]string{"a.b"}},
		"of another folder": {map[string]string{"texts/a.yaml": one, "c.yaml": two, "texts/d/e.yaml": two},
			[]string{"a.b"}}, "twice over all files": {map[string]string{"texts/a.yaml": one, "texts/b.yaml": two + "\n" + one},
			nil},
		"twice in a file":       {map[string]string{"texts/a.yaml": one + "\n" + one}, nil},
		"without Indonesian":    {map[string]string{"texts/a.yaml": one, "texts/b.yaml": "c.d: {en: y}"}, nil},
		"without English":       {map[string]string{"texts/a.yaml": one, "texts/b.yaml": "c.d: {id: x}"}, nil},
		"of no text in English": {map[string]string{"texts/a.yaml": `a.b: {id: "x", en: ""}`}, nil},
		"of another form":       {map[string]string{"texts/a.yaml": "a: {b: {id: x, en: y}}"}, nil},
	} {
		files := fstest.MapFS{}
		for path, text := range x.files {
			files[path] = &fstest.MapFile{Data: []byte(text)}
		}
		got, err := wording.Load(files)
		if (err != nil) != (x.want == nil) || !slices.Equal(got.Codes(), x.want) && x.want != nil {
			t.Errorf("%s: got %v, %v", name, got.Codes(), err)
		}
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"id": "Usaha mandiri", "en": "Self-employed", "": "Usaha mandiri",
		"fr": "Usaha mandiri"} {
		if got := wording.Label(lang, casework.SelfEmployed); got != want {
			t.Errorf("%q: got %q, want %q", lang, got, want)
		}
	}
	for value, want := range map[casework.Outcome]string{"": "", "no_such_value": "no_such_value"} { // of a later release
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
	if id, en := wording.Message("id", "case.not_found", nil), wording.Message("en", "case.not_found", nil); id == en ||
		id == "" {
		t.Errorf("got %q and %q", id, en)
	}
	if _, known := wording.Text("id", "case.never"); known {
		t.Error("a code without a text has one")
	}
}
