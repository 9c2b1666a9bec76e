package v1

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// Claim is a JKP claim with its months.
type Claim struct {
	ID          string                           `json:"id" format:"uuid"`
	State       rest.Stored[casework.ClaimState] `json:"state"`
	AppliedOn   calendar.Date                    `json:"applied_on"`
	DecidedOn   calendar.Date                    `json:"decided_on,omitzero"`
	ReferenceOn calendar.Date                    `json:"reference_on,omitzero" doc:"Tanggal acuan"`
	StopReason  string                           `json:"stop_reason,omitempty"`
	StoppedOn   calendar.Date                    `json:"stopped_on,omitzero"`
	Decision    *assessment.Decision             `json:"decision,omitempty"`
	Months      []Month                          `json:"months" nullable:"false"`
}

// Month is one month of a claim.
type Month struct {
	N            int              `json:"n"`
	State        track.MonthState `json:"state"`
	OpensOn      calendar.Date    `json:"opens_on"`
	ClosesOn     calendar.Date    `json:"closes_on"`
	ProvedOn     calendar.Date    `json:"proved_on,omitzero"`
	Applications int              `json:"applications" doc:"Job applications counted as proof"`
	Calls        int              `json:"calls" doc:"Calls to a test or an interview counted as proof"`
	Attendance   *int             `json:"attendance,omitempty" doc:"Percent of the days of the class"`
	GivenOn      calendar.Date    `json:"given_on,omitzero"`
	Amount       int64            `json:"amount,omitempty" doc:"Whole rupiah, at the rate of the day given"`
	Rule         string           `json:"rule,omitempty"`
	PaymentRef   string           `json:"payment_ref,omitempty"`
	Owed         int64            `json:"owed,omitempty" doc:"Whole rupiah to be paid on top, by the facts as they stand now"`
	Overpaid     int64            `json:"overpaid,omitempty" doc:"Whole rupiah paid too much, by the facts as they stand now"`
}

// Benefit is a claim of the same person in another case, as far as it binds this one. Which case that is and where is
// not told.
type Benefit struct {
	TerminatedOn calendar.Date `json:"terminated_on" doc:"Of the same day as in this case: the same termination"`
	Months       []int         `json:"months" nullable:"false" doc:"Paid, or proved and still owed: not given again for the same termination"`
	LastGivenOn  calendar.Date `json:"last_given_on,omitzero"`
}

// PaidTwice is a month that two cases of one person paid.
type PaidTwice struct {
	Month    int   `json:"month"`
	Overpaid int64 `json:"overpaid" doc:"Whole rupiah, of the later payment; what was paid is not rewritten"`
}

type claimsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items     []Claim     `json:"items" nullable:"false"`
		Elsewhere []Benefit   `json:"elsewhere" nullable:"false" doc:"Benefits of the same person in other cases, in whichever office"`
		PaidTwice []PaidTwice `json:"paid_twice" nullable:"false" doc:"Months of this termination that another case paid, too"`
	}
}

type claimIn struct {
	ChangeIn
	Body assessment.ClaimFacts
}

type correctClaimIn struct {
	ChangeIn
	Part string `path:"claim" maxLength:"36"`
	Body struct {
		CorrectionBody
		Facts rest.Merge[assessment.ClaimFacts] `json:"facts"`
	}
}

type assessIn struct {
	ID    string                    `path:"id" maxLength:"36"`
	On    rest.Param[calendar.Date] `query:"on" doc:"Day on which the facts are looked at, and whose rules decide; today by default"`
	Under rest.Param[string]        `query:"under" maxLength:"60" doc:"Version of the rules, whatever the dates say"`
}

type assessmentOut struct {
	Body assessment.Answer
}

type decideIn struct {
	ChangeIn
	Body struct {
		OccurredOn  calendar.Date `json:"occurred_on,omitzero" doc:"Day of the decision, today by default"`
		ReferenceOn calendar.Date `json:"reference_on,omitzero" doc:"Tanggal acuan, the day of the decision by default"`
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
		OccurredOn calendar.Date `json:"occurred_on,omitzero"`
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
		Reason     track.StopReason `json:"reason"`
		OccurredOn calendar.Date    `json:"occurred_on,omitzero"`
	}
}

