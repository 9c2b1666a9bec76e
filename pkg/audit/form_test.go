package audit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
)

// lettered is a history whose ids and hashes have letters, which can be written in another case.
func lettered() []audit.Entry {
	entries := history(1)
	entries[0].CaseID, entries[0].Actor = uuid.UUID{0xab}, uuid.UUID{0xcd}
	entries[0].Hash = entries[0].Digest()
	return entries
}

// Every value of an entry has one form. What only reads alike is not read, before anything is made of it.
func TestEveryValueOfAnEntryHasOneForm(t *testing.T) {
	t.Parallel()
	good := cells(lettered()[0])
	upper := func(n int) string { return strings.ToUpper(good[n]) }
	for name, x := range map[string]struct {
		cell int
		text string
	}{
		"case in capitals":       {0, upper(0)},
		"case without hyphens":   {0, strings.ReplaceAll(good[0], "-", "")},
		"no case":                {0, "x"},
		"region too short":       {1, "32"},
		"region too long":        {1, "327301"},
		"no number":              {2, "x"},
		"actor in capitals":      {4, upper(4)},
		"no actor":               {4, "x"},
		"no day":                 {5, "2026-02-30"},
		"instant without micros": {6, "2026-11-23T10:00:00Z"},
		"no instant":             {6, "x"},
		"no predecessor":         {8, ""},
		"predecessor too short":  {8, good[8][2:]},
		"hash in capitals":       {9, upper(9)},
		"hash too long":          {9, good[9] + "00"},
		"no hash":                {9, "x" + good[9][1:]},
	} {
		changed := append([]string(nil), good...)
		changed[x.cell] = x.text
		for form, line := range map[string]string{"csv": csvLine(changed), "jsonl": jsonLine(changed)} {
			file := line
			if form == "csv" {
				file = "case_id,region,seq,kind,actor,occurred_on,recorded_at,payload,prev_hash,hash\n" + line
			}
			if r := verify(t, []byte(file)); r.Finding == nil || r.Finding.What != audit.Unreadable {
				t.Errorf("%s in %s: %+v", name, form, r.Finding)
			}
		}
	}
}

func csvLine(cells []string) string {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(cells) // a buffer has no errors
	w.Flush()
	return out.String()
}

func jsonLine(c []string) string {
	return fmt.Sprintf(`{"case_id":"%s","region":"%s","seq":%s,"kind":"%s","actor":"%s","occurred_on":"%s",`+
		`"recorded_at":"%s","payload":%s,"prev_hash":"%s","hash":"%s"}`+"\n",
		c[0], c[1], c[2], c[3], c[4], c[5], c[6], strconv.Quote(c[7]), c[8], c[9])
}

// closing is what stands before the closing line of an export, and that line with a digest that fits what it says.
type closing struct {
	head           string
	entries, cases int
	at             string
}

func (c closing) digest() string {
	said := fmt.Sprintf("end\n3273\n%d\n%d\n%s\n", c.entries, c.cases, c.at)
	sum := sha256.Sum256([]byte(c.head + said))
	return hex.EncodeToString(sum[:])
}

func (c closing) csv() []string {
	return []string{"end", "3273", strconv.Itoa(c.entries), "export.end", "", "", c.at,
		fmt.Sprintf(`{"entries":%d,"cases":%d}`, c.entries, c.cases), "", c.digest()}
}

func (c closing) json() string {
	return fmt.Sprintf(`{"end":{"region":"3273","entries":%d,"cases":%d,"recorded_at":"%s","sha256":"%s"}}`,
		c.entries, c.cases, c.at, c.digest())
}

// withoutEnd is an export up to its closing line.
func withoutEnd(file []byte) string {
	return string(file[:bytes.LastIndexByte(file[:len(file)-1], '\n')+1])
}

