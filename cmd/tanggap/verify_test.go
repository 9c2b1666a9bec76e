package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/translog"
)

// exported is a server's exports of two cases, in every form, unpacked beside.
type exported struct {
	*process
	folder string
}

func exports(t *testing.T) exported {
	t.Helper()
	p, _ := newProcess(t)
	var last map[string]any
	for n := range 2 {
		status, answer := p.open(n + 1)
		if status != http.StatusCreated {
			t.Fatal(status, answer)
		}
		last = answer
	}
	e := exported{p, t.TempDir()}
	for name, args := range map[string][]string{"csv": nil, "jsonl": {"--format", "jsonl"}, "xlsx": {"--format", "xlsx"},
		"dossier": {"--format", "dossier", "--profile", "masked", "--case", fmt.Sprint(last["id"])}} {
		out := p.run(append([]string{"export", "--lang=id", "-o", e.path(name)}, args...)...)
		secret := strings.TrimSpace(strings.TrimPrefix(strings.Split(out, "\n")[0], "passphrase:"))
		e.write(name+"-passphrase", []byte(secret))
		if name != "xlsx" {
			p.with("TANGGAP_PASSPHRASE="+secret).run("unpack", e.path(name), e.path(name+"-parts"))
		}
	}
	return e
}

func (e exported) path(name string) string { return filepath.Join(e.folder, name) }

func (e exported) read(name string) []byte {
	e.t.Helper()
	text, err := os.ReadFile(e.path(name))
	if err != nil {
		e.t.Fatal(err)
	}
	return text
}

func (e exported) write(name string, text []byte) {
	e.t.Helper()
	if err := os.MkdirAll(filepath.Dir(e.path(name)), 0o700); err != nil {
		e.t.Fatal(err)
	}
	if err := os.WriteFile(e.path(name), text, 0o600); err != nil {
		e.t.Fatal(err)
	}
}

// parts copies an unpacked export.
func (e exported) parts(from, to string) {
	e.t.Helper()
	if err := os.CopyFS(e.path(to), os.DirFS(e.path(from))); err != nil {
		e.t.Fatal(err)
	}
}

