// Package stores opens everything that Tanggap keeps in PostgreSQL: one part per aggregate over one database.
package stores

import (
	"context"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/accessstore"
	"github.com/tanggap/tanggap/pkg/store/bulkstore"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/store/coursestore"
	"github.com/tanggap/tanggap/pkg/store/exportstore"
	"github.com/tanggap/tanggap/pkg/store/feedstore"
	"github.com/tanggap/tanggap/pkg/store/intakestore"
	"github.com/tanggap/tanggap/pkg/store/lawstore"
	"github.com/tanggap/tanggap/pkg/store/layoffstore"
	"github.com/tanggap/tanggap/pkg/store/logstore"
	"github.com/tanggap/tanggap/pkg/store/mailstore"
	"github.com/tanggap/tanggap/pkg/store/matchingstore"
	"github.com/tanggap/tanggap/pkg/store/officerstore"
	"github.com/tanggap/tanggap/pkg/store/oversightstore"
	"github.com/tanggap/tanggap/pkg/store/privacystore"
	"github.com/tanggap/tanggap/pkg/store/reportstore"
	"github.com/tanggap/tanggap/pkg/store/trackstore"
	"github.com/tanggap/tanggap/pkg/store/vacancystore"
)

// Stores is all parts over one open database. What a part does is promoted, so that a whole can stand for each of them.
type Stores struct {
	*store.DB
	*casestore.Cases
	*layoffstore.Layoffs
	*officerstore.Officers
	*logstore.Log
	*vacancystore.Vacancies
	*coursestore.Courses
	*trackstore.Tracks
	*intakestore.Intakes
	*exportstore.Exports
	*accessstore.Access
	*oversightstore.Oversight
	*privacystore.Privacy
	*reportstore.Reports
	*matchingstore.Matching
	*lawstore.Laws
	*feedstore.Feed
	*mailstore.Mail
	*bulkstore.Bulk
}

// Open connects as the runtime role; see store.Open for what it refuses.
func Open(ctx context.Context, c store.Config) (*Stores, error) {
	db, err := store.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Stores{DB: db}
	s.Cases = casestore.New(db)
	s.Layoffs = layoffstore.New(db)
	s.Officers = officerstore.New(db)
	s.Log = logstore.New(db)
	s.Vacancies = vacancystore.New(db)
	s.Courses = coursestore.New(db)
	s.Tracks = trackstore.New(db, s.Cases, c.Measures)
	s.Intakes = intakestore.New(db, s.Cases)
	s.Exports = exportstore.New(db, s.Cases)
	s.Access = accessstore.New(db, s.Cases, s.Officers)
	s.Oversight = oversightstore.New(db, s.Log)
	s.Privacy = privacystore.New(db, s.Cases)
	s.Reports = reportstore.New(db, s.Log)
	s.Matching = matchingstore.New(db, s.Cases, s.Vacancies)
	s.Laws = lawstore.New(db, s.Layoffs)
	s.Feed = feedstore.New(db)
	s.Mail = mailstore.New(db)
	s.Bulk = bulkstore.New(db, s.Cases)
	return s, nil
}
