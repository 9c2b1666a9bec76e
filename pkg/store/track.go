package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/track"
)

// tracks loads and saves the tracks of one case inside a change; only parts that fn altered are written.
type tracks struct {
	now, before track.File
}

// table is how one kind of part is read and written. The columns after id, case_id and region are in the order of scan
// and values.
type table[P comparable] struct {
	load   string
	save   string
	scan   func(pgx.CollectableRow) (P, error)
	values func(P) []any
}

func (t table[P]) queueLoad(b *pgx.Batch, id casework.ID) { b.Queue(t.load, uuid.UUID(id)) }

func (t table[P]) read(r pgx.BatchResults, into *[]P) error {
	rows, err := r.Query()
	if err != nil {
		return err
	}
	*into, err = pgx.CollectRows(rows, t.scan)
	return err
}

func (t table[P]) queueSave(b *pgx.Batch, c *casework.Case, before, now []P) {
	for i, part := range now {
		if i >= len(before) || before[i] != part {
			b.Queue(t.save, append([]any{uuid.UUID(c.ID), string(c.Region)}, t.values(part)...)...)
		}
	}
}

func (t *tracks) queueLoad(b *pgx.Batch, id casework.ID) {
	claims.queueLoad(b, id)
	months.queueLoad(b, id)
	trainings.queueLoad(b, id)
	certificates.queueLoad(b, id)
	applications.queueLoad(b, id)
	placements.queueLoad(b, id)
	responses.queueLoad(b, id)
}

func (t *tracks) scanLoad(r pgx.BatchResults) error {
	f := &t.now
	for _, read := range []func() error{
		func() error { return claims.read(r, &f.Claims) },
		func() error { return months.read(r, &f.Months) },
		func() error { return trainings.read(r, &f.Trainings) },
		func() error { return certificates.read(r, &f.Certificates) },
		func() error { return applications.read(r, &f.Applications) },
		func() error { return placements.read(r, &f.Placements) },
		func() error { return responses.read(r, &f.Responses) },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	t.before = track.File{Claims: slices.Clone(f.Claims), Months: slices.Clone(f.Months), Trainings: slices.Clone(f.Trainings),
		Certificates: slices.Clone(f.Certificates), Applications: slices.Clone(f.Applications), Placements: slices.Clone(f.Placements),
		Responses: slices.Clone(f.Responses)}
	return nil
}

func (t *tracks) queueSave(b *pgx.Batch, c *casework.Case) error {
	claims.queueSave(b, c, t.before.Claims, t.now.Claims)
	months.queueSave(b, c, t.before.Months, t.now.Months)
	trainings.queueSave(b, c, t.before.Trainings, t.now.Trainings)
	certificates.queueSave(b, c, t.before.Certificates, t.now.Certificates)
	applications.queueSave(b, c, t.before.Applications, t.now.Applications)
	placements.queueSave(b, c, t.before.Placements, t.now.Placements)
	responses.queueSave(b, c, t.before.Responses, t.now.Responses)
	return nil
}

// ChangeTracks implements track.Store.
func (s *Store) ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
	fn func(*casework.Case, *track.File) (casework.Event, error)) (casework.State, error) {
	t := &tracks{}
	return s.change(ctx, change{op: op, id: id, version: version, parts: t,
		fn: func(c *casework.Case) (casework.Event, error) { return fn(c, &t.now) },
		ref: func() string {
			if *ref == uuid.Nil {
				return ""
			}
			return ref.String()
		}})
}

// GetTracks implements track.Store.
func (s *Store) GetTracks(ctx context.Context, scope authz.Scope, id casework.ID) (casework.File, track.File, error) {
	file, _, err := s.Get(ctx, scope, id)
	if err != nil {
		return casework.File{}, track.File{}, err
	}
	t := &tracks{}
	err = s.read(ctx, scope, func(b *pgx.Batch) { t.queueLoad(b, id) }, t.scanLoad)
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
		c.AppliedOn, c.DecidedOn, c.ReferenceOn, c.StoppedOn = dateOf(applied), dateOf(decided), dateOf(reference), dateOf(stopped)
		return c, err
	},
	values: func(c track.Claim) []any {
		return []any{c.ID, string(c.State), nullDate(c.AppliedOn), nullDate(c.DecidedOn), nullDate(c.ReferenceOn), c.Programme, c.Facts,
			c.Decision, string(c.StopReason), nullDate(c.StoppedOn)}
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
		m.OpensOn, m.ClosesOn, m.ProvedOn, m.GivenOn = dateOf(opens), dateOf(closes), dateOf(proved), dateOf(given)
		return m, err
	},
	values: func(m track.Month) []any {
		var amount *money.Rupiah
		if m.State == track.MonthPaid {
			amount = &m.Amount
		}
		return []any{m.Claim, m.N, string(m.State), nullDate(m.OpensOn), nullDate(m.ClosesOn), nullDate(m.ProvedOn), m.Applications, m.Calls,
			m.Attendance, m.StatusForm, nullDate(m.GivenOn), (*int64)(amount), m.PaymentRef, m.Rule}
	},
}

