package layoffstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/termination"
)

// employerRow is an employer at one place.
type employerRow struct {
	ID          uuid.UUID           `gorm:"column:id;primaryKey"`
	Region      region.Code         `gorm:"column:region"`
	NIB         *string             `gorm:"column:nib"`
	Name        string              `gorm:"column:name"`
	NameKey     string              `gorm:"column:name_key"`
	KBLI        *string             `gorm:"column:kbli"`
	KBLIEdition *layoff.KBLIEdition `gorm:"column:kbli_edition"`
}

// TableName names the table to GORM.
func (employerRow) TableName() string { return "employer" }

func (r employerRow) employer() layoff.Employer {
	return layoff.Employer{ID: r.ID, Region: r.Region, NIB: store.NotNull(r.NIB), Name: r.Name,
		KBLI: store.NotNull(r.KBLI), KBLIEdition: store.NotNull(r.KBLIEdition)}
}

type measures = map[termination.Measure]layoff.MeasureState

// layoffRow is the report of an employer and what has become of it.
type layoffRow struct {
	ID            uuid.UUID                       `gorm:"column:id;primaryKey"`
	EmployerID    uuid.UUID                       `gorm:"column:employer_id"`
	Reference     string                          `gorm:"column:reference"`
	Reason        string                          `gorm:"column:reason"`
	PlannedOn     calendar.Date                   `gorm:"column:planned_on"`
	NotifiedOn    calendar.Date                   `gorm:"column:notified_on"`
	PeoplePlanned *int                            `gorm:"column:people_planned"`
	ReportedBy    uuid.UUID                       `gorm:"column:reported_by"`
	CreatedAt     time.Time                       `gorm:"column:created_at"`
	Version       int                             `gorm:"column:version"`
	State         layoff.State                    `gorm:"column:state"`
	JobsSaved     int                             `gorm:"column:jobs_saved"`
	Measures      store.JSON[measures]            `gorm:"column:measures"`
	Happened      store.JSON[[]layoff.DatedEvent] `gorm:"column:happened"`
	DueOn         calendar.Date                   `gorm:"column:due_on"`
	DueFor        *string                         `gorm:"column:due_for"`
	UpdatedAt     time.Time                       `gorm:"column:updated_at"`
	Head          []byte                          `gorm:"column:head"` // of its history
}

// TableName names the table to GORM.
func (layoffRow) TableName() string { return "layoff" }

// readRow is a layoff with its employer, and the number of its cases that the running transaction may see.
type readRow struct {
	layoffRow
	Region      region.Code
	NIB         *string
	Name        string
	KBLI        *string
	KBLIEdition *layoff.KBLIEdition
	Cases       int
}

// readColumns are those of readRow, of a layoff l and its employer e.
var readColumns = store.Columns[layoffRow]("l") + `, e.region, e.nib, e.name, e.kbli, e.kbli_edition,
	(select count(*) from cases c where c.layoff_id = l.id) as cases`

func (r readRow) layoff() layoff.Layoff {
	e := employerRow{ID: r.EmployerID, Region: r.Region, NIB: r.NIB, Name: r.Name, KBLI: r.KBLI,
		KBLIEdition: r.KBLIEdition}
	return layoff.Layoff{ID: r.ID, Employer: e.employer(), Reference: r.Reference, Reason: r.Reason,
		PlannedOn: r.PlannedOn, NotifiedOn: r.NotifiedOn, PeoplePlanned: store.NotNull(r.PeoplePlanned),
		ReportedBy: authz.OfficerID(r.ReportedBy), CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
		UpdatedAt: r.UpdatedAt.UTC(), Cases: r.Cases, State: r.State,
		Events: r.Happened.V, Measures: r.Measures.V, JobsSaved: r.JobsSaved, DueOn: r.DueOn, DueFor: store.NotNull(r.DueFor)}
}

// entryRow is an entry of a layoff's history, with the name of its officer.
type entryRow struct {
	Seq        int
	Kind       layoff.Kind
	Actor      uuid.UUID
	ActorName  string
	OccurredOn calendar.Date
	RecordedAt time.Time
	Payload    string
	Hash       []byte
}

func (r entryRow) entry() layoff.Entry {
	e := layoff.Entry{Seq: r.Seq, Kind: r.Kind, Actor: authz.OfficerID(r.Actor), ActorName: r.ActorName,
		OccurredOn: r.OccurredOn, RecordedAt: r.RecordedAt.UTC(), Payload: r.Payload}
	copy(e.Hash[:], r.Hash)
	return e
}
