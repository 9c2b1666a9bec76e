package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/demo"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

type demoCommand struct {
	database
	Empty bool `help:"Only the officers: no made-up workers."`
}

// Run adds the demo office to a migrated database.
func (c *demoCommand) Run(ctx context.Context) error {
	if err := c.begin(true, true); err != nil {
		return err
	}
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.migrate(ctx, c.tell); err != nil {
		return err
	}
	a, err := open(ctx, r, 4, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.store.Close()
	made, err := makeDemo(ctx, r, a, c.Empty)
	if err != nil {
		return err
	}
	made.print()
	if err := made.fill(ctx); err != nil {
		return err
	}
	if made.secrets == nil {
		fmt.Println(spoken("There are officers already: none was added."))
		return nil
	}
	fmt.Printf(spoken("Start it with: %s\n"), c.called("serve"))
	return nil
}

// demoOfficer is one of the people of the demo: each has one role in one region.
type demoOfficer struct {
	email, name  string
	office, area region.Code
	role         authz.Role
	does         string
}

var demoOfficers = []demoOfficer{
	{"bandung@demo.tanggap.id", "Petugas Kota Bandung", "3273", "3273", authz.CaseWorker,
		"case worker of Kota Bandung (3273)"},
	{"jabar@demo.tanggap.id", "Kepala Seksi Jawa Barat", "32", "32", authz.Supervisor,
		"head: decides, assigns, Jawa Barat (32)"},
	{"auditor@demo.tanggap.id", "Auditor Nasional", "", "", authz.Auditor, "auditor: exports, proofs, findings"},
	{"pusat@demo.tanggap.id", "Sari (Kemnaker)", "", "", authz.Supervisor, "the ministry: the whole nation"},
	{"admin@demo.tanggap.id", "Admin Pusat", "", "", authz.Administrator, "administrator: officers, law"},
	{"kabbandung@demo.tanggap.id", "Petugas Kabupaten Bandung", "3204", "3204", authz.CaseWorker,
		"case worker of Kabupaten Bandung (3204)"},
	{"bpjs@demo.tanggap.id", "Layanan BPJS Ketenagakerjaan", "", "", authz.Service,
		"service account: pays months, webhooks"},
}

// madeDemo is what was made at this start, and how the rest is made. The passwords are shown in between: whoever stops
// the program while the office is filled has them.
type madeDemo struct {
	secrets []string // passwords in the order of demoOfficers; nil when there were officers
	fill    func(context.Context) error
}

// errNotDemo says that the database is somebody's own.
var errNotDemo = errors.New(spoken("this database holds officers or cases that no demo made: start it without " +
	"--demo, or name an empty database"))

// makeDemo adds the officers of the demo to an empty database. It leaves alone those that are there, and refuses a
// database that began as anything else.
func makeDemo(ctx context.Context, r *reached, a *app, empty bool) (*madeDemo, error) {
	made := &madeDemo{fill: func(context.Context) error { return nil }}
	present, err := a.store.ListOfficers(ctx, authz.Everywhere(), officer.Filter{Limit: 1})
	if err != nil {
		return made, err
	}
	is, err := a.isDemo(ctx)
	if err != nil {
		return made, err
	}
	if !empty {
		made.fill = func(ctx context.Context) error { return fillDemo(ctx, r, a) }
	}
	switch {
	case len(present) == 0 && r.found.Data, len(present) > 0 && !is:
		return made, errNotDemo
	case len(present) == 0:
		made.secrets, err = addDemoOfficers(ctx, a)
	}
	return made, err
}

// isDemo tells whether a database began as a demo: it has an account of one, which is made in an empty one only.
func (a *app) isDemo(ctx context.Context) (bool, error) {
	for _, d := range demoOfficers {
		if c, err := a.store.Credential(ctx, d.email, ""); err != nil || c.Hash != "" {
			return err == nil, err
		}
	}
	return false, nil
}

func addDemoOfficers(ctx context.Context, a *app) (secrets []string, err error) {
	for _, d := range demoOfficers {
		secret := password.Generate()
		if err := addOfficer(ctx, a, d, secret); err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// fillDemo tells what happened in the office to an API whose clock goes through the past year.
func fillDemo(ctx context.Context, r *reached, a *app) error {
	past := clock.At(a.clock.Now())
	told, err := openAt(ctx, r, 4, slog.New(slog.DiscardHandler), past)
	if err != nil {
		return err
	}
	defer told.store.Close()
	var tokens []string
	t := demo.Teller{API: told.server(limits{}, false), Clock: past, Fresh: !r.found.Data,
		Bearer: func(ctx context.Context, name string) (string, error) {
			token, err := a.demoSession(ctx, name)
			tokens = append(tokens, token)
			return token, err
		}}
	err = t.Tell(ctx)
	for _, token := range tokens {
		err = errors.Join(err, a.sessions.SignOut(ctx, token))
	}
	switch {
	case err != nil && r.found.Data: // somebody has worked in it: it is theirs now
		a.log.WarnContext(ctx, "the demo office is left as it is", "error", err)
	case err != nil:
		return fmt.Errorf(spoken("fill the demo office: %w"), err)
	}
	return nil
}

// demoSession lets an officer of the demo in without a password, for a few minutes: nobody keeps the passwords.
func (a *app) demoSession(ctx context.Context, name string) (token string, err error) {
	c, err := a.store.Credential(ctx, name+"@demo.tanggap.id", "127.0.0.1")
	if err != nil {
		return "", err
	}
	token = rand.Text()
	now := a.clock.Now()
	begun, _, err := a.store.StartSession(ctx, officer.SessionStart{Officer: c.Officer, Hash: c.Hash,
		Digest: officer.Digest(token), Now: now, Expires: now.Add(10 * time.Minute), Most: 10, Address: "127.0.0.1"})
	if err == nil && !begun {
		err = fmt.Errorf(spoken("the account of %s changes"), name)
	}
	return token, err
}

// print shows the passwords, once.
func (m *madeDemo) print() {
	if m.secrets == nil {
		return
	}
	fmt.Print(spoken("\nA demo office was made, with made-up people. These passwords are shown once:\n\n"))
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for i, d := range demoOfficers {
		_, _ = fmt.Fprintf(out, "  %s\t%s\t%s\n", d.email, m.secrets[i], spoken(d.does))
	}
	_ = out.Flush()
}

// clientDefault is the server that the client commands call when none is named.
const clientDefault = "127.0.0.1:8080"

// welcome says where to go, who one can be there, and where to read on.
func (d *database) welcome(listen string, made *madeDemo) {
	fmt.Printf(spoken("\nTanggap, to open in a browser and sign in:  http://%s\n"), listen)
	if made.secrets == nil {
		fmt.Printf(spoken("The passwords were printed at the first start; set a new one with: %s\n\n"),
			d.called("officer", "password", "EMAIL"))
		return
	}
	made.print()
	fmt.Printf(spoken("\nWhat to try first: README.md. The API by itself, from a terminal: http://%s/docs/guides\n"),
		listen)
	if listen != clientDefault {
		fmt.Printf(spoken("The commands of tanggap find this server with: export TANGGAP_SERVER=http://%s\n"), listen)
	}
	fmt.Println()
}

func orNation(code region.Code) string {
	if code == "" {
		return spoken("the whole nation")
	}
	return string(code)
}

// began is the day from which the officers of the demo work: before anything that happened in their office.
func began(now time.Time) calendar.Date { return calendar.Of(now, calendar.WIB).AddMonths(-24) }

// addOfficer adds an officer with one role, on nobody's behalf: the first ones have nobody above them.
func addOfficer(ctx context.Context, a *app, d demoOfficer, secret string) error {
	hash, err := password.Hash(ctx, secret)
	if err != nil {
		return err
	}
	op := authz.Op{Scope: authz.Everywhere()}
	o, err := a.store.CreateOfficer(ctx, op, officer.Officer{Email: d.email, Name: d.name, Office: d.office}, hash)
	if err != nil {
		return err
	}
	_, err = a.store.GrantRole(ctx, op, o.ID, officer.Grant{Role: d.role, Region: d.area, From: began(a.clock.Now())})
	return err
}
