package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// charset is how the bytes of a text file become UTF-8.
type charset struct {
	name   string
	bom    int64 // bytes to leave out at the start
	from   encoding.Encoding
	dos    bool // its letters with accents look like those of MS-DOS: they come out as signs
	broken bool // some bytes are no characters of it
}

const sampleBytes = 4096

var errNUL = errors.New("text holds a NUL byte")

// detectCharset believes a byte order mark, else finds UTF-16 by the position of its zero bytes, else goes by the bytes
// of the whole file: UTF-8 when they are that, or all but a few, else Windows-1252, which is what Excel writes for
// "CSV" in Indonesia. What it writes for "CSV (MS-DOS)" is recognised and read so as well: which letters were meant is
// a guess between many old code pages, and no name is guessed. The whole file is read once, so that a NUL late in the
// file is known before the first row is given out.
func detectCharset(src io.ReaderAt, size int64) (charset, error) {
	sample := make([]byte, min(size, sampleBytes))
	if _, err := src.ReadAt(sample, 0); err != nil && !errors.Is(err, io.EOF) {
		return charset{}, fmt.Errorf("read the start of the file: %w", err)
	}
	found := guessCharset(sample)
	if found.from != nil {
		return found, found.check(src, size)
	}
	count := byteCount{line: 1}
	if n, err := io.Copy(&count, io.NewSectionReader(src, found.bom, size-found.bom)); err != nil {
		return found, fmt.Errorf("read the file: %w", err)
	} else if n != size-found.bom {
		return found, fmt.Errorf("file ends early: %w", io.ErrUnexpectedEOF)
	}
	return count.charset(found)
}

// guessCharset goes by a mark, or by zero bytes: in UTF-16 every second byte of a list is one, and few of the others.
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
	many := (len(sample) + 3) / 4
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return charset{name: "utf-8", bom: 3}
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return charset{name: "utf-16le", bom: 2, from: little}
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return charset{name: "utf-16be", bom: 2, from: big}
	case odd >= many && even == 0:
		return charset{name: "utf-16le", from: little}
	case even >= many && odd == 0:
		return charset{name: "utf-16be", from: big}
	}
	return charset{name: "utf-8"}
}

// byteCount learns what the bytes of a text can be. A character that two pieces of the file share is put together.
type byteCount struct {
	line    int
	nul     int // line of the first NUL; 0 for none
	good    int // characters of several bytes in UTF-8
	bad     int // bytes that are none
	dos     int // bytes behind a letter that are a letter in code page 850, and a sign in Windows-1252
	windows int // the other way round
	tail    []byte
	last    byte
}

func (c *byteCount) Write(p []byte) (int, error) {
	n := len(p)
	p = append(c.tail, p...)
	for len(p) > 0 && (utf8.FullRune(p) || len(p) >= utf8.UTFMax) {
		r, width := utf8.DecodeRune(p)
		switch {
		case p[0] == 0 && c.nul == 0:
			c.nul = c.line
		case p[0] == '\n':
			c.line++
		case r == utf8.RuneError && width == 1:
			c.bad++
			c.old(p[0])
		case width > 1:
			c.good++
			c.old(p[0])
		}
		c.last, p = p[0], p[width:]
	}
	c.tail = bytes.Clone(p)
	return n, nil
}

// old counts what a byte behind a letter would be in the encodings of one byte.
func (c *byteCount) old(b byte) {
	behind := c.last|0x20 >= 'a' && c.last|0x20 <= 'z'
	switch {
	case !behind:
	case b >= 0xc0, bytes.IndexByte([]byte{0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0x8a, 0x9a, 0x8c, 0x9c, 0x8e, 0x9e, 0x9f},
		b) >= 0:
		c.windows++
	case b <= 0xa5:
		c.dos++
	}
}

// charset decides among the encodings of one byte and UTF-8.
func (c *byteCount) charset(found charset) (charset, error) {
	c.bad += len(c.tail)
	switch {
	case c.nul > 0:
		return found, inRow{c.nul, errNUL}
	case c.bad == 0:
		return found, nil
	case found.bom > 0 || c.good > c.bad:
		found.from, found.broken = unicode.UTF8, true
		return found, nil
	case c.dos > c.windows:
		return charset{name: "windows-1252", from: msdos{charmap.Windows1252}, dos: true}, nil
	}
	return charset{name: "windows-1252", from: charmap.Windows1252}, nil
}

// msdos is Windows-1252 for a file that is likely none: its blank that does not break is an á of MS-DOS.
type msdos struct{ encoding.Encoding }

// NewDecoder marks the letter as lost, so that it cuts no name in two.
func (m msdos) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: transform.Chain(m.Encoding.NewDecoder(), runes.Map(func(r rune) rune {
		if r == '\u00a0' {
			return utf8.RuneError
		}
		return r
	}))}
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
	seen := refuseNUL{line: 1}
	if _, err := io.Copy(&seen, transform.NewReader(in, encoding.UTF8Validator)); err != nil {
		return inRow{seen.line, fmt.Errorf("decode as %s: %w", c.name, err)}
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

// refuseNUL counts lines up to the first NUL.
type refuseNUL struct{ line int }

func (r *refuseNUL) Write(p []byte) (int, error) {
	if at := bytes.IndexByte(p, 0); at >= 0 {
		r.line += bytes.Count(p[:at], []byte{'\n'})
		return 0, errNUL
	}
	r.line += bytes.Count(p, []byte{'\n'})
	return len(p), nil
}
