package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
)

// columnTypes are the types of export.EntryColumns.
var columnTypes = []uint32{pgtype.UUIDOID, pgtype.TextOID, pgtype.Int4OID, pgtype.TextOID, pgtype.UUIDOID,
	pgtype.DateOID,
	pgtype.TimestamptzOID, pgtype.TextOID, pgtype.ByteaOID, pgtype.ByteaOID}

// fromDatabase is an entry in the binary form, and the texts that pgx and the standard library make of the same bytes.
func fromDatabase(t require, values ...any) (binary [][]byte, texts []string) {
	t.Helper()
	types := pgtype.NewMap()
	for i, value := range values {
		sent, err := types.Encode(columnTypes[i], pgtype.BinaryFormatCode, value, []byte{})
		if err != nil {
			t.Fatalf("encode %s: %v", export.EntryColumns[i], err)
		}
		binary, texts = append(binary, sent), append(texts, textOf(t, types, columnTypes[i], sent))
	}
	return binary, texts
}

type require interface {
	Helper()
	Fatalf(format string, args ...any)
}

// textOf decodes a value as pgx does.
func textOf(t require, types *pgtype.Map, of uint32, sent []byte) string {
	t.Helper()
	var (
		id   uuid.UUID
		text string
		n    int32
		at   time.Time
		raw  []byte
	)
	into, show := any(&text), func() string { return text }
	switch of {
	case pgtype.UUIDOID:
		into, show = &id, func() string { return id.String() }
	case pgtype.Int4OID:
		into, show = &n, func() string { return strconv.Itoa(int(n)) }
	case pgtype.DateOID:
		into, show = &at, func() string { return at.Format(time.DateOnly) }
	case pgtype.TimestamptzOID:
		into, show = &at, func() string { return at.UTC().Format(audit.InstantLayout) }
	case pgtype.ByteaOID:
		into, show = &raw, func() string { return hex.EncodeToString(raw) }
	}
	if err := types.Scan(of, pgtype.BinaryFormatCode, sent, into); err != nil {
		t.Fatalf("decode type %d: %v", of, err)
	}
	return show()
}

// linesHold writes an entry in both forms and holds them to what the standard library writes and reads.
func linesHold(t require, values ...any) {
	t.Helper()
	sent, want := fromDatabase(t, values...)
	asCSV, err := export.LinesOf(export.CSV)
	if err != nil {
		t.Fatalf("%v", err)
	}
	line := string(asCSV.AppendEntry([]byte("before|"), sent))
	got, err := csv.NewReader(bytes.NewReader([]byte(line[len("before|"):]))).ReadAll()
	for i := range want { // the reader of the library takes every end of a line for a newline
		want[i] = string(bytes.ReplaceAll([]byte(want[i]), []byte("\r\n"), []byte("\n")))
	}
	if err != nil || len(got) != 1 || !slices.Equal(got[0], want) || line[:len("before|")] != "before|" {
		t.Fatalf("%q reads as %q, %v; want %q", line, got, err, want)
	}
	asJSON, err := export.LinesOf(export.JSONL)
	if err != nil {
		t.Fatalf("%v", err)
	}
	_, want = fromDatabase(t, values...)
	seq, _ := strconv.Atoi(want[2])
	library, err := json.Marshal(struct {
		CaseID     string `json:"case_id"`
		Region     string `json:"region"`
		Seq        int    `json:"seq"`
		Kind       string `json:"kind"`
		Actor      string `json:"actor"`
		OccurredOn string `json:"occurred_on"`
		RecordedAt string `json:"recorded_at"`
		Payload    string `json:"payload"`
		PrevHash   string `json:"prev_hash"`
		Hash       string `json:"hash"`
	}{want[0], want[1], seq, want[3], want[4], want[5], want[6], want[7], want[8], want[9]})
	if line := asJSON.AppendEntry(nil, sent); err != nil || string(line) != string(library)+"\n" {
		t.Fatalf("got %s, %v; want %s", line, err, library)
	}
}

