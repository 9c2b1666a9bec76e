package calendar

// SpanUntil counts the whole months from d to e, and the days beyond them. A month is complete on the same day of a
// later month, or on its last day when that is shorter (29 February: 28 February). e must not come before d.
func (d Date) SpanUntil(e Date) (months, days int) {
	months = (e.Year()-d.Year())*monthsOfYear + int(e.Month()) - int(d.Month())
	if d.AddMonths(months).After(e) {
		months--
	}
	return months, d.AddMonths(months).DaysUntil(e)
}

const monthsOfYear = 12
