package officerstore_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// begin makes a session whose token has the digest n, last used and ending so long before or after now.
func (b *bundle) begin(t *testing.T, id authz.OfficerID, n byte, now time.Time, used, ends time.Duration) uuid.UUID {
	t.Helper()
	session := uuid.New()
	b.Do(t, `insert into session (id, token_digest, officer_id, last_seen_at, expires_at) values ($1, $2, $3, $4, $5)`,
		session, append([]byte{n}, make([]byte, 31)...), uuid.UUID(id), now.Add(used), now.Add(ends))
	return session
}

// One's own sessions are told while they go on: neither one that nobody used for too long, nor one that is over, nor
// another officer's. The one used last comes first.
func TestWhichSessionsAreHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own, other := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	now := time.Now().UTC().Truncate(time.Microsecond)
	const idle = -30 * time.Minute
	earlier := b.begin(t, own, 1, now, -time.Minute, time.Hour)
	atTheEdges := b.begin(t, own, 2, now, idle, 0)
	b.begin(t, own, 3, now, idle-time.Microsecond, time.Hour)
	b.begin(t, own, 4, now, -time.Minute, -time.Microsecond)
	b.begin(t, other, 5, now, -time.Minute, time.Hour)
	list, err := b.ListSessions(t.Context(), own, append([]byte{2}, make([]byte, 31)...), now.Add(idle), now)
	storetest.OK(t, err)
	if len(list) != 2 || list[0].ID != earlier || list[1].ID != atTheEdges || list[0].Own || !list[1].Own {
		t.Errorf("%+v", list)
	}
}

// A session is ended by the officer whose it is; another's is not there.
func TestASessionIsEndedByItsOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own, other := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	session := b.begin(t, own, 1, time.Now(), 0, time.Hour)
	storetest.WantCode(t, b.EndHeld(t.Context(), other, session), "session.not_found")
	if n := b.CountRows(t, "select count(*) from session"); n != 1 {
		t.Error("another officer ended it")
	}
	storetest.OK(t, b.EndHeld(t.Context(), own, session))
	storetest.WantCode(t, b.EndHeld(t.Context(), own, session), "session.not_found")
}

// A password is set by the code that is out, once: not by one before it, and not by another officer's.
func TestWhichCodeSetsAPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now()
	code := func(n byte) officer.SetupKey {
		return officer.SetupKey{Digest: [32]byte{n}, IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
	}
	invite := func(email string, n byte) authz.OfficerID {
		o, _, err := b.Invite(t.Context(), b.national(), officer.Officer{Email: email, Name: "Baru", Office: "3273"}, code(n))
		storetest.OK(t, err)
		return o.ID
	}
	own, other := invite("satu@contoh.go.id", 1), invite("dua@contoh.go.id", 2)
	for _, c := range []struct {
		name string
		of   authz.OfficerID
		code byte
		used bool
	}{
		{"a code that never was", own, 9, false},
		{"the code of another", own, 2, false},
		{"one's own", own, 1, true},
		{"the same again", own, 1, false},
		{"the other's", other, 2, true},
	} {
		used, err := b.UseSetupCode(t.Context(), c.of, code(c.code), "hash "+c.name)
		if err != nil || used != c.used {
			t.Errorf("%s: %t, %v", c.name, used, err)
		}
		set := b.CountRows(t, "select count(*) from officer where id = $1 and password_hash = $2", uuid.UUID(c.of),
			"hash "+c.name)
		if (set == 1) != c.used {
			t.Errorf("%s: the password is set %d times", c.name, set)
		}
	}
}
