package exportstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A case has left an export when its custody was given away since the day before the order, and it is not in the scope
// any more. Each condition is needed.
func TestWhatHasLeftAnExport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	away, here := uuid.UUID(b.OpenCase(t, "3204", 1).ID), uuid.UUID(b.OpenCase(t, "3273", 2).ID)
	ordered := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for n, c := range []struct {
		name, kind, state, answered string
		of, holds                   uuid.UUID
		scope                       authz.Scope
		left                        bool
	}{
		{"given away on the day", "custody", "accepted", "2026-11-20", away, away, storetest.In("3273"), true},
		{"the day before", "custody", "accepted", "2026-11-19", away, away, storetest.In("3273"), true},
		{"two days before", "custody", "accepted", "2026-11-18", away, away, storetest.In("3273"), false},
		{"offered, and not taken", "custody", "declined", "2026-11-20", away, away, storetest.In("3273"), false},
		{"a service alone", "service", "accepted", "2026-11-20", away, away, storetest.In("3273"), false},
		{"another case", "custody", "accepted", "2026-11-20", away, here, storetest.In("3273"), false},
		{"still there", "custody", "accepted", "2026-11-20", here, here, storetest.In("3273"), false},
		{"within the province", "custody", "accepted", "2026-11-20", away, away, storetest.In("32"), false},
		{"of the nation", "custody", "accepted", "2026-11-20", away, away, authz.Everywhere(), false},
	} {
		x := export.Export{ID: uuid.UUID{15: byte(n + 1)}, CreatedAt: ordered}
		b.Tamper(t, "delete from referral", "delete from export_case",
			fmt.Sprintf("insert into export_case values ('%s', array['%s']::uuid[])", x.ID, c.holds),
			fmt.Sprintf(`insert into referral (id, case_id, region, kind, from_region, to_region, service, state, offered_on,
				answer_by, answered_on, version) values (gen_random_uuid(), '%s', '3204', '%s', '3273', '3204', 'training', '%s',
				'2026-11-01', '2026-11-30', '%s', 1)`, c.of, c.kind, c.state, c.answered))
		left, err := b.LeftCustody(t.Context(), c.scope, x)
		if err != nil || left != c.left {
			t.Errorf("%s: %t, %v", c.name, left, err)
		}
	}
}

// Whoever takes an export up begins anew: nothing of an earlier attempt is counted.
func TestAnAttemptBeginsWithNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x, err := b.CreateExport(t.Context(), b.Request("", "32"), order(export.Queued))
	storetest.OK(t, err)
	first, err := b.StartExport(t.Context(), x.ID)
	storetest.OK(t, err)
	first.Entries = 70
	storetest.OK(t, b.BeatExport(t.Context(), first))
	if beaten, err := b.OrderedExport(t.Context(), x.ID); err != nil || beaten.Entries != 70 {
		t.Fatalf("%d entries are told of, %v", beaten.Entries, err)
	}
	b.Do(t, "update export set seen_at = clock_timestamp() - $1::interval", export.Idle)
	if second, err := b.StartExport(t.Context(), x.ID); err != nil || second.Entries != 0 {
		t.Errorf("the second attempt begins with %d entries, %v", second.Entries, err)
	}
}

// The notes of a worker are those that somebody wrote, each with the number of its entry: of a correction
// the reason, if there is one, and not the values; nothing where the file is not full.
func TestWhichNotesAreInAnExport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	note := func(version int, text string) {
		_, err := b.Change(t.Context(), b.Request("", "3273"), made.ID, version,
			func(c *casework.Case) (casework.Event, error) {
				return c.Note(identity.NewSecret(text), storetest.Today)
			})
		storetest.OK(t, err)
	}
	correct := func(version int, sealed string) {
		_, err := b.Correct(t.Context(), b.Request("", "3273"), made.ID, version,
			func(*casework.Case, *casework.Person) (casework.Event, error) {
				return casework.Event{Kind: casework.WorkerCorrected, OccurredOn: storetest.Today, Payload: casework.Corrected{},
					Secret: identity.NewSecret(sealed)}, nil
			})
		storetest.OK(t, err)
	}
	note(1, "satu")
	correct(2, `{"changes":[{"field":"name","from":"a","to":"b"}]}`)
	correct(3, `{"reason":"salah ketik","changes":[{"field":"name","from":"b","to":"a"}]}`)
	note(4, "dua")
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	for full, want := range map[bool]string{true: "[{2 satu} {4 salah ketik} {5 dua}]", false: "[]"} {
		storetest.OK(t, b.Snapshot(t.Context(), authz.ScopeOver(region.Code("3273")), export.Export{},
			audit.Checkpoint{Size: size}, func(s export.Snapshot) error {
				return s.People(full, func(p *export.Person) error {
					if got := fmt.Sprint(p.Notes); got != want {
						t.Errorf("full %t: %s, want %s", full, got, want)
					}
					return nil
				})
			}))
	}
}
