// Package enforcer asks Casbin what the policy files allow. It is the only importer of Casbin: every question (role,
// action) is asked once, when the policy is loaded, and the answers are kept as one table that is swapped whole.
package enforcer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/tanggap/tanggap/pkg/authz"
)

// The files of the access policy.
const (
	ModelFile  = "access/model.conf"
	PolicyFile = "access/policy.csv"
)

type table map[authz.Role]map[authz.Action]bool

// Enforcer answers from the policy that was loaded last. It is safe for concurrent use.
type Enforcer struct {
	answers atomic.Pointer[table]
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

// Reload swaps the policy. When the new one cannot be read the last good one stays in force.
func (e *Enforcer) Reload(fsys fs.FS) error {
	conf, err := fs.ReadFile(fsys, ModelFile)
	if err != nil {
		return fmt.Errorf("read access model: %w", err)
	}
	file, err := fsys.Open(PolicyFile)
	if err != nil {
		return fmt.Errorf("read access policy: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines, err := parse(file)
	if err != nil {
		return fmt.Errorf("read access policy: %w", err)
	}
	answers, err := ask(string(conf), lines)
	if err != nil {
		return err
	}
	e.answers.Store(&answers)
	return nil
}

// Allows implements authz.Matrix.
func (e *Enforcer) Allows(r authz.Role, a authz.Action) bool { return (*e.answers.Load())[r][a] }

// rules are the parsed lines: p = subject, action; g = role, bundle.
type rules struct{ p, g [][]string }

// parse reads the policy strictly: comments start a line with #, every p names a known action and a subject that is a
// role or a bundle some role includes, and nothing stands twice.
func parse(r io.Reader) (rules, error) {
	reader := csv.NewReader(r)
	reader.Comment, reader.FieldsPerRecord, reader.TrimLeadingSpace = '#', 3, true
	records, err := reader.ReadAll()
	if err != nil {
		return rules{}, err
	}
	var out rules
	seen := make(map[string]bool)
	bundles := make(map[string]bool)
	for _, rec := range records {
		line := strings.Join(rec, ", ")
		if seen[line] {
			return rules{}, fmt.Errorf("%q stands twice", line)
		}
		seen[line] = true
		switch {
		case rec[0] == "p" && authz.Action(rec[2]).Valid():
			out.p = append(out.p, rec[1:])
		case rec[0] == "g" && authz.Role(rec[1]).Valid() && !authz.Role(rec[2]).Valid():
			out.g = append(out.g, rec[1:])
			bundles[rec[2]] = true
		default:
			return rules{}, fmt.Errorf("%q names something unknown", line)
		}
	}
	for _, p := range out.p {
		if !authz.Role(p[0]).Valid() && !bundles[p[0]] {
			return rules{}, fmt.Errorf("%q is neither a role nor a bundle of one", p[0])
		}
	}
	if len(out.p) == 0 {
		return rules{}, errors.New("it allows nothing")
	}
	return out, nil
}

func ask(conf string, lines rules) (table, error) {
	m, err := model.NewModelFromString(conf)
	if err != nil {
		return nil, fmt.Errorf("read access model: %w", err)
	}
	c, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("make enforcer: %w", err)
	}
	if _, err := c.AddPolicies(lines.p); err != nil {
		return nil, fmt.Errorf("add policies: %w", err)
	}
	if _, err := c.AddGroupingPolicies(lines.g); err != nil {
		return nil, fmt.Errorf("add roles: %w", err)
	}
	answers := make(table)
	for _, r := range authz.Roles() {
		answers[r] = make(map[authz.Action]bool)
		for _, a := range authz.Actions() {
			if answers[r][a], err = c.Enforce(string(r), string(a)); err != nil {
				return nil, fmt.Errorf("ask for %s %s: %w", r, a, err)
			}
		}
	}
	return answers, nil
}
