package translog_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/translog"
)

// place is a folder with checkpoints of the sizes, each published at a day of its own.
func place(t *testing.T, k *translog.Key, days map[int64]int) translog.Folder {
	t.Helper()
	f := translog.NewFolder(filepath.Join(t.TempDir(), "checkpoints"))
	for size, day := range days {
		put(t, f, k, size, day)
	}
	return f
}

func put(t *testing.T, f translog.Folder, k *translog.Key, size int64, day int) []byte {
	t.Helper()
	at := time.Date(2026, 11, day, 1, 0, 0, 0, time.UTC)
	signed, err := k.Checkpoint(audit.Checkpoint{Size: size, Root: entry(size), At: at})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Publish(t.Context(), signed, at); err != nil {
		t.Fatal(err)
	}
	return signed
}

func newestSize(t *testing.T, f translog.Folder) int64 {
	t.Helper()
	signed, err := f.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, _ := audit.ClaimOf(signed)
	return c.Size
}

// A clock that was stepped a day ahead, back, and to another century names files; the largest log is the newest all
// the same.
func TestTheNewestIsTheLargestWhateverTheClockSaid(t *testing.T) {
	t.Parallel()
	k := key(t)
	for name, days := range map[string]map[int64]int{
		"a day ahead, then right": {5: 20, 9: 21, 12: 20},
		"a day behind":            {5: 20, 9: 19, 12: 19},
		"to and fro":              {1: 3, 2: 2, 3: 1, 12: 2, 4: 9},
	} {
		if got := newestSize(t, place(t, k, days)); got != 12 {
			t.Errorf("%s: newest is %d", name, got)
		}
	}
	f := place(t, k, map[int64]int{5: 1, 12: 2})
	old := put(t, place(t, k, nil), k, 5, 1)
	for _, name := range []string{"2099-01-01.checkpoints", "0000.checkpoints", "zzz.checkpoints"} {
		if err := os.WriteFile(filepath.Join(f.Path, name), old, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := newestSize(t, f); got != 12 {
			t.Errorf("beside %s the newest is %d", name, got)
		}
	}
}

// What is no checkpoint, wherever it stands, is damage and never "nothing there"; only what a crash can leave is
// passed over.
func TestDamageIsNoFirstStart(t *testing.T) {
	t.Parallel()
	k := key(t)
	whole := string(put(t, place(t, k, nil), k, 12, 2))
	for name, c := range map[string]struct {
		text    string
		damaged bool
	}{
		"garbage":                  {"garbage\n", true},
		"bytes":                    {"\x01\xff\x80" + whole, true},
		"garbage before":           {"garbage\n" + whole, true},
		"garbage after":            {whole + "garbage\n", true},
		"garbage between":          {whole + "garbage" + whole, true},
		"another size by hand":     {"12x" + whole[1:], true},
		"another root":             {whole[:24] + string(put(t, place(t, k, nil), k, 13, 2))[24:], true},
		"a file that says nothing": {"", false},
		"cut in the signature":     {whole + whole[:len(whole)-9], false},
		"cut in the first line":    {whole + whole[:5], false},
		"zeros of a crash":         {whole + whole[:30] + "\x00\x00\x00\x00", false},
		"only zeros":               {"\x00\x00\x00\x00", false},
	} {
		f := place(t, k, map[int64]int{5: 1, 12: 2})
		if err := os.WriteFile(filepath.Join(f.Path, "2026-11-03.checkpoints"), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := f.Newest(t.Context())
		if errors.Is(err, translog.ErrDamaged) != c.damaged || err != nil && !c.damaged {
			t.Errorf("%s: %v", name, err)
		}
		if _, all := f.All(t.Context()); (all != nil) != c.damaged {
			t.Errorf("%s: all of them are read with %v", name, all)
		}
	}
}

// Two roots of one size cannot both be this log's: one of the places was written by another database.
func TestAForkIsDamage(t *testing.T) {
	t.Parallel()
	k := key(t)
	f := place(t, k, map[int64]int{5: 1, 12: 2})
	other, err := k.Checkpoint(audit.Checkpoint{Size: 12, Root: entry(99), At: time.Date(2026, 11, 4, 0, 0, 0, 0,
		time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.Path, "2026-11-04.checkpoints"), other, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Newest(t.Context()); !errors.Is(err, translog.ErrDamaged) {
		t.Errorf("a fork gives %v", err)
	}
}

// What was damaged is evidence: a further checkpoint is not written over it.
func TestDamageIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	k := key(t)
	f := place(t, k, map[int64]int{5: 1})
	name := filepath.Join(f.Path, "2026-11-01.checkpoints")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, fmt.Appendf(before, "somebody was here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	signed, err := k.Checkpoint(audit.Checkpoint{Size: 6, At: time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Publish(t.Context(), signed, time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)); !errors.Is(err,
		translog.ErrDamaged) {
		t.Errorf("published over it: %v", err)
	}
	if after, err := os.ReadFile(name); err != nil || len(after) != len(before)+18 {
		t.Errorf("the file has %d bytes now, %v", len(after), err)
	}
}

// A folder that cannot be read is not an empty one.
func TestAPlaceThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if newest, err := translog.NewFolder(file).Newest(t.Context()); err == nil || errors.Is(err, translog.ErrDamaged) {
		t.Errorf("got %q %v", newest, err)
	}
}
