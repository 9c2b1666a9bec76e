package intakestore

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/vault"
)

// What is sealed is bound to its place: moved to another one it does not open.
func fileBinding(id uuid.UUID) string { return "intake.file|" + id.String() }

func rowBinding(id uuid.UUID, row int) string { return fmt.Sprintf("intake_row.sealed|%s|%d", id, row) }

// sealedWorker is a row's worker between the dry run and the opening of the case.
type sealedWorker struct {
	Person     casestore.SealedPerson
	Name       string
	BirthDate  calendar.Date
	Sex        identity.Sex
	Position   string
	Terminated calendar.Date
}

func sealWorker(w sheet.Worker) sealedWorker {
	return sealedWorker{Name: w.Name, BirthDate: w.BirthDate, Sex: w.Sex, Position: w.Position,
		Terminated: w.TerminationDate, Person: casestore.SealedPerson{NIK: w.NIK.Reveal(), Phone: w.Phone.Reveal(),
			Email: w.Email.Reveal(), KPJ: w.KPJ.Reveal(), Address: w.Address.Reveal(), Wage: int64(w.Wage)}}
}

func (k sealedWorker) worker(regency region.Code) (sheet.Worker, error) {
	var p casework.Person
	plain, err := json.Marshal(k.Person)
	if err == nil {
		err = casestore.OpenPerson(plain, &p)
	}
	return sheet.Worker{NIK: p.NIK, Name: k.Name, BirthDate: k.BirthDate, Sex: k.Sex, KPJ: p.KPJ, Position: k.Position,
		Wage: money.Rupiah(k.Person.Wage), TerminationDate: k.Terminated, Phone: p.Phone, Email: p.Email, Address: p.Address,
		Regency: regency}, err
}

// openWorker reads the worker of a row that was sealed.
func openWorker(key vault.DataKey, id uuid.UUID, r waitingRow) (sheet.Worker, error) {
	plain, err := key.Open(r.Sealed, rowBinding(id, r.Row))
	if err != nil {
		return sheet.Worker{}, err
	}
	var kept sealedWorker
	if err := json.Unmarshal(plain, &kept); err != nil {
		return sheet.Worker{}, fmt.Errorf("read row %d: %w", r.Row, err)
	}
	return kept.worker(r.Regency)
}
