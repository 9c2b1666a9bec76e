package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/client"
	"github.com/tanggap/tanggap/pkg/wording"
)

// remote is a running server that a command calls, by the client that is generated from its description.
type remote struct {
	Server    string `env:"TANGGAP_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL" help:"The server to call."`
	Token     string `env:"TOKEN" placeholder:"TOKEN" help:"Session token, as tanggap sign-in prints it."`
	TokenFile string `env:"TANGGAP_TOKEN_FILE" type:"existingfile" placeholder:"FILE" help:"File with the session token, where TOKEN is not set."`
	Lang      string `kong:"-"`
}

// AfterApply takes the language of the command line.
func (r *remote) AfterApply() error {
	r.Lang = tongue
	return nil
}

// api calls the server in the name and the language of whoever runs the command.
func (r *remote) api() (*client.Client, error) {
	token := r.Token
	if token == "" && r.TokenFile != "" {
		text, err := os.ReadFile(r.TokenFile)
		if err != nil {
			return nil, fmt.Errorf(spoken("read the token: %w"), err)
		}
		token = strings.TrimSpace(string(text))
	}
	return client.NewClient(r.Server, client.WithRequestEditorFn(func(ctx context.Context, q *http.Request) error {
		q.Header.Set("Accept-Language", r.Lang)
		if token != "" {
			return client.As(token)(ctx, q)
		}
		return nil
	}))
}

// say is a sentence in the language of the command; kv are pairs of names and values.
func (r *remote) say(code string, kv ...any) string {
	args := map[string]string{}
	for i := 0; i+1 < len(kv); i += 2 {
		args[fmt.Sprint(kv[i])] = fmt.Sprint(kv[i+1])
	}
	return wording.Message(r.Lang, code, args)
}

// wrong is an error in the language of the command.
func (r *remote) wrong(code string, kv ...any) error { return errors.New(r.say(code, kv...)) }

// read reads an answer. That there is none is told in the language of the command; a refusal is told as the server
// words it.
func read[T any](r *remote) func(*http.Response, error) (T, error) {
	return func(answer *http.Response, err error) (T, error) {
		if err != nil {
			return *new(T), r.wrong("cli.no_answer", "server", r.Server, "cause", err)
		}
		v, err := client.Read[T](answer, nil)
		return v, r.worded(answer, err)
	}
}

// save writes an answer that is a file.
func (r *remote) save(to io.Writer) func(*http.Response, error) error {
	return func(answer *http.Response, err error) error {
		if err != nil {
			return r.wrong("cli.no_answer", "server", r.Server, "cause", err)
		}
		return r.worded(answer, client.Save(answer, to))
	}
}

// worded is an error of an answer: what is neither a refusal nor readable is told by its status.
func (r *remote) worded(answer *http.Response, err error) error {
	var refusal *client.Problem
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return r.wrong("cli.unreadable", "status", answer.Status)
}

// as makes a body or parameters of the description of flags that have its names.
func as[T any](flags any) (v T, err error) {
	text, err := json.Marshal(flags)
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		return v, fmt.Errorf(spoken("read the flags: %w"), err)
	}
	return v, nil
}

// key is for one change.
func key() string { return uuid.NewString() }

// following calls look until it says that there is nothing more to wait for.
func following(ctx context.Context, every time.Duration, look func() (wait bool, err error)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
		if wait, err := look(); err != nil || !wait {
			return err
		}
	}
}
