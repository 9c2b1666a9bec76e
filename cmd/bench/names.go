package main

import (
	"math/rand/v2"
	"strings"
)

// Names as they are given in Indonesia: a few very common ones, many rare ones, and people with a single name.
var (
	men = strings.Fields(
		`Muhammad Ahmad Agus Budi Andi Slamet Eko Dedi Hendra Joko Wawan Made Rudi Bambang Sugeng Iwan Asep Rizki Arif Dwi
		Yusuf Suparman Hasan Ketut Wayan Nyoman Yohanes Petrus Antonius Fajar Dimas Ilham Irfan Teguh Sutrisno Mulyadi
		Herman Ridwan Zainal Abdul Rahmat Taufik Anwar Darmawan Samsul Ujang Dadang Cecep Yosef Markus Paulus Ferdinand
		Sahat Togar Binsar Lukas Gede Komang Putu Imam Nur Wahyu Bayu Galih Reza Aldi Fikri Hafiz Iqbal`)
	women = strings.Fields(
		`Siti Sri Nur Dewi Tuti Rina Ani Yuni Endang Wati Lestari Fitri Ratna Indah Maria Ni Kadek Ida Rini Sari Eka Dian
		Yanti Nining Aisyah Sumiati Suryani Rohani Mariana Marlina Yuliana Kartini Wulan Mega Putri Ayu Intan Lina Nova
		Yohana Kristina Magdalena Theresia Butet Tiurma Rosmawati Halimah Khadijah Fatimah Zahra Nabila Salsabila Rahmawati
		Handayani Kusuma Astuti Rahayu`)
	second = strings.Fields(
		`Nurhaliza Aminah Hidayat Susanto Saputra Gunawan Setiawan Wijaya Nugroho Santoso Kurniawan Prasetyo Rahman Hakim
		Fauzi Maulana Firmansyah Ramadhan Siregar Lubis Nasution Harahap Simanjuntak Sihombing Sitompul Situmorang
		Latuconsina Rumbiak Wenda Tabuni Manurung Pangaribuan Hutapea Permata Suharto Sudirman Suryadi Purnomo Wibowo Utomo
		Hartono Sutanto Halim Tanjung Piliang Koto Daulay Pohan Rangkuti Ginting Tarigan Sembiring Barus Mokoginta Lapian
		Kaunang Tuhumury Pattiasina Leimena Kelen Fernandez Tukan Ndoen Lassa Mahendra Pratama Adiputra Sudarsana Artawan
		Suastika Sulistyo Wahyuni Hasanah Khotimah Solihin Sobari Mustofa Syahputra Alamsyah Effendi Subagyo Haryanto
		Budiman Irawan Sanjaya Hermawan Suhendar Permana Nurjaman`)
)

// fullName draws a name; the first ones of a list are the most common by far.
func fullName(r *rand.Rand, female bool) string {
	given := men
	if female {
		given = women
	}
	name := given[rank(r, len(given))]
	if r.IntN(10) == 0 {
		return name
	}
	name += " " + second[rank(r, len(second))]
	if r.IntN(3) == 0 {
		name += " " + second[rank(r, len(second))]
	}
	return name
}

// rank draws a place in a list of n in which the first places are far more common than the last.
func rank(r *rand.Rand, n int) int {
	f := r.Float64()
	return int(f * f * f * float64(n))
}
