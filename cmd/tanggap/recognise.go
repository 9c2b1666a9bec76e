package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/tanggap/tanggap/pkg/audit"
)

// kind is what a file is, by its content: its name says nothing.
type kind string

const (
	sealedExport kind = "export"
	openExport   kind = "opened"
	histories    kind = "histories"
	workbook     kind = "workbook"
	sealedBook   kind = "sealed_book"
	dossierPDF   kind = "pdf"
	checkpoints  kind = "checkpoints"
	otherKind    kind = "other"
)

// beginnings are how files begin. An older spreadsheet and an encrypted one have the same container.
var beginnings = []struct {
	text string
	kind kind
}{
	{"age-encryption.org/", sealedExport},
	{"PK\x03\x04", workbook},
	{"PK\x05\x06", workbook},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sealedBook},
	{"%PDF-", dossierPDF},
	{`{"case_id":"`, histories},
	{`{"end":{"region":"`, histories},
	{"case_id,region,seq,", histories},
	{logName + "\n", checkpoints},
}

const longestBeginning = 40 // bytes

// recognise tells what a file or folder is.
func recognise(path string) (kind, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return recogniseParts(os.DirFS(path)), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, longestBeginning)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	for _, b := range beginnings {
		if !bytes.HasPrefix(head[:n], []byte(b.text)) {
			continue
		}
		if b.kind != workbook {
			return b.kind, nil
		}
		z, err := zip.NewReader(file, info.Size())
		if err != nil {
			return "", fmt.Errorf(spoken("read ZIP: %w"), err)
		}
		return recogniseParts(z), nil
	}
	return otherKind, nil
}

// recogniseParts tells what a folder or an open ZIP is.
func recogniseParts(parts fs.FS) kind {
	has := func(name string) bool {
		_, err := fs.Stat(parts, name)
		return err == nil
	}
	days, _ := fs.Glob(parts, "*.checkpoints") // the pattern is right
	switch {
	case has(audit.ManifestFile) && has(audit.SignatureFile):
		return openExport
	case has("xl/workbook.xml"):
		return workbook
	case len(days) > 0:
		return checkpoints
	}
	return otherKind
}

// unjudged is what to say of a file that cannot be judged, and what to do instead.
var unjudged = map[kind][2]string{
	workbook: {"lembar kerja ini tidak memuat tanda tangan Tanggap: bukan ekspor, atau disimpan ulang tanpa lembar " +
		"tersembunyinya; minta ekspor itu lagi",
		"this workbook carries no signature of Tanggap: it is no export, or was saved anew without its hidden sheets; " +
			"order the export again"},
	sealedBook: {"lembar kerja tersandi ini tidak dapat dibuka dengan kata sandi itu, atau bukan lembar kerja",
		"this encrypted workbook does not open with that password, or is no workbook"},
	dossierPDF: {"PDF sendiri tidak memuat bukti; periksa berkas ekspor asalnya (.zip.age) atau folder tempat ekspor " +
		"itu dibuka",
		"a PDF alone carries no proof; verify the export that it came in (.zip.age), " +
			"or the folder that one was unpacked into"},
	checkpoints: {"ini titik periksa, bukan ekspor; `tanggap verify` tanpa berkas memeriksa basis data terhadapnya",
		"these are checkpoints, not an export; `tanggap verify` without a file holds the database against them"},
	otherKind: {"ini bukan ekspor yang dapat diperiksa; berikan berkas .zip.age, folder hasil unpack, atau " +
		"histories.csv/.jsonl",
		"this is not an export that can be verified; give a .zip.age, a folder that one was unpacked into, or " +
			"histories.csv/.jsonl"},
}
