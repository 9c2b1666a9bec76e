package store

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

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
)

// The addresses that are remembered of an officer: the last ones, while they are in use.
const (
	mostOrigins = 20
	originLife  = 90 * 24 * time.Hour
)

// blinded is a keyed digest of what somebody tried, or of where: the table tells neither to whoever reads it alone.
func (s *Store) blinded(kind, text string) []byte {
	mac := hmac.New(sha256.New, s.attempts)
	mac.Write([]byte(kind + "|" + text)) // never fails
	return mac.Sum(nil)[:16]
}

// A budget is kept as the moment at which it will be full again: each attempt puts it off, and when that would be further
// away than all attempts together, there is none left.
const spendBudget = `insert into sign_in_budget as b (key, full_at) values ($1, $2::timestamptz + $3::interval)
	on conflict (key) do update set full_at = greatest(b.full_at, $2) + $3 where greatest(b.full_at, $2) + $3 <= $2 + $4::interval`

// Spend implements officer.SessionStore. Budgets are locked in one order, so that two attempts never wait for each other.
func (s *Store) Spend(ctx context.Context, now time.Time, budgets []officer.Budget) (wait time.Duration, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, b := range s.ordered(budgets) {
			done, err := tx.Exec(ctx, spendBudget, b.key, now, b.Every, b.Every*time.Duration(b.Most))
			if err != nil {
				return err
			}
			if done.RowsAffected() == 0 {
				var full time.Time
				if err := tx.QueryRow(ctx, "select full_at from sign_in_budget where key = $1", b.key).Scan(&full); err != nil {
					return err
				}
				wait = max(full.Add(b.Every).Sub(now.Add(b.Every*time.Duration(b.Most))), time.Millisecond)
				return errSpent // takes back what other budgets gave
			}
		}
		// Some of what is full again goes with each attempt: the table stays as small as what is being tried.
		_, err := tx.Exec(ctx, `delete from sign_in_budget where key in (select key from sign_in_budget where full_at < $1 order by full_at limit 8 for update skip locked)`, now)
		return err
	})
	if errors.Is(err, errSpent) {
		return wait, nil
	}
	return 0, busy(translate(err))
}

var errSpent = errors.New("no attempt is left")

// Refund implements officer.SessionStore.
func (s *Store) Refund(ctx context.Context, budgets []officer.Budget) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, b := range s.ordered(budgets) {
			if _, err := tx.Exec(ctx, "update sign_in_budget set full_at = full_at - $2::interval where key = $1", b.key, b.Every); err != nil {
				return err
			}
		}
		return nil
	})
	return busy(translate(err))
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

func (s *Store) ordered(budgets []officer.Budget) []blindBudget {
	out := make([]blindBudget, len(budgets))
	for i, b := range budgets {
		out[i] = blindBudget{b, s.blinded("budget", b.Key)}
	}
	slices.SortFunc(out, func(a, b blindBudget) int { return bytes.Compare(a.key, b.key) })
	return out
}

// rememberOrigin keeps from where an officer has signed in.
func (s *Store) rememberOrigin(ctx context.Context, tx pgx.Tx, start officer.SessionStart) error {
	id := uuid.UUID(start.Officer)
	if _, err := tx.Exec(ctx, `insert into sign_in_origin (officer_id, address, seen_at) values ($1, $2, $3) on conflict (officer_id, address) do update set seen_at = excluded.seen_at`,
		id, s.blinded("origin", start.Address), start.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from sign_in_origin where officer_id = $1 and (seen_at < $2 or address in
		(select address from sign_in_origin where officer_id = $1 order by seen_at desc offset $3))`, id, start.Now.Add(-originLife), mostOrigins)
	return err
}
