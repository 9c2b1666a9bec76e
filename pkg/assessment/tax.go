package assessment

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severancetax"
)

// SeveranceTax are sums on which final income tax is due (PPh 21 final, PP 68/2009).
type SeveranceTax struct {
	Kind        string          `json:"kind,omitempty" enum:"severance,other_sum,old_age" doc:"severance by default; other_sum is uang kompensasi PKWT and uang pisah, old_age is JHT and a pension paid at once"`
	Gross       *int64          `json:"gross,omitempty" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah, all together"`
	WithinYears int             `json:"paid_within_calendar_years,omitempty" minimum:"1" maximum:"60" doc:"Calendar years over which gross is paid; 1 by default"`
	Payments    []SeverancePaid `json:"payments,omitempty" maxItems:"60" doc:"Single payments, instead of gross"`
	Resident    *bool           `json:"resident,omitempty" doc:"Resident for tax (wajib pajak dalam negeri)"`
}

// SeverancePaid is one payment.
type SeverancePaid struct {
	On     calendar.Date `json:"on"`
	Amount int64         `json:"amount" minimum:"0" maximum:"1000000000000" doc:"Whole rupiah"`
}

func (f SeveranceTax) payments(today calendar.Date) []severancetax.Payment {
	if f.Gross != nil {
		return []severancetax.Payment{{On: today, Amount: money.Rupiah(*f.Gross)}}
	}
	var out []severancetax.Payment
	for _, p := range f.Payments {
		out = append(out, severancetax.Payment{On: p.On, Amount: money.Rupiah(p.Amount)})
	}
	return out
}

// Assess gives the tax step by step. What is paid from the third calendar year on is taxed at the ordinary rates: it is
// a part whose tax is not known here. Faults as severancetax.Law.Tax.
func (f SeveranceTax) Assess(p *Programmes, l rule.Language, today calendar.Date) (Answer, error) {
	kind := severancetax.Kind(f.Kind)
	if f.Kind == "" {
		kind = severancetax.Severance
	}
	found, err := p.Tax.Tax(kind, f.payments(today), f.Resident == nil || *f.Resident)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Decision: Decision{
			Programme: severancetax.Programme, Version: found.Version, AsOf: today.String(), Result: string(rule.Eligible),
			Criteria: []Criterion{},
		},
		Parts: []Part{}, Complete: true,
	}
	if f.Resident == nil {
		return p.unresident(f, a, found, l, today)
	}
	if f.Gross != nil && f.WithinYears > p.window(found.Version) {
		found.Later, found.Gross, found.Slices = found.Gross, 0, nil
		a.Missing = []string{"payments"}
	}
	for _, s := range found.Slices {
		part := p.part("severancetax.step", int64(s.Tax), true, found.Version,
			append([]rule.Source{s.Source}, found.Sources...), l)
		part.Rate = s.Rate.Percent()
		a.add(part)
	}
	if found.Later > 0 {
		a.add(p.part("severancetax.later", 0, false, found.Version, found.Sources[:1], l))
	}
	return a, nil
}

// window is the number of calendar years that are added up.
func (p *Programmes) window(version string) int {
	for _, r := range p.Tax.Versions.List() {
		if r.ID == version {
			return r.WindowYears.Value
		}
	}
	return 0
}

// unresident is the answer while nobody has said whether the worker is resident: both taxes, and neither is asserted.
func (p *Programmes) unresident(f SeveranceTax, a Answer, resident severancetax.Answer, l rule.Language,
	today calendar.Date) (Answer, error) {
	other, err := p.Tax.Tax(resident.Kind, f.payments(today), false)
	if err != nil {
		return Answer{}, err
	}
	part := p.part("severancetax.step", 0, false, resident.Version, resident.Sources, l)
	part.Otherwise = []Other{
		{Reading: "resident", Amount: int64(resident.Tax), Article: part.Article},
		{Reading: "non_resident", Amount: int64(other.Tax), Article: part.Article},
	}
	a.Missing = []string{"resident"}
	a.add(part)
	return a, nil
}
