package accessstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// Every answer waits for this insert, which carries the records of all requests of that moment as one statement: pgx
// sends it as columns. Subjects travel as one text per record: an array of arrays must be rectangular.
const insertAccess = `insert into access_record (officer_id, action, route, request, outcome, emergency, subjects,
	shows, lines)
	select officer_id, action, route, request, outcome, emergency, subjects::uuid[], nullif(shows, ''), lines
	from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
		$9::int[]) as g (officer_id, action, route, request, outcome, emergency, subjects, shows, lines)`

// accessWait bounds the wait for a lock on the record: a caller is refused sooner than it would give up.
const accessWait = `select set_config('lock_timeout', '1500', true), set_config('statement_timeout', '1700', true)`

// RecordAccess implements accesslog.Store.
func (s *Access) RecordAccess(ctx context.Context, records []accesslog.Record) error {
	n := len(records)
	officers, emergencies, lines := make([]uuid.UUID, n), make([]*uuid.UUID, n), make([]int, n)
	actions, routes, requests := make([]string, n), make([]string, n), make([]string, n)
	outcomes, subjects, shows := make([]string, n), make([]string, n), make([]string, n)
	for i, r := range records {
		officers[i], emergencies[i], lines[i] = uuid.UUID(r.Officer), store.NullID(r.Emergency), r.Lines
		actions[i], routes[i], requests[i] = string(r.Action), r.Route, r.Request
		outcomes[i], subjects[i], shows[i] = string(r.Outcome), store.ArrayText(r.Subjects), string(r.Shows)
	}
	b := &pgx.Batch{} // what is sent together is one transaction, committed when its results are all here
	b.Queue(accessWait)
	b.Queue(insertAccess, officers, actions, routes, requests, outcomes, emergencies, subjects, shows, lines)
	return store.Translate(s.Pool.SendBatch(ctx, b).Close())
}

// inSight cuts the subjects of a record to those that the caller may know of: row security decides on cases and lists.
const inSight = `array(select x from unnest(r.subjects) x where exists (select from cases c where c.id = x and %[1]s)
	or exists (select from intake i where i.id = x and %[2]s) or exists (select from export e where e.id = x))`

// selectAccess is written out: it cuts an array of each row, and the page comes before all else.
const selectAccess = `select r.id, r.at, r.officer_id, coalesce(o.name, '') as name, r.action, r.route, r.request,
	r.outcome,
		r.emergency, ` + inSight + ` as subjects
	from (select * from %[3]s order by r.id desc limit $1) r
	left join lateral (select name from officer o where o.id = r.officer_id limit 1) o on true order by r.id desc`

// accessRow is a record as it is read.
type accessRow struct {
	ID                   int64
	At                   time.Time
	OfficerID            uuid.UUID
	Name, Route, Request string
	Action               authz.Action
	Outcome              accesslog.Outcome
	Emergency            *uuid.UUID
	Subjects             []uuid.UUID
}

func (r accessRow) record() accesslog.Record {
	return accesslog.Record{ID: r.ID, At: r.At.UTC(), Officer: authz.OfficerID(r.OfficerID), Name: r.Name,
		Action: r.Action,
		Route:  r.Route, Request: r.Request, Outcome: r.Outcome, Emergency: store.NotNull(r.Emergency), Subjects: r.Subjects}
}

// ListAccess implements accesslog.Store.
func (s *Access) ListAccess(ctx context.Context, scope authz.Scope, f accesslog.Filter) ([]accesslog.Record, error) {
	records, args, err := s.accessFilter(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	query := fmt.Sprintf(selectAccess, store.CaseScopeSQL(scope), s.IntakeScopeSQL(scope, &args), records)
	rows, err := s.Inside(scope).Query(ctx, query, args...)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, store.RowAs(accessRow.record))
	return list, store.Translate(err)
}

// ofWhom is the records of a case, of the lists in which its worker came, and of the exports that hold it. They are
// found before anything else is looked at: the planner thinks that one record in a hundred is one of them, and would
// rather walk all.
const ofWhom = `(select * from access_record r where r.subjects && (select array_agg(x.id)
	from (select $%[1]d::uuid as id
	union select w.intake_id from intake_row w where w.case_id = $%[1]d
	union select e.export_id from export_case e where e.cases @> array[$%[1]d::uuid]) x) offset 0)`

// atOnce is by how many places the order of the records may differ from that of their times.
const atOnce = "1000"

