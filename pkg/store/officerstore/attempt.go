package officerstore

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

// The addresses that are remembered of an officer: the last ones, while they are in use.
const (
	mostOrigins = 20
	originLife  = 90 * 24 * time.Hour
)

// blinded is a keyed digest of what somebody tried, or of where: the table tells neither to whoever reads it alone.
func (s *Officers) blinded(kind, text string) []byte {
	mac := hmac.New(sha256.New, s.Vault.Derive("sign-in attempts v1"))
	mac.Write([]byte(kind + "|" + text)) // never fails
	return mac.Sum(nil)[:16]
}

// A budget is kept as the moment at which it will be full again: each attempt puts it off, and when that would be
// further away than all attempts together, there is none left. The arithmetic is the database's, all budgets go in one
// batch, and what is full again is dropped past the locks of others: pgx sends it as it stands.
const spendBudget = `insert into sign_in_budget as b (key, full_at) values ($1, $2::timestamptz + $3::interval)
	on conflict (key) do update set full_at = greatest(b.full_at, $2) + $3
	where greatest(b.full_at, $2) + $3 <= $2 + $4::interval`

// Some of what is full again goes with each attempt: the table stays as small as what is being tried.
const dropFull = `delete from sign_in_budget where key in (select key from sign_in_budget
	where full_at < $1 order by full_at limit 8 for update skip locked)`

// Spend implements officer.CredentialStore. Budgets are locked in one order, so that two attempts never wait for each
// other.
func (s *Officers) Spend(ctx context.Context, now time.Time, budgets []officer.Budget) (wait time.Duration, err error) {
	err = pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		sorted := s.ordered(budgets)
		short, err := spend(ctx, tx, now, sorted)
		if err != nil || short < 0 {
			return err
		}
		b, full := sorted[short], time.Time{}
		if err := tx.QueryRow(ctx, "select full_at from sign_in_budget where key = $1", b.key).Scan(&full); err != nil {
			return err
		}
		wait = max(full.Add(b.Every).Sub(now.Add(b.whole())), time.Millisecond)
		return errSpent // takes back what other budgets gave
	})
	if errors.Is(err, errSpent) {
		return wait, nil
	}
	return 0, busy(store.Translate(err))
}

// spend sends everything at once, for the last budget is everybody's, and gives the place of the first that is used up,
// or -1.
func spend(ctx context.Context, tx pgx.Tx, now time.Time, budgets []blindBudget) (short int, err error) {
	batch := &pgx.Batch{}
	for _, b := range budgets {
		batch.Queue(spendBudget, b.key, now, b.Every, b.whole())
	}
	batch.Queue(dropFull, now)
	results := tx.SendBatch(ctx, batch)
	short = -1
	for i := range budgets {
		done, err := results.Exec()
		if err != nil {
			return short, errors.Join(err, results.Close())
		}
		if done.RowsAffected() == 0 && short < 0 {
			short = i
		}
	}
	return short, results.Close()
}

var errSpent = errors.New("no attempt is left")

const refundBudget = `update sign_in_budget set full_at = full_at - $2::interval where key = $1`

// Refund implements officer.CredentialStore.
func (s *Officers) Refund(ctx context.Context, budgets []officer.Budget) error {
	err := pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		for _, b := range s.ordered(budgets) {
			if _, err := tx.Exec(ctx, refundBudget, b.key, b.Every); err != nil {
				return err
			}
		}
		return nil
	})
	return busy(store.Translate(err))
}

// busy is what a wait for a budget that ends without it means: too many try at once.
func busy(err error) error {
	if fault.CodeOf(err) == "request.concurrent" {
		return fault.New(fault.Unavailable, "session.busy").Because(err)
	}
	return err
}

type blindBudget struct {
	officer.Budget
	key []byte
}

// whole is how long a budget that is used up takes to be full again.
func (b blindBudget) whole() time.Duration { return b.Every * time.Duration(b.Most) }

func (s *Officers) ordered(budgets []officer.Budget) []blindBudget {
	out := make([]blindBudget, len(budgets))
	for i, b := range budgets {
		out[i] = blindBudget{b, s.blinded("budget", b.Key)}
	}
	slices.SortFunc(out, func(a, b blindBudget) int { return bytes.Compare(a.key, b.key) })
	return out
}

// rememberOrigin keeps from where an officer has signed in.
func (s *Officers) rememberOrigin(ctx context.Context, tx pgx.Tx, start officer.SessionStart) error {
	id := uuid.UUID(start.Officer)
	again := clause.OnConflict{Columns: []clause.Column{{Name: "officer_id"}, {Name: "address"}}, UpdateAll: true}
	err := store.On[originRow](tx, again).Create(ctx,
		&originRow{OfficerID: id, Address: s.blinded("origin", start.Address), SeenAt: start.Now})
	if err != nil {
		return err
	}
	_, err = store.On[originRow](tx).Where(`officer_id = ? and (seen_at < ? or address in
		(select address from sign_in_origin where officer_id = ? order by seen_at desc offset ?))`,
		id, start.Now.Add(-originLife), id, mostOrigins).Delete(ctx)
	return err
}
