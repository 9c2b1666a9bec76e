package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

type officerAnswer struct {
	ID     string
	Active bool
	Grants []grantAnswer
	Code   string `json:"setup_code"`
}

type grantAnswer struct {
	ID, Role, Region string
	Pending          bool
}

func officerOf(t *testing.T, asks *apitest.Officer, id string) (o officerAnswer) {
	t.Helper()
	asks.Call(t, http.MethodGet, "/v1/officers/"+id, nil).JSON(t, &o)
	return o
}

func grant(
	t *testing.T,
	by *apitest.Officer,
	to string,
	role authz.Role,
	code region.Code,
) (g grantAnswer, a apitest.Answer) {
	t.Helper()
	a = by.Call(t, http.MethodPost, "/v1/officers/"+to+"/grants", map[string]any{"role": role, "region": code})
	if a.Status == http.StatusCreated {
		a.JSON(t, &g)
	}
	return g, a
}

func confirm(t *testing.T, by *apitest.Officer, of, grant string) apitest.Answer {
	t.Helper()
	return by.Call(t, http.MethodPost, "/v1/officers/"+of+"/grants/"+grant+"/confirmation", nil)
}

// stale makes the password of an officer an old one.
func stale(t *testing.T, b *apitest.Bundle, o *apitest.Officer) {
	t.Helper()
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update session set confirmed_at = now() - interval '6 minutes' where officer_id = $1", uuid.UUID(o.ID)); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(o.ID)
}

func wantAnswer(t *testing.T, what string, a apitest.Answer, status int, code string) {
	t.Helper()
	if a.Status != status || a.Code() != code {
		t.Errorf("%s: %d %s, want %d %s", what, a.Status, a.Body, status, code)
	}
}

// A new officer has no password until they set one, with a code that is shown once, works once and for 72 hours.
func TestAnOfficerSetsTheirOwnPassword(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin := b.Officer(t, authz.Administrator, "32")
	body := map[string]any{"email": "baru@contoh.go.id", "name": "Petugas Baru", "office": "3273"}
	a := admin.Call(t, http.MethodPost, "/v1/officers", body, "Idempotency-Key", "satu")
	var made, again officerAnswer
	if a.JSON(t, &made); a.Status != http.StatusCreated || made.Code == "" {
		t.Fatalf("create: %d %s", a.Status, a.Body)
	}
	if admin.Call(t, http.MethodPost, "/v1/officers", body, "Idempotency-Key", "satu").JSON(t,
		&again); again.ID != made.ID ||
		again.Code != "" {
		t.Errorf("the code is shown again: %+v", again)
	}
	body["password"] = password.Generate()
	wantAnswer(
		t,
		"a password of the administrator's",
		admin.Call(t, http.MethodPost, "/v1/officers", body),
		http.StatusUnprocessableEntity,
		"input.invalid",
	)
	secret := password.Generate()
	set := func(code, secret string) apitest.Answer {
		return from(
			t,
			b,
			"198.51.100.7",
			"/v1/session/setup",
			map[string]any{"email": "Baru@contoh.go.id", "code": code, "password": secret},
		)
	}
	for _, none := range []string{"", made.Code} {
		wantAnswer(
			t,
			"sign-in without a password",
			signIn(t, b, "198.51.100.7", "baru@contoh.go.id", none),
			http.StatusUnauthorized,
			"session.refused",
		)
	}
	wantAnswer(t, "a wrong code", set("salah", secret), http.StatusUnauthorized, "setup.refused")
	wantAnswer(
		t,
		"a weak password",
		set(made.Code, "petugasbaru1"),
		http.StatusUnprocessableEntity,
		"password.personal",
	)
	codes := atOnce(t, 4, func(int) apitest.Answer { return set(made.Code, secret) })
	if codes[""] != 1 || codes["setup.refused"] != 3 {
		t.Errorf("the code four times at once: %v", codes)
	}
	wantAnswer(t, "the password", signIn(t, b, "198.51.100.7", "baru@contoh.go.id", secret), http.StatusCreated, "")
	var kept int
	if err := b.Database.Admin(t).QueryRow(t.Context(), "select count(*) from idempotency where body like '%'||$1||'%'",
		made.Code).Scan(&kept); err != nil ||
		kept != 0 {
		t.Errorf("the code is kept in %d answers, %v", kept, err)
	}
}

