// Package privacystore keeps erasures and what is due for one, in PostgreSQL.
package privacystore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// Privacy is erasures and what is due for one. It is safe for concurrent use.
type Privacy struct {
	*store.DB
	cases *casestore.Cases
}

// New gives Privacy over an open database.
func New(db *store.DB, cases *casestore.Cases) *Privacy { return &Privacy{DB: db, cases: cases} }
