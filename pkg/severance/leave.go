package severance

import (
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// LeaveRules turns days of annual leave into money: a month of wage / the divisor of the working week x days.
type LeaveRules struct {
	FiveDayWeek rule.Figure[int] `yaml:"five_day_week" between:"1..31"`
	SixDayWeek  rule.Figure[int] `yaml:"six_day_week" between:"1..31"`
}

// Leave is annual leave that was not taken and has not lapsed. WorkWeekDays is 5 or 6; 0 when nobody has said.
type Leave struct {
	Days         int
	WorkWeekDays int
}

const (
	fiveDays     = 5
	sixDays      = 6
	maxLeaveDays = 1000
)

// leave is the part for unused leave. Without the working week it is unknown, and both amounts stand beside it.
func (r Rules) leave(l Leave, wage MonthlyWage, known bool, missing *lacking) (Part, error) {
	switch {
	case l.Days < 0 || l.Days > maxLeaveDays:
		return Part{}, fault.New(fault.Invalid, "severance.leave_days_invalid").At("unused_leave_days")
	case l.WorkWeekDays != 0 && l.WorkWeekDays != fiveDays && l.WorkWeekDays != sixDays:
		return Part{}, fault.New(fault.Invalid, "severance.work_week_unknown").At("work_week_days")
	}
	p := Part{Kind: RightsCompensation, Item: UnusedLeave, Reads: AsStated}
	right := r.Rights[UnusedLeave].Source
	if !known && l.Days > 0 {
		missing.add(FactWage)
		return p.rest(right), nil
	}
	five, err := r.leaveAt(p, l.Days, wage, r.Leave.FiveDayWeek, right)
	if err != nil {
		return Part{}, err
	}
	six, err := r.leaveAt(p, l.Days, wage, r.Leave.SixDayWeek, right)
	switch {
	case err != nil:
		return Part{}, err
	case l.WorkWeekDays == fiveDays || l.Days == 0:
		return five, nil
	case l.WorkWeekDays == sixDays:
		return six, nil
	}
	missing.add(FactWorkWeek)
	p.Otherwise = []Other{
		{Reading: "five_day_week", Amount: five.Amount, Source: r.Leave.FiveDayWeek.Source},
		{Reading: "six_day_week", Amount: six.Amount, Source: r.Leave.SixDayWeek.Source},
	}
	return p.rest(right, r.Leave.FiveDayWeek.Source), nil
}

func (r Rules) leaveAt(p Part, days int, wage MonthlyWage, d rule.Figure[int], right rule.Source) (Part, error) {
	share, err := rule.NewRatio(int64(days), int64(d.Value))
	if err != nil {
		return Part{}, tooLarge(err)
	}
	exact, err := times(wage.Exact, share)
	if err != nil {
		return Part{}, err
	}
	p.Multiplier = share
	if days == 0 {
		return r.round(p, exact, right)
	}
	return r.round(p, exact, right, d.Source, wage.Source)
}
