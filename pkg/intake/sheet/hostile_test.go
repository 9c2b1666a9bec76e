package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// Files that are not a list at all are told apart by content and extension.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	list := string(csvOf(people(1), ",", "\r\n"))
	book := string(xlsxOf(t, people(1)))
	table := []struct{ what, data, name, code string }{
		{"empty", "", "a.csv", "intake.empty"},
		{"old Excel", ole + strings.Repeat("x", 70_000) + wide("Workbook"), "a.xls", "intake.unsupported_type"},
		{"password", ole + strings.Repeat("x", 65_520) + wide("EncryptedPackage"), "a.xlsx", "intake.encrypted"},
		{"text named xlsx", list, "a.xlsx", "intake.unreadable"},
		{"workbook named csv", book, "a.csv", "intake.workbook_misnamed"},
		{"macro extension", book, "a.xlsm", "intake.unsupported_type"},
		{"unknown extension", list, "a.exe", "intake.unsupported_type"},
		{"pdf", "%PDF-1.7\n", "a.csv", "intake.unsupported_type"},
		{"html as csv", "<html><table>", "a.csv", "intake.unsupported_type"},
		{"png", "\x89PNG\r\n", "a", "intake.unsupported_type"},
		{"cut zip", book[:len(book)/2], "a.xlsx", "intake.unreadable"},
		{"only a zip header", "PK\x03\x04", "a.xlsx", "intake.unreadable"},
		{"NUL in the text", list + "\x00\x00\x00", "a.csv", "intake.unreadable"},
		{"late NUL", list + strings.Repeat("x\n", 9000) + "\x00", "a.csv", "intake.unreadable"},
		{"no header", "a;b;c\n1;2;3\n", "a.csv", "intake.header_not_found"},
		{"only blanks", "\n\n   \n", "a.csv", "intake.header_not_found"},
		{"unclosed quote", list + `2,"3273`, "a.csv", "intake.quote_unclosed"},
		{"endless quote", list + `2,"` + strings.Repeat("a,\n", 100_000), "a.csv", "intake.quote_unclosed"},
		{"long row", list + strings.Repeat(strings.Repeat("a", 100_000)+",", 20), "a.csv", "intake.row_too_long"},
	}
	for _, c := range table {
		wantFault(t, c.what, []byte(c.data), c.name, c.code)
	}
}

func TestSeparatorsAloneCostNothing(t *testing.T) {
	t.Parallel()
	data := append(csvOf(people(1), ",", "\n"), []byte(strings.Repeat(",", 2_000_000))...)
	if _, sum := mustRead(t, data, "a.csv"); sum.Rows != 1 {
		t.Errorf("%d rows", sum.Rows)
	}
}

type nowhere struct{}

func (nowhere) ReadAt([]byte, int64) (int, error) { return 0, errors.New("must not be read") }

func TestClaimedSize(t *testing.T) {
	t.Parallel()
	_, err := sheet.Read(context.Background(), nowhere{}, 1<<30, "a.csv", options(t), nil)
	if fault.CodeOf(err) != "intake.too_large" || fault.KindOf(err) != fault.TooLarge {
		t.Errorf("1 GiB: %v", err)
	}
	data := csvOf(people(1), ",", "\n")
	_, err = sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data))+500, "a.csv", options(t), nil)
	if fault.CodeOf(err) != "intake.unreadable" {
		t.Errorf("shorter than claimed: %v", err)
	}
	_, err = sheet.Read(context.Background(), nowhere{}, 100, "a.csv", options(t), nil)
	if fault.CodeOf(err) != "intake.unreadable" {
		t.Errorf("failing disk: %v", err)
	}
}

