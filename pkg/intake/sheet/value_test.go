package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
)

func number(s string) cell { return cell{kind: numberCell, text: s} }
func text(s string) cell   { return cell{kind: textCell, text: s} }

func TestDates(t *testing.T) {
	t.Parallel()
	table := []struct {
		in   cell
		want string // a date, or a code
	}{
		{text("25/11/1990"), "1990-11-25"},
		{text("25-11-1990"), "1990-11-25"},
		{text("25.11.1990"), "1990-11-25"},
		{text(" 25 / 11 / 1990 "), "1990-11-25"},
		{text("1990-11-25"), "1990-11-25"},
		{text("1990/11/25"), "1990-11-25"},
		{text("1990-11-25T16:59:59Z"), "1990-11-25"},
		{text("1990-11-25T17:00:00Z"), "1990-11-26"}, // midnight in Jakarta
		{text("1990-11-25T16:00:00.000Z"), "1990-11-26"},
		{text("1990-11-25T15:00:00+00:00"), "1990-11-26"},
		{text("1990-11-25T14:00:00Z"), "1990-11-25"},
		{text("1990-11-25T00:00:00+07:00"), "1990-11-25"},
		{text("1990-11-25 17:00"), "1990-11-25"},
		{text("5/3/1990 7:05"), "1990-03-05"},
		{text("25 November 1990"), "1990-11-25"},
		{text("25 nopember 1990"), "1990-11-25"},
		{text("7 Nop 1988"), "1988-11-07"},
		{text("14 Agt 2025"), "2025-08-14"},
		{text("14-Agu-2025"), "2025-08-14"},
		{text("1 Ags 2025"), "2025-08-01"},
		{text("1 Okt 2025"), "2025-10-01"},
		{text("31 Des. 2025"), "2025-12-31"},
		{text("2 Mei 2025"), "2025-05-02"},
		{text("2 MRT 2025"), "2025-03-02"},
		{text("2 Pebruari 2025"), "2025-02-02"},
		{text("Jumat, 2 Mei 2025"), "2025-05-02"},
		{text("29/02/1992"), "1992-02-29"},
		{text("36670"), "2000-05-24"},
		{text("46093,7083"), "2026-03-12"},
		{number("26402"), "1972-04-13"},
		{number("46093.7083333"), "2026-03-12"},
		{number("46093.99999999"), "2026-03-12"},
		{number("2.6402E4"), "1972-04-13"},
		{text("5/3/90"), "DATE_AMBIGUOUS"},
		{text("25 Nov 90"), "DATE_AMBIGUOUS"},
		{text("90-11-25"), "DATE_AMBIGUOUS"},
		{text("31/02/1990"), "DATE_INVALID"},
		{text("29/02/1990"), "DATE_INVALID"},
		{text("11/25/1990"), "DATE_INVALID"},
		{text("0/1/1990"), "DATE_INVALID"},
		{text("25111990"), "DATE_INVALID"},
		{text("1990"), "DATE_INVALID"},
		{number("1990"), "DATE_INVALID"},
		{number("-26402"), "DATE_INVALID"},
		{number("60"), "DATE_INVALID"},
		{number("1E99"), "DATE_INVALID"},
		{number("abc"), "DATE_INVALID"},
		{text("01/01/1919"), "DATE_INVALID"},
		{text("01/01/2101"), "DATE_INVALID"},
		{text("1/1/990"), "DATE_INVALID"},
		{text("November 1990"), "DATE_INVALID"},
		{text("TRUE"), "DATE_INVALID"},
		{text("٢٥/١١/١٩٩٠"), "DATE_INVALID"},
	}
	for _, c := range table {
		date, code := dayBase{}.parse(c.in)
		if got := cmpOr(string(code), date.String()); got != c.want {
			t.Errorf("%q: %s, want %s", c.in.text, got, c.want)
		}
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// The 1904 system counts the same day 1462 lower.
func TestDaySystems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(7_306, 70_000).Draw(t, "day")
		d1900, _ := dayBase{}.parse(number(strconv.Itoa(n)))
		d1904, _ := dayBase{from1904: true}.parse(number(strconv.Itoa(n - 1462)))
		if d1900.IsZero() || d1900 != d1904 || d1900 != calendar.MustDate("1900-03-01").AddDays(n-61) {
			t.Fatalf("day %d: %s and %s", n, d1900, d1904)
		}
	})
}

// Whatever way a date is written, it is the same date.
func TestDateForms(t *testing.T) {
	t.Parallel()
	months := []string{"Januari", "Feb", "Maret", "April", "Mei", "Juni", "Juli", "Agt", "September", "Okt", "Nop",
		"Desember"}
	rapid.Check(t, func(t *rapid.T) {
		want := calendar.MustDate("1920-01-01").AddDays(rapid.IntRange(0, 60_000).Draw(t, "day"))
		iso := want.String()
		y, m, d := iso[:4], iso[5:7], iso[8:]
		index, _ := strconv.Atoi(m)
		for _, form := range []string{iso, d + "/" + m + "/" + y, strings.TrimLeft(d, "0") + "-" + strings.TrimLeft(m, "0") +
			"-" + y,
			d + " " + months[index-1] + " " + y, strings.ToUpper(d + " " + months[index-1] + " " + y), iso + "T23:59:59"} {
			if got, code := (dayBase{}).parse(text(form)); got != want || code != "" {
				t.Fatalf("%s: %s %s", form, got, code)
			}
		}
	})
}

