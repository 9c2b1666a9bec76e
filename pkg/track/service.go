package track

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Service is the tracks of cases for callers whose permission is already established.
type Service struct {
	Store     Store
	Referrals ReferralStore
	Cases     *casework.Service
	JKP       *jkp.Programme
	Prakerja  prakerja.Law
	Figures   Figures
	Calendar  *calendar.Calendar
}

// Get reads a case's worker and tracks.
func (s *Service) Get(ctx context.Context, scope authz.Scope, id casework.ID) (casework.File, File, error) {
	return s.Store.GetTracks(ctx, scope, id)
}

// change runs fn on the tracks with *on settled to a day that is not in the future at the case's office.
func (s *Service) change(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID, on *calendar.Date,
	fn func(*casework.Case, *File) (casework.Event, error)) (casework.State, error) {
	return s.changeOn(ctx, op, id, version, ref, on, "occurred_on", fn)
}

// changeOn is change for a day that the client sends under another name.
func (s *Service) changeOn(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID, on *calendar.Date, field string,
	fn func(*casework.Case, *File) (casework.Event, error)) (casework.State, error) {
	if ref == nil {
		ref = new(uuid.UUID)
	}
	return s.Store.ChangeTracks(ctx, op, id, version, ref, func(c *casework.Case, f *File) (casework.Event, error) {
		if err := s.Cases.Settle(c.Region, on, field); err != nil {
			return casework.Event{}, err
		}
		return fn(c, f)
	})
}

// ApplyClaim records an application for JKP with the facts stated; see File.ApplyClaim.
func (s *Service) ApplyClaim(ctx context.Context, op authz.Op, id casework.ID, version int, facts jkp.Application) (casework.State, error) {
	claim := Claim{ID: newID()}
	on := facts.AppliedOn
	return s.changeOn(ctx, op, id, version, &claim.ID, &on, "applied_on", func(c *casework.Case, f *File) (casework.Event, error) {
		facts.AppliedOn = on
		if facts.TerminatedOn.IsZero() {
			facts.TerminatedOn = c.TerminatedOn
		}
		text, err := json.Marshal(facts)
		if err != nil {
			return casework.Event{}, fmt.Errorf("encode facts: %w", err)
		}
		claim.Facts = string(text)
		return f.ApplyClaim(c, claim, on)
	})
}

// Statement is what is on record for assessing a claim: its facts, and the benefit as it stands.
type Statement struct {
	Facts   jkp.Application
	Benefit jkp.Claim
	Today   calendar.Date // at the case's office
}

// Stated gives the statement of the claim that waits, or of the newest one. A month without a payment is planned for its
// reference day; the months of a claim not yet decided are counted from today.
func (s *Service) Stated(ctx context.Context, scope authz.Scope, id casework.ID) (Statement, error) {
	c, f, err := s.Store.GetTracks(ctx, scope, id)
	if err != nil {
		return Statement{}, err
	}
	if len(f.Claims) == 0 {
		return Statement{}, partNotFound("claim")
	}
	claim := f.Claims[len(f.Claims)-1]
	facts, err := claim.facts()
	out := Statement{Facts: f.onRecord(facts), Today: s.Cases.Today(c.Region), Benefit: jkp.Claim{Wage: c.Person.Wage.Reveal(), Reference: claim.ReferenceOn,
		StopOn: claim.StoppedOn, StopWith: claim.StopReason}}
	if out.Benefit.Reference.IsZero() {
		out.Benefit.Reference = out.Today
	}
	for _, m := range f.Months {
		if m.Claim != claim.ID {
			continue
		}
		out.Benefit.Given = append(out.Benefit.Given, m.GivenOn)
		if m.State == MonthMissed {
			out.Benefit.Missed = append(out.Benefit.Missed, m.N)
		}
	}
	return out, err
}

func (c Claim) facts() (jkp.Application, error) {
	var facts jkp.Application
	if err := json.Unmarshal([]byte(c.Facts), &facts); err != nil {
		return facts, fmt.Errorf("read facts of claim %s: %w", c.ID, err)
	}
	return facts, nil
}

// DecideClaim decides the waiting claim under the rules of the day of the decision. The reference day (tanggal acuan) is
// that day unless the client names another one that is not later.
func (s *Service) DecideClaim(ctx context.Context, op authz.Op, id casework.ID, version int, on, reference calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		field := "reference_on"
		if reference.IsZero() {
			reference, field = on, "occurred_on"
		}
		claim := f.live()
		if claim == nil {
			return casework.Event{}, fault.New(fault.Conflict, "claim.not_applied", "claim", string(c.ClaimState))
		}
		if reference.After(on) || reference.Before(claim.AppliedOn) {
			return casework.Event{}, fault.New(fault.Invalid, "claim.reference", "applied_on", claim.AppliedOn.String()).At(field)
		}
		facts, err := claim.facts()
		if err != nil {
			return casework.Event{}, err
		}
		verdict := Verdict{Decision: s.JKP.Assess(f.onRecord(facts), on), Reference: reference}
		if verdict.Decision.Result == rule.Eligible {
			if verdict.Windows, err = s.windows(reference); err != nil {
				return casework.Event{}, err
			}
		}
		return f.DecideClaim(c, verdict, on)
	})
}

