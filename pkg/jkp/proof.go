package jkp

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// MonthlyClaim holds the facts of the application for one month after the first; a zero value means "not known".
type MonthlyClaim struct {
	Month             int           // 2 to the last
	Reference         calendar.Date // reference day of the claim (month 1)
	AppliedOn         calendar.Date
	OtherJob          Answer
	Applications      *int // job applications in the month
	DistinctEmployers *int // different employers among them
	Calls             *int // calls to a test or an interview in the month
	InTraining        Answer
	Attendance        *rule.Ratio // of the previous month's training
	Counselled        Answer
	StatusForm        Answer // formulir status kebekerjaan
}

// ProofMet says whether the conditions of a month are met: window, no job, job search and/or training attendance, and
// what the version asks besides (counselling; the status form in the last month). The procedure is that of the day of
// application (Permenaker 2/2025 Art. II(1)); while that is unknown, of the month's reference day.
func (p *Programme) ProofMet(m MonthlyClaim, cal *calendar.Calendar) rule.Decision {
	w, err := p.Window(m.Reference, m.Month, cal)
	day := m.AppliedOn
	if day.IsZero() {
		day = w.Reference
	}
	r, ruleErr := p.rules.At(day)
	if err != nil || ruleErr != nil || m.Month < 2 {
		return noMonth(m)
	}
	a := assessment{rules: r, on: day}
	a.add("jkp.month_window", w.Source, w.Opens.String()+" – "+w.Closes.String(), inWindow(w, m.AppliedOn),
		"month", strconv.Itoa(m.Month), "applied_on", dayText(m.AppliedOn), "opens", w.Opens.String(), "closes",
		w.Closes.String())
	a.answer("jkp.no_other_job", "other_job", &r.Eligibility.NoOtherJob, m.OtherJob, No)
	a.jobSearch(&m)
	a.answer("jkp.counselling", "counselled", r.Monthly.Counselling, m.Counselled, Yes)
	if m.Month == r.Cash.MaxMonths.Value {
		a.answer("jkp.status_form", "status_form", r.Monthly.StatusForm, m.StatusForm, Yes)
	}
	return rule.Decide(r.Version, day, a.criteria)
}

func noMonth(m MonthlyClaim) rule.Decision {
	c := newCriterion("jkp.month_number", rule.Source{Article: "–", Confidence: rule.ConfidenceDerived}, "2–6",
		rule.NotMet,
		"month", strconv.Itoa(m.Month), "reference", dayText(m.Reference))
	return rule.Decide(rule.Version{Programme: "jkp"}, m.AppliedOn, []rule.Criterion{c})
}

// inWindow is unknown where unpublished holidays could move the opening: before the opening of an uncertain window.
func inWindow(w Window, applied calendar.Date) rule.Result {
	if applied.IsZero() || !w.Certain && !w.Holds(applied) && !applied.After(w.Closes) {
		return rule.Unknown
	}
	return rule.When(w.Holds(applied))
}

// jobSearch is one criterion with all inputs, because the law joins search and attendance by "dan/atau".
func (a *assessment) jobSearch(m *MonthlyClaim) {
	f := &a.rules.Monthly
	source := f.Applications.Source
	search, attendance := searched(f, m), attended(f, m)
	var result rule.Result
	if alone := &a.rules.Switches.AttendanceAloneSuffices; alone.Value {
		result = either(search, attendance)
		if search != rule.Met && attendance == rule.Met {
			source = alone.Source
		}
	} else {
		result = both(search, attendance, m.InTraining)
	}
	attendanceText := ""
	if m.Attendance != nil {
		attendanceText = m.Attendance.Percent()
	}
	c := newCriterion("jkp.job_search", source, ">= "+strconv.Itoa(f.Applications.Value)+" / "+strconv.Itoa(f.Calls.Value),
		result,
		"applications", number(m.Applications), "distinct_employers", number(m.DistinctEmployers), "calls", number(m.Calls),
		"in_training", string(m.InTraining), "attendance", attendanceText)
	c.MessageArgs = map[string]string{
		"applications_required": strconv.Itoa(f.Applications.Value), "calls_required": strconv.Itoa(f.Calls.Value),
		"attendance_required": f.Attendance.Value.Percent(),
	}
	a.criteria = append(a.criteria, c)
}

// searched: enough applications (to different employers where the version says so) or enough calls.
func searched(f *Monthly, m *MonthlyClaim) rule.Result {
	applications := m.Applications
	if f.DistinctEmployers.Value {
		applications = m.DistinctEmployers
	}
	return either(atLeast(applications, f.Applications.Value), atLeast(m.Calls, f.Calls.Value))
}

func atLeast(n *int, least int) rule.Result {
	return unlessMissing(n == nil, n != nil && *n >= least)
}

// attended: no training is no attendance, which never replaces job search.
func attended(f *Monthly, m *MonthlyClaim) rule.Result {
	if m.InTraining != Yes {
		return answered(m.InTraining, Yes)
	}
	return unlessMissing(m.Attendance == nil, m.Attendance != nil && m.Attendance.Compare(f.Attendance.Value) >= 0)
}

func either(a, b rule.Result) rule.Result {
	switch {
	case a == rule.Met || b == rule.Met:
		return rule.Met
	case a == rule.Unknown || b == rule.Unknown:
		return rule.Unknown
	}
	return rule.NotMet
}

// both: search always, attendance only of those who are in training.
func both(search, attendance rule.Result, training Answer) rule.Result {
	if training == No {
		return search
	}
	switch {
	case search == rule.NotMet, training == Yes && attendance == rule.NotMet:
		return rule.NotMet
	case search == rule.Unknown || attendance != rule.Met:
		return rule.Unknown
	}
	return rule.Met
}