// accessFilter is the records that a filter leaves, aliased r, with the arguments of the query so far. A case or
// an officer outside of the scope is not there.
func (s *Access) accessFilter(ctx context.Context, scope authz.Scope, f accesslog.Filter) (sql string, args []any,
	err error) {
	args, from := []any{f.Limit}, "access_record"
	add := func(condition string, value any) {
		args = append(args, value)
		sql += fmt.Sprintf(" and "+condition, len(args))
	}
	if f.After != 0 {
		add("r.id < $%d", f.After)
	}
	if f.Subject != nil {
		if _, err := s.cases.CaseRegion(ctx, scope, casework.ID(*f.Subject)); err != nil {
			return "", nil, err
		}
		args = append(args, *f.Subject)
		from = fmt.Sprintf(ofWhom, len(args))
	}
	if f.Officer != nil {
		if _, err := s.officers.GetOfficer(ctx, scope, *f.Officer); err != nil {
			return "", nil, err
		}
		add("r.officer_id = $%d", uuid.UUID(*f.Officer))
	}
	if f.Outcome != nil {
		add("r.outcome = $%d", string(*f.Outcome))
	}
	if f.From != nil {
		add("r.at >= $%[1]d and r.id > access_from($%[1]d) - "+atOnce, *f.From)
	}
	if f.Until != nil {
		add("r.at < $%[1]d and r.id < access_from($%[1]d) + "+atOnce, *f.Until)
	}
	return from + " r where true" + sql, args, nil
}

// shownAs is how much a record shows; of those made before it was kept, the action says it.
const shownAs = `coalesce(r.shows, case when r.action in ('case.read', 'case.history') then 'file'
	when r.action in ('case.list', 'case.search') then 'list' end)`

// A record names the workers, or the list or the export in which they are. All of it is counting over sets, for pgx.
const selectSeen = `select c.id, c.region, count(*) filter (where x.shows = 'file') as files,
		count(*) filter (where x.shows = 'list') as lists, count(*) filter (where x.shows = 'export') as exports,
		min(x.at) as first, max(x.at) as last, count(*) as in_answer
	from (with seen as materialized (select r.subjects, ` + shownAs + ` as shows, r.at from access_record r
			where r.officer_id = $1 and r.outcome = 'shown' %[2]s)
		select unnest(r.subjects) as subject, r.shows, r.at from seen r
		union all select w.case_id, r.shows, r.at from seen r join intake i on i.id = r.subjects[1]
			cross join lateral (select w.case_id from intake_row w
				where w.intake_id = i.id and w.case_id is not null offset 0) w
		union all select unnest(e.cases), 'export', r.at from seen r join export f on f.id = r.subjects[1]
			join export_case e on e.export_id = f.id) x
	join cases c on c.id = x.subject where %[1]s %[3]s group by c.id, c.region order by c.id limit $2`

// seenRow is one worker of the report.
type seenRow struct {
	ID                              uuid.UUID
	Region                          string
	Files, Lists, Exports, InAnswer int
	First, Last                     time.Time
}

func (r seenRow) seen() accesslog.Seen {
	return accesslog.Seen{Case: r.ID, Region: r.Region, Files: r.Files, Lists: r.Lists, Exports: r.Exports,
		First: r.First.UTC(), Last: r.Last.UTC(), InAnswer: r.InAnswer}
}

func seenQuery(scope authz.Scope, who authz.OfficerID, f accesslog.Filter, after uuid.UUID) (string, []any) {
	args, times, rest := []any{uuid.UUID(who), f.Limit}, "", ""
	if f.From != nil {
		args = append(args, *f.From)
		times += fmt.Sprintf(" and r.at >= $%d", len(args))
	}
	if f.Until != nil {
		args = append(args, *f.Until)
		times += fmt.Sprintf(" and r.at < $%d", len(args))
	}
	if after != uuid.Nil {
		args = append(args, after)
		rest = fmt.Sprintf(" and c.id > $%d", len(args))
	}
	return fmt.Sprintf(selectSeen, store.CaseScopeSQL(scope), times, rest), args
}

// ListSeen implements accesslog.Store.
func (s *Access) ListSeen(ctx context.Context, scope authz.Scope, who authz.OfficerID, f accesslog.Filter,
	after uuid.UUID) (list []accesslog.Seen, err error) {
	if _, err := s.officers.GetOfficer(ctx, scope, who); err != nil {
		return nil, err
	}
	err = pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		lo, hi, only := s.Limits(scope)
		if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
			return err
		}
		ctx := store.WithWait(ctx, time.Minute)
		if _, err := tx.Exec(ctx, "set local statement_timeout = '60s'"); err != nil {
			return err
		}
		query, args := seenQuery(scope, who, f, after)
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, store.RowAs(seenRow.seen))
		return err
	})
	return list, store.Translate(err)
}

