package oversightstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// LogSize is the number of entries in the log.
func (s *Oversight) LogSize(ctx context.Context) (size int64, err error) {
	if _, err := s.log.Seal(ctx); err != nil {
		return 0, err
	}
	err = s.Pool.QueryRow(ctx, "select size from log_state").Scan(&size)
	return size, store.Translate(err)
}

// Frame implements oversight.Store.
func (s *Oversight) Frame(ctx context.Context, scope authz.Scope, a oversight.SampleRequest,
	asOf int64) (ids []uuid.UUID,
	err error) {
	// pgx: a frame may be every case of the nation, and its ids are nothing but a list.
	query := `select c.id from cases c join log_leaf g on g.entry_of = c.id and g.seq = 1 and g.idx < $1
		where c.opened_on between $2 and $3 and ` + store.CaseScopeSQL(scope) + ` order by c.id`
	rows, err := s.Inside(scope).Query(ctx, query, asOf, a.From.Time(), a.Until.Time())
	if err != nil {
		return nil, store.Translate(err)
	}
	ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return ids, store.Translate(err)
}

// CreateSample implements oversight.Store.
func (s *Oversight) CreateSample(ctx context.Context, op authz.Op, x oversight.Sample) (oversight.Sample, error) {
	fresh := uuid.Must(uuid.NewV7())
	id, err := s.CreateOnce(ctx, op, fresh, func(tx pgx.Tx) error {
		return store.On[sampleRow](tx).Create(ctx, rowOfSample(fresh, op.Actor, x))
	})
	if err != nil {
		return x, err
	}
	return s.GetSample(ctx, op.Actor, id)
}

