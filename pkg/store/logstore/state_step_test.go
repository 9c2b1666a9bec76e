package logstore_test

import (
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
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// honest is an entry of a case that any officer may write.
func (b *bundle) honest(t *testing.T, id casework.ID) {
	t.Helper()
	_, err := b.Change(t.Context(), authz.Op{Actor: b.Officer, Scope: authz.Everywhere()}, id, casework.AnyVersion,
		func(c *casework.Case) (casework.Event, error) {
			return c.Note(identity.NewSecret("catatan"), storetest.Today)
		})
	storetest.OK(t, err)
}

// sealed takes what waits into the log.
func (b *bundle) sealed(t *testing.T) {
	t.Helper()
	_, err := b.Seal(t.Context())
	storetest.OK(t, err)
}

// found is what verify names of one case, nothing where it is whole; of another one it must name nothing.
func (b *bundle) found(t *testing.T, id casework.ID) []string {
	t.Helper()
	r, err := b.VerifyState(t.Context(), nil)
	storetest.OK(t, err)
	var parts []string
	for _, d := range r.Differs {
		if d.Of != uuid.UUID(id) {
			t.Errorf("%s is accused of %v", d.Of, d.Parts)
		}
		parts = append(parts, d.Parts...)
	}
	return parts
}

// The columns of the sums are those of the tables: a column that is in no sum could be changed and nobody would see it.
func TestEveryColumnOfACaseIsSummedUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	without := map[string]string{
		"worker.data_key": "wrapped anew when keys are rotated", "cases.head": "compared with the history",
		"layoff.head": "compared with the history",
	}
	rows, err := b.Database.Admin(t).Query(t.Context(), `select c.table_name || '.' || c.column_name
		from information_schema.columns c where c.table_schema = 'public' and c.is_generated = 'NEVER'`)
	storetest.OK(t, err)
	have, err := pgx.CollectRows(rows, pgx.RowTo[string])
	storetest.OK(t, err)
	for _, table := range slices.Concat(rowsum.Case, rowsum.Layoff) {
		if !slices.IsSorted(table.Columns) {
			t.Errorf("the columns of %s are not in order", table.Name)
		}
		var columns []string
		for _, name := range have {
			if column, is := strings.CutPrefix(name, table.Name+"."); is && without[name] == "" {
				columns = append(columns, column)
			}
		}
		slices.Sort(columns)
		if !slices.Equal(columns, table.Columns) {
			t.Errorf("%s has the columns\n%v, summed up are\n%v", table.Name, columns, table.Columns)
		}
	}
}

// What somebody changes between two honest entries of a case stays found, whatever entries come after, and is whole
// again when it is what it was.
func TestAChangeBetweenTwoEntriesStaysFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := storetest.NewTurmoil(t, b.Office, 6)
	u.More(t)
	id := u.Cases[0]
	u.InFull(t, id)
	b.sealed(t)
	conn := b.Database.Admin(t)
	_, err := conn.Exec(t.Context(), dropConstraints+"; set session_replication_role = replica")
	storetest.OK(t, err)
	chance := mathrand.New(mathrand.NewPCG(9, 41))
	for _, table := range rowsum.Case {
		of := map[string]string{"cases": "id", "worker": "id"}[table.Name]
		if of == "" {
			of = "case_id"
		}
		where := of + fmt.Sprintf(" = '%s'", id)
		if table.Name == "worker" {
			where = fmt.Sprintf("id = (select worker_id from cases where id = '%s')", id)
		}
		name := changeable(table, chance)
		var kind string
		storetest.OK(t, conn.QueryRow(t.Context(), `select udt_name from information_schema.columns
			where table_schema = 'public' and table_name = $1 and column_name = $2`, table.Name, name).Scan(&kind))
		c := column{table: table.Name, name: name, kind: kind}
		if table.Name == "task" {
			where += " and part = (select part from task order by part limit 1)"
		}
		_, err := conn.Exec(t.Context(), fmt.Sprintf("drop table if exists kept; create table kept as select %[1]s as was "+
			"from %[2]s where %[3]s; update %[2]s set %[1]s = %[4]s where %[3]s", name, table.Name, where, c.another()))
		storetest.OK(t, err)
		b.honest(t, id)
		b.honest(t, id)
		b.sealed(t)
		if parts := b.found(t, id); !slices.Contains(parts, table.Name+"."+name) && !slices.Contains(parts, table.Name) {
			t.Errorf("%s.%s: named %v", table.Name, name, parts)
		}
		_, err = conn.Exec(t.Context(), fmt.Sprintf("update %s set %s = (select was from kept limit 1) where %s", table.Name,
			name, where))
		storetest.OK(t, err)
		if parts := b.found(t, id); parts != nil {
			t.Errorf("%s.%s is what it was: %v", table.Name, name, parts)
		}
	}
}

