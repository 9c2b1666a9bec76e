package api

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tanggap/tanggap/pkg/fault"
)

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
	r.echo.GET("/docs", r.docs())
	r.echo.GET("/docs/guides", r.guides())
	r.echo.GET("/docs/guides/:name", r.guides())
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