// Whatever an entry holds, both forms are what pgx and the standard library make of the same bytes.
func TestLinesAreWhatTheLibrariesWrite(t *testing.T) {
	t.Parallel()
	id := rapid.SliceOfN(rapid.Byte(), 16, 16)
	text := rapid.OneOf(rapid.StringMatching(`[a-z,"' \r\n\\<>&;{}:]{0,30}`), rapid.String().Filter(func(s string) bool {
		return !bytes.ContainsRune([]byte(s), 0)
	}))
	hash := rapid.SliceOfN(rapid.Byte(), 32, 32)
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		day := first.AddDate(0, 0, rapid.IntRange(0, int(last.Unix()-first.Unix())/86_400).Draw(t, "day"))
		instant := time.UnixMicro(rapid.Int64Range(first.UnixMicro(), last.UnixMicro()).Draw(t, "instant")).UTC()
		linesHold(t, [16]byte(id.Draw(t, "case")), text.Draw(t, "region"), rapid.Int32().Draw(t, "seq"), text.Draw(t, "kind"),
			[16]byte(id.Draw(t, "actor")), day, instant, text.Draw(t, "payload"), hash.Draw(t, "before"), hash.Draw(t, "hash"))
	})
}

// FuzzLines looks for texts that a table or a line of JSON would not hold.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", `{"note":"a, \"b\""}`, "\"", "\"\"", "a\r\nb", "\r", ",", "\u2028", "</script>",
		"\xff"} {
		f.Add(seed, int32(1), int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, seq int32, micros int64) {
		at := time.UnixMicro(micros % 200_000_000_000_000_000).UTC()
		if bytes.ContainsRune([]byte(text), 0) || at.Year() < 1 || at.Year() > 9999 {
			return // the database holds no such value
		}
		linesHold(t, [16]byte{1}, "3273", seq, text, [16]byte{15: 2}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), at, text,
			make([]byte, 32), make([]byte, 32))
	})
}

// Both forms end with a line that says what was in them; a spreadsheet and a dossier have no lines.
func TestTheEndOfLines(t *testing.T) {
	t.Parallel()
	end := export.Trailer{Region: "3204 3273", Entries: 7, Cases: 3, RecordedAt: "2026-11-23T00:00:00.000000Z",
		SHA256: "ab"}
	for f, want := range map[export.Format][2]string{
		export.CSV: {"case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash\n",
			`end,3204 3273,7,export.end,,,2026-11-23T00:00:00.000000Z,"{""entries"":7,""cases"":3}",,ab` + "\n"},
		export.JSONL: {"", `{"end":{"region":"3204 3273","entries":7,"cases":3,` +
			`"recorded_at":"2026-11-23T00:00:00.000000Z","sha256":"ab"}}` + "\n"},
	} {
		lines, err := export.LinesOf(f)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := lines.End(end); err != nil || string(last) != want[1] || lines.Header() != want[0] {
			t.Errorf("%s: %q … %q, %v", f, lines.Header(), last, err)
		}
	}
	for _, f := range []export.Format{export.XLSX, export.Dossier, "", "xml"} {
		if _, err := export.LinesOf(f); fault.CodeOf(err) != "export.format_unknown" {
			t.Errorf("%q: %v", f, err)
		}
	}
}

// An entry is written without anything left for the collector, but for the quoting of JSON texts.
func TestAnEntryOfATableCostsNoMemory(t *testing.T) {
	sent, _ := fromDatabase(t, [16]byte{1}, "3273", int32(4), "case.noted", [16]byte{2}, time.Now().UTC(),
		time.Now().UTC(),
		`{"a":"b, c"}`, make([]byte, 32), make([]byte, 32))
	lines, err := export.LinesOf(export.CSV)
	if err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { line = lines.AppendEntry(line[:0], sent) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
