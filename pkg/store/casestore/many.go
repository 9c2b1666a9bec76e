package casestore

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
)

var errNotEnded = errors.New("no answer is kept yet")

// BeginMany implements casework.ManyStore. Nothing but the key is kept until the end: another request with it is
// refused before its first case.
func (s *Cases) BeginMany(ctx context.Context, op authz.Op) (done []casework.Done, ended bool, err error) {
	if op.Request.Key == "" {
		return nil, false, nil
	}
	begun := struct{}{}
	if err := s.Write(ctx, op.Part("begun"), &begun, nothingMore); err != nil {
		return nil, false, err
	}
	err = s.Replay(ctx, op, errNotEnded, &done)
	if errors.Is(err, errNotEnded) {
		return nil, false, nil
	}
	return done, err == nil, err
}

// EndMany implements casework.ManyStore.
func (s *Cases) EndMany(ctx context.Context, op authz.Op, done *[]casework.Done) error {
	return s.Write(ctx, op, done, nothingMore)
}

// nothingMore is the work of a transaction that only keeps an answer.
func nothingMore(pgx.Tx) error { return nil }

var _ casework.ManyStore = (*Cases)(nil)