func (s *Service) windows(reference calendar.Date) ([]jkp.Window, error) {
	rules, err := s.JKP.RulesAt(reference)
	if err != nil {
		return nil, err
	}
	windows := make([]jkp.Window, rules.Cash.MaxMonths.Value)
	for i := range windows {
		if windows[i], err = s.JKP.Window(reference, i+1, s.Calendar); err != nil {
			return nil, err
		}
	}
	return windows, nil
}

// MonthFacts is what is stated for one month of the claim besides the job applications on record.
type MonthFacts struct {
	N          int
	Attendance int // percent, -1 when there was no training
	OtherJob   bool
	Counselled bool
	StatusForm bool
	On         calendar.Date
}

// ProveMonth takes the proof for a month from the job applications and calls on record within the month before, and from
// the training attendance stated.
func (s *Service) ProveMonth(ctx context.Context, op authz.Op, id casework.ID, version int, m MonthFacts) (casework.State, error) {
	on := m.On
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		claim := f.live()
		if claim == nil || claim.State != casework.ClaimRunning {
			return casework.Event{}, fault.New(fault.Conflict, "claim.not_running", "claim", string(c.ClaimState))
		}
		from := claim.ReferenceOn.AddMonths(m.N - 2)
		if percent := f.attended(from, on); percent >= 0 {
			m.Attendance = percent // what the class recorded goes before what is stated
		}
		applications, employers, calls := f.searched(from, on)
		facts := jkp.MonthlyClaim{Month: m.N, Reference: claim.ReferenceOn, AppliedOn: on, OtherJob: jkp.AnswerOf(m.OtherJob),
			Applications: &applications, DistinctEmployers: &employers, Calls: &calls, InTraining: jkp.AnswerOf(m.Attendance >= 0),
			Counselled: jkp.AnswerOf(m.Counselled), StatusForm: jkp.AnswerOf(m.StatusForm)}
		if m.Attendance >= 0 {
			percent, err := rule.NewRatio(int64(m.Attendance), 100)
			if err != nil {
				return casework.Event{}, fault.New(fault.Invalid, "training.attendance").At("attendance")
			}
			facts.Attendance = &percent
		}
		return f.ProveMonth(c, Proof{N: m.N, Applications: applications, Calls: calls, Attendance: m.Attendance, StatusForm: m.StatusForm},
			s.JKP.ProofMet(facts, s.Calendar), on)
	})
}

// searched counts the job applications, the different employers and the calls on record from one day to another.
func (f *File) searched(from, until calendar.Date) (applications, employers, calls int) {
	within := func(d calendar.Date) bool { return !d.IsZero() && !d.Before(from) && !d.After(until) }
	seen := make(map[string]bool)
	for _, a := range f.Applications {
		if within(a.AppliedOn) {
			applications++
			seen[a.Employer] = true
		}
		if within(a.CalledOn) {
			calls++
		}
	}
	return applications, len(seen), calls
}

// PayMonth records the payment of a month on the day it was given. The amount is the rules', from the wage on record;
// one that the payer states must agree with it.
func (s *Service) PayMonth(ctx context.Context, op authz.Op, id casework.ID, version, n int, given calendar.Date, stated int64, ref string) (casework.State, error) {
	file, _, err := s.Store.GetTracks(ctx, op.Scope, id)
	if err != nil {
		return casework.State{}, err
	}
	wage := file.Person.Wage.Reveal()
	on := given
	return s.changeOn(ctx, op, id, version, nil, &on, "given_on", func(c *casework.Case, f *File) (casework.Event, error) {
		pay, err := s.JKP.MonthlyPayment(n, wage, on)
		if err != nil {
			return casework.Event{}, err
		}
		if stated != 0 && stated != int64(pay.Amount) {
			return casework.Event{}, fault.New(fault.Conflict, "claim.amount_differs", "rule", pay.Amount.String(), "article", pay.Source.String())
		}
		return f.PayMonth(c, pay, ref, on)
	})
}

