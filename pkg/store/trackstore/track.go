package trackstore

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/track"
)

// tracks loads and saves the tracks of one case inside a change; only parts that fn altered are written.
type tracks struct {
	now   track.Tracks
	tasks []track.Task // before the change
	all   []binding
}

// selectSteps is the day of the newest step of each part, as the history has it.
const selectSteps = `select (payload::json ->> 'id')::uuid, max(occurred_on) from case_history
	where case_id = $1 and kind in ('training.advanced', 'assessment.advanced', 'application.advanced', 'placement.advanced', 'business.advanced')
	group by 1`

// binding is one kind of part in a file: how it came, and how what was altered of it is written.
type binding interface {
	QueueLoad(b *pgx.Batch, id casework.ID)
	read(r pgx.BatchResults) error
	QueueSave(b *pgx.Batch, c *casework.Case)
}

// newTracks binds every kind of part, each after those that it points at.
func newTracks() *tracks {
	t := &tracks{}
	f := &t.now
	t.all = []binding{bind(claims, &f.Claims), bind(months, &f.Months), bind(prakerjaCards, &f.PrakerjaCards), bind(trainings, &f.Trainings), bind(attendances, &f.Attendances),
		bind(assessments, &f.Assessments), bind(certificates, &f.Certificates), bind(wishes, &f.Wishes), bind(applications, &f.Applications), bind(proposals, &f.Proposals),
		bind(placements, &f.Placements), bind(businesses, &f.Businesses), bind(jobSeekerCards, &f.JobSeekerCards), bind(referrals, &f.Referrals), bind(responses, &f.Responses)}
	return t
}

type kept[P comparable] struct {
	table[P]
	now    *[]P
	before []P
}

func bind[P comparable](t table[P], now *[]P) *kept[P] { return &kept[P]{table: t, now: now} }

func (b *kept[P]) read(r pgx.BatchResults) error {
	rows, err := r.Query()
	if err != nil {
		return err
	}
	*b.now, err = pgx.CollectRows(rows, b.scan)
	b.before = slices.Clone(*b.now)
	return err
}

func (b *kept[P]) QueueSave(batch *pgx.Batch, c *casework.Case) {
	for i, part := range *b.now {
		if i >= len(b.before) || b.before[i] != part {
			batch.Queue(b.save, append([]any{uuid.UUID(c.ID), string(c.Region)}, b.values(part)...)...)
		}
	}
}

// table is how one kind of part is read and written. The columns after id, case_id and region are in the order of scan
// and values.
type table[P comparable] struct {
	load   string
	save   string
	scan   func(pgx.CollectableRow) (P, error)
	values func(P) []any
}

func (t table[P]) QueueLoad(b *pgx.Batch, id casework.ID) { b.Queue(t.load, uuid.UUID(id)) }

func (t *tracks) QueueLoad(b *pgx.Batch, id casework.ID) {
	for _, part := range t.all {
		part.QueueLoad(b, id)
	}
	b.Queue(selectSteps, uuid.UUID(id))
}

func (t *tracks) ScanLoad(r pgx.BatchResults) error {
	for _, part := range t.all {
		if err := part.read(r); err != nil {
			return err
		}
	}
	t.tasks = t.now.Tasks()
	return t.readSteps(r)
}

func (t *tracks) readSteps(r pgx.BatchResults) error {
	rows, err := r.Query()
	if err != nil {
		return err
	}
	t.now.Steps = map[uuid.UUID]calendar.Date{}
	var part uuid.UUID
	var on pgtype.Date
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&part), &on}, func() error {
		t.now.Steps[part] = store.DateOf(on)
		return nil
	})
	return err
}

func (t *tracks) QueueSave(b *pgx.Batch, c *casework.Case) error {
	for _, part := range t.all {
		part.QueueSave(b, c)
	}
	queueTasks(b, c, t.tasks, t.now.Tasks())
	return nil
}

// queueTasks writes what has to be done in the case from now on.
func queueTasks(b *pgx.Batch, c *casework.Case, before, now []track.Task) {
	for _, task := range before {
		if !slices.Contains(now, task) {
			b.Queue("delete from task where case_id = $1 and kind = $2 and part = $3", uuid.UUID(c.ID), string(task.Kind), task.Part)
		}
	}
	for _, task := range now {
		if !slices.Contains(before, task) {
			b.Queue("insert into task (case_id, region, kind, part, due_on) values ($1, $2, $3, $4, $5)", uuid.UUID(c.ID), string(c.Region), string(task.Kind), task.Part, task.DueOn.Time())
		}
	}
}

