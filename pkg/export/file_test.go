package export_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
)

// phrase is the passphrase of the export of a workshop: 128 bits in five groups.
func phrase(t *testing.T, w *workshop) string {
	t.Helper()
	x := w.x
	x.State = export.Queued
	s := export.New(export.Deps{Store: taken{}, Derive: w.made(t).Derive, Cases: cases{}})
	_, text, err := s.Order(t.Context(), op("3273"), export.Request{Format: export.CSV}, export.Sealed, "")
	if err != nil || len(text) != 30 {
		t.Fatalf("passphrase %q, %v", text, err)
	}
	return text
}

// opened are the members of a bundle in their order, and what is in them.
func opened(t *testing.T, sealed []byte, key age.Identity) (names []string, parts map[string]string) {
	t.Helper()
	plain, err := age.Decrypt(bytes.NewReader(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		names, parts[f.Name] = append(names, f.Name), string(text)
	}
	return names, parts
}

// forKey has a workshop encrypt for a key, and gives the members of the bundle.
func forKey(t *testing.T, w *workshop) ([]string, map[string]string) {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w.x.Asked.Recipient = key.Recipient().String()
	return opened(t, w.file(t, w.made(t)), key)
}

const (
	people = "case_id,region,stage,outcome,claim,terminated_on,opened_on,closed_on,name,nik,employer"
	row    = known + ",3273,closed,placed,none,2026-10-01,2026-10-02,,\"'@Sari \"\"Kecil\"\", Dewi\","
)

// The members of a bundle by format and profile: of the workers nothing, a line, or everything.
func TestWhatIsInABundle(t *testing.T) {
	t.Parallel()
	masked := people + "\n" + row + "************0007,PT\ufffdMaju\n"
	full := people + ",position,birth_date,sex,phone,email,kpj,address,wage,started_on,contract,contract_ends,ended_by," +
		"firm_size,base_wage,fixed_allowance,unpaid_wages,last_paid_on,unused_leave_days,work_week_days,agreed_amount," +
		"separation_pay,jkn_segment\n" + row +
		"3273014503900007,PT\ufffdMaju,'+jahit,1990-03-05,P,'+6281234567890,,,\"Jl. Satu\nRT 1\",5000000," +
		"2020-03-02,permanent,,employer,medium,4500000,500000,0,,6,5,,,wage_earner\n"
	notes := "case_id,seq,note\n" + known + ",2,'=1+1\n" + known + ",3,tenang\n"
	proof := []string{"proof.txt"}
	end := []string{"README.txt", "verify.py", "manifest.json", "manifest.sig"}
	for name, c := range map[string]struct {
		format  export.Format
		profile export.Profile
		names   []string
		people  string
		notes   string
	}{
		"sealed table": {export.CSV, export.Sealed, slices.Concat([]string{"histories.csv"}, proof, end), "", ""},
		"sealed lines": {export.JSONL, export.Sealed, slices.Concat([]string{"histories.jsonl"}, proof, end), "", ""},
		"masked table": {export.CSV, export.Masked, slices.Concat([]string{"histories.csv"}, proof, []string{"people.csv"},
			end),
			masked, ""},
		"everything": {export.CSV, export.Full,
			slices.Concat([]string{"histories.csv"}, proof, []string{"people.csv", "notes.csv"}, end), full, notes},
		"dossier": {export.Dossier, export.Masked,
			slices.Concat([]string{"histories.jsonl"}, proof, []string{"people.csv", "dossier.pdf"}, end), masked, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ordered(t, c.format, c.profile)
			names, parts := forKey(t, w)
			if !slices.Equal(names, c.names) {
				t.Errorf("holds %v", names)
			}
			if parts["people.csv"] != c.people {
				t.Errorf("people:\n%q\nwant\n%q", parts["people.csv"], c.people)
			}
			if parts["notes.csv"] != c.notes {
				t.Errorf("notes:\n%q", parts["notes.csv"])
			}
			for _, full := range w.snap.full {
				if full != (c.profile == export.Full) {
					t.Error("what is sealed is opened by the wrong profile")
				}
			}
		})
	}
}

// The manifest says what was ordered and made, names every other member with its digest, and is what is signed.
func TestTheManifestVouchesForEveryMember(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Full)
	names, parts := forKey(t, w)
	m := manifestOf(t, parts[audit.ManifestFile])
	if m.Version != 1 || m.Export != w.x.ID || m.Requester != uuid.UUID(w.x.Officer) || !slices.Equal(m.Scope,
		[]string{"3273"}) ||
		m.Profile != "full" || m.AsOf != asOf.Size || !m.AsOfInstant.Equal(asOf.At) || !m.SnapshotAt.Equal(w.snap.At()) ||
		m.LogKey != "uji+kunci" || m.Cases != 1 {
		t.Errorf("says %+v", m)
	}
	var listed []string
	for _, f := range m.Files {
		listed = append(listed, f.Name)
		sum := sha256.Sum256([]byte(parts[f.Name]))
		if f.Bytes != int64(len(parts[f.Name])) || f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s has another digest", f.Name)
		}
		if wantEntries, wantCases := 3, 1; strings.HasPrefix(f.Name, audit.HistoriesFile) && (f.Entries != wantEntries ||
			f.Cases != wantCases) {
			t.Errorf("counts %d entries of %d cases", f.Entries, f.Cases)
		}
	}
	if !slices.Equal(listed, names[:len(names)-2]) {
		t.Errorf("lists %v of %v", listed, names)
	}
	if parts[audit.SignatureFile] != audit.ManifestText([]byte(parts[audit.ManifestFile]))+"\n— uji tanda\n" {
		t.Error("another text is signed")
	}
	if w.x.Manifest != parts[audit.ManifestFile] || w.x.Signature != parts[audit.SignatureFile] || w.x.Entries != 3 ||
		w.x.Total != 3 ||
		w.x.FileName != "tanggap-csv-3273-20261127-030405-000000.zip.age" {
		t.Errorf("kept as %+v", w.x)
	}
}

