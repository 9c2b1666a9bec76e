package v1

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tanggap/tanggap/api/edge"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// ClaimFacts is what is stated for a JKP claim. A fact that is left out is not known: the decision then says so, and
// never guesses.
type ClaimFacts struct {
	Citizenship         string        `json:"citizenship,omitempty" enum:"wni,wna"`
	BirthDate           calendar.Date `json:"birth_date,omitempty"`
	RegisteredOn        calendar.Date `json:"registered_on,omitempty" doc:"First registration in JKP"`
	Contract            string        `json:"contract,omitempty" enum:"permanent,fixed_term" doc:"PKWTT or PKWT"`
	ContractEnds        calendar.Date `json:"contract_ends,omitempty"`
	FirmSize            string        `json:"firm_size,omitempty" enum:"micro,small,medium,large"`
	Programmes          []string      `json:"programmes,omitempty" maxItems:"10" doc:"jkk, jkm, jht, jp, jkn"`
	Reason              string        `json:"reason,omitempty" maxLength:"60" doc:"Code of PP 35/2021, such as EFFICIENCY_LOSS"`
	Evidence            []string      `json:"evidence,omitempty" maxItems:"10"`
	Dispute             string        `json:"dispute,omitempty" enum:"none,pending,final"`
	FinalDecisionOn     calendar.Date `json:"final_decision_on,omitempty"`
	Reported            string        `json:"reported,omitempty" enum:"yes,no"`
	Contributions       []Period      `json:"contributions,omitempty" maxItems:"60" doc:"Months paid"`
	ClaimsBefore        *int          `json:"claims_before,omitempty" minimum:"0" maximum:"10"`
	MonthsSinceBenefit  *int          `json:"months_since_benefit,omitempty" minimum:"0" maximum:"1000"`
	Willing             string        `json:"willing,omitempty" enum:"yes,no" doc:"KAPK signed"`
	OtherJob            string        `json:"other_job,omitempty" enum:"yes,no"`
	EmployerDeactivated string        `json:"employer_deactivated,omitempty" enum:"yes,no"`
	BankAccount         string        `json:"bank_account,omitempty" enum:"yes,no" doc:"In the worker's own name"`
	AppliedOn           calendar.Date `json:"applied_on,omitempty" doc:"Today by default"`
}

// Period is a run of months, both ends included.
type Period struct {
	From string `json:"from" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"Such as 2024-12"`
	To   string `json:"to" pattern:"^[0-9]{4}-[0-9]{2}$"`
}

// Decision is what the rules say, with every criterion, its inputs and its article.
type Decision struct {
	Programme  string      `json:"programme"`
	Version    string      `json:"version" doc:"Parameter file that decided"`
	AsOf       string      `json:"as_of"`
	Result     string      `json:"result" enum:"eligible,ineligible,undetermined"`
	Unverified bool        `json:"unverified" doc:"A figure or reading behind it is not verified against the text of the law"`
	Criteria   []Criterion `json:"criteria" nullable:"false"`
}

// Criterion is one condition of the law as it was looked at.
type Criterion struct {
	Code       string            `json:"code"`
	Result     string            `json:"result" enum:"met,not_met,unknown"`
	Required   string            `json:"required"`
	Inputs     map[string]string `json:"inputs"`
	Article    string            `json:"article"`
	Confidence string            `json:"confidence"`
	Text       string            `json:"text" doc:"In the language of the answer"`
}

// Claim is a JKP claim with its months.
type Claim struct {
	ID          string        `json:"id" format:"uuid"`
	State       string        `json:"state" enum:"applied,refused,running,completed,stopped"`
	AppliedOn   calendar.Date `json:"applied_on"`
	DecidedOn   calendar.Date `json:"decided_on,omitzero"`
	ReferenceOn calendar.Date `json:"reference_on,omitzero" doc:"Tanggal acuan"`
	StopReason  string        `json:"stop_reason,omitempty"`
	StoppedOn   calendar.Date `json:"stopped_on,omitzero"`
	Decision    *Decision     `json:"decision,omitempty"`
	Months      []Month       `json:"months" nullable:"false"`
}

// Month is one month of a claim.
type Month struct {
	N            int           `json:"n"`
	State        string        `json:"state" enum:"upcoming,proved,paid,missed,stopped"`
	OpensOn      calendar.Date `json:"opens_on"`
	ClosesOn     calendar.Date `json:"closes_on"`
	ProvedOn     calendar.Date `json:"proved_on,omitzero"`
	Applications int           `json:"applications" doc:"Job applications counted as proof"`
	Calls        int           `json:"calls" doc:"Calls to a test or an interview counted as proof"`
	GivenOn      calendar.Date `json:"given_on,omitzero"`
	Amount       int64         `json:"amount,omitempty" doc:"Whole rupiah, at the rate of the day given"`
	Rule         string        `json:"rule,omitempty"`
	PaymentRef   string        `json:"payment_ref,omitempty"`
}

type claimsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Claim `json:"items" nullable:"false"`
	}
}

type claimIn struct {
	ChangeIn
	Body ClaimFacts
}

type assessIn struct {
	ID string        `path:"id" maxLength:"36"`
	On calendar.Date `query:"on" doc:"Under the rules of this day; today by default"`
}

type decisionOut struct {
	Body Decision
}

type decideIn struct {
	ChangeIn
	Body struct {
		OccurredOn  calendar.Date `json:"occurred_on,omitempty" doc:"Day of the decision, today by default"`
		ReferenceOn calendar.Date `json:"reference_on,omitempty" doc:"Tanggal acuan, the day of the decision by default"`
	}
}

type monthIn struct {
	ChangeIn
	N    int `path:"n" minimum:"1" maximum:"6"`
	Body struct {
		Attendance *int          `json:"attendance,omitempty" minimum:"0" maximum:"100" doc:"Percent of the training in the month before, if there was one"`
		OtherJob   bool          `json:"other_job,omitempty"`
		Counselled bool          `json:"counselled,omitempty"`
		StatusForm bool          `json:"status_form,omitempty" doc:"Formulir status kebekerjaan, month 6"`
		OccurredOn calendar.Date `json:"occurred_on,omitempty"`
	}
}

type payIn struct {
	ChangeIn
	N    int `path:"n" minimum:"1" maximum:"6"`
	Body struct {
		GivenOn   calendar.Date `json:"given_on" doc:"It decides the rate"`
		Amount    int64         `json:"amount,omitempty" minimum:"0" doc:"Whole rupiah as paid; must be what the rules give"`
		Reference string        `json:"reference,omitempty" maxLength:"100"`
	}
}

type missIn struct {
	ChangeIn
	N int `path:"n" minimum:"1" maximum:"6"`
}

type stopIn struct {
	ChangeIn
	Body struct {
		Reason     string        `json:"reason" enum:"job,death,not_claimed"`
		OccurredOn calendar.Date `json:"occurred_on,omitempty"`
	}
}

func registerClaims(e *edge.Edge, s Services) {
	const tag = "claims"
	edge.Register(e, edge.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/claims", ID: "claim-list", Tag: tag, Summary: "JKP claims of a case with their months", Action: authz.CaseRead},
		func(ctx context.Context, in *caseIn) (*claimsOut, error) { return listClaims(ctx, s, in) })
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims", ID: "claim-apply", Tag: tag, Summary: "Apply for JKP: accepted whatever the facts are",
		Action: authz.ClaimApply, Status: http.StatusCreated}, func(ctx context.Context, in *claimIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		facts, err := factsOf(in.Body)
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.ApplyClaim(ctx, edge.Op(ctx), id, version, facts))
	})
	edge.Register(e, edge.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/claims/assessment", ID: "claim-assess", Tag: tag, Summary: "What the rules of a day make of the claim; changes nothing",
		Action: authz.CaseRead}, func(ctx context.Context, in *assessIn) (*decisionOut, error) {
		id, err := casework.ParseID(in.ID)
		if err != nil {
			return nil, err
		}
		d, err := s.Tracks.Assess(ctx, edge.Scope(ctx), id, in.On)
		return &decisionOut{decisionOf(ctx, s, d)}, err
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/decision", ID: "claim-decide", Tag: tag, Summary: "Decide the waiting claim under the rules of the day",
		Action: authz.ClaimDecide}, func(ctx context.Context, in *decideIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.DecideClaim(ctx, edge.Op(ctx), id, version, in.Body.OccurredOn, in.Body.ReferenceOn))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/stop", ID: "claim-stop", Tag: tag, Summary: "Stop the benefit: a job, or a death",
		Action: authz.ClaimProve}, func(ctx context.Context, in *stopIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.StopClaim(ctx, edge.Op(ctx), id, version, track.StopReason(in.Body.Reason), in.Body.OccurredOn))
	})
	registerMonths(e, s, tag)
}

func registerMonths(e *edge.Edge, s Services, tag string) {
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/proof", ID: "claim-prove", Tag: tag,
		Summary: "Apply for a month, with the job applications on record as proof", Action: authz.ClaimProve}, func(ctx context.Context, in *monthIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		m := track.MonthFacts{N: in.N, Attendance: -1, OtherJob: in.Body.OtherJob, Counselled: in.Body.Counselled, StatusForm: in.Body.StatusForm, On: in.Body.OccurredOn}
		if in.Body.Attendance != nil {
			m.Attendance = *in.Body.Attendance
		}
		return stated(s.Tracks.ProveMonth(ctx, edge.Op(ctx), id, version, m))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/payment", ID: "claim-pay", Tag: tag,
		Summary: "Confirm the payment of a month (BPJS Ketenagakerjaan)", Action: authz.ClaimPay}, func(ctx context.Context, in *payIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.PayMonth(ctx, edge.Op(ctx), id, version, in.N, in.Body.GivenOn, in.Body.Amount, in.Body.Reference))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/miss", ID: "claim-miss", Tag: tag,
		Summary: "Record that the window of a month passed", Action: authz.ClaimProve}, func(ctx context.Context, in *missIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.MissMonth(ctx, edge.Op(ctx), id, version, in.N))
	})
}

