package officerstore_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// filled fails when a field of what is saved has no value: it would be lost without anybody noticing.
func filled(t *testing.T, what any, but ...string) {
	t.Helper()
	absent := map[string]bool{}
	for _, name := range but {
		absent[name] = true
	}
	v := reflect.ValueOf(what)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() != absent[name] {
			t.Errorf("%T.%s is %v", what, name, v.Field(i))
		}
	}
}

// change administers an officer in the whole country.
func (b *bundle) change(t *testing.T, by authz.OfficerID, id authz.OfficerID, c officer.Change) officer.Changed {
	t.Helper()
	op := b.national()
	op.Actor = by
	done, err := b.Administer(t.Context(), op, id, func(officer.Officer) error { return nil },
		func(officer.Standing) (officer.Change, error) { return c, nil })
	storetest.OK(t, err)
	return done
}

// events lists what was done to an officer, in order, with how many of it name a grant.
func (b *bundle) events(t *testing.T, id authz.OfficerID) (kinds []string) {
	t.Helper()
	rows, err := storetest.ConnectTo(t, b.Database.AdminDSN).Query(t.Context(),
		`select kind || case when grant_id is null then '' else ' of a grant' end from officer_event
		where officer_id = $1 and actor is not null order by id`, uuid.UUID(id))
	storetest.OK(t, err)
	defer rows.Close()
	for rows.Next() {
		var kind string
		storetest.OK(t, rows.Scan(&kind))
		kinds = append(kinds, kind)
	}
	storetest.OK(t, rows.Err())
	return kinds
}

// What is kept of an officer and of a grant is all of it, through each change; each is one event.
func TestEveryFieldOfAnOfficerAndAGrantIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	second := b.Colleague(t, "3273")
	o, err := b.CreateOfficer(t.Context(), b.national(), officer.Officer{Email: "baru@contoh.go.id", Name: "Baru",
		Office: "32"}, "hash")
	storetest.OK(t, err)
	filled(t, o, "Grants")
	want := officer.Grant{Role: authz.CaseWorker, Region: "3273", From: calendar.MustDate("2026-01-02"),
		Until: calendar.MustDate("2026-12-30"), GrantedBy: b.Officer, ProposedBy: b.Officer}
	given := b.change(t, b.Officer, o.ID, officer.Change{Give: &want}).Grant
	want.ID, want.GrantedAt, want.Pending = given.ID, given.GrantedAt, true
	same := func(got officer.Grant) {
		t.Helper()
		if got != want {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
		read, err := b.GetOfficer(t.Context(), storetest.In("32"), o.ID)
		storetest.OK(t, err)
		if len(read.Grants) != 1 || read.Grants[0] != want {
			t.Errorf("kept is %+v\nwant %+v", read.Grants, want)
		}
	}
	same(given)
	confirmed := b.change(t, second, o.ID, officer.Change{Confirm: given.ID}).Grant
	want.ConfirmedBy, want.Pending = second, false
	same(confirmed)
	b.change(t, second, o.ID, officer.Change{Suspend: []uuid.UUID{given.ID}})
	want.ProposedBy, want.ConfirmedBy, want.Pending = second, authz.OfficerID{}, true
	read, err := b.GetOfficer(t.Context(), storetest.In("32"), o.ID)
	storetest.OK(t, err)
	same(read.Grants[0])
	b.change(t, second, o.ID, officer.Change{Revoke: []uuid.UUID{given.ID}})
	read, err = b.GetOfficer(t.Context(), storetest.In("32"), o.ID)
	storetest.OK(t, err)
	want.RevokedAt = read.Grants[0].RevokedAt
	same(read.Grants[0])
	filled(t, want, "ConfirmedBy")
	_, key := officer.NewSetupKey(time.Now(), b.Measures)
	b.change(t, second, o.ID, officer.Change{Code: &key})
	b.change(t, second, o.ID, officer.Change{Deactivate: true})
	read, err = b.GetOfficer(t.Context(), storetest.In("32"), o.ID)
	storetest.OK(t, err)
	o.Active, o.Version, o.Grants = false, o.Version+2, []officer.Grant{want}
	if !reflect.DeepEqual(read, o) {
		t.Errorf("got %+v\nwant %+v", read, o)
	}
	events := []string{"created", "grant.given of a grant", "grant.confirmed of a grant", "grant.suspended of a grant",
		"grant.revoked of a grant", "code.issued", "deactivated"}
	if got := b.events(t, o.ID); !reflect.DeepEqual(got, events) {
		t.Errorf("events are %v", got)
	}
}

