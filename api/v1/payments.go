package v1

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// Payment is a month of JKP that may be paid and is not. It does not name the worker: who pays reads the case.
type Payment struct {
	Case   string        `json:"case" format:"uuid"`
	Region string        `json:"region"`
	Claim  string        `json:"claim" format:"uuid"`
	Month  int           `json:"month"`
	Since  calendar.Date `json:"since" doc:"Proved on this day; the first month needs no proof and waits from its opening"`
	DueOn  calendar.Date `json:"due_on"`
}

type paymentsIn struct {
	rest.PageIn
	RegionIn
}

type paymentsOut struct {
	Body struct {
		Items      []Payment `json:"items" nullable:"false"`
		NextCursor string    `json:"next_cursor,omitempty"`
	}
}

func registerPayments(e *rest.API, s Services) {
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/payments", ID: "payment-list", Tag: "claims",
		Summary: "Months of JKP that may be paid and are not, those that wait longest first", Action: authz.ClaimPay},
		func(ctx context.Context, in *paymentsIn) (*paymentsOut, error) { return listPayments(ctx, e, s, in) })
}

func listPayments(ctx context.Context, e *rest.API, s Services, in *paymentsIn) (*paymentsOut, error) {
	scope, err := in.scope(ctx, s)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after track.Payable
	if at != nil {
		var of uuid.UUID
		if err := json.Unmarshal(at, &[]any{&after.Since, &of, &after.Claim, &after.N}); err != nil {
			return nil, err
		}
		after.Case = casework.ID(of)
	}
	list, err := s.Work.Payable(ctx, scope, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(p track.Payable) []byte {
		position, _ := json.Marshal([]any{p.Since, uuid.UUID(p.Case), p.Claim, p.N}) // of texts and numbers
		return position
	})
	out := &paymentsOut{}
	out.Body.NextCursor = next
	out.Body.Items = listed(list, func(p track.Payable) Payment {
		return Payment{Case: p.Case.String(), Region: string(p.Region), Claim: p.Claim.String(), Month: p.N, Since: p.Since,
			DueOn: p.DueOn}
	})
	return out, nil
}