// Who was shown too few answers to have passed a limit, or has passed it in this hour already, is not looked at closer.
// A list that is read again and again has no more workers than rows. It counts and inserts in one statement, for pgx.
const raiseAlarms = `with hour as materialized (
	select r.officer_id, r.outcome, ` + shownAs + ` as shows, r.subjects, r.lines from access_record r
	where r.at > clock_timestamp() - interval '1 hour'
), busy as (
	select officer_id, shows, case shows when 'file' then $1::int else $2::int end as most from hour
	where outcome = 'shown' and shows is not null group by officer_id, shows
	having sum(greatest(lines, cardinality(subjects))) > case shows when 'file' then $1::int else $2::int end
), fresh as (
	select b.* from busy b where not exists (select from access_alarm a
		where a.officer_id = b.officer_id and a.kind = b.shows || 's' and a.hour = date_trunc('hour', clock_timestamp()))
), named as (
	select f.officer_id, f.shows, count(distinct x) as n
	from fresh f join hour h on h.officer_id = f.officer_id and h.shows = f.shows and h.outcome = 'shown' and h.lines = 0,
		unnest(h.subjects) x
	group by f.officer_id, f.shows
), lined as (
	select l.officer_id, l.shows, sum(least(l.n, coalesce(i.rows_total, l.most))) as n from (
		select f.officer_id, f.shows, h.subjects[1] as list, sum(h.lines) as n, max(h.lines) as most
		from fresh f join hour h on h.officer_id = f.officer_id and h.shows = f.shows and h.outcome = 'shown' and h.lines > 0
		group by 1, 2, 3) l
	left join intake i on i.id = l.list group by 1, 2
)
insert into access_alarm (officer_id, hour, kind, subjects, most)
	select officer_id, date_trunc('hour', clock_timestamp()), kind, n, most from (
		select f.officer_id, f.shows || 's' as kind, f.most, coalesce(named.n, 0) + coalesce(lined.n, 0) as n
			from fresh f left join named using (officer_id, shows) left join lined using (officer_id, shows)
		union all
		select officer_id, 'refusals', $3::int, count(*) from hour where outcome = 'refused' group by officer_id) a
	where n > most on conflict (officer_id, hour, kind) do nothing
	returning officer_id, kind, subjects`

// RaiseAlarms looks at the last hour of the record and raises an alarm for each officer who was shown unusually many
// workers. Looking again raises none twice; raised is told the new ones.
func (s *Access) RaiseAlarms(ctx context.Context, raised func(accesslog.Alarm)) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		// An hour of much reading takes long to count, and that is the hour that matters.
		ctx := store.WithWait(ctx, time.Minute)
		if _, err := tx.Exec(ctx, "set local statement_timeout = '60s'"); err != nil {
			return err
		}
		lo, hi, only := s.Limits(authz.Everywhere())
		if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, raiseAlarms, accesslog.MostFiles, accesslog.MostLines, accesslog.MostRefusals)
		if err != nil {
			return err
		}
		var a accesslog.Alarm
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&a.Officer), &a.Kind, &a.Subjects}, func() error {
			raised(a)
			return nil
		})
		return err
	}))
}

// alarmRow is an alarm with the name of its officer.
type alarmRow struct {
	OfficerID      uuid.UUID
	Name           string
	Hour, RaisedAt time.Time
	Kind           accesslog.AlarmKind
	Subjects, Most int
}

func (r alarmRow) alarm() accesslog.Alarm {
	return accesslog.Alarm{Officer: authz.OfficerID(r.OfficerID), Name: r.Name, Hour: r.Hour.UTC(), Kind: r.Kind,
		Subjects: r.Subjects, Most: r.Most, RaisedAt: r.RaisedAt.UTC()}
}

// ListAlarms implements accesslog.Store: those over officers of offices in the scope, newest first.
func (s *Access) ListAlarms(ctx context.Context, scope authz.Scope, limit int) ([]accesslog.Alarm, error) {
	q := store.From[alarmRow]().Table("access_alarm a join officer o on o.id = a.officer_id").
		Select("a.officer_id, o.name, a.hour, a.raised_at, a.kind, a.subjects, a.most").
		Where(store.OfficesSQL(scope)).Order("a.raised_at desc").Limit(limit)
	return store.Find(ctx, s.Pool, q, alarmRow.alarm)
}

var _ accesslog.Store = (*Access)(nil)
