package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// verdicts prints rows as "1 TITLE, 4 HEADER, 5 valid".
func verdicts(rows []sheet.Row) string {
	var list []string
	for _, r := range rows {
		verdict := codes(r)
		if r.Status != sheet.Skip {
			verdict = strings.TrimSpace(string(r.Status) + " " + verdict)
		}
		list = append(list, fmt.Sprint(r.Number, " ", verdict))
	}
	return strings.Join(list, ", ")
}

func lines(rows ...[]string) []byte { return csvOf(rows, "|", "\n") }

func cells(text string) []string { return strings.Split(text, "~") }

func TestLayouts(t *testing.T) {
	t.Parallel()
	head, a, b := columns(), person(1), person(2)
	blank := []string{""}
	table := []struct {
		what string
		data []byte
		want string
	}{
		{"plain", lines(head, a), "1 HEADER, 2 valid"},
		{"letterhead", lines(cells("PT X"), blank, head, a), "1 TITLE, 2 EMPTY, 3 HEADER, 4 valid"},
		{"groups", lines(cells("~Data Pribadi~~~~~Kerja"), head, a), "1 HEADER_GROUP, 2 HEADER, 3 valid"},
		{"column numbers", lines(head, cells("(1)~(2)~(3)~(4)~(5)~(6)"), a), "1 HEADER, 2 HEADER, 3 valid"},
		{"second header", lines(head, a, head, b), "1 HEADER, 2 valid, 3 HEADER, 4 valid"},
		{"page sum, then more", lines(head, a, cells("Sub Total~~~~~~~~4.500.000"), head, b),
			"1 HEADER, 2 valid, 3 FOOTER, 4 HEADER, 5 valid"},
		{"total", lines(head, a, cells("~TOTAL : 1 orang")), "1 HEADER, 2 valid, 3 FOOTER"},
		{"a worker without NIK in a place called Total", lines(with(with(head, "No", "Bagian"), "Kab/Kota", "Kab/Kota"),
			with(with(a, "No", "Total Care"), "NIK", "")), "1 HEADER, 2 reject NIK_MISSING"},
		{"total of 12345 rows", lines(head, a, cells("JUMLAH~12345 orang")), "1 HEADER, 2 valid, 3 FOOTER"},
		{"signatures", lines(head, a, blank, cells("~Mengetahui,~HRD"), cells("~~~~~~~~~Bekasi, 1 Desember 2025"),
			cells("~~( Hendra )")), "1 HEADER, 2 valid, 3 EMPTY, 4 FOOTER, 5 FOOTER, 6 FOOTER"},
		{"department heading", lines(head, a, cells("BAGIAN JAHIT"), b), "1 HEADER, 2 valid, 3 TITLE, 4 valid"},
		{"a name alone inside the list", lines(head, a, cells("~~Siti"), b),
			"1 HEADER, 2 valid, 3 reject NIK_MISSING BIRTH_DATE_MISSING WAGE_MISSING PHK_DATE_MISSING REGION_MISSING, 4 valid"},
		{"a numbered name at the end", lines(head, a, cells("2~~Siti")),
			"1 HEADER, 2 valid, 3 reject NIK_MISSING BIRTH_DATE_MISSING WAGE_MISSING PHK_DATE_MISSING REGION_MISSING"},
		{"prepared lines", lines(head, a, cells("2"), cells("3.x"), cells("3"), b),
			"1 HEADER, 2 valid, 3 EMPTY, 4 TITLE, 5 EMPTY, 6 valid"},
		{"empty at the end", lines(head, a, blank, blank), "1 HEADER, 2 valid"},
		{"line break in a cell", lines(head, with(a, "Alamat", "Jl. A\nRT 1"), b), "1 HEADER, 2 valid, 4 valid"},
		{"old Mac line ends", csvOf([][]string{head, a, b}, ";", "\r"), "1 HEADER, 2 valid, 3 valid"},
		{"sep line of Excel", append([]byte("sep=;\n"), csvOf([][]string{head, a}, ";", "\n")...),
			"1 TITLE, 2 HEADER, 3 valid"},
		{"quotes inside a cell", []byte(strings.Replace(string(lines(head, a)), "Jl. Baru", `Jl. "Baru"`, 1)),
			"1 HEADER, 2 valid"},
		{"text after a closing quote", []byte(strings.Replace(string(lines(head, a)), "Jl. Baru", `"Jl." Baru`, 1)),
			"1 HEADER, 2 valid"},
	}
	for _, c := range table {
		rows, _ := mustRead(t, c.data, "a.csv")
		if got := verdicts(rows); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.what, got, c.want)
		}
	}
}

