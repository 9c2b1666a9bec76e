// Package bulkstore keeps changes of many cases at once, and what came of each, in PostgreSQL.
package bulkstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Bulk is changes of many cases. It is safe for concurrent use.
type Bulk struct {
	*store.DB
	cases *casestore.Cases
}

// New gives Bulk over an open database.
func New(db *store.DB, cases *casestore.Cases) *Bulk { return &Bulk{DB: db, cases: cases} }
