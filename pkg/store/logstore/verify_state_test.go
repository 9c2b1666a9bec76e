package logstore_test

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// notState are the tables with a case_id whose rows are no part of its state, and why.
var notState = map[string]string{
	"case_history": "entries, which have a chain and a log of their own; their region is compared with the case's",
	"finding":      "auditors write them without an entry",
	"match":        "counted in the background from wishes and vacancies",
	"intake_row":   "the employer's list, not the case",
	"counted":      "counted in the background from the state",
	"bulk_case":    "an order over many cases; what it did is in their entries",
}

// verifyState must find nothing wrong.
func (b *bundle) verifyState(t *testing.T, when string) logstore.StateReport {
	t.Helper()
	r, err := b.VerifyState(t.Context(), nil)
	storetest.OK(t, err)
	for _, d := range r.Differs {
		t.Errorf("%s: %s at entry %d: %v", when, d.Of, d.Seq, d.Parts)
	}
	return r
}

// Whatever the program does with cases, and whenever it is looked at, their rows are what their newest entries left.
func TestTheStateOfWorkedCasesVerifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := storetest.NewTurmoil(t, b.Office, 3)
	for round := range 10 {
		for range 4 {
			u.More(t)
		}
		for step := range 40 {
			u.Step(t)
			if step%10 == 0 {
				r := b.verifyState(t, fmt.Sprintf("round %d", round))
				if r.Sealed+r.Waiting != len(u.Cases) || r.Before != 0 {
					t.Fatalf("round %d: %+v of %d cases", round, r, len(u.Cases))
				}
			}
		}
		_, err := b.Seal(t.Context())
		storetest.OK(t, err)
	}
	u.InFull(t, u.Cases[0])
	u.ReportLayoff(t)
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	if r := b.verifyState(t, "at rest"); r.Sealed != len(u.Cases)+1 || r.Waiting != 0 {
		t.Errorf("%+v", r)
	}
}

// An erasure empties many tables, of all cases of the worker: each has an entry for it.
func TestTheStateOfTheErasedVerifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := storetest.NewTurmoil(t, b.Office, 4)
	second := authz.OfficerID(uuid.New())
	b.Do(t, `insert into officer (id, email, name, office, password_hash) values ($1, 'dua@contoh.go.id', 'Dua',
		'3273', '')`, uuid.UUID(second))
	op := authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}
	var last casework.ID
	for range 2 {
		last = b.OpenCase(t, "3273", 1).ID
		var ref uuid.UUID
		_, err := b.ChangeTracks(t.Context(), op, last, casework.AnyVersion, &ref, func(c *casework.Case,
			f *track.Tracks) (casework.Event, error) {
			u.AlterSome(c, f, uuid.New(), storetest.Today)
			return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: storetest.Today, Payload: track.Stepped{}}, nil
		})
		storetest.OK(t, err)
		_, err = b.Change(t.Context(), op, last, casework.AnyVersion, storetest.Advance(casework.Closed))
		storetest.OK(t, err)
	}
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	for _, by := range []authz.OfficerID{u.Officer, second} {
		_, err := b.ChangePrivacy(t.Context(), authz.Op{Actor: by, Scope: authz.Everywhere()}, last, casework.AnyVersion,
			func(c *casework.Case, f *privacy.ErasureStatus) (casework.Event, error) {
				if by == second {
					return f.Decide(by, true, storetest.Today)
				}
				return f.Request(by, identity.NewSecret("permintaan"), storetest.Today)
			})
		storetest.OK(t, err)
		b.verifyState(t, "before it is sealed")
		_, err = b.Seal(t.Context())
		storetest.OK(t, err)
		if r := b.verifyState(t, "erased"); r.Sealed != 2 {
			t.Errorf("%+v", r)
		}
	}
}

// column is one that somebody with all rights may change.
type column struct{ table, name, kind, of string }

const selectColumns = `select c.table_name, c.column_name, c.udt_name, case when c.table_name in ('cases',
	'layoff') then 'id' when c.table_name = 'worker' then '' else 'case_id' end
	from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
	where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and (c.table_name
		in ('cases', 'layoff', 'worker')
		or exists (select from information_schema.columns k where k.table_schema = 'public' and k.table_name = c.table_name
			and k.column_name = 'case_id')) order by 1, 2`

// another is an SQL expression for another value of a column.
func (c column) another() string {
	name := pgx.Identifier{c.name}.Sanitize()
	switch c.kind {
	case "uuid":
		return "gen_random_uuid()"
	case "int4", "int8":
		return "coalesce(" + name + ", 0) + 1"
	case "bool":
		return "not " + name
	case "date":
		return "coalesce(" + name + ", date '2026-01-01') + 1"
	case "timestamptz":
		return "coalesce(" + name + ", now()) + interval '1 microsecond'"
	case "bytea":
		return "coalesce(" + name + ", '') || '\\x01'"
	case "jsonb":
		return `'{"other": 1}'`
	default:
		return "coalesce(" + name + ", '') || 'x'"
	}
}

