package severance

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// LastDay is the switch whether the last day of the employment counts as a day of service.
type LastDay string

// The settings.
const (
	LastDayNotCounted LastDay = "not_counted" // 3 years are reached on the third anniversary
	LastDayCounted    LastDay = "counted"     // 3 years are reached on the day before it
)

// Valid reports whether l is a known setting.
func (l LastDay) Valid() bool { return l == LastDayNotCounted || l == LastDayCounted }

func (l LastDay) other() LastDay {
	if l == LastDayCounted {
		return LastDayNotCounted
	}
	return LastDayCounted
}

// Tenure is a length of service in civil time: completed years, completed months beyond them, days beyond those.
type Tenure struct {
	Years  int `json:"years"`
	Months int `json:"months"`
	Days   int `json:"days"`
}

// CompletedMonths returns years and months as months.
func (t Tenure) CompletedMonths() int { return t.Years*monthsOfYear + t.Months }

const monthsOfYear = 12

// Tenure counts the service from the first day of work to the day on which the employment ends. A month is complete on
// the same day of a later month, or on its last day when it is shorter (29 February: 28 February). Faults (Invalid):
// severance.date_missing, severance.end_before_start.
func (r Rules) Tenure(start, end calendar.Date) (Tenure, error) {
	switch {
	case start.IsZero():
		return Tenure{}, fault.New(fault.Invalid, "severance.date_missing").At("start_on")
	case end.IsZero():
		return Tenure{}, fault.New(fault.Invalid, "severance.date_missing").At("end_on")
	}
	if end.Before(start) {
		return Tenure{}, fault.New(fault.Invalid, "severance.end_before_start").At("end_on")
	}
	if r.LastDay.Value == LastDayCounted {
		end = end.AddDays(1)
	}
	months, days := start.SpanUntil(end)
	return Tenure{Years: months / monthsOfYear, Months: months % monthsOfYear, Days: days}, nil
}

// tenures returns the tenure under the file's setting and under the other one, so that a part can tell whether it hangs
// on the switch.
func (r Rules) tenures(start, end calendar.Date) (here, there Tenure, err error) {
	other := r
	other.LastDay.Value = r.LastDay.Value.other()
	if here, err = r.Tenure(start, end); err != nil {
		return Tenure{}, Tenure{}, err
	}
	there, err = other.Tenure(start, end)
	return here, there, err
}
