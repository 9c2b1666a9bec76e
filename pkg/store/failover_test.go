package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// openPair is a store over both servers of a pair, as a program opens it.
func openPair(t *testing.T, p *storetest.Pair, timeline string) (*stores.Stores, error) {
	t.Helper()
	v, err := vault.Generate()
	storetest.OK(t, err)
	return stores.Open(t.Context(), store.Config{DSN: p.DSN(), MaxConns: 8, Vault: v, Tree: storetest.Regions(t),
		Timeline: timeline})
}

// until waits for a condition that a failing program would never meet; a busy machine takes its time to.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	deadline, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for !met() {
		select {
		case <-deadline.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func ask(t *testing.T, n *storetest.Node, sql string) string {
	t.Helper()
	answer, err := n.Ask(t.Context(), sql)
	storetest.OK(t, err)
	return answer
}

const entriesThere = "select count(*) from case_history"

// Ten times the primary loses its power, its standby takes its place, and the old one comes back as it was and takes
// writes. Clients repeat what was not acknowledged. Nothing acknowledged is lost, nothing is there twice, and the old
// primary is not written to.
func TestTenFailoversLoseNothing(t *testing.T) {
	t.Parallel()
	const rounds, writers, work, attempts = 10, 6, 100, 18
	p := storetest.NewPair(t, store.Migrate)
	s, err := openPair(t, p, "")
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	drill := &storetest.Drill{Store: s}
	working, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { drill.Run(working, writers); close(ended) }()
	more := func(counter *atomic.Int64, n int64) func() bool {
		from := counter.Load()
		return func() bool { return counter.Load() >= from+n }
	}
	primary, standby := p.Nodes[0], p.Nodes[1]
	for round := range rounds {
		until(t, "acknowledged work", more(&drill.Acknowledged, work))
		primary.Kill()
		storetest.OK(t, standby.Promote(t.Context()))
		storetest.OK(t, primary.Start(t.Context(), "synchronous_standby_names="))
		before := ask(t, primary, entriesThere)
		until(t, "attempts", more(&drill.Tried, attempts))
		if after := ask(t, primary, entriesThere); after != before {
			t.Errorf("round %d: the old primary had %s entries and has %s", round, before, after)
		}
		storetest.OK(t, primary.Follow(t.Context(), standby))
		primary, standby = standby, primary
	}
	until(t, "acknowledged work", more(&drill.Acknowledged, work))
	stop()
	<-ended
	lost, doubled, err := drill.Check(t.Context(), primary.AdminDSN())
	if err != nil || lost != 0 || doubled != 0 {
		t.Errorf("%d acknowledged requests are lost, %d are there twice, %v", lost, doubled, err)
	}
	t.Logf("%d requests were acknowledged, in %d attempts", drill.Acknowledged.Load(), drill.Tried.Load())
}

// With its standby gone the primary has rows that a failover would lose: neither the request nor its repeats are
// acknowledged, nor is what says that the work is done already.
func TestARepeatWaitsForTheStandby(t *testing.T) {
	t.Parallel()
	p := storetest.NewPair(t, store.Migrate)
	primary, standby := p.Nodes[0], p.Nodes[1]
	s, err := openPair(t, p, "")
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	storetest.OK(t, s.Confirmed(t.Context()))
	b := &bundle{&storetest.Office{Stores: s}}
	request := func(key string) (casework.State, error) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		return s.Open(ctx, b.Request(key, "3273"), storetest.Opening(t, "3273", 1))
	}
	standby.Kill()
	for range 4 {
		if got, err := request("kunci"); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("acknowledged without its standby: %v, %v", got, err)
		}
	}
	until(t, "the row to be seen", func() bool { return ask(t, primary, "select count(*) from cases") == "1" })
	_, err = request("kunci")
	storetest.WantCode(t, err, "request.unconfirmed")
	_, err = request("lain")
	storetest.WantCode(t, err, "request.unconfirmed")
	wait, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	storetest.WantCode(t, s.Confirmed(wait), "request.unconfirmed")

	primary.Kill()
	storetest.OK(t, standby.Start(t.Context()))
	storetest.OK(t, standby.Promote(t.Context()))
	if got := ask(t, standby, "select count(*) from cases"); got != "0" {
		t.Fatalf("%s cases came over: the test proves nothing", got)
	}
	storetest.OK(t, primary.Follow(t.Context(), standby))
	var made casework.State
	until(t, "the acknowledgement", func() bool { made, err = request("kunci"); return err == nil })
	again, err := request("kunci")
	if storetest.OK(t, err); again != made || ask(t, standby, "select count(*) from cases") != "1" {
		t.Errorf("the repeat gave %v, not %v", again, made)
	}
	_, err = request("lain")
	storetest.WantCode(t, err, "case.already_registered")
	storetest.OK(t, s.Confirmed(t.Context()))
}

// A standby that is promoted while its primary lives takes the connections with it.
func TestConnectionsToAReplacedPrimaryAreCut(t *testing.T) {
	t.Parallel()
	p := storetest.NewPair(t, store.Migrate)
	old, promoted := p.Nodes[0], p.Nodes[1]
	s, err := openPair(t, p, "")
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	watched := make(chan error, 1)
	go func() { watched <- s.WatchAccess(t.Context(), func(authz.OfficerID) {}) }()
	until(t, "the listener", func() bool {
		return ask(t, old, "select count(*) from pg_stat_activity where query like 'listen%'") == "1"
	})
	for _, n := range p.Nodes { // either confirms by itself now
		storetest.OK(t, n.Reset(t.Context(), "synchronous_standby_names"))
	}
	storetest.OK(t, promoted.Promote(t.Context()))
	select {
	case err := <-watched:
		if err == nil {
			t.Error("the listener ended without an error")
		}
	case <-time.After(time.Minute):
		t.Fatal("the listener still hears the old primary")
	}
	before := ask(t, old, entriesThere)
	b := &bundle{&storetest.Office{Stores: s}}
	for n := range 20 {
		until(t, "a write", func() bool {
			_, err := s.Open(t.Context(), b.Request("", "3273"), storetest.Opening(t, "3273", n+1))
			return err == nil
		})
	}
	if after := ask(t, old, entriesThere); after != before {
		t.Errorf("the old primary had %s entries and has %s", before, after)
	}
	if got := ask(t, old, "select count(*) from pg_stat_activity where application_name = 'tanggap'"); got != "0" {
		t.Errorf("%s connections to the old primary", got)
	}
}

// What a program has seen of the timelines is still known after its restart, when only the old primary is up.
func TestTheTimelineOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	p := storetest.NewPair(t, store.Migrate)
	old, promoted := p.Nodes[0], p.Nodes[1]
	file := filepath.Join(t.TempDir(), "timeline.json")
	old.Kill()
	storetest.OK(t, promoted.Promote(t.Context()))
	s, err := openPair(t, p, file)
	storetest.OK(t, err)
	s.Close()
	promoted.Kill()
	storetest.OK(t, old.Start(t.Context()))
	_, err = openPair(t, p, file)
	if !errors.Is(err, store.ErrOtherHistory) || !strings.Contains(err.Error(), file) {
		t.Fatalf("got %v", err)
	}
	s, err = openPair(t, p, filepath.Join(t.TempDir(), "other.json"))
	if storetest.OK(t, err); err == nil {
		s.Close()
	}
}
