package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/password"
)

// failed runs a command that must fail, and gives what it said.
func (p *process) failed(args ...string) string {
	p.t.Helper()
	var out, errs bytes.Buffer
	cmd := p.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err == nil || out.Len() > 0 {
		p.t.Errorf("tanggap %s: %v, printed %q", strings.Join(args, " "), err, out.String())
	}
	places, said, told := strings.Cut(strings.TrimSpace(errs.String()), "\n")
	if !told {
		return places // a command that has no database of its own
	}
	return said
}

// Whoever runs the server is told in a sentence what is wrong, and the code that is printed works once.
func TestOfficersFromTheHost(t *testing.T) {
	t.Parallel()
	p, _ := newProcess(t) // it has added a@contoh.go.id, set the password with the code, and signed in
	for want, args := range map[string][]string{
		"there is an officer with the address a@contoh.go.id already": {"A@contoh.go.id", "--name", "Lagi", "--role",
			"auditor"}, `"boss" is not a role; the roles are: administrator,`: {"b@contoh.go.id", "--name", "B", "--role",
			"boss"},
		`"boss" is not an e-mail address`: {"boss", "--name", "B", "--role", "auditor"},
		`"99" is not a region code`:       {"b@contoh.go.id", "--name", "B", "--role", "auditor", "--region", "99"},
		"a name is required":              {"b@contoh.go.id", "--name", " ", "--role", "auditor"},
	} {
		said := p.failed(append([]string{"officer", "add"}, args...)...)
		if !strings.HasPrefix(said, "tanggap: "+want) || strings.Contains(said, "\n") ||
			strings.Contains(said, "constraint") {
			t.Errorf("got %q, want %q", said, want)
		}
	}
	if said := p.failed("set-password", "a@contoh.go.id"); !strings.Contains(said, "setup.refused") {
		t.Errorf("the code again: %q", said)
	}
	// What the host is given in place of a lost password is no password, and works once.
	code := strings.TrimSpace(p.run("officer", "password", "A@contoh.go.id"))
	old := p.env
	p.env = append(old, "TANGGAP_PASSWORD="+code)
	if said := p.failed("sign-in", "a@contoh.go.id"); !strings.Contains(said, "session.refused") {
		t.Errorf("the code as a password: %q", said)
	}
	p.env = old
	for name, args := range map[string][]string{"the old password": {"sign-in", "a@contoh.go.id"},
		"the old session": {"case", "list"}} {
		if said := p.failed(args...); !strings.Contains(said, "session.") {
			t.Errorf("%s after the code: %q", name, said)
		}
	}
	p.env = append(old, "TANGGAP_CODE="+code, "TANGGAP_PASSWORD="+password.Generate())
	p.run("set-password", "a@contoh.go.id")
	p.run("sign-in", "a@contoh.go.id")
	if said := p.failed("set-password", "a@contoh.go.id"); !strings.Contains(said, "setup.refused") {
		t.Errorf("the code again: %q", said)
	}
}
