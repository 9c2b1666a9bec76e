package v1

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

// VacancyIn is a vacancy as an employer reports it (Perpres 57/2023 art. 4-5).
type VacancyIn struct {
	Region     string        `json:"region" maxLength:"4" doc:"Regency of the place of work"`
	Employer   string        `json:"employer" maxLength:"200"`
	Title      string        `json:"title" maxLength:"200"`
	Occupation string        `json:"occupation" maxLength:"4" doc:"KBJI, four digits"`
	Units      string        `json:"units,omitempty" maxLength:"500" doc:"SKKNI units asked for, separated by commas"`
	Wage       int64         `json:"wage,omitempty" maximum:"1000000000000" doc:"A month, whole rupiah"`
	Openings   int           `json:"openings" maximum:"100000"`
	StartsOn   calendar.Date `json:"starts_on,omitzero"`
	ExpiresOn  calendar.Date `json:"expires_on,omitzero" doc:"Last day on which it is offered; a month by default"`
	Reference  string        `json:"reference,omitempty" maxLength:"100" doc:"Of the source: the same one again changes what is reported otherwise"`
	Fair       rest.ID       `json:"fair,omitempty" doc:"Job fair at which it is offered"`
}

// Vacancy is a vacancy of the register.
type Vacancy struct {
	VacancyIn
	ID       string        `json:"id" format:"uuid"`
	State    vacancy.State `json:"state"`
	Source   string        `json:"source"`
	PostedOn calendar.Date `json:"posted_on"`
	Version  int           `json:"version"`
}

type reportVacanciesIn struct {
	Body struct {
		Source string      `json:"source" minLength:"1" maxLength:"60" doc:"Portal or office that the list comes from"`
		Items  []VacancyIn `json:"items" minItems:"1" maxItems:"500"`
	}
}

// VacancyRow is the outcome of one row: reported, known, or what is wrong with it.
type VacancyRow struct {
	ID     string         `json:"id,omitempty"`
	Result vacancy.Result `json:"result"`
	Code   string         `json:"code,omitempty" doc:"What is wrong"`
	Field  string         `json:"field,omitempty"`
	Text   string         `json:"text,omitempty"`
	Errors []rest.Detail  `json:"errors,omitempty" doc:"Each field, where several are wrong"`
	Fields []string       `json:"changed,omitempty" doc:"What was changed of a known one; it is to be verified again"`
}

// VacancyChange is what a source reported otherwise of a vacancy.
type VacancyChange struct {
	Version int           `json:"version" doc:"That the vacancy had before"`
	Officer string        `json:"officer"`
	At      time.Time     `json:"at"`
	Fields  []FieldChange `json:"fields" nullable:"false"`
}

type reportVacanciesOut struct {
	Body struct {
		Items    []VacancyRow `json:"items" nullable:"false" doc:"In the order of the request"`
		Reported int          `json:"reported"`
		Known    int          `json:"known" doc:"As they are"`
		Changed  int          `json:"changed"`
		Refused  int          `json:"refused"`
	}
}

type vacanciesIn struct {
	rest.PageIn
	Region     rest.Param[string]                     `query:"region" maxLength:"4" doc:"A province or a regency"`
	Occupation rest.Param[string]                     `query:"occupation" pattern:"^[0-9]{1,4}$" doc:"Leading digits of the KBJI"`
	State      rest.Param[rest.Stored[vacancy.State]] `query:"state"`
	Fair       rest.Param[rest.ID]                    `query:"fair"`
}

type vacanciesOut struct {
	Body struct {
		Items      []Vacancy `json:"items" nullable:"false"`
		NextCursor string    `json:"next_cursor,omitempty"`
	}
}

type vacancyOut struct {
	ETag string `header:"ETag"`
	Body Vacancy
}

type vacancyFileOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Vacancy
		Changes []VacancyChange `json:"changes,omitempty" doc:"What its source reported otherwise, oldest first"`
	}
}

type vacancyPathIn struct {
	ID string `path:"id" maxLength:"36"`
}

type moveVacancyIn struct {
	ChangeIn
	Body struct {
		To rest.Target[vacancy.State] `json:"to" doc:"open verifies it"`
	}
}

// JobFair is a bursa kerja.
type JobFair struct {
	ID     string        `json:"id,omitempty" format:"uuid"`
	Region string        `json:"region" minLength:"4" maxLength:"4"`
	Name   string        `json:"name" minLength:"1" maxLength:"200"`
	Venue  string        `json:"venue,omitempty" maxLength:"200"`
	HeldOn calendar.Date `json:"held_on"`
}

