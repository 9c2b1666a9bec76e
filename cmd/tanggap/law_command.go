package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"text/tabwriter"

	"github.com/google/uuid"
	types "github.com/oapi-codegen/runtime/types"

	"github.com/tanggap/tanggap/pkg/client"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/wording"
)

// lawCommand changes the law of a running server, with four eyes.
type lawCommand struct {
	Put      lawPut      `cmd:"" help:"Put in a file of the law; another officer must approve it."`
	List     lawList     `cmd:"" help:"List the files that were put in, and what runs out."`
	Show     lawShow     `cmd:"" help:"Show a file, and what it says otherwise than what holds now."`
	Approve  lawApprove  `cmd:"" help:"Let a file hold that another officer put in. Needs a session whose password was given just now."`
	Withdraw lawWithdraw `cmd:"" help:"Take back a file that does not hold yet, or one that no server can read any more."`
}

func (r *remote) printLaw(l client.LawRelease) {
	fmt.Println(r.say("cli.law", "id", l.Id, "programme", l.Programme, "name", l.Name, "from", l.EffectiveFrom, "state",
		wording.LabelIn(r.Lang, "lawbook.state", string(l.State)), "reason", l.Reason))
}

type lawPut struct {
	remote
	File   string `arg:"" type:"existingfile" help:"A parameter file, a file of measures, or the whole list of holidays."`
	From   string `required:"" placeholder:"DATE" help:"First day on which something is otherwise than before."`
	Reason string `required:"" help:"Why, such as the decree."`
}

// Run puts the file in.
func (c *lawPut) Run(ctx context.Context) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf(spoken("read the file: %w"), err)
	}
	body, err := as[client.LawInBody](map[string]string{"content": string(text), "effective_from": c.From,
		"reason": c.Reason})
	if err != nil {
		return err
	}
	api, err := c.api()
	if err != nil {
		return err
	}
	return c.showLaw(api.LawPropose(ctx, &client.LawProposeParams{IdempotencyKey: key()}, body))
}

// showLaw prints what the server says of a file.
func (r *remote) showLaw(answer *http.Response, err error) error {
	l, err := read[client.LawRelease](r)(answer, err)
	if err == nil {
		r.printLaw(l)
	}
	return err
}

type lawList struct{ remote }

// Run lists.
func (c *lawList) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	list, err := read[client.LawListOutBody](&c.remote)(api.LawList(ctx, nil))
	if err != nil {
		return err
	}
	for _, l := range list.Items {
		c.printLaw(l)
	}
	for _, x := range list.Ending {
		fmt.Println(c.say("cli.law_ends", "what", x.What, "on", x.EndsOn))
	}
	return nil
}

type lawShow struct {
	remote
	ID string `arg:"" help:"Id of the file."`
}

// Run shows.
func (c *lawShow) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	l, err := read[client.LawRelease](&c.remote)(api.LawGet(ctx, c.ID, nil))
	if err != nil {
		return err
	}
	c.printLaw(l)
	if l.Differences == nil {
		return nil
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range *l.Differences {
		_, _ = fmt.Fprintf(out, "%s\t%s\t->\t%s\n", d.Key, textOf(d.Before), textOf(d.After))
	}
	return out.Flush()
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

type lawApprove struct {
	remote
	ID string `arg:"" help:"Id of the file."`
}

// Run approves.
func (c *lawApprove) Run(ctx context.Context) error {
	api, err := c.api()
	if err != nil {
		return err
	}
	return c.showLaw(api.LawApprove(ctx, c.ID, &client.LawApproveParams{IdempotencyKey: key()}))
}

type lawWithdraw struct {
	remote
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
	api, err := c.api()
	if err != nil {
		return err
	}
	return c.showLaw(api.LawWithdraw(ctx, c.ID, &client.LawWithdrawParams{IdempotencyKey: key()},
		client.LawWithdrawInBody{Reason: c.Reason}))
}

// mend takes the file back without a server.
func (c *lawWithdraw) mend(ctx context.Context) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return fmt.Errorf(spoken("%s is not the id of a file"), c.ID)
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
		c.printLaw(client.LawRelease{Id: r.ID, Programme: r.Programme, Name: r.Name, Reason: r.Reason,
			State: client.LawReleaseState(r.State), EffectiveFrom: types.Date{Time: r.Effective.Time()}})
		return nil
	})
}
