package v1

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Intake is an employer's list on its way to cases.
type Intake struct {
	ID        string       `json:"id" format:"uuid"`
	State     intake.State `json:"state"`
	Refusal   string       `json:"refusal,omitempty" doc:"Why the file cannot be read, or the work failed: a code"`
	Why       *Told        `json:"why,omitempty" doc:"The refusal in words, with what it names"`
	Sheets    []ReadSheet  `json:"sheets" nullable:"false" doc:"What was read, in the order of the file"`
	Encoding  string       `json:"encoding,omitempty" doc:"Of a CSV file"`
	Separator string       `json:"separator,omitempty" doc:"Of a CSV file"`
	Notes     []Told       `json:"notes" nullable:"false" doc:"What was not used, or had to be guessed"`
	Repeated  bool         `json:"repeated,omitempty" doc:"The same file and form were here before: this is that list"`
	FileName  string       `json:"file_name"`
	Employer  string       `json:"employer"`
	Region    string       `json:"employer_region" doc:"Regency of the site"`
	NIB       string       `json:"employer_nib,omitempty"`
	Reference string       `json:"reference,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	PlannedOn string       `json:"planned_on,omitempty" format:"date"`
	Layoff    string       `json:"layoff,omitempty"`
	Rows      IntakeCounts `json:"rows"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
}

// IntakeCounts are the rows of a list and how far they came.
type IntakeCounts struct {
	Total   int `json:"total"`
	Valid   int `json:"valid"`
	Warned  int `json:"warned" doc:"Usable, with something to look at"`
	Refused int `json:"refused"`
	Skipped int `json:"skipped" doc:"Titles, empty rows, totals"`
	Done    int `json:"done"`
	Opened  int `json:"opened" doc:"Cases opened"`
	Known   int `json:"known" doc:"Workers who had an open case already"`
	Before  int `json:"before" doc:"Usable rows whose worker had an open case when the list was checked"`
}

// Told is a sentence about a whole list, with its code and what it names.
type Told struct {
	Code string            `json:"code"`
	Text string            `json:"text"`
	Args map[string]string `json:"args,omitempty" doc:"What the words name: columns, sheets, limits"`
}

// ReadSheet is a sheet that was read.
type ReadSheet struct {
	Name    string `json:"name,omitempty" doc:"None for CSV"`
	Header  int    `json:"header" doc:"Row of the column titles"`
	Workers int    `json:"workers" doc:"Rows that describe a worker"`
}

// IntakeRow is one row of the report.
type IntakeRow struct {
	Row     int           `json:"row" doc:"As the spreadsheet numbers it"`
	Sheet   string        `json:"sheet,omitempty" doc:"Sheet that the row stands in; none in a CSV file"`
	Status  sheet.Status  `json:"status"`
	Name    string        `json:"name,omitempty"`
	NIK     string        `json:"nik,omitempty" doc:"Masked"`
	Region  string        `json:"region,omitempty"`
	Reasons []RowReason   `json:"reasons" nullable:"false"`
	Result  intake.Result `json:"result,omitempty"`
	Case    string        `json:"case,omitempty" doc:"The case opened, or the one that the worker has"`
}

// RowReason is what is wrong with a row, and what would be right.
type RowReason struct {
	Code    string `json:"code"`
	Column  string `json:"column,omitempty" doc:"Letter of the column"`
	Header  string `json:"header,omitempty"`
	Warning bool   `json:"warning,omitempty"`
	Text    string `json:"text"`
}

type uploadForm struct {
	File           huma.FormFile `form:"file" required:"true" doc:"The list, .xlsx or .csv, 20 MB and 50,000 rows at most"`
	EmployerName   string        `form:"employer_name" required:"true" maxLength:"200"`
	EmployerRegion string        `form:"employer_region" required:"true" maxLength:"4" doc:"Regency of the site"`
	EmployerNIB    string        `form:"employer_nib" required:"false" maxLength:"13"`
	Reference      string        `form:"reference" required:"false" maxLength:"100" doc:"Number of the employer's letter"`
	Reason         string        `form:"reason" required:"false" maxLength:"60"`
	Titles         string        `form:"titles" required:"false" maxLength:"20000" doc:"JSON object: a title of the list, and the field that it is, or \"\" for none"`
	PlannedOn      string        `form:"planned_on" required:"false" maxLength:"10" doc:"YYYY-MM-DD"`
}

type uploadIn struct {
	RawBody huma.MultipartFormFiles[uploadForm]
}

type intakeIn struct {
	ID string `path:"id" maxLength:"36"`
}

type intakeOut struct {
	Status   int
	Location string `header:"Location"`
	Body     Intake
}

type intakesIn struct {
	rest.PageIn
}

type intakesOut struct {
	Body struct {
		Items      []Intake `json:"items" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty"`
	}
}

