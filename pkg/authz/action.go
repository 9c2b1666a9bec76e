// Package authz decides what an officer may do and where: a role allows actions, a grant gives a role in a region, and
// the two together give the scope of one action. It is pure; policies/access says which role allows what.
package authz

import "slices"

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
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Administrator, Supervisor, CaseWorker, Mediator, Analyst, Auditor, Service}
}

// Valid tells whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Action is one thing that can be done, "resource.verb".
type Action string

// The actions.
const (
	SessionManage     Action = "session.manage" // own session and password
	RegionRead        Action = "region.read"
	OfficeRead        Action = "office.read"
	OfficerRead       Action = "officer.read"
	OfficerCreate     Action = "officer.create"
	OfficerDeactivate Action = "officer.deactivate"
	GrantCreate       Action = "grant.create"
	GrantRevoke       Action = "grant.revoke"
	CaseList          Action = "case.list" // names and masked NIK
	CaseCount         Action = "case.count"
	CaseRead          Action = "case.read" // one case with the worker's full data
	CaseSearch        Action = "case.search"
	CaseOpen          Action = "case.open"
	CaseAssign        Action = "case.assign"
	CaseNote          Action = "case.note"
	CaseAdvance       Action = "case.advance"
	CaseReopen        Action = "case.reopen"
	CaseHistory       Action = "case.history"
	HistoryExport     Action = "history.export"
	LayoffRead        Action = "layoff.read"
	LayoffCreate      Action = "layoff.create"
	IntakeRead        Action = "intake.read"
	IntakeCreate      Action = "intake.create"
	IntakeApply       Action = "intake.apply"
	ClaimApply        Action = "claim.apply"
	ClaimDecide       Action = "claim.decide"
	ClaimProve        Action = "claim.prove"
	ClaimPay          Action = "claim.pay"
	TrainingEnrol     Action = "training.enrol"
	TrainingAdvance   Action = "training.advance"
	CertificateRecord Action = "certificate.record"
	ApplicationRecord Action = "application.record"
	PlacementRecord   Action = "placement.record"
	PolicyRead        Action = "policy.read"
)

var actions = []Action{SessionManage, RegionRead, OfficeRead, OfficerRead, OfficerCreate, OfficerDeactivate, GrantCreate,
	GrantRevoke, CaseList, CaseCount, CaseRead, CaseSearch, CaseOpen, CaseAssign, CaseNote, CaseAdvance, CaseReopen, CaseHistory,
	HistoryExport, LayoffRead, LayoffCreate, IntakeRead, IntakeCreate, IntakeApply, ClaimApply, ClaimDecide, ClaimProve, ClaimPay,
	TrainingEnrol, TrainingAdvance, CertificateRecord, ApplicationRecord, PlacementRecord, PolicyRead}

// Actions lists every action.
func Actions() []Action { return slices.Clone(actions) }

// Valid tells whether a is one of the actions.
func (a Action) Valid() bool { return slices.Contains(actions, a) }

// Matrix tells which role allows which action, anywhere.
type Matrix interface {
	Allows(Role, Action) bool
}
