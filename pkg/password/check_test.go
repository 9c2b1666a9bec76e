package password_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

var owner = password.Owner{
	Email:  "siti.nurhaliza@disnaker.jabarprov.go.id",
	Name:   "Siti Nurhaliza",
	Office: "Dinas Tenaga Kerja Provinsi Jawa Barat",
}

// What would be guessed is refused with the reason; what only looks like it is not.
func TestGuessedPasswordsAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"elevenchars": "password.length", strings.Repeat("kuda laut ", 25) + "melompat": "password.length",
		strings.Repeat("Kuda laut melompat pagi hari. ", 9)[:256]: "password.repeated",
		"aaaaaaaaaaaa": "password.repeated", "            ": "password.repeated", "passwordpassword": "password.repeated",
		"xyQ7xyQ7xyQ7x": "password.repeated", "aXbXaXbbXaXbXX": "password.repeated",
		"123456789012": "password.sequence", "987654321098": "password.sequence", "abcdefghijkl": "password.sequence",
		"QWERTYUIOPas": "password.sequence", "aabbccddeeff": "password.sequence", "lkjhgfdsapoi": "password.sequence",
		"siti.nurhaliza@disnaker.jabarprov.go.id": "password.personal", "Nurhaliza1990!": "password.personal",
		"sitinurhaliza": "password.personal", "Siti-Nurhaliza-JawaBarat": "password.personal",
		"jabarprov-1234567": "password.personal", "Tanggap2026!!": "password.personal",
		"tanggap-kemnaker": "password.personal", "Password1234!": "password.common", "p4ssw0rd2026": "password.common",
		"Katasandi2026": "password.common", "1q2w3e4r5t6y": "password.common", "ILoveIndonesia": "password.common",
		"rahasia-01012026": "password.common", "correct-horse-battery-staple": "password.common",
		"administrator": "password.common", "p a s s w o r d 1 2": "password.common",
		// and these are not
		"kuda-laut-melompat": "", "tanggap-hujan-deras-sekali": "", "siti membaca buku tebal": "", "password-hujan-deras": "",
		"Sandi-Baru-Sekali-7": "", strings.Repeat("é", 4) + "ünbekanntes": "", "17 gajah terbang!": "", "monyet8273 645x": "",
	} {
		if got := fault.CodeOf(password.Check(secret, owner)); got != want {
			t.Errorf("%q: got %q, want %q", secret, got, want)
		}
	}
}

func TestGeneratedPasswordsAreNotRefused(t *testing.T) {
	t.Parallel()
	for range 2000 {
		if secret := password.Generate(); password.Check(secret, owner) != nil {
			t.Fatalf("%q is refused", secret)
		}
	}
}

// An owner of whom nothing is known takes nothing out of a password.
func TestAnOwnerWithoutAName(t *testing.T) {
	t.Parallel()
	if err := password.Check("kuda-laut-melompat", password.Owner{}); err != nil {
		t.Error(err)
	}
}

// What stands around a word decides at its border: one letter or figure more, and it is another password.
func TestWhereAPasswordStopsBeingAGuess(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"xyzwxyzwxyzw": "password.repeated", "qmzkrqmzkrqmzkr": "password.repeated", "qmzkrvqmzkrvqmzkw": "",
		"sandiabcd123": "password.common", "password-48295731": "password.common", "password-482957316": "",
	} {
		if got := fault.CodeOf(password.Check(secret, password.Owner{})); got != want {
			t.Errorf("%q: got %q, want %q", secret, got, want)
		}
	}
}