type fairIn struct{ Body JobFair }

type fairOut struct{ Body JobFair }

type fairsOut struct {
	Body struct {
		Items      []JobFair `json:"items" nullable:"false"`
		NextCursor string    `json:"next_cursor,omitempty"`
	}
}

type fairResultOut struct {
	Body struct {
		JobFair
		Employers   int  `json:"employers"`
		Vacancies   int  `json:"vacancies"`
		Openings    int  `json:"openings"`
		Applicants  *int `json:"applicants,omitempty" doc:"Workers of your regions only, as the two below; each is absent when it is hidden: so few (see policies/security.md)"`
		Interviewed *int `json:"interviewed,omitempty"`
		Hired       *int `json:"hired,omitempty"`
	}
}

func registerVacancies(e *rest.API, s Services) {
	const tag = "vacancies"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/vacancies", ID: "vacancy-list", Tag: tag,
		Summary: "The register of vacancies, newest first", Action: authz.VacancyRead},
		func(ctx context.Context, in *vacanciesIn) (*vacanciesOut, error) { return listVacancies(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/vacancies", ID: "vacancy-report", Tag: tag,
		Summary: "Report vacancies, up to 500; a row that is wrong keeps no other out",
		Action:  authz.VacancyReport}, func(ctx context.Context, in *reportVacanciesIn) (*reportVacanciesOut, error) {
		return reportVacancies(ctx, s, in)
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/vacancies/{id}", ID: "vacancy-get", Tag: tag,
		Summary: "One vacancy", Action: authz.VacancyRead},
		func(ctx context.Context, in *vacancyPathIn) (*vacancyFileOut, error) { return getVacancy(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/vacancies/{id}/transitions", ID: "vacancy-move",
		Tag: tag, Summary: "Verify a vacancy, or end it", Action: authz.VacancyVerify},
		func(ctx context.Context, in *moveVacancyIn) (*vacancyOut, error) {
			version, err := rest.Version(in.IfMatch)
			if err != nil {
				return nil, err
			}
			id, err := partID(in.ID, "vacancy")
			if err != nil {
				return nil, err
			}
			v, err := s.Vacancies.Move(ctx, rest.Op(ctx), id, version, vacancy.State(in.Body.To))
			return &vacancyOut{rest.ETag(v.Version), s.shownVacancy(v)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/job-fairs", ID: "fair-list", Tag: tag,
		Summary: "Job fairs, newest first", Action: authz.VacancyRead},
		func(ctx context.Context, in *edgePageIn) (*fairsOut, error) { return listFairs(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/job-fairs", ID: "fair-hold", Tag: tag,
		Summary: "Record a job fair (bursa kerja)", Action: authz.VacancyReport, Status: http.StatusCreated},
		func(ctx context.Context, in *fairIn) (*fairOut, error) {
			f, err := s.Vacancies.HoldFair(ctx, rest.Op(ctx), vacancy.Fair{Region: region.Code(in.Body.Region),
				Name: in.Body.Name, Venue: in.Body.Venue, HeldOn: in.Body.HeldOn})
			return &fairOut{fairShown(f)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/job-fairs/{id}", ID: "fair-result", Tag: tag,
		Summary: "What came of a job fair", Action: authz.CaseCount},
		func(ctx context.Context, in *vacancyPathIn) (*fairResultOut, error) {
			id, err := partID(in.ID, "job_fair")
			if err != nil {
				return nil, err
			}
			r, err := s.Vacancies.Fairs.FairResult(ctx, rest.Scope(ctx), id)
			out := &fairResultOut{}
			out.Body.JobFair, out.Body.Employers = fairShown(r.Fair), r.Employers
			out.Body.Vacancies, out.Body.Openings = r.Vacancies, r.Openings
			scope := rest.Scope(ctx)
			out.Body.Applicants = single(ctx, e, scope, r.Applicants)
			out.Body.Interviewed = single(ctx, e, scope, r.Interviewed)
			out.Body.Hired = single(ctx, e, scope, r.Hired)
			return out, err
		})
}

// edgePageIn is a list that nothing narrows.
type edgePageIn struct{ rest.PageIn }

func getVacancy(ctx context.Context, s Services, in *vacancyPathIn) (*vacancyFileOut, error) {
	v, err := vacancyOf(ctx, s, in.ID)
	if err != nil {
		return nil, err
	}
	changes, err := s.Vacancies.Store.VacancyChanges(ctx, v.ID)
	out := &vacancyFileOut{ETag: rest.ETag(v.Version)}
	out.Body.Vacancy = s.shownVacancy(v)
	out.Body.Changes = listed(changes, func(c vacancy.Change) VacancyChange {
		return VacancyChange{Version: c.Version, Officer: c.By.String(), At: c.At,
			Fields: listed(c.Fields, func(f vacancy.FieldChange) FieldChange { return FieldChange(f) })}
	})
	return out, err
}

func vacancyOf(ctx context.Context, s Services, text string) (vacancy.Vacancy, error) {
	id, err := partID(text, "vacancy")
	if err != nil {
		return vacancy.Vacancy{}, err
	}
	return s.Vacancies.Store.GetVacancy(ctx, id)
}

func (s Services) shownVacancy(v vacancy.Vacancy) Vacancy {
	out := Vacancy{ID: v.ID.String(), State: v.State, Source: v.Source, PostedOn: v.PostedOn, Version: v.Version,
		VacancyIn: VacancyIn{Region: string(v.Region), Employer: v.Employer, Title: v.Title, Occupation: v.Occupation,
			Units: v.Units, Wage: int64(v.Wage), Openings: v.Openings, StartsOn: v.StartsOn, ExpiresOn: v.ExpiresOn,
			Reference: v.Reference, Fair: rest.ID(idText(v.Fair))}}
	if v.State == vacancy.Open && s.Cases.Today(v.Region).After(v.ExpiresOn) {
		out.State = vacancy.Expired
	}
	return out
}

func fairShown(f vacancy.Fair) JobFair {
	return JobFair{ID: f.ID.String(), Region: string(f.Region), Name: f.Name, Venue: f.Venue, HeldOn: f.HeldOn}
}

func reportVacancies(ctx context.Context, s Services, in *reportVacanciesIn) (*reportVacanciesOut, error) {
	list := make([]vacancy.Vacancy, len(in.Body.Items))
	for i, v := range in.Body.Items {
		list[i] = vacancy.Vacancy{Region: region.Code(v.Region), Employer: v.Employer, Title: v.Title,
			Occupation: v.Occupation, Units: v.Units, Wage: money.Rupiah(v.Wage), Openings: v.Openings, StartsOn: v.StartsOn,
			ExpiresOn: v.ExpiresOn, Reference: v.Reference, Fair: v.Fair.UUID()}
	}
	rows, err := s.Vacancies.Report(ctx, rest.Op(ctx), in.Body.Source, list)
	if err != nil {
		return nil, err
	}
	out := &reportVacanciesOut{}
	out.Body.Items = make([]VacancyRow, len(rows))
	for i, row := range rows {
		shown := VacancyRow{ID: row.ID.String(), Result: vacancy.RowReported}
		switch {
		case row.Err != nil:
			detail, _ := rest.DetailOf(ctx, row.Err)
			shown = VacancyRow{Result: vacancy.RowRefused, Code: detail.Code, Field: detail.Field,
				Text: detail.Detail.Detail, Errors: detail.Errors}
			out.Body.Refused++
		case row.Changed != "":
			shown.Result, shown.Fields = vacancy.RowChanged, strings.Fields(row.Changed)
			out.Body.Changed++
		case row.Known:
			shown.Result = vacancy.RowKnown
			out.Body.Known++
		default:
			out.Body.Reported++
		}
		out.Body.Items[i] = shown
	}
	return out, nil
}

func listVacancies(ctx context.Context, e *rest.API, s Services, in *vacanciesIn) (*vacanciesOut, error) {
	code, err := regionIn(s.Tree, in.Region, "region")
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := vacancy.Filter{Region: code, Occupation: in.Occupation.Get(), State: textOf[vacancy.State](in.State),
		Fair: idOf[uuid.UUID](in.Fair), Limit: in.Limit + 1}
	copy(f.After[:], at)
	list, err := s.Vacancies.Store.ListVacancies(ctx, f)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(v vacancy.Vacancy) []byte { return v.ID[:] })
	out := &vacanciesOut{}
	out.Body.Items, out.Body.NextCursor = make([]Vacancy, len(list)), next
	for i, v := range list {
		out.Body.Items[i] = s.shownVacancy(v)
	}
	return out, nil
}

func listFairs(ctx context.Context, e *rest.API, s Services, in *edgePageIn) (*fairsOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	list, err := s.Vacancies.Fairs.ListFairs(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(f vacancy.Fair) []byte { return f.ID[:] })
	out := &fairsOut{}
	out.Body.Items, out.Body.NextCursor = make([]JobFair, len(list)), next
	for i, f := range list {
		out.Body.Items[i] = fairShown(f)
	}
	return out, nil
}