// Whatever it is called, a file is what its content is. What is whole is proved, what was changed is found, and of what
// cannot be judged nothing is said.
func TestVerifyJudgesByContent(t *testing.T) {
	t.Parallel()
	e := exports(t)
	csv := e.read("csv-parts/histories.csv")
	e.write("copy.xlsx", e.read("csv"))
	e.write("alone.zip.age", csv)
	e.write("alone", e.read("jsonl-parts/histories.jsonl"))
	e.write("changed.csv", bytes.Replace(csv, []byte("case.opened,"), []byte("case.closed,"), 1))
	e.write("cut.csv", csv[:len(csv)*2/3])
	e.write("resaved.csv", bytes.ReplaceAll(csv, []byte("\n"), []byte("\r\n")))
	e.write("book.zip.age", e.read("xlsx"))
	e.write("old.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"))
	e.write("empty", nil)
	e.write("letter.csv", []byte("Yth. Kepala Dinas,\n"))
	e.write("rows.csv", []byte("name,nik\nSiti,3273\n"))
	e.write("rows.jsonl", []byte(`{"name":"Siti"}`+"\n"))
	e.write("cut.zip.age", e.read("csv")[:len(e.read("csv"))/2])
	e.write("app/manifest.json", []byte(`{"name":"something else"}`))
	e.write("app2/manifest.json", []byte(`{"name":"something else"}`))
	e.write("app2/manifest.sig", []byte("something else"))
	e.write("days/2026-11-23.checkpoints", []byte("x"))
	for _, name := range []string{"tampered", "unsigned", "manifest", "proof"} {
		e.parts("csv-parts", name)
	}
	e.write("tampered/histories.csv", bytes.Replace(csv, []byte("case.opened,"), []byte("case.closed,"), 1))
	e.write("manifest/manifest.json", append(e.read("csv-parts/manifest.json"), ' '))
	e.write("proof/proof.txt", bytes.Replace(e.read("csv-parts/proof.txt"), []byte("entries 2"), []byte("entries 1"), 1))
	if err := os.Remove(e.path("unsigned/manifest.sig")); err != nil {
		t.Fatal(err)
	}
	e.zipped("csv-parts", "opened.pdf")
	other, err := translog.NewKey(logName, bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	secret := "TANGGAP_PASSPHRASE=" + string(e.read("csv-passphrase"))
	password := "TANGGAP_PASSPHRASE=" + string(e.read("xlsx-passphrase"))
	for _, c := range []struct {
		file   string
		status int
		says   string
		env    string
	}{
		{"csv", 0, "OK: 2 entries of 2 cases (national, ", secret},
		{"copy.xlsx", 0, "OK: 2 entries of 2 cases", secret},
		{"csv-parts", 0, "OK: 2 entries of 2 cases", ""},
		{"opened.pdf", 0, "OK: 2 entries of 2 cases", ""},
		{"dossier-parts", 0, "OK: 1 entries of 1 cases (3273, ", ""},
		{"tampered", 1, "CHANGED: line 2, case ", ""},
		{"manifest", 1, "CHANGED: the manifest", ""},
		{"proof", 1, "CHANGED: ", ""},
		{"changed.csv", 1, "CHANGED: line 2, case ", ""},
		{"alone.zip.age", 2, "neither signature nor log", ""},
		{"alone", 2, "the 2 entries of 2 cases (national) follow from each other", ""},
		{"cut.csv", 2, "NOT PROVED: line ", ""},
		{"resaved.csv", 2, "NOT PROVED: line 1, ", ""},
		{"csv", 2, "the passphrase does not open ", "TANGGAP_PASSPHRASE=wrong"},
		{"cut.zip.age", 2, "cannot be read", secret},
		{"csv-parts", 2, "not by the key that you trust", "TANGGAP_LOG_KEY=" + other.Public()},
		{"csv-parts", 2, "the key is not one of a log", "TANGGAP_LOG_KEY=nonsense"},
		{"xlsx", 0, "OK: 2 entries of 2 cases (national, ", password},
		{"book.zip.age", 0, "OK: 2 entries of 2 cases", password},
		{"xlsx", 2, "no terminal to ask on", ""},
		{"xlsx", 2, "does not open with that password", secret},
		{"old.xls", 2, "encrypted workbook", password},
		{"dossier-parts/dossier.pdf", 2, "a PDF alone", ""},
		{"empty", 2, "not an export", ""},
		{"letter.csv", 2, "not an export", ""},
		{"rows.csv", 2, "not an export", ""},
		{"rows.jsonl", 2, "not an export", ""},
		{"csv-passphrase", 2, "not an export", ""},
		{"app", 2, "not an export", ""},
		{"app2", 2, "not an export", ""},
		{"unsigned", 2, "not an export", ""},
		{"days", 2, "these are checkpoints", ""},
		{"days/2026-11-23.checkpoints", 2, "not an export", ""},
		{"nowhere", 2, "no such file", ""},
	} {
		status, out := e.with("TANGGAP_LANG=en", c.env).ends("verify", e.path(c.file))
		if begins := []string{"OK: ", "CHANGED: ", "NOT PROVED: "}[c.status]; status != c.status ||
			!strings.HasPrefix(out, begins) || !strings.Contains(out, c.says) {
			t.Errorf("%s (%.20s…): status %d, %s", c.file, c.env, status, out)
		}
	}
	if status, out := e.ends("verify", "--lang=id", "--key", other.Public(), e.path("csv-parts")); status != 2 ||
		!strings.HasPrefix(out, "TIDAK TERBUKTI: ") || !strings.Contains(out, "bukan oleh kunci yang dipercaya") {
		t.Errorf("in Indonesian: %d %s", status, out)
	}
	if status, out := e.ends("verify", "--no-such-flag"); status < 2 {
		t.Errorf("a wrong flag ends with %d, as if it were an answer: %s", status, out)
	}
	if status, out := e.ends("verify", "--help"); status != 0 || !strings.Contains(out, "Status 2") {
		t.Errorf("the help does not say what the answers mean: %d %s", status, out)
	}
}

