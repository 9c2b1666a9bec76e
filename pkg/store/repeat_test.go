package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// work is one kind of POST: it does what the operation's request asks for and gives an answer that can be compared.
// Changed is how often its effect is in the database.
type work struct {
	name    string
	do      func(t *testing.T, b *bundle, op authz.Op) (string, error)
	effects string
	once    int    // effects after one request
	lost    string // code of the answer to a repeat after the caller lost the scope
}

// works needs the case, officer, grant and intake that prepared made.
func works(p prepared) []work {
	change := func(fn func(*casework.Case) (casework.Event, error)) func(*testing.T, *bundle, authz.Op) (string, error) {
		return func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			s, err := b.Change(t.Context(), op, p.c, 1, fn)
			return fmt.Sprint(s), err
		}
	}
	entries := fmt.Sprintf(`select count(*) from case_history where case_id = '%s'`, p.c)
	return []work{
		{"advance", change(storetest.Advance(casework.Training)), entries, 2, "case.not_found"},
		{"close", change(storetest.Advance(casework.Closed)), entries, 2, "case.not_found"},
		{"note", change(func(c *casework.Case) (casework.Event, error) {
			return c.Note(identity.NewSecret("x"), storetest.Today)
		}), entries, 2, "case.not_found"},
		{"open", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			s, err := b.Open(t.Context(), op, storetest.Opening(t, "3273", 77))
			return fmt.Sprint(s), err
		}, `select count(*) from cases`, 2, "case.not_found"},
		{"layoff", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			l, err := b.CreateLayoff(t.Context(), op, layoff.Layoff{Employer: layoff.Employer{Name: "PT Uji", Region: "3273"}})
			return l.ID.String(), err
		}, `select count(*) from layoff`, 1, "layoff.not_found"},
		{"officer", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			o, err := b.CreateOfficer(t.Context(), op, officer.Officer{Email: "baru@contoh.go.id", Name: "Baru", Office: "3273"},
				"x")
			return o.ID.String(), err
		}, `select count(*) from officer where email = 'baru@contoh.go.id'`, 1, "officer.not_found"},
		{"deactivation", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			return "", b.OfficerService(t).Deactivate(t.Context(), op, p.other)
		},
			`select version from officer where email = 'lain@contoh.go.id'`, 2, "officer.not_found"},
		{"grant", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			g, err := b.GrantRole(t.Context(), op, p.other, officer.Grant{Role: authz.Analyst, Region: "3273",
				From: storetest.Today})
			return g.ID.String(), err
		}, `select count(*) from officer_grant`, 2, "officer.not_found"},
		{"revocation", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			return "", b.OfficerService(t).Revoke(t.Context(), op, p.other, p.grant)
		},
			`select count(*) from officer_grant where revoked_at is not null`, 1, "officer.not_found"},
		{"code", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			_, err := b.OfficerService(t).Readmit(t.Context(), op, p.other)
			return "", err
		}, `select count(*) from setup_code`, 1, "officer.not_found"},
		{"invitation", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			_, key := officer.NewSetupKey(time.Now(), b.Measures)
			o, _, err := b.Invite(t.Context(), op, officer.Officer{Email: "undang@contoh.go.id", Name: "Undang", Office: "3273"},
				key)
			return o.ID.String(), err
		}, `select count(*) from setup_code`, 1, "officer.not_found"},
		{"upload", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			in, _, err := b.CreateIntake(t.Context(), op, intake.Intake{Region: "3273", FileName: "a.csv"}, []byte("a"))
			return in.ID.String(), err
		}, `select count(*) from intake`, 2, "intake.not_found"},
		{"cancellation", func(t *testing.T, b *bundle, op authz.Op) (string, error) {
			in, err := b.StartIntake(t.Context(), op, p.intake, intake.Cancelled)
			return string(in.State), err
		}, `select version from intake where file_name = 'lama.csv'`, 2, "intake.not_found"},
	}
}

type prepared struct {
	c      casework.ID
	other  authz.OfficerID
	grant  uuid.UUID
	intake uuid.UUID
}

func prepare(t *testing.T) (*bundle, prepared) {
	t.Helper()
	b := setup(t)
	p := prepared{c: b.OpenCase(t, "3273", 1).ID}
	o, err := b.CreateOfficer(t.Context(), b.Request("", "3273"), officer.Officer{Email: "lain@contoh.go.id", Name: "Lain",
		Office: "3273"}, "x")
	storetest.OK(t, err)
	p.other = o.ID
	g, err := b.GrantRole(t.Context(), b.Request("", "3273"), o.ID, officer.Grant{Role: authz.CaseWorker, Region: "3273",
		From: storetest.Today})
	storetest.OK(t, err)
	p.grant = g.ID
	i, _, err := b.CreateIntake(t.Context(), b.Request("", "3273"), intake.Intake{Region: "3273", FileName: "lama.csv"},
		[]byte("lama"))
	storetest.OK(t, err)
	p.intake = i.ID
	return b, p
}

// eachWork runs a test for every kind of POST on a database of its own.
func eachWork(t *testing.T, fn func(t *testing.T, b *bundle, w work)) {
	t.Helper()
	for i, w := range works(prepared{}) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			b, p := prepare(t)
			fn(t, b, works(p)[i])
		})
	}
}

