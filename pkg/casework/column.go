package casework

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// Column is one of a list of cases as a file.
type Column string

// The columns.
const (
	ColumnName       Column = "name"
	ColumnNIK        Column = "nik" // masked
	ColumnPhone      Column = "phone"
	ColumnEmployer   Column = "employer"
	ColumnOffice     Column = "office"
	ColumnOfficer    Column = "officer"
	ColumnStage      Column = "stage"
	ColumnClaim      Column = "claim"
	ColumnOutcome    Column = "outcome"
	ColumnDueOn      Column = "due_on"
	ColumnFollowUp   Column = "follow_up_on"
	ColumnTerminated Column = "terminated_on"
	ColumnOpened     Column = "opened_on"
	ColumnClosed     Column = "closed_on"
	ColumnUpdated    Column = "updated_at"
	ColumnRegion     Column = "region"
	ColumnCase       Column = "case"
	ColumnStageCode  Column = "stage_code"
	ColumnClaimCode  Column = "claim_code"
	ColumnEndCode    Column = "outcome_code"
)

// Values lists every column.
func (Column) Values() []Column {
	return []Column{ColumnName, ColumnNIK, ColumnPhone, ColumnEmployer, ColumnOffice, ColumnOfficer, ColumnStage,
		ColumnClaim, ColumnOutcome, ColumnDueOn, ColumnFollowUp, ColumnTerminated, ColumnOpened, ColumnClosed, ColumnUpdated,
		ColumnRegion, ColumnCase, ColumnStageCode, ColumnClaimCode, ColumnEndCode}
}

// Valid tells whether c is one of the columns.
func (c Column) Valid() bool { return codelist.Has(c) }

// Opens tells whether the column shows what only the read of a case shows.
func (c Column) Opens() bool { return c == ColumnPhone }

// Text is what a column has of a row by itself: neither a name from elsewhere nor a label.
func (c Column) Text(r *Row) string {
	day := calendar.Date{}
	switch c {
	case ColumnName:
		return r.Name
	case ColumnNIK:
		return r.NIKMasked
	case ColumnEmployer:
		return r.Employer
	case ColumnRegion:
		return string(r.Region)
	case ColumnStageCode:
		return string(r.Stage)
	case ColumnClaimCode:
		return string(r.ClaimState)
	case ColumnEndCode:
		return string(r.Outcome)
	case ColumnCase:
		return r.ID.String()
	case ColumnUpdated:
		return calendar.Of(r.UpdatedAt, ZoneOf(r.Region)).String()
	case ColumnDueOn:
		day = r.DueOn
	case ColumnFollowUp:
		day = r.FollowUpOn
	case ColumnTerminated:
		day = r.TerminatedOn
	case ColumnOpened:
		day = r.OpenedOn
	case ColumnClosed:
		day = r.ClosedOn
	case ColumnPhone, ColumnOffice, ColumnOfficer, ColumnStage, ColumnClaim, ColumnOutcome:
	}
	if day.IsZero() {
		return ""
	}
	return day.String()
}
