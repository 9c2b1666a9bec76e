// Package apitest runs the whole program on a database of the test's own: the real server, the real rules, the real
// PostgreSQL as the runtime role. Only the clock can be made to stand.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/accesslog"
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
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/translog"
	"github.com/tanggap/tanggap/pkg/vacancy"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/pkg/webhook"
	"github.com/tanggap/tanggap/policies"
)

// Bundle is a running program.
type Bundle struct {
	Server   *api.Server
	Store    *stores.Stores
	Database *storetest.Database
	Services v1.Services
	Sessions *officer.Sessions
	Vault    *vault.Vault
	Key      *translog.Key
	Sink     translog.Folder
	// Documents is where scans lie, in the folder DocumentFolder.
	Documents      *document.Place
	DocumentFolder string
	matrix         authz.Matrix
	door           webhook.Door
}

// Setup says what is otherwise than in the usual program.
type Setup struct {
	Matrix   authz.Matrix        // instead of the access policy
	Database *storetest.Database // instead of a new one on the shared server
	Limits   rest.Limits         // of callers; without limits when zero, for tests ask for much in little time
	Times    rest.Times
	Log      slog.Handler   // nothing is logged when nil
	Networks []netip.Prefix // of receivers of webhooks, which may be private
	Scanner  string         // address of a clamd; documents are not looked at when empty
	Origins  []string       // of pages elsewhere that may read answers
}

// New starts a program. A matrix that is given stands in for the access policy.
func New(t testing.TB, matrix ...authz.Matrix) *Bundle {
	t.Helper()
	if len(matrix) > 0 {
		return With(t, Setup{Matrix: matrix[0]})
	}
	return With(t, Setup{})
}

// With starts a program that differs from the usual one.
func With(t testing.TB, setup Setup) *Bundle {
	t.Helper()
	setup.complete(t)
	law := must(lawbook.Built(policies.FS, nil))(t)
	b := &Bundle{Database: setup.Database, Vault: must(vault.Generate())(t), matrix: setup.Matrix,
		door: webhook.Door{Networks: setup.Networks}}
	b.Store = must(stores.Open(t.Context(), store.Config{DSN: b.Database.AppDSN, MaxConns: 8, Vault: b.Vault,
		Tree: Tree(t), Measures: law.Measures}))(t)
	t.Cleanup(b.Store.Close)
	b.Sessions = officer.NewSessions(b.Store.Officers, clock.System())
	b.Key = must(translog.NewKey("tanggap/test", b.Vault.Derive("checkpoint v1")))(t)
	b.Sink = translog.Folder{Path: filepath.Join(t.TempDir(), "checkpoints")}
	b.DocumentFolder = filepath.Join(t.TempDir(), "documents")
	b.Documents = must(document.OpenPlace(t.Context(), b.DocumentFolder, b.Vault.Fingerprint()))(t)
	t.Cleanup(func() { _ = b.Documents.Close() })
	book := must(lawbook.Open(t.Context(), law, b.Store.Laws))(t)
	b.Services = b.services(t, setup, law)
	b.Services.Law = &lawbook.Service{Store: b.Store.Laws, Book: book, Clock: clock.System()}
	b.Services = b.Services.Under(book.Law())
	b.Server = api.New(api.Options{V1: b.Services, Origins: setup.Origins, Registry: prometheus.NewRegistry(),
		Ready: map[string]func(context.Context) error{"database": b.Store.Ping},
		Edge: rest.Deps{Sessions: b.Sessions, Matrix: b.matrix, Measures: law.Measures, Clock: clock.System(),
			Cursors: page.NewSigner(b.Vault.Derive("cursor v1")), Log: slog.New(setup.Log), Limits: setup.Limits,
			Access: accesslog.NewRecorder(t.Context(), b.Store.Access), Times: setup.Times}})
	book.OnChange(func(l *lawbook.Law) {
		b.Services = b.Services.Under(l)
		b.Store.Follow(l.Measures)
		b.Server.Follow(b.Services, l.Measures)
	})
	return b
}

// complete fills in what is as usual.
func (s *Setup) complete(t testing.TB) {
	t.Helper()
	if s.Database == nil {
		s.Database = storetest.New(t)
	}
	if s.Limits == (rest.Limits{}) {
		s.Limits.Anonymous = 10_000
	}
	if s.Log == nil {
		s.Log = slog.DiscardHandler
	}
	if s.Matrix == nil {
		s.Matrix = must(enforcer.Load(policies.FS))(t)
	}
}

