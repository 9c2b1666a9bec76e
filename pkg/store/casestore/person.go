package casestore

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
)

// SealedPerson is what is kept of a worker only under the worker's key.
type SealedPerson struct {
	NIK     string `json:"nik"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	KPJ     string `json:"kpj,omitempty"`
	Address string `json:"address,omitempty"`
	Wage    int64  `json:"wage,omitempty"`

	Residence   string `json:"residence,omitempty"`
	Bank        string `json:"bank,omitempty"`
	BankAccount string `json:"bank_account,omitempty"`

	Employment casework.Employment `json:"employment,omitzero"`
}

// personBinding ties the sealed values to their case: copied to another one they do not open.
func personBinding(id casework.ID) string { return "case_worker.sealed|" + id.String() }

// lineOf is what a list shows of a person.
func lineOf(p casework.Person) casework.Line {
	return casework.Line{Name: p.Name, NIKMasked: p.NIK.Masked(), Employer: p.Employer}
}

func sealPerson(p casework.Person) ([]byte, error) {
	plain, err := json.Marshal(SealedPerson{NIK: p.NIK.Reveal(), Phone: p.Phone.Reveal(), Email: p.Email.Reveal(),
		KPJ: p.KPJ.Reveal(), Address: p.Address.Reveal(), Wage: int64(p.Wage.Reveal()), Residence: string(p.Residence),
		Bank: p.Bank.Reveal(), BankAccount: p.BankAccount.Reveal(), Employment: p.Employment})
	if err != nil {
		return nil, fmt.Errorf("encode worker: %w", err)
	}
	return plain, nil
}

// OpenPerson reads the personal facts that a sealed text held.
func OpenPerson(plain []byte, p *casework.Person) (err error) {
	var kept SealedPerson
	if err = json.Unmarshal(plain, &kept); err != nil {
		return fmt.Errorf("decode worker: %w", err)
	}
	if p.NIK, err = identity.ParseNIK(kept.NIK); err != nil {
		return fmt.Errorf("kept nik: %w", err)
	}
	if kept.Phone != "" {
		if p.Phone, err = identity.ParsePhone(kept.Phone); err != nil {
			return fmt.Errorf("kept phone: %w", err)
		}
	}
	if kept.Email != "" {
		if p.Email, err = identity.ParseEmail(kept.Email); err != nil {
			return fmt.Errorf("kept email: %w", err)
		}
	}
	if kept.KPJ != "" {
		if p.KPJ, err = identity.ParseKPJ(kept.KPJ); err != nil {
			return fmt.Errorf("kept kpj: %w", err)
		}
	}
	if kept.BankAccount != "" {
		if p.BankAccount, err = identity.ParseBankAccount(kept.BankAccount); err != nil {
			return fmt.Errorf("kept bank account: %w", err)
		}
	}
	p.Address, p.Bank = identity.NewSecret(kept.Address), identity.NewSecret(kept.Bank)
	p.Residence, p.Employment = region.Code(kept.Residence), kept.Employment
	p.Wage = identity.NewWage(money.Rupiah(kept.Wage))
	return nil
}

// NameKey folds a name for searching: lower case, no diacritics, no punctuation, single spaces.
func NameKey(name string) string {
	var key strings.Builder
	space := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && key.Len() > 0 {
				key.WriteByte(' ')
			}
			key.WriteRune(r)
			space = false
		case r == '\'' || r == '’':
		default:
			space = true
		}
	}
	return key.String()
}
