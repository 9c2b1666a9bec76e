package apitest

import (
	"maps"
	"sync"
)

// Answered is a request and the status of its answer.
type Answered struct {
	Method, Path string
	Status       int
}

// answers are those of all programs of the tests of a package, with how often each was given.
var answers struct {
	sync.Mutex
	given map[Answered]int
}

func keep(method, path string, status int) {
	answers.Lock()
	defer answers.Unlock()
	if answers.given == nil {
		answers.given = map[Answered]int{}
	}
	answers.given[Answered{method, path, status}]++
}

// Answers are the answers so far, for whoever compares them with the description of the API.
func Answers() map[Answered]int {
	answers.Lock()
	defer answers.Unlock()
	return maps.Clone(answers.given)
}
