package vacancystore

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

// changeRow is what a source reported otherwise of a vacancy, and who took it in.
type changeRow struct {
	VacancyID uuid.UUID                         `gorm:"column:vacancy_id;primaryKey"`
	Version   int                               `gorm:"column:version;primaryKey;autoIncrement:false"`
	OfficerID uuid.UUID                         `gorm:"column:officer_id"`
	At        time.Time                         `gorm:"column:at;->"`
	Fields    store.JSON[[]vacancy.FieldChange] `gorm:"column:fields"`
}

// TableName names the table to GORM.
func (changeRow) TableName() string { return "vacancy_change" }

func (r changeRow) change() vacancy.Change {
	return vacancy.Change{Version: r.Version, By: authz.OfficerID(r.OfficerID), At: r.At.UTC(), Fields: r.Fields.V}
}

// report keeps a vacancy, or changes the one that its source has reported under the same reference before.
func report(ctx context.Context, tx pgx.Tx, op authz.Op, v vacancy.Vacancy) (vacancy.Row, error) {
	if v.FairOver { // what a source reported before the fair may come again
		var known bool
		err := tx.QueryRow(ctx, "select exists (select from vacancy where source = $1 and reference = $2)", v.Source,
			v.Reference).Scan(&known)
		if err != nil || !known {
			return vacancy.Row{Refused: "job_fair.over"}, err
		}
	}
	row := reported(v, op.Actor)
	result := gorm.WithResult()
	once := clause.OnConflict{Columns: []clause.Column{{Name: "source"}, {Name: "reference"}}, DoNothing: true}
	err := store.On[vacancyRow](tx, once, result).Create(ctx, &row)
	if err != nil || result.RowsAffected == 1 {
		return vacancy.Row{ID: row.ID}, err
	}
	locked := store.From[vacancyRow](store.ForUpdate).Where("source = ? and reference = ?", row.Source, row.Reference)
	known, err := store.Take(ctx, tx, locked, notFound(), vacancyRow.vacancy)
	if err != nil {
		return vacancy.Row{}, err
	}
	if v.Undated {
		v.ExpiresOn = known.ExpiresOn
	}
	differences := v.Differences(known)
	if len(differences) == 0 {
		return vacancy.Row{ID: known.ID, Known: true}, nil
	}
	now, err := v.Replace(known, op.Scope)
	if code := fault.CodeOf(err); code != "" {
		return vacancy.Row{ID: known.ID, Known: true, Refused: code}, nil
	}
	fields := make([]string, len(differences))
	for i, d := range differences {
		fields[i] = d.Field
	}
	return vacancy.Row{ID: known.ID, Known: true, Changed: strings.Join(fields, " ")}, rewrite(ctx, tx, op, known, now,
		differences)
}

// rewrite makes a vacancy what is reported of it now, and keeps what it was.
func rewrite(ctx context.Context, tx pgx.Tx, op authz.Op, known, now vacancy.Vacancy, d []vacancy.FieldChange) error {
	row := reported(now, op.Actor)
	row.Version = now.Version
	_, err := store.On[vacancyRow](tx).Where("id = ?", known.ID).Select("Region", "Employer", "Title", "Occupation",
		"Units", "Wage",
		"Openings", "StartsOn", "ExpiresOn", "FairID", "State", "Version").Updates(ctx, row)
	if err != nil {
		return err
	}
	return store.On[changeRow](tx).Create(ctx, &changeRow{VacancyID: known.ID, Version: known.Version,
		OfficerID: uuid.UUID(op.Actor),
		Fields:    store.JSON[[]vacancy.FieldChange]{V: d}})
}

// VacancyChanges implements vacancy.Store.
func (s *Vacancies) VacancyChanges(ctx context.Context, id uuid.UUID) ([]vacancy.Change, error) {
	q := store.From[changeRow]().Where("vacancy_id = ?", id).Order("version")
	return store.Find(ctx, s.Pool, q, changeRow.change)
}
