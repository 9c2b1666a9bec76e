// Package vacancystore keeps vacancies and job fairs, in PostgreSQL.
package vacancystore

import "github.com/tanggap/tanggap/pkg/store"

// Vacancies is vacancies and job fairs. It is safe for concurrent use.
type Vacancies struct {
	*store.DB
}

// New gives Vacancies over an open database.
func New(db *store.DB) *Vacancies { return &Vacancies{DB: db} }
