package v1

import (
	"bytes"
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/sheet"
)

// RightsAssessed is the answer for one worker of a list, or what cannot be read in the facts stated.
type RightsAssessed struct {
	Answer  *assessment.RightsAnswer `json:"answer,omitempty"`
	Problem *rest.PartDetail         `json:"problem,omitempty" doc:"The facts of this worker cannot be assessed as stated; the others are"`
}

type rightsIn struct {
	Body struct {
		Items []assessment.Rights `json:"items" minItems:"1" maxItems:"100" doc:"One entry per worker, without names or NIKs; answered in this order"`
	}
}

type rightsOut struct {
	Body struct {
		Items []RightsAssessed `json:"items" nullable:"false"`
	}
}

// sheetForm is the form of a sheet.
type sheetForm string

const sheetPDF sheetForm = "pdf"

type rightsSheetIn struct {
	Form sheetForm `query:"form" enum:"html,pdf" default:"pdf" doc:"HTML for a screen, PDF for paper"`
	Body struct {
		Facts  assessment.Rights `json:"facts"`
		Office string            `json:"office" minLength:"1" maxLength:"120" doc:"Name of the office at the head of the sheet"`
	}
}

type sheetOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func registerRights(e *rest.API, s Services) {
	const tag = "assessments"
	rest.Register(e, rest.Route{
		Method: http.MethodPost, Path: "/v1/assessments/rights", ID: "assessment-rights", Tag: tag,
		Summary:     "Everything that a worker is owed after the end of employment, by whom and until when, in one answer",
		Description: "Nothing is stored. A fact that is left out is not known: the answer names it where it would help.",
		Action:      authz.PolicyRead, NoKey: true,
	}, func(ctx context.Context, in *rightsIn) (*rightsOut, error) {
		out := &rightsOut{}
		out.Body.Items = make([]RightsAssessed, len(in.Body.Items))
		for i, facts := range in.Body.Items {
			answer, err := facts.Assess(s.Programmes, rule.Language(rest.Language(ctx)),
				calendar.Of(e.Clock.Now(), calendar.WIB))
			if err == nil {
				out.Body.Items[i].Answer = &answer
				continue
			}
			detail, known := rest.DetailOf(ctx, err)
			if !known {
				return nil, err
			}
			out.Body.Items[i].Problem = &detail
		}
		return out, nil
	})
	rest.Register(e, rest.Route{
		Method: http.MethodPost, Path: "/v1/assessments/rights/sheet", ID: "assessment-rights-sheet", Tag: tag,
		Summary:     "The same for one worker as a page to take home, in Indonesian or English",
		Description: "Nothing is stored. The name of the worker is left open, to be written by hand.",
		Action:      authz.PolicyRead, NoKey: true, Produces: "application/pdf",
	}, func(ctx context.Context, in *rightsSheetIn) (*sheetOut, error) {
		today := calendar.Of(e.Clock.Now(), calendar.WIB)
		answer, err := in.Body.Facts.Assess(s.Programmes, rule.Language(rest.Language(ctx)), today)
		if err != nil {
			return nil, err
		}
		return printed(sheet.Sheet{Office: in.Body.Office, On: today, Answer: answer, Lang: rest.Language(ctx)}, in.Form)
	})
}

// printed writes a sheet in its form.
func printed(s sheet.Sheet, form sheetForm) (*sheetOut, error) {
	var body bytes.Buffer
	if form == sheetPDF {
		err := s.PDF(&body)
		return &sheetOut{"application/pdf", `attachment; filename="hak-pekerja.pdf"`, body.Bytes()}, err
	}
	err := s.HTML(&body)
	return &sheetOut{"text/html; charset=utf-8", "inline", body.Bytes()}, err
}
