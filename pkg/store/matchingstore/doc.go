// Package matchingstore keeps what matching reads, and the runs over an office, in PostgreSQL.
package matchingstore

import (
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/vacancystore"
)

// Matching is what matching reads, and the runs over an office. It is safe for concurrent use.
type Matching struct {
	*store.DB
	cases     *casestore.Cases
	vacancies *vacancystore.Vacancies
}

// New gives Matching over an open database.
func New(db *store.DB, cases *casestore.Cases, vacancies *vacancystore.Vacancies) *Matching {
	return &Matching{DB: db, cases: cases, vacancies: vacancies}
}
