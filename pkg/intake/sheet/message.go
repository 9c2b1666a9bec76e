package sheet

import "strings"

// Message says in Indonesian ("id", and for every unknown language) or English ("en") what is wrong and what would be
// right. It never repeats what the cell holds.
func (r Reason) Message(lang string) string {
	text := r.Code.text(lang == "en")
	for name, value := range r.Args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// text gives one language of the catalogue; a code without an entry answers with itself, which a test forbids.
func (c Code) text(english bool) string {
	for _, m := range catalogue() {
		if m.code == c && english {
			return m.en
		} else if m.code == c {
			return m.id
		}
	}
	return string(c)
}

type message struct {
	code   Code
	id, en string
}

func catalogue() []message {
	return append(skipMessages(), append(nikMessages(), cellMessages()...)...)
}

func skipMessages() []message {
	return []message{
		{CodeTitle, "Baris judul atau kop surat; dilewati.", "Title or letterhead row; skipped."},
		{CodeHeader, "Baris judul kolom; dilewati.", "Column header row; skipped."},
		{CodeHeaderGroup, "Baris kelompok judul kolom; dilewati.", "Row of grouped column titles; skipped."},
		{CodeEmpty, "Baris kosong; dilewati.", "Empty row; skipped."},
		{CodeFooter, "Baris jumlah atau tanda tangan; dilewati.", "Total or signature row; skipped."},
	}
}

func nikMessages() []message {
	return []message{
		{CodeNIKMissing, "NIK kosong. Isi 16 angka sesuai KTP.", "The NIK is empty. Enter the 16 digits of the KTP."},
		{CodeNIKLength, "NIK harus tepat 16 angka.", "A NIK has exactly 16 digits."},
		{CodeNIKNotNumeric, "NIK hanya boleh berisi angka; periksa huruf O, I, atau tanda sensor.",
			"A NIK holds digits only; check for letters such as O or I and for masking."},
		{CodeNIKPrecisionLost,
			"NIK tersimpan sebagai bilangan dan sebagian angkanya hilang. Ubah format kolom menjadi Teks, lalu ketik ulang " +
				"16 angka dari KTP.",
			"The NIK was stored as a number and lost digits. Format the column as Text and type the 16 digits from the KTP " +
				"again."},
		{CodeNIKRegionUnknown, "Empat angka pertama NIK bukan kode kabupaten/kota, kini atau dahulu.",
			"The first four digits of the NIK are not a regency or city code, present or past."},
		{CodeNIKDateInvalid,
			"Angka ke-7 sampai ke-12 NIK harus tanggal lahir: tanggal 01-31 (perempuan 41-71), bulan 01-12, tahun.",
			"Digits 7 to 12 of the NIK must be a birth date: day 01-31 (women 41-71), month 01-12, year."},
		{CodeNIKSerialInvalid, "Empat angka terakhir NIK mulai dari 0001.", "The last four digits of a NIK start from 0001."},
		{CodeNIKDuplicate, "NIK sama dengan baris {first}. Hapus salah satu, atau perbaiki NIK yang salah.",
			"Same NIK as row {first}. Remove one of them or correct the wrong NIK."},
		{CodeNIKBirthDateMismatch, "Tanggal lahir berbeda dari NIK. Periksa keduanya; baris tetap dapat diproses.",
			"The birth date differs from the NIK. Check both; the row can still be used."},
		{CodeNIKGenderMismatch,
			"Jenis kelamin berbeda dari NIK (perempuan: tanggal ditambah 40). Periksa keduanya; baris tetap dapat diproses.",
			"The sex differs from the NIK (women: day plus 40). Check both; the row can still be used."},
	}
}

func cellMessages() []message {
	return []message{
		{CodeCellError, "Sel berisi galat rumus seperti #N/A. Ganti dengan nilai sebenarnya.",
			"The cell holds a formula error such as #N/A. Replace it by the value itself."},
		{CodeTextTooLong, "Isi sel terlalu panjang; paling banyak {limit} karakter.",
			"The text is too long; at most {limit} characters."},
		{CodeNameMissing, "Nama kosong. Isi nama lengkap sesuai KTP.",
			"The name is empty. Enter the full name as on the KTP."},
		{CodeBirthDateMissing, "Tanggal lahir kosong. Isi dengan bentuk 25/11/1990.",
			"The birth date is empty. Enter it as 25/11/1990 (day/month/year)."},
		{CodeDateInvalid,
			"Tanggal tidak dapat dibaca atau tidak ada dalam kalender. Tulis hari/bulan/tahun, misalnya 25/11/1990.",
			"The date cannot be read or does not exist. Write day/month/year, such as 25/11/1990."},
		{CodeDateAmbiguous, "Tahun dua angka tidak jelas abadnya. Tulis tahun dengan empat angka, misalnya 05/03/1990.",
			"A two-digit year leaves the century open. Write four digits, such as 05/03/1990."},
		{CodePHKDateMissing, "Tanggal PHK kosong. Isi dengan bentuk 25/11/2025.",
			"The termination date is empty. Enter it as 25/11/2025 (day/month/year)."},
		{CodePHKDateFuture, "Tanggal PHK sesudah hari ini. Isi tanggal PHK yang sudah terjadi.",
			"The termination date is after today. Enter a date that has come."},
		{CodePHKDateBeforeBirth, "Tanggal PHK tidak boleh sebelum tanggal lahir. Periksa keduanya.",
			"The termination date lies before the birth date. Check both."},
		{CodePHKDateBeforeAge, "Menurut tanggal lahir, pekerja terlalu muda untuk bekerja pada tanggal PHK. Periksa " +
			"keduanya; baris tetap dapat diproses.",
			"By the birth date the worker was too young to be employed on the day of the PHK. Check both; the row can still " +
				"be used."},
		{CodeLikelyDuplicate, "Mungkin pekerja yang sama sudah terdaftar (kasus {case}, sama: {by}). Periksa sebelum " +
			"diproses.",
			"The same worker may be registered already (case {case}, same: {by}). Check before it is applied."},
		{CodeGenderInvalid, "Jenis kelamin tidak dapat dibaca dan diabaikan. Tulis L atau P.",
			"The sex cannot be read and is left out. Write L or P."},
		{CodeWageMissing, "Upah kosong. Isi upah sebulan dalam rupiah.",
			"The wage is empty. Enter the monthly wage in rupiah."},
		{CodeWageInvalid, "Upah tidak dapat dibaca. Tulis upah sebulan dalam rupiah penuh antara 100.000 dan " +
			"10.000.000.000, misalnya 4500000 atau Rp 4.500.000,00.",
			"The wage cannot be read. Write the monthly wage in full rupiah between 100,000 and 10,000,000,000, such as " +
				"4500000 or Rp 4.500.000,00."},
		{CodeKPJInvalid, "Nomor KPJ tidak sah dan diabaikan. KPJ biasanya 11 angka.",
			"The KPJ number is not valid and is left out. It usually has 11 digits."},
		{CodePhoneInvalid, "Nomor telepon tidak sah dan diabaikan. Tulis misalnya 081234567890.",
			"The phone number is not valid and is left out. Write it like 081234567890."},
		{CodeEmailInvalid, "Alamat email tidak sah dan diabaikan. Tulis misalnya nama@contoh.co.id.",
			"The e-mail address is not valid and is left out. Write it like nama@contoh.co.id."},
		{CodeRegionMissing, "Kabupaten/kota kosong. Isi kabupaten/kota tempat tinggal sekarang.",
			"The regency or city is empty. Enter where the worker lives now."},
		{CodeRegionAmbiguous, "Nama ini dipakai kabupaten dan kota. Tulis lengkap: Kabupaten … atau Kota ….",
			"A regency and a city share this name. Write Kabupaten … or Kota …."},
		{CodeRegionOutOfScope, "Kabupaten/kota di luar wilayah kerja Anda. Kirim baris ini ke kantor yang berwenang atau " +
			"ke kementerian.",
			"The regency or city lies outside your office's area. Send this row to the office in charge or to the ministry."},
		{CodeRegionUnknown, "Kabupaten/kota tidak dikenal. Tulis nama resmi tanpa singkatan, misalnya Kabupaten Bandung.",
			"The regency or city is not known. Write the official name unabbreviated, such as Kabupaten Bandung."},
	}
}
