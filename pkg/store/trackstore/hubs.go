package trackstore

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

var prakerjaCards = table[track.PrakerjaCard]{
	load: `select id, batch, state, awarded_on, buy_by, bought_on, result, version, decision, incentives, surveys, paid from prakerja_card where case_id = $1 order by id`,
	save: `insert into prakerja_card (case_id, region, id, batch, state, awarded_on, buy_by, bought_on, result, version, decision, incentives, surveys, paid)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (id) do update set state = $5, bought_on = $8, incentives = $12, surveys = $13, paid = $14`,
	scan: func(row pgx.CollectableRow) (k track.PrakerjaCard, err error) {
		var awarded, by, bought pgtype.Date
		err = row.Scan((*[16]byte)(&k.ID), &k.Batch, (*string)(&k.State), &awarded, &by, &bought, (*string)(&k.Result), &k.Version, &k.Decision,
			&k.IncentivesPaid, &k.SurveysPaid, (*int64)(&k.Paid))
		k.AwardedOn, k.BuyBy, k.BoughtOn = store.DateOf(awarded), store.DateOf(by), store.DateOf(bought)
		return k, err
	},
	values: func(k track.PrakerjaCard) []any {
		return []any{k.ID, k.Batch, string(k.State), store.NullDate(k.AwardedOn), store.NullDate(k.BuyBy), store.NullDate(k.BoughtOn), string(k.Result), k.Version, k.Decision,
			k.IncentivesPaid, k.SurveysPaid, int64(k.Paid)}
	},
}

var attendances = table[track.Attendance]{
	load: `select training_id, held_on, present from attendance where case_id = $1 order by held_on, training_id`,
	save: `insert into attendance (case_id, region, training_id, held_on, present) values ($1, $2, $3, $4, $5)
		on conflict (training_id, held_on) do update set present = $5`,
	scan: func(row pgx.CollectableRow) (a track.Attendance, err error) {
		var on pgtype.Date
		err = row.Scan((*[16]byte)(&a.Training), &on, &a.Present)
		a.On = store.DateOf(on)
		return a, err
	},
	values: func(a track.Attendance) []any { return []any{a.Training, store.NullDate(a.On), a.Present} },
}

var assessments = table[track.Assessment]{
	load: `select id, body, scheme, units, state, applied_on, assessed_on, attempts from assessment where case_id = $1 order by id`,
	save: `insert into assessment (case_id, region, id, body, scheme, units, state, applied_on, assessed_on, attempts)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do update set state = $7, assessed_on = $9, attempts = $10`,
	scan: func(row pgx.CollectableRow) (a track.Assessment, err error) {
		var applied, assessed pgtype.Date
		err = row.Scan((*[16]byte)(&a.ID), &a.Body, &a.Scheme, &a.Units, (*string)(&a.State), &applied, &assessed, &a.Attempts)
		a.AppliedOn, a.AssessedOn = store.DateOf(applied), store.DateOf(assessed)
		return a, err
	},
	values: func(a track.Assessment) []any {
		return []any{a.ID, a.Body, a.Scheme, a.Units, string(a.State), store.NullDate(a.AppliedOn), store.NullDate(a.AssessedOn), a.Attempts}
	},
}

var businesses = table[track.Business]{
	load: `select id, title, kbli, level, state, proposed_on, grants, visits, visited_on, workers from business where case_id = $1 order by id`,
	save: `insert into business (case_id, region, id, title, kbli, level, state, proposed_on, grants, visits, visited_on, workers)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (id) do update set state = $7, grants = $9, visits = $10, visited_on = $11, workers = $12`,
	scan: func(row pgx.CollectableRow) (b track.Business, err error) {
		var proposed, visited pgtype.Date
		err = row.Scan((*[16]byte)(&b.ID), &b.Title, &b.KBLI, (*string)(&b.Level), (*string)(&b.State), &proposed, (*int64)(&b.Grants), &b.Visits, &visited, &b.Workers)
		b.ProposedOn, b.VisitedOn = store.DateOf(proposed), store.DateOf(visited)
		return b, err
	},
	values: func(b track.Business) []any {
		return []any{b.ID, b.Title, b.KBLI, string(b.Level), string(b.State), store.NullDate(b.ProposedOn), int64(b.Grants), b.Visits, store.NullDate(b.VisitedOn), b.Workers}
	},
}