// ChangeTracks implements track.Store.
func (s *Tracks) ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	t := newTracks()
	return s.cases.ChangeWith(ctx, casestore.Change{Op: op, ID: id, Version: version, Parts: t,
		Fn: func(c *casework.Case) (casework.Event, error) { return fn(c, &t.now) },
		Ref: func() string {
			if *ref == uuid.Nil {
				return ""
			}
			return ref.String()
		}})
}

// GetTracks implements track.Store.
func (s *Tracks) GetTracks(ctx context.Context, scope authz.Scope, id casework.ID) (casework.File, track.Tracks, error) {
	file, _, err := s.cases.Get(ctx, scope, id)
	if err != nil {
		return casework.File{}, track.Tracks{}, err
	}
	t := newTracks()
	err = s.Read(ctx, scope, func(b *pgx.Batch) { t.QueueLoad(b, id) }, t.ScanLoad)
	return file, t.now, err
}

var claims = table[track.Claim]{
	load: `select id, state, applied_on, decided_on, reference_on, programme, facts, decision, stop_reason, stopped_on
		from claim where case_id = $1 order by id`,
	save: `insert into claim (case_id, region, id, state, applied_on, decided_on, reference_on, programme, facts, decision, stop_reason, stopped_on)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (id) do update set state = $4, decided_on = $6, reference_on = $7, programme = $8, decision = $10, stop_reason = $11, stopped_on = $12`,
	scan: func(row pgx.CollectableRow) (c track.Claim, err error) {
		var applied, decided, reference, stopped pgtype.Date
		err = row.Scan((*[16]byte)(&c.ID), (*string)(&c.State), &applied, &decided, &reference, &c.Programme, &c.Facts, &c.Decision,
			(*string)(&c.StopReason), &stopped)
		c.AppliedOn, c.DecidedOn, c.ReferenceOn, c.StoppedOn = store.DateOf(applied), store.DateOf(decided), store.DateOf(reference), store.DateOf(stopped)
		return c, err
	},
	values: func(c track.Claim) []any {
		return []any{c.ID, string(c.State), store.NullDate(c.AppliedOn), store.NullDate(c.DecidedOn), store.NullDate(c.ReferenceOn), c.Programme, c.Facts,
			c.Decision, string(c.StopReason), store.NullDate(c.StoppedOn)}
	},
}

var months = table[track.Month]{
	load: `select claim_id, n, state, opens_on, closes_on, proved_on, applications, calls, coalesce(attendance, -1), status_form,
		given_on, coalesce(amount, 0), payment_ref, rule from claim_month where case_id = $1 order by claim_id, n`,
	save: `insert into claim_month (case_id, region, claim_id, n, state, opens_on, closes_on, proved_on, applications, calls, attendance,
			status_form, given_on, amount, payment_ref, rule)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, -1), $12, $13, $14, $15, $16)
		on conflict (claim_id, n) do update set state = $5, proved_on = $8, applications = $9, calls = $10, attendance = nullif($11, -1),
			status_form = $12, given_on = $13, amount = $14, payment_ref = $15, rule = $16`,
	scan: func(row pgx.CollectableRow) (m track.Month, err error) {
		var opens, closes, proved, given pgtype.Date
		err = row.Scan((*[16]byte)(&m.Claim), &m.N, (*string)(&m.State), &opens, &closes, &proved, &m.Applications, &m.Calls, &m.Attendance,
			&m.StatusForm, &given, (*int64)(&m.Amount), &m.PaymentRef, &m.Rule)
		m.OpensOn, m.ClosesOn, m.ProvedOn, m.GivenOn = store.DateOf(opens), store.DateOf(closes), store.DateOf(proved), store.DateOf(given)
		return m, err
	},
	values: func(m track.Month) []any {
		var amount *money.Rupiah
		if m.State == track.MonthPaid {
			amount = &m.Amount
		}
		return []any{m.Claim, m.N, string(m.State), store.NullDate(m.OpensOn), store.NullDate(m.ClosesOn), store.NullDate(m.ProvedOn), m.Applications, m.Calls,
			m.Attendance, m.StatusForm, store.NullDate(m.GivenOn), (*int64)(amount), m.PaymentRef, m.Rule}
	},
}

