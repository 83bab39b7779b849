CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE analysis_plans (
    dataset_id integer NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    sha256 character varying(64) NOT NULL,
    author_id integer,
    created_at timestamp without time zone NOT NULL,
    frozen_at timestamp without time zone,
    n_answers integer
);
CREATE TABLE annotations (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    assignment_id integer NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    annotator_id integer NOT NULL,
    revision integer NOT NULL,
    outcome character varying(12) NOT NULL,
    answers json NOT NULL,
    unprompted json NOT NULL,
    relation character varying(20),
    unsure_between json NOT NULL,
    missing_label text NOT NULL,
    unfit_reason character varying(20),
    note text NOT NULL,
    screen json NOT NULL,
    surplus boolean NOT NULL,
    after_refinement boolean NOT NULL,
    search_first json,
    handed_at timestamp without time zone NOT NULL,
    submitted_at timestamp without time zone NOT NULL,
    present_ms integer NOT NULL
);
CREATE SEQUENCE annotations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE annotations_id_seq OWNED BY annotations.id;
CREATE TABLE annotators (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    role character varying(12) NOT NULL,
    active boolean NOT NULL,
    created_at timestamp without time zone NOT NULL,
    preferences json
);
CREATE SEQUENCE annotators_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE annotators_id_seq OWNED BY annotators.id;
CREATE TABLE answers_seen (
    annotator_id integer NOT NULL,
    comment_answer_id integer NOT NULL
);
CREATE TABLE assignments (
    id integer NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    annotator_id integer NOT NULL,
    task character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    handed_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL,
    answered_at timestamp without time zone,
    policy character varying(40) NOT NULL,
    inclusion_probability double precision NOT NULL
);
CREATE SEQUENCE assignments_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE assignments_id_seq OWNED BY assignments.id;
CREATE TABLE candidates (
    image_id integer NOT NULL,
    candidates json NOT NULL,
    protocol_version integer NOT NULL,
    frozen_at timestamp without time zone NOT NULL
);
CREATE TABLE check_answers (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    assignment_id integer NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    annotator_id integer NOT NULL,
    revision integer NOT NULL,
    outcome character varying(12) NOT NULL,
    answers json NOT NULL,
    unprompted json NOT NULL,
    relation character varying(20),
    unsure_between json NOT NULL,
    missing_label text NOT NULL,
    unfit_reason character varying(20),
    note text NOT NULL,
    screen json NOT NULL,
    handed_at timestamp without time zone NOT NULL,
    submitted_at timestamp without time zone NOT NULL,
    present_ms integer NOT NULL
);
CREATE SEQUENCE check_answers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE check_answers_id_seq OWNED BY check_answers.id;
CREATE TABLE comment_answers (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    dataset_id integer NOT NULL,
    annotation_id integer NOT NULL,
    annotator_id integer NOT NULL,
    author_id integer NOT NULL,
    text text NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE comment_answers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE comment_answers_id_seq OWNED BY comment_answers.id;
CREATE TABLE concepts (
    dataset_id integer NOT NULL,
    key character varying(200) NOT NULL,
    names json NOT NULL,
    parents json NOT NULL
);
CREATE TABLE datasets (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    images_root text NOT NULL,
    reference_root text,
    label_space character varying(100) NOT NULL,
    seed bigint NOT NULL,
    protocol_version integer NOT NULL,
    paused boolean NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE datasets_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE datasets_id_seq OWNED BY datasets.id;
CREATE TABLE exemplars (
    id integer NOT NULL,
    dataset_id integer NOT NULL,
    label_index integer NOT NULL,
    place integer NOT NULL,
    path text NOT NULL,
    token character varying(32) NOT NULL,
    fingerprint character varying(16)
);
CREATE SEQUENCE exemplars_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE exemplars_id_seq OWNED BY exemplars.id;
CREATE TABLE final_labels (
    image_id integer NOT NULL,
    release_id integer NOT NULL,
    dataset_id integer NOT NULL,
    labels json,
    n_labels integer,
    source character varying(10) NOT NULL,
    reason character varying(20),
    reason_note text NOT NULL,
    relation character varying(20),
    decided_by json NOT NULL,
    before json NOT NULL
);
CREATE TABLE gold (
    image_id integer NOT NULL,
    dataset_id integer NOT NULL,
    kind character varying(12) NOT NULL,
    labels json NOT NULL,
    why text NOT NULL,
    added_at timestamp without time zone NOT NULL,
    retired_at timestamp without time zone
);
CREATE TABLE guidelines (
    dataset_id integer NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    author_id integer,
    created_at timestamp without time zone NOT NULL
);
CREATE TABLE image_counts (
    dataset_id integer NOT NULL,
    state character varying(12) NOT NULL,
    n_images integer NOT NULL
);
CREATE TABLE images (
    id integer NOT NULL,
    dataset_id integer NOT NULL,
    path text NOT NULL,
    place integer NOT NULL,
    queue_place double precision NOT NULL,
    queue_policy character varying(40),
    triage double precision NOT NULL,
    n_experts integer DEFAULT 1 NOT NULL,
    expert_policy character varying(20),
    expert_probability double precision,
    given_label integer,
    token character varying(32) NOT NULL,
    state character varying(12) NOT NULL,
    n_answers integer NOT NULL,
    n_leases integer NOT NULL,
    unreadable_why text,
    fingerprint character varying(16)
);
CREATE SEQUENCE images_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE images_id_seq OWNED BY images.id;
CREATE TABLE invitations (
    id integer NOT NULL,
    annotator_id integer NOT NULL,
    token_hash character varying(64) NOT NULL,
    created_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL,
    revoked_at timestamp without time zone
);
CREATE SEQUENCE invitations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE invitations_id_seq OWNED BY invitations.id;
CREATE TABLE label_choices (
    image_id integer NOT NULL,
    label_index integer NOT NULL,
    dataset_id integer NOT NULL,
    n_yes integer NOT NULL,
    n_maybe integer NOT NULL
);
CREATE TABLE labels (
    dataset_id integer NOT NULL,
    label_index integer NOT NULL,
    key character varying(200) NOT NULL,
    names json NOT NULL,
    definition text NOT NULL,
    parents json NOT NULL,
    search text NOT NULL
);
CREATE TABLE person_counts (
    annotator_id integer NOT NULL,
    dataset_id integer NOT NULL,
    task character varying(10) NOT NULL,
    n_answered integer NOT NULL,
    present_ms bigint NOT NULL
);
CREATE TABLE planned_checks (
    image_id integer NOT NULL,
    annotator_id integer NOT NULL,
    dataset_id integer NOT NULL,
    policy character varying(40) NOT NULL,
    inclusion_probability double precision NOT NULL,
    due integer NOT NULL,
    place integer NOT NULL
);
CREATE TABLE proposal_runs (
    id integer NOT NULL,
    dataset_id integer NOT NULL,
    source character varying(200) NOT NULL,
    k integer NOT NULL,
    started_at timestamp without time zone NOT NULL,
    finished_at timestamp without time zone
);
CREATE SEQUENCE proposal_runs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE proposal_runs_id_seq OWNED BY proposal_runs.id;
CREATE TABLE proposals (
    image_id integer NOT NULL,
    run_id integer NOT NULL,
    labels bytea NOT NULL,
    scores bytea NOT NULL
);
CREATE TABLE protocols (
    dataset_id integer NOT NULL,
    version integer NOT NULL,
    protocol json NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE TABLE queue_cursors (
    dataset_id integer NOT NULL,
    annotator_id integer NOT NULL,
    queue_place double precision NOT NULL
);
CREATE TABLE quick_answers (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    assignment_id integer NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    expert_id integer NOT NULL,
    label_index integer NOT NULL,
    vote integer NOT NULL,
    submitted_at timestamp without time zone NOT NULL,
    present_ms integer NOT NULL
);
CREATE SEQUENCE quick_answers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE quick_answers_id_seq OWNED BY quick_answers.id;
CREATE TABLE refinements (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    assignment_id integer NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    expert_id integer NOT NULL,
    revision integer NOT NULL,
    before json NOT NULL,
    shown json NOT NULL,
    answer_blind json,
    answer_revealed json,
    reason character varying(20),
    reason_note text NOT NULL,
    relation character varying(20),
    note text NOT NULL,
    submitted_at timestamp without time zone NOT NULL,
    present_ms integer NOT NULL,
    policy character varying(20) DEFAULT 'one-expert'::character varying NOT NULL,
    inclusion_probability double precision DEFAULT '1'::double precision NOT NULL,
    missing_label text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE refinements_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE refinements_id_seq OWNED BY refinements.id;
CREATE TABLE releases (
    id integer NOT NULL,
    dataset_id integer NOT NULL,
    number integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    n_images integer NOT NULL,
    n_unresolved integer NOT NULL,
    n_added integer NOT NULL,
    n_changed integer NOT NULL,
    n_removed integer NOT NULL
);
CREATE SEQUENCE releases_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE releases_id_seq OWNED BY releases.id;
CREATE TABLE remarks (
    id integer NOT NULL,
    client_id character varying(64) NOT NULL,
    dataset_id integer NOT NULL,
    image_id integer NOT NULL,
    author_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    to_id integer,
    text text NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE remarks_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE remarks_id_seq OWNED BY remarks.id;
CREATE TABLE sessions (
    token_hash character varying(64) NOT NULL,
    annotator_id integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    expires_at timestamp without time zone NOT NULL
);
ALTER TABLE ONLY annotations ALTER COLUMN id SET DEFAULT nextval('annotations_id_seq'::regclass);
ALTER TABLE ONLY annotators ALTER COLUMN id SET DEFAULT nextval('annotators_id_seq'::regclass);
ALTER TABLE ONLY assignments ALTER COLUMN id SET DEFAULT nextval('assignments_id_seq'::regclass);
ALTER TABLE ONLY check_answers ALTER COLUMN id SET DEFAULT nextval('check_answers_id_seq'::regclass);
ALTER TABLE ONLY comment_answers ALTER COLUMN id SET DEFAULT nextval('comment_answers_id_seq'::regclass);
ALTER TABLE ONLY datasets ALTER COLUMN id SET DEFAULT nextval('datasets_id_seq'::regclass);
ALTER TABLE ONLY exemplars ALTER COLUMN id SET DEFAULT nextval('exemplars_id_seq'::regclass);
ALTER TABLE ONLY images ALTER COLUMN id SET DEFAULT nextval('images_id_seq'::regclass);
ALTER TABLE ONLY invitations ALTER COLUMN id SET DEFAULT nextval('invitations_id_seq'::regclass);
ALTER TABLE ONLY proposal_runs ALTER COLUMN id SET DEFAULT nextval('proposal_runs_id_seq'::regclass);
ALTER TABLE ONLY quick_answers ALTER COLUMN id SET DEFAULT nextval('quick_answers_id_seq'::regclass);
ALTER TABLE ONLY refinements ALTER COLUMN id SET DEFAULT nextval('refinements_id_seq'::regclass);
ALTER TABLE ONLY releases ALTER COLUMN id SET DEFAULT nextval('releases_id_seq'::regclass);
ALTER TABLE ONLY remarks ALTER COLUMN id SET DEFAULT nextval('remarks_id_seq'::regclass);
INSERT INTO alembic_version VALUES ('0006');
INSERT INTO analysis_plans VALUES (1, 1, '# Analysis plan: pilot
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
', '898f1122d113595ee08d4910db258353e53a94781e3d3e129047987567e4f7da', 1, '2030-05-06 08:00:00', '2030-05-06 08:00:00', 0);
INSERT INTO annotations VALUES (1, 'answer-f0ddf920306c8a46', 4, 1, 1, 2, 1, 'labelled', '{"0": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (2, 'answer-d510dab9c2dd5fb5', 8, 1, 2, 2, 1, 'labelled', '{"1": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (3, 'answer-c255755fff50bff3', 10, 1, 3, 2, 1, 'labelled', '{"2": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (4, 'answer-c238e9decf333de0', 13, 1, 4, 2, 1, 'labelled', '{"3": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (5, 'answer-c60d0df1c902be96', 15, 1, 5, 2, 1, 'labelled', '{"4": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (6, 'answer-42db420551158256', 18, 1, 1, 3, 1, 'labelled', '{"0": 2, "1": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (7, 'answer-c10e7bbe3cc70df2', 19, 1, 2, 3, 1, 'labelled', '{"1": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (8, 'answer-713eaa6dafd05dda', 20, 1, 3, 3, 1, 'labelled', '{"2": 2, "3": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (9, 'answer-fd25050b14ed7421', 22, 1, 4, 3, 1, 'labelled', '{"3": 2, "4": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotations VALUES (10, 'answer-0f328c6df97ed68f', 26, 1, 5, 5, 1, 'labelled', '{"4": 2}', '[]', NULL, '[]', '', NULL, 'Is a drawing valid?', '{"candidates": [[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', false, false, NULL, '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO annotators VALUES (1, 'Olga', 'owner', true, '2030-05-06 08:00:00', NULL);
INSERT INTO annotators VALUES (2, 'Ada', 'annotator', true, '2030-05-06 08:00:00', '{"language": "de", "keys_on": true, "keys": {"u": "k"}}');
INSERT INTO annotators VALUES (3, 'Bob', 'annotator', true, '2030-05-06 08:00:00', NULL);
INSERT INTO annotators VALUES (4, 'Cem', 'annotator', true, '2030-05-06 08:00:00', NULL);
INSERT INTO annotators VALUES (5, 'Dana', 'annotator', true, '2030-05-06 08:00:00', NULL);
INSERT INTO annotators VALUES (6, 'Eva', 'expert', true, '2030-05-06 08:00:00', NULL);
INSERT INTO annotators VALUES (7, 'Fay', 'expert', true, '2030-05-06 08:00:00', NULL);
INSERT INTO answers_seen VALUES (5, 1);
INSERT INTO assignments VALUES (2, 1, 11, 2, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'practice', 1);
INSERT INTO assignments VALUES (4, 1, 1, 2, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (6, 1, 12, 2, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'gold-test', 0.5);
INSERT INTO assignments VALUES (8, 1, 2, 2, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (10, 1, 3, 2, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (11, 1, 1, 2, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'repeat', 0.5);
INSERT INTO assignments VALUES (13, 1, 4, 2, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (15, 1, 5, 2, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (16, 1, 3, 2, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'repeat', 0.5);
INSERT INTO assignments VALUES (17, 1, 11, 3, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'practice', 1);
INSERT INTO assignments VALUES (18, 1, 1, 3, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (19, 1, 2, 3, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (20, 1, 3, 3, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (21, 1, 1, 3, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'repeat', 0.5);
INSERT INTO assignments VALUES (22, 1, 4, 3, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (23, 1, 2, 3, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'repeat', 0.5);
INSERT INTO assignments VALUES (24, 1, 11, 4, 'check', 'open', '2030-05-06 08:00:00', '2030-05-06 08:30:00', NULL, 'practice', 1);
INSERT INTO assignments VALUES (25, 1, 11, 5, 'check', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'practice', 1);
INSERT INTO assignments VALUES (26, 1, 5, 5, 'annotate', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'fixed-overlap', 1);
INSERT INTO assignments VALUES (27, 1, 1, 6, 'refine', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:00', 'two-experts', 0.5);
INSERT INTO assignments VALUES (28, 1, 1, 7, 'refine', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:05:01', 'two-experts', 0.5);
INSERT INTO assignments VALUES (29, 1, 3, 6, 'refine', 'answered', '2030-05-06 08:00:00', '2030-05-06 08:30:00', '2030-05-06 08:00:00', 'two-experts', 0.5);
INSERT INTO candidates VALUES (11, '[[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (1, '[[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (12, '[[11, "a-secret-model", 1], [12, "a-secret-model", 2], [13, "a-secret-model", 3], [14, "a-secret-model", 4], [15, "a-secret-model", 5], [16, "a-secret-model", 6], [17, "a-secret-model", 7], [18, "a-secret-model", 8], [19, "a-secret-model", 9], [20, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (2, '[[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (3, '[[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (4, '[[3, "a-secret-model", 1], [4, "a-secret-model", 2], [5, "a-secret-model", 3], [6, "a-secret-model", 4], [7, "a-secret-model", 5], [8, "a-secret-model", 6], [9, "a-secret-model", 7], [10, "a-secret-model", 8], [11, "a-secret-model", 9], [12, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO candidates VALUES (5, '[[4, "a-secret-model", 1], [5, "a-secret-model", 2], [6, "a-secret-model", 3], [7, "a-secret-model", 4], [8, "a-secret-model", 5], [9, "a-secret-model", 6], [10, "a-secret-model", 7], [11, "a-secret-model", 8], [12, "a-secret-model", 9], [13, "a-secret-model", 10]]', 1, '2030-05-06 08:00:00');
INSERT INTO check_answers VALUES (1, 'answer-42a55067fd1cd121', 2, 1, 11, 2, 1, 'labelled', '{"10": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (2, 'answer-37d406ee50da90a1', 6, 1, 12, 2, 1, 'labelled', '{"11": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[11, "a-secret-model", 1], [12, "a-secret-model", 2], [13, "a-secret-model", 3], [14, "a-secret-model", 4], [15, "a-secret-model", 5], [16, "a-secret-model", 6], [17, "a-secret-model", 7], [18, "a-secret-model", 8], [19, "a-secret-model", 9], [20, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (3, 'answer-10c768c28cbf27e3', 11, 1, 1, 2, 1, 'labelled', '{"0": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (4, 'answer-adefb66c19ba90d8', 16, 1, 3, 2, 1, 'labelled', '{"2": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[2, "a-secret-model", 1], [3, "a-secret-model", 2], [4, "a-secret-model", 3], [5, "a-secret-model", 4], [6, "a-secret-model", 5], [7, "a-secret-model", 6], [8, "a-secret-model", 7], [9, "a-secret-model", 8], [10, "a-secret-model", 9], [11, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (5, 'answer-f6ccab844509c503', 17, 1, 11, 3, 1, 'labelled', '{"10": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (6, 'answer-633844c7b023757d', 21, 1, 1, 3, 1, 'labelled', '{"0": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[0, "a-secret-model", 1], [1, "a-secret-model", 2], [2, "a-secret-model", 3], [3, "a-secret-model", 4], [4, "a-secret-model", 5], [5, "a-secret-model", 6], [6, "a-secret-model", 7], [7, "a-secret-model", 8], [8, "a-secret-model", 9], [9, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (7, 'answer-b1c3bf180271f5a6', 23, 1, 2, 3, 1, 'labelled', '{"1": 2}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[1, "a-secret-model", 1], [2, "a-secret-model", 2], [3, "a-secret-model", 3], [4, "a-secret-model", 4], [5, "a-secret-model", 5], [6, "a-secret-model", 6], [7, "a-secret-model", 7], [8, "a-secret-model", 8], [9, "a-secret-model", 9], [10, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO check_answers VALUES (8, 'answer-eb51ed46cfc1a016', 25, 1, 11, 5, 1, 'none', '{}', '[]', NULL, '[]', '', NULL, '', '{"candidates": [[10, "a-secret-model", 1], [11, "a-secret-model", 2], [12, "a-secret-model", 3], [13, "a-secret-model", 4], [14, "a-secret-model", 5], [15, "a-secret-model", 6], [16, "a-secret-model", 7], [17, "a-secret-model", 8], [18, "a-secret-model", 9], [19, "a-secret-model", 10]], "group_size": 5, "opened_at": ["2030-05-06T08:04:56+00:00", "2030-05-06T08:04:56+00:00"], "exemplars": {}, "protocol_version": 1, "guidelines_version": 1, "search_used": false}', '2030-05-06 08:00:00', '2030-05-06 08:05:00', 4000);
INSERT INTO comment_answers VALUES (1, 'answer-to-dana', 1, 10, 5, 1, 'Yes, where it is clear.', '2030-05-06 08:00:00');
INSERT INTO concepts VALUES (1, 'feline', '["feline", "felid"]', '["all"]');
INSERT INTO concepts VALUES (1, 'thing', '["artifact"]', '["all"]');
INSERT INTO concepts VALUES (1, 'all', '["entity"]', '[]');
INSERT INTO datasets VALUES (1, 'pilot', '/kept/postgresql/pictures', '/kept/postgresql/references', 'words', 7, 1, false, '2030-05-06 08:00:00');
INSERT INTO exemplars VALUES (22, 1, 21, 0, 'secretclass_21/0.png', 'b1f529c27c0df802220872d6b4491e2f', NULL);
INSERT INTO exemplars VALUES (23, 1, 22, 0, 'secretclass_22/0.png', '1d06f1b70b615d58fd803798d92a550e', NULL);
INSERT INTO exemplars VALUES (24, 1, 23, 0, 'secretclass_23/0.png', 'eca0a2d172b74cae02dd3e1531193e0e', NULL);
INSERT INTO exemplars VALUES (25, 1, 24, 0, 'secretclass_24/0.png', 'dd26bed3669ae4ae3c18410f5780dc68', NULL);
INSERT INTO exemplars VALUES (26, 1, 25, 0, 'secretclass_25/0.png', '02edaa6436cf7d9771ec2eb2cdd7d83c', NULL);
INSERT INTO exemplars VALUES (27, 1, 26, 0, 'secretclass_26/0.png', 'a5f3f8a2584919662ebc3370241e9f47', NULL);
INSERT INTO exemplars VALUES (28, 1, 27, 0, 'secretclass_27/0.png', 'a6ddcfa8bc0309a35e224e71a04ecd76', NULL);
INSERT INTO exemplars VALUES (29, 1, 28, 0, 'secretclass_28/0.png', 'd380aff6eb8c12d1fb85170bff3e29ac', NULL);
INSERT INTO exemplars VALUES (30, 1, 29, 0, 'secretclass_29/0.png', '7a145accff787b2ecabdaf9f3f9f7094', NULL);
INSERT INTO exemplars VALUES (11, 1, 10, 0, 'secretclass_10/0.png', 'bfbf77415757ede705903ba8c5177d69', '23477d84714dbcb2');
INSERT INTO exemplars VALUES (12, 1, 11, 0, 'secretclass_11/0.png', '5c564ad32ea3b5fe54b0a54c2afb376a', '75372e77e9e0000f');
INSERT INTO exemplars VALUES (13, 1, 12, 0, 'secretclass_12/0.png', '46c36cc50971db8233fe308c6a5483a8', '50063983c296ff7d');
INSERT INTO exemplars VALUES (14, 1, 13, 0, 'secretclass_13/0.png', '569b2a2e74f92cdd71759a6b6abaccf3', '073abef2ee5a00a5');
INSERT INTO exemplars VALUES (15, 1, 14, 0, 'secretclass_14/0.png', 'e02d53014b2e038dc74b4feeccca1b27', '6b90b09e86907d6f');
INSERT INTO exemplars VALUES (16, 1, 15, 0, 'secretclass_15/0.png', 'f361454b2c2ebb2da4401d733f764527', '65963ad921cedc31');
INSERT INTO exemplars VALUES (17, 1, 16, 0, 'secretclass_16/0.png', '9dbf90d1d89ad3708191d52619ce260b', 'faea1bb66aaa1054');
INSERT INTO exemplars VALUES (18, 1, 17, 0, 'secretclass_17/0.png', '99a357b718e96da9f000eaca1339701a', '46324a249d26ffd9');
INSERT INTO exemplars VALUES (19, 1, 18, 0, 'secretclass_18/0.png', 'e5cd70794dc6c0f182baadbe72b2819d', '0ec73e48b940d8bf');
INSERT INTO exemplars VALUES (20, 1, 19, 0, 'secretclass_19/0.png', '1e7a60b1d29b2d0f43a98c7cb89366d0', '53022cbeb2d9ed26');
INSERT INTO exemplars VALUES (1, 1, 0, 0, 'secretclass_0/0.png', '3a6183bfad07dbe3517b28254c44f5c0', '0298be69f0564fad');
INSERT INTO exemplars VALUES (2, 1, 1, 0, 'secretclass_1/0.png', '1fe49d0b1f36c384ae1c4a1747a1c9ad', '5b1e565bf9962068');
INSERT INTO exemplars VALUES (3, 1, 2, 0, 'secretclass_2/0.png', '01c65eb692b45cdc90d084a06faf9ce7', '05f0cee6b3e10d1e');
INSERT INTO exemplars VALUES (4, 1, 3, 0, 'secretclass_3/0.png', 'f231dde0afb5b97bedf8d1525ddd615d', 'd349377d51408a9f');
INSERT INTO exemplars VALUES (5, 1, 4, 0, 'secretclass_4/0.png', '4b478e29137c6467cde1775ec9e92309', 'eb02b2a264163ff9');
INSERT INTO exemplars VALUES (6, 1, 5, 0, 'secretclass_5/0.png', '648b4fb2e5ce20538dd9dde3fa8f4ec9', 'c9da7a1f708a0c75');
INSERT INTO exemplars VALUES (7, 1, 6, 0, 'secretclass_6/0.png', '3437311a1e870e0dbf82c81de2161dd5', 'f3c04f2e20449fbb');
INSERT INTO exemplars VALUES (8, 1, 7, 0, 'secretclass_7/0.png', 'caadc6345f7ca67cbb42f2276fc7e92f', '6434cbecf7e2401d');
INSERT INTO exemplars VALUES (9, 1, 8, 0, 'secretclass_8/0.png', 'f5d490ed0a58d0c078dccba2c25d08cb', '10e05b1ced67b69a');
INSERT INTO exemplars VALUES (10, 1, 9, 0, 'secretclass_9/0.png', '1f7b556d367307badcf2ac9de95e202c', 'd72de3190f62161d');
INSERT INTO exemplars VALUES (21, 1, 20, 0, 'secretclass_20/0.png', 'b2bdd0d22684f782ef1b10dbcc80830f', '27fc6c0c7da1145e');
INSERT INTO final_labels VALUES (2, 1, 1, '[1]', 1, 'agreed', NULL, '', NULL, '[2, 3]', '[1]');
INSERT INTO final_labels VALUES (5, 1, 1, '[4]', 1, 'agreed', NULL, '', NULL, '[2, 5]', '[4]');
INSERT INTO gold VALUES (11, 1, 'practice', '[10]', 'because of 10', '2030-05-06 08:00:00', NULL);
INSERT INTO gold VALUES (12, 1, 'test', '[11]', 'because of 11', '2030-05-06 08:00:00', NULL);
INSERT INTO guidelines VALUES (1, 1, 'Tick what you *see*.', 1, '2030-05-06 08:00:00');
INSERT INTO image_counts VALUES (1, 'contested', 0);
INSERT INTO image_counts VALUES (1, 'imported', 0);
INSERT INTO image_counts VALUES (1, 'unreadable', 0);
INSERT INTO image_counts VALUES (1, 'unproposed', 0);
INSERT INTO image_counts VALUES (1, 'refined', 2);
INSERT INTO image_counts VALUES (1, 'disputed', 3);
INSERT INTO image_counts VALUES (1, 'open', 5);
INSERT INTO image_counts VALUES (1, 'agreed', 2);
INSERT INTO images VALUES (6, 1, 'secretclass_5/secretfile_5.png', 5, 5, NULL, 0, 1, NULL, NULL, 5, '1851dee03cbaf6a2cb80d233e44389d1', 'open', 0, 0, NULL, NULL);
INSERT INTO images VALUES (7, 1, 'secretclass_6/secretfile_6.png', 6, 6, NULL, 0, 1, NULL, NULL, 6, '9b649fd293ba2fc0cc6697a92ccec155', 'open', 0, 0, NULL, NULL);
INSERT INTO images VALUES (8, 1, 'secretclass_7/secretfile_7.png', 7, 7, NULL, 0, 1, NULL, NULL, 7, '6fec688ffa012b3d04ba931f14ee53c3', 'open', 0, 0, NULL, NULL);
INSERT INTO images VALUES (9, 1, 'secretclass_8/secretfile_8.png', 8, 8, NULL, 0, 1, NULL, NULL, 8, '0140dddb38b137cd6ef37a0c0ddd5cc8', 'open', 0, 0, NULL, NULL);
INSERT INTO images VALUES (10, 1, 'secretclass_9/secretfile_9.png', 9, 9, NULL, 0, 1, NULL, NULL, 9, '2a9548d067897fef4bae6b15960919cb', 'open', 0, 0, NULL, NULL);
INSERT INTO images VALUES (11, 1, 'secretclass_10/secretfile_10.png', 10, 10, NULL, 0, 1, NULL, NULL, 10, '3621ec48a453768adcda551294c17e23', 'refined', 0, 0, NULL, 'e0366a2789b73f18');
INSERT INTO images VALUES (4, 1, 'secretclass_3/secretfile_3.png', 3, 3, NULL, 1.650022421648354, 1, 'one-expert', 1, 3, '8cb8c7c9c3ea51777ca731058040ddc9', 'disputed', 2, 0, NULL, '9f7fde874484007a');
INSERT INTO images VALUES (5, 1, 'secretclass_4/secretfile_4.png', 4, 4, NULL, 0, 1, NULL, NULL, 4, 'b0dae699ada0f831c5edbe1810a81248', 'agreed', 2, 0, NULL, 'a44c16f939aa3f15');
INSERT INTO images VALUES (12, 1, 'secretclass_11/secretfile_11.png', 11, 11, NULL, 0, 1, NULL, NULL, 11, '59bf55c041d837159267bca15f9b432c', 'refined', 0, 0, NULL, 'dfd06e096acf3130');
INSERT INTO images VALUES (1, 1, 'secretclass_0/secretfile_0.png', 0, 0, NULL, 1.650022421648354, 3, 'third-expert', 1, 0, 'd38e39c5437603b4bf2419eec49f1241', 'disputed', 2, 0, NULL, '39cc5278a6923f2d');
INSERT INTO images VALUES (2, 1, 'secretclass_1/secretfile_1.png', 1, 1, NULL, 0, 1, NULL, NULL, 1, 'b75e2fa30e865fcd64841d0b079520a7', 'agreed', 2, 0, NULL, 'bb823a311bd43e2b');
INSERT INTO images VALUES (3, 1, 'secretclass_2/secretfile_2.png', 2, 2, NULL, 1.650022421648354, 2, 'two-experts', 0.5, 2, 'd6f0cbeeb1b092b449946fd0b88a878e', 'disputed', 2, 0, NULL, '9ea1477402483fbf');
INSERT INTO invitations VALUES (1, 2, '7983ebf309c4a2625f46fa55fc11ab71d2a648f370f8dce8c01c6de0abc8bfe9', '2030-05-06 08:00:00', '2030-06-05 08:00:00', NULL);
INSERT INTO label_choices VALUES (1, 0, 1, 2, 0);
INSERT INTO label_choices VALUES (1, 1, 1, 1, 0);
INSERT INTO label_choices VALUES (2, 1, 1, 2, 0);
INSERT INTO label_choices VALUES (3, 2, 1, 2, 0);
INSERT INTO label_choices VALUES (3, 3, 1, 1, 0);
INSERT INTO label_choices VALUES (4, 3, 1, 2, 0);
INSERT INTO label_choices VALUES (4, 4, 1, 1, 0);
INSERT INTO label_choices VALUES (5, 4, 1, 2, 0);
INSERT INTO labels VALUES (1, 0, 'k00000', '["tabby", "tabby cat"]', 'the thing called tabby', '["feline"]', '
 k00000 
 tabby 
 tabby cat 
');
INSERT INTO labels VALUES (1, 1, 'k00001', '["tiger cat"]', 'the thing called tiger cat', '["feline"]', '
 k00001 
 tiger cat 
');
INSERT INTO labels VALUES (1, 2, 'k00002', '["Egyptian cat"]', 'the thing called Egyptian cat', '["feline"]', '
 k00002 
 egyptian cat 
');
INSERT INTO labels VALUES (1, 3, 'k00003', '["lynx", "catamount"]', 'the thing called lynx', '["feline"]', '
 k00003 
 lynx 
 catamount 
');
INSERT INTO labels VALUES (1, 4, 'k00004', '["remote control", "remote"]', 'the thing called remote control', '["thing"]', '
 k00004 
 remote control 
 remote 
');
INSERT INTO labels VALUES (1, 5, 'k00005', '["mouse", "computer mouse"]', 'the thing called mouse', '["thing"]', '
 k00005 
 mouse 
 computer mouse 
');
INSERT INTO labels VALUES (1, 6, 'k00006', '["computer keyboard", "keypad"]', 'the thing called computer keyboard', '["thing"]', '
 k00006 
 computer keyboard 
 keypad 
');
INSERT INTO labels VALUES (1, 7, 'k00007', '["desk"]', 'the thing called desk', '["thing"]', '
 k00007 
 desk 
');
INSERT INTO labels VALUES (1, 8, 'k00008', '["monitor"]', 'the thing called monitor', '["thing"]', '
 k00008 
 monitor 
');
INSERT INTO labels VALUES (1, 9, 'k00009', '["screen", "CRT screen"]', 'the thing called screen', '["thing"]', '
 k00009 
 screen 
 crt screen 
');
INSERT INTO labels VALUES (1, 10, 'k00010', '["tennis ball"]', 'the thing called tennis ball', '["thing"]', '
 k00010 
 tennis ball 
');
INSERT INTO labels VALUES (1, 11, 'k00011', '["golden retriever"]', 'the thing called golden retriever', '["thing"]', '
 k00011 
 golden retriever 
');
INSERT INTO labels VALUES (1, 12, 'k00012', '["laptop", "laptop computer"]', 'the thing called laptop', '["thing"]', '
 k00012 
 laptop 
 laptop computer 
');
INSERT INTO labels VALUES (1, 13, 'k00013', '["notebook", "notebook computer"]', 'the thing called notebook', '["thing"]', '
 k00013 
 notebook 
 notebook computer 
');
INSERT INTO labels VALUES (1, 14, 'k00014', '["space bar"]', 'the thing called space bar', '["thing"]', '
 k00014 
 space bar 
');
INSERT INTO labels VALUES (1, 15, 'k00015', '["maillot", "tank suit"]', 'the thing called maillot', '["thing"]', '
 k00015 
 maillot 
 tank suit 
');
INSERT INTO labels VALUES (1, 16, 'k00016', '["sunglass"]', 'the thing called sunglass', '["thing"]', '
 k00016 
 sunglass 
');
INSERT INTO labels VALUES (1, 17, 'k00017', '["sunglasses", "dark glasses", "shades"]', 'the thing called sunglasses', '["thing"]', '
 k00017 
 sunglasses 
 dark glasses 
 shades 
');
INSERT INTO labels VALUES (1, 18, 'k00018', '["church", "church building"]', 'the thing called church', '["thing"]', '
 k00018 
 church 
 church building 
');
INSERT INTO labels VALUES (1, 19, 'k00019', '["bell cote", "bell cot"]', 'the thing called bell cote', '["thing"]', '
 k00019 
 bell cote 
 bell cot 
');
INSERT INTO labels VALUES (1, 20, 'k00020', '["window screen"]', 'the thing called window screen', '["thing"]', '
 k00020 
 window screen 
');
INSERT INTO labels VALUES (1, 21, 'k00021', '["window shade"]', 'the thing called window shade', '["thing"]', '
 k00021 
 window shade 
');
INSERT INTO labels VALUES (1, 22, 'k00022', '["wall clock"]', 'the thing called wall clock', '["thing"]', '
 k00022 
 wall clock 
');
INSERT INTO labels VALUES (1, 23, 'k00023', '["analog clock"]', 'the thing called analog clock', '["thing"]', '
 k00023 
 analog clock 
');
INSERT INTO labels VALUES (1, 24, 'k00024', '["coffee mug"]', 'the thing called coffee mug', '["thing"]', '
 k00024 
 coffee mug 
');
INSERT INTO labels VALUES (1, 25, 'k00025', '["cup"]', 'the thing called cup', '["thing"]', '
 k00025 
 cup 
');
INSERT INTO labels VALUES (1, 26, 'k00026', '["espresso"]', 'the thing called espresso', '["thing"]', '
 k00026 
 espresso 
');
INSERT INTO labels VALUES (1, 27, 'k00027', '["soup bowl"]', 'the thing called soup bowl', '["thing"]', '
 k00027 
 soup bowl 
');
INSERT INTO labels VALUES (1, 28, 'k00028', '["plate"]', 'the thing called plate', '["thing"]', '
 k00028 
 plate 
');
INSERT INTO labels VALUES (1, 29, 'k00029', '["dining table", "board"]', 'the thing called dining table', '["thing"]', '
 k00029 
 dining table 
 board 
');
INSERT INTO person_counts VALUES (2, 1, 'annotate', 5, 20000);
INSERT INTO person_counts VALUES (2, 1, 'check', 3, 16000);
INSERT INTO person_counts VALUES (3, 1, 'annotate', 4, 16000);
INSERT INTO person_counts VALUES (3, 1, 'check', 2, 12000);
INSERT INTO person_counts VALUES (5, 1, 'check', 0, 4000);
INSERT INTO person_counts VALUES (5, 1, 'annotate', 1, 4000);
INSERT INTO person_counts VALUES (7, 1, 'refine', 1, 0);
INSERT INTO person_counts VALUES (6, 1, 'refine', 2, 0);
INSERT INTO planned_checks VALUES (5, 2, 1, 'repeat', 0.5, 7, 3);
INSERT INTO planned_checks VALUES (3, 3, 1, 'repeat', 0.5, 5, 2);
INSERT INTO planned_checks VALUES (12, 3, 1, 'gold-test', 0.5, 4, 3);
INSERT INTO planned_checks VALUES (5, 5, 1, 'repeat', 0.5, 3, 0);
INSERT INTO proposal_runs VALUES (1, 1, 'a-secret-model', 30, '2030-05-06 08:00:00', '2030-05-06 08:00:00');
INSERT INTO proposals VALUES (12, 1, '\x0b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d000000000000000100000002000000030000000400000005000000060000000700000008000000090000000a000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (11, 1, '\x0a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d00000000000000010000000200000003000000040000000500000006000000070000000800000009000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (10, 1, '\x090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d000000000000000100000002000000030000000400000005000000060000000700000008000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (9, 1, '\x08000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d0000000000000001000000020000000300000004000000050000000600000007000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (8, 1, '\x0700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d00000000000000010000000200000003000000040000000500000006000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (7, 1, '\x060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d000000000000000100000002000000030000000400000005000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (6, 1, '\x05000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d0000000000000001000000020000000300000004000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (5, 1, '\x0400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d00000000000000010000000200000003000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (4, 1, '\x030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d000000000000000100000002000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (3, 1, '\x02000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d0000000000000001000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (2, 1, '\x0100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d00000000000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO proposals VALUES (1, 1, '\x000000000100000002000000030000000400000005000000060000000700000008000000090000000a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000001400000015000000160000001700000018000000190000001a0000001b0000001c0000001d000000', '\x0000003f0000803e0000003e0000803d0000003d0000803c0000003c0000803b0000003b0000803a0000003a00008039000000390000803800000038000080370000003700008036000000360000803500000035000080340000003400008033000000330000803200000032000080310000003100008030');
INSERT INTO protocols VALUES (1, 1, '{"preset": "mine", "n_candidates": 10, "group_size": 5, "overlap": 2, "maybe_allowed": false, "all_groups_required": true, "given_label_always": false, "n_decoys": 0, "order": "ranked", "relation_asked": false, "refinement": "open", "two_expert_share": 0.5, "audit_share": 0.0, "n_practice": 1, "calibration_share": 0.0, "test_gold_share": 0.5, "repeat_share": 0.5, "repeat_after": 2, "search_first_share": 0.0}', '2030-05-06 08:00:00');
INSERT INTO queue_cursors VALUES (1, 2, 4);
INSERT INTO queue_cursors VALUES (1, 3, 3);
INSERT INTO queue_cursors VALUES (1, 5, 4);
INSERT INTO quick_answers VALUES (1, 'a-quick-answer', 29, 1, 3, 6, 3, 2, '2030-05-06 08:00:00', 0);
INSERT INTO refinements VALUES (1, 'Eva-0', 27, 1, 1, 6, 1, '[0, 1]', '[1, 0]', NULL, '{"0": 2, "1": 0}', NULL, '', NULL, '', '2030-05-06 08:05:00', 0, 'two-experts', 0.5, '');
INSERT INTO refinements VALUES (2, 'Fay-1', 28, 1, 1, 7, 1, '[0, 1]', '[1, 0]', NULL, '{"0": 0, "1": 2}', NULL, '', NULL, '', '2030-05-06 08:05:01', 0, 'two-experts', 0.5, '');
INSERT INTO refinements VALUES (3, 'a-quick-answer', 29, 1, 3, 6, 1, '[2, 3]', '[3, 2]', NULL, '{"2": 2, "3": 2}', NULL, '', NULL, '', '2030-05-06 08:00:00', 0, 'two-experts', 0.5, '');
INSERT INTO releases VALUES (1, 1, 1, '2030-05-06 09:00:00', 2, 10, 2, 0, 0);
INSERT INTO remarks VALUES (1, 'a-note-of-fays', 1, 1, 7, 'note', NULL, 'The second label is its shadow.', '2030-05-06 08:00:00');
INSERT INTO sessions VALUES ('df1bbe0580f1ef8b87d1953313891ddb54dc377c14393adafe81f0cdab54dce3', 2, '2030-05-06 08:00:00', '2030-05-20 08:00:00');
SELECT pg_catalog.setval('annotations_id_seq', 10, true);
SELECT pg_catalog.setval('annotators_id_seq', 7, true);
SELECT pg_catalog.setval('assignments_id_seq', 29, true);
SELECT pg_catalog.setval('check_answers_id_seq', 8, true);
SELECT pg_catalog.setval('comment_answers_id_seq', 1, true);
SELECT pg_catalog.setval('datasets_id_seq', 1, true);
SELECT pg_catalog.setval('exemplars_id_seq', 30, true);
SELECT pg_catalog.setval('images_id_seq', 12, true);
SELECT pg_catalog.setval('invitations_id_seq', 1, true);
SELECT pg_catalog.setval('proposal_runs_id_seq', 1, true);
SELECT pg_catalog.setval('quick_answers_id_seq', 1, true);
SELECT pg_catalog.setval('refinements_id_seq', 3, true);
SELECT pg_catalog.setval('releases_id_seq', 1, true);
SELECT pg_catalog.setval('remarks_id_seq', 1, true);
ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY analysis_plans
    ADD CONSTRAINT pk_analysis_plans PRIMARY KEY (dataset_id, version);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT pk_annotations PRIMARY KEY (id);
ALTER TABLE ONLY annotators
    ADD CONSTRAINT pk_annotators PRIMARY KEY (id);
ALTER TABLE ONLY answers_seen
    ADD CONSTRAINT pk_answers_seen PRIMARY KEY (annotator_id);
ALTER TABLE ONLY assignments
    ADD CONSTRAINT pk_assignments PRIMARY KEY (id);
ALTER TABLE ONLY candidates
    ADD CONSTRAINT pk_candidates PRIMARY KEY (image_id);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT pk_check_answers PRIMARY KEY (id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT pk_comment_answers PRIMARY KEY (id);
ALTER TABLE ONLY concepts
    ADD CONSTRAINT pk_concepts PRIMARY KEY (dataset_id, key);
ALTER TABLE ONLY datasets
    ADD CONSTRAINT pk_datasets PRIMARY KEY (id);
ALTER TABLE ONLY exemplars
    ADD CONSTRAINT pk_exemplars PRIMARY KEY (id);
ALTER TABLE ONLY final_labels
    ADD CONSTRAINT pk_final_labels PRIMARY KEY (image_id, release_id);
ALTER TABLE ONLY gold
    ADD CONSTRAINT pk_gold PRIMARY KEY (image_id);
ALTER TABLE ONLY guidelines
    ADD CONSTRAINT pk_guidelines PRIMARY KEY (dataset_id, version);
ALTER TABLE ONLY image_counts
    ADD CONSTRAINT pk_image_counts PRIMARY KEY (dataset_id, state);
ALTER TABLE ONLY images
    ADD CONSTRAINT pk_images PRIMARY KEY (id);
ALTER TABLE ONLY invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (id);
ALTER TABLE ONLY label_choices
    ADD CONSTRAINT pk_label_choices PRIMARY KEY (image_id, label_index);
ALTER TABLE ONLY labels
    ADD CONSTRAINT pk_labels PRIMARY KEY (dataset_id, label_index);
ALTER TABLE ONLY person_counts
    ADD CONSTRAINT pk_person_counts PRIMARY KEY (annotator_id, dataset_id, task);
ALTER TABLE ONLY planned_checks
    ADD CONSTRAINT pk_planned_checks PRIMARY KEY (image_id, annotator_id);
ALTER TABLE ONLY proposal_runs
    ADD CONSTRAINT pk_proposal_runs PRIMARY KEY (id);
ALTER TABLE ONLY proposals
    ADD CONSTRAINT pk_proposals PRIMARY KEY (image_id, run_id);
ALTER TABLE ONLY protocols
    ADD CONSTRAINT pk_protocols PRIMARY KEY (dataset_id, version);
ALTER TABLE ONLY queue_cursors
    ADD CONSTRAINT pk_queue_cursors PRIMARY KEY (dataset_id, annotator_id);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT pk_quick_answers PRIMARY KEY (id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT pk_refinements PRIMARY KEY (id);
ALTER TABLE ONLY releases
    ADD CONSTRAINT pk_releases PRIMARY KEY (id);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT pk_remarks PRIMARY KEY (id);
ALTER TABLE ONLY sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (token_hash);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT uq_annotations_client_id UNIQUE (client_id);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT uq_annotations_image_id_annotator_id_revision UNIQUE (image_id, annotator_id, revision);
ALTER TABLE ONLY annotators
    ADD CONSTRAINT uq_annotators_name UNIQUE (name);
ALTER TABLE ONLY assignments
    ADD CONSTRAINT uq_assignments_image_id_annotator_id_task UNIQUE (image_id, annotator_id, task);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT uq_check_answers_assignment_id_revision UNIQUE (assignment_id, revision);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT uq_check_answers_client_id UNIQUE (client_id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT uq_comment_answers_client_id UNIQUE (client_id);
ALTER TABLE ONLY datasets
    ADD CONSTRAINT uq_datasets_name UNIQUE (name);
ALTER TABLE ONLY exemplars
    ADD CONSTRAINT uq_exemplars_dataset_id_label_index_path UNIQUE (dataset_id, label_index, path);
ALTER TABLE ONLY images
    ADD CONSTRAINT uq_images_dataset_id_path UNIQUE (dataset_id, path);
ALTER TABLE ONLY images
    ADD CONSTRAINT uq_images_token UNIQUE (token);
ALTER TABLE ONLY invitations
    ADD CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY labels
    ADD CONSTRAINT uq_labels_dataset_id_key UNIQUE (dataset_id, key);
ALTER TABLE ONLY proposal_runs
    ADD CONSTRAINT uq_proposal_runs_dataset_id_source UNIQUE (dataset_id, source);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT uq_quick_answers_client_id UNIQUE (client_id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT uq_refinements_client_id UNIQUE (client_id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT uq_refinements_image_id_expert_id_revision UNIQUE (image_id, expert_id, revision);
ALTER TABLE ONLY releases
    ADD CONSTRAINT uq_releases_dataset_id_number UNIQUE (dataset_id, number);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT uq_remarks_client_id UNIQUE (client_id);
CREATE INDEX ix_annotations_assignment_id ON annotations USING btree (assignment_id);
CREATE INDEX ix_annotations_dataset ON annotations USING btree (dataset_id, id);
CREATE INDEX ix_annotations_person ON annotations USING btree (annotator_id, dataset_id, id);
CREATE INDEX ix_annotations_time ON annotations USING btree (dataset_id, submitted_at);
CREATE INDEX ix_assignments_lease ON assignments USING btree (dataset_id, state, expires_at);
CREATE INDEX ix_assignments_person ON assignments USING btree (annotator_id, dataset_id, task, state, answered_at, id);
CREATE INDEX ix_check_answers_dataset ON check_answers USING btree (dataset_id, id);
CREATE INDEX ix_comment_answers_annotation_id ON comment_answers USING btree (annotation_id);
CREATE INDEX ix_comment_answers_annotator ON comment_answers USING btree (annotator_id, id);
CREATE INDEX ix_exemplars_token ON exemplars USING btree (token);
CREATE INDEX ix_final_labels_dataset ON final_labels USING btree (dataset_id, image_id, release_id);
CREATE INDEX ix_gold_kind ON gold USING btree (dataset_id, kind, retired_at, image_id);
CREATE INDEX ix_images_given ON images USING btree (dataset_id, given_label, place);
CREATE INDEX ix_images_id ON images USING btree (dataset_id, id);
CREATE INDEX ix_images_place ON images USING btree (dataset_id, place);
CREATE INDEX ix_images_queue ON images USING btree (dataset_id, state, queue_place, id);
CREATE INDEX ix_images_state ON images USING btree (dataset_id, state, place);
CREATE INDEX ix_images_triage ON images USING btree (dataset_id, state, triage DESC, queue_place, id);
CREATE INDEX ix_label_choices_label ON label_choices USING btree (dataset_id, label_index, image_id);
CREATE INDEX ix_person_counts_dataset ON person_counts USING btree (dataset_id, task);
CREATE INDEX ix_planned_checks_person ON planned_checks USING btree (annotator_id, dataset_id, due, place);
CREATE INDEX ix_proposals_run ON proposals USING btree (run_id, image_id);
CREATE INDEX ix_quick_answers_assignment ON quick_answers USING btree (assignment_id, id);
CREATE INDEX ix_quick_answers_expert ON quick_answers USING btree (expert_id, dataset_id, id);
CREATE INDEX ix_refinements_assignment_id ON refinements USING btree (assignment_id);
CREATE INDEX ix_refinements_dataset ON refinements USING btree (dataset_id, id);
CREATE INDEX ix_refinements_image ON refinements USING btree (image_id, id);
CREATE INDEX ix_remarks_image ON remarks USING btree (image_id, id);
CREATE INDEX ix_remarks_to ON remarks USING btree (to_id, dataset_id);
CREATE INDEX ix_sessions_annotator_id ON sessions USING btree (annotator_id);
ALTER TABLE ONLY analysis_plans
    ADD CONSTRAINT fk_analysis_plans_author_id_annotators FOREIGN KEY (author_id) REFERENCES annotators(id);
ALTER TABLE ONLY analysis_plans
    ADD CONSTRAINT fk_analysis_plans_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT fk_annotations_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT fk_annotations_assignment_id_assignments FOREIGN KEY (assignment_id) REFERENCES assignments(id);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT fk_annotations_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY annotations
    ADD CONSTRAINT fk_annotations_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY answers_seen
    ADD CONSTRAINT fk_answers_seen_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY assignments
    ADD CONSTRAINT fk_assignments_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY assignments
    ADD CONSTRAINT fk_assignments_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY assignments
    ADD CONSTRAINT fk_assignments_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY candidates
    ADD CONSTRAINT fk_candidates_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT fk_check_answers_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT fk_check_answers_assignment_id_assignments FOREIGN KEY (assignment_id) REFERENCES assignments(id);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT fk_check_answers_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY check_answers
    ADD CONSTRAINT fk_check_answers_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT fk_comment_answers_annotation_id_annotations FOREIGN KEY (annotation_id) REFERENCES annotations(id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT fk_comment_answers_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT fk_comment_answers_author_id_annotators FOREIGN KEY (author_id) REFERENCES annotators(id);
ALTER TABLE ONLY comment_answers
    ADD CONSTRAINT fk_comment_answers_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY concepts
    ADD CONSTRAINT fk_concepts_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY exemplars
    ADD CONSTRAINT fk_exemplars_dataset_id_label_index_labels FOREIGN KEY (dataset_id, label_index) REFERENCES labels(dataset_id, label_index);
ALTER TABLE ONLY final_labels
    ADD CONSTRAINT fk_final_labels_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY final_labels
    ADD CONSTRAINT fk_final_labels_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY final_labels
    ADD CONSTRAINT fk_final_labels_release_id_releases FOREIGN KEY (release_id) REFERENCES releases(id);
ALTER TABLE ONLY gold
    ADD CONSTRAINT fk_gold_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY gold
    ADD CONSTRAINT fk_gold_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY guidelines
    ADD CONSTRAINT fk_guidelines_author_id_annotators FOREIGN KEY (author_id) REFERENCES annotators(id);
ALTER TABLE ONLY guidelines
    ADD CONSTRAINT fk_guidelines_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY image_counts
    ADD CONSTRAINT fk_image_counts_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY images
    ADD CONSTRAINT fk_images_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY invitations
    ADD CONSTRAINT fk_invitations_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY label_choices
    ADD CONSTRAINT fk_label_choices_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY label_choices
    ADD CONSTRAINT fk_label_choices_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY labels
    ADD CONSTRAINT fk_labels_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY person_counts
    ADD CONSTRAINT fk_person_counts_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY person_counts
    ADD CONSTRAINT fk_person_counts_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY planned_checks
    ADD CONSTRAINT fk_planned_checks_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY planned_checks
    ADD CONSTRAINT fk_planned_checks_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY planned_checks
    ADD CONSTRAINT fk_planned_checks_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY proposal_runs
    ADD CONSTRAINT fk_proposal_runs_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY proposals
    ADD CONSTRAINT fk_proposals_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY proposals
    ADD CONSTRAINT fk_proposals_run_id_proposal_runs FOREIGN KEY (run_id) REFERENCES proposal_runs(id);
ALTER TABLE ONLY protocols
    ADD CONSTRAINT fk_protocols_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY queue_cursors
    ADD CONSTRAINT fk_queue_cursors_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
ALTER TABLE ONLY queue_cursors
    ADD CONSTRAINT fk_queue_cursors_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT fk_quick_answers_assignment_id_assignments FOREIGN KEY (assignment_id) REFERENCES assignments(id);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT fk_quick_answers_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT fk_quick_answers_expert_id_annotators FOREIGN KEY (expert_id) REFERENCES annotators(id);
ALTER TABLE ONLY quick_answers
    ADD CONSTRAINT fk_quick_answers_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT fk_refinements_assignment_id_assignments FOREIGN KEY (assignment_id) REFERENCES assignments(id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT fk_refinements_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT fk_refinements_expert_id_annotators FOREIGN KEY (expert_id) REFERENCES annotators(id);
ALTER TABLE ONLY refinements
    ADD CONSTRAINT fk_refinements_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY releases
    ADD CONSTRAINT fk_releases_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT fk_remarks_author_id_annotators FOREIGN KEY (author_id) REFERENCES annotators(id);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT fk_remarks_dataset_id_datasets FOREIGN KEY (dataset_id) REFERENCES datasets(id);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT fk_remarks_image_id_images FOREIGN KEY (image_id) REFERENCES images(id);
ALTER TABLE ONLY remarks
    ADD CONSTRAINT fk_remarks_to_id_annotators FOREIGN KEY (to_id) REFERENCES annotators(id);
ALTER TABLE ONLY sessions
    ADD CONSTRAINT fk_sessions_annotator_id_annotators FOREIGN KEY (annotator_id) REFERENCES annotators(id);
