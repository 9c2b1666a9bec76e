package main

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"sort"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/policies"
)

// dataset is what was loaded.
type dataset struct {
	officer uuid.UUID
	regency string // the one with the most cases
	name    string // of that regency
	secret  string
}

const (
	entries    = 6
	nationMail = "bench-nation@contoh.go.id"
	regionMail = "bench-region@contoh.go.id"
)

// prepare loads n cases unless they are there. Constraints and triggers are off for the load and hold for the data: the
// benchmark verifies chains afterwards.
func prepare(ctx context.Context, admin string, v *vault.Vault, n int, reload bool) (*dataset, error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var there int
	if err := conn.QueryRow(ctx, "select count(*) from cases").Scan(&there); err != nil {
		return nil, err
	}
	d := &dataset{secret: password.Generate()}
	if there != n || reload {
		if err := load(ctx, conn, v, d, n); err != nil {
			return nil, fmt.Errorf("load: %w", err)
		}
	}
	return d, d.officers(ctx, conn)
}

// officers gives both officers a password of this run.
func (d *dataset) officers(ctx context.Context, conn *pgx.Conn) error {
	hash, err := password.Hash(ctx, d.secret)
	if err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, "select region from cases group by region order by count(*) desc limit 1").Scan(&d.regency); err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, "select name from region where code = $1", d.regency).Scan(&d.name); err != nil {
		return fmt.Errorf("name the regency: %w", err)
	}
	for mail, area := range map[string]string{nationMail: "", regionMail: d.regency} {
		var id uuid.UUID
		if err := conn.QueryRow(ctx, `insert into officer (id, email, name, office, password_hash) values ($1, $2, 'Bench', $3, $4)
			on conflict (email) do update set password_hash = excluded.password_hash returning id`, uuid.New(), mail, area, hash).Scan((*[16]byte)(&id)); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `insert into officer_grant (id, officer_id, role, region, valid_from) values ($1, $2, 'supervisor', $3, '2020-01-01')
			on conflict do nothing`, uuid.New(), id, area); err != nil {
			return err
		}
		if area == "" {
			d.officer = id
		}
	}
	return nil
}

// made is one case to load.
type made struct {
	id, worker uuid.UUID
	region     string
	stage      string
	head       []byte
	key        vault.DataKey
}

func load(ctx context.Context, conn *pgx.Conn, v *vault.Vault, d *dataset, n int) error {
	started := wall.Now()
	if _, err := conn.Exec(ctx, `set session_replication_role = replica; set synchronous_commit = off;
		truncate case_history, case_worker, cases, worker, idempotency, log_pending, log_leaf, log_tile, log_checkpoint cascade;
		update log_state set size = 0, published_at = null; drop index case_worker_name`); err != nil {
		return err
	}
	pick, err := regencies(ctx, conn)
	if err != nil {
		return err
	}
	all := make([]made, n)
	for i := range all {
		all[i] = made{id: uuid.Must(uuid.NewV7()), worker: uuid.Must(uuid.NewV7()), region: pick(), stage: []string{"benefit", "training", "placement"}[i%3]}
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"histories", func() error { return loadHistory(ctx, conn, all) }}, {"workers", func() error { return loadWorkers(ctx, conn, v, all) }},
		{"cases", func() error { return loadCases(ctx, conn, all) }}, {"persons", func() error { return loadPersons(ctx, conn, all) }},
		{"indexes", func() error {
			_, err := conn.Exec(ctx, "set maintenance_work_mem = '512MB'; create index case_worker_name on case_worker using gin (region, name_key gin_trgm_ops)")
			return err
		}},
		{"waiting", func() error {
			_, err := conn.Exec(ctx, "insert into log_pending select case_id, seq, hash from case_history union all select layoff_id, seq, hash from layoff_history")
			return err
		}},
		{"statistics", func() error {
			_, err := conn.Exec(ctx, "vacuum analyze")
			return err
		}},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Printf("loaded %-10s %6.0f s\n", step.name, wall.Now().Sub(started).Seconds())
	}
	_, err = conn.Exec(ctx, "set session_replication_role = origin")
	return err
}

