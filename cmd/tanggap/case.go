package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/tanggap/tanggap/pkg/client"
	"github.com/tanggap/tanggap/pkg/wording"
)

// caseCommand looks at cases on a running server.
type caseCommand struct {
	List caseList `cmd:"" help:"List cases, newest first or in the order asked for."`
	Show caseShow `cmd:"" help:"Show one case: the worker, where it stands, and its history. That it was read is on record."`
}

type caseList struct {
	remote
	Stage   string `help:"In these stages, with commas between them."`
	Region  string `help:"Of this regency or province."`
	Officer string `placeholder:"ID" help:"Of this officer; me, none or absent."`
	Due     string `help:"By the next day: overdue, today, week, later or none, with commas between them."`
	Sort    string `help:"newest, due, updated, name or opened."`
	Limit   int64  `default:"50" help:"So many rows, 200 at most."`
}

// Run lists one page, and says when there is more.
func (c *caseList) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	params := &client.CaseListParams{Limit: &c.Limit, Region: said(c.Region), Officer: said(c.Officer),
		Stage: several[client.CaseListParamsStage](c.Stage), Due: several[client.CaseListParamsDue](c.Due),
		Sort: said(client.CaseListParamsSort(c.Sort))}
	page, err := read[client.RowPage](&c.remote)(api.CaseList(ctx, params))
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range page.Items {
		due := ""
		if r.DueOn != nil {
			due = r.DueOn.String()
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Id, r.Name, r.Nik, r.Region,
			wording.LabelIn(c.Lang, "casework.stage", string(r.Stage)), due)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if page.NextCursor != nil {
		fmt.Println(c.say("cli.more_cases"))
	}
	return nil
}

type caseShow struct {
	remote
	ID string `arg:"" help:"Id of the case."`
}

// Run shows.
func (c *caseShow) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	f, err := read[client.FileBody](&c.remote)(api.CaseGet(ctx, c.ID, nil))
	if err != nil {
		return err
	}
	fmt.Printf("%s  %s  %s\n", f.Id, f.Worker.Name, f.Worker.Nik)
	fmt.Println(c.say("cli.case", "stage", wording.LabelIn(c.Lang, "casework.stage", string(f.Stage)), "region", f.Region,
		"version", f.Version, "claim", wording.LabelIn(c.Lang, "casework.claim_state", f.Claim)))
	history, err := read[client.HistoryOutBody](&c.remote)(api.CaseHistory(ctx, c.ID, nil))
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, e := range history.Items {
		_, _ = fmt.Fprintf(out, "%d\t%s\t%s\n", e.Seq, e.OccurredOn, e.Text)
	}
	return out.Flush()
}

// said is a parameter that was given; nil for the empty one.
func said[T ~string](value T) *T {
	if value == "" {
		return nil
	}
	return &value
}

// several are the values of a parameter with commas between them.
func several[T ~string](text string) *[]T {
	if text == "" {
		return nil
	}
	var list []T
	for value := range strings.SplitSeq(text, ",") {
		list = append(list, T(value))
	}
	return &list
}
