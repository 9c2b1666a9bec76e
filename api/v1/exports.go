package v1

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Export is a file of histories on its way, or ready.
type Export struct {
	ID        string          `json:"id" format:"uuid"`
	State     export.State    `json:"state"`
	Failure   string          `json:"failure,omitempty" doc:"Code of what went wrong"`
	Format    string          `json:"format"`
	Profile   string          `json:"profile"`
	Regions   []string        `json:"regions" nullable:"false" doc:"What it holds; empty text for the nation"`
	Officer   string          `json:"officer" format:"uuid" doc:"Who asked"`
	Reason    string          `json:"reason,omitempty"`
	DecidedBy string          `json:"decided_by,omitempty" doc:"The second officer"`
	Entries   int             `json:"entries" doc:"Written so far"`
	Total     int             `json:"total,omitempty"`
	Empty     bool            `json:"empty,omitempty" doc:"The file is ready and holds no case: nothing fits what was asked for"`
	FileName  string          `json:"file_name,omitempty"`
	Bytes     int64           `json:"bytes,omitempty"`
	SHA256    string          `json:"sha256,omitempty" doc:"Of the file as it is fetched"`
	Manifest  json.RawMessage `json:"manifest,omitempty" doc:"What the file holds, with the SHA-256 of each part"`
	Signature string          `json:"signature,omitempty" doc:"Of the manifest, by the key of the log"`
	CreatedAt time.Time       `json:"created_at"`
	ReadyAt   *time.Time      `json:"ready_at,omitempty"`
	ExpiresAt *time.Time      `json:"expires_at,omitempty"`
}

// Ordered is an export just asked for.
type Ordered struct {
	Export
	Passphrase string `json:"passphrase,omitempty" doc:"Opens the file (age -d, or the password of the spreadsheet). Shown only here, once"`
	Shown      bool   `json:"passphrase_shown,omitempty" doc:"This order was answered before, with the passphrase. If that answer was lost, cancel this export and order anew"`
}

type orderIn struct {
	Body struct {
		Format    export.Format       `json:"format,omitempty" default:"csv" doc:"dossier: PDF of one case"`
		Profile   export.Profile      `json:"profile,omitempty" default:"sealed" doc:"sealed: histories only; masked: names and masked NIK too; full: everything, once another officer approves"`
		Region    string              `json:"region,omitempty" minLength:"2" maxLength:"4" doc:"A part of my scope; all of it by default"`
		Stage     casework.Stage      `json:"stage,omitempty"`
		Layoff    rest.ID             `json:"layoff,omitempty"`
		Case      rest.ID             `json:"case,omitempty"`
		Outcome   casework.Outcome    `json:"outcome,omitempty"`
		Claim     casework.ClaimState `json:"claim,omitempty" doc:"State of the JKP claim"`
		Officer   rest.ID             `json:"officer,omitempty" doc:"In charge of the case"`
		Office    string              `json:"office,omitempty" minLength:"2" maxLength:"4" doc:"The former name of region"`
		From      calendar.Date       `json:"from,omitzero" doc:"Cases with an entry recorded on this day (WIB) or later, with their whole history"`
		Until     calendar.Date       `json:"until,omitzero" doc:"Cases with an entry recorded on this day (WIB) or before; with from: between both"`
		AsOf      int64               `json:"as_of,omitempty" minimum:"0" doc:"As of a checkpoint, by the as_of of an earlier manifest; now by default"`
		Recipient string              `json:"recipient,omitempty" maxLength:"100" doc:"age public key (age1…) to encrypt for, instead of a passphrase"`
		Reason    string              `json:"reason,omitempty" text:"free" maxLength:"1000" doc:"Why everything must be shown; for full"`
	}
}

type orderedOut struct {
	Location string `header:"Location"`
	Body     Ordered
}

type exportIn struct {
	ID string `path:"id" maxLength:"36"`
}

type exportOut struct {
	Body Export
}

type exportsIn struct {
	rest.PageIn
}