func TestWages(t *testing.T) {
	t.Parallel()
	table := []struct {
		in   cell
		want money.Rupiah // 0: refused
	}{
		{text("Rp 4.500.000,00"), 4_500_000},
		{text("rp. 4.500.000"), 4_500_000},
		{text("IDR 4.500.000"), 4_500_000},
		{text("4.500.000"), 4_500_000},
		{text("Rp4.500.000,-"), 4_500_000},
		{text("Rp4.500.000.-"), 4_500_000},
		{text("4,500,000"), 4_500_000},
		{text("4,500,000.00"), 4_500_000},
		{text("4 500 000"), 4_500_000},
		{text("4500000.00"), 4_500_000},
		{text("4500000"), 4_500_000},
		{text("4500000,5"), 4_500_001},
		{text("4500000,49"), 4_500_000},
		{text("Rp\u00a04.500.000,00"), 4_500_000},
		{number("4500000.5"), 4_500_001},
		{number("4499999.9999999991"), 4_500_000},
		{number("5.235E6"), 5_235_000},
		{number("100000"), 100_000},
		{number("10000000000"), 10_000_000_000},
		{number("10000000001"), 0},
		{number("99999"), 0},
		{number("-4500000"), 0},
		{number("1E30"), 0},
		{number("0"), 0},
		{text("-4500000"), 0},
		{text("(4.500.000)"), 0},
		{text("4,5 juta"), 0},
		{text("4.500"), 0},
		{text("4,5"), 0},
		{text("4500.000"), 0},
		{text("4.500,000"), 0},
		{text("4.50.000"), 0},
		{text("4..500.000"), 0},
		{text("Rp"), 0},
		{text(",-"), 0},
		{text("TRUE"), 0},
		{text("=1+1"), 0},
	}
	for _, c := range table {
		if got, ok := parseWage(c.in); ok != (c.want != 0) || ok && got != c.want {
			t.Errorf("%q: %d %v, want %d", c.in.text, got, ok, c.want)
		}
	}
}

func TestWageForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(int64(leastWage), int64(mostWage)).Draw(t, "wage")
		dots := strings.TrimPrefix(money.Rupiah(n).String(), "Rp")
		for _, form := range []string{dots, "Rp " + dots + ",00", "Rp" + dots + ",-", strings.ReplaceAll(dots, ".", ","),
			strings.ReplaceAll(dots, ".", ",") + ".00", fmt.Sprint(n), fmt.Sprintf("%d.00", n)} {
			if got, ok := parseWage(text(form)); !ok || int64(got) != n {
				t.Fatalf("%s: %d %v", form, got, ok)
			}
		}
	})
}

func TestNIKCells(t *testing.T) {
	t.Parallel()
	const good = "3273010101900001"
	table := []struct {
		in   cell
		want string // digits or a code
	}{
		{text(good), good},
		{text("  " + good + " "), good},
		{text("\u00a0" + good + "\u00a0"), good},
		{text("\u200b" + good + "\ufeff"), good},
		{text("'" + good), good},
		{text("’" + good), good},
		{text("3273 0101 0190 0001"), good},
		{text("327301.010190.0001"), good},
		{text("3273-0101-0190-0001"), good},
		{text("3273–0101–0190–0001"), good},
		{text("32O3010101900001"), "32O3010101900001"}, // ParseNIK refuses it
		{text("' '"), "NIK_MISSING"},
		{text("3,27301E+15"), "NIK_PRECISION_LOST"},
		{text("3.27301e+15"), "NIK_PRECISION_LOST"},
		{text("3E15"), "NIK_PRECISION_LOST"},
		{text(good + ".0"), "NIK_PRECISION_LOST"},
		{text(good + ",00"), "NIK_PRECISION_LOST"},
		{number(good), good},
		{number("3.273010101900001E15"), good},
		{number("3.273010101900001E+15"), good},
		{number("3273010101900010"), "NIK_PRECISION_LOST"},
		{number("3.27301E+15"), "NIK_PRECISION_LOST"},
		{number("3.2730101019E+15"), "NIK_PRECISION_LOST"},
		{number("9271010101900001"), "NIK_PRECISION_LOST"}, // above 2^53
		{number("9007199254740991"), "9007199254740991"},
		{number("9007199254740993"), "NIK_PRECISION_LOST"},
		{number("327301010190000"), "NIK_LENGTH"},
		{number("32730101019000011"), "NIK_LENGTH"},
		{number("3273010101900001.5"), "NIK_NOT_NUMERIC"},
		{number("-3273010101900001"), "NIK_NOT_NUMERIC"},
		{number("12"), "NIK_LENGTH"},
		{number("x"), "NIK_NOT_NUMERIC"},
		{number("1E999999999"), "NIK_NOT_NUMERIC"},
	}
	for _, c := range table {
		digits, code := nikText(c.in)
		if got := cmpOr(string(code), digits); got != c.want {
			t.Errorf("%q (kind %d): %s, want %s", c.in.text, c.in.kind, got, c.want)
		}
	}
}

