package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// Officer is somebody who signs in, with the roles they hold.
type Officer struct {
	ID     string  `json:"id" format:"uuid"`
	Email  string  `json:"email"`
	Name   string  `json:"name"`
	Office string  `json:"office"`
	Active bool    `json:"active"`
	Grants []Grant `json:"grants" nullable:"false"`
}

// Grant is a role in a region.
type Grant struct {
	ID         string        `json:"id" format:"uuid"`
	Role       string        `json:"role"`
	Region     string        `json:"region" doc:"Empty for the nation"`
	ValidFrom  calendar.Date `json:"valid_from"`
	ValidUntil calendar.Date `json:"valid_until,omitzero"`
	GrantedBy  string        `json:"granted_by,omitempty"`
	RevokedAt  *time.Time    `json:"revoked_at,omitempty"`
	// A second administrator's part.
	Pending     bool   `json:"pending,omitempty" doc:"Gives nothing until another administrator confirms it"`
	ProposedBy  string `json:"proposed_by,omitempty"`
	ConfirmedBy string `json:"confirmed_by,omitempty"`
}

type officersIn struct {
	rest.PageIn
	Office rest.Param[string] `query:"office" maxLength:"4" doc:"Officers of this office and those below"`
}

type officersOut struct {
	Body struct {
		Items      []Officer `json:"items" nullable:"false"`
		NextCursor string    `json:"next_cursor,omitempty"`
	}
}

type officerIn struct {
	ID string `path:"id" maxLength:"36"`
}

type officerOut struct {
	Location string `header:"Location"`
	Body     Officer
}

type createOfficerIn struct {
	Body struct {
		Email  string `json:"email" maxLength:"254"`
		Name   string `json:"name" minLength:"1" maxLength:"200"`
		Office string `json:"office" maxLength:"4"`
	}
}

// SetupCode is what an officer sets a password with.
type SetupCode struct {
	Code      string     `json:"setup_code,omitempty" doc:"For POST /v1/session/setup. Shown once: a repeated answer has none"`
	ExpiresAt *time.Time `json:"setup_code_expires_at,omitempty"`
}

type setupCodeOut struct {
	Body SetupCode
}

type createdOut struct {
	Location string `header:"Location"`
	Body     struct {
		Officer
		SetupCode
	}
}

type grantIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Role       rest.Stored[authz.Role] `json:"role"`
		Region     string                  `json:"region" maxLength:"4" doc:"Empty for the nation"`
		ValidFrom  calendar.Date           `json:"valid_from,omitzero" doc:"Today by default"`
		ValidUntil calendar.Date           `json:"valid_until,omitzero"`
	}
}

type grantOut struct {
	Body Grant
}

// leftOut answers what takes a right away.
type leftOut struct {
	Body struct {
		OpenCases int `json:"open_cases" doc:"Of the officer in your regions, which they work on no longer: hand them over"`
	}
}

type handoverIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Officer officerOrNone `json:"officer" doc:"Id of the officer, or 'me'; empty takes the cases back"`
	}
}

type handoverOut struct {
	Body struct {
		Cases int        `json:"cases" doc:"That were handed over"`
		Order *BulkOrder `json:"order,omitempty" doc:"Of more than 500 cases: they go one by one, in the background"`
	}
}

type revokeIn struct {
	ID    string `path:"id" maxLength:"36"`
	Grant string `path:"grant" maxLength:"36"`
}

