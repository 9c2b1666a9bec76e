package v1

import (
	"context"
	"encoding/hex"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/ids"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Sample is a drawn sample of cases.
type Sample struct {
	ID          string        `json:"id" format:"uuid"`
	Region      string        `json:"region,omitempty"`
	From        calendar.Date `json:"from"`
	Until       calendar.Date `json:"until"`
	Seed        string        `json:"seed"`
	AsOf        int64         `json:"as_of" doc:"Entries in the log when it was drawn"`
	FrameSize   int           `json:"frame_size" doc:"Cases that could have been drawn"`
	FrameDigest string        `json:"frame_digest" doc:"SHA-256 over the ids of the frame, ascending, 16 bytes each"`
	Cases       []string      `json:"cases" nullable:"false" doc:"Those whose SHA-256 over seed and id is smallest"`
	CreatedAt   time.Time     `json:"created_at"`
	Reproduced  *bool         `json:"reproduced,omitempty" doc:"Drawing it again now gave the same cases from the same frame"`
}

// AuditFinding is what an auditor found in a case, and what its office says to it.
type AuditFinding struct {
	ID         string                 `json:"id" format:"uuid"`
	Case       string                 `json:"case" format:"uuid"`
	Sample     string                 `json:"sample,omitempty"`
	Severity   oversight.Severity     `json:"severity"`
	State      oversight.FindingState `json:"state"`
	Text       string                 `json:"text"`
	FoundBy    string                 `json:"found_by" format:"uuid"`
	FoundAt    time.Time              `json:"found_at"`
	Answer     string                 `json:"answer,omitempty"`
	AnsweredBy string                 `json:"answered_by,omitempty"`
	SettledBy  string                 `json:"settled_by,omitempty"`
	Settlement string                 `json:"settlement,omitempty" doc:"Why it was settled"`
	Region     string                 `json:"region" doc:"Regency office that has the case"`
}

// Emergency is a short right to read in a region that is not one's own.
type Emergency struct {
	ID       string                   `json:"id" format:"uuid"`
	Officer  string                   `json:"officer" format:"uuid"`
	Name     string                   `json:"name"`
	Region   string                   `json:"region"`
	Reason   string                   `json:"reason"`
	OpenedAt time.Time                `json:"opened_at"`
	Until    time.Time                `json:"until"`
	Verdict  officer.EmergencyVerdict `json:"verdict,omitempty"`
	Remark   string                   `json:"remark,omitempty"`
}

// Explanation says why an officer may or may not do something in a case.
type Explanation struct {
	Allowed bool     `json:"allowed"`
	Text    string   `json:"text" doc:"The answer in a sentence"`
	Roles   []string `json:"roles" nullable:"false" doc:"Roles that allow the action, each where it is given"`
	Action  string   `json:"action"`
	Region  string   `json:"region" doc:"Of the case"`
	Reasons []Reason `json:"reasons" nullable:"false"`
}

// Reason is what one grant has to say.
type Reason struct {
	Role   string        `json:"role"`
	Region string        `json:"region"`
	From   calendar.Date `json:"from,omitzero"`
	Until  calendar.Date `json:"until,omitzero"`
	Active bool          `json:"active" doc:"Its period has come and is not over"`
	Allows bool          `json:"allows" doc:"The role allows the action"`
	Covers bool          `json:"covers" doc:"Its region holds the case"`
}

type sampleIn struct {
	Body struct {
		Region string        `json:"region,omitempty" minLength:"2" maxLength:"4"`
		From   calendar.Date `json:"from" doc:"Cases opened from this day"`
		Until  calendar.Date `json:"until"`
		Size   int           `json:"size" minimum:"1" maximum:"500"`
		Seed   string        `json:"seed" minLength:"1" maxLength:"100" doc:"Any text; nobody should be able to foresee it"`
	}
}

type sampleOut struct {
	Body Sample
}

type samplesOut struct {
	Body struct {
		Items      []Sample `json:"items" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty"`
	}
}

type findingIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Severity oversight.Severity `json:"severity"`
		Text     string             `json:"text" text:"free" minLength:"1" maxLength:"4000"`
		Sample   rest.ID            `json:"sample,omitempty"`
	}
}

type settleIn struct {
	ID      string `path:"id" maxLength:"36"`
	Finding string `path:"finding" maxLength:"36"`
	Body    *struct {
		Text string `json:"text,omitempty" text:"free" maxLength:"4000" doc:"Why it is settled"`
	}
}

