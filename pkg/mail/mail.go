// Package mail reminds officers in the morning of what is due and of what waits for their decision: in numbers, never
// by the name of anybody. It is off until a mail server is named.
//
// A mail is sent once for an officer and a day. What the server did not take is tried again for as long as the day
// lasts; a mail of which nobody knows whether it was taken is not sent again.
package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Language is one that mail is written in.
type Language string

// The languages.
const (
	Indonesian Language = "id"
	English    Language = "en"
)

// Values lists the languages.
func (Language) Values() []Language { return []Language{Indonesian, English} }

// Valid tells whether l is one of the languages.
func (l Language) Valid() bool { return codelist.Has(l) }

// State is how far the mail of a day is.
type State string

// The states. One that stays Sending was cut off: whether it arrived is not known.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	Empty   State = "empty" // there was nothing to tell
	Refused State = "refused"
)

// Values lists the states.
func (State) Values() []State { return []State{Waiting, Sending, Sent, Empty, Refused} }

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// Choice is how an officer wants their mail.
type Choice struct {
	Language Language
	Wanted   bool
}

// The hours of an office between which mail is sent.
const (
	FirstHour = 6
	LastHour  = 17
)

// Job sends the mail of a day to an officer.
type Job struct {
	Officer authz.OfficerID `json:"officer"`
	Day     calendar.Date   `json:"day"`
}

// Kind names the job to the queue.
func (Job) Kind() string { return "mail" }

// Store keeps who wants mail, and what was sent.
type Store interface {
	MailChoice(ctx context.Context, id authz.OfficerID) (Choice, error)
	ChooseMail(ctx context.Context, id authz.OfficerID, c Choice) error
	// DueMail enqueues a job for every active officer who wants mail, in whose office the hour has come, and who has none
	// of the day yet.
	DueMail(ctx context.Context, now time.Time) error
	// MoveMail moves the mail of a day on; moved is false when it is not in the first state.
	MoveMail(ctx context.Context, job Job, from, to State) (moved bool, err error)
}

// Mailer sends one mail.
type Mailer interface {
	// Send tells what became of it: Sent, Refused for good, Waiting when it was surely not taken, Sending when nobody
	// knows.
	Send(ctx context.Context, to, subject, text string) State
}

// Reminder writes and sends the mail of the morning.
type Reminder struct {
	Store  Store
	Mailer Mailer
	Work   track.WorkStore
	Matrix authz.Matrix
	Clock  clock.Clock
	// Actor is an officer with the grants of now.
	Actor func(ctx context.Context, id authz.OfficerID) (authz.Actor, error)
	// Exports counts those of others that wait for this officer.
	Exports func(ctx context.Context, op authz.Op) (int, error)
}

// ErrUnsent says that a mail waits for another attempt. Whom it is for is not for a log.
var ErrUnsent = fault.New(fault.Unavailable, "mail.unsent")

// Due enqueues the mail of the day.
func (r *Reminder) Due(ctx context.Context) error { return r.Store.DueMail(ctx, r.Clock.Now()) }

// Send sends the mail of a day, once. ErrUnsent asks for another attempt.
func (r *Reminder) Send(ctx context.Context, job Job) error {
	actor, err := r.Actor(ctx, job.Officer)
	if err != nil {
		return err
	}
	today := calendar.Of(r.Clock.Now(), calendar.ZoneOf(string(actor.Office)))
	if today != job.Day {
		return r.end(ctx, job, Waiting, Refused) // its day is over
	}
	choice, err := r.Store.MailChoice(ctx, job.Officer)
	if err != nil {
		return err
	}
	lines, err := r.lines(ctx, actor, today, string(choice.Language))
	if err != nil {
		return err
	}
	if len(lines) == 0 || !choice.Wanted {
		return r.end(ctx, job, Waiting, Empty)
	}
	if moved, err := r.Store.MoveMail(ctx, job, Waiting, Sending); err != nil || !moved {
		return err
	}
	subject := wording.Message(string(choice.Language), "mail.subject", map[string]string{"day": today.String()})
	text := wording.Message(string(choice.Language), "mail.text", map[string]string{"lines": strings.Join(lines, "\n")})
	became := r.Mailer.Send(ctx, actor.Email, subject, text)
	if became == Sending {
		return nil
	}
	if err := r.end(ctx, job, Sending, became); err != nil || became != Waiting {
		return err
	}
	return ErrUnsent
}

// end keeps what became of a mail, also when the time of the attempt is over.
func (r *Reminder) end(ctx context.Context, job Job, from, to State) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepFor)
	defer cancel()
	_, err := r.Store.MoveMail(ctx, job, from, to)
	return err
}

const keepFor = 5 * time.Second

// lines are what there is to tell: what is due of the officer's own cases, and what waits for their decision.
func (r *Reminder) lines(ctx context.Context, a authz.Actor, today calendar.Date, lang string) (lines []string,
	err error) {
	own := track.WorkFilter{Officer: &a.Officer, Until: today}
	counts, err := r.Work.CountWork(ctx, r.scope(a, authz.WorkRead), own, today)
	if err != nil {
		return nil, fmt.Errorf("count the work of officer %s: %w", a.Officer, err)
	}
	for _, c := range counts {
		lines = append(lines, wording.Message(lang, "mail.due", map[string]string{"what": wording.Label(lang, c.Kind),
			"overdue": fmt.Sprint(c.Overdue), "due": fmt.Sprint(c.Due)}))
	}
	for _, q := range approvals {
		scope := r.scope(a, q.right)
		if scope.Empty() {
			continue
		}
		n, err := r.waiting(ctx, a, scope, q.queue, today)
		if err != nil {
			return nil, fmt.Errorf("count %s for officer %s: %w", q.queue, a.Officer, err)
		}
		if n > 0 {
			lines = append(lines, wording.Message(lang, "mail.waiting", map[string]string{
				"what": wording.Label(lang, q.queue), "n": fmt.Sprint(n)}))
		}
	}
	return lines, nil
}

// approvals are the queues of what waits for somebody's decision.
var approvals = []struct {
	queue track.Queue
	right authz.Action
}{
	{track.DecisionQueue, authz.ClaimDecide}, {track.ErasureQueue, authz.ErasureApprove},
	{track.ExportQueue, authz.ExportApprove}, {track.VoidQueue, authz.EntryReverse},
	{track.ReferralQueue, authz.ReferralAnswer}, {track.VacancyQueue, authz.VacancyVerify},
}

func (r *Reminder) scope(a authz.Actor, action authz.Action) authz.Scope {
	return authz.ScopeOf(r.Matrix, a.Grants, action, r.Clock.Now())
}

// always is a day after every day that something is due on.
var always = calendar.MustDate("2099-12-31")

func (r *Reminder) waiting(ctx context.Context, a authz.Actor, scope authz.Scope, q track.Queue,
	today calendar.Date) (n int, err error) {
	kind, task := map[track.Queue]track.TaskKind{track.DecisionQueue: track.TaskDecision,
		track.ErasureQueue: track.TaskErasure}[q]
	switch {
	case task:
		counts, err := r.Work.CountWork(ctx, scope, track.WorkFilter{Kind: &kind, Until: always}, today)
		for _, c := range counts {
			n += c.Overdue + c.Due
		}
		return n, err
	case q == track.ExportQueue:
		return r.Exports(ctx, authz.Op{Actor: a.Officer, Scope: scope})
	}
	return r.Work.CountQueue(ctx, scope, q)
}
