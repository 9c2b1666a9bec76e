package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Assessed is the answer for one worker of a list: what the rules say, or what cannot be read in the facts stated.
type Assessed struct {
	Answer  *assessment.Answer `json:"answer,omitempty"`
	Problem *rest.PartDetail   `json:"problem,omitempty" doc:"The facts of this worker cannot be assessed as stated; the others are"`
}

type assessmentsIn[F assessment.Facts] struct {
	Body struct {
		Items []F `json:"items" minItems:"1" maxItems:"500" doc:"One entry per worker, without names or NIKs; answered in this order"`
	}
}

type assessmentsOut struct {
	Body struct {
		Items []Assessed `json:"items" nullable:"false"`
	}
}

func registerAssessments(e *rest.API, s Services) {
	registerAssessment[assessment.JKP](e, s, "jkp", "JKP for workers without a case: decision, last day to claim, "+
		"months and amounts")
	registerAssessment[assessment.Termination](e, s, "termination", "A termination (PHK): does it stand, which clocks "+
		"run, wages while it is disputed, rank of claims in a bankruptcy")
	registerAssessment[assessment.Severance](e, s, "severance", "Severance pay, service pay and rights on termination, "+
		"and offers against them")
	registerAssessment[assessment.FixedTerm](e, s, "fixed-term", "Compensation for a fixed-term contract (PKWT)")
	registerAssessment[assessment.Prakerja](e, s, "prakerja", "Kartu Prakerja: may the applicant join the scheme of the "+
		"day")
	registerAssessment[assessment.WageSubsidy](e, s, "wage-subsidy", "Wage subsidy (BSU) of a year")
	registerAssessment[assessment.THR](e, s, "thr", "Religious holiday allowance (THR)")
	registerAssessment[assessment.SeveranceTax](e, s, "severance-tax", "Final income tax (PPh 21 final) on severance "+
		"and old-age savings")
	registerAssessment[assessment.Cover](e, s, "cover", "JKN and JHT after the end of employment: until when, and from "+
		"when")
	registerRights(e, s)
}

func registerAssessment[F assessment.Facts](e *rest.API, s Services, programme, summary string) {
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/assessments/" + programme, ID: "assessment-" +
		programme, Tag: "assessments", Summary: summary, Description: "Nothing is stored. A fact that is left out is not " +
		"known: its criterion says so.", Action: authz.PolicyRead, NoKey: true},
		func(ctx context.Context, in *assessmentsIn[F]) (*assessmentsOut, error) {
			today, out := calendar.Of(e.Clock.Now(), calendar.WIB), &assessmentsOut{}
			out.Body.Items = make([]Assessed, len(in.Body.Items))
			for i, facts := range in.Body.Items {
				answer, err := assessment.Ask(facts, s.Programmes, rule.Language(rest.Language(ctx)), today)
				if err != nil {
					detail, known := rest.DetailOf(ctx, err)
					if !known {
						return nil, err
					}
					out.Body.Items[i].Problem = &detail
					continue
				}
				out.Body.Items[i].Answer = &answer
			}
			return out, nil
		})
}
