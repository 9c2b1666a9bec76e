// Package coursestore keeps the catalogue of classes, in PostgreSQL.
package coursestore

import "github.com/tanggap/tanggap/pkg/store"

// Courses is the catalogue of classes. It is safe for concurrent use.
type Courses struct {
	*store.DB
}

// New gives Courses over an open database.
func New(db *store.DB) *Courses { return &Courses{DB: db} }
