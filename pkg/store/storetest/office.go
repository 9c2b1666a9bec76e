package storetest

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/policies"
)

// Office is a store on a database of the test's own, opened as the role that serves requests, with one officer.
type Office struct {
	*stores.Stores
	*Database
	Tree     *region.Tree
	Measures measure.Book
	Officer  authz.OfficerID
}

// NewOffice gives the real store to the tests of a domain, whose rules come through it.
func NewOffice(t testing.TB) *Office {
	t.Helper()
	o := &Office{Database: New(t), Tree: Regions(t), Measures: measuretest.Decided(t),
		Officer: authz.OfficerID(uuid.New())}
	v, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	o.Stores, err = stores.Open(t.Context(), store.Config{DSN: o.AppDSN, MaxConns: 8, Vault: v, Tree: o.Tree,
		Measures: o.Measures})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	o.Do(t, `insert into officer (id, email, name, office, password_hash)
		values ($1, 'uji@contoh.go.id', 'Petugas Uji', '3273', '')`, uuid.UUID(o.Officer))
	return o
}

// Op is a change by the officer in the regions.
func (o *Office) Op(codes ...region.Code) authz.Op {
	return authz.Op{Actor: o.Officer, Scope: authz.ScopeOver(codes...)}
}

// Do runs a statement as the superuser, whom nothing binds.
func (o *Office) Do(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := o.Admin(t).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// Regions is the tree of all regions.
func Regions(t testing.TB) *region.Tree {
	t.Helper()
	current, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(current, superseded)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// Points are what a match gives, as they are decided.
func Points(t testing.TB) matching.PointsOf {
	t.Helper()
	points, err := matching.LoadPoints(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return points
}
