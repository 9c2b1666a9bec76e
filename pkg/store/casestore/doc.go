// Package casestore keeps the cases of laid-off workers, one chain of history each, in PostgreSQL.
package casestore

import "github.com/tanggap/tanggap/pkg/store"

// Cases is the cases of laid-off workers, one chain of history each. It is safe for concurrent use.
type Cases struct {
	*store.DB
}

// New gives Cases over an open database.
func New(db *store.DB) *Cases { return &Cases{DB: db} }
