package export

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Deps are what exports need.
type Deps struct {
	Store  Store
	Work   WorkStore
	Cases  casework.Store
	Folder Folder
	// Rights is where an officer may do an action now: a job asks again when it runs.
	Rights func(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error)
	// Checkpoint gives the published checkpoint of a size; 0 publishes the log as it is now.
	Checkpoint func(ctx context.Context, size int64) (signed string, c audit.Checkpoint, err error)
	// Sign signs text with the key of the log, whose public half is LogKey.
	Sign   func(text string) ([]byte, error)
	LogKey string
	// Derive gives secret bytes for a purpose, always the same ones.
	Derive func(purpose string) []byte
}

// Service makes exports for callers whose permission is already established.
type Service struct{ Deps }

// New makes the service.
func New(deps Deps) *Service { return &Service{deps} }

// Order takes an export on. The passphrase opens the file and is told here only, and only by the first answer to an order;
// it is empty when the caller gave an age key. With the full profile a second officer must approve before it runs, and a reason must be given to them.
func (s *Service) Order(ctx context.Context, op authz.Op, asked Asked, profile Profile, reason string) (Export, string, error) {
	if err := s.check(ctx, op, asked, profile, reason); err != nil {
		return Export{}, "", err
	}
	scope := within(op.Scope, asked)
	x := Export{Officer: op.Actor, Asked: asked, Profile: profile, Reason: strings.TrimSpace(reason), Scope: scope.Regions(), State: Queued}
	if profile == Full {
		x.State = Awaiting
	}
	x, err := s.Store.CreateExport(ctx, op, x)
	if err != nil || asked.Recipient != "" || x.Again {
		return x, "", err
	}
	return x, s.passphrase(x.ID), nil
}

func (s *Service) check(ctx context.Context, op authz.Op, a Asked, profile Profile, reason string) error {
	switch {
	case a.Format == Dossier && (a.Case == "" || profile == Sealed):
		return fault.New(fault.Invalid, "export.dossier_of_case").At("case")
	case a.Format == XLSX && a.Recipient != "":
		return fault.New(fault.Invalid, "export.recipient_not_xlsx").At("recipient")
	case profile == Full && strings.TrimSpace(reason) == "":
		return fault.New(fault.Invalid, "export.reason_required").At("reason")
	}
	if a.Recipient != "" {
		if _, err := age.ParseX25519Recipient(a.Recipient); err != nil {
			return fault.New(fault.Invalid, "export.recipient_invalid").At("recipient")
		}
	}
	if err := s.reach(ctx, within(op.Scope, a), a); err != nil {
		return err
	}
	if a.AsOf != 0 {
		if _, _, err := s.Checkpoint(ctx, a.AsOf); err != nil {
			return err
		}
	}
	return nil
}

// reach refuses what lies outside the scope: a region, a case or a layoff of others is no empty file.
func (s *Service) reach(ctx context.Context, scope authz.Scope, a Asked) error {
	if scope.Empty() {
		return fault.New(fault.Forbidden, "export.region_out_of_scope").At("region")
	}
	if a.Case != "" {
		id, err := casework.ParseID(a.Case)
		if err == nil {
			_, _, err = s.Cases.Get(ctx, scope, id)
		}
		if err != nil {
			return err
		}
	}
	if a.Layoff == "" {
		return nil
	}
	found, err := s.Store.LayoffInReach(ctx, scope, a.Layoff)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "layoff.not_found")
	}
	return err
}

func within(scope authz.Scope, a Asked) authz.Scope {
	if a.Region == "" {
		return scope
	}
	return scope.Intersect(a.Region)
}

// passphrase is what opens an export: 128 bits that only this Tanggap can make, kept nowhere.
func (s *Service) passphrase(id uuid.UUID) string {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.Derive("export " + id.String())[:16])
	return strings.ToLower(text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20] + "-" + text[20:])
}