// Two hundred changes in the tables, of any column, by somebody with all rights and every guard switched off: all are
// found, and the row's table and column are named.
func TestWhatIsChangedInTheTablesIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := storetest.NewTurmoil(t, b.Office, 5)
	for range 6 {
		u.More(t)
		u.InFull(t, u.Cases[len(u.Cases)-1])
	}
	u.ReportLayoff(t)
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	conn := b.Database.Admin(t)
	_, err = conn.Exec(t.Context(), `do $$ declare c record; begin
		for c in select conrelid::regclass as t, conname from pg_constraint where contype in ('c', 'f')
			and connamespace = 'public'::regnamespace and conrelid <> 0 loop
			execute format('alter table %s drop constraint if exists %I cascade', c.t, c.conname); end loop; end $$`)
	storetest.OK(t, err)
	rows, err := conn.Query(t.Context(), selectColumns)
	storetest.OK(t, err)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		err = row.Scan(&c.table, &c.name, &c.kind, &c.of)
		return c, err
	})
	storetest.OK(t, err)
	columns := slices.DeleteFunc(all, func(c column) bool {
		return notState[c.table] != "" || c.table == "worker" && c.name == "data_key"
	})
	chance := mathrand.New(mathrand.NewPCG(8, 200))
	chance.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	tables := map[string]bool{}
	for n := range max(200, len(columns)) {
		c := columns[n%len(columns)]
		tables[c.table] = true
		if problem := b.forge(t, conn, c); problem != "" {
			t.Errorf("%s.%s: %s", c.table, c.name, problem)
		}
	}
	if len(tables) < 22 || len(columns) < 150 {
		t.Errorf("only %d columns of %d tables were tried", len(columns), len(tables))
	}
	b.verifyState(t, "what nobody touched")
}

// forge changes a column of one row, and says what is wrong with how that is found.
func (b *bundle) forge(t *testing.T, conn *pgx.Conn, c column) (problem string) {
	t.Helper()
	rolledBack := errors.New("rolled back")
	err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "set local session_replication_role = replica"); err != nil {
			return err
		}
		table, name := pgx.Identifier{c.table}.Sanitize(), pgx.Identifier{c.name}.Sanitize()
		tag, err := tx.Exec(t.Context(),
			"update "+table+" set "+name+" = "+c.another()+" where ctid = (select ctid from "+table+
				" order by random() limit 1)")
		if err == nil && tag.RowsAffected() != 1 {
			err = errors.New("no row to change")
		}
		if err != nil {
			return err
		}
		r, err := b.VerifyStateIn(t.Context(), tx, nil)
		if err != nil {
			return err
		}
		problem = misnamed(r, c)
		return rolledBack
	})
	if !errors.Is(err, rolledBack) {
		return err.Error()
	}
	return problem
}

// misnamed says what is wrong with a report after a change of one column.
func misnamed(r logstore.StateReport, c column) string {
	if len(r.Differs) == 0 {
		return "nothing is found"
	}
	named := false
	for _, d := range r.Differs {
		named = named || slices.Contains(d.Parts, c.table+"."+c.name) || slices.Contains(d.Parts, c.table)
	}
	if keys := c.of == "id" && (c.name == "id" || c.name == "version"); !named && !keys {
		return fmt.Sprintf("named %v", r.Differs)
	}
	return ""
}

// A seal that was made before, or of another case, does not fit; nor does the lack of one pass.
func TestSealsCannotBeMadeOrTakenAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.OpenCase(t, "3273", 1).ID
	b.OpenCase(t, "3273", 2)
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	b.Do(t, "create table older as select * from state_seal")
	_, err = b.Change(t.Context(), b.Request("", "3273"), first, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	_, err = b.Seal(t.Context())
	storetest.OK(t, err)
	conn := b.Database.Admin(t)
	const another = "update state_seal s set marks = o.marks, mac = o.mac from older o "
	for name, sql := range map[string]string{
		"taken away":       "delete from state_seal where of = $1",
		"an older one":     another + "where s.of = $1 and o.of = s.of",
		"that of another":  another + "where s.of = $1 and o.of <> s.of",
		"of an older time": strings.Replace(another, "set", "set seq = o.seq,", 1) + "where s.of = $1 and o.of = s.of",
	} {
		rolledBack := errors.New("rolled back")
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql, uuid.UUID(first))
			storetest.OK(t, err)
			r, err := b.VerifyStateIn(t.Context(), tx, nil)
			storetest.OK(t, err)
			if len(r.Differs) != 1 || r.Differs[0].Of != uuid.UUID(first) {
				t.Errorf("%s: %+v", name, r)
			}
			return rolledBack
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
	}
	b.Do(t, "update state_since set idx = 1000")
	if r, err := b.VerifyState(t.Context(), nil); err != nil || len(r.Differs) != 1 ||
		r.Differs[0].Parts[0] != "state_since" {
		t.Errorf("another beginning: %+v %v", r, err)
	}
}

// Cases that are older than the seals are told apart, and get one with their next entry. A column that a later release
// adds breaks no seal.
func TestOlderCasesAreSealedWithTheirNextEntry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.OpenCase(t, "3273", 1).ID
	b.OpenCase(t, "3273", 2)
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
	b.Do(t, "delete from state_seal")
	b.Do(t, "delete from state_since; delete from state_columns; delete from state_step")
	if r := b.verifyState(t, "before"); r.Before != 2 || r.Sealed != 0 || r.Since != 2 {
		t.Errorf("%+v", r)
	}
	_, err = b.Change(t.Context(), b.Request("", "3273"), first, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	_, err = b.Seal(t.Context())
	storetest.OK(t, err)
	b.Do(t,
		"alter table cases add column later text not null default 'x'; alter table training add column later int not null "+
			"default 7")
	if r := b.verifyState(t, "after"); r.Before != 1 || r.Sealed != 1 || r.Older != 0 || r.Since != 2 {
		t.Errorf("%+v", r)
	}
}
