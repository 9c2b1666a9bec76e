package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Warning is what somebody should look at again. It refuses nothing.
type Warning struct {
	Code   string `json:"code"`
	Field  string `json:"field,omitempty" doc:"As it was sent"`
	Case   string `json:"case,omitempty" format:"uuid" doc:"Another case that may be of the same worker"`
	Detail string `json:"detail"`
}

// Consequence is what a correction changed beside what was corrected.
type Consequence struct {
	Field string `json:"field" doc:"Of the case, such as due_on"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// FieldChange is a fact of the worker before and after its correction.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

type correctWorkerIn struct {
	ChangeIn
	Body struct {
		Reason       string                    `json:"reason" text:"free" minLength:"1" maxLength:"500" doc:"Why; sealed in the history"`
		Name         rest.Patch[string]        `json:"name,omitempty" minLength:"1" maxLength:"200"`
		NIK          rest.Patch[string]        `json:"nik,omitempty" minLength:"16" maxLength:"16" doc:"16 digits, as text"`
		BirthDate    rest.Patch[calendar.Date] `json:"birth_date,omitempty"`
		Sex          rest.Patch[identity.Sex]  `json:"sex,omitempty"`
		Position     rest.Patch[string]        `json:"position,omitempty" maxLength:"200"`
		Employer     rest.Patch[string]        `json:"employer,omitempty" maxLength:"200"`
		Phone        rest.Patch[string]        `json:"phone,omitempty" maxLength:"30"`
		Email        rest.Patch[string]        `json:"email,omitempty" maxLength:"254"`
		KPJ          rest.Patch[string]        `json:"kpj,omitempty" maxLength:"16"`
		Address      rest.Patch[string]        `json:"address,omitempty" text:"free" maxLength:"500"`
		Residence    rest.Patch[string]        `json:"residence,omitempty" maxLength:"4" doc:"Regency where the worker lives"`
		Wage         rest.Patch[int64]         `json:"wage,omitempty" minimum:"0" maximum:"1000000000000" doc:"Last monthly wage, whole rupiah"`
		Bank         rest.Patch[string]        `json:"bank,omitempty" maxLength:"60"`
		BankAccount  rest.Patch[string]        `json:"bank_account,omitempty" maxLength:"30"`
		TerminatedOn rest.Patch[calendar.Date] `json:"terminated_on,omitempty" doc:"Date of the PHK"`
		Employment   correctEmployment         `json:"employment,omitempty" doc:"Of the employment that ended: what the money hangs on"`
	}
}

type correctCaseIn struct {
	ChangeIn
	Body struct {
		Reason       string                    `json:"reason" text:"free" minLength:"1" maxLength:"500" doc:"Why. No personal data"`
		TerminatedOn rest.Patch[calendar.Date] `json:"terminated_on,omitempty" doc:"Date of the PHK"`
		Layoff       rest.Patch[rest.ID]       `json:"layoff,omitempty" doc:"The report that the case comes from"`
	}
}

// tellNoMore records that a NIK was tried which is one of a worker of another office.
func tellNoMore(ctx context.Context, e *rest.API, err error) {
	if fault.CodeOf(err) == "case.registered_elsewhere" {
		e.Refused(ctx)
	}
}

func registerCorrections(e *rest.API, s Services) {
	const tag = "cases"
	rest.Register(e, rest.Route{Method: http.MethodPatch, Path: "/v1/cases/{id}", ID: "case-correct", Tag: tag,
		Summary: "Put facts of a case right", Description: "What is left out stays. The answer says what followed.",
		Action: authz.CaseCorrect},
		func(ctx context.Context, in *correctCaseIn) (*stateOut, error) { return correctCase(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPatch, Path: "/v1/cases/{id}/worker", ID: "worker-correct", Tag: tag,
		Summary: "Put facts of the worker right",
		Description: "What is left out stays; null takes a fact away. Old and new values are sealed in the history. " +
			"The answer says what followed, and what to look at again.", Action: authz.CaseCorrect},
		func(ctx context.Context, in *correctWorkerIn) (*stateOut, error) { return correctWorker(ctx, e, s, in) },
		func(in *correctWorkerIn) []fault.FieldError {
			return fault.FieldsOf(in.edit(s.Tree, new(casework.Person)))
		})
}

func correctCase(ctx context.Context, s Services, in *correctCaseIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	b := &in.Body
	if b.Layoff.Value().UUID() != uuid.Nil { // one that the caller cannot see is one that is not there
		if _, err := s.Layoffs.Store.GetLayoff(ctx, rest.Scope(ctx), b.Layoff.Value().UUID()); err != nil {
			return nil, at(err, "layoff")
		}
	}
	edit := func(c *casework.Case, _ *casework.Person) error {
		replace(&c.TerminatedOn, b.TerminatedOn)
		if b.Layoff.Sent() {
			c.LayoffID = b.Layoff.Value().UUID()
		}
		return nil
	}
	if b.TerminatedOn.Sent() {
		if edit, err = s.Tracks.Keeping(ctx, rest.Scope(ctx), id, edit); err != nil {
			return nil, err
		}
	}
	return stated(s.Cases.Correct(ctx, rest.Op(ctx), id, version, casework.Correction{Reason: b.Reason, Edit: edit}))
}

func correctWorker(ctx context.Context, e *rest.API, s Services, in *correctWorkerIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	edit := func(c *casework.Case, p *casework.Person) error {
		replace(&c.TerminatedOn, in.Body.TerminatedOn)
		return in.edit(s.Tree, p)
	}
	if in.Body.TerminatedOn.Sent() {
		if edit, err = s.Tracks.Keeping(ctx, rest.Scope(ctx), id, edit); err != nil {
			return nil, err
		}
	}
	months, err := repriced(ctx, s, id, in.Body.Wage)
	if err != nil {
		return nil, err
	}
	state, err := s.Cases.Correct(ctx, rest.Op(ctx), id, version, casework.Correction{Reason: in.Body.Reason, Edit: edit})
	tellNoMore(ctx, e, err)
	if err == nil && len(months) > 0 {
		told := casework.Told{}
		if state.Told != nil {
			told = *state.Told
		}
		state.Told = casework.Tell(told.Warnings, append(told.Follows, months...))
	}
	return stated(state, err)
}

// repriced is what a corrected wage makes of the months of a claim, by the case as it is before: one that changes
// meanwhile refuses the correction.
func repriced(ctx context.Context, s Services, id casework.ID, wage rest.Patch[int64]) ([]casework.Consequence, error) {
	if !wage.Sent() {
		return nil, nil
	}
	return s.Tracks.Repriced(ctx, rest.Scope(ctx), id, money.Rupiah(wage.Value()))
}

// edit writes what was sent into a person, and names every field that cannot be read.
func (in *correctWorkerIn) edit(tree *region.Tree, p *casework.Person) error {
	b, r := &in.Body, personReader{}
	replace(&p.Name, b.Name)
	replace(&p.BirthDate, b.BirthDate)
	replace(&p.Sex, b.Sex)
	replace(&p.Position, b.Position)
	replace(&p.Employer, b.Employer)
	b.Employment.edit(&p.Employment)
	if b.Address.Sent() {
		p.Address = identity.NewSecret(b.Address.Value())
	}
	if b.Bank.Sent() {
		p.Bank = identity.NewSecret(b.Bank.Value())
	}
	if b.Wage.Sent() {
		p.Wage = identity.NewWage(money.Rupiah(b.Wage.Value()))
	}
	if b.NIK.Sent() {
		read(&r, &p.NIK, "nik", b.NIK.Value(), identity.ParseNIK)
	}
	readSent(&r, &p.Phone, "phone", b.Phone, identity.ParsePhone)
	readSent(&r, &p.Email, "email", b.Email, identity.ParseEmail)
	readSent(&r, &p.KPJ, "kpj", b.KPJ, identity.ParseKPJ)
	readSent(&r, &p.BankAccount, "bank_account", b.BankAccount, identity.ParseBankAccount)
	readSent(&r, &p.Residence, "residence", b.Residence, regencyOf(tree))
	return r.err()
}

// replace writes a value that was sent.
func replace[T any](to *T, p rest.Patch[T]) {
	if p.Sent() {
		*to = p.Value()
	}
}

func replaceID(to *uuid.UUID, p rest.Patch[rest.ID]) {
	if p.Sent() {
		*to = p.Value().UUID()
	}
}

// personReader collects the fields of a worker that cannot be read.
type personReader struct {
	prefix string
	wrong  []fault.FieldError
}

func (r *personReader) err() error {
	if len(r.wrong) > 0 {
		return fault.New(fault.Invalid, "worker.invalid").With(r.wrong...)
	}
	return nil
}

// read reads a field.
func read[T any](r *personReader, to *T, field, text string, parse func(string) (T, error)) {
	value, err := parse(text)
	if err != nil {
		r.wrong = append(r.wrong, fault.FieldError{Field: r.prefix + field, Code: fault.CodeOf(err)})
		return
	}
	*to = value
}

// readSaid reads a field that may be empty.
func readSaid[T any](r *personReader, to *T, field, text string, parse func(string) (T, error)) {
	if text == "" {
		*to = *new(T)
		return
	}
	read(r, to, field, text, parse)
}

func readSent[T any](r *personReader, to *T, field string, p rest.Patch[string], parse func(string) (T, error)) {
	if p.Sent() {
		readSaid(r, to, field, p.Value(), parse)
	}
}

// regencyOf reads a regency; one that is no more means its successor.
func regencyOf(tree *region.Tree) func(string) (region.Code, error) {
	return func(text string) (region.Code, error) {
		code, err := regionOf(tree, presentCode(tree, text), "")
		if err == nil && code.Level() != region.Regency {
			err = fault.New(fault.Invalid, "region.unknown")
		}
		return code, err
	}
}

// presentCode is the code of today for a region that was named by a former one.
func presentCode(tree *region.Tree, text string) string {
	if now, former := tree.Superseded(region.Code(text)); former {
		return string(now)
	}
	return text
}

func warningsOf(ctx context.Context, list []casework.Warning) []Warning {
	out := make([]Warning, len(list))
	for i, w := range list {
		out[i] = Warning{Code: w.Code, Field: w.Field, Case: w.Args["case"],
			Detail: wording.Message(rest.Language(ctx), w.Code, w.Args)}
	}
	return out
}

func consequencesOf(list []casework.Consequence) []Consequence {
	out := make([]Consequence, len(list))
	for i, c := range list {
		out[i] = Consequence(c)
	}
	return out
}

func changesOf(list []casework.FieldChange) []FieldChange {
	out := make([]FieldChange, len(list))
	for i, c := range list {
		out[i] = FieldChange{c.Field, c.From.Reveal(), c.To.Reveal()}
	}
	return out
}
