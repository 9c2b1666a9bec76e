package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"strconv"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// The limits of a scan.
const (
	MaxSize   = 10 << 20    // bytes
	maxPixels = 120_000_000 // more is no scan, but a way to fill a memory
)

// The first and last words of what is taken, and of what must not hide in it.
var (
	pdfHead, pdfTail  = []byte("%PDF-"), []byte("%%EOF")
	pdfCross          = []byte("startxref")
	jpegHead          = []byte{0xff, 0xd8, 0xff}
	jpegTail          = []byte{0xff, 0xd9}
	pngHead           = []byte("\x89PNG\r\n\x1a\n")
	zipTail, zipEntry = []byte("PK\x05\x06"), []byte("PK\x01\x02")
)

// How far readers look for what they read: of PDF from the beginning, of ZIP from the end.
const (
	pdfReadersLook = 1024
	zipReadersLook = 64<<10 + 22
)

// Check tells what a file is by what is in it, from the first byte to the last, and refuses what is none of the types
// that are taken: also a file that is two things at once, for each reader another.
func Check(content []byte) (track.MediaType, error) {
	switch {
	case len(content) == 0:
		return "", fault.New(fault.Invalid, "document.empty").At("file")
	case len(content) > MaxSize:
		return "", fault.New(fault.TooLarge, "document.too_large", "most", strconv.Itoa(MaxSize>>20)).At("file")
	case isPDF(content) && !endsAsZIP(content):
		return track.PDF, nil
	case isImage(content, "jpeg") && isJPEG(content) && !isAlso(content):
		return track.JPEG, nil
	case isImage(content, "png") && isPNG(content) && !isAlso(content):
		return track.PNG, nil
	}
	return "", fault.New(fault.Invalid, "document.content").At("file")
}

// isPDF holds a file to the frame of a PDF (ISO 32000-1, 7.5): its first line, and at the very end the place of its
// cross-reference table, where there is one.
func isPDF(content []byte) bool {
	if !bytes.HasPrefix(content, pdfHead) || len(content) < 16 || content[5] < '1' || content[5] > '2' {
		return false
	}
	body, found := bytes.CutSuffix(trimmed(content), pdfTail)
	cross := bytes.LastIndex(body, pdfCross)
	if !found || cross < 0 {
		return false
	}
	at, err := strconv.Atoi(string(trimmed(bytes.TrimLeft(body[cross+len(pdfCross):], "\r\n \t"))))
	if err != nil || at <= 0 || at >= cross {
		return false
	}
	table := bytes.TrimLeft(content[at:cross], "\r\n \t")
	return bytes.HasPrefix(table, []byte("xref")) || len(table) > 0 && table[0] >= '0' && table[0] <= '9'
}

// trimmed is a file without the blanks at its end.
func trimmed(content []byte) []byte { return bytes.TrimRight(content, "\r\n \t\x00") }

// isImage reads the head of a picture and its size, not its pixels.
func isImage(content []byte, format string) bool {
	config, found, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil && found == format && config.Width > 0 && config.Height > 0 &&
		config.Width <= maxPixels/config.Height
}

// isJPEG tells whether a picture begins and ends as one, with nothing after it.
func isJPEG(content []byte) bool {
	return bytes.HasPrefix(content, jpegHead) && bytes.HasSuffix(bytes.TrimRight(content, "\x00"), jpegTail)
}

// isPNG walks the chunks of a picture: every one is whole, and the last one is the end of the file.
func isPNG(content []byte) bool {
	rest, found := bytes.CutPrefix(content, pngHead)
	for found && len(rest) >= 12 {
		size := int(binary.BigEndian.Uint32(rest))
		if size > len(rest)-12 {
			return false
		}
		body, sum := rest[4:8+size], binary.BigEndian.Uint32(rest[8+size:])
		if crc32.ChecksumIEEE(body) != sum {
			return false
		}
		rest = rest[12+size:]
		if string(body[:4]) == "IEND" {
			return len(rest) == 0
		}
	}
	return false
}

// isAlso tells whether a picture could be read as another file, too.
func isAlso(content []byte) bool {
	return bytes.Contains(content[:min(len(content), pdfReadersLook)], pdfHead) || endsAsZIP(content)
}

// endsAsZIP tells whether a file ends with the directory of an archive that holds anything.
func endsAsZIP(content []byte) bool {
	tail := content[max(0, len(content)-zipReadersLook):]
	return bytes.Contains(tail, zipTail) && bytes.Contains(content, zipEntry)
}
