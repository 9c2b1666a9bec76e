package localpg

import (
	"maps"
	"slices"
)

// settingsOf is what the server runs with, as arguments: they win over every file in the data folder.
func settingsOf(f folder, options Options) []string {
	all := commonSettings(f)
	if options.Durable {
		maps.Copy(all, durableSettings())
	} else {
		maps.Copy(all, testSettings())
	}
	maps.Copy(all, options.Settings)
	args := []string{"-D", f.data()}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}

// commonSettings close the network and keep personal data out of the log: no message of a failed statement (level
// "log" ranks above "error"), no statement, no parameter, no detail line.
func commonSettings(f folder) map[string]string {
	return map[string]string{
		"cluster_name":                          "tanggap",
		"listen_addresses":                      "",
		"port":                                  port,
		"unix_socket_directories":               `"` + f.socket() + `"`,
		"unix_socket_permissions":               "0700",
		"timezone":                              "UTC",
		"log_timezone":                          "UTC",
		"lc_messages":                           "C",
		"log_min_messages":                      "log",
		"log_min_error_statement":               "panic",
		"log_error_verbosity":                   "terse",
		"log_statement":                         "none",
		"log_min_duration_statement":            "-1",
		"log_parameter_max_length":              "0",
		"log_parameter_max_length_on_error":     "0",
		"log_autovacuum_min_duration":           "-1",
		"jit":                                   "off",
		"idle_in_transaction_session_timeout":   "60s",
		"max_parallel_workers_per_gather":       "1",
		"autovacuum_vacuum_insert_scale_factor": "0.05",
	}
}

// durableSettings suit a machine of 2 cores and a few GB that runs the application as well. A commit is acknowledged
// when it is on the disk; at most five minutes of log are replayed after a crash.
func durableSettings() map[string]string {
	return map[string]string{
		"fsync":                        "on",
		"synchronous_commit":           "on",
		"full_page_writes":             "on",
		"wal_compression":              "on",
		"wal_buffers":                  "16MB",
		"max_wal_size":                 "2GB",
		"min_wal_size":                 "256MB",
		"checkpoint_timeout":           "5min",
		"checkpoint_completion_target": "0.9",
		"max_connections":              "100",
		"shared_buffers":               "512MB",
		"effective_cache_size":         "1536MB",
		"work_mem":                     "8MB",
		"maintenance_work_mem":         "128MB",
		"random_page_cost":             "1.1",
		"autovacuum_naptime":           "20s",
	}
}

// testSettings promise nothing after a crash: the cluster is made anew at each launch.
func testSettings() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"synchronous_commit": "off",
		"full_page_writes":   "off",
		"autovacuum":         "off",
		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"log_checkpoints":    "off",
		"max_connections":    "300",
		"shared_buffers":     "128MB",
	}
}
