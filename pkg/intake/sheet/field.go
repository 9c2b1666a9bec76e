package sheet

// field is what a column of the list means to us.
type field string

const (
	fieldNumber     field = "no"
	fieldNIK        field = "nik"
	fieldName       field = "name"
	fieldPlace      field = "birth_place"
	fieldBirth      field = "birth_date"
	fieldPlaceBirth field = "birth_place_date" // "Tempat, Tanggal Lahir" in one column
	fieldSex        field = "sex"
	fieldKPJ        field = "kpj"
	fieldPosition   field = "position"
	fieldWage       field = "wage"
	fieldPHK        field = "termination_date"
	fieldReason     field = "reason"
	fieldPhone      field = "phone"
	fieldEmail      field = "email"
	fieldAddress    field = "address"
	fieldRegency    field = "regency"
)

// needs are the columns without which a list cannot be used. Either way of giving the birth date will do.
func needs() [][]field {
	return [][]field{{fieldNIK}, {fieldName}, {fieldBirth, fieldPlaceBirth}, {fieldWage}, {fieldPHK}, {fieldRegency}}
}
