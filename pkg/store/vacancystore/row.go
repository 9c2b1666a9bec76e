package vacancystore

import (
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

// vacancyRow is a vacancy, with who answers for it.
type vacancyRow struct {
	ID         uuid.UUID     `gorm:"column:id;primaryKey"`
	Region     region.Code   `gorm:"column:region"`
	Employer   string        `gorm:"column:employer"`
	Title      string        `gorm:"column:title"`
	Occupation string        `gorm:"column:occupation"`
	Units      string        `gorm:"column:units"`
	Wage       money.Rupiah  `gorm:"column:wage"`
	Openings   int           `gorm:"column:openings"`
	StartsOn   calendar.Date `gorm:"column:starts_on"`
	PostedOn   calendar.Date `gorm:"column:posted_on"`
	ExpiresOn  calendar.Date `gorm:"column:expires_on"`
	State      vacancy.State `gorm:"column:state"`
	Source     string        `gorm:"column:source"`
	Reference  string        `gorm:"column:reference"`
	FairID     *uuid.UUID    `gorm:"column:fair_id"`
	ReportedBy uuid.UUID     `gorm:"column:reported_by"`
	VerifiedBy *uuid.UUID    `gorm:"column:verified_by"`
	Version    int           `gorm:"column:version"`
}

// TableName names the table to GORM.
func (vacancyRow) TableName() string { return "vacancy" }

// reported is the row of a vacancy that an officer reports.
func reported(v vacancy.Vacancy, by authz.OfficerID) vacancyRow {
	return vacancyRow{ID: v.ID, Region: v.Region, Employer: v.Employer, Title: v.Title, Occupation: v.Occupation,
		Units: v.Units, Wage: v.Wage, Openings: v.Openings, StartsOn: v.StartsOn, PostedOn: v.PostedOn,
		ExpiresOn: v.ExpiresOn, State: v.State, Source: v.Source, Reference: v.Reference, FairID: store.Null(v.Fair),
		ReportedBy: uuid.UUID(by), Version: 1}
}

func (r vacancyRow) vacancy() vacancy.Vacancy {
	return vacancy.Vacancy{ID: r.ID, Region: r.Region, Employer: r.Employer, Title: r.Title, Occupation: r.Occupation,
		Units: r.Units, Wage: r.Wage, Openings: r.Openings, StartsOn: r.StartsOn, PostedOn: r.PostedOn,
		ExpiresOn: r.ExpiresOn, State: r.State, Source: r.Source, Reference: r.Reference, Fair: store.NotNull(r.FairID),
		Version: r.Version}
}

// fairRow is a job fair, with who recorded it.
type fairRow struct {
	ID        uuid.UUID     `gorm:"column:id;primaryKey"`
	Region    region.Code   `gorm:"column:region"`
	Name      string        `gorm:"column:name"`
	Venue     string        `gorm:"column:venue"`
	HeldOn    calendar.Date `gorm:"column:held_on"`
	CreatedBy uuid.UUID     `gorm:"column:created_by"`
}

// TableName names the table to GORM.
func (fairRow) TableName() string { return "job_fair" }

func (r fairRow) fair() vacancy.Fair {
	return vacancy.Fair{ID: r.ID, Region: r.Region, Name: r.Name, Venue: r.Venue, HeldOn: r.HeldOn}
}
