package api

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/wording"
)

// The page for people is the description of the API in HTML alone: it fetches nothing, runs nothing, and is searched by
// asking for it again.

//go:embed docs.html docs_style.html guides.html docs.id.yaml
var docsFiles embed.FS

// indonesian says in Indonesian what the description has in English.
var indonesian = sync.OnceValues(func() (map[string]string, error) {
	text, err := docsFiles.ReadFile("docs.id.yaml")
	if err != nil {
		return nil, err
	}
	var words map[string]string
	return words, yaml.Unmarshal(text, &words)
})

// said is a text of the description in a language; one that nobody has translated stays English.
func said(lang, text string) string {
	if words, err := indonesian(); err == nil && lang == "id" {
		return cmp.Or(words[text], properties()[text], text)
	}
	return text
}

// ofProperties are the texts that say what a property is, and no refusals.
var ofProperties = []string{"property.", "fact.", "field."}

// properties says in Indonesian what the description has of properties by their names.
var properties = sync.OnceValue(func() map[string]string {
	words := map[string]string{}
	for _, list := range ofProperties {
		for _, code := range wording.Codes() {
			if english, _ := wording.Text("en", code); strings.HasPrefix(code, list) && words[english] == "" {
				words[english], _ = wording.Text("id", code)
			}
		}
	}
	return words
})

// summaryOf says what an operation does. One that is offered in a case is called in Indonesian as its offer is.
func summaryOf(lang string, r rest.Route) string {
	if offered, has := wording.Text(lang, "action."+r.ID); has && lang == "id" {
		return offered
	}
	return said(lang, r.Summary)
}

// docsPage is what the page shows.
type docsPage struct {
	Lang, Query string
	Found       int
	Tags        []docsTag
	Codes       []docsCode
}

// Say words a text of the page.
func (p docsPage) Say(text string) string { return said(p.Lang, text) }

type docsTag struct {
	Name, Text string
	Operations []docsOperation
}

type docsOperation struct {
	rest.Route
	Parameters, Body, Answer []docsField
	Answers                  []docsAnswer
	Example                  string
}

// docsField is a value by its path: worker.employment.base_wage, items[].on.
type docsField struct {
	Path, Type, Limits, Doc string
	Required                bool
	Values                  []docsCode
}

// docsCode is a code and what it is called.
type docsCode struct{ Code, Text string }

type docsAnswer struct{ Status, Text string }

// docs answers the page: in the language asked for by ?lang= or the header, all of it or what ?q= finds.
func (r *routed) docs() echo.HandlerFunc {
	page := template.Must(template.New("docs.html").Funcs(template.FuncMap{"lower": strings.ToLower}).ParseFS(docsFiles,
		"docs.html", "docs_style.html"))
	return func(c echo.Context) error {
		p := docsPage{Lang: docsLanguage(c), Query: strings.TrimSpace(c.QueryParam("q"))}
		r.fill(&p)
		c.Response().Header().Set("Content-Type", "text/html; charset=utf-8")
		c.Response().Header().Set("Content-Language", p.Lang)
		return page.Execute(c.Response(), p)
	}
}

func (r *routed) fill(p *docsPage) {
	spec := r.rest.API.OpenAPI()
	w := docsWriter{spec.Components.Schemas, p.Lang}
	for _, tag := range spec.Tags {
		t := docsTag{Name: tag.Name, Text: said(p.Lang, tag.Description)}
		for _, route := range r.rest.Routes() {
			if route.Tag != tag.Name {
				continue
			}
			if o := w.operation(spec, route); o.has(p.Query) {
				t.Operations = append(t.Operations, o)
			}
		}
		if p.Found += len(t.Operations); len(t.Operations) > 0 {
			p.Tags = append(p.Tags, t)
		}
	}
	for _, code := range wording.Codes() {
		text, _ := wording.Text(p.Lang, code)
		if c := (docsCode{code, text}); isRefusal(code) && holds(p.Query, c.Code, c.Text) {
			p.Codes = append(p.Codes, c)
		}
	}
}

// spoken are the texts that are no refusals: words of pages, documents, mails and the command line.
var spoken = []string{"status", "jkp", "action", "book", "cli", "console", "do", "dossier", "fact", "field", "help",
	"mail", "property", "sheet", "value", "word"}

// isRefusal tells the codes of problems from labels, which have the name of a package before that of their list.
func isRefusal(code string) bool {
	of, _, _ := strings.Cut(code, ".")
	return strings.Count(code, ".") == 1 && !slices.Contains(spoken, of)
}

