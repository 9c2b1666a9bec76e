// Package intakestore keeps employers' lists on their way to cases, in PostgreSQL.
package intakestore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Intakes is employers' lists on their way to cases. It is safe for concurrent use.
type Intakes struct {
	*store.DB
	cases *casestore.Cases
}

// New gives Intakes over an open database.
func New(db *store.DB, cases *casestore.Cases) *Intakes { return &Intakes{DB: db, cases: cases} }
