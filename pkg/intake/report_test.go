package intake

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/region"
)

// reported is the report on a list, in a language, for an officer with rights in some regions.
func reported(t *testing.T, d *drawer, lang string, codes ...region.Code) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := desk(t, d, codes...).Report(t.Context(), authz.ScopeOver(codes...), d.in.ID, lang, &file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func opened(t *testing.T, file []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

// The report gives every row back where it stood, as text, with the row, the verdict and reasons and what came of it
// beside it, in both languages.
func TestAReportGivesTheListBack(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"id": {"Baris daftar Anda", "Hasil periksa", "Yang perlu dibetulkan", "Hasil penerapan", "dapat dipakai", "ditolak",
			"Kasus dibuka"},
		"en": {"Row of your list", "Check result", "What to mend", "Result of applying", "usable", "refused", "Case opened"},
	} {
		d := checking(worker(7, "=SARI()", "Kota Bandung"), worker(8, "Dewi", "Kabupaten Bandung"))
		d.results = []Row{{Key: 2, Result: RowOpened}}
		book := opened(t, reported(t, d, lang, "3273"))
		rows, err := book.GetRows("Daftar 1")
		if err != nil || len(rows) != 3 {
			t.Fatalf("%s: %d rows, %v", lang, len(rows), err)
		}
		header, good, bad := rows[0], rows[1], rows[2]
		if header[0] != "NIK" || strings.Join(header[9:], "|") != strings.Join(want[:4], "|") {
			t.Errorf("%s: begins %q", lang, header)
		}
		if good[0] != "3273014503900007" || good[1] != "=SARI()" || good[2] != "05/03/1990" || good[9] != "2" ||
			good[10] == want[5] || good[12] != want[6] {
			t.Errorf("%s: %q", lang, good)
		}
		if bad[9] != "3" || bad[10] != want[5] ||
			!strings.Contains(bad[11], sheet.Reason{Code: sheet.CodeRegionOutOfScope}.Message(lang)) {
			t.Errorf("%s: %q", lang, bad)
		}
		if formula, _ := book.GetCellFormula("Daftar 1", "B2"); formula != "" {
			t.Errorf("%s: a cell is the formula %q", lang, formula)
		}
	}
}

// A report can be worked in: its cells are text whatever is typed, the titles stay, rows can be filtered, and those
// that are refused are seen.
func TestAReportCanBeCorrected(t *testing.T) {
	t.Parallel()
	d := checking(worker(7, "Sari", "Kota Bandung"), worker(8, "Dewi", "Kabupaten Bandung"))
	book := opened(t, reported(t, d, "id", "3273"))
	for place, coloured := range map[string]bool{"A2": false, "A3": true, "M3": true} {
		id, err := book.GetCellStyle("Daftar 1", place)
		if err != nil {
			t.Fatal(err)
		}
		style, err := book.GetStyle(id)
		if err != nil || style.NumFmt != 49 || (len(style.Fill.Color) > 0) != coloured {
			t.Errorf("%s has the style %+v, %v", place, style, err)
		}
	}
	panes, err := book.GetPanes("Daftar 1")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	filtered := false
	for _, name := range book.GetDefinedName() {
		filtered = filtered || strings.Contains(name.Name, "FilterDatabase") && strings.Contains(name.RefersTo, "$M$3")
	}
	if width, err := book.GetColWidth("Daftar 1", "L"); err != nil || width < 40 || !filtered {
		t.Errorf("width %v, %v, filtered %v", width, err, filtered)
	}
}

// lists are all samples that can be read.
func lists(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"testdata/*.xlsx", "testdata/*.csv", "testdata/lists/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	return names
}

// verdicts are what is found of every row of a worker, by sheet and row.
func verdicts(t *testing.T, s *Service, d *drawer, file []byte, name string) (map[string]sheet.Status, error) {
	t.Helper()
	found, sheets := map[string]sheet.Status{}, map[string]int{}
	_, err := sheet.Read(t.Context(), bytes.NewReader(file), int64(len(file)), name, s.options(d.in),
		func(r sheet.Row) error {
			if _, seen := sheets[r.Sheet]; !seen {
				sheets[r.Sheet] = len(sheets)
			}
			if r.Status != sheet.Skip {
				found[fmt.Sprint(sheets[r.Sheet], ":", r.Number)] = r.Status
			}
			return nil
		})
	return found, err
}

// What is given out can be taken in again: the report of every list, loaded unchanged, has the same verdict on every
// row, in the same place.
func TestAReportLoadedAgainGivesTheSameVerdicts(t *testing.T) {
	t.Parallel()
	read := 0
	for _, path := range lists(t) {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := &drawer{in: Intake{Officer: officer, FileName: filepath.Base(path), Form: Form{EmployerRegion: "3273"}},
			file: file}
		s := desk(t, d, "")
		want, err := verdicts(t, s, d, file, d.in.FileName)
		if fault.CodeOf(err) != "" || len(want) == 0 {
			continue // no list
		}
		read++
		again, err := verdicts(t, s, d, reported(t, d, "en", ""), "again.xlsx")
		if err != nil || len(again) != len(want) {
			t.Errorf("%s: %d rows of %d, %v", path, len(again), len(want), err)
		}
		for place, status := range want {
			if again[place] != status {
				t.Errorf("%s, row %s: %s, and %s before", path, place, again[place], status)
			}
		}
	}
	if read < 30 {
		t.Errorf("only %d lists were read", read)
	}
}

// The employer's own columns, letterhead and order come back, and cells that hold an error as they stood.
func TestAReportKeepsWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	d := checking()
	d.file = []byte("PT MAJU\n\nBagian," + strings.TrimSuffix(heading, "\n") + ",Catatan\n" +
		"Jahit," + strings.TrimSuffix(worker(7, "Sari", "#N/A"), "\n") + ",baik\n")
	rows, err := opened(t, reported(t, d, "id", "3273")).GetRows("Daftar 1")
	if err != nil || len(rows) != 4 {
		t.Fatalf("%q, %v", rows, err)
	}
	if rows[0][0] != "PT MAJU" || rows[2][0] != "Bagian" || rows[2][10] != "Catatan" || rows[3][0] != "Jahit" ||
		rows[3][9] != "#N/A" || rows[3][10] != "baik" || rows[3][11] != "4" {
		t.Errorf("%q", rows)
	}
}
