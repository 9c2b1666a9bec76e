package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// bulk describes a workbook that is written without ever holding its XML.
type bulk struct {
	workers         int
	strings, length int // shared strings, and characters in each
	// rows below the workers, beside all columns of the list, of so many cells with the first shared string
	wide, cells int
}

func (k bulk) pack(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w,
			flate.BestSpeed)
	})
	for name, text := range parts("") {
		if name != "xl/worksheets/sheet1.xml" && name != "xl/sharedStrings.xml" {
			must(t, write(z, name, text))
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	print := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format, args...)
		must(t, err)
	}
	print("<worksheet><sheetData>")
	for i := range k.workers + 1 {
		row := columns()
		if i > 0 {
			row = person(i)
		}
		print(`<row r="%d"><c t="inlineStr"><is><t>%s</t></is></c></row>`, i+1,
			strings.Join(row, `</t></is></c><c t="inlineStr"><is><t>`))
	}
	for i := range k.wide {
		print(`<row><c r="T%d"/>%s</row>`, k.workers+i+2, strings.Repeat(`<c t="s"><v>0</v></c>`, k.cells))
	}
	print("</sheetData></worksheet>")
	w, err = z.Create("xl/sharedStrings.xml")
	must(t, err)
	print("<sst>")
	text := "<si><t>" + strings.Repeat("a", k.length) + "</t></si>"
	for left := k.strings; left > 0; left -= 100 {
		print("%s", strings.Repeat(text, min(left, 100)))
	}
	print("</sst>")
	must(t, z.Close())
	return b.Bytes()
}

// highest is the largest heap, over the one at its start, that reading a file showed every few milliseconds.
func highest(t testing.TB, data []byte, name string) (peak uint64, rows int, err error) {
	t.Helper()
	opts := options(t)
	runtime.GC()
	before := heap()
	ctx, done := context.WithCancel(context.Background())
	largest := make(chan uint64)
	go func() { largest <- watch(ctx) }()
	_, err = sheet.Read(ctx, bytes.NewReader(data), int64(len(data)), name, opts, func(sheet.Row) error {
		rows++
		return nil
	})
	done()
	if peak = <-largest; peak < before {
		return 0, rows, err
	}
	return peak - before, rows, err
}

// watch samples the heap until it is told to stop.
func watch(ctx context.Context) (peak uint64) {
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		peak = max(peak, heap())
		select {
		case <-ctx.Done():
			return peak
		case <-ticks.C:
		}
	}
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
		{"50 000 rows", "a.xlsx", "", bulk{workers: 50_000}.pack(t), 50_001},
		{"200 000 rows", "a.xlsx", "intake.too_many_rows", bulk{workers: 200_000}.pack(t), 50_001},
		{"all the strings allowed", "a.xlsx", "", bulk{workers: 1_000, strings: 1_900_000, length: 16}.pack(t), 1_001},
		{"more strings", "a.xlsx", "intake.unpacked_too_large", bulk{workers: 10, strings: 2_100_000, length: 1}.pack(t), 0},
		{"longer strings", "a.xlsx", "intake.unpacked_too_large", bulk{workers: 10, strings: 3_000, length: 30_000}.pack(t),
			0},
		{"long rows that wait", "a.xlsx", "", bulk{workers: 10, strings: 1, length: 10_000, wide: 1_500, cells: 100}.pack(t),
			1_511},
		{"rows too long", "a.xlsx", "intake.row_too_long", bulk{workers: 10, strings: 1, length: 10_000, wide: 3,
			cells: 200}.pack(t), 0},
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

func BenchmarkXLSX(b *testing.B) { benchmark(b, bulk{workers: 12_000}.pack(b), "a.xlsx") }

func BenchmarkXLSXShared(b *testing.B) { benchmark(b, sample(b, "clean_500.xlsx"), "a.xlsx") }

func BenchmarkCSV(b *testing.B) { benchmark(b, csvOf(people(12_000), ";", "\r\n"), "a.csv") }

func benchmark(b *testing.B, data []byte, name string) {
	opts := options(b)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		_, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, opts,
			func(sheet.Row) error {
				rows++
				return nil
			})
		must(b, err)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