// The same request again, or ten times at once, has one effect and one answer.
func TestARepeatHasOneEffectAndTheSameAnswer(t *testing.T) {
	t.Parallel()
	eachWork(t, func(t *testing.T, b *bundle, w work) {
		op := b.Request("kunci", "3273")
		const many = 10
		answers := make([]string, many)
		errs := make([]error, many)
		var group sync.WaitGroup
		for i := range many {
			group.Go(func() { answers[i], errs[i] = w.do(t, b, op) })
		}
		group.Wait()
		again, err := w.do(t, b, op)
		storetest.OK(t, err)
		for i := range many {
			if fault.CodeOf(errs[i]) == "idempotency.in_progress" || fault.CodeOf(errs[i]) == "request.concurrent" {
				continue // one that asks while another works may be told to come again (R3)
			}
			if errs[i] != nil || answers[i] != again {
				t.Errorf("request %d: %s %v, want %s", i, answers[i], errs[i], again)
			}
		}
		if got := b.CountRows(t, w.effects); got != w.once {
			t.Errorf("%d effects, want %d", got, w.once)
		}
	})
}

// A key belongs to what was asked under it.
func TestAKeyIsForOneRequest(t *testing.T) {
	t.Parallel()
	eachWork(t, func(t *testing.T, b *bundle, w work) {
		_, err := w.do(t, b, b.Request("kunci", "3273"))
		storetest.OK(t, err)
		other := b.Request("kunci", "3273")
		other.Request.Digest = []byte("another body")
		_, err = w.do(t, b, other)
		storetest.WantCode(t, err, "idempotency.key_reused")
		if got := b.CountRows(t, w.effects); got != w.once {
			t.Errorf("%d effects, want %d", got, w.once)
		}
	})
}

// A repeat is authorised like a new request: to whoever has lost the region the work is not there any more.
func TestARepeatAfterTheScopeWasLostIsNotFound(t *testing.T) {
	t.Parallel()
	eachWork(t, func(t *testing.T, b *bundle, w work) {
		_, err := w.do(t, b, b.Request("kunci", "3273"))
		storetest.OK(t, err)
		for _, scope := range [][]region.Code{{}, {"3204"}, {"11", "3204"}} {
			got, err := w.do(t, b, b.Request("kunci", scope...))
			if fault.CodeOf(err) != w.lost {
				t.Errorf("%q got %q, %v; want %s", scope, got, err, w.lost)
			}
		}
		if got := b.CountRows(t, w.effects); got != w.once {
			t.Errorf("%d effects, want %d", got, w.once)
		}
	})
}

// Another caller, or another route, has keys of its own.
func TestKeysAreOfOneCallerAndRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	_, err := b.Change(t.Context(), b.Request("kunci", "3273"), made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	op := b.Request("kunci", "3273")
	op.Actor = authz.OfficerID(uuid.New())
	_, err = b.Change(t.Context(), op, made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.WantCode(t, err, "case.stale")
	op = b.Request("kunci", "3273")
	op.Request.Route = "other"
	_, err = b.Change(t.Context(), op, made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.WantCode(t, err, "case.stale")
	if got := b.CountRows(t, `select count(*) from case_history`); got != 2 {
		t.Errorf("%d entries", got)
	}
}

// Of many officers who read the same version, exactly one changes the case; the others are told that it has changed.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	const many = 8
	errs := make([]error, many)
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			op := b.Request(fmt.Sprintf("k%d", i), "3273")
			op.Actor = authz.OfficerID(uuid.New())
			_, errs[i] = b.Change(t.Context(), op, made.ID, 1, storetest.Advance(casework.Benefit))
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case fault.KindOf(err) != fault.Stale:
			t.Errorf("got %v", err)
		}
	}
	if got := b.CountRows(t, `select count(*) from case_history`); won != 1 || got != 2 {
		t.Errorf("%d won, %d entries", won, got)
	}
}

// What failed keeps nothing: the key may be used for the request that mends it.
func TestAFailedRequestKeepsNoAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	wrong := func(c *casework.Case) (casework.Event, error) {
		return casework.Event{}, fault.New(fault.Conflict, "case.closed")
	}
	_, err := b.Change(t.Context(), b.Request("kunci", "3273"), made.ID, 1, wrong)
	storetest.WantCode(t, err, "case.closed")
	_, err = b.Change(t.Context(), b.Request("kunci", "3273"), made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
}

// Answers are kept for two days and hold nothing personal.
func TestKeptAnswersAreForgotten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.Open(t.Context(), b.Request("a", "3273"), storetest.Opening(t, "3273", 1))
	storetest.OK(t, err)
	b.Do(t, `update idempotency set created_at = now() - interval '47 hours'`)
	for _, c := range []struct {
		age  string
		want int64
	}{{"47 hours", 0}, {"49 hours", 1}} {
		b.Do(t, `update idempotency set created_at = now() - $1::interval`, c.age)
		n, err := b.ForgetAnswers(t.Context())
		storetest.OK(t, err)
		if n != c.want {
			t.Errorf("after %s %d are forgotten, want %d", c.age, n, c.want)
		}
		if n == 0 && b.CountRows(t, `select count(*) from idempotency where body ~* 'siti|32730101'`) != 0 {
			t.Error("a kept answer holds a name or a NIK")
		}
	}
}
