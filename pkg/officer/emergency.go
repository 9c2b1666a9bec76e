package officer

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// EmergencyVerdict is what a second officer thinks of an emergency access.
type EmergencyVerdict string

// The verdicts.
const (
	Justified   EmergencyVerdict = "justified"
	Unjustified EmergencyVerdict = "unjustified"
)

// Values lists both verdicts.
func (EmergencyVerdict) Values() []EmergencyVerdict {
	return []EmergencyVerdict{Justified, Unjustified}
}

// Valid tells whether v is one of the verdicts.
func (v EmergencyVerdict) Valid() bool { return codelist.Has(v) }

// Emergency is a short right to read in a region that is not one's own, opened with a reason and judged afterwards
// (break-glass). Everything that is read under it is on record with its id.
type Emergency struct {
	ID         uuid.UUID
	Officer    authz.OfficerID
	Name       string // of the officer
	Region     region.Code
	Reason     string
	OpenedAt   time.Time
	Until      time.Time
	Verdict    EmergencyVerdict // empty while nobody has judged
	Remark     string
	ReviewedBy authz.OfficerID
}

// OpenAt tells whether an emergency access gives anything at a moment: until its end, while nobody has judged it.
func (e Emergency) OpenAt(now time.Time) bool { return e.Verdict == "" && now.Before(e.Until) }

// MayOpen refuses a second emergency access beside one that is open.
func MayOpen(open bool) error {
	if open {
		return fault.New(fault.Conflict, "emergency.open_already")
	}
	return nil
}

// Judge notes what an officer thinks of an emergency access. Nobody judges one of their own, and nobody one that was
// judged.
func (e *Emergency) Judge(by authz.OfficerID, verdict EmergencyVerdict, remark string) error {
	switch {
	case e.Officer == by:
		return fault.New(fault.Forbidden, "emergency.own")
	case e.Verdict != "":
		return fault.New(fault.Conflict, "emergency.reviewed")
	}
	e.Verdict, e.Remark, e.ReviewedBy = verdict, remark, by
	return nil
}

// EmergencyStore keeps emergencies.
type EmergencyStore interface {
	OpenEmergency(ctx context.Context, op authz.Op, e Emergency, lasts time.Duration) (Emergency, error)
	// ListEmergencies lists those in regions of the scope, newest first; only those not judged yet when open is set.
	ListEmergencies(ctx context.Context, scope authz.Scope, open bool, limit int) ([]Emergency, error)
	ReviewEmergency(ctx context.Context, op authz.Op, id uuid.UUID, verdict EmergencyVerdict,
		remark string) (Emergency, error)
}

// OpenEmergency opens an emergency access for the caller. One at a time.
func (s *Service) OpenEmergency(ctx context.Context, op authz.Op, code region.Code, why string,
	lasts time.Duration) (Emergency, error) {
	switch {
	case strings.TrimSpace(why) == "":
		return Emergency{}, fault.New(fault.Invalid, "emergency.reason_required").At("reason")
	case code == "":
		return Emergency{}, fault.New(fault.Invalid, "emergency.nation").At("region")
	}
	today := calendar.Of(s.Sessions.clock.Now(), calendar.ZoneOf(string(code)))
	longest := time.Duration(s.Measures.On(today).EmergencyMinutes.Value) * time.Minute
	e, err := s.Emergencies.OpenEmergency(ctx, op, Emergency{Region: code, Reason: strings.TrimSpace(why)},
		min(lasts, longest))
	if err == nil {
		s.Sessions.Forget(op.Actor)
	}
	return e, err
}

// ReviewEmergency judges another officer's emergency access, which ends with it everywhere.
func (s *Service) ReviewEmergency(ctx context.Context, op authz.Op, id uuid.UUID, verdict EmergencyVerdict,
	remark string) (Emergency, error) {
	e, err := s.Emergencies.ReviewEmergency(ctx, op, id, verdict, remark)
	if err == nil {
		s.Sessions.Forget(e.Officer)
	}
	return e, err
}