func factsOf(f ClaimFacts) (jkp.Application, error) {
	out := jkp.Application{Citizenship: jkp.Citizenship(f.Citizenship), BirthDate: f.BirthDate, RegisteredOn: f.RegisteredOn, Contract: jkp.ContractType(f.Contract),
		ContractEnds: f.ContractEnds, FirmSize: jkp.FirmSize(f.FirmSize), Reason: jkp.Reason(f.Reason), Dispute: jkp.Dispute(f.Dispute),
		FinalDecisionOn: f.FinalDecisionOn, Reported: jkp.Answer(f.Reported), ClaimsBefore: f.ClaimsBefore, MonthsSinceBenefit: f.MonthsSinceBenefit,
		Willing: jkp.Answer(f.Willing), OtherJob: jkp.Answer(f.OtherJob), EmployerDeactivated: jkp.Answer(f.EmployerDeactivated),
		BankAccount: jkp.Answer(f.BankAccount), AppliedOn: f.AppliedOn}
	if f.Programmes != nil {
		out.Programmes = []jkp.SocialProgramme{}
	}
	for _, p := range f.Programmes {
		out.Programmes = append(out.Programmes, jkp.SocialProgramme(p))
	}
	if f.Evidence != nil {
		out.Evidence = []jkp.Evidence{}
	}
	for _, x := range f.Evidence {
		out.Evidence = append(out.Evidence, jkp.Evidence(x))
	}
	if f.Contributions != nil {
		out.Contributions = []jkp.Period{}
	}
	for _, c := range f.Contributions {
		from, err := jkp.ParseMonth(c.From)
		if err != nil {
			return out, fault.New(fault.Invalid, "calendar.date_invalid").At("contributions.from")
		}
		to, err := jkp.ParseMonth(c.To)
		if err != nil {
			return out, fault.New(fault.Invalid, "calendar.date_invalid").At("contributions.to")
		}
		out.Contributions = append(out.Contributions, jkp.Period{From: from, To: to})
	}
	return out, nil
}

func listClaims(ctx context.Context, s Services, in *caseIn) (*claimsOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	c, f, err := s.Tracks.Get(ctx, edge.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &claimsOut{ETag: edge.ETag(c.Version)}
	out.Body.Items = make([]Claim, len(f.Claims))
	for i, claim := range f.Claims {
		if out.Body.Items[i], err = claimOf(ctx, s, claim, f.Months); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func claimOf(ctx context.Context, s Services, c track.Claim, months []track.Month) (Claim, error) {
	out := Claim{ID: c.ID.String(), State: string(c.State), AppliedOn: c.AppliedOn, DecidedOn: c.DecidedOn, ReferenceOn: c.ReferenceOn,
		StopReason: string(c.StopReason), StoppedOn: c.StoppedOn, Months: []Month{}}
	for _, m := range months {
		if m.Claim == c.ID {
			out.Months = append(out.Months, Month{N: m.N, State: string(m.State), OpensOn: m.OpensOn, ClosesOn: m.ClosesOn, ProvedOn: m.ProvedOn,
				Applications: m.Applications, Calls: m.Calls, GivenOn: m.GivenOn, Amount: int64(m.Amount), Rule: m.Rule, PaymentRef: m.PaymentRef})
		}
	}
	if c.Decision == "" {
		return out, nil
	}
	var d rule.Decision
	if err := json.Unmarshal([]byte(c.Decision), &d); err != nil {
		return out, err
	}
	decision := decisionOf(ctx, s, d)
	out.Decision = &decision
	return out, nil
}

func decisionOf(ctx context.Context, s Services, d rule.Decision) Decision {
	lang := rule.Language(edge.Language(ctx))
	out := Decision{Programme: d.Programme, Version: d.Version, AsOf: d.AsOf.String(), Result: string(d.Result), Unverified: d.Unverified(), Criteria: make([]Criterion, len(d.Criteria))}
	for i, c := range d.Criteria {
		out.Criteria[i] = Criterion{Code: c.Code, Result: string(c.Result), Required: c.Required, Inputs: c.Inputs, Article: c.Article,
			Confidence: string(c.Confidence), Text: c.Explain(lang, s.Tracks.JKP.Texts())}
	}
	return out
}
