package rest

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/clock"
)

// An answer may take as long as its route says, and a moment longer is too long: the rest is not sent.
func TestHowLongAnAnswerMayTake(t *testing.T) {
	t.Parallel()
	for took, whole := range map[time.Duration]bool{0: true, 30 * time.Second: true, 30*time.Second + 1: false} {
		w := httptest.NewRecorder()
		e := New(Deps{Clock: clock.At(time.Unix(0, 0))})
		x, _ := e.Take(w, httptest.NewRequest("GET", "/", nil), "192.0.2.1")
		x.most, x.took = 30*time.Second, func() time.Duration { return took }
		n, err := x.Write([]byte("isi"))
		if (err == nil) != whole || !whole && (n != 0 || !errors.Is(x.Failed(), errOverdue)) || w.Body.Len() != n {
			t.Errorf("after %v: %d bytes of %d, %v", took, w.Body.Len(), n, err)
		}
	}
}
