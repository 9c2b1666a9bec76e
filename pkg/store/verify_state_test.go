package store_test

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
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

// notState are the tables with a case_id whose rows are no part of its state, and why.
var notState = map[string]string{
	"case_history": "entries, which have a chain and a log of their own; their region is compared with the case's",
	"finding":      "auditors write them without an entry",
	"match":        "counted in the background from wishes and vacancies",
	"intake_row":   "the employer's list, not the case",
	"counted":      "counted in the background from the state",
}

// inFull gives a case a row in every table that a case can have rows in.
func (u *turmoil) inFull(t *testing.T, id casework.ID) {
	t.Helper()
	vacancy := uuid.New()
	u.admin(t, `insert into vacancy (id, region, employer, title, occupation, openings, posted_on, expires_on, state,
		source, reference, reported_by)
		values ($1, '3273', 'PT', 'x', '7212', 1, '2026-11-01', '2026-12-01', 'reported', 'uji', $2,
			$3)`, vacancy, vacancy.String(), uuid.UUID(u.officer))
	op := authz.Op{Actor: u.officer, Scope: authz.Everywhere()}
	var ref uuid.UUID
	part := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	_, err := u.ChangeTracks(t.Context(), op, id, casework.AnyVersion, &ref, func(c *casework.Case,
		f *track.File) (casework.Event, error) {
		training, claim := part(), part()
		if len(f.Claims) == 0 {
			c.ClaimState = casework.ClaimRunning
			f.Claims = append(f.Claims, track.Claim{ID: claim, State: casework.ClaimRunning, AppliedOn: today,
				DecidedOn: today, ReferenceOn: today, Facts: "{}"})
			f.Months = append(f.Months, track.Month{Claim: claim, N: 1, State: track.MonthUpcoming, OpensOn: today,
				ClosesOn: today, Attendance: -1})
		}
		f.Prakerja = append(f.Prakerja, track.PrakerjaCard{ID: part(), Batch: "70", State: track.CardAwarded,
			AwardedOn: today, Result: "eligible", Version: "1", Decision: "{}"})
		f.Trainings = append(f.Trainings, track.Training{ID: training, Scheme: track.BLK, Provider: "BLK", Programme: "Las",
			State: track.Enrolled, StartsOn: today, Attendance: -1})
		f.Attendances = append(f.Attendances, track.Attendance{Training: training, On: today, Present: true})
		f.Assessments = append(f.Assessments, track.Assessment{ID: part(), Body: "LSP", Scheme: "Las",
			State: track.AssessmentRequested, AppliedOn: today})
		f.Certificates = append(f.Certificates, track.Certificate{ID: part(), Kind: track.TrainingCertificate, Number: "1",
			Issuer: "BLK", IssuedOn: today})
		f.Wishes = append(f.Wishes, track.Wish{Occupation1: "7212", Reach: track.OwnRegency})
		f.Applications = append(f.Applications, track.Application{ID: part(), Employer: "PT", Position: "x",
			State: track.Submitted, AppliedOn: today})
		f.Proposals = append(f.Proposals, track.Proposal{ID: part(), Vacancy: vacancy, Employer: "PT", Position: "x",
			State: track.Proposed, ProposedOn: today})
		f.Placements = append(f.Placements, track.Placement{ID: part(), Employer: "PT", Position: "x",
			State: track.Reported, StartedOn: today})
		f.Businesses = append(f.Businesses, track.Business{ID: part(), Title: "warung", KBLI: "56101", Level: track.Starter,
			State: track.BusinessIdea, ProposedOn: today})
		f.Cards = append(f.Cards, track.JobSeekerCard{ID: part(), Number: "AK1", State: track.CardActive, IssuedOn: today,
			ValidUntil: today.AddMonths(24), ReportBy: today.AddMonths(6)})
		f.Referrals = append(f.Referrals, track.Referral{ID: part(), Kind: track.ServiceReferral, From: c.Region,
			To: "1101", Service: "training", State: track.ReferralOffered,
			OfferedOn: today, AnswerBy: today})
		f.Responses = append(f.Responses, track.Response{ID: part(), State: track.Accepted, On: today})
		return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: today, Payload: track.Stepped{ID: training}}, nil
	})
	ok(t, err)
	_, err = u.ChangePrivacy(t.Context(), op, id, casework.AnyVersion, func(_ *casework.Case,
		f *privacy.File) (casework.Event, error) {
		f.Erasure, f.RequestedBy = privacy.Requested, u.officer
		return f.Hold(identity.NewSecret("perkara"), today)
	})
	ok(t, err)
}

