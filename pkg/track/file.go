package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// File is all the tracks of one case, oldest first.
type File struct {
	Claims       []Claim
	Months       []Month // of all claims, in the order of claim and month
	Trainings    []Training
	Attendances  []Attendance
	Prakerja     []PrakerjaCard
	Assessments  []Assessment
	Certificates []Certificate
	Wishes       []Wish
	Proposals    []Proposal
	Applications []Application
	Placements   []Placement
	Businesses   []Business
	Cards        []JobSeekerCard
	Referrals    []Referral
	Responses    []Response // to the termination, oldest first

	Steps map[uuid.UUID]calendar.Date // day of the newest step of each part that moved
}

// step takes note that a part moves on a day, which is not before the day of its step before, nor before the first day
// on which it could move (its start, its application).
func (f *File) step(part uuid.UUID, first, on calendar.Date) error {
	if last := f.Steps[part]; last.After(first) {
		first = last
	}
	if on.Before(first) {
		return fault.New(fault.Invalid, "step.before_last", "last", first.String()).At("occurred_on")
	}
	if f.Steps == nil {
		f.Steps = map[uuid.UUID]calendar.Date{}
	}
	f.Steps[part] = on
	return nil
}

// Store reads and changes the tracks of a case. ChangeTracks follows the contract of casework.Store.Change; what fn adds
// to or alters in the file is saved in the same transaction. ref gives the id of the part that fn made, if any.
type Store interface {
	ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
		fn func(*casework.Case, *File) (casework.Event, error)) (casework.State, error)
	GetTracks(ctx context.Context, scope authz.Scope, id casework.ID) (casework.File, File, error)
}

// The kinds of history entries that tracks write.
const (
	ClaimAppliedFor     casework.Kind = "claim.applied"
	ClaimDecided        casework.Kind = "claim.decided"
	ClaimMonthProved    casework.Kind = "claim.month_proved"
	ClaimMonthPaid      casework.Kind = "claim.month_paid"
	ClaimMonthMissed    casework.Kind = "claim.month_missed"
	ClaimStopped        casework.Kind = "claim.stopped"
	TrainingEnrolled    casework.Kind = "training.enrolled"
	TrainingAdvanced    casework.Kind = "training.advanced"
	TrainingAttended    casework.Kind = "training.attended"
	PrakerjaAwarded     casework.Kind = "prakerja.awarded"
	PrakerjaPaid        casework.Kind = "prakerja.paid"
	PrakerjaRevoked     casework.Kind = "prakerja.revoked"
	AssessmentApplied   casework.Kind = "assessment.applied"
	AssessmentAdvanced  casework.Kind = "assessment.advanced"
	WishRecorded        casework.Kind = "wish.recorded"
	ProposalMade        casework.Kind = "proposal.made"
	ProposalAnswered    casework.Kind = "proposal.answered"
	BusinessProposed    casework.Kind = "business.proposed"
	BusinessAdvanced    casework.Kind = "business.advanced"
	CardIssued          casework.Kind = "jobseeker_card.issued"
	CardReported        casework.Kind = "jobseeker_card.reported"
	CertificateRecorded casework.Kind = "certificate.recorded"
	ApplicationRecorded casework.Kind = "application.recorded"
	ApplicationAdvanced casework.Kind = "application.advanced"
	PlacementRecorded   casework.Kind = "placement.recorded"
	PlacementAdvanced   casework.Kind = "placement.advanced"
)

// Stepped is the payload of a track that moved from one state to the next.
type Stepped struct {
	ID   uuid.UUID     `json:"id"`
	From string        `json:"from"`
	To   string        `json:"to"`
	On   calendar.Date `json:"on"`
}

// partNotFound is the one answer for a part that this case does not have.
func partNotFound(what string) error { return fault.New(fault.NotFound, what+".not_found") }

// open refuses new work in a closed case.
func open(c *casework.Case) error {
	if c.Stage == casework.Closed {
		return fault.New(fault.Conflict, "case.closed", "allowed", "intake, benefit, training, placement")
	}
	return nil
}

// refused is the one answer to a step that a track's lifecycle does not have.
func refused[S ~string](what string, from, to S, allowed []S) error {
	names := ""
	for i, s := range allowed {
		if i > 0 {
			names += ", "
		}
		names += string(s)
	}
	return fault.New(fault.Conflict, what+".transition_refused", "from", string(from), "to", string(to), "allowed", names)
}

// find gives the first part that has an id, or another property.
func find[P any, K comparable](parts []P, id K, idOf func(P) K) *P {
	for i := range parts {
		if idOf(parts[i]) == id {
			return &parts[i]
		}
	}
	return nil
}
