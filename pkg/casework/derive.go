package casework

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
)

// Derive puts the deadline that follows from the facts of the case alone, at the end of every change: none when it is
// closed, and the last day to claim JKP, under the rules of the day on which it was opened, until a claim is decided.
// The deadline of a running claim is that of its months, which pkg/track derives.
func (c *Case) Derive(law *jkp.Programme) {
	if c.Stage != Closed && c.ClaimState == ClaimRunning {
		return
	}
	c.DueOn, c.DueFor = calendar.Date{}, ""
	if c.Stage == Closed || law == nil || !c.ClaimState.claimable() {
		return
	}
	// No rules for that day: no deadline is better than a guessed one.
	if deadline, err := law.ClaimDeadline(c.TerminatedOn, c.OpenedOn); err == nil {
		c.DueOn, c.DueFor = deadline.Last, "claim"
	}
}

// claimable tells whether the last day to claim is still ahead: nothing is decided.
func (s ClaimState) claimable() bool {
	return s == ClaimNone || s == ClaimApplied || s == ClaimWithdrawn
}
