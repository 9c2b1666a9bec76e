package intake

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// How many cases one transaction opens: many, as long as nobody else is at work; few, beside others. A long statement
// holds one core, and a page that would take two milliseconds waits for it.
const (
	rowsAlone  = 400
	rowsBeside = 40
	// own is how often a batch itself takes a connection; what goes beyond it is other people's requests.
	own = 3
)

// Service takes lists in for callers whose permission is already established. Rights gives the scope in which an
// officer may do an action now: a job asks again when it runs, because grants may have changed since it was enqueued.
// Served counts how often this process has taken a connection to the database: it shows whether others are at work.
type Service struct {
	Store   Store
	Layoffs *layoff.Service
	Cases   *casework.Service
	Tree    *region.Tree
	Rights  func(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error)
	Served  func() int64
}

// Upload keeps a file and has it checked. The same file with the same form gives the intake that is already there.
func (s *Service) Upload(ctx context.Context, op authz.Op, name string, file []byte, form Form) (Intake, bool, error) {
	report := form.Layoff()
	if err := s.Layoffs.Check(op.Scope, &report); err != nil {
		return Intake{}, false, err
	}
	form.EmployerName, form.Reference = report.Employer.Name, report.Reference
	if most := sheet.DefaultLimits().FileBytes; int64(len(file)) > most {
		return Intake{}, false, fault.New(fault.TooLarge, "intake.too_large")
	}
	if err := sheet.CheckTitles(form.Titles); err != nil {
		return Intake{}, false, err
	}
	if len(file) == 0 {
		return Intake{}, false, fault.New(fault.Invalid, "intake.empty").At("file")
	}
	return s.Store.CreateIntake(ctx, op, Intake{Region: op.Scope.Regions()[0], Officer: op.Actor, FileName: baseName(name),
		Form: form}, file)
}

// baseName keeps of a client's file name what can be shown: it never becomes a path or a header.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // such as one that turns the direction, and shows another ending
			return -1
		case unicode.IsControl(r) || r == '"':
			return '_'
		}
		return r
	}, name)
	if len(name) > 120 {
		name = name[len(name)-120:]
	}
	return strings.ToValidUTF8(name, "_")
}

// Check judges the rows of a file: the dry run. Running it again gives the same report.
func (s *Service) Check(ctx context.Context, id uuid.UUID) error {
	in, file, err := s.Store.OpenFile(ctx, authz.Everywhere(), id)
	if err != nil || in.State != Checking {
		return err
	}
	scope, err := s.rights(ctx, in.Officer, authz.IntakeCreate)
	if err != nil {
		return err
	}
	var rows []sheet.Row
	served := s.Served()
	options := s.options(in)
	sum, err := sheet.Read(ctx, bytes.NewReader(file), int64(len(file)), in.FileName, options, func(r sheet.Row) error {
		rows = append(rows, inReach(r, scope))
		return s.giveWay(ctx, len(rows), &served)
	})
	if why := RefusalOf(err); why.Code != "" {
		return s.Store.SaveCheck(ctx, scope, id, Check{Refusal: why})
	}
	if err != nil {
		return err
	}
	if err := s.likely(ctx, scope, rows); err != nil {
		return err
	}
	return s.Store.SaveCheck(ctx, scope, id, Check{Rows: rows, Reading: Reading{Sheets: sum.Sheets, Notes: sum.Notes,
		Encoding: sum.Encoding, Separator: sum.Separator}})
}

// A list is looked for so many workers at once. Of a list longer than shortList NIKs are not compared with those near
// them: each takes some 260 look-ups.
const (
	compared  = 25
	shortList = 5000
)

// likely warns of usable rows whose worker is likely one who is registered under another NIK.
func (s *Service) likely(ctx context.Context, scope authz.Scope, rows []sheet.Row) error {
	var usable []*sheet.Row
	for i, r := range rows {
		if r.Status == sheet.Valid || r.Status == sheet.ValidWarning {
			usable = append(usable, &rows[i])
		}
	}
	served := s.Served()
	for some := range slices.Chunk(usable, compared) {
		people := make([]casework.Person, len(some))
		for i, r := range some {
			people[i] = personOf(r.Worker)
		}
		found, err := s.Cases.Store.FindLikely(ctx, scope, people, len(usable) <= shortList)
		if err != nil {
			return err
		}
		for _, l := range found {
			r := some[l.N]
			r.Status = sheet.ValidWarning
			r.Reasons = append(r.Reasons, sheet.Reason{Code: sheet.CodeLikelyDuplicate, Warning: true,
				Args: map[string]string{"case": l.Case.String(), "by": casework.JoinLikeness(l.By)}})
		}
		if err := s.giveWay(ctx, rowsOfWay, &served); err != nil {
			return err
		}
	}
	return nil
}

