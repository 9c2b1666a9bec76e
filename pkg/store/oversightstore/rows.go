package oversightstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// sampleRow is a drawn sample. Arrays are pointers, because GORM would write a slice as a list of values.
type sampleRow struct {
	ID          uuid.UUID                           `gorm:"column:id;primaryKey"`
	OfficerID   uuid.UUID                           `gorm:"column:officer_id"`
	Scope       *[]string                           `gorm:"column:scope;type:text[]"`
	Asked       store.JSON[oversight.SampleRequest] `gorm:"column:asked"`
	AsOf        int64                               `gorm:"column:as_of"`
	FrameSize   int                                 `gorm:"column:frame_size"`
	FrameDigest []byte                              `gorm:"column:frame_digest"`
	Cases       *[]uuid.UUID                        `gorm:"column:cases;type:uuid[]"`
	CreatedAt   time.Time                           `gorm:"column:created_at;->"`
}

// TableName names the table to GORM.
func (sampleRow) TableName() string { return "sample" }

func rowOfSample(id uuid.UUID, by authz.OfficerID, x oversight.Sample) *sampleRow {
	scope := store.CodesText(x.Scope)
	return &sampleRow{ID: id, OfficerID: uuid.UUID(by), Scope: &scope, Asked: store.JSON[oversight.SampleRequest]{
		V: x.Asked}, AsOf: x.AsOf, FrameSize: x.FrameSize, FrameDigest: x.FrameDigest[:], Cases: &x.Cases}
}

func (r sampleRow) sample() oversight.Sample {
	x := oversight.Sample{ID: r.ID, Officer: authz.OfficerID(r.OfficerID), Asked: r.Asked.V, AsOf: r.AsOf,
		FrameSize: r.FrameSize, FrameDigest: [32]byte(r.FrameDigest), Cases: *r.Cases, CreatedAt: r.CreatedAt.UTC()}
	for _, code := range *r.Scope {
		x.Scope = append(x.Scope, region.Code(code))
	}
	return x
}

// findingRow is a finding; its texts are sealed under the key of the worker.
type findingRow struct {
	ID         uuid.UUID              `gorm:"column:id;primaryKey"`
	CaseID     uuid.UUID              `gorm:"column:case_id"`
	Region     string                 `gorm:"column:region"`
	SampleID   *uuid.UUID             `gorm:"column:sample_id"`
	Severity   oversight.Severity     `gorm:"column:severity"`
	State      oversight.FindingState `gorm:"column:state"`
	FoundBy    uuid.UUID              `gorm:"column:found_by"`
	FoundAt    time.Time              `gorm:"column:found_at;->"`
	Finding    []byte                 `gorm:"column:finding"`
	AnsweredBy *uuid.UUID             `gorm:"column:answered_by"`
	Answer     []byte                 `gorm:"column:answer"`
	SettledBy  *uuid.UUID             `gorm:"column:settled_by"`
	Settlement []byte                 `gorm:"column:settlement"`
}

// TableName names the table to GORM.
func (findingRow) TableName() string { return "finding" }

// finding is the finding without its texts.
func (r findingRow) finding() oversight.Finding {
	return oversight.Finding{ID: r.ID, Case: casework.ID(r.CaseID), Region: region.Code(r.Region),
		Sample: store.NotNull(r.SampleID), Severity: r.Severity, State: r.State, FoundBy: authz.OfficerID(r.FoundBy),
		FoundAt:    r.FoundAt.UTC(),
		AnsweredBy: authz.OfficerID(store.NotNull(r.AnsweredBy)), SettledBy: authz.OfficerID(store.NotNull(r.SettledBy))}
}

// workerRow is what sealing texts on a case needs: its region, and the key of its worker, null once erased.
type workerRow struct {
	Region   string
	WorkerID uuid.UUID
	DataKey  []byte
}