func registerOfficers(e *rest.API, s Services) {
	const tag = "officers"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/officers", ID: "officer-list", Tag: tag,
		Summary: "Officers of the offices in my scope",
		Action:  authz.OfficerRead},
		func(ctx context.Context, in *officersIn) (*officersOut, error) { return listOfficers(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/officers/{id}", ID: "officer-get", Tag: tag,
		Summary: "One officer", Action: authz.OfficerRead},
		func(ctx context.Context, in *officerIn) (*officerOut, error) {
			id, err := officerID(in.ID)
			if err != nil {
				return nil, err
			}
			o, err := s.Officers.Store.GetOfficer(ctx, rest.Scope(ctx), id)
			return &officerOut{Body: officerOf(o)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers", ID: "officer-create", Tag: tag,
		Summary:     "Add an officer, without rights or password yet",
		Description: "The officer sets a password with the code, within 72 hours.", Action: authz.OfficerCreate,
		Status: http.StatusCreated},
		func(ctx context.Context, in *createOfficerIn) (*createdOut, error) {
			return createOfficer(ctx, e, s, in)
		}, func(in *createOfficerIn) []fault.FieldError {
			_, err := officer.Checked(officer.Officer{Email: in.Body.Email, Name: in.Body.Name})
			return fault.FieldsOf(err)
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/setup-code", ID: "officer-setup-code",
		Tag: tag, Summary: "Give an officer a new code, and end their password and sessions",
		Description: "Needs a fresh password. Grants that need a second administrator are pending again.",
		Action:      authz.OfficerCreate, Status: http.StatusCreated},
		func(ctx context.Context, in *officerIn) (*setupCodeOut, error) { return readmit(ctx, e, s, in) })
	registerOfficerChanges(e, s)
	registerLoads(e, s)
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/grants", ID: "grant-create", Tag: tag,
		Summary: "Give a role in a region", Description: "Needs a fresh password. A role that shows workers, and " +
			"administrator, is pending until another administrator confirms it, unless the ministry gives it.",
		Action: authz.GrantCreate, Status: http.StatusCreated},
		func(ctx context.Context, in *grantIn) (*grantOut, error) { return grantRole(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/grants/{grant}/confirmation",
		ID: "grant-confirm", Tag: tag, Summary: "Put a pending grant in force, as the second administrator",
		Description: "Needs a fresh password.", Action: authz.GrantCreate},
		func(ctx context.Context, in *revokeIn) (*grantOut, error) { return confirmGrant(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/grants/{grant}/revocation",
		ID: "grant-revoke", Tag: tag, Summary: "End a grant at once",
		Action: authz.GrantRevoke}, func(ctx context.Context, in *revokeIn) (*leftOut, error) {
		id, grant, err := grantID(in)
		if err == nil {
			err = s.Officers.Revoke(ctx, rest.Op(ctx), id, grant)
		}
		return leftBehind(ctx, s, id, err)
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/handover", ID: "officer-handover",
		Tag: tag, Summary: "Give all open cases of an officer to another one, or to nobody",
		Description: "One history entry a case. All or none: the other one must work in the region of each. More than " +
			"500 go by an order, see /v1/cases/bulk.",
		Action: authz.CaseAssign}, func(ctx context.Context, in *handoverIn) (*handoverOut, error) {
		return handOver(ctx, e, s, in)
	})
}

