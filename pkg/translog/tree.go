// Package translog keeps the transparency log over all histories: a Merkle tree (RFC 6962) in tiles, the signed
// checkpoints of its root, and the places outside the database where they are published. What it writes is specified in
// pkg/audit, which verifies it with code of its own.
//
// A tile holds 256 hashes of one level; level 0 are the leaves, and each full tile is one hash of the level above.
package translog

import (
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is log2 of the hashes in a full tile; tileWidth is their number.
const (
	TileHeight = 8
	tileWidth  = 1 << TileHeight
)

// Tile names one tile of the tree.
type Tile struct {
	Level int
	N     int64
}

// Leaf is the hash of a leaf: of the 32 bytes that are the hash of a history entry.
func Leaf(entry [32]byte) tlog.Hash { return tlog.RecordHash(entry[:]) }

// Edge lists the tiles that a tree of a size has not filled yet: what an Appender starts from.
func Edge(size int64) []Tile {
	var edge []Tile
	for level := 0; size > 0; level, size = level+1, size/tileWidth {
		if size%tileWidth > 0 {
			edge = append(edge, Tile{level, size / tileWidth})
		}
	}
	return edge
}

// Appender adds leaves to a tree and collects the tiles that change.
type Appender struct {
	Size    int64
	Changed map[Tile][]byte
	open    [][]byte // per level, the hashes of the tile that is being filled
}

// NewAppender goes on from a tree of a size, whose edge is given.
func NewAppender(size int64, edge map[Tile][]byte) (*Appender, error) {
	a := &Appender{Size: size, Changed: map[Tile][]byte{}}
	for _, tile := range Edge(size) {
		for len(a.open) <= tile.Level {
			a.open = append(a.open, nil)
		}
		width := int(size >> (TileHeight * tile.Level) % tileWidth)
		if len(edge[tile]) < width*tlog.HashSize {
			return nil, fmt.Errorf("tile %d of level %d holds %d bytes, not %d hashes", tile.N, tile.Level, len(edge[tile]),
				width)
		}
		a.open[tile.Level] = append([]byte(nil), edge[tile][:width*tlog.HashSize]...)
	}
	return a, nil
}

// Append adds one leaf.
func (a *Appender) Append(leaf tlog.Hash) {
	a.add(0, a.Size, leaf)
	a.Size++
}

// add puts the hash of a subtree, the n-th of its level of tiles, in its place.
func (a *Appender) add(level int, n int64, h tlog.Hash) {
	for len(a.open) <= level {
		a.open = append(a.open, nil)
	}
	a.open[level] = append(a.open[level], h[:]...)
	a.Changed[Tile{level, n / tileWidth}] = a.open[level]
	if len(a.open[level]) == tileWidth*tlog.HashSize {
		full := a.open[level]
		a.open[level] = nil
		a.add(level+1, n/tileWidth, subtree(full))
	}
}

// subtree is the root over hashes whose number is a power of two.
func subtree(hashes []byte) tlog.Hash {
	if len(hashes) == tlog.HashSize {
		return tlog.Hash(hashes)
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

// Tiles reads tiles; it fails when one is missing.
type Tiles func([]Tile) (map[Tile][]byte, error)

// ReadHashes implements tlog.HashReader.
func (load Tiles) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	wanted := map[Tile]bool{}
	for _, i := range indexes {
		level, n := tlog.SplitStoredHashIndex(i)
		wanted[tileOf(level, n)] = true
	}
	list := make([]Tile, 0, len(wanted))
	for tile := range wanted {
		list = append(list, tile)
	}
	tiles, err := load(list)
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(indexes))
	for k, i := range indexes {
		level, n := tlog.SplitStoredHashIndex(i)
		if out[k], err = within(tiles[tileOf(level, n)], level, n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func tileOf(level int, n int64) Tile {
	return Tile{level / TileHeight, n << (level % TileHeight) / tileWidth}
}

// within is the hash of a complete subtree from the tile that holds the hashes below it.
func within(tile []byte, level int, n int64) (tlog.Hash, error) {
	count := 1 << (level % TileHeight)
	at := int(n<<(level%TileHeight)%tileWidth) * tlog.HashSize
	end := at + count*tlog.HashSize
	if end > len(tile) {
		return tlog.Hash{}, fmt.Errorf("the tree has no hash %d of level %d", n, level)
	}
	return subtree(tile[at:end]), nil
}

// Root is the root of the tree at a size, which may be any that it ever had.
func Root(size int64, tiles Tiles) (tlog.Hash, error) {
	if size == 0 {
		return tlog.TreeHash(0, nil)
	}
	root, err := tlog.TreeHash(size, tiles)
	if err != nil {
		return root, fmt.Errorf("hash tree of %d leaves: %w", size, err)
	}
	return root, nil
}

// Consistency proves that the tree of one size begins with the tree of a smaller one.
func Consistency(from, to int64, tiles Tiles) (tlog.TreeProof, error) {
	proof, err := tlog.ProveTree(to, from, tiles)
	if err != nil {
		return nil, fmt.Errorf("prove consistency of %d with %d: %w", to, from, err)
	}
	return proof, nil
}

// batch bounds how many hashes are asked of the tiles at once.
const batch = 1 << 14

// Prove gives what somebody needs, who has the given leaves (ascending, without doubles), to arrive at the root of the
// tree of a size: the hashes of all largest subtrees that hold none of them, from the left to the right.
func Prove(size int64, leaves []int64, tiles Tiles) ([]tlog.Hash, error) {
	var wanted []int64
	var ends []int // of each subtree of the proof, in wanted: one that is not complete is made of several
	for _, gap := range gaps(0, size, leaves, nil) {
		wanted = append(wanted, gap.complete()...)
		ends = append(ends, len(wanted))
	}
	proof := make([]tlog.Hash, 0, len(ends))
	for from, k := 0, 0; k < len(ends); {
		to := k
		for to < len(ends) && (to == k || ends[to]-from <= batch) {
			to++
		}
		hashes, err := tiles.ReadHashes(wanted[from:ends[to-1]])
		if err != nil {
			return nil, err
		}
		for at := from; k < to; k++ {
			parts := hashes[at-from : ends[k]-from]
			root := parts[len(parts)-1]
			for i := len(parts) - 2; i >= 0; i-- {
				root = tlog.NodeHash(parts[i], root)
			}
			proof = append(proof, root)
			at = ends[k]
		}
		from = ends[to-1]
	}
	return proof, nil
}

// span is a subtree: the leaves from lo up to hi.
type span struct{ lo, hi int64 }

// complete lists the complete subtrees that a subtree consists of, as stored hashes, the largest first.
func (s span) complete() (indexes []int64) {
	for s.lo < s.hi {
		level := 0
		for 2<<level <= s.hi-s.lo {
			level++
		}
		indexes = append(indexes, tlog.StoredHashIndex(level, s.lo>>level))
		s.lo += 1 << level
	}
	return indexes
}

// gaps lists the largest subtrees of [lo, hi) without a leaf of the list, all of which lie in it.
func gaps(lo, hi int64, leaves []int64, out []span) []span {
	switch {
	case lo >= hi:
		return out
	case len(leaves) == 0:
		return append(out, span{lo, hi})
	case int64(len(leaves)) == hi-lo:
		return out
	}
	middle := lo + half(hi-lo)
	k, _ := slices.BinarySearch(leaves, middle)
	return gaps(middle, hi, leaves[k:], gaps(lo, middle, leaves[:k], out))
}

// half is the size of the left subtree of a tree: the largest power of two below its size.
func half(size int64) int64 {
	k := int64(1)
	for k<<1 < size {
		k <<= 1
	}
	return k
}
