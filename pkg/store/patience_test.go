package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// Work without a deadline of its own, as that beside the requests, does not wait for ever for a database that hangs;
// and it goes on when the database does.
func TestNothingWaitsForEverForADatabaseThatHangs(t *testing.T) {
	t.Parallel()
	own := storetest.NewOwn(t)
	v, err := vault.Generate()
	storetest.OK(t, err)
	s, err := stores.Open(t.Context(), store.Config{DSN: own.AppDSN, MaxConns: 4, Vault: v, Tree: storetest.Regions(t)})
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	id := uuid.New()
	admin, err := pgx.Connect(t.Context(), own.AdminDSN)
	storetest.OK(t, err)
	_, err = admin.Exec(t.Context(), `insert into officer (id, email, name, office, password_hash)
		values ($1, 'a@contoh.go.id', 'A', '3273', '')`, id)
	storetest.OK(t, err)
	storetest.OK(t, admin.Close(t.Context()))
	works := map[string]func(context.Context) error{
		"a statement": func(ctx context.Context) error { _, err := s.ForgetAnswers(ctx); return err },
		"a batch": func(ctx context.Context) error {
			_, err := s.ListIntakes(ctx, authz.Everywhere(), uuid.Nil, 1)
			return err
		},
		"a transaction": s.Remind,
		"through GORM":  func(ctx context.Context) error { return s.ChangePassword(ctx, authz.OfficerID(id), "x") },
	}
	for name, work := range works {
		if err := work(t.Context()); err != nil {
			t.Fatalf("%s, before: %v", name, err)
		}
	}
	thaw := own.Freeze(t)
	for name, work := range works {
		ended := make(chan error, 1)
		go func() { ended <- work(context.WithoutCancel(t.Context())) }()
		select {
		case err := <-ended:
			if fault.KindOf(err) != fault.Unavailable || errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(time.Minute): // for a place, and one or two waits, on a busy machine
			t.Errorf("%s waits for ever", name)
		}
	}
	thaw()
	for name, work := range works {
		if err := work(t.Context()); err != nil {
			t.Errorf("%s, after: %v", name, err)
		}
	}
}
