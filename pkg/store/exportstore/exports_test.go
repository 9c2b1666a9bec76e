package exportstore_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// exports is the service over the store, whose officers have their rights in 3273.
func (b *bundle) exports(t *testing.T) *export.Service {
	return export.New(export.Deps{Store: b.Stores, Work: b.Stores, Cases: b.Stores,
		Folder: export.Folder{Path: t.TempDir()},
		Rights: func(context.Context, authz.OfficerID, authz.Action) (authz.Scope, error) {
			return storetest.In("3273"), nil
		},
		Derive: func(string) []byte { return make([]byte, 32) }})
}

// exportIn is an export that was brought into a state by the steps that lead there.
func (b *bundle) exportIn(t *testing.T, s *export.Service, orderer, second authz.OfficerID,
	state export.State) export.Export {
	t.Helper()
	x, err := b.CreateExport(t.Context(), b.As(orderer, "3273"), export.Export{Asked: export.Request{Format: export.CSV},
		Profile: export.Full,
		Scope:   []region.Code{"3273"}, State: export.Awaiting, Reason: "penyidikan"})
	storetest.OK(t, err)
	move := func(officer authz.OfficerID, to export.State) {
		_, err := b.MoveExport(t.Context(), b.As(officer, "3273"), x.ID, to)
		storetest.OK(t, err)
	}
	run := func(end export.State) {
		move(second, export.Queued)
		x, err = b.StartExport(t.Context(), x.ID)
		storetest.OK(t, err)
		if end == export.Running {
			return
		}
		made, err := s.Folder.Create(x.ID, x.Attempt)
		storetest.OK(t, err)
		defer made.Abandon()
		_, err = made.Write([]byte("isi"))
		storetest.OK(t, err)
		_, x.SHA256, err = made.Finish()
		storetest.OK(t, err)
		x.State, x.FileName = end, "ekspor.zip"
		storetest.OK(t, b.FinishExport(t.Context(), x, time.Hour))
	}
	switch state {
	case export.Awaiting:
	case export.Queued, export.Refused:
		move(second, state)
	case export.Cancelled:
		move(orderer, state)
	case export.Expired:
		run(export.Ready)
		b.over(t, x.ID, "1 minute")
		storetest.OK(t, s.Expire(t.Context()))
	default:
		run(state)
	}
	x, err = b.GetExport(t.Context(), orderer, x.ID)
	storetest.OK(t, err)
	if x.State != state {
		t.Fatalf("is %s, want %s", x.State, state)
	}
	return x
}

// over puts the end of an export so long ago; what has a minus is still to come.
func (b *bundle) over(t *testing.T, id uuid.UUID, ago string) {
	t.Helper()
	b.Do(t, "update export set expires_at = clock_timestamp() - $2::interval where id = $1", id, ago)
}

var exportStates = []export.State{export.Awaiting, export.Queued, export.Running, export.Ready, export.Failed,
	export.Refused,
	export.Cancelled, export.Expired}

// Only what awaits a decision is decided on, by somebody else who may see all of it; only what is under way or ready is
// cancelled, by whoever ordered it; only what is ready is fetched.
func TestEachStepOfAnExportInEachState(t *testing.T) {
	t.Parallel()
	awaiting := []export.State{export.Awaiting}
	live := []export.State{export.Awaiting, export.Queued, export.Running, export.Ready}
	b := setup(t)
	s := b.exports(t)
	second, stranger := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	for name, c := range map[string]struct {
		step func(ctx context.Context, x export.Export) error
		in   []export.State // where it is done
		code string         // else
		to   export.State
	}{
		"approve": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(second, "3273"), x.ID, true)
			return err
		}, awaiting, "export.state", export.Queued},
		"refuse": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(second, "3273"), x.ID, false)
			return err
		}, awaiting, "export.state", export.Refused},
		"approve one's own": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(x.Officer, "3273"), x.ID, true)
			return err
		}, nil, "export.own", ""},
		"refuse one's own": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(x.Officer, "3273"), x.ID, false)
			return err
		}, nil, "export.own", ""},
		"approve from elsewhere": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(second, "3204"), x.ID, true)
			return err
		}, nil, "export.not_found", ""},
		"refuse from elsewhere": {func(ctx context.Context, x export.Export) error {
			_, err := s.Decide(ctx, b.As(second, "3204"), x.ID, false)
			return err
		}, nil, "export.not_found", ""},
		"cancel": {func(ctx context.Context, x export.Export) error {
			_, err := s.Cancel(ctx, b.As(x.Officer, "3273"), x.ID)
			return err
		}, live, "export.state", export.Cancelled},
		"cancel another's": {func(ctx context.Context, x export.Export) error {
			_, err := s.Cancel(ctx, b.As(second, "3273"), x.ID)
			return err
		}, nil, "export.not_found", ""},
		"fetch": {func(ctx context.Context, x export.Export) error {
			return fetch(ctx, s, x.Officer, storetest.In("3273"), x.ID)
		},
			[]export.State{export.Ready}, "export.not_ready", export.Ready},
		"fetch another's": {func(ctx context.Context, x export.Export) error {
			return fetch(ctx, s, stranger, storetest.In("3273"), x.ID)
		},
			nil, "export.not_found", ""},
	} {
		for _, state := range exportStates {
			x := b.exportIn(t, s, b.Colleague(t, "3273"), second, state)
			want, to := c.code, state
			if slices.Contains(c.in, state) {
				want, to = "", c.to
			}
			if err := c.step(t.Context(), x); fault.CodeOf(err) != want || (err == nil) != (want == "") {
				t.Errorf("%s what is %s: got %v, want %q", name, state, err, want)
			}
			now, err := b.OrderedExport(t.Context(), x.ID)
			storetest.OK(t, err)
			if now.State != to || now.DecidedBy == x.Officer {
				t.Errorf("%s what is %s: it is %s, decided by %s", name, state, now.State, now.DecidedBy)
			}
		}
	}
}