// changeable is a column that no other row names and that the program does not write with every entry.
func changeable(table *rowsum.Table, chance *mathrand.Rand) string {
	columns := slices.DeleteFunc(slices.Clone(table.Columns), func(name string) bool {
		return name == "id" || name == "case_id" || name == "region" || name == "version" || name == "updated_at" ||
			name == "worker_id" || name == "next_on"
	})
	return columns[chance.IntN(len(columns))]
}

const dropConstraints = `do $$ declare c record; begin
	for c in select conrelid::regclass as t, conname from pg_constraint where contype in ('c', 'f')
		and connamespace = 'public'::regnamespace and conrelid <> 0 loop
		execute format('alter table %s drop constraint if exists %I cascade', c.t, c.conname); end loop; end $$`

// A row put back to what it once was is found, too, although it was right at its time.
func TestAnOlderVersionOfARowIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.OpenCase(t, "3273", 1).ID
	b.sealed(t)
	conn := b.Database.Admin(t)
	_, err := conn.Exec(t.Context(), "set session_replication_role = replica")
	storetest.OK(t, err)
	_, err = conn.Exec(t.Context(), "create table kept as select * from cases")
	storetest.OK(t, err)
	_, err = b.Change(t.Context(), b.Request("", "3273"), id, casework.AnyVersion, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	b.sealed(t)
	_, err = conn.Exec(t.Context(), "update cases c set stage = k.stage, updated_at = k.updated_at from kept k where k.id = c.id")
	storetest.OK(t, err)
	b.honest(t, id)
	b.sealed(t)
	if parts := b.found(t, id); !slices.Contains(parts, "cases.stage") {
		t.Errorf("named %v", parts)
	}
}

// Nobody without the keyset can say a step: an entry that has none, or that of another entry, gets no seal.
func TestAForgedEntryGetsNoSeal(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"none":       "delete from state_step where of = $1",
		"of another": "update state_step s set step = o.step from state_step o where s.of = $1 and o.of <> s.of",
		"altered":    "update state_step set step = set_byte(step, 40, get_byte(step, 40) # 1) where of = $1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			first, second := b.OpenCase(t, "3273", 1).ID, b.OpenCase(t, "3273", 2).ID
			b.sealed(t)
			b.honest(t, first)
			b.honest(t, second)
			tag, err := b.Database.Admin(t).Exec(t.Context(), sql, uuid.UUID(first))
			storetest.OK(t, err)
			if tag.RowsAffected() != 1 {
				t.Fatal(tag)
			}
			b.sealed(t)
			if parts := b.found(t, first); !slices.Equal(parts, []string{"state_step"}) {
				t.Errorf("named %v", parts)
			}
			b.honest(t, first)
			b.sealed(t)
			if parts := b.found(t, first); !slices.Equal(parts, []string{"state_step"}) {
				t.Errorf("after one more entry: %v", parts)
			}
		})
	}
}

// A seal that is taken away is not made anew from the rows by the next entry.
func TestASealThatIsTakenAwayStaysAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.OpenCase(t, "3273", 1).ID
	b.sealed(t)
	b.Do(t, "delete from state_seal")
	b.Do(t, "update case_worker set name = 'Orang Lain'")
	b.honest(t, id)
	b.sealed(t)
	if parts := b.found(t, id); !slices.Equal(parts, []string{"state_seal"}) {
		t.Errorf("named %v", parts)
	}
}

// Seals of the time before steps hold what they held, are told apart, and are taken over by the next entry.
func TestSealsOfTheTimeBeforeStepsStillHold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.OpenCase(t, "3273", 1).ID, b.OpenCase(t, "3273", 2).ID
	b.sealed(t)
	storetest.OK(t, logstore.SealAsBefore(t.Context(), b.Stores.Log))
	b.Do(t, "update state_columns set since = null, mac = null, columns = 'gone ' || columns where since is not null")
	if r := b.verifyState(t, "as before"); r.Sealed != 2 || r.Older != 2 {
		t.Errorf("%+v", r)
	}
	b.Tamper(t, fmt.Sprintf("update cases set stage = 'training' where id = '%s'", second))
	if parts := b.found(t, second); !slices.Equal(parts, []string{"cases.stage"}) {
		t.Errorf("named %v", parts)
	}
	b.Tamper(t, fmt.Sprintf("update cases set stage = 'intake' where id = '%s'", second))
	b.honest(t, first)
	b.sealed(t)
	if r := b.verifyState(t, "one is taken over"); r.Sealed != 2 || r.Older != 1 {
		t.Errorf("%+v", r)
	}
	b.Tamper(t, fmt.Sprintf("update cases set opened_on = opened_on + 1 where id = '%s'", first))
	b.honest(t, first)
	b.sealed(t)
	if parts := b.found(t, first); !slices.Equal(parts, []string{"cases.opened_on"}) {
		t.Errorf("named %v", parts)
	}
}
