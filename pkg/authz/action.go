// Package authz decides what an officer may do and where: a role allows actions, a grant gives a role in a region, and
// the two together give the scope of one action. It is pure; policies/access says which role allows what.
package authz

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/codelist"
)

// Role is a bundle of actions.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // offices, officers, grants; no case
	Supervisor    Role = "supervisor"    // all casework of a region, and its export
	CaseWorker    Role = "case_worker"   // casework and intake
	Mediator      Role = "mediator"      // layoffs and disputes; reads cases
	Analyst       Role = "analyst"       // counts and reports, no person
	Auditor       Role = "auditor"       // reads and exports everything, changes nothing
	Service       Role = "service"       // another system, such as BPJS Ketenagakerjaan confirming payments

	// Emergency is nobody's by grant: it is opened for a short time, with a reason, and reviewed (break-glass).
	Emergency Role = "emergency"
)

// Values lists every role.
func (Role) Values() []Role {
	return []Role{Administrator, Supervisor, CaseWorker, Mediator, Analyst, Auditor, Service, Emergency}
}

// Stored lists the roles that a grant can hold.
func (Role) Stored() []Role { return Roles() }

// Roles lists every role that can be granted.
func Roles() []Role {
	return slices.DeleteFunc(Emergency.Values(), func(r Role) bool { return r == Emergency })
}

// Valid tells whether r is one of the roles.
func (r Role) Valid() bool { return codelist.Has(r) }

// Action is one thing that can be done, "resource.verb".
type Action string

// The actions. Each stands once in the list below; a route declares the one that it needs.
const (
	SessionManage     Action = "session.manage"     // see and end the own session, change the own password
	RegionRead        Action = "region.read"        // the tree of regions
	OfficeRead        Action = "office.read"        // offices and their time zones
	OfficerRead       Action = "officer.read"       // officers of the offices in scope, with their grants
	OfficerCreate     Action = "officer.create"     // add an officer, without any right yet
	OfficerDeactivate Action = "officer.deactivate" // end all rights and sessions of an officer, never the own
	GrantCreate       Action = "grant.create"       // give a role in a region inside the own scope, never to oneself
	GrantRevoke       Action = "grant.revoke"       // end a grant at once, never one of one's own
	CaseList          Action = "case.list"          // caseload: names and masked NIK
	CaseCount         Action = "case.count"         // numbers per stage, no person
	CaseRead          Action = "case.read"          // one case with its tracks and the worker's full data
	CaseSearch        Action = "case.search"        // by exact NIK or by name; answers like the caseload
	CaseOpen          Action = "case.open"          // open a case for one worker
	CaseCorrect       Action = "case.correct"       // put facts of a case and its worker right, with a reason
	// give any case to an officer, or take it back; hand over an officer's cases
	CaseAssign        Action = "case.assign"
	CaseTake          Action = "case.take"          // take a case that nobody has, and hand over one's own
	CaseNote          Action = "case.note"          // add a note, set the next date to look at a case
	CaseAdvance       Action = "case.advance"       // move an open case to another stage, or close it
	CaseReopen        Action = "case.reopen"        // take a closed case up again, with a reason
	CaseHistory       Action = "case.history"       // the history of one case, notes opened
	EntryVoid         Action = "entry.void"         // void one's own entry of the same day
	EntryReverse      Action = "entry.reverse"      // void any entry, and do it where another asked: money
	ExportCreate      Action = "export.create"      // order and fetch files of histories
	ExportApprove     Action = "export.approve"     // let another officer's export of everything run
	LayoffRead        Action = "layoff.read"        // reports of layoffs (PHK)
	LayoffCreate      Action = "layoff.create"      // record an employer's report
	LayoffAdvance     Action = "layoff.advance"     // record what happens in the procedure, and the prevention
	LayoffWithdraw    Action = "layoff.withdraw"    // reduce or withdraw a layoff, which closes cases
	ResponseRecord    Action = "response.record"    // record what a worker answers to the termination
	IntakeRead        Action = "intake.read"        // employers' lists and the report on each row
	IntakeCreate      Action = "intake.create"      // upload a list and have it checked
	IntakeApply       Action = "intake.apply"       // open the cases of a checked list, or cancel it
	ClaimApply        Action = "claim.apply"        // apply for JKP in a case
	ClaimDecide       Action = "claim.decide"       // decide on a claim
	ClaimProve        Action = "claim.prove"        // record the proof of a month or its lack, stop a claim
	ClaimPay          Action = "claim.pay"          // confirm that a month was paid
	TrainingEnrol     Action = "training.enrol"     // enrol in a training
	TrainingAdvance   Action = "training.advance"   // record how a training goes on
	CertificateRecord Action = "certificate.record" // record a certificate
	ApplicationRecord Action = "application.record" // record applications for work and what comes of them
	PlacementRecord   Action = "placement.record"   // record a placement and verify that it lasts
	PolicyRead        Action = "policy.read"        // the rules in force and who may do what
	JobRead           Action = "job.read"           // progress of work in the background
	ReportRead        Action = "report.read"        // figures per region, no person
	AccessRead        Action = "access.read"        // who was shown whom, and the alarms over it
	SubjectReport     Action = "subject.report"     // all data of a worker, for their own request
	HoldSet           Action = "hold.set"           // set and release legal holds
	ErasureRequest    Action = "erasure.request"    // ask for the erasure of a worker; cases whose retention is over
	ErasureApprove    Action = "erasure.approve"    // erase a worker on another officer's request
	EmergencyOpen     Action = "emergency.open"     // read in a region that is not one's own, for an hour at most
	EmergencyReview   Action = "emergency.review"   // judge emergency accesses
	SampleDraw        Action = "sample.draw"        // draw reproducible samples of cases
	FindingRecord     Action = "finding.record"     // record and settle findings on a case
	FindingRead       Action = "finding.read"       // findings on a case
	FindingAnswer     Action = "finding.answer"     // answer a finding
	ClassManage       Action = "class.manage"       // hold classes; who sits in them is training.enrol
	ClassRead         Action = "class.read"         // the catalogue of classes of the country
	BusinessRecord    Action = "business.record"    // a business of the worker's own, its visits and grants
	JobSeekerRecord   Action = "jobseeker.record"   // AK-1 cards, and what work a worker looks for
	VacancyRead       Action = "vacancy.read"       // the register of vacancies and job fairs of the country
	VacancyReport     Action = "vacancy.report"     // take in vacancies, hold job fairs
	VacancyVerify     Action = "vacancy.verify"     // verify a vacancy, or end it
	MatchRead         Action = "match.read"         // the best vacancies for a worker, the best workers for a vacancy
	MatchPropose      Action = "match.propose"      // propose a vacancy and record the answer
	MatchRun          Action = "match.run"          // match all workers of a region in the background
	ReferralRead      Action = "referral.read"      // referrals to and from the own offices
	ReferralOffer     Action = "referral.offer"     // ask another office for a service, or to take a case
	ReferralAnswer    Action = "referral.answer"    // answer another office, or take an offer back
	CaseMerge         Action = "case.merge"         // say that two cases are of one person, and take it back
	DocumentAdd       Action = "document.add"       // add a scan to a case
	DocumentRead      Action = "document.read"      // read the scans of a case
	LoadRead          Action = "load.read"          // how much work each officer and office has
	WorkRead          Action = "work.read"          // what has to be done by when
	LawPropose        Action = "law.propose"        // put a file of the law in, for the nation
	LawApprove        Action = "law.approve"        // let another officer's file of the law hold, or take one back
	ChangesRead       Action = "changes.read"       // follow what changes, case by case, without any person
	WebhookManage     Action = "webhook.manage"     // have changes sent to another system
	PolicyExplain     Action = "policy.explain"     // why an officer may or may not do something
)

