package export_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/export"
)

var (
	streamOf = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown    = regexp.MustCompile(`(?s)\((.*?[^\\]|)\)Tj`)
)

// pdfText is what is written in a PDF, a line for each piece; pages are parted by a form feed.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	var all strings.Builder
	for _, stream := range streamOf.FindAllStringSubmatch(file, -1) {
		z, err := zlib.NewReader(strings.NewReader(stream[1]))
		if err != nil {
			continue
		}
		plain, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(plain, []byte(")Tj")) {
			continue
		}
		for _, piece := range shown.FindAllStringSubmatch(string(plain), -1) {
			raw := strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")", `\r`, "\r").Replace(piece[1])
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			all.WriteString(string(utf16.Decode(units)) + "\n")
		}
		all.WriteString("\f")
	}
	return all.String()
}

func paid(seq int, amount string) audit.Entry {
	e := entry(seq, `{"claim":"x","month":1,"given_on":"2026-11-20","amount":`+amount+`,"ref":"TRF"}`)
	e.Kind = "claim.month_paid"
	return e
}

// dossierOf is the text of the dossier of a case in which everything happened that its parts tell of.
func dossierOf(t *testing.T, language string, profile export.Profile) string {
	t.Helper()
	w := ordered(t, export.Dossier, profile)
	w.x.Asked.Language = language
	p := &w.snap.people[0]
	p.DueOn, p.DueFor, p.Officer = calendar.MustDate("2026-12-24"), "month_3", [16]byte{7}
	document := entry(4, `{"id":"x","kind":"identity_card","of":"00000000-0000-0000-0000-000000000000",`+
		`"received_on":"2026-11-21","media":"application/pdf","size":10,"sha256":"`+strings.Repeat("ab", 32)+`"}`)
	document.Kind = "document.added"
	void := entry(5, `{"seq":3,"kind":"claim.month_paid","reason":"dua kali"}`)
	void.Kind, void.Actor = "entry.voided", [16]byte{}
	noted := entry(2, `{"sealed":"AAAA"}`)
	noted.Kind = "case.noted"
	w.snap.entries = []audit.Entry{paid(1, "1800000"), noted, paid(3, "900000"), document, void}
	_, parts := forKey(t, w)
	return pdfText(t, parts["dossier.pdf"])
}

// Who, when, what, how much, until when, which documents, and the proof on the last page: in words of the language.
func TestADossierIsReadByPeople(t *testing.T) {
	t.Parallel()
	for language, wants := range map[string][]string{
		"id": {"Berkas kasus\n", "Ringkasan\n", "Rina Wati, Petugas kasus", "1 Oktober 2026\n", "Ditempatkan\n",
			"24 Desember 2026 (bukti bulan ke-3)\n", "Rp1.800.000\n", "20 November 2026\n", "2 Oktober 2026\n",
			"10.04.05 WIB\n", "Manfaat bulanan dibayar.\n", "Jumlah: Rp900.000\n", "Dibatalkan oleh entri 5.\n",
			"Tanggap (otomatis)\n", "SHA-256 abab", "Ada teks tersegel", "Tanda tangan\n"},
		"en": {"Case dossier\n", "Summary\n", "Rina Wati, Case worker", "1 October 2026\n", "Placed\n",
			"24 December 2026 (proof of month 3)\n", "Rp1.800.000\n", "20 November 2026\n", "Monthly benefit paid.\n",
			"Voided by entry 5.\n", "Tanggap (by itself)\n", "There is sealed text", "Signature\n"},
	} {
		text := dossierOf(t, language, export.Masked)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: does not say %q\n%s", language, want, text)
			}
		}
		for _, never := range []string{"{", "claim.month_paid", "given_on", "00000000-0000", "-1\n", "3273014503900007",
			"tenang", "2.700.000"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: says %q", language, never)
			}
		}
		pages := strings.Split(strings.TrimRight(text, "\f"), "\f")
		if last := pages[len(pages)-1]; !strings.Contains(last, "verify.py") {
			t.Errorf("%s: the proof is not on the last page: %s", language, last)
		}
	}
}

// The full profile shows the NIK, the wage and the notes; what lies in a name is text.
func TestADossierOfEverything(t *testing.T) {
	t.Parallel()
	text := dossierOf(t, "id", export.Full)
	for _, want := range []string{"3273014503900007\n", "Rp5.000.000\n", "Catatan: =1+1\n", "@Sari \"Kecil\", Dewi\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %q\n%s", want, text)
		}
	}
}

// The employment that ended is told in words where the whole worker is, and nowhere else; what nobody has said has no
// line, and an amount of nothing has one.
func TestADossierTellsTheEmployment(t *testing.T) {
	t.Parallel()
	facts := map[string][]string{
		"id": {"Mulai bekerja\n2 Maret 2020\n", "PKWTT (tetap)\n", "Upah pokok\nRp4.500.000\n", "Rp500.000\n", "Rp0\n",
			"Pekerja penerima upah\n"},
		"en": {"Started on\n2 March 2020\n", "Permanent (PKWTT)\n", "Basic wage\nRp4.500.000\n", "Wage earner\n"},
	}
	for language, wanted := range facts {
		whole, masked := dossierOf(t, language, export.Full), dossierOf(t, language, export.Masked)
		for _, want := range wanted {
			if !strings.Contains(whole, want) {
				t.Errorf("%q is not told in\n%s", want, whole)
			}
			if strings.Contains(masked, want) {
				t.Errorf("%q is told to who may not see the wage", want)
			}
		}
		for _, unknown := range []string{"fact.", "value.", "Uang pisah\n", "wage_earner", "permanent\n"} {
			if strings.Contains(whole, unknown) {
				t.Errorf("%q is told in\n%s", unknown, whole)
			}
		}
	}
}