// GetSample implements oversight.Store.
func (s *Oversight) GetSample(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (oversight.Sample, error) {
	own := store.From[sampleRow]().Where("id = ? and officer_id = ?", id, uuid.UUID(officer))
	return store.Take(ctx, s.Pool, own, oversight.NotFound(), sampleRow.sample)
}

// ListSamples implements oversight.Store.
func (s *Oversight) ListSamples(ctx context.Context, officer authz.OfficerID, after uuid.UUID,
	limit int) ([]oversight.Sample, error) {
	q := store.From[sampleRow]().Where("officer_id = ?", uuid.UUID(officer)).Order("id desc").Limit(limit)
	if after != uuid.Nil {
		q = q.Where("id < ?", after)
	}
	return store.Find(ctx, s.Pool, q, sampleRow.sample)
}

// worker finds whose case it is, in a scope.
func worker(ctx context.Context, from store.Reader, scope authz.Scope, id casework.ID) (workerRow, error) {
	q := store.From[workerRow]().Table("cases c join worker w on w.id = c.worker_id").
		Select("c.region, c.worker_id, w.data_key").Where("c.id = ? and "+store.CaseScopeSQL(scope), uuid.UUID(id))
	return store.Take(ctx, from, q, casework.NotFound(), store.Itself[workerRow])
}

// key opens the key of the worker, to seal texts or to read them.
func (s *Oversight) key(w workerRow, id casework.ID) (vault.DataKey, error) {
	key, err := s.Vault.Unwrap(w.DataKey, w.WorkerID.String())
	if err != nil {
		return key, fmt.Errorf("open data key of case %s: %w", id, err)
	}
	return key, nil
}

// sealing finds the worker of a case and their key; of an erased one nothing more is written.
func (s *Oversight) sealing(ctx context.Context, tx pgx.Tx, scope authz.Scope, id casework.ID) (vault.DataKey,
	string, error) {
	w, err := worker(ctx, tx, scope, id)
	if err == nil && w.DataKey == nil {
		err = fault.New(fault.Conflict, "worker.erased")
	}
	if err != nil {
		return vault.DataKey{}, "", err
	}
	key, err := s.key(w, id)
	return key, w.Region, err
}

// The texts of a finding, each bound to its place.
func findingBinding(id uuid.UUID) string { return "finding.finding|" + id.String() }
func answerBinding(id uuid.UUID) string  { return "finding.answer|" + id.String() }

func settlementBinding(id uuid.UUID) string { return "finding.settlement|" + id.String() }

// CreateFinding implements oversight.Store.
func (s *Oversight) CreateFinding(ctx context.Context, op authz.Op, f oversight.Finding) (oversight.Finding, error) {
	fresh := uuid.Must(uuid.NewV7())
	id, err := s.CreateOnce(ctx, op, fresh, func(tx pgx.Tx) error {
		key, code, err := s.sealing(ctx, tx, op.Scope, f.Case)
		if err != nil {
			return err
		}
		return store.On[findingRow](tx).Create(ctx, &findingRow{ID: fresh, CaseID: uuid.UUID(f.Case), Region: code,
			SampleID: store.Null(f.Sample), Severity: f.Severity, State: f.State, FoundBy: uuid.UUID(f.FoundBy),
			Finding: key.Seal([]byte(f.Text.Reveal()), findingBinding(fresh))})
	})
	if err != nil {
		return f, err
	}
	return s.finding(ctx, op.Scope, f.Case, id)
}

func (s *Oversight) finding(ctx context.Context, scope authz.Scope, id casework.ID,
	finding uuid.UUID) (oversight.Finding, error) {
	list, err := s.ListFindings(ctx, scope, id)
	for _, f := range list {
		if f.ID == finding {
			return f, nil
		}
	}
	if err == nil {
		err = oversight.NotFound()
	}
	return oversight.Finding{}, err
}

// ListFindings implements oversight.Store: oldest first. Once the worker is erased, their texts are not there.
func (s *Oversight) ListFindings(ctx context.Context, scope authz.Scope, id casework.ID) ([]oversight.Finding, error) {
	w, err := worker(ctx, s.Inside(scope), scope, id)
	if err != nil {
		return nil, err
	}
	q := store.From[findingRow]().Where("case_id = ?", uuid.UUID(id)).Order("id")
	rows, err := store.Find(ctx, s.Inside(scope), q, store.Itself[findingRow])
	if err != nil {
		return nil, err
	}
	list := make([]oversight.Finding, len(rows))
	for i, r := range rows {
		if list[i] = r.finding(); w.DataKey == nil {
			continue
		}
		key, err := s.key(w, id)
		if err == nil {
			err = unseal(&list[i], r, key)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// unseal opens the texts of a finding.
func unseal(f *oversight.Finding, r findingRow, key vault.DataKey) error {
	text, err := key.Open(r.Finding, findingBinding(r.ID))
	if err != nil {
		return fmt.Errorf("open finding %s: %w", r.ID, err)
	}
	f.Text = identity.NewSecret(string(text))
	if r.Answer != nil {
		if text, err = key.Open(r.Answer, answerBinding(r.ID)); err != nil {
			return fmt.Errorf("open answer to finding %s: %w", r.ID, err)
		}
		f.Answer = identity.NewSecret(string(text))
	}
	if r.Settlement != nil {
		if text, err = key.Open(r.Settlement, settlementBinding(r.ID)); err != nil {
			return fmt.Errorf("open settlement of finding %s: %w", r.ID, err)
		}
		f.Settlement = identity.NewSecret(string(text))
	}
	return nil
}

// foundRow is a finding with what opens it; the key is null once the worker is erased.
type foundRow struct {
	findingRow
	WorkerID uuid.UUID
	DataKey  []byte
}

const findingColumns = `f.id, f.case_id, f.region, f.sample_id, f.severity, f.state, f.found_by, f.found_at, f.finding,
	f.answered_by, f.answer, f.settled_by, f.settlement`

// FindingsIn implements oversight.Store.
func (s *Oversight) FindingsIn(ctx context.Context, scope authz.Scope,
	f oversight.FindingFilter) ([]oversight.Finding, error) {
	q := store.From[foundRow]().Table("finding f join cases c on c.id = f.case_id join worker w on w.id = c.worker_id").
		Select(findingColumns + ", c.worker_id, w.data_key").Where(store.ScopeSQL(scope,
		"f.region")).Order("f.id desc").Limit(f.Limit)
	if f.State != nil {
		q = q.Where("f.state = ?", *f.State)
	}
	if f.Severity != nil {
		q = q.Where("f.severity = ?", *f.Severity)
	}
	if f.After != uuid.Nil {
		q = q.Where("f.id < ?", f.After)
	}
	rows, err := store.Find(ctx, s.Inside(scope), q, store.Itself[foundRow])
	if err != nil {
		return nil, err
	}
	list := make([]oversight.Finding, len(rows))
	for i, r := range rows {
		if list[i] = r.finding(); r.DataKey == nil {
			continue
		}
		key, err := s.key(workerRow{WorkerID: r.WorkerID, DataKey: r.DataKey}, list[i].Case)
		if err == nil {
			err = unseal(&list[i], r.findingRow, key)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// MoveFinding implements oversight.Store.
func (s *Oversight) MoveFinding(ctx context.Context, op authz.Op, id casework.ID, finding uuid.UUID,
	to oversight.FindingState, text identity.Secret) (oversight.Finding, error) {
	kept := struct{ ID uuid.UUID }{finding}
	err := s.Write(ctx, op, &kept, func(tx pgx.Tx) error {
		key, _, err := s.sealing(ctx, tx, op.Scope, id)
		if err != nil {
			return err
		}
		locked := store.From[findingRow](store.ForUpdate).Where("id = ? and case_id = ?", finding, uuid.UUID(id))
		f, err := store.Take(ctx, tx, locked, oversight.NotFound(), findingRow.finding)
		if err == nil {
			err = f.Move(to, op.Actor)
		}
		if err != nil {
			return err
		}
		set := []clause.Assignment{store.Set("state", f.State)}
		if to == oversight.FindingAnswered {
			set = append(set, store.Set("answer", key.Seal([]byte(text.Reveal()), answerBinding(finding))),
				store.Set("answered_by", uuid.UUID(f.AnsweredBy)), store.Set("answered_at", store.Clock))
		} else {
			set = append(set, store.Set("settled_by", uuid.UUID(f.SettledBy)),
				store.Set("settled_at", store.Clock))
			if !text.IsZero() {
				set = append(set, store.Set("settlement", key.Seal([]byte(text.Reveal()), settlementBinding(finding))))
			}
		}
		return store.One(store.On[findingRow](tx).Where("id = ?", finding).Set(set...).Update(ctx))
	})
	if err != nil {
		return oversight.Finding{}, err
	}
	return s.finding(ctx, op.Scope, id, finding)
}

var _ oversight.Store = (*Oversight)(nil)
