package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/tanggap/tanggap/pkg/client"
)

type signInCommand struct {
	remote
	Email    string `arg:"" help:"E-mail address."`
	Password string `env:"TANGGAP_PASSWORD" placeholder:"PASSWORD" help:"Password; asked for when it is not given."`
}

// Run prints the token, and nothing else, on standard output.
func (c *signInCommand) Run(ctx context.Context) error {
	secret, err := c.ask(c.Password, "cli.ask_password", "TANGGAP_PASSWORD")
	if err != nil {
		return err
	}
	api, err := c.api()
	if err != nil {
		return err
	}
	session, err := read[client.Session](&c.remote)(api.SessionStart(ctx, nil,
		client.SignInInBody{Email: c.Email, Password: secret}))
	if err != nil {
		return err
	}
	fmt.Println(textOf(session.Token))
	return nil
}

type setPasswordCommand struct {
	remote
	Email    string `arg:"" help:"E-mail address."`
	Code     string `env:"TANGGAP_CODE" placeholder:"CODE" help:"The one-time code; asked for when it is not given."`
	Password string `env:"TANGGAP_PASSWORD" placeholder:"PASSWORD" help:"The password to set, of your own choice; asked for when it is not given."`
}

// Run sets the password.
func (c *setPasswordCommand) Run(ctx context.Context) error {
	code, err := c.ask(c.Code, "cli.ask_code", "TANGGAP_CODE")
	if err != nil {
		return err
	}
	secret, err := c.ask(c.Password, "cli.ask_new_password", "TANGGAP_PASSWORD")
	if err != nil {
		return err
	}
	if c.Password == "" {
		if again, err := c.ask("", "cli.ask_again", "TANGGAP_PASSWORD"); err != nil || again != secret {
			return c.wrong("cli.passwords_differ")
		}
	}
	api, err := c.api()
	if err != nil {
		return err
	}
	if err := c.save(io.Discard)(api.SessionSetup(ctx, nil,
		client.SetupInBody{Email: c.Email, Code: code, Password: secret})); err != nil {
		return err
	}
	fmt.Println(c.say("cli.password_set", "email", c.Email))
	return nil
}

// ask gives what was given by flag or variable, or asks for it on the terminal, without showing it.
func (r *remote) ask(given, what, variable string) (string, error) {
	if given != "" {
		return given, nil
	}
	fmt.Fprint(os.Stderr, r.say(what)+": ")
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", r.wrong("cli.no_terminal", "variable", variable)
	}
	return string(typed), nil
}
