package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/tanggap/tanggap/pkg/mail"
)

// mailEvery is how often it is looked whose mail of the day is due, and how long a mail that was not taken waits for
// its next attempt. The mail itself knows when its day is over.
const mailEvery = 3 * time.Minute

type mailJob struct{}

func (mailJob) Kind() string { return "due_mail" }

// mailWorker sends the mail of a day to one officer.
type mailWorker struct {
	river.WorkerDefaults[mail.Job]
	work Mail
}

// Work sends it. What the mail server did not take is tried again, which takes no attempt away.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mail.Job]) error {
	err := w.work.Send(ctx, job.Args)
	if err == mail.ErrUnsent { //nolint:errorlint // the very error, and no other fault that is wrapped
		return river.JobSnooze(mailEvery)
	}
	return cancelIfGone(err)
}

// mails is the routine of mail, where there is any.
func (w Work) mails() []routine {
	if w.Mail == nil {
		return nil
	}
	return []routine{newRoutine(mailJob{}, mailEvery, w.Mail.Due)}
}
