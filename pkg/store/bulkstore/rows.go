package bulkstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// orderRow is an order. Arrays are pointers, because GORM would write a slice as a list of values.
type orderRow struct {
	ID        uuid.UUID  `gorm:"column:id;primaryKey"`
	OfficerID uuid.UUID  `gorm:"column:officer_id"`
	Kind      bulk.Kind  `gorm:"column:kind"`
	Scope     *[]string  `gorm:"column:scope;type:text[]"`
	AskedKey  []byte     `gorm:"column:asked_key"`
	Asked     []byte     `gorm:"column:asked"`
	State     bulk.State `gorm:"column:state"`
	Failure   *string    `gorm:"column:failure"`
	Total     int        `gorm:"column:total"`
	Changed   int        `gorm:"column:changed"`
	Refused   int        `gorm:"column:refused"`
	Attempts  int        `gorm:"column:attempts"`
	CreatedAt time.Time  `gorm:"column:created_at;->"`
	SeenAt    time.Time  `gorm:"column:seen_at;->"`
	EndedAt   *time.Time `gorm:"column:ended_at"`
}

// TableName names the table to GORM.
func (orderRow) TableName() string { return "bulk" }

func (r orderRow) order() bulk.Order {
	o := bulk.Order{ID: r.ID, Officer: authz.OfficerID(r.OfficerID), Kind: r.Kind, State: r.State,
		Failure: store.NotNull(r.Failure), Total: r.Total, Changed: r.Changed, Refused: r.Refused, Attempts: r.Attempts,
		CreatedAt: r.CreatedAt.UTC(), EndedAt: store.NotNull(r.EndedAt).UTC()}
	for _, code := range *r.Scope {
		o.Scope = append(o.Scope, region.Code(code))
	}
	return o
}

// caseRow is one case of an order.
type caseRow struct {
	BulkID  uuid.UUID                 `gorm:"column:bulk_id"`
	N       int                       `gorm:"column:n"`
	CaseID  uuid.UUID                 `gorm:"column:case_id"`
	Version int                       `gorm:"column:version"`
	Result  bulk.Result               `gorm:"column:result"`
	Became  *int                      `gorm:"column:became"`
	Refusal *store.JSON[*fault.Error] `gorm:"column:refusal"`
}

// TableName names the table to GORM.
func (caseRow) TableName() string { return "bulk_case" }

func (r caseRow) picked() casework.Picked {
	return casework.Picked{Case: casework.ID(r.CaseID), Version: r.Version}
}

func (r caseRow) line() bulk.Line {
	return bulk.Line{N: r.N, Result: r.Result, Done: casework.Done{Case: casework.ID(r.CaseID),
		Version: store.NotNull(r.Became), Refusal: store.NotNull(r.Refusal).V}}
}

// sealed is a change under a key of its order. The words of a note are not for whoever reads the table.
func sealed(v *vault.Vault, id uuid.UUID, c bulk.Change) (key, text []byte, err error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, nil, fmt.Errorf("encode the change of order %s: %w", id, err)
	}
	opened, wrapped, err := v.NewDataKey(id.String())
	if err != nil {
		return nil, nil, err
	}
	return wrapped, opened.Seal(plain, binding(id)), nil
}

// change opens what sealed has sealed.
func (r orderRow) change(v *vault.Vault) (c bulk.Change, err error) {
	key, err := v.Unwrap(r.AskedKey, r.ID.String())
	if err != nil {
		return c, fmt.Errorf("open the key of order %s: %w", r.ID, err)
	}
	plain, err := key.Open(r.Asked, binding(r.ID))
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	if err != nil {
		return c, fmt.Errorf("open the change of order %s: %w", r.ID, err)
	}
	return c, nil
}

// binding ties a sealed change to its order: moved to another one it does not open.
func binding(id uuid.UUID) string { return "bulk.asked|" + id.String() }
