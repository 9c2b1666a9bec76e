package sheet_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/sheet"
	"github.com/tanggap/tanggap/policies"
)

var update = flag.Bool("update", false, "write the sheets in testdata anew, HTML and PDF")

var today = calendar.MustDate("2026-11-27")

// workers are three whose sheets were looked at as pictures.
var workers = map[string]string{
	"permanent":   "permanent.json",
	"ended_early": "ended_early.json",
	"micro":       "micro.json",
	"disputed":    "disputed.json",
}

func answer(t testing.TB, facts string, lang rule.Language) assessment.RightsAnswer {
	t.Helper()
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := assessment.Load(policies.FS, days)
	if err != nil {
		t.Fatal(err)
	}
	var f assessment.Rights
	if err := json.Unmarshal([]byte(facts), &f); err != nil {
		t.Fatal(err)
	}
	a, err := f.Assess(p, lang, today)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func of(t testing.TB, worker string, lang rule.Language) sheet.Sheet {
	t.Helper()
	facts, err := os.ReadFile(filepath.Join("testdata", workers[worker]))
	if err != nil {
		t.Fatal(err)
	}
	return sheet.Sheet{
		Office: "Dinas Tenaga Kerja Kota Bandung", Worker: "Siti Aminah", On: today, Answer: answer(t, string(facts), lang),
		Lang: string(lang),
	}
}

// The sheet as it was looked at: a changed word is a changed sheet, and has to be meant.
func TestTheSheetsOfFourWorkers(t *testing.T) {
	t.Parallel()
	for worker := range workers {
		t.Run(worker, func(t *testing.T) {
			t.Parallel()
			var html, pdf bytes.Buffer
			s := of(t, worker, rule.Indonesian)
			if err := s.HTML(&html); err != nil {
				t.Fatal(err)
			}
			if err := s.PDF(&pdf); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", worker+".html")
			if *update {
				if err := os.WriteFile(golden, html.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(os.TempDir(), worker+".pdf"), pdf.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, html.Bytes()) {
				t.Errorf("the sheet is another one: %v\n%s", err, html.String())
			}
			if n := bytes.Count(pdf.Bytes(), []byte("/Type /Page\n")); n != 1 {
				t.Errorf("%d pages of paper", n)
			}
			var again bytes.Buffer
			if err := s.PDF(&again); err != nil || !bytes.Equal(again.Bytes(), pdf.Bytes()) {
				t.Errorf("the paper differs from run to run: %v", err)
			}
		})
	}
}

// No code, no law and no foreign word stands outside of the small print; what is not known is called so.
func TestTheSheetSpeaksPlainly(t *testing.T) {
	t.Parallel()
	for worker := range workers {
		for _, lang := range []rule.Language{rule.Indonesian, rule.English} {
			var html bytes.Buffer
			if err := of(t, worker, lang).HTML(&html); err != nil {
				t.Fatal(err)
			}
			body := html.String()
			body = body[strings.Index(body, "<body>"):strings.Index(body, `<p class="law">`)]
			for _, strange := range []string{"sheet.s", "rights.", "severance.", "_", "PP ", "Pasal", "Art.", "…",
				"undetermined", "PKWT)", "{", "}"} {
				if strings.Contains(body, strange) {
					t.Errorf("%s in %s says %q", worker, lang, strange)
				}
			}
		}
	}
}

// A name cannot become a part of the page.
func TestANameIsNoMarkup(t *testing.T) {
	t.Parallel()
	s := of(t, "micro", rule.Indonesian)
	s.Worker, s.Office = "<script>alert(1)</script>", `"><img src=x>`
	var html bytes.Buffer
	if err := s.HTML(&html); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html.String(), "<script>") || strings.Contains(html.String(), "<img") {
		t.Error("a name is markup")
	}
	s.Worker = ""
	html.Reset()
	if err := s.HTML(&html); err != nil || !strings.Contains(html.String(), ".....") {
		t.Errorf("no line is left for the name: %v", err)
	}
}
