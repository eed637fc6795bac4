-- A workspace of schema 1 with one data set, its answers and definitions, as SQLite wrote it out.
CREATE TABLE kpi_about (
	name VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "kpi_about" VALUES('schema','1');
INSERT INTO "kpi_about" VALUES('definitions','{"timezone": "UTC", "first_weekday": 6, "fiscal_year_start": 1, "calendar": {"zone": "UTC", "weekly": [[[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]], [], []], "country": "", "subdivision": "", "closed": []}, "business_hours": false, "fcr_window_days": 7, "repeat_window_days": 7, "reopen_window_days": 7, "survey_window_days": 3, "short_abandon_s": 10, "wait_target_s": 300, "csat_positive_of_5": 4, "csat_positive_of_10": 8, "frt_target_minutes": {"chat": 60.0, "messaging": 60.0, "email": 1440.0, "web_form": 1440.0, "portal": 1440.0, "social": 1440.0}, "ttr_target_hours": {}, "exclude_spam": true, "exclude_merged": true, "exclude_deleted": true, "exclude_bots": true, "exclude_outbound": true, "targets": {"csat": 0.9}, "matters": {}, "confidence": 0.95, "minimum_n": 10, "minimum_agent_answers": 5}');
CREATE TABLE kpi_datasets (
	"key" VARCHAR(64) NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	source_hash VARCHAR(128) NOT NULL, 
	folder VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	summary TEXT NOT NULL, 
	PRIMARY KEY ("key"), 
	UNIQUE (label), 
	UNIQUE (folder)
);
INSERT INTO "kpi_datasets" VALUES('962069632411f63d2b9bd0a1e9591c24','March','2026-11-24T11:08:36.923852+00:00','abababababababababababababababababababababababababababababababab','91911874719b95b50021e2c773121199',3230,'{"rows": {"tickets": 2}, "files": ["march.csv"], "fingerprints": ["ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"]}');
CREATE TABLE kpi_import_answers (
	fingerprint VARCHAR(128) NOT NULL, 
	question_hash VARCHAR(64) NOT NULL, 
	question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	PRIMARY KEY (fingerprint, question_hash)
);
INSERT INTO "kpi_import_answers" VALUES('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','4299c1c2360289b3db5467888c1f1692342a4fea4ed29062296f4ab2221a6b02','"timezone"','"Europe/Berlin"');
INSERT INTO "kpi_import_answers" VALUES('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','9a3cfe7c867c29128cd7b126e5be44847c033600768256a49dbca3d44e093c1b','"status:Geschlossen ''\u00e9"','"closed"');
