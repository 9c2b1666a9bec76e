package layoff_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

// What a report says of the employer, each at its border: the name, the number, the site, the reason, the people.
func TestWhatAReportNeeds(t *testing.T) {
	t.Parallel()
	s := &layoff.Service{Tree: places(t)}
	for name, c := range map[string]struct {
		change      func(*layoff.Layoff)
		code, field string
	}{
		"all of it": {func(*layoff.Layoff) {}, "", ""},
		"no name":   {func(l *layoff.Layoff) { l.Employer.Name = "" }, "employer.name_missing", "employer.name"},
		"a blank": {func(l *layoff.Layoff) { l.Employer.Name = " \t" }, "employer.name_missing",
			"employer.name"},
		"the longest name": {func(l *layoff.Layoff) { l.Employer.Name = strings.Repeat("n", 200) }, "", ""},
		"a longer one": {func(l *layoff.Layoff) { l.Employer.Name = strings.Repeat("n", 201) },
			"employer.name_missing", "employer.name"},
		"a NIB": {func(l *layoff.Layoff) { l.Employer.NIB = "1234567890123" }, "", ""},
		"a NIB of 12 digits": {func(l *layoff.Layoff) { l.Employer.NIB = "123456789012" }, "employer.nib_invalid",
			"employer.nib"},
		"a NIB of 14 digits": {func(l *layoff.Layoff) { l.Employer.NIB = "12345678901234" }, "employer.nib_invalid",
			"employer.nib"},
		"a NIB with a letter": {func(l *layoff.Layoff) { l.Employer.NIB = "123456789012O" }, "employer.nib_invalid",
			"employer.nib"},
		"a site in no regency": {func(l *layoff.Layoff) { l.Employer.Region = "32" }, "region.unknown", "employer.region"},
		"a site that is not": {func(l *layoff.Layoff) { l.Employer.Region = "3299" }, "region.unknown",
			"employer.region"},
		"a site of others": {func(l *layoff.Layoff) { l.Employer.Region = "3578" }, "layoff.region_out_of_scope",
			"employer.region"},
		"a reason of the law": {func(l *layoff.Layoff) { l.Reason = "EFFICIENCY_LOSS" }, "", ""},
		"another reason": {func(l *layoff.Layoff) { l.Reason = "efficiency_loss" }, "layoff.reason_unknown",
			"reason"},
		"nobody": {func(l *layoff.Layoff) { l.PeoplePlanned = 0 }, "", ""},
		"fewer people than none": {func(l *layoff.Layoff) { l.PeoplePlanned = -1 }, "layoff.people_planned",
			"people_planned"},
	} {
		l := layoff.Layoff{Employer: layoff.Employer{Name: " PT Maju ", Region: "3273"}, PeoplePlanned: 9}
		c.change(&l)
		want(t, name, s.Check(authz.ScopeOver("32"), &l), c.code, c.field)
	}
}

func places(t *testing.T) *region.Tree {
	t.Helper()
	current, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(current, superseded)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
