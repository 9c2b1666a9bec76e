package store

// What the tests outside of the package look into.
var (
	ConstraintFaults = constraintFaults
	Impossible       = impossible
	Translate        = translate
)