type allFindingsIn struct {
	rest.PageIn
	State    rest.Param[oversight.FindingState] `query:"state"`
	Severity rest.Param[oversight.Severity]     `query:"severity"`
	Region   rest.Param[string]                 `query:"region" maxLength:"4" doc:"Cases of this regency, or of a province's regencies"`
}

type allFindingsOut struct {
	Body struct {
		Items      []AuditFinding `json:"items" nullable:"false"`
		NextCursor string         `json:"next_cursor,omitempty"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *allFindingsOut) Subjects() []uuid.UUID { return o.subjects }

type findingAnswerIn struct {
	ID      string `path:"id" maxLength:"36"`
	Finding string `path:"finding" maxLength:"36"`
	Body    struct {
		Text string `json:"text" text:"free" minLength:"1" maxLength:"4000"`
	}
}

type findingOut struct {
	Body AuditFinding
}

type findingsOut struct {
	Body struct {
		Items []AuditFinding `json:"items" nullable:"false"`
	}
}

type emergencyIn struct {
	Body struct {
		Region  string `json:"region" minLength:"2" maxLength:"4" doc:"Regency or province to read in"`
		Reason  string `json:"reason" text:"free" minLength:"1" maxLength:"1000"`
		Minutes int    `json:"minutes,omitempty" minimum:"1" maximum:"60" default:"30"`
	}
}

type emergencyOut struct {
	Body Emergency
}

type emergenciesIn struct {
	Open  bool `query:"open" doc:"Only those not judged yet"`
	Limit int  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type emergenciesOut struct {
	Body struct {
		Items []Emergency `json:"items" nullable:"false"`
	}
}

type reviewIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Verdict officer.EmergencyVerdict `json:"verdict"`
		Remark  string                   `json:"remark,omitempty" text:"free" maxLength:"1000"`
	}
}

type explainIn struct {
	Officer rest.ID `query:"officer" required:"true"`
	Action  string  `query:"action" required:"true" maxLength:"40"`
	Case    rest.ID `query:"case" required:"true"`
}

type explainOut struct {
	Body Explanation
}

func registerOversight(e *rest.API, s Services) {
	const tag = "audit"
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/samples", ID: "sample-draw", Tag: tag,
		Summary: "Draw a sample of cases that anybody can draw again", Action: authz.SampleDraw,
		Status: http.StatusCreated, Shows: rest.Called}, func(ctx context.Context, in *sampleIn) (*sampleOut, error) {
		code, err := regionOf(s.Tree, in.Body.Region, "region")
		if err != nil {
			return nil, err
		}
		drawn, err := s.Oversight.Draw(ctx, rest.Op(ctx), oversight.SampleRequest{Region: code, From: in.Body.From,
			Until: in.Body.Until, Size: in.Body.Size, Seed: in.Body.Seed})
		return &sampleOut{sampleOf(drawn)}, err
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/samples", ID: "sample-list", Tag: tag,
		Summary: "Samples of mine, newest first", Action: authz.SampleDraw, Shows: rest.Called},
		func(ctx context.Context, in *exportsIn) (*samplesOut, error) { return listSamples(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/samples/{id}", ID: "sample-get", Tag: tag,
		Summary: "A sample of mine, drawn again to see that it is the same", Action: authz.SampleDraw,
		Shows: rest.Called}, func(ctx context.Context, in *exportIn) (*sampleOut, error) {
		id, err := parsedID(in.ID, oversight.NotFound())
		if err != nil {
			return nil, err
		}
		drawn, same, err := s.Oversight.Redraw(ctx, rest.Caller(ctx).Officer, rest.Scope(ctx), id)
		out := &sampleOut{sampleOf(drawn)}
		out.Body.Reproduced = &same
		return out, err
	})
	registerFindings(e, s)
	registerEmergencies(e, s)
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/policy/explanation", ID: "policy-explain", Tag: tag,
		Summary: "Why an officer may or may not do something in a case", Action: authz.PolicyExplain,
		Shows: rest.Called, Names: true},
		func(ctx context.Context, in *explainIn) (*explainOut, error) { return explain(ctx, e, s, in) })
}

func listSamples(ctx context.Context, e *rest.API, s Services, in *exportsIn) (*samplesOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	found, err := s.Oversight.Store.ListSamples(ctx, rest.Caller(ctx).Officer, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(x oversight.Sample) []byte { return x.ID[:] })
	out := &samplesOut{}
	out.Body.Items, out.Body.NextCursor = listed(oversight.Seen(found, rest.Scope(ctx)), sampleOf), next
	return out, nil
}

func registerFindings(e *rest.API, s Services) {
	const tag = "audit"
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/findings", ID: "finding-record", Tag: tag,
		Summary: "Record a finding on a case; the case itself stays as it is", Action: authz.FindingRecord,
		Status: http.StatusCreated, Shows: rest.Named}, func(ctx context.Context, in *findingIn) (*findingOut, error) {
		id, err := casework.ParseID(in.ID)
		if err != nil {
			return nil, err
		}
		f := oversight.Finding{Case: id, Severity: in.Body.Severity, Text: identity.NewSecret(in.Body.Text)}
		if in.Body.Sample != "" {
			f.Sample = in.Body.Sample.UUID()
		}
		f, err = s.Oversight.Find(ctx, rest.Op(ctx), f)
		return &findingOut{findingOf(f)}, err
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/findings", ID: "finding-list", Tag: tag,
		Summary: "Findings on a case, oldest first", Action: authz.FindingRead, Shows: rest.Named},
		func(ctx context.Context, in *caseIn) (*findingsOut, error) {
			id, err := casework.ParseID(in.ID)
			if err != nil {
				return nil, err
			}
			found, err := s.Oversight.Findings(ctx, rest.Scope(ctx), id)
			out := &findingsOut{}
			out.Body.Items = make([]AuditFinding, len(found))
			for i, f := range found {
				out.Body.Items[i] = findingOf(f)
			}
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/findings/{finding}/answer",
		ID: "finding-answer", Tag: tag, Summary: "Answer a finding for the office", Action: authz.FindingAnswer,
		Shows: rest.Named}, func(ctx context.Context, in *findingAnswerIn) (*findingOut, error) {
		return moveFinding(in.ID, in.Finding, func(id casework.ID, finding uuid.UUID) (oversight.Finding, error) {
			return s.Oversight.Answer(ctx, rest.Op(ctx), id, finding, identity.NewSecret(in.Body.Text))
		})
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/findings/{finding}/settlement",
		ID: "finding-settle", Tag: tag, Summary: "Settle a finding", Action: authz.FindingRecord,
		Shows: rest.Named}, func(ctx context.Context, in *settleIn) (*findingOut, error) {
		var text string
		if in.Body != nil {
			text = in.Body.Text
		}
		return moveFinding(in.ID, in.Finding, func(id casework.ID, finding uuid.UUID) (oversight.Finding, error) {
			return s.Oversight.Settle(ctx, rest.Op(ctx), id, finding, identity.NewSecret(text))
		})
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/findings", ID: "finding-list-all", Tag: tag,
		Summary: "Findings on the cases in my scope, newest first", Action: authz.FindingRead, Shows: rest.Listed},
		func(ctx context.Context, in *allFindingsIn) (*allFindingsOut, error) {
			return listFindings(ctx, e, s, in)
		})
}

func listFindings(ctx context.Context, e *rest.API, s Services, in *allFindingsIn) (*allFindingsOut, error) {
	scope, err := scopeIn(ctx, s, in.Region)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := oversight.FindingFilter{State: in.State.Get(), Severity: in.Severity.Get(), Limit: in.Limit + 1}
	copy(f.After[:], at)
	found, err := s.Oversight.Store.FindingsIn(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(f oversight.Finding) []byte { return f.ID[:] })
	out := &allFindingsOut{}
	out.Body.Items, out.Body.NextCursor = make([]AuditFinding, len(found)), next
	for i, f := range found {
		out.Body.Items[i] = findingOf(f)
		out.subjects = append(out.subjects, uuid.UUID(f.Case))
	}
	return out, nil
}

func moveFinding(of, finding string,
	move func(casework.ID, uuid.UUID) (oversight.Finding, error)) (*findingOut, error) {
	id, err := casework.ParseID(of)
	if err != nil {
		return nil, err
	}
	which, _ := ids.Parse(finding) // what is no id is a finding that the case does not have, once the case is there
	f, err := move(id, which)
	return &findingOut{findingOf(f)}, err
}

func registerEmergencies(e *rest.API, s Services) {
	const tag = "audit"
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/emergencies", ID: "emergency-open", Tag: tag,
		Summary: "Read in a region that is not mine, for an hour at most; everything is on record and judged afterwards",
		Action:  authz.EmergencyOpen, Status: http.StatusCreated, Shows: rest.Called},
		func(ctx context.Context, in *emergencyIn) (*emergencyOut, error) {
			code, err := regionOf(s.Tree, in.Body.Region, "region")
			if err == nil {
				err = e.Fresh(ctx)
			}
			if err != nil {
				return nil, err
			}
			opened, err := s.Officers.OpenEmergency(ctx, rest.Op(ctx), code, in.Body.Reason,
				time.Duration(in.Body.Minutes)*time.Minute)
			return &emergencyOut{emergencyOf(opened)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/emergencies", ID: "emergency-list", Tag: tag,
		Summary: "Emergency accesses in my scope, newest first", Action: authz.EmergencyReview, Shows: rest.Called},
		func(ctx context.Context, in *emergenciesIn) (*emergenciesOut, error) {
			found, err := s.Officers.Emergencies.ListEmergencies(ctx, rest.Scope(ctx), in.Open, in.Limit)
			out := &emergenciesOut{}
			out.Body.Items = make([]Emergency, len(found))
			for i, x := range found {
				out.Body.Items[i] = emergencyOf(x)
			}
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/emergencies/{id}/review", ID: "emergency-review",
		Tag: tag, Summary: "Judge an emergency access; one that still runs ends", Action: authz.EmergencyReview,
		Shows: rest.Called}, func(ctx context.Context, in *reviewIn) (*emergencyOut, error) {
		id, err := parsedID(in.ID, officer.NotFound())
		if err != nil {
			return nil, err
		}
		x, err := s.Officers.ReviewEmergency(ctx, rest.Op(ctx), id, in.Body.Verdict, in.Body.Remark)
		return &emergencyOut{emergencyOf(x)}, err
	})
}

func explain(ctx context.Context, e *rest.API, s Services, in *explainIn) (*explainOut, error) {
	action := authz.Action(in.Action)
	if !action.Valid() {
		return nil, fault.New(fault.Invalid, "policy.action_unknown").At("action")
	}
	id := casework.ID(in.Case.UUID())
	o, err := s.Officers.Store.GetOfficer(ctx, rest.Scope(ctx), authz.OfficerID(in.Officer.UUID()))
	if err != nil {
		return nil, err
	}
	code, err := s.Regions(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	x := authz.Explain(e.Matrix, officer.InForce(o), action, code, e.Clock.Now())
	out := &explainOut{Explanation{Allowed: x.Allowed, Action: in.Action, Region: string(code),
		Reasons: make([]Reason, len(x.Reasons))}}
	out.Body.Roles = codelist.Texts(authz.Allowing(e.Matrix, action))
	out.Body.Text = explained(rest.Language(ctx), x, out.Body.Roles)
	for i, r := range x.Reasons {
		out.Body.Reasons[i] = Reason{string(r.Grant.Role), string(r.Grant.Region), r.Grant.From, r.Grant.Until, r.Active,
			r.Allows, r.Covers}
	}
	return out, nil
}

// explained is the sentence of a decision: the grant that gives the right, or what all of them lack.
func explained(lang string, x authz.Explanation, roles []string) string {
	list := codelist.NameOf(reflect.TypeFor[authz.Role]())
	called := make([]string, len(roles))
	for i, r := range roles {
		called[i] = wording.LabelIn(lang, list, r)
	}
	code := "policy." + string(x.Lacks())
	return wording.Message(lang, code, map[string]string{"action": string(x.Action), "region": string(x.Region),
		"roles": strings.Join(called, ", ")})
}

func sampleOf(x oversight.Sample) Sample {
	out := Sample{ID: x.ID.String(), Region: string(x.Asked.Region), From: x.Asked.From, Until: x.Asked.Until,
		Seed: x.Asked.Seed, AsOf: x.AsOf, FrameSize: x.FrameSize, FrameDigest: hex.EncodeToString(x.FrameDigest[:]),
		Cases: make([]string, len(x.Cases)), CreatedAt: x.CreatedAt}
	for i, id := range x.Cases {
		out.Cases[i] = id.String()
	}
	return out
}

func findingOf(f oversight.Finding) AuditFinding {
	name := func(id uuid.UUID) string {
		if id == uuid.Nil {
			return ""
		}
		return id.String()
	}
	return AuditFinding{ID: f.ID.String(), Case: f.Case.String(), Sample: name(f.Sample), Severity: f.Severity,
		State: f.State, Text: f.Text.Reveal(), FoundBy: f.FoundBy.String(), FoundAt: f.FoundAt, Answer: f.Answer.Reveal(),
		AnsweredBy: name(uuid.UUID(f.AnsweredBy)), SettledBy: name(uuid.UUID(f.SettledBy)),
		Settlement: f.Settlement.Reveal(), Region: string(f.Region)}
}

func emergencyOf(x officer.Emergency) Emergency {
	return Emergency{ID: x.ID.String(), Officer: x.Officer.String(), Name: x.Name, Region: string(x.Region),
		Reason: x.Reason, OpenedAt: x.OpenedAt, Until: x.Until, Verdict: x.Verdict, Remark: x.Remark}
}
