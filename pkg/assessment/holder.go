package assessment

import (
	"strings"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Holder is who has a fact that nobody has stated, and can be asked for it.
type Holder string

// The holders.
const (
	HolderWorker   Holder = "worker"
	HolderEmployer Holder = "employer"
	HolderInsurer  Holder = "bpjs_ketenagakerjaan"
	HolderOffice   Holder = "office"
)

// Values lists the holders.
func (Holder) Values() []Holder {
	return []Holder{HolderWorker, HolderEmployer, HolderInsurer, HolderOffice}
}

// Valid tells whether h is one of them.
func (h Holder) Valid() bool { return codelist.Has(h) }

var (
	worker         = []Holder{HolderWorker}
	employer       = []Holder{HolderEmployer}
	workerFirst    = []Holder{HolderWorker, HolderEmployer}
	employerFirst  = []Holder{HolderEmployer, HolderWorker}
	insurerFirst   = []Holder{HolderInsurer, HolderEmployer}
	employerOffice = []Holder{HolderEmployer, HolderOffice}
	workerOffice   = []Holder{HolderWorker, HolderOffice}
	office         = []Holder{HolderOffice}
)

// holders says who has a fact, and who has what a criterion looks at; the best source comes first.
var holders = map[string][]Holder{
	"contract": workerFirst, "start_on": workerFirst, "end_on": workerFirst, "wage": workerFirst,
	"agreed_amount": workerFirst, "work_week_days": workerFirst, "ended_by": workerFirst, "last_paid_on": workerFirst,
	"contract_ends": workerFirst, "unpaid_wages": workerFirst, "thr_paid": workerFirst,
	"reason": employerFirst, "rights": employerFirst, "lawful_ground": employerFirst, "payments": employerFirst,
	"resignation_letter_on": employerFirst, "separation_pay": employer, "caused_loss": employer,
	"firm_size": employerOffice, "insolvent": employerOffice,
	"registered": insurerFirst, "arrears_months": insurerFirst, "reported_wage": insurerFirst,
	"dispute": workerOffice, "final_decision_on": workerOffice,
	"detention": worker, "foreigner": worker, "holiday_on": worker, "employed_on_holiday": worker, "resident": worker,
	"jkn_segment": worker, "jkn_proof": {HolderOffice, HolderEmployer},

	"jkp.version": workerFirst, "jkp.citizenship": worker, "jkp.age_at_registration": {HolderWorker, HolderInsurer},
	"jkp.contract_type": workerFirst, "jkp.fixed_term_ended_early": workerFirst, "jkp.termination_reason": employerFirst,
	"jkp.required_programmes": insurerFirst, "jkp.contribution_months": insurerFirst,
	"jkp.contribution_consecutive": insurerFirst, "jkp.payer": insurerFirst, "jkp.employer_deactivated": insurerFirst,
	"jkp.willing_to_work": worker, "jkp.bank_account": worker, "jkp.no_other_job": worker, "jkp.evidence": workerFirst,
	"jkp.termination_reported": {HolderOffice, HolderEmployer}, "jkp.dispute_final": workerOffice,
	"jkp.claim_deadline": workerOffice, "jkp.claim_count": {HolderWorker, HolderInsurer},
	"jkp.claim_gap": {HolderInsurer, HolderWorker},

	"termination.ground_allowed": employerFirst, "termination.in_effect": workerOffice,
	"severance.fixed_term_min_service": workerFirst, "severance.fixed_term_not_foreigner": worker,
	"severance.fixed_term_running": workerFirst,
	"thr.min_service":              workerFirst, "thr.employed": workerFirst,
	"cover.jkn_segment": worker, "cover.jkn_dispute": workerOffice,

	"prakerja.min_age": worker, "prakerja.max_age": worker, "prakerja.citizen": worker,
	"prakerja.not_in_formal_education": worker, "prakerja.occupation": worker, "prakerja.other_aid": workerOffice,
	"prakerja.family_limit": worker,
	"wagesubsidy.wage":      insurerFirst, "wagesubsidy.citizen": worker, "wagesubsidy.valid_nik": workerOffice,
	"wagesubsidy.active_member": insurerFirst, "wagesubsidy.wage_earner": insurerFirst,
	"wagesubsidy.bank_account": worker, "wagesubsidy.listed_area": office, "wagesubsidy.priority_sector": employerOffice,
	"wagesubsidy.state_servant": worker, "wagesubsidy.prakerja_recipient": worker,
	"wagesubsidy.family_hope_recipient": workerOffice, "wagesubsidy.micro_business_recipient": workerOffice,
}

// synonyms are facts that a programme calls by another name.
var synonyms = map[string]string{"month_wage": "wage"}

// Asked is who has what is missing.
type Asked struct {
	From     []Holder `json:"from,omitempty" doc:"Who has it, the best source first; nobody has what the law itself leaves open"`
	FromText string   `json:"from_text,omitempty" doc:"The same in the language of the answer"`
}

// askedOf says who has a fact, or what a criterion looks at.
func askedOf(code string, l rule.Language) Asked {
	out := Asked{From: holders[code]}
	var names []string
	for _, h := range out.From {
		names = append(names, wording.Label(string(l), h))
	}
	out.FromText = strings.Join(names, ", ")
	return out
}

// Missing words a fact that nobody has stated, and says who has it.
func (p *Programmes) Missing(fact string, l rule.Language) MissingFact {
	known := fact
	if other, ok := synonyms[fact]; ok {
		known = other
	}
	return MissingFact{Fact: fact, Text: p.text("rights.missing."+known, l), For: []string{}, Asked: askedOf(known, l)}
}

// ask lists what would make an answer complete, with who has it.
func (p *Programmes) ask(a Answer, l rule.Language) []MissingFact {
	facts := a.Missing
	if a.Payer != nil && a.Payer.Missing != "" {
		facts = append(facts[:len(facts):len(facts)], a.Payer.Missing)
	}
	var out []MissingFact
	for _, fact := range facts {
		m := p.Missing(fact, l)
		m.For = append(m.For, a.Programme)
		out = append(out, m)
	}
	return out
}
