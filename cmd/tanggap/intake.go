package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/client"
)

type intakeCommand struct {
	remote
	File      string            `arg:"" type:"existingfile" help:"The list, .xlsx or .csv."`
	Employer  string            `required:"" help:"Name of the employer."`
	Region    string            `required:"" help:"Regency code of the employer's site."`
	NIB       string            `name:"nib" help:"Nomor Induk Berusaha of the employer."`
	Reference string            `help:"Number of the employer's letter."`
	Reason    string            `help:"Reason code of PP 35/2021, such as EFFICIENCY_LOSS."`
	Title     map[string]string `placeholder:"TITLE=FIELD" help:"What a column of the list is, such as \"Tgl Henti=termination_date\"; nothing behind = for none."`
	Apply     bool              `help:"Open the cases of the usable rows; without it the list is only checked."`
	Report    string            `placeholder:"FILE" help:"Save the list with the reasons beside each row as a spreadsheet, to be corrected and loaded again."`
}

// Run uploads, waits for the check, prints what was found, and applies when asked to.
func (c *intakeCommand) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	body, contentType, err := c.form()
	if err != nil {
		return err
	}
	in, err := read[client.Intake](&c.remote)(api.IntakeCreateWithBody(ctx,
		&client.IntakeCreateParams{IdempotencyKey: key()}, contentType, body))
	if err == nil {
		in, err = c.settled(ctx, api, in, "checking")
	}
	if err != nil {
		return err
	}
	if in.State == "refused" {
		return c.wrong("cli.list_unreadable", "reason", reasonOf(in))
	}
	c.printReading(in)
	if err := c.printRefused(ctx, api, in); err != nil {
		return err
	}
	repeated := in.State == "applied"
	if c.Apply {
		if in, err = c.apply(ctx, api, in); err != nil {
			return err
		}
	}
	if err := c.saveReport(ctx, api, in.Id.String()); err != nil {
		return err
	}
	c.printEnd(in, repeated)
	return nil
}

// apply opens the cases and waits until the last is open, also when somebody else has begun it.
func (c *intakeCommand) apply(ctx context.Context, api *client.Client, in client.Intake) (client.Intake, error) {
	err := error(nil)
	if in.State == "checked" {
		in, err = read[client.Intake](&c.remote)(api.IntakeApply(ctx, in.Id.String(),
			&client.IntakeApplyParams{IdempotencyKey: key()}))
	}
	if err != nil {
		return in, err
	}
	return c.settled(ctx, api, in, "applying")
}

// printReading tells what was read, and all that was not used.
func (c *intakeCommand) printReading(in client.Intake) {
	fmt.Println(c.say("cli.list_checked_rows", "id", in.Id, "total", in.Rows.Total, "valid", in.Rows.Valid, "warned",
		in.Rows.Warned, "refused", in.Rows.Refused, "skipped", in.Rows.Skipped))
	for _, s := range in.Sheets {
		name := "CSV"
		if s.Name != nil {
			name = *s.Name
		}
		fmt.Println(c.say("cli.list_sheet", "sheet", name, "header", s.Header, "workers", s.Workers))
	}
	for _, n := range in.Notes {
		fmt.Println(c.say("cli.list_note", "text", n.Text))
	}
}

// printEnd says what became of the list, or what would; of one that was applied before that nothing was done again.
func (c *intakeCommand) printEnd(in client.Intake, repeated bool) {
	if repeated {
		fmt.Println(c.say("cli.list_repeated", "id", in.Id, "at", in.CreatedAt.Format("2006-01-02 15:04 MST")))
	}
	opened, known := in.Rows.Opened, in.Rows.Known
	if in.State == "checked" {
		opened, known = in.Rows.Valid+in.Rows.Warned-in.Rows.Before, in.Rows.Before
	}
	fmt.Println(c.say("cli.list_"+string(in.State), "opened", opened, "known", known))
}

