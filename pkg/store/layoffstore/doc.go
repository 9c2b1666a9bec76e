// Package layoffstore keeps layoffs, their procedure and history, in PostgreSQL.
package layoffstore

import "github.com/tanggap/tanggap/pkg/store"

// Layoffs is layoffs, their procedure and history. It is safe for concurrent use.
type Layoffs struct {
	*store.DB
}

// New gives Layoffs over an open database.
func New(db *store.DB) *Layoffs { return &Layoffs{DB: db} }
