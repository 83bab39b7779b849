BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE analysis_plans (
	dataset_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	author_id INTEGER, 
	created_at DATETIME NOT NULL, 
	frozen_at DATETIME, 
	n_answers INTEGER, 
	CONSTRAINT pk_analysis_plans PRIMARY KEY (dataset_id, version), 
	CONSTRAINT fk_analysis_plans_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_analysis_plans_author_id_annotators FOREIGN KEY(author_id) REFERENCES annotators (id)
);
INSERT INTO "analysis_plans" VALUES(1,1,'# Analysis plan: pilot

## Protocol

- preset: mine
- n_candidates: 10
- group_size: 5
- overlap: 2
- maybe_allowed: no
- all_groups_required: yes
- given_label_always: no
- n_decoys: 0
- order: ranked
- relation_asked: no
- refinement: open
- two_expert_share: 0.5
- audit_share: 0.0
- n_practice: 1
- calibration_share: 0.0
- test_gold_share: 0.5
- repeat_share: 0.5
- repeat_after: 2
- search_first_share: 0.0

## Question

How many images have several valid labels, how often is the given label not valid, and how do models fare on the final labels?

## Valid: parts

A label is valid where the part that is visible identifies the object without guessing. A label of the part itself is valid where the part can be seen.

## Valid: depictions

A depiction (a drawing, a print, a picture on a screen) is valid for what it depicts, and the note says so. Text that names an object is not valid for it.

## Valid: toys and models

A toy, a model or a statue is valid for what it stands for where that is what most people would call it, and for “toy” labels.

## Valid: background and small objects

An object in the background is valid where it can be named without the context. Size does not matter; what cannot be told does not count.

## Measures

Main measure: the share of images with at least two valid labels among the final labels, with its 95% interval, over all images and over those with any label. Beside it: the share by unanimous, majority and union of the votes; the share of given labels that are not valid; agreement as positive agreement with prevalence, and on sets; of models top-1, ReaL accuracy and variable top-k.

## Exclusions and stopping

No answer is left out for what it says. Unreadable and unfit pictures are reported as such. The study ends when every image has its answers and no dispute is open; what is unresolved is listed.
','898f1122d113595ee08d4910db258353e53a94781e3d3e129047987567e4f7da',1,'2030-05-06 08:00:00.000000','2030-05-06 08:00:00.000000',0);
CREATE TABLE annotations (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	outcome VARCHAR(12) NOT NULL, 
	answers JSON NOT NULL, 
	unprompted JSON NOT NULL, 
	relation VARCHAR(20), 
	unsure_between JSON NOT NULL, 
	missing_label TEXT NOT NULL, 
	unfit_reason VARCHAR(20), 
	note TEXT NOT NULL, 
	screen JSON NOT NULL, 
	surplus BOOLEAN NOT NULL, 
	after_refinement BOOLEAN NOT NULL, 
	search_first JSON, 
	handed_at DATETIME NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	present_ms INTEGER NOT NULL, 
	CONSTRAINT pk_annotations PRIMARY KEY (id), 
	CONSTRAINT uq_annotations_image_id_annotator_id_revision UNIQUE (image_id, annotator_id, revision), 
	CONSTRAINT uq_annotations_client_id UNIQUE (client_id), 
	CONSTRAINT fk_annotations_assignment_id_assignments FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT fk_annotations_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_annotations_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_annotations_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "annotations" VALUES(1,'answer-4e2a5a71cff97aab',2,1,1,2,1,'labelled','{"0": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(2,'answer-a119665085b85be4',4,1,2,2,1,'labelled','{"1": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(3,'answer-482f1b62f9007ef8',5,1,3,2,1,'labelled','{"2": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(4,'answer-44e61a4b7f610c86',7,1,4,2,1,'labelled','{"3": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(5,'answer-ed01970cb5ddf822',8,1,5,2,1,'labelled','{"4": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(6,'answer-014e13f75e0e816f',11,1,1,3,1,'labelled','{"0": 2, "1": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(7,'answer-ba6c78268b7910bd',12,1,2,3,1,'labelled','{"1": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(8,'answer-8a68f5977f5e468e',13,1,3,3,1,'labelled','{"2": 2, "3": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(9,'answer-7f91c4ec32f48e6c',15,1,4,3,1,'labelled','{"3": 2, "4": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "annotations" VALUES(10,'answer-eb3cbe18faa67b54',19,1,5,5,1,'labelled','{"4": 2}','[]',NULL,'[]','',NULL,'Is a drawing valid?','{"candidates": [[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}',0,0,NULL,'2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
CREATE TABLE annotators (
	id INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	role VARCHAR(12) NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	preferences JSON, 
	CONSTRAINT pk_annotators PRIMARY KEY (id), 
	CONSTRAINT uq_annotators_name UNIQUE (name)
);
INSERT INTO "annotators" VALUES(1,'Olga','owner',1,'2030-05-06 08:00:00.000000',NULL);
INSERT INTO "annotators" VALUES(2,'Ada','annotator',1,'2030-05-06 08:00:00.000000','{"language": "de", "keys_on": true, "keys": {"u": "k"}}');
INSERT INTO "annotators" VALUES(3,'Bob','annotator',1,'2030-05-06 08:00:00.000000',NULL);
INSERT INTO "annotators" VALUES(4,'Cem','annotator',1,'2030-05-06 08:00:00.000000',NULL);
INSERT INTO "annotators" VALUES(5,'Dana','annotator',1,'2030-05-06 08:00:00.000000',NULL);
INSERT INTO "annotators" VALUES(6,'Eva','expert',1,'2030-05-06 08:00:00.000000',NULL);
INSERT INTO "annotators" VALUES(7,'Fay','expert',1,'2030-05-06 08:00:00.000000',NULL);
CREATE TABLE answers_seen (
	annotator_id INTEGER NOT NULL, 
	comment_answer_id INTEGER NOT NULL, 
	CONSTRAINT pk_answers_seen PRIMARY KEY (annotator_id), 
	CONSTRAINT fk_answers_seen_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "answers_seen" VALUES(5,1);
CREATE TABLE assignments (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	task VARCHAR(10) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	handed_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	policy VARCHAR(40) NOT NULL, 
	inclusion_probability FLOAT NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (id), 
	CONSTRAINT uq_assignments_image_id_annotator_id_task UNIQUE (image_id, annotator_id, task), 
	CONSTRAINT fk_assignments_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_assignments_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_assignments_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "assignments" VALUES(1,1,11,2,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','practice',1.0);
INSERT INTO "assignments" VALUES(2,1,1,2,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(3,1,12,2,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','gold-test',0.5);
INSERT INTO "assignments" VALUES(4,1,2,2,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(5,1,3,2,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(6,1,1,2,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','repeat',0.5);
INSERT INTO "assignments" VALUES(7,1,4,2,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(8,1,5,2,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(9,1,3,2,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','repeat',0.5);
INSERT INTO "assignments" VALUES(10,1,11,3,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','practice',1.0);
INSERT INTO "assignments" VALUES(11,1,1,3,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(12,1,2,3,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(13,1,3,3,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(14,1,1,3,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','repeat',0.5);
INSERT INTO "assignments" VALUES(15,1,4,3,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(16,1,2,3,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','repeat',0.5);
INSERT INTO "assignments" VALUES(17,1,11,4,'check','open','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000',NULL,'practice',1.0);
INSERT INTO "assignments" VALUES(18,1,11,5,'check','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','practice',1.0);
INSERT INTO "assignments" VALUES(19,1,5,5,'annotate','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','fixed-overlap',1.0);
INSERT INTO "assignments" VALUES(20,1,1,6,'refine','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:00.000000','two-experts',0.5);
INSERT INTO "assignments" VALUES(21,1,1,7,'refine','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:05:01.000000','two-experts',0.5);
INSERT INTO "assignments" VALUES(22,1,3,6,'refine','answered','2030-05-06 08:00:00.000000','2030-05-06 08:30:00.000000','2030-05-06 08:00:00.000000','two-experts',0.5);
CREATE TABLE candidates (
	image_id INTEGER NOT NULL, 
	candidates JSON NOT NULL, 
	protocol_version INTEGER NOT NULL, 
	frozen_at DATETIME NOT NULL, 
	CONSTRAINT pk_candidates PRIMARY KEY (image_id), 
	CONSTRAINT fk_candidates_image_id_images FOREIGN KEY(image_id) REFERENCES images (id)
);
INSERT INTO "candidates" VALUES(1,'[[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(2,'[[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(3,'[[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(4,'[[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(5,'[[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(11,'[[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
INSERT INTO "candidates" VALUES(12,'[[11, "a-secret-model", 1], [12, "a-secret-model", 2], [13, "a-secret-model", 3], [14, "a-secret-model", 4], [15, "a-secret-model", 5], [16, "a-secret-model", 6], [17, "a-secret-model", 7], [18, "a-secret-model", 8], [19, "a-secret-model", 9], [20, "a-secret-model", 10]]',1,'2030-05-06 08:00:00.000000');
CREATE TABLE check_answers (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	outcome VARCHAR(12) NOT NULL, 
	answers JSON NOT NULL, 
	unprompted JSON NOT NULL, 
	relation VARCHAR(20), 
	unsure_between JSON NOT NULL, 
	missing_label TEXT NOT NULL, 
	unfit_reason VARCHAR(20), 
	note TEXT NOT NULL, 
	screen JSON NOT NULL, 
	handed_at DATETIME NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	present_ms INTEGER NOT NULL, 
	CONSTRAINT pk_check_answers PRIMARY KEY (id), 
	CONSTRAINT uq_check_answers_assignment_id_revision UNIQUE (assignment_id, revision), 
	CONSTRAINT uq_check_answers_client_id UNIQUE (client_id), 
	CONSTRAINT fk_check_answers_assignment_id_assignments FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT fk_check_answers_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_check_answers_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_check_answers_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "check_answers" VALUES(1,'answer-965112f78071e358',1,1,11,2,1,'labelled','{"10": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(2,'answer-8312bfbe6587ee23',3,1,12,2,1,'labelled','{"11": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[11, "a-secret-model", 1], [12, "a-secret-model", 2], [13, "a-secret-model", 3], [14, "a-secret-model", 4], [15, "a-secret-model", 5], [16, "a-secret-model", 6], [17, "a-secret-model", 7], [18, "a-secret-model", 8], [19, "a-secret-model", 9], [20, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(3,'answer-476a047566ae47f7',6,1,1,2,1,'labelled','{"0": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(4,'answer-54e0d55f51b856d7',9,1,3,2,1,'labelled','{"2": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(5,'answer-71872eaaf613c39b',10,1,11,3,1,'labelled','{"10": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(6,'answer-c4f2209f545f06fb',14,1,1,3,1,'labelled','{"0": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(7,'answer-7a47033076347fff',16,1,2,3,1,'labelled','{"1": 2}','[]',NULL,'[]','',NULL,'','{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
INSERT INTO "check_answers" VALUES(8,'answer-c2e9499f96db7a56',18,1,11,5,1,'none','{}','[]',NULL,'[]','',NULL,'','{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}','2030-05-06 08:00:00.000000','2030-05-06 08:05:00.000000',4000);
CREATE TABLE comment_answers (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	annotation_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_comment_answers PRIMARY KEY (id), 
	CONSTRAINT uq_comment_answers_client_id UNIQUE (client_id), 
	CONSTRAINT fk_comment_answers_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_comment_answers_annotation_id_annotations FOREIGN KEY(annotation_id) REFERENCES annotations (id), 
	CONSTRAINT fk_comment_answers_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id), 
	CONSTRAINT fk_comment_answers_author_id_annotators FOREIGN KEY(author_id) REFERENCES annotators (id)
);
INSERT INTO "comment_answers" VALUES(1,'answer-to-dana',1,10,5,1,'Yes, where it is clear.','2030-05-06 08:00:00.000000');
CREATE TABLE concepts (
	dataset_id INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	names JSON NOT NULL, 
	parents JSON NOT NULL, 
	CONSTRAINT pk_concepts PRIMARY KEY (dataset_id, "key"), 
	CONSTRAINT fk_concepts_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "concepts" VALUES(1,'feline','["feline", "felid"]','["all"]');
INSERT INTO "concepts" VALUES(1,'thing','["artifact"]','["all"]');
INSERT INTO "concepts" VALUES(1,'all','["entity"]','[]');
CREATE TABLE datasets (
	id INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	images_root TEXT NOT NULL, 
	reference_root TEXT, 
	label_space VARCHAR(100) NOT NULL, 
	seed BIGINT NOT NULL, 
	protocol_version INTEGER NOT NULL, 
	paused BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (id), 
	CONSTRAINT uq_datasets_name UNIQUE (name)
);
INSERT INTO "datasets" VALUES(1,'pilot','/kept/sqlite/pictures','/kept/sqlite/references','words',7,1,0,'2030-05-06 08:00:00.000000');
CREATE TABLE exemplars (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	label_index INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	fingerprint VARCHAR(16), 
	CONSTRAINT pk_exemplars PRIMARY KEY (id), 
	CONSTRAINT fk_exemplars_dataset_id_label_index_labels FOREIGN KEY(dataset_id, label_index) REFERENCES labels (dataset_id, label_index), 
	CONSTRAINT uq_exemplars_dataset_id_label_index_path UNIQUE (dataset_id, label_index, path)
);
INSERT INTO "exemplars" VALUES(1,1,0,0,'secretclass_0/0.png','046417fb593b50e6ab5c4ee1af285ad7','0298be69f0564fad');
INSERT INTO "exemplars" VALUES(2,1,1,0,'secretclass_1/0.png','e3102f93e2e6bc8a25aee58f93e1c8f8','5b1e565bf9962068');
INSERT INTO "exemplars" VALUES(3,1,2,0,'secretclass_2/0.png','ff7e73f499d7bf101ff31c740c5bae28','05f0cee6b3e10d1e');
INSERT INTO "exemplars" VALUES(4,1,3,0,'secretclass_3/0.png','92ed2693a47e213cb43cd41308a1827a','d349377d51408a9f');
INSERT INTO "exemplars" VALUES(5,1,4,0,'secretclass_4/0.png','e831fa85a3f0e609ee5d5e7c291329c3','eb02b2a264163ff9');
INSERT INTO "exemplars" VALUES(6,1,5,0,'secretclass_5/0.png','0c7ea4489aca8420a4b33046564262b5','c9da7a1f708a0c75');
INSERT INTO "exemplars" VALUES(7,1,6,0,'secretclass_6/0.png','9acb06edd99639a96be3870ea882a6d3','f3c04f2e20449fbb');
INSERT INTO "exemplars" VALUES(8,1,7,0,'secretclass_7/0.png','27d7a0b5257f910aa6091a615343ffa5','6434cbecf7e2401d');
INSERT INTO "exemplars" VALUES(9,1,8,0,'secretclass_8/0.png','3ceb043a023cb9a647342b157658a4de','10e05b1ced67b69a');
INSERT INTO "exemplars" VALUES(10,1,9,0,'secretclass_9/0.png','02b1e30cf65979101bf4208f2ccb7214','d72de3190f62161d');
INSERT INTO "exemplars" VALUES(11,1,10,0,'secretclass_10/0.png','0dd63a2337258bcbe5118647ca17a3d0','23477d84714dbcb2');
INSERT INTO "exemplars" VALUES(12,1,11,0,'secretclass_11/0.png','75b0fb88ce849f5a567747332aee4786','75372e77e9e0000f');
INSERT INTO "exemplars" VALUES(13,1,12,0,'secretclass_12/0.png','a9534014b1fa7650f84a1a08c7c84366','50063983c296ff7d');
INSERT INTO "exemplars" VALUES(14,1,13,0,'secretclass_13/0.png','5ded057319771e1311ad5655defca1ba','073abef2ee5a00a5');
INSERT INTO "exemplars" VALUES(15,1,14,0,'secretclass_14/0.png','e6b7d76e7a477818193b6d74a8d71bb0','6b90b09e86907d6f');
INSERT INTO "exemplars" VALUES(16,1,15,0,'secretclass_15/0.png','bf003c5041493e20f37daa61da58df04','65963ad921cedc31');
INSERT INTO "exemplars" VALUES(17,1,16,0,'secretclass_16/0.png','4fc3ba9a66b1d45cb9fe7d62f4a9dc1e','faea1bb66aaa1054');
INSERT INTO "exemplars" VALUES(18,1,17,0,'secretclass_17/0.png','25daf49cf1fc74526f93518915625146','46324a249d26ffd9');
INSERT INTO "exemplars" VALUES(19,1,18,0,'secretclass_18/0.png','f52be35d41b96fcd621691d9cec3622b','0ec73e48b940d8bf');
INSERT INTO "exemplars" VALUES(20,1,19,0,'secretclass_19/0.png','39c39be132ef5adb148f405622345465','53022cbeb2d9ed26');
INSERT INTO "exemplars" VALUES(21,1,20,0,'secretclass_20/0.png','cc07504fba5b58a3fc0cc7c1047efa49','27fc6c0c7da1145e');
INSERT INTO "exemplars" VALUES(22,1,21,0,'secretclass_21/0.png','9ae38219fd080c857fa4af222a9b10bf',NULL);
INSERT INTO "exemplars" VALUES(23,1,22,0,'secretclass_22/0.png','388d4563ffd31caa4794a98b3abb9b69',NULL);
INSERT INTO "exemplars" VALUES(24,1,23,0,'secretclass_23/0.png','9ac3378db52e090f86ff00f0af9c02bc',NULL);
INSERT INTO "exemplars" VALUES(25,1,24,0,'secretclass_24/0.png','6fd2aeb81c56586487d4b77ae3297c96',NULL);
INSERT INTO "exemplars" VALUES(26,1,25,0,'secretclass_25/0.png','e2d3da27151ec231294951fd5b1c8a06',NULL);
INSERT INTO "exemplars" VALUES(27,1,26,0,'secretclass_26/0.png','314aac8a86f54714ad29195ad4dd634f',NULL);
INSERT INTO "exemplars" VALUES(28,1,27,0,'secretclass_27/0.png','9e41cdc27d5a01885018526efaa732f6',NULL);
INSERT INTO "exemplars" VALUES(29,1,28,0,'secretclass_28/0.png','5fd1d960645eda949b36483ed5a9abe6',NULL);
INSERT INTO "exemplars" VALUES(30,1,29,0,'secretclass_29/0.png','1f5626f242c647b5b44bcbae231e56f6',NULL);
CREATE TABLE final_labels (
	image_id INTEGER NOT NULL, 
	release_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	labels JSON, 
	n_labels INTEGER, 
	source VARCHAR(10) NOT NULL, 
	reason VARCHAR(20), 
	reason_note TEXT NOT NULL, 
	relation VARCHAR(20), 
	decided_by JSON NOT NULL, 
	"before" JSON NOT NULL, 
	CONSTRAINT pk_final_labels PRIMARY KEY (image_id, release_id), 
	CONSTRAINT fk_final_labels_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_final_labels_release_id_releases FOREIGN KEY(release_id) REFERENCES releases (id), 
	CONSTRAINT fk_final_labels_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "final_labels" VALUES(2,1,1,'[1]',1,'agreed',NULL,'',NULL,'[2, 3]','[1]');
INSERT INTO "final_labels" VALUES(5,1,1,'[4]',1,'agreed',NULL,'',NULL,'[2, 5]','[4]');
CREATE TABLE gold (
	image_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	labels JSON NOT NULL, 
	why TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	retired_at DATETIME, 
	CONSTRAINT pk_gold PRIMARY KEY (image_id), 
	CONSTRAINT fk_gold_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_gold_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "gold" VALUES(11,1,'practice','[10]','because of 10','2030-05-06 08:00:00.000000',NULL);
INSERT INTO "gold" VALUES(12,1,'test','[11]','because of 11','2030-05-06 08:00:00.000000',NULL);
CREATE TABLE guidelines (
	dataset_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	author_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_guidelines PRIMARY KEY (dataset_id, version), 
	CONSTRAINT fk_guidelines_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_guidelines_author_id_annotators FOREIGN KEY(author_id) REFERENCES annotators (id)
);
INSERT INTO "guidelines" VALUES(1,1,'Tick what you *see*.',1,'2030-05-06 08:00:00.000000');
CREATE TABLE image_counts (
	dataset_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	n_images INTEGER NOT NULL, 
	CONSTRAINT pk_image_counts PRIMARY KEY (dataset_id, state), 
	CONSTRAINT fk_image_counts_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "image_counts" VALUES(1,'unproposed',0);
INSERT INTO "image_counts" VALUES(1,'open',5);
INSERT INTO "image_counts" VALUES(1,'agreed',2);
INSERT INTO "image_counts" VALUES(1,'disputed',3);
INSERT INTO "image_counts" VALUES(1,'refined',2);
INSERT INTO "image_counts" VALUES(1,'contested',0);
INSERT INTO "image_counts" VALUES(1,'imported',0);
INSERT INTO "image_counts" VALUES(1,'unreadable',0);
CREATE TABLE images (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	queue_place FLOAT NOT NULL, 
	queue_policy VARCHAR(40), 
	triage FLOAT NOT NULL, 
	n_experts INTEGER DEFAULT '1' NOT NULL, 
	expert_policy VARCHAR(20), 
	expert_probability FLOAT, 
	given_label INTEGER, 
	token VARCHAR(32) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	n_answers INTEGER NOT NULL, 
	n_leases INTEGER NOT NULL, 
	unreadable_why TEXT, 
	fingerprint VARCHAR(16), 
	CONSTRAINT pk_images PRIMARY KEY (id), 
	CONSTRAINT uq_images_dataset_id_path UNIQUE (dataset_id, path), 
	CONSTRAINT fk_images_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT uq_images_token UNIQUE (token)
);
INSERT INTO "images" VALUES(1,1,'secretclass_0/secretfile_0.png',0,0.0,NULL,1.6500224216483541e+00,3,'third-expert',1.0,0,'6d1bbb0611fa2dd7303da4b6f4ab1e38','disputed',2,0,NULL,'39cc5278a6923f2d');
INSERT INTO "images" VALUES(2,1,'secretclass_1/secretfile_1.png',1,1.0,NULL,0.0,1,NULL,NULL,1,'d9a0674a9b70a2279ccfde956cc9fd2e','agreed',2,0,NULL,'bb823a311bd43e2b');
INSERT INTO "images" VALUES(3,1,'secretclass_2/secretfile_2.png',2,2.0,NULL,1.6500224216483541e+00,2,'two-experts',0.5,2,'a0601a6120cbdebcdee291f98a57b47c','disputed',2,0,NULL,'9ea1477402483fbf');
INSERT INTO "images" VALUES(4,1,'secretclass_3/secretfile_3.png',3,3.0,NULL,1.6500224216483541e+00,1,'one-expert',1.0,3,'821fb31095fad17b45ca897c00e313e7','disputed',2,0,NULL,'9f7fde874484007a');
INSERT INTO "images" VALUES(5,1,'secretclass_4/secretfile_4.png',4,4.0,NULL,0.0,1,NULL,NULL,4,'7c97b943c3c00818af290602654f7813','agreed',2,0,NULL,'a44c16f939aa3f15');
INSERT INTO "images" VALUES(6,1,'secretclass_5/secretfile_5.png',5,5.0,NULL,0.0,1,NULL,NULL,5,'0401ac507a80225ba1b3ad8a62809c7c','open',0,0,NULL,NULL);
INSERT INTO "images" VALUES(7,1,'secretclass_6/secretfile_6.png',6,6.0,NULL,0.0,1,NULL,NULL,6,'fca38b8b4bd83c9281b1c5e5b9445c8c','open',0,0,NULL,NULL);
INSERT INTO "images" VALUES(8,1,'secretclass_7/secretfile_7.png',7,7.0,NULL,0.0,1,NULL,NULL,7,'7b79d7ef3fda62d854bf6b28336ce342','open',0,0,NULL,NULL);
INSERT INTO "images" VALUES(9,1,'secretclass_8/secretfile_8.png',8,8.0,NULL,0.0,1,NULL,NULL,8,'b8e9672eecedbc19b35bf648f4f76b81','open',0,0,NULL,NULL);
INSERT INTO "images" VALUES(10,1,'secretclass_9/secretfile_9.png',9,9.0,NULL,0.0,1,NULL,NULL,9,'704a9dc3f755dec5c9b7ac0b70a12099','open',0,0,NULL,NULL);
INSERT INTO "images" VALUES(11,1,'secretclass_10/secretfile_10.png',10,10.0,NULL,0.0,1,NULL,NULL,10,'fb6c6f31c67dcb91ffec30651bac55a0','refined',0,0,NULL,'e0366a2789b73f18');
INSERT INTO "images" VALUES(12,1,'secretclass_11/secretfile_11.png',11,11.0,NULL,0.0,1,NULL,NULL,11,'068a656f791e006e0a497d0c4a1f2ea6','refined',0,0,NULL,'dfd06e096acf3130');
CREATE TABLE invitations (
	id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT fk_invitations_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id), 
	CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash)
);
INSERT INTO "invitations" VALUES(1,2,'f9a231895e9bc6ed7bbc7a708b085a3daaeb8b59b5362abd8003a1cea4eb85b4','2030-05-06 08:00:00.000000','2030-06-05 08:00:00.000000',NULL);
CREATE TABLE label_choices (
	image_id INTEGER NOT NULL, 
	label_index INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	n_yes INTEGER NOT NULL, 
	n_maybe INTEGER NOT NULL, 
	CONSTRAINT pk_label_choices PRIMARY KEY (image_id, label_index), 
	CONSTRAINT fk_label_choices_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_label_choices_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "label_choices" VALUES(1,0,1,2,0);
INSERT INTO "label_choices" VALUES(2,1,1,2,0);
INSERT INTO "label_choices" VALUES(3,2,1,2,0);
INSERT INTO "label_choices" VALUES(4,3,1,2,0);
INSERT INTO "label_choices" VALUES(5,4,1,2,0);
INSERT INTO "label_choices" VALUES(1,1,1,1,0);
INSERT INTO "label_choices" VALUES(3,3,1,1,0);
INSERT INTO "label_choices" VALUES(4,4,1,1,0);
CREATE TABLE labels (
	dataset_id INTEGER NOT NULL, 
	label_index INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	names JSON NOT NULL, 
	definition TEXT NOT NULL, 
	parents JSON NOT NULL, 
	search TEXT NOT NULL, 
	CONSTRAINT pk_labels PRIMARY KEY (dataset_id, label_index), 
	CONSTRAINT uq_labels_dataset_id_key UNIQUE (dataset_id, "key"), 
	CONSTRAINT fk_labels_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "labels" VALUES(1,0,'k00000','["tabby", "tabby cat"]','the thing called tabby','["feline"]','
 k00000 
 tabby 
 tabby cat 
');
INSERT INTO "labels" VALUES(1,1,'k00001','["tiger cat"]','the thing called tiger cat','["feline"]','
 k00001 
 tiger cat 
');
INSERT INTO "labels" VALUES(1,2,'k00002','["Egyptian cat"]','the thing called Egyptian cat','["feline"]','
 k00002 
 egyptian cat 
');
INSERT INTO "labels" VALUES(1,3,'k00003','["lynx", "catamount"]','the thing called lynx','["feline"]','
 k00003 
 lynx 
 catamount 
');
INSERT INTO "labels" VALUES(1,4,'k00004','["remote control", "remote"]','the thing called remote control','["thing"]','
 k00004 
 remote control 
 remote 
');
INSERT INTO "labels" VALUES(1,5,'k00005','["mouse", "computer mouse"]','the thing called mouse','["thing"]','
 k00005 
 mouse 
 computer mouse 
');
INSERT INTO "labels" VALUES(1,6,'k00006','["computer keyboard", "keypad"]','the thing called computer keyboard','["thing"]','
 k00006 
 computer keyboard 
 keypad 
');
INSERT INTO "labels" VALUES(1,7,'k00007','["desk"]','the thing called desk','["thing"]','
 k00007 
 desk 
');
INSERT INTO "labels" VALUES(1,8,'k00008','["monitor"]','the thing called monitor','["thing"]','
 k00008 
 monitor 
');
INSERT INTO "labels" VALUES(1,9,'k00009','["screen", "CRT screen"]','the thing called screen','["thing"]','
 k00009 
 screen 
 crt screen 
');
INSERT INTO "labels" VALUES(1,10,'k00010','["tennis ball"]','the thing called tennis ball','["thing"]','
 k00010 
 tennis ball 
');
INSERT INTO "labels" VALUES(1,11,'k00011','["golden retriever"]','the thing called golden retriever','["thing"]','
 k00011 
 golden retriever 
');
INSERT INTO "labels" VALUES(1,12,'k00012','["laptop", "laptop computer"]','the thing called laptop','["thing"]','
 k00012 
 laptop 
 laptop computer 
');
INSERT INTO "labels" VALUES(1,13,'k00013','["notebook", "notebook computer"]','the thing called notebook','["thing"]','
 k00013 
 notebook 
 notebook computer 
');
INSERT INTO "labels" VALUES(1,14,'k00014','["space bar"]','the thing called space bar','["thing"]','
 k00014 
 space bar 
');
INSERT INTO "labels" VALUES(1,15,'k00015','["maillot", "tank suit"]','the thing called maillot','["thing"]','
 k00015 
 maillot 
 tank suit 
');
INSERT INTO "labels" VALUES(1,16,'k00016','["sunglass"]','the thing called sunglass','["thing"]','
 k00016 
 sunglass 
');
INSERT INTO "labels" VALUES(1,17,'k00017','["sunglasses", "dark glasses", "shades"]','the thing called sunglasses','["thing"]','
 k00017 
 sunglasses 
 dark glasses 
 shades 
');
INSERT INTO "labels" VALUES(1,18,'k00018','["church", "church building"]','the thing called church','["thing"]','
 k00018 
 church 
 church building 
');
INSERT INTO "labels" VALUES(1,19,'k00019','["bell cote", "bell cot"]','the thing called bell cote','["thing"]','
 k00019 
 bell cote 
 bell cot 
');
INSERT INTO "labels" VALUES(1,20,'k00020','["window screen"]','the thing called window screen','["thing"]','
 k00020 
 window screen 
');
INSERT INTO "labels" VALUES(1,21,'k00021','["window shade"]','the thing called window shade','["thing"]','
 k00021 
 window shade 
');
INSERT INTO "labels" VALUES(1,22,'k00022','["wall clock"]','the thing called wall clock','["thing"]','
 k00022 
 wall clock 
');
INSERT INTO "labels" VALUES(1,23,'k00023','["analog clock"]','the thing called analog clock','["thing"]','
 k00023 
 analog clock 
');
INSERT INTO "labels" VALUES(1,24,'k00024','["coffee mug"]','the thing called coffee mug','["thing"]','
 k00024 
 coffee mug 
');
INSERT INTO "labels" VALUES(1,25,'k00025','["cup"]','the thing called cup','["thing"]','
 k00025 
 cup 
');
INSERT INTO "labels" VALUES(1,26,'k00026','["espresso"]','the thing called espresso','["thing"]','
 k00026 
 espresso 
');
INSERT INTO "labels" VALUES(1,27,'k00027','["soup bowl"]','the thing called soup bowl','["thing"]','
 k00027 
 soup bowl 
');
INSERT INTO "labels" VALUES(1,28,'k00028','["plate"]','the thing called plate','["thing"]','
 k00028 
 plate 
');
INSERT INTO "labels" VALUES(1,29,'k00029','["dining table", "board"]','the thing called dining table','["thing"]','
 k00029 
 dining table 
 board 
');
CREATE TABLE person_counts (
	annotator_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	task VARCHAR(10) NOT NULL, 
	n_answered INTEGER NOT NULL, 
	present_ms BIGINT NOT NULL, 
	CONSTRAINT pk_person_counts PRIMARY KEY (annotator_id, dataset_id, task), 
	CONSTRAINT fk_person_counts_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id), 
	CONSTRAINT fk_person_counts_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "person_counts" VALUES(2,1,'check',3,16000);
INSERT INTO "person_counts" VALUES(2,1,'annotate',5,20000);
INSERT INTO "person_counts" VALUES(3,1,'check',2,12000);
INSERT INTO "person_counts" VALUES(3,1,'annotate',4,16000);
INSERT INTO "person_counts" VALUES(5,1,'check',0,4000);
INSERT INTO "person_counts" VALUES(5,1,'annotate',1,4000);
INSERT INTO "person_counts" VALUES(6,1,'refine',2,0);
INSERT INTO "person_counts" VALUES(7,1,'refine',1,0);
CREATE TABLE planned_checks (
	image_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	policy VARCHAR(40) NOT NULL, 
	inclusion_probability FLOAT NOT NULL, 
	due INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_planned_checks PRIMARY KEY (image_id, annotator_id), 
	CONSTRAINT fk_planned_checks_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_planned_checks_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id), 
	CONSTRAINT fk_planned_checks_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "planned_checks" VALUES(5,2,1,'repeat',0.5,7,3);
INSERT INTO "planned_checks" VALUES(3,3,1,'repeat',0.5,5,2);
INSERT INTO "planned_checks" VALUES(12,3,1,'gold-test',0.5,4,3);
INSERT INTO "planned_checks" VALUES(5,5,1,'repeat',0.5,3,0);
CREATE TABLE proposal_runs (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	source VARCHAR(200) NOT NULL, 
	k INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_proposal_runs PRIMARY KEY (id), 
	CONSTRAINT uq_proposal_runs_dataset_id_source UNIQUE (dataset_id, source), 
	CONSTRAINT fk_proposal_runs_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "proposal_runs" VALUES(1,1,'a-secret-model',30,'2030-05-06 08:00:00.000000','2030-05-06 08:00:00.000000');
CREATE TABLE proposals (
	image_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	labels BLOB NOT NULL, 
	scores BLOB NOT NULL, 
	CONSTRAINT pk_proposals PRIMARY KEY (image_id, run_id), 
	CONSTRAINT fk_proposals_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_proposals_run_id_proposal_runs FOREIGN KEY(run_id) REFERENCES proposal_runs (id)
);
INSERT INTO "proposals" VALUES(12,1,X'0B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D000000000000000100000002000000030000000400000005000000060000000700000008000000090000000A000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(11,1,X'0A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D00000000000000010000000200000003000000040000000500000006000000070000000800000009000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(10,1,X'090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D000000000000000100000002000000030000000400000005000000060000000700000008000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(9,1,X'08000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D0000000000000001000000020000000300000004000000050000000600000007000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(8,1,X'0700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D00000000000000010000000200000003000000040000000500000006000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(7,1,X'060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D000000000000000100000002000000030000000400000005000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(6,1,X'05000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D0000000000000001000000020000000300000004000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(5,1,X'0400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D00000000000000010000000200000003000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(4,1,X'030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D000000000000000100000002000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(3,1,X'02000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D0000000000000001000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(2,1,X'0100000002000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D00000000000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO "proposals" VALUES(1,1,X'000000000100000002000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D000000',X'0000003F0000803E0000003E0000803D0000003D0000803C0000003C0000803B0000003B0000803A0000003A00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
CREATE TABLE protocols (
	dataset_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	protocol JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_protocols PRIMARY KEY (dataset_id, version), 
	CONSTRAINT fk_protocols_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "protocols" VALUES(1,1,'{"preset": "mine", "n_candidates": 10, "group_size": 5, "overlap": 2, "maybe_allowed": false, "all_groups_required": true, "given_label_always": false, "n_decoys": 0, "order": "ranked", "relation_asked": false, "refinement": "open", "two_expert_share": 0.5, "audit_share": 0.0, "n_practice": 1, "calibration_share": 0.0, "test_gold_share": 0.5, "repeat_share": 0.5, "repeat_after": 2, "search_first_share": 0.0}','2030-05-06 08:00:00.000000');
CREATE TABLE queue_cursors (
	dataset_id INTEGER NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	queue_place FLOAT NOT NULL, 
	CONSTRAINT pk_queue_cursors PRIMARY KEY (dataset_id, annotator_id), 
	CONSTRAINT fk_queue_cursors_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_queue_cursors_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "queue_cursors" VALUES(1,2,4.0);
INSERT INTO "queue_cursors" VALUES(1,3,3.0);
INSERT INTO "queue_cursors" VALUES(1,5,4.0);
CREATE TABLE quick_answers (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	expert_id INTEGER NOT NULL, 
	label_index INTEGER NOT NULL, 
	vote INTEGER NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	present_ms INTEGER NOT NULL, 
	CONSTRAINT pk_quick_answers PRIMARY KEY (id), 
	CONSTRAINT uq_quick_answers_client_id UNIQUE (client_id), 
	CONSTRAINT fk_quick_answers_assignment_id_assignments FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT fk_quick_answers_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_quick_answers_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_quick_answers_expert_id_annotators FOREIGN KEY(expert_id) REFERENCES annotators (id)
);
INSERT INTO "quick_answers" VALUES(1,'a-quick-answer',22,1,3,6,3,2,'2030-05-06 08:00:00.000000',0);
CREATE TABLE refinements (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	assignment_id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	expert_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	"before" JSON NOT NULL, 
	shown JSON NOT NULL, 
	answer_blind JSON, 
	answer_revealed JSON, 
	reason VARCHAR(20), 
	reason_note TEXT NOT NULL, 
	relation VARCHAR(20), 
	note TEXT NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	present_ms INTEGER NOT NULL, 
	policy VARCHAR(20) DEFAULT 'one-expert' NOT NULL, 
	inclusion_probability FLOAT DEFAULT '1' NOT NULL, missing_label TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_refinements PRIMARY KEY (id), 
	CONSTRAINT uq_refinements_image_id_expert_id_revision UNIQUE (image_id, expert_id, revision), 
	CONSTRAINT uq_refinements_client_id UNIQUE (client_id), 
	CONSTRAINT fk_refinements_assignment_id_assignments FOREIGN KEY(assignment_id) REFERENCES assignments (id), 
	CONSTRAINT fk_refinements_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_refinements_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_refinements_expert_id_annotators FOREIGN KEY(expert_id) REFERENCES annotators (id)
);
INSERT INTO "refinements" VALUES(1,'Eva-0',20,1,1,6,1,'[0, 1]','[1, 0]',NULL,'{"0": 2, "1": 0}',NULL,'',NULL,'','2030-05-06 08:05:00.000000',0,'two-experts',0.5,'');
INSERT INTO "refinements" VALUES(2,'Fay-1',21,1,1,7,1,'[0, 1]','[1, 0]',NULL,'{"0": 0, "1": 2}',NULL,'',NULL,'','2030-05-06 08:05:01.000000',0,'two-experts',0.5,'');
INSERT INTO "refinements" VALUES(3,'a-quick-answer',22,1,3,6,1,'[2, 3]','[3, 2]',NULL,'{"2": 2, "3": 2}',NULL,'',NULL,'','2030-05-06 08:00:00.000000',0,'two-experts',0.5,'');
CREATE TABLE releases (
	id INTEGER NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	n_images INTEGER NOT NULL, 
	n_unresolved INTEGER NOT NULL, 
	n_added INTEGER NOT NULL, 
	n_changed INTEGER NOT NULL, 
	n_removed INTEGER NOT NULL, 
	CONSTRAINT pk_releases PRIMARY KEY (id), 
	CONSTRAINT uq_releases_dataset_id_number UNIQUE (dataset_id, number), 
	CONSTRAINT fk_releases_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
INSERT INTO "releases" VALUES(1,1,1,'2030-05-06 09:00:00.000000',2,10,2,0,0);
CREATE TABLE remarks (
	id INTEGER NOT NULL, 
	client_id VARCHAR(64) NOT NULL, 
	dataset_id INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	to_id INTEGER, 
	text TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_remarks PRIMARY KEY (id), 
	CONSTRAINT uq_remarks_client_id UNIQUE (client_id), 
	CONSTRAINT fk_remarks_dataset_id_datasets FOREIGN KEY(dataset_id) REFERENCES datasets (id), 
	CONSTRAINT fk_remarks_image_id_images FOREIGN KEY(image_id) REFERENCES images (id), 
	CONSTRAINT fk_remarks_author_id_annotators FOREIGN KEY(author_id) REFERENCES annotators (id), 
	CONSTRAINT fk_remarks_to_id_annotators FOREIGN KEY(to_id) REFERENCES annotators (id)
);
INSERT INTO "remarks" VALUES(1,'a-note-of-fays',1,1,7,'note',NULL,'The second label is its shadow.','2030-05-06 08:00:00.000000');
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	annotator_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash), 
	CONSTRAINT fk_sessions_annotator_id_annotators FOREIGN KEY(annotator_id) REFERENCES annotators (id)
);
INSERT INTO "sessions" VALUES('49032a55252fbed7e51f7d3205271a0ea82f7311bdc9ac35858062577c8e1722',2,'2030-05-06 08:00:00.000000','2030-05-20 08:00:00.000000');
CREATE INDEX ix_images_queue ON images (dataset_id, state, queue_place, id);
CREATE INDEX ix_images_triage ON images (dataset_id, state, triage DESC, queue_place, id);
CREATE INDEX ix_images_given ON images (dataset_id, given_label, place);
CREATE INDEX ix_images_state ON images (dataset_id, state, place);
CREATE INDEX ix_images_place ON images (dataset_id, place);
CREATE INDEX ix_images_id ON images (dataset_id, id);
CREATE INDEX ix_sessions_annotator_id ON sessions (annotator_id);
CREATE INDEX ix_person_counts_dataset ON person_counts (dataset_id, task);
CREATE INDEX ix_exemplars_token ON exemplars (token);
CREATE INDEX ix_proposals_run ON proposals (run_id, image_id);
CREATE INDEX ix_assignments_person ON assignments (annotator_id, dataset_id, task, state, answered_at, id);
CREATE INDEX ix_assignments_lease ON assignments (dataset_id, state, expires_at);
CREATE INDEX ix_label_choices_label ON label_choices (dataset_id, label_index, image_id);
CREATE INDEX ix_gold_kind ON gold (dataset_id, kind, retired_at, image_id);
CREATE INDEX ix_planned_checks_person ON planned_checks (annotator_id, dataset_id, due, place);
CREATE INDEX ix_final_labels_dataset ON final_labels (dataset_id, image_id, release_id);
CREATE INDEX ix_remarks_image ON remarks (image_id, id);
CREATE INDEX ix_remarks_to ON remarks (to_id, dataset_id);
CREATE INDEX ix_annotations_dataset ON annotations (dataset_id, id);
CREATE INDEX ix_annotations_assignment_id ON annotations (assignment_id);
CREATE INDEX ix_annotations_time ON annotations (dataset_id, submitted_at);
CREATE INDEX ix_annotations_person ON annotations (annotator_id, dataset_id, id);
CREATE INDEX ix_check_answers_dataset ON check_answers (dataset_id, id);
CREATE INDEX ix_refinements_dataset ON refinements (dataset_id, id);
CREATE INDEX ix_refinements_image ON refinements (image_id, id);
CREATE INDEX ix_refinements_assignment_id ON refinements (assignment_id);
CREATE INDEX ix_quick_answers_assignment ON quick_answers (assignment_id, id);
CREATE INDEX ix_quick_answers_expert ON quick_answers (expert_id, dataset_id, id);
CREATE INDEX ix_comment_answers_annotation_id ON comment_answers (annotation_id);
CREATE INDEX ix_comment_answers_annotator ON comment_answers (annotator_id, id);
COMMIT;