var trainings = table[track.Training]{
	load: `select id, scheme, provider, programme, unit, state, starts_on, ends_on, coalesce(attendance, -1) from training where case_id = $1 order by id`,
	save: `insert into training (case_id, region, id, scheme, provider, programme, unit, state, starts_on, ends_on, attendance)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, -1))
		on conflict (id) do update set state = $8, ends_on = $10, attendance = nullif($11, -1)`,
	scan: func(row pgx.CollectableRow) (t track.Training, err error) {
		var starts, ends pgtype.Date
		err = row.Scan((*[16]byte)(&t.ID), (*string)(&t.Scheme), &t.Provider, &t.Programme, &t.Unit, (*string)(&t.State), &starts, &ends, &t.Attendance)
		t.StartsOn, t.EndsOn = dateOf(starts), dateOf(ends)
		return t, err
	},
	values: func(t track.Training) []any {
		return []any{t.ID, string(t.Scheme), t.Provider, t.Programme, t.Unit, string(t.State), nullDate(t.StartsOn), nullDate(t.EndsOn), t.Attendance}
	},
}

var certificates = table[track.Certificate]{
	load: `select id, training_id, kind, number, issuer, scheme, issued_on, valid_until from certificate where case_id = $1 order by id`,
	save: `insert into certificate (case_id, region, id, training_id, kind, number, issuer, scheme, issued_on, valid_until)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
	scan: func(row pgx.CollectableRow) (c track.Certificate, err error) {
		var issued, until pgtype.Date
		var training pgtype.UUID
		err = row.Scan((*[16]byte)(&c.ID), &training, (*string)(&c.Kind), &c.Number, &c.Issuer, &c.Scheme, &issued, &until)
		c.Training, c.IssuedOn, c.ValidUntil = training.Bytes, dateOf(issued), dateOf(until)
		return c, err
	},
	values: func(c track.Certificate) []any {
		return []any{c.ID, nullID(c.Training), string(c.Kind), c.Number, c.Issuer, c.Scheme, nullDate(c.IssuedOn), nullDate(c.ValidUntil)}
	},
}

var applications = table[track.Application]{
	load: `select id, employer, position, channel, state, applied_on, called_on from application where case_id = $1 order by id`,
	save: `insert into application (case_id, region, id, employer, position, channel, state, applied_on, called_on)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set state = $7, called_on = $9`,
	scan: func(row pgx.CollectableRow) (a track.Application, err error) {
		var applied, called pgtype.Date
		err = row.Scan((*[16]byte)(&a.ID), &a.Employer, &a.Position, &a.Channel, (*string)(&a.State), &applied, &called)
		a.AppliedOn, a.CalledOn = dateOf(applied), dateOf(called)
		return a, err
	},
	values: func(a track.Application) []any {
		return []any{a.ID, a.Employer, a.Position, a.Channel, string(a.State), nullDate(a.AppliedOn), nullDate(a.CalledOn)}
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
		p.Application, p.StartedOn, p.EndedOn = application.Bytes, dateOf(started), dateOf(ended)
		return p, err
	},
	values: func(p track.Placement) []any {
		return []any{p.ID, nullID(p.Application), p.Employer, p.Position, string(p.State), nullDate(p.StartedOn), nullDate(p.EndedOn)}
	},
}

var _ track.Store = (*Store)(nil)

var responses = table[track.Response]{
	load: `select id, state, responded_on, document from response where case_id = $1 order by id`,
	save: `insert into response (case_id, region, id, state, responded_on, document) values ($1, $2, $3, $4, $5, $6)`,
	scan: func(row pgx.CollectableRow) (r track.Response, err error) {
		var on pgtype.Date
		err = row.Scan((*[16]byte)(&r.ID), (*string)(&r.State), &on, &r.Document)
		r.On = dateOf(on)
		return r, err
	},
	values: func(r track.Response) []any { return []any{r.ID, string(r.State), nullDate(r.On), r.Document} },
}
