package casestore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// ChangePair implements casework.PairStore. The cases are locked in the order of their ids, so that two who link the
// same ones do not wait for each other.
func (s *Cases) ChangePair(ctx context.Context, op authz.Op, id casework.ID, version int, with casework.ID,
	fn func(*casework.Pair) (this, other casework.Event, err error)) (casework.State, error) {
	var state casework.State
	err := s.Write(ctx, op, &state, func(tx pgx.Tx) error {
		named, other, err := lockTwo(ctx, tx, op.Scope, id, with)
		if err != nil {
			return err
		}
		if version != casework.AnyVersion && named.Version != version {
			return fault.New(fault.Stale, "case.stale", "version", fmt.Sprint(named.Version))
		}
		pair, swapped, err := readPair(ctx, tx, named, other)
		if err != nil {
			return err
		}
		if swapped {
			named, other = other, named
		}
		watch, err := rowsum.WatchCases(ctx, s.DB, tx, uuid.UUID(named.ID), uuid.UUID(other.ID))
		if err != nil {
			return err
		}
		linked := pair.Linked
		this, that, err := fn(&pair)
		if err != nil {
			return err
		}
		named.Case, other.Case = pair.This, pair.Other
		if err := s.writePair(ctx, tx, op, linked, &pair, change{named, this}, change{other, that}); err != nil {
			return err
		}
		if err := watch.Write(ctx); err != nil {
			return err
		}
		if state = stateOf(&named.Case, named.line); swapped {
			state = stateOf(&other.Case, other.line)
		}
		return nil
	})
	if err == nil && !op.Scope.Covers(state.Region) {
		err = casework.NotFound() // a repeat after the scope was lost
	}
	if err != nil {
		return casework.State{}, err
	}
	return state, nil
}

// change is a locked case with the entry that it gets.
type change struct {
	at    *locked
	event casework.Event
}

// lockTwo says first of all what is wrong with the case that was named first, whichever is locked first.
func lockTwo(ctx context.Context, tx pgx.Tx, scope authz.Scope, id, with casework.ID) (a, b *locked, err error) {
	found, wrong := map[casework.ID]*locked{}, map[casework.ID]error{}
	order := []casework.ID{id, with}
	slices.SortFunc(order, func(a, b casework.ID) int { return strings.Compare(a.String(), b.String()) })
	for _, one := range slices.Compact(order) {
		if found[one], wrong[one] = lockOne(ctx, tx, scope, one); wrong[one] != nil && fault.CodeOf(wrong[one]) == "" {
			break // the transaction is lost
		}
	}
	switch {
	case wrong[id] != nil:
		return nil, nil, wrong[id]
	case fault.KindOf(wrong[with]) == fault.NotFound:
		return nil, nil, fault.New(fault.Invalid, "merge.case_not_found").At("with")
	}
	return found[id], found[with], wrong[with]
}

func lockOne(ctx context.Context, tx pgx.Tx, scope authz.Scope, id casework.ID) (*locked, error) {
	at, err := scanLocked(tx.QueryRow(ctx, selectLocked, uuid.UUID(id)))
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !scope.Covers(at.Region) {
		return nil, casework.NotFound()
	}
	if err != nil {
		return nil, err
	}
	at.key, err = scanKey(tx.QueryRow(ctx, selectKey, uuid.UUID(id)))
	return at, err
}

const selectPair = `select exists (select from linked_case l where l.case_id = $1 and l.other_id = $2),
	exists (select from same_person($3) p where p = $4),
	coalesce((select l.closed_from from linked_case l where l.case_id = $1 and l.other_id = $2), ''),
	coalesce((select l.closed_from from linked_case l where l.case_id = $2 and l.other_id = $1), '')`

// selectMerge is the entry of the newest merge of a case with another one.
const selectMerge = `select payload from case_history where case_id = $1 and kind = $3
	and payload::jsonb ->> 'with' = $2::text order by seq desc limit 1`

