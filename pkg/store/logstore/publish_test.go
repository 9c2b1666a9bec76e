package logstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// busy is a reader that lets the server go on once somebody reads from it: the published file grows under the verifier.
type busy struct {
	io.Reader
	once sync.Once
	work func()
}

func (b *busy) Read(p []byte) (int, error) {
	b.once.Do(b.work)
	return b.Reader.Read(p)
}

// While cases are opened, sealed and published, the verification finds nothing: what is newer than its snapshot is
// nobody's fault.
func TestVerifyBesideAWorkingServer(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	ctx, cancel := context.WithCancel(t.Context())
	var server sync.WaitGroup
	defer server.Wait()
	defer cancel()
	server.Go(func() { // it writes, seals and publishes as fast as it can, until the verifications are over
		for n := 0; ctx.Err() == nil; n++ {
			if _, err := v.Open(ctx, v.Request("", "3273"), storetest.Opening(t, "3273", 1000+n%9000)); err != nil &&
				ctx.Err() == nil {
				t.Error(err)
				return
			}
			if _, err := v.Seal(ctx); err == nil {
				_, err = v.Publish(ctx, v.key, v.sink)
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		}
	})
	for n := range 10 {
		p := v.checkpoints(t)
		file, err := v.sink.Entries()
		storetest.OK(t, err)
		p.Entries = &busy{Reader: file, work: func() {
			v.OpenCase(t, "3204", n+1)
			v.publish(t)
		}}
		if _, found, err := v.Verify(t.Context(), p, nil); err != nil || found != nil {
			t.Errorf("time %d: %+v %v", n, found, err)
		}
		storetest.OK(t, file.Close())
	}
}

// checkpoints is what was published, without its entries.
func (v *vouched) checkpoints(t *testing.T) (p audit.Published) {
	t.Helper()
	signed, err := v.sink.All(t.Context())
	storetest.OK(t, err)
	for _, text := range signed {
		c, err := audit.ParseCheckpoint(text, v.key.Verifier())
		storetest.OK(t, err)
		p.Checkpoints = append(p.Checkpoints, c)
	}
	return p
}

// The file of entries is not signed by itself: when it was changed or cut, that is said, and the database is not
// accused.
func TestChangedEvidenceAccusesNobody(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	whole, err := os.ReadFile(filepath.Join(v.sink.Path, "entries.log"))
	storetest.OK(t, err)
	flipped := bytes.Clone(whole)
	flipped[3*audit.LogEntrySize] ^= 1
	for name, text := range map[string][]byte{
		"a byte": flipped, "cut": whole[:len(whole)-audit.LogEntrySize], "cut amid": whole[:len(whole)-9], "emptied": nil,
	} {
		p := v.checkpoints(t)
		p.Entries = bytes.NewReader(text)
		if _, found, err := v.Verify(t.Context(), p, nil); found != nil || !errors.Is(err, audit.ErrEvidence) {
			t.Errorf("%s: %v %v", name, found, err)
		}
	}
	p := v.checkpoints(t)
	// Kept, and not yet vouched for.
	p.Entries = bytes.NewReader(append(bytes.Clone(whole), flipped[:5*audit.LogEntrySize]...))
	if _, found, err := v.Verify(t.Context(), p, nil); found != nil || err != nil {
		t.Errorf("more than is signed: %v %v", found, err)
	}
}

// What the place has beyond the last signed size was vouched for by nobody: the next publication writes it anew.
func TestWhatNobodyVouchedForIsWrittenAnew(t *testing.T) {
	t.Parallel()
	v := vouch(t)
	name := filepath.Join(v.sink.Path, "entries.log")
	signed, err := os.ReadFile(name)
	storetest.OK(t, err)
	begun := bytes.Clone(signed[:5*audit.LogEntrySize])
	begun[3] ^= 1
	storetest.OK(t, os.WriteFile(name, append(bytes.Clone(signed), begun...), 0o600))
	v.publish(t)
	if _, found, err := v.Verify(t.Context(), v.published(t), nil); found != nil || err != nil {
		t.Errorf("%v %v", found, err)
	}
	whole, err := os.ReadFile(name)
	storetest.OK(t, err)
	if len(whole) != len(v.entries)*audit.LogEntrySize || !bytes.HasPrefix(whole, signed) || bytes.Contains(whole, begun) {
		t.Errorf("%d bytes, of which %d were signed", len(whole), len(signed))
	}
}

// What does not agree stops writing at once, by whichever process it is seen; it goes on with the next checkpoint
// that agrees.
func TestADisagreementStopsWritingUntilItIsMended(t *testing.T) {
	t.Parallel()
	away := func(t *testing.T, v *vouched) (mend func()) {
		t.Helper()
		storetest.OK(t, os.Rename(v.sink.Path, v.sink.Path+".away"))
		return func() { storetest.OK(t, os.Rename(v.sink.Path+".away", v.sink.Path)) }
	}
	file := func(t *testing.T, v *vouched, name string, change func([]byte) []byte) (mend func()) {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(v.sink.Path, name))
		storetest.OK(t, err)
		name = names[len(names)-1]
		before, err := os.ReadFile(name)
		storetest.OK(t, err)
		storetest.OK(t, os.WriteFile(name, change(bytes.Clone(before)), 0o600))
		return func() { storetest.OK(t, os.WriteFile(name, before, 0o600)) }
	}
	inFile := func(name string, change func([]byte) []byte) func(*testing.T, *vouched) func() {
		return func(t *testing.T, v *vouched) func() { return file(t, v, name, change) }
	}
	for name, c := range map[string]struct {
		want *fault.Error
		do   func(t *testing.T, v *vouched) (mend func())
	}{
		"the log was cut": {logstore.ErrContradicted, func(t *testing.T, v *vouched) func() {
			v.Tamper(t, "update log_state set size = size - 1")
			return func() { v.Tamper(t, "update log_state set size = size + 1") }
		}},
		"the log was changed": {logstore.ErrContradicted, func(t *testing.T, v *vouched) func() {
			v.Tamper(t, "create table kept as select * from log_tile",
				"update log_tile set hashes = sha256('x') || substr(hashes, 33) where level = 0")
			return func() {
				v.Tamper(t, "update log_tile l set hashes = k.hashes from kept k where (k.level, k.n) = (l.level, l.n)",
					"drop table kept")
			}
		}},
		"the folder is gone": {logstore.ErrEvidenceMissing, away},
		"the folder was emptied": {logstore.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			mend := away(t, v)
			storetest.OK(t, os.Mkdir(v.sink.Path, 0o700))
			return func() { storetest.OK(t, os.RemoveAll(v.sink.Path)); mend() }
		}},
		"the entries are gone": {logstore.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			return file(t, v, "entries.log", func([]byte) []byte { return nil })
		}},
		"the newest is gone":       {logstore.ErrEvidenceMissing, inFile("*.checkpoints", cutLast)},
		"the newest was scribbled": {logstore.ErrEvidenceDamaged, inFile("*.checkpoints", scribble)},
		"there is only garbage": {logstore.ErrEvidenceMissing, func(t *testing.T, v *vouched) func() {
			return file(t, v, "*.checkpoints", func([]byte) []byte { return []byte("garbage\n") })
		}},
		"the newest was not signed": {logstore.ErrEvidenceDamaged, inFile("*.checkpoints", enlarge)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := vouch(t)
			storetest.OK(t, v.stopped(t))
			mend := c.do(t, v)
			if _, err := v.Compare(t.Context(), v.key, v.sink); !errors.Is(err, c.want) {
				t.Errorf("at a start: %v", err)
			}
			if _, err := v.Publish(t.Context(), v.key, v.sink); !errors.Is(err, c.want) {
				t.Fatalf("published all the same: %v", err)
			}
			storetest.WantCode(t, v.stopped(t), c.want.Code)
			_, err := v.Open(t.Context(), v.Request("", "3273"), storetest.Opening(t, "3273", 70))
			storetest.WantCode(t, err, "history.contradicted")
			_, err = v.Change(t.Context(), v.Request("", "3273"), casework.ID(v.entries[0].Of), 5,
				storetest.Advance(casework.Benefit))
			storetest.WantCode(t, err, "history.contradicted")
			mend()
			v.publish(t)
			storetest.OK(t, v.stopped(t))
			v.OpenCase(t, "3273", 70)
		})
	}
}

func cutLast(text []byte) []byte {
	all := audit.SplitCheckpoints(text)
	return text[:len(text)-len(all[len(all)-1])]
}

func scribble(text []byte) []byte { return append(text, "garbage\n"...) }

// enlarge puts a larger log than any into the file, without its key.
func enlarge(text []byte) []byte {
	last := audit.SplitCheckpoints(text)[0]
	return append(text, bytes.Replace(last, []byte("\n12\n"), []byte("\n999\n"), 1)...)
}

func (v *vouched) stopped(t *testing.T) error {
	t.Helper()
	st, err := v.LogStanding(t.Context())
	storetest.OK(t, err)
	return st.Err()
}