// MissMonth records that a month's window passed; what follows is what the switch of the rules says.
func (s *Service) MissMonth(ctx context.Context, op authz.Op, id casework.ID, version, n int) (casework.State, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		ends, _, err := s.JKP.MissedWindowSource(on)
		if err != nil {
			return casework.Event{}, err
		}
		return f.MissMonth(c, n, ends == jkp.EndsClaim, on)
	})
}

// StopClaim ends the running claim.
func (s *Service) StopClaim(ctx context.Context, op authz.Op, id casework.ID, version int, why StopReason, on calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		return f.StopClaim(c, why, on)
	})
}

// Enrol adds a training. What JKP pays for one has a cap, that of the day of the contract, which is the day of the enrolment.
func (s *Service) Enrol(ctx context.Context, op authz.Op, id casework.ID, version int, t Training) (casework.State, error) {
	t.ID = newID()
	var on calendar.Date
	return s.change(ctx, op, id, version, &t.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		if t.Scheme == JKPTraining && t.Cost > 0 {
			most, _, source, err := s.JKP.TrainingCostCap(on)
			if err != nil {
				return casework.Event{}, err
			}
			if t.Cost > most {
				return casework.Event{}, fault.New(fault.Invalid, "training.cost_over_cap", "most", most.String(), "article", source.String()).At("cost")
			}
		}
		return f.Enrol(c, t, on)
	})
}

// AdvanceTraining moves an enrolment on.
func (s *Service) AdvanceTraining(ctx context.Context, op authz.Op, id casework.ID, version int, step TrainingStep) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &step.On, func(c *casework.Case, f *File) (casework.Event, error) {
		return f.AdvanceTraining(c, step)
	})
}

// Attend records who sat in a class: the days of one enrolment.
func (s *Service) Attend(ctx context.Context, op authz.Op, id casework.ID, version int, training uuid.UUID, days []Attendance) (casework.State, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Attend(c, training, days, on) })
}

// AwardPrakerja records a Prakerja card with what the scheme of its day says of the facts; see File.AwardPrakerja.
func (s *Service) AwardPrakerja(ctx context.Context, op authz.Op, id casework.ID, version int, card PrakerjaCard, facts prakerja.Facts) (casework.State, error) {
	card.ID = newID()
	facts.AppliedOn = card.AwardedOn
	return s.changePrakerja(ctx, op, id, version, &card.ID, card.AwardedOn, func(c *casework.Case, f *File, scheme prakerja.Scheme, on calendar.Date) (casework.Event, error) {
		return f.AwardPrakerja(c, scheme, card, facts, on)
	})
}

// PayPrakerja records an incentive or the money of a survey; see File.PayPrakerja.
func (s *Service) PayPrakerja(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, p PrakerjaPayment) (casework.State, error) {
	_, f, err := s.Store.GetTracks(ctx, op.Scope, id)
	if err != nil {
		return casework.State{}, err
	}
	card := find(f.Prakerja, part, func(k PrakerjaCard) uuid.UUID { return k.ID })
	if card == nil {
		return casework.State{}, partNotFound("prakerja")
	}
	return s.changePrakerja(ctx, op, id, version, nil, card.AwardedOn, func(_ *casework.Case, f *File, scheme prakerja.Scheme, on calendar.Date) (casework.Event, error) {
		return f.PayPrakerja(scheme, part, p, on)
	})
}

// RevokePrakerja ends a card whose first purchase was not made in time.
func (s *Service) RevokePrakerja(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID) (casework.State, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, nil, &on, func(_ *casework.Case, f *File) (casework.Event, error) { return f.RevokePrakerja(part, on) })
}

// changePrakerja runs fn under the scheme of the day that the card was awarded.
func (s *Service) changePrakerja(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID, awarded calendar.Date,
	fn func(*casework.Case, *File, prakerja.Scheme, calendar.Date) (casework.Event, error)) (casework.State, error) {
	scheme, err := s.Prakerja.Versions.At(awarded)
	if err != nil {
		return casework.State{}, err
	}
	var on calendar.Date
	return s.change(ctx, op, id, version, ref, &on, func(c *casework.Case, f *File) (casework.Event, error) { return fn(c, f, scheme, on) })
}

// Assess records an application for an assessment of competence (APL-01).
func (s *Service) Assess(ctx context.Context, op authz.Op, id casework.ID, version int, a Assessment) (casework.State, error) {
	a.ID = newID()
	var on calendar.Date
	return s.change(ctx, op, id, version, &a.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Assess(c, a, on) })
}

// AdvanceAssessment moves an assessment on.
func (s *Service) AdvanceAssessment(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, to AssessmentState, on calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(_ *casework.Case, f *File) (casework.Event, error) { return f.AdvanceAssessment(part, to, on) })
}

