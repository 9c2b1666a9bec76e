package v1

import "github.com/tanggap/tanggap/pkg/lawbook"

// Under is the services under another law: new ones over the same stores, so that whoever works with the old ones ends
// under the law with which they began.
func (s Services) Under(l *lawbook.Law) Services {
	cases, layoffs, tracks := *s.Cases, *s.Layoffs, *s.Tracks
	cases.JKP, cases.Measures = l.Programmes.JKP, l.Measures
	layoffs.Law, layoffs.Calendar = l.Programmes.Termination, l.Calendar
	tracks.Cases = &cases
	tracks.JKP, tracks.Prakerja = l.Programmes.JKP, l.Programmes.Prakerja
	tracks.Measures, tracks.Calendar = l.Measures, l.Calendar
	s.Cases, s.Layoffs, s.Tracks, s.Programmes = &cases, &layoffs, &tracks, l.Programmes

	vacancies, matches, intakes := *s.Vacancies, *s.Matching, *s.Intakes
	vacancies.Measures = l.Measures
	matches.Cases, matches.Points = &cases, l.Points
	intakes.Cases, intakes.Layoffs = &cases, &layoffs
	s.Vacancies, s.Matching, s.Intakes = &vacancies, &matches, &intakes

	officers, private, documents, merger, bulks := *s.Officers, *s.Privacy, *s.Documents, *s.Merger, *s.Bulk
	officers.Measures = l.Measures
	private.Cases, private.Measures = &cases, l.Measures
	documents.Tracks = &tracks
	merger.Cases = &cases
	bulks.Cases, bulks.Tracks = &cases, &tracks
	s.Officers, s.Privacy, s.Documents, s.Merger, s.Bulk = &officers, &private, &documents, &merger, &bulks
	s.Exports = s.Exports.Under(l.Measures)
	return s
}
