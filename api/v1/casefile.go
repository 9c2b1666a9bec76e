package v1

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/wording"
)

// fileTime is for making a file: its keys are opened one by one.
const fileTime = 30 * time.Second

type caseFileIn struct {
	SortIn
	CasesIn
	Format  rest.Param[export.TableFormat] `query:"format" doc:"csv when left out"`
	Lang    rest.Param[mail.Language]      `query:"lang" doc:"Language of heads and labels; without it, that of Accept-Language"`
	Columns rest.Param[[]casework.Column]  `query:"columns" minItems:"1" doc:"In this order, with commas between them; without them all but the phone number"`
}

type caseFileOut struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	More        bool   `header:"X-More" doc:"There are more cases than the file has"`
	Body        []byte
	subjects    []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *caseFileOut) Subjects() []uuid.UUID { return o.subjects }

// caseFile writes the list whole or not at all: it is short enough, and half a file would pass for one.
func caseFile(ctx context.Context, e *rest.API, s Services, in *caseFileIn) (*caseFileOut, error) {
	f, err := filterOf(ctx, s, &in.CasesIn)
	if err != nil {
		return nil, err
	}
	f.Sort = valueOf(in.Sort.Get())
	columns := valueOf(in.Columns.Get())
	if columns == nil {
		columns = slices.DeleteFunc(casework.Column("").Values(), casework.Column.Opens)
	}
	rows, more, err := s.Cases.ListAll(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	table := caseTable{columns: columns, lang: rest.Language(ctx), tree: s.Tree}
	if asked := in.Lang.Get(); asked != nil {
		table.lang = string(*asked)
	}
	if slices.ContainsFunc(columns, casework.Column.Opens) {
		if table.people, err = openPeople(ctx, e, s, rows); err != nil {
			return nil, err
		}
	}
	if table.officers, err = officerNames(ctx, s); err != nil {
		return nil, err
	}
	format := export.CSVTable
	if asked := in.Format.Get(); asked != nil {
		format = *asked
	}
	body, err := export.Table(format, table.lines(rows, more))
	return &caseFileOut{ContentType: format.MediaType(), More: more, Body: body, subjects: casesOf(rows),
		Disposition: `attachment; filename="tanggap-cases-` + f.Today.String() + "." + string(format) + `"`}, err
}

// openPeople reads the workers of a list in full. Who may list a case of it and not read it gets none of them.
func openPeople(ctx context.Context, e *rest.API, s Services,
	rows []casework.Row) (map[casework.ID]casework.Person, error) {
	scope := e.ScopeOf(ctx, authz.CaseRead)
	if slices.ContainsFunc(rows, func(r casework.Row) bool { return !scope.Covers(r.Region) }) || scope.Empty() {
		return nil, fault.New(fault.Forbidden, "list.phone_needs_reading").At("columns")
	}
	rest.Opens(ctx)
	return s.Cases.Store.People(ctx, rest.Scope(ctx), listed(rows, func(r casework.Row) casework.ID { return r.ID }))
}

func officerNames(ctx context.Context, s Services) (map[authz.OfficerID]string, error) {
	list, err := s.Officers.Store.ListOfficers(ctx, rest.Scope(ctx), officer.Filter{})
	names := make(map[authz.OfficerID]string, len(list))
	for _, o := range list {
		names[o.ID] = o.Name
	}
	return names, err
}

// caseTable words cases for people.
type caseTable struct {
	columns  []casework.Column
	lang     string
	tree     *region.Tree
	people   map[casework.ID]casework.Person
	officers map[authz.OfficerID]string
}

func (t caseTable) lines(rows []casework.Row, more bool) [][]string {
	lines := [][]string{listed(t.columns, func(c casework.Column) string { return wording.Label(t.lang, c) })}
	for _, r := range rows {
		lines = append(lines, listed(t.columns, func(c casework.Column) string { return t.cell(c, &r) }))
	}
	if more {
		last := make([]string, len(t.columns))
		last[0] = wording.Message(t.lang, "list.cut", nil)
		lines = append(lines, last)
	}
	return lines
}

func (t caseTable) cell(c casework.Column, r *casework.Row) string {
	switch c {
	case casework.ColumnPhone:
		return t.people[r.ID].Phone.Reveal()
	case casework.ColumnOffice:
		office, _ := t.tree.Get(r.Region)
		return office.Name
	case casework.ColumnOfficer:
		return t.officers[r.Officer]
	case casework.ColumnStage:
		return wording.Label(t.lang, r.Stage)
	case casework.ColumnClaim:
		return wording.Label(t.lang, r.ClaimState)
	case casework.ColumnOutcome:
		if r.Outcome == "" {
			return ""
		}
		return wording.Label(t.lang, r.Outcome)
	default: // what the case says of itself
		return c.Text(r)
	}
}
