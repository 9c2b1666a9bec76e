package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// large packs a workbook of n workers without ever holding its XML.
func large(t testing.TB, n int, extra func(*zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	base, err := zip.NewReader(bytes.NewReader(rawXLSX(t, "", nil)), int64(len(rawXLSX(t, "", nil))))
	must(t, err)
	for _, f := range base.File {
		if extra == nil || f.Name != "xl/_rels/workbook.xml.rels" {
			must(t, z.Copy(f))
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	_, err = io.WriteString(w, "<worksheet><sheetData>")
	must(t, err)
	for i := range n + 1 {
		row := columns()
		if i > 0 {
			row = person(i)
		}
		_, err = fmt.Fprintf(w, `<row r="%d"><c t="inlineStr"><is><t>%s</t></is></c></row>`, i+1, strings.Join(row, `</t></is></c><c t="inlineStr"><is><t>`))
		must(t, err)
	}
	_, err = io.WriteString(w, "</sheetData></worksheet>")
	must(t, err)
	if extra != nil {
		extra(z)
	}
	must(t, z.Close())
	return b.Bytes()
}

// manyStrings adds n shared strings of the given length.
func manyStrings(t testing.TB, n, length int) func(*zip.Writer) {
	return func(z *zip.Writer) {
		w, err := z.Create("xl/_rels/workbook.xml.rels")
		must(t, err)
		_, err = io.WriteString(w, `<R><Relationship Id="b" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>`)
		must(t, err)
		w, err = z.Create("xl/sharedStrings.xml")
		must(t, err)
		text := "<si><t>" + strings.Repeat("a", length) + "</t></si>"
		_, err = io.WriteString(w, "<sst>")
		must(t, err)
		for range n {
			_, err = io.WriteString(w, text)
			must(t, err)
		}
		_, err = io.WriteString(w, "</sst>")
		must(t, err)
	}
}

// highest is the largest heap, over the one at its start, that reading a file showed at the sampled rows.
func highest(t testing.TB, data []byte, name string) (peak uint64, rows int, err error) {
	t.Helper()
	opts := options(t)
	runtime.GC()
	before := heap()
	_, err = sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, opts, func(sheet.Row) error {
		if rows++; rows%500 == 1 {
			peak = max(peak, heap())
		}
		return nil
	})
	peak = max(peak, heap())
	if peak < before {
		return 0, rows, err
	}
	return peak - before, rows, err
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// Memory stays under 256 MiB above idle whatever the file. The bound here leaves room for the tests that run beside.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const bound = 200 << 20
	table := []struct {
		what, name, code string
		data             []byte
		rows             int
	}{
		{"50 000 rows", "a.xlsx", "", large(t, 50_000, nil), 50_001},
		{"200 000 rows", "a.xlsx", "intake.too_many_rows", large(t, 200_000, nil), 50_001},
		{"all the strings allowed", "a.xlsx", "", large(t, 1_000, manyStrings(t, 1_900_000, 30)), 1_001},
		{"more strings", "a.xlsx", "intake.unpacked_too_large", large(t, 10, manyStrings(t, 2_100_000, 1)), 0},
		{"longer strings", "a.xlsx", "intake.unpacked_too_large", large(t, 10, manyStrings(t, 3_000, 30_000)), 0},
		{"60 000 lines of CSV", "a.csv", "intake.too_many_rows", csvOf(people(60_000), ";", "\r\n"), 50_001},
	}
	for _, c := range table {
		peak, rows, err := highest(t, c.data, c.name)
		if fault.CodeOf(err) != c.code || rows != c.rows {
			t.Errorf("%s (%d bytes): %v after %d rows", c.what, len(c.data), err, rows)
		}
		if peak > bound {
			t.Errorf("%s: %d MiB", c.what, peak>>20)
		}
		t.Logf("%s: %d MiB over the start", c.what, peak>>20)
	}
}

// TestManySkippedRows: rows without a worker have a limit too.
func TestManySkippedRows(t *testing.T) {
	t.Parallel()
	data := append(csvOf(people(1), ";", "\n"), []byte(strings.Repeat("x\n", 60_000))...)
	wantFault(t, "footers", data, "a.csv", "intake.too_many_rows")
	data = append(csvOf(people(1), ";", "\n"), []byte(strings.Repeat("\n", 5_000_000))...)
	if rows, _ := mustRead(t, data, "a.csv"); len(rows) != 2 {
		t.Errorf("%d rows of one worker and blank lines", len(rows))
	}
}

func BenchmarkXLSX(b *testing.B) { benchmark(b, large(b, 12_000, nil), "a.xlsx") }

func BenchmarkXLSXShared(b *testing.B) { benchmark(b, sample(b, "clean_500.xlsx"), "a.xlsx") }

func BenchmarkCSV(b *testing.B) { benchmark(b, csvOf(people(12_000), ";", "\r\n"), "a.csv") }

func benchmark(b *testing.B, data []byte, name string) {
	opts := options(b)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		_, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, opts, func(sheet.Row) error {
			rows++
			return nil
		})
		must(b, err)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
