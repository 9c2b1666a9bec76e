package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/webhook"
)

// webhookWorkers is how many receivers one process waits for at the same time. They wait more than they work, and each
// for a turn only, so that slow ones do not hold the others up.
const webhookWorkers = 16

// lookEvery is how often it is looked whether something is to be delivered.
const lookEvery = time.Second

// webhookWorker delivers under the lease of its job.
type webhookWorker struct {
	river.WorkerDefaults[webhook.Job]
	work Webhooks
}

// Work delivers. A lease that is another's by now is no failure: somebody else delivers.
func (w *webhookWorker) Work(ctx context.Context, job *river.Job[webhook.Job]) error {
	return cancelIfGone(w.work.Deliver(ctx, job.Args.Hook, job.Args.Lease))
}

// followLog enqueues what is to be delivered until ctx ends, in every process: the leases in the database keep two from
// delivering the same, and the work of a process that died is found when its lease is over.
func (w Work) followLog(ctx context.Context, log *slog.Logger) {
	if w.Webhooks == nil {
		return
	}
	state := change{log: log, bad: "webhooks are not delivered", good: "webhooks are delivered again"}
	go Every(ctx, lookEvery, func() { state.note(ctx, w.Webhooks.Due(ctx)) })
}
