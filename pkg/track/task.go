package track

import (
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/measure"
)

// TaskKind is what has to be done by a day.
type TaskKind string

// The kinds of tasks. The first six are not declared by a kind of part: their days stand in the case, in the months of
// its claim and in what waits for somebody's decision.
const (
	TaskDeadline    TaskKind = "deadline"
	TaskFollowUp    TaskKind = "follow_up"
	TaskMonth       TaskKind = "month"                 // a month of the claim, by the end of its window
	TaskPayment     TaskKind = "month_payment"         // a month that may be paid and is not
	TaskDecision    TaskKind = "claim_decision"        // a claim that waits for its decision
	TaskErasure     TaskKind = "erasure_decision"      // the worker asked to be erased; another officer decides
	TaskRetention   TaskKind = "placement_retention"   // look whether the worker still has the job
	TaskRenewal     TaskKind = "certificate_renewal"   // a certificate ends
	TaskCard        TaskKind = "jobseeker_card_report" // the holder of an AK-1 card reports
	TaskFirstCourse TaskKind = "prakerja_purchase"     // the first course of a Prakerja card
	TaskProposal    TaskKind = "proposal_answer"       // ask the worker about a proposed vacancy
	TaskReferral    TaskKind = "referral_answer"       // another office has not answered
)

// How many days what waits for a decision or a payment may wait: measures of our own. A month is paid within three
// working days of a complete request (Permenaker 2/2025 Art. 13(6)), which are five days with a weekend. For an
// erasure the law has no day; three are what UU 27/2022 gives for restricting (Art. 41).
const (
	PaymentDays  = 5
	DecisionDays = 7
	ErasureDays  = 3
)

// Values lists every kind of task: those of the case, and those that the kinds of parts declare.
func (TaskKind) Values() []TaskKind {
	values := []TaskKind{TaskDeadline, TaskFollowUp, TaskMonth, TaskPayment, TaskDecision, TaskErasure}
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
