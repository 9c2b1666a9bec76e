package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// The measures of a drill.
const (
	stepsOfCase = 5 // one opening, then notes
	tryFor      = 400 * time.Millisecond
	longestTry  = 10 * time.Second
	pauseFor    = 10 * time.Millisecond
)

// Drill is work that goes on while servers fail: writers who repeat each request under its key until it is
// acknowledged, as clients do, and who keep what was acknowledged. Whatever fails the servers, nothing of it may be
// lost or doubled.
type Drill struct {
	Store *stores.Stores

	Acknowledged atomic.Int64 // requests
	Tried        atomic.Int64 // attempts
	wrong        atomic.Pointer[error]

	mu    sync.Mutex
	cases map[casework.ID]kept
}

// kept is what was acknowledged of a case: its newest version, and whether one more request was under way at the end.
type kept struct {
	version int
	open    bool
}

// Run lets n writers work until ctx ends.
func (d *Drill) Run(ctx context.Context, n int) {
	d.cases = map[casework.ID]kept{}
	var group sync.WaitGroup
	for w := range n {
		group.Go(func() {
			for number := 0; ctx.Err() == nil; number++ {
				d.work(ctx, w, number)
			}
		})
	}
	group.Wait()
}

// work takes one case through its steps.
func (d *Drill) work(ctx context.Context, writer, number int) {
	var at casework.State
	for step := range stepsOfCase {
		op := authz.Op{Actor: authz.OfficerID{15: byte(writer + 1)}, Scope: authz.Everywhere(),
			Request: authz.Request{Route: "drill", Key: fmt.Sprintf("%d-%d-%d", writer, number, step),
				Digest: []byte{byte(step)}}}
		next, done := d.insist(ctx, func(ctx context.Context) (casework.State, error) {
			if step == 0 {
				return d.Store.Open(ctx, op, opening(writer, number))
			}
			return d.Store.Change(ctx, op, at.ID, at.Version, func(c *casework.Case) (casework.Event, error) {
				return c.Note(identity.NewSecret("catatan"), c.OpenedOn)
			})
		})
		if step > 0 || done {
			d.keep(at, next, done)
		}
		if !done {
			return
		}
		at = next
	}
}

// insist repeats a request until it is acknowledged. Only what may pass is a reason to repeat it. Each attempt has
// twice the time of the one before: on a busy machine a commit takes longer than any fixed time, and an attempt that
// is broken off costs a connection, so that all of them together would never get anything done.
func (d *Drill) insist(ctx context.Context,
	request func(context.Context) (casework.State, error)) (casework.State, bool) {
	for patience := tryFor; ; patience = min(2*patience, longestTry) {
		try, cancel := context.WithTimeout(ctx, patience)
		state, err := request(try)
		cancel()
		d.Tried.Add(1)
		passes := fault.KindOf(err) == fault.Unavailable || fault.CodeOf(err) == "idempotency.in_progress"
		switch {
		case err == nil:
			d.Acknowledged.Add(1)
			return state, true
		case ctx.Err() != nil:
			return state, false
		case !passes:
			d.wrong.CompareAndSwap(nil, &err)
			return state, false
		}
		select {
		case <-ctx.Done():
			return state, false
		case <-time.After(pauseFor):
		}
	}
}

func (d *Drill) keep(before, now casework.State, done bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if done {
		d.cases[now.ID] = kept{version: now.Version}
		return
	}
	d.cases[before.ID] = kept{version: before.Version, open: true}
}

func opening(writer, number int) casework.Opening {
	nik, err := identity.ParseNIK(fmt.Sprintf("3273%02d010190%04d", writer+1, number+1))
	if err != nil {
		panic(err) // the digits are right
	}
	on := calendar.MustDate("2026-11-01")
	return casework.Opening{Source: "drill", Person: casework.Person{Name: "Siti Uji", NIK: nik},
		Case: casework.Case{Region: "3273", TerminatedOn: on, OpenedOn: on}}
}

// Check counts the acknowledged requests that are gone from the database, and the effects that nobody's request has.
func (d *Drill) Check(ctx context.Context, adminDSN string) (lost, doubled int, err error) {
	if wrong := d.wrong.Load(); wrong != nil {
		return 0, 0, fmt.Errorf("a request ended in what a client may not repeat: %w", *wrong)
	}
	conn, err := pgx.Connect(ctx, adminDSN)
	if err != nil {
		return 0, 0, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, "select case_id, count(*) from case_history group by 1")
	if err != nil {
		return 0, 0, fmt.Errorf("read histories: %w", err)
	}
	there := map[casework.ID]int{}
	var id uuid.UUID
	var entries int
	if _, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &entries}, func() error {
		there[casework.ID(id)] = entries
		return nil
	}); err != nil {
		return 0, 0, fmt.Errorf("read histories: %w", err)
	}
	if len(d.cases) == 0 {
		return 0, 0, errors.New("nothing was acknowledged")
	}
	for id, k := range d.cases {
		lost += max(0, k.version-there[id])
		most := k.version
		if k.open {
			most++
		}
		doubled += max(0, there[id]-most)
	}
	return lost, doubled, nil
}
