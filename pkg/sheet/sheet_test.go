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

// written is the sheet of a worker in Indonesian, as one line of words.
func written(t *testing.T, facts string) string {
	t.Helper()
	s := sheet.Sheet{Office: "Dinas", On: today, Answer: answer(t, facts, rule.Indonesian), Lang: "id"}
	var html bytes.Buffer
	if err := s.HTML(&html); err != nil {
		t.Fatal(err)
	}
	return html.String()
}

// What the sheet says of one fact and does not say of its neighbour.
func TestWhatTheSheetTells(t *testing.T) {
	t.Parallel()
	const fixed = `"contract":"fixed_term","firm_size":"medium","start_on":"2025-07-01","end_on":"2026-10-20",
		"contract_ends":"2027-06-30","ended_by":"employer","lawful_ground":false,"wage":{"base":4200000},"citizenship":"wni"`
	const permanent = `"contract":"permanent","firm_size":"large","start_on":"2020-01-01","end_on":"2026-12-01",
		"reason":"EFFICIENCY_LOSS","ended_by":"employer","wage":{"base":4000000},"rights":[]`
	for name, c := range map[string]struct {
		facts       string
		says, never []string
	}{
		"each doubt has its own number": {fixed + `,"resident":true`,
			[]string{"Uang kompensasi kontrak (1)<", "Ganti rugi: upah sampai akhir kontrak (2)<", "Dikurangi pajak (2)<",
				"<p>(1) Uang kompensasi kontrak: aturannya tidak jelas. Jumlahnya bisa juga Rp5.250.000.",
				"<p>(2) Ini belum pasti.", "<td>tidak ada</td>"}, []string{"*", "Rp0", "(3)"}},
		"no tax while nobody knows who is taxed": {permanent,
			[]string{"Dikurangi pajak</th><td>belum diketahui", "Yang Anda terima, sejauh ini"}, []string{"Dikurangi pajak ("}},
		"a date stays on its line": {permanent, []string{"1\u00a0Desember\u00a02026"}, []string{"1 Desember 2026"}},
		"THR and its last day": {permanent + `,"holiday_on":"2026-12-25","thr_paid":false`,
			[]string{"harus dibayar paling lambat 18\u00a0Desember\u00a02026", "Upah dan THR masih bisa dipotong pajak."}, nil},
		"no THR, no day, no tax": {permanent + `,"holiday_on":"2026-12-25","thr_paid":true`, nil,
			[]string{"harus dibayar paling lambat", "masih bisa dipotong pajak"}},
		"the card, when a wage earner": {permanent + `,"jkn_segment":"wage_earner","dispute":"none"`,
			[]string{"<td>berlaku tanpa iuran sampai 31\u00a0Mei\u00a02027", "Bawa surat bukti PHK"}, nil},
		"the card, when nobody knows": {permanent,
			[]string{"<td>belum pasti; bila iuran dulu dibayar perusahaan"}, []string{"Bawa surat bukti PHK"}},
		"the card, when not a wage earner": {permanent + `,"jkn_segment":"other","dispute":"none"`,
			nil, []string{"tanpa iuran sampai"}},
		"who has what is missing": {permanent, []string{"<p>Beri tahu kami:</p><ul><li>Upah yang belum dibayar",
			"<p>Tanyakan kepada BPJS Ketenagakerjaan:</p>"}, nil},
		"an office looks up what it knows": {permanent + `,"unpaid_wages":0,"holiday_on":"2027-03-10","thr_paid":true,
			"resident":true,"citizenship":"wni","birth_date":"1990-01-01","registered_on":"2022-02-01","programmes":["jkk","jkm","jht","jp","jkn"],
			"contributions":[{"from":"2024-12","to":"2026-11"}],"arrears_months":0,"willing":"yes","insolvent":"no","jkn_segment":"other","dispute":"none","evidence":["final_judgment"]`,
			[]string{"<p>Kami cari sendiri di kantor ini:</p>"}, nil},
		"training and savings of an unregistered worker": {permanent + `,"registered":"no","citizenship":"wni",
			"birth_date":"1990-01-01","reported":"yes","evidence":["final_judgment"],"dispute":"none","willing":"yes",
			"other_job":"no","employer_deactivated":"yes","bank_account":"yes","claims_before":0`,
			[]string{"memberi Anda pelatihan kerja", "Kekurangannya harus dibayar perusahaan"},
			[]string{"Ajukan di siapkerja.kemnaker.go.id"}},
		"neither of a registered one": {permanent + `,"registered":"yes"`, []string{"Ajukan di siapkerja.kemnaker.go.id"},
			[]string{"memberi Anda pelatihan kerja", "Kekurangannya harus dibayar perusahaan"}},
		"where a refusal goes": {permanent + `,"procedure":[{"event":"notice_delivered","on":"2026-11-25"}]`,
			[]string{"Serahkan surat penolakan ke perusahaan."}, []string{"Sudah lewat"}},
		"a day that has passed": {permanent + `,"procedure":[{"event":"notice_delivered","on":"2026-11-02"}]`,
			[]string{"Sudah lewat. Tanyakan kepada petugas."}, []string{"Serahkan surat penolakan"}},
	} {
		text := written(t, "{"+c.facts+"}")
		text = text[strings.Index(text, "<body>"):strings.Index(text, `<p class="law">`)]
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said in\n%s", name, want, text)
			}
		}
		for _, not := range c.never {
			if strings.Contains(text, not) {
				t.Errorf("%s: %q is said in\n%s", name, not, text)
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
