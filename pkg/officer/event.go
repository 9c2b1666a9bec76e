package officer

import "github.com/tanggap/tanggap/pkg/codelist"

// EventKind is what happened to an officer's account or rights.
type EventKind string

// The kinds of events.
const (
	AccountCreated     EventKind = "created"
	AccountDeactivated EventKind = "deactivated"
	AccountReactivated EventKind = "reactivated"
	NameChanged        EventKind = "name.changed"
	EmailChanged       EventKind = "email.changed"
	OfficeChanged      EventKind = "office.changed"
	CodeIssued         EventKind = "code.issued" // a setup code, which sets the password
	PasswordSet        EventKind = "password.set"
	GrantGiven         EventKind = "grant.given"
	GrantConfirmed     EventKind = "grant.confirmed"
	GrantSuspended     EventKind = "grant.suspended"
	GrantRevoked       EventKind = "grant.revoked"
)

// Values lists the kinds of events.
func (EventKind) Values() []EventKind {
	return []EventKind{AccountCreated, AccountDeactivated, AccountReactivated, NameChanged, EmailChanged, OfficeChanged,
		CodeIssued, PasswordSet, GrantGiven, GrantConfirmed, GrantSuspended, GrantRevoked}
}

// Valid tells whether k is one of the kinds.
func (k EventKind) Valid() bool { return codelist.Has(k) }