// Each workbook below is a zip that opens; what is wrong is inside.
func TestHostileWorkbooks(t *testing.T) {
	t.Parallel()
	head, row := columns(), person(1)
	good := sheetOf(head, row)
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`
	table := []struct {
		what, code string
		sheet      string
		change     map[string]string
	}{
		{"entity bomb", "intake.unreadable", bomb + strings.Replace(good, "Budi", "&b;", 1), nil},
		{"unknown entity", "intake.unreadable", strings.Replace(good, "Budi", "&b;", 1), nil},
		{"entity bomb in strings", "intake.unreadable", good, map[string]string{"xl/sharedStrings.xml": bomb + "<sst/>"}},
		{"missing strings part", "intake.unreadable", good, map[string]string{"xl/sharedStrings.xml": ""}},
		{"deep nesting", "intake.unreadable", strings.Repeat("<a>", 100_000), nil},
		{"endless tag", "intake.unreadable", "<worksheet " + strings.Repeat(`a="b" `, 300_000), nil},
		{"endless comment", "intake.unreadable", "<worksheet><!--" + strings.Repeat("-x", 600_000), nil},
		{"cut xml", "intake.unreadable", good[:len(good)-40], nil},
		{"closing too much", "intake.unreadable", "<worksheet></worksheet></worksheet>", nil},
		{"mismatched", "intake.unreadable", "<worksheet><sheetData><row></sheetData></worksheet>", nil},
		{"rows out of order", "intake.rows_out_of_order", `<w><row r="5"/><row r="4"/></w>`, nil},
		{"row twice", "intake.rows_out_of_order", `<w><row r="5"/><row r="5"/></w>`, nil},
		{"row zero", "intake.unreadable", `<w><row r="0"/></w>`, nil},
		{"row too far", "intake.unreadable", `<w><row r="1048577"/></w>`, nil},
		{"row not a number", "intake.unreadable", `<w><row r="9999999999999999999999"/></w>`, nil},
		{"cells out of order", "intake.unreadable", `<w><row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></w>`, nil},
		{"column too far", "intake.unreadable", `<w><row><c r="XFE1"><v>1</v></c></row></w>`, nil},
		{"column without letters", "intake.unreadable", `<w><row><c r="12"><v>1</v></c></row></w>`, nil},
		{"missing shared string", "intake.unreadable", `<w><row><c t="s"><v>7</v></c></row></w>`, nil},
		{"negative shared string", "intake.unreadable", `<w><row><c t="s"><v>-1</v></c></row></w>`, nil},
		{"missing sheet part", "intake.unreadable", "", nil},
		{"no sheets", "intake.header_not_found", good, map[string]string{"xl/workbook.xml": "<workbook/>"}},
		{"only a hidden sheet", "intake.header_not_found", good,
			map[string]string{"xl/workbook.xml": `<w><sheets><sheet name="S" state="veryHidden" r:id="b"/></sheets></w>`}},
		{"sheet outside the file", "intake.header_not_found", good,
			map[string]string{
				"xl/_rels/workbook.xml.rels": `<R><Relationship Id="b" Type="x/worksheet" TargetMode="External" Target="http://192.0.2.1/x"/></R>`}},
		{"path above the root", "intake.header_not_found", `<w/>`,
			map[string]string{
				"xl/_rels/workbook.xml.rels": `<R><Relationship Id="b" Type="x/worksheet" Target="../../../../xl/worksheets/sheet1.xml"/></R>`}},
		{"many relations", "intake.unreadable", good, map[string]string{"_rels/.rels": "<R>" + manyRelations(20_000) +
			"</R>"}},
		{"macros", "intake.unsupported_type", good, map[string]string{"xl/vbaProject.bin": "x"}},
		{"not a workbook", "intake.unsupported_type", good, map[string]string{"[Content_Types].xml": ""}},
		{"binary workbook", "intake.unsupported_type", good,
			map[string]string{"_rels/.rels": `<R><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></R>`}},
		{"another encoding", "intake.unreadable", `<?xml version="1.0" encoding="EBCDIC"?>` + good, nil},
	}
	for _, c := range table {
		wantFault(t, c.what, rawXLSX(t, c.sheet, c.change), "a.xlsx", c.code)
	}
	if rows, _ := mustRead(t, rawXLSX(t, good, nil), "a.xlsx"); rows[1].Status != sheet.Valid {
		t.Error("the workbook these are made from must be good")
	}
}

func manyRelations(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<Relationship Id="x%d" Type="y" Target="z"/>`, i)
	}
	return b.String()
}

