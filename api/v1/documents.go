package v1

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// Document is what the case knows of a scan.
type Document struct {
	ID         string             `json:"id" format:"uuid"`
	Kind       track.DocumentKind `json:"kind"`
	Of         string             `json:"of,omitempty" doc:"The part of the case that it proves"`
	ReceivedOn calendar.Date      `json:"received_on"`
	Media      track.MediaType    `json:"media"`
	Size       int                `json:"size" doc:"Bytes"`
	SHA256     string             `json:"sha256" doc:"Of the content, in hexadecimal; the history holds the same"`
}

type documentForm struct {
	File       huma.FormFile `form:"file" required:"true" doc:"The scan: PDF, JPEG or PNG, 10 MB at most"`
	Kind       string        `form:"kind" required:"true" maxLength:"40" doc:"A code of track.document_kind"`
	Of         string        `form:"of" required:"false" maxLength:"36" doc:"Id of the part of the case that it proves"`
	ReceivedOn string        `form:"received_on" required:"false" maxLength:"10" doc:"YYYY-MM-DD; today by default"`
}

type addDocumentIn struct {
	ChangeIn
	RawBody huma.MultipartFormFiles[documentForm]
}

type correctDocumentIn struct {
	ChangeIn
	Part string `path:"document" maxLength:"36"`
	Body struct {
		CorrectionBody
		Kind       rest.Patch[track.DocumentKind] `json:"kind,omitempty"`
		Of         rest.Patch[rest.ID]            `json:"of,omitempty" doc:"Id of the part of the case that it proves; null when it belongs to the case"`
		ReceivedOn rest.Patch[calendar.Date]      `json:"received_on,omitempty"`
	}
}

type documentIn struct {
	ID   string `path:"id" maxLength:"36"`
	Part string `path:"document" maxLength:"36"`
}

type documentsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Document `json:"items" nullable:"false"`
	}
}

type documentOut struct {
	ETag string `header:"ETag"`
	Body Document
}

// maxDocument leaves room for the form around a file of the largest size.
const maxDocument = document.MaxSize + 1<<20

func registerDocuments(e *rest.API, s Services) {
	const tag = "documents"
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/documents", ID: track.Documents.Records,
		Tag: tag, Summary: "Add a scan to a case or to one of its parts", Action: authz.DocumentAdd,
		Status: http.StatusCreated, Description: "The content is checked, looked at for viruses where a scanner is set up, " +
			"and sealed under the " +
			"worker's key. " +
			"The name of the file is not kept.",
		MaxBody: maxDocument, Upload: true, Work: time.Minute}, s.addDocument)
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/documents", ID: "document-list", Tag: tag,
		Summary: "The scans of a case, without their contents", Action: authz.DocumentRead},
		func(_ context.Context, c casework.Detail, t *track.Tracks) (*documentsOut, error) {
			out := &documentsOut{ETag: rest.ETag(c.Version)}
			out.Body.Items = listed(t.Documents, documentOf)
			return out, nil
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/documents/{document}", ID: "document-correct", Tag: tag,
		Summary: "Put right what is known of a scan; its content stays", Action: authz.DocumentAdd}, track.Documents,
		func(_ context.Context, in *correctDocumentIn) (string, track.Correction[track.Document]) {
			return in.Part, track.Correction[track.Document]{Reason: in.Body.Reason, Edit: func(d *track.Document) error {
				replace(&d.Kind, in.Body.Kind)
				replaceID(&d.Of, in.Body.Of)
				replace(&d.ReceivedOn, in.Body.ReceivedOn)
				return nil
			}}
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/documents/{document}", ID: "document-get",
		Tag: tag, Summary: "What is known of one scan", Action: authz.DocumentRead, Shows: rest.Named}, s.getDocument)
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/documents/{document}/content",
		ID: "document-content", Tag: tag, Summary: "One scan, as it was sent", Action: authz.DocumentRead,
		Shows: rest.Named, Refuses: true, Produces: "application/octet-stream", Work: time.Minute, Timeout: 5 * time.Minute},
		func(ctx context.Context, in *documentIn) (*huma.StreamResponse, error) {
			return documentContent(ctx, e, s, in)
		})
}

func (s Services) addDocument(ctx context.Context, to track.Target, in *addDocumentIn) (casework.State, error) {
	form := in.RawBody.Data()
	d := track.Document{Kind: track.DocumentKind(form.Kind)}
	if !d.Kind.Valid() {
		return casework.State{}, fault.New(fault.Invalid, "document.kind_unknown").At("kind")
	}
	var err error
	if form.Of != "" {
		if d.Of, err = parsedID(form.Of, fault.New(fault.Invalid, "document.part_not_found").At("of")); err != nil {
			return casework.State{}, err
		}
	}
	if form.ReceivedOn != "" {
		if d.ReceivedOn, err = calendar.ParseDate(form.ReceivedOn); err != nil {
			return casework.State{}, at(err, "received_on")
		}
	}
	content, err := io.ReadAll(io.LimitReader(form.File, maxDocument))
	if err != nil {
		return casework.State{}, fault.New(fault.Malformed, "input.malformed").At("file")
	}
	if to.Op, err = rest.UploadOp(ctx, content, []any{in.ID, in.IfMatch, d}); err != nil {
		return casework.State{}, err
	}
	return s.Documents.Add(ctx, to, d, content)
}

func (in *documentIn) target() (casework.ID, uuid.UUID, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return id, uuid.Nil, err
	}
	part, err := partID(in.Part, track.Documents.Name)
	return id, part, err
}

func (s Services) getDocument(ctx context.Context, in *documentIn) (*documentOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	c, tracks, err := s.Tracks.Get(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	_, part, err := in.target()
	if err != nil {
		return nil, err
	}
	d, err := tracks.FindDocument(part)
	if err != nil {
		return nil, err
	}
	return &documentOut{ETag: rest.ETag(c.Version), Body: documentOf(d)}, nil
}

// documentContent answers the whole scan, which a browser must not open by itself.
func documentContent(ctx context.Context, e *rest.API, s Services, in *documentIn) (*huma.StreamResponse, error) {
	id, part, err := in.target()
	if err != nil {
		return nil, err
	}
	d, content, err := s.Documents.Read(ctx, rest.Scope(ctx), id, part)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", string(d.Media))
		hc.SetHeader("Content-Disposition", `attachment; filename="`+string(d.Kind)+"-"+d.ID.String()+endings[d.Media]+`"`)
		hc.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
		if _, err := hc.BodyWriter().Write(content); err != nil {
			e.Log.InfoContext(hc.Context(), "document not delivered", "request", rest.RequestID(hc.Context()), "error", err)
		}
	}}, nil
}

var endings = map[track.MediaType]string{track.PDF: ".pdf", track.JPEG: ".jpg", track.PNG: ".png"}

func documentOf(d track.Document) Document {
	return Document{ID: d.ID.String(), Kind: d.Kind, Of: idText(d.Of), ReceivedOn: d.ReceivedOn, Media: d.Media,
		Size: d.Size, SHA256: d.SHA256}
}
