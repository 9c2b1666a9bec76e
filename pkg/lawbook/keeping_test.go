package lawbook_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/lawbook"
)

// keeping is a store without releases, which takes every one.
type keeping struct{}

func (keeping) AddRelease(_ context.Context, _ authz.Op, r lawbook.Release, _ lawbook.Event) (lawbook.Release, error) {
	return r, nil
}

func (keeping) MoveRelease(context.Context, authz.Op, uuid.UUID,
	func(*lawbook.Release, []lawbook.Release) (lawbook.Event, error)) (lawbook.Release, error) {
	return lawbook.Release{}, lawbook.NotFound()
}

func (keeping) GetRelease(context.Context, uuid.UUID) (lawbook.Release, error) {
	return lawbook.Release{}, lawbook.NotFound()
}

func (keeping) ListReleases(context.Context, int) ([]lawbook.Release, error) { return nil, nil }
func (keeping) Holding(context.Context) ([]lawbook.Release, int64, error)    { return nil, 0, nil }
func (keeping) Edition(context.Context) (int64, error)                       { return 0, nil }
