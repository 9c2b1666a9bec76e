package oversightstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
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
func (s *Oversight) Frame(ctx context.Context, scope authz.Scope, a oversight.Asked, asOf int64) (ids []uuid.UUID, err error) {
	query := `select c.id from cases c join log_leaf g on g.entry_of = c.id and g.seq = 1 and g.idx < $1 where c.opened_on between $2 and $3 and ` + store.CaseScopeSQL(scope) + ` order by c.id`
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, asOf, a.From.Time(), a.Until.Time()) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	return ids, err
}

// CreateSample implements oversight.Store.
func (s *Oversight) CreateSample(ctx context.Context, op authz.Op, x oversight.Sample) (oversight.Sample, error) {
	asked, err := json.Marshal(x.Asked)
	if err != nil {
		return x, fmt.Errorf("encode sample: %w", err)
	}
	answer := struct{ ID uuid.UUID }{uuid.Must(uuid.NewV7())}
	err = s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into sample (id, officer_id, scope, asked, as_of, frame_size, frame_digest, cases) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			answer.ID, uuid.UUID(op.Actor), store.CodesText(x.Scope), asked, x.AsOf, x.FrameSize, x.FrameDigest[:], x.Cases)
		return err
	})
	if err != nil {
		return x, err
	}
	return s.GetSample(ctx, op.Actor, answer.ID)
}

// GetSample implements oversight.Store.
func (s *Oversight) GetSample(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (x oversight.Sample, err error) {
	var scope []string
	var asked, digest []byte
	err = s.Pool.QueryRow(ctx, `select id, officer_id, scope, asked, as_of, frame_size, frame_digest, cases, created_at from sample where id = $1 and officer_id = $2`, id, uuid.UUID(officer)).
		Scan((*[16]byte)(&x.ID), (*[16]byte)(&x.Officer), &scope, &asked, &x.AsOf, &x.FrameSize, &digest, &x.Cases, &x.CreatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return x, oversight.NotFound()
	}
	if err != nil {
		return x, store.Translate(err)
	}
	for _, code := range scope {
		x.Scope = append(x.Scope, region.Code(code))
	}
	copy(x.FrameDigest[:], digest)
	x.CreatedAt = x.CreatedAt.UTC()
	return x, json.Unmarshal(asked, &x.Asked)
}

func findingBinding(id uuid.UUID, what string) string { return "finding." + what + "|" + id.String() }

// sealForCase seals a text under the key of the worker of a case in the scope of the transaction.
func (s *Oversight) sealForCase(ctx context.Context, tx pgx.Tx, scope authz.Scope, id casework.ID, text identity.Secret, binding string) (sealed []byte, code string, err error) {
	var worker uuid.UUID
	var wrapped []byte
	err = tx.QueryRow(ctx, "select c.region, c.worker_id, w.data_key from cases c join worker w on w.id = c.worker_id where c.id = $1 and "+store.CaseScopeSQL(scope), uuid.UUID(id)).
		Scan(&code, (*[16]byte)(&worker), &wrapped)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, "", casework.NotFound()
	case err == nil && wrapped == nil:
		return nil, "", fault.New(fault.Conflict, "worker.erased")
	case err != nil:
		return nil, "", err
	}
	key, err := s.Vault.Unwrap(wrapped, worker.String())
	if err != nil {
		return nil, "", fmt.Errorf("open data key of case %s: %w", id, err)
	}
	return key.Seal([]byte(text.Reveal()), binding), code, nil
}

// CreateFinding implements oversight.Store.
func (s *Oversight) CreateFinding(ctx context.Context, op authz.Op, f oversight.Finding) (oversight.Finding, error) {
	answer := struct{ ID uuid.UUID }{uuid.Must(uuid.NewV7())}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		sealed, code, err := s.sealForCase(ctx, tx, op.Scope, f.Case, f.Text, findingBinding(answer.ID, "finding"))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into finding (id, case_id, region, sample_id, severity, state, found_by, finding) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			answer.ID, uuid.UUID(f.Case), code, store.NullID(f.Sample), string(f.Severity), f.State, uuid.UUID(f.FoundBy), sealed)
		return err
	})
	if err != nil {
		return f, err
	}
	return s.finding(ctx, op.Scope, f.Case, answer.ID)
}

