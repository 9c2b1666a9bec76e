package track

import (
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/measure"
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

// Values lists every kind of task: those of the case, and those that the kinds of parts declare.
func (TaskKind) Values() []TaskKind {
	values := []TaskKind{TaskDeadline, TaskFollowUp, TaskMonth}
	for _, k := range Kinds() {
		if task := k.About().Task; task != "" {
			values = append(values, task)
		}
	}
	return values
}

// Valid tells whether k is one of the kinds.
func (k TaskKind) Valid() bool { return codelist.Has(k) }

// Task is one thing to do by a day.
type Task struct {
	Kind  TaskKind
	Part  uuid.UUID
	DueOn calendar.Date
}

// Tasks derives what is to be done from the tracks as they are, so that no task can outlive its cause.
func (t *Tracks) Tasks(m measure.Book) (list []Task) {
	for _, k := range Kinds() {
		list = append(list, k.tasks(m, t)...)
	}
	return list
}
