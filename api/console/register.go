package console

import (
	"net/http"
	"net/url"
)

// layoff shows a layoff with the clocks of the law that run from it.
func (v *visit) layoff() error {
	id := url.PathEscape(v.at("id"))
	var raw, clocks map[string]any
	if _, err := v.get("/v1/layoffs/"+id, nil, &raw); err != nil {
		return err
	}
	if _, err := v.get("/v1/layoffs/"+id+"/clocks", nil, &clocks); err != nil {
		return err
	}
	employer, _ := raw["employer"].(map[string]any)
	name := text(employer["name"])
	v.render(http.StatusOK, "blocks", name, struct {
		Heading string
		Blocks  []block
		Links   []link
	}{name, append(v.blocks(v.Edge.Answer(v.actions["layoff-get"]), raw, ""),
		v.blocks(v.Edge.Answer(v.actions["layoff-clocks"]), clocks, "")...),
		[]link{{Text: v.T("console.cases_of_layoff"), Path: "/kasus?layoff=" + id}}})
	return nil
}

// intake shows how far an employer's list is.
func (v *visit) intake() error {
	id := url.PathEscape(v.at("id"))
	var raw map[string]any
	if _, err := v.get("/v1/intakes/"+id, nil, &raw); err != nil {
		return err
	}
	v.render(http.StatusOK, "blocks", v.T("console.page-intakes"), struct {
		Heading string
		Blocks  []block
		Links   []link
	}{v.T("console.page-intakes"), v.blocks(v.Edge.Answer(v.actions["intake-get"]), raw, ""), nil})
	return nil
}
