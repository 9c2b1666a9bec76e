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
	"github.com/tanggap/tanggap/pkg/region"
)

// officerCommand works on the database itself: it is for whoever runs the server, when nobody can sign in.
type officerCommand struct {
	Add      officerAdd      `cmd:"" help:"Add an officer with one role, and print the code for tanggap set-password."`
	Password officerPassword `cmd:"" help:"Take the password away, end all sessions, and print the code for tanggap set-password."`
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
		return fmt.Errorf(spoken("%q is not a role; the roles are: %s"), c.Role, roleNames())
	}
	return c.with(ctx, func(a *app) error {
		code, err := region.Parse(c.Region)
		if _, known := a.services.Tree.Get(code); err != nil || !known && code != "" {
			return fmt.Errorf(spoken("%q is not a region code"), c.Region)
		}
		setup, key, err := invite(
			ctx,
			a,
			officer.Officer{Email: c.Email, Name: c.Name, Office: code},
			officer.Grant{Role: role, Region: code, From: a.services.Cases.Today(code)},
		)
		if err != nil {
			return err
		}
		tellCode(setup, key, c.Email)
		return nil
	})
}

func roleNames() string { return codelist.Join(authz.Roles()) }

// invite adds an officer with one role, on nobody's behalf, and gives the code that sets the password.
func invite(ctx context.Context, a *app, o officer.Officer, g officer.Grant) (string, officer.SetupKey, error) {
	code, key := officer.NewSetupKey(a.clock.Now(), a.measures)
	o, err := officer.Checked(o)
	switch fault.CodeOf(err) {
	case "officer.email_invalid":
		return "", key, fmt.Errorf(spoken("%q is not an e-mail address, such as name@agency.go.id"), o.Email)
	case "officer.name_missing":
		return "", key, errors.New(spoken("a name is required, 200 characters at most"))
	}
	op := authz.Op{Scope: authz.Everywhere()}
	made, _, err := a.store.Invite(ctx, op, o, key)
	if fault.CodeOf(err) == "officer.email_taken" {
		return "", key, fmt.Errorf(
			spoken("there is an officer with the address %s already; a new password: tanggap officer password %s"),
			o.Email,
			o.Email,
		)
	}
	if fault.CodeOf(err) == "officer.email_of_deactivated" {
		return "", key, fmt.Errorf(spoken("the address %s is of an officer who was deactivated: an administrator "+
			"reactivates them, or changes their address"), o.Email)
	}
	if err != nil {
		return "", key, err
	}
	_, err = a.store.GrantRole(ctx, op, made.ID, g)
	return code, key, err
}

type officerPassword struct {
	database
	Email string `arg:"" help:"Whose password."`
}

// Run takes the password away and gives a code in its place: whoever runs the server cannot act as the officer without
// that the officer notices.
func (c *officerPassword) Run(ctx context.Context) error {
	return c.with(ctx, func(a *app) error {
		known, err := a.store.Credential(ctx, strings.ToLower(c.Email), "")
		if err != nil {
			return err
		}
		if known.Officer == (authz.OfficerID{}) {
			return errors.New(spoken("there is no officer with that address"))
		}
		if !known.Active {
			return errors.New(spoken("this officer is deactivated: a password would be of no use"))
		}
		code, key := officer.NewSetupKey(a.clock.Now(), a.measures)
		if err := a.store.Readmit(ctx, authz.Op{Scope: authz.Everywhere()}, known.Officer, key); err != nil {
			return err
		}
		tellCode(code, key, c.Email)
		return nil
	})
}

// tellCode prints a code, alone on the standard output, and beside it what it is for.
func tellCode(code string, key officer.SetupKey, email string) {
	fmt.Println(code)
	fmt.Fprintf(os.Stderr,
		spoken("This code sets the password, once, within %s, when the server runs: tanggap set-password %s\n"),
		strings.TrimSuffix(key.ExpiresAt.Sub(key.IssuedAt).String(), "0m0s"), strings.ToLower(email))
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
