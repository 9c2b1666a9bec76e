package casestore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

const selectPeople = `select ` + CaseColumns + `, w.name, w.birth_date, coalesce(w.sex, ''), w.position, w.employer,
	w.sealed, k.data_key from unnest($1::uuid[]) g (id)
	cross join lateral (select * from cases c where c.id = g.id limit 1) c
	cross join lateral (select * from case_worker w where w.case_id = c.id limit 1) w
	cross join lateral (select k.data_key from worker k where k.id = c.worker_id limit 1) k`

// People implements casework.Store: Get for many cases without their histories, in one trip.
func (s *Cases) People(ctx context.Context, scope authz.Scope,
	ids []casework.ID) (map[casework.ID]casework.Person, error) {
	plain := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		plain[i] = uuid.UUID(id)
	}
	people := make(map[casework.ID]casework.Person, len(ids))
	if scope.Empty() {
		return people, nil
	}
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(selectPeople, plain) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var p casework.Person
		var born pgtype.Date
		var sealed, wrapped []byte
		c := NewCaseScanner(&p.Name, &born, (*string)(&p.Sex), &p.Position, &p.Employer, &sealed, &wrapped)
		_, err = pgx.ForEachRow(rows, c.Dest, func() error {
			f := casework.Detail{Case: c.Current(), Person: p}
			if f.Person.BirthDate = store.DateOf(born); wrapped == nil || !scope.Covers(f.Region) {
				return nil
			}
			if err := s.Unseal(&f, nil, sealed, wrapped); err != nil {
				return err
			}
			people[f.ID] = f.Person
			return nil
		})
		return err
	})
	return people, err
}
