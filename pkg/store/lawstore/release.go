package lawstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store"
)

// releaseRow is a release, and whether its content is the one that its history names.
type releaseRow struct {
	ID            uuid.UUID     `gorm:"column:id;primaryKey"`
	Version       int           `gorm:"column:version"`
	Head          []byte        `gorm:"column:head"`
	Programme     string        `gorm:"column:programme"`
	Kind          string        `gorm:"column:kind"`
	Name          string        `gorm:"column:name"`
	EffectiveFrom calendar.Date `gorm:"column:effective_from"`
	Reason        string        `gorm:"column:reason"`
	Content       string        `gorm:"column:content"`
	State         lawbook.State `gorm:"column:state"`
	PutInBy       uuid.UUID     `gorm:"column:put_in_by"`
	PutInAt       time.Time     `gorm:"column:put_in_at;->"`
	ApprovedBy    *uuid.UUID    `gorm:"column:approved_by"`
	ApprovedAt    *time.Time    `gorm:"column:approved_at"`
	WithdrawnBy   *uuid.UUID    `gorm:"column:withdrawn_by"`
	Phase         lawbook.Phase `gorm:"column:phase;->"`
	Layoffs       int           `gorm:"column:layoffs;->"`
	Cases         int           `gorm:"column:cases;->"`
}

// TableName names the table to GORM.
func (releaseRow) TableName() string { return "law_release" }

func (r releaseRow) release() lawbook.Release {
	return lawbook.Release{ID: r.ID, Programme: r.Programme, Kind: r.Kind, Name: r.Name, Effective: r.EffectiveFrom,
		Reason: r.Reason, Content: r.Content, State: r.State, Version: r.Version, PutInBy: authz.OfficerID(r.PutInBy),
		PutInAt: r.PutInAt.UTC(), ApprovedBy: authz.OfficerID(store.NotNull(r.ApprovedBy)),
		ApprovedAt: store.NotNull(r.ApprovedAt).UTC(), WithdrawnBy: authz.OfficerID(store.NotNull(r.WithdrawnBy)),
		Settled: r.Phase == lawbook.PhaseSettled, Layoffs: r.Layoffs, Cases: r.Cases}
}

// rowOf is a release to be written.
func rowOf(r *lawbook.Release) releaseRow {
	row := releaseRow{ID: r.ID, Version: r.Version, Programme: r.Programme, Kind: r.Kind, Name: r.Name,
		EffectiveFrom: r.Effective, Reason: r.Reason, Content: r.Content, State: r.State, PutInBy: uuid.UUID(r.PutInBy),
		ApprovedBy: store.Null(uuid.UUID(r.ApprovedBy)), WithdrawnBy: store.Null(uuid.UUID(r.WithdrawnBy))}
	if !r.ApprovedAt.IsZero() {
		row.ApprovedAt = &r.ApprovedAt
	}
	return row
}

// AddRelease implements lawbook.Store.
func (s *Laws) AddRelease(ctx context.Context, op authz.Op, r lawbook.Release,
	e lawbook.Event) (lawbook.Release, error) {
	id, err := s.CreateOnce(ctx, op, r.ID, func(tx pgx.Tx) error {
		row := rowOf(&r)
		if err := enter(ctx, tx, op, &row, make([]byte, 32), e); err != nil {
			return err
		}
		return store.On[releaseRow](tx).Create(ctx, &row)
	})
	if err != nil {
		return r, err
	}
	return s.GetRelease(ctx, id)
}

// insertEntry writes an entry of a history. The database makes its hash.
const insertEntry = `insert into law_history (release_id, seq, kind, actor, occurred_on, recorded_at, payload,
	prev_hash, hash)
	select @id, @seq, @kind, @actor, at::date, at, @payload, @prev,
		history_hash(@prev, @id, @seq, @kind, @actor, at::date, at, @payload)
	from (select clock_timestamp() as at) t returning hash`

// enter writes the next entry of a release, and takes its number and its hash into the row.
func enter(ctx context.Context, tx pgx.Tx, op authz.Op, r *releaseRow, prev []byte, e lawbook.Event) error {
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return fmt.Errorf("encode payload of %s: %w", e.Kind, err)
	}
	r.Version++
	return tx.QueryRow(ctx, insertEntry, pgx.NamedArgs{"id": r.ID, "seq": r.Version, "kind": e.Kind,
		"actor": uuid.UUID(op.Actor), "payload": string(payload), "prev": prev}).Scan(&r.Head)
}