// regencies draws a regency: provinces by the layoffs of 2025, regencies within one by their rank, so that the first has
// the most.
func regencies(ctx context.Context, conn *pgx.Conn) (func() string, error) {
	file, err := policies.FS.Open("reference/phk_by_province.csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	var codes []string
	var sums []float64
	total := 0.0
	for _, row := range rows {
		weight, err := strconv.ParseFloat(row[2], 64)
		if row[0] != "2025" || err != nil || len(row[1]) != 2 {
			continue
		}
		found, err := conn.Query(ctx, "select code from region where parent = $1 order by code desc", row[1])
		if err != nil {
			return nil, err
		}
		children, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		harmonic := 0.0
		for i := range children {
			harmonic += 1 / float64(i+1)
		}
		for i, code := range children {
			total += weight / float64(i+1) / harmonic
			codes, sums = append(codes, code), append(sums, total)
		}
	}
	if len(codes) == 0 {
		return nil, errors.New("no weights for 2025")
	}
	return func() string { return codes[sort.SearchFloat64s(sums, mrand.Float64()*total)] }, nil
}

var day = calendar.MustDate("2026-10-01")

func loadHistory(ctx context.Context, conn *pgx.Conn, all []made) error {
	at := day.Time()
	actor := uuid.New()
	i, seq := 0, 0
	var prev [32]byte
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"case_history"}, []string{"case_id", "seq", "region", "kind", "actor", "occurred_on", "recorded_at", "payload", "prev_hash", "hash"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if i == len(all) {
				return nil, nil
			}
			if seq++; seq == 1 {
				prev = [32]byte{}
			}
			c := &all[i]
			e := audit.Entry{CaseID: c.id, Seq: seq, Kind: "case.advanced", Actor: actor, OccurredOn: day, RecordedAt: at.Add(time.Duration(seq) * time.Second),
				Payload: `{"from":"intake","to":"benefit"}`, PrevHash: prev}
			hash := e.Digest()
			row := []any{c.id, seq, c.region, e.Kind, actor, at, e.RecordedAt, e.Payload, append([]byte(nil), prev[:]...), append([]byte(nil), hash[:]...)}
			prev = hash
			if seq == entries {
				c.head, seq = append([]byte(nil), hash[:]...), 0
				i++
			}
			return row, nil
		}))
	return err
}

func loadWorkers(ctx context.Context, conn *pgx.Conn, v *vault.Vault, all []made) error {
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"worker"}, []string{"id", "nik_hash", "data_key"}, pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
		key, wrapped, err := v.NewDataKey(all[i].worker.String())
		all[i].key = key
		return []any{all[i].worker, random(), wrapped}, err
	}))
	return err
}

func random() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return b
}

func loadCases(ctx context.Context, conn *pgx.Conn, all []made) error {
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"cases"}, []string{"id", "region", "worker_id", "stage", "terminated_on", "opened_on", "due_on", "due_for", "version", "head", "updated_at"},
		pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
			c := &all[i]
			return []any{c.id, c.region, c.worker, c.stage, day.Time(), day.Time(), day.AddDays(mrand.IntN(120)).Time(), "claim", entries, c.head, day.Time().Add(entries * time.Second)}, nil
		}))
	return err
}

var given, family = []string{"Siti", "Budi", "Agus", "Dewi", "Rina", "Joko", "Sri", "Tuti", "Hendra", "Made", "Yohanes", "Wawan"},
	[]string{"Susanto", "Saputra", "Gunawan", "Siregar", "Hakim", "Lubis", "Nugroho", "Setiawan", "Permata", "Latuconsina", "Rumbiak", "Wijaya"}

func loadPersons(ctx context.Context, conn *pgx.Conn, all []made) error {
	plain := []byte(`{"nik":"3273015708910003","phone":"+628123456789","address":"Jl. Cempaka No. 71 RT 010/RW 001","wage":4000000}`)
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"case_worker"}, []string{"case_id", "region", "name", "name_key", "nik_hash", "nik_tail", "employer", "sealed"},
		pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
			c := &all[i]
			name := given[mrand.IntN(len(given))] + " " + family[mrand.IntN(len(family))] + " " + family[mrand.IntN(len(family))]
			return []any{c.id, c.region, name, store.NameKey(name), random(), "0003", "PT Contoh Garmen", c.key.Seal(plain, "case_worker.sealed|"+c.id.String())}, nil
		}))
	return err
}