func fetch(ctx context.Context, s *export.Service, officer authz.OfficerID, scope authz.Scope, id uuid.UUID) error {
	_, file, err := s.Fetch(ctx, officer, scope, id)
	if err == nil {
		err = file.Close()
	}
	return err
}

// A file is there for as long as was said: it is fetched in the last minute, and not in the one after, though nothing
// has swept yet.
func TestAnExportEndsByTheClockAndNotByTheSweep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.exports(t)
	x := b.exportIn(t, s, b.Officer, b.Colleague(t, "3273"), export.Ready)
	if got := x.ExpiresAt.Sub(x.ReadyAt).Round(time.Minute); got != time.Hour { // as exportIn says
		t.Errorf("it is kept for %s", got)
	}
	b.over(t, x.ID, "-1 minute")
	storetest.OK(t, s.Expire(t.Context()))
	storetest.OK(t, fetch(t.Context(), s, b.Officer, storetest.In("3273"), x.ID))
	b.over(t, x.ID, "1 minute")
	storetest.WantCode(t, fetch(t.Context(), s, b.Officer, storetest.In("3273"), x.ID), "export.not_ready")
	_, err := s.Cancel(t.Context(), b.Request("", "3273"), x.ID)
	storetest.WantCode(t, err, "export.state")
	list, err := b.ListExports(t.Context(), b.Officer, uuid.Nil, 9)
	storetest.OK(t, err)
	if len(list) != 1 || list[0].State != export.Expired {
		t.Errorf("the list says %+v", list)
	}
	storetest.OK(t, s.Expire(t.Context()))
	storetest.WantCode(t, fetch(t.Context(), s, b.Officer, storetest.In("3273"), x.ID), "export.not_ready")
	if file, err := s.Folder.Open(x.ID, x.Attempt); err == nil {
		_ = file.Close()
		t.Error("its file is still there")
	}
}

// Three are under way per officer, and not a fourth; one that ends makes room.
func TestAFourthExportUnderWayIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.exports(t)
	second := b.Colleague(t, "3273")
	order := func(officer authz.OfficerID) error {
		_, _, err := s.Order(t.Context(), b.As(officer, "3273"), export.Request{Format: export.CSV}, export.Sealed, "")
		return err
	}
	b.exportIn(t, s, b.Officer, second, export.Ready)
	x := b.exportIn(t, s, b.Officer, second, export.Awaiting)
	b.exportIn(t, s, b.Officer, second, export.Running)
	b.exportIn(t, s, b.Officer, second, export.Queued)
	storetest.WantCode(t, order(b.Officer), "export.too_many")
	storetest.OK(t, order(second))
	_, err := s.Cancel(t.Context(), b.Request("", "3273"), x.ID)
	storetest.OK(t, err)
	storetest.OK(t, order(b.Officer))
	storetest.WantCode(t, order(b.Officer), "export.too_many")
}

// Each filter leaves the cases that it names, and one that cannot be read leaves none.
func TestAFilterOfAnExportHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, moved := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	elsewhere := b.OpenCase(t, "3204", 3)
	_, err := b.Change(t.Context(), b.Request("", "3273"), moved.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		asked export.Request
		want  []casework.ID
	}{
		"nothing":           {export.Request{}, []casework.ID{first.ID, moved.ID}},
		"intake":            {export.Request{Stage: casework.Intake}, []casework.ID{first.ID}},
		"benefit":           {export.Request{Stage: casework.Benefit}, []casework.ID{moved.ID}},
		"closed":            {export.Request{Stage: casework.Closed}, nil},
		"no stage":          {export.Request{Stage: "tidak ada"}, nil},
		"a case":            {export.Request{Case: first.ID.String()}, []casework.ID{first.ID}},
		"a case elsewhere":  {export.Request{Case: elsewhere.ID.String()}, nil},
		"no case":           {export.Request{Case: "x' or true --"}, nil},
		"a case in a stage": {export.Request{Case: first.ID.String(), Stage: casework.Benefit}, nil},
		"a layoff":          {export.Request{Layoff: uuid.NewString()}, nil},
		"no layoff":         {export.Request{Layoff: "x"}, nil},
	} {
		c.asked.Format = export.CSV
		var got, people []casework.ID
		storetest.OK(t, b.Snapshot(t.Context(), storetest.In("3273"), export.Export{Asked: c.asked},
			audit.Checkpoint{Size: size}, func(s export.Snapshot) error {
				err := s.Cases(func(id uuid.UUID) { got = append(got, casework.ID(id)) })
				if err != nil {
					return err
				}
				return s.People(false, func(p *export.Person) error { people = append(people, p.ID); return nil })
			}))
		if !slices.Equal(got, c.want) || !slices.Equal(people, c.want) {
			t.Errorf("%s: cases %v, people %v, want %v", name, got, people, c.want)
		}
		x, err := b.CreateExport(t.Context(), b.As(b.Colleague(t, "3273"), "3273"), export.Export{Asked: c.asked,
			Profile: export.Sealed,
			Scope:   []region.Code{"3273"}, State: export.Awaiting})
		if err != nil || x.Asked != c.asked {
			t.Errorf("%s: kept as %+v, %v", name, x.Asked, err)
		}
	}
}
