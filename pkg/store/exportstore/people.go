package exportstore

import (
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
)

const selectPeople = `select ` + casestore.CaseColumns + `, p.name, p.birth_date, coalesce(p.sex, ''), p.position,
		p.employer, p.nik_tail, p.sealed, k.data_key,
		case when %t then (select jsonb_agg(jsonb_build_object('seq', h.seq, 'kind', h.kind, 'payload', h.payload)
			order by h.seq) from case_history h where h.case_id = c.id and h.payload like '%%"sealed":"%%') end
	from cases c join case_worker p on p.case_id = c.id join worker k on k.id = c.worker_id where `

// People implements export.Snapshot. Whoever was erased is a case without a name.
func (s *snapshot) People(full bool, each func(*export.Person) error) error {
	rows, err := s.conn.Query(s.ctx, fmt.Sprintf(selectPeople, full)+s.chosen+" order by c.id")
	if err != nil {
		return store.Translate(err)
	}
	var f = struct {
		born                 pgtype.Date
		sealed, key, entries []byte
		name, position       string
		employer, tail, sex  string
	}{}
	scan := casestore.NewCaseScanner(&f.name, &f.born, &f.sex, &f.position, &f.employer, &f.tail, &f.sealed, &f.key,
		&f.entries)
	_, err = pgx.ForEachRow(rows, scan.Dest, func() error {
		p := export.Person{Case: scan.Current(), NIKMasked: identity.MaskedNIK(f.tail)}
		p.Name, p.Employer = f.name, f.employer
		if full {
			p.Position, p.BirthDate, p.Sex = f.position, store.DateOf(f.born), identity.Sex(f.sex)
			if err := s.store.openPerson(&p, f.sealed, f.key, f.entries); err != nil {
				return err
			}
		}
		return each(&p)
	})
	return store.Translate(err)
}

// openPerson opens what is sealed of a worker and of the notes.
func (s *Exports) openPerson(p *export.Person, sealed, key, notes []byte) error {
	var list []struct {
		Seq     int
		Kind    casework.Kind
		Payload string
	}
	if notes != nil {
		if err := json.Unmarshal(notes, &list); err != nil {
			return fmt.Errorf("read notes of case %s: %w", p.ID, err)
		}
	}
	file, entries := casework.Detail{Case: p.Case, Person: p.Person}, make([]casework.Entry, len(list))
	for i, n := range list {
		entries[i].Seq, entries[i].Kind, entries[i].Payload = n.Seq, n.Kind, n.Payload
	}
	if err := s.cases.Unseal(&file, entries, sealed, key); err != nil {
		return err
	}
	p.Person = file.Person
	for _, e := range entries {
		if !e.Note.IsZero() {
			p.Notes = append(p.Notes, export.Note{Seq: e.Seq, Text: e.Note.Reveal()})
		}
	}
	return nil
}