type rowsIn struct {
	rest.PageIn
	ID     string                   `path:"id" maxLength:"36"`
	Status rest.Param[sheet.Status] `query:"status"`
}

type rowsOut struct {
	Body struct {
		Items      []IntakeRow `json:"items" nullable:"false"`
		NextCursor string      `json:"next_cursor,omitempty"`
	}
}

// maxUpload leaves room for the form around a file of the largest size.
const maxUpload = 21 << 20

func registerIntakes(e *rest.API, s Services) {
	const tag = "intakes"
	following := newFollow(lookEvery, func(ctx context.Context, id uuid.UUID) (intake.Intake, error) {
		return s.Intakes.Get(ctx, authz.Everywhere(), id) // each follower's own scope is asked beside it
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/intakes", ID: "intake-create", Tag: tag,
		Summary: "Upload an employer's list; it is checked row by row, and nothing else happens", Action: authz.IntakeCreate,
		Status: http.StatusAccepted, Also: http.StatusOK, MaxBody: maxUpload, Upload: true},
		func(ctx context.Context, in *uploadIn) (*intakeOut, error) { return upload(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/intakes", ID: "intake-list", Tag: tag,
		Summary: "Lists taken in, newest first", Action: authz.IntakeRead},
		func(ctx context.Context, in *intakesIn) (*intakesOut, error) { return listIntakes(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/intakes/{id}", ID: "intake-get", Tag: tag,
		Summary: "One list and how far it came", Action: authz.IntakeRead},
		func(ctx context.Context, in *intakeIn) (*intakeOut, error) {
			id, err := intakeID(in.ID)
			if err != nil {
				return nil, err
			}
			found, err := s.Intakes.Get(ctx, rest.Scope(ctx), id)
			return &intakeOut{Status: http.StatusOK, Body: intakeOf(found, rest.Language(ctx))}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/intakes/{id}/rows", ID: "intake-rows", Tag: tag,
		Summary: "The report, row by row", Action: authz.IntakeRead, Shows: rest.Lined},
		func(ctx context.Context, in *rowsIn) (*rowsOut, error) { return listRows(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/intakes/{id}/report", ID: "intake-report", Tag: tag,
		Summary: "The list with the reasons beside each row, as a spreadsheet to be corrected and loaded again",
		Action:  authz.IntakeCreate,
		Work:    2 * time.Minute, Timeout: 5 * time.Minute, Shows: rest.Lined,
		Produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		func(ctx context.Context, in *intakeIn) (*huma.StreamResponse, error) {
			return intakeReport(ctx, e, s, in)
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/intakes/{id}/events", ID: "intake-events", Tag: tag,
		Summary: "Progress as server-sent events, until the list is checked, refused, applied or cancelled",
		Action:  authz.IntakeRead,
		Stream:  true, Timeout: eventsTime,
		Produces: "text/event-stream"}, func(ctx context.Context, in *intakeIn) (*huma.StreamResponse, error) {
		return intakeEvents(ctx, e, s, following, in)
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/intakes/{id}/application", ID: "intake-apply",
		Tag: tag, Summary: "Open the cases of the usable rows",
		Action: authz.IntakeApply, Status: http.StatusAccepted}, func(ctx context.Context, in *intakeIn) (*intakeOut, error) {
		id, err := intakeID(in.ID)
		if err != nil {
			return nil, err
		}
		started, err := s.Intakes.Apply(ctx, rest.Op(ctx), id)
		return &intakeOut{Status: http.StatusAccepted, Body: intakeOf(started, rest.Language(ctx))}, err
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/intakes/{id}/cancellation", ID: "intake-cancel",
		Tag: tag, Summary: "Stop a list; cases already opened stay",
		Action: authz.IntakeApply}, func(ctx context.Context, in *intakeIn) (*intakeOut, error) {
		id, err := intakeID(in.ID)
		if err != nil {
			return nil, err
		}
		stopped, err := s.Intakes.Cancel(ctx, rest.Op(ctx), id)
		return &intakeOut{Status: http.StatusOK, Body: intakeOf(stopped, rest.Language(ctx))}, err
	})
}

func upload(ctx context.Context, s Services, in *uploadIn) (*intakeOut, error) {
	form := in.RawBody.Data()
	file, err := io.ReadAll(io.LimitReader(form.File, maxUpload))
	if err != nil {
		return nil, fault.New(fault.Malformed, "input.malformed").At("file")
	}
	code, err := regionOf(s.Tree, form.EmployerRegion, "employer_region")
	if err != nil {
		return nil, err
	}
	var planned calendar.Date
	if form.PlannedOn != "" {
		if planned, err = calendar.ParseDate(form.PlannedOn); err != nil {
			return nil, at(err, "planned_on")
		}
	}
	var titles map[string]string
	if form.Titles != "" {
		if err := json.Unmarshal([]byte(form.Titles), &titles); err != nil {
			return nil, fault.New(fault.Malformed, "input.malformed").At("titles")
		}
	}
	stated := intake.Form{Titles: titles, EmployerName: form.EmployerName, EmployerNIB: form.EmployerNIB,
		EmployerRegion: code, Reference: form.Reference, Reason: form.Reason, PlannedOn: planned}
	op, err := rest.UploadOp(ctx, file, stated)
	if err != nil {
		return nil, err
	}
	kept, made, err := s.Intakes.Upload(ctx, op, form.File.Filename, file, stated)
	if err != nil {
		return nil, err
	}
	out := &intakeOut{Status: http.StatusAccepted, Location: "/v1/intakes/" + kept.ID.String(),
		Body: intakeOf(kept, rest.Language(ctx))}
	if !made {
		out.Status, out.Body.Repeated = http.StatusOK, true // the same file was here before
	}
	return out, nil
}

func listIntakes(ctx context.Context, e *rest.API, s Services, in *intakesIn) (*intakesOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	found, err := s.Intakes.List(ctx, rest.Scope(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(i intake.Intake) []byte { return i.ID[:] })
	out := &intakesOut{}
	out.Body.Items, out.Body.NextCursor = make([]Intake, len(found)), next
	for i, one := range found {
		out.Body.Items[i] = intakeOf(one, rest.Language(ctx))
	}
	return out, nil
}

func listRows(ctx context.Context, e *rest.API, s Services, in *rowsIn) (*rowsOut, error) {
	id, err := intakeID(in.ID)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := intake.RowFilter{Status: in.Status.Get(), Limit: in.Limit + 1}
	if at != nil {
		f.After = int(binary.BigEndian.Uint32(at))
	}
	found, err := s.Intakes.Rows(ctx, rest.Scope(ctx), id, f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found,
		func(r intake.Row) []byte { return binary.BigEndian.AppendUint32(nil, uint32(r.Key)) })
	out := &rowsOut{}
	out.Body.Items, out.Body.NextCursor = make([]IntakeRow, len(found)), next
	for i, r := range found {
		out.Body.Items[i] = intakeRowOf(r, rest.Language(ctx))
	}
	rest.ShowLines(ctx, len(found))
	return out, nil
}

func intakeID(text string) (uuid.UUID, error) {
	return parsedID(text, intake.NotFound())
}

func intakeOf(i intake.Intake, lang string) Intake {
	c, planned := i.Counts, ""
	if !i.Form.PlannedOn.IsZero() {
		planned = i.Form.PlannedOn.String()
	}
	out := Intake{ID: i.ID.String(), State: i.State, Refusal: i.Refusal.Code, Sheets: []ReadSheet{}, Notes: []Told{},
		Encoding: i.Reading.Encoding, Separator: i.Reading.Separator, FileName: i.FileName,
		Employer: i.Form.EmployerName, Region: string(i.Form.EmployerRegion), NIB: i.Form.EmployerNIB,
		Reference: i.Form.Reference, Reason: i.Form.Reason, PlannedOn: planned, Layoff: idText(i.Layoff),
		CreatedAt: i.CreatedAt,
		UpdatedAt: i.UpdatedAt, Rows: IntakeCounts{Total: c.Total, Valid: c.Valid, Warned: c.Warned,
			Refused: c.Refused, Skipped: c.Skipped, Done: c.Done, Opened: c.Opened, Known: c.Known, Before: i.Reading.Known}}
	if i.Refusal.Code != "" {
		why := toldOf(i.Refusal.Code, i.Refusal.Args, lang)
		out.Why = &why
	}
	for _, s := range i.Reading.Sheets {
		out.Sheets = append(out.Sheets, ReadSheet(s))
	}
	for _, n := range i.Reading.Notes {
		out.Notes = append(out.Notes, toldOf(n.Code, n.Args, lang))
	}
	return out
}

func toldOf(code string, args map[string]string, lang string) Told {
	return Told{Code: code, Text: wording.Message(lang, code, args), Args: args}
}

func intakeRowOf(r intake.Row, lang string) IntakeRow {
	out := IntakeRow{Row: r.Number, Sheet: r.Sheet, Status: r.Status, Name: r.Name, NIK: r.NIKMasked,
		Region: string(r.Regency), Result: r.Result, Reasons: make([]RowReason, len(r.Reasons))}
	for i, reason := range r.Reasons {
		out.Reasons[i] = RowReason{Code: string(reason.Code), Column: reason.Column.Letter, Header: reason.Column.Header,
			Warning: reason.Warning, Text: reason.Message(lang)}
	}
	if r.Case != (casework.ID{}) {
		out.Case = r.Case.String()
	}
	return out
}
