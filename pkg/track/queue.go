package track

import (
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/region"
)

// Queue is what waits for whoever has one right.
type Queue string

// The queues, each with the right that works it off.
const (
	DecisionQueue  Queue = "decisions"  // claim.decide
	PaymentQueue   Queue = "payments"   // claim.pay
	VacancyQueue   Queue = "vacancies"  // vacancy.verify
	ReferralQueue  Queue = "referrals"  // referral.answer
	ExportQueue    Queue = "exports"    // export.approve
	ErasureQueue   Queue = "erasures"   // erasure.approve
	VoidQueue      Queue = "voids"      // entry.reverse
	DuplicateQueue Queue = "duplicates" // case.merge
)

// Values lists the queues.
func (Queue) Values() []Queue {
	return []Queue{DecisionQueue, PaymentQueue, VacancyQueue, ReferralQueue, ExportQueue, ErasureQueue, VoidQueue,
		DuplicateQueue}
}

// Valid tells whether q is one of the queues.
func (q Queue) Valid() bool { return codelist.Has(q) }

// VoidAsked is an entry about money that one officer asked to be voided and another one has to.
type VoidAsked struct {
	Case   casework.ID
	Region region.Code
	Seq    int // of the entry that asks
	Entry  int // that is to be voided
	Kind   casework.Kind
	By     authz.OfficerID
	On     calendar.Date
	Reason string
}
