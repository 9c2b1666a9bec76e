package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Beside an intake so many connections read the caseload, each again after a pause: some 350 pages a second.
const (
	readers = 4
	think   = 10 * time.Millisecond
)

// listRows is the size of the employer's list: one factory that closes.
const listRows = 10_000

const listHeader = "No,NIK,Nama Lengkap,Tanggal Lahir,Jenis Kelamin,Jabatan,Upah Terakhir,Tanggal PHK,No " +
	"HP,Email,Alamat,Kab/Kota\n"

// list makes a list of distinct workers who live in a regency.
func list(regency, name string) []byte {
	var out bytes.Buffer
	out.WriteString(listHeader)
	seen := make(map[string]bool, listRows)
	first := calendar.MustDate("1970-01-01")
	for n := 1; n <= listRows; {
		born := first.AddDays(rand.IntN(10_000))
		nik := fmt.Sprintf("%s01%02d%02d%02d%04d", regency, born.Day(), born.Month(), born.Year()%100, 1+rand.IntN(9998))
		if seen[nik] {
			continue
		}
		seen[nik] = true
		fmt.Fprintf(&out, "%d,%s,Pekerja Pabrik %d,%s,L,Operator,%d,2026-06-27,08%010d,p%d@example.com,Jalan Merdeka %d,%s\n",
			n, nik, n, born, 3_000_000+n*100, n, n, n, name)
		n++
	}
	return out.Bytes()
}

type intakeState struct {
	ID, State string
	Rows      struct{ Total, Valid, Warned, Refused, Opened, Known int }
}

// intake takes a list in over HTTP, from the upload to the last case, while an office reads its caseload; and copies
// the same rows into the same tables, with the same indexes, keys and triggers, by COPY.
func (b *bench) intake(ctx context.Context) error {
	page, rows := b.measures()[1], list(b.data.regency, b.data.name)
	beside := &bench{options: &options{Duration: b.Duration}, data: b.data, server: b.server, region: b.region,
		pause: think}
	before, err := beside.round(ctx, page, readers)
	if err != nil {
		return err
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var during figure
	var failure error
	var group sync.WaitGroup
	beside.Duration = time.Hour // until the intake is done
	group.Go(func() { during, failure = beside.round(reading, page, readers) })
	started := wall.Now()
	in, checked, err := b.takeIn(ctx, rows)
	took := wall.Now().Sub(started)
	stop()
	group.Wait()
	if err != nil {
		return err
	}
	if failure != nil {
		return fmt.Errorf("read beside the intake: %w", failure)
	}
	copied, err := b.copyRows(ctx, in.ID)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	fmt.Printf("%-28s %5d %6d rows in %s (dry run %s), COPY in %s %14.2f\n", "intake beside readers", 1, in.Rows.Opened,
		took.Round(time.Millisecond), checked.Round(time.Millisecond), copied.Round(time.Millisecond),
		copied.Seconds()/took.Seconds())
	fmt.Printf("%-28s %5d p99 %s before, %s during the intake %14.2f\n", "page of those readers", readers,
		before.p99.Round(10*time.Microsecond), during.p99.Round(10*time.Microsecond),
		during.p99.Seconds()/before.p99.Seconds())
	return nil
}

// quiet takes another list in with nobody reading.
func (b *bench) quiet(ctx context.Context) (ratio float64, err error) {
	rows := list(b.data.regency, b.data.name)
	started := wall.Now()
	in, _, err := b.takeIn(ctx, rows)
	if err != nil {
		return 0, err
	}
	took := wall.Now().Sub(started)
	copied, err := b.copyRows(ctx, in.ID)
	if err != nil {
		return 0, err
	}
	fmt.Printf("%-28s %5d %6d rows in %s, COPY in %s %30.2f\n", "intake alone", 1, in.Rows.Opened,
		took.Round(time.Millisecond), copied.Round(time.Millisecond), copied.Seconds()/took.Seconds())
	return copied.Seconds() / took.Seconds(), nil
}

func (b *bench) takeIn(ctx context.Context, rows []byte) (in intakeState, checked time.Duration, err error) {
	started := wall.Now()
	if err := b.upload(ctx, rows, &in); err != nil {
		return in, 0, err
	}
	if err := b.await(ctx, &in, "checked"); err != nil {
		return in, 0, err
	}
	checked = wall.Now().Sub(started)
	if in.Rows.Valid+in.Rows.Warned != listRows {
		return in, 0, fmt.Errorf("%d rows are usable", in.Rows.Valid+in.Rows.Warned)
	}
	if err := b.call(ctx, http.MethodPost, "/v1/intakes/"+in.ID+"/application", "", nil, &in); err != nil {
		return in, 0, err
	}
	return in, checked, b.await(ctx, &in, "applied")
}

func (b *bench) upload(ctx context.Context, rows []byte, in *intakeState) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"employer_name": "PT Pabrik " + newKey()[:8],
		"employer_region": b.data.regency} {
		if err := form.WriteField(name, value); err != nil {
			return fmt.Errorf("make form: %w", err)
		}
	}
	part, err := form.CreateFormFile("file", "list.csv")
	if err != nil {
		return fmt.Errorf("make form: %w", err)
	}
	_, _ = part.Write(rows)
	_ = form.Close()
	return b.call(ctx, http.MethodPost, "/v1/intakes", form.FormDataContentType(), &body, in)
}

