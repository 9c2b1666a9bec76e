// Package client calls the API. Its requests and types are generated from the description of the API, api/openapi.yaml;
// only how an answer is read is written by hand.
package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

//go:generate sh -c "cd ../.. && go tool -modfile=.tools/go.mod oapi-codegen --config pkg/client/config.yaml -o pkg/client/client.gen.go api/openapi.yaml"

// Error says what the server refused, in the language that was asked for.
func (p *Problem) Error() string {
	text := p.Code
	if p.Detail != nil {
		text = *p.Detail + " (" + p.Code + ")"
	}
	if p.Errors != nil {
		for _, e := range *p.Errors {
			text += "\n  " + e.Field + ": " + e.Detail
		}
	}
	return text
}

// Read is the value of an answer; an answer that is a refusal is a *Problem.
func Read[T any](answer *http.Response, err error) (T, error) {
	var value T
	if err != nil {
		return value, fmt.Errorf("call the server: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := refusal(answer); err != nil {
		return value, err
	}
	if err := json.NewDecoder(answer.Body).Decode(&value); err != nil && err != io.EOF {
		return value, fmt.Errorf("read the answer: %w", err)
	}
	return value, nil
}

// copied is how much of a file is copied at once.
const copied = 256 << 10

// Save writes an answer that is a file; an answer that is a refusal is a *Problem.
func Save(answer *http.Response, to io.Writer) error {
	defer func() { _ = answer.Body.Close() }()
	if err := refusal(answer); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(struct{ io.Writer }{to}, answer.Body, make([]byte, copied)); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// refusal is what a server refused; nil for an answer to what was asked.
func refusal(answer *http.Response) error {
	if answer.StatusCode < http.StatusBadRequest {
		return nil
	}
	var p Problem
	if err := json.NewDecoder(answer.Body).Decode(&p); err != nil || p.Code == "" {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	return &p
}

// As makes each request carry the token of a session.
func As(token string) RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}