// leftBehind answers the loss of a right: how many cases still wait for the officer.
func leftBehind(ctx context.Context, s Services, id authz.OfficerID, err error) (*leftOut, error) {
	if err != nil {
		return nil, err
	}
	works, err := s.Officers.WorksNow(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &leftOut{}
	out.Body.OpenCases, err = s.Cases.LeftBehind(ctx, rest.Scope(ctx), id, works)
	return out, err
}

func handOver(ctx context.Context, e *rest.API, s Services, in *handoverIn) (*handoverOut, error) {
	from, err := officerID(in.ID)
	if err != nil {
		return nil, err
	}
	out := &handoverOut{}
	out.Body.Cases, out.Body.Order, err = handedOver(ctx, s, rest.Op(ctx), authz.CaseAssign, from, in.Body.Officer.id(ctx))
	if err == nil && out.Body.Cases == 0 && out.Body.Order == nil { // of an officer elsewhere there is nothing to say
		_, err = s.Officers.Store.GetOfficer(ctx, rest.Scope(ctx), from)
	}
	return out, err
}

func handedOver(ctx context.Context, s Services, op authz.Op, by authz.Action, from,
	to authz.OfficerID) (int, *BulkOrder, error) {
	n, ordered, err := s.Bulk.HandOver(ctx, op, by, from, to)
	if ordered == nil {
		return n, nil, err
	}
	o := bulkOf(ctx, *ordered)
	return n, &o, err
}

func listOfficers(ctx context.Context, e *rest.API, s Services, in *officersIn) (*officersOut, error) {
	office, err := regionIn(s.Tree, in.Office, "office")
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := officer.Filter{Office: office, Limit: in.Limit + 1}
	copy(f.After[:], at)
	found, err := s.Officers.List(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(o officer.Officer) []byte { return o.ID[:] })
	out := &officersOut{}
	out.Body.Items, out.Body.NextCursor = make([]Officer, len(found)), next
	for i, o := range found {
		out.Body.Items[i] = officerOf(o)
	}
	return out, nil
}

func createOfficer(ctx context.Context, e *rest.API, s Services, in *createOfficerIn) (*createdOut, error) {
	office, err := regionOf(s.Tree, in.Body.Office, "office")
	if err != nil {
		return nil, err
	}
	made, err := s.Officers.Create(ctx, rest.Op(ctx), officer.Officer{Email: in.Body.Email, Name: in.Body.Name,
		Office: office})
	if fault.CodeOf(err) == "officer.registered_elsewhere" {
		e.Refused(ctx)
	}
	out := &createdOut{Location: "/v1/officers/" + made.Officer.ID.String()}
	out.Body.Officer, out.Body.SetupCode = officerOf(made.Officer), setupCodeOf(made)
	return out, err
}

func readmit(ctx context.Context, e *rest.API, s Services, in *officerIn) (*setupCodeOut, error) {
	id, err := officerID(in.ID)
	if err == nil {
		err = e.Fresh(ctx)
	}
	if err != nil {
		return nil, err
	}
	made, err := s.Officers.Readmit(ctx, rest.Op(ctx), id)
	return &setupCodeOut{setupCodeOf(made)}, err
}

func setupCodeOf(i officer.Invitation) SetupCode {
	if i.Code == "" {
		return SetupCode{}
	}
	return SetupCode{Code: i.Code, ExpiresAt: &i.ExpiresAt}
}

func confirmGrant(ctx context.Context, e *rest.API, s Services, in *revokeIn) (*grantOut, error) {
	id, grant, err := grantID(in)
	if err == nil {
		err = e.Fresh(ctx)
	}
	if err != nil {
		return nil, err
	}
	g, err := s.Officers.Confirm(ctx, rest.Op(ctx), id, grant)
	return &grantOut{grantOf(g)}, err
}

// grantID reads the ids of an officer and of a grant; whatever is none does not exist.
func grantID(in *revokeIn) (authz.OfficerID, uuid.UUID, error) {
	id, err := officerID(in.ID)
	if err != nil {
		return id, uuid.Nil, err
	}
	grant, err := parsedID(in.Grant, officer.NotFound())
	return id, grant, err
}

func grantRole(ctx context.Context, e *rest.API, s Services, in *grantIn) (*grantOut, error) {
	id, err := officerID(in.ID)
	if err == nil {
		err = e.Fresh(ctx)
	}
	if err != nil {
		return nil, err
	}
	code, err := region.Parse(in.Body.Region)
	if err != nil {
		return nil, err
	}
	from := in.Body.ValidFrom
	if from.IsZero() {
		from = s.Cases.Today(code)
	}
	g, err := s.Officers.Grant(ctx, rest.Op(ctx), id, officer.Grant{Role: authz.Role(in.Body.Role), Region: code,
		From: from, Until: in.Body.ValidUntil})
	return &grantOut{grantOf(g)}, err
}

// officerID reads an id; whatever is none is an officer who does not exist.
func officerID(text string) (authz.OfficerID, error) {
	id, err := parsedID(text, officer.NotFound())
	return authz.OfficerID(id), err
}

func officerOf(o officer.Officer) Officer {
	out := Officer{ID: o.ID.String(), Email: o.Email, Name: o.Name, Office: string(o.Office), Active: o.Active,
		Grants: make([]Grant, len(o.Grants))}
	for i, g := range o.Grants {
		out.Grants[i] = grantOf(g)
	}
	return out
}

func grantOf(g officer.Grant) Grant {
	out := Grant{ID: g.ID.String(), Role: string(g.Role), Region: string(g.Region), ValidFrom: g.From, ValidUntil: g.Until}
	out.Pending, out.GrantedBy = g.Pending, named(g.GrantedBy)
	out.ProposedBy, out.ConfirmedBy = named(g.ProposedBy), named(g.ConfirmedBy)
	if !g.RevokedAt.IsZero() {
		out.RevokedAt = &g.RevokedAt
	}
	return out
}

// named is an officer's id; empty for nobody.
func named(id authz.OfficerID) string {
	if id == (authz.OfficerID{}) {
		return ""
	}
	return id.String()
}
