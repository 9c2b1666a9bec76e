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
	"github.com/tanggap/tanggap/pkg/store"
)

type demoCommand struct {
	database
}

// Run adds the demo office to a migrated database.
func (c *demoCommand) Run(ctx context.Context) error {
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	if err := store.Migrate(ctx, r.owner); err != nil {
		return err
	}
	a, err := open(ctx, r, 4, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.store.Close()
	return welcome(ctx, a, "127.0.0.1:8080")
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

// welcome adds the demo officers when there is none yet, prints their passwords once, and says what to try.
func welcome(ctx context.Context, a *app, listen string) error {
	present, err := a.store.ListOfficers(ctx, authz.Everywhere(), officer.Filter{Limit: 1})
	if err != nil {
		return err
	}
	if len(present) > 0 {
		fmt.Printf("\nTanggap is ready on http://%s (documentation: /docs). The passwords were printed at the first start;\nset a new one with: tanggap officer password EMAIL\n\n", listen)
		return nil
	}
	fmt.Print("\nA demo office was made. These passwords are shown once:\n\n")
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range demoOfficers {
		secret := password.Generate()
		if err := addOfficer(ctx, a, d, secret); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "  %s\t%s\t%s in %s\n", d.email, secret, d.role, orNation(d.area))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the demo office: %w", err)
	}
	fmt.Printf(`
Try next (in another terminal):
  1. export TOKEN=$(./bin/tanggap sign-in pusat@demo.tanggap.id)      # asks for the password above
  2. ./bin/tanggap intake pkg/intake/testdata/clean_500.xlsx --employer "PT Contoh Garmen" --region 3273 --apply
  3. curl -s -H "Authorization: Bearer $TOKEN" http://%[1]s/v1/cases/counts
The documentation of every call: http://%[1]s/docs

`, listen)
	return nil
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
	_, err = a.store.GrantRole(ctx, op, o.ID, officer.Grant{Role: d.role, Region: d.area, From: a.services.Cases.Today(d.area)})
	return err
}
