package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

// officerCommand works on the database itself: it is for whoever runs the server, when nobody can sign in.
type officerCommand struct {
	Add      officerAdd      `cmd:"" help:"Add an officer with one role, and print the code for tanggap set-password."`
	Password officerPassword `cmd:"" help:"Set a new generated password and end all sessions."`
}

type officerAdd struct {
	database
	Email  string `arg:"" help:"E-mail address to sign in with."`
	Name   string `required:"" help:"Full name."`
	Role   string `required:"" help:"One of ${roles}."`
	Region string `help:"Region code of the office and the role: empty for the nation, 2 digits a province, 4 a regency."`
}

// Run adds the officer. The code alone goes to standard output.
func (c *officerAdd) Run(ctx context.Context) error {
	role := authz.Role(c.Role)
	if !slices.Contains(authz.Roles(), role) {
		return fmt.Errorf("%q is not a role; the roles are: %s", c.Role, roleNames())
	}
	return c.with(ctx, func(a *app) error {
		code, err := region.Parse(c.Region)
		if _, known := a.services.Tree.Get(code); err != nil || !known && code != "" {
			return fmt.Errorf("%q is not a region code", c.Region)
		}
		setup, err := invite(
			ctx,
			a,
			officer.Officer{Email: c.Email, Name: c.Name, Office: code},
			officer.Grant{Role: role, Region: code, From: a.services.Cases.Today(code)},
		)
		if err != nil {
			return err
		}
		fmt.Println(setup)
		fmt.Fprintf(
			os.Stderr,
			"This code sets the password, once, within 72 hours, when the server runs: tanggap set-password %s\n",
			strings.ToLower(c.Email),
		)
		return nil
	})
}

func roleNames() string { return codelist.Join(authz.Roles()) }

// invite adds an officer with one role, on nobody's behalf, and gives the code that sets the password.
func invite(ctx context.Context, a *app, o officer.Officer, g officer.Grant) (string, error) {
	o, err := officer.Checked(o)
	switch fault.CodeOf(err) {
	case "officer.email_invalid":
		return "", fmt.Errorf("%q is not an e-mail address, such as name@agency.go.id", o.Email)
	case "officer.name_missing":
		return "", errors.New("a name is required, 200 characters at most")
	}
	op := authz.Op{Scope: authz.Everywhere()}
	code, key := officer.NewSetupKey(a.clock.Now(), a.measures)
	made, _, err := a.store.Invite(ctx, op, o, key)
	if fault.CodeOf(err) == "officer.email_taken" {
		return "", fmt.Errorf(
			"there is an officer with the address %s already; a new password: tanggap officer password %s",
			o.Email,
			o.Email,
		)
	}
	if fault.CodeOf(err) == "officer.email_of_deactivated" {
		return "", fmt.Errorf("the address %s is of an officer who was deactivated: an administrator reactivates them, "+
			"or changes their address", o.Email)
	}
	if err != nil {
		return "", err
	}
	_, err = a.store.GrantRole(ctx, op, made.ID, g)
	return code, err
}

type officerPassword struct {
	database
	Email string `arg:"" help:"Whose password."`
}

// Run sets the password.
func (c *officerPassword) Run(ctx context.Context) error {
	return c.with(ctx, func(a *app) error {
		known, err := a.store.Credential(ctx, strings.ToLower(c.Email), "")
		if err != nil {
			return err
		}
		if known.Officer == (authz.OfficerID{}) {
			return errors.New("there is no officer with that address")
		}
		if !known.Active {
			return errors.New("this officer is deactivated: a password would be of no use")
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
