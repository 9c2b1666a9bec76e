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

// selectPayable has indexes in the order of the list, of an office and of the nation.
const (
	selectPayable = `select t.region, t.case_id, t.claim_id, t.n, coalesce(t.proved_on, t.opens_on) as since
		from claim_month t where ` + payable
	payableOrder = " order by since, case_id, claim_id, n"
	inOffice     = " and t.region = office.code"
)

// Payable implements track.WorkStore. It goes through the offices, or through the nation, by an index of the months
// that are not paid yet: what pgx sends, for GORM knows neither of the two.
func (s *Tracks) Payable(ctx context.Context, scope authz.Scope, after track.Payable, limit int) (list []track.Payable,
	err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	query, page := selectPayable, payableOrder+fmt.Sprintf(" limit %d", limit)
	if !after.Since.IsZero() {
		query += " and (coalesce(t.proved_on, t.opens_on), t.case_id, t.claim_id, t.n) > ($1, $2, $3, $4)"
		args = append(args, after.Since.Time(), uuid.UUID(after.Case), after.Claim, after.N)
	}
	if !scope.National() {
		args = append(args, s.Regencies(scope.Regions()))
		query = "select c.* from " + store.EachOffice(fmt.Sprintf("$%d", len(args)), query+inOffice+page)
	}
	query += page
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
