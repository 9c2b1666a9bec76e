package jkp_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

func percent(t *testing.T, text string) *rule.Ratio {
	t.Helper()
	if text == "" {
		return nil
	}
	r, err := rule.ParseRatio(text)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

// third is a sound application for month 3 under PP 6/2025.
func third() jkp.MonthlyClaim {
	return jkp.MonthlyClaim{
		Month: 3, Reference: day("2025-03-10"), AppliedOn: day("2025-05-12"), OtherJob: jkp.No,
		Applications: count(5), DistinctEmployers: count(5), Calls: count(0), InTraining: jkp.No,
	}
}

// Permenaker 2/2025 Art. 13(3): five applications or one call, and/or 80 % attendance.
func TestJobSearchProof(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	strict := switched(t, "pp-6-2025.yaml", "attendance_alone_suffices", "true", "false")
	for _, c := range []struct {
		name                string
		applications, calls *int
		training            jkp.Answer
		attendance          string
		want, strict        rule.Result
	}{
		{"five applications", count(5), count(0), jkp.No, "", rule.Met, rule.Met},
		{"four applications", count(4), count(0), jkp.No, "", rule.NotMet, rule.NotMet},
		{"one call", count(0), count(1), jkp.No, "", rule.Met, rule.Met},
		{"applications enough, calls not known", count(5), nil, jkp.No, "", rule.Met, rule.Met},
		{"too few applications, calls not known", count(4), nil, jkp.No, "", rule.Unknown, rule.Unknown},
		{"nothing known", nil, nil, "", "", rule.Unknown, rule.Unknown},
		{"attendance alone", count(0), count(0), jkp.Yes, "80%", rule.Met, rule.NotMet},
		{"attendance just below", count(0), count(0), jkp.Yes, "79.99%", rule.NotMet, rule.NotMet},
		{"search and low attendance", count(5), count(0), jkp.Yes, "50%", rule.Met, rule.NotMet},
		{"search and attendance", count(5), count(0), jkp.Yes, "90%", rule.Met, rule.Met},
		{"no search, attendance not known", count(0), count(0), jkp.Yes, "", rule.Unknown, rule.NotMet},
		{"search, attendance not known", count(5), count(0), jkp.Yes, "", rule.Met, rule.Unknown},
		{"search, training not known", count(5), count(0), "", "", rule.Met, rule.Unknown},
		{"no search, training not known", count(0), count(0), "", "", rule.Unknown, rule.NotMet},
		{"attendance of somebody not in training", count(0), count(0), jkp.No, "100%", rule.NotMet, rule.NotMet},
		{"search not known, attendance enough", nil, nil, jkp.Yes, "100%", rule.Met, rule.Unknown},
		{"search not known, attendance too low", nil, nil, jkp.Yes, "10%", rule.Unknown, rule.NotMet},
	} {
		m := third()
		m.Applications, m.Calls, m.InTraining, m.Attendance = c.applications, c.calls, c.training, percent(t, c.attendance)
		for programme, want := range map[*jkp.Programme]rule.Result{p: c.want, strict: c.strict} {
			if got, _ := programme.ProofMet(m, cal).Get("jkp.job_search"); got.Result != want {
				t.Errorf("%s, attendance alone suffices %t: %s, want %s", c.name, programme == p, got.Result, want)
			}
		}
	}
}

// Attendance that stands alone rests on an open reading of "dan/atau" and says so.
func TestAttendanceAloneIsShownAsOpen(t *testing.T) {
	t.Parallel()
	m := third()
	m.Applications, m.InTraining, m.Attendance = count(0), jkp.Yes, percent(t, "95%")
	c, _ := load(t).ProofMet(m, ruletest.Workdays(t)).Get("jkp.job_search")
	if c.Confidence != rule.ConfidenceOpen || c.Inputs["attendance"] != "95%" {
		t.Errorf("%s with attendance %s", c.Confidence, c.Inputs["attendance"])
	}
}

// Before 2025: five different companies, and counselling.
func TestJobSearchProofBefore2025(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	m := third()
	m.Reference, m.AppliedOn, m.Counselled = day("2024-03-11"), day("2024-05-13"), jkp.Yes
	if d := p.ProofMet(m, cal); d.Result != rule.Eligible || d.Version != "pp-37-2021" {
		t.Fatalf("%s under %s: %q", d.Result, d.Version, codes(d.Select(rule.NotMet)))
	}
	m.DistinctEmployers = count(4)
	if d := p.ProofMet(m, cal); codes(d.Select(rule.NotMet)) != "jkp.job_search" {
		t.Errorf("five applications to four companies: %q", codes(d.Select(rule.NotMet)))
	}
	m.DistinctEmployers, m.Counselled = count(5), jkp.No
	if d := p.ProofMet(m, cal); codes(d.Select(rule.NotMet)) != "jkp.counselling" {
		t.Errorf("without counselling: %q", codes(d.Select(rule.NotMet)))
	}
}

// The procedure of the new rules holds from the cutover on, also in a running claim (Art. II(1)).
func TestProofFollowsTheDayOfApplication(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	m := third()
	m.Month, m.Reference = 2, day("2025-01-06")
	for applied, want := range map[string]string{"2025-02-06": "pp-37-2021", "2025-02-07": "pp-6-2025",
		"2025-02-08": "pp-6-2025"} {
		m.AppliedOn = day(applied)
		if d := p.ProofMet(m, cal); d.Version != want {
			t.Errorf("applied %s: %s, want %s", applied, d.Version, want)
		}
	}
	m.AppliedOn = calendar.Date{}
	if d := p.ProofMet(m, cal); d.Version != "pp-37-2021" ||
		codes(d.Select(rule.Unknown)) != "jkp.month_window jkp.counselling" {
		t.Errorf("not applied: %s, unknown %q", d.Version, codes(d.Select(rule.Unknown)))
	}
}

func TestMonthWindowOfTheProof(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for applied, want := range map[string]rule.Result{
		"2025-05-09": rule.NotMet, "2025-05-10": rule.Met, "2025-05-15": rule.Met, "2025-05-16": rule.NotMet,
	} {
		m := third()
		m.AppliedOn = day(applied)
		c, _ := p.ProofMet(m, cal).Get("jkp.month_window")
		if c.Result != want || c.Inputs["closes"] != "2025-05-15" {
			t.Errorf("applied %s: %s, closes %s", applied, c.Result, c.Inputs["closes"])
		}
	}
	// Holidays of 2030 are not published: too early cannot be told from in time, too late can.
	for applied, want := range map[string]rule.Result{"2030-03-01": rule.Unknown, "2030-03-08": rule.Met,
		"2030-03-11": rule.NotMet} {
		m := third()
		m.Month, m.Reference, m.AppliedOn = 6, day("2029-09-10"), day(applied)
		if c, _ := p.ProofMet(m, cal).Get("jkp.month_window"); c.Result != want {
			t.Errorf("applied %s: %s, want %s", applied, c.Result, want)
		}
	}
}

// The last month asks for the formulir status kebekerjaan (Art. 13(5)); the others do not.
func TestLastMonthAsksForTheStatusForm(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	m := third()
	if _, asked := p.ProofMet(m, cal).Get("jkp.status_form"); asked {
		t.Error("month 3 asks for the form")
	}
	m.Month, m.AppliedOn = 6, day("2025-09-08")
	for form, want := range map[jkp.Answer]rule.Outcome{jkp.Yes: rule.Eligible, jkp.No: rule.Ineligible,
		"": rule.Undetermined} {
		m.StatusForm = form
		if d := p.ProofMet(m, cal); d.Result != want {
			t.Errorf("form %q: %s, want %s", form, d.Result, want)
		}
	}
	m.StatusForm, m.OtherJob = jkp.Yes, jkp.Yes
	if d := p.ProofMet(m, cal); codes(d.Select(rule.NotMet)) != "jkp.no_other_job" {
		t.Errorf("with a job: %q", codes(d.Select(rule.NotMet)))
	}
}

func TestProofOfNoSuchMonth(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, n := range []int{-1, 0, 1, 7} {
		m := third()
		m.Month = n
		if d := p.ProofMet(m, cal); d.Result != rule.Ineligible || codes(d.Criteria) != "jkp.month_number" {
			t.Errorf("month %d: %s, %q", n, d.Result, codes(d.Criteria))
		}
	}
}

func TestProofTextsAreComplete(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	last, none := third(), third()
	last.Month, none.Month = 6, 9
	older := third()
	older.Reference, older.AppliedOn = day("2024-03-11"), day("2024-05-13")
	for _, m := range []jkp.MonthlyClaim{third(), last, none, older} {
		for _, c := range p.ProofMet(m, cal).Criteria {
			if _, ok := p.Texts()[c.Code]; !ok {
				t.Errorf("%s has no text", c.Code)
			}
		}
	}
}