// has tells whether an operation has every word of a search somewhere.
func (o docsOperation) has(query string) bool {
	texts := []string{o.ID, o.Method, o.Path, o.Summary, o.Description, string(o.Action)}
	for _, f := range slices.Concat(o.Parameters, o.Body, o.Answer) {
		texts = append(texts, f.Path, f.Doc)
		for _, v := range f.Values {
			texts = append(texts, v.Code, v.Text)
		}
	}
	return holds(query, texts...)
}

func holds(query string, texts ...string) bool {
	all := strings.ToLower(strings.Join(texts, "\n"))
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// docsWriter words operations and schemas.
type docsWriter struct {
	schemas huma.Registry
	lang    string
}

func (w docsWriter) operation(spec *huma.OpenAPI, route rest.Route) docsOperation {
	o := docsOperation{Route: route}
	o.Summary, o.Description = summaryOf(w.lang, route), said(w.lang, o.Description)
	op := rest.OperationOf(spec.Paths[route.Path], route.Method)
	if op == nil {
		return o
	}
	for _, p := range op.Parameters {
		f := w.field(p.Schema, p.Name, cmp.Or(p.Description, p.Schema.Description))
		f.Required, f.Type = p.Required, f.Type+" · "+p.In
		o.Parameters = append(o.Parameters, f)
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			o.Body = w.fields(media.Schema, "", nil)
			if text, err := json.MarshalIndent(media.Example, "", "  "); err == nil && media.Example != nil {
				o.Example = kind + "\n" + string(text)
			}
		}
	}
	for status, answer := range op.Responses {
		o.Answers = append(o.Answers, docsAnswer{status, said(w.lang, answer.Description)})
		for _, media := range answer.Content {
			if status[0] == '2' {
				o.Answer = w.fields(media.Schema, "", nil)
			}
		}
	}
	slices.SortFunc(o.Answers, func(a, b docsAnswer) int { return strings.Compare(a.Status, b.Status) })
	return o
}

// fields are those of an object and of all that it holds, each by its whole path. What holds itself ends there.
func (w docsWriter) fields(s *huma.Schema, path string, above []string) (out []docsField) {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		if slices.Contains(above, s.Ref) {
			return nil
		}
		above, s = append(slices.Clone(above), s.Ref), w.schemas.SchemaFromRef(s.Ref)
	}
	if s.Items != nil {
		return w.fields(s.Items, path+"[]", above)
	}
	if of, is := s.AdditionalProperties.(*huma.Schema); is {
		return w.fields(of, path+".*", above)
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // what must be sent first
		return cmp.Or(compareBool(slices.Contains(s.Required, b), slices.Contains(s.Required, a)), strings.Compare(a, b))
	})
	for _, name := range names {
		property := s.Properties[name]
		f := w.field(property, strings.TrimPrefix(path+"."+name, "."), property.Description)
		f.Required = slices.Contains(s.Required, name)
		out = append(append(out, f), w.fields(property, f.Path, above)...)
	}
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// field describes one value: its type, its limits, and the values of a closed list with what they are called.
func (w docsWriter) field(s *huma.Schema, path, doc string) docsField {
	f := docsField{Path: path, Doc: said(w.lang, doc)}
	whole := s
	if s.Items != nil {
		f.Type, s = said(w.lang, "list of")+" ", s.Items
	}
	if s.Ref != "" {
		s = w.schemas.SchemaFromRef(s.Ref)
	}
	words, _ := s.Extensions[rest.PatternExtension].(string)
	f.Type += cmp.Or(s.Format, words, s.Type)
	if whole.Nullable {
		f.Type += " | null"
	}
	f.Limits = strings.Join(append(limits(whole), limits(s)...), ", ")
	if whole == s {
		f.Limits = strings.Join(limits(s), ", ")
	}
	list, _ := s.Extensions[rest.ListKey].(string)
	for _, v := range s.Enum {
		code := fmt.Sprint(v)
		label := wording.LabelIn(w.lang, list, code)
		if label == code {
			label = ""
		}
		f.Values = append(f.Values, docsCode{code, label})
	}
	return f
}

func limits(s *huma.Schema) (out []string) {
	add := func(sign string, n any, set bool) {
		if set {
			out = append(out, fmt.Sprintf(sign, n))
		}
	}
	add("≥ %v", value(s.Minimum), s.Minimum != nil)
	add("≤ %.0f", value(s.Maximum), s.Maximum != nil)
	add("length ≥ %d", value(s.MinLength), s.MinLength != nil)
	add("length ≤ %d", value(s.MaxLength), s.MaxLength != nil)
	add("items ≥ %d", value(s.MinItems), s.MinItems != nil)
	add("items ≤ %d", value(s.MaxItems), s.MaxItems != nil)
	add("%s", s.Pattern, s.Pattern != "" && s.Extensions[rest.PatternExtension] == nil)
	add("= %v", s.Default, s.Default != nil)
	return out
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