// Certify records a certificate. One of competence without an end of its own lasts as long as policies/hubs.yaml says.
func (s *Service) Certify(ctx context.Context, op authz.Op, id casework.ID, version int, cert Certificate) (casework.State, error) {
	cert.ID = newID()
	if cert.Kind == CompetenceCertificate && cert.ValidUntil.IsZero() && !cert.IssuedOn.IsZero() {
		cert.ValidUntil = cert.IssuedOn.AddMonths(s.Figures.CompetenceCertificate.Months)
	}
	var on calendar.Date
	return s.change(ctx, op, id, version, &cert.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Certify(c, cert, on) })
}

// Apply records a job application.
func (s *Service) Apply(ctx context.Context, op authz.Op, id casework.ID, version int, a Application) (casework.State, error) {
	a.ID = newID()
	on := a.AppliedOn
	return s.changeOn(ctx, op, id, version, &a.ID, &on, "applied_on", func(c *casework.Case, f *File) (casework.Event, error) { return f.Apply(c, a, on) })
}

// AdvanceApplication moves a job application on.
func (s *Service) AdvanceApplication(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, to ApplicationState, on calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		return f.AdvanceApplication(c, part, to, on)
	})
}

// Propose records that an officer proposes a vacancy to the worker; see File.Propose.
func (s *Service) Propose(ctx context.Context, op authz.Op, id casework.ID, version int, p Proposal) (casework.State, error) {
	p.ID = newID()
	var on calendar.Date
	return s.change(ctx, op, id, version, &p.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Propose(c, p, on) })
}

// AnswerProposal records the worker's answer; accepting makes the job application.
func (s *Service) AnswerProposal(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, accepted bool, on calendar.Date) (casework.State, error) {
	application := newID()
	return s.change(ctx, op, id, version, &application, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		event, err := f.AnswerProposal(c, part, application, accepted, on)
		if !accepted {
			application = uuid.Nil
		}
		return event, err
	})
}

// Wish records what work the worker looks for.
func (s *Service) Wish(ctx context.Context, op authz.Op, id casework.ID, version int, w Wish) (casework.State, error) {
	var on calendar.Date
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Wish(c, w, on) })
}

// ProposeBusiness records a business of the worker's own.
func (s *Service) ProposeBusiness(ctx context.Context, op authz.Op, id casework.ID, version int, b Business) (casework.State, error) {
	b.ID = newID()
	var on calendar.Date
	return s.change(ctx, op, id, version, &b.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.ProposeBusiness(c, b, on) })
}

// AdvanceBusiness moves a business on, or records a visit.
func (s *Service) AdvanceBusiness(ctx context.Context, op authz.Op, id casework.ID, version int, step BusinessStep) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &step.On, func(_ *casework.Case, f *File) (casework.Event, error) { return f.AdvanceBusiness(step) })
}

// IssueCard issues an AK-1 card.
func (s *Service) IssueCard(ctx context.Context, op authz.Op, id casework.ID, version int, card JobSeekerCard) (casework.State, error) {
	card.ID = newID()
	return s.changeOn(ctx, op, id, version, &card.ID, &card.IssuedOn, "issued_on", func(c *casework.Case, f *File) (casework.Event, error) {
		return f.IssueCard(c, s.Figures.JobSeekerCard, card)
	})
}

// ReportCard records that the holder of an AK-1 card reported, still without work.
func (s *Service) ReportCard(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, on calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(_ *casework.Case, f *File) (casework.Event, error) {
		return f.ReportCard(s.Figures.JobSeekerCard, part, on)
	})
}

// Place records a job that the worker started.
func (s *Service) Place(ctx context.Context, op authz.Op, id casework.ID, version int, p Placement) (casework.State, error) {
	p.ID = newID()
	var on calendar.Date
	return s.change(ctx, op, id, version, &p.ID, &on, func(c *casework.Case, f *File) (casework.Event, error) { return f.Place(c, p, on) })
}

// AdvancePlacement moves a placement on.
func (s *Service) AdvancePlacement(ctx context.Context, op authz.Op, id casework.ID, version int, part uuid.UUID, to PlacementState, on calendar.Date) (casework.State, error) {
	return s.change(ctx, op, id, version, nil, &on, func(c *casework.Case, f *File) (casework.Event, error) {
		return f.AdvancePlacement(c, part, to, on)
	})
}

// Respond records the next step of the worker's answer to the termination; see File.Respond.
func (s *Service) Respond(ctx context.Context, op authz.Op, id casework.ID, version int, r Response) (casework.State, error) {
	r.ID = newID()
	return s.changeOn(ctx, op, id, version, &r.ID, &r.On, "on", func(c *casework.Case, f *File) (casework.Event, error) { return f.Respond(c, r) })
}

// newID makes the id of a part: ordered by time, so that parts read in the order they came.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
