package export

import (
	"context"
	"encoding/base32"
	"fmt"
	"os"
	"strings"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/region"
)

// Deps are what exports need.
type Deps struct {
	Store  Store
	Work   WorkStore
	Cases  casework.Store
	Folder Folder
	// Tree names regions; without it they are told by their codes.
	Tree *region.Tree
	// Measures say how long a file is kept.
	Measures measure.Book
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

// Under is the service by other measures.
func (s *Service) Under(m measure.Book) *Service {
	next := *s
	next.Measures = m
	return &next
}

// Order takes an export on. The passphrase opens the file and is told here only, and only by the first answer to an
// order; it is empty when the caller gave an age key. With the full profile a second officer must approve before it
// runs, and a reason must be given to them.
func (s *Service) Order(ctx context.Context, op authz.Op, asked Request, profile Profile, reason string) (Export,
	string, error) {
	if err := s.check(ctx, op, asked, profile, reason); err != nil {
		return Export{}, "", err
	}
	scope := within(op.Scope, asked)
	x := Export{Officer: op.Actor, Asked: asked, Profile: profile, Reason: strings.TrimSpace(reason),
		Scope: scope.Regions(), State: Queued}
	if profile == Full {
		x.State = Awaiting
	}
	x, err := s.Store.CreateExport(ctx, op, x)
	if err != nil || asked.Recipient != "" || x.Again {
		return x, "", err
	}
	return x, s.passphrase(x.ID), nil
}

func (s *Service) check(ctx context.Context, op authz.Op, a Request, profile Profile, reason string) error {
	switch {
	case a.Format == Dossier && (a.Case == "" || profile == Sealed):
		return fault.New(fault.Invalid, "export.dossier_of_case").At("case")
	case a.Format == XLSX && a.Recipient != "":
		return fault.New(fault.Invalid, "export.recipient_not_xlsx").At("recipient")
	case !a.From.IsZero() && !a.Until.IsZero() && a.Until.Before(a.From):
		return fault.New(fault.Invalid, "export.period").At("until")
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
func (s *Service) reach(ctx context.Context, scope authz.Scope, a Request) error {
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
	if a.Officer != "" {
		found, err := s.Store.OfficerInReach(ctx, scope, a.Officer)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "officer.not_found")
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

func within(scope authz.Scope, a Request) authz.Scope {
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

// List reads a page of one's own exports, newest first. What of them the scope may see is for Seen.
func (s *Service) List(ctx context.Context, officer authz.OfficerID, after uuid.UUID, limit int) ([]Export, error) {
	return s.Store.ListExports(ctx, officer, after, limit)
}

// Seen is what a scope may see of exports; see Export.For.
func Seen(list []Export, scope authz.Scope) []Export {
	seen := make([]Export, 0, len(list))
	for _, x := range list {
		if shown, there := x.For(scope); there {
			seen = append(seen, shown)
		}
	}
	return seen
}

// Awaiting lists the exports of others that wait for a second officer who sees all of them.
func (s *Service) Awaiting(ctx context.Context, op authz.Op) ([]Export, error) {
	return s.Store.AwaitingExports(ctx, op.Scope, op.Actor)
}

// Decide lets another officer's export run, or refuses it. Nobody decides on their own, nor on more than they may see;
// and whoever asked must still have the right.
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
func (s *Service) Fetch(ctx context.Context, officer authz.OfficerID, scope authz.Scope, id uuid.UUID) (Export,
	*os.File, error) {
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
