package identity_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
)

// Whatever the text, the only way to it is Reveal. Letters outside the mask and the words of fmt make the search
// honest.
func TestNoTextLeaksByAnyVerb(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ghjkqwyz]{6,20}`).Draw(t, "text")
		secret := identity.NewSecret(text)
		kept := struct {
			note  identity.Secret
			notes []identity.Secret
			named map[string]identity.Secret
			deep  *struct{ note identity.Secret }
			Any   any
		}{secret, []identity.Secret{secret}, map[string]identity.Secret{"a": secret}, &struct{ note identity.Secret }{secret},
			secret}
		verb := rapid.SampledFrom([]string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%T", "%10.3s",
			"%t"}).Draw(t, "verb")
		printed := fmt.Sprintf(verb, secret) + fmt.Sprintf(verb, kept) + fmt.Sprintf(verb, &kept) + fmt.Sprintf(verb,
			*kept.deep) +
			fmt.Sprint(kept, secret) + fmt.Errorf("%v %w", kept, errors.New("x")).Error()
		if strings.Contains(printed, text) || strings.Contains(strings.ToLower(printed), fmt.Sprintf("%x", text)) {
			t.Fatalf("%s printed the text", verb)
		}
		if secret.Reveal() != text || !secret.Equal(identity.NewSecret(text)) {
			t.Fatal("the text is lost")
		}
	})
}

type shownRecord struct {
	NIK   identity.NIK
	Phone identity.Phone
	Wage  identity.Wage
	Note  identity.Secret
	None  identity.NIK
}

func TestMasksByEncoding(t *testing.T) {
	t.Parallel()
	nik, err1 := identity.ParseNIK("3273015708910003")
	phone, err2 := identity.ParsePhone("081234567890")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	record := shownRecord{NIK: nik, Phone: phone, Wage: identity.NewWage(4_567_890),
		Note: identity.NewSecret("Jl. Merdeka 17")}
	got, err := json.Marshal(record)
	if want := `{"NIK":"************0003","Phone":"****","Wage":"Rp****","Note":"****","None":""}`; err != nil ||
		string(got) != want {
		t.Errorf("JSON: got %s, %v", got, err)
	}
	got, err = xml.Marshal(record)
	if err != nil || strings.Contains(string(got), "Merdeka") || strings.Contains(string(got), "8123") ||
		strings.Contains(string(got), "327301") {
		t.Errorf("XML: got %s, %v", got, err)
	}
}

func TestNothingIsShownAsNothing(t *testing.T) {
	t.Parallel()
	var (
		secret identity.Secret
		wage   identity.Wage
		phone  identity.Phone
	)
	if shown := fmt.Sprint(secret, wage, phone) + secret.String() + wage.String() +
		identity.MaskedNIK(""); strings.TrimSpace(shown) != "" {
		t.Errorf("got %q", shown)
	}
	if !secret.IsZero() || !wage.IsZero() || !identity.NewSecret("").IsZero() || !identity.NewWage(0).IsZero() ||
		wage.Reveal() != 0 || secret.Reveal() != "" {
		t.Error("nothing is something")
	}
	if secret.LogValue().String() != "" || wage.LogValue().String() != "" {
		t.Error("nothing is logged as something")
	}
}

func TestWagesAreComparedByAmount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := money.Rupiah(rapid.Int64Range(-3, 3).Draw(t, "a")), money.Rupiah(rapid.Int64Range(-3, 3).Draw(t, "b"))
		if identity.NewWage(a).Equal(identity.NewWage(b)) != (a == b) || identity.NewWage(a).Reveal() != a {
			t.Fatalf("%d and %d", a, b)
		}
	})
}