// The proof has the signed checkpoint, the place of each entry in the order of the histories, and the hashes.
func TestTheFormOfAProof(t *testing.T) {
	t.Parallel()
	_, parts := forKey(t, ordered(t, export.CSV, export.Sealed))
	want := "tanggap-proof-v1\n" + asOf.Text() + "\n— uji tanda\n\nentries 3\n3\n2\n1\nhashes 2\n" +
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	if parts[audit.ProofFile] != want {
		t.Errorf("got\n%q\nwant\n%q", parts[audit.ProofFile], want)
	}
}

// A passphrase opens its own export and no other one.
func TestWhatAPassphraseOpens(t *testing.T) {
	t.Parallel()
	w := ordered(t, export.CSV, export.Sealed)
	w.x.ID = uuid.UUID{1} // as in the order that tells the passphrase
	secret := phrase(t, w)
	sealed := w.file(t, w.made(t))
	key, err := age.NewScryptIdentity(secret)
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := opened(t, sealed, key); len(names) != 6 {
		t.Errorf("holds %v", names)
	}
	another := ordered(t, export.CSV, export.Sealed)
	if _, err := age.Decrypt(bytes.NewReader(another.file(t, another.made(t))), key); err == nil {
		t.Error("the passphrase of one export opens another")
	}
	for _, n := range []int{0, 1, len(sealed) / 2, len(sealed) - 1} {
		plain, err := age.Decrypt(bytes.NewReader(sealed[:n]), key)
		if err == nil {
			_, err = io.ReadAll(plain)
		}
		if err == nil {
			t.Errorf("the first %d of %d bytes are taken for a whole export", n, len(sealed))
		}
	}
}

// opened workbook of a full export.
func workbook(t *testing.T, language string) (*excelize.File, *workshop) {
	t.Helper()
	w := ordered(t, export.XLSX, export.Full)
	w.x.ID, w.x.Asked.Language = uuid.UUID{1}, language
	secret := phrase(t, w)
	file := w.file(t, w.made(t))
	if _, err := excelize.OpenReader(bytes.NewReader(file)); err == nil {
		t.Error("opens without a password")
	}
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{Password: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book, w
}

// A spreadsheet has a password of its own; a NIK keeps its digits, dates are dates, all else is text, and none is a
// formula.
func TestASpreadsheetForPeople(t *testing.T) {
	t.Parallel()
	for language, c := range map[string]struct{ sheets, heads []string }{
		"":   {[]string{"Pekerja", "Riwayat", "Keterangan"}, []string{"Nomor kasus", "NIK", "Tanggal PHK", "Isi"}},
		"en": {[]string{"Workers", "History", "About"}, []string{"Case number", "NIK", "Day of the layoff", "Content"}},
	} {
		book, w := workbook(t, language)
		var shown []string
		for _, sheet := range book.GetSheetList() {
			if visible, err := book.GetSheetVisible(sheet); err != nil || visible {
				shown = append(shown, sheet)
			}
		}
		if !slices.Equal(shown, c.sheets) {
			t.Errorf("shows the sheets %v", shown)
		}
		if w.x.FileName != "tanggap-xlsx-3273-20261127-030405-000000.xlsx" || w.x.Entries != 3 {
			t.Errorf("kept as %q with %d entries", w.x.FileName, w.x.Entries)
		}
		people, err := book.GetRows(c.sheets[0])
		if err != nil || len(people) != 2 || people[0][0] != c.heads[0] || people[0][9] != c.heads[1] ||
			people[0][5] != c.heads[2] || people[1][9] != "3273014503900007" || people[1][5] != "01/10/2026" ||
			people[1][10] != "PT\ufffdMaju" {
			t.Errorf("people: %q, %v", people, err)
		}
		history, err := book.GetRows(c.sheets[1])
		if err != nil || len(history) != 4 || history[0][8] != c.heads[3] || history[1][2] != "1" ||
			history[1][4] == uuid.UUID([16]byte{7}).String() || !strings.HasPrefix(history[1][4], "Rina Wati, ") ||
			history[1][7] != "10:04:05 WIB" {
			t.Errorf("histories: %q, %v", history, err)
		}
		for _, sheet := range c.sheets {
			if panes, err := book.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
				t.Errorf("%s: the header goes out of sight: %+v, %v", sheet, panes, err)
			}
			if width, err := book.GetColWidth(sheet, "A"); err != nil || width < 20 {
				t.Errorf("%s: the first column is %f wide, %v", sheet, width, err)
			}
		}
	}
}

