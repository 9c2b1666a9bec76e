package exportstore

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/export"
)

// exportHeader is the first line of the CSV form; see pkg/audit for both forms.
const exportHeader = "case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash\n"

// The values of a row of historyColumns, as the database sends them in its binary form.
const (
	lineCase = iota
	lineRegion
	lineSeq
	lineKind
	lineActor
	lineOccurredOn
	lineRecordedAt
	linePayload
	linePrevHash
	lineHash
)

func appendCSV(b []byte, row [][]byte) []byte {
	b = append(appendUUID(b, row[lineCase]), ',')
	b = append(appendField(b, row[lineRegion]), ',')
	b = append(appendInt(b, row[lineSeq]), ',')
	b = append(appendField(b, row[lineKind]), ',')
	b = append(appendUUID(b, row[lineActor]), ',')
	b = append(appendDay(b, row[lineOccurredOn]), ',')
	b = append(appendInstant(b, row[lineRecordedAt]), ',')
	b = append(appendField(b, row[linePayload]), ',')
	b = append(hex.AppendEncode(b, row[linePrevHash]), ',')
	return append(hex.AppendEncode(b, row[lineHash]), '\n')
}

// appendField quotes a text where it must be. Whoever changed it in the database must not get away with a line that cannot
// be read.
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

func appendJSON(b []byte, row [][]byte) []byte {
	b = appendUUID(append(b, `{"case_id":"`...), row[lineCase])
	b = appendText(append(b, `","region":`...), row[lineRegion])
	b = appendInt(append(b, `,"seq":`...), row[lineSeq])
	b = appendText(append(b, `,"kind":`...), row[lineKind])
	b = appendUUID(append(b, `,"actor":"`...), row[lineActor])
	b = appendDay(append(b, `","occurred_on":"`...), row[lineOccurredOn])
	b = appendInstant(append(b, `","recorded_at":"`...), row[lineRecordedAt])
	b = appendText(append(b, `","payload":`...), row[linePayload])
	b = hex.AppendEncode(append(b, `,"prev_hash":"`...), row[linePrevHash])
	b = hex.AppendEncode(append(b, `","hash":"`...), row[lineHash])
	return append(b, '"', '}', '\n')
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

// trailer is the last line of an export; without it the file is not whole.
type trailer struct {
	Region     string `json:"region"`
	Entries    int    `json:"entries"`
	Cases      int    `json:"cases"`
	RecordedAt string `json:"recorded_at"`
	SHA256     string `json:"sha256"`
}

func (t trailer) write(w io.Writer, f export.Format) error {
	var line []byte
	var err error
	if f == export.CSV {
		var text bytes.Buffer
		c := csv.NewWriter(&text)
		err = c.Write([]string{"end", t.Region, strconv.Itoa(t.Entries), "export.end", "", "", t.RecordedAt,
			fmt.Sprintf(`{"entries":%d,"cases":%d}`, t.Entries, t.Cases), "", t.SHA256})
		c.Flush()
		line = text.Bytes()
	} else {
		line, err = json.Marshal(map[string]trailer{"end": t})
		line = append(line, '\n')
	}
	if err != nil {
		return fmt.Errorf("encode export trailer: %w", err)
	}
	if _, err := w.Write(line); err != nil {
		return fmt.Errorf("write export trailer: %w", err)
	}
	return nil
}
