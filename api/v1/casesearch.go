package v1

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

type searchIn struct {
	Body struct {
		NIK         string        `json:"nik,omitempty" minLength:"1" maxLength:"40" doc:"Exact; blanks, dots and dashes in it do not count"`
		Phone       string        `json:"phone,omitempty" minLength:"1" maxLength:"30" doc:"Exact, however it is written"`
		KPJ         string        `json:"kpj,omitempty" minLength:"1" maxLength:"40" doc:"Exact"`
		Email       string        `json:"email,omitempty" minLength:"1" maxLength:"254" doc:"Exact"`
		BankAccount string        `json:"bank_account,omitempty" minLength:"1" maxLength:"30" doc:"Exact"`
		Name        string        `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"However it is spelt, and in the usual abbreviations; one or two letters: exact"`
		BirthDate   calendar.Date `json:"birth_date,omitzero" doc:"Exact; alone, or beside a name"`
		Employer    string        `json:"employer,omitempty" minLength:"1" maxLength:"200" doc:"A part of the employer's name: narrows"`
		Region      string        `json:"region,omitempty" minLength:"1" maxLength:"4" doc:"A regency or a province: narrows"`
		Limit       int           `json:"limit,omitempty" minimum:"1" maximum:"200" default:"50"`
		Cursor      string        `json:"cursor,omitempty" maxLength:"512" doc:"The next_cursor of the page before, with the rest as it was"`
	}
}

// exact tells whether a number or an address is searched for.
func (in *searchIn) exact() bool {
	b := &in.Body
	return b.NIK+b.Phone+b.KPJ+b.Email+b.BankAccount != ""
}

// digits leaves out what people and spreadsheets put between and around the digits of a number.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune(".'’‘`", r) {
			return -1
		}
		return r
	}, text)
}

func queryOf(s Services, in *searchIn) (casework.Query, error) {
	b := &in.Body
	q := casework.Query{Name: b.Name, BirthDate: b.BirthDate, Employer: b.Employer}
	var r personReader
	readSaid(&r, &q.NIK, "nik", digits(b.NIK), identity.ParseNIK)
	if b.NIK != "" && digits(b.NIK) == "" {
		read(&r, &q.NIK, "nik", "", identity.ParseNIK)
	}
	readSaid(&r, &q.Phone, "phone", b.Phone, identity.ParsePhone)
	readSaid(&r, &q.KPJ, "kpj", digits(b.KPJ), identity.ParseKPJ)
	readSaid(&r, &q.Email, "email", b.Email, identity.ParseEmail)
	readSaid(&r, &q.BankAccount, "bank_account", b.BankAccount, identity.ParseBankAccount)
	if err := r.err(); err != nil || b.Region == "" {
		return q, err
	}
	code, err := regionOf(s.Tree, b.Region, "region")
	q.Region = &code
	return q, err
}

// place is where a page of a search begins: it goes on with the search that it was made for, and with no other.
type place struct {
	Of       []byte
	Likeness float32
	Case     uuid.UUID
}

// digest tells one search from another.
func (in *searchIn) digest() []byte {
	b := in.Body
	b.Limit, b.Cursor = 0, ""
	text, _ := json.Marshal(b) // of texts and a date
	sum := sha256.Sum256(text)
	return sum[:8]
}

func (in *searchIn) after(ctx context.Context, e *rest.API) (*casework.Found, error) {
	at, err := e.Position(ctx, rest.PageIn{Cursor: in.Body.Cursor})
	if err != nil || at == nil {
		return nil, err
	}
	var p place
	if err := json.Unmarshal(at, &p); err != nil || !bytes.Equal(p.Of, in.digest()) {
		return nil, fault.New(fault.Malformed, "page.cursor_invalid").At("cursor")
	}
	return &casework.Found{Row: casework.Row{Case: casework.Case{ID: casework.ID(p.Case)}}, Likeness: p.Likeness}, nil
}

func searchCases(ctx context.Context, e *rest.API, s Services, in *searchIn) (*listCasesOut, error) {
	if in.exact() {
		if err := e.Spend(ctx); err != nil {
			return nil, err
		}
	}
	q, err := queryOf(s, in)
	if err != nil {
		return nil, err
	}
	if q.After, err = in.after(ctx, e); err != nil {
		return nil, err
	}
	q.Limit = in.Body.Limit + 1
	found, err := s.Cases.Search(ctx, rest.Scope(ctx), q)
	if err == nil && len(found) == 0 && q.Exact() {
		e.Refused(ctx)
	}
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, rest.PageIn{Limit: in.Body.Limit}, found, func(f casework.Found) []byte {
		at, _ := json.Marshal(place{in.digest(), f.Likeness, uuid.UUID(f.ID)}) // of texts and a number
		return at
	})
	out := &listCasesOut{}
	out.Body.NextCursor = next
	rows := listed(found, func(f casework.Found) casework.Row { return f.Row })
	out.Body.Items, out.subjects = rowsOf(rows), casesOf(rows)
	others, err := s.linked(ctx, listed(rows, func(r casework.Row) casework.ID { return r.ID })...)
	for i, r := range rows {
		out.Body.Items[i].SamePerson = others[r.ID]
	}
	return out, err
}
