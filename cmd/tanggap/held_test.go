package main

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// The answer for reading says behind everything that is unknown who has it, and behind nothing else.
func TestWhoHasWhatIsMissingIsTold(t *testing.T) {
	t.Parallel()
	l, err := loadLaws()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.MustDate("2026-11-28")
	answer, err := assessment.Ask(assessment.JKP{ClaimFacts: assessment.ClaimFacts{Citizenship: "wni"}}, l.programmes,
		rule.Indonesian, today)
	if err != nil {
		t.Fatal(err)
	}
	text := texted(1, &answer)
	for line := range strings.Lines(text) {
		if strings.Contains(line, "kewarganegaraan") && strings.Contains(line, "[?") {
			t.Errorf("what is stated is asked: %s", line)
		}
	}
	for _, want := range []string{"[? BPJS Ketenagakerjaan, Perusahaan]\n", "[? Pekerja]\n",
		"   ?  registered: Apakah perusahaan mendaftarkan pekerja di JKP [? BPJS Ketenagakerjaan, Perusahaan]\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said in\n%s", want, text)
		}
	}
	rights, err := assessment.Rights{}.Assess(l.programmes, rule.English, today)
	if err != nil {
		t.Fatal(err)
	}
	if text := rightsText(1, rights); !strings.Contains(text, "   ?  unpaid_wages: Wages not paid until the last day "+
		"[? Worker, Employer]\n") {
		t.Errorf("rights: %s", text)
	}
}