func TestACodeEndsAfterThreeDays(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, o := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.CaseWorker, "3273")
	var first, second officerAnswer
	admin.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/setup-code", nil).JSON(t, &first)
	admin.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/setup-code", nil).JSON(t, &second)
	set := func(code string) apitest.Answer {
		return from(
			t,
			b,
			apitest.Address,
			"/v1/session/setup",
			map[string]any{"email": o.Email, "code": code, "password": password.Generate()},
		)
	}
	wantAnswer(t, "a code that another one replaced", set(first.Code), http.StatusUnauthorized, "setup.refused")
	age := func(by string) {
		if _, err := b.Database.Admin(t).Exec(t.Context(),
			"update setup_code set issued_at = issued_at - $1::interval, expires_at = expires_at - $1::interval",
			by); err != nil {
			t.Fatal(err)
		}
	}
	age("72 hours")
	wantAnswer(t, "after 72 hours", set(second.Code), http.StatusUnauthorized, "setup.refused")
	age("-1 minute")
	wantAnswer(t, "before", set(second.Code), http.StatusNoContent, "")
}

// A new code ends the password and the sessions, and what needs a second person needs it again: the code is in the
// hands of the administrator.
func TestANewCodeIsNoWayIn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, second := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Administrator, "32")
	o := b.Officer(t, authz.Supervisor, "3273")
	ask := func(by *apitest.Officer, of string) apitest.Answer {
		return by.Call(t, http.MethodPost, "/v1/officers/"+of+"/setup-code", nil)
	}
	elsewhere, national, gone := b.Officer(
		t,
		authz.CaseWorker,
		"3301",
	), b.Officer(
		t,
		authz.Analyst,
		"3273",
		"",
	), b.Officer(
		t,
		authz.CaseWorker,
		"3273",
	)
	alone := b.Officer(t, authz.Administrator, "3204")
	admin.Call(t, http.MethodPost, "/v1/officers/"+gone.ID.String()+"/deactivation", nil)
	wantAnswer(t, "for oneself", ask(admin, admin.ID.String()), http.StatusForbidden, "setup.own")
	wantAnswer(
		t,
		"for an officer elsewhere",
		ask(admin, elsewhere.ID.String()),
		http.StatusNotFound,
		"officer.not_found",
	)
	wantAnswer(
		t,
		"for one with a right elsewhere",
		ask(admin, national.ID.String()),
		http.StatusConflict,
		"officer.grants_elsewhere",
	)
	wantAnswer(t, "for a deactivated one", ask(admin, gone.ID.String()), http.StatusConflict, "officer.deactivated")
	wantAnswer(
		t,
		"for the only administrator of a region",
		ask(admin, alone.ID.String()),
		http.StatusConflict,
		"officer.last_administrator",
	)
	stale(t, b, admin)
	wantAnswer(
		t,
		"with an old password",
		ask(admin, o.ID.String()),
		http.StatusForbidden,
		"session.confirmation_required",
	)
	admin.Confirm(t)
	var got officerAnswer
	a := ask(admin, o.ID.String())
	if a.JSON(t, &got); a.Status != http.StatusCreated || got.Code == "" {
		t.Fatalf("a new code: %d %s", a.Status, a.Body)
	}
	wantAnswer(
		t,
		"the session",
		o.Call(t, http.MethodGet, "/v1/session", nil),
		http.StatusUnauthorized,
		"session.invalid",
	)
	wantAnswer(
		t,
		"the old password",
		signIn(t, b, apitest.Address, o.Email, o.Password),
		http.StatusUnauthorized,
		"session.refused",
	)
	o.Password = password.Generate()
	wantAnswer(
		t,
		"the code",
		from(
			t,
			b,
			apitest.Address,
			"/v1/session/setup",
			map[string]any{"email": o.Email, "code": got.Code, "password": o.Password},
		),
		http.StatusNoContent,
		"",
	)
	o.SignIn(t)
	wantAnswer(t, "the cases", o.Call(t, http.MethodGet, "/v1/cases", nil), http.StatusForbidden, "authz.forbidden")
	held := officerOf(t, second, o.ID.String()).Grants[0]
	wantAnswer(
		t,
		"confirmed by whoever had the code",
		confirm(t, admin, o.ID.String(), held.ID),
		http.StatusForbidden,
		"grant.own_proposal",
	)
	wantAnswer(t, "confirmed by another", confirm(t, second, o.ID.String(), held.ID), http.StatusOK, "")
	wantAnswer(t, "the cases", o.Call(t, http.MethodGet, "/v1/cases", nil), http.StatusOK, "")
	ministry := b.Officer(t, authz.Administrator, "")
	wantAnswer(t, "from the ministry", ask(ministry, o.ID.String()), http.StatusCreated, "")
	if g := officerOf(t, second, o.ID.String()).Grants[0]; g.Pending {
		t.Error("what the ministry does is pending")
	}
}

