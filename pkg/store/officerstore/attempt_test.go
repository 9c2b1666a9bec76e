package officerstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A budget holds so many attempts at once and is refilled one by one; what is refused takes nothing from any budget,
// and what is full again leaves no row.
func TestABudgetIsRefilledOneByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now().Truncate(time.Second)
	small, large := officer.Budget{
		Key:   "small",
		Most:  3,
		Every: time.Minute,
	}, officer.Budget{
		Key:   "large",
		Most:  100,
		Every: time.Second,
	}
	spend := func(want time.Duration) {
		t.Helper()
		wait, err := b.Spend(t.Context(), now, []officer.Budget{small, large})
		storetest.OK(t, err)
		if wait != want {
			t.Fatalf("wait %s, want %s", wait, want)
		}
	}
	for range 3 {
		spend(0)
	}
	spend(time.Minute)
	spend(time.Minute)
	now = now.Add(59 * time.Second)
	spend(time.Second)
	now = now.Add(time.Second)
	spend(0)
	spend(time.Minute)
	storetest.OK(t, b.Refund(t.Context(), []officer.Budget{small}))
	spend(0)
	spend(time.Minute)
	now = now.Add(3 * time.Minute)
	for range 3 {
		spend(0)
	}
	spend(time.Minute)
	now = now.Add(time.Hour)
	wait, err := b.Spend(t.Context(), now, []officer.Budget{{Key: "other", Most: 1, Every: time.Second}})
	storetest.OK(t, err)
	if n := b.CountRows(t, "select count(*) from sign_in_budget"); wait != 0 || n != 1 {
		t.Errorf("%d rows are left, wait %s", n, wait)
	}
}

// After five wrong passwords the right one waits half a minute, and works then; a success begins anew.
func TestFiveFailuresAndAWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, secret := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	at := clock.At(time.Now())
	sessions := officer.NewSessions(b, at)
	try := func(secret, want string) {
		t.Helper()
		_, err := sessions.SignIn(t.Context(), o.Email, secret, here)
		storetest.WantCode(t, err, want)
	}
	for range 5 {
		try("salah sekali", "session.refused")
	}
	try(secret, "session.wait")
	at.Advance(29 * time.Second)
	try(secret, "session.wait")
	at.Advance(time.Second)
	try(secret, "")
	for range 5 {
		try("salah sekali", "session.refused")
	}
	_, err := sessions.SignIn(t.Context(), o.Email, secret, here)
	if f, is := errors.AsType[*fault.Error](err); !is || f.Kind != fault.TooMany || f.Args["seconds"] != "30" {
		t.Errorf("got %v", err)
	}
}

// Addresses of one IPv6 network are one caller; what is kept of an address or account is not the address or account.
func TestWhatIsKeptOfAttempts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sessions := officer.NewSessions(b, clock.At(time.Now()))
	for i := range 6 {
		err := sessions.Setup(t.Context(), "siapa@contoh.go.id", "salah", "x", fmt.Sprintf("2001:db8:1:2:%x::1", i))
		if want := map[bool]string{true: "setup.refused", false: "session.wait"}[i < 5]; fault.CodeOf(err) != want {
			t.Errorf("%d: %v", i, err)
		}
	}
	storetest.WantCode(t, sessions.Setup(t.Context(), "siapa@contoh.go.id", "salah", "x", "2001:db8:1:3::1"),
		"setup.refused")
	storetest.WantCode(t, sessions.Setup(t.Context(), "siapa@contoh.go.id", "salah", "x", "::ffff:192.0.2.77"),
		"setup.refused")
	if n := b.CountRows(t, "select count(*) from sign_in_budget where octet_length(key) <> 16"); n != 0 {
		t.Errorf("%d keys are no digests", n)
	}
	if n := b.CountRows(t, "select count(*) from sign_in_budget"); n != 3+3+1+1 {
		t.Errorf("%d budgets, want of 3 addresses alone and with the account, of the account, and of all", n)
	}
}

// The addresses that are remembered of an officer are the last twenty of ninety days.
func TestRememberedAddressesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, _ := b.signedUp(t, "a@contoh.go.id", authz.CaseWorker)
	now := time.Now()
	start := func(address string) {
		t.Helper()
		c, err := b.Credential(t.Context(), o.Email, address)
		storetest.OK(t, err)
		now = now.Add(time.Second)
		_, _, err = b.StartSession(
			t.Context(),
			officer.SessionStart{
				Officer: o.ID,
				Hash:    c.Hash,
				Digest:  officer.Digest(address + now.String()),
				Now:     now,
				Expires: now.Add(time.Hour),
				Most:    10,
				Address: address,
			},
		)
		storetest.OK(t, err)
	}
	knows := func(address string, want bool) {
		t.Helper()
		c, err := b.Credential(t.Context(), o.Email, address)
		storetest.OK(t, err)
		if c.Known != want {
			t.Errorf("%s is known: %t", address, c.Known)
		}
	}
	knows("10.0.0.0", false)
	for i := range 20 {
		start(fmt.Sprintf("10.0.0.%d", i))
	}
	knows("10.0.0.0", true)
	start("10.0.0.20")
	knows("10.0.0.0", false)
	knows("10.0.0.1", true)
	now = now.Add(90 * 24 * time.Hour)
	start("10.0.0.21")
	knows("10.0.0.20", false)
	knows("10.0.0.21", true)
}
