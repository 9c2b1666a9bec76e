// Package authztest gives tests of other packages matrices and actors that say what they allow. It is for tests only: a
// program that imported it would have no policy.
package authztest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// Table is a matrix written out: what each role may do.
type Table map[authz.Role][]authz.Action

// Allows implements authz.Matrix.
func (m Table) Allows(r authz.Role, a authz.Action) bool { return slices.Contains(m[r], a) }

// AllowAll is a matrix in which every role may do every action; what is no role or no action stays refused.
func AllowAll() authz.Matrix {
	m := make(Table)
	for _, r := range authz.Roles() {
		m[r] = authz.Actions()
	}
	return m
}

// Officer makes an actor with one role in each of the regions, for ever. The same name gives the same officer.
func Officer(name string, role authz.Role, regions ...region.Code) authz.Actor {
	actor := authz.Actor{Officer: authz.OfficerID(uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))), Name: name, Email: name +
		"@contoh.go.id"}
	for _, code := range regions {
		actor.Grants = append(actor.Grants, authz.Grant{Role: role, Region: code})
	}
	if len(regions) > 0 {
		actor.Office = regions[0]
	}
	return actor
}
