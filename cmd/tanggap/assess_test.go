package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/fault"
)

func jkpFacts(text []byte) (assessment.Facts, error) { return decodeFacts(text, "jkp") }

// Objects stand one per line, or over several lines. Each is told by its first line; one that cannot be read
// does not stop the others, and a file that ends inside of one is no whole file.
func TestWorkersOfAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want string // line and code of each, ok when it can be read
	}{
		"nothing":              {"", ""},
		"empty lines":          {"\n \n\t\n", ""},
		"one":                  {"{}\n", "1:ok"},
		"one without an end":   {"{}", "1:ok"},
		"two":                  {"{}\n{}\n", "1:ok 2:ok"},
		"two, apart":           {"\n{}\n\n\n{}\n", "2:ok 5:ok"},
		"one over lines":       {"{\n \"wage\": 1\n}\n{}\n", "1:ok 4:ok"},
		"a line that is wrong": {"{\"wage\":}\n{}\n", "1:input.malformed 2:ok"},
		"no object":            {"x\n{}\n", "1:input.malformed 2:ok"},
		"a key twice":          {"{\"wage\":1,\"wage\":2}\n{}\n", "1:input.duplicate_key 2:ok"},
		"an unknown key":       {"{\"gaji\":1}\n{}\n", "1: 2:ok"},
		"a text for a number":  {"{\"wage\":\"1\"}\n", "1:"},
		"cut off inside":       {"{}\n{\n\"wage\":1", "1:ok 0:input.malformed"},
		"windows line ends":    {"{}\r\n{}\r\n", "1:ok 2:ok"},
		"two on a line":        {"{} {}\n{}\n", "1:input.trailing 2:ok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := eachWorker(strings.NewReader(c.text), jkpFacts, func(w asked[assessment.Facts]) error {
				text := "ok"
				if w.err != nil {
					text = fault.CodeOf(w.err)
				}
				got = append(got, string(rune('0'+w.line))+":"+text)
				return nil
			})
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	stop := errors.New("stop")
	if err := eachWorker(strings.NewReader("{}\n{}\n"), jkpFacts, func(asked[assessment.Facts]) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("goes on after %v", err)
	}
	if err := eachWorker(strings.NewReader(strings.Repeat("x", longestLine+1)), jkpFacts,
		func(asked[assessment.Facts]) error { return nil }); err == nil {
		t.Error("a line beyond 1 MiB is read")
	}
}

// Every programme reads its own facts.
func TestFactsOfEachProgramme(t *testing.T) {
	t.Parallel()
	for programme, fits := range map[string]func(assessment.Facts) bool{
		"jkp":           func(f assessment.Facts) bool { _, ok := f.(assessment.JKP); return ok },
		"severance":     func(f assessment.Facts) bool { _, ok := f.(assessment.Severance); return ok },
		"fixed-term":    func(f assessment.Facts) bool { _, ok := f.(assessment.FixedTerm); return ok },
		"prakerja":      func(f assessment.Facts) bool { _, ok := f.(assessment.Prakerja); return ok },
		"thr":           func(f assessment.Facts) bool { _, ok := f.(assessment.THR); return ok },
		"severance-tax": func(f assessment.Facts) bool { _, ok := f.(assessment.SeveranceTax); return ok },
		"cover":         func(f assessment.Facts) bool { _, ok := f.(assessment.Cover); return ok },
		"wage-subsidy":  func(f assessment.Facts) bool { _, ok := f.(assessment.WageSubsidy); return ok },
	} {
		if facts, err := decodeFacts([]byte("{}"), programme); err != nil || !fits(facts) {
			t.Errorf("%s: %T, %v", programme, facts, err)
		}
	}
}

func answer() *assessment.Answer {
	a := &assessment.Answer{Total: 7, Complete: true}
	a.Programme, a.Version, a.AsOf, a.Result, a.Unverified = "jkp", "pp-6-2025", "2026-11-23", "ineligible", true
	a.Criteria = []assessment.Criterion{{Code: "A", Result: "not_met", Text: "Syarat A"}, {Code: "B", Result: "met",
		Text: "Syarat B"},
		{Code: "C", Result: "unknown", Text: "Syarat C"}, {Code: "D", Result: "not_met", Text: "Syarat D"}}
	a.Parts = []assessment.Part{{Text: "Bulan 1", Amount: 7, Known: true, Article: "Ps. 21"}, {Text: "Bulan 2",
		Known: false, Article: "Ps. 21"}}
	return a
}

// Answers have three forms, each to the letter.
func TestFormsOfAnAnswer(t *testing.T) {
	t.Parallel()
	write := func(format string) string {
		t.Helper()
		var out bytes.Buffer
		a := newAnswers(&out, format)
		if err := errors.Join(a.write(3, answer()), a.close()); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := write("csv"); got != "line,programme,version,as_of,result,unverified,total,complete,deadline,"+
		"not_met,unknown\n"+
		"3,jkp,pp-6-2025,2026-11-23,ineligible,true,7,true,,A D,C\n" {
		t.Errorf("csv: %q", got)
	}
	if got := write("jsonl"); !strings.HasPrefix(got, "{") || strings.Count(got, "\n") != 1 || !strings.Contains(got,
		`"result":"ineligible"`) {
		t.Errorf("jsonl: %q", got)
	}
	if got := write("text"); got != "3: jkp, pp-6-2025, 2026-11-23: ineligible [unverified]\n"+
		"   Syarat A\n   Syarat B\n   Syarat C\n   Syarat D\n"+
		"                 7  Bulan 1 (Ps. 21)\n                 ?  Bulan 2 (Ps. 21)\n                 7  total\n" {
		t.Errorf("text: %q", got)
	}
}

// A command ends with an error when a worker could not be assessed, or the file is not there.
func TestHowAnAssessmentEnds(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "facts.jsonl")
	if err := os.WriteFile(file, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := assessCommand{Programme: "jkp", File: file, Format: "jsonl"}
	c.Lang = "id"
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "1 workers could not be assessed") {
		t.Errorf("got %v", err)
	}
	c.File = file + ".none"
	if err := c.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	server := serving(t, 200, `{"programme":"jkp","result":"eligible"}`)
	of := assessCommand{Programme: "case", File: "c1", Format: "csv", On: "2026-11-23", Under: "pp-37-2021"}
	of.Server = server.URL
	if err := of.Run(t.Context()); err != nil ||
		server.asked[0].URL.String() != "/v1/cases/c1/claims/assessment?on=2026-11-23&under=pp-37-2021" {
		t.Errorf("asked %v, %v", server.asked[0].URL, err)
	}
	of.On, of.Under = "", ""
	if err := of.Run(t.Context()); err != nil || server.asked[1].URL.String() != "/v1/cases/c1/claims/assessment" {
		t.Errorf("asked %v, %v", server.asked[1].URL, err)
	}
}
