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
	"time"

	"github.com/tanggap/tanggap/pkg/audit"
)

// Sink is a place outside the database where checkpoints are published. It is told every entry too, if it can keep them:
// then the verification names an entry even when every trace of it in the database is gone.
type Sink interface {
	// Newest is the signed checkpoint published last; nil when there is none yet.
	Newest(ctx context.Context) ([]byte, error)
	// Kept is how many entries of the log the sink has; -1 when it keeps none.
	Kept(ctx context.Context) (int64, error)
	// Keep puts entries at a place of the log, in the stead of whatever stands there and after.
	Keep(ctx context.Context, at int64, entries []audit.LogEntry) error
	// Publish makes a signed checkpoint durable; at is its instant.
	Publish(ctx context.Context, signed []byte, at time.Time) error
}

// Folder publishes into a folder: a file of checkpoints per day, and one file with all entries. Give it a disk of its own,
// or one that another account collects from: whoever can write it can hide what the database was.
type Folder struct{ Path string }

const (
	entriesFile = "entries.log"
	dayFile     = "2006-01-02.checkpoints"
	dayPattern  = "*.checkpoints"
)

func (f Folder) days() ([]string, error) {
	days, err := filepath.Glob(filepath.Join(f.Path, dayPattern))
	if err != nil {
		return nil, fmt.Errorf("list checkpoints: %w", err)
	}
	slices.Sort(days)
	return days, nil
}

// Newest implements Sink.
func (f Folder) Newest(context.Context) ([]byte, error) {
	days, err := f.days()
	for i := len(days) - 1; i >= 0 && err == nil; i-- {
		var text []byte
		if text, err = os.ReadFile(days[i]); err == nil {
			if all := audit.SplitCheckpoints(text); len(all) > 0 {
				return all[len(all)-1], nil
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	return nil, nil
}

// All gives every checkpoint ever published, the oldest first.
func (f Folder) All() ([][]byte, error) {
	days, err := f.days()
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, day := range days {
		text, err := os.ReadFile(day)
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
	whole := 0
	for _, c := range audit.SplitCheckpoints(before) {
		whole += len(c)
	}
	return f.write(name, int64(whole), signed)
}

// write puts text at an offset and makes it durable. What stood there was never whole: a crash left it.
func (f Folder) write(name string, at int64, text []byte) error {
	err := os.MkdirAll(f.Path, 0o755)
	if err != nil {
		return fmt.Errorf("make folder of checkpoints: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(f.Path, name), os.O_CREATE|os.O_WRONLY, 0o644)
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
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}