// settled follows an intake while it is in a state, and shows how far it is when somebody looks on. Work that has ended
// before the last row is an error; what was opened stays, and it can be gone on with.
func (c *intakeCommand) settled(ctx context.Context, api *client.Client, in client.Intake,
	state client.IntakeState) (client.Intake, error) {
	err := error(nil)
	if in.State == state {
		err = following(ctx, 200*time.Millisecond, func() (bool, error) {
			now, err := read[client.Intake](&c.remote)(api.IntakeGet(ctx, in.Id.String(), nil))
			if err != nil {
				return false, err
			}
			in = now
			if term.IsTerminal(int(os.Stderr.Fd())) {
				fmt.Fprintf(os.Stderr, "\r%s %d/%d ", in.State, in.Rows.Done, in.Rows.Valid+in.Rows.Warned)
			}
			return in.State == state, nil
		})
	}
	if err == nil && in.State == "failed" {
		err = c.wrong("cli.list_failed", "id", in.Id, "reason", reasonOf(in))
	}
	return in, err
}

// reasonOf is why a list was refused, or why its work failed.
func reasonOf(in client.Intake) string {
	if in.Why == nil {
		return ""
	}
	return in.Why.Text
}

func (c *intakeCommand) form() (*bytes.Buffer, string, error) {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return nil, "", fmt.Errorf(spoken("read the list: %w"), err)
	}
	titles := []byte(nil)
	if len(c.Title) > 0 {
		if titles, err = json.Marshal(c.Title); err != nil {
			return nil, "", fmt.Errorf(spoken("encode titles: %w"), err)
		}
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range map[string]string{"employer_name": c.Employer, "employer_region": c.Region,
		"employer_nib": c.NIB, "reference": c.Reference, "reason": c.Reason,
		"titles": string(titles)} {
		if value != "" {
			_ = w.WriteField(name, value) // into memory
		}
	}
	part, err := w.CreateFormFile("file", filepath.Base(c.File))
	if err != nil {
		return nil, "", fmt.Errorf(spoken("make upload: %w"), err)
	}
	_, _ = part.Write(file)
	return &body, w.FormDataContentType(), w.Close()
}

// saveReport keeps the report for its owner only: it holds the workers' full data.
func (c *intakeCommand) saveReport(ctx context.Context, api *client.Client, id string) error {
	if c.Report == "" {
		return nil
	}
	var book bytes.Buffer
	if err := c.save(&book)(api.IntakeReport(ctx, id, nil)); err != nil {
		return err
	}
	if err := os.WriteFile(c.Report, book.Bytes(), 0o600); err != nil {
		return fmt.Errorf(spoken("save report: %w"), err)
	}
	fmt.Println(c.say("cli.report", "file", c.Report))
	return nil
}

// printRefused prints every reason of every row that is refused or is to be looked at.
func (c *intakeCommand) printRefused(ctx context.Context, api *client.Client, in client.Intake) error {
	most := int64(200)
	for _, status := range []client.IntakeRowsParamsStatus{"reject", "valid_warning"} {
		for cursor := (*string)(nil); ; {
			rows, err := read[client.RowsOutBody](&c.remote)(api.IntakeRows(ctx, in.Id.String(),
				&client.IntakeRowsParams{Limit: &most, Status: &status, Cursor: cursor}))
			if err != nil {
				return err
			}
			for _, r := range rows.Items {
				c.printRow(r, len(in.Sheets) > 1)
			}
			if cursor = rows.NextCursor; cursor == nil {
				break
			}
		}
	}
	return nil
}

// printRow prints the reasons of a row; of several sheets its place is written as a spreadsheet program does.
func (c *intakeCommand) printRow(r client.IntakeRow, several bool) {
	place := strconv.FormatInt(r.Row, 10)
	if several && r.Sheet != nil {
		place = "'" + *r.Sheet + "'!" + place
	}
	for _, reason := range r.Reasons {
		column := ""
		if reason.Column != nil {
			column = *reason.Column
		}
		fmt.Println(c.say("cli.row", "row", place, "column", column, "code", reason.Code, "text", reason.Text))
	}
}
