package export_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Who asks for a step, and what of the regions of the export they see.
var (
	orderer, second = authz.OfficerID{1}, authz.OfficerID{2}
	all, part       = authz.ScopeOver("3204", "3273"), authz.ScopeOver("3273")
)

// steps is the policy: from which state an officer comes to which, and what everybody else is told.
var steps = []struct {
	to       export.State
	from     []export.State
	by       authz.OfficerID
	sees     authz.Scope
	refusing string // code in every state; empty when the states of from are open
}{
	{export.Queued, []export.State{export.Awaiting}, second, all, ""},
	{export.Queued, []export.State{export.Awaiting}, second, authz.Everywhere(), ""},
	{export.Queued, nil, second, part, "export.not_found"},
	{export.Queued, nil, second, authz.Scope{}, "export.not_found"},
	{export.Queued, nil, orderer, all, "export.own"},
	{export.Queued, nil, orderer, part, "export.not_found"},
	{export.Refused, []export.State{export.Awaiting}, second, all, ""},
	{export.Refused, nil, second, part, "export.not_found"},
	{export.Refused, nil, orderer, all, "export.own"},
	{export.Cancelled, []export.State{export.Awaiting, export.Queued, export.Running, export.Ready}, orderer, all, ""},
	{export.Cancelled, []export.State{export.Awaiting, export.Queued, export.Running, export.Ready}, orderer,
		authz.Scope{}, ""},
	{export.Cancelled, nil, second, authz.Everywhere(), "export.not_found"},
	{export.Ready, nil, second, all, "export.state"},
	{export.Running, nil, second, all, "export.state"},
	{export.Expired, nil, second, all, "export.state"},
}

func TestEachStepOfAnExportByEachOfficerInEachState(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		for _, from := range export.State("").Values() {
			before := export.Export{Officer: orderer, State: from, Scope: []region.Code{"3204", "3273"}, Attempt: 2, Version: 4,
				ReadyAt: time.Unix(9, 0)}
			after := before
			err := after.Move(step.by, step.sees, step.to)
			code := step.refusing
			if code == "" && !slices.Contains(step.from, from) {
				code = "export.state"
			}
			if fault.CodeOf(err) != code || (err == nil) != (code == "") {
				t.Errorf("%s to %s by %s: got %v, want %q", from, step.to, step.by, err, code)
			}
			if err != nil {
				if after.State != from || after.Attempt != 2 || after.Version != 4 || after.DecidedBy != before.DecidedBy {
					t.Errorf("%s to %s was refused and is %+v", from, step.to, after)
				}
				continue
			}
			decided := second
			if step.to == export.Cancelled {
				decided = authz.OfficerID{}
			}
			if after.State != step.to || after.Attempt != 3 || after.Version != 5 || !after.ReadyAt.IsZero() ||
				after.DecidedBy != decided {
				t.Errorf("%s to %s: is %+v", from, step.to, after)
			}
		}
	}
}

// Of no regions at all nobody can say that they see all of it, not even the ministry.
func TestAnExportOfNoRegionsIsDecidedByNobody(t *testing.T) {
	t.Parallel()
	x := export.Export{Officer: orderer, State: export.Awaiting}
	if err := x.Move(second, authz.Everywhere(), export.Queued); fault.CodeOf(err) != "export.not_found" {
		t.Errorf("got %v", err)
	}
}

// A file is there until its last instant and not in it; nothing else expires.
func TestAFileExpiresAtItsInstant(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, state := range export.State("").Values() {
		x := export.Export{State: state, ExpiresAt: end}
		for _, c := range []struct {
			now  time.Time
			over bool
		}{{end.Add(-time.Microsecond), false}, {end, true}, {end.Add(time.Hour), true}} {
			want := state
			if c.over && state == export.Ready {
				want = export.Expired
			}
			if got := x.StateAt(c.now); got != want {
				t.Errorf("%s at %s: %s, want %s", state, c.now, got, want)
			}
		}
	}
}

// Three are under way and not four; what has ended makes room.
func TestAnOrderWaitsForRoom(t *testing.T) {
	t.Parallel()
	for n, code := range []string{"", "", "", "export.too_many", "export.too_many"} {
		if err := export.MayOrder(n); fault.CodeOf(err) != code || (err == nil) != (code == "") {
			t.Errorf("with %d under way: %v", n, err)
		}
	}
	if want := []export.State{export.Awaiting, export.Queued, export.Running}; !slices.Equal(export.UnderWay, want) {
		t.Errorf("counted are %v, want %v", export.UnderWay, want)
	}
}
