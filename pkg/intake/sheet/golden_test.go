package sheet_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

func regions(t testing.TB) *region.Tree {
	t.Helper()
	open := func(name string) *bytes.Reader {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "policies", "reference", name))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(data)
	}
	tree, err := region.Load(open("regions.csv"), open("regions_superseded.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func options(t testing.TB) sheet.Options {
	t.Helper()
	return sheet.Options{Regions: regions(t), Today: calendar.MustDate("2026-11-23")}
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readAll(data []byte, name string, opts sheet.Options) ([]sheet.Row, sheet.Summary, error) {
	var rows []sheet.Row
	sum, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, opts,
		func(r sheet.Row) error {
			rows = append(rows, r)
			return nil
		})
	return rows, sum, err
}

func mustRead(t testing.TB, data []byte, name string) ([]sheet.Row, sheet.Summary) {
	t.Helper()
	rows, sum, err := readAll(data, name, options(t))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows, sum
}

func codes(r sheet.Row) string {
	var list []string
	for _, reason := range r.Reasons {
		list = append(list, string(reason.Code))
	}
	return strings.Join(list, " ")
}

type expectation struct {
	file, sheet  string
	from, to     int
	status, code string
	nik, note    string
}

func expectations(t *testing.T) map[string][]expectation {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(sample(t, "expectations.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byFile := map[string][]expectation{}
	for _, l := range lines[1:] {
		first, last, ranged := strings.Cut(l[2], "-")
		e := expectation{file: l[0], sheet: l[1], status: l[3], code: l[4], nik: l[5], note: l[6]}
		if e.from, err = strconv.Atoi(first); err != nil {
			t.Fatal(err)
		}
		e.to = e.from
		if ranged {
			if e.to, err = strconv.Atoi(last); err != nil {
				t.Fatal(err)
			}
		}
		byFile[e.file] = append(byFile[e.file], e)
	}
	return byFile
}

// Every row of every sample has exactly the status, the reasons and the NIK that the golden file states, and no row
// beyond those is given out but the header of the clean files.
func TestExpectations(t *testing.T) {
	t.Parallel()
	for file, wanted := range expectations(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			rows, sum := mustRead(t, sample(t, file), file)
			if sum.Sheets[0].Name != wanted[0].sheet {
				t.Errorf("sheet %q, want %q", sum.Sheets[0].Name, wanted[0].sheet)
			}
			byNumber := map[int]sheet.Row{}
			for _, r := range rows {
				byNumber[r.Number] = r
			}
			seen := 0
			for _, e := range wanted {
				for n := e.from; n <= e.to; n++ {
					seen++
					e.compare(t, byNumber[n], n)
				}
			}
			if extra := len(rows) - seen; extra != 0 && (extra != 1 || codes(rows[0]) != "HEADER") {
				t.Errorf("%d rows more than expected", extra)
			}
		})
	}
}

func (e expectation) compare(t *testing.T, r sheet.Row, n int) {
	t.Helper()
	status, code := e.status, e.code
	if status == "valid_or_reject" {
		status, code = "valid", ""
		if r.Status == sheet.Reject {
			status, code = "reject", e.code
		}
	}
	if string(r.Status) != status || codes(r) != code {
		t.Errorf("row %d: %s [%s], want %s [%s]: %s", n, r.Status, codes(r), status, code, e.note)
	}
	if e.nik != "" && r.Status != sheet.Reject && r.Worker.NIK.Reveal() != e.nik {
		t.Errorf("row %d: wrong NIK: %s", n, e.note)
	}
	for _, reason := range r.Reasons {
		if reason.Warning != (r.Status == sheet.ValidWarning) {
			t.Errorf("row %d: %s has warning=%v", n, reason.Code, reason.Warning)
		}
		if r.Status != sheet.Skip && (reason.Column.Letter == "" || reason.Column.Header == "") {
			t.Errorf("row %d: %s names no column", n, reason.Code)
		}
	}
}

func TestSummaryCounts(t *testing.T) {
	t.Parallel()
	rows, sum := mustRead(t, sample(t, "messy.xlsx"), "messy.xlsx")
	if sum.Rows != sum.Valid+sum.Warned+sum.Rejected || sum.Rows+sum.Skipped != len(rows) || sum.Sheets[0].Header != 6 ||
		sum.Rows != 79 {
		t.Errorf("summary %d rows, %d valid, %d warned, %d refused, %d skipped of %d given",
			sum.Rows, sum.Valid, sum.Warned, sum.Rejected, sum.Skipped, len(rows))
	}
	_, sum = mustRead(t, sample(t, "messy_utf8bom_semicolon.csv"), "messy.csv")
	if sum.Encoding != "utf-8" || sum.Separator != ";" || sum.Sheets[0].Header != 4 || sum.Rows != 79 {
		t.Errorf("encoding %s, separator %q, header %d, rows %d", sum.Encoding, sum.Separator, sum.Sheets[0].Header, sum.Rows)
	}
	if rows[0].Number != 1 || rows[len(rows)-1].Number != 95 {
		t.Error("rows are not numbered as in the sheet")
	}
}

// What the valid messy rows mean, in both files: xlsx row, csv row, and the value.
func TestMessyValues(t *testing.T) {
	t.Parallel()
	date := calendar.MustDate
	type want struct {
		xlsx, csv int
		ok        func(sheet.Worker) bool
		what      string
	}
	wages := func(w money.Rupiah) func(sheet.Worker) bool {
		return func(got sheet.Worker) bool { return got.Wage == w }
	}
	dates := func(birth, phk string) func(sheet.Worker) bool {
		return func(w sheet.Worker) bool { return w.BirthDate == date(birth) && w.TerminationDate == date(phk) }
	}
	sexes := func(s identity.Sex) func(sheet.Worker) bool {
		return func(w sheet.Worker) bool { return w.Sex == s }
	}
	lives := func(c region.Code) func(sheet.Worker) bool {
		return func(w sheet.Worker) bool { return w.Regency == c }
	}
	table := []want{
		{7, 5, dates("1972-04-13", "2025-02-08"), "date cells"},
		{21, 18, dates("2000-05-24", "2025-09-06"), "bare serials"},
		{22, 19, dates("1990-11-25", "2025-11-25"), "slashes"},
		{23, 20, dates("1990-11-25", "2025-11-25"), "month names"},
		{24, 21, dates("1995-10-09", "2026-06-25"), "hyphens and dots"},
		{25, 22, dates("2003-01-08", "2025-12-15"), "ISO"},
		{26, 23, dates("1988-11-07", "2025-08-14"), "Nop and Agt"},
		{27, 24, dates("1985-02-05", "2025-03-03"), "FEBRUARI, no leading zero"},
		{29, 25, dates("1971-03-20", "2026-03-12"), "time of day"},
		{30, 26, dates("1992-02-29", "2026-06-12"), "leap day"},
		{31, 27, wages(4_500_000), "Rp 4.500.000,00"},
		{32, 28, wages(4_500_000), "4.500.000"},
		{33, 29, wages(4_500_000), "Rp4.500.000,-"},
		{34, 30, wages(4_500_000), "4,500,000"},
		{35, 31, wages(4_500_000), "4500000.00"},
		{36, 32, wages(4_500_001), "half a rupiah, rounded up"},
		{37, 33, wages(4_750_000), "cached value of a formula"},
		{38, 34, sexes(identity.Male), "Laki-laki"},
		{40, 35, sexes(identity.Female), "PEREMPUAN "},
		{41, 36, sexes(identity.Female), "Wanita"},
		{42, 37, sexes(identity.Male), "l"},
		{43, 38, func(w sheet.Worker) bool { return w.Name == "Wulan Wijaya" }, "double spaces in a name"},
		{44, 39, func(w sheet.Worker) bool { return w.Name == "Siti Nur'aini, S.E., M.M." }, "titles in a name"},
		{46, 41, func(w sheet.Worker) bool { return w.Name == "André Müller–Sitompul" }, "diacritics in a name"},
		{47, 42, func(w sheet.Worker) bool { return w.Address.Reveal() == "Jl. Merdeka No. 1 RT 001/RW 002" }, "line break"},
		{48, 44, lives("3204"), "KAB. BANDUNG"},
		{49, 45, lives("3273"), "KOTA  BANDUNG"},
		{51, 46, lives("3174"), "Jakarta Selatan"},
		{55, 50, func(w sheet.Worker) bool { return w.Phone.Reveal() == "+6289910000045" }, "+62 with dashes"},
		{56, 51, func(w sheet.Worker) bool { return w.Phone.Reveal() == "+6289910000046" }, "phone without its 0"},
		{57, 52, func(w sheet.Worker) bool { return w.KPJ.Reveal() == "07012345678" }, "KPJ without its 0"},
		{58, 53, func(w sheet.Worker) bool { return w.Phone.IsZero() && w.Email.IsZero() && w.KPJ.IsZero() }, "dashes"},
	}
	for _, file := range []string{"messy.xlsx", "messy_utf8bom_semicolon.csv"} {
		rows, _ := mustRead(t, sample(t, file), file)
		byNumber := map[int]sheet.Row{}
		for _, r := range rows {
			byNumber[r.Number] = r
		}
		for _, w := range table {
			n := w.xlsx
			if strings.HasSuffix(file, ".csv") {
				n = w.csv
			}
			if !w.ok(byNumber[n].Worker) {
				t.Errorf("%s row %d: wrong value for %s", file, n, w.what)
			}
		}
	}
}

// The two clean files hold the same people.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	fromXLSX, _ := mustRead(t, sample(t, "clean_500.xlsx"), "clean_500.xlsx")
	fromCSV, _ := mustRead(t, sample(t, "clean_500.csv"), "clean_500.csv")
	if len(fromXLSX) != 501 || len(fromCSV) != 501 {
		t.Fatalf("%d and %d rows", len(fromXLSX), len(fromCSV))
	}
	for i := range fromXLSX {
		if !same(fromXLSX[i], fromCSV[i]) {
			t.Errorf("row %d differs", fromXLSX[i].Number)
		}
	}
}

// same compares verdict and person, not the row number.
func same(a, b sheet.Row) bool {
	return a.Status == b.Status && codes(a) == codes(b) && reveal(a) == reveal(b)
}

func reveal(r sheet.Row) string {
	w := r.Worker
	return strings.Join([]string{w.NIK.Reveal(), w.Name, w.BirthPlace, w.BirthDate.String(), string(w.Sex), w.KPJ.Reveal(),
		w.Position, w.Wage.String(), w.TerminationDate.String(), w.Reason, string(w.Ground), w.Phone.Reveal(),
		w.Email.Reveal(), w.Address.Reveal(), string(w.Regency)}, "|")
}
