package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/password"
)

// staff are the roles of the officers of one office; the case workers are the last ones.
var staff = []string{"administrator", "supervisor", "mediator", "auditor", "analyst", "case_worker", "case_worker",
	"case_worker"}

const caseWorkers = 3

// officerOf is the id of the nth officer of an office.
func officerOf(office string, n int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceDNS, fmt.Appendf(nil, "%s-%d.bench.tanggap", office, n))
}

// loadOfficers gives every office of the country its staff.
func loadOfficers(ctx context.Context, conn *pgx.Conn, day calendar.Date) error {
	rows, err := conn.Query(ctx, "select region from office order by region")
	if err != nil {
		return err
	}
	offices, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	people, grants := make([][]any, 0, len(offices)*len(staff)), make([][]any, 0, len(offices)*len(staff))
	for _, office := range offices {
		for i, role := range staff {
			id := officerOf(office, i)
			people = append(people, []any{id, fmt.Sprintf("%s%d.%s@bench.go.id", role, i, office), "Petugas " + office, office,
				"-"})
			grants = append(grants, []any{uuid.NewSHA1(id, []byte(role)), id, role, office, day.AddDays(-900).Time()})
		}
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"officer"}, []string{"id", "email", "name", "office",
		"password_hash"}, pgx.CopyFromRows(people)); err != nil {
		return err
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"officer_grant"}, []string{"id", "officer_id", "role", "region",
		"valid_from"}, pgx.CopyFromRows(grants))
	return err
}

// busiest and thinnest order the regencies of the country by their cases.
const (
	busiest  = "select region from cases group by region order by count(*) desc, region limit 1"
	thinnest = "select region from cases group by region order by count(*), region limit 1"
)

// officers gives those whom the benchmark signs in as a password of this run.
func (d *dataset) officers(ctx context.Context, conn *pgx.Conn) error {
	hash, err := password.Hash(ctx, d.secret)
	if err != nil {
		return err
	}
	err = conn.QueryRow(ctx,
		"select ("+busiest+"), (select province from cases group by 1 order by count(*) desc, 1 limit 1), ("+thinnest+")").
		Scan(&d.regency, &d.province, &d.thin)
	if err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, "select name from region where code = $1", d.regency).Scan(&d.name); err != nil {
		return fmt.Errorf("name the regency: %w", err)
	}
	for mail, area := range d.areas() {
		var id uuid.UUID
		if err := conn.QueryRow(ctx, `insert into officer (id, email, name, office, password_hash)
			values ($1, $2, 'Bench', $3, $4)
			on conflict (email) do update set password_hash = excluded.password_hash, office = excluded.office returning id`,
			uuid.New(), mail, area, hash).Scan((*[16]byte)(&id)); err != nil {
			return err
		}
		if area == "" {
			d.officer = id
		}
		if err := grantAll(ctx, conn, id, area); err != nil {
			return err
		}
	}
	return nil
}

// grantAll lets an officer ask every list of an area: no single role may.
func grantAll(ctx context.Context, conn *pgx.Conn, id uuid.UUID, area string) error {
	for _, role := range []string{"supervisor", "auditor", "administrator"} {
		if _, err := conn.Exec(ctx, `insert into officer_grant (id, officer_id, role, region, valid_from)
			values ($1, $2, $3, $4, '2020-01-01')
			on conflict do nothing`, uuid.New(), id, role, area); err != nil {
			return err
		}
	}
	return nil
}
