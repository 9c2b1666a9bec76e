package matchingstore

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/trackstore"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

var selectSeekers = `select ` + trackstore.WishColumns("w") +
	`, w.case_id, w.region, coalesce((select string_agg(k.units, ',')
	from certificate k where k.case_id = w.case_id and k.kind = 'competence'), '')
	from job_wish w join cases c on c.id = w.case_id
	where c.stage <> 'closed' and `

func scanSeeker(row pgx.CollectableRow) (w matching.Worker, err error) {
	var certified string
	w.Wish, err = trackstore.ScanWish(row, (*[16]byte)(&w.Case), (*string)(&w.Region), &certified)
	w.Units = matching.UnitsOf(w.Wish.Units, certified)
	return w, err
}

// Seeker implements matching.Market.
func (s *Matching) Seeker(ctx context.Context, scope authz.Scope, id casework.ID) (w matching.Worker, err error) {
	if _, err := s.cases.CaseRegion(ctx, scope, id); err != nil {
		return w, err
	}
	list, err := s.seekers(ctx, scope, "w.case_id = $1", uuid.UUID(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.Conflict, "wish.missing")
	}
	if err != nil {
		return w, err
	}
	return list[0], nil
}

func (s *Matching) seekers(ctx context.Context, scope authz.Scope, condition string,
	args ...any) (list []matching.Worker, err error) {
	query := selectSeekers + store.CaseScopeSQL(scope) + " and " + condition
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanSeeker)
		return err
	})
	return list, err
}

// Offers implements matching.Market. Each place has an index that begins with it; what is asked for of a vacancy stands
// in the index, too, so that the rows themselves are not read. A hundred thousand rows may come: pgx reads them into
// one place.
func (s *Matching) Offers(ctx context.Context, from region.Code, today calendar.Date, cells []matching.Cell,
	each func(*matching.Vacancy)) error {
	ctx = store.WithWait(ctx, time.Minute) // many statements go together
	b := &pgx.Batch{}
	for _, c := range cells {
		place := map[matching.Distance]string{
			matching.SameRegency:  "region = $1",
			matching.SameProvince: "province = left($1, 2) and region <> $1",
			matching.Elsewhere:    "province <> left($1, 2)",
		}[c.Place]
		b.Queue(`select id, region, occupation, units, wage, starts_on from vacancy where state = 'open' and expires_on >= $2
			and `+place+`
			and occupation >= $3 and occupation < $4 and ($5 = '' or occupation < $5 or occupation >= $6)`, string(from),
			today.Time(), c.Prefix, after(c.Prefix), c.Except, after(c.Except))
	}
	r := s.Pool.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	var v matching.Vacancy
	var starts pgtype.Date
	for range cells {
		rows, err := r.Query()
		if err != nil {
			return store.Translate(err)
		}
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&v.ID), (*string)(&v.Region), &v.Occupation, &v.Units,
			(*int64)(&v.Wage), &starts}, func() error {
			v.StartsOn = store.DateOf(starts)
			each(&v)
			return nil
		})
		if err != nil {
			return store.Translate(err)
		}
	}
	return store.Translate(r.Close())
}

// after is the first text behind all that begin with the digits.
func after(digits string) string {
	if digits == "" {
		return ""
	}
	return digits[:len(digits)-1] + string(digits[len(digits)-1]+1)
}

// Offer implements matching.Market.
func (s *Matching) Offer(ctx context.Context, id uuid.UUID) (o matching.Vacancy, until calendar.Date, err error) {
	v, err := s.vacancies.GetVacancy(ctx, id)
	if v.State == vacancy.Open {
		until = v.ExpiresOn
	}
	return matching.Vacancy{ID: v.ID, Region: v.Region, Occupation: v.Occupation, Units: v.Units, Wage: v.Wage,
		StartsOn: v.StartsOn}, until, err
}

// Seekers implements matching.Market.
func (s *Matching) Seekers(ctx context.Context, scope authz.Scope, occupation string,
	each func(*matching.Worker)) error {
	digit := occupation[:1]
	list, err := s.seekers(ctx, scope,
		"($1 <= w.occupation_1 and w.occupation_1 < $2 or $1 <= w.occupation_2 and w.occupation_2 < $2 or $1 <= "+
			"w.occupation_3 and w.occupation_3 < $2)", digit, after(digit))
	for i := range list {
		each(&list[i])
	}
	return err
}

// NextSeekers implements matching.RunStore.
func (s *Matching) NextSeekers(ctx context.Context, scope authz.Scope, after uuid.UUID,
	limit int) ([]matching.Worker, error) {
	return s.seekers(ctx, scope, "w.case_id > $1 order by w.case_id limit $2", after, limit)
}

var _ matching.Market = (*Matching)(nil)
