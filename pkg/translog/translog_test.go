package translog_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/translog"
)

// forest is a tree in tiles, kept in memory.
type forest map[translog.Tile][]byte

func (f forest) read(wanted []translog.Tile) (map[translog.Tile][]byte, error) {
	out := map[translog.Tile][]byte{}
	for _, tile := range wanted {
		if f[tile] == nil {
			return nil, fmt.Errorf("no tile %v", tile)
		}
		out[tile] = f[tile]
	}
	return out, nil
}

func entry(i int64) (h [32]byte) {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
}

// grow appends in steps, each from what the step before has left in the tiles.
func grow(t interface{ Fatal(...any) }, steps []int) (forest, int64) {
	f, size := forest{}, int64(0)
	for _, n := range steps {
		edge, err := f.read(translog.Edge(size))
		if err != nil {
			t.Fatal(err)
		}
		a, err := translog.NewAppender(size, edge)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			a.Append(translog.Leaf(entry(a.Size)))
		}
		for tile, hashes := range a.Changed {
			f[tile] = slices.Clone(hashes)
		}
		size = a.Size
	}
	return f, size
}

// The tree in tiles, the tree of the Go checksum database and the verifier's own arithmetic give the same roots at
// every size, and the proof of any set of leaves convinces the verifier of just those leaves.
func TestTreeAndVerifierAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, size := grow(t, rapid.SliceOfN(rapid.IntRange(0, 400), 1, 5).Draw(t, "steps"))
		at := rapid.Int64Range(0, size).Draw(t, "at")
		root, err := translog.Root(at, f.read)
		if err != nil {
			t.Fatal(err)
		}
		var theirs []tlog.Hash
		var own audit.Roots
		for i := range at {
			h := entry(i)
			hashes, err := tlog.StoredHashes(i, h[:], tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, err error) {
				for _, k := range indexes {
					out = append(out, theirs[k])
				}
				return out, nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			theirs = append(theirs, hashes...)
			own.Add(audit.LeafHash(h))
		}
		if own.Root() != root {
			t.Fatalf("at %d of %d the verifier has another root", at, size)
		}
		chosen := map[int64]bool{}
		for _, i := range rapid.SliceOfN(rapid.Int64Range(0, max(at-1, 0)), 0, 20).Draw(t, "leaves") {
			chosen[i] = at > 0
		}
		var indexes []int64
		var leaves []audit.Leaf
		for i := range at {
			if chosen[i] {
				indexes, leaves = append(indexes, i), append(leaves, audit.Leaf{Index: i, Hash: audit.LeafHash(entry(i))})
			}
		}
		hashes, err := translog.Prove(at, indexes, f.read)
		if err != nil {
			t.Fatal(err)
		}
		proof := make([][32]byte, len(hashes))
		for i, h := range hashes {
			proof[i] = h
		}
		c := audit.Checkpoint{Size: at, Root: root}
		if at > 0 && !c.Included(leaves, proof) {
			t.Fatal("a true proof does not convince")
		}
		if len(leaves) == 0 {
			return
		}
		k := rapid.IntRange(0, len(leaves)-1).Draw(t, "wrong")
		wrong := slices.Clone(leaves)
		wrong[k].Hash[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		if c.Included(wrong, proof) {
			t.Fatal("another entry is taken for the one in the log")
		}
		wrong = slices.Clone(leaves)
		wrong[k].Index = (wrong[k].Index + 1) % at
		if at > 1 && c.Included(wrong, proof) {
			t.Fatal("another place is taken for the one in the log")
		}
	})
}

func TestConsistencyIsProved(t *testing.T) {
	t.Parallel()
	f, size := grow(t, []int{700, 1, 299})
	for _, from := range []int64{1, 2, 255, 256, 257, 700, 999, size} {
		before, err := translog.Root(from, f.read)
		if err != nil {
			t.Fatal(err)
		}
		after, err := translog.Root(size, f.read)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := translog.Consistency(from, size, f.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, size, after, from, before); err != nil {
			t.Errorf("from %d: %v", from, err)
		}
	}
}