func (s *Oversight) finding(ctx context.Context, scope authz.Scope, id casework.ID, finding uuid.UUID) (oversight.Finding, error) {
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

// ListFindings implements oversight.Store: oldest first.
func (s *Oversight) ListFindings(ctx context.Context, scope authz.Scope, id casework.ID) (list []oversight.Finding, err error) {
	if _, err := s.cases.CaseRegion(ctx, scope, id); err != nil {
		return nil, err
	}
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(`select f.id, f.case_id, f.sample_id, f.severity, f.state, f.found_by, f.found_at, f.finding, f.answered_by, f.answer, f.settled_by, c.worker_id, w.data_key
			from finding f join cases c on c.id = f.case_id join worker w on w.id = c.worker_id where f.case_id = $1 and `+store.CaseScopeSQL(scope)+` order by f.id`, uuid.UUID(id))
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, s.scanFinding)
		return err
	})
	return list, err
}

func (s *Oversight) scanFinding(row pgx.CollectableRow) (f oversight.Finding, err error) {
	var sample, answered, settled pgtype.UUID
	var worker uuid.UUID
	var text, answer, wrapped []byte
	err = row.Scan((*[16]byte)(&f.ID), (*[16]byte)(&f.Case), &sample, (*string)(&f.Severity), &f.State, (*[16]byte)(&f.FoundBy), &f.FoundAt, &text, &answered, &answer, &settled,
		(*[16]byte)(&worker), &wrapped)
	f.Sample, f.AnsweredBy, f.SettledBy, f.FoundAt = sample.Bytes, answered.Bytes, settled.Bytes, f.FoundAt.UTC()
	if err != nil || wrapped == nil {
		return f, err
	}
	key, err := s.Vault.Unwrap(wrapped, worker.String())
	if err != nil {
		return f, fmt.Errorf("open data key of case %s: %w", f.Case, err)
	}
	plain, err := key.Open(text, findingBinding(f.ID, "finding"))
	if err != nil {
		return f, fmt.Errorf("open finding %s: %w", f.ID, err)
	}
	f.Text = identity.NewSecret(string(plain))
	if answer != nil {
		if plain, err = key.Open(answer, findingBinding(f.ID, "answer")); err != nil {
			return f, fmt.Errorf("open answer to finding %s: %w", f.ID, err)
		}
		f.Answer = identity.NewSecret(string(plain))
	}
	return f, nil
}

// MoveFinding implements oversight.Store.
func (s *Oversight) MoveFinding(ctx context.Context, op authz.Op, id casework.ID, finding uuid.UUID, to oversight.FindingState, answer identity.Secret) (oversight.Finding, error) {
	kept := struct{ ID uuid.UUID }{finding}
	err := s.Write(ctx, op, &kept, func(tx pgx.Tx) error {
		sealed, _, err := s.sealForCase(ctx, tx, op.Scope, id, answer, findingBinding(finding, "answer"))
		if err != nil {
			return err
		}
		var state string
		err = tx.QueryRow(ctx, "select state from finding where id = $1 and case_id = $2 for update", finding, uuid.UUID(id)).Scan(&state)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return oversight.NotFound()
		case err != nil:
			return err
		case to == "answered" && state != "open", to == "settled" && state == "settled":
			return fault.New(fault.Conflict, "finding.state", "state", state)
		case to == "answered":
			_, err = tx.Exec(ctx, "update finding set state = 'answered', answer = $2, answered_by = $3, answered_at = clock_timestamp() where id = $1", finding, sealed, uuid.UUID(op.Actor))
		default:
			_, err = tx.Exec(ctx, "update finding set state = 'settled', settled_by = $2, settled_at = clock_timestamp() where id = $1", finding, uuid.UUID(op.Actor))
		}
		return err
	})
	if err != nil {
		return oversight.Finding{}, err
	}
	return s.finding(ctx, op.Scope, id, finding)
}

var _ oversight.Store = (*Oversight)(nil)
