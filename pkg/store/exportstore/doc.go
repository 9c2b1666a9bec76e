// Package exportstore keeps orders of exports and the snapshots that they are written from, in PostgreSQL.
package exportstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Exports is orders of exports and the snapshots that they are written from. It is safe for concurrent use.
type Exports struct {
	*store.DB
	cases *casestore.Cases
}

// New gives Exports over an open database.
func New(db *store.DB, cases *casestore.Cases) *Exports { return &Exports{DB: db, cases: cases} }
