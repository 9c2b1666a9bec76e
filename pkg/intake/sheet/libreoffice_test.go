package sheet_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

func codesOf(r sheet.Row) []string {
	var codes []string
	for _, reason := range r.Reasons {
		codes = append(codes, string(reason.Code))
	}
	slices.Sort(codes)
	return codes
}

// The samples as LibreOffice Calc 7.4 saves them: other styles, other parts, shared strings in another order. Nothing
// of it may change what is found in a row - except where it wrote a NIK that stood as a number: of its sixteen digits
// it kept fifteen, and that is seen.
func TestListsSavedByLibreOfficeReadAlike(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"clean_500.xlsx", "messy.xlsx"} {
		want, _ := mustRead(t, sample(t, name), name)
		got, _ := mustRead(t, sample(t, "libreoffice_"+name), name)
		if len(got) != len(want) {
			t.Fatalf("%s: %d rows, want %d", name, len(got), len(want))
		}
		for i, r := range got {
			if name == "messy.xlsx" && (r.Number == 19 || r.Number == 20) {
				if r.Status != sheet.Reject || !slices.Equal(codesOf(r), []string{"NIK_PRECISION_LOST"}) {
					t.Errorf("row %d: %s %v", r.Number, r.Status, codesOf(r))
				}
				continue
			}
			if r.Status != want[i].Status || !slices.Equal(codesOf(r), codesOf(want[i])) ||
				!r.Worker.NIK.Equal(want[i].Worker.NIK) || int64(r.Worker.Wage) != int64(want[i].Worker.Wage) {
				t.Errorf("%s, row %d: %s %v, want %s %v", name, r.Number, r.Status, codesOf(r), want[i].Status, codesOf(want[i]))
			}
		}
	}
}

// LibreOffice makes numbers of the NIKs of a CSV: sixteen digits become fifteen and a zero. Each is refused, none
// repaired.
func TestNIKsThatASpreadsheetRoundedAreRefused(t *testing.T) {
	t.Parallel()
	rows, sum := mustRead(t, sample(t, "libreoffice_lost_digits.xlsx"), "x.xlsx")
	if sum.Valid != 0 {
		t.Errorf("%d rows were taken", sum.Valid)
	}
	for _, r := range rows[1:] {
		if !slices.Contains(codesOf(r), "NIK_PRECISION_LOST") {
			t.Errorf("row %d: %v", r.Number, codesOf(r))
		}
	}
}

func TestOtherSpreadsheetFormatsAreNamed(t *testing.T) {
	t.Parallel()
	if _, _, err := readAll(sample(t, "libreoffice_messy.ods"), "list.ods", options(t)); fault.CodeOf(
		err) != "intake.unsupported_type" {
		t.Errorf("an .ods: %v", err)
	}
}
