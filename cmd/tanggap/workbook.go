package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/store/logstore"
)

// workbook verifies a spreadsheet by the hidden sheets in it, which hold what a bundle holds.
func (c *verifyCommand) workbook(ctx context.Context, k kind) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf(spoken("read workbook: %w"), err)
	}
	if k == sealedBook {
		o := opener{File: c.File, Passphrase: c.Passphrase}
		if err := o.ask(); err != nil {
			return err
		}
		text, err = excelize.Decrypt(text, &excelize.Options{Password: strings.TrimSpace(o.Passphrase)})
		if err != nil {
			return notProved{text: c.pick(unjudged[sealedBook])}
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(text))
	if err != nil {
		return notProved{text: c.pick(unjudged[k])}
	}
	defer func() { _ = book.Close() }()
	parts, err := audit.BookParts(book.GetSheetList(), func(sheet string) ([][]string, error) {
		return book.GetRows(sheet, excelize.Options{RawCellValue: true})
	})
	if err != nil {
		return err
	}
	if parts[audit.ManifestFile] == nil || parts[audit.SignatureFile] == nil {
		return notProved{text: c.pick(unjudged[workbook])}
	}
	if place := strange(text, parts); place != "" {
		return c.changed(&audit.Finding{What: audit.FileDiffers, Detail: place}, logstore.StateReport{})
	}
	return c.bundle(ctx, sheetFiles(parts))
}

// strange names what no export has, though no digest shows it: a formula, whose value is whatever a program computes,
// and a sheet that the manifest does not know.
func strange(book []byte, parts map[string][]byte) string {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return "ZIP"
	}
	for _, part := range z.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") && formula(part) {
			return part.Name
		}
	}
	var m audit.Manifest
	if json.Unmarshal(parts[audit.ManifestFile], &m) != nil {
		return "" // the verification says so
	}
	for name := range parts {
		known := name == audit.ManifestFile || name == audit.SignatureFile
		if !known && !slices.ContainsFunc(m.Files, func(f audit.ManifestEntry) bool { return f.Name == name }) {
			return name
		}
	}
	return ""
}

func formula(part *zip.File) bool {
	in, err := part.Open()
	if err != nil {
		return true
	}
	defer func() { _ = in.Close() }()
	for d := xml.NewDecoder(in); ; {
		token, err := d.Token()
		if err != nil {
			return !errors.Is(err, io.EOF)
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local == "f" {
			return true
		}
	}
}

// sheetFiles are texts as a folder of files.
type sheetFiles map[string][]byte

// Open implements fs.FS.
func (s sheetFiles) Open(name string) (fs.File, error) {
	text, there := s[name]
	if !there {
		return nil, &fs.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	}
	return &sheetFile{Reader: bytes.NewReader(text), name: name}, nil
}

// sheetFile is one of them, and says itself what it is.
type sheetFile struct {
	*bytes.Reader
	name string
}

func (f *sheetFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *sheetFile) Close() error               { return nil }
func (f *sheetFile) Name() string               { return path.Base(f.name) }
func (f *sheetFile) Mode() fs.FileMode          { return 0o400 }
func (f *sheetFile) ModTime() time.Time         { return time.Time{} }
func (f *sheetFile) IsDir() bool                { return false }
func (f *sheetFile) Sys() any                   { return nil }