// Get reads an export of one's own.
func (s *Service) Get(ctx context.Context, officer authz.OfficerID, scope authz.Scope, id uuid.UUID) (Export, error) {
	x, err := s.Store.GetExport(ctx, officer, id)
	if err != nil {
		return Export{}, err
	}
	x, there := x.For(scope)
	if !there {
		return Export{}, NotFound()
	}
	return x, nil
}

// Decide lets another officer's export run, or refuses it. Nobody decides on their own, nor on more than they may see; and
// whoever asked must still have the right.
func (s *Service) Decide(ctx context.Context, op authz.Op, id uuid.UUID, approve bool) (Export, error) {
	to := Refused
	if approve {
		to = Queued
		x, err := s.Store.OrderedExport(ctx, id)
		if err != nil {
			return Export{}, err
		}
		if coversAll(op.Scope, x.Scope) && x.State == Awaiting {
			if _, err := s.rights(ctx, x); err != nil {
				return Export{}, err
			}
		}
	}
	return s.Store.MoveExport(ctx, op, id, to)
}

// Cancel ends an export of one's own, whatever it does just now; its file goes.
func (s *Service) Cancel(ctx context.Context, op authz.Op, id uuid.UUID) (Export, error) {
	x, err := s.Store.MoveExport(ctx, op, id, Cancelled)
	if err == nil {
		s.Folder.Remove(id)
	}
	return x, err
}

// Fetch opens the file of a ready export of one's own, if all that is in it still lies in the scope.
func (s *Service) Fetch(ctx context.Context, officer authz.OfficerID, scope authz.Scope, id uuid.UUID) (Export, *os.File, error) {
	x, err := s.Get(ctx, officer, scope, id)
	if err != nil {
		return x, nil, err
	}
	if x.State != Ready {
		return x, nil, fault.New(fault.Conflict, "export.not_ready", "state", string(x.State))
	}
	left, err := s.Store.LeftCustody(ctx, scope, x)
	if err == nil && left {
		err = fault.New(fault.Conflict, "export.left_custody")
	}
	if err != nil {
		return x, nil, err
	}
	file, err := s.Folder.Open(x.ID, x.Attempt)
	if err != nil {
		return x, nil, fmt.Errorf("open export: %w", err)
	}
	return x, file, nil
}

// Expire removes the files whose time is over.
func (s *Service) Expire(ctx context.Context) error {
	ids, err := s.Work.ExpireExports(ctx)
	for _, id := range ids {
		s.Folder.Remove(id)
	}
	return err
}

// beatEvery is how often a running export shows that it lives, how far it is, and looks whether it was cancelled.
const beatEvery = 2 * time.Second

// finishGrace bounds how long the end of an attempt may take to be kept, once its own time is over.
const finishGrace = 5 * time.Second

// Run makes one export. Whoever was interrupted in it starts again; a file that is not whole is never seen. What can pass
// is tried a few times, what cannot fails at once, each with its reason.
func (s *Service) Run(ctx context.Context, id uuid.UUID) error {
	x, err := s.Work.StartExport(ctx, id)
	if err != nil {
		return err
	}
	made, err := s.attempt(ctx, x)
	if fault.CodeOf(err) == "export.overtaken" {
		return nil // cancelled, or another worker has it now
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // the program ends: another one takes it up
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishGrace)
	defer cancel()
	if err != nil && mayPass(err) && x.Attempt < MostAttempts {
		if releasing := s.Work.ReleaseExport(ctx, x); fault.CodeOf(releasing) == "export.overtaken" {
			return nil
		}
		return err
	}
	return s.finish(ctx, made, err)
}

// mayPass tells whether another attempt could do better: of what the database or the machine does, not of what was found.
func mayPass(err error) bool {
	switch fault.CodeOf(err) {
	case "", "database.unavailable", "database.slow", "request.concurrent":
		return true
	}
	return false
}