func TestHostileArchives(t *testing.T) {
	t.Parallel()
	zeros := bytes.Repeat([]byte{' '}, 1<<20)
	wantFault(t, "bomb", repack(t, func(z *zip.Writer) {
		w, err := z.Create("xl/worksheets/sheet1.xml")
		must(t, err)
		for range 201 {
			_, err = w.Write(zeros)
			must(t, err)
		}
	}), "a.xlsx", "intake.unpacked_too_large")
	wantFault(t, "bomb in many entries", repack(t, func(z *zip.Writer) {
		for i := range 30 {
			_, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), UncompressedSize64: 10 << 20})
			must(t, err)
		}
	}), "a.xlsx", "intake.unpacked_too_large")
	for _, n := range []int{1_500, 70_000} {
		wantFault(t, "many entries", repack(t, func(z *zip.Writer) {
			for i := range n {
				_, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%06d", i)})
				must(t, err)
			}
		}), "a.xlsx", "intake.too_many_entries")
	}
	raw := func(h zip.FileHeader, body string) []byte {
		return repack(t, func(z *zip.Writer) {
			w, err := z.CreateRaw(&h)
			must(t, err)
			_, err = w.Write([]byte(body))
			must(t, err)
		})
	}
	wantFault(t, "claims more", raw(zip.FileHeader{Name: "a", CompressedSize64: 1, UncompressedSize64: 9}, "x"), "a.xlsx",
		"intake.unreadable")
	wantFault(t, "claims terabytes", raw(zip.FileHeader{Name: "a", CompressedSize64: 1, UncompressedSize64: 1 << 62}, "x"),
		"a.xlsx", "intake.unpacked_too_large")
	wantFault(t, "wrong checksum", raw(zip.FileHeader{Name: "a", CompressedSize64: 1, UncompressedSize64: 1, CRC32: 7},
		"x"), "a.xlsx", "intake.unreadable")
	wantFault(t, "checksum zero", raw(zip.FileHeader{Name: "a", CompressedSize64: 1, UncompressedSize64: 1}, "x"),
		"a.xlsx", "intake.unreadable")
	wantFault(t, "unknown method", raw(zip.FileHeader{Name: "a", Method: 99, CompressedSize64: 1, UncompressedSize64: 1},
		"x"), "a.xlsx", "intake.unreadable")
	wantFault(t, "zip password", raw(zip.FileHeader{Name: "a", Flags: 1, CompressedSize64: 1, UncompressedSize64: 1}, "x"),
		"a.xlsx", "intake.encrypted")
	wantFault(t, "entry twice", repack(t, func(z *zip.Writer) {
		for _, name := range []string{"xl/a.xml", "XL/A.xml"} {
			_, err := z.Create(name)
			must(t, err)
		}
	}), "a.xlsx", "intake.unreadable")
}

// A flipped byte never makes a shorter or other list pass: the file is refused, or the flip was outside the content.
func TestCorruptionIsSeen(t *testing.T) {
	t.Parallel()
	data := xlsxOf(t, people(40))
	whole, _ := mustRead(t, data, "a.xlsx")
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		broken := bytes.Clone(data)
		broken[random.IntN(len(broken))] ^= byte(1 + random.IntN(255))
		rows, _, err := readAll(broken, "a.xlsx", options(t))
		if err == nil && len(rows) != len(whole) {
			t.Fatalf("a corrupt file gave %d of %d rows without an error", len(rows), len(whole))
		}
	}
}

func TestCallerStops(t *testing.T) {
	t.Parallel()
	data := csvOf(people(2000), ",", "\n")
	stop := errors.New("stop")
	n := 0
	_, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), "a.csv", options(t),
		func(sheet.Row) error {
			if n++; n == 3 {
				return stop
			}
			return nil
		})
	if !errors.Is(err, stop) || n != 3 {
		t.Errorf("%v after %d rows", err, n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = sheet.Read(ctx, bytes.NewReader(data), int64(len(data)), "a.csv", options(t), func(sheet.Row) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The caller's own panic is the caller's; one inside the reader becomes a fault.
func TestPanics(t *testing.T) {
	t.Parallel()
	data := csvOf(people(1), ",", "\n")
	_, err := sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), "a.csv", sheet.Options{},
		func(sheet.Row) error { return nil })
	if fault.CodeOf(err) != "intake.unreadable" {
		t.Errorf("reader without regions: %v", err)
	}
	defer func() {
		if recover() != "mine" {
			t.Error("the caller's panic was swallowed")
		}
	}()
	_, _ = sheet.Read(context.Background(), bytes.NewReader(data), int64(len(data)), "a.csv", options(t),
		func(sheet.Row) error { panic("mine") })
}
