package logstore_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// attempt runs statements in one transaction told the range of 3273, and gives SQLSTATE and constraint of the refusal;
// both are empty when it committed.
func attempt(t *testing.T, conn *pgx.Conn, statements ...string) (state, constraint string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		for _, sql := range append([]string{`select set_config('tanggap.lo', '3273', true), set_config('tanggap.hi', '3274',
			true), set_config('tanggap.only', '', true)`}, statements...) {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code, pg.ConstraintName
	}
	storetest.OK(t, err)
	return "", ""
}

const (
	noPrivilege = "42501"
	noReference = "23503"
	refused     = "TG001"
)

// A history is only ever added to. The role has no right for anything else, and what it may change of a case it can
// only change together with an entry.
func TestRuntimeRoleOnlyAddsToHistories(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.OpenCase(t, "3273", 1).ID
	conn := b.Runtime(t)
	entry := fmt.Sprintf(`insert into case_history select case_id, %%d, region, kind, actor, occurred_on, recorded_at,
		payload, prev_hash, hash
		from case_history where case_id = '%s' and seq = 1`, id)
	move := fmt.Sprintf(`update cases set version = %%d, updated_at = updated_at + interval '%%d ms' where id = '%s'`, id)
	for name, c := range map[string]struct {
		statements        []string
		state, constraint string
	}{
		"update an entry":               {[]string{`update case_history set payload = '{}'`}, noPrivilege, ""},
		"delete an entry":               {[]string{`delete from case_history`}, noPrivilege, ""},
		"truncate":                      {[]string{`truncate case_history`}, noPrivilege, ""},
		"disable triggers":              {[]string{`set session_replication_role = replica`}, noPrivilege, ""},
		"disable a trigger":             {[]string{`alter table case_history disable trigger all`}, noPrivilege, ""},
		"become the owner":              {[]string{`set role tanggap_owner`}, noPrivilege, ""},
		"delete a case":                 {[]string{`delete from cases`}, noPrivilege, ""},
		"give a case to another worker": {[]string{`update cases set worker_id = gen_random_uuid()`}, refused, "cases_immutable"},
		"move a case without an entry":  {[]string{`update cases set region = '3204'`}, refused, "cases_immutable"},
		"move a case without a transfer": {[]string{
			"select set_config('tanggap.lo', '', true), set_config('tanggap.hi', '~', true)",
			fmt.Sprintf(`update cases set region = '3204', version = 2, updated_at = updated_at + interval '1 ms'
				where id = '%s'`, id),
			fmt.Sprintf(entry, 2)}, refused, "cases_custody"},
		"change without an entry": {[]string{fmt.Sprintf(move, 2, 1)}, noReference, "cases_history"},
		"version that skips one": {[]string{fmt.Sprintf(move, 3, 1), fmt.Sprintf(entry, 3)}, refused,
			"cases_immutable"}, "version that stands": {[]string{fmt.Sprintf(move, 1, 1)}, refused, "cases_immutable"},
		"time that stands": {[]string{fmt.Sprintf(move, 2, 0), fmt.Sprintf(entry, 2)}, refused,
			"cases_immutable"}, "time that runs back": {[]string{fmt.Sprintf(move, 2, -5), fmt.Sprintf(entry, 2)}, refused,
			"cases_immutable"},
		"an entry twice": {[]string{fmt.Sprintf(entry, 1)}, "23505", "case_history_pkey"},
		"an entry of a case that is none": {[]string{`insert into case_history select gen_random_uuid(), 1, region, kind,
			actor, occurred_on, recorded_at, payload, prev_hash, hash from case_history`}, noReference, "case_history_case"},
	} {
		state, constraint := attempt(t, conn, c.statements...)
		if state != c.state || c.constraint != "" && constraint != c.constraint {
			t.Errorf("%s: %s %s, want %s %s", name, state, constraint, c.state, c.constraint)
		}
	}
}

// Even the superuser meets the triggers, unless they are switched off first.
func TestTriggersBindTheSuperuser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.OpenCase(t, "3273", 1)
	conn := storetest.ConnectTo(t, b.Database.AdminDSN)
	for _, sql := range []string{`update case_history set payload = '{}'`, `delete from case_history`,
		`truncate case_history cascade`} {
		if state, constraint := attempt(t, conn, sql); state != refused || constraint != "case_history_append_only" {
			t.Errorf("%s: %s %s", sql, state, constraint)
		}
	}
}

// The published state machine stands in Go and in the database. All pairs of stages are walked through both.
func TestBothStateMachinesAreOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	conn := b.Runtime(t)
	version := 1
	for _, from := range casework.Stages() {
		for _, to := range casework.Stages() {
			if from == to {
				continue // not a transition: most changes leave the stage alone
			}
			b.force(t, made.ID, from)
			state, constraint := attempt(t, conn, step(made.ID, version+1, to)...)
			legal := state == ""
			if legal {
				version++
			} else if constraint != "cases_transition" {
				t.Errorf("%s to %s is refused by %s %s", from, to, state, constraint)
			}
			if legal != from.CanGo(to) {
				t.Errorf("%s to %s: the database says %t, casework %t", from, to, legal, from.CanGo(to))
			}
		}
	}
}

// force puts a case into a stage past all guards.
func (b *bundle) force(t *testing.T, id casework.ID, stage casework.Stage) {
	t.Helper()
	b.Tamper(t, fmt.Sprintf(`update cases set stage = '%s', %s where id = '%s'`, stage, closing(stage), id))
}

func closing(stage casework.Stage) string {
	if stage == casework.Closed {
		return `outcome = 'placed', closed_on = '2026-11-02'`
	}
	return `outcome = null, closed_on = null`
}

// step is a change of stage with its entry, as the store writes it.
func step(id casework.ID, version int, to casework.Stage) []string {
	return []string{fmt.Sprintf(`update cases set version = %d, updated_at = updated_at + interval '1 ms', stage = '%s', %s
		where id = '%s'`, version, to, closing(to), id),
		fmt.Sprintf(`insert into case_history select case_id, %d, region, kind, actor, occurred_on, recorded_at, payload,
			prev_hash, hash
			from case_history where case_id = '%s' and seq = 1`, version, id)}
}

// The actor of an entry is whoever asked, never what a client says.
func TestEntriesNameWhoActed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	other := authz.OfficerID(uuid.New())
	op := b.Request("k", "3273")
	op.Actor = other
	_, err := b.Change(t.Context(), op, made.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	_, entries, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	if entries[0].Actor != b.Officer || entries[1].Actor != other {
		t.Errorf("entries of %s and %s", entries[0].Actor, entries[1].Actor)
	}
}
