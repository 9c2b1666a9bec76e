package export

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/fault"
)

// EntryColumns are the values of an entry, in the order of every form; see pkg/audit. They are columns of case_history.
var EntryColumns = []string{
	entryCase: "case_id", entryRegion: "region", entrySeq: "seq", entryKind: "kind", entryActor: "actor",
	entryOccurredOn: "occurred_on", entryRecordedAt: "recorded_at", entryPayload: "payload",
	entryPrevHash: "prev_hash", entryHash: "hash",
}

const (
	entryCase = iota
	entryRegion
	entrySeq
	entryKind
	entryActor
	entryOccurredOn
	entryRecordedAt
	entryPayload
	entryPrevHash
	entryHash
)

// Lines is a form of histories that is written line by line.
type Lines interface {
	// Header is what comes before the first entry.
	Header() string
	// AppendEntry appends an entry to a line. The values are those of EntryColumns as PostgreSQL sends them in its binary
	// form: made into Go values first, they would cost more than the rest of the export.
	AppendEntry(line []byte, values [][]byte) []byte
	// End is the last line, without which the file is not whole.
	End(t Trailer) ([]byte, error)
}

// LinesOf is the form of a format; some formats are no lines.
func LinesOf(f Format) (Lines, error) {
	switch f {
	case CSV:
		return csvLines{}, nil
	case JSONL:
		return jsonLines{}, nil
	case XLSX, Dossier:
	}
	return nil, fault.New(fault.Invalid, "export.format_unknown").At("format")
}

// Trailer says what an export held, and vouches for it.
type Trailer struct {
	Region     string `json:"region"`
	Entries    int    `json:"entries"`
	Cases      int    `json:"cases"`
	RecordedAt string `json:"recorded_at"`
	SHA256     string `json:"sha256"`
}

type csvLines struct{}

func (csvLines) Header() string { return strings.Join(EntryColumns, ",") + "\n" }

func (csvLines) AppendEntry(b []byte, row [][]byte) []byte {
	b = append(appendUUID(b, row[entryCase]), ',')
	b = append(appendField(b, row[entryRegion]), ',')
	b = append(appendInt(b, row[entrySeq]), ',')
	b = append(appendField(b, row[entryKind]), ',')
	b = append(appendUUID(b, row[entryActor]), ',')
	b = append(appendDay(b, row[entryOccurredOn]), ',')
	b = append(appendInstant(b, row[entryRecordedAt]), ',')
	b = append(appendField(b, row[entryPayload]), ',')
	b = append(hex.AppendEncode(b, row[entryPrevHash]), ',')
	return append(hex.AppendEncode(b, row[entryHash]), '\n')
}

// appendField quotes a text where it must be. Whoever changed it in the database must not get away with a line that
// cannot be read.
func appendField(b, text []byte) []byte {
	if !bytes.ContainsAny(text, "\",\r\n") {
		return append(b, text...)
	}
	b = append(b, '"')
	for {
		quote := bytes.IndexByte(text, '"')
		if quote < 0 {
			return append(append(b, text...), '"')
		}
		b = append(append(b, text[:quote]...), '"', '"')
		text = text[quote+1:]
	}
}

func (csvLines) End(t Trailer) ([]byte, error) {
	var text bytes.Buffer
	c := csv.NewWriter(&text)
	err := c.Write([]string{"end", t.Region, strconv.Itoa(t.Entries), "export.end", "", "", t.RecordedAt,
		fmt.Sprintf(`{"entries":%d,"cases":%d}`, t.Entries, t.Cases), "", t.SHA256})
	c.Flush()
	if err != nil {
		return nil, fmt.Errorf("encode end of export: %w", err)
	}
	return text.Bytes(), nil
}

type jsonLines struct{}

func (jsonLines) Header() string { return "" }

func (jsonLines) AppendEntry(b []byte, row [][]byte) []byte {
	b = appendUUID(append(b, `{"case_id":"`...), row[entryCase])
	b = appendText(append(b, `","region":`...), row[entryRegion])
	b = appendInt(append(b, `,"seq":`...), row[entrySeq])
	b = appendText(append(b, `,"kind":`...), row[entryKind])
	b = appendUUID(append(b, `,"actor":"`...), row[entryActor])
	b = appendDay(append(b, `","occurred_on":"`...), row[entryOccurredOn])
	b = appendInstant(append(b, `","recorded_at":"`...), row[entryRecordedAt])
	b = appendText(append(b, `","payload":`...), row[entryPayload])
	b = hex.AppendEncode(append(b, `,"prev_hash":"`...), row[entryPrevHash])
	b = hex.AppendEncode(append(b, `","hash":"`...), row[entryHash])
	return append(b, '"', '}', '\n')
}

func (jsonLines) End(t Trailer) ([]byte, error) {
	line, err := json.Marshal(map[string]Trailer{"end": t})
	if err != nil {
		return nil, fmt.Errorf("encode end of export: %w", err)
	}
	return append(line, '\n'), nil
}

func appendText(b, text []byte) []byte {
	quoted, _ := json.Marshal(string(text)) // a string always has a JSON form
	return append(b, quoted...)
}

func appendUUID(b, id []byte) []byte {
	for i, from := range [...]int{0, 4, 6, 8, 10} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, id[from:[...]int{4, 6, 8, 10, 16}[i]])
	}
	return b
}

func appendInt(b, value []byte) []byte { return strconv.AppendInt(b, int64(number[int32](value)), 10) }

// number reads a whole number as the database sends it.
func number[N int32 | int64](value []byte) (n N) {
	_, _ = binary.Decode(value, binary.BigEndian, &n) // its length is that of its type
	return n
}

// epoch is where the days and the microseconds of PostgreSQL begin.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func appendDay(b, value []byte) []byte {
	return epoch.AddDate(0, 0, int(number[int32](value))).AppendFormat(b, time.DateOnly)
}

func appendInstant(b, value []byte) []byte {
	return time.UnixMicro(epoch.UnixMicro()+number[int64](value)).UTC().AppendFormat(b, audit.InstantLayout)
}
