package officer

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

const (
	right   = "kuda-laut-berenang-7"
	nextOne = "lumba-lumba-melompat-9"
)

// hashOfRight is made once: a hash is slow on purpose.
var hashOfRight = sync.OnceValues(func() (string, error) { return password.Hash(context.Background(), right) })

// porch keeps one credential in memory, and what was taken off the budgets and given back.
type porch struct {
	SessionStore
	kept            Credential
	email, address  string
	wait            time.Duration
	spent, refunded []Budget
	began           *SessionStart
	notBegun, ended bool
	hash            string
	unused          bool
	rotated         []byte
	broken          error
}

func (p *porch) Credential(_ context.Context, email, address string) (Credential, error) {
	p.email, p.address = email, address
	return p.kept, nil
}

func (p *porch) Spend(_ context.Context, _ time.Time, b []Budget) (time.Duration, error) {
	p.spent = b
	return p.wait, nil
}

func (p *porch) Refund(_ context.Context, b []Budget) error { p.refunded = b; return nil }

func (p *porch) StartSession(_ context.Context, s SessionStart) (begun, ended bool, err error) {
	p.began = &s
	return !p.notBegun, p.ended, p.broken
}

func (p *porch) FindSession(context.Context, []byte) (Session, time.Time, error) {
	return Session{Actor: authz.Actor{Officer: p.kept.Officer}}, noon, nil
}

func (p *porch) RotateSession(_ context.Context, digest, _ []byte) error {
	p.rotated = digest
	return p.broken
}

func (p *porch) ChangePassword(_ context.Context, _ authz.OfficerID, hash string) error {
	p.hash = hash
	return p.broken
}

func (p *porch) UseSetupCode(_ context.Context, _ authz.OfficerID, _ SetupKey, hash string) (bool, error) {
	p.hash = hash
	return !p.unused, p.broken
}

// door is a porch of an active officer with a password, and the sessions behind it at noon.
func door(t *testing.T) (*porch, *Sessions) {
	t.Helper()
	hash, err := hashOfRight()
	if err != nil {
		t.Fatal(err)
	}
	p := &porch{kept: Credential{Officer: other, Hash: hash, Active: true,
		Owner: password.Owner{Email: "sari@contoh.go.id"}}}
	return p, NewSessions(p, clock.At(noon))
}

// The budgets are those of the policy: at once, and one more every.
func TestBudgetsAreThoseOfThePolicy(t *testing.T) {
	t.Parallel()
	want := []Budget{{"pair|192.0.2.7|a@b", 5, 30 * time.Second}, {"address|192.0.2.7", 30, 10 * time.Second},
		{"account|a@b", 50, 5 * time.Minute}, {"all", 300, time.Second}}
	if got := budgets("a@b", "192.0.2.7", false); !slices.Equal(got, want) {
		t.Errorf("of a stranger: %v", got)
	}
	want = []Budget{want[0], {"known|192.0.2.7", 30, 10 * time.Second}}
	if got := budgets("a@b", "192.0.2.7", true); !slices.Equal(got, want) {
		t.Errorf("of somebody known there: %v", got)
	}
}

// Of an IPv6 address the network counts, of any other spelling of an address the address.
func TestWhatOfAnAddressCounts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::": "2001:db8:1:2::/64", "2001:db8:1:3::1": "2001:db8:1:3::/64", "fe80::1%eth0": "fe80::/64",
		"": "", "pipe": "pipe",
	} {
		if got := origin(address); got != want {
			t.Errorf("%q counts as %q", address, got)
		}
	}
}

// A wrong password, an account that is not there, one without a password and one that is deactivated are one answer.
func TestSigningInTellsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret string
		change func(*porch)
		code   string
	}{
		"the right password":          {right, func(*porch) {}, ""},
		"another one":                 {right + "x", func(*porch) {}, "session.refused"},
		"none":                        {"", func(*porch) {}, "session.refused"},
		"no such account":             {right, func(p *porch) { p.kept = Credential{} }, "session.refused"},
		"no password yet":             {right, func(p *porch) { p.kept.Hash = "" }, "session.refused"},
		"deactivated":                 {right, func(p *porch) { p.kept.Active = false }, "session.refused"},
		"the account ended meanwhile": {right, func(p *porch) { p.notBegun = true }, "session.refused"},
		"no more attempts":            {right, func(p *porch) { p.wait = 1 }, "session.wait"},
		"the database fails meanwhile": {right, func(p *porch) { p.broken = fault.New(fault.Unavailable, "database.slow") },
			"database.slow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := door(t)
			c.change(p)
			got, err := s.SignIn(t.Context(), " Sari@Contoh.go.id ", c.secret, "2001:db8::1")
			wantCode(t, err, c.code)
			if (got.Token != "") != (c.code == "") {
				t.Errorf("token %q", got.Token)
			}
			if p.email != "sari@contoh.go.id" || p.address != "2001:db8::/64" || len(p.spent) != 4 {
				t.Errorf("counted for %q at %q: %v", p.email, p.address, p.spent)
			}
		})
	}
}

