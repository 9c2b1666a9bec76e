package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/course"
	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/mail"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/policies"
)

// app is the whole program wired together: the only place that knows every part.
type app struct {
	book     *lawbook.Book
	current  atomic.Pointer[v1.Services] // those of the law now, for jobs
	store    *stores.Stores
	matrix   *enforcer.Enforcer
	measures measure.Book
	services v1.Services
	sessions *officer.Sessions
	clock    clock.Clock
	vault    *vault.Vault
	key      *translog.Key
	sink     translog.Sink
	access   *accesslog.Recorder
	reminder *mail.Reminder // nil where no mail server is named
	log      *slog.Logger
	made     *madeDemo   // the demo office as far as it was made at this start; nil in a program without
	close    func()      // gives back what serving took
	tried    atomic.Bool // the first publication since the start has succeeded or failed
}

// laws is what the program reads from its policies.
type laws struct {
	base        *lawbook.Law
	tree        *region.Tree
	calendar    *calendar.Calendar
	programmes  *assessment.Programmes
	termination termination.Law
	matrix      *enforcer.Enforcer
	measures    measure.Book
	hubs        track.Hubs
	points      matching.PointsOf
}

func loadLaws() (*laws, error) { return readLaws(os.Getenv("TANGGAP_LAW")) }

// readLaws reads the policies, with the files of the law in a folder going before the built-in ones; "" is no folder.
func readLaws(folder string) (*laws, error) {
	regions, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		return nil, fmt.Errorf(spoken("open regions: %w"), err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		return nil, fmt.Errorf(spoken("open superseded regions: %w"), err)
	}
	var l laws
	if l.tree, err = region.Load(regions, superseded); err != nil {
		return nil, fmt.Errorf(spoken("load regions: %w"), err)
	}
	var own fs.FS
	if folder != "" {
		own = os.DirFS(folder)
	}
	if l.base, err = lawbook.Built(policies.FS, own); err != nil {
		return nil, err
	}
	l.calendar, l.programmes, l.termination = l.base.Calendar, l.base.Programmes, l.base.Programmes.Termination
	l.measures, l.points = l.base.Measures, l.base.Points
	if l.hubs, err = track.LoadHubs(policies.FS); err != nil {
		return nil, err
	}
	if l.matrix, err = enforcer.Load(policies.FS); err != nil {
		return nil, fmt.Errorf(spoken("load access policy: %w"), err)
	}
	return &l, nil
}

// open wires the program to a database that has its schema.
func open(ctx context.Context, r *reached, conns int32, log *slog.Logger) (*app, error) {
	return openAt(ctx, r, conns, log, clock.System())
}

// openAt is open with a clock of its own.
func openAt(ctx context.Context, r *reached, conns int32, log *slog.Logger, now clock.Clock) (*app, error) {
	l, err := loadLaws()
	if err != nil {
		return nil, err
	}
	s, err := stores.Open(ctx, store.Config{DSN: r.app, MaxConns: conns, Vault: r.vault, Tree: l.tree,
		Measures: l.measures, Timeline: filepath.Join(filepath.Dir(r.keys), "timeline.json"), Log: log})
	if err != nil {
		return nil, err
	}
	if err := s.Identify(ctx, r.log); err != nil {
		s.Close()
		return nil, r.keysetFault(err)
	}
	place, err := document.OpenPlace(ctx, r.documents, r.vault.Fingerprint())
	if err != nil {
		s.Close()
		return nil, err
	}
	a := &app{store: s, matrix: l.matrix, measures: l.measures, clock: now, vault: r.vault, key: r.log,
		sink: r.sink, log: log}
	a.sessions = officer.NewSessions(s.Officers, a.clock)
	cases := casework.New(casework.Deps{Store: s.Cases, Assignments: s.Cases, Many: s.Cases, Loads: s.Cases,
		Clock: a.clock, Tree: l.tree, JKP: l.programmes.JKP,
		Measures: l.measures})
	layoffs := &layoff.Service{Store: s.Layoffs, Tree: l.tree, Clock: a.clock, Law: l.termination, Calendar: l.calendar}
	a.access = accesslog.NewRecorder(ctx, s.Access)
	a.services = v1.Services{
		Changes: s.Feed, Mail: s.Mail,
		Access: s.Access, Log: s.Log, LogKey: r.log.Public(), Regions: s.CaseRegion,
		Privacy:   &privacy.Service{Store: s.Privacy, Cases: cases, Measures: l.measures},
		Oversight: &oversight.Service{Store: s.Oversight, LogSize: s.LogSize},
		Documents: &document.Service{Store: s.Tracks, Place: place, Scanner: document.Scanner{Address: r.scanner},
			Clock: a.clock},
		Merger: &casework.Merger{Store: s.Cases, Cases: cases},
		Cases:  cases, Tree: l.tree, Layoffs: layoffs,
		Tracks: &track.Service{Store: s.Tracks, Referrals: s.Tracks, Cases: cases, Rules: track.Rules{JKP: l.programmes.JKP,
			Prakerja: l.programmes.Prakerja, Hubs: l.hubs, Measures: l.measures, Calendar: l.calendar}},
		Work: s.Tracks, Courses: &course.Service{Store: s.Courses, Tree: l.tree},
		Vacancies: &vacancy.Service{Store: s.Vacancies, Fairs: s.Vacancies, Tree: l.tree, Clock: a.clock,
			Measures: l.measures},
		Matching: &matching.Service{Market: s.Matching, Runs: s.Matching, Cases: cases, Points: l.points, Rights: a.rights},
		Officers: &officer.Service{Store: s.Officers, Emergencies: s.Officers, Sessions: a.sessions, Tree: l.tree,
			Measures: l.measures},
		Programmes: l.programmes,
		Statistics: &statistics.Service{Store: s.Reports, Loads: s.Cases, Clock: a.clock},
		Intakes: &intake.Service{Store: s.Intakes, Layoffs: layoffs, Cases: cases, Tree: l.tree, Rights: a.rights,
			Served: s.Served},
	}
	a.services.Documents.Tracks = a.services.Tracks
	rights := &officer.Service{Store: s.Officers, Sessions: a.sessions, Matrix: l.matrix}
	a.services.Bulk = &bulk.Service{Store: s.Bulk, Work: s.Bulk, Cases: cases, Tracks: a.services.Tracks, Tree: l.tree,
		Regions: s.CaseRegion, Rights: a.rights, Works: rights.Works, Roles: rights.WorkingRoles, Assignee: rights.Assignee}
	if a.book, err = lawbook.Open(ctx, l.base, s.Laws); err != nil {
		s.Close()
		return nil, fmt.Errorf(spoken("%w (a release that cannot be read is taken back on the database itself: "+
			"tanggap law withdraw ID --unreadable --reason WHY)"), err)
	}
	a.services.Law = &lawbook.Service{Store: s.Laws, Book: a.book, Clock: a.clock}
	a.services.Exports = export.New(export.Deps{Store: s.Exports, Work: s.Exports, Cases: s.Cases, Tree: l.tree,
		Folder:   export.Folder{Path: r.exports},
		Measures: l.measures, Rights: a.rights, Checkpoint: a.checkpoint, Sign: r.log.Sign,
		LogKey: r.log.Public(), Derive: func(purpose string) []byte { return r.vault.Derive(purpose) }})
	a.goBy(a.book.Law())
	a.book.OnChange(a.goBy)
	return a, nil
}