// attempt makes the file, and shows meanwhile that it lives.
func (s *Service) attempt(ctx context.Context, x Export) (made Export, err error) {
	made = x
	if x.Attempt > MostStarts {
		return made, fault.New(fault.Unavailable, "export.interrupted")
	}
	var written atomic.Int64
	work, cancel := context.WithCancelCause(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		s.beat(work, cancel, x, &written)
	}()
	err = s.makeOrSay(work, &made, &written)
	cancel(nil)
	<-beating
	switch cause := context.Cause(work); {
	case err != nil && fault.CodeOf(cause) == "export.overtaken":
		return made, cause
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return made, fault.New(fault.Unavailable, "export.too_slow").Because(err)
	}
	return made, err
}

// makeOrSay is make, whose panic is one more failure: it must not leave an export that seems to be under way for ever.
func (s *Service) makeOrSay(ctx context.Context, x *Export, written *atomic.Int64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("make export %s: panic: %v\n%s", x.ID, p, debug.Stack())
		}
	}()
	return s.make(ctx, x, written)
}

// finish keeps how an export ended.
func (s *Service) finish(ctx context.Context, made Export, failed error) error {
	made.State = Ready
	if failed != nil {
		if made.State, made.Failure = Failed, fault.CodeOf(failed); made.Failure == "" {
			made.Failure = "internal"
		}
	}
	err := s.Work.FinishExport(ctx, made)
	if err != nil || made.State == Failed {
		s.Folder.Remove(made.ID)
	}
	switch {
	case err != nil && fault.CodeOf(err) != "export.overtaken":
		return err
	case made.Failure == "internal":
		return failed
	}
	return nil
}

func (s *Service) beat(ctx context.Context, cancel context.CancelCauseFunc, x Export, written *atomic.Int64) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			x.Entries = int(written.Load())
			if err := s.Work.BeatExport(ctx, x); fault.CodeOf(err) == "export.overtaken" {
				cancel(err)
				return
			}
		}
	}
}

// rights is what of an order its officer may see now: never more than was ordered, and perhaps approved. A region that was
// named must still be theirs as it was; of everything that they had, what they kept is left.
func (s *Service) rights(ctx context.Context, x Export) (authz.Scope, error) {
	now, err := s.Rights(ctx, x.Officer, authz.ExportCreate)
	if kind := fault.KindOf(err); err != nil && kind != fault.Forbidden && kind != fault.NotFound {
		return authz.Scope{}, err
	}
	var codes []region.Code
	for _, code := range x.Scope {
		codes = append(codes, now.Intersect(code).Regions()...)
	}
	scope := authz.ScopeOver(codes...)
	if err != nil || scope.Empty() || x.Asked.Region != "" && !coversAll(scope, x.Scope) {
		return authz.Scope{}, fault.New(fault.Forbidden, "export.right_lost")
	}
	return scope, nil
}

// make writes the file under the rights that whoever asked has now.
func (s *Service) make(ctx context.Context, x *Export, written *atomic.Int64) error {
	scope, err := s.rights(ctx, *x)
	if err != nil {
		return err
	}
	if err := s.reach(ctx, scope, x.Asked); err != nil {
		return err
	}
	x.Scope = scope.Regions()
	signed, asOf, err := s.Checkpoint(ctx, x.Asked.AsOf)
	if err != nil {
		return err
	}
	file, err := s.Folder.Create(x.ID, x.Attempt)
	if err != nil {
		return err
	}
	defer file.Abandon()
	err = s.Work.Snapshot(ctx, scope, *x, asOf, func(snap Snapshot) error {
		m := &making{Service: s, ctx: ctx, x: x, snap: snap, asOf: asOf, checkpoint: signed, written: written}
		if x.Asked.Format == XLSX {
			return m.book(file)
		}
		return m.bundle(file)
	})
	if err != nil {
		return err
	}
	if x.Bytes, x.SHA256, err = file.Finish(); err != nil {
		return err
	}
	return ctx.Err()
}