// A session lasts 12 hours, is one of ten, and begins for the very hash that was compared.
func TestHowASessionBegins(t *testing.T) {
	t.Parallel()
	p, s := door(t)
	p.kept.Known = true
	got, err := s.SignIn(t.Context(), "sari@contoh.go.id", right, "192.0.2.7")
	wantCode(t, err, "")
	want := SessionStart{Officer: other, Hash: p.kept.Hash, Digest: Digest(got.Token), Now: noon,
		Expires: noon.Add(12 * time.Hour),
		Most:    10, Address: "192.0.2.7"}
	if *p.began != want {
		t.Errorf("got %+v", *p.began)
	}
	if len(p.spent) != 2 {
		t.Errorf("an officer at a known address spends %v", p.spent)
	}
}

// A further session that ended the oldest has the officer's others forgotten, for that one may be remembered.
func TestAFurtherSessionEndsARememberedOne(t *testing.T) {
	t.Parallel()
	for _, ended := range []bool{false, true} {
		p, s := door(t)
		p.ended = ended
		s.known[Digest("oldest")] = remembered{session: Session{Actor: authz.Actor{Officer: other}}}
		_, err := s.SignIn(t.Context(), "sari@contoh.go.id", right, "192.0.2.7")
		wantCode(t, err, "")
		if _, still := s.known[Digest("oldest")]; still == ended {
			t.Errorf("ended %t, still remembered %t", ended, still)
		}
	}
}

// How long to wait is told in whole seconds, never too few.
func TestHowLongToWait(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{1: "1", time.Second: "1", time.Second + 1: "2",
		30 * time.Second: "30"} {
		p, s := door(t)
		p.wait = wait
		_, err := s.SignIn(t.Context(), "sari@contoh.go.id", right, "192.0.2.7")
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Args["seconds"] != want || f.Kind != fault.TooMany {
			t.Errorf("%v: got %v", wait, err)
		}
	}
}

// A success gives back what it took, and all failures of the account at the address; a failure gives back nothing.
func TestASuccessGivesBack(t *testing.T) {
	t.Parallel()
	p, s := door(t)
	_, err := s.SignIn(t.Context(), "sari@contoh.go.id", right+"x", "192.0.2.7")
	wantCode(t, err, "session.refused")
	if p.refunded != nil {
		t.Errorf("a failure gives back %v", p.refunded)
	}
	_, err = s.SignIn(t.Context(), "sari@contoh.go.id", right, "192.0.2.7")
	wantCode(t, err, "")
	want := slices.Clone(p.spent)
	want[0].Every = 5 * 30 * time.Second
	if !slices.Equal(p.refunded, want) || p.spent[0].Every != 30*time.Second {
		t.Errorf("gives back %v of %v", p.refunded, p.spent)
	}
}

// What could not be compared, because the request had ended, is given back as it was taken.
func TestWhatIsNotComparedIsGivenBack(t *testing.T) {
	t.Parallel()
	p, s := door(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := s.SignIn(ctx, "sari@contoh.go.id", right, "192.0.2.7")
	if err == nil || got.Token != "" || p.began != nil || !slices.Equal(p.refunded, p.spent) {
		t.Errorf("got %v; gives back %v of %v", err, p.refunded, p.spent)
	}
}

// A confirmation gives the session another token; the old one is forgotten, whatever came of it.
func TestConfirming(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret string
		broken error
		code   string
	}{
		"the right password": {right, nil, ""},
		"a wrong one":        {right + "x", nil, "password.wrong"},
		"the session ended":  {right, Invalid(), "session.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := door(t)
			p.broken = c.broken
			old := Digest("token")
			s.known[old] = remembered{}
			got, err := s.Confirm(t.Context(), authz.Actor{Email: "sari@contoh.go.id"}, "token", c.secret, "192.0.2.7")
			wantCode(t, err, c.code)
			if _, still := s.known[old]; still != (c.code == "password.wrong") {
				t.Errorf("the old token is remembered: %t", still)
			}
			if c.code == "" && (got.Token == "" || got.Token == "token" || !slices.Equal(p.rotated, old[:])) {
				t.Errorf("got token %q for %x", got.Token, p.rotated)
			}
			if f, ok := errors.AsType[*fault.Error](err); ok && c.code == "password.wrong" && f.Field != "password" {
				t.Errorf("names the field %q", f.Field)
			}
		})
	}
}