// The closing line counts what stands before it, and says so in one form, whoever made a digest that fits it.
func TestTheClosingLineHasOneForm(t *testing.T) {
	t.Parallel()
	at := start.Format(instant)
	for name, write := range forms {
		head := withoutEnd(write(history(3, 1)))
		for what, x := range map[string]struct {
			end  closing
			good bool
		}{
			"as it is":              {closing{head, 4, 2, at}, true},
			"an entry more":         {closing{head, 5, 2, at}, false},
			"a case more":           {closing{head, 4, 3, at}, false},
			"an instant in seconds": {closing{head, 4, 2, "2026-11-23T10:00:00Z"}, false},
			"no instant":            {closing{head, 4, 2, ""}, false},
		} {
			line := x.end.json() + "\n"
			if name == "csv" {
				line = csvLine(x.end.csv())
			}
			r := verify(t, []byte(head+line))
			if (r.Finding == nil) != x.good || !x.good && r.Finding.What != audit.WrongEnd {
				t.Errorf("%s, %s: %+v", name, what, r.Finding)
			}
		}
	}
}

// What no digest covers is held to its form.
func TestNothingElseStandsInTheClosingLine(t *testing.T) {
	t.Parallel()
	head := withoutEnd(asCSV(history(3, 1)))
	end := closing{head, 4, 2, start.Format(instant)}
	for cell, text := range map[int]string{2: "5", 3: "export.fin", 4: "x", 5: "x", 7: `{"entries": 4,"cases":2}`, 8: "x"} {
		changed := end.csv()
		changed[cell] = text
		r := verify(t, []byte(head+csvLine(changed)))
		if r.Finding == nil || r.Finding.What != audit.WrongEnd || r.Finding.Line != 6 {
			t.Errorf("cell %d: %+v", cell, r.Finding)
		}
	}
	head = withoutEnd(asJSON(history(3, 1)))
	end.head = head
	for _, line := range []string{strings.Replace(end.json(), `"cases":2`, `"cases":2.0`, 1), end.json()[:20],
		strings.Replace(end.json(), `}}`, `},"x":1}`, 1), strings.Replace(end.json(), `:4`, `: 4`, 1)} {
		if r := verify(t, []byte(head+line+"\n")); r.Finding == nil || r.Finding.What != audit.WrongEnd {
			t.Errorf("%s: %+v", line, r.Finding)
		}
	}
}

// A line is one of the form that the first line tells: the head of a table further down is none.
func TestLinesThatAreNone(t *testing.T) {
	t.Parallel()
	table := string(asCSV(history(2)))
	head, rest, _ := strings.Cut(table, "\n")
	for name, file := range map[string]string{
		"the head twice":       head + "\n" + table,
		"the head at the end":  withoutEnd([]byte(table)) + head + "\n",
		"an empty line":        head + "\n\n" + rest,
		"a table with no head": rest,
		"a cell too few":       head + "\n" + strings.Replace(rest, "3273,", "", 1),
		"a cell in quotes":     head + "\n" + strings.Replace(rest, "3273", `"3273"`, 1),
		"a quote left open":    head + "\n" + `"` + rest,
		"a list with a head":   head + "\n" + string(asJSON(history(2))),
	} {
		if r := verify(t, []byte(file)); r.Finding == nil || r.Finding.What != audit.Unreadable {
			t.Errorf("%s: %+v", name, r.Finding)
		}
	}
	if r := verify(t, []byte(strings.Replace(table, ",1,", ",01,", 1))); r.Finding == nil {
		t.Error("a number in another form is taken")
	}
}

// A line of 16 MiB is read and judged; a longer one is not read to its end.
func TestALineHasAnEnd(t *testing.T) {
	t.Parallel()
	const most = 16 << 20
	if r := verify(t, append(bytes.Repeat([]byte("x"), most), '\n')); r.Finding == nil ||
		r.Finding.What != audit.Unreadable {
		t.Errorf("of the greatest length: %+v", r.Finding)
	}
	long := bytes.NewReader(bytes.Repeat([]byte("x"), most+2<<20))
	if r, err := audit.VerifyFile(t.Context(), long, nil); err == nil {
		t.Errorf("a longer one is read: %+v", r.Finding)
	}
	if long.Len() == 0 {
		t.Error("it is read to its end")
	}
}

