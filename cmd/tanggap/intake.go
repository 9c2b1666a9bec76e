package main

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/client"
)

type intakeCommand struct {
	remote
	File      string `arg:"" type:"existingfile" help:"The list, .xlsx or .csv."`
	Employer  string `required:"" help:"Name of the employer."`
	Region    string `required:"" help:"Regency code of the employer's site."`
	NIB       string `name:"nib" help:"Nomor Induk Berusaha of the employer."`
	Reference string `help:"Number of the employer's letter."`
	Reason    string `help:"Reason code of PP 35/2021, such as EFFICIENCY_LOSS."`
	Apply     bool   `help:"Open the cases of the usable rows; without it the list is only checked."`
	Report    string `placeholder:"FILE" help:"Save the list with the reasons beside each row as a spreadsheet, to be corrected and loaded again."`
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
	id := in.Id.String()
	if in.State == "refused" {
		return c.wrong("cli.list_unreadable", "reason", reasonOf(in))
	}
	fmt.Println(c.say("cli.list_checked_rows", "id", id, "total", in.Rows.Total, "valid", in.Rows.Valid, "warned",
		in.Rows.Warned, "refused", in.Rows.Refused, "skipped", in.Rows.Skipped))
	if err := c.printRefused(ctx, api, id); err != nil {
		return err
	}
	if err := c.saveReport(ctx, api, id); err != nil {
		return err
	}
	if c.Apply && in.State == "checked" {
		in, err = read[client.Intake](&c.remote)(api.IntakeApply(ctx, id, &client.IntakeApplyParams{IdempotencyKey: key()}))
		if err == nil {
			in, err = c.settled(ctx, api, in, "applying")
		}
		if err != nil {
			return err
		}
	}
	fmt.Println(c.say("cli.list_"+string(in.State), "opened", in.Rows.Opened, "known", in.Rows.Known))
	return nil
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
	if in.Refusal == nil {
		return ""
	}
	return *in.Refusal
}

func (c *intakeCommand) form() (*bytes.Buffer, string, error) {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return nil, "", fmt.Errorf(spoken("read the list: %w"), err)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range map[string]string{"employer_name": c.Employer, "employer_region": c.Region,
		"employer_nib": c.NIB, "reference": c.Reference, "reason": c.Reason} {
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

func (c *intakeCommand) printRefused(ctx context.Context, api *client.Client, id string) error {
	most := int64(200)
	for _, status := range []client.IntakeRowsParamsStatus{"reject", "valid_warning"} {
		rows, err := read[client.RowsOutBody](&c.remote)(api.IntakeRows(ctx, id,
			&client.IntakeRowsParams{Limit: &most, Status: &status}))
		if err != nil {
			return err
		}
		for _, r := range rows.Items {
			for _, reason := range r.Reasons {
				column := ""
				if reason.Column != nil {
					column = *reason.Column
				}
				fmt.Println(c.say("cli.row", "row", r.Row, "column", column, "code", reason.Code, "text", reason.Text))
			}
		}
		if rows.NextCursor != nil {
			fmt.Println(c.say("cli.more_rows"))
		}
	}
	return nil
}
