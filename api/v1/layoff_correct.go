package v1

import (
	"context"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/layoff"
)

type correctLayoffIn struct {
	LayoffChangeIn
	Body struct {
		Correction    string                    `json:"correction" text:"free" minLength:"1" maxLength:"500" doc:"Why it is corrected"`
		Reference     rest.Patch[string]        `json:"reference,omitempty" maxLength:"100"`
		Reason        rest.Patch[string]        `json:"reason,omitempty" maxLength:"60" doc:"Of the layoff: code of PP 35/2021"`
		PlannedOn     rest.Patch[calendar.Date] `json:"planned_on,omitempty"`
		NotifiedOn    rest.Patch[calendar.Date] `json:"notified_on,omitempty"`
		PeoplePlanned rest.Patch[int]           `json:"people_planned,omitempty" minimum:"1" maximum:"1000000"`
		Employer      struct {
			Name        rest.Patch[string]             `json:"name,omitempty" minLength:"1" maxLength:"200"`
			NIB         rest.Patch[string]             `json:"nib,omitempty" maxLength:"13"`
			KBLI        rest.Patch[string]             `json:"kbli,omitempty" maxLength:"5"`
			KBLIEdition rest.Patch[layoff.KBLIEdition] `json:"kbli_edition,omitempty"`
		} `json:"employer,omitempty" doc:"Shown by every layoff of the employer at the site, each of which records the correction"`
	}
}

func correctLayoff(ctx context.Context, s Services, in *correctLayoffIn) (*layoffOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	b := &in.Body
	return layoffStated(s.Layoffs.Correct(ctx, rest.Op(ctx), id, version,
		layoff.Correction{Reason: b.Correction, Edit: func(l *layoff.Layoff) {
			replace(&l.Reference, b.Reference)
			replace(&l.Reason, b.Reason)
			replace(&l.PlannedOn, b.PlannedOn)
			replace(&l.NotifiedOn, b.NotifiedOn)
			replace(&l.PeoplePlanned, b.PeoplePlanned)
			replace(&l.Employer.Name, b.Employer.Name)
			replace(&l.Employer.NIB, b.Employer.NIB)
			replace(&l.Employer.KBLI, b.Employer.KBLI)
			replace(&l.Employer.KBLIEdition, b.Employer.KBLIEdition)
		}}))
}
