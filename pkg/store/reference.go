package store

import (
	"context"
	"encoding/csv"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/policies"
)

// regionEdition names the decree that the codes of policies/reference/regions.csv come from.
const regionEdition = "Kepmendagri 300.2.2-2138/2025"

// loadReference brings regions, superseded codes and one office per region to what policies/reference says.
// Codes are only added or renamed: cases point at them.
func loadReference(ctx context.Context, pool *pgxpool.Pool) error {
	regions, err := readCSV("reference/regions.csv")
	if err != nil {
		return err
	}
	superseded, err := readCSV("reference/regions_superseded.csv")
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(`insert into office (region, name, zone) values ('', 'Kementerian Ketenagakerjaan', 'WIB')
		on conflict (region) do nothing`)
	for _, r := range regions {
		code, name, kind, parent := r[0], r[1], r[2], r[3]
		batch.Queue(`insert into region (code, name, kind, parent, edition) values ($1, $2, $3, nullif($4, ''), $5)
			on conflict (code) do update set name = excluded.name, edition = excluded.edition`, code, name, kind, parent,
			regionEdition)
		batch.Queue(`insert into office (region, name, zone) values ($1, $2, $3) on conflict (region) do update
			set name = excluded.name`,
			code, officeName(kind, name), string(calendar.ZoneOf(code[:2])))
	}
	for _, r := range superseded {
		batch.Queue(`insert into region_superseded (old_code, name, current_code) values ($1, $2, $3)
			on conflict (old_code) do update set current_code = excluded.current_code`, r[0], r[1], r[2])
	}
	if err := pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("load regions: %w", err)
	}
	return nil
}

func officeName(kind, name string) string {
	if kind == "province" {
		return "Disnaker Provinsi " + name
	}
	return "Disnaker " + name
}

// readCSV gives the rows of an embedded reference file without its header.
func readCSV(name string) ([][]string, error) {
	file, err := policies.FS.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open reference data: %w", err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return rows[1:], nil
}
