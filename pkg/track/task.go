package track

import (
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// TaskKind is what has to be done by a day.
type TaskKind string

// The kinds of tasks. The first three stand in the case itself.
const (
	TaskDeadline    TaskKind = "deadline"
	TaskFollowUp    TaskKind = "follow_up"
	TaskMonth       TaskKind = "month"                 // the next month of the claim, by the end of its window
	TaskRetention   TaskKind = "placement_retention"   // look whether the worker still has the job
	TaskRenewal     TaskKind = "certificate_renewal"   // a certificate ends
	TaskCard        TaskKind = "jobseeker_card_report" // the holder of an AK-1 card reports
	TaskFirstCourse TaskKind = "prakerja_purchase"     // the first course of a Prakerja card
	TaskProposal    TaskKind = "proposal_answer"       // ask the worker about a proposed vacancy
	TaskReferral    TaskKind = "referral_answer"       // another office has not answered
)

// Values lists every kind of task.
func (TaskKind) Values() []TaskKind {
	return []TaskKind{TaskDeadline, TaskFollowUp, TaskMonth, TaskRetention, TaskRenewal, TaskCard, TaskFirstCourse,
		TaskProposal, TaskReferral}
}

// Valid tells whether k is one of the kinds.
func (k TaskKind) Valid() bool { return codelist.Has(k) }

// Task is one thing to do by a day.
type Task struct {
	Kind  TaskKind
	Part  uuid.UUID
	DueOn calendar.Date
}

// proposalDays is how long a proposal waits before the worker is asked again: a measure of our own.
const proposalDays = 7

// Tasks derives what is to be done from the tracks as they are, so that no task can outlive its cause.
func (f *File) Tasks() (list []Task) {
	add := func(wanted bool, kind TaskKind, part uuid.UUID, on calendar.Date) {
		if wanted && !on.IsZero() {
			list = append(list, Task{kind, part, on})
		}
	}
	for _, p := range f.Placements {
		add(p.State == Reported || p.State == Verified, TaskRetention, p.ID, p.StartedOn.AddMonths(retentionMonths))
	}
	for i, c := range f.Certificates {
		renewed := false
		for _, later := range f.Certificates[i+1:] {
			renewed = renewed || later.Kind == c.Kind && later.Scheme == c.Scheme
		}
		add(!renewed, TaskRenewal, c.ID, c.ValidUntil)
	}
	for _, k := range f.Cards {
		add(k.State == CardActive, TaskCard, k.ID, k.ReportBy)
	}
	for _, k := range f.Prakerja {
		add(k.State == CardAwarded, TaskFirstCourse, k.ID, k.BuyBy)
	}
	for _, p := range f.Proposals {
		add(p.State == Proposed, TaskProposal, p.ID, p.ProposedOn.AddDays(proposalDays))
	}
	for _, r := range f.Referrals {
		add(r.State == ReferralOffered, TaskReferral, r.ID, r.AnswerBy)
	}
	return list
}
