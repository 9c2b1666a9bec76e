// Package enforcer asks Casbin what the policy files allow. It is the only importer of Casbin: every question (role,
// action) is asked once, when the policy is loaded, and the answers are kept as one table.
package enforcer

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/authz"
)

// The files of the access policy.
const (
	ModelFile  = "access/model.conf"
	PolicyFile = "access/policy.csv"
)

// Enforcer answers from the policy that it was loaded with, which never changes: the policy is part of the program, and
// another one comes with another release. The zero Enforcer allows nothing. It is safe for concurrent use.
type Enforcer struct{ answers *table }

// Load reads the policy and refuses one with anything unknown, doubled or malformed in it: Casbin would take a mistyped
// role in silence, and its officers would be refused, or worse.
func Load(fsys fs.FS) (*Enforcer, error) {
	conf, err := fs.ReadFile(fsys, ModelFile)
	if err != nil {
		return nil, fmt.Errorf("read access model: %w", err)
	}
	text, err := fs.ReadFile(fsys, PolicyFile)
	if err != nil {
		return nil, fmt.Errorf("read access policy: %w", err)
	}
	lines, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("read access policy: %w", err)
	}
	answers, err := ask(string(conf), lines)
	if err != nil {
		return nil, err
	}
	return &Enforcer{answers}, nil
}

// Allows implements authz.Matrix.
func (e *Enforcer) Allows(r authz.Role, a authz.Action) bool { return e.answers.Allows(r, a) }

var _ authz.Matrix = (*Enforcer)(nil)
