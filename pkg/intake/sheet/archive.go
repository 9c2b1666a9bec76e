package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// directoryBytes is what may be read to learn the entries of an archive. It bounds their number before archive/zip
// builds its list: an entry of the directory takes at least 46 bytes.
const directoryBytes = 1 << 20

var (
	errBudget   = errors.New("zip directory is too large")
	errChecksum = errors.New("checksum of a zip entry does not match")
	errTwice    = errors.New("zip entry appears twice")
)

// archive is a workbook's zip file of which every entry has been unpacked once: the sizes and checksums are right.
type archive struct {
	entries map[string]*zip.File // keyed in lower case, as the part names of Open Packaging are compared
}

func openArchive(src io.ReaderAt, size int64, limits Limits) (*archive, error) {
	in := &budget{src: src, left: directoryBytes}
	z, err := zip.NewReader(in, size)
	if errors.Is(err, errBudget) || err == nil && len(z.File) > limits.Entries {
		return nil, tooLarge("intake.too_many_entries", int64(limits.Entries))
	}
	if err != nil {
		return nil, unreadable(fmt.Errorf("open zip: %w", err))
	}
	in.lifted = true // the directory is known; from here the entries are read, and their sizes bound that
	a := &archive{entries: make(map[string]*zip.File, len(z.File))}
	left := uint64(limits.UnpackedBytes)
	for _, f := range z.File {
		if f.UncompressedSize64 > left {
			return nil, tooLarge("intake.unpacked_too_large", limits.UnpackedBytes)
		}
		left -= f.UncompressedSize64
		if err := a.add(f); err != nil {
			return nil, err
		}
	}
	return a, a.verify(z.File)
}

func (a *archive) add(f *zip.File) error {
	if f.Flags&1 != 0 {
		return fault.New(fault.Unsupported, "intake.encrypted")
	}
	name := strings.ToLower(f.Name)
	if a.entries[name] != nil && !strings.HasSuffix(name, "/") {
		return unreadable(errTwice)
	}
	a.entries[name] = f
	return nil
}

// verify unpacks all entries once. A stream that is cut or altered would otherwise end early and look like a shorter
// list.
func (a *archive) verify(files []*zip.File) error {
	for _, f := range files {
		if err := verifyEntry(f); err != nil {
			return unreadable(err)
		}
	}
	return nil
}

// verifyEntry unpacks one entry to nowhere. archive/zip stops at the declared size, which is within the limits; it does
// not check a declared checksum of zero, so the sum is taken here.
func verifyEntry(f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("open zip entry: %w", err)
	}
	defer in.Close()
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, in, int64(f.UncompressedSize64)+1); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("unpack zip entry: %w", err)
	}
	if sum.Sum32() != f.CRC32 {
		return errChecksum
	}
	return nil
}

func (a *archive) has(name string) bool { return a.entries[partName(name)] != nil }

func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.entries[partName(name)]
	if f == nil {
		return nil, unreadable(errors.New("workbook part is missing"))
	}
	in, err := f.Open()
	if err != nil {
		return nil, unreadable(fmt.Errorf("open workbook part: %w", err))
	}
	return in, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+name), "/"))
}

// budget lets a limited number of bytes be read until it is lifted.
type budget struct {
	src    io.ReaderAt
	left   int64
	lifted bool
}

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 && !b.lifted {
		return 0, errBudget
	}
	return b.src.ReadAt(p, at)
}
