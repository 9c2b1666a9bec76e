package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/sheet"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

type caseRightsOut struct {
	Body assessment.RightsAnswer
}

type caseSheetIn struct {
	ID   string    `path:"id" maxLength:"36"`
	Form sheetForm `query:"form" enum:"html,pdf" default:"pdf" doc:"HTML for a screen, PDF for paper"`
}

func registerCaseRights(e *rest.API, s Services) {
	rest.Register(e, rest.Route{
		Method: http.MethodGet, Path: "/v1/cases/{id}/rights", ID: "case-rights", Tag: "cases",
		Summary:     "Everything that the worker is owed, as far as the record says; what it lacks is named",
		Description: "More facts can be stated with POST /v1/assessments/rights, which stores nothing.",
		Action:      authz.CaseRead, Shows: rest.Named,
	}, func(ctx context.Context, in *caseIn) (*caseRightsOut, error) {
		_, answer, _, err := rightsOfCase(ctx, s, in.ID)
		return &caseRightsOut{answer}, err
	})
	rest.Register(e, rest.Route{
		Method: http.MethodGet, Path: "/v1/cases/{id}/rights/sheet", ID: "case-rights-sheet", Tag: "cases",
		Summary: "The same as a page for the worker to take home", Action: authz.CaseRead, Shows: rest.Named,
		Produces: "application/pdf",
	}, func(ctx context.Context, in *caseSheetIn) (*sheetOut, error) {
		c, answer, today, err := rightsOfCase(ctx, s, in.ID)
		if err != nil {
			return nil, err
		}
		lang := rest.Language(ctx)
		place, _ := s.Tree.Get(c.Region)
		office := wording.Message(lang, "sheet.office", map[string]string{"region": place.Name})
		return printed(sheet.Sheet{Office: office, Worker: c.Person.Name, On: today, Answer: answer, Lang: lang}, in.Form)
	})
}

// rightsOfCase puts together what the case, its claim and its layoff have on record.
func rightsOfCase(ctx context.Context, s Services,
	text string) (casework.Detail, assessment.RightsAnswer, calendar.Date, error) {
	id, err := casework.ParseID(text)
	if err != nil {
		return casework.Detail{}, assessment.RightsAnswer{}, calendar.Date{}, err
	}
	c, _, err := s.Cases.Get(ctx, rest.Scope(ctx), id)
	if err != nil {
		return c, assessment.RightsAnswer{}, calendar.Date{}, err
	}
	today := s.Cases.Today(c.Region)
	stated, err := s.Tracks.Stated(ctx, rest.Scope(ctx), id)
	if fault.KindOf(err) == fault.NotFound { // no claim yet: nothing is stated for JKP
		stated, err = track.Statement{}, nil
	}
	if err != nil {
		return c, assessment.RightsAnswer{}, today, err
	}
	app := stated.Facts
	app.TerminatedOn = c.TerminatedOn
	events, reason, err := layoffOfCase(ctx, s, c.LayoffID)
	if err != nil {
		return c, assessment.RightsAnswer{}, today, err
	}
	if app.Reason == "" {
		app.Reason = reason
	}
	answer, err := assessment.OnRecord(app, recorded(c.Person.Employment), c.Person.Wage.Reveal(),
		events).Assess(s.Programmes, rule.Language(rest.Language(ctx)), today)
	return c, answer, today, err
}

// layoffOfCase gives what has happened in the layoff, and its reason; nothing for a worker who came without one, and
// for one that lies outside of what the caller may see.
func layoffOfCase(ctx context.Context, s Services, id uuid.UUID) ([]termination.DatedEvent, jkp.Reason, error) {
	if id == uuid.Nil {
		return nil, "", nil
	}
	l, _, err := s.Layoffs.Clocks(ctx, rest.Scope(ctx), id, calendar.Date{})
	if fault.KindOf(err) == fault.NotFound {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	events := make([]termination.DatedEvent, len(l.Events))
	for i, e := range l.Events {
		events[i] = e.DatedEvent
	}
	if reason := termination.Reason(l.Reason); reason.Valid() {
		return events, jkp.Reason(reason), nil
	}
	return events, "", nil
}

// recorded is the employment as the rules take it.
func recorded(e casework.Employment) assessment.Employment {
	out := assessment.Employment{
		StartOn: e.StartedOn, Contract: string(e.Contract), ContractEnds: e.ContractEnds, EndedBy: string(e.EndedBy),
		FirmSize: string(e.FirmSize), UnpaidWages: e.UnpaidWages, LastPaidOn: e.LastPaidOn, Segment: string(e.Segment),
		Beside: assessment.Beside{AgreedAmount: e.AgreedAmount, SeparationPay: e.SeparationPay, WorkWeekDays: e.WorkWeek},
	}
	if e.BaseWage != nil {
		out.Wage.Base = *e.BaseWage
		if e.Allowance != nil {
			out.Wage.Allowance = *e.Allowance
		}
	}
	if e.UnusedLeave != nil {
		out.Beside.UnusedLeave = new(int(*e.UnusedLeave))
	}
	return out
}
