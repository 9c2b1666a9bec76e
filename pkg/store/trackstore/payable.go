package trackstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

const selectPayable = `select t.region, t.case_id, t.claim_id, t.n, coalesce(t.proved_on, t.opens_on) as since
	from claim_month t
	where t.region = office.code and ` + payable

// Payable implements track.WorkStore. It goes through the offices by an index of the months that are not paid yet: what
// pgx sends, for GORM knows neither of the two.
func (s *Tracks) Payable(ctx context.Context, scope authz.Scope, after track.Payable, limit int) (list []track.Payable,
	err error) {
	if scope.Empty() {
		return nil, nil
	}
	args := []any{s.Regencies(scope.Regions())}
	query := "select * from (select c.* from " + store.EachOffice("$1", selectPayable) + ") x"
	if !after.Since.IsZero() {
		query += " where (x.since, x.case_id, x.claim_id, x.n) > ($2, $3, $4, $5)"
		args = append(args, after.Since.Time(), uuid.UUID(after.Case), after.Claim, after.N)
	}
	query += fmt.Sprintf(" order by since, case_id, claim_id, n limit %d", limit)
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p track.Payable, err error) {
			var since pgtype.Date
			err = row.Scan((*string)(&p.Region), (*[16]byte)(&p.Case), &p.Claim, &p.N, &since)
			p.Since = store.DateOf(since)
			p.DueOn = p.Since.AddDays(track.PaymentDays)
			return p, err
		})
		return err
	})
	return list, err
}
