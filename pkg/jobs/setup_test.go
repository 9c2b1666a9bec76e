package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

type queue struct {
	*stores.Stores
	db      *storetest.Database
	conn    *pgx.Conn
	officer uuid.UUID
}

func setup(t *testing.T) *queue {
	t.Helper()
	db := storetest.New(t)
	v, err := vault.Generate()
	ok(t, err)
	s, err := stores.Open(t.Context(), store.Config{DSN: db.AppDSN, MaxConns: 4, Vault: v})
	ok(t, err)
	t.Cleanup(s.Close)
	q := &queue{s, db, db.Admin(t), uuid.New()}
	q.exec(t, `insert into officer (id, email, name, office, password_hash)
		values ($1, 'a@contoh.go.id', 'A', '3273', '')`, q.officer)
	return q
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (q *queue) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := q.conn.Exec(t.Context(), sql, args...)
	ok(t, err)
}

// list is an employer's list in a state of its way.
func (q *queue) list(t *testing.T, state string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	q.exec(t, `insert into intake (id, region, officer_id, file_name, file_digest, file_key, file, form, state)
		values ($1, '', $2, 'daftar.csv', sha256(uuid_send($1)), '', '', '{}', $3)`, id, q.officer, state)
	return id
}

// calls counts what was done, by name.
type calls struct {
	mu sync.Mutex
	of map[string]int
}

func (c *calls) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[name]++
}

func (c *calls) count(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[name]
}

func (c *calls) counting(name string) func(context.Context) error {
	return func(context.Context) error { c.add(name); return nil }
}

// idleWork is work that only counts how often it is done.
func (c *calls) work() Work {
	none := func(context.Context) ([]uuid.UUID, error) { return nil, nil }
	return Work{
		Intakes: &record{}, Matches: &record{}, Bulk: &record{}, Exports: &record{work: c.counting("expire_exports")},
		IdleIntakes: func(_ context.Context, idle time.Duration) (check, apply []uuid.UUID, err error) {
			c.add("take_up after " + idle.String())
			return nil, nil, nil
		},
		IdleExports: none, IdleMatches: none, IdleBulk: none,
		RaiseAlarms: c.counting("raise_alarms"), ExpireReferrals: c.counting("expire_referrals"),
		Remind:         c.counting("remind"),
		CountFigures:   func(context.Context, func(int64)) error { c.add("count_figures"); return nil },
		SweepDocuments: func(context.Context) error { c.add("sweep_documents"); return nil },
		ForgetAnswers:  func(context.Context) (int64, error) { c.add("forget_answers"); return 0, nil },
	}
}

// start begins a client that works, which ends with the test at the latest, and gives what stops it.
func start(t *testing.T, q *queue, w Work, routines ...routine) (*river.Client[pgx.Tx], func()) {
	t.Helper()
	workers := river.NewWorkers()
	w.addRecordWorkers(workers)
	client, err := newClient(Queue{q.Pool, store.JobSchema, 1, slog.New(slog.DiscardHandler)}, workers, routines)
	ok(t, err)
	ok(t, client.Start(t.Context()))
	stop := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		if err := client.StopAndCancel(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	t.Cleanup(stop)
	return client, stop
}

// until waits for something to become so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func ask[T any](t *testing.T, q *queue, sql string, args ...any) (out T) {
	t.Helper()
	ok(t, q.conn.QueryRow(t.Context(), sql, args...).Scan(&out))
	return out
}

func (w Work) withIdleMatch(id uuid.UUID) Work {
	w.IdleMatches = func(context.Context) ([]uuid.UUID, error) { return []uuid.UUID{id}, nil }
	return w
}

// within waits for a message.
func within[T any](t *testing.T, what string, from <-chan T) (out T) {
	t.Helper()
	select {
	case out = <-from:
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
	}
	return out
}

// patience bounds what a test waits for.
const patience = 90 * time.Second

// record is a piece of work that behaves as it is told and keeps what is said of its failures.
type record struct {
	work func(context.Context) error

	verbs  []string
	ids    []uuid.UUID
	codes  []string
	limits []int
	broken error // of keeping a failure
}

func (r *record) run(ctx context.Context, verb string, id uuid.UUID) error {
	r.verbs, r.ids = append(r.verbs, verb), append(r.ids, id)
	return r.work(ctx)
}

func (r *record) Check(ctx context.Context, id uuid.UUID) error { return r.run(ctx, "check", id) }

func (r *record) Run(ctx context.Context, id uuid.UUID) error { return r.run(ctx, "run", id) }

func (r *record) Work(ctx context.Context, id uuid.UUID) error { return r.run(ctx, "match", id) }

func (r *record) Fail(ctx context.Context, _ uuid.UUID, code string, limit int) error {
	r.codes, r.limits = append(r.codes, code), append(r.limits, limit)
	return errors.Join(r.broken, ctx.Err())
}

func (r *record) Expire(ctx context.Context) error { return r.work(ctx) }

// answer is work that gives an error, or none.
func answer(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func refuse(kind fault.Kind, code string) func(context.Context) error {
	return answer(fault.New(kind, code))
}