// The address of an officer elsewhere is refused without telling of them, and that it was tried is on record.
func TestAnAddressThatIsTakenElsewhere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, auditor := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Auditor, "32")
	near, far := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3301")
	create := func(email string) apitest.Answer {
		return admin.Call(
			t,
			http.MethodPost,
			"/v1/officers",
			map[string]any{"email": email, "name": "Baru", "office": "3273"},
		)
	}
	wantAnswer(t, "here", create(near.Email), http.StatusConflict, "officer.email_taken")
	wantAnswer(t, "elsewhere", create(far.Email), http.StatusConflict, "officer.registered_elsewhere")
	var seen struct {
		Items []struct{ Route, Outcome string }
	}
	auditor.Call(t, http.MethodGet, "/v1/access?officer="+admin.ID.String(), nil).JSON(t, &seen)
	if len(seen.Items) != 1 || seen.Items[0].Route != "officer-create" || seen.Items[0].Outcome != "refused" {
		t.Errorf("on record: %+v", seen.Items)
	}
}

// What an administrator does is kept, and the program cannot change it.
func TestAdministrationIsKept(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry := b.Officer(t, authz.Administrator, "")
	o := b.Officer(t, authz.Analyst, "3273")
	g, _ := grant(t, ministry, o.ID.String(), authz.Supervisor, "3273")
	ministry.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/grants/"+g.ID+"/revocation", nil)
	ministry.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/setup-code", nil)
	ministry.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/deactivation", nil)
	var kinds string
	err := b.Database.Admin(t).
		QueryRow(t.Context(),
			"select string_agg(kind, ' ' order by id) from officer_event where officer_id = $1 and actor = $2", uuid.UUID(o.ID),
			uuid.UUID(ministry.ID)).
		Scan(&kinds)
	if want := "grant.given grant.revoked code.issued grant.revoked deactivated"; err != nil || kinds != want {
		t.Errorf("got %q, %v, want %q", kinds, err, want)
	}
	for _, statement := range []string{"delete from officer_event", "update officer_event set kind = 'created'",
		"truncate officer_event"} {
		if _, err := b.Store.Pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: done", statement)
		}
	}
}

// A grant counts from the day on that it is today in its region, by default: at once.
func TestAGrantOfTodayCountsAtOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry := b.Officer(t, authz.Administrator, "")
	for _, code := range []region.Code{"", "3273", "5171", "9103"} {
		o := b.Officer(t, authz.CaseWorker)
		if _, a := grant(t, ministry, o.ID.String(), authz.CaseWorker, code); a.Status != http.StatusCreated {
			t.Fatalf("grant: %s", a.Body)
		}
		wantAnswer(t, "today in "+string(code), o.Call(t, http.MethodGet, "/v1/cases", nil), http.StatusOK, "")
	}
}
