package v1

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// Case is where a case stands. It holds nothing personal.
type Case struct {
	ID           string         `json:"id" format:"uuid"`
	Region       string         `json:"region" doc:"Regency office that has custody"`
	Stage        casework.Stage `json:"stage"`
	Outcome      string         `json:"outcome,omitempty" doc:"Why it closed"`
	DuplicateOf  string         `json:"duplicate_of,omitempty" doc:"Of a duplicate: the case that it doubles"`
	Officer      string         `json:"officer,omitempty" doc:"Id of the officer in charge"`
	Claim        string         `json:"claim" doc:"State of the JKP claim"`
	TerminatedOn calendar.Date  `json:"terminated_on,omitzero" doc:"Date of the PHK"`
	OpenedOn     calendar.Date  `json:"opened_on,omitzero"`
	ClosedOn     calendar.Date  `json:"closed_on,omitzero"`
	DueOn        calendar.Date  `json:"due_on,omitzero" doc:"Next deadline"`
	DueFor       string         `json:"due_for,omitempty" doc:"Which deadline: claim, month_2 …"`
	FollowUpOn   calendar.Date  `json:"follow_up_on,omitzero" doc:"When its officer wants to see the case again"`
	Layoff       string         `json:"layoff,omitempty"`
	Version      int            `json:"version"`
	UpdatedAt    time.Time      `json:"updated_at"`
}

// Row is a case in a list: a name and a masked NIK to choose it by.
type Row struct {
	Case
	Name     string `json:"name"`
	NIK      string `json:"nik" doc:"Masked"`
	Employer string `json:"employer,omitempty"`
	// SamePerson is told where single cases are looked for: by a search.
	SamePerson []string `json:"same_person,omitempty" doc:"Other cases in my scope that are linked to it: of the same person"`
}

// Worker is the person, in full: it is answered only by the read of one case.
type Worker struct {
	Name      string        `json:"name" minLength:"1" maxLength:"200"`
	NIK       string        `json:"nik" minLength:"16" maxLength:"16" doc:"16 digits, as text"`
	BirthDate calendar.Date `json:"birth_date,omitzero"`
	Sex       identity.Sex  `json:"sex,omitempty"`
	Position  string        `json:"position,omitempty" maxLength:"200"`
	Employer  string        `json:"employer,omitempty" maxLength:"200"`
	Phone     string        `json:"phone,omitempty" maxLength:"30"`
	Email     string        `json:"email,omitempty" maxLength:"254"`
	KPJ       string        `json:"kpj,omitempty" maxLength:"16"`
	Address   string        `json:"address,omitempty" text:"free" maxLength:"500"`
	Wage      int64         `json:"wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Last monthly wage, whole rupiah"`
	Residence string        `json:"residence,omitempty" maxLength:"4" doc:"Regency where the worker lives"`

	Bank        string `json:"bank,omitempty" maxLength:"60"`
	BankAccount string `json:"bank_account,omitempty" maxLength:"30"`

	Employment *Employment `json:"employment,omitempty" doc:"What is said of the employment that ended"`
}

// FileBody is a whole case.
type FileBody struct {
	Case
	Worker     Worker   `json:"worker"`
	SamePerson []string `json:"same_person,omitempty" doc:"Other cases in my scope that are linked to it: of the same person"`
	History    []Entry  `json:"history" nullable:"false" doc:"Oldest first"`
}

type caseIn struct {
	ID string `path:"id" maxLength:"36"`
}

type getCaseIn struct {
	ID      string          `path:"id" maxLength:"36"`
	Entries rest.Param[int] `query:"entries" minimum:"0" maximum:"1000000" doc:"Only so many newest entries of the history; all when left out"`
}

type fileOut struct {
	ETag string `header:"ETag"`
	Body FileBody
}

type openIn struct {
	Body struct {
		Region       string        `json:"region" minLength:"4" maxLength:"4" doc:"Regency of the worker"`
		TerminatedOn calendar.Date `json:"terminated_on" doc:"Date of the PHK"`
		Layoff       string        `json:"layoff,omitempty" minLength:"1" maxLength:"36"`
		Worker       Worker        `json:"worker"`
	}
}

func registerCases(e *rest.API, s Services) {
	const tag = "cases"
	registerCaseList(e, s, tag)
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases", ID: "case-open", Tag: tag,
		Summary: "Open a case for one worker",
		Action:  authz.CaseOpen, Status: http.StatusCreated, Names: true},
		func(ctx context.Context, in *openIn) (*stateOut, error) {
			opening, err := openingOf(s.Tree, in)
			if err != nil {
				return nil, fault.Together("worker.invalid", wrongOpening(s, in)...)
			}
			if in.Body.Layoff != "" { // one that the caller cannot see is one that is not there
				if opening.Case.LayoffID, err = layoffID(in.Body.Layoff); err == nil {
					_, err = s.Layoffs.Store.GetLayoff(ctx, rest.Scope(ctx), opening.Case.LayoffID)
				}
				if err != nil {
					return nil, at(err, "layoff")
				}
			}
			state, err := s.Cases.Open(ctx, rest.Op(ctx), opening)
			tellNoMore(ctx, e, err)
			return stated(state, err)
		}, func(in *openIn) []fault.FieldError { return wrongOpening(s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}", ID: "case-get", Tag: tag,
		Summary: "One case with its worker and history", Action: authz.CaseRead, Shows: rest.Named, Settled: true},
		func(ctx context.Context, in *getCaseIn) (*fileOut, error) { return getCase(ctx, s, in) })
}

