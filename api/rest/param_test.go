package rest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// register declares a route that reads a query, and tells whether the edge takes it.
func register[I any](t *testing.T) (refused string) {
	t.Helper()
	e := &rest.API{API: humaecho.New(echo.New(), rest.Configure())}
	defer func() { refused, _ = recover().(string) }()
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/x", ID: "x", Action: authz.CaseList},
		func(context.Context, *I) (*struct{}, error) { return nil, nil })
	return ""
}

// A filter that cannot tell whether it was given cannot be declared.
func TestAFilterMustTellWhetherItIsThere(t *testing.T) {
	type hidden struct {
		Officer rest.Param[rest.ID] `query:"officer"`
	}
	for name, refused := range map[string]string{
		"a text": register[struct {
			Region string `query:"region"`
		}](t),
		"an id": register[struct {
			Officer rest.ID `query:"officer"`
		}](t),
		"an instant": register[struct {
			From time.Time `query:"from"`
		}](t),
		"what the framework does not see": register[struct{ hidden }](t),
	} {
		if !strings.Contains(refused, "cannot tell that it was left out") {
			t.Errorf("%s is taken: %q", name, refused)
		}
	}
	for name, refused := range map[string]string{
		"an option": register[struct {
			rest.PageIn
			From    rest.Param[time.Time] `query:"from"`
			Overdue bool                  `query:"overdue"`
		}](t),
		"what must be there": register[struct {
			Month string `query:"month" required:"true"`
			By    string `query:"by" default:"province" enum:"province,regency"`
		}](t),
	} {
		if refused != "" {
			t.Errorf("%s is refused: %s", name, refused)
		}
	}
}
