// Package officerstore keeps officers, their grants, sessions and emergencies, in PostgreSQL.
package officerstore

import "github.com/tanggap/tanggap/pkg/store"

// Officers is officers, their grants, sessions and emergencies. It is safe for concurrent use.
type Officers struct {
	*store.DB
}

// New gives Officers over an open database.
func New(db *store.DB) *Officers { return &Officers{DB: db} }
