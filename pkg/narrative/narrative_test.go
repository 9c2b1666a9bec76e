package narrative_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/narrative"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

const (
	someone = "0194b2f0-0000-7000-8000-000000000001"
	nobody  = "00000000-0000-0000-0000-000000000000"
)

func teller(lang string) narrative.Teller {
	return narrative.Teller{Lang: lang, Names: narrative.Names{
		Officer: func(id string) string { return map[string]string{someone: "Rina"}[id] },
		Region:  func(code string) string { return map[string]string{"3273": "Kota Bandung"}[code] },
	}}
}

// source calls each with every node of the packages whose entries stand in the history of a case.
func source(t *testing.T, each func(ast.Node)) {
	t.Helper()
	for _, folder := range []string{"casework", "track", "privacy"} {
		files, err := filepath.Glob("../" + folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no source of %s: %v", folder, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "gen.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool { each(n); return true })
		}
	}
}

// kinds are all kinds of entries that the source has: constants of the type, and the corrections of every kind of part.
func kinds(t *testing.T) (all []string) {
	t.Helper()
	constant := regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	source(t, func(n ast.Node) {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return
		}
		name := ""
		switch of := spec.Type.(type) {
		case *ast.Ident:
			name = of.Name
		case *ast.SelectorExpr:
			name = of.Sel.Name
		}
		for _, v := range spec.Values {
			if text, is := v.(*ast.BasicLit); is && name == "Kind" {
				if kind, err := strconv.Unquote(text.Value); err == nil && constant.MatchString(kind) {
					all = append(all, kind)
				}
			}
		}
	})
	for _, k := range track.Kinds() {
		all = append(all, k.About().Name+".corrected")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Every kind of entry has words in both languages, each its own; no words are left of a kind that is gone.
func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	all := kinds(t)
	if len(all) < 60 {
		t.Fatalf("only %d kinds found: %v", len(all), all)
	}
	for _, lang := range []string{"id", "en"} {
		called := map[string]string{}
		for _, kind := range all {
			title := teller(lang).Title(kind)
			if !narrative.Known(kind) || title == kind || strings.ContainsAny(title, "_{") {
				t.Errorf("%s: %s is called %q", lang, kind, title)
			}
			if other, twice := called[title]; twice {
				t.Errorf("%s: %s and %s are both called %q", lang, kind, other, title)
			}
			called[title] = kind
		}
	}
	for _, code := range wording.Codes() {
		if kind, is := strings.CutPrefix(code, "history."); is && strings.Contains(kind, ".") && !slices.Contains(all, kind) {
			t.Errorf("no entry is of the kind %s", kind)
		}
	}
}

// silent are fields that no reader is told, with the reason; what the package leaves out must be among them.
var silent = map[string]string{"id": "a part", "claim": "a part", "training": "a part", "class": "a part",
	"vacancy": "a part", "application": "a part", "assessment": "a part", "of": "a part", "referral": "a part",
	"release": "of the law", "was": "replaced", "undo": "replaced", "undo_sealed": "replaced", "sealed": "sealed",
	"made": "replaced", "set": "replaced", "n": "in a list", "part": "replaced", "case": "replaced",
	"confidence": "of a program"}

