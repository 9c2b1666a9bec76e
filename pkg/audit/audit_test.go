package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
)

const instant = "2006-01-02T15:04:05.000000Z"

var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// history makes valid chains: cases with n entries each, ordered as an export is.
func history(cases ...int) []audit.Entry {
	var all []audit.Entry
	for c, n := range cases {
		var prev [32]byte
		for seq := 1; seq <= n; seq++ {
			e := audit.Entry{CaseID: uuid.UUID{byte(c + 1)}, Region: "3273", Seq: seq, Kind: "case.advanced",
				Actor: uuid.UUID{9}, OccurredOn: calendar.MustDate("2026-11-23"),
				RecordedAt: start.Add(time.Duration(len(all)) * time.Microsecond),
				Payload:    fmt.Sprintf(`{"to":"benefit","reason":"a, \"b\" %d"}`, seq), PrevHash: prev}
			e.Hash = e.Digest()
			prev = e.Hash
			all = append(all, e)
		}
	}
	return all
}

func cells(e audit.Entry) []string {
	return []string{e.CaseID.String(), e.Region, strconv.Itoa(e.Seq), e.Kind, e.Actor.String(), e.OccurredOn.String(),
		e.RecordedAt.Format(instant), e.Payload, hex.EncodeToString(e.PrevHash[:]), hex.EncodeToString(e.Hash[:])}
}

// asCSV and asJSON write the two forms of an export independently of the reader, with a right trailer.
func asCSV(entries []audit.Entry) []byte {
	var out bytes.Buffer
	out.WriteString("case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash\n")
	w := csv.NewWriter(&out)
	for _, e := range entries {
		_ = w.Write(cells(e))
	}
	w.Flush()
	sum := ending(out.Bytes(), entries)
	_ = w.Write([]string{"end", "3273", strconv.Itoa(len(entries)), "export.end", "", "", start.Format(instant),
		fmt.Sprintf(`{"entries":%d,"cases":%d}`, len(entries), countCases(entries)), "", hex.EncodeToString(sum[:])})
	w.Flush()
	return out.Bytes()
}

func asJSON(entries []audit.Entry) []byte {
	var out bytes.Buffer
	for _, e := range entries {
		c := cells(e)
		payload, _ := json.Marshal(e.Payload)
		fmt.Fprintf(&out,
			`{"case_id":"%s","region":"%s","seq":%s,"kind":"%s","actor":"%s","occurred_on":"%s","recorded_at":"%s","payload":%s,"prev_hash":"%s","hash":"%s"}`+"\n",
			c[0], c[1], c[2], c[3], c[4], c[5], c[6], payload, c[8], c[9])
	}
	sum := ending(out.Bytes(), entries)
	fmt.Fprintf(&out, `{"end":{"region":"3273","entries":%d,"cases":%d,"recorded_at":"%s","sha256":"%x"}}`+"\n",
		len(entries), countCases(entries), start.Format(instant), sum)
	return out.Bytes()
}

// ending is the digest of the last line as the package documentation describes it.
func ending(file []byte, entries []audit.Entry) [32]byte {
	return sha256.Sum256(fmt.Appendf(slices.Clone(file), "end\n3273\n%d\n%d\n%s\n", len(entries), countCases(entries),
		start.Format(instant)))
}

func countCases(entries []audit.Entry) int {
	seen := map[uuid.UUID]bool{}
	for _, e := range entries {
		seen[e.CaseID] = true
	}
	return len(seen)
}

var forms = map[string]func([]audit.Entry) []byte{"csv": asCSV, "jsonl": asJSON}

