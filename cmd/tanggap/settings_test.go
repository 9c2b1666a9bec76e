package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Settings that contradict each other are refused, with the variable that is missing.
func TestSettingsThatContradict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d        database
		migrates bool
		says     string
	}{
		"a private one":           {database{Conns: 2}, true, ""},
		"one of one's own":        {database{URL: "u", Conns: 2}, false, ""},
		"both logins":             {database{URL: "u", OwnerURL: "o", Conns: 2}, true, ""},
		"an owner of nothing":     {database{OwnerURL: "o", Conns: 2}, false, "TANGGAP_DATABASE_URL is missing"},
		"migrating without owner": {database{URL: "u", Conns: 2}, true, "TANGGAP_OWNER_DATABASE_URL is missing"},
		"one connection":          {database{URL: "u", Conns: 1}, false, "at least 2"},
		"no connections":          {database{}, false, "at least 2"},
	} {
		err := c.d.valid(c.migrates)
		if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is not named lies beside the keyset; what is named is taken as it is.
func TestWhereEverythingIs(t *testing.T) {
	t.Parallel()
	const url = "postgres://u:rahasia@db.contoh.id/tanggap"
	p, err := (&database{URL: url, Keys: "/kunci/keys.json"}).places()
	if err != nil || p.keys != "/kunci/keys.json" || p.checkpoints != "/kunci/checkpoints" ||
		p.exports != "/kunci/exports" || !p.exists || p.folder != "" {
		t.Errorf("got %+v, %v", p, err)
	}
	if strings.Contains(p.String(), "rahasia") || !strings.Contains(p.String(), "db.contoh.id") {
		t.Errorf("told as %s", p)
	}
	p, err = (&database{URL: url, Keys: "k", Sink: "https://s", Exports: "e"}).places()
	if err != nil || p.checkpoints != "https://s" || p.exports != "e" {
		t.Errorf("got %+v, %v", p, err)
	}
	folder := t.TempDir()
	p, err = (&database{DataDir: folder}).places()
	if err != nil || p.exists || p.folder == "" || filepath.Base(p.keys) != "keys.json" || !strings.HasPrefix(p.keys,
		p.folder) {
		t.Errorf("got %+v, %v", p, err)
	}
	var said []string
	d := database{DataDir: folder, Conns: 2, Say: func(line string) { said = append(said, line) }}
	if err := d.begin(false, false); err == nil || !strings.Contains(err.Error(), "there is no database in") ||
		len(said) != 1 {
		t.Errorf("without a database: %v, said %q", err, said)
	}
	if err := d.begin(false, true); err != nil {
		t.Errorf("to make one: %v", err)
	}
}

// A hint can be pasted into a shell, whatever the words hold.
func TestWordsAreQuotedForAShell(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"": "''", "migrate": "migrate", "/data/a-b_c.d": "/data/a-b_c.d", "a b": "'a b'", "it's": `'it'\''s'`,
		"$HOME": "'$HOME'", "a;b": "'a;b'",
		"a\nb": "'a\nb'", "*": "'*'", "é": "é",
	} {
		if got := quoted(word); got != want {
			t.Errorf("%q: %s", word, got)
		}
	}
}

// A file is what its content is.
func TestWhatAFileIs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for text, want := range map[string]kind{
		"age-encryption.org/v1\n": sealedExport, "%PDF-1.7": dossierPDF, `{"case_id":"x"`: histories,
		`{"end":{"region":"x"`:      histories,
		"case_id,region,seq,kind\n": histories, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": sealedBook, "": otherKind, "a": otherKind,
		" case_id,region,seq,": otherKind, "case_id,region\n": otherKind, logName + "\nx": checkpoints, logName: otherKind,
	} {
		if got, err := recognise(write("file", text)); got != want || err != nil {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	zipped := func(names ...string) string {
		path := filepath.Join(folder, "zip")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(file)
		for _, name := range names {
			if _, err := z.Create(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for names, want := range map[string]kind{"manifest.json manifest.sig": openExport, "manifest.json": otherKind,
		"manifest.sig":    otherKind,
		"xl/workbook.xml": workbook, "a.checkpoints": checkpoints, "": otherKind} {
		if got, err := recognise(zipped(strings.Fields(names)...)); got != want || err != nil {
			t.Errorf("%q: %s, %v", names, got, err)
		}
	}
	if _, err := recognise(write("broken", "PK\x03\x04 and no more")); err == nil {
		t.Error("a broken ZIP is something")
	}
	if _, err := recognise(filepath.Join(folder, "none")); err == nil {
		t.Error("a file that is not there is something")
	}
	for k, texts := range unjudged {
		if texts[0] == "" || texts[1] == "" || texts[0] == texts[1] {
			t.Errorf("%s is not told in both languages", k)
		}
	}
	for name, texts := range words {
		if texts[0] == "" || texts[1] == "" || texts[0] == texts[1] || strings.Count(texts[0],
			"%") != strings.Count(texts[1], "%") {
			t.Errorf("%s is not told in both languages", name)
		}
	}
}

// A part whose name leads out of the folder is not written.
func TestAPartStaysInItsFolder(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	folder := filepath.Join(outside, "in")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	path := filepath.Join(outside, "zip")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(file)
	for _, name := range []string{"good", "../bad", "/bad"} {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(path)
	if r == nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	for _, part := range r.File {
		if err := unpack(root, part); (err == nil) != (part.Name == "good") {
			t.Errorf("%s: %v", part.Name, err)
		}
	}
	if info, err := os.Stat(filepath.Join(folder, "good")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("written as %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(outside, "bad")); err == nil {
		t.Error("written outside of the folder")
	}
	_ = file.Close()
}