// report makes a layoff with an entry after its first.
func (u *turmoil) report(t *testing.T) layoff.Layoff {
	t.Helper()
	op := authz.Op{Actor: u.officer, Scope: authz.Everywhere()}
	l, err := u.CreateLayoff(t.Context(), op, layoff.Layoff{Reason: "efficiency", PeoplePlanned: 40, PlannedOn: today,
		ReportedBy: u.officer,
		Employer:   layoff.Employer{Region: "3273", Name: "PT Sandang"}})
	ok(t, err)
	l, err = u.ChangeLayoff(t.Context(), op, l.ID, l.Version, func(l *layoff.Layoff) (layoff.Event, error) {
		l.JobsSaved = 3
		return layoff.Event{Kind: "layoff.reduced", OccurredOn: today, Payload: map[string]int{"jobs_saved": 3}}, nil
	})
	ok(t, err)
	return l
}

// verifyState must find nothing wrong.
func (b *bundle) verifyState(t *testing.T, when string) store.StateReport {
	t.Helper()
	r, err := b.VerifyState(t.Context(), nil)
	ok(t, err)
	for _, d := range r.Differs {
		t.Errorf("%s: %s at entry %d: %v", when, d.Of, d.Seq, d.Parts)
	}
	return r
}

// Whatever the program does with cases, and whenever it is looked at, their rows are what their newest entries left.
func TestTheStateOfWorkedCasesVerifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := newTurmoil(t, b, 3)
	for round := range 10 {
		for range 4 {
			u.more(t)
		}
		for step := range 40 {
			u.step(t)
			if step%10 == 0 {
				r := b.verifyState(t, fmt.Sprintf("round %d", round))
				if r.Sealed+r.Waiting != len(u.cases) || r.Before != 0 {
					t.Fatalf("round %d: %+v of %d cases", round, r, len(u.cases))
				}
			}
		}
		_, err := b.Seal(t.Context())
		ok(t, err)
	}
	u.inFull(t, u.cases[0])
	u.report(t)
	_, err := b.Seal(t.Context())
	ok(t, err)
	if r := b.verifyState(t, "at rest"); r.Sealed != len(u.cases)+1 || r.Waiting != 0 {
		t.Errorf("%+v", r)
	}
}

