package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/password"
)

// from makes a request without a session, from an address.
func from(t *testing.T, b *apitest.Bundle, address, path string, body map[string]any) apitest.Answer {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(text))
	r.RemoteAddr = net.JoinHostPort(address, "1234")
	r.Header.Set("Content-Type", "application/json")
	return b.Do(r)
}

func signIn(t *testing.T, b *apitest.Bundle, address, email, secret string) apitest.Answer {
	t.Helper()
	return from(t, b, address, "/v1/session", map[string]any{"email": email, "password": secret})
}

// guessCode tries the door that hashes nothing; all doors spend from the same budgets.
func guessCode(t *testing.T, b *apitest.Bundle, address, email string) apitest.Answer {
	t.Helper()
	return from(t, b, address, "/v1/session/setup", map[string]any{"email": email, "code": "salah", "password": "x"})
}

// atOnce makes n calls side by side and counts their codes, "" for success; what may be tried again says when.
func atOnce(t *testing.T, n int, call func(i int) apitest.Answer) map[string]int {
	t.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	codes := map[string]int{}
	for i := range n {
		group.Go(func() {
			a := call(i)
			mu.Lock()
			defer mu.Unlock()
			codes[a.Code()]++
			if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); (a.Status == http.StatusTooManyRequests ||
				a.Status == http.StatusServiceUnavailable) &&
				(err != nil || seconds < 1) {
				t.Errorf("%d without Retry-After", a.Status)
			}
			if a.Status >= http.StatusInternalServerError && a.Status != http.StatusServiceUnavailable {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	group.Wait()
	return codes
}

// Every door that takes a password or a code looks at five wrong ones of a burst, and the doors share what is left.
func TestABurstIsLookedAtFiveTimes(t *testing.T) {
	t.Parallel()
	for name, door := range map[string]struct {
		refused string
		call    func(b *apitest.Bundle, o *apitest.Officer) apitest.Answer
	}{
		"sign-in": {"session.refused", func(b *apitest.Bundle, o *apitest.Officer) apitest.Answer {
			return signIn(t, b, apitest.Address, o.Email, "salah sekali")
		}},
		"change": {"password.wrong", func(_ *apitest.Bundle, o *apitest.Officer) apitest.Answer {
			return o.Call(t, http.MethodPost, "/v1/session/password", map[string]any{"present": "salah sekali",
				"next": password.Generate()})
		}},
		"confirmation": {"password.wrong", func(_ *apitest.Bundle, o *apitest.Officer) apitest.Answer {
			return o.Call(t, http.MethodPost, "/v1/session/confirmation", map[string]any{"password": "salah sekali"})
		}},
		"setup": {"setup.refused", func(b *apitest.Bundle, o *apitest.Officer) apitest.Answer {
			return from(t, b, apitest.Address, "/v1/session/setup", map[string]any{"email": o.Email, "code": "salah",
				"password": password.Generate()})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := apitest.New(t)
			o := b.Officer(t, authz.CaseWorker, "3273")
			codes := atOnce(t, 60, func(int) apitest.Answer { return door.call(b, o) })
			if codes[door.refused] != 5 || codes["session.wait"] != 55 {
				t.Errorf("of 60 at once: %v", codes)
			}
			for path, body := range map[string]map[string]any{"/v1/session/password": {"present": o.Password,
				"next": password.Generate()}, "/v1/session/confirmation": {"password": o.Password}} {
				if a := o.Call(t, http.MethodPost, path, body); a.Code() != "session.wait" {
					t.Errorf("%s with the right password: %s", path, a.Body)
				}
			}
			if a := signIn(t, b, apitest.Address, o.Email, o.Password); a.Code() != "session.wait" {
				t.Errorf("the right password at the same address: %s", a.Body)
			}
		})
	}
}

// An account that exists, one that does not and one that is deactivated answer alike, whichever door is tried how
// often.
func TestAnswersDoNotTellWhetherThereIsAnAccount(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	there, gone := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	admin := b.Officer(t, authz.Administrator, "")
	if a := admin.Call(t, http.MethodPost, "/v1/officers/"+gone.ID.String()+"/deactivation", nil); a.Status != http.StatusOK {
		t.Fatalf("deactivate: %s", a.Body)
	}
	doors := map[string]func(email string) map[string]any{
		"/v1/session": func(email string) map[string]any {
			return map[string]any{"email": email,
				"password": "salah sekali"}
		},
		"/v1/session/setup": func(email string) map[string]any {
			return map[string]any{"email": email, "code": "salah", "password": "x"}
		},
	}
	n := 0
	for path, body := range doors {
		n++
		for _, address := range []string{fmt.Sprintf("198.51.100.%d", n), fmt.Sprintf("2001:db8:%d::1", n)} {
			var want []string
			for who, email := range map[string]string{"there": there.Email, "deactivated": gone.Email,
				"nobody": uuid.NewString() + "@contoh.go.id"} {
				var got []string
				for range 7 {
					a := from(t, b, address, path, body(email))
					got = append(
						got,
						fmt.Sprint(
							a.Status,
							a.Code(),
							a.Header.Get("Content-Type"),
							a.Header.Get("Www-Authenticate"),
							a.Header.Get("Retry-After") != "",
						),
					)
				}
				if want == nil {
					want = got
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, %s from %s:\n%v\n%v", path, who, address, got, want)
				}
			}
			if last := want[len(want)-1]; !strings.Contains(last, "session.wait") ||
				strings.Contains(want[4], "session.wait") {
				t.Errorf("%s is not held after five: %v", path, want)
			}
		}
	}
}

// Strangers elsewhere keep nobody out who has signed in before: neither by one account nor by the sum of all they try.
func TestStrangersDoNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	refused := 0
	for i := range 20 {
		for range 6 {
			if a := guessCode(t, b, fmt.Sprintf("198.51.100.%d", i), o.Email); a.Code() == "setup.refused" {
				refused++
			}
		}
	}
	if refused != 50 {
		t.Errorf("%d guesses at one account from 20 addresses were looked at, want 50", refused)
	}
	if a := signIn(t, b, "203.0.113.9", o.Email, o.Password); a.Code() != "session.wait" {
		t.Errorf("the account from one more address: %d %s", a.Status, a.Body)
	}
	if a := signIn(t, b, apitest.Address, o.Email, o.Password); a.Status != http.StatusCreated {
		t.Errorf("the owner, where they signed in before: %d %s", a.Status, a.Body)
	}
}

// One guess at each of many accounts is as little looked at as many at one: per address, and over all.
func TestSprayingIsThrottled(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	codes := atOnce(t, 40, func(i int) apitest.Answer {
		return guessCode(t, b, "198.51.100.7", fmt.Sprintf("a%d@contoh.go.id", i))
	})
	if codes["session.wait"] < 8 || codes["setup.refused"] > 32 {
		t.Errorf("40 accounts from one address: %v", codes)
	}
	if a := signIn(t, b, "198.51.100.7", "a99@contoh.go.id", "salah sekali"); a.Code() != "session.wait" {
		t.Errorf("another door: %s", a.Body)
	}
	if a := signIn(t, b, "198.51.100.8", "a99@contoh.go.id", "salah sekali"); a.Code() != "session.refused" {
		t.Errorf("another address: %s", a.Body)
	}
	var rows int
	if err := b.Database.Admin(t).QueryRow(t.Context(), "select count(*) from sign_in_budget").Scan(&rows); err != nil ||
		rows > 3*33 {
		t.Errorf("%d rows, %v: refused attempts leave something behind", rows, err)
	}
}

// Thirty officers who come at the same second are signed in, or told when to come again.
func TestAMorningOfSignIns(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	officers := make([]*apitest.Officer, 30)
	for i := range officers {
		officers[i] = b.Officer(t, authz.CaseWorker, "3273")
	}
	codes := atOnce(t, len(officers), func(i int) apitest.Answer {
		return signIn(t, b, apitest.Address, officers[i].Email, officers[i].Password)
	})
	if codes[""]+codes["session.busy"]+codes["session.wait"] != len(officers) || codes[""] < 10 {
		t.Errorf("got %v", codes)
	}
}

// An officer at an address of theirs signs in beside a hundred strangers who try accounts that do not exist, from
// everywhere.
func TestStrangersDoNotHoldTheOwnerUp(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	codes := atOnce(t, 100, func(i int) apitest.Answer {
		if i == 50 {
			a := signIn(t, b, apitest.Address, o.Email, o.Password)
			if a.Status != http.StatusCreated {
				t.Errorf("the officer: %d %s", a.Status, a.Body)
			}
			return a
		}
		return signIn(t, b, fmt.Sprintf("198.51.100.%d", i), uuid.NewString()+"@contoh.go.id", "salah sekali")
	})
	if codes["session.refused"]+codes["session.busy"] != 99 {
		t.Errorf("got %v", codes)
	}
}

// The password given again widens what the session may do: from then on it has another token.
func TestAConfirmationRotatesTheToken(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	old := o.Token
	o.Call(t, http.MethodGet, "/v1/session", nil) // remembered
	o.Confirm(t)
	if o.Token == old {
		t.Fatal("the token is the same")
	}
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); a.Status != http.StatusOK {
		t.Errorf("the new token: %s", a.Body)
	}
	o.Token = old
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); a.Code() != "session.invalid" {
		t.Errorf("the old token: %d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodPost, "/v1/session/confirmation",
		map[string]any{"password": o.Password}); a.Code() != "session.invalid" {
		t.Errorf("the old token confirmed: %d %s", a.Status, a.Body)
	}
}

// A new password that would be guessed is refused with its reason and leaves the old one; a good one ends all sessions.
func TestAChangeOfPassword(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	change := func(next string) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/session/password", map[string]any{"present": o.Password, "next": next})
	}
	for next, code := range map[string]string{"aaaaaaaaaaaa": "password.repeated", "123456789012": "password.sequence",
		"password1234": "password.common", o.Email: "password.personal",
		o.Password: "password.same", "pendek": "password.length", "petugas case_worker": "password.personal"} {
		a := change(next)
		var p struct {
			Errors []struct{ Field, Code string }
		}
		if a.JSON(t, &p); a.Status != http.StatusUnprocessableEntity || a.Code() != code || len(p.Errors) != 1 ||
			p.Errors[0].Field != "next" {
			t.Errorf("%q: %d %s", next, a.Status, a.Body)
		}
	}
	next := password.Generate()
	if a := change(next); a.Status != http.StatusNoContent {
		t.Fatalf("a good one: %d %s", a.Status, a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); a.Code() != "session.invalid" {
		t.Errorf("the session goes on: %s", a.Body)
	}
	if a := signIn(t, b, apitest.Address, o.Email, o.Password); a.Code() != "session.refused" {
		t.Errorf("the old password: %s", a.Body)
	}
	if a := signIn(t, b, apitest.Address, o.Email, next); a.Status != http.StatusCreated {
		t.Errorf("the new password: %s", a.Body)
	}
}

// Whoever has no role sees and ends their own session and changes their password, and may nothing else.
func TestOnesOwnSessionNeedsNoRole(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker)
	var session struct{ Rights []any }
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); a.Status != http.StatusOK {
		t.Fatalf("see: %s", a.Body)
	} else if a.JSON(t, &session); len(session.Rights) != 0 {
		t.Errorf("rights: %s", a.Body)
	}
	o.Confirm(t)
	for _, path := range []string{"/v1/cases", "/v1/regions", "/v1/offices", "/v1/classes", "/v1/officers"} {
		if a := o.Call(t, http.MethodGet, path, nil); a.Code() != "authz.forbidden" {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := o.Call(t, http.MethodDelete, "/v1/session", nil); a.Status != http.StatusNoContent {
		t.Errorf("sign out: %s", a.Body)
	}
	if a := o.Call(t, http.MethodGet, "/v1/session", nil); a.Code() != "session.invalid" {
		t.Errorf("after it: %s", a.Body)
	}
}

// What is longer than any token is none; what could be one is looked for.
func TestATokenHasALength(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	for header, code := range map[string]string{"": "session.missing", "Bearer ": "session.missing", "Basic x": "session.missing",
		"Bearer x": "session.invalid", "Bearer " + strings.Repeat("x", 256): "session.invalid",
		"Bearer " + strings.Repeat("x", 257): "session.missing"} {
		r := httptest.NewRequest(http.MethodGet, "/v1/session", nil)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		if a := b.Do(r); a.Status != http.StatusUnauthorized || a.Code() != code {
			t.Errorf("%.20q of %d: %d %s", header, len(header), a.Status, a.Body)
		}
	}
}
