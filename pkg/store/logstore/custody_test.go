package logstore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

const interleavings = 1000

// office is one of the two that work on a case at the same time, and what it was told that it had done.
type office struct {
	code  region.Code
	op    authz.Op
	notes []string
	done  int
}

// Two offices offer, take back, accept, decline, let expire and write notes at the same time, in any order. Whatever
// comes of it: exactly one of them has the case, every entry was written by the office that had it then, and whatever
// anybody was told is done is in the history, which verifies.
func TestCustodyHasOneWriterAtEveryInstant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tracks := &track.Service{Store: b.Stores, Referrals: b.Stores, Cases: casework.New(casework.Deps{Store: b.Stores,
		Clock: clock.System(), Tree: storetest.Regions(t)}), Rules: track.Rules{Measures: b.Measures}}
	officers := make([]authz.OfficerID, 2)
	for i, code := range []string{"3273", "3204"} {
		officers[i] = authz.OfficerID(uuid.New())
		b.Do(t, `insert into officer (id, email, name, office, password_hash) values ($1, $2, 'Petugas', $2, '')`,
			uuid.UUID(officers[i]), code)
	}
	var workers sync.WaitGroup
	seeds := make(chan uint64)
	for range 4 {
		workers.Go(func() {
			for seed := range seeds {
				if err := contend(t, b, tracks, officers, seed); err != nil {
					t.Errorf("interleaving %d: %v", seed, err)
				}
			}
		})
	}
	for seed := range uint64(interleavings) {
		seeds <- seed
	}
	close(seeds)
	workers.Wait()
	b.Do(t, "update referral set answer_by = offered_on - 1 where state = 'offered'")
	for range 3 { // a few hundred at once
		storetest.OK(t, tracks.ExpireReferrals(t.Context()))
	}
	var states string
	storetest.OK(t, storetest.ConnectTo(t, b.Database.AdminDSN).QueryRow(t.Context(),
		"select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from referral group "+
			"by 1) s").Scan(&states))
	t.Log(states)
	for _, state := range []string{"accepted", "declined", "expired", "taken_back"} {
		if !strings.Contains(states, state) {
			t.Errorf("no offer was %s: %s", state, states)
		}
	}
	if strings.Contains(states, "offered") {
		t.Errorf("an offer is still open: %s", states)
	}
	report := verifyFile(t, exportedOf(t, b, authz.Everywhere(), export.JSONL, audit.Checkpoint{}))
	if report.Finding != nil || report.Cases != interleavings {
		t.Errorf("%d cases, %v", report.Cases, report.Finding)
	}
}

func contend(t *testing.T, b *bundle, tracks *track.Service, officers []authz.OfficerID, seed uint64) error {
	id := b.OpenCase(t, "3273", int(seed)+1).ID
	offices := []*office{{code: "3273"}, {code: "3204"}}
	var both sync.WaitGroup
	for i, o := range offices {
		o.op = authz.Op{Actor: officers[i], Scope: authz.ScopeOver(o.code)}
		both.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for step := range 6 {
				o.step(t, tracks, id, offices[1-i].code, r, fmt.Sprintf("%s %d", o.code, step))
			}
		})
	}
	both.Wait()
	return settled(t, tracks, id, offices)
}

// step does one thing, at random; a refusal is an answer like any other.
func (o *office) step(t *testing.T, tracks *track.Service, id casework.ID, other region.Code, r *rand.Rand,
	text string) {
	f, _, err := tracks.Cases.Get(t.Context(), o.op.Scope, id)
	has := err == nil
	referrals, _ := tracks.Referrals.ListReferrals(t.Context(), o.op.Scope,
		map[bool]*track.Direction{true: new(track.Outgoing),
			false: new(track.Incoming)}[has], new(track.ReferralOffered), uuid.Nil, 200)
	referrals = slices.DeleteFunc(referrals, func(v track.ReferralView) bool { return v.Case != id })
	switch n := r.IntN(10); {
	case n < 4:
		if _, err = tracks.Cases.Note(t.Context(), o.op, id, max(f.Version, 2), text, calendar.Date{}); err == nil {
			o.notes = append(o.notes, text)
		}
	case has && n < 8:
		_, err = tracks.Refer(t.Context(), track.Target{Op: o.op, Case: id, Version: f.Version},
			track.Referral{Kind: track.CustodyTransfer, To: other, Service: "all"})
	case len(referrals) == 0:
		return
	case has && n == 8:
		_, err = tracks.AnswerReferral(t.Context(), o.op, referrals[0].ID, referrals[0].Version, track.ReferralTakenBack)
	case has:
		err = tracks.ExpireReferrals(t.Context())
	default:
		to := []track.ReferralState{track.ReferralAccepted, track.ReferralAccepted, track.ReferralDeclined,
			track.ReferralExpired}[r.IntN(4)]
		if to == track.ReferralExpired {
			late := *tracks // a day after the last one
			late.Cases = casework.New(casework.Deps{Store: tracks.Cases.Store, Tree: tracks.Cases.Tree,
				Clock: clock.At(clock.System().Now().Add(20 * 24 * time.Hour))})
			tracks = &late
		}
		_, err = tracks.AnswerReferral(t.Context(), o.op, referrals[0].ID, referrals[0].Version, to)
		if err == nil && to == track.ReferralAccepted {
			o.done++
		}
	}
	if err != nil && !fault.KindOf(err).Valid() {
		t.Errorf("%s: %v", text, err)
	}
}

// settled looks at what the two offices left behind.
func settled(t *testing.T, tracks *track.Service, id casework.ID, offices []*office) error {
	var entries []casework.Entry
	var holder region.Code
	for _, o := range offices {
		f, list, err := tracks.Cases.Get(t.Context(), o.op.Scope, id)
		if err != nil {
			continue
		}
		if holder != "" {
			return errors.New("two offices have the case")
		}
		holder, entries = f.Region, list
		if f.Region != o.code {
			return fmt.Errorf("%s reads a case of %s", o.code, f.Region)
		}
	}
	if holder == "" {
		return errors.New("nobody has the case")
	}
	writer, moved, notes := region.Code("3273"), 0, map[string]bool{}
	for _, e := range entries {
		by := region.Code("")
		for _, o := range offices {
			if e.Actor == o.op.Actor {
				by = o.code
			}
		}
		switch {
		case e.Kind == "custody.moved":
			moved++
			if by == writer {
				return fmt.Errorf("entry %d: %s gave the case to itself", e.Seq, by)
			}
			writer = by
		case e.Kind == "referral.answered" && !strings.Contains(e.Payload, `"taken_back"`):
			if by == writer {
				return fmt.Errorf("entry %d: %s answered its own offer", e.Seq, by)
			}
		case e.Seq > 1 && by != writer:
			return fmt.Errorf("entry %d, %s, was written by %q while %s had the case", e.Seq, e.Kind, by, writer)
		}
		if note := e.Note.Reveal(); note != "" {
			notes[note] = true
		}
	}
	if writer != holder || moved != offices[0].done+offices[1].done {
		return fmt.Errorf("the history says %s after %d moves, the case is with %s after %d", writer, moved, holder,
			offices[0].done+offices[1].done)
	}
	for _, o := range offices {
		for _, note := range o.notes {
			if !notes[note] {
				return fmt.Errorf("the note %q is lost", note)
			}
		}
	}
	return nil
}
