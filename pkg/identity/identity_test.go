package identity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/identity"
)

func TestNIKSaysBirthDateAndSexWithoutProvingThem(t *testing.T) {
	t.Parallel()
	nik, err := identity.ParseNIK("3273015708910003")
	if err != nil {
		t.Fatal(err)
	}
	if !nik.SexAgrees(identity.Female) || nik.SexAgrees(identity.Male) {
		t.Error("day 57 is a woman's")
	}
	if !nik.BirthDateAgrees(calendar.MustDate("1991-08-17")) || nik.BirthDateAgrees(calendar.MustDate("1991-08-18")) {
		t.Error("the birth date is 17 August of a year 91")
	}
	if nik.RegionCode() != "3273" || nik.Tail() != "0003" || nik.Masked() != "************0003" {
		t.Errorf("got %s %s", nik.RegionCode(), nik.Masked())
	}
}

// record is how other packages hold the values: in unexported fields, which fmt prints without asking their methods.
type record struct {
	nik     identity.NIK
	phone   identity.Phone
	email   identity.Email
	kpj     identity.KPJ
	address identity.Secret
	wage    identity.Wage
	Shown   identity.NIK
}

func TestNothingPrintsTheValue(t *testing.T) {
	t.Parallel()
	nik, err1 := identity.ParseNIK("3273015708910003")
	phone, err2 := identity.ParsePhone("0812 3456-7890")
	email, err3 := identity.ParseEmail("Siti@Contoh.co.id")
	kpj, err4 := identity.ParseKPJ("12345678901")
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Fatal(err1, err2, err3, err4)
	}
	r := record{nik, phone, email, kpj, identity.NewSecret("Jl. Merdeka 17"), identity.NewWage(4_567_890), nik}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", r)
		fmt.Fprintf(&out, verb+"\n", &r)
		for _, value := range []any{r.nik, r.phone, r.email, r.kpj, r.address, r.wage, &r.nik, &r.wage} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
	}
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("worker", "a", r.nik, "b", r.phone, "c", r.email, "d", r.kpj, "e", r.address, "f", r.wage, "g", r)
	text, err := json.Marshal(map[string]any{"nik": r.nik, "phone": r.phone, "email": r.email, "kpj": r.kpj,
		"address": r.address, "wage": r.wage, "r": r})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, secret := range []string{"327301570891", "8123456", "siti@", "12345678901", "Merdeka", "4567890", "4.567.890",
		"4d657264656b61"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q was printed", secret)
		}
	}
}

func TestContacts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"08123456789": "+628123456789", "+62 812-3456-789": "+628123456789",
		"628123456789":  "+628123456789",
		"(022) 4201234": "+62224201234", "8123456789": "", "0812": "", "0012345678": "", "telepon": "",
		"0" + strings.Repeat("8", 7): "", "0" + strings.Repeat("8", 8): "+62" + strings.Repeat("8", 8),
		"0" + strings.Repeat("8", 13): "+62" + strings.Repeat("8", 13), "0" + strings.Repeat("8", 14): ""} {
		if got, err := identity.ParsePhone(text); got.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("phone %q: got %q, %v", text, got.Reveal(), err)
		}
	}
	for text, ok := range map[string]bool{"a@b.id": true, "a@b": false, "@b.id": false, "a b@c.id": false,
		"a@b..id": false, "a@b.id.": false,
		"a@b@c.id": false, strings.Repeat("a", 249) + "@b.id": true, strings.Repeat("a", 250) + "@b.id": false,
		"a@.id": false} {
		if _, err := identity.ParseEmail(text); (err == nil) != ok {
			t.Errorf("email %q: %v", text, err)
		}
	}
	for text, ok := range map[string]bool{"12345678901": true, "1234567": false, "1234567890a": false,
		"12345678901234567": false,
		"12345678":          true, "1234567890123456": true} {
		if _, err := identity.ParseKPJ(text); (err == nil) != ok {
			t.Errorf("kpj %q: %v", text, err)
		}
	}
}

func TestValuesParsedAgainAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{16}`).Draw(t, "digits")
		nik, err := identity.ParseNIK(text)
		if err == nil && (nik.Reveal() != text || nik.SexAgrees(identity.Male) == nik.SexAgrees(identity.Female)) {
			t.Fatalf("%s came out otherwise", text)
		}
		phone, err := identity.ParsePhone("08" + rapid.StringMatching(`[1-9][0-9]{7,10}`).Draw(t, "phone"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := identity.ParsePhone(phone.Reveal()); err != nil || !again.Equal(phone.Secret) {
			t.Fatalf("%q does not read back", phone.Reveal())
		}
	})
}

func FuzzParseNIK(f *testing.F) {
	for _, seed := range []string{"3273015708910003", "", "0000000000000000", "327301570891000３"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		nik, err := identity.ParseNIK(text)
		if err == nil && (len(text) != 16 || nik.Reveal() != text || strings.Trim(text, "0123456789") != "") {
			t.Fatalf("%q was taken for a NIK", text)
		}
	})
}
