package api

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/fault"
)

//go:embed docs.html
var docsFile embed.FS

// readyTimeout bounds each check of /readyz.
const readyTimeout = 2 * time.Second

// describe adds what is not a resource: the description of the API, its page, health and metrics.
func (s *Server) describe(r *routed) {
	described := sync.OnceValues(r.openAPI)
	r.echo.GET("/openapi.yaml", func(c echo.Context) error {
		text, err := described()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/yaml", text)
	})
	inJSON := sync.OnceValues(func() ([]byte, error) { return json.Marshal(r.rest.API.OpenAPI()) })
	r.echo.GET("/openapi.json", func(c echo.Context) error {
		text, err := inJSON()
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, text)
	})
	page := template.Must(template.New("docs.html").Funcs(template.FuncMap{"lower": strings.ToLower}).ParseFS(docsFile,
		"docs.html"))
	r.echo.GET("/docs", func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/html; charset=utf-8")
		return page.Execute(c.Response(), s.page(rest.Language(c.Request().Context())))
	})
	r.echo.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/docs") })
	r.echo.GET("/healthz", func(c echo.Context) error { return c.JSON(http.StatusOK, map[string]string{"status": "ok"}) })
	r.echo.GET("/readyz", s.ready)
	r.echo.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.options.Registry, promhttp.HandlerOpts{})))
}

// OpenAPI is the description of the API in OpenAPI 3.1, as YAML.
func (s *Server) OpenAPI() ([]byte, error) { return s.now().openAPI() }

func (r *routed) openAPI() ([]byte, error) { return r.rest.API.OpenAPI().YAML() }

// ready tells whether everything answers that a request may need; liveness (/healthz) depends on nothing. All is asked
// at once: what hangs in one place hangs in the others, and the asker's patience is no longer than one wait.
func (s *Server) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	status, result := http.StatusOK, map[string]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, check := range s.options.Ready {
		all.Go(func() {
			err := check(ctx)
			mu.Lock()
			defer mu.Unlock()
			result[name] = ready
			if err != nil {
				status, result[name] = http.StatusServiceUnavailable, cmp.Or(fault.CodeOf(err), "unavailable")
			}
			s.logChange(ctx, name, result[name], err)
		})
	}
	all.Go(func() {
		if s.options.Told == nil {
			return
		}
		told := s.options.Told(ctx)
		mu.Lock()
		defer mu.Unlock()
		maps.Copy(result, told)
	})
	all.Wait()
	if status != http.StatusOK {
		c.Response().Header().Set("Retry-After", "2")
	}
	return c.JSON(status, result)
}

// ready is what a check says that has nothing to say.
const ready = "ok"

// logChange logs what a check says when it said something else before: it is asked every second, by several.
func (s *Server) logChange(ctx context.Context, check, says string, err error) {
	switch said, asked := s.said.Swap(check, says); {
	case err != nil && said != says:
		s.options.Edge.Log.WarnContext(ctx, "not ready", "check", check, "error", err)
	case err == nil && asked && said != says:
		s.options.Edge.Log.InfoContext(ctx, "ready again", "check", check)
	}
}

// docsPage is what the documentation page shows.
type docsPage struct {
	Lang string
	Tags []docsTag
}

type docsTag struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	rest.Route
	Parameters []*huma.Param
	Body       []docsField
	Answer     []docsField
}

type docsField struct {
	Name, Type, Doc string
	Required        bool
}

func (s *Server) page(lang string) docsPage {
	byTag := map[string]*docsTag{}
	var names []string
	spec := s.now().rest.API.OpenAPI()
	for _, r := range s.Routes() {
		if byTag[r.Tag] == nil {
			byTag[r.Tag] = &docsTag{Name: r.Tag}
			names = append(names, r.Tag)
		}
		op := operation(spec.Paths[r.Path], r.Method)
		o := docsOperation{Route: r}
		if op != nil {
			o.Parameters = op.Parameters
			if op.RequestBody != nil {
				o.Body = s.fields(op.RequestBody.Content)
			}
			for status, answer := range op.Responses {
				if strings.HasPrefix(status, "2") {
					o.Answer = s.fields(answer.Content)
				}
			}
		}
		byTag[r.Tag].Operations = append(byTag[r.Tag].Operations, o)
	}
	page := docsPage{Lang: lang}
	sort.Strings(names)
	for _, name := range names {
		page.Tags = append(page.Tags, *byTag[name])
	}
	return page
}

func operation(item *huma.PathItem, method string) *huma.Operation {
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodDelete: item.Delete,
		http.MethodPut: item.Put, http.MethodPatch: item.Patch}[method]
}

func (s *Server) fields(content map[string]*huma.MediaType) []docsField {
	var out []docsField
	for _, media := range content {
		schema := media.Schema
		if schema != nil && schema.Ref != "" {
			schema = s.now().rest.API.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
		}
		if schema == nil {
			continue
		}
		for name, p := range schema.Properties {
			kind := p.Type
			if p.Ref != "" {
				kind = strings.TrimPrefix(p.Ref, "#/components/schemas/")
			}
			required := false
			for _, r := range schema.Required {
				required = required || r == name
			}
			out = append(out, docsField{Name: name, Type: kind, Doc: p.Description, Required: required})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
