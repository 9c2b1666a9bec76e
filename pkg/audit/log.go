package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"
)

// LeafHash is the hash of an entry's leaf in the log.
func LeafHash(entry [32]byte) [32]byte {
	return sha256.Sum256(append([]byte{0}, entry[:]...))
}

func nodeHash(left, right [32]byte) [32]byte {
	b := make([]byte, 0, 65)
	b = append(b, 1)
	b = append(b, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}

// leftSize is the size of the left subtree of a tree of two leaves or more: the largest power of two below its size.
func leftSize(size int64) int64 {
	k := int64(1)
	for 2*k < size {
		k *= 2
	}
	return k
}

// Roots computes the root of a growing tree: it holds the roots of the complete subtrees so far, the largest first.
type Roots struct {
	Size  int64
	parts [][32]byte
}

// Add adds a leaf.
func (r *Roots) Add(leaf [32]byte) {
	for n := r.Size; n&1 == 1; n >>= 1 {
		last := len(r.parts) - 1
		leaf = nodeHash(r.parts[last], leaf)
		r.parts = r.parts[:last]
	}
	r.parts = append(r.parts, leaf)
	r.Size++
}

// Root is the root over all leaves so far.
func (r *Roots) Root() [32]byte {
	if len(r.parts) == 0 {
		return sha256.Sum256(nil)
	}
	root := r.parts[len(r.parts)-1]
	for i := len(r.parts) - 2; i >= 0; i-- {
		root = nodeHash(r.parts[i], root)
	}
	return root
}

// Leaf is an entry with its place in the log.
type Leaf struct {
	Index int64
	Hash  [32]byte
}

// Included tells whether all the leaves stand at their places in the tree of a checkpoint: the proof holds the hashes
// of all largest subtrees without any of them, from the left to the right.
func (c Checkpoint) Included(leaves []Leaf, proof [][32]byte) bool {
	slices.SortFunc(leaves, func(a, b Leaf) int {
		switch {
		case a.Index < b.Index:
			return -1
		case a.Index > b.Index:
			return 1
		}
		return 0
	})
	for i, l := range leaves {
		if l.Index < 0 || l.Index >= c.Size || i > 0 && leaves[i-1].Index == l.Index {
			return false
		}
	}
	p := prover{proof: proof}
	root := p.root(0, c.Size, leaves)
	return !p.short && len(p.proof) == 0 && root == c.Root
}

type prover struct {
	proof [][32]byte
	short bool
}

func (p *prover) root(lo, hi int64, leaves []Leaf) [32]byte {
	if len(leaves) == 0 {
		if len(p.proof) == 0 {
			p.short = true
			return [32]byte{}
		}
		first := p.proof[0]
		p.proof = p.proof[1:]
		return first
	}
	if hi-lo == 1 {
		return leaves[0].Hash
	}
	middle := lo + leftSize(hi-lo)
	k, _ := slices.BinarySearchFunc(leaves, middle, func(l Leaf, at int64) int { return int(l.Index - at) })
	left := p.root(lo, middle, leaves[:k])
	return nodeHash(left, p.root(middle, hi, leaves[k:]))
}

// LogEntry says which entry stands at a place of the log, in the file that is published beside the checkpoints.
type LogEntry struct {
	Hash [32]byte // of the entry, not of its leaf
	Of   uuid.UUID
	Seq  int
}

// LogEntrySize is the size of a LogEntry in that file: hash, id, and the number as a big-endian int32.
const LogEntrySize = 32 + 16 + 4

// Append writes the entry in the form of the file.
func (e LogEntry) Append(to []byte) []byte {
	to = append(append(to, e.Hash[:]...), e.Of[:]...)
	return binary.BigEndian.AppendUint32(to, uint32(int32(e.Seq)))
}

// ReadLogEntry reads what Append wrote.
func ReadLogEntry(b []byte) (e LogEntry) {
	copy(e.Hash[:], b[:32])
	copy(e.Of[:], b[32:48])
	e.Seq = int(int32(binary.BigEndian.Uint32(b[48:52])))
	return e
}

// Published is what left the database: the checkpoints, in any order, and the entries, if they are kept there, as a
// stream of LogEntry. The zero Published vouches for nothing. It must be read before the snapshot of the database
// that is held against it: what is published later is not yet in the snapshot, and that is nobody's fault.
type Published struct {
	Checkpoints []Checkpoint
	Entries     io.Reader
}

// Vouched is the size of the largest published log: what a snapshot taken later must hold.
func (p Published) Vouched() (size int64) {
	for _, c := range p.Checkpoints {
		size = max(size, c.Size)
	}
	return size
}

// ErrEvidence says that the published entries are not those of the published checkpoints: the database agrees with the
// signed roots, so that it is the file of entries which was changed or cut.
var ErrEvidence = errors.New("the published entries do not agree with the published checkpoints")

// LogVerifier takes the place of every entry in the log, in any order, and then holds the whole against what was
// published.
type LogVerifier struct {
	entries [][32]byte
}

// NewLogVerifier expects a log of a size.
func NewLogVerifier(size int64) *LogVerifier { return &LogVerifier{entries: make([][32]byte, size)} }

// Place puts the entry where the database says that it stands.
func (v *LogVerifier) Place(index int64, e *Entry) *Finding {
	if index < 0 || index >= int64(len(v.entries)) || v.entries[index] != [32]byte{} {
		return &Finding{Case: e.CaseID, Seq: e.Seq, What: NotInLog}
	}
	v.entries[index] = e.Hash
	return nil
}

// Finish compares the log, entry by entry and root by root, with what was published. missing, which may be nil, says
// which entry the database itself expects at a place that no entry took. tree is the root that the database keeps.
// Entries beyond the largest checkpoint are signed by nobody yet and not compared.
func (v *LogVerifier) Finish(tree [32]byte, p Published, missing func(index int64) (LogEntry, bool)) (*Finding, error) {
	due := slices.Clone(p.Checkpoints)
	slices.SortStableFunc(due, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	f := finisher{LogVerifier: v, due: due, kept: keptEntries{from: p.Entries, most: p.Vouched()}, missing: missing}
	for i := int64(0); i < max(int64(len(v.entries)), p.Vouched()); i++ {
		if found, err := f.take(i); found != nil || err != nil {
			return found, err
		}
	}
	switch found, err := f.judge(); {
	case found != nil || err != nil:
		return found, err
	case tree != f.roots.Root():
		return &Finding{What: RootDiffers, Detail: "tiles"}, nil
	case f.kept.short:
		return nil, fmt.Errorf("%w: they end after %d of %d", ErrEvidence, f.kept.read, p.Vouched())
	}
	return nil, nil
}

// finisher is the state of one comparison.
type finisher struct {
	*LogVerifier
	roots   Roots
	due     []Checkpoint
	kept    keptEntries
	differs *Finding // the first entry that is not the published one: the next signed root tells which was changed
	missing func(int64) (LogEntry, bool)
}

// take compares the entry at a place.
func (f *finisher) take(i int64) (*Finding, error) {
	if found, err := f.judge(); found != nil || err != nil {
		return found, err
	}
	published, kept, err := f.kept.next()
	if err != nil {
		return nil, err
	}
	if i >= int64(len(f.entries)) || f.entries[i] == [32]byte{} {
		return f.gone(i, published, kept), nil
	}
	if kept && published.Hash != f.entries[i] && f.differs == nil {
		f.differs = &Finding{Case: published.Of, Seq: published.Seq, What: LogDiffers}
	}
	f.roots.Add(LeafHash(f.entries[i]))
	return nil, nil
}

// judge holds the root against the checkpoints of just this size.
func (f *finisher) judge() (*Finding, error) {
	for ; len(f.due) > 0 && f.due[0].Size == f.roots.Size; f.due = f.due[1:] {
		switch c := f.due[0]; {
		case c.Root != f.roots.Root() && f.differs != nil:
			return f.differs, nil
		case c.Root != f.roots.Root():
			return &Finding{What: RootDiffers, Detail: fmt.Sprintf("%d, %s", c.Size, c.At.UTC().Format(instant))}, nil
		case f.differs != nil:
			return nil, fmt.Errorf("%w: entry %d of %s", ErrEvidence, f.differs.Seq, f.differs.Case)
		}
	}
	return nil, nil
}

// gone words that nothing stands at a place of the log.
func (f *finisher) gone(i int64, published LogEntry, kept bool) *Finding {
	switch {
	case f.differs != nil:
		return f.differs
	case kept:
		return &Finding{Case: published.Of, Seq: published.Seq, What: Missing}
	case i >= int64(len(f.entries)):
		return &Finding{What: RolledBack, Detail: fmt.Sprintf("%d < %d", len(f.entries), f.due[len(f.due)-1].Size)}
	}
	found := &Finding{What: Missing, Detail: fmt.Sprintf("%d", i)}
	if f.missing != nil {
		if e, ok := f.missing(i); ok {
			found.Case, found.Seq = e.Of, e.Seq
		}
	}
	return found
}

// keptEntries reads the published entries, as far as a checkpoint vouches for them.
type keptEntries struct {
	from       io.Reader
	read, most int64
	short      bool
	record     [LogEntrySize]byte
}

func (k *keptEntries) next() (LogEntry, bool, error) {
	if k.from == nil || k.short || k.read >= k.most {
		return LogEntry{}, false, nil
	}
	_, err := io.ReadFull(k.from, k.record[:])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		k.short = true
		return LogEntry{}, false, nil
	}
	if err != nil {
		return LogEntry{}, false, fmt.Errorf("read published entries: %w", err)
	}
	k.read++
	return ReadLogEntry(k.record[:]), true, nil
}
