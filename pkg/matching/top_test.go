package matching

import (
	"testing"

	"github.com/google/uuid"
)

func scored(points int, age byte) Match {
	return Match{Vacancy: uuid.UUID{age}, Parts: Parts{Occupation: points}}
}

// The best stay, in order. A list that is full is beaten by more points, and by as many of a newer vacancy: one that
// could still come in with as many points as the last must be looked at.
func TestTheLastOfTheBest(t *testing.T) {
	t.Parallel()
	list := top{most: 2}
	for _, m := range []Match{scored(30, 1), scored(20, 2)} {
		if list.beats(0) {
			t.Error("a list with a place left beats what may come")
		}
		list.add(m)
	}
	for bound, beaten := range map[int]bool{19: true, 20: false, 21: false} {
		if list.beats(bound) != beaten {
			t.Errorf("up to %d points: %t", bound, !beaten)
		}
	}
	for _, c := range []struct {
		add  Match
		last Match
	}{{scored(19, 9), scored(20, 2)}, {scored(20, 1), scored(20, 2)}, {scored(20, 3), scored(20, 3)}, {scored(25, 1),
		scored(25, 1)},
		{scored(40, 1), scored(30, 1)}} {
		if list.add(c.add); len(list.list) != 2 || list.list[1] != c.last {
			t.Errorf("after %+v: %+v", c.add, list.list)
		}
	}
}
