package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/term"
)

// client calls a running server.
type client struct {
	Server string `env:"TANGGAP_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL" help:"The server to call."`
	Token  string `env:"TOKEN" placeholder:"TOKEN" help:"Session token, as tanggap sign-in prints it."`
	Lang   string `env:"TANGGAP_LANG" default:"id" enum:"id,en" help:"Language of messages (${enum})."`
}

// send makes one request; out may be nil. A refusal comes back as its own text.
func (c *client) send(ctx context.Context, method, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(c.Server, "/")+path, body)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept-Language", c.Lang)
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("call the server (is it running? `make run`): %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusBadRequest {
		return refusal(resp)
	}
	if w, ok := out.(io.Writer); ok {
		_, err = io.CopyBuffer(struct{ io.Writer }{w}, resp.Body, make([]byte, 256<<10))
	} else if out != nil {
		err = json.NewDecoder(resp.Body).Decode(out)
	}
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

func refusal(resp *http.Response) error {
	var p struct {
		Code, Detail string
		Errors       []struct{ Field, Detail string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || p.Code == "" {
		return fmt.Errorf("the server answered %s", resp.Status)
	}
	text := p.Detail
	for _, e := range p.Errors {
		if e.Detail != p.Detail {
			text += fmt.Sprintf("\n  %s: %s", e.Field, e.Detail)
		}
	}
	return fmt.Errorf("%s (%s)", text, p.Code)
}

type intakeCommand struct {
	client
	File      string `arg:"" type:"existingfile" help:"The list, .xlsx or .csv."`
	Employer  string `required:"" help:"Name of the employer."`
	Region    string `required:"" help:"Regency code of the employer's site."`
	NIB       string `name:"nib" help:"Nomor Induk Berusaha of the employer."`
	Reference string `help:"Number of the employer's letter."`
	Reason    string `help:"Reason code of PP 35/2021, such as EFFICIENCY_LOSS."`
	Apply     bool   `help:"Open the cases of the usable rows; without it the list is only checked."`
	Report    string `placeholder:"FILE" help:"Save the list with the reasons beside each row as a spreadsheet, to be corrected and loaded again."`
}

// intakeAnswer is what the server says of an intake.
type intakeAnswer struct {
	ID, State, Refusal string
	Rows               struct{ Total, Valid, Warned, Refused, Skipped, Done, Opened, Known int }
}

// Run uploads, waits for the check, prints what was found, and applies when asked to.
func (c *intakeCommand) Run(ctx context.Context) error {
	body, contentType, err := c.form()
	if err != nil {
		return err
	}
	var in intakeAnswer
	if err := c.send(ctx, http.MethodPost, "/v1/intakes", contentType, body, &in); err != nil {
		return err
	}
	if err := c.wait(ctx, &in, "checking"); err != nil {
		return err
	}
	switch in.State {
	case "refused":
		return fmt.Errorf("the file cannot be read: %s", in.Refusal)
	case "failed":
		return in.failed()
	}
	fmt.Printf("intake %s: %d rows: %d usable, %d usable with warnings, %d refused, %d skipped\n", in.ID, in.Rows.Total,
		in.Rows.Valid, in.Rows.Warned, in.Rows.Refused, in.Rows.Skipped)
	if err := c.printRefused(ctx, in.ID); err != nil {
		return err
	}
	if err := c.saveReport(ctx, in.ID); err != nil {
		return err
	}
	if c.Apply && in.State == "checked" {
		if err := c.send(ctx, http.MethodPost, "/v1/intakes/"+in.ID+"/application", "", nil, &in); err != nil {
			return err
		}
		if err := c.wait(ctx, &in, "applying"); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d cases opened, %d workers had an open case already\n", in.State, in.Rows.Opened, in.Rows.Known)
	if in.State == "failed" {
		return in.failed()
	}
	return nil
}

// failed is the error of a list whose work has ended before its last row; what was opened stays, and it can be gone on
// with.
func (in *intakeAnswer) failed() error {
	return fmt.Errorf("the work on list %s failed: %s", in.ID, in.Refusal)
}

func (c *intakeCommand) form() (io.Reader, string, error) {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return nil, "", fmt.Errorf("read the list: %w", err)
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
		return nil, "", fmt.Errorf("make upload: %w", err)
	}
	_, _ = part.Write(file)
	return &body, w.FormDataContentType(), w.Close()
}

// saveReport keeps the report for its owner only: it holds the workers' full data.
func (c *intakeCommand) saveReport(ctx context.Context, id string) error {
	if c.Report == "" {
		return nil
	}
	var book bytes.Buffer
	if err := c.send(ctx, http.MethodGet, "/v1/intakes/"+id+"/report", "", nil, &book); err != nil {
		return err
	}
	if err := os.WriteFile(c.Report, book.Bytes(), 0o600); err != nil {
		return fmt.Errorf("save report: %w", err)
	}
	fmt.Println("report:", c.Report)
	return nil
}

// wait follows an intake while it is in a state, and shows how far it is when somebody looks on.
func (c *intakeCommand) wait(ctx context.Context, in *intakeAnswer, state string) error {
	for in.State == state {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		if err := c.send(ctx, http.MethodGet, "/v1/intakes/"+in.ID, "", nil, in); err != nil {
			return err
		}
		if term.IsTerminal(int(os.Stderr.Fd())) {
			fmt.Fprintf(os.Stderr, "\r%s %d/%d ", in.State, in.Rows.Done, in.Rows.Valid+in.Rows.Warned)
		}
	}
	return nil
}

func (c *intakeCommand) printRefused(ctx context.Context, id string) error {
	for _, status := range []string{"reject", "valid_warning"} {
		var rows struct {
			Items []struct {
				Row     int
				Reasons []struct{ Code, Column, Text string }
			}
		}
		if err := c.send(ctx, http.MethodGet, "/v1/intakes/"+id+"/rows?limit=200&status="+status, "", nil,
			&rows); err != nil {
			return err
		}
		for _, r := range rows.Items {
			for _, reason := range r.Reasons {
				fmt.Printf("  row %d %s %s: %s\n", r.Row, reason.Column, reason.Code, reason.Text)
			}
		}
	}
	return nil
}
