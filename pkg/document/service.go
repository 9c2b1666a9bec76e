package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/vault"
)

// Store is what documents need of the database.
type Store interface {
	// WorkerKey is the key of the worker of a case in the scope; it fails with worker.erased when there is none any more.
	WorkerKey(ctx context.Context, scope authz.Scope, id casework.ID) (vault.DataKey, error)
	// KeptDocuments tells which of some documents are still to be kept, in whatever office.
	KeptDocuments(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error)
}

// Service is documents for callers whose permission is already established.
type Service struct {
	Store   Store
	Tracks  *track.Service
	Place   *Place
	Scanner Scanner
	Clock   clock.Clock
}

// Add takes a scan into a case: what is stated of it, and its content.
func (s *Service) Add(ctx context.Context, to track.Target, d track.Document, content []byte) (casework.State, error) {
	var err error
	if d.Media, err = Check(content); err != nil {
		return casework.State{}, err
	}
	key, err := s.Store.WorkerKey(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
	if err := s.Scanner.Scan(ctx, content); err != nil {
		return casework.State{}, err
	}
	sum := sha256.Sum256(content)
	d.ID, d.Size, d.SHA256 = uuid.Must(uuid.NewV7()), len(content), hex.EncodeToString(sum[:])
	if err := s.Place.Write(ctx, d.ID, key.Seal(content, binding(to.Case, d.ID))); err != nil {
		return casework.State{}, err
	}
	return track.Documents.Record(ctx, s.Tracks, to, d)
}

// binding ties a sealed scan to its row: in the place of another one it does not open.
func binding(id casework.ID, document uuid.UUID) string {
	return "document|" + id.String() + "|" + document.String()
}

// Read gives a scan with its content.
func (s *Service) Read(ctx context.Context, scope authz.Scope, id casework.ID,
	document uuid.UUID) (track.Document, []byte, error) {
	_, tracks, err := s.Tracks.Get(ctx, scope, id)
	if err != nil {
		return track.Document{}, nil, err
	}
	d, err := tracks.FindDocument(document)
	if err != nil {
		return d, nil, err
	}
	key, err := s.Store.WorkerKey(ctx, scope, id)
	if err != nil {
		return d, nil, err
	}
	sealed, err := s.Place.Read(ctx, document)
	if err != nil {
		return d, nil, err
	}
	content, err := key.Open(sealed, binding(id, document))
	if err != nil {
		return d, nil, fmt.Errorf("open document %s of case %s: %w", document, id, err)
	}
	return d, content, nil
}

// What is swept: every SweepEvery one of 256 parts of the place, so that each has its turn within two days. What is
// younger than leftAfter may belong to a change that has not ended.
const (
	SweepEvery = 10 * time.Minute
	leftAfter  = 24 * time.Hour
)

// Sweep deletes what lies in a part of the place and belongs to no case, or to a worker who was erased.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	part := byte(now.Unix() / int64(SweepEvery/time.Second))
	return s.Place.Sweep(ctx, part, now.Add(-leftAfter), s.Store.KeptDocuments)
}