// An empty stretch is told up to 1000 rows and counted whole.
func TestLongGaps(t *testing.T) {
	t.Parallel()
	head, row := sheetOf(columns()), sheetOf(person(1))
	head = strings.TrimSuffix(head, "</sheetData></worksheet>")
	row = strings.Replace(strings.TrimPrefix(row, "<worksheet><sheetData>"), `r="1"`, `r="900000"`, 1)
	rows, sum := mustRead(t, rawXLSX(t, head+row, nil), "a.xlsx")
	if len(rows) != 1002 || sum.Skipped != 899_999 || rows[1001].Number != 900_000 || rows[1001].Status != sheet.Valid {
		t.Errorf("%d rows given, %d skipped", len(rows), sum.Skipped)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	short := func(names, values string) []byte { return lines(cells(names), cells(values)) }
	const nik, phk = "3273010101900001", "01/06/2026"
	table := []struct {
		what string
		data []byte
		want string
	}{
		{"synonyms", short("No. KTP~NAMA PEKERJA~Tgl Lahir~JK~Gaji/Upah~Tgl. PHK~Kabupaten/Kota~No. HP/WA",
			nik+"~Budi~01/01/1990~L~4500000~"+phk+"~Kota Bandung~0812 3456 7890"), "1 HEADER, 2 valid"},
		{"place and date in one", short("NIK*~Nama Karyawan~Tempat, Tgl Lahir~Upah (Rp)~Tanggal PHK~Kota/Kab",
			nik+"~Budi~Bandung, 1 Januari 1990~4500000~"+phk+"~Kota Bandung"), "1 HEADER, 2 valid"},
		{"staff number beside KTP", short("NIK~No KTP~Nama~Tanggal Lahir~Upah~Tanggal PHK~Kab/Kota",
			"A-17~"+nik+"~Budi~01/01/1990~4500000~"+phk+"~Kota Bandung"), "1 HEADER, 2 valid"},
		{"two address columns", short("NIK~Nama~Alamat KTP~Alamat Domisili~Tanggal Lahir~Upah~Tanggal PHK~Kab/Kota",
			nik+"~Budi~a~b~01/01/1990~4500000~"+phk+"~Kota Bandung"), "1 HEADER, 2 valid"},
		{"titles over two rows", lines(cells("NIK~Nama~Kelahiran~~PHK~~Upah~Kab/Kota"),
			cells("~~Tempat~Tgl Lahir~Tanggal~Alasan~~"), cells(nik+"~Budi~Bandung~01/01/1990~"+phk+
				"~Efisiensi~4500000~Kota Bandung")), "1 HEADER_GROUP, 2 HEADER, 3 valid"},
	}
	for _, c := range table {
		rows, _ := mustRead(t, c.data, "a.csv")
		if got := verdicts(rows); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
		if w := rows[len(rows)-1].Worker; w.NIK.Reveal() != nik || w.TerminationDate.String() != phk[6:]+"-06-01" ||
			w.BirthDate.String() != "1990-01-01" {
			t.Errorf("%s: a value went to the wrong column", c.what)
		}
	}
}

// The fault says what was looked for and what was found, in our own words only.
func TestHeaderFaults(t *testing.T) {
	t.Parallel()
	_, _, err := readAll(lines(cells("No~NIK~Nama~Ibu Kandung~Upah"), cells("1~3273010101900001~Budi~Siti~1")), "a.csv",
		options(t))
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "intake.header_not_found" || f.Kind != fault.Invalid {
		t.Fatal(err)
	}
	want := map[string]string{"looked_for": "NIK, Nama Lengkap, Tanggal Lahir, Upah Terakhir, Tanggal PHK, Kab/Kota",
		"found": "No, NIK, Nama Lengkap, Upah Terakhir", "missing": "Tanggal Lahir, Tanggal PHK, Kab/Kota"}
	for name, value := range want {
		if f.Args[name] != value {
			t.Errorf("%s: %q, want %q", name, f.Args[name], value)
		}
	}
	twice := cells("NIK~Nama~Nama Lengkap~Tanggal Lahir~Upah~Tanggal PHK~Kab/Kota")
	_, _, err = readAll(lines(twice), "a.csv", options(t))
	if fault.CodeOf(err) != "intake.header_ambiguous" {
		t.Errorf("two name columns: %v", err)
	}
}

// A row collects all its reasons, each with its column.
func TestAllReasonsOfARow(t *testing.T) {
	t.Parallel()
	row := []string{"1", "327301", "", "", "5/3/90", "X", "12", "", "", "01/01/2030", "", "1", "a", "", "Bdg"}
	got := one(t, row)
	if codes(
		got) != "NIK_LENGTH NAME_MISSING DATE_AMBIGUOUS GENDER_INVALID KPJ_INVALID WAGE_MISSING PHK_DATE_FUTURE "+
		"PHONE_INVALID EMAIL_INVALID REGION_UNKNOWN" {
		t.Error(codes(got))
	}
	letters := ""
	for _, r := range got.Reasons {
		letters += r.Column.Letter
	}
	if letters != "BCEFGIJLMO" || got.Reasons[1].Column.Header != "Nama Lengkap" {
		t.Errorf("columns %s", letters)
	}
}

func TestRowFindings(t *testing.T) {
	t.Parallel()
	table := []struct{ column, value, want string }{
		{"NIK", "#REF!", "reject CELL_ERROR"},
		{"Alamat", "#VALUE!", "valid_warning CELL_ERROR"},
		{"NIK", "-", "reject NIK_MISSING"},
		{"NIK", "9999130101900000", "reject NIK_SERIAL_INVALID NIK_REGION_UNKNOWN"},
		{"Nama Lengkap", "12345", "reject NAME_MISSING"},
		{"Nama Lengkap", strings.Repeat("é", 201), "reject TEXT_TOO_LONG"},
		{"Nama Lengkap", strings.Repeat("é", 200), "valid"},
		{"Alamat", strings.Repeat("a", 501), "reject TEXT_TOO_LONG"},
		{"Tanggal Lahir", "01/01/2030", "reject DATE_INVALID"},
		{"Tanggal PHK", "01/01/1990", "reject PHK_DATE_BEFORE_BIRTH"},
		{"Tanggal PHK", "23/11/2026", "valid"},
		{"Tanggal PHK", "24/11/2026", "reject PHK_DATE_FUTURE"},
		{"Jenis Kelamin", "", "valid"},
		{"Jenis Kelamin", "P", "valid_warning NIK_GENDER_MISMATCH"},
		{"Kab/Kota", "—", "reject REGION_MISSING"},
		{"Kab/Kota", "3273", "valid_warning REGION_CODE"},
		{"Kab/Kota", "32.73", "valid_warning REGION_CODE"},
		{"Kab/Kota", "3299", "reject REGION_UNKNOWN"},
		{"Kab/Kota", "Bandung", "reject REGION_AMBIGUOUS"},
		{"No. KPJ", "1234567890", "valid"},
	}
	for _, c := range table {
		r := one(t, with(person(1), c.column, c.value))
		if got := strings.TrimSpace(string(r.Status) + " " + codes(r)); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.column, c.value, got, c.want)
		}
	}
}

