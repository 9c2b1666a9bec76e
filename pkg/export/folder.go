package export

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Folder is where the files of exports lie until they expire. Processes that share a database share it. A file is named
// after its export and attempt; what is being written ends in .part.
type Folder struct{ Path string }

func (f Folder) name(id uuid.UUID, attempt int) string {
	return filepath.Join(f.Path, fmt.Sprintf("%s.%d", id, attempt))
}

// Create begins the file of an attempt; what earlier attempts left goes.
func (f Folder) Create(id uuid.UUID, attempt int) (*FileWriter, error) {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of exports: %w", room(err))
	}
	f.Remove(id)
	name := f.name(id, attempt)
	file, err := os.OpenFile(name+".part", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create export: %w", room(err))
	}
	made := &FileWriter{file: file, name: name, sum: sha256.New()}
	made.begin()
	return made, nil
}

// Open opens the file of a finished attempt.
func (f Folder) Open(id uuid.UUID, attempt int) (*os.File, error) {
	return os.Open(f.name(id, attempt))
}

// Remove takes away whatever there is of an export. A file that somebody is reading stays readable for them.
func (f Folder) Remove(id uuid.UUID) {
	names, _ := filepath.Glob(filepath.Join(f.Path, id.String()+".*")) // an id is no pattern
	for _, name := range names {
		_ = os.Remove(name)
	}
}

// FileWriter is one that is being written, beside whoever makes what is written: the disk and the digest take as long
// as the database does.
type FileWriter struct {
	file  *os.File
	name  string
	sum   hash.Hash
	bytes int64
	queue chan []byte
	free  chan []byte // written pieces, to be used again
	done  chan error
	broke atomic.Pointer[error] // why nothing is written any more
}

// room names the failures of a place that has no room for a file: a full disk, a quota, a limit on the size of files.
// Trying again does not help, somebody has to make room.
func room(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return fault.New(fault.Unavailable, "export.no_room").Because(err)
		}
	}
	return err
}

// ahead is how many pieces may wait to be written; a piece is as large as its maker's buffer.
const ahead = 4

func (f *FileWriter) begin() {
	queue := make(chan []byte, ahead)
	f.queue, f.free, f.done = queue, make(chan []byte, ahead+2), make(chan error, 1)
	go func() {
		var failed error
		for p := range queue {
			if failed == nil {
				if _, failed = f.file.Write(p); failed != nil {
					f.broke.Store(&failed)
				}
				f.sum.Write(p)
				f.bytes += int64(len(p))
			}
			select {
			case f.free <- p[:0]:
			default:
			}
		}
		f.done <- failed
	}()
}

// Write implements io.Writer. What fails is told by a later Write, or by Finish.
func (f *FileWriter) Write(p []byte) (int, error) {
	if broke := f.broke.Load(); broke != nil {
		return 0, room(*broke)
	}
	var piece []byte
	select {
	case piece = <-f.free:
	default:
	}
	f.queue <- append(piece, p...)
	return len(p), nil
}

// settle waits until everything is written.
func (f *FileWriter) settle() error {
	if f.queue == nil {
		return nil
	}
	close(f.queue)
	f.queue = nil
	return <-f.done
}

// Finish makes the file durable and gives it its name: from then on it is whole.
func (f *FileWriter) Finish() (size int64, sum []byte, err error) {
	if err = f.settle(); err == nil {
		err = f.file.Sync()
	}
	if err == nil {
		err = f.file.Close()
	}
	if err == nil {
		err = os.Rename(f.name+".part", f.name)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("finish export: %w", room(err))
	}
	f.file = nil
	return f.bytes, f.sum.Sum(nil), nil
}

// Abandon removes a file that was not finished.
func (f *FileWriter) Abandon() {
	if f.file != nil {
		_ = f.settle()
		_ = f.file.Close()
		_ = os.Remove(f.name + ".part")
	}
}

var _ io.Writer = (*FileWriter)(nil)
