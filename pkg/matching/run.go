package matching

import "time"

// Silence is after how long without a sign of progress a run is taken for dead: its process has ended.
const Silence = time.Minute

// Fail counts an attempt that got nothing done; with the most-th the run has failed, of code. It tells whether there
// was anything to fail. A run that may be tried again waits for it, so that it need not be taken for dead first.
func (r *Run) Fail(code string, most int) bool {
	if r.State != Queued && r.State != Running {
		return false
	}
	r.State = Queued
	if r.Attempts++; r.Attempts >= most {
		r.State, r.Failure = Failed, code
	}
	return true
}