// A workbook is proved by what is in it; a changed cell, a formula and a sheet more are found.
func TestVerifyJudgesAWorkbook(t *testing.T) {
	t.Parallel()
	e := exports(t)
	password := strings.TrimSpace(string(e.read("xlsx-passphrase")))
	for name, c := range map[string]struct {
		change func(*excelize.File) error
		status int
		says   string
	}{
		"nothing": {func(*excelize.File) error { return nil }, 0, "OK: 2 entries of 2 cases"},
		"a word": {func(f *excelize.File) error { return f.SetCellValue("Riwayat", "D2", "Kasus ditutup") }, 1,
			"Riwayat.rows"},
		"a day":      {func(f *excelize.File) error { return f.SetCellValue("Riwayat", "F2", 46000) }, 1, "Riwayat.rows"},
		"a row more": {func(f *excelize.File) error { return f.SetCellValue("Riwayat", "A4", "x") }, 1, "Riwayat.rows"},
		"a formula":  {func(f *excelize.File) error { return f.SetCellFormula("Riwayat", "D2", "1+1") }, 1, "CHANGED: "},
		"a sheet more": {func(f *excelize.File) error { _, err := f.NewSheet("Riwayat baru"); return err }, 1,
			"Riwayat baru"},
		"a sheet less": {func(f *excelize.File) error { return f.DeleteSheet("Keterangan") }, 1, "Keterangan.rows"},
		"the record": {func(f *excelize.File) error { return f.SetCellValue("histories.jsonl", "A1", "{}") }, 1,
			"CHANGED: "},
		"no manifest": {func(f *excelize.File) error { return f.DeleteSheet("manifest.json") }, 2, "no signature"},
	} {
		book, err := excelize.OpenFile(e.path("xlsx"), excelize.Options{Password: password})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.change(book); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := book.SaveAs(e.path("changed.xlsx"), excelize.Options{}); err != nil {
			t.Fatal(err)
		}
		_ = book.Close()
		status, out := e.with("TANGGAP_LANG=en", "TANGGAP_PASSPHRASE="+password).ends("verify", e.path("changed.xlsx"))
		if status != c.status || !strings.Contains(out, c.says) {
			t.Errorf("%s: status %d, %s", name, status, out)
		}
	}
}

// What the program exports is proved by the verifier that lies in the bundle, and every change of a byte of it found.
func TestTheBundleProvesItselfWithoutTheProgram(t *testing.T) {
	t.Parallel()
	e := exports(t)
	second := func(folder string) (int, string) {
		cmd := bound(t, nil, "python3", "-I", e.path(folder+"/verify.py"), e.path(folder))
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatalf("python3 is needed: %v", err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	for _, folder := range []string{"csv-parts", "jsonl-parts", "dossier-parts"} {
		if code, said := second(folder); code != 0 || !strings.HasPrefix(said, "OK: ") {
			t.Errorf("%s: %d %s", folder, code, said)
		}
		if readme := string(e.read(folder + "/README.txt")); !strings.Contains(readme, "Memeriksa") ||
			!strings.Contains(readme, "Verifying") {
			t.Errorf("%s does not explain itself", folder)
		}
	}
	for _, name := range []string{"histories.jsonl", "proof.txt", "manifest.json", "manifest.sig", "README.txt"} {
		whole := e.read("jsonl-parts/" + name)
		for at := 1; at < len(whole); at += 1 + len(whole)/4 {
			changed := bytes.Clone(whole)
			changed[at] ^= 1
			e.write("jsonl-parts/"+name, changed)
			if code, said := second("jsonl-parts"); code == 0 {
				t.Errorf("byte %d of %s passes unseen by the second verifier: %s", at, name, said)
			}
			if status, out := e.ends("verify", e.path("jsonl-parts")); status == 0 {
				t.Errorf("byte %d of %s passes unseen: %s", at, name, out)
			}
		}
		e.write("jsonl-parts/"+name, whole)
	}
}

// zipped packs an unpacked export without encryption.
func (e exported) zipped(from, to string) {
	e.t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if err := z.AddFS(os.DirFS(e.path(from))); err != nil {
		e.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		e.t.Fatal(err)
	}
	e.write(to, out.Bytes())
}
