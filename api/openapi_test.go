package api_test

import (
	"bytes"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/api/rest"
	v1 "github.com/tanggap/tanggap/api/v1"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/officer"
)

//go:generate go test -run "TestDescriptionIsTheCommittedOne|TestTheTablesOfTheSecurityPolicyAreWhatTheServerDoes" -update .

var update = flag.Bool("update", false, "write openapi.yaml anew")

// described is the API with nothing behind it.
func described() *api.Server {
	return api.New(api.Options{V1: v1.Services{Officers: &officer.Service{}}, Registry: prometheus.NewRegistry(),
		Edge: rest.Deps{Clock: clock.System(), Log: slog.New(slog.DiscardHandler)}})
}

func fetch(t *testing.T, path string) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	described().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s answered %d", path, w.Code)
	}
	return w.Body.Bytes()
}

// The committed description is what reviewers and clients read: a change of the API shows there, or fails here.
func TestDescriptionIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	got := fetch(t, "/openapi.yaml")
	if *update {
		if err := os.WriteFile("openapi.yaml", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(
			"the API is described otherwise in api/openapi.yaml; read the difference after running this test with -update")
	}
}

func TestEveryRouteIsDescribedWithItsRightAndItsRefusals(t *testing.T) {
	t.Parallel()
	var spec struct {
		OpenAPI string                          `yaml:"openapi"`
		Paths   map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(fetch(t, "/openapi.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(spec.OpenAPI, "3.1") {
		t.Errorf("described in OpenAPI %s", spec.OpenAPI)
	}
	for _, r := range described().Routes() {
		node, ok := spec.Paths[r.Path][strings.ToLower(r.Method)]
		if !ok {
			t.Errorf("%s %s is not described", r.Method, r.Path)
			continue
		}
		var op struct {
			Right     string                    `yaml:"x-right"`
			Responses map[string]map[string]any `yaml:"responses"`
		}
		if err := node.Decode(&op); err != nil {
			t.Fatal(err)
		}
		if op.Right != string(r.Action) {
			t.Errorf("%s %s: described right %q, needs %q", r.Method, r.Path, op.Right, r.Action)
		}
		for _, status := range []string{"400", "422", "503"} {
			content, _ := op.Responses[status]["content"].(map[string]any)
			if _, ok := content["application/problem+json"]; !ok {
				t.Errorf("%s %s: refusal %s is not described as a problem", r.Method, r.Path, status)
			}
		}
	}
}

func TestThePageShowsEveryOperation(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"id", "en"} {
		page := string(fetch(t, "/docs?lang="+lang))
		for _, r := range described().Routes() {
			if !strings.Contains(page, `id="`+r.ID+`"`) {
				t.Errorf("%s is not on the page", r.ID)
			}
		}
		for _, foreign := range []string{"<script", "<link", "src=", `href="http`, `href="//`, "url(", "ZgotmplZ"} {
			if strings.Contains(page, foreign) {
				t.Errorf("the page fetches %q", foreign)
			}
		}
		if !strings.Contains(page, `<html lang="`+lang+`">`) {
			t.Errorf("asked for %s", lang)
		}
	}
}

// A reader of the description is told of every operation what it is for, who may call it, and which chapter it is in;
// and of every body, by an example.
func TestNothingIsLeftUnsaid(t *testing.T) {
	t.Parallel()
	var spec struct {
		Tags  []struct{ Name, Description string }
		Paths map[string]map[string]struct {
			Summary, Description string
			Tags                 []string
			Security             []any
			Right                string `yaml:"x-right"`
			RequestBody          struct {
				Content map[string]struct{ Example any }
			} `yaml:"requestBody"`
		}
	}
	if err := yaml.Unmarshal(fetch(t, "/openapi.yaml"), &spec); err != nil {
		t.Fatal(err)
	}
	chapters := map[string]bool{}
	for _, tag := range spec.Tags {
		chapters[tag.Name] = tag.Description != ""
	}
	for path, item := range spec.Paths {
		for method, op := range item {
			if op.Summary == "" || op.Description == "" && op.Right != "" || op.Right != "" && len(op.Security) == 0 ||
				len(op.Tags) != 1 || !chapters[op.Tags[0]] {
				t.Errorf("%s %s: %+v", method, path, op)
			}
			if body, has := op.RequestBody.Content["application/json"]; has && body.Example == nil {
				t.Errorf("%s %s has no example", method, path)
			}
		}
	}
}