func verify(t testing.TB, file []byte) audit.Report {
	t.Helper()
	report, err := audit.VerifyFile(context.Background(), bytes.NewReader(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// The worked example of the encoding: computed by hand from the bytes that the package documentation lists.
func TestDigestOfTheWorkedExample(t *testing.T) {
	t.Parallel()
	e := audit.Entry{CaseID: uuid.MustParse("0190a7b0-1111-7222-8333-444455556666"), Seq: 1, Kind: "case.opened",
		Actor: uuid.MustParse("0190a7b0-0000-7000-8000-000000000001"), OccurredOn: calendar.MustDate("2000-01-02"),
		RecordedAt: time.Date(2000, 1, 1, 0, 0, 0, 1000, time.UTC), Payload: `{}`}
	plain := "tanggap-history-v1" + strings.Repeat("\x00", 32) +
		"\x01\x90\xa7\xb0\x11\x11\x72\x22\x83\x33\x44\x44\x55\x55\x66\x66" + "\x00\x00\x00\x01" +
		"\x00\x00\x00\x0bcase.opened" + "\x01\x90\xa7\xb0\x00\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\x01" +
		"\x00\x00\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00\x01" + "\x00\x00\x00\x02{}"
	if got, want := e.Digest(), sha256.Sum256([]byte(plain)); got != want {
		t.Fatalf("got %x, want %x", got, want)
	}
}

func TestWholeFilesAreFoundInOrder(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		r := verify(t, form(history(3, 1, 2)))
		if r.Finding != nil || r.Entries != 6 || r.Cases != 3 || r.Region != "3273" || !r.AsOf.Equal(start) {
			t.Errorf("%s: got %+d entries, finding %v", name, r.Entries, r.Finding)
		}
		if r := verify(t, form(nil)); r.Finding != nil || r.Entries != 0 {
			t.Errorf("%s: an export without entries: %v", name, r.Finding)
		}
	}
}

// No byte of an export can change unseen, and the finding names the line.
func TestEveryFlippedByteIsFound(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		file := form(history(3, 2))
		rapid.Check(t, func(t *rapid.T) {
			at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
			changed := slices.Clone(file)
			changed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
			report, err := audit.VerifyFile(context.Background(), bytes.NewReader(changed), nil)
			if err != nil {
				return // not readable at all
			}
			if report.Finding == nil {
				t.Fatalf("%s: byte %d was changed unseen", name, at)
			}
			line := 1 + bytes.Count(file[:at], []byte{'\n'})
			last := bytes.Count(file, []byte{'\n'})
			// A region is only a label: the closing line vouches for it. A changed line end merges or splits lines.
			if got := report.Finding.Line; got != line && got != last && got != line+1 {
				t.Fatalf("%s: byte %d of line %d was changed, line %d was named", name, at, line, got)
			}
		})
	}
}

func TestTamperingIsNamed(t *testing.T) {
	t.Parallel()
	rehash := func(entries []audit.Entry) []audit.Entry { // as far as one can who does not know the entries before
		for i := range entries {
			entries[i].Hash = entries[i].Digest()
		}
		return entries
	}
	for name, c := range map[string]struct {
		change func([]audit.Entry) []audit.Entry
		what   audit.Problem
		seq    int
	}{
		"payload": {func(e []audit.Entry) []audit.Entry { e[1].Payload = `{"to":"closed"}`; return e },
			audit.WrongHash, 2}, "actor": {func(e []audit.Entry) []audit.Entry { e[1].Actor = uuid.UUID{8}; return e },
			audit.WrongHash, 2},
		"day": {func(e []audit.Entry) []audit.Entry {
			e[1].OccurredOn = calendar.MustDate("2026-11-22")
			return e
		}, audit.WrongHash, 2},
		"instant": {func(e []audit.Entry) []audit.Entry {
			e[1].RecordedAt = e[1].RecordedAt.Add(
				time.Hour)
			return e
		}, audit.WrongHash, 2}, "rewritten entry": {func(e []audit.Entry) []audit.Entry {
			e[1].Payload = `{}`
			return rehash(e)
		}, audit.BrokenLink, 3},
		"deleted entry":   {func(e []audit.Entry) []audit.Entry { return slices.Delete(e, 1, 2) }, audit.WrongSeq, 2},
		"deleted first":   {func(e []audit.Entry) []audit.Entry { return e[1:] }, audit.WrongSeq, 1},
		"doubled entry":   {func(e []audit.Entry) []audit.Entry { return slices.Insert(e, 1, e[0]) }, audit.WrongSeq, 1},
		"swapped entries": {func(e []audit.Entry) []audit.Entry { e[0], e[1] = e[1], e[0]; return e }, audit.WrongSeq, 1},
		"swapped cases": {func(e []audit.Entry) []audit.Entry { return append(slices.Clone(e[3:]), e[:3]...) },
			audit.WrongOrder, 1}, "time set back": {func(e []audit.Entry) []audit.Entry {
			e[2].RecordedAt = start.Add(-time.Hour)
			return rehash(e)
		}, audit.TimeBack, 3},
		"time stood still": {func(e []audit.Entry) []audit.Entry {
			e[2].RecordedAt = e[1].RecordedAt
			return rehash(e)
		}, audit.TimeBack, 3},
		"first has a past": {func(e []audit.Entry) []audit.Entry { e[0].PrevHash[0] = 1; return rehash(e) }, audit.BrokenLink,
			1},
	} {
		for form, write := range forms {
			r := verify(t, write(c.change(history(3, 2))))
			if r.Finding == nil || r.Finding.What != c.what || r.Finding.Seq != c.seq {
				t.Errorf("%s in %s: got %+v, want %s at entry %d", name, form, r.Finding, c.what, c.seq)
			}
		}
	}
}

func TestFilesWithoutTheirEndAreNotWhole(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		file := form(history(2, 2))
		lines := bytes.SplitAfter(file, []byte{'\n'})
		lines = lines[:len(lines)-1]
		cut := bytes.Join(lines[:len(lines)-1], nil)
		missing := bytes.Join(append(slices.Clone(lines[:len(lines)-2]), lines[len(lines)-1]), nil)
		for what, want := range map[string]struct {
			file    []byte
			problem audit.Problem
		}{
			"cut before the end":        {cut, audit.NoEnd},
			"cut within the last line":  {file[:len(file)-5], audit.NoEnd},
			"empty":                     {nil, audit.NoEnd},
			"last entry missing":        {missing, audit.WrongEnd},
			"something after the end":   {append(slices.Clone(file), "x\n"...), audit.AfterEnd},
			"the same file twice":       {append(slices.Clone(file), file...), audit.AfterEnd},
			"line ends of another kind": {bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")), audit.Unreadable},
		} {
			if r := verify(t, want.file); r.Finding == nil || r.Finding.What != want.problem {
				t.Errorf("%s, %s: got %+v, want %s", name, what, r.Finding, want.problem)
			}
		}
	}
}

// What reads alike but is written otherwise was not written by Tanggap.
func TestOnlyTheCanonicalFormIsRead(t *testing.T) {
	t.Parallel()
	file := string(asJSON(history(1)))
	for what, changed := range map[string]string{
		"upper-case key":  strings.Replace(file, `"kind"`, `"Kind"`, 1),
		"doubled key":     strings.Replace(file, `"seq":1`, `"seq":1,"seq":1`, 1),
		"unknown key":     strings.Replace(file, `"seq":1`, `"seq":1,"x":1`, 1),
		"space":           strings.Replace(file, `"seq":1`, `"seq": 1`, 1),
		"escaped letter":  strings.Replace(file, "benefit", `ben\u0065fit`, 1),
		"upper-case hash": strings.Replace(file, `"prev_hash":"00`, `"prev_hash":"0x`, 1),
		"float seq":       strings.Replace(file, `"seq":1,`, `"seq":1.0,`, 1),
	} {
		if r := verify(t, []byte(changed)); r.Finding == nil || r.Finding.What != audit.Unreadable || r.Finding.Line != 1 {
			t.Errorf("%s: got %+v", what, r.Finding)
		}
	}
}

func TestACutTailIsSeenByTheCase(t *testing.T) {
	t.Parallel()
	entries := history(3)
	var v audit.Verifier
	for i := range entries[:2] {
		if f := v.Add(&entries[i]); f != nil {
			t.Fatal(f)
		}
	}
	if f := v.Head(entries[0].CaseID, 2, entries[1].Hash); f != nil {
		t.Errorf("the newest entry is taken for another: %+v", f)
	}
	for name, f := range map[string]*audit.Finding{"version": v.Head(entries[0].CaseID, 3, entries[2].Hash),
		"hash": v.Head(entries[0].CaseID, 2, entries[2].Hash),
		"case": v.Head(uuid.UUID{7}, 2, entries[1].Hash)} {
		if f == nil || f.What != audit.HeadDiffers {
			t.Errorf("another %s was not seen", name)
		}
	}
}

func TestFindingsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	f := audit.Finding{Line: 4, Case: uuid.UUID{1}, Seq: 2, What: audit.WrongHash}
	if id, en := f.Message("id"), f.Message("en"); !strings.HasPrefix(id, "baris 4, ") ||
		!strings.HasPrefix(en, "line 4, ") || !strings.Contains(en, "entry 2") {
		t.Errorf("got %q and %q", id, en)
	}
}

func FuzzVerifyFile(f *testing.F) {
	f.Add(asCSV(history(2)))
	f.Add(asJSON(history(2)))
	f.Add([]byte(`{"end":{}}` + "\n"))
	f.Add([]byte("case_id\n"))
	f.Fuzz(func(_ *testing.T, file []byte) {
		_, _ = audit.VerifyFile(context.Background(), bytes.NewReader(file), nil) // it never panics
	})
}

func BenchmarkVerifyCSV(b *testing.B) {
	file := asCSV(history(slices.Repeat([]int{6}, 200)...))
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if r, err := audit.VerifyFile(context.Background(), bytes.NewReader(file), nil); err != nil || r.Finding != nil {
			b.Fatal(err, r.Finding)
		}
	}
	b.ReportMetric(float64(b.N)*1200/b.Elapsed().Seconds(), "entries/s")
}