// Cases and their entries are counted, whatever the case is called, and of an entry that is gone its number is told.
func TestEntriesAreCountedAndTheMissingOneIsNamed(t *testing.T) {
	t.Parallel()
	if r := verify(t, asCSV(history(4, 1))); r.Finding != nil || r.Entries != 5 || r.Cases != 2 {
		t.Errorf("counted %d entries of %d cases: %+v", r.Entries, r.Cases, r.Finding)
	}
	nobody := history(2)
	nobody[0].CaseID, nobody[1].CaseID = uuid.Nil, uuid.Nil
	nobody[0].Hash = nobody[0].Digest()
	nobody[1].PrevHash = nobody[0].Hash
	nobody[1].Hash = nobody[1].Digest()
	if r := verify(t, asCSV(nobody)); r.Finding != nil || r.Cases != 1 {
		t.Errorf("of the zero id: %d cases, %+v", r.Cases, r.Finding)
	}
	for name, x := range map[string]struct {
		entries []audit.Entry
		seq     int
	}{
		"the first of the second case":    {append(history(3, 3)[:3], history(3, 3)[4:]...), 1},
		"two in the middle":               {append(history(4)[:1], history(4)[3]), 2},
		"the first of all, and the next":  {history(4)[2:], 1},
		"one that comes a second time":    {append(history(3), history(3)[1]), 2},
		"the second of the zero id alone": {nobody[1:], 1},
	} {
		if r := verify(t, asCSV(x.entries)); r.Finding == nil || r.Finding.What != audit.WrongSeq || r.Finding.Seq != x.seq {
			t.Errorf("%s: %+v", name, r.Finding)
		}
	}
}

// A case that knows of another newest entry names the first that was cut off or put on.
func TestTheFirstEntryBeyondTheHeadIsNamed(t *testing.T) {
	t.Parallel()
	entries := history(3)
	var none audit.Verifier
	if f := none.Head(uuid.Nil, 0, [32]byte{}); f == nil || f.What != audit.HeadDiffers {
		t.Errorf("a case without entries: %+v", f)
	}
	var v audit.Verifier
	for i := range entries {
		if f := v.Add(&entries[i]); f != nil {
			t.Fatal(f)
		}
	}
	id, last := entries[2].CaseID, entries[2].Hash
	for name, x := range map[string]struct {
		of      uuid.UUID
		version int
		hash    [32]byte
		seq     int // of the finding, 0 for none
	}{
		"as it is":        {id, 3, last, 0},
		"one cut off":     {id, 4, last, 4},
		"three cut off":   {id, 6, last, 4},
		"one put on":      {id, 2, last, 3},
		"two put on":      {id, 1, last, 2},
		"another hash":    {id, 3, entries[1].Hash, 3},
		"of another case": {uuid.UUID{7}, 5, last, 5},
	} {
		f := v.Head(x.of, x.version, x.hash)
		if (f == nil) != (x.seq == 0) || f != nil && (f.Seq != x.seq || f.Case != x.of || f.What != audit.HeadDiffers) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A finding in a database has no line, one without a case names none, and a detail stands at the end.
func TestHowAFindingIsWorded(t *testing.T) {
	t.Parallel()
	at := uuid.UUID{1}
	for want, f := range map[string]audit.Finding{
		"line 4, the line is not in canonical form":                                  {Line: 4, What: audit.Unreadable},
		"the database is older than the published checkpoint (5 < 7)":                {What: audit.RolledBack, Detail: "5 < 7"},
		"case " + at.String() + ", entry 2: the entry does not match its hash":       {Case: at, Seq: 2, What: audit.WrongHash},
		"line 1, case " + at.String() + ", entry 2: the log does not have the entry": {Line: 1, Case: at, Seq: 2, What: audit.NotInLog},
	} {
		if got := f.Message("en"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
