package audit

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Report is what the verification of a file found. A nil Finding means that everything in it is as it was recorded.
type Report struct {
	Entries int
	Cases   int
	Region  string
	AsOf    time.Time
	Finding *Finding
}

const (
	csvHeader = "case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash"
	instant   = InstantLayout
	maxLine   = 16 << 20
)

// InstantLayout is how every instant is written: UTC, to the microsecond.
const InstantLayout = "2006-01-02T15:04:05.000000Z"

// object is a line of the JSON form; the order of its fields is the canonical one.
type object struct {
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
}

type end struct {
	Region     string `json:"region"`
	Entries    int    `json:"entries"`
	Cases      int    `json:"cases"`
	RecordedAt string `json:"recorded_at"`
	SHA256     string `json:"sha256"`
}

// file is the state of one verification.
type file struct {
	report Report
	chain  Verifier
	each   func(*Entry)
	sum    hash.Hash
	line   int
	csv    bool
	ended  bool
}

// VerifyFile reads an export, in either form, and re-derives everything in it. The error is for a file that cannot be
// read at all; what is wrong inside stands in the report. progress, which may be nil, is told the entries read so far.
func VerifyFile(ctx context.Context, r io.Reader, progress func(entries int)) (Report, error) {
	return verifyFile(ctx, r, progress, nil)
}

// verifyFile hands every entry that is in order to each, which may be nil.
func verifyFile(ctx context.Context, r io.Reader, progress func(entries int), each func(*Entry)) (Report, error) {
	f := &file{sum: sha256.New(), each: each}
	in := bufio.NewReaderSize(r, 1<<20)
	for f.report.Finding == nil {
		if err := ctx.Err(); err != nil {
			return f.report, err
		}
		line, err := readLine(in)
		if len(line) > 0 {
			f.take(line)
		}
		if progress != nil && f.line%100_000 == 0 {
			progress(f.chain.Entries)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f.report, fmt.Errorf("read export: %w", err)
		}
	}
	if f.report.Finding == nil && !f.ended {
		f.wrong(NoEnd, "")
	}
	f.report.Entries, f.report.Cases = f.chain.Entries, f.chain.Cases
	return f.report, nil
}

// readLine reads to the next LF, which stays in the line.
func readLine(in *bufio.Reader) ([]byte, error) {
	var whole []byte
	for {
		part, err := in.ReadSlice('\n')
		whole = append(whole, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return whole, err
		}
		if len(whole) > maxLine {
			return nil, errors.New("a line is longer than 16 MiB")
		}
	}
}

func (f *file) wrong(what Problem, detail string) {
	f.report.Finding = &Finding{Line: f.line, What: what, Detail: detail}
}

func (f *file) take(line []byte) {
	f.line++
	text, whole := strings.CutSuffix(string(line), "\n")
	switch {
	case f.ended:
		f.wrong(AfterEnd, "")
	case !whole:
		f.wrong(NoEnd, "")
	case f.line == 1 && text == csvHeader:
		f.csv = true
		f.sum.Write(line)
	case f.csv:
		f.takeCSV(text, line)
	default:
		f.takeJSON(text, line)
	}
}

func (f *file) takeCSV(text string, line []byte) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = 10
	cells, err := r.Read()
	if err != nil || canonicalCSV(cells) != text {
		f.wrong(Unreadable, "")
		return
	}
	seq, err := strconv.Atoi(cells[2])
	if err != nil {
		f.wrong(Unreadable, "seq")
		return
	}
	if cells[0] != "end" {
		f.entry(object{cells[0], cells[1], seq, cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[9]}, line)
		return
	}
	var counts struct{ Entries, Cases int }
	_ = json.Unmarshal([]byte(cells[7]), &counts) // compared with its canonical form below
	again := fmt.Sprintf(`{"entries":%d,"cases":%d}`, counts.Entries, counts.Cases)
	if cells[2] != strconv.Itoa(counts.Entries) || cells[3] != "export.end" || cells[4] != "" || cells[5] != "" ||
		cells[7] != again || cells[8] != "" {
		f.wrong(WrongEnd, "")
		return
	}
	f.end(end{cells[1], counts.Entries, counts.Cases, cells[6], cells[9]})
}