// MoveRelease implements lawbook.Store. The lock on the edition makes one wait for the other.
func (s *Laws) MoveRelease(ctx context.Context, op authz.Op, id uuid.UUID,
	fn func(*lawbook.Release, []lawbook.Release) (lawbook.Event, error)) (lawbook.Release, error) {
	kept := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &kept, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select from law_edition for update"); err != nil {
			return err
		}
		row, err := store.Take(ctx, tx, store.From[releaseRow]().Where("id = ?", id), lawbook.NotFound(),
			store.Itself[releaseRow])
		if err != nil {
			return err
		}
		holding, err := holding(ctx, tx)
		if err != nil {
			return err
		}
		r := row.release()
		held := r.State == lawbook.Approved
		event, err := fn(&r, holding)
		if err != nil {
			return err
		}
		prev := row.Head
		row = rowOf(&r)
		if err := enter(ctx, tx, op, &row, prev, event); err != nil {
			return err
		}
		err = store.One(store.On[releaseRow](tx).Where("id = ?", id).
			Select("Version", "Head", "State", "ApprovedBy", "ApprovedAt", "WithdrawnBy").Updates(ctx, row))
		if err != nil || r.State == lawbook.Withdrawn && !held {
			return err
		}
		return s.holds(ctx, tx, id)
	})
	if err != nil {
		return lawbook.Release{}, err
	}
	return s.GetRelease(ctx, id)
}

// holds makes a change of what holds known to every process, and has the days settled that it moves.
func (s *Laws) holds(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	if _, err := tx.Exec(ctx, "update law_edition set edition = edition + 1"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update law_release set phase = 'layoffs', settled_to = null, looked_at = null,
		layoffs = 0, cases = 0 where id = $1`, id); err != nil {
		return err
	}
	return s.Enqueue(ctx, tx, lawbook.Job{Release: id})
}

// GetRelease implements lawbook.Store.
func (s *Laws) GetRelease(ctx context.Context, id uuid.UUID) (lawbook.Release, error) {
	return store.Take(ctx, s.Pool, store.From[releaseRow]().Where("id = ?", id), lawbook.NotFound(), releaseRow.release)
}

// ListReleases implements lawbook.Store: newest first.
func (s *Laws) ListReleases(ctx context.Context, limit int) ([]lawbook.Release, error) {
	return store.Find(ctx, s.Pool, store.From[releaseRow]().Order("id desc").Limit(limit), releaseRow.release)
}

// holding reads what holds, in the order of approval, and marks a content that its history does not know.
func holding(ctx context.Context, from store.Reader) ([]lawbook.Release, error) {
	found, err := store.Find(ctx, from, store.From[heldRow]().
		Table("law_release r join law_history h on h.release_id = r.id and h.seq = 1").
		Select(store.Columns[releaseRow]("r")+", h.payload::json ->> 'digest' as digest").
		Where("r.state = 'approved'").Order("r.approved_at, r.id"), store.Itself[heldRow])
	if err != nil {
		return nil, err
	}
	list := make([]lawbook.Release, len(found))
	for i, row := range found {
		list[i] = row.release()
		list[i].Tampered = list[i].Digest() != row.Digest
	}
	return list, nil
}

// heldRow is a release with the digest in its history.
type heldRow struct {
	releaseRow
	Digest string
}

// Holding implements lawbook.Store.
func (s *Laws) Holding(ctx context.Context) (list []lawbook.Release, edition int64, err error) {
	// The edition first: what is approved meanwhile is read once more.
	if edition, err = s.Edition(ctx); err != nil {
		return nil, 0, err
	}
	list, err = holding(ctx, s.Pool)
	return list, edition, store.Translate(err)
}

// Edition implements lawbook.Store.
func (s *Laws) Edition(ctx context.Context) (n int64, err error) {
	err = s.Pool.QueryRow(ctx, "select edition from law_edition").Scan(&n)
	return n, store.Translate(err)
}
