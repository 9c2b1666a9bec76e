package enforcer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
)

// rules are the lines of a policy: p = subject, action; g = role, bundle.
type rules struct{ p, g [][]string }

// letters are all that a line may hold. Without blanks, quotes, capitals and pattern characters no two names that are
// different can look or match alike.
const letters = "abcdefghijklmnopqrstuvwxyz_.,"

// parse reads a policy strictly: three fields a line, comments start a line with #, every p names a known action and a
// subject that is a role or a bundle that some role includes, every bundle allows something, and nothing stands twice.
func parse(text string) (rules, error) {
	var out rules
	seen := make(map[string]bool)
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if seen[line] {
			return rules{}, fmt.Errorf("line %d stands twice", number)
		}
		seen[line] = true
		if err := out.add(line); err != nil {
			return rules{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return out, out.check()
}

func (r *rules) add(line string) error {
	if strings.Trim(line, letters) != "" {
		return errors.New("only small letters, underscores, dots and commas may stand here, no blanks")
	}
	fields := strings.Split(line, ",")
	if len(fields) != 3 {
		return fmt.Errorf("%d fields, want 3", len(fields))
	}
	kind, subject, object := fields[0], fields[1], fields[2]
	switch {
	case subject == "" || object == "":
		return errors.New("an empty name")
	case kind == "p" && authz.Action(object).Valid():
		r.p = append(r.p, fields[1:])
	case kind == "p":
		return fmt.Errorf("unknown action %q", object)
	case kind == "g" && !authz.Role(subject).Valid():
		return fmt.Errorf("unknown role %q", subject)
	case kind == "g" && (authz.Role(object).Valid() || authz.Action(object).Valid()):
		return fmt.Errorf("%q is no name for a bundle: roles do not include each other", object)
	case kind == "g":
		r.g = append(r.g, fields[1:])
	default:
		return fmt.Errorf("unknown kind of line %q", kind)
	}
	return nil
}

// check looks at the lines together: a mistyped bundle is one that nobody includes, or one that allows nothing.
func (r *rules) check() error {
	included, allows := make(map[string]bool), make(map[string]bool)
	for _, g := range r.g {
		included[g[1]] = true
	}
	for _, p := range r.p {
		allows[p[0]] = true
		if !authz.Role(p[0]).Valid() && !included[p[0]] {
			return fmt.Errorf("%q is neither a role nor a bundle of one", p[0])
		}
	}
	for _, g := range r.g {
		if !allows[g[1]] {
			return fmt.Errorf("bundle %q allows nothing", g[1])
		}
	}
	if len(r.p) == 0 {
		return errors.New("it allows nothing")
	}
	return nil
}

// about is the part of the policy that one action rests on.
func (r *rules) about(a authz.Action) rules {
	part := rules{g: r.g}
	for _, p := range r.p {
		if p[1] == string(a) {
			part.p = append(part.p, p)
		}
	}
	return part
}