var trainings = table[track.Training]{
	load: `select id, scheme, provider, programme, unit, state, starts_on, ends_on, coalesce(attendance, -1), class_id, cost from training where case_id = $1 order by id`,
	// A place in a class is taken when its enrolment is made, and given back when it is dropped before it began.
	save: `with was as (select state from training where id = $3), place as (
			update class set taken = taken + case when exists (select from was) then -1 else 1 end
			where id = $12 and (not exists (select from was) or $8 = 'dropped' and exists (select from was where state = 'enrolled')) returning id)
		insert into training (case_id, region, id, scheme, provider, programme, unit, state, starts_on, ends_on, attendance, class_id, cost)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, -1), $12, $13)
		on conflict (id) do update set state = $8, ends_on = $10, attendance = nullif($11, -1)`,
	scan: func(row pgx.CollectableRow) (t track.Training, err error) {
		var starts, ends pgtype.Date
		var class pgtype.UUID
		err = row.Scan((*[16]byte)(&t.ID), (*string)(&t.Scheme), &t.Provider, &t.Programme, &t.Unit, (*string)(&t.State), &starts, &ends, &t.Attendance, &class, (*int64)(&t.Cost))
		t.StartsOn, t.EndsOn, t.Class = store.DateOf(starts), store.DateOf(ends), class.Bytes
		return t, err
	},
	values: func(t track.Training) []any {
		return []any{t.ID, string(t.Scheme), t.Provider, t.Programme, t.Unit, string(t.State), store.NullDate(t.StartsOn), store.NullDate(t.EndsOn), t.Attendance, store.NullID(t.Class), int64(t.Cost)}
	},
}

var certificates = table[track.Certificate]{
	load: `select id, training_id, kind, number, issuer, scheme, issued_on, valid_until, assessment_id, units from certificate where case_id = $1 order by id`,
	save: `insert into certificate (case_id, region, id, training_id, kind, number, issuer, scheme, issued_on, valid_until, assessment_id, units)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
	scan: func(row pgx.CollectableRow) (c track.Certificate, err error) {
		var issued, until pgtype.Date
		var training, assessment pgtype.UUID
		err = row.Scan((*[16]byte)(&c.ID), &training, (*string)(&c.Kind), &c.Number, &c.Issuer, &c.Scheme, &issued, &until, &assessment, &c.Units)
		c.Assessment = assessment.Bytes
		c.Training, c.IssuedOn, c.ValidUntil = training.Bytes, store.DateOf(issued), store.DateOf(until)
		return c, err
	},
	values: func(c track.Certificate) []any {
		return []any{c.ID, store.NullID(c.Training), string(c.Kind), c.Number, c.Issuer, c.Scheme, store.NullDate(c.IssuedOn), store.NullDate(c.ValidUntil), store.NullID(c.Assessment), c.Units}
	},
}

var applications = table[track.Application]{
	load: `select id, employer, position, channel, state, applied_on, called_on, vacancy_id from application where case_id = $1 order by id`,
	save: `insert into application (case_id, region, id, employer, position, channel, state, applied_on, called_on, vacancy_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do update set state = $7, called_on = $9`,
	scan: func(row pgx.CollectableRow) (a track.Application, err error) {
		var applied, called pgtype.Date
		var vacancy pgtype.UUID
		err = row.Scan((*[16]byte)(&a.ID), &a.Employer, &a.Position, &a.Channel, (*string)(&a.State), &applied, &called, &vacancy)
		a.Vacancy = vacancy.Bytes
		a.AppliedOn, a.CalledOn = store.DateOf(applied), store.DateOf(called)
		return a, err
	},
	values: func(a track.Application) []any {
		return []any{a.ID, a.Employer, a.Position, a.Channel, string(a.State), store.NullDate(a.AppliedOn), store.NullDate(a.CalledOn), store.NullID(a.Vacancy)}
	},
}

var placements = table[track.Placement]{
	load: `select id, application_id, employer, position, state, started_on, ended_on from placement where case_id = $1 order by id`,
	save: `insert into placement (case_id, region, id, application_id, employer, position, state, started_on, ended_on)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set state = $7, ended_on = $9`,
	scan: func(row pgx.CollectableRow) (p track.Placement, err error) {
		var started, ended pgtype.Date
		var application pgtype.UUID
		err = row.Scan((*[16]byte)(&p.ID), &application, &p.Employer, &p.Position, (*string)(&p.State), &started, &ended)
		p.Application, p.StartedOn, p.EndedOn = application.Bytes, store.DateOf(started), store.DateOf(ended)
		return p, err
	},
	values: func(p track.Placement) []any {
		return []any{p.ID, store.NullID(p.Application), p.Employer, p.Position, string(p.State), store.NullDate(p.StartedOn), store.NullDate(p.EndedOn)}
	},
}

var _ track.Store = (*Tracks)(nil)

var responses = table[track.Response]{
	load: `select id, state, responded_on, document from response where case_id = $1 order by id`,
	save: `insert into response (case_id, region, id, state, responded_on, document) values ($1, $2, $3, $4, $5, $6)`,
	scan: func(row pgx.CollectableRow) (r track.Response, err error) {
		var on pgtype.Date
		err = row.Scan((*[16]byte)(&r.ID), (*string)(&r.State), &on, &r.Document)
		r.On = store.DateOf(on)
		return r, err
	},
	values: func(r track.Response) []any { return []any{r.ID, string(r.State), store.NullDate(r.On), r.Document} },
}
