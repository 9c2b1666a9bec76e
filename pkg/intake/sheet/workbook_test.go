package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// fillExcel writes the header and one worker into a sheet.
func fillExcel(t *testing.T, f *excelize.File, name string, row []any) {
	t.Helper()
	head := columns()
	must(t, f.SetSheetRow(name, "A1", &head))
	must(t, f.SetSheetRow(name, "A2", &row))
}

func typed() []any {
	return []any{1, "3273010101900001", "Budi", "Bandung", time.Date(1990, 1, 1, 8, 30, 0, 0, time.UTC), "L", 2345678901,
		"Operator", 4500000.5, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), "Efisiensi", 81234567890, "budi@example.com",
		"Jl. Baru", "Kota Bandung"}
}

// Typed cells of a workbook made by excelize: numbers, dates, errors, formulas.
func TestExcelTypes(t *testing.T) {
	t.Parallel()
	rows, sum := mustRead(t, excel(t, func(f *excelize.File) { fillExcel(t, f, "Sheet1", typed()) }), "a.xlsx")
	if sum.Sheets[0].Name != "Sheet1" || verdicts(rows) != "1 HEADER, 2 valid" {
		t.Fatal(verdicts(rows))
	}
	want :=
		"3273010101900001|Budi|Bandung|1990-01-01|male|02345678901|Operator|Rp4.500.001|2026-06-01|Efisiensi|b|+6281234567890|budi@example.com|Jl. Baru|3273"
	if got := reveal(rows[1]); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A formula counts for what it last gave; a formula that was never calculated gives nothing.
func TestFormulas(t *testing.T) {
	t.Parallel()
	row := person(1)
	for cell, want := range map[string]string{
		`<c r="I2"><f>1+1</f><v>4500000</v></c>`:                              "valid",
		`<c r="I2" t="str"><f>WEBSERVICE("http://x")</f><v>4.500.000</v></c>`: "valid",
		`<c r="I2"><f>4500000</f></c>`:                                        "reject CELL_FORMULA",
		`<c r="I2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`:                        "reject CELL_ERROR",
		`<c r="I2" t="b"><v>1</v></c>`:                                        "reject WAGE_INVALID",
	} {
		rows, _ := mustRead(t, rawXLSX(t, sheetOf(columns(), with(row, "Upah Terakhir", cell)), nil), "a.xlsx")
		if got := strings.TrimSpace(string(rows[1].Status) + " " + codes(rows[1])); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
}

func TestNumberNIK(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"3273010101900001": "", "3.273010101900001E15": "",
		"3273010101900010": "NIK_PRECISION_LOST", "3.27301E+15": "NIK_PRECISION_LOST", "327301": "NIK_LENGTH",
	} {
		row := with(person(1), "NIK", "<c><v>"+value+"</v></c>")
		rows, _ := mustRead(t, rawXLSX(t, sheetOf(columns(), row), nil), "a.xlsx")
		if codes(rows[1]) != want {
			t.Errorf("%s: %s, want %s", value, codes(rows[1]), want)
		}
	}
}

func TestDaySystemOfWorkbook(t *testing.T) {
	t.Parallel()
	row := with(with(person(1), "Tanggal Lahir", "<c><v>31412</v></c>"), "Tanggal PHK", "<c><v>44712.5</v></c>")
	change := map[string]string{
		"xl/workbook.xml": `<w><workbookPr date1904="1"/><sheets><sheet name="S" r:id="b"/></sheets></w>`}
	rows, _ := mustRead(t, rawXLSX(t, sheetOf(columns(), row), change), "a.xlsx")
	if w := rows[1].Worker; w.BirthDate.String() != "1990-01-01" || w.TerminationDate.String() != "2026-06-01" {
		t.Errorf("born %s, terminated %s", w.BirthDate, w.TerminationDate)
	}
}

// Rich text is joined, phonetic guides are left out, and the line breaks that Excel escapes come back.
func TestSharedStrings(t *testing.T) {
	t.Parallel()
	row := with(with(person(1), "Nama Lengkap", `<c t="s"><v>1</v></c>`), "Alamat", `<c t="s"><v>0</v></c>`)
	change := map[string]string{"xl/sharedStrings.xml": `<x:sst xmlns:x="y"><x:si><x:t>Jl. A_x000D_` + "\n" +
		`No. 1</x:t></x:si>` +
		`<x:si><x:r><x:rPr/><x:t>Bu</x:t></x:r><x:r><x:t>di &amp; Co</x:t></x:r><x:rPh><x:t>guide</x:t></x:rPh></x:si></x:sst>`}
	rows, _ := mustRead(t, rawXLSX(t, sheetOf(columns(), row), change), "a.xlsx")
	if w := rows[1].Worker; w.Name != "Budi & Co" || w.Address.Reveal() != "Jl. A No. 1" {
		t.Errorf("name of %d letters, address of %d", len(w.Name), len(w.Address.Reveal()))
	}
}

// notesOf are the codes of the notes with one of their arguments. Columns that every list of the tests has, and of
// which nothing is kept, are told only where columns are asked for.
func notesOf(sum sheet.Summary, arg string) string {
	var list []string
	for _, n := range sum.Notes {
		if n.Code == sheet.NoteColumnNotKept && arg != "column" {
			continue
		}
		list = append(list, strings.TrimPrefix(n.Code, "intake.note_")+" "+n.Args[arg])
	}
	return strings.Join(list, ", ")
}

// Every visible sheet with a header is read, and rows say where they stand; what is left out is told by name.
func TestEverySheetIsReadOrNamed(t *testing.T) {
	t.Parallel()
	data := excel(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", "Petunjuk"))
		for _, name := range []string{"Lama", "Data", "Cabang", "Kosong"} {
			_, err := f.NewSheet(name)
			must(t, err)
			if name != "Kosong" {
				fillExcel(t, f, name, typed())
			}
		}
		must(t, f.SetSheetVisible("Lama", false))
	})
	rows, sum := mustRead(t, data, "a.xlsx")
	if got := notesOf(sum, "sheet"); got != "sheet_not_read Sheet1, sheet_hidden Lama, sheets_read " {
		t.Errorf("notes: %s", got)
	}
	if len(sum.Sheets) != 2 || sum.Sheets[0] != (sheet.Sheet{Name: "Data", Header: 1, Workers: 1}) ||
		sum.Sheets[1] != (sheet.Sheet{Name: "Cabang", Header: 1, Workers: 1}) {
		t.Errorf("sheets read: %v", sum.Sheets)
	}
	if len(rows) != 4 || rows[3].Sheet != "Cabang" || rows[3].Number != 2 || rows[3].Key != 4 {
		t.Fatalf("rows: %s", verdicts(rows))
	}
	if codes(rows[3]) != "NIK_DUPLICATE" || rows[3].Reasons[0].Args["first"] != "'Data'!2" {
		t.Errorf("the same worker on another sheet: %s %v", codes(rows[3]), rows[3].Reasons)
	}
}