// Every field of every payload has a name in both languages, or is one of those that are left out.
func TestEveryFieldHasAName(t *testing.T) {
	t.Parallel()
	count := 0
	source(t, func(n ast.Node) {
		field, is := n.(*ast.Field)
		if !is || field.Tag == nil {
			return
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		if name == "" || name == "-" || silent[name] != "" {
			return
		}
		count++
		if _, known := wording.Text("id", "fact."+name); !known {
			t.Errorf("the field %s has no name", name)
		}
	})
	if count < 120 {
		t.Errorf("only %d fields found", count)
	}
}

// payloads are entries as they stand in histories, and what is told of them in both languages.
var payloads = []struct{ kind, payload, id, en string }{
	{"case.opened", `{"terminated_on":"2026-10-01","layoff":"` + nobody + `","source":"intake","undo":{"made":[]}}`,
		"Kasus dibuka. Tanggal PHK: 1 Oktober 2026; Sumber: daftar perusahaan.",
		"Case opened. Day of the layoff: 1 October 2026; Source: list of an employer."},
	{"case.noted", `{"sealed":"AAAA"}`, "Catatan ditambahkan.", "Note added."},
	{"case.assigned", `{"from":"` + nobody + `","to":"` + someone + `","undo":{"case":{"officer":"x"}}}`,
		"Petugas kasus ditetapkan. Dari: tidak ada; Menjadi: Rina.", "Officer put in charge. From: nobody; To: Rina."},
	{"case.assigned", `{"from":"0194b2f0-0000-7000-8000-000000000002","to":"` + nobody + `"}`,
		"Petugas kasus ditetapkan. Dari: petugas lain; Menjadi: tidak ada.",
		"Officer put in charge. From: another officer; To: nobody."},
	{"case.follow_up_set", `{"from":"","to":"2026-12-01"}`,
		"Tanggal tindak lanjut ditetapkan. Menjadi: 1 Desember 2026.", "Follow-up day set. To: 1 December 2026."},
	{"case.closed", `{"from":"placement","to":"closed","outcome":"placed","ended":[{"kind":"claim.month","id":"x"}]}`,
		"Kasus ditutup. Dari: Penempatan; Menjadi: Ditutup; Hasil: Ditempatkan; Ikut berakhir: bulan manfaat.",
		"Case closed. From: Placement; To: Closed; Outcome: Placed; Ended with it: benefit month."},
	{"case.corrected", `{"terminated_on":{"from":"2026-10-01","to":"2026-10-02"},"layoff":{"from":"` + nobody +
		`","to":"` + someone + `"},"reason":"salah ketik"}`,
		"Data kasus dibetulkan. Tanggal PHK: 1 Oktober 2026 → 2 Oktober 2026; Nomor PHK: belum ada → " + someone +
			"; Alasan: salah ketik.",
		"Facts of the case corrected. Day of the layoff: 1 October 2026 → 2 October 2026; Layoff: nothing → " + someone +
			"; Reason: salah ketik."},
	{"worker.corrected", `{"worker":["name","nik","employment.base_wage"],"sealed":"AAAA"}`,
		"Data pekerja dibetulkan. Data pekerja yang dibetulkan (isinya tersegel): nama, nik, upah pokok.",
		"Facts of the worker corrected. Facts of the worker corrected (their values are sealed): name, nik, basic wage."},
	{"claim.applied", `{"id":"` + someone + `"}`, "Klaim JKP diajukan.", "JKP claim applied for."},
	{"claim.decided", `{"id":"` + someone + `","result":"eligible","version":"pp-6-2025","criteria":[{"code":"jkp.x",` +
		`"result":"met","article":"Art. 19(1)","confidence":"high"}]}`,
		"Klaim JKP diputuskan. Hasil: Berhak; Aturan: pp-6-2025; Terpenuhi: Pasal 19(1).",
		"JKP claim decided. Result: Entitled; Rules: pp-6-2025; Condition met: Art. 19(1)."},
	{"claim.month_paid", `{"claim":"x","month":2,"given_on":"2026-12-03","amount":1800000,"rate":"60%","version":"v",` +
		`"article":"Art. 21(1)","ref":"TRF-1"}`,
		"Manfaat bulanan dibayar. Bulan: 2; Dibayar: 3 Desember 2026; Jumlah: Rp1.800.000; Bagian upah: 60%; " +
			"Aturan: v; Dasar hukum: Pasal 21(1); Rujukan pembayaran: TRF-1.",
		"Monthly benefit paid. Month: 2; Paid on: 3 December 2026; Amount: Rp1.800.000; Share of the wage: 60%; " +
			"Rules: v; Law: Art. 21(1); Payment reference: TRF-1."},
	{"claim.month_proved", `{"claim":"x","month":2,"proof":{"N":2,"Applications":5,"Calls":0,"Attendance":-1,` +
		`"StatusForm":true,"Counted":["` + someone + `"]}}`,
		"Pencarian kerja dibuktikan. Bulan: 2; Lamaran yang dihitung: 5; Panggilan wawancara: 0; " +
			"Surat keterangan belum bekerja: ya.",
		"Search for work proved. Month: 2; Applications that count: 5; Calls for an interview: 0; " +
			"Statement of no work: yes."},
	{"training.enrolled", `{"id":"x","scheme":"blk","provider":"BLK","programme":"Las","state":"enrolled",` +
		`"starts_on":"2026-12-01","ends_on":"2026-12-20","attendance":-1,"class":"` + nobody + `","cost":0,"enrolled_on":""}`,
		"Pelatihan didaftarkan. Skema: Balai latihan kerja (BLK); Penyelenggara: BLK; Program: Las; Keadaan: Terdaftar; " +
			"Mulai: 1 Desember 2026; Selesai: 20 Desember 2026.",
		"Training enrolled for. Scheme: Public training centre (BLK); Provider: BLK; Programme: Las; State: Enrolled, not begun; " +
			"Starts on: 1 December 2026; Ends on: 20 December 2026."},
	{"training.corrected", `{"id":"x","changed":[{"field":"scheme","from":"blk","to":"jkp"},{"field":"cost","from":"0",` +
		`"to":"500000"}],"personal":["provider"],"sealed":"A"}`,
		"Pelatihan dibetulkan. Perubahan: skema Balai latihan kerja (BLK) → JKP, biaya belum ada → Rp500.000; " +
			"Data pribadi yang dibetulkan (isinya tersegel): penyelenggara.",
		"Training corrected. Changes: scheme Public training centre (BLK) → Job-loss insurance (JKP), cost nothing → " +
			"Rp500.000; Personal facts corrected (their values are sealed): provider."},
	{"referral.answered", `{"id":"x","from":"offered","to":"accepted","on":"2026-11-27"}`, "", ""},
	{"custody.moved", `{"referral":"x","from":"3273","to":"3204"}`,
		"Kasus dialihkan ke dinas lain. Dari: Kota Bandung; Menjadi: 3204.",
		"Case handed to another office. From: Kota Bandung; To: 3204."},
	{"entry.voided", `{"seq":4,"kind":"case.noted","reason":"salah kasus","was":[{"part":"x","id":"y","was":{}}]}`,
		"Entri dibatalkan. Entri nomor: 4; Jenis: Catatan ditambahkan; Alasan: salah kasus.",
		"Entry voided. Entry: 4; Kind: Note added; Reason: salah kasus."},
	{"training.attended", `{"id":"x","days":[{"training":"x","on":"2026-11-27","present":true}],"attendance":100}`,
		"Kehadiran pelatihan dicatat. Hari hadir: 27 November 2026 ya; Kehadiran: 100%.",
		"Attendance at a training recorded. Days present: 27 November 2026 yes; Attendance: 100%."},
	{"later.kind", `{"strange":7}`, "Entri dari rilis lain. Keterangan lain: 7.",
		"Entry of another release. Something else: 7."},
	{"case.noted", `no JSON`, "Catatan ditambahkan.", "Note added."},
}

func TestEntriesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range payloads {
		for lang, want := range map[string]string{"id": c.id, "en": c.en} {
			if got := teller(lang).Tell(c.kind, c.payload).Text(); want != "" && got != want {
				t.Errorf("%s\ngot  %s\nwant %s", c.kind, got, want)
			}
		}
	}
}

// For no kind whatever, a value of a part shows a code with an underscore, a zero id or a share below zero.
func TestNoCodesAreTold(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`[a-z]_[a-z]|00000000-|-1\b|[{}\[\]"]`)
	for _, k := range track.Kinds() {
		a := k.About()
		for from := range a.Steps {
			for _, lang := range []string{"id", "en"} {
				payload := `{"id":"` + nobody + `","from":"` + from + `","to":"` + from + `","on":"2026-11-27","attendance":-1}`
				if a.Moved != "" {
					if text := teller(lang).Tell(string(a.Moved), payload).Text(); bad.MatchString(text) || strings.Contains(text, ": "+from+";") {
						t.Errorf("%s in %s: %s", a.Moved, lang, text)
					}
				}
			}
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	if got := teller("id").Day(calendar.MustDate("2027-05-20")); got != "20 Mei 2027" {
		t.Error(got)
	}
	if got := teller("en").Day(calendar.Date{}); got != "" {
		t.Error(got)
	}
}
