// Package logstore keeps the log over all histories: sealing, publishing, verifying, in PostgreSQL.
package logstore

import (
	"sync/atomic"

	"github.com/tanggap/tanggap/pkg/store"
)

// Log is the log over all histories: sealing, publishing, verifying. It is safe for concurrent use.
type Log struct {
	*store.DB
	publishing atomic.Pointer[Progress] // of the publication under way
}

// New gives Log over an open database.
func New(db *store.DB) *Log { return &Log{DB: db} }