func registerClaims(e *rest.API, s Services) {
	const tag = "claims"
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/claims", ID: "claim-list", Tag: tag,
		Summary: "JKP claims of a case with their months", Action: authz.CaseRead}, s.showClaims)
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims", ID: "claim-apply", Tag: tag,
		Summary: "Apply for JKP: accepted whatever the facts are", Action: authz.ClaimApply, Status: http.StatusCreated},
		func(ctx context.Context, to track.Target, in *claimIn) (casework.State, error) {
			facts, err := in.Body.Application()
			if err != nil {
				return casework.State{}, err
			}
			reason, err := s.reasonOfLayoff(ctx, to)
			if err != nil {
				return casework.State{}, err
			}
			return s.Tracks.ApplyClaim(ctx, to, facts, reason)
		})
	changing(e, rest.Route{Method: http.MethodPatch, Path: "/v1/cases/{id}/claims/{claim}", ID: "claim-correct", Tag: tag,
		Summary: "Complete or correct what was stated for a claim", Action: authz.ClaimApply,
		Description: "A fact that is left out stays; null makes it unknown. A claim that is decided stays decided: " +
			"where the facts say otherwise now, a warning tells."}, onPart("claim",
		func(in *correctClaimIn) string { return in.Part }, s.correctClaim))
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/claims/assessment", ID: "claim-assess",
		Tag: tag, Summary: "What the rules of a day, and each version of them, make of the claim; changes nothing",
		Action: authz.CaseRead,
		Shows:  rest.Named},
		func(ctx context.Context, in *assessIn) (*assessmentOut, error) { return assessClaim(ctx, s, in) })
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/decision", ID: "claim-decide", Tag: tag,
		Summary: "Decide the waiting claim under the rules of the day", Action: authz.ClaimDecide},
		func(ctx context.Context, to track.Target, in *decideIn) (casework.State, error) {
			return s.Tracks.DecideClaim(ctx, to, in.Body.OccurredOn, in.Body.ReferenceOn)
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/stop", ID: "claim-stop", Tag: tag,
		Summary: "Stop the benefit: a job, or a death", Action: authz.ClaimProve},
		func(ctx context.Context, to track.Target, in *stopIn) (casework.State, error) {
			return s.Tracks.StopClaim(ctx, to, in.Body.Reason, in.Body.OccurredOn)
		})
	registerMonths(e, s, tag)
}

func registerMonths(e *rest.API, s Services, tag string) {
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/proof", ID: "claim-prove",
		Tag: tag, Summary: "Apply for a month, with the job applications on record as proof", Action: authz.ClaimProve},
		func(ctx context.Context, to track.Target, in *monthIn) (casework.State, error) {
			m := track.MonthFacts{N: in.N, Attendance: -1, OtherJob: in.Body.OtherJob, Counselled: in.Body.Counselled,
				StatusForm: in.Body.StatusForm, On: in.Body.OccurredOn}
			if in.Body.Attendance != nil {
				m.Attendance = *in.Body.Attendance
			}
			state, err := s.Tracks.ProveMonth(ctx, to, m)
			return state, s.worded(ctx, err)
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/payment", ID: "claim-pay",
		Tag: tag, Summary: "Confirm the payment of a month (BPJS Ketenagakerjaan)", Action: authz.ClaimPay},
		func(ctx context.Context, to track.Target, in *payIn) (casework.State, error) {
			return s.Tracks.PayMonth(ctx, to, track.MonthPayment{N: in.N, Given: in.Body.GivenOn,
				Stated: money.Rupiah(in.Body.Amount), Reference: in.Body.Reference})
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/claims/months/{n}/miss", ID: "claim-miss",
		Tag: tag, Summary: "Record that the window of a month passed", Action: authz.ClaimProve},
		func(ctx context.Context, to track.Target, in *missIn) (casework.State, error) {
			return s.Tracks.MissMonth(ctx, to, in.N)
		})
}

// worded says in a refusal by rules what each of them asks, and what is on record of it.
func (s Services) worded(ctx context.Context, err error) error {
	f, is := errors.AsType[*fault.Error](err)
	unmet, known := errors.AsType[*track.Unmet](err)
	if !is || !known {
		return err
	}
	var sentences []string
	for _, c := range s.Programmes.DecisionOf(unmet.Decision, rule.Language(rest.Language(ctx))).Criteria {
		if c.Result != string(rule.Met) {
			sentences = append(sentences, c.Text+".")
		}
	}
	return fault.New(f.Kind, f.Code, "criteria", strings.Join(sentences, " "))
}

// correctClaim says which field cannot be read as it was sent.
func (s Services) correctClaim(ctx context.Context, to track.Target, id uuid.UUID,
	in *correctClaimIn) (casework.State, error) {
	patch := in.Body.Facts
	if _, err := patch.Value().Application(); err != nil {
		return casework.State{}, within("facts", err)
	}
	reason, err := s.reasonOfLayoff(ctx, to)
	if err != nil {
		return casework.State{}, err
	}
	state, err := s.Tracks.CorrectClaim(ctx, to, id, in.Body.Reason, func(facts *jkp.Application) error {
		return patch.Value().Correct(facts, patch.Sent)
	}, reason)
	return state, within("facts", err)
}