// A float64 on the way of a NIK is never believed unless every digit survived it.
func TestNIKThroughFloats(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1_100_000_000_000_000, 9_799_999_999_999_999).Draw(t, "nik")
		for _, format := range []struct {
			verb      byte
			precision int
		}{{'f', -1}, {'E', -1}, {'E', 5}, {'f', 0}, {'E', 14}} {
			spelt := strconv.FormatFloat(float64(n), format.verb, format.precision, 64)
			digits, code := nikText(number(spelt))
			if code == "" && digits != strconv.FormatInt(n, 10) {
				t.Fatalf("%s became %s", spelt, digits)
			}
		}
	})
}

func TestDecimals(t *testing.T) {
	t.Parallel()
	table := []struct {
		in, integer string
		rounded     int64
	}{
		{"0", "0", 0},
		{"000", "0", 0},
		{"-7", "-7", 7},
		{"12.50", "", 13},
		{"12.49", "", 12},
		{"0.5", "", 1},
		{"0.05", "", 0},
		{"1E3", "1000", 1000},
		{"1.5e+3", "1500", 1500},
		{"15E-1", "", 2},
		{"120E-1", "12", 12},
	}
	for _, c := range table {
		d, ok := parseDecimal(c.in)
		integer, _ := d.integer()
		rounded, _ := d.rounded()
		if !ok || integer != c.integer || rounded != c.rounded {
			t.Errorf("%s: %q %d", c.in, integer, rounded)
		}
	}
	for _, bad := range []string{"", "-", ".", ".5", "5.", "1e", "e1", "1e+", "--1", "+1", "1 ", "1e100", "0x1", "NaN",
		"Inf", strings.Repeat("1", 41)} {
		if _, ok := parseDecimal(bad); ok {
			t.Errorf("%q is no number", bad)
		}
	}
}

func TestGrounds(t *testing.T) {
	t.Parallel()
	table := map[string]StatutoryReason{
		"Efisiensi": GroundEfficiency, "EFISIENSI karena rugi": GroundEfficiency,
		"Penggabungan perusahaan": GroundRestructuring, "Perusahaan pailit": GroundBankruptcy,
		"Perusahaan tutup": GroundClosure, "PKPU": GroundMoratorium, "Pensiun": GroundRetirement,
		"Mengundurkan diri": GroundResignation, "meninggal dunia": GroundDeath,
		"Keadaan memaksa (force majeure)": GroundForceMajeure, "Relokasi pabrik": "", "Kerugian terus-menerus": "", "": "",
		"tutup karena pailit": "", "habis kontrak": "",
	}
	for in, want := range table {
		if got := groundOf(in); got != want || got != "" && !got.Valid() {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if StatutoryReason("p").Valid() || StatutoryReason("").Valid() || Status("x").Valid() || !Skip.Valid() {
		t.Error("closed lists are open")
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 701: "ZZ", 702: "AAA", 16_383: "XFD"} {
		if got := letter(i); got != want || columnOf(want+"12") != i {
			t.Errorf("column %d: %s", i, got)
		}
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"  a   b ": "a b", "a\r\nb": "a b", "a\u00a0b": "a b", "e\u0301": "é",
		"": "", " ": "", "plain": "plain"} {
		if got := tidy(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := tidy(rapid.String().Draw(t, "s"))
		if tidy(once) != once {
			t.Fatal("tidying twice changes the text")
		}
	})
}

// Every code has a text in both languages, every placeholder is filled, and no text takes a value from a cell.
func TestMessages(t *testing.T) {
	t.Parallel()
	seen := map[Code]bool{}
	for _, m := range catalogue() {
		if seen[m.code] || m.id == "" || m.en == "" || m.id == m.en {
			t.Errorf("%s: entry is double or incomplete", m.code)
		}
		seen[m.code] = true
		r := Reason{Code: m.code, Args: map[string]string{"first": "7", "limit": "200", "case": "x", "by": "y",
			"characters": "z", "date": "d", "clock": "c", "place": "p", "candidates": "q"}}
		for _, lang := range []string{"id", "en"} {
			if strings.ContainsAny(r.Message(lang), "{}") {
				t.Errorf("%s: open placeholder in %s", m.code, lang)
			}
		}
	}
	if len(seen) != 50 {
		t.Errorf("%d codes have texts", len(seen))
	}
	r := Reason{Code: CodeNIKDuplicate, Args: map[string]string{"first": "9"}}
	if !strings.Contains(r.Message("id"), "baris 9") || !strings.Contains(r.Message("en"), "row 9") ||
		r.Message("xx") != r.Message("id") {
		t.Error("the message of a duplicate does not name the first row")
	}
}
