package logstore_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
)

func bytesOf(t *rapid.T, label string, n int) []byte {
	return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, label)
}

// text is any text that PostgreSQL can hold.
func text() *rapid.Generator[string] {
	return rapid.Map(rapid.String(), func(s string) string {
		return string(bytes.ReplaceAll([]byte(s), []byte{0},
			[]byte("·")))
	})
}

// The writer is a function of the database, the verifier is Go, and they share nothing but the text of the encoding.
func TestDatabaseAndVerifierHashAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	conn := b.Runtime(t)
	ctx, first := t.Context(), time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		e := audit.Entry{
			CaseID: uuid.UUID(bytesOf(t, "case", 16)), Actor: uuid.UUID(bytesOf(t, "actor", 16)),
			PrevHash: [32]byte(bytesOf(t, "prev", 32)), Seq: int(rapid.Int32().Draw(t, "seq")), Kind: text().Draw(t, "kind"),
			Payload: text().Draw(t, "payload"), OccurredOn: calendar.MustDate("2000-01-01").AddDays(rapid.IntRange(-36_000,
				72_000).Draw(t, "day")), RecordedAt: first.Add(time.Duration(rapid.Int64Range(-1<<50, 1<<52).Draw(t,
				"instant")) * time.Microsecond),
		}
		var got []byte
		if err := conn.QueryRow(ctx, `select history_hash($1, $2, $3, $4, $5, $6, $7, $8)`, e.PrevHash[:], e.CaseID, e.Seq,
			e.Kind, e.Actor,
			e.OccurredOn.Time(), e.RecordedAt, e.Payload).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if want := e.Digest(); !bytes.Equal(got, want[:]) {
			t.Fatalf("database %x, verifier %x", got, want)
		}
	})
}
