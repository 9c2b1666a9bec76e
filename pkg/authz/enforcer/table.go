package enforcer

import (
	"errors"
	"fmt"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/tanggap/tanggap/pkg/authz"
)

// bits has one bit for every action.
type bits [2]uint64

func (b *bits) set(n int)     { b[n/64] |= 1 << (n % 64) }
func (b bits) has(n int) bool { return b[n/64]&(1<<(n%64)) != 0 }

// table is Casbin's answers to all questions. It never changes after ask made it; the nil table allows nothing.
type table struct {
	number map[authz.Action]int
	may    map[authz.Role]bits
}

// Allows implements authz.Matrix.
func (t *table) Allows(r authz.Role, a authz.Action) bool {
	if t == nil {
		return false
	}
	n, known := t.number[a]
	return known && t.may[r].has(n)
}

// Names that no policy can hold: its lines have no capitals.
const (
	noRole   = "NOBODY"
	noAction = "NOTHING"
)

// ask puts every question to Casbin once. Casbin looks at every line for every question; it is given only those that
// name the action, which are all that its matcher can agree with, so that 10 000 lines load in well under a second.
func ask(conf string, lines rules) (*table, error) {
	if err := try(conf, lines); err != nil {
		return nil, err
	}
	actions := authz.Actions()
	if len(actions) > 64*len(bits{}) {
		return nil, fmt.Errorf("%d actions are more than the table holds", len(actions))
	}
	t := &table{number: make(map[authz.Action]int), may: make(map[authz.Role]bits)}
	for n, a := range actions {
		t.number[a] = n
		c, err := load(conf, lines.about(a))
		if err != nil {
			return nil, err
		}
		for _, r := range append(authz.Roles(), authz.Emergency) {
			may, err := c.Enforce(string(r), string(a))
			if err != nil {
				return nil, fmt.Errorf("ask whether %s may %s: %w", r, a, err)
			}
			if b := t.may[r]; may {
				b.set(n)
				t.may[r] = b
			}
		}
	}
	return t, nil
}

// try makes sure that the model refuses what the policy does not name: a matcher that is always true would allow
// everything to everyone and show in no line of the policy.
func try(conf string, lines rules) error {
	c, err := load(conf, lines)
	if err != nil {
		return err
	}
	first := lines.p[0]
	for _, q := range [][2]string{{noRole, first[1]}, {first[0], noAction}, {noRole, noAction}} {
		may, err := c.Enforce(q[0], q[1])
		if err != nil {
			return fmt.Errorf("try access model: %w", err)
		}
		if may {
			return errors.New("access model allows what the policy does not name")
		}
	}
	return nil
}

func load(conf string, lines rules) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(conf)
	if err != nil {
		return nil, fmt.Errorf("read access model: %w", err)
	}
	c, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("make enforcer: %w", err)
	}
	if len(lines.p) > 0 {
		if _, err := c.AddPolicies(lines.p); err != nil {
			return nil, fmt.Errorf("add policies: %w", err)
		}
	}
	if len(lines.g) > 0 {
		if _, err := c.AddGroupingPolicies(lines.g); err != nil {
			return nil, fmt.Errorf("add roles: %w", err)
		}
	}
	return c, nil
}
