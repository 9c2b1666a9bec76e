// Package mailstore keeps who wants mail, and the mail of each day.
package mailstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/store"
)

// Mail is the store of mail.
type Mail struct{ *store.DB }

// New makes it over a database.
func New(db *store.DB) *Mail { return &Mail{db} }

// MailChoice implements mail.Store: who never chose gets mail in Indonesian.
func (s *Mail) MailChoice(ctx context.Context, id authz.OfficerID) (c mail.Choice, err error) {
	err = s.Pool.QueryRow(ctx, "select language, wanted from officer_mail where officer_id = $1", uuid.UUID(id)).
		Scan(&c.Language, &c.Wanted)
	if errors.Is(err, pgx.ErrNoRows) {
		return mail.Choice{Language: mail.Indonesian, Wanted: true}, nil
	}
	return c, store.Translate(err)
}

// ChooseMail implements mail.Store.
func (s *Mail) ChooseMail(ctx context.Context, id authz.OfficerID, c mail.Choice) error {
	_, err := s.Pool.Exec(ctx, `insert into officer_mail (officer_id, language, wanted) values ($1, $2, $3)
		on conflict (officer_id) do update set language = excluded.language, wanted = excluded.wanted`, uuid.UUID(id),
		c.Language, c.Wanted)
	return store.Translate(err)
}

// dueMail is a statement of its own because of the clocks: the hour is that of each office.
var dueMail = fmt.Sprintf(`insert into mail_day (officer_id, day, state)
	select id, here::date, 'waiting' from (
		select o.id, $1::timestamptz at time zone case f.zone when 'WIT' then 'Asia/Jayapura'
			when 'WITA' then 'Asia/Makassar' else 'Asia/Jakarta' end as here
		from officer o join office f on f.region = o.office left join officer_mail m on m.officer_id = o.id
		where o.active and coalesce(m.wanted, true)) x
	where extract(hour from here) between %d and %d
	on conflict do nothing returning officer_id, day`, mail.FirstHour, mail.LastHour)

// DueMail implements mail.Store.
func (s *Mail) DueMail(ctx context.Context, now time.Time) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, dueMail, now)
		if err != nil {
			return err
		}
		due, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (j mail.Job, err error) {
			var day pgtype.Date
			err = row.Scan((*[16]byte)(&j.Officer), &day)
			j.Day = store.DateOf(day)
			return j, err
		})
		if err != nil {
			return err
		}
		for _, job := range due {
			if err := s.Enqueue(ctx, tx, job); err != nil {
				return err
			}
		}
		return nil
	}))
}

// MoveMail implements mail.Store.
func (s *Mail) MoveMail(ctx context.Context, job mail.Job, from, to mail.State) (moved bool, err error) {
	tag, err := s.Pool.Exec(ctx, "update mail_day set state = $4, at = clock_timestamp() "+
		"where officer_id = $1 and day = $2 and state = $3", uuid.UUID(job.Officer), job.Day.Time(), from, to)
	return tag.RowsAffected() == 1, store.Translate(err)
}

var _ mail.Store = (*Mail)(nil)
