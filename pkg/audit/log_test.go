package audit_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
)

// rootOf is the root over entries as RFC 9162 defines it, from the top down.
func rootOf(entries []audit.Entry) [32]byte {
	leaves := make([][32]byte, len(entries))
	for i, e := range entries {
		leaves[i] = audit.LeafHash(e.Hash)
	}
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	return tree(leaves, 0, nil)
}

// The root of a growing tree is that of the whole tree at every size.
func TestTheRootGrowsWithTheLog(t *testing.T) {
	t.Parallel()
	entries := history(17)
	var roots audit.Roots
	for n := range len(entries) + 1 {
		if got := roots.Root(); got != rootOf(entries[:n]) || roots.Size != int64(n) {
			t.Errorf("of %d entries: %x at size %d", n, got, roots.Size)
		}
		if n < len(entries) {
			roots.Add(audit.LeafHash(entries[n].Hash))
		}
	}
}

// A proof holds for its leaves at their places, in whatever order they come, and for nothing else.
func TestWhatAProofIncludes(t *testing.T) {
	t.Parallel()
	all := history(5)
	hash := func(i int) [32]byte { return audit.LeafHash(all[i].Hash) }
	node := func(left, right [32]byte) [32]byte {
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
	c := audit.Checkpoint{Size: 5, Root: rootOf(all)}
	first, last := audit.Leaf{Index: 0, Hash: hash(0)}, audit.Leaf{Index: 4, Hash: hash(4)}
	proof := [][32]byte{hash(1), node(hash(2), hash(3))}
	for name, x := range map[string]struct {
		leaves []audit.Leaf
		proof  [][32]byte
		holds  bool
	}{
		"the first and the last": {[]audit.Leaf{first, last}, proof, true},
		"from the end":           {[]audit.Leaf{last, first}, proof, true},
		"no leaf":                {nil, [][32]byte{c.Root}, true},
		"no leaf and no proof":   {nil, nil, false},
		"a hash too few":         {[]audit.Leaf{first, last}, proof[:1], false},
		"a hash too many":        {[]audit.Leaf{first, last}, append(slices.Clone(proof), hash(1)), false},
		"hashes turned round":    {[]audit.Leaf{first, last}, [][32]byte{proof[1], proof[0]}, false},
		"a leaf at its brother":  {[]audit.Leaf{{Index: 1, Hash: hash(0)}, last}, proof, false},
		"a leaf twice":           {[]audit.Leaf{first, first, last}, proof, false},
		"a leaf before the log":  {[]audit.Leaf{{Index: -1, Hash: hash(0)}, last}, proof, false},
		"a leaf behind the log":  {[]audit.Leaf{first, {Index: 5, Hash: hash(4)}}, proof, false},
	} {
		if got := c.Included(x.leaves, x.proof); got != x.holds {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// published is what left the database of a log: the checkpoints at some sizes, and the entries.
func published(entries []audit.Entry, sizes ...int64) audit.Published {
	var file []byte
	for _, e := range entries {
		file = audit.LogEntry{Hash: e.Hash, Of: e.CaseID, Seq: e.Seq}.Append(file)
	}
	p := audit.Published{Entries: bytes.NewReader(file)}
	for _, size := range sizes {
		p.Checkpoints = append(p.Checkpoints, audit.Checkpoint{Size: size, At: start, Root: rootOf(entries[:size])})
	}
	return p
}

// inDatabase is what a database holds against what was published: some places of its log have no entry.
type inDatabase struct {
	entries []audit.Entry
	gone    []int
	expects bool // it knows itself which entry belongs at such a place
}

func (d inDatabase) finish(t *testing.T, p audit.Published) (*audit.Finding, error) {
	t.Helper()
	v := audit.NewLogVerifier(int64(len(d.entries)))
	for i, e := range slices.Backward(d.entries) { // they come in any order
		if slices.Contains(d.gone, i) {
			continue
		}
		if f := v.Place(int64(i), &e); f != nil {
			t.Fatalf("entry %d: %+v", i, f)
		}
	}
	missing := func(i int64) (audit.LogEntry, bool) {
		return audit.LogEntry{Of: d.entries[i].CaseID, Seq: d.entries[i].Seq}, d.expects
	}
	return v.Finish(rootOf(d.entries), p, missing)
}

// changed is the history with other hashes at some places.
func changed(places ...int) []audit.Entry {
	entries := history(3, 2, 2)
	for _, i := range places {
		entries[i].Hash[0]++
	}
	return entries
}

// What became of a log since it was published is named, with the first entry that is not as it was.
func TestALogIsHeldAgainstWhatWasPublished(t *testing.T) {
	t.Parallel()
	whole := history(3, 2, 2) // places 0 to 2 of the first case, 3 and 4 of the second, 5 and 6 of the third
	first, second, third := whole[0].CaseID, whole[3].CaseID, whole[5].CaseID
	withoutEntries := func(p audit.Published) audit.Published { p.Entries = nil; return p }
	for name, x := range map[string]struct {
		database inDatabase
		outside  audit.Published
		want     *audit.Finding
	}{
		"as it was":                  {inDatabase{entries: whole}, published(whole, 2, 7), nil},
		"checkpoints in disorder":    {inDatabase{entries: whole}, published(whole, 7, 0, 2, 2), nil},
		"grown since":                {inDatabase{entries: whole}, published(whole[:5], 2, 5), nil},
		"the last one not vouched":   {inDatabase{entries: whole}, published(changed(5), 2, 5), nil},
		"nothing published":          {inDatabase{entries: whole}, audit.Published{}, nil},
		"an empty log":               {inDatabase{}, published(nil, 0), nil},
		"an entry changed":           {inDatabase{entries: changed(3)}, published(whole, 2, 7), differs(second, 1)},
		"the first of all changed":   {inDatabase{entries: changed(0, 4)}, published(whole, 2, 7), differs(first, 1)},
		"the last of all changed":    {inDatabase{entries: changed(6)}, published(whole, 2, 7), differs(third, 2)},
		"changed, and one gone":      {inDatabase{changed(3), []int{5}, true}, published(whole, 2, 7), differs(second, 1)},
		"changed, no entries kept":   {inDatabase{entries: changed(3)}, withoutEntries(published(whole, 2, 7)), root("7, 2026-11-23T10:00:00.000000Z")},
		"changed below a checkpoint": {inDatabase{entries: changed(1)}, withoutEntries(published(whole, 2, 7)), root("2, 2026-11-23T10:00:00.000000Z")},
		"an entry gone":              {inDatabase{whole, []int{4}, false}, published(whole, 2, 7), gone(second, 2, "")},
		"gone, no entries kept":      {inDatabase{whole, []int{4}, false}, withoutEntries(published(whole, 2, 7)), gone(uuid.Nil, 0, "4")},
		"gone, but expected":         {inDatabase{whole, []int{4}, true}, withoutEntries(published(whole, 2, 7)), gone(second, 2, "4")},
		"gone, not vouched yet":      {inDatabase{whole, []int{6}, true}, published(whole[:5], 2, 5), gone(third, 2, "6")},
		"an older copy":              {inDatabase{entries: whole[:5]}, withoutEntries(published(whole, 2, 7)), &audit.Finding{What: audit.RolledBack, Detail: "5 < 7"}},
		"an older copy, with them":   {inDatabase{entries: whole[:5]}, published(whole, 2, 7), gone(third, 1, "")},
		"older than its last one":    {inDatabase{entries: whole[:6]}, withoutEntries(published(whole, 2, 7)), &audit.Finding{What: audit.RolledBack, Detail: "6 < 7"}},
	} {
		found, err := x.database.finish(t, x.outside)
		if err != nil || (found == nil) != (x.want == nil) || found != nil && *found != *x.want {
			t.Errorf("%s: %+v, %v, want %+v", name, found, err, x.want)
		}
	}
}

func differs(of uuid.UUID, seq int) *audit.Finding {
	return &audit.Finding{Case: of, Seq: seq, What: audit.LogDiffers}
}

func gone(of uuid.UUID, seq int, place string) *audit.Finding {
	return &audit.Finding{Case: of, Seq: seq, What: audit.Missing, Detail: place}
}

func root(detail string) *audit.Finding {
	return &audit.Finding{What: audit.RootDiffers, Detail: detail}
}

// A file of entries that does not fit its own checkpoints is told from a database that was changed.
func TestPublishedEntriesThatDoNotFitTheirCheckpoints(t *testing.T) {
	t.Parallel()
	whole := history(3, 2, 2)
	cut := func(bytes int64) audit.Published {
		p := published(whole, 2, 7)
		p.Entries = io.LimitReader(p.Entries, bytes)
		return p
	}
	rewritten := published(whole, 7)
	rewritten.Entries = published(changed(5)).Entries
	broken := published(whole, 7)
	broken.Entries = iotest.ErrReader(errors.New("the disk is gone"))
	for name, x := range map[string]struct {
		outside  audit.Published
		evidence bool
		says     string
	}{
		"cut between two":    {cut(3 * audit.LogEntrySize), true, "after 3 of 7"},
		"cut within one":     {cut(3*audit.LogEntrySize + 1), true, "after 3 of 7"},
		"nothing left":       {cut(0), true, "after 0 of 7"},
		"without their last": {cut(7*audit.LogEntrySize - 1), true, "after 6 of 7"},
		"one rewritten":      {rewritten, true, "entry 1 of " + whole[5].CaseID.String()},
		"not to be read":     {broken, false, "the disk is gone"},
	} {
		found, err := inDatabase{entries: whole}.finish(t, x.outside)
		if found != nil || err == nil || errors.Is(err, audit.ErrEvidence) != x.evidence ||
			!strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

// An entry takes one place, and that in the log. The root that the database keeps is the one over its entries.
func TestEachEntryHasItsPlaceInTheLog(t *testing.T) {
	t.Parallel()
	entries := history(2)
	v := audit.NewLogVerifier(2)
	for i, fits := range map[int64]bool{-1: false, 0: true, 1: true, 2: false} {
		f := v.Place(i, &entries[1])
		if (f == nil) != fits || f != nil && (f.What != audit.NotInLog || f.Case != entries[1].CaseID || f.Seq != 2) {
			t.Errorf("at %d: %+v", i, f)
		}
	}
	if f := v.Place(1, &entries[0]); f == nil || f.What != audit.NotInLog || f.Seq != 1 {
		t.Errorf("a place was given twice: %+v", f)
	}
	if found, err := v.Finish([32]byte{1}, audit.Published{}, nil); err != nil || found == nil ||
		*found != (audit.Finding{What: audit.RootDiffers, Detail: "tiles"}) {
		t.Errorf("another root is kept: %+v, %v", found, err)
	}
	empty := audit.NewLogVerifier(1)
	if found, err := empty.Finish([32]byte{}, audit.Published{}, nil); err != nil || found == nil ||
		*found != (audit.Finding{What: audit.Missing, Detail: "0"}) {
		t.Errorf("nobody knows what stood there: %+v, %v", found, err)
	}
}

// What was published beyond the log is vouched for by the largest checkpoint.
func TestHowMuchIsVouchedFor(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		sizes []int64
		want  int64
	}{{nil, 0}, {[]int64{3}, 3}, {[]int64{3, 7, 5}, 7}} {
		var p audit.Published
		for _, size := range x.sizes {
			p.Checkpoints = append(p.Checkpoints, audit.Checkpoint{Size: size, At: start.Add(time.Duration(size))})
		}
		if got := p.Vouched(); got != x.want {
			t.Errorf("of %v: %d", x.sizes, got)
		}
	}
}

// An entry of the published file is read as it was written.
func TestTheFormOfAPublishedEntry(t *testing.T) {
	t.Parallel()
	e := audit.LogEntry{Hash: [32]byte{1, 31: 2}, Of: uuid.UUID{3, 15: 4}, Seq: 258}
	b := e.Append([]byte("before"))
	if len(b) != 6+audit.LogEntrySize || !bytes.HasSuffix(b, []byte{4, 0, 0, 1, 2}) {
		t.Errorf("written as %x", b)
	}
	if got := audit.ReadLogEntry(b[6:]); got != e {
		t.Errorf("read as %+v", got)
	}
}
