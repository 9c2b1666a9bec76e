package v1

import (
	"context"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/statistics"
)

// figures are the cells of an answer as its caller may see them. The total is nil when it is hidden.
type figures struct {
	hidden []bool
	total  *int
}

// hiding hides small cells of workers in a scope from who may not see the workers themselves.
func hiding(ctx context.Context, e *rest.API, scope authz.Scope, cells []int) figures {
	sum := 0
	for _, n := range cells {
		sum += n
	}
	shown := figures{hidden: make([]bool, len(cells)), total: &sum}
	if e.SeesPeople(ctx, scope) {
		return shown
	}
	hidden, total := statistics.Hide(cells, e.SmallestGroup())
	if shown.hidden = hidden; total {
		shown.total = nil
	}
	return shown
}

// single is a number of workers that stands by itself; nil when it is hidden from the caller.
func single(ctx context.Context, e *rest.API, scope authz.Scope, n int) *int {
	if statistics.Small(n, e.SmallestGroup()) && !e.SeesPeople(ctx, scope) {
		return nil
	}
	return &n
}
