// Package policies holds what is allowed and what the law says, as reviewed data: access policy, programme parameters,
// reference codes. The program reads them from here and has no figure of law of its own.
package policies

import "embed"

// FS is every file of this folder.
//
//go:embed access lists measures reference programmes texts hubs security.md
var FS embed.FS
