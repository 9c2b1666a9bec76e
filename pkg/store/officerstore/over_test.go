package officerstore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// opensEmergency has an officer of their own open an emergency access in 3204.
func (b *bundle) opensEmergency(t *testing.T) officer.Emergency {
	t.Helper()
	e, err := b.OpenEmergency(t.Context(), b.As(b.Colleague(t, "3273"), "32"),
		officer.Emergency{Region: "3204", Reason: "banjir"}, time.Hour)
	storetest.OK(t, err)
	return e
}

// Emergencies are listed newest first, as many as are asked for, and those that nobody has judged by themselves.
func TestWhichEmergenciesAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second, third := b.opensEmergency(t), b.opensEmergency(t), b.opensEmergency(t)
	_, err := b.ReviewEmergency(t.Context(), b.As(b.Colleague(t, "3204"), "3204"), second.ID, officer.Justified, "")
	storetest.OK(t, err)
	for name, x := range map[string]struct {
		scope authz.Scope
		open  bool
		limit int
		want  []uuid.UUID
	}{
		"all":             {storetest.In("3204"), false, 9, []uuid.UUID{third.ID, second.ID, first.ID}},
		"a page of two":   {storetest.In("32"), false, 2, []uuid.UUID{third.ID, second.ID}},
		"to be judged":    {storetest.In("3204"), true, 9, []uuid.UUID{third.ID, first.ID}},
		"of a neighbour":  {storetest.In("3273"), false, 9, nil},
		"of nobody":       {authz.Scope{}, false, 9, nil},
		"one to be shown": {storetest.In("3204"), true, 1, []uuid.UUID{third.ID}},
	} {
		list, err := b.ListEmergencies(t.Context(), x.scope, x.open, x.limit)
		storetest.OK(t, err)
		var got []uuid.UUID
		for _, e := range list {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: got %v, want %v", name, got, x.want)
		}
	}
}

// One that was judged would have lasted longer: it stands before no other one, neither as a right nor as an obstacle.
func TestAJudgedEmergencyHidesNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	judged := b.opensEmergency(t)
	_, err := b.ReviewEmergency(t.Context(), b.As(b.Colleague(t, "3204"), "3204"), judged.ID, officer.Unjustified, "")
	storetest.OK(t, err)
	open := func() error {
		_, err := b.OpenEmergency(t.Context(), b.As(judged.Officer, "32"),
			officer.Emergency{Region: "3204", Reason: "gempa"}, time.Minute)
		return err
	}
	storetest.OK(t, open())
	storetest.WantCode(t, open(), "emergency.open_already")
}

// Of several that nobody has judged, the one that still lasts is the right and the obstacle, not one that is over.
func TestAnEmergencyThatIsOverHidesNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	over := b.opensEmergency(t)
	b.Do(t, "update emergency set opened_at = opened_at - interval '2 hours', until = until - interval '2 hours'")
	open := func() error {
		_, err := b.OpenEmergency(t.Context(), b.As(over.Officer, "32"),
			officer.Emergency{Region: "3204", Reason: "gempa"}, time.Hour)
		return err
	}
	storetest.OK(t, open())
	storetest.WantCode(t, open(), "emergency.open_already")
}

// Sessions that are over go when the next one begins, and everybody is told.
func TestASessionThatIsOverGoesWithTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.Colleague(t, "3273")
	begin := func(n byte) bool {
		t.Helper()
		now := time.Now()
		begun, ended, err := b.StartSession(t.Context(), officer.SessionStart{Officer: id, Digest: [32]byte{n}, Now: now,
			Expires: now.Add(time.Hour), Most: 10, Address: "192.0.2.1"})
		storetest.OK(t, err)
		if !begun {
			t.Fatal("no session begins")
		}
		return ended
	}
	if begin(1) || begin(2) {
		t.Error("a session ended that is not over")
	}
	b.Do(t, `update session set created_at = now() - interval '2 hours', expires_at = now() - interval '1 second'
		where token_digest = $1`, append([]byte{1}, make([]byte, 31)...))
	if !begin(3) {
		t.Error("nobody is told that one is over")
	}
	if n := b.CountRows(t, "select count(*) from session where officer_id = $1", uuid.UUID(id)); n != 2 {
		t.Errorf("%d are kept", n)
	}
}

// Who sets a password in another way than by the code needs the code no more, nor can anybody else use it.
func TestANewPasswordEndsTheCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now()
	key := officer.SetupKey{Digest: [32]byte{1}, IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
	o, _, err := b.Invite(t.Context(), b.national(),
		officer.Officer{Email: "baru@contoh.go.id", Name: "Baru", Office: "3273"}, key)
	storetest.OK(t, err)
	storetest.OK(t, b.ChangePassword(t.Context(), o.ID, "h"))
	if used, err := b.UseSetupCode(t.Context(), o.ID, key, "i"); err != nil || used {
		t.Errorf("the code is used: %t, %v", used, err)
	}
	if n := b.CountRows(t, "select count(*) from officer where id = $1 and password_hash = 'h'", uuid.UUID(o.ID)); n != 1 {
		t.Error("the password is another one")
	}
}