func getCase(ctx context.Context, s Services, in *getCaseIn) (*fileOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	f, entries, err := s.Cases.Get(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	others, err := s.linked(ctx, id)
	if err != nil {
		return nil, err
	}
	if newest := in.Entries.Get(); newest != nil {
		entries = entries[max(0, len(entries)-*newest):]
	}
	return &fileOut{ETag: rest.ETag(f.Version), Body: FileBody{Case: caseOf(f.Case), Worker: workerOf(f.Person),
		SamePerson: others[id], History: s.entriesOf(ctx, entries)}}, nil
}

func openingOf(tree *region.Tree, in *openIn) (casework.Opening, error) {
	var o casework.Opening
	code, err := regionOf(tree, presentCode(tree, in.Body.Region), "region")
	o.Source, o.Case.Region, o.Case.TerminatedOn = "api", code, in.Body.TerminatedOn
	person, unread := personOf(tree, in.Body.Worker)
	o.Person = person
	return o, errors.Join(err, unread)
}

// wrongOpening is all that is wrong with what was sent: what cannot be read, and what cannot be of what can.
func wrongOpening(s Services, in *openIn) []fault.FieldError {
	o, _ := openingOf(s.Tree, in)
	_, err := regionOf(s.Tree, presentCode(s.Tree, in.Body.Region), "region")
	_, unread := personOf(s.Tree, in.Body.Worker)
	return slices.Concat(fault.FieldsOf(err), fault.FieldsOf(unread), s.Cases.Wrong(o))
}

// personOf reads the values of a worker and names every field that cannot be read, not only the first.
func personOf(tree *region.Tree, w Worker) (casework.Person, error) {
	p := casework.Person{Name: w.Name, BirthDate: w.BirthDate, Sex: w.Sex, Position: w.Position, Employer: w.Employer,
		Address: identity.NewSecret(w.Address), Wage: identity.NewWage(money.Rupiah(w.Wage)),
		Bank:       identity.NewSecret(w.Bank),
		Employment: w.Employment.stated()}
	r := personReader{prefix: "worker."}
	read(&r, &p.NIK, "nik", w.NIK, identity.ParseNIK)
	readSaid(&r, &p.Phone, "phone", w.Phone, identity.ParsePhone)
	readSaid(&r, &p.Email, "email", w.Email, identity.ParseEmail)
	readSaid(&r, &p.KPJ, "kpj", w.KPJ, identity.ParseKPJ)
	readSaid(&r, &p.BankAccount, "bank_account", w.BankAccount, identity.ParseBankAccount)
	readSaid(&r, &p.Residence, "residence", w.Residence, regencyOf(tree))
	return p, r.err()
}

func caseOf(c casework.Case) Case {
	out := Case{ID: c.ID.String(), Region: string(c.Region), Stage: c.Stage, Outcome: string(c.Outcome),
		Claim: string(c.ClaimState), TerminatedOn: c.TerminatedOn, OpenedOn: c.OpenedOn, ClosedOn: c.ClosedOn, DueOn: c.DueOn,
		DueFor: c.DueFor, FollowUpOn: c.FollowUpOn, Version: c.Version, UpdatedAt: c.UpdatedAt}
	if c.Officer != (authz.OfficerID{}) {
		out.Officer = c.Officer.String()
	}
	out.DuplicateOf = idText(uuid.UUID(c.DuplicateOf))
	if c.LayoffID != uuid.Nil {
		out.Layoff = c.LayoffID.String()
	}
	return out
}

func rowsOf(rows []casework.Row) []Row {
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = Row{Case: caseOf(r.Case), Name: r.Name, NIK: r.NIKMasked, Employer: r.Employer}
	}
	return out
}

func workerOf(p casework.Person) Worker {
	return Worker{Name: p.Name, NIK: p.NIK.Reveal(), BirthDate: p.BirthDate, Sex: p.Sex, Position: p.Position,
		Employer: p.Employer, Phone: p.Phone.Reveal(), Email: p.Email.Reveal(), KPJ: p.KPJ.Reveal(),
		Address: p.Address.Reveal(), Wage: int64(p.Wage.Reveal()), Residence: string(p.Residence), Bank: p.Bank.Reveal(),
		BankAccount: p.BankAccount.Reveal(), Employment: employmentOf(p.Employment)}
}

// at names the field of a fault that does not know it.
func at(err error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field == "" {
		return f.At(field)
	}
	return err
}