// goBy makes everything that begins from now on go by a law.
func (a *app) goBy(l *lawbook.Law) {
	now := a.services.Under(l)
	a.store.Follow(l.Measures)
	a.current.Store(&now)
}

// checkpoint gives the published checkpoint of a size; 0 seals and publishes the log as it is now.
func (a *app) checkpoint(ctx context.Context, size int64) (string, audit.Checkpoint, error) {
	if size == 0 {
		if _, err := a.store.Seal(ctx); err != nil {
			return "", audit.Checkpoint{}, err
		}
		if err := a.publish(ctx); err != nil {
			return "", audit.Checkpoint{}, err
		}
	}
	return a.store.CheckpointOf(ctx, a.key, size)
}

// rights is where an officer may do an action now, for work that runs without a session.
func (a *app) rights(ctx context.Context, id authz.OfficerID, action authz.Action) (authz.Scope, error) {
	actor, err := a.store.ActorOf(ctx, id)
	if err != nil {
		return authz.Scope{}, err
	}
	return authz.Permit(actor, a.matrix, action, a.clock.Now())
}

// server is the API over the wired program.
func (a *app) server(l limits, pages bool) *api.Server {
	registry := prometheus.NewRegistry()
	registry.MustRegister(lawDays{a.book.Law, a.clock})
	server := api.New(api.Options{V1: *a.current.Load(), Registry: registry,
		Ready: map[string]func(context.Context) error{"database": a.store.Ping, "checkpoints": a.vouched,
			"standby": a.store.Confirmed},
		Told: a.told, NoPages: !pages, PageKey: a.vault.Derive("console v1"), Proxies: l.Proxies, Origins: l.origins(),
		Edge: rest.Deps{Sessions: a.sessions, Matrix: a.matrix, Measures: a.book.Law().Measures, Clock: a.clock,
			Cursors: page.NewSigner(a.vault.Derive("cursor v1")), Access: a.access, Log: a.log, Limits: l.edge()}})
	a.book.OnChange(func(l *lawbook.Law) { server.Follow(*a.current.Load(), l.Measures) })
	return server
}

// stopped is why nothing can be written; nil while it can.
func (a *app) stopped(ctx context.Context) error {
	st, err := a.store.LogStanding(ctx)
	if err != nil {
		return err
	}
	return st.Err()
}

// vouched tells whether the evidence is in order: the first publication was tried, and nothing keeps entries from being
// written.
func (a *app) vouched(ctx context.Context) error {
	if err := a.stopped(ctx); err != nil {
		return err
	}
	if !a.tried.Load() {
		return logstore.ErrPublishing
	}
	return nil
}

// told is how the log stands with the world outside, in words for whoever runs the server.
func (a *app) told(ctx context.Context) map[string]string {
	st, err := a.store.LogStanding(ctx)
	if err != nil {
		return nil
	}
	out := a.lawTold(ctx)
	if st.Publishing != nil {
		out["publishing"] = fmt.Sprintf("%d of %d", st.Publishing.Done, st.Publishing.Of)
	}
	if st.UnpublishedFor > 0 {
		out["unpublished_for"] = st.UnpublishedFor.Round(time.Second).String()
	}
	return out
}
