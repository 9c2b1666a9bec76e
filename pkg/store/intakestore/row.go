package intakestore

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// intakeRow is an intake without its file. The key of the file opens the rows, too.
type intakeRow struct {
	ID          uuid.UUID                     `gorm:"column:id;primaryKey"`
	Region      region.Code                   `gorm:"column:region"`
	OfficerID   uuid.UUID                     `gorm:"column:officer_id"`
	FileName    string                        `gorm:"column:file_name"`
	FileKey     []byte                        `gorm:"column:file_key"`
	Form        store.JSON[intake.Form]       `gorm:"column:form"`
	State       intake.State                  `gorm:"column:state"`
	Refusal     *string                       `gorm:"column:refusal"`
	RefusalArgs store.JSON[map[string]string] `gorm:"column:refusal_args"`
	Reading     store.JSON[intake.Reading]    `gorm:"column:reading"`
	LayoffID    *uuid.UUID                    `gorm:"column:layoff_id"`
	RowsTotal   int                           `gorm:"column:rows_total"`
	RowsValid   int                           `gorm:"column:rows_valid"`
	RowsWarned  int                           `gorm:"column:rows_warned"`
	RowsRefused int                           `gorm:"column:rows_refused"`
	RowsSkipped int                           `gorm:"column:rows_skipped"`
	RowsDone    int                           `gorm:"column:rows_done"`
	CasesOpened int                           `gorm:"column:cases_opened"`
	CasesKnown  int                           `gorm:"column:cases_known"`
	Attempts    int                           `gorm:"column:attempts"`
	CreatedAt   time.Time                     `gorm:"column:created_at;->"`
	UpdatedAt   time.Time                     `gorm:"column:updated_at;->"`
	Version     int                           `gorm:"column:version"`
}

// TableName names the table to GORM.
func (intakeRow) TableName() string { return "intake" }

func (r intakeRow) intake() intake.Intake {
	return intake.Intake{ID: r.ID, Region: r.Region, Officer: authz.OfficerID(r.OfficerID), FileName: r.FileName,
		Form: r.Form.V, State: r.State, Refusal: intake.Refusal{Code: store.NotNull(r.Refusal), Args: r.RefusalArgs.V},
		Reading: r.Reading.V, Layoff: store.NotNull(r.LayoffID),
		Counts: intake.Counts{Total: r.RowsTotal, Valid: r.RowsValid, Warned: r.RowsWarned, Refused: r.RowsRefused,
			Skipped: r.RowsSkipped, Done: r.RowsDone, Opened: r.CasesOpened, Known: r.CasesKnown},
		Attempts: r.Attempts, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version}
}

// uploadRow is an intake that begins. The same file and form of the same officer is one intake, by their digests.
type uploadRow struct {
	ID         uuid.UUID               `gorm:"column:id;primaryKey"`
	Region     region.Code             `gorm:"column:region"`
	OfficerID  uuid.UUID               `gorm:"column:officer_id"`
	FileName   string                  `gorm:"column:file_name"`
	FileDigest []byte                  `gorm:"column:file_digest"`
	FileKey    []byte                  `gorm:"column:file_key"`
	File       []byte                  `gorm:"column:file"`
	Form       store.JSON[intake.Form] `gorm:"column:form"`
	State      intake.State            `gorm:"column:state"`
}

// TableName names the table to GORM.
func (uploadRow) TableName() string { return "intake" }

// fileRow is the file of an intake.
type fileRow struct {
	ID   uuid.UUID `gorm:"column:id;primaryKey"`
	File []byte    `gorm:"column:file"`
}

// TableName names the table to GORM.
func (fileRow) TableName() string { return "intake" }

// reportRow is a row of the report.
type reportRow struct {
	Row      int                        `gorm:"column:row"`
	Sheet    string                     `gorm:"column:sheet"`
	SheetRow *int                       `gorm:"column:sheet_row"`
	Status   sheet.Status               `gorm:"column:status"`
	Reasons  store.JSON[[]sheet.Reason] `gorm:"column:reasons"`
	Name     string                     `gorm:"column:name"`
	NIKTail  string                     `gorm:"column:nik_tail"`
	Regency  *region.Code               `gorm:"column:regency"`
	Result   *intake.Result             `gorm:"column:result"`
	CaseID   *uuid.UUID                 `gorm:"column:case_id"`
}

// TableName names the table to GORM.
func (reportRow) TableName() string { return "intake_row" }

func (r reportRow) row() intake.Row {
	number := r.Row
	if r.SheetRow != nil {
		number = *r.SheetRow
	}
	return intake.Row{Key: r.Row, Sheet: r.Sheet, Number: number, Status: r.Status, Reasons: r.Reasons.V, Name: r.Name,
		NIKMasked: identity.MaskedNIK(r.NIKTail), Regency: store.NotNull(r.Regency), Result: store.NotNull(r.Result),
		Case: casework.ID(store.NotNull(r.CaseID))}
}

// waitingRow is a worker whose case is yet to be opened.
type waitingRow struct {
	Row     int         `gorm:"column:row"`
	Regency region.Code `gorm:"column:regency"`
	Sealed  []byte      `gorm:"column:sealed"`
}

// TableName names the table to GORM.
func (waitingRow) TableName() string { return "intake_row" }
