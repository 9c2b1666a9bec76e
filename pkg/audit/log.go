package audit

import (
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

// Included tells whether all the leaves stand at their places in the tree of a checkpoint: the proof holds the hashes of
// all largest subtrees without any of them, from the left to the right.
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

// Published is what left the database: the checkpoints, the smallest log first, and the entries, if they are kept there,
// as a stream of LogEntry. The zero Published vouches for nothing.
type Published struct {
	Checkpoints []Checkpoint
	Entries     io.Reader
}

// LogVerifier takes the place of every entry in the log, in any order, and then holds the whole against what was published.
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

// Finish compares the log, entry by entry and root by root, with what was published. missing, which may be nil, says which
// entry the database itself expects at a place that no entry took. tree is the root that the database keeps.
func (v *LogVerifier) Finish(tree [32]byte, p Published, missing func(index int64) (LogEntry, bool)) (*Finding, error) {
	var roots Roots
	var record [LogEntrySize]byte
	kept := p.Entries != nil
	due := p.Checkpoints
	for i := int64(0); i < int64(len(v.entries)) || kept; i++ {
		if kept {
			if _, err := io.ReadFull(p.Entries, record[:]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				if kept = false; i >= int64(len(v.entries)) {
					break
				}
			} else if err != nil {
				return nil, fmt.Errorf("read published entries: %w", err)
			}
		}
		if found := v.compare(i, kept, ReadLogEntry(record[:]), missing); found != nil {
			return found, nil
		}
		for ; len(due) > 0 && due[0].Size == i; due = due[1:] {
			if due[0].Root != roots.Root() {
				return rootDiffers(due[0]), nil
			}
		}
		roots.Add(LeafHash(v.entries[i]))
	}
	for _, c := range due {
		switch {
		case c.Size > roots.Size:
			return &Finding{What: RolledBack, Detail: fmt.Sprintf("%d < %d", roots.Size, c.Size)}, nil
		case c.Root != roots.Root():
			return rootDiffers(c), nil
		}
	}
	if tree != roots.Root() {
		return &Finding{What: RootDiffers, Detail: "tiles"}, nil
	}
	return nil, nil
}

func rootDiffers(c Checkpoint) *Finding {
	return &Finding{What: RootDiffers, Detail: fmt.Sprintf("%d, %s", c.Size, c.At.UTC().Format(instant))}
}

func (v *LogVerifier) compare(i int64, kept bool, published LogEntry, missing func(int64) (LogEntry, bool)) *Finding {
	gone := i >= int64(len(v.entries)) || v.entries[i] == [32]byte{}
	switch {
	case kept && gone:
		return &Finding{Case: published.Of, Seq: published.Seq, What: Missing}
	case kept && published.Hash != v.entries[i]:
		return &Finding{Case: published.Of, Seq: published.Seq, What: LogDiffers}
	case gone:
		found := &Finding{What: Missing, Detail: fmt.Sprintf("%d", i)}
		if missing != nil {
			if e, ok := missing(i); ok {
				found.Case, found.Seq = e.Of, e.Seq
			}
		}
		return found
	}
	return nil
}
