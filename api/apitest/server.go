package apitest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/edge"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/policies"
)

// Server is one Tanggap with what stands behind it.
type Server struct {
	*api.Server
	Database *storetest.Database
	Store    *store.Store
	Matrix   authz.Matrix
	Sessions *officer.Sessions
	Services v1.Services
	Clock    *clock.Fixed
	tree     *region.Tree
	vault    *vault.Vault
	calendar *calendar.Calendar
	jkp      *jkp.Programme
}

// Option changes a server before it is wired.
type Option func(*Server)

// WithMatrix puts another access matrix in the place of the policy's.
func WithMatrix(m authz.Matrix) Option { return func(s *Server) { s.Matrix = m } }

// New gives a server over an empty database at the newest schema.
func New(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := &Server{Database: storetest.New(t), Clock: clock.At(clock.System().Now())}
	must(t, s.load())
	for _, option := range options {
		option(s)
	}
	v, err := vault.Generate()
	must(t, err)
	s.vault = v
	s.Store, err = store.Open(t.Context(), store.Config{DSN: s.Database.AppDSN, MaxConns: 8, Vault: v, Tree: s.tree})
	must(t, err)
	t.Cleanup(s.Store.Close)
	s.wire()
	return s
}

// load reads the laws and the access policy.
func (s *Server) load() error {
	var readers [3]interface {
		Read(p []byte) (int, error)
	}
	for i, name := range []string{"regions.csv", "regions_superseded.csv", "holidays.csv"} {
		file, err := policies.FS.Open("reference/" + name)
		if err != nil {
			return fmt.Errorf("open %s: %w", name, err)
		}
		readers[i] = file
	}
	var err error
	if s.tree, err = region.Load(readers[0], readers[1]); err != nil {
		return fmt.Errorf("load regions: %w", err)
	}
	if s.calendar, err = calendar.Load(readers[2]); err != nil {
		return fmt.Errorf("load holidays: %w", err)
	}
	if s.jkp, err = jkp.Load(policies.FS); err != nil {
		return fmt.Errorf("load JKP rules: %w", err)
	}
	if s.Matrix, err = enforcer.Load(policies.FS); err != nil {
		return fmt.Errorf("load access policy: %w", err)
	}
	return nil
}

// wire does what cmd/tanggap does.
func (s *Server) wire() {
	s.Sessions = officer.NewSessions(s.Store, s.Clock)
	cases := casework.New(casework.Deps{Store: s.Store, Clock: s.Clock, Tree: s.tree, JKP: s.jkp})
	layoffs := &layoff.Service{Store: s.Store, Tree: s.tree}
	s.Services = v1.Services{
		Cases: cases, Tree: s.tree, Layoffs: layoffs,
		Tracks:   &track.Service{Store: s.Store, Cases: cases, JKP: s.jkp, Calendar: s.calendar},
		Officers: &officer.Service{Store: s.Store, Sessions: s.Sessions, Tree: s.tree},
		Intakes:  &intake.Service{Store: s.Store, Layoffs: layoffs, Cases: cases, Tree: s.tree, Rights: s.rights},
	}
	s.Server = api.New(api.Options{V1: s.Services, Registry: prometheus.NewRegistry(),
		Ready: map[string]func(context.Context) error{"database": s.Store.Ping},
		Edge: edge.Deps{Sessions: s.Sessions, Matrix: s.Matrix, Clock: s.Clock, Cursors: page.NewSigner(s.vault.Derive("cursor v1")),
			Log: slog.New(slog.DiscardHandler)}})
}

func (s *Server) rights(ctx context.Context, id authz.OfficerID, action authz.Action) (authz.Scope, error) {
	actor, err := s.Store.ActorOf(ctx, id)
	if err != nil {
		return authz.Scope{}, err
	}
	return authz.Permit(actor, s.Matrix, action, calendar.Of(s.Clock.Now(), calendar.WIB))
}

// Today is the civil date in Jakarta.
func (s *Server) Today() calendar.Date { return calendar.Of(s.Clock.Now(), calendar.WIB) }

// Settle does the work of the intakes that wait for a job: it checks and applies.
func (s *Server) Settle(t testing.TB) {
	t.Helper()
	check, apply, err := s.Store.WaitingIntakes(t.Context(), 0)
	must(t, err)
	each := func(ids []uuid.UUID, work func(context.Context, uuid.UUID) error) {
		for _, id := range ids {
			must(t, work(t.Context(), id))
		}
	}
	each(check, s.Services.Intakes.Check)
	each(apply, s.Services.Intakes.Run)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
