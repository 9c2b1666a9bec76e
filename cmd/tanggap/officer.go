package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

// officerCommand works on the database itself: it is for whoever runs the server, when nobody can sign in.
type officerCommand struct {
	Add      officerAdd      `cmd:"" help:"Add an officer with one role, and print the generated password."`
	Password officerPassword `cmd:"" help:"Set a new generated password and end all sessions."`
}

type officerAdd struct {
	database
	Email  string `arg:"" help:"E-mail address to sign in with."`
	Name   string `required:"" help:"Full name."`
	Role   string `required:"" enum:"administrator,supervisor,case_worker,mediator,analyst,auditor,service" help:"One of ${enum}."`
	Region string `help:"Region code of the office and the role: empty for the nation, 2 digits a province, 4 a regency."`
}

// Run adds the officer.
func (c *officerAdd) Run(ctx context.Context) error {
	return c.with(ctx, func(a *app) error {
		code, err := region.Parse(c.Region)
		if _, known := a.services.Tree.Get(code); err != nil || !known && code != "" {
			return fmt.Errorf("%q is not a region code", c.Region)
		}
		secret := password.Generate()
		if err := addOfficer(ctx, a, demoOfficer{c.Email, c.Name, code, code, authz.Role(c.Role)}, secret); err != nil {
			return err
		}
		fmt.Println(secret)
		return nil
	})
}

type officerPassword struct {
	database
	Email string `arg:"" help:"Whose password."`
}

// Run sets the password.
func (c *officerPassword) Run(ctx context.Context) error {
	return c.with(ctx, func(a *app) error {
		known, err := a.store.Credential(ctx, c.Email)
		if err != nil {
			return err
		}
		if known.Officer == (authz.OfficerID{}) {
			return errors.New("there is no officer with that address")
		}
		secret := password.Generate()
		hash, err := password.Hash(ctx, secret)
		if err != nil {
			return err
		}
		if err := a.store.ChangePassword(ctx, known.Officer, hash); err != nil {
			return err
		}
		fmt.Println(secret)
		return nil
	})
}

// with runs fn on the wired program.
func (d *database) with(ctx context.Context, fn func(*app) error) error {
	if err := d.begin(false, false); err != nil {
		return err
	}
	r, err := d.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	a, err := open(ctx, r, 4, slog.New(slog.DiscardHandler))
	if err != nil {
		return d.advise(err)
	}
	defer a.store.Close()
	return fn(a)
}
