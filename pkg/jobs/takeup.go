package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/matching"
)

// enqueuer is the part of River's client that takes new jobs.
type enqueuer interface {
	InsertMany(ctx context.Context, jobs []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

// takeUp enqueues the work that should be under way and is not: its process was killed, or its job gave up. An intake
// counts as idle after so long. What can be listed is enqueued, also when something else cannot.
func (w Work) takeUp(ctx context.Context, queue enqueuer, idle time.Duration) error {
	check, apply, listing := w.IdleIntakes(ctx, idle)
	jobs := jobsFor(check, func(id uuid.UUID) river.JobArgs { return intake.CheckJob{Intake: id} })
	jobs = append(jobs, jobsFor(apply, func(id uuid.UUID) river.JobArgs { return intake.ApplyJob{Intake: id} })...)
	matches, err := w.IdleMatches(ctx)
	listing = errors.Join(listing, err)
	jobs = append(jobs, jobsFor(matches, func(id uuid.UUID) river.JobArgs { return matching.Job{Run: id} })...)
	exports, err := w.IdleExports(ctx)
	listing = errors.Join(listing, err)
	jobs = append(jobs, jobsFor(exports, func(id uuid.UUID) river.JobArgs { return export.Job{Export: id} })...)
	orders, err := w.IdleBulk(ctx)
	listing = errors.Join(listing, err)
	jobs = append(jobs, jobsFor(orders, func(id uuid.UUID) river.JobArgs { return bulk.Job{Order: id} })...)
	if w.IdleReleases != nil {
		releases, err := w.IdleReleases(ctx)
		listing = errors.Join(listing, err)
		jobs = append(jobs, jobsFor(releases, func(id uuid.UUID) river.JobArgs { return lawbook.Job{Release: id} })...)
	}
	if listing != nil {
		listing = fmt.Errorf("list idle work: %w", listing)
	}
	if len(jobs) == 0 {
		return listing
	}
	if _, err := queue.InsertMany(ctx, jobs); err != nil {
		return errors.Join(listing, fmt.Errorf("enqueue idle work: %w", err))
	}
	return listing
}

func jobsFor(ids []uuid.UUID, job func(uuid.UUID) river.JobArgs) []river.InsertManyParams {
	var jobs []river.InsertManyParams
	for _, id := range ids {
		jobs = append(jobs, river.InsertManyParams{Args: job(id)})
	}
	return jobs
}