// An erasure empties many tables, of all cases of the worker: each has an entry for it.
func TestTheStateOfTheErasedVerifies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := newTurmoil(t, b, 4)
	second := authz.OfficerID(uuid.New())
	b.admin(t, `insert into officer (id, email, name, office, password_hash) values ($1, 'dua@contoh.go.id', 'Dua',
		'3273', '')`, uuid.UUID(second))
	op := authz.Op{Actor: u.officer, Scope: authz.Everywhere()}
	var last casework.ID
	for range 2 {
		last = b.open(t, "3273", 1).ID
		var ref uuid.UUID
		_, err := b.ChangeTracks(t.Context(), op, last, casework.AnyVersion, &ref, func(c *casework.Case,
			f *track.File) (casework.Event, error) {
			u.alterSome(c, f, uuid.New(), today)
			return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: today, Payload: track.Stepped{}}, nil
		})
		ok(t, err)
		_, err = b.Change(t.Context(), op, last, casework.AnyVersion, advance(casework.Closed))
		ok(t, err)
	}
	_, err := b.Seal(t.Context())
	ok(t, err)
	for _, by := range []authz.OfficerID{u.officer, second} {
		_, err := b.ChangePrivacy(t.Context(), authz.Op{Actor: by, Scope: authz.Everywhere()}, last, casework.AnyVersion,
			func(c *casework.Case, f *privacy.File) (casework.Event, error) {
				if by == second {
					return f.Decide(by, true, today)
				}
				return f.Request(by, identity.NewSecret("permintaan"), today)
			})
		ok(t, err)
		b.verifyState(t, "before it is sealed")
		_, err = b.Seal(t.Context())
		ok(t, err)
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
	u := newTurmoil(t, b, 5)
	for range 6 {
		u.more(t)
		u.inFull(t, u.cases[len(u.cases)-1])
	}
	u.report(t)
	_, err := b.Seal(t.Context())
	ok(t, err)
	conn := b.db.Admin(t)
	_, err = conn.Exec(t.Context(), `do $$ declare c record; begin
		for c in select conrelid::regclass as t, conname from pg_constraint where contype in ('c', 'f')
			and connamespace = 'public'::regnamespace and conrelid <> 0 loop
			execute format('alter table %s drop constraint if exists %I cascade', c.t, c.conname); end loop; end $$`)
	ok(t, err)
	rows, err := conn.Query(t.Context(), selectColumns)
	ok(t, err)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		err = row.Scan(&c.table, &c.name, &c.kind, &c.of)
		return c, err
	})
	ok(t, err)
	columns := slices.DeleteFunc(all, func(c column) bool {
		return notState[c.table] != "" || c.table == "worker" &&
			c.name == "data_key"
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
			"update "+table+" set "+name+" = "+c.another()+" where ctid = (select ctid from "+table+" order by random() limit 1)")
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
func misnamed(r store.StateReport, c column) string {
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
	first := b.open(t, "3273", 1).ID
	b.open(t, "3273", 2)
	_, err := b.Seal(t.Context())
	ok(t, err)
	b.admin(t, "create table older as select * from state_seal")
	_, err = b.Change(t.Context(), b.op("", "3273"), first, 1, advance(casework.Benefit))
	ok(t, err)
	_, err = b.Seal(t.Context())
	ok(t, err)
	conn := b.db.Admin(t)
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
			ok(t, err)
			r, err := b.VerifyStateIn(t.Context(), tx, nil)
			ok(t, err)
			if len(r.Differs) != 1 || r.Differs[0].Of != uuid.UUID(first) {
				t.Errorf("%s: %+v", name, r)
			}
			return rolledBack
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
	}
	b.admin(t, "update state_since set idx = 1000")
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
	first := b.open(t, "3273", 1).ID
	b.open(t, "3273", 2)
	_, err := b.Seal(t.Context())
	ok(t, err)
	b.admin(t, "delete from state_seal")
	b.admin(t, "delete from state_since")
	if r := b.verifyState(t, "before"); r.Before != 2 || r.Sealed != 0 || r.Since != 2 {
		t.Errorf("%+v", r)
	}
	_, err = b.Change(t.Context(), b.op("", "3273"), first, 1, advance(casework.Benefit))
	ok(t, err)
	_, err = b.Seal(t.Context())
	ok(t, err)
	b.admin(t,
		"alter table cases add column later text not null default 'x'; alter table training add column later int not null default 7")
	if r := b.verifyState(t, "after"); r.Before != 1 || r.Sealed != 1 || r.Since != 2 {
		t.Errorf("%+v", r)
	}
	_, err = b.Change(t.Context(), b.op("", "3273"), first, 2, advance(casework.Training))
	ok(t, err)
	_, err = b.Seal(t.Context())
	ok(t, err)
	b.tamper(t, fmt.Sprintf("update cases set later = 'y' where id = '%s'", first))
	if r, err := b.VerifyState(t.Context(), nil); err != nil || len(r.Differs) != 1 ||
		fmt.Sprint(r.Differs[0].Parts) != "[cases.later]" {
		t.Errorf("%+v %v", r, err)
	}
}
