package jkp_test

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// load returns the programme of the repository's own parameter files.
func load(tb testing.TB) *jkp.Programme {
	tb.Helper()
	p, err := jkp.Load(policies.FS)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// workdays returns the calendar of the repository's own holidays.
func workdays(tb testing.TB) *calendar.Calendar {
	tb.Helper()
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	cal, err := calendar.Load(file)
	if err != nil {
		tb.Fatal(err)
	}
	return cal
}

// edited returns a copy of the parameter files in which each pair (old, new) is replaced in the named file; a pair that
// does not occur there fails the test.
func edited(tb testing.TB, name string, pairs ...string) fstest.MapFS {
	tb.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policies.FS, jkp.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(policies.FS, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	file, ok := files[jkp.Folder+"/"+name]
	if !ok {
		tb.Fatalf("no parameter file %s", name)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !bytes.Contains(file.Data, []byte(pairs[i])) {
			tb.Fatalf("%s does not contain %q", name, pairs[i])
		}
		file.Data = bytes.Replace(file.Data, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	return files
}

// loadEdited loads an edited copy that has to be sound.
func loadEdited(tb testing.TB, name string, pairs ...string) *jkp.Programme {
	tb.Helper()
	p, err := jkp.Load(edited(tb, name, pairs...))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// switched loads a copy in which one switch of one file has another value.
func switched(tb testing.TB, file, name, old, value string) *jkp.Programme {
	tb.Helper()
	return loadEdited(tb, file, name+":\n    value: "+old+"\n", name+":\n    value: "+value+"\n")
}

func TestEveryParameterFilePassesTheCheck(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(policies.FS, jkp.Folder+"/*.yaml")
	if err != nil || len(names) < 6 {
		t.Fatalf("found %d files, %v", len(names), err)
	}
	for _, name := range names {
		if name == jkp.Folder+"/texts.yaml" {
			continue
		}
		for _, problem := range rule.Check(policies.FS, name, jkp.Schemas()...) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

func TestVersionsMeetOnTheSeventhOfFebruary(t *testing.T) {
	t.Parallel()
	p := load(t)
	versions := p.Versions()
	if len(versions) != 2 || versions[0].ID != "pp-37-2021" || versions[1].ID != "pp-6-2025" {
		t.Fatalf("versions %v", versions)
	}
	for day, want := range map[string]string{
		"2021-02-02": "pp-37-2021", "2025-02-06": "pp-37-2021", "2025-02-07": "pp-6-2025", "2025-02-08": "pp-6-2025", "2030-01-01": "pp-6-2025",
	} {
		r, err := p.RulesAt(calendar.MustDate(day))
		if err != nil || r.ID != want {
			t.Errorf("%s: %v, %v, want %s", day, r, err, want)
		}
	}
	if _, err := p.RulesAt(calendar.MustDate("2021-02-01")); err == nil {
		t.Error("a day before the first version has rules")
	}
}

// A changed rate is one changed parameter file: no code knows it.
func TestChangedFilesChangeTheResult(t *testing.T) {
	t.Parallel()
	p := loadEdited(t, "pp-6-2025.yaml", "[60%, 60%,", "[70%, 65.5%,", "value: 18000000", "value: 18775000")
	for n, want := range map[int]money.Rupiah{1: 3500000, 2: 3275000, 3: 3000000} {
		pay, err := p.MonthlyPayment(n, 5000000, calendar.MustDate("2026-01-10"))
		if err != nil || pay.Amount != want {
			t.Errorf("month %d: %v, %v, want %v", n, pay.Amount, err, want)
		}
	}
	next := edited(t, "pp-6-2025.yaml", "valid_from: 2025-02-07", "valid_from: 2025-02-07\nvalid_until: 2027-01-01")
	data := bytes.ReplaceAll(next[jkp.Folder+"/pp-6-2025.yaml"].Data, []byte("valid_from: 2025-02-07\nvalid_until: 2027-01-01"), []byte("valid_from: 2027-01-01"))
	data = bytes.Replace(data, []byte("id: pp-6-2025"), []byte("id: pp-9-2026"), 1)
	data = bytes.ReplaceAll(data, []byte("value: 5000000"), []byte("value: 6000000"))
	data = bytes.Replace(data, []byte("value: 18000000"), []byte("value: 21600000"), 1)
	next[jkp.Folder+"/pp-9-2026.yaml"] = &fstest.MapFile{Data: data}
	p, err := jkp.Load(next)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]money.Rupiah{"2026-12-31": 3000000, "2027-01-01": 3600000} {
		pay, err := p.MonthlyPayment(6, 9000000, calendar.MustDate(day))
		if err != nil || pay.Amount != want {
			t.Errorf("%s: %v, %v, want %v", day, pay.Amount, err, want)
		}
	}
}

func TestLoadRefusesFilesThatContradictThemselves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, old, new string }{
		{"unknown key", "pp-6-2025.yaml", "cash:\n", "cash:\n  bonus: {value: 1, article: x, confidence: V}\n"},
		{"unknown key in a figure", "pp-6-2025.yaml", "value: 54\n", "value: 54\n    unit: years\n"},
		{"figure missing", "pp-6-2025.yaml", "  wage_cap:\n", "  wage_limit:\n"},
		{"rate lost", "pp-6-2025.yaml", "[60%, 60%,", "[60%,"},
		{"total does not follow", "pp-37-2021.yaml", "value: 10500000", "value: 10000000"},
		{"contribution is not the sum", "pp-6-2025.yaml", "value: 0.36%", "value: 0.46%"},
		{"switch has no such value", "pp-6-2025.yaml", "value: half_up", "value: bankers"},
		{"unknown evidence", "pp-6-2025.yaml", `needs: ["final_judgment"]`, `needs: ["hearsay"]`},
		{"unknown programme in a list", "pp-6-2025.yaml", "[jkk, jkm, jht, jp, jkn]", "[jkk, jkm, jht, jp, bsu]"},
		{"unknown confidence", "pp-6-2025.yaml", "confidence: V+", "confidence: sure"},
		{"open question without a note", "transition.yaml", "  note: \"first_day", "  reference: \"first_day"},
		{"window too long for the count", "pp-6-2025.yaml", "value: 24\n", "value: 64\n"},
		{"version overlaps", "pp-37-2021.yaml", "valid_until: 2025-02-07", "valid_until: 2025-02-08"},
		{"version leaves a gap", "pp-37-2021.yaml", "valid_until: 2025-02-07", "valid_until: 2025-02-06"},
		{"cutover without a version", "transition.yaml", "value: 2025-02-07", "value: 2025-02-08"},
		{"kind of file unknown", "transition.yaml", "kind: transition", "kind: passage"},
		{"cap of nothing", "training-cost-pmk-26-2025.yaml", "value: 2400000", "value: 0"},
		{"text in one language", "texts.yaml", "  en: \"A JKP rule is in force on {date}\"\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := jkp.Load(edited(t, c.file, c.old, c.new)); err == nil {
				t.Error("loaded")
			}
		})
	}
}

func TestLoadNamesTheLineOfAProblem(t *testing.T) {
	t.Parallel()
	_, err := jkp.Load(edited(t, "transition.yaml", "  value: declared_eligible", "  value: whenever"))
	var problems *rule.ProblemError
	if !errors.As(err, &problems) || len(problems.Problems) != 1 || problems.Problems[0].Line != 15 {
		t.Fatalf("error %v", err)
	}
}

func TestLoadWantsTransitionAndTexts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"transition.yaml", "texts.yaml", "training-cost-pmk-148-2021.yaml"} {
		files := edited(t, name)
		delete(files, jkp.Folder+"/"+name)
		_, err := jkp.Load(files)
		if alone := name != "training-cost-pmk-148-2021.yaml"; (err != nil) != alone {
			t.Errorf("without %s: %v", name, err)
		}
	}
	if _, err := jkp.Load(fstest.MapFS{}); err == nil {
		t.Error("loaded nothing")
	}
}