// A duplicate names the first row, also when that row is refused for another reason.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	bad := with(person(1), "Upah Terakhir", "x")
	rows, _ := mustRead(t, lines(columns(), bad, person(2), with(person(1), "NIK", " 327301 010190 0002")), "a.csv")
	last := rows[3]
	if codes(last) != "NIK_DUPLICATE" {
		t.Fatal(codes(last))
	}
	if first := last.Reasons[0].Args["first"]; first != "2" {
		t.Errorf("first is row %s", first)
	}
}

// No verb and no logger shows a person, and no message repeats a cell.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	rows, _ := mustRead(t, sample(t, "messy.xlsx"), "messy.xlsx")
	for _, r := range rows {
		for _, verb := range []string{"%v", "%s", "%q", "%d"} {
			if shown := fmt.Sprintf(verb, r.Worker) + r.Worker.LogValue().String(); shown != "[worker][worker]" {
				t.Fatalf("%s prints a worker", verb)
			}
		}
		for _, reason := range r.Reasons {
			text := reason.Message("id") + reason.Message("en")
			if w := r.Worker; w.Name != "" && strings.Contains(text, w.Name) || !w.NIK.IsZero() &&
				strings.Contains(text, w.NIK.Reveal()) {
				t.Errorf("row %d: the message shows the person", r.Number)
			}
		}
	}
}
