package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

type demoCommand struct {
	database
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
	made, err := makeDemo(ctx, a)
	if err != nil {
		return err
	}
	if !made {
		fmt.Println("There are officers already: nothing was added.")
		return nil
	}
	fmt.Printf("Start it with: %s\n", c.called("serve"))
	return nil
}

// demoOfficer is one of the people of the demo: each has one role in one region.
type demoOfficer struct {
	email, name  string
	office, area region.Code
	role         authz.Role
}

var demoOfficers = []demoOfficer{
	{"admin@demo.tanggap.id", "Admin Pusat", "", "", authz.Administrator},
	{"pusat@demo.tanggap.id", "Sari (Kemnaker)", "", "", authz.Supervisor},
	{"auditor@demo.tanggap.id", "Auditor Nasional", "", "", authz.Auditor},
	{"jabar@demo.tanggap.id", "Kepala Seksi Jawa Barat", "32", "32", authz.Supervisor},
	{"bandung@demo.tanggap.id", "Petugas Kota Bandung", "3273", "3273", authz.CaseWorker},
	{"kabbandung@demo.tanggap.id", "Petugas Kabupaten Bandung", "3204", "3204", authz.CaseWorker},
	{"bpjs@demo.tanggap.id", "Layanan BPJS Ketenagakerjaan", "", "", authz.Service},
}

// makeDemo adds the demo officers when there is none yet and prints their passwords, once.
func makeDemo(ctx context.Context, a *app) (made bool, err error) {
	present, err := a.store.ListOfficers(ctx, authz.Everywhere(), officer.Filter{Limit: 1})
	if err != nil || len(present) > 0 {
		return false, err
	}
	fmt.Print("\nA demo office was made. These passwords are shown once:\n\n")
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range demoOfficers {
		secret := password.Generate()
		if err := addOfficer(ctx, a, d, secret); err != nil {
			return false, err
		}
		_, _ = fmt.Fprintf(out, "  %s\t%s\t%s in %s\n", d.email, secret, d.role, orNation(d.area))
	}
	if err := out.Flush(); err != nil {
		return false, fmt.Errorf("print the demo office: %w", err)
	}
	return true, nil
}

// clientDefault is the server that the client commands call when none is named.
const clientDefault = "127.0.0.1:8080"

// welcome says that the server is ready, and what to try in another terminal: every line works when it is pasted there.
func (d *database) welcome(listen string, made bool) {
	fmt.Printf("\nTanggap is ready on http://%s: open it in a browser and sign in.\n", listen)
	if !made {
		fmt.Printf("The passwords were printed at the first start; set a new one with: %s\n\n",
			d.called("officer", "password", "EMAIL"))
		return
	}
	program, step := quoted(os.Args[0]), 0
	try := func(line string) { step++; fmt.Printf("  %d. %s\n", step, line) }
	fmt.Println("Try next (in another terminal):")
	if listen != clientDefault {
		try("export TANGGAP_SERVER=http://" + listen)
	}
	try("export TOKEN=$(" + program + " sign-in pusat@demo.tanggap.id)      # asks for the password above")
	try(program + ` intake pkg/intake/testdata/clean_500.xlsx --employer "PT Contoh Garmen" --region 3273 --apply`)
	try(`curl -s -H "Authorization: Bearer $TOKEN" http://` + listen + "/v1/cases/counts")
	fmt.Printf("The documentation of every call: http://%s/docs\n\n", listen)
}

func orNation(code region.Code) string {
	if code == "" {
		return "the whole nation"
	}
	return string(code)
}

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
	_, err = a.store.GrantRole(ctx, op, o.ID, officer.Grant{Role: d.role, Region: d.area,
		From: a.services.Cases.Today(d.area)})
	return err
}
