package api

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"gopkg.in/yaml.v3"

	"github.com/tanggap/tanggap/api/rest"
)

// The guides are walks over the API, in the order in which they are gone: each begins where the one before ends. Their
// lines are run as a test, by cmd/tanggap.

//go:embed guides/*.md guides/guides.yaml
var guideFiles embed.FS

// guide is one of them.
type guide struct {
	Name         string
	Title, About map[string]string // by language
}

// guides lists them.
func guides() ([]guide, error) {
	text, err := guideFiles.ReadFile("guides/guides.yaml")
	if err != nil {
		return nil, err
	}
	var list []guide
	return list, yaml.Unmarshal(text, &list)
}

// guidesPage is the list of the guides, or one of them.
type guidesPage struct {
	docsPage
	Guides []guide
	Open   *guide
	Text   template.HTML
}

// links makes of the links between the files those between the pages. A drawing is not wrapped: it scrolls, and so it
// can be reached by keyboard.
var links = strings.NewReplacer(`.md">`, `">`, "<pre><code>", `<pre tabindex="0"><code>`)

// guides answers the list, and each guide. The texts are our own files, so what they hold may stand in the page.
func (r *routed) guides() echo.HandlerFunc {
	page := template.Must(template.New("guides.html").ParseFS(docsFiles, "guides.html", "docs_style.html"))
	draw := goldmark.New(goldmark.WithExtensions(extension.Table))
	return func(c echo.Context) error {
		list, err := guides()
		if err != nil {
			return err
		}
		p := guidesPage{docsPage: docsPage{Lang: docsLanguage(c)}, Guides: list}
		if name := c.Param("name"); name != "" {
			at := slices.IndexFunc(list, func(g guide) bool { return g.Name == name })
			if at < 0 {
				return echo.NewHTTPError(http.StatusNotFound)
			}
			text, err := guideFiles.ReadFile("guides/" + name + ".md")
			if err != nil {
				return err
			}
			_, text, _ = bytes.Cut(text, []byte("\n")) // the page has the title in the reader's language
			var b bytes.Buffer
			if err := draw.Convert(text, &b); err != nil {
				return err
			}
			p.Open, p.Text = &list[at], template.HTML(links.Replace(b.String())) //nolint:gosec // our own file
		}
		c.Response().Header().Set("Content-Type", "text/html; charset=utf-8")
		c.Response().Header().Set("Content-Language", p.Lang)
		return page.Execute(c.Response(), p)
	}
}

// docsLanguage is that asked for by ?lang= or the header.
func docsLanguage(c echo.Context) string {
	if asked := c.QueryParam("lang"); asked == "id" || asked == "en" {
		return asked
	}
	return rest.Language(c.Request().Context())
}