func key(t *testing.T) *translog.Key {
	t.Helper()
	seed := make([]byte, 32)
	_, _ = rand.Read(seed)
	k, err := translog.NewKey("tanggap.test/history", seed)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCheckpointsAreReadOnlyAsSigned(t *testing.T) {
	t.Parallel()
	k := key(t)
	want := audit.Checkpoint{Origin: "tanggap.test/history", Size: 7, Root: entry(7), At: time.Date(2026, 11, 23, 1, 2, 3,
		4000, time.UTC)}
	signed, err := k.Checkpoint(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := audit.ParseCheckpoint(signed, k.Verifier())
	if err != nil || got != want {
		t.Fatalf("got %v %v", got, err)
	}
	if _, err := audit.ParseCheckpoint(signed, key(t).Verifier()); err == nil {
		t.Error("another key's signature is taken")
	}
	for i := range signed {
		changed := slices.Clone(signed)
		changed[i] ^= 1
		if c, err := audit.ParseCheckpoint(changed, k.Verifier()); err == nil && c != want {
			t.Errorf("byte %d: %v is taken", i, c)
		}
	}
}

// Whatever a crash leaves of the last thing written, the folder goes on from what was whole.
func TestFolderGoesOnAfterATornWrite(t *testing.T) {
	t.Parallel()
	f, k := translog.Folder{Path: filepath.Join(t.TempDir(), "checkpoints")}, key(t)
	at := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	if newest, err := f.Newest(t.Context()); err != nil || newest != nil {
		t.Fatalf("a folder that is not there yet gives %q %v", newest, err)
	}
	publish := func(n int64) []byte {
		signed, err := k.Checkpoint(audit.Checkpoint{Size: n, At: at})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Publish(t.Context(), signed, at); err != nil {
			t.Fatal(err)
		}
		return signed
	}
	first := publish(1)
	entries := []audit.LogEntry{{Hash: entry(0), Of: uuid.New(), Seq: 1}, {Hash: entry(1), Of: uuid.New(), Seq: 2}}
	if err := f.Keep(t.Context(), 0, entries[:1]); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"2026-11-23.checkpoints", "entries.log"} {
		file, err := os.OpenFile(filepath.Join(f.Path, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(first[:len(first)/3]); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if newest, err := f.Newest(t.Context()); err != nil || string(newest) != string(first) {
		t.Errorf("newest is %q %v", newest, err)
	}
	second := publish(2)
	if err := f.Keep(t.Context(), 1, entries[1:]); err != nil {
		t.Fatal(err)
	}
	all, err := f.All(t.Context())
	if err != nil || len(all) != 2 || string(all[0]) != string(first) || string(all[1]) != string(second) {
		t.Errorf("got %q %v", all, err)
	}
	kept, err := f.Entries()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(kept)
	if err != nil || len(text) != 2*audit.LogEntrySize || audit.ReadLogEntry(text) != entries[0] ||
		audit.ReadLogEntry(text[audit.LogEntrySize:]) != entries[1] {
		t.Errorf("got %x %v", text, err)
	}
}

func TestAWebSinkIsAskedForItsNewest(t *testing.T) {
	t.Parallel()
	var last []byte
	broken := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case broken:
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case r.Method == http.MethodPost:
			last, _ = io.ReadAll(r.Body)
		case last == nil:
			http.NotFound(w, r)
		default:
			_, _ = w.Write(last)
		}
	}))
	defer server.Close()
	sink := translog.NewSink(server.URL)
	if newest, err := sink.Newest(t.Context()); err != nil || newest != nil {
		t.Errorf("before the first: %q %v", newest, err)
	}
	one, err := key(t).Checkpoint(audit.Checkpoint{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := sink.Publish(t.Context(), one, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if newest, err := sink.Newest(t.Context()); err != nil || string(newest) != string(one) {
		t.Errorf("got %q %v", newest, err)
	}
	for _, answer := range []string{"<html>sign in to this network</html>", string(one[:40]), string(one) + "and more"} {
		last = []byte(answer)
		if newest, err := sink.Newest(t.Context()); !errors.Is(err, translog.ErrDamaged) {
			t.Errorf("%q gives %q %v", answer, newest, err)
		}
	}
	broken = true
	if err := sink.Publish(t.Context(), one, time.Time{}); err == nil {
		t.Error("a redirect was followed")
	}
}

// The edge is the tiles that have begun and are not full: a full one is a leaf of the level above.
func TestTheEdgeOfATree(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64][]translog.Tile{
		0: nil, 1: {{Level: 0, N: 0}}, 255: {{Level: 0, N: 0}}, 256: {{Level: 1, N: 0}},
		257: {{Level: 0, N: 1}, {Level: 1, N: 0}}, 65_536: {{Level: 2, N: 0}},
		65_792: {{Level: 1, N: 1}, {Level: 2, N: 0}},
	} {
		if got := translog.Edge(size); !slices.Equal(got, want) {
			t.Errorf("the edge of %d: %v, want %v", size, got, want)
		}
	}
}