var jobSeekerCards = table[track.JobSeekerCard]{
	load: `select id, number, state, issued_on, valid_until, report_by, reports from jobseeker_card where case_id = $1 order by id`,
	save: `insert into jobseeker_card (case_id, region, id, number, state, issued_on, valid_until, report_by, reports)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set state = $5, report_by = $8, reports = $9`,
	scan: func(row pgx.CollectableRow) (k track.JobSeekerCard, err error) {
		var issued, until, by pgtype.Date
		err = row.Scan((*[16]byte)(&k.ID), &k.Number, (*string)(&k.State), &issued, &until, &by, &k.Reports)
		k.IssuedOn, k.ValidUntil, k.ReportBy = store.DateOf(issued), store.DateOf(until), store.DateOf(by)
		return k, err
	},
	values: func(k track.JobSeekerCard) []any {
		return []any{k.ID, k.Number, string(k.State), store.NullDate(k.IssuedOn), store.NullDate(k.ValidUntil), store.NullDate(k.ReportBy), k.Reports}
	},
}

// WishColumns are the columns of job_wish that a Wish is read from.
const WishColumns = `occupation_1, occupation_2, occupation_3, units, wage, available_on, reach`

var wishes = table[track.Wish]{
	load: `select ` + WishColumns + ` from job_wish where case_id = $1`,
	save: `insert into job_wish (case_id, region, ` + WishColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (case_id) do update set occupation_1 = $3, occupation_2 = $4, occupation_3 = $5, units = $6, wage = $7, available_on = $8, reach = $9`,
	scan: scanWish,
	values: func(w track.Wish) []any {
		return []any{w.Occupation1, w.Occupation2, w.Occupation3, w.Units, int64(w.Wage), store.NullDate(w.From), string(w.Reach)}
	},
}

func scanWish(row pgx.CollectableRow) (w track.Wish, err error) {
	var from pgtype.Date
	err = row.Scan(&w.Occupation1, &w.Occupation2, &w.Occupation3, &w.Units, (*int64)(&w.Wage), &from, (*string)(&w.Reach))
	w.From = store.DateOf(from)
	return w, err
}

var proposals = table[track.Proposal]{
	load: `select id, vacancy_id, employer, position, rank, score, state, proposed_on, application_id from proposal where case_id = $1 order by id`,
	save: `insert into proposal (case_id, region, id, vacancy_id, employer, position, rank, score, state, proposed_on, application_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do update set state = $9, application_id = $11`,
	scan: func(row pgx.CollectableRow) (p track.Proposal, err error) {
		var on pgtype.Date
		var application pgtype.UUID
		err = row.Scan((*[16]byte)(&p.ID), (*[16]byte)(&p.Vacancy), &p.Employer, &p.Position, &p.Rank, &p.Score, (*string)(&p.State), &on, &application)
		p.ProposedOn, p.Application = store.DateOf(on), application.Bytes
		return p, err
	},
	values: func(p track.Proposal) []any {
		return []any{p.ID, p.Vacancy, p.Employer, p.Position, p.Rank, p.Score, string(p.State), store.NullDate(p.ProposedOn), store.NullID(p.Application)}
	},
}

const referralColumns = `r.id, r.kind, r.from_region, r.to_region, r.service, r.state, r.offered_on, r.answer_by, r.answered_on, r.version`

var referrals = table[track.Referral]{
	load: `select ` + referralColumns + ` from referral r where r.case_id = $1 order by r.id`,
	save: `insert into referral (case_id, region, id, kind, from_region, to_region, service, state, offered_on, answer_by, answered_on, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (id) do update set state = $8, answered_on = $11, version = $12`,
	scan: func(row pgx.CollectableRow) (track.Referral, error) { return scanReferral(row) },
	values: func(r track.Referral) []any {
		return []any{r.ID, string(r.Kind), string(r.From), string(r.To), r.Service, string(r.State), store.NullDate(r.OfferedOn), store.NullDate(r.AnswerBy), store.NullDate(r.AnsweredOn), r.Version}
	},
}

// scanReferral reads referralColumns and whatever columns follow them.
func scanReferral(row pgx.CollectableRow, more ...any) (r track.Referral, err error) {
	var offered, by, answered pgtype.Date
	err = row.Scan(append([]any{(*[16]byte)(&r.ID), (*string)(&r.Kind), (*string)(&r.From), (*string)(&r.To), &r.Service, (*string)(&r.State), &offered, &by, &answered, &r.Version}, more...)...)
	r.OfferedOn, r.AnswerBy, r.AnsweredOn = store.DateOf(offered), store.DateOf(by), store.DateOf(answered)
	return r, err
}
