package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// told is what a row of the samples' expectations demands: one of the states, one of the reasons where it is not
// usable as it is, and a NIK and a name where the row is usable.
type told struct {
	file, sheet, row string
	states, reasons  []string
	nik, note, name  string
}

func listExpectations(t *testing.T) map[string][]told {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(sample(t, "lists/expectations.csv"))).ReadAll()
	must(t, err)
	byFile := map[string][]told{}
	for _, l := range lines[1:] {
		e := told{file: l[0], sheet: l[1], row: l[2], states: strings.Split(l[3], "|"), nik: l[5], note: l[6], name: l[7]}
		if l[4] != "" {
			e.reasons = strings.Split(l[4], "|")
		}
		byFile[e.file] = append(byFile[e.file], e)
	}
	return byFile
}

// Lists as many programs write them: each row is what the expectations say, and nothing is dropped in silence.
func TestListsOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for file, wanted := range listExpectations(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			rows, sum, err := readAll(sample(t, "lists/"+file), file, options(t))
			if (err != nil) != (wanted[0].row == "file") {
				t.Fatalf("read: %v", err)
			}
			for _, e := range wanted {
				switch e.row {
				case "file":
					e.refused(t, err)
				case "told":
					e.isTold(t, rows, sum)
				default:
					e.compare(t, rows)
				}
			}
		})
	}
}

func (e told) refused(t *testing.T, err error) {
	t.Helper()
	code := strings.NewReplacer("FILE_TYPE", "intake.unsupported_type").Replace(strings.Join(e.reasons, "|"))
	if fault.CodeOf(err) != code {
		t.Errorf("refused with %v, want %s: %s", err, code, e.note)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Args) == 0 {
		t.Errorf("%s says nothing beyond its code", code)
	}
}

// isTold: the sheet is read, or named among what was not.
func (e told) isTold(t *testing.T, rows []sheet.Row, sum sheet.Summary) {
	t.Helper()
	name := strings.Join(e.reasons, "")
	read := slices.ContainsFunc(rows, func(r sheet.Row) bool { return r.Sheet == name && r.Status == sheet.Valid })
	named := slices.ContainsFunc(sum.Notes, func(n sheet.Note) bool { return n.Args["sheet"] == name })
	if !read && !named {
		t.Errorf("nothing is told of %s", name)
	}
}

func (e told) compare(t *testing.T, rows []sheet.Row) {
	t.Helper()
	number, err := strconv.Atoi(e.row)
	must(t, err)
	at := slices.IndexFunc(rows, func(r sheet.Row) bool {
		return r.Number == number && (e.sheet == "" || r.Sheet == e.sheet)
	})
	if at < 0 {
		if !slices.Contains(e.states, "skip") {
			t.Errorf("row %s is not given out", e.row)
		}
		return
	}
	r := rows[at]
	what := fmt.Sprintf("row %s: %s [%s]: %s", e.row, r.Status, codes(r), e.note)
	if !slices.Contains(e.states, string(r.Status)) {
		t.Errorf("%s, want %v", what, e.states)
	}
	if r.Status == sheet.Reject || r.Status == sheet.ValidWarning {
		if len(e.reasons) > 0 && !slices.ContainsFunc(r.Reasons, func(one sheet.Reason) bool {
			return slices.Contains(e.reasons, string(one.Code))
		}) {
			t.Errorf("%s, want one of %v", what, e.reasons)
		}
		return
	}
	if r.Status == sheet.Valid && e.nik != "" && r.Worker.NIK.Reveal() != e.nik {
		t.Errorf("%s: another NIK", what)
	}
	if r.Status == sheet.Valid && e.name != "" && r.Worker.Name != e.name {
		t.Errorf("%s: another name", what)
	}
}