type exportsOut struct {
	Body struct {
		Items      []Export `json:"items" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty"`
	}
}

// fetchTime bounds a download; a client that reads too slowly for it is cut off, and sees a broken transfer.
const (
	fetchTime   = 30 * time.Minute
	fetchBuffer = 256 << 10
)

func registerExports(e *rest.API, s Services) {
	const tag = "exports"
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/exports", ID: "export-create", Tag: tag,
		Summary:     "Order a file of case histories, as one snapshot at a published checkpoint",
		Description: "`tanggap verify FILE` proves, offline, that nothing in it was changed.", Action: authz.ExportCreate,
		Status: http.StatusAccepted, Names: true},
		func(ctx context.Context, in *orderIn) (*orderedOut, error) { return orderExport(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/exports", ID: "export-list", Tag: tag,
		Summary: "My exports, newest first", Action: authz.ExportCreate},
		func(ctx context.Context, in *exportsIn) (*exportsOut, error) { return listExports(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/exports/awaiting", ID: "export-awaiting", Tag: tag,
		Summary: "Exports of others in my scope that wait for a second officer",
		Action:  authz.ExportApprove}, func(ctx context.Context, _ *struct{}) (*exportsOut, error) {
		list, err := s.Exports.Awaiting(ctx, rest.Op(ctx))
		out := &exportsOut{}
		out.Body.Items = exportsOf(list)
		return out, err
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/exports/{id}", ID: "export-get", Tag: tag,
		Summary: "One export of mine and how far it is", Action: authz.ExportCreate},
		func(ctx context.Context, in *exportIn) (*exportOut, error) {
			id, err := exportID(in.ID)
			if err != nil {
				return nil, err
			}
			x, err := s.Exports.Get(ctx, rest.Caller(ctx).Officer, rest.Scope(ctx), id)
			return &exportOut{exportOf(x)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/exports/{id}/file", ID: "export-file", Tag: tag,
		Summary: "The file, until it expires", Action: authz.ExportCreate, Timeout: fetchTime, Shows: rest.Lined,
		Refuses:  true,
		Produces: "application/age, " + export.XLSX.MediaType()},
		func(ctx context.Context, in *exportIn) (*huma.StreamResponse, error) {
			return fetchExport(ctx, e, s, in)
		})
	for verb, m := range map[string]struct {
		id, summary string
		action      authz.Action
		do          func(context.Context, authz.Op, uuid.UUID) (export.Export, error)
	}{
		"cancellation": {"export-cancel", "Cancel an export of mine; its file goes", authz.ExportCreate,
			func(ctx context.Context, op authz.Op, id uuid.UUID) (export.Export, error) {
				return s.Exports.Cancel(ctx, op, id)
			}},
		"approval": {"export-approve", "Let another officer's export of everything run", authz.ExportApprove,
			func(ctx context.Context, op authz.Op, id uuid.UUID) (export.Export, error) {
				return s.Exports.Decide(ctx, op, id, true)
			}},
		"refusal": {"export-refuse", "Refuse another officer's export of everything", authz.ExportApprove,
			func(ctx context.Context, op authz.Op, id uuid.UUID) (export.Export, error) {
				return s.Exports.Decide(ctx, op, id, false)
			}},
	} {
		rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/exports/{id}/" + verb, ID: m.id, Tag: tag,
			Summary: m.summary, Action: m.action},
			func(ctx context.Context, in *exportIn) (*exportOut, error) {
				id, err := exportID(in.ID)
				if err == nil && m.action == authz.ExportApprove {
					err = e.Fresh(ctx)
				}
				if err != nil {
					return nil, err
				}
				x, err := m.do(ctx, rest.Op(ctx), id)
				return &exportOut{exportOf(x)}, err
			})
	}
}

