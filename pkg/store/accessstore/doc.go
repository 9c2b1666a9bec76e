// Package accessstore keeps who saw whom, in PostgreSQL.
package accessstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/officerstore"
)

// Access is who saw whom. It is safe for concurrent use.
type Access struct {
	*store.DB
	cases    *casestore.Cases
	officers *officerstore.Officers
}

// New gives Access over an open database.
func New(db *store.DB, cases *casestore.Cases, officers *officerstore.Officers) *Access {
	return &Access{DB: db, cases: cases, officers: officers}
}
