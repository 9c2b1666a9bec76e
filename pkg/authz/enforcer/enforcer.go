// Package enforcer asks Casbin what the policy files allow. It is the only importer of Casbin: every question (role,
// action) is asked once, when the policy is loaded, and the answers are kept as one table that is swapped whole.
package enforcer

import (
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/tanggap/tanggap/pkg/authz"
)

// The files of the access policy.
const (
	ModelFile  = "access/model.conf"
	PolicyFile = "access/policy.csv"
)

// Enforcer answers from the policy that was loaded last; the zero Enforcer allows nothing. It is safe for concurrent use.
type Enforcer struct {
	answers atomic.Pointer[table]
	loading sync.Mutex // of two reloads the later one wins, not the slower one
}

// Load reads the policy and refuses one with anything unknown, doubled or malformed in it: Casbin would take a mistyped
// role in silence, and its officers would be refused, or worse.
func Load(fsys fs.FS) (*Enforcer, error) {
	e := &Enforcer{}
	if err := e.Reload(fsys); err != nil {
		return nil, err
	}
	return e, nil
}

// Reload swaps the policy. When the new one cannot be read the last good one stays in force, and the caller raises the
// alarm.
func (e *Enforcer) Reload(fsys fs.FS) error {
	e.loading.Lock()
	defer e.loading.Unlock()
	conf, err := fs.ReadFile(fsys, ModelFile)
	if err != nil {
		return fmt.Errorf("read access model: %w", err)
	}
	text, err := fs.ReadFile(fsys, PolicyFile)
	if err != nil {
		return fmt.Errorf("read access policy: %w", err)
	}
	lines, err := parse(string(text))
	if err != nil {
		return fmt.Errorf("read access policy: %w", err)
	}
	answers, err := ask(string(conf), lines)
	if err != nil {
		return err
	}
	e.answers.Store(answers)
	return nil
}

// Allows implements authz.Matrix.
func (e *Enforcer) Allows(r authz.Role, a authz.Action) bool { return e.answers.Load().Allows(r, a) }

// Current implements authz.Live: the policy in force now, which a reload replaces but never changes.
func (e *Enforcer) Current() authz.Matrix { return e.answers.Load() }

var _ authz.Live = (*Enforcer)(nil)
