package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// format is what a file is, by its content.
type format string

const (
	formatXLSX format = "xlsx"
	formatCSV  format = "csv"
)

var errNoArchive = errors.New("the file is not a zip archive")

// detect goes by the content; a known extension must agree with it, an unknown one is refused.
func detect(src io.ReaderAt, size int64, name string) (format, error) {
	head := make([]byte, min(size, 16))
	if _, err := src.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", unreadable(fmt.Errorf("read the start of the file: %w", err))
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return "", compound(src, size)
	}
	found := formatCSV
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		found = formatXLSX
	case foreign(head):
		return "", unsupported(name)
	}
	switch extension := strings.ToLower(path.Ext(name)); {
	case extension == ".xlsx" && found == formatCSV:
		return "", unreadable(errNoArchive)
	case found == formatXLSX && (extension == ".csv" || extension == ".txt" || extension == ".tsv"):
		return "", fault.New(fault.Unsupported, "intake.workbook_misnamed", "extension", extension)
	case extension == "", extension == ".xlsx", found == formatCSV && (extension == ".csv" || extension == ".txt" ||
		extension == ".tsv"):
		return found, nil
	}
	return "", unsupported(name)
}

func unsupported(name string) error {
	return fault.New(fault.Unsupported, "intake.unsupported_type", "extension", clip(strings.ToLower(path.Ext(name)), 10),
		"supported", ".xlsx, .csv")
}

// foreign recognises what text could be mistaken for: PDF, RTF, HTML and XML saved as .xls, images, other archives.
func foreign(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	for _, magic := range []string{"%PDF", "{\\rtf", "<", "\x89PNG", "\xff\xd8\xff", "GIF8", "\x1f\x8b", "7z\xbc\xaf",
		"Rar!"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// compound tells a password-protected workbook, which Excel wraps in the old compound format, from an old .xls.
func compound(src io.ReaderAt, size int64) error {
	mark := utf16le("EncryptedPackage")
	in := io.NewSectionReader(src, 0, size)
	buf := make([]byte, 64<<10)
	for kept := 0; ; {
		n, err := in.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], mark) {
			return fault.New(fault.Unsupported, "intake.encrypted")
		}
		if err != nil {
			return unsupported(".xls")
		}
		tail := min(kept+n, len(mark)-1)
		copy(buf, buf[kept+n-tail:kept+n])
		kept = tail
	}
}

func utf16le(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}
