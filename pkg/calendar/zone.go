package calendar

import (
	"time"

	"github.com/tanggap/tanggap/pkg/codelist"
)

// Zone is one of Indonesia's time zones.
type Zone string

// The time zones: west, central, east.
const (
	WIB  Zone = "WIB"
	WITA Zone = "WITA"
	WIT  Zone = "WIT"
)

// Location is the fixed offset of the zone; unknown zones count as WIB.
func (z Zone) Location() *time.Location {
	switch z {
	case WITA:
		return time.FixedZone(string(WITA), 8*3600)
	case WIT:
		return time.FixedZone(string(WIT), 9*3600)
	default:
		return time.FixedZone(string(WIB), 7*3600)
	}
}

// Valid tells whether z is one of the zones.
func (z Zone) Valid() bool { return codelist.Has(z) }

// Values lists the zones from west to east.
func (Zone) Values() []Zone { return []Zone{WIB, WITA, WIT} }

// ZoneOf is the zone of a province, or of a regency by its province (Keppres 41/1987): Bali, Nusa Tenggara, Sulawesi
// and Kalimantan's south, east and north keep WITA; Maluku and Papua keep WIT; everything else, and no province, WIB.
func ZoneOf(code string) Zone {
	if len(code) < 2 {
		return WIB
	}
	switch code[:2] {
	case "51", "52", "53", "63", "64", "65":
		return WITA
	}
	switch code[0] {
	case '7':
		return WITA
	case '8', '9':
		return WIT
	default:
		return WIB
	}
}
