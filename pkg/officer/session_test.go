package officer

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
)

// vestibule keeps one session, found under its token, and counts how often it was looked at and touched.
type vestibule struct {
	SessionStore
	session         Session
	seen            time.Time
	looked, touched int
	broken          error
	during          func() // runs while the session is read
}

func (v *vestibule) FindSession(_ context.Context, digest []byte) (Session, time.Time, error) {
	v.looked++
	if v.during != nil {
		v.during()
	}
	if d := Digest("token"); string(digest) != string(d[:]) {
		return Session{}, time.Time{}, Invalid()
	}
	return v.session, v.seen, v.broken
}

func (v *vestibule) TouchSession(context.Context, []byte) error { v.touched++; return nil }

func (v *vestibule) EndSession(context.Context, []byte) error { return v.broken }

// begun is a session that began at noon and was used then.
func begun() (*vestibule, *Sessions, *clock.Fixed) {
	at := clock.At(noon)
	v := &vestibule{session: Session{Actor: authz.Actor{Officer: other}, CreatedAt: noon,
		ExpiresAt: noon.Add(12 * time.Hour)}, seen: noon}
	return v, NewSessions(v, at), at
}

// 30 minutes without use, 12 hours in any case; the last instant of each still counts.
func TestTheLastInstantOfASession(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		used, now time.Duration
		code      string
	}{
		"just used":                  {0, 0, ""},
		"30 minutes without use":     {0, 30 * time.Minute, ""},
		"a moment longer":            {0, 30*time.Minute + 1, "session.invalid"},
		"12 hours":                   {12*time.Hour - time.Minute, 12 * time.Hour, ""},
		"a moment more than 12":      {12*time.Hour - time.Minute, 12*time.Hour + 1, "session.invalid"},
		"used, and 30 minutes later": {time.Hour, 90 * time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, s, at := begun()
			v.seen = noon.Add(c.used)
			at.Advance(c.now)
			actor, err := s.Authenticate(t.Context(), "token")
			wantCode(t, err, c.code)
			if (actor.Officer == other) != (c.code == "") {
				t.Errorf("got %v", actor.Officer)
			}
			_, err = s.Authenticate(t.Context(), "tokens")
			wantCode(t, err, "session.invalid")
		})
	}
}

// Who is recognised is told when the session ends without more use: 30 minutes after the last, and never after 12
// hours.
func TestHowLongASessionLasts(t *testing.T) {
	t.Parallel()
	v, s, at := begun()
	for _, c := range []struct{ seen, until time.Duration }{
		{0, 30 * time.Minute}, {10 * time.Minute, 40 * time.Minute}, {11*time.Hour + 30*time.Minute, 12 * time.Hour},
		{11*time.Hour + 29*time.Minute, 12*time.Hour - time.Minute}, {11*time.Hour + 50*time.Minute, 12 * time.Hour},
	} {
		v.seen = noon.Add(c.seen)
		at.Advance(noon.Add(c.seen).Sub(at.Now()))
		for range 2 { // read, and remembered
			s.Forget(third)
			actor, err := s.Authenticate(t.Context(), "token")
			wantCode(t, err, "")
			if !actor.SessionUntil.Equal(noon.Add(c.until)) {
				t.Errorf("used %v after noon: until %v, want %v", c.seen, actor.SessionUntil.Sub(noon), c.until)
			}
		}
		s.Forget(other)
	}
}

// A session is remembered for 20 seconds, and read again after; it is touched when it was used more than a minute ago.
func TestHowLongASessionIsRemembered(t *testing.T) {
	t.Parallel()
	v, s, at := begun()
	for _, c := range []struct {
		after           time.Duration
		looked, touched int
	}{
		{0, 1, 0}, {20 * time.Second, 1, 0}, {1, 2, 0}, {20 * time.Second, 2, 0}, {20*time.Second - 1, 3, 0},
		{20*time.Second + 1, 4, 1},
	} {
		at.Advance(c.after)
		_, err := s.Authenticate(t.Context(), "token")
		wantCode(t, err, "")
		if v.looked != c.looked || v.touched != c.touched {
			t.Errorf("%v after noon: looked %d times, touched %d times; want %d, %d", at.Now().Sub(noon), v.looked, v.touched,
				c.looked, c.touched)
		}
	}
}

// What is remembered does not outlive the session itself, nor an emergency access of its officer.
func TestARememberedSessionEndsOnTime(t *testing.T) {
	t.Parallel()
	v, s, at := begun()
	v.session.ExpiresAt = noon.Add(10 * time.Second)
	_, err := s.Authenticate(t.Context(), "token")
	wantCode(t, err, "")
	at.Advance(10*time.Second + 1)
	_, err = s.Authenticate(t.Context(), "token")
	wantCode(t, err, "session.invalid")

	v, s, at = begun()
	v.session.Actor.EmergencyUntil = noon.Add(10 * time.Second)
	for _, c := range []struct {
		after  time.Duration
		looked int
	}{{0, 1}, {10*time.Second - 1, 1}, {1, 2}} {
		at.Advance(c.after)
		_, err = s.Authenticate(t.Context(), "token")
		wantCode(t, err, "")
		if v.looked != c.looked {
			t.Errorf("%v after noon: looked %d times, want %d", at.Now().Sub(noon), v.looked, c.looked)
		}
	}
}

