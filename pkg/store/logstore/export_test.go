package logstore_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

var formats = []export.Format{export.CSV, export.JSONL}

func TestExportIsWholeAndVerifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.histories(t)
	_, err := b.Change(t.Context(), b.Request("", "3273"), ids[0], 4, func(c *casework.Case) (casework.Event, error) {
		return c.Note(identity.NewSecret("rahasia \"kutip\", koma\ndan baris"), storetest.Today)
	})
	storetest.OK(t, err)
	b.OpenCase(t, "3204", 9) // not in the scope of the export
	for _, format := range formats {
		file := exported(t, b, format)
		r := verifyFile(t, file)
		if r.Finding != nil || r.Entries != 13 || r.Cases != 3 || r.Region != "3273" {
			t.Errorf("%s: %d entries of %d cases in %q, %v", format, r.Entries, r.Cases, r.Region, r.Finding)
		}
		if bytes.Contains(file, []byte("rahasia")) || bytes.Contains(file, []byte("Siti")) {
			t.Errorf("%s holds personal data", format)
		}
	}
}

// harm is one byte of a file put otherwise.
func harm(t *testing.T, file []byte, at int, with byte) audit.Report {
	t.Helper()
	harmed := slices.Clone(file)
	harmed[at] ^= with
	return verifyFile(t, harmed)
}

// lineOf is the number of the line, from 1, that a position lies in.
func lineOf(file []byte, at int) int { return 1 + bytes.Count(file[:at], []byte{'\n'}) }

// No byte of an export can be another one. The finding is in the line of the byte; only the region, a label that
// custody may change and no hash covers, is found by the last line, which vouches for all before it. What the last line
// itself says of the requester and the instant is seen in the report.
func TestNoByteOfAnExportCanBeAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.OpenCase(t, "3273", 1)
	_, err := b.Change(t.Context(), b.Request("", "3273"), first.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	b.OpenCase(t, "3273", 2)
	for _, format := range formats {
		file := exported(t, b, format)
		sound := verifyFile(t, file)
		last := lineOf(file, len(file)-1)
		check := func(at int, with byte) string {
			r := harm(t, file, at, with)
			switch line := lineOf(file, at); {
			case line == last && r.Finding == nil:
				if r.Region == sound.Region && r.AsOf.Equal(sound.AsOf) {
					return "passes unseen in the last line"
				}
			case r.Finding == nil:
				return "passes unseen"
			case r.Finding.Line != line && (r.Finding.Line != last || r.Finding.What != audit.WrongEnd):
				return "is found in another line: " + r.Finding.Message("en")
			}
			return ""
		}
		for at := range file {
			if wrong := check(at, 1); wrong != "" {
				t.Fatalf("%s: byte %d (%q, line %d) %s", format, at, file[at], lineOf(file, at), wrong)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			at, with := rapid.IntRange(0, len(file)-1).Draw(rt, "at"), byte(rapid.IntRange(1, 255).Draw(rt, "with"))
			if wrong := check(at, with); wrong != "" {
				rt.Fatalf("%s: byte %d ^ %d %s", format, at, with, wrong)
			}
		})
	}
}

// Whole lines that go missing, come twice or change places are found as well.
func TestLinesOfAnExportCannotMove(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.histories(t)
	for _, format := range formats {
		file := exported(t, b, format)
		lines := bytes.SplitAfter(bytes.TrimSuffix(file, []byte("\n")), []byte("\n"))
		lines[len(lines)-1] = append(slices.Clone(lines[len(lines)-1]), '\n')
		rapid.Check(t, func(rt *rapid.T) {
			i, j := rapid.IntRange(0, len(lines)-1).Draw(rt, "i"), rapid.IntRange(0, len(lines)-1).Draw(rt, "j")
			moved := slices.Clone(lines)
			switch rapid.SampledFrom([]string{"drop", "double", "swap", "cut"}).Draw(rt, "harm") {
			case "drop":
				moved = slices.Delete(moved, i, i+1)
			case "double":
				moved = slices.Insert(moved, j, lines[i])
			case "swap":
				moved[i], moved[j] = moved[j], moved[i]
				if i == j {
					return
				}
			case "cut":
				moved = moved[:i]
			}
			if r := verifyFile(t, bytes.Join(moved, nil)); r.Finding == nil {
				rt.Fatalf("%s: %d and %d passes unseen", format, i, j)
			}
		})
	}
}

func TestExportOfNothingIsWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.histories(t)
	for _, format := range formats {
		if r := verifyFile(t, exportedOf(t, b, storetest.In(), format, audit.Checkpoint{})); r.Finding != nil ||
			r.Entries != 0 {
			t.Errorf("%s: %d entries, %v", format, r.Entries, r.Finding)
		}
	}
}

// Whatever is written later, an export as of a checkpoint stays the same, byte for byte.
func TestAnExportAsOfACheckpointStaysTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.histories(t)
	asOf := audit.Checkpoint{At: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)}
	var err error
	asOf.Size, err = b.Seal(t.Context())
	storetest.OK(t, err)
	before := map[export.Format][]byte{}
	for _, format := range formats {
		before[format] = exportedOf(t, b, storetest.In("3273"), format, asOf)
	}
	b.OpenCase(t, "3273", 50)
	_, err = b.Change(t.Context(), b.Request("", "3273"), ids[0], 4, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	for range 2 { // with what came later still waiting, and sealed
		for _, format := range formats {
			if again := exportedOf(t, b, storetest.In("3273"), format, asOf); !bytes.Equal(again, before[format]) {
				t.Errorf("%s is another file now", format)
			}
		}
		_, err = b.Seal(t.Context())
		storetest.OK(t, err)
	}
}
