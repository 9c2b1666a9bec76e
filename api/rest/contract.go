package rest

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Tag is a chapter of the description.
type Tag struct{ Name, Text string }

// Describe completes the description of all declared routes by what the edge does around their handlers: the headers
// that it asks for and gives, and the statuses that it answers by itself. The framework knows of none of it.
func (e *API) Describe(tags []Tag) {
	spec := e.API.OpenAPI()
	spec.Servers = []*huma.Server{{URL: "/", Description: "The server that this description came from"}}
	spec.Info.License = &huma.License{Name: "Apache License 2.0", Identifier: "Apache-2.0"}
	for _, t := range tags {
		spec.Tags = append(spec.Tags, &huma.Tag{Name: t.Name, Description: t.Text})
	}
	for _, r := range e.routes {
		if op := OperationOf(spec.Paths[r.Path], r.Method); op != nil {
			e.complete(op, r)
		}
	}
	delete(spec.Components.Schemas.Map(), "FormFile") // of the framework; no body refers to it
	for name, s := range spec.Components.Schemas.Map() {
		standard(s)
		word(name, s)
	}
}

// PatternExtension says in a schema in words what its pattern asks for.
const PatternExtension = "x-pattern-description"

// standard renames what the framework writes into a schema and no standard knows. The messages of refusals are made
// already.
func standard(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.PatternDescription != "" {
		s.Extensions = map[string]any{PatternExtension: s.PatternDescription}
		s.PatternDescription = ""
	}
	for _, p := range s.Properties {
		standard(p)
	}
	standard(s.Items)
}

// OperationOf is the operation of a path by its method; nil when there is none.
func OperationOf(item *huma.PathItem, method string) *huma.Operation {
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete}[method]
}

func (e *API) complete(op *huma.Operation, r Route) {
	versioned := false
	if r.Public {
		op.Security = []map[string][]string{} // said, not forgotten
	}
	for _, p := range op.Parameters {
		standard(p.Schema)
		if p.Description == "" {
			p.Description = WordsOf("en", "", p.Name)
		}
		if p.Name == "If-Match" {
			p.Required, versioned = true, true
			p.Schema = &huma.Schema{Type: huma.TypeString, Pattern: `^"[1-9][0-9]*"$`}
			p.Example = `"3"`
		}
	}
	if keyed := r.Method == http.MethodPost && !r.NoKey; keyed || r.Method == http.MethodPatch {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Required: keyed,
			Description: "Chosen by the client, another for each change: the same key with the same request repeats the " +
				"answer, not the work, for 48 hours.", Example: "8f14e45f-ceea-467f-a0f6-3d1c3b0b7d9c",
			Schema: &huma.Schema{Type: huma.TypeString, Pattern: `^[!-~]{1,256}$`}})
	}
	exemplify(e.API.OpenAPI().Components.Schemas, op)
	op.Parameters = append(op.Parameters, &huma.Param{Name: "Accept-Language", In: "header",
		Description: "Of names and messages: id, unless English is preferred.", Example: "en",
		Schema: &huma.Schema{Type: huma.TypeString}})
	for _, status := range statuses(op, r, versioned) {
		op.Responses[fmt.Sprint(status)] = refusal(status)
	}
	e.sparing(op, r)
	op.Responses[fmt.Sprint(http.StatusInternalServerError)] = refusal(http.StatusInternalServerError)
}

// sparing describes that a read may be answered by 304 (see the server's transfer).
func (e *API) sparing(op *huma.Operation, r Route) {
	answer := op.Responses[fmt.Sprint(r.Status)]
	if r.Method != http.MethodGet || r.Telling || answer == nil || answer.Content["application/json"] == nil {
		return
	}
	if _, versioned := answer.Headers["ETag"]; versioned && !r.Settled {
		return
	}
	if answer.Headers == nil {
		answer.Headers = map[string]*huma.Param{}
	}
	answer.Headers["ETag"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	op.Parameters = append(op.Parameters, &huma.Param{Name: "If-None-Match", In: "header",
		Description: "The ETag of the answer that the client has.", Schema: &huma.Schema{Type: huma.TypeString}})
	op.Responses[fmt.Sprint(http.StatusNotModified)] = &huma.Response{Description: "The client has the answer already"}
}

// statuses are what a route may be refused with: errorsOf, and what depends on its form.
func statuses(op *huma.Operation, r Route, versioned bool) []int {
	all := errorsOf(r)
	if versioned {
		all = append(all, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if op.RequestBody != nil {
		all = append(all, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(all)
	return all
}

var refused = map[int]string{
	http.StatusBadRequest:            "The request cannot be read, or lacks a header",
	http.StatusUnauthorized:          "No session, or one that has ended",
	http.StatusForbidden:             "The right is missing, or a fresh password or a second person",
	http.StatusNotFound:              "Not there, or outside of the caller's area, which looks the same",
	http.StatusRequestTimeout:        "The body arrives too slowly",
	http.StatusConflict:              "Its state does not allow this; the code says why",
	http.StatusPreconditionFailed:    "It has changed since it was read: read it again",
	http.StatusRequestEntityTooLarge: "The body is larger than this takes",
	http.StatusUnsupportedMediaType:  "The body is not of the declared type",
	http.StatusUnprocessableEntity:   "A value cannot be accepted; errors names each field",
	http.StatusPreconditionRequired:  "If-Match is missing",
	http.StatusTooManyRequests:       "More than one caller may have under way, or do in a minute",
	http.StatusInternalServerError:   "A fault of the server",
	http.StatusServiceUnavailable:    "For now: try again after Retry-After, a change under the same key",
}

func refusal(status int) *huma.Response {
	r := &huma.Response{Description: refused[status], Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: &huma.Schema{Ref: schemaPrefix + "Problem"}}}}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		r.Headers = map[string]*huma.Param{"Retry-After": {Description: "Seconds to wait",
			Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: new(float64)}}}
	}
	return r
}