// Forgetting an officer forgets theirs and no other's; the zero id forgets all. What was read before is not remembered.
func TestWhatIsForgotten(t *testing.T) {
	t.Parallel()
	ask := func(t *testing.T, s *Sessions) {
		t.Helper()
		_, err := s.Authenticate(t.Context(), "token")
		wantCode(t, err, "")
	}
	for name, c := range map[string]struct {
		forget func(*testing.T, *Sessions)
		looked int
	}{
		"nobody":        {func(*testing.T, *Sessions) {}, 1},
		"the officer":   {func(_ *testing.T, s *Sessions) { s.Forget(other) }, 2},
		"another one":   {func(_ *testing.T, s *Sessions) { s.Forget(third) }, 1},
		"everybody":     {func(_ *testing.T, s *Sessions) { s.Forget(authz.OfficerID{}) }, 2},
		"by its end":    {func(t *testing.T, s *Sessions) { wantCode(t, s.SignOut(t.Context(), "token"), "") }, 2},
		"another's end": {func(t *testing.T, s *Sessions) { wantCode(t, s.SignOut(t.Context(), "other"), "") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, s, _ := begun()
			ask(t, s)
			c.forget(t, s)
			ask(t, s)
			if v.looked != c.looked {
				t.Errorf("looked %d times, want %d", v.looked, c.looked)
			}
		})
	}
	v, s, _ := begun()
	v.during = func() { s.Forget(third) }
	ask(t, s)
	ask(t, s)
	if v.looked != 2 {
		t.Error("a session that was read while something was forgotten is remembered")
	}
}

// A database that fails is no end of a session, and an end that failed is forgotten all the same.
func TestASessionAndABrokenDatabase(t *testing.T) {
	t.Parallel()
	v, s, _ := begun()
	_, err := s.Authenticate(t.Context(), "token")
	wantCode(t, err, "")
	v.broken = fault.New(fault.Unavailable, "database.unavailable")
	wantCode(t, s.SignOut(t.Context(), "token"), "database.unavailable")
	_, err = s.Authenticate(t.Context(), "token")
	wantCode(t, err, "database.unavailable")
	v.broken = errors.New("torn")
	if _, err = s.Authenticate(t.Context(), "token"); !errors.Is(err, v.broken) {
		t.Errorf("got %v", err)
	}
}

func TestTokensDiffer(t *testing.T) {
	t.Parallel()
	a, first := newToken()
	b, second := newToken()
	if a == b || first == second || first != Digest(a) || len(a) != 43 {
		t.Errorf("got %d and %d characters", len(a), len(b))
	}
}

// Two ends during one reading are two, whatever they end: neither takes the other back.
func TestTwoEndsDuringOneReading(t *testing.T) {
	t.Parallel()
	forget := func(s *Sessions) { s.Forget(third) }
	end := func(s *Sessions) { _ = s.SignOut(t.Context(), "other") }
	for name, ends := range map[string][]func(*Sessions){"forgotten, ended": {forget, end},
		"ended, forgotten": {end, forget},
		"ended twice":      {end, end}} {
		v, s, _ := begun()
		v.during = func() {
			for _, f := range ends {
				f(s)
			}
		}
		for range 2 {
			_, err := s.Authenticate(t.Context(), "token")
			wantCode(t, err, "")
		}
		if v.looked != 2 {
			t.Errorf("%s: the session is remembered", name)
		}
	}
}

// refusing opens and reviews emergencies, or refuses.
type refusing struct {
	EmergencyStore
	err error
}

func (r refusing) OpenEmergency(context.Context, authz.Op, Emergency, time.Duration) (Emergency, error) {
	return Emergency{Officer: other}, r.err
}

func (r refusing) ReviewEmergency(context.Context, authz.Op, uuid.UUID, EmergencyVerdict, string) (Emergency, error) {
	return Emergency{Officer: other}, r.err
}

// The rights of whoever has an emergency begin and end at once: their session is read again. A refusal changes none.
func TestAnEmergencyIsKnownAtOnce(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*Service) error{
		"opened": func(s *Service) error {
			_, err := s.OpenEmergency(t.Context(), authz.Op{Actor: other}, "3273", "banjir", time.Minute)
			return err
		},
		"reviewed": func(s *Service) error {
			_, err := s.ReviewEmergency(t.Context(), authz.Op{Actor: caller}, uuid.Nil, "", "")
			return err
		},
	} {
		for code, looked := range map[string]int{"": 2, "emergency.closed": 1} {
			v, sessions, _ := begun()
			s := desk(t, of("3273"))
			s.Sessions = sessions
			var refusal error
			if code != "" {
				refusal = fault.New(fault.Conflict, code)
			}
			s.Emergencies = refusing{err: refusal}
			_, err := sessions.Authenticate(t.Context(), "token")
			wantCode(t, err, "")
			wantCode(t, act(s), code)
			_, err = sessions.Authenticate(t.Context(), "token")
			wantCode(t, err, "")
			if v.looked != looked {
				t.Errorf("%s, %q: looked %d times, want %d", name, code, v.looked, looked)
			}
		}
	}
}
