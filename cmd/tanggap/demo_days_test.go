package main

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vault"
)

// The office can be made on any day: at the ends of months of every length, late in the evening, and by a clock that is
// a day further in Jakarta.
func TestTheDemoOfficeCanBeMadeOnAnyDay(t *testing.T) {
	t.Parallel()
	for _, now := range []string{"2026-03-31T16:59:00Z", "2026-03-01T00:30:00Z", "2026-05-31T17:30:00Z",
		"2026-10-30T04:00:00Z"} {
		t.Run(now, func(t *testing.T) {
			t.Parallel()
			at := must(time.Parse(time.RFC3339, now))(t)
			r, a := reachedAt(t, at)
			made := must(makeDemo(t.Context(), r, a, false))(t)
			if err := made.fill(t.Context()); err != nil {
				t.Fatal(err)
			}
			work := must(a.services.Work.CountWork(t.Context(), authz.Everywhere(),
				track.WorkFilter{Until: calendar.MustDate("2099-12-31")}, calendar.Of(at, calendar.WIB)))(t)
			late := 0
			for _, w := range work {
				late += w.Overdue
			}
			if late == 0 {
				t.Errorf("nothing is late: %v", work)
			}
		})
	}
}

// A database without officers that holds histories is somebody's: a copy that was brought back in part, say.
func TestTheDemoIsRefusedBesideHistories(t *testing.T) {
	t.Parallel()
	r, a := reachedAt(t, must(time.Parse(time.RFC3339, "2026-10-30T04:00:00Z"))(t))
	r.found = store.Found{Data: true}
	if made, err := makeDemo(t.Context(), r, a, true); !errors.Is(err, errNotDemo) || made.secrets != nil {
		t.Errorf("made %v, %v", made, err)
	}
}

// reachedAt is a new database, and the program over it by a clock that stands.
func reachedAt(t *testing.T, at time.Time) (*reached, *app) {
	t.Helper()
	db, folder := storetest.New(t), t.TempDir()
	v := must(vault.Generate())(t)
	r := &reached{app: db.AppDSN, vault: v, log: must(translog.NewKey("tanggap/test", v.Derive("checkpoint v1")))(t),
		sink: translog.Folder{Path: filepath.Join(folder, "checkpoints")}, exports: filepath.Join(folder, "exports"),
		documents: filepath.Join(folder, "documents"), keys: filepath.Join(folder, "keys.json")}
	a := must(openAt(t.Context(), r, 4, slog.New(slog.DiscardHandler), clock.At(at)))(t)
	t.Cleanup(a.store.Close)
	return r, a
}