// A list that is read gives way to every request that waits, which takes a millisecond where the list takes seconds;
// and beside others it leaves the processor alone for as long again as it used it.
const (
	rowsOfWay = 32
	pause     = time.Millisecond
)

func (s *Service) giveWay(ctx context.Context, row int, served *int64) error {
	runtime.Gosched()
	if row%rowsOfWay != 0 {
		return nil
	}
	now := s.Served()
	others := now - *served
	if *served = now; others == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// options are what the list of an intake is judged by.
func (s *Service) options(in Intake) sheet.Options {
	today := s.Cases.Today(in.Form.EmployerRegion)
	return sheet.Options{Regions: s.Tree, Today: today, Titles: in.Form.Titles,
		Youngest: s.Cases.Measures.On(today).WorkingAge.Value}
}

// inReach refuses a usable row whose worker lives where the officer may open no case.
func inReach(r sheet.Row, scope authz.Scope) sheet.Row {
	if (r.Status == sheet.Valid || r.Status == sheet.ValidWarning) && !scope.Covers(r.Worker.Regency) {
		r.Status = sheet.Reject
		r.Reasons = append(r.Reasons, sheet.Reason{Code: sheet.CodeRegionOutOfScope})
	}
	return r
}

// Apply starts opening the cases of a checked intake.
func (s *Service) Apply(ctx context.Context, op authz.Op, id uuid.UUID) (Intake, error) {
	return s.Store.StartIntake(ctx, op, id, Applying)
}

// Cancel stops an intake; cases already opened stay.
func (s *Service) Cancel(ctx context.Context, op authz.Op, id uuid.UUID) (Intake, error) {
	return s.Store.StartIntake(ctx, op, id, Cancelled)
}

// Run opens cases until none is left, the intake is cancelled, or ctx ends.
func (s *Service) Run(ctx context.Context, id uuid.UUID) error {
	in, err := s.Store.GetIntake(ctx, authz.Everywhere(), id)
	if err != nil {
		return err
	}
	most := rowsBeside
	for left := true; left && err == nil; {
		before := s.Served()
		var scope authz.Scope
		if scope, err = s.rights(ctx, in.Officer, authz.IntakeApply); err == nil {
			left, err = s.Store.ApplyRows(ctx, authz.Op{Actor: in.Officer, Scope: scope}, id, most, s.opening)
		}
		if most = rowsAlone; s.Served()-before > own {
			most = rowsBeside
		}
	}
	return err
}

// rights is where the officer may do an action now; job.right_lost when nowhere.
func (s *Service) rights(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error) {
	scope, err := s.Rights(ctx, id, a)
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound {
		err = fault.New(fault.Forbidden, "job.right_lost")
	}
	return scope, err
}

// Fail keeps that an attempt at an intake failed; the most-th ends it.
func (s *Service) Fail(ctx context.Context, id uuid.UUID, code string, most int) error {
	return s.Store.FailIntake(ctx, id, cmp.Or(code, "intake.failed"), most)
}

// opening makes a case of a row. Its first deadline is that of the JKP claim, under the rules of the day of the PHK.
func (s *Service) opening(in Intake, w sheet.Worker) casework.Opening {
	today := s.Cases.Today(w.Regency)
	o := casework.Opening{Source: "intake", Case: casework.Case{Region: w.Regency, LayoffID: in.Layoff,
		TerminatedOn: w.TerminationDate, OpenedOn: today},
		Person: personOf(w)}
	o.Person.Employer = in.Form.EmployerName
	o.Case.ClaimState = casework.ClaimNone
	o.Case.Derive(s.Cases.JKP)
	return o
}

// personOf is the worker of a row.
func personOf(w sheet.Worker) casework.Person {
	return casework.Person{Name: w.Name, NIK: w.NIK, BirthDate: w.BirthDate, Sex: w.Sex, Position: w.Position,
		Phone: w.Phone,
		Email: w.Email, KPJ: w.KPJ, Address: w.Address, Wage: identity.NewWage(w.Wage)}
}

// Get reads one intake with its progress.
func (s *Service) Get(ctx context.Context, scope authz.Scope, id uuid.UUID) (Intake, error) {
	return s.Store.GetIntake(ctx, scope, id)
}

// List reads one page of intakes, newest first.
func (s *Service) List(ctx context.Context, scope authz.Scope, after uuid.UUID, limit int) ([]Intake, error) {
	return s.Store.ListIntakes(ctx, scope, after, sized(limit))
}

// Rows reads one page of the report.
func (s *Service) Rows(ctx context.Context, scope authz.Scope, id uuid.UUID, f RowFilter) ([]Row, error) {
	f.Limit = sized(f.Limit)
	return s.Store.ListRows(ctx, scope, id, f)
}

func sized(limit int) int {
	if limit < 1 || limit > page.MaxSize+1 {
		return page.DefaultSize
	}
	return limit
}