// services are those of the program; their law is put in by Under.
func (b *Bundle) services(t testing.TB, setup Setup, law *lawbook.Law) v1.Services {
	t.Helper()
	now, tree, s := clock.System(), Tree(t), b.Store
	cases := casework.New(casework.Deps{Store: s.Cases, Assignments: s.Cases, Many: s.Cases, Loads: s.Cases, Clock: now,
		Tree: tree})
	layoffs := &layoff.Service{Store: s.Layoffs, Tree: tree, Clock: now}
	tracks := &track.Service{Store: s.Tracks, Referrals: s.Tracks, Cases: cases,
		Rules: track.Rules{Hubs: must(track.LoadHubs(policies.FS))(t)}}
	rights := &officer.Service{Store: s.Officers, Sessions: b.Sessions, Matrix: b.matrix}
	return v1.Services{Regions: s.CaseRegion, Cases: cases, Tree: tree, Layoffs: layoffs, Tracks: tracks, Work: s.Tracks,
		Privacy:   &privacy.Service{Store: s.Privacy, Cases: cases},
		Oversight: &oversight.Service{Store: s.Oversight, LogSize: s.LogSize},
		Access:    s.Access, Log: s.Log, LogKey: b.Key.Public(),
		Mail: s.Mail, Changes: s.Feed, Webhooks: &webhook.Service{Store: s.Feed, Door: &b.door, Clock: now, Derive: b.derive,
			Sender: webhook.NewSender(b.door, now, nil)},
		Exports: export.New(export.Deps{Store: s.Exports, Work: s.Exports, Cases: s.Cases, Tree: tree,
			Folder: export.Folder{Path: filepath.Join(t.TempDir(), "exports")}, Measures: law.Measures, Rights: b.rights,
			Checkpoint: b.checkpoint, Sign: b.Key.Sign, LogKey: b.Key.Public(),
			Derive: b.derive}),
		Officers:   &officer.Service{Store: s.Officers, Emergencies: s.Officers, Sessions: b.Sessions, Tree: tree},
		Statistics: &statistics.Service{Store: s.Reports, Loads: s.Cases, Clock: now},
		Courses:    &course.Service{Store: s.Courses, Tree: tree},
		Vacancies:  &vacancy.Service{Store: s.Vacancies, Fairs: s.Vacancies, Tree: tree, Clock: now},
		Matching:   &matching.Service{Market: s.Matching, Runs: s.Matching, Cases: cases, Rights: b.rights},
		Intakes: &intake.Service{Store: s.Intakes, Layoffs: layoffs, Cases: cases, Tree: tree, Rights: b.rights,
			Served: s.Served},
		Merger: &casework.Merger{Store: s.Cases, Cases: cases},
		Bulk: &bulk.Service{Store: s.Bulk, Work: s.Bulk, Cases: cases, Tracks: tracks, Tree: tree, Regions: s.CaseRegion,
			Rights: b.rights, Works: rights.Works, Roles: rights.WorkingRoles, Assignee: rights.Assignee},
		Documents: &document.Service{Store: s.Tracks, Tracks: tracks, Place: b.Documents,
			Scanner: document.Scanner{Address: setup.Scanner}, Clock: now}}
}

// must ends the test where a part of the program cannot be made.
func must[T any](made T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
}

// Listen serves on a port of its own until the test ends, and gives its address.
func (b *Bundle) Listen(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.Serve(t, listener)
	return listener.Addr().String()
}

// Serve serves until the test ends.
func (b *Bundle) Serve(t testing.TB, listener net.Listener) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- b.Server.Run(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("the server does not end")
		}
	})
}

