package exportstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// exportRow is an export. Arrays are pointers, because GORM would write a slice as a list of values.
type exportRow struct {
	ID        uuid.UUID                  `gorm:"column:id;primaryKey"`
	OfficerID uuid.UUID                  `gorm:"column:officer_id"`
	Asked     store.JSON[export.Request] `gorm:"column:asked"`
	Profile   export.Profile             `gorm:"column:profile"`
	Scope     *[]string                  `gorm:"column:scope;type:text[]"`
	State     export.State               `gorm:"column:state"`
	Failure   *string                    `gorm:"column:failure"`
	Reason    string                     `gorm:"column:reason"`
	DecidedBy *uuid.UUID                 `gorm:"column:decided_by"`
	Attempt   int                        `gorm:"column:attempt"`
	Entries   int                        `gorm:"column:entries"`
	Total     int                        `gorm:"column:total"`
	Manifest  *string                    `gorm:"column:manifest"`
	Signature *string                    `gorm:"column:signature"`
	FileName  *string                    `gorm:"column:file_name"`
	Bytes     *int64                     `gorm:"column:bytes"`
	SHA256    []byte                     `gorm:"column:sha256"`
	CreatedAt time.Time                  `gorm:"column:created_at;->"`
	ReadyAt   *time.Time                 `gorm:"column:ready_at"`
	ExpiresAt *time.Time                 `gorm:"column:expires_at"`
	Version   int                        `gorm:"column:version"`
	Now       time.Time                  `gorm:"-"` // by the clock of the database, which says what has expired
}

// TableName names the table to GORM.
func (exportRow) TableName() string { return "export" }

// exportColumns are all of exportRow, for statements that name the table x.
var exportColumns = store.Columns[exportRow]("x") + ", clock_timestamp() as now"

func (r exportRow) export() export.Export {
	x := export.Export{ID: r.ID, Officer: authz.OfficerID(r.OfficerID), Asked: r.Asked.V, Profile: r.Profile,
		State:   r.State,
		Failure: store.NotNull(r.Failure), Reason: r.Reason, DecidedBy: authz.OfficerID(store.NotNull(r.DecidedBy)),
		Attempt: r.Attempt, Entries: r.Entries, Total: r.Total, Manifest: store.NotNull(r.Manifest),
		Signature: store.NotNull(r.Signature), FileName: store.NotNull(r.FileName), Bytes: store.NotNull(r.Bytes),
		SHA256: r.SHA256, CreatedAt: r.CreatedAt.UTC(), ReadyAt: store.NotNull(r.ReadyAt).UTC(),
		ExpiresAt: store.NotNull(r.ExpiresAt).UTC(), Version: r.Version}
	for _, code := range *r.Scope {
		x.Scope = append(x.Scope, region.Code(code))
	}
	x.State = x.StateAt(r.Now)
	return x
}

// codes is regions as the value of an array column.
func codes(list []region.Code) *[]string {
	text := store.CodesText(list)
	return &text
}

// subjectsRow is cases that an export holds.
type subjectsRow struct {
	ExportID uuid.UUID    `gorm:"column:export_id"`
	Cases    *[]uuid.UUID `gorm:"column:cases;type:uuid[]"`
}

// TableName names the table to GORM.
func (subjectsRow) TableName() string { return "export_case" }