// readPair gives the two cases as a pair; swapped when the link closed the second one.
func readPair(ctx context.Context, tx pgx.Tx, a, b *locked) (p casework.Pair, swapped bool, err error) {
	var second casework.Stage
	p.This, p.Other = a.Case, b.Case
	err = tx.QueryRow(ctx, selectPair, uuid.UUID(a.ID), uuid.UUID(b.ID), a.WorkerID, b.WorkerID).
		Scan(&p.Linked, &p.SamePerson, (*string)(&p.ClosedFrom), (*string)(&second))
	if second != "" {
		p.This, p.Other, p.ClosedFrom = b.Case, a.Case, second
	}
	if err == nil && p.ClosedFrom != "" {
		p.Undo, err = readUndo(ctx, tx, &p)
	}
	return p, second != "", err
}

// readUndo is what the link replaced when it closed a case.
func readUndo(ctx context.Context, tx pgx.Tx, p *casework.Pair) (*casework.Undo, error) {
	var merged casework.Recorded
	err := tx.QueryRow(ctx, selectMerge, uuid.UUID(p.This.ID), p.Other.ID.String(), string(casework.CaseMerged)).
		Scan(&merged.Payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = replacedBy(&merged, p.This.ID, nil) // nothing of a case itself is sealed
	return merged.Undo, err
}

// writePair writes both entries. The link goes before a case is open again, and comes after one is closed.
func (s *Cases) writePair(ctx context.Context, tx pgx.Tx, op authz.Op, linked bool, p *casework.Pair,
	both ...change) error {
	ids := []any{uuid.UUID(p.This.ID), uuid.UUID(p.Other.ID)}
	if linked && !p.Linked {
		if _, err := tx.Exec(ctx, `delete from linked_case
			where (case_id = $1 and other_id = $2) or (case_id = $2 and other_id = $1)`, ids...); err != nil {
			return err
		}
	}
	for _, c := range both {
		if err := s.writeOne(ctx, tx, op, c); err != nil {
			return err
		}
	}
	if linked || !p.Linked {
		return nil
	}
	var alone bool
	err := tx.QueryRow(ctx, "select link_cases($1, $2, $3, nullif($4, ''))",
		append(ids, both[0].event.OccurredOn.Time(), string(p.ClosedFrom))...).Scan(&alone)
	if err == nil && !alone {
		err = fault.New(fault.Conflict, "merge.open_elsewhere")
	}
	return err
}

func (s *Cases) writeOne(ctx context.Context, tx pgx.Tx, op authz.Op, c change) error {
	c.at.undo.Replaced(&c.at.was, &c.at.Case)
	payload, err := s.payload(c.at, c.event)
	if err != nil {
		return err
	}
	c.at.Version++
	c.at.UpdatedAt = c.at.at
	tag, err := tx.Exec(ctx, writeEntry, c.at.entry(op.Actor, c.event, payload)...)
	if err == nil && tag.RowsAffected() != 1 {
		err = fault.New(fault.Stale, "case.stale")
	}
	return err
}

const selectLinked = `select l.case_id, l.other_id from linked_case l join cases c on c.id = l.other_id
	where l.case_id = any($1) and SCOPE order by l.case_id, l.other_id`

// LinkedCases implements casework.PairStore. It stands beside the reads of cases: pgx, in one trip.
func (s *Cases) LinkedCases(ctx context.Context, scope authz.Scope,
	ids []casework.ID) (map[casework.ID][]casework.ID, error) {
	if scope.Empty() || len(ids) == 0 {
		return nil, nil
	}
	of := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		of[i] = uuid.UUID(id)
	}
	found := map[casework.ID][]casework.ID{}
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(strings.Replace(selectLinked, "SCOPE", store.CaseScopeSQL(scope), 1), of)
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var id, other casework.ID
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), (*[16]byte)(&other)}, func() error {
			found[id] = append(found[id], other)
			return nil
		})
		return err
	})
	return found, err
}

var _ casework.PairStore = (*Cases)(nil)
