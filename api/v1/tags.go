package v1

import "github.com/tanggap/tanggap/api/rest"

// Tags are the chapters of the description.
var Tags = []rest.Tag{
	{Name: "session", Text: "Signing in and out, and the caller's own password. The token of a session goes with every " +
		"other request."},
	{Name: "cases", Text: "One case for each laid-off worker: opening, finding, correcting, moving, handing over, " +
		"closing."},
	{Name: "work", Text: "What is due and for whom: work lists, reminders and the queues of those who decide."},
	{Name: "claims", Text: "The JKP benefit of a case: claim, decision, and its six months with proof and payment."},
	{Name: "training", Text: "Trainings, classes and the Prakerja card."},
	{Name: "certification", Text: "Assessments of competence and the certificates that follow."},
	{Name: "placement", Text: "Job applications and new work, with how long it lasted."},
	{Name: "business", Text: "A business of the worker's own."},
	{Name: "jobseekers", Text: "What work the worker looks for, and the AK-1 cards."},
	{Name: "matching", Text: "Matches of workers with vacancies, and proposals."},
	{Name: "vacancies", Text: "The register of vacancies and job fairs."},
	{Name: "layoffs", Text: "What an employer reports, the talks and their clocks, and what was tried to keep the jobs."},
	{Name: "intakes", Text: "Lists of workers from employers: read, shown row by row, applied as cases."},
	{Name: "documents", Text: "Scans of papers that belong to a case, sealed under the worker's key."},
	{Name: "referrals", Text: "Asking another office for a service, or to take a case over."},
	{Name: "assessments", Text: "What the law says of stated facts, with every criterion and its article. Nothing is " +
		"kept."},
	{Name: "law", Text: "Versions of the law's figures and of the holidays that apply without a new release."},
	{Name: "reports", Text: "Figures of results, layoffs, prevention and matching."},
	{Name: "exports", Text: "Histories and personal data as signed, sealed files, with four eyes where a file is in " +
		"full."},
	{Name: "history", Text: "The published log of all histories: checkpoints and their consistency."},
	{Name: "changes", Text: "What changed, for other systems that follow: read in order, or sent to them as webhooks."},
	{Name: "audit", Text: "Who read what; samples, findings, emergencies, and why a right is or is not there."},
	{Name: "privacy", Text: "A worker's own data: report to the worker, retention, holds and erasure."},
	{Name: "officers", Text: "Accounts of officers, their grants and their offices."},
	{Name: "reference", Text: "Regions and offices."},
}