func orderExport(ctx context.Context, e *rest.API, s Services, in *orderIn) (*orderedOut, error) {
	name, field := in.Body.Region, "region"
	if in.Body.Office != "" {
		if name != "" {
			return nil, fault.New(fault.Invalid, "input.same_filter", "other", "region").At("office")
		}
		name, field = in.Body.Office, "office"
	}
	code, err := regionOf(s.Tree, name, field)
	if err != nil {
		return nil, err
	}
	profile := in.Body.Profile
	if profile == export.Full {
		if err := e.Fresh(ctx); err != nil {
			return nil, err
		}
	}
	x, passphrase, err := s.Exports.Order(ctx, rest.Op(ctx), export.Request{Format: in.Body.Format, Region: code,
		Stage: in.Body.Stage, Outcome: in.Body.Outcome, Claim: in.Body.Claim, Officer: string(in.Body.Officer),
		Layoff: string(in.Body.Layoff), Case: string(in.Body.Case), From: in.Body.From, Until: in.Body.Until,
		AsOf: in.Body.AsOf, Recipient: in.Body.Recipient, Language: rest.Language(ctx)}, profile, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &orderedOut{Location: "/v1/exports/" + x.ID.String(), Body: Ordered{exportOf(x), passphrase, x.Again &&
		in.Body.Recipient == ""}}, nil
}

func listExports(ctx context.Context, e *rest.API, s Services, in *exportsIn) (*exportsOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	found, err := s.Exports.List(ctx, rest.Caller(ctx).Officer, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(x export.Export) []byte { return x.ID[:] })
	out := &exportsOut{}
	out.Body.Items, out.Body.NextCursor = exportsOf(export.Seen(found, rest.Scope(ctx))), next
	return out, nil
}

// fetchExport streams a file that lies there whole. Its length is told first, so that a broken transfer is seen as one.
func fetchExport(ctx context.Context, e *rest.API, s Services, in *exportIn) (*huma.StreamResponse, error) {
	id, err := exportID(in.ID)
	if err != nil {
		return nil, err
	}
	x, file, err := s.Exports.Fetch(ctx, rest.Caller(ctx).Officer, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	var held struct{ Cases int }
	if err := json.Unmarshal([]byte(x.Manifest), &held); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("read manifest of export %s: %w", x.ID, err)
	}
	rest.ShowLines(ctx, held.Cases)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = file.Close() }()
		hc.SetHeader("Content-Type", x.Asked.Format.MediaType())
		hc.SetHeader("Content-Disposition", `attachment; filename="`+x.FileName+`"`)
		hc.SetHeader("Content-Length", fmt.Sprint(x.Bytes))
		if _, err := io.CopyBuffer(struct{ io.Writer }{hc.BodyWriter()}, struct{ io.Reader }{file},
			make([]byte, fetchBuffer)); err != nil {
			e.Log.InfoContext(hc.Context(), "export not delivered", "request", rest.RequestID(hc.Context()), "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// exportID reads an id; whatever is none is an export that does not exist.
func exportID(text string) (uuid.UUID, error) {
	return parsedID(text, export.NotFound())
}

func exportsOf(list []export.Export) []Export {
	out := make([]Export, len(list))
	for i, x := range list {
		out[i] = exportOf(x)
	}
	return out
}

func exportOf(x export.Export) Export {
	out := Export{ID: x.ID.String(), State: x.State, Failure: x.Failure, Format: string(x.Asked.Format),
		Profile: string(x.Profile), Regions: make([]string, len(x.Scope)), Officer: x.Officer.String(), Reason: x.Reason,
		Entries: x.Entries, Total: x.Total, FileName: x.FileName, Bytes: x.Bytes, SHA256: hex.EncodeToString(x.SHA256),
		Manifest: json.RawMessage(x.Manifest), Signature: x.Signature, CreatedAt: x.CreatedAt}
	for i, code := range x.Scope {
		out.Regions[i] = string(code)
	}
	if x.DecidedBy != (authz.OfficerID{}) {
		out.DecidedBy = x.DecidedBy.String()
	}
	if !x.ReadyAt.IsZero() {
		out.Empty = x.Entries == 0
		out.ReadyAt, out.ExpiresAt = &x.ReadyAt, &x.ExpiresAt
	}
	return out
}
