package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"golang.org/x/term"
)

type signInCommand struct {
	client
	Email    string `arg:"" help:"E-mail address."`
	Password string `env:"TANGGAP_PASSWORD" placeholder:"PASSWORD" help:"Password; asked for when it is not given."`
}

// Run prints the token, and nothing else, on standard output.
func (c *signInCommand) Run(ctx context.Context) error {
	secret, err := ask(c.Password, "Password", "TANGGAP_PASSWORD")
	if err != nil {
		return err
	}
	var session struct{ Token string }
	if err := c.post(ctx, "/v1/session", map[string]string{"email": c.Email, "password": secret}, &session); err != nil {
		return err
	}
	fmt.Println(session.Token)
	return nil
}

type setPasswordCommand struct {
	client
	Email    string `arg:"" help:"E-mail address."`
	Code     string `env:"TANGGAP_CODE" placeholder:"CODE" help:"The one-time code; asked for when it is not given."`
	Password string `env:"TANGGAP_PASSWORD" placeholder:"PASSWORD" help:"The password to set, of your own choice; asked for when it is not given."`
}

// Run sets the password.
func (c *setPasswordCommand) Run(ctx context.Context) error {
	code, err := ask(c.Code, "One-time code", "TANGGAP_CODE")
	if err != nil {
		return err
	}
	secret, err := ask(c.Password, "New password", "TANGGAP_PASSWORD")
	if err != nil {
		return err
	}
	if c.Password == "" {
		if again, err := ask("", "The same again", "TANGGAP_PASSWORD"); err != nil || again != secret {
			return errors.New("the two passwords differ")
		}
	}
	if err := c.post(ctx, "/v1/session/setup", map[string]string{"email": c.Email, "code": code, "password": secret},
		nil); err != nil {
		return err
	}
	fmt.Printf("The password is set. Sign in with: tanggap sign-in %s\n", c.Email)
	return nil
}

// post sends a body and decodes the answer; out may be nil.
func (c *client) post(ctx context.Context, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	return c.send(ctx, http.MethodPost, path, "application/json", bytes.NewReader(text), out)
}

// ask gives what was given by flag or variable, or asks for it on the terminal, without showing it.
func ask(given, what, variable string) (string, error) {
	if given != "" {
		return given, nil
	}
	fmt.Fprint(os.Stderr, what+": ")
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("no terminal to ask on: set %s", variable)
	}
	return string(typed), nil
}
