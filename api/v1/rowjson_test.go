package v1

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
)

func anyRow() *rapid.Generator[Row] {
	return rapid.Custom(func(t *rapid.T) Row {
		text := func(name string) string {
			return rapid.OneOf(rapid.Just(""), rapid.String(), rapid.StringMatching(`[a-z<>&" \\é]{1,20}`)).Draw(t, name)
		}
		date := func(name string) calendar.Date {
			if rapid.Bool().Draw(t, name+" there") {
				return calendar.MustDate("1950-01-01").AddDays(rapid.IntRange(0, 60_000).Draw(t, name))
			}
			return calendar.Date{}
		}
		return Row{Name: text("name"), NIK: text("nik"), Employer: text("employer"),
			SamePerson: strings.Fields(text("same person")), Case: Case{ID: text("id"), Region: text("region"),
				Stage:   casework.Stage(text("stage")),
				Outcome: text("outcome"), DuplicateOf: text("duplicate"), Officer: text("officer"), Claim: text("claim"),
				TerminatedOn: date("terminated"), OpenedOn: date("opened"),
				ClosedOn: date("closed"), DueOn: date("due"), DueFor: text("for"), FollowUpOn: date("next"), Layoff: text("layoff"),
				Version:   rapid.Int().Draw(t, "version"),
				UpdatedAt: time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC()}}
	})
}

// The page written out by hand must be, byte for byte, the one that its declaration promises.
func TestPagesAreWrittenAsDeclared(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		page := RowPage{Items: rapid.SliceOfN(anyRow(), 0, 5).Draw(t, "items"),
			NextCursor: rapid.StringMatching(`[A-Za-z0-9_-]*`).Draw(t, "cursor")}
		if page.Items == nil {
			page.Items = []Row{}
		}
		got, err := page.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	page := RowPage{}
	for range 50 {
		page.Items = append(page.Items, Row{Name: "Siti Nurhaliza", NIK: "************0001",
			Case: Case{ID: "01a209cb-d386-7282-b396-b24b6a73bf71", Region: "3273", Stage: "benefit",
				DueOn: calendar.MustDate("2026-11-23"), UpdatedAt: time.Unix(0, 0).UTC()}})
	}
	b.Run("declared", func(b *testing.B) {
		for b.Loop() {
			_, _ = json.Marshal(page)
		}
	})
	b.Run("by hand", func(b *testing.B) {
		var buf []byte
		for b.Loop() {
			buf, _ = page.AppendJSON(buf[:0])
		}
	})
}
