package officerstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// administrator is a further officer who holds a role in a region.
func (b *bundle) holding(t *testing.T, role authz.Role, code region.Code) (authz.OfficerID, uuid.UUID) {
	t.Helper()
	id := b.Colleague(t, "3273")
	g, err := b.GrantRole(t.Context(), authz.Op{Scope: authz.Everywhere()}, id, officer.Grant{Role: role, Region: code,
		From: storetest.Today})
	storetest.OK(t, err)
	return id, g.ID
}

// Who is weighed against an administrator that goes: administrators of the same region, active, in force or to come.
func TestWhoStandsBesideAnAdministrator(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who, own := b.holding(t, authz.Administrator, "3273")
	_, stays := b.holding(t, authz.Administrator, "3273")
	b.holding(t, authz.Administrator, "3204")
	b.holding(t, authz.Administrator, "32")
	b.holding(t, authz.Supervisor, "3273")
	gone, _ := b.holding(t, authz.Administrator, "3273")
	b.Do(t, "update officer set active = false where id = $1", uuid.UUID(gone))
	_, revoked := b.holding(t, authz.Administrator, "3273")
	b.Tamper(t, fmt.Sprintf("update officer_grant set revoked_at = now() where id = '%s'", revoked))
	_, waits := b.holding(t, authz.Administrator, "3273")
	b.Tamper(t, fmt.Sprintf("update officer_grant set proposed_by = officer_id where id = '%s'", waits))
	var at officer.Standing
	_, err := b.Administer(t.Context(), b.Op(""), who, func(officer.Officer) error { return nil },
		func(s officer.Standing) (officer.Change, error) { at = s; return officer.Change{}, nil })
	storetest.OK(t, err)
	if len(at.Administrators) != 1 || at.Administrators[0].ID != stays {
		t.Errorf("beside are %+v, want %s", at.Administrators, stays)
	}
	if at.Officer.ID != who || len(at.Officer.Grants) != 1 || at.Officer.Grants[0].ID != own {
		t.Errorf("the officer is %+v", at.Officer)
	}
}

// Ten sessions of an officer go on; an eleventh ends the oldest. Of who is no longer active none is found.
func TestAnEleventhSessionEndsTheOldest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.holding(t, authz.CaseWorker, "3273")
	b.Do(t, "update officer set password_hash = 'h' where id = $1", uuid.UUID(id))
	digest := func(n int) [32]byte { return [32]byte{byte(n)} }
	alive := func() (list []int) {
		for n := 1; n <= 12; n++ {
			d := digest(n)
			if _, _, err := b.FindSession(t.Context(), d[:]); err == nil {
				list = append(list, n)
			}
		}
		return list
	}
	for n := 1; n <= 12; n++ {
		now := time.Now()
		begun, ended, err := b.StartSession(t.Context(), officer.SessionStart{Officer: id, Hash: "h", Digest: digest(n),
			Now:     now,
			Expires: now.Add(time.Hour), Most: 10, Address: "192.0.2.1"})
		storetest.OK(t, err)
		if !begun || ended != (n > 10) {
			t.Errorf("session %d: begun %t, another ended %t", n, begun, ended)
		}
	}
	if got := fmt.Sprint(alive()); got != "[3 4 5 6 7 8 9 10 11 12]" {
		t.Errorf("alive are %s", got)
	}
	begun, _, err := b.StartSession(t.Context(), officer.SessionStart{Officer: id, Hash: "another", Digest: digest(13),
		Now:     time.Now(),
		Expires: time.Now().Add(time.Hour), Most: 10})
	if err != nil || begun {
		t.Errorf("a session of another password begins: %v", err)
	}
	b.Do(t, "update officer set active = false where id = $1", uuid.UUID(id))
	if got := alive(); len(got) != 0 {
		t.Errorf("of an officer who is not active there are %v", got)
	}
}
