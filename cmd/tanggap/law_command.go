package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"text/tabwriter"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store/stores"
)

// lawCommand changes the law of a running server, with four eyes.
type lawCommand struct {
	Put      lawPut      `cmd:"" help:"Put in a file of the law; another officer must approve it."`
	List     lawList     `cmd:"" help:"List the files that were put in, and what runs out."`
	Show     lawShow     `cmd:"" help:"Show a file, and what it says otherwise than what holds now."`
	Approve  lawApprove  `cmd:"" help:"Let a file hold that another officer put in. Needs a session whose password was given just now."`
	Withdraw lawWithdraw `cmd:"" help:"Take back a file that does not hold yet, or one that no server can read any more."`
}

// lawRelease is what the server says of a file.
type lawRelease struct {
	ID, Programme, Name, State, Reason string
	Effective                          string `json:"effective_from"`
	Differences                        []struct{ Key, Before, After string }
}

func (r lawRelease) print() {
	fmt.Printf("%s\t%s %s\tfrom %s\t%s\t%s\n", r.ID, r.Programme, r.Name, r.Effective, r.State, r.Reason)
}

type lawPut struct {
	client
	File   string `arg:"" type:"existingfile" help:"A parameter file, a file of measures, or the whole list of holidays."`
	From   string `required:"" placeholder:"DATE" help:"First day on which something is otherwise than before."`
	Reason string `required:"" help:"Why, such as the decree."`
}

// Run puts the file in.
func (c *lawPut) Run(ctx context.Context) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	return c.change(ctx, "/v1/law", map[string]string{"content": string(text), "effective_from": c.From,
		"reason": c.Reason})
}

// change posts to the server and prints what it says of the file.
func (c *client) change(ctx context.Context, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	var r lawRelease
	if err := c.send(ctx, http.MethodPost, path, "application/json", bytes.NewReader(text), &r); err != nil {
		return err
	}
	r.print()
	return nil
}

type lawList struct{ client }

// Run lists.
func (c *lawList) Run(ctx context.Context) error {
	var list struct {
		Items  []lawRelease
		Ending []struct {
			What   string
			EndsOn string `json:"ends_on"`
		}
	}
	if err := c.send(ctx, http.MethodGet, "/v1/law", "", nil, &list); err != nil {
		return err
	}
	for _, r := range list.Items {
		r.print()
	}
	for _, x := range list.Ending {
		fmt.Printf("warning: %s runs out on %s\n", x.What, x.EndsOn)
	}
	return nil
}

type lawShow struct {
	client
	ID string `arg:"" help:"Id of the file."`
}

// Run shows.
func (c *lawShow) Run(ctx context.Context) error {
	var r lawRelease
	if err := c.send(ctx, http.MethodGet, "/v1/law/"+url.PathEscape(c.ID), "", nil, &r); err != nil {
		return err
	}
	r.print()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range r.Differences {
		_, _ = fmt.Fprintf(out, "%s\t%s\t->\t%s\n", d.Key, d.Before, d.After)
	}
	return out.Flush()
}

type lawApprove struct {
	client
	ID string `arg:"" help:"Id of the file."`
}

// Run approves.
func (c *lawApprove) Run(ctx context.Context) error {
	var r lawRelease
	if err := c.send(ctx, http.MethodPost, "/v1/law/"+url.PathEscape(c.ID)+"/approval", "", nil, &r); err != nil {
		return err
	}
	r.print()
	return nil
}

type lawWithdraw struct {
	client
	database
	ID         string `arg:"" help:"Id of the file."`
	Reason     string `required:"" help:"Why."`
	Unreadable bool   `help:"Work on the database itself, when no server starts because the file cannot be read any more; the flags below say which database."`
}

// Run withdraws.
func (c *lawWithdraw) Run(ctx context.Context) error {
	if c.Unreadable {
		return c.mend(ctx)
	}
	return c.change(ctx, "/v1/law/"+url.PathEscape(c.ID)+"/withdrawal", map[string]string{"reason": c.Reason})
}

// mend takes the file back without a server.
func (c *lawWithdraw) mend(ctx context.Context) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return fmt.Errorf("%s is not the id of a file", c.ID)
	}
	l, err := loadLaws()
	if err != nil {
		return err
	}
	return c.stored(ctx, l, func(s *stores.Stores) error {
		r, err := lawbook.Mend(ctx, s.Laws, l.base, id, c.Reason)
		if err != nil {
			return errors.New(told(err, c.Lang))
		}
		lawRelease{ID: r.ID.String(), Programme: r.Programme, Name: r.Name, State: string(r.State), Reason: r.Reason,
			Effective: r.Effective.String()}.print()
		return nil
	})
}
