package sheet

import (
	_ "embed" // the form of the page
	"fmt"
	"html/template"
	"io"
)

//go:embed sheet.html
var form string

var pageForm = template.Must(template.New("sheet").Funcs(template.FuncMap{
	"number": func(i int) int { return i + 1 },
}).Parse(form))

// HTML writes the sheet as one page that needs nothing else.
func (s Sheet) HTML(w io.Writer) error {
	if err := pageForm.Execute(w, s.page()); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}
