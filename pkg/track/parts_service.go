package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/prakerja"
)

// Attend records who sat in a class: the days of one enrolment.
func (s *Service) Attend(ctx context.Context, to Target, training uuid.UUID,
	days []Attendance) (casework.State, error) {
	return s.today(ctx, to, func(m Moment) (casework.Event, error) { return m.Tracks.Attend(training, days, m.On) })
}

// AwardPrakerja records a Prakerja card with what the scheme of its day says of the facts; see Tracks.AwardPrakerja.
func (s *Service) AwardPrakerja(ctx context.Context, to Target, card PrakerjaCard,
	facts prakerja.Facts) (casework.State, error) {
	scheme, err := s.Prakerja.Versions.At(card.AwardedOn)
	if err != nil {
		return casework.State{}, err
	}
	card.ID = newID()
	facts.AppliedOn = card.AwardedOn
	return s.change(ctx, to, &card.ID, occurred(new(calendar.Date)), func(m Moment) (casework.Event, error) {
		return m.Tracks.AwardPrakerja(m.Case, scheme, card, facts, m.On)
	})
}

// PayPrakerja records an incentive or the money of a survey, under the scheme of the day of the award.
func (s *Service) PayPrakerja(ctx context.Context, to Target, part uuid.UUID,
	p PrakerjaPayment) (casework.State, error) {
	_, t, err := s.Store.GetTracks(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
	card := PrakerjaCards.in(&t, part)
	if card == nil {
		return casework.State{}, PrakerjaCards.notFound()
	}
	scheme, err := s.Prakerja.Versions.At(card.AwardedOn)
	if err != nil {
		return casework.State{}, err
	}
	return s.today(ctx, to, func(m Moment) (casework.Event, error) { return m.Tracks.PayPrakerja(scheme, part, p, m.On) })
}

// RevokePrakerja ends a card whose first purchase was not made in time.
func (s *Service) RevokePrakerja(ctx context.Context, to Target, part uuid.UUID) (casework.State, error) {
	return s.today(ctx, to, func(m Moment) (casework.Event, error) { return m.Tracks.RevokePrakerja(part, m.On) })
}

// AnswerProposal records the worker's answer; accepting makes the job application.
func (s *Service) AnswerProposal(ctx context.Context, to Target, part uuid.UUID, accepted bool,
	on calendar.Date) (casework.State, error) {
	application := newID()
	return s.change(ctx, to, &application, occurred(&on), func(m Moment) (casework.Event, error) {
		event, err := m.Tracks.AnswerProposal(m.Case, part, application, accepted, m.On)
		if !accepted {
			application = uuid.Nil
		}
		return event, err
	})
}

// VisitBusiness records a mentoring visit.
func (s *Service) VisitBusiness(ctx context.Context, to Target,
	step Step[BusinessState, Growth]) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(&step.On),
		func(m Moment) (casework.Event, error) { return m.Tracks.VisitBusiness(step) })
}

// ReportCard records that the holder of an AK-1 card reported, still without work.
func (s *Service) ReportCard(ctx context.Context, to Target, part uuid.UUID, on calendar.Date) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(&on), func(m Moment) (casework.Event, error) {
		return m.Tracks.ReportCard(s.Hubs, part, m.On)
	})
}
