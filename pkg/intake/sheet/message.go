package sheet

import (
	"slices"
	"strings"
)

// Message says in Indonesian ("id", and for every unknown language) or English ("en") what is wrong and what would be
// right. It never repeats what the cell holds.
func (r Reason) Message(lang string) string {
	code := r.Code
	if code == CodeRegionUnknown && r.Args["candidates"] != "" {
		code = regionNear
	}
	text := code.text(lang == "en")
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
	return slices.Concat(skipMessages(), nikMessages(), dateMessages(), textMessages(), cellMessages())
}

// regionNear words CodeRegionUnknown when there are names that come close.
const regionNear Code = "REGION_UNKNOWN_NEAR"

func dateMessages() []message {
	return []message{
		{CodeDateMonthFirst, "Daftar ini memuat tanggal dengan bulan di depan (bulan/hari/tahun), jadi tanggal ini dapat " +
			"berarti " +
			"dua hari yang berbeda. Tulis dengan nama bulan, misalnya 3 Januari 2026, di seluruh kolom.",
			"This list has dates with the month first (month/day/year), so this date can mean two different days. Write the " +
				"name of the month, such as 3 Januari 2026, in the whole column."},
		{CodeDateOrderMixed, "Daftar ini memuat tanggal hari/bulan dan bulan/hari. Yang ini dibaca hari/bulan; periksa.",
			"This list has dates as day/month and as month/day. This one is read as day/month; check it."},
		{CodeDateTurned, "Semua sel tanggal kolom ini bertanggal 1-12 dan semua teksnya bertanggal 13 ke atas: program " +
			"lembar " +
			"kerja mungkin menukar hari dan bulan. Periksa.",
			"All date cells of this column have a day up to 12 and all its texts one above: a spreadsheet program may have " +
				"exchanged day and month. Check it."},
		{CodeDateInstant, "Waktu ini tertulis dalam UTC; di Indonesia tanggalnya {date}. Periksa.",
			"This time is written in UTC; in Indonesia the date is {date}. Check it."},
		{CodeDateMidnight, "Semua tanggal kolom ini pukul {clock}, seperti tengah malam Indonesia yang ditulis dalam UTC: " +
			"tanggal yang benar mungkin sehari kemudian. Periksa.",
			"All dates of this column are at {clock}, like midnight in Indonesia written in UTC: the right date may be a day " +
				"later. Check it."},
	}
}

func textMessages() []message {
	return []message{
		{CodeCellFormula, "Sel berisi rumus tanpa hasil tersimpan. Buka dan simpan di Excel, atau tempel nilainya saja.",
			"The cell holds a formula without a stored value. Open and save the list in Excel, or paste values only."},
		{CodeCellMerged, "Sel ini digabung dengan sel lain yang memuat nilainya. Pisahkan sel, lalu isi setiap baris.",
			"This cell is merged with another one that has the value. Unmerge the cells and fill every row."},
		{CodeCellsSurplus, "Ada isi di kanan kolom berjudul terakhir, yang tidak dipakai: mungkin pemisah di dalam isi " +
			"tidak " +
			"diberi tanda kutip, sehingga kolom bergeser. Periksa.",
			"Something stands to the right of the last column with a title and is not used: a separator inside a value may " +
				"not " +
				"be quoted and have moved the columns. Check it."},
		{CodeTextCleaned, "Karakter tak terlihat atau tak lazim dihapus atau diganti: {characters}. Periksa.",
			"Invisible or unusual characters were removed or replaced: {characters}. Check it."},
		{CodeTextBroken, "Ada huruf yang hilang karena salah pengodean (�). Ketik ulang isi sel ini.",
			"A letter was lost through a wrong encoding (�). Type this cell again."},
		{CodeNameCharacters, "Nama memuat karakter yang tidak lazim: {characters}. Periksa ejaannya.",
			"The name has unusual characters: {characters}. Check its spelling."},
		{CodeNIKFiller, "NIK ini angka pengisi yang berulang, bukan NIK. Isi 16 angka sesuai KTP.",
			"This NIK is a repeated filler, not a NIK. Enter the 16 digits of the KTP."},
		{CodeRegionCode, "Kode wilayah dibaca sebagai {place} menurut Kemendagri; kode BPS dapat berbeda. Tulis namanya.",
			"The code is read as {place} by the codes of Kemendagri; those of BPS can differ. Write the name."},
		{regionNear, "Kabupaten/kota tidak dikenal. Mungkin maksudnya: {candidates}.",
			"The regency or city is not known. Perhaps this is meant: {candidates}."},
	}
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
		{CodeRegionAmbiguous, "Nama ini dipakai lebih dari satu wilayah. Tulis lengkap: {candidates}.",
			"Several regions share this name. Write which one: {candidates}."},
		{CodeRegionOutOfScope, "Kabupaten/kota di luar wilayah kerja Anda. Kirim baris ini ke kantor yang berwenang atau " +
			"ke kementerian.",
			"The regency or city lies outside your office's area. Send this row to the office in charge or to the ministry."},
		{CodeRegionUnknown, "Kabupaten/kota tidak dikenal. Tulis nama resmi tanpa singkatan, misalnya Kabupaten Bandung.",
			"The regency or city is not known. Write the official name unabbreviated, such as Kabupaten Bandung."},
	}
}
