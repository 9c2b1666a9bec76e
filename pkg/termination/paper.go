package termination

import "github.com/tanggap/tanggap/pkg/codelist"

// FailurePaper is the paper that fixes the day on which a mediation or conciliation failed. Which of them the law means
// is not settled: what was used is kept.
type FailurePaper string

// The papers.
const (
	PaperMinutes        FailurePaper = "minutes"
	PaperRejection      FailurePaper = "rejected_recommendation" // anjuran
	PaperMediatorLetter FailurePaper = "mediator_letter"
)

// Values lists the papers.
func (FailurePaper) Values() []FailurePaper {
	return []FailurePaper{PaperMinutes, PaperRejection, PaperMediatorLetter}
}

// Valid reports whether p is a known paper.
func (p FailurePaper) Valid() bool { return codelist.Has(p) }

// NeedsPaper reports whether the day of an event hangs on a paper.
func (e Event) NeedsPaper() bool { return e == MediationFailed || e == ConciliationFailed }
