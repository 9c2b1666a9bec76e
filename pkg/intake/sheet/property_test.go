package sheet_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// dirty draws a list with all kinds of faults in it.
func dirty(t *rapid.T) [][]string {
	rows := [][]string{columns()}
	values := rapid.SampledFrom([]string{"", "-", "#N/A", "x", "Rp 4.500.000,00", "4,500,000", "01/06/2026", "1 Mei 2025",
		"5/3/90", "36670", "Bandung", "KAB. BANDUNG", "3,27E+15", "3273010101900001", "Siti, S.E.", "a;b", "é ü",
		"Jl. \"A\"\nRT 1", "081234567890", "P", "JUMLAH"})
	for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
		row := person(i + 1)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			row[rapid.IntRange(0, len(row)-1).Draw(t, "column")] = values.Draw(t, "value")
		}
		rows = append(rows, row)
	}
	return rows
}

func sameRows(t *rapid.T, what string, a, b []sheet.Row) {
	if len(a) != len(b) {
		t.Fatalf("%s: %d and %d rows", what, len(a), len(b))
	}
	for i := range a {
		if !same(a[i], b[i]) {
			t.Fatalf("%s: row %d is %s [%s], or %s [%s]", what, a[i].Number, a[i].Status, codes(a[i]), b[i].Status, codes(b[i]))
		}
	}
}

func draw(t *rapid.T, data []byte, name string, opts sheet.Options) []sheet.Row {
	rows, _, err := readAll(data, name, opts)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// Separator, line end, encoding and format are dress: the same table gives the same verdicts and the same people.
func TestDressDoesNotMatter(t *testing.T) {
	t.Parallel()
	opts := options(t)
	rapid.Check(t, func(r *rapid.T) {
		rows := dirty(r)
		plain := csvOf(rows, ",", "\n")
		want := draw(r, plain, "a.csv", opts)
		for _, separator := range []string{";", "\t", "|"} {
			sameRows(r, "separator "+separator, want, draw(r, csvOf(rows, separator, "\r\n"), "a.csv", opts))
		}
		sameRows(r, "UTF-8 mark", want, draw(r, append([]byte("\xef\xbb\xbf"), plain...), "a.csv", opts))
		for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
			for _, mark := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
				wide, err := unicode.UTF16(order, mark).NewEncoder().Bytes(plain)
				must(t, err)
				sameRows(r, "UTF-16", want, draw(r, wide, "a.csv", opts))
			}
		}
		narrow, err := charmap.Windows1252.NewEncoder().Bytes(plain)
		must(t, err)
		sameRows(r, "Windows-1252", want, draw(r, narrow, "a.csv", opts))
	})
}

func TestColumnOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	opts := options(t)
	rapid.Check(t, func(r *rapid.T) {
		rows := dirty(r)
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 0)).Perm(len(columns()))
		shuffled := make([][]string, len(rows))
		for i, row := range rows {
			for _, column := range order {
				shuffled[i] = append(shuffled[i], row[column])
			}
		}
		sameRows(r, "order", draw(r, csvOf(rows, ";", "\n"), "a.csv", opts), draw(r, csvOf(shuffled, ";", "\n"), "a.csv",
			opts))
	})
}

// A workbook of text cells means what the CSV file of the same table means.
func TestWorkbookOfTextAgrees(t *testing.T) {
	t.Parallel()
	opts := options(t)
	rapid.Check(t, func(r *rapid.T) {
		rows := dirty(r)
		sameRows(r, "workbook", draw(r, csvOf(rows, ";", "\n"), "a.csv", opts), draw(r, xlsxOf(t, rows), "a.xlsx", opts))
	})
}

// sane is what holds for every file whatsoever.
func sane(t *testing.T, data []byte, name string, opts sheet.Options) {
	t.Helper()
	last, counted := 0, 0
	sum, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, opts,
		func(r sheet.Row) error {
			counted++
			if r.Key <= last {
				t.Errorf("row %d after row %d", r.Key, last)
			}
			last = r.Key
			w := r.Worker
			usable := r.Status == sheet.Valid || r.Status == sheet.ValidWarning
			if usable && (w.NIK.IsZero() || w.Name == "" || w.BirthDate.IsZero() || w.TerminationDate.IsZero() || w.Wage <= 0 ||
				w.Regency == "") {
				t.Errorf("row %d passes without what is needed", r.Number)
			}
			if (r.Status == sheet.Valid) != (len(r.Reasons) == 0) || !utf8.ValidString(w.Name) {
				t.Errorf("row %d: %s [%s]", r.Number, r.Status, codes(r))
			}
			return nil
		})
	if err != nil && (fault.KindOf(err) == "" || bytes.Contains([]byte(err.Error()), []byte("panic"))) {
		t.Errorf("error is no plain fault: %v", err)
	}
	if err == nil && sum.Rows+sum.Skipped < counted {
		t.Error("rows are not all counted")
	}
}

func FuzzReadCSV(f *testing.F) {
	opts := options(f)
	f.Add(sample(f, "messy_utf8bom_semicolon.csv"))
	f.Add(csvOf(people(2), "\t", "\r"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte(`"";"`))
	f.Fuzz(func(t *testing.T, data []byte) { sane(t, data, "a.csv", opts) })
}

func FuzzReadXLSX(f *testing.F) {
	opts := options(f)
	f.Add(sample(f, "messy.xlsx"))
	f.Add(xlsxOf(f, people(2)))
	f.Fuzz(func(t *testing.T, data []byte) { sane(t, data, "a.xlsx", opts) })
}

// FuzzSheetXML reaches what a checksum keeps FuzzReadXLSX from: the XML inside a sound archive.
func FuzzSheetXML(f *testing.F) {
	opts := options(f)
	f.Add(sheetOf(columns(), person(1)))
	f.Add(`<w><row r="3"><c r="B3" t="s"><v>0</v></c><c t="e"><v>#N/A</v></c></row></w>`)
	f.Fuzz(func(t *testing.T, xml string) { sane(t, rawXLSX(t, xml, nil), "a.xlsx", opts) })
}
