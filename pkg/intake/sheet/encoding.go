package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is how the bytes of a text file become UTF-8.
type charset struct {
	name string
	bom  int64 // bytes to leave out at the start
	from encoding.Encoding
}

const sampleBytes = 4096

var errNUL = errors.New("text holds a NUL byte")

// detectCharset believes a byte order mark, else finds UTF-16 by the position of its zero bytes, else takes UTF-8 if
// the whole file is that, else Windows-1252, which is what Excel writes for "CSV" in Indonesia. The whole file is read
// once, so that a NUL or a broken character late in the file is known before the first row is given out.
func detectCharset(src io.ReaderAt, size int64) (charset, error) {
	sample := make([]byte, min(size, sampleBytes))
	if _, err := src.ReadAt(sample, 0); err != nil && !errors.Is(err, io.EOF) {
		return charset{}, fmt.Errorf("read the start of the file: %w", err)
	}
	found := guessCharset(sample)
	err := found.check(src, size)
	if errors.Is(err, encoding.ErrInvalidUTF8) && found.bom == 0 {
		found = charset{name: "windows-1252", from: charmap.Windows1252}
		err = found.check(src, size)
	}
	return found, err
}

func guessCharset(sample []byte) charset {
	little := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	even, odd := 0, 0
	for i, b := range sample {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return charset{name: "utf-8", bom: 3}
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return charset{name: "utf-16le", bom: 2, from: little}
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return charset{name: "utf-16be", bom: 2, from: big}
	case odd > 0 && even == 0:
		return charset{name: "utf-16le", from: little}
	case even > 0 && odd == 0:
		return charset{name: "utf-16be", from: big}
	}
	return charset{name: "utf-8"}
}

// open starts reading the file as UTF-8.
func (c charset) open(src io.ReaderAt, size int64) *bufio.Reader {
	var in io.Reader = io.NewSectionReader(src, c.bom, size-c.bom)
	if c.from != nil {
		in = transform.NewReader(in, c.from.NewDecoder())
	}
	return bufio.NewReaderSize(in, 64<<10)
}

func (c charset) check(src io.ReaderAt, size int64) error {
	raw := &counter{in: io.NewSectionReader(src, c.bom, size-c.bom)}
	var in io.Reader = raw
	if c.from != nil {
		in = transform.NewReader(in, c.from.NewDecoder())
	}
	if _, err := io.Copy(refuseNUL{}, transform.NewReader(in, encoding.UTF8Validator)); err != nil {
		return fmt.Errorf("decode as %s: %w", c.name, err)
	}
	if raw.n != size-c.bom {
		return fmt.Errorf("file ends early: %w", io.ErrUnexpectedEOF)
	}
	return nil
}

type counter struct {
	in io.Reader
	n  int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

type refuseNUL struct{}

func (refuseNUL) Write(p []byte) (int, error) {
	if bytes.IndexByte(p, 0) >= 0 {
		return 0, errNUL
	}
	return len(p), nil
}