// No cell is a formula, and only dates are numbers.
func TestASpreadsheetComputesNothing(t *testing.T) {
	t.Parallel()
	book, _ := workbook(t, "")
	for _, sheet := range book.GetSheetList() {
		rows, _ := book.GetRows(sheet)
		for y, cells := range rows {
			for x, cell := range cells {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				formula, _ := book.GetCellFormula(sheet, at)
				kind, _ := book.GetCellType(sheet, at)
				date := regexp.MustCompile(`^\d\d/\d\d/\d{4}$`).MatchString(cell)
				text := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString
				if formula != "" || cell != "" && !text && !date {
					t.Errorf("%s!%s is no text: %q, %v", sheet, at, cell, kind)
				}
			}
		}
	}
}

// The sheets of a workbook are the files of its manifest, digest by digest.
func TestTheManifestVouchesForEverySheet(t *testing.T) {
	t.Parallel()
	book, w := workbook(t, "en")
	parts, err := audit.BookParts(book.GetSheetList(), func(sheet string) ([][]string, error) {
		return book.GetRows(sheet, excelize.Options{RawCellValue: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(parts[audit.ManifestFile]) != w.x.Manifest || string(parts[audit.SignatureFile]) != w.x.Signature {
		t.Errorf("another manifest: %s", parts[audit.ManifestFile])
	}
	m := manifestOf(t, w.x.Manifest)
	if len(m.Files) != len(parts)-2 {
		t.Errorf("%d files of %d sheets", len(m.Files), len(parts))
	}
	for _, f := range m.Files {
		sum := sha256.Sum256(parts[f.Name])
		if f.SHA256 != hex.EncodeToString(sum[:]) || f.Bytes != int64(len(parts[f.Name])) {
			t.Errorf("%s has another digest", f.Name)
		}
	}
}

// 50,000 entries fit into a spreadsheet; one more is refused before anything is written.
func TestHowMuchASpreadsheetHolds(t *testing.T) {
	t.Parallel()
	for entries, code := range map[int]string{50_000: "", 50_001: "export.too_long_for_xlsx"} {
		w := ordered(t, export.XLSX, export.Sealed)
		w.snap.total = entries
		s := w.made(t)
		if err := s.Run(t.Context(), w.x.ID); err != nil || len(w.finished) != 1 || w.finished[0].Failure != code {
			t.Errorf("%d entries: %v, %+v", entries, err, w.finished)
		}
		if left := leftIn(t, s); (len(left) == 0) != (code != "") {
			t.Errorf("%d entries: leaves %v", entries, left)
		}
	}
}

// A dossier is a PDF in the language that was asked for, and longer where there is more to say.
func TestADossierIsAPDF(t *testing.T) {
	t.Parallel()
	size := map[export.Profile]int{}
	for _, profile := range []export.Profile{export.Masked, export.Full} {
		w := ordered(t, export.Dossier, profile)
		w.x.Asked.Language = "en"
		_, parts := forKey(t, w)
		if !strings.HasPrefix(parts["dossier.pdf"], "%PDF-") {
			t.Errorf("%s: begins %.8q", profile, parts["dossier.pdf"])
		}
		size[profile] = len(parts["dossier.pdf"])
	}
	if size[export.Full] <= size[export.Masked] {
		t.Errorf("everything has %d bytes, a masked one %d", size[export.Full], size[export.Masked])
	}
	same := map[string]bool{}
	for _, language := range []string{"", "id", "en"} {
		w := ordered(t, export.Dossier, export.Masked)
		w.x.Asked.Language = language
		_, parts := forKey(t, w)
		same[parts["dossier.pdf"]] = true
	}
	if len(same) != 2 {
		t.Errorf("two languages, of which Indonesian is the default, give %d texts", len(same))
	}
}

// Whom the export holds is put on record before it is finished, anew at each attempt; without that record no file is.
func TestWhomAnExportHoldsIsOnRecord(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]int{0: {0}, 1: {0, 1}, 5_000: {0, 5_000}, 5_001: {0, 5_000, 1}} {
		w := ordered(t, export.CSV, export.Sealed)
		w.snap.people = make([]export.Person, n)
		w.file(t, w.made(t))
		var got []int
		for _, batch := range w.kept {
			got = append(got, len(batch))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d cases are recorded as %v", n, got)
		}
	}
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		w := ordered(t, format, export.Masked)
		w.keeping = fault.New(fault.Invalid, "case.gone")
		s := w.made(t)
		if err := s.Run(t.Context(), w.x.ID); err != nil || w.finished[0].Failure != "case.gone" || len(leftIn(t, s)) != 0 {
			t.Errorf("%s: %v, %+v, leaves %v", format, err, w.finished, leftIn(t, s))
		}
	}
}
