package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// The flags take the values of the lists, and say what is right of any other.
func TestTheFlagsAreHeldToTheLists(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--format=dossier --profile=full": "",
		"--format=csv":                    "",
		"--format=pdf":                    `must be one of "csv","jsonl","xlsx","dossier"`,
		"--format=CSV":                    `must be one of "csv","jsonl","xlsx","dossier"`,
		"--profile=open":                  `must be one of "sealed","masked","full"`,
	} {
		parser, err := kong.New(&exportCommand{}, lists())
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse(append(strings.Fields(args), "--out=x"))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", args, err, want)
		}
	}
	if got := lists()["roles"]; got != "administrator, supervisor, case_worker, mediator, analyst, auditor, service" {
		t.Errorf("roles: %s", got)
	}
}