// A workbook that Excel locked with a password is the old compound format around the new one.
func TestPassword(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	var b bytes.Buffer
	must(t, f.Write(&b, excelize.Options{Password: "rahasia"}))
	must(t, f.Close())
	wantFault(t, "password", b.Bytes(), "a.xlsx", "intake.encrypted")
}

// The documented limits are the defaults, field by field.
func TestLimits(t *testing.T) {
	t.Parallel()
	d := sheet.DefaultLimits()
	if d.FileBytes != 20_000_000 || d.Rows != 50_000 || d.CellRunes != 32_767 {
		t.Error("documented limits changed")
	}
	opts := options(t)
	opts.Limits = sheet.Limits{Rows: 2}
	if rows, _, err := readAll(csvOf(people(3), ";", "\n"), "a.csv", opts); err == nil || len(rows) != 3 {
		t.Errorf("two rows allowed: %v after %d", err, len(rows))
	}
}

// A list whose border was drawn far down has its workers, and no others.
func TestSixtyThousandStyledRows(t *testing.T) {
	t.Parallel()
	data := excel(t, func(f *excelize.File) {
		fillExcel(t, f, "Sheet1", typed())
		style, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "000000"}}})
		must(t, err)
		must(t, f.SetCellStyle("Sheet1", "A3", "N60002", style))
	})
	rows, sum := mustRead(t, data, "a.xlsx")
	if got := verdicts(rows); got != "1 HEADER, 2 valid" || sum.Sheets[0].Workers != 1 {
		t.Errorf("%s, %+v", got, sum.Sheets)
	}
}