func TestChangingThePassword(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		present, next string
		code, field   string
	}{
		"another one":           {right, nextOne, "", ""},
		"a wrong present one":   {right + "x", nextOne, "password.wrong", "present"},
		"the same one":          {right, right, "password.same", "next"},
		"one that is too short": {right, "kuda-laut-7", "password.length", "next"},
		"one like the address":  {right, "sari@contoh.go.id", "password.personal", "next"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := door(t)
			s.known[Digest("token")] = remembered{session: Session{Actor: authz.Actor{Officer: other}}}
			err := s.ChangePassword(t.Context(), authz.Actor{Email: "sari@contoh.go.id"}, c.present, c.next, "192.0.2.7")
			wantCode(t, err, c.code)
			if f, ok := errors.AsType[*fault.Error](err); ok && f.Field != c.field {
				t.Errorf("names the field %q", f.Field)
			}
			if (p.hash != "") != (c.code == "") || len(s.known) == 0 != (c.code == "") {
				t.Errorf("hash %q, %d sessions are remembered", p.hash, len(s.known))
			}
			if c.code != "" {
				return
			}
			if ok, err := password.Verify(t.Context(), password.Known, p.hash, c.next); !ok || err != nil {
				t.Errorf("the new password does not fit: %v", err)
			}
		})
	}
}

// A code works once, until just before its 72 hours are over, and only for who is there and active.
func TestSettingAPasswordWithACode(t *testing.T) {
	t.Parallel()
	const code = "abcde-fghjk-mnpqr-stvwx"
	for name, c := range map[string]struct {
		code, next string
		after      time.Duration
		change     func(*porch)
		want       string
	}{
		"the code":                   {code, nextOne, 0, func(*porch) {}, ""},
		"with blanks around":         {" " + code + "\n", nextOne, 0, func(*porch) {}, ""},
		"its last moment":            {code, nextOne, 72*time.Hour - 1, func(*porch) {}, ""},
		"72 hours later":             {code, nextOne, 72 * time.Hour, func(*porch) {}, "setup.refused"},
		"another code":               {code + "y", nextOne, 0, func(*porch) {}, "setup.refused"},
		"no code":                    {"", nextOne, 0, func(*porch) {}, "setup.refused"},
		"no code is out":             {code, nextOne, 0, func(p *porch) { p.kept.Code = SetupKey{} }, "setup.refused"},
		"no such account":            {code, nextOne, 0, func(p *porch) { p.kept = Credential{} }, "setup.refused"},
		"deactivated":                {code, nextOne, 0, func(p *porch) { p.kept.Active = false }, "setup.refused"},
		"used meanwhile":             {code, nextOne, 0, func(p *porch) { p.unused = true }, "setup.refused"},
		"a password that is guessed": {code, "sari@contoh.go.id", 0, func(*porch) {}, "password.personal"},
		"no more attempts":           {code, nextOne, 0, func(p *porch) { p.wait = 1 }, "session.wait"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, s := door(t)
			s.clock.(*clock.Fixed).Advance(c.after)
			p.kept.Code = SetupKey{Digest: sha256.Sum256([]byte(code)), IssuedAt: noon, ExpiresAt: noon.Add(72 * time.Hour)}
			c.change(p)
			err := s.Setup(t.Context(), "Sari@contoh.go.id", c.code, c.next, "192.0.2.7")
			wantCode(t, err, c.want)
			if c.want != "" && c.want != "setup.refused" || c.want == "setup.refused" && !p.unused {
				if p.hash != "" {
					t.Error("a password is set although it was refused")
				}
			}
			if given := p.refunded != nil; given != (c.want == "" || c.want == "password.personal" || p.unused) {
				t.Errorf("gives back %v", p.refunded)
			}
			if f, ok := errors.AsType[*fault.Error](err); ok && c.want == "password.personal" && f.Field != "password" {
				t.Errorf("names the field %q", f.Field)
			}
		})
	}
}
