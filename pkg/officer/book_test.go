package officer

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

// book keeps one officer in memory and remembers the change that a rule has chosen.
type book struct {
	Store
	EmergencyStore
	at        Standing
	repeated  bool
	change    *Change
	invited   *Officer
	listed    Filter
	scope     authz.Scope
	emergency Emergency
	lasts     time.Duration
}

func (b *book) Invite(_ context.Context, _ authz.Op, o Officer, _ SetupKey) (Officer, bool, error) {
	b.invited = &o
	return o, !b.repeated, nil
}

func (b *book) Administer(_ context.Context, _ authz.Op, _ authz.OfficerID, visible func(Officer) error,
	decide Decide) (Changed, error) {
	if err := visible(b.at.Officer); err != nil {
		return Changed{}, err
	}
	c, err := decide(b.at)
	if err != nil {
		return Changed{}, err
	}
	b.change = &c
	if c.Give != nil {
		return Changed{Grant: *c.Give, First: true}, nil
	}
	return Changed{First: !b.repeated}, nil
}

func (b *book) GetOfficer(_ context.Context, _ authz.Scope, id authz.OfficerID) (Officer, error) {
	if id != b.at.Officer.ID {
		return Officer{}, NotFound()
	}
	return b.at.Officer, nil
}

func (b *book) ListOfficers(_ context.Context, scope authz.Scope, f Filter) ([]Officer, error) {
	b.scope, b.listed = scope, f
	return nil, nil
}

func (b *book) OpenEmergency(_ context.Context, _ authz.Op, e Emergency, lasts time.Duration) (Emergency, error) {
	b.emergency, b.lasts = e, lasts
	return e, nil
}

// The caller and the officer who is administered.
var (
	caller = authz.OfficerID{1}
	other  = authz.OfficerID{2}
	third  = authz.OfficerID{3}
	ever   calendar.Date
)

func by(codes ...region.Code) authz.Op {
	return authz.Op{Actor: caller, Scope: authz.ScopeOver(codes...)}
}

// desk is the service over a book, at noon, with the policy that is shipped.
func desk(t *testing.T, b *book) *Service {
	t.Helper()
	matrix, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	book, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return &Service{Store: b, Emergencies: b, Measures: book, Sessions: NewSessions(nil, clock.At(noon)), Tree: country(t),
		Matrix: matrix, Shows: []authz.Action{authz.CaseRead, authz.CaseList}}
}

func country(t *testing.T) *region.Tree {
	t.Helper()
	current, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(current, superseded)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// of is an active officer of an office, with grants.
func of(office region.Code, grants ...Grant) *book {
	return &book{at: Standing{Officer: Officer{ID: other, Office: office, Active: true, Grants: grants}}}
}

func (b *book) inactive() *book { b.at.Officer.Active = false; return b }

func (b *book) beside(admins ...Grant) *book { b.at.Administrators = admins; return b }

func waiting(g Grant, proposer authz.OfficerID) Grant {
	g.Pending, g.ProposedBy = true, proposer
	return g
}

func revoked(g Grant) Grant {
	g.RevokedAt = noon.Add(-time.Hour)
	return g
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := fault.CodeOf(err); got != code || (err == nil) != (code == "") {
		t.Errorf("got %v, want code %q", err, code)
	}
}

func named(grants ...Grant) (list []uuid.UUID) {
	for _, g := range grants {
		list = append(list, g.ID)
	}
	return list
}