// await asks until the intake is in a state.
func (b *bench) await(ctx context.Context, in *intakeState, state string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for in.State != state {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := b.call(ctx, http.MethodGet, "/v1/intakes/"+in.ID, "", nil, in); err != nil {
			return err
		}
		if in.State == "refused" || in.State == "cancelled" {
			return fmt.Errorf("the intake is %s", in.State)
		}
	}
	return nil
}

func (b *bench) call(ctx context.Context, method, path, kind string, body io.Reader, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+b.server.address+path, body)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+b.nation)
	r.Header.Set("Idempotency-Key", newKey())
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("call: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusBadRequest {
		text, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("%s %s answered %s: %s", method, path, resp.Status, text)
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// again gives every id of a row a new value, the same wherever it stands and in the same order, so that the rows can be
// copied in beside those that are there.
func again(column string) string {
	return "overlay(" + column + "::text placing 'f' from 1 for 1)::uuid"
}

// copyRows copies what an intake made a second time, in one transaction that checks every key and is then rolled back.
func (b *bench) copyRows(ctx context.Context, intake string) (time.Duration, error) {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	where := " where c.id in (select case_id from intake_row where intake_id = '" + uuid.MustParse(intake).String() +
		"' and result = 'opened')"
	tables := []struct{ name, columns, query string }{
		{"worker", "id, nik_hash, data_key, created_at", "select " + again("k.id") +
			", substring(sha256(k.nik_hash) for 16), k.data_key, k.created_at from worker k join cases c on c.worker_id = k.id" +
			where},
		{"cases",
			"id, region, worker_id, layoff_id, stage, terminated_on, opened_on, due_on, due_for, version, head, updated_at",
			"select " + again("c.id") + ", c.region, " + again("c.worker_id") +
				", c.layoff_id, c.stage, c.terminated_on, c.opened_on, c.due_on, c.due_for, c.version, c.head, c.updated_at " +
				"from cases c" + where},
		{"case_worker", "case_id, region, name, name_key, nik_hash, nik_tail, birth_date, sex, position, employer, sealed",
			"select " + again("w.case_id") +
				", w.region, w.name, w.name_key, w.nik_hash, w.nik_tail, w.birth_date, w.sex, w.position, w.employer, w.sealed " +
				"from case_worker w join cases c on c.id = w.case_id" + where},
		{"case_history", "case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash", "select " +
			again("h.case_id") +
			", h.seq, h.region, h.kind, h.actor, h.occurred_on, h.recorded_at, h.payload, h.prev_hash, h.hash from " +
			"case_history h join cases c on c.id = h.case_id" + where},
	}
	rows := make([]bytes.Buffer, len(tables))
	for i, t := range tables {
		if _, err := conn.PgConn().CopyTo(ctx, &rows[i], "copy ("+t.query+") to stdout"); err != nil {
			return 0, err
		}
	}
	started := wall.Now()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	for i, t := range tables {
		if _, err := conn.PgConn().CopyFrom(ctx, &rows[i], "copy "+t.name+" ("+t.columns+") from stdin"); err != nil {
			return 0, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	if _, err := tx.Exec(ctx, "set constraints all immediate"); err != nil {
		return 0, err
	}
	return wall.Now().Sub(started), nil
}
