package export

import _ "embed" // the parts that are the same in every bundle

//go:embed inside/README.txt
var readme string

//go:embed inside/verify.py
var verifier string

// inside is what lies in every bundle, so that it explains itself and can be proved without this program.
var inside = []struct{ name, text string }{{"README.txt", readme}, {"verify.py", verifier}}
