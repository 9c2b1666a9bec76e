package translog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
)

// Folder publishes into a folder: a file of checkpoints per day, and one file with all entries. Give it a disk of its
// own, or one that another account collects from: whoever can write it can hide what the database was.
type Folder struct {
	Path  string
	known *readings // nil reads every file every time
}

// NewFolder is a folder that remembers what it read of files that have not changed since.
func NewFolder(path string) Folder {
	return Folder{Path: path, known: &readings{of: map[string]reading{}}}
}

const (
	entriesFile = "entries.log"
	dayFile     = "2006-01-02.checkpoints"
	dayPattern  = "*.checkpoints"
)

// Place implements Sink.
func (f Folder) Place() string { return f.Path }

// readings is what was read of each file.
type readings struct {
	sync.Mutex
	of map[string]reading
}

// reading is one file of checkpoints as it was when it had a size and a time.
type reading struct {
	size   int64
	at     time.Time
	newest claim
	torn   []byte // what follows the last whole checkpoint
}

// claim is a checkpoint with what it says of itself.
type claim struct {
	audit.Checkpoint
	signed []byte
}

func (f Folder) files() ([]string, error) {
	if _, err := os.ReadDir(f.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list checkpoints: %w", err) // Glob passes over what it may not read
	}
	files, err := filepath.Glob(filepath.Join(f.Path, dayPattern))
	if err != nil {
		return nil, fmt.Errorf("list checkpoints: %w", err)
	}
	slices.Sort(files)
	return files, nil
}

// Newest implements Sink. Every file is read: a name says nothing about what is in it.
func (f Folder) Newest(context.Context) ([]byte, error) {
	files, err := f.files()
	if err != nil {
		return nil, err
	}
	var newest claim
	torn := map[string][]byte{}
	for _, name := range files {
		r, err := f.read(name)
		if err != nil {
			return nil, err
		}
		if newest, err = later(newest, r.newest, name); err != nil {
			return nil, err
		}
		if len(r.torn) > 0 {
			torn[name] = r.torn
		}
	}
	for name, rest := range torn {
		if !beginning(rest, newest.Origin) {
			return nil, fmt.Errorf("%w: %s ends with something else", ErrDamaged, name)
		}
	}
	return newest.signed, nil
}

// later is the claim of the larger log. Two of other names, or of one size with different roots, cannot both be of
// this log.
func later(a, b claim, name string) (claim, error) {
	switch {
	case b.signed == nil:
		return a, nil
	case a.signed != nil && a.Origin != b.Origin:
		return a, fmt.Errorf("%w: %s holds something of another log", ErrDamaged, name)
	case a.signed == nil || b.Size > a.Size:
		return b, nil
	case b.Size == a.Size && b.Root != a.Root:
		return a, fmt.Errorf("%w: %s has another root at %d entries", ErrDamaged, name, b.Size)
	}
	return a, nil
}

func (f Folder) read(name string) (reading, error) {
	info, err := os.Stat(name)
	if err != nil {
		return reading{}, fmt.Errorf("read checkpoints: %w", err)
	}
	if f.known != nil {
		f.known.Lock()
		defer f.known.Unlock()
		if r, ok := f.known.of[name]; ok && r.size == info.Size() && r.at.Equal(info.ModTime()) {
			return r, nil
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return reading{}, fmt.Errorf("read checkpoints: %w", err)
	}
	r := reading{size: info.Size(), at: info.ModTime()}
	if r.newest, r.torn, err = newestOf(text, name); err == nil && f.known != nil {
		f.known.of[name] = r
	}
	return r, err
}

// newestOf reads one file to its end and gives what follows its last whole checkpoint.
func newestOf(text []byte, name string) (newest claim, rest []byte, err error) {
	for _, signed := range audit.SplitCheckpoints(text) {
		c, ok := audit.ClaimOf(signed)
		if !ok {
			return newest, nil, fmt.Errorf("%w: %s holds something that is no checkpoint", ErrDamaged, name)
		}
		if newest, err = later(newest, claim{c, signed}, name); err != nil {
			return newest, nil, err
		}
		text = text[len(signed):]
	}
	return newest, slices.Clone(text), nil
}

// longestCheckpoint bounds a signed checkpoint, in bytes.
const longestCheckpoint = 1 << 10

// beginning tells whether text can be the beginning of a checkpoint that a crash kept from being written to its end,
// with the zeros that a file system leaves where nothing arrived. Before the first checkpoint no origin is known:
// nothing is lost then.
func beginning(text []byte, origin string) bool {
	part := strings.TrimRight(string(text), "\x00")
	first, _, whole := strings.Cut(part, "\n")
	known := origin == "" || first == origin || !whole && strings.HasPrefix(origin, first)
	if len(text) > longestCheckpoint || !known {
		return part == ""
	}
	return strings.IndexFunc(part, func(r rune) bool { return r < ' ' && r != '\n' }) < 0
}

// All gives every checkpoint ever published, file by file.
func (f Folder) All(ctx context.Context) ([][]byte, error) {
	if _, err := f.Newest(ctx); err != nil {
		return nil, err
	}
	files, err := f.files()
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read checkpoints: %w", err)
		}
		all = append(all, audit.SplitCheckpoints(text)...)
	}
	return all, nil
}

// Entries opens the file of all entries, one audit.LogEntrySize after the other. Without one it gives an empty reader.
func (f Folder) Entries() (io.ReadCloser, error) {
	file, err := os.Open(filepath.Join(f.Path, entriesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return io.NopCloser(strings.NewReader("")), nil
	}
	if err != nil {
		return nil, fmt.Errorf("open published entries: %w", err)
	}
	return file, nil
}

// Kept implements Sink. A record that was not written to its end does not count.
func (f Folder) Kept(context.Context) (int64, error) {
	info, err := os.Stat(filepath.Join(f.Path, entriesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at published entries: %w", err)
	}
	return info.Size() / audit.LogEntrySize, nil
}

// Keep implements Sink.
func (f Folder) Keep(_ context.Context, at int64, entries []audit.LogEntry) error {
	if len(entries) == 0 {
		return nil
	}
	text := make([]byte, 0, len(entries)*audit.LogEntrySize)
	for _, e := range entries {
		text = e.Append(text)
	}
	return f.write(entriesFile, at*audit.LogEntrySize, text)
}

// Publish implements Sink.
func (f Folder) Publish(_ context.Context, signed []byte, at time.Time) error {
	name := at.UTC().Format(dayFile)
	before, err := os.ReadFile(filepath.Join(f.Path, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read checkpoints: %w", err)
	}
	c, _ := audit.ClaimOf(signed)
	_, torn, err := newestOf(before, name)
	if err == nil && len(torn) > 0 && !beginning(torn, c.Origin) {
		err = fmt.Errorf("%w: %s ends with something else", ErrDamaged, name)
	}
	if err != nil {
		return err // what stands there is evidence: it is not written over
	}
	return f.write(name, int64(len(before)-len(torn)), signed)
}

// write puts text at an offset and makes it durable, with the name of a new file. What stood there was never whole: a
// crash left it.
func (f Folder) write(name string, at int64, text []byte) error {
	if err := os.MkdirAll(f.Path, 0o755); err != nil {
		return fmt.Errorf("make folder of checkpoints: %w", err)
	}
	path := filepath.Join(f.Path, name)
	_, missing := os.Stat(path)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err = file.Truncate(at); err == nil {
		_, err = file.WriteAt(text, at)
	}
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil && missing != nil {
		err = syncFolder(f.Path)
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if closing := folder.Close(); err == nil {
		err = closing
	}
	return err
}
