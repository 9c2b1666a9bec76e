package store_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// constraintsOf lists every constraint of the schema, every unique index, and every condition that a trigger raises.
const constraintsOf = `
	select c.conname::text from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype <> 't'
	union select i.indexrelid::regclass::text from pg_index i join pg_class k on k.oid = i.indrelid
		where i.indisunique and k.relnamespace = 'public'::regnamespace
	union select (regexp_matches(p.prosrc, 'constraint = ''([a-z_]+)''', 'g'))[1] from pg_proc p
		where p.pronamespace = 'public'::regnamespace
	union select (regexp_matches(p.prosrc, '''(history_[a-z]+)''', 'g'))[1] from pg_proc p
		where p.prosrc like '%constraint = why%'
	union select encode(t.tgargs, 'escape')::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
		where p.proname = 'refuse' and not t.tgisinternal`

func strs(t *testing.T, db *storetest.Database, sql string) []string {
	t.Helper()
	rows, err := db.Admin(t).Query(t.Context(), sql)
	storetest.OK(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	storetest.OK(t, err)
	return all
}

// Whatever the database may refuse is either named for the client, with a code, or declared impossible with the reason.
func TestEveryConstraintHasAnAnswer(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, name := range strs(t, storetest.New(t), constraintsOf) {
		name = strings.TrimSuffix(name, `\000`)
		found[name] = true
		named, declared := store.ConstraintFaults[name], store.Impossible[name]
		if (named != nil) == (declared != "") {
			t.Errorf("%s: named %v, declared impossible %q: exactly one of both is needed (constraints.go)", name, named,
				declared)
		}
	}
	if len(found) < 200 {
		t.Fatalf("only %d constraints were found: the search is broken", len(found))
	}
	for name := range store.ConstraintFaults {
		if !found[name] {
			t.Errorf("the schema has no constraint %s", name)
		}
	}
	for name := range store.Impossible {
		if !found[name] {
			t.Errorf("the schema has no constraint %s", name)
		}
	}
}

var (
	closedList = regexp.MustCompile(`^CHECK \(\((?:\([a-z_]+ = ''::text\) OR \()?[a-z_]+ = ANY \(ARRAY\[([^\]]*)\]\)+$`)
	listed     = regexp.MustCompile(`'([^']*)'::text`)
)

// A value that Go has and the database does not would be a refusal in production, and the other way round a row that no
// program can read. A list of the database belongs to a type, and a type that says where it is kept is held there.
func TestClosedListsAreTheGoTypes(t *testing.T) {
	t.Parallel()
	defs := strs(t, storetest.New(t), `select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
		where contype = 'c' and connamespace = 'public'::regnamespace`)
	checks := catalogue.Checks()
	checks["referral_reason"] = codelist.ListOf[track.ReferralReason]() // these may be empty, and are refused by name
	checks["referral_consent_how"] = codelist.ListOf[track.Consent]()
	for _, line := range defs {
		name, def, _ := strings.Cut(line, " ")
		match := closedList.FindStringSubmatch(def)
		if match == nil {
			continue
		}
		list, known := checks[name]
		if !known {
			t.Errorf("%s: a closed list without a Go type (pkg/codelist/catalogue)", name)
			continue
		}
		delete(checks, name)
		var stored []string
		for _, value := range listed.FindAllStringSubmatch(match[1], -1) {
			stored = append(stored, value[1])
		}
		values := slices.Clone(list.Stored)
		slices.Sort(stored)
		slices.Sort(values)
		if !slices.Equal(stored, values) {
			t.Errorf("%s: the database has %v, %s has %v", name, stored, list.Name, values)
		}
	}
	for name, list := range checks {
		t.Errorf("%s: the database does not hold %s to its values", name, list.Name)
	}
}