// canonicalCSV writes cells as the database's COPY does: quoted only where they must be.
func canonicalCSV(cells []string) string {
	for i, c := range cells {
		if strings.ContainsAny(c, ",\"\r\n") || c == `\.` {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	out := strings.Join(cells, ",")
	for i, c := range cells {
		if strings.HasPrefix(c, `"`) {
			cells[i] = strings.ReplaceAll(c[1:len(c)-1], `""`, `"`)
		}
	}
	return out
}

func (f *file) takeJSON(text string, line []byte) {
	if strings.HasPrefix(text, `{"end":`) {
		var last struct {
			End end `json:"end"`
		}
		if err := json.Unmarshal([]byte(text), &last); err != nil || encode(last) != text {
			f.wrong(WrongEnd, "")
			return
		}
		f.end(last.End)
		return
	}
	var o object
	if err := json.Unmarshal([]byte(text), &o); err != nil || encode(o) != text {
		f.wrong(Unreadable, "")
		return
	}
	f.entry(o, line)
}

// encode is the one JSON text of a value; what reads alike but is written otherwise was not written by Tanggap.
func encode(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func (f *file) entry(o object, line []byte) {
	e, ok := o.entry()
	if !ok {
		f.wrong(Unreadable, "")
		return
	}
	if found := f.chain.Add(e); found != nil {
		found.Line = f.line
		f.report.Finding = found
		return
	}
	f.sum.Write(line)
	if f.each != nil {
		f.each(e)
	}
}

func (o object) entry() (*Entry, bool) {
	e := &Entry{Region: o.Region, Seq: o.Seq, Kind: o.Kind, Payload: o.Payload}
	var err [4]error
	e.CaseID, err[0] = uuid.Parse(o.CaseID)
	e.Actor, err[1] = uuid.Parse(o.Actor)
	e.OccurredOn, err[2] = calendar.ParseDate(o.OccurredOn)
	e.RecordedAt, err[3] = time.Parse(instant, o.RecordedAt)
	prev, ok1 := digest(o.PrevHash)
	sum, ok2 := digest(o.Hash)
	e.PrevHash, e.Hash = prev, sum
	return e, errors.Join(err[:]...) == nil && ok1 && ok2 && e.CaseID.String() == o.CaseID &&
		e.Actor.String() == o.Actor &&
		e.RecordedAt.Format(instant) == o.RecordedAt && len(o.Region) == 4
}

func digest(text string) (out [32]byte, ok bool) {
	raw, err := hex.DecodeString(text)
	copy(out[:], raw)
	return out, err == nil && len(raw) == len(out) && hex.EncodeToString(raw) == text
}

// EndDigest is what the last line of an export states: SHA-256, in lower-case hexadecimal, over all bytes before that
// line, which sum has taken already, and over what the line itself says, so that no byte of it can change unseen
// either.
func EndDigest(sum hash.Hash, region string, entries, cases int, recordedAt string) string {
	_, _ = fmt.Fprintf(sum, "end\n%s\n%d\n%d\n%s\n", region, entries, cases, recordedAt) // a hash takes everything
	return hex.EncodeToString(sum.Sum(nil))
}

func (f *file) end(e end) {
	asOf, err := time.Parse(instant, e.RecordedAt)
	f.ended = true
	f.report.Region, f.report.AsOf = e.Region, asOf
	switch {
	case err != nil || asOf.Format(instant) != e.RecordedAt:
		f.wrong(WrongEnd, "")
	case e.Entries != f.chain.Entries || e.Cases != f.chain.Cases:
		f.wrong(WrongEnd, fmt.Sprintf("%d entries of %d cases stated, %d of %d found", e.Entries, e.Cases, f.chain.Entries,
			f.chain.Cases))
	case e.SHA256 != EndDigest(f.sum, e.Region, e.Entries, e.Cases, e.RecordedAt):
		f.wrong(WrongEnd, "sha256")
	}
}