// What is not there, is revoked, or is somebody else's, is not changed; what refuses one step of a change undoes all.
func TestAGrantThatIsNotThereIsNotChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	give := func(to authz.OfficerID, r authz.Role) uuid.UUID {
		return b.change(t, b.Officer, to, officer.Change{Give: &officer.Grant{Role: r, Region: "3273",
			From: storetest.Today}}).Grant.ID
	}
	holder, other := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	held, revoked, others := give(holder, authz.Analyst), give(holder, authz.Mediator), give(other, authz.Analyst)
	b.change(t, b.Officer, holder, officer.Change{Revoke: []uuid.UUID{revoked}})
	for name, grant := range map[string]uuid.UUID{"no grant": uuid.New(), "a revoked one": revoked,
		"somebody else's": others} {
		for what, c := range map[string]officer.Change{"revoke": {Revoke: []uuid.UUID{held, grant}},
			"suspend": {Suspend: []uuid.UUID{held, grant}}, "confirm": {Suspend: []uuid.UUID{held}, Confirm: grant}} {
			_, err := b.Administer(t.Context(), b.national(), holder, func(officer.Officer) error { return nil },
				func(officer.Standing) (officer.Change, error) { return c, nil })
			o, reading := b.GetOfficer(t.Context(), authz.Everywhere(), holder)
			storetest.OK(t, reading)
			if fault.CodeOf(err) != "officer.not_found" || o.Grants[0].Pending || !o.Grants[0].RevokedAt.IsZero() {
				t.Errorf("%s %s: %v, and the other is %+v", what, name, err, o.Grants[0])
			}
		}
	}
}

// Whoever is deactivated administers nothing any more, not even what was decided before.
func TestADeactivatedOfficerChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	gone, other := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	b.change(t, b.Officer, gone, officer.Change{Deactivate: true})
	op := b.As(gone, "32")
	_, err := b.Administer(t.Context(), op, other, func(officer.Officer) error { return nil },
		func(officer.Standing) (officer.Change, error) { return officer.Change{Deactivate: true}, nil })
	storetest.WantCode(t, err, "session.invalid")
}

// What is kept of an emergency is all of it.
func TestEveryFieldOfAnEmergencyIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	auditor := b.As(b.Colleague(t, "3204"), "3204")
	e, err := b.OpenEmergency(t.Context(), b.Request("", "32"), officer.Emergency{Region: "3204", Reason: "banjir"},
		20*time.Minute)
	storetest.OK(t, err)
	filled(t, e, "Verdict", "Remark", "ReviewedBy")
	if e.Officer != b.Officer || e.Name != "Petugas Uji" || e.Region != "3204" || e.Reason != "banjir" ||
		e.Until.Sub(e.OpenedAt) != 20*time.Minute {
		t.Errorf("got %+v", e)
	}
	want := e
	want.Verdict, want.Remark, want.ReviewedBy = officer.Unjustified, "tidak perlu", auditor.Actor
	got, err := b.ReviewEmergency(t.Context(), auditor, e.ID, officer.Unjustified, "tidak perlu")
	storetest.OK(t, err)
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	filled(t, got)
	if n := b.CountRows(t, "select count(*) from emergency where reviewed_at >= opened_at"); n != 1 {
		t.Error("it is not kept when it was judged")
	}
}

// Of many emergencies that are opened at once by one officer, one is.
func TestEmergenciesAtOnceSeeEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 8 {
		op := b.As(b.Colleague(t, "3273"), "32")
		var all sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = b.OpenEmergency(t.Context(), op, officer.Emergency{Region: "3204", Reason: "banjir"}, time.Hour)
			})
		}
		all.Wait()
		opened := 0
		for _, err := range errs {
			if err == nil {
				opened++
			} else if fault.CodeOf(err) != "emergency.open_already" {
				t.Error(err)
			}
		}
		n := b.CountRows(t, "select count(*) from emergency where officer_id = $1", uuid.UUID(op.Actor))
		if opened != 1 || n != 1 {
			t.Errorf("%d were opened, %d are kept", opened, n)
		}
	}
}

// A password of nobody is not set.
func TestAnOfficerWhoIsNotThereGetsNoPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	storetest.WantCode(t, b.ChangePassword(t.Context(), authz.OfficerID(uuid.New()), "x"), "officer.not_found")
}

// An emergency is a right of its officer's sessions in its region while it is open, and of nobody else's: not once its
// time is over, nor once it was judged.
func TestAnEmergencyIsARightWhileItIsOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o, secret := b.signedUp(t, "darurat@contoh.go.id", authz.CaseWorker)
	sessions := b.OfficerService(t).Sessions
	session, err := sessions.SignIn(t.Context(), o.Email, secret, "192.0.2.1")
	storetest.OK(t, err)
	right := func(want bool, when string) {
		t.Helper()
		sessions.Forget(o.ID)
		actor, err := sessions.Authenticate(t.Context(), session.Token)
		storetest.OK(t, err)
		last := actor.Grants[len(actor.Grants)-1]
		if got := last == (authz.Grant{Role: authz.Emergency, Region: "3204"}); got != want ||
			(actor.Emergency != uuid.Nil) != want {
			t.Errorf("%s: %+v", when, actor)
		}
	}
	right(false, "before")
	e, err := b.OpenEmergency(t.Context(), b.As(o.ID, "32"), officer.Emergency{Region: "3204", Reason: "banjir"},
		time.Hour)
	storetest.OK(t, err)
	right(true, "while it is open")
	b.Do(t, "update emergency set until = clock_timestamp(), opened_at = clock_timestamp() - interval '1 minute'")
	right(false, "once its time is over")
	b.Do(t, "update emergency set until = clock_timestamp() + interval '1 minute'")
	right(true, "while it is open again")
	_, err = b.ReviewEmergency(t.Context(), b.As(b.Colleague(t, "3204"), "3204"), e.ID, officer.Justified, "")
	storetest.OK(t, err)
	right(false, "once it was judged")
}
