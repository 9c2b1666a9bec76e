package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// waitLimit bounds each wait for the database on our side of the connection. The limits that the server keeps
// (statement_timeout) end nothing when the server itself hangs; they are shorter, so that a server that works ends a
// slow statement first and the connection lives on.
const waitLimit = 4500 * time.Millisecond

// placeLimit bounds the wait for a connection of the pool, for work that has no deadline of its own.
const placeLimit = 4500 * time.Millisecond

// pingLimit bounds the look at a connection that was not used for a second, before it is used again.
const pingLimit = 2 * time.Second

type patienceKey struct{}

// WithWait lets the statements under ctx take as long as limit: for work that has told the database the same.
func WithWait(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, limit)
}

// waits puts the limit on every statement of a connection, whoever sends it: requests, jobs and the job queue.
type waits struct{}

type waitKey struct{}

func begin(ctx context.Context, limit time.Duration) context.Context {
	if longer, ok := ctx.Value(patienceKey{}).(time.Duration); ok {
		limit = max(limit, longer)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	return context.WithValue(ctx, waitKey{}, cancel)
}

func end(ctx context.Context) {
	if cancel, ok := ctx.Value(waitKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// alive looks at an idle connection of database/sql, which itself would do so without any limit. One that does not
// answer is closed by that, and the look which is asked for then fails at once.
func alive(ctx context.Context, p stdlib.ShouldPingParams) (look bool) {
	if p.IdleDuration <= time.Second {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	return p.Conn.Ping(ctx) != nil
}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (waits) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool,
	_ pgxpool.TraceAcquireStartData) context.Context {
	return begin(ctx, placeLimit)
}

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (waits) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	end(ctx)
}

// TraceQueryStart implements pgx.QueryTracer.
func (waits) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return begin(ctx, waitLimit)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (waits) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) { end(ctx) }

// TraceBatchStart implements pgx.BatchTracer.
func (waits) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return begin(ctx, waitLimit)
}

// TraceBatchQuery implements pgx.BatchTracer.
func (waits) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (waits) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchEndData) { end(ctx) }

// Uncancelled is ctx without the client, who may have gone, but with the deadline of the request: what has begun to
// commit is not given up for impatience, and a database that hangs holds nobody for longer than any other wait.
func Uncancelled(ctx context.Context) (context.Context, context.CancelFunc) {
	free := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(free, deadline)
	}
	return context.WithTimeout(free, CommitGrace)
}

var (
	_ pgx.QueryTracer       = waits{}
	_ pgx.BatchTracer       = waits{}
	_ pgxpool.AcquireTracer = waits{}
)