var actions = []Action{SessionManage, RegionRead, OfficeRead, OfficerRead, OfficerCreate, OfficerDeactivate,
	GrantCreate,
	GrantRevoke, CaseList, CaseCount, CaseRead, CaseSearch, CaseOpen, CaseCorrect, CaseAssign, CaseTake, CaseNote,
	CaseAdvance, CaseReopen, CaseHistory, EntryVoid, EntryReverse, ExportCreate, ExportApprove, LayoffRead, LayoffCreate,
	LayoffAdvance, LayoffWithdraw, ResponseRecord, IntakeRead, IntakeCreate, IntakeApply, ClaimApply, ClaimDecide,
	ClaimProve, ClaimPay, TrainingEnrol, TrainingAdvance, CertificateRecord, ApplicationRecord, PlacementRecord,
	PolicyRead, JobRead, ReportRead, AccessRead, SubjectReport, HoldSet, ErasureRequest, ErasureApprove, EmergencyOpen,
	EmergencyReview, SampleDraw, FindingRecord, FindingRead, FindingAnswer, PolicyExplain, ClassManage, ClassRead,
	BusinessRecord, JobSeekerRecord, VacancyRead, VacancyReport, VacancyVerify, MatchRead, MatchPropose, MatchRun,
	ReferralRead, ReferralOffer, ReferralAnswer, CaseMerge, DocumentAdd, DocumentRead, WorkRead, LawPropose, LawApprove,
	ChangesRead, WebhookManage, LoadRead}

// Actions lists every action.
func Actions() []Action { return slices.Clone(actions) }

// Own tells whether an action concerns nobody but the caller: whoever has lost the last role must still be able to see
// and end their own session.
func (a Action) Own() bool { return a == SessionManage }

// Valid tells whether a is one of the actions.
func (a Action) Valid() bool { return slices.Contains(actions, a) }

// Matrix tells which role allows which action, anywhere.
type Matrix interface {
	Allows(Role, Action) bool
}