// Tree is the regions of the country.
func Tree(t testing.TB) *region.Tree {
	t.Helper()
	regions, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(regions, superseded)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// checkpoint publishes the log as it is now, as the server does beside its requests.
func (b *Bundle) checkpoint(ctx context.Context, size int64) (string, audit.Checkpoint, error) {
	if size == 0 {
		if _, err := b.Store.Seal(ctx); err != nil {
			return "", audit.Checkpoint{}, err
		}
		if _, err := b.Store.Publish(ctx, b.Key, b.Sink); err != nil {
			return "", audit.Checkpoint{}, err
		}
	}
	return b.Store.CheckpointOf(ctx, b.Key, size)
}

func (b *Bundle) derive(purpose string) []byte { return b.Vault.Derive(purpose) }

// Deliverer delivers to webhooks, as the jobs of the server do.
func (b *Bundle) Deliverer(now clock.Clock) *webhook.Deliverer {
	return &webhook.Deliverer{Store: b.Store.Feed, Changes: b.Store.Feed, Sender: b.Services.Webhooks.Sender, Clock: now,
		Rights: b.rights, Derive: b.derive, Log: slog.New(slog.DiscardHandler)}
}

// Publish seals and publishes the log as it is now.
func (b *Bundle) Publish(t testing.TB) {
	t.Helper()
	if _, _, err := b.checkpoint(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
}

func (b *Bundle) rights(ctx context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error) {
	actor, err := b.Store.ActorOf(ctx, id)
	if err != nil {
		return authz.Scope{}, err
	}
	return authz.Permit(actor, b.matrix, a, clock.System().Now())
}

// Address is where requests come from, as net/http/httptest has it.
const Address = "192.0.2.1"

// Officer is somebody signed in.
type Officer struct {
	b     *Bundle
	ID    authz.OfficerID
	Email string
	Token string
	// Password is what they sign in with.
	Password string
}

// Officer adds an officer with a role in each of the regions, and signs them in.
func (b *Bundle) Officer(t testing.TB, role authz.Role, areas ...region.Code) *Officer {
	t.Helper()
	secret, hash := sharedPassword(t)
	o := &Officer{b: b, Email: uuid.NewString() + "@contoh.go.id", Password: secret}
	office := region.Code("")
	if len(areas) > 0 {
		office = areas[0]
	}
	op := authz.Op{Scope: authz.Everywhere()}
	made, err := b.Store.CreateOfficer(t.Context(), op, officer.Officer{Email: o.Email, Name: "Petugas " + string(role),
		Office: office}, hash)
	if err != nil {
		t.Fatal(err)
	}
	o.ID = made.ID
	for _, area := range areas {
		if _, err := b.Store.GrantRole(t.Context(), op, o.ID, officer.Grant{Role: role, Region: area,
			From: calendar.MustDate("2020-01-01")}); err != nil {
			t.Fatal(err)
		}
	}
	o.SignIn(t)
	return o
}

// shared is what the officers of all tests sign in with: making a hash for each would take most of a test's time.
var shared struct {
	once         sync.Once
	secret, hash string
	err          error
}

func sharedPassword(t testing.TB) (secret, hash string) {
	t.Helper()
	shared.once.Do(func() {
		shared.secret = password.Generate()
		shared.hash, shared.err = password.Hash(context.WithoutCancel(t.Context()), shared.secret) // of other tests, too
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.secret, shared.hash
}

// SignIn begins a new session, as if the password had been given.
func (o *Officer) SignIn(t testing.TB) {
	t.Helper()
	c, err := o.b.Store.Credential(t.Context(), o.Email, Address)
	if err != nil {
		t.Fatal(err)
	}
	o.Token = password.Generate()
	now := clock.System().Now()
	begun, _, err := o.b.Store.StartSession(t.Context(), officer.SessionStart{Officer: o.ID, Hash: c.Hash,
		Digest: officer.Digest(o.Token), Now: now, Expires: now.Add(12 * time.Hour), Most: 10, Address: Address})
	if err != nil || !begun {
		t.Fatalf("begin a session: %t, %v", begun, err)
	}
}

// Confirm gives the password again; the officer goes on under the new token.
func (o *Officer) Confirm(t testing.TB) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/session/confirmation", map[string]any{"password": o.Password})
	var session struct{ Token string }
	if a.JSON(t, &session); a.Status != http.StatusOK || session.Token == "" {
		t.Fatalf("confirm: %d %s", a.Status, a.Body)
	}
	o.Token = session.Token
}

// Answer is what the server answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON decodes the body.
func (a Answer) JSON(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
}

// Code is the code of a problem.
func (a Answer) Code() string {
	var p struct{ Code string }
	_ = json.Unmarshal(a.Body, &p) // what is no problem has no code
	return p.Code
}

// Call makes a request. Headers are pairs of names and values; a POST gets an Idempotency-Key of its own unless one is
// given.
func (o *Officer) Call(t testing.TB, method, path string, body any, headers ...string) Answer {
	t.Helper()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, reader)
	r.Header.Set("Authorization", "Bearer "+o.Token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost || method == http.MethodPatch {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return o.b.Do(r)
}

// Upload posts a form with a file to a path.
func (o *Officer) Upload(t testing.TB, path string, file []byte, fields map[string]string, headers ...string) Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "pindaian")
	if err == nil {
		_, err = part.Write(file)
	}
	for name, value := range fields {
		err = errors.Join(err, form.WriteField(name, value))
	}
	if err := errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Authorization", "Bearer "+o.Token)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Idempotency-Key", uuid.NewString())
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return o.b.Do(r)
}

// Do makes a request as it is.
func (b *Bundle) Do(r *http.Request) Answer {
	w := httptest.NewRecorder()
	method, path := r.Method, r.URL.Path // before anybody rewrites them
	b.Server.ServeHTTP(w, r)
	keep(method, path, w.Code)
	return Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// Case is a case as the API shows it.
type Case struct {
	ID      string
	Region  string
	Stage   string
	Version int
	Claim   string
	Created string
}

// Worker is a worker for a case; the NIK is made of the region and a number.
func Worker(code region.Code, n int, name string) map[string]any {
	digits := "0000" + strings.TrimSpace(json.Number(itoa(n)).String())
	return map[string]any{"name": name, "nik": string(code) + "01" + "010190" + digits[len(digits)-4:], "wage": 4_000_000,
		"birth_date": "1990-01-01", "sex": "male", "phone": "081234567890", "address": "Jalan " + name}
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// Open opens a case.
func (o *Officer) Open(t testing.TB, code region.Code, n int, name string) Case {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": code, "terminated_on": "2026-10-01",
		"worker": Worker(code, n, name)})
	if a.Status != http.StatusCreated {
		t.Fatalf("open: %d %s", a.Status, a.Body)
	}
	var c Case
	a.JSON(t, &c)
	return c
}

// Change posts to a case under its version and keeps the new one.
func (o *Officer) Change(t testing.TB, c *Case, path string, body any) Answer {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+path, body, "If-Match", rest.ETag(c.Version))
	if a.Status < http.StatusMultipleChoices {
		a.JSON(t, c)
	}
	return a
}