// within names a field by the object that it was sent in; the reason of the correction stands beside it.
func within(object string, err error) error {
	f, is := errors.AsType[*fault.Error](err)
	if !is || f.Field == "" || f.Code == "correction.reason_required" {
		return err
	}
	return f.At(object + "." + f.Field)
}

// reasonOfLayoff is the reason that the employer reported for the layoff of a case, empty when it has none.
func (s Services) reasonOfLayoff(ctx context.Context, to track.Target) (jkp.Reason, error) {
	c, _, err := s.Cases.Get(ctx, to.Op.Scope, to.Case)
	if err != nil || c.LayoffID == uuid.Nil {
		return "", err
	}
	l, err := s.Layoffs.Store.GetLayoff(ctx, to.Op.Scope, c.LayoffID)
	if fault.KindOf(err) == fault.NotFound { // the report of another office
		return "", nil
	}
	return jkp.Reason(l.Reason), err
}

func assessClaim(ctx context.Context, s Services, in *assessIn) (*assessmentOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	stated, err := s.Tracks.Stated(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	on := stated.Today
	if asked := in.On.Get(); asked != nil {
		on = *asked
	}
	a, err := s.Programmes.Claim(stated.Facts, on, valueOf(in.Under.Get()), stated.Benefit,
		rule.Language(rest.Language(ctx)))
	return &assessmentOut{a}, err
}

func (s Services) showClaims(ctx context.Context, c casework.Detail, t *track.Tracks) (_ *claimsOut, err error) {
	out := &claimsOut{ETag: rest.ETag(c.Version)}
	out.Body.Items = make([]Claim, len(t.Claims))
	for i, claim := range t.Claims {
		if out.Body.Items[i], err = claimOf(ctx, s, claim, c, t); err != nil {
			return nil, err
		}
	}
	if t.Elsewhere, err = s.Tracks.Store.GetElsewhere(ctx, rest.Scope(ctx), c.ID); err != nil {
		return nil, err
	}
	out.Body.Elsewhere = benefitsOf(t.Elsewhere)
	out.Body.PaidTwice = listed(t.PaidTwice(c.TerminatedOn), func(p track.PaidTwice) PaidTwice {
		return PaidTwice{p.N, int64(p.Overpaid)}
	})
	return out, nil
}

// benefitsOf gathers the months of each claim, which stand one after the other.
func benefitsOf(months []track.Elsewhere) []Benefit {
	list := []Benefit{}
	for i, m := range months {
		if i == 0 || m.Claim != months[i-1].Claim {
			list = append(list, Benefit{TerminatedOn: m.TerminatedOn, Months: []int{}})
		}
		b := &list[len(list)-1]
		if m.N > 0 {
			b.Months = append(b.Months, m.N)
		}
		if m.GivenOn.After(b.LastGivenOn) {
			b.LastGivenOn = m.GivenOn
		}
	}
	return list
}

func claimOf(ctx context.Context, s Services, c track.Claim, file casework.Detail, t *track.Tracks) (Claim, error) {
	out := Claim{ID: c.ID.String(), State: rest.Stored[casework.ClaimState](c.State), AppliedOn: c.AppliedOn,
		DecidedOn: c.DecidedOn, ReferenceOn: c.ReferenceOn, StopReason: string(c.StopReason), StoppedOn: c.StoppedOn,
		Months: []Month{}}
	for _, m := range t.Months {
		if m.Claim == c.ID {
			shown := Month{N: m.N, State: m.State, OpensOn: m.OpensOn, ClosesOn: m.ClosesOn, ProvedOn: m.ProvedOn,
				Applications: m.Applications, Calls: m.Calls, GivenOn: m.GivenOn, Amount: int64(m.Amount), Rule: m.Rule,
				PaymentRef: m.PaymentRef}
			owed, overpaid, err := s.Tracks.Balance(file, t, m)
			if err != nil {
				return out, err
			}
			shown.Owed, shown.Overpaid = int64(owed), int64(overpaid)
			if m.Attendance >= 0 {
				shown.Attendance = &m.Attendance
			}
			out.Months = append(out.Months, shown)
		}
	}
	if c.Decision == "" {
		return out, nil
	}
	var d rule.Decision
	if err := json.Unmarshal([]byte(c.Decision), &d); err != nil {
		return out, err
	}
	decision := s.Programmes.DecisionOf(d, rule.Language(rest.Language(ctx)))
	out.Decision = &decision
	return out, nil
}
