CREATE TABLE command_log (
    id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    command VARCHAR(60) NOT NULL,
    key VARCHAR(120) NOT NULL,
    attempt INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    actor_id BIGINT NOT NULL,
    batch_count INTEGER NOT NULL,
    outcomes BYTEA NOT NULL,
    business_date DATE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_command_log PRIMARY KEY (id),
    CONSTRAINT uq_command_log_scope_id_command_key_attempt UNIQUE (scope_id, command, key, attempt)
);

CREATE TABLE node (
    id BIGINT NOT NULL,
    holder VARCHAR(32) NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_node PRIMARY KEY (id)
);

CREATE TABLE file (
    sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    size INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_file PRIMARY KEY (sha256)
);

CREATE TABLE mail_token (
    id BIGINT NOT NULL,
    purpose VARCHAR(12) NOT NULL,
    subject_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mail_token PRIMARY KEY (id),
    CONSTRAINT uq_mail_token_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_mail_token_purpose CHECK (purpose IN ('invitation', 'reset'))
);

CREATE TABLE outbox (
    id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    payload TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    given_up_at TIMESTAMP WITH TIME ZONE,
    attempt_count INTEGER NOT NULL,
    error TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);

CREATE TABLE proposal (
    id BIGINT NOT NULL,
    scope_id BIGINT NOT NULL,
    command VARCHAR(60) NOT NULL,
    payload TEXT NOT NULL,
    about_id BIGINT,
    maker_id BIGINT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    checker_id BIGINT,
    decided_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_proposal PRIMARY KEY (id),
    CONSTRAINT ck_proposal_status CHECK (status IN ('proposed', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT ck_proposal_decided CHECK ((status = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT ck_proposal_four_eyes CHECK (checker_id IS NULL OR checker_id <> maker_id)
);

CREATE TABLE organisation (
    id BIGINT NOT NULL,
    name VARCHAR(140) NOT NULL,
    registration_ref VARCHAR(40) NOT NULL,
    country VARCHAR(2) NOT NULL,
    group_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (id),
    CONSTRAINT uq_organisation_registration_ref UNIQUE (registration_ref),
    CONSTRAINT fk_organisation_group_id FOREIGN KEY(group_id) REFERENCES organisation (id)
);

CREATE TABLE terms_document (
    id BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_terms_document PRIMARY KEY (id),
    CONSTRAINT uq_terms_document_hash UNIQUE (hash)
);

CREATE TABLE sandbox_clock (
    id INTEGER NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sandbox_clock PRIMARY KEY (id)
);

CREATE TABLE job (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    asked_by_id BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    payload TEXT NOT NULL,
    key VARCHAR(120) NOT NULL,
    status VARCHAR(10) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_to_at TIMESTAMP WITH TIME ZONE,
    fence INTEGER NOT NULL,
    attempt_count INTEGER NOT NULL,
    error TEXT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_total BIGINT NOT NULL,
    cancel_asked_at TIMESTAMP WITH TIME ZONE,
    result TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT uq_job_key UNIQUE (key),
    CONSTRAINT ck_job_status CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_job_ended CHECK ((ended_at IS NULL) = (status IN ('queued', 'running')))
);

CREATE TABLE tick (
    id INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    every_seconds INTEGER NOT NULL,
    CONSTRAINT pk_tick PRIMARY KEY (id)
);

CREATE TABLE audit_link (
    scope_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    command_id BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_audit_link PRIMARY KEY (scope_id, position),
    CONSTRAINT uq_audit_link_command_id UNIQUE (command_id),
    CONSTRAINT fk_audit_link_command_id FOREIGN KEY(command_id) REFERENCES command_log (id)
);

CREATE TABLE book (
    id BIGINT NOT NULL,
    ref VARCHAR(20) NOT NULL,
    funder_id BIGINT NOT NULL,
    calendar VARCHAR(10) NOT NULL,
    business_date DATE NOT NULL,
    previous_on DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_book PRIMARY KEY (id),
    CONSTRAINT uq_book_ref UNIQUE (ref),
    CONSTRAINT fk_book_funder_id FOREIGN KEY(funder_id) REFERENCES organisation (id)
);

CREATE TABLE identity_provider (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    issuer VARCHAR(200) NOT NULL,
    client_id VARCHAR(200) NOT NULL,
    client_secret TEXT NOT NULL,
    domains TEXT NOT NULL,
    status VARCHAR(10) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_identity_provider PRIMARY KEY (id),
    CONSTRAINT ck_identity_provider_status CHECK (status IN ('active', 'ended')),
    CONSTRAINT ck_identity_provider_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_identity_provider_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE operator (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_operator PRIMARY KEY (id),
    CONSTRAINT ck_operator_only CHECK (id = 1),
    CONSTRAINT fk_operator_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE notification (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    ids TEXT,
    id_count INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE person (
    id BIGINT NOT NULL,
    name VARCHAR(140) NOT NULL,
    email VARCHAR(254),
    local_to_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_erased CHECK (erased_at IS NULL OR email IS NULL),
    CONSTRAINT fk_person_local_to_id FOREIGN KEY(local_to_id) REFERENCES organisation (id)
);

CREATE TABLE receivable (
    id BIGINT NOT NULL,
    debtor_id BIGINT NOT NULL,
    creditor_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    face_minor BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    undertaking VARCHAR(20) NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_receivable PRIMARY KEY (id),
    CONSTRAINT uq_receivable_debtor_id_fingerprint UNIQUE (debtor_id, fingerprint),
    CONSTRAINT ck_receivable_open_within_face CHECK (face_minor > 0 AND open_minor >= 0 AND open_minor <= face_minor),
    CONSTRAINT ck_receivable_status CHECK (status IN ('open', 'funded', 'settled', 'returned', 'written_off', 'cancelled', 'closed'))
);

CREATE TABLE signature (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    signer_id BIGINT NOT NULL,
    purpose VARCHAR(30) NOT NULL,
    document_sha256 VARCHAR(64) NOT NULL,
    method VARCHAR(30) NOT NULL,
    method_ref VARCHAR(200) NOT NULL,
    stepped_up BOOLEAN NOT NULL,
    command_id BIGINT NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_signature PRIMARY KEY (id),
    CONSTRAINT ck_signature_purpose CHECK (purpose IN ('master_agreement', 'terms', 'standing_instruction', 'consent', 'membership')),
    CONSTRAINT fk_signature_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_signature_document_sha256 FOREIGN KEY(document_sha256) REFERENCES file (sha256)
);

CREATE TABLE webhook_endpoint (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    url VARCHAR(500) NOT NULL,
    description VARCHAR(200) NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_secret_to_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(10) NOT NULL,
    failing_since_at TIMESTAMP WITH TIME ZONE,
    rests_to_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
    CONSTRAINT ck_webhook_endpoint_status CHECK (status IN ('active', 'disabled', 'ended')),
    CONSTRAINT fk_webhook_endpoint_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE invoice (
    id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    number VARCHAR(60) NOT NULL,
    order_ref TEXT NOT NULL,
    issue_on DATE NOT NULL,
    due_on DATE NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount_minor BIGINT NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    disguise VARCHAR(64) NOT NULL,
    file_sha256 VARCHAR(64) NOT NULL,
    file_row INTEGER NOT NULL,
    warnings TEXT NOT NULL,
    submitted_by_id BIGINT NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_invoice PRIMARY KEY (id),
    CONSTRAINT ck_invoice_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_invoice_due_after_issue CHECK (due_on >= issue_on),
    CONSTRAINT ck_invoice_status CHECK (status IN ('draft', 'submitted', 'disputed', 'confirmed', 'rejected', 'withdrawn')),
    CONSTRAINT fk_invoice_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_invoice_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_invoice_file_sha256 FOREIGN KEY(file_sha256) REFERENCES file (sha256)
);

CREATE TABLE upload (
    id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    file_sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    row_count INTEGER NOT NULL,
    sent_by_id BIGINT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT fk_upload_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_upload_file_sha256 FOREIGN KEY(file_sha256) REFERENCES file (sha256)
);

CREATE TABLE password (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    hash VARCHAR(200) NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_password PRIMARY KEY (id),
    CONSTRAINT uq_password_person_id UNIQUE (person_id),
    CONSTRAINT fk_password_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE totp (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    secret TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_totp PRIMARY KEY (id),
    CONSTRAINT fk_totp_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE passkey (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    credential BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    last_challenge BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_passkey PRIMARY KEY (id),
    CONSTRAINT uq_passkey_credential UNIQUE (credential),
    CONSTRAINT fk_passkey_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE recovery_code (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    status VARCHAR(10) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_recovery_code PRIMARY KEY (id),
    CONSTRAINT ck_recovery_code_status CHECK (status IN ('unused', 'used', 'replaced')),
    CONSTRAINT ck_recovery_code_ended CHECK ((status = 'unused') = (ended_at IS NULL)),
    CONSTRAINT fk_recovery_code_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE external_identity (
    id BIGINT NOT NULL,
    provider_id BIGINT NOT NULL,
    subject VARCHAR(255) NOT NULL,
    person_id BIGINT NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_external_identity PRIMARY KEY (id),
    CONSTRAINT uq_external_identity_provider_id_subject UNIQUE (provider_id, subject),
    CONSTRAINT fk_external_identity_provider_id FOREIGN KEY(provider_id) REFERENCES identity_provider (id),
    CONSTRAINT fk_external_identity_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE membership (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    role VARCHAR(20) NOT NULL,
    status VARCHAR(10) NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    granted_by_id BIGINT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by_id BIGINT,
    ended_why VARCHAR(200),
    version INTEGER NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT ck_membership_role CHECK (role IN ('maker', 'checker', 'administrator', 'viewer', 'credit_officer', 'operations', 'operator', 'auditor')),
    CONSTRAINT ck_membership_status CHECK (status IN ('active', 'taken', 'suspended')),
    CONSTRAINT ck_membership_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE invitation (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    email VARCHAR(254),
    name VARCHAR(140),
    roles VARCHAR(120) NOT NULL,
    status VARCHAR(10) NOT NULL,
    invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    invited_by_id BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    person_id BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT ck_invitation_status CHECK (status IN ('open', 'accepted', 'withdrawn')),
    CONSTRAINT ck_invitation_ended CHECK ((status = 'open') = (ended_at IS NULL)),
    CONSTRAINT ck_invitation_person CHECK ((status = 'accepted') = (person_id IS NOT NULL)),
    CONSTRAINT fk_invitation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_invitation_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE session (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    provider_id BIGINT,
    token_hash VARCHAR(64) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    factor_at TIMESTAMP WITH TIME ZONE,
    network VARCHAR(45),
    agent VARCHAR(200),
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_why VARCHAR(20),
    version INTEGER NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_session_ended CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT fk_session_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_session_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_session_provider_id FOREIGN KEY(provider_id) REFERENCES identity_provider (id)
);

CREATE TABLE sign_in_attempt (
    id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR(10) NOT NULL,
    account_hash VARCHAR(64) NOT NULL,
    person_id BIGINT,
    network VARCHAR(45),
    agent VARCHAR(200),
    outcome VARCHAR(10) NOT NULL,
    CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_attempt_kind CHECK (kind IN ('password', 'factor', 'passkey', 'sso', 'reset')),
    CONSTRAINT ck_sign_in_attempt_outcome CHECK (outcome IN ('failed', 'succeeded', 'throttled')),
    CONSTRAINT fk_sign_in_attempt_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE api_key (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    secret_hash VARCHAR(64) NOT NULL,
    permissions TEXT NOT NULL,
    networks TEXT NOT NULL,
    with_approvals BOOLEAN NOT NULL,
    status VARCHAR(10) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by_id BIGINT,
    version INTEGER NOT NULL,
    CONSTRAINT pk_api_key PRIMARY KEY (id),
    CONSTRAINT ck_api_key_status CHECK (status IN ('active', 'revoked')),
    CONSTRAINT ck_api_key_ended CHECK ((status = 'active') = (ended_at IS NULL)),
    CONSTRAINT fk_api_key_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_api_key_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE account (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    code VARCHAR(40) NOT NULL,
    owner_id BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    debit_normal BOOLEAN NOT NULL,
    floored BOOLEAN NOT NULL,
    debit_minor BIGINT NOT NULL,
    credit_minor BIGINT NOT NULL,
    hold VARCHAR(20) NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_book_id_owner_id_code_currency UNIQUE (book_id, owner_id, code, currency),
    CONSTRAINT uq_account_id_book_id_currency UNIQUE (id, book_id, currency),
    CONSTRAINT ck_account_floor CHECK (NOT floored OR (debit_normal AND debit_minor >= credit_minor) OR (NOT debit_normal AND credit_minor >= debit_minor)),
    CONSTRAINT ck_account_unfloored_keeps_no_totals CHECK (floored OR (debit_minor = 0 AND credit_minor = 0)),
    CONSTRAINT fk_account_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE journal (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    event VARCHAR(30) NOT NULL,
    subject_id BIGINT NOT NULL,
    occurrence INTEGER NOT NULL,
    value_date DATE NOT NULL,
    business_date DATE NOT NULL,
    command_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT uq_journal_subject_id_event_occurrence UNIQUE (subject_id, event, occurrence)
);

CREATE TABLE manual_journal (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount_minor BIGINT NOT NULL,
    value_date DATE NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT pk_manual_journal PRIMARY KEY (id),
    CONSTRAINT ck_manual_journal_positive CHECK (amount_minor > 0),
    CONSTRAINT fk_manual_journal_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE credit_limit (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    holder_id BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    CONSTRAINT pk_credit_limit PRIMARY KEY (id),
    CONSTRAINT uq_credit_limit_book_id_holder_id_kind_currency UNIQUE (book_id, holder_id, kind, currency),
    CONSTRAINT fk_credit_limit_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE notification_seen (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    seen_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_notification_seen PRIMARY KEY (id),
    CONSTRAINT uq_notification_seen_person_id_organisation_id UNIQUE (person_id, organisation_id),
    CONSTRAINT fk_notification_seen_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_notification_seen_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE dossier (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    legal_form VARCHAR(20) NOT NULL,
    status VARCHAR(12) NOT NULL,
    nobody_owns BOOLEAN NOT NULL,
    round INTEGER NOT NULL,
    signature_id BIGINT,
    risk VARCHAR(10),
    review_due_on DATE,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier PRIMARY KEY (id),
    CONSTRAINT ck_dossier_status CHECK (status IN ('application', 'documents', 'owners', 'screening', 'agreement', 'account', 'active', 'review', 'declined')),
    CONSTRAINT ck_dossier_legal_form CHECK (legal_form IN ('company', 'partnership', 'sole_trader', 'association')),
    CONSTRAINT ck_dossier_risk CHECK (risk IN ('low', 'standard', 'high')),
    CONSTRAINT ck_dossier_active CHECK (status <> 'active' OR (risk IS NOT NULL AND review_due_on IS NOT NULL)),
    CONSTRAINT ck_dossier_ended CHECK ((status = 'declined') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_dossier_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
);

CREATE TABLE bank_account (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    iban VARCHAR(34) NOT NULL,
    name VARCHAR(140) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    usable_from_on DATE NOT NULL,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_bank_account PRIMARY KEY (id),
    CONSTRAINT ck_bank_account_status CHECK (status IN ('active', 'closed')),
    CONSTRAINT fk_bank_account_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_bank_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE payment_file (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    ref VARCHAR(35) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    business_date DATE NOT NULL,
    currency VARCHAR(3) NOT NULL,
    line_count INTEGER NOT NULL,
    total_minor BIGINT NOT NULL,
    CONSTRAINT pk_payment_file PRIMARY KEY (id),
    CONSTRAINT uq_payment_file_ref UNIQUE (ref),
    CONSTRAINT fk_payment_file_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_payment_file_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
);

CREATE TABLE statement (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    kind VARCHAR(3) NOT NULL,
    ref VARCHAR(40) NOT NULL,
    account VARCHAR(40) NOT NULL,
    business_date DATE NOT NULL,
    CONSTRAINT pk_statement PRIMARY KEY (id),
    CONSTRAINT uq_statement_book_id_account_kind_ref UNIQUE (book_id, account, kind, ref),
    CONSTRAINT fk_statement_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_statement_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
);

CREATE TABLE preference (
    person_id BIGINT NOT NULL,
    language VARCHAR(8) NOT NULL,
    formats VARCHAR(16) NOT NULL,
    theme VARCHAR(8) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_preference PRIMARY KEY (person_id),
    CONSTRAINT ck_preference_theme CHECK (theme IN ('', 'auto', 'light', 'dark')),
    CONSTRAINT fk_preference_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE saved_filter (
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    path VARCHAR(200) NOT NULL,
    name VARCHAR(80) NOT NULL,
    query VARCHAR(1000) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    forgotten_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_saved_filter PRIMARY KEY (id),
    CONSTRAINT fk_saved_filter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_saved_filter_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE programme (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    name VARCHAR(80) NOT NULL,
    CONSTRAINT pk_programme PRIMARY KEY (id),
    CONSTRAINT uq_programme_book_id_name UNIQUE (book_id, name),
    CONSTRAINT fk_programme_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_programme_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id)
);

CREATE TABLE master_agreement (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    edition INTEGER NOT NULL,
    name VARCHAR(120) NOT NULL,
    document_sha256 VARCHAR(64) NOT NULL,
    offered_by_id BIGINT NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signature_id BIGINT,
    signed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(10) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_master_agreement PRIMARY KEY (id),
    CONSTRAINT uq_master_agreement_book_id_organisation_id_edition UNIQUE (book_id, organisation_id, edition),
    CONSTRAINT ck_master_agreement_status CHECK (status IN ('offered', 'signed', 'ended')),
    CONSTRAINT ck_master_agreement_signed CHECK (status <> 'signed' OR (signature_id IS NOT NULL AND signed_at IS NOT NULL)),
    CONSTRAINT ck_master_agreement_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_master_agreement_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_master_agreement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_master_agreement_document_sha256 FOREIGN KEY(document_sha256) REFERENCES file (sha256),
    CONSTRAINT fk_master_agreement_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
);

CREATE TABLE credit_note (
    id BIGINT NOT NULL,
    receivable_id BIGINT NOT NULL,
    creditor_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    amount_minor BIGINT NOT NULL,
    issued_on DATE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_credit_note PRIMARY KEY (id),
    CONSTRAINT uq_credit_note_receivable_id_ref UNIQUE (receivable_id, ref),
    CONSTRAINT ck_credit_note_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_credit_note_status CHECK (status IN ('received', 'applied', 'refused')),
    CONSTRAINT fk_credit_note_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_credit_note_creditor_id FOREIGN KEY(creditor_id) REFERENCES organisation (id)
);

CREATE TABLE day_step (
    book_id BIGINT NOT NULL,
    business_date DATE NOT NULL,
    step VARCHAR(40) NOT NULL,
    status VARCHAR(10) NOT NULL,
    leased_to_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fence INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    result TEXT NOT NULL,
    CONSTRAINT pk_day_step PRIMARY KEY (book_id, business_date, step),
    CONSTRAINT ck_day_step_status CHECK (status IN ('running', 'done')),
    CONSTRAINT fk_day_step_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE finding (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    rule VARCHAR(40) NOT NULL,
    words VARCHAR(500) NOT NULL,
    status VARCHAR(10) NOT NULL,
    found_on DATE NOT NULL,
    cleared_on DATE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_finding PRIMARY KEY (id),
    CONSTRAINT ck_finding_status CHECK (status IN ('open', 'cleared')),
    CONSTRAINT ck_finding_cleared CHECK ((status = 'open') = (cleared_on IS NULL)),
    CONSTRAINT fk_finding_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE consent (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    subject VARCHAR(20) NOT NULL,
    signature_id BIGINT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(10) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT ck_consent_subject CHECK (subject IN ('financing', 'price', 'dossier')),
    CONSTRAINT ck_consent_status CHECK (status IN ('given', 'ended')),
    CONSTRAINT ck_consent_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT ck_consent_to_another CHECK (organisation_id <> to_id),
    CONSTRAINT fk_consent_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_consent_to_id FOREIGN KEY(to_id) REFERENCES organisation (id),
    CONSTRAINT fk_consent_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
);

CREATE TABLE webhook_delivery (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    endpoint_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    body TEXT,
    status VARCHAR(10) NOT NULL,
    try_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
    CONSTRAINT uq_webhook_delivery_endpoint_id_message_id UNIQUE (endpoint_id, message_id),
    CONSTRAINT ck_webhook_delivery_status CHECK (status IN ('waiting', 'delivered', 'given_up')),
    CONSTRAINT fk_webhook_delivery_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_webhook_delivery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id)
);

CREATE TABLE invoice_end (
    invoice_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    status VARCHAR(12) NOT NULL,
    reason VARCHAR(40) NOT NULL,
    words TEXT NOT NULL,
    by_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_invoice_end PRIMARY KEY (invoice_id),
    CONSTRAINT ck_invoice_end_status CHECK (status IN ('rejected', 'withdrawn')),
    CONSTRAINT fk_invoice_end_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_invoice_end_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
);

CREATE TABLE confirmation (
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    receivable_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    due_on DATE NOT NULL,
    undertaking VARCHAR(20) NOT NULL,
    maker_id BIGINT,
    checker_id BIGINT NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest VARCHAR(64) NOT NULL,
    CONSTRAINT pk_confirmation PRIMARY KEY (id),
    CONSTRAINT uq_confirmation_invoice_id UNIQUE (invoice_id),
    CONSTRAINT uq_confirmation_receivable_id UNIQUE (receivable_id),
    CONSTRAINT ck_confirmation_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_confirmation_undertaking CHECK (undertaking IN ('validity_only', 'conditional', 'irrevocable')),
    CONSTRAINT ck_confirmation_four_eyes CHECK (maker_id IS NULL OR maker_id <> checker_id),
    CONSTRAINT fk_confirmation_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_confirmation_receivable_id FOREIGN KEY(receivable_id) REFERENCES receivable (id),
    CONSTRAINT fk_confirmation_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id)
);

CREATE TABLE dispute (
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    reason VARCHAR(40) NOT NULL,
    words TEXT NOT NULL,
    opened_by_id BIGINT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_by_id BIGINT,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dispute PRIMARY KEY (id),
    CONSTRAINT ck_dispute_settled CHECK ((settled_by_id IS NULL) = (settled_at IS NULL)),
    CONSTRAINT fk_dispute_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
    CONSTRAINT fk_dispute_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_dispute_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
);

CREATE TABLE posting (
    journal_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    book_id BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    debit_account_id BIGINT NOT NULL,
    credit_account_id BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    CONSTRAINT pk_posting PRIMARY KEY (journal_id, line),
    CONSTRAINT ck_posting_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_posting_two_accounts CHECK (debit_account_id <> credit_account_id)
);

CREATE TABLE account_day (
    account_id BIGINT NOT NULL,
    business_date DATE NOT NULL,
    value_date DATE NOT NULL,
    book_id BIGINT NOT NULL,
    debit_minor BIGINT NOT NULL,
    credit_minor BIGINT NOT NULL,
    CONSTRAINT pk_account_day PRIMARY KEY (account_id, business_date, value_date),
    CONSTRAINT fk_account_day_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_account_day_book_id FOREIGN KEY(book_id) REFERENCES book (id)
);

CREATE TABLE dossier_document (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dossier_id BIGINT NOT NULL,
    kind VARCHAR(30) NOT NULL,
    name VARCHAR(120) NOT NULL,
    media_type VARCHAR(20) NOT NULL,
    sha256 VARCHAR(64),
    status VARCHAR(10) NOT NULL,
    added_by_id BIGINT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier_document PRIMARY KEY (id),
    CONSTRAINT ck_dossier_document_kind CHECK (kind IN ('registration_extract', 'articles', 'partnership_agreement', 'ownership_chart', 'identity_document', 'proof_of_address', 'power_of_attorney', 'bank_letter')),
    CONSTRAINT ck_dossier_document_status CHECK (status IN ('standing', 'sent_back')),
    CONSTRAINT fk_dossier_document_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_document_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id),
    CONSTRAINT fk_dossier_document_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
);

CREATE TABLE dossier_person (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dossier_id BIGINT NOT NULL,
    role VARCHAR(10) NOT NULL,
    name VARCHAR(140) NOT NULL,
    born_on DATE,
    country VARCHAR(2) NOT NULL,
    share_ppm INTEGER NOT NULL,
    status VARCHAR(10) NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_dossier_person PRIMARY KEY (id),
    CONSTRAINT ck_dossier_person_role CHECK (role IN ('owner', 'signatory', 'director')),
    CONSTRAINT ck_dossier_person_share CHECK (share_ppm BETWEEN 0 AND 1000000),
    CONSTRAINT ck_dossier_person_status CHECK (status IN ('named', 'replaced')),
    CONSTRAINT ck_dossier_person_erased CHECK ((erased_at IS NULL) = (born_on IS NOT NULL)),
    CONSTRAINT fk_dossier_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_person_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
);

CREATE TABLE dossier_step (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dossier_id BIGINT NOT NULL,
    from_status VARCHAR(12) NOT NULL,
    to_status VARCHAR(12) NOT NULL,
    actor_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason VARCHAR(1000) NOT NULL,
    CONSTRAINT pk_dossier_step PRIMARY KEY (id),
    CONSTRAINT ck_dossier_step_reason CHECK (reason <> ''),
    CONSTRAINT fk_dossier_step_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_dossier_step_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
);

CREATE TABLE screening (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dossier_id BIGINT NOT NULL,
    round INTEGER NOT NULL,
    method VARCHAR(40) NOT NULL,
    outcome VARCHAR(10) NOT NULL,
    details VARCHAR(1000) NOT NULL,
    status VARCHAR(10) NOT NULL,
    recorded_by_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    decision VARCHAR(1000) NOT NULL,
    proposed_by_id BIGINT,
    decided_by_id BIGINT,
    decided_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_screening PRIMARY KEY (id),
    CONSTRAINT ck_screening_outcome CHECK (outcome IN ('clear', 'hit', 'undecided')),
    CONSTRAINT ck_screening_status CHECK (status IN ('noted', 'open', 'cleared', 'confirmed')),
    CONSTRAINT ck_screening_hit CHECK ((outcome = 'hit') = (status <> 'noted')),
    CONSTRAINT ck_screening_decided CHECK ((status IN ('cleared', 'confirmed')) = (decided_at IS NOT NULL)),
    CONSTRAINT fk_screening_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_screening_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
);

CREATE TABLE account_check (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dossier_id BIGINT NOT NULL,
    iban VARCHAR(34) NOT NULL,
    holder VARCHAR(140) NOT NULL,
    method VARCHAR(40) NOT NULL,
    outcome VARCHAR(10) NOT NULL,
    details VARCHAR(1000) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    tries_left INTEGER NOT NULL,
    status VARCHAR(10) NOT NULL,
    given_by_id BIGINT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    checked_by_id BIGINT,
    checked_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT pk_account_check PRIMARY KEY (id),
    CONSTRAINT ck_account_check_outcome CHECK (outcome IN ('matched', 'close', 'no_match', 'undecided')),
    CONSTRAINT ck_account_check_status CHECK (status IN ('current', 'replaced')),
    CONSTRAINT ck_account_check_tries CHECK (tries_left BETWEEN 0 AND 3),
    CONSTRAINT fk_account_check_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_account_check_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)
);

CREATE TABLE payout (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    beneficiary_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount_minor BIGINT NOT NULL,
    instructed_on DATE NOT NULL,
    pay_on DATE NOT NULL,
    file_id BIGINT,
    replaces_id BIGINT,
    for_id BIGINT,
    instructed_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    cleared_at TIMESTAMP WITH TIME ZONE,
    returned_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_payout PRIMARY KEY (id),
    CONSTRAINT uq_payout_replaces_id UNIQUE (replaces_id),
    CONSTRAINT ck_payout_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_payout_status CHECK (status IN ('instructed', 'sent', 'cleared', 'returned', 'unknown')),
    CONSTRAINT fk_payout_file_id FOREIGN KEY(file_id) REFERENCES payment_file (id),
    CONSTRAINT fk_payout_replaces_id FOREIGN KEY(replaces_id) REFERENCES payout (id)
);

CREATE TABLE statement_entry (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    statement_id BIGINT NOT NULL,
    bank_ref VARCHAR(80) NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    booked_on DATE NOT NULL,
    value_date DATE NOT NULL,
    end_to_end_ref VARCHAR(40) NOT NULL,
    reference VARCHAR(140) NOT NULL,
    name VARCHAR(140) NOT NULL,
    counter_account VARCHAR(40) NOT NULL,
    text TEXT NOT NULL,
    meaning VARCHAR(12) NOT NULL,
    reconciled BOOLEAN NOT NULL,
    CONSTRAINT pk_statement_entry PRIMARY KEY (id),
    CONSTRAINT uq_statement_entry_statement_id_bank_ref UNIQUE (statement_id, bank_ref)
);

CREATE TABLE enrolment (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    programme_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (id),
    CONSTRAINT uq_enrolment_programme_id_supplier_id UNIQUE (programme_id, supplier_id),
    CONSTRAINT fk_enrolment_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_enrolment_programme_id FOREIGN KEY(programme_id) REFERENCES programme (id),
    CONSTRAINT fk_enrolment_anchor_id FOREIGN KEY(anchor_id) REFERENCES organisation (id),
    CONSTRAINT fk_enrolment_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
);

CREATE TABLE webhook_attempt (
    id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    delivery_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    status_code INTEGER,
    took_ms INTEGER NOT NULL,
    error VARCHAR(200) NOT NULL,
    response TEXT,
    CONSTRAINT pk_webhook_attempt PRIMARY KEY (id),
    CONSTRAINT fk_webhook_attempt_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_webhook_attempt_delivery_id FOREIGN KEY(delivery_id) REFERENCES webhook_delivery (id)
);

CREATE TABLE dispute_message (
    id BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    words TEXT NOT NULL,
    written_by_id BIGINT NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_dispute_message PRIMARY KEY (id),
    CONSTRAINT fk_dispute_message_dispute_id FOREIGN KEY(dispute_id) REFERENCES dispute (id),
    CONSTRAINT fk_dispute_message_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);

CREATE TABLE advance_request (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    receivable_id BIGINT NOT NULL,
    terms_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    face_minor BIGINT NOT NULL,
    due_on DATE NOT NULL,
    undertaking VARCHAR(20) NOT NULL,
    origin VARCHAR(10) NOT NULL,
    requested_on DATE NOT NULL,
    requested_by_id BIGINT,
    requested_at TIMESTAMP WITH TIME ZONE,
    reserved_minor BIGINT NOT NULL,
    decided_by_id BIGINT,
    decided_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by_id BIGINT,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_advance_request PRIMARY KEY (id),
    CONSTRAINT ck_advance_request_status CHECK (status IN ('requested', 'approved', 'declined', 'withdrawn', 'expired', 'funded'))
);

CREATE TABLE collection (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    entry_id BIGINT NOT NULL,
    bank_ref VARCHAR(80) NOT NULL,
    payer_id BIGINT,
    currency VARCHAR(3) NOT NULL,
    amount_minor BIGINT NOT NULL,
    value_date DATE NOT NULL,
    reference VARCHAR(140) NOT NULL,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_collection PRIMARY KEY (id),
    CONSTRAINT uq_collection_book_id_bank_ref UNIQUE (book_id, bank_ref),
    CONSTRAINT ck_collection_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_collection_status CHECK (status IN ('received', 'part_applied', 'applied', 'returned')),
    CONSTRAINT fk_collection_payer_id FOREIGN KEY(payer_id) REFERENCES organisation (id)
);

CREATE TABLE enrolment_terms (
    id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    terms_id BIGINT NOT NULL,
    from_on DATE NOT NULL,
    CONSTRAINT pk_enrolment_terms PRIMARY KEY (id),
    CONSTRAINT uq_enrolment_terms_enrolment_id_version UNIQUE (enrolment_id, version),
    CONSTRAINT fk_enrolment_terms_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_enrolment_terms_terms_id FOREIGN KEY(terms_id) REFERENCES terms_document (id)
);

CREATE TABLE standing_instruction (
    id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    from_on DATE NOT NULL,
    signature_id BIGINT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(10) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_standing_instruction PRIMARY KEY (id),
    CONSTRAINT ck_standing_instruction_status CHECK (status IN ('given', 'ended')),
    CONSTRAINT ck_standing_instruction_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_standing_instruction_enrolment_id FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
    CONSTRAINT fk_standing_instruction_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_standing_instruction_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
);

CREATE TABLE request_decline (
    request_id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CONSTRAINT pk_request_decline PRIMARY KEY (request_id),
    CONSTRAINT fk_request_decline_request_id FOREIGN KEY(request_id) REFERENCES advance_request (id),
    CONSTRAINT fk_request_decline_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_request_decline_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id)
);

CREATE TABLE advance (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    request_id BIGINT NOT NULL,
    receivable_id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    anchor_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    terms_id BIGINT NOT NULL,
    ref VARCHAR(60) NOT NULL,
    kind VARCHAR(10) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    face_minor BIGINT NOT NULL,
    advance_minor BIGINT NOT NULL,
    reserve_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    vat_minor BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    credited_on DATE NOT NULL,
    due_on DATE NOT NULL,
    tenor_days INTEGER NOT NULL,
    earns_to_on DATE NOT NULL,
    proof TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_advance PRIMARY KEY (id),
    CONSTRAINT uq_advance_receivable_id UNIQUE (receivable_id),
    CONSTRAINT ck_advance_adds_up CHECK (advance_minor = discount_minor + fee_minor + vat_minor + net_minor AND reserve_minor + advance_minor = face_minor AND net_minor > 0),
    CONSTRAINT ck_advance_kind CHECK (kind IN ('bought', 'lent')),
    CONSTRAINT ck_advance_status CHECK (status IN ('funded', 'settled', 'repurchased', 'written_off'))
);

CREATE TABLE terms_answer (
    enrolment_terms_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    answer VARCHAR(10) NOT NULL,
    signature_id BIGINT,
    words VARCHAR(200) NOT NULL,
    answered_by_id BIGINT NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_terms_answer PRIMARY KEY (enrolment_terms_id),
    CONSTRAINT ck_terms_answer_answer CHECK (answer IN ('consented', 'refused')),
    CONSTRAINT ck_terms_answer_signed CHECK ((answer = 'consented') = (signature_id IS NOT NULL)),
    CONSTRAINT fk_terms_answer_enrolment_terms_id FOREIGN KEY(enrolment_terms_id) REFERENCES enrolment_terms (id),
    CONSTRAINT fk_terms_answer_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_terms_answer_signature_id FOREIGN KEY(signature_id) REFERENCES signature (id)
);

CREATE TABLE assignment (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    from_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    purpose VARCHAR(10) NOT NULL,
    agreement_id BIGINT NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_assignment PRIMARY KEY (id),
    CONSTRAINT uq_assignment_advance_id UNIQUE (advance_id),
    CONSTRAINT ck_assignment_status CHECK (status IN ('agreed', 'notified', 'acknowledged', 'registered', 'released'))
);

CREATE TABLE dilution (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    credit_note_id BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    reserve_minor BIGINT NOT NULL,
    claim_minor BIGINT NOT NULL,
    business_date DATE NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dilution PRIMARY KEY (id),
    CONSTRAINT uq_dilution_credit_note_id UNIQUE (credit_note_id),
    CONSTRAINT fk_dilution_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_dilution_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id),
    CONSTRAINT fk_dilution_credit_note_id FOREIGN KEY(credit_note_id) REFERENCES credit_note (id)
);

CREATE TABLE claim (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    reason VARCHAR(10) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount_minor BIGINT NOT NULL,
    claimed_on DATE NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE,
    status VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT ck_claim_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_claim_reason CHECK (reason IN ('dilution', 'recourse')),
    CONSTRAINT ck_claim_status CHECK (status IN ('open', 'paid')),
    CONSTRAINT fk_claim_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_claim_supplier_id FOREIGN KEY(supplier_id) REFERENCES organisation (id),
    CONSTRAINT fk_claim_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
);

CREATE TABLE guarantee_call (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    guarantor_id BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    called_on DATE NOT NULL,
    status VARCHAR(10) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_guarantee_call PRIMARY KEY (id),
    CONSTRAINT uq_guarantee_call_advance_id UNIQUE (advance_id),
    CONSTRAINT ck_guarantee_call_status CHECK (status IN ('called', 'paid')),
    CONSTRAINT fk_guarantee_call_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_guarantee_call_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id),
    CONSTRAINT fk_guarantee_call_guarantor_id FOREIGN KEY(guarantor_id) REFERENCES organisation (id)
);

CREATE TABLE application (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    collection_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    face_minor BIGINT NOT NULL,
    lent_minor BIGINT NOT NULL,
    guarantor_minor BIGINT NOT NULL,
    late_minor BIGINT NOT NULL,
    value_date DATE NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_application PRIMARY KEY (id),
    CONSTRAINT ck_application_parts CHECK (lent_minor >= 0 AND guarantor_minor >= 0 AND late_minor >= 0),
    CONSTRAINT ck_application_within_face CHECK (face_minor >= lent_minor + guarantor_minor)
);

CREATE TABLE late_charge (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    open_minor BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    CONSTRAINT pk_late_charge PRIMARY KEY (id),
    CONSTRAINT fk_late_charge_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_late_charge_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
);

CREATE TABLE loss (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    advance_id BIGINT NOT NULL,
    kind VARCHAR(12) NOT NULL,
    amount_minor BIGINT NOT NULL,
    guarantor_minor BIGINT NOT NULL,
    value_date DATE NOT NULL,
    CONSTRAINT pk_loss PRIMARY KEY (id),
    CONSTRAINT ck_loss_kind CHECK (kind IN ('impaired', 'released', 'written_off', 'recovered')),
    CONSTRAINT ck_loss_amounts CHECK (amount_minor > 0 AND guarantor_minor >= 0 AND guarantor_minor <= amount_minor),
    CONSTRAINT fk_loss_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_loss_advance_id FOREIGN KEY(advance_id) REFERENCES advance (id)
);

CREATE TABLE claim_payment (
    id BIGINT NOT NULL,
    book_id BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    means VARCHAR(10) NOT NULL,
    value_date DATE NOT NULL,
    paid_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_claim_payment PRIMARY KEY (id),
    CONSTRAINT ck_claim_payment_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_claim_payment_means CHECK (means IN ('set_off', 'paid')),
    CONSTRAINT fk_claim_payment_book_id FOREIGN KEY(book_id) REFERENCES book (id),
    CONSTRAINT fk_claim_payment_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id)
);

CREATE INDEX ix_account_book_id_code_currency ON account (book_id, code, currency);

CREATE INDEX ix_account_book_id_id ON account (book_id, id);

CREATE INDEX ix_account_check_dossier_id ON account_check (dossier_id);

CREATE INDEX ix_account_check_organisation_id ON account_check (organisation_id);

CREATE INDEX ix_account_day_book_id_business_date ON account_day (book_id, business_date);

CREATE INDEX ix_advance_book_id_id ON advance (book_id, id);

CREATE INDEX ix_advance_earns_to_on ON advance (book_id, earns_to_on);

CREATE INDEX ix_advance_funded_due_on ON advance (book_id, due_on, currency, face_minor, net_minor, discount_minor, fee_minor, tenor_days, anchor_id, supplier_id) WHERE status = 'funded';

CREATE INDEX ix_advance_funded_ref ON advance (book_id, ref) WHERE status = 'funded';

CREATE INDEX ix_advance_funded_supplier ON advance (supplier_id, due_on) WHERE status = 'funded';

CREATE INDEX ix_advance_request_asked ON advance_request (book_id, id) WHERE status = 'requested';

CREATE INDEX ix_advance_request_book_id_id ON advance_request (book_id, id);

CREATE INDEX ix_advance_request_book_id_ref ON advance_request (book_id, ref varchar_pattern_ops);

CREATE INDEX ix_advance_request_live ON advance_request (book_id, status, currency, face_minor, supplier_id) WHERE status IN ('requested', 'approved');

CREATE INDEX ix_advance_request_live_supplier ON advance_request (supplier_id, currency, face_minor) WHERE status IN ('requested', 'approved');

CREATE INDEX ix_advance_request_receivable_id ON advance_request (receivable_id);

CREATE INDEX ix_advance_request_supplier_id_id ON advance_request (supplier_id, id);

CREATE INDEX ix_advance_supplier_id_credited_on ON advance (supplier_id, credited_on);

CREATE INDEX ix_advance_supplier_id_id ON advance (supplier_id, id);

CREATE INDEX ix_api_key_organisation ON api_key (organisation_id);

CREATE INDEX ix_api_key_person ON api_key (person_id);

CREATE INDEX ix_application_advance_id ON application (advance_id);

CREATE INDEX ix_application_collection_id ON application (collection_id);

CREATE INDEX ix_assignment_book_id_id ON assignment (book_id, id);

CREATE INDEX ix_bank_account_book_id_id ON bank_account (book_id, id);

CREATE INDEX ix_bank_account_organisation_id_id ON bank_account (organisation_id, id);

CREATE INDEX ix_claim_book_id_id ON claim (book_id, id);

CREATE INDEX ix_claim_open ON claim (book_id, supplier_id) WHERE status = 'open';

CREATE INDEX ix_claim_payment_claim_id ON claim_payment (claim_id);

CREATE INDEX ix_claim_supplier_id_id ON claim (supplier_id, id);

CREATE INDEX ix_collection_book_id_id ON collection (book_id, id);

CREATE INDEX ix_collection_unapplied ON collection (book_id) WHERE status IN ('received', 'part_applied');

CREATE INDEX ix_command_log_actor_id_id ON command_log (actor_id, id);

CREATE INDEX ix_command_log_at ON command_log (at);

CREATE INDEX ix_command_log_command_id ON command_log (command, id);

CREATE INDEX ix_command_log_key ON command_log (key);

CREATE INDEX ix_command_log_scope_id_id ON command_log (scope_id, id);

CREATE INDEX ix_confirmation_anchor_id ON confirmation (anchor_id, due_on);

CREATE INDEX ix_confirmation_anchor_id_id ON confirmation (anchor_id, id);

CREATE INDEX ix_consent_organisation_id ON consent (organisation_id);

CREATE INDEX ix_consent_signature_id ON consent (signature_id);

CREATE INDEX ix_credit_limit_book_id_id ON credit_limit (book_id, id);

CREATE INDEX ix_credit_note_creditor_id_id ON credit_note (creditor_id, id);

CREATE INDEX ix_credit_note_creditor_id_ref ON credit_note (creditor_id, ref varchar_pattern_ops);

CREATE INDEX ix_credit_note_received ON credit_note (receivable_id) WHERE status = 'received';

CREATE INDEX ix_dilution_advance_id ON dilution (advance_id);

CREATE INDEX ix_dilution_book_id_id ON dilution (book_id, id);

CREATE INDEX ix_dispute_anchor_id_id ON dispute (anchor_id, id);

CREATE INDEX ix_dispute_invoice_id ON dispute (invoice_id);

CREATE INDEX ix_dispute_message_dispute_id_id ON dispute_message (dispute_id, id);

CREATE INDEX ix_dispute_supplier_id_id ON dispute (supplier_id, id);

CREATE INDEX ix_dossier_document_dossier_id ON dossier_document (dossier_id);

CREATE INDEX ix_dossier_document_organisation_id ON dossier_document (organisation_id);

CREATE INDEX ix_dossier_document_sha256 ON dossier_document (sha256);

CREATE INDEX ix_dossier_person_dossier_id ON dossier_person (dossier_id);

CREATE INDEX ix_dossier_person_organisation_id ON dossier_person (organisation_id);

CREATE INDEX ix_dossier_review ON dossier (review_due_on) WHERE status = 'active';

CREATE INDEX ix_dossier_step_dossier_id ON dossier_step (dossier_id);

CREATE INDEX ix_dossier_step_organisation_id ON dossier_step (organisation_id);

CREATE INDEX ix_dossier_waiting ON dossier (id) WHERE status IN ('screening', 'account', 'review');

CREATE INDEX ix_enrolment_anchor_id_id ON enrolment (anchor_id, id);

CREATE INDEX ix_enrolment_supplier_id ON enrolment (supplier_id);

CREATE INDEX ix_enrolment_terms_terms_id ON enrolment_terms (terms_id);

CREATE INDEX ix_external_identity_person ON external_identity (person_id);

CREATE INDEX ix_finding_book_id_id ON finding (book_id, id);

CREATE INDEX ix_guarantee_call_book_id_id ON guarantee_call (book_id, id);

CREATE INDEX ix_invoice_anchor_id_due_on_id ON invoice (anchor_id, due_on, id);

CREATE INDEX ix_invoice_anchor_id_id ON invoice (anchor_id, id);

CREATE INDEX ix_invoice_anchor_id_number ON invoice (anchor_id, number varchar_pattern_ops);

CREATE INDEX ix_invoice_anchor_id_supplier_id_id ON invoice (anchor_id, supplier_id, id, status);

CREATE INDEX ix_invoice_disguise ON invoice (supplier_id, disguise);

CREATE INDEX ix_invoice_disputed_anchor_id ON invoice (anchor_id) WHERE status = 'disputed';

CREATE INDEX ix_invoice_disputed_supplier_id ON invoice (supplier_id) WHERE status = 'disputed';

CREATE INDEX ix_invoice_file_sha256 ON invoice (file_sha256);

CREATE INDEX ix_invoice_submitted ON invoice (anchor_id, due_on, id, currency, amount_minor, supplier_id) WHERE status = 'submitted';

CREATE INDEX ix_invoice_submitted_supplier ON invoice (supplier_id, currency, amount_minor) WHERE status = 'submitted';

CREATE INDEX ix_invoice_supplier_id_id ON invoice (supplier_id, id);

CREATE INDEX ix_invoice_supplier_id_number ON invoice (supplier_id, number varchar_pattern_ops);

CREATE INDEX ix_job_failed ON job (id) WHERE status = 'failed';

CREATE INDEX ix_job_organisation ON job (organisation_id, id);

CREATE INDEX ix_job_waiting ON job (due_at, id) WHERE status IN ('queued', 'running');

CREATE INDEX ix_journal_book_id_business_date_id ON journal (book_id, business_date, id);

CREATE INDEX ix_journal_book_id_id ON journal (book_id, id);

CREATE INDEX ix_late_charge_advance_id ON late_charge (advance_id);

CREATE INDEX ix_late_charge_book_id_id ON late_charge (book_id, id);

CREATE INDEX ix_loss_advance_id ON loss (advance_id);

CREATE INDEX ix_loss_book_id_id ON loss (book_id, id);

CREATE INDEX ix_mail_token_subject ON mail_token (subject_id);

CREATE INDEX ix_master_agreement_organisation_id ON master_agreement (organisation_id);

CREATE INDEX ix_membership_person ON membership (person_id);

CREATE INDEX ix_notification_kept ON notification (at) WHERE ids IS NOT NULL;

CREATE INDEX ix_notification_organisation_id_id ON notification (organisation_id, id, kind);

CREATE INDEX ix_organisation_name ON organisation (name varchar_pattern_ops);

CREATE INDEX ix_outbox_due_at ON outbox (due_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;

CREATE INDEX ix_outbox_given_up ON outbox (id) WHERE given_up_at IS NOT NULL;

CREATE INDEX ix_passkey_person ON passkey (person_id);

CREATE INDEX ix_payment_file_book_id_id ON payment_file (book_id, id);

CREATE INDEX ix_payment_file_sha256 ON payment_file (sha256);

CREATE INDEX ix_payout_beneficiary_id_id ON payout (beneficiary_id, id);

CREATE INDEX ix_payout_book_id_id ON payout (book_id, id);

CREATE INDEX ix_payout_book_id_ref ON payout (book_id, ref varchar_pattern_ops);

CREATE INDEX ix_payout_instructed ON payout (book_id) WHERE status = 'instructed';

CREATE INDEX ix_payout_on_its_way ON payout (beneficiary_id, pay_on) WHERE status IN ('instructed', 'sent', 'unknown');

CREATE INDEX ix_payout_returned ON payout (book_id, id) WHERE status = 'returned';

CREATE INDEX ix_person_name ON person (name varchar_pattern_ops);

CREATE INDEX ix_programme_anchor_id ON programme (anchor_id);

CREATE INDEX ix_proposal_scope_id_command_id ON proposal (scope_id, command, id);

CREATE INDEX ix_proposal_scope_id_id ON proposal (scope_id, id);

CREATE INDEX ix_proposal_waiting ON proposal (scope_id, command) WHERE status = 'proposed';

CREATE INDEX ix_receivable_creditor_id_due_on_id ON receivable (creditor_id, due_on, id);

CREATE INDEX ix_receivable_creditor_id_id ON receivable (creditor_id, id);

CREATE INDEX ix_receivable_debtor_id_due_on_id ON receivable (debtor_id, due_on, id);

CREATE INDEX ix_receivable_debtor_id_id ON receivable (debtor_id, id);

CREATE INDEX ix_receivable_open ON receivable (debtor_id, creditor_id) WHERE status = 'open';

CREATE INDEX ix_receivable_open_creditor ON receivable (creditor_id, due_on, id) WHERE status = 'open';

CREATE INDEX ix_receivable_owed ON receivable (debtor_id, due_on, currency, open_minor) WHERE status IN ('open', 'funded', 'returned', 'written_off');

CREATE INDEX ix_receivable_part_paid ON receivable (id) WHERE status = 'funded' AND open_minor < face_minor;

CREATE INDEX ix_recovery_code_person ON recovery_code (person_id);

CREATE INDEX ix_screening_dossier_id ON screening (dossier_id);

CREATE INDEX ix_screening_organisation_id ON screening (organisation_id);

CREATE INDEX ix_session_person ON session (person_id, created_at);

CREATE INDEX ix_sign_in_attempt_account ON sign_in_attempt (account_hash, kind, at);

CREATE INDEX ix_sign_in_attempt_network ON sign_in_attempt (network, at);

CREATE INDEX ix_signature_document_sha256 ON signature (document_sha256);

CREATE INDEX ix_signature_organisation_id ON signature (organisation_id);

CREATE INDEX ix_standing_instruction_signature_id ON standing_instruction (signature_id);

CREATE INDEX ix_statement_book_id_id ON statement (book_id, id);

CREATE INDEX ix_statement_entry_bank_ref ON statement_entry (book_id, bank_ref);

CREATE INDEX ix_statement_entry_book_id_id ON statement_entry (book_id, id);

CREATE INDEX ix_statement_entry_book_id_reference ON statement_entry (book_id, reference varchar_pattern_ops);

CREATE INDEX ix_statement_entry_for_people ON statement_entry (book_id, booked_on) WHERE meaning IN ('unmatched', 'waiting');

CREATE INDEX ix_statement_sha256 ON statement (sha256);

CREATE INDEX ix_terms_answer_signature_id ON terms_answer (signature_id);

CREATE INDEX ix_upload_file_sha256 ON upload (file_sha256);

CREATE INDEX ix_upload_supplier_id_id ON upload (supplier_id, id);

CREATE INDEX ix_webhook_attempt_delivery_id ON webhook_attempt (delivery_id);

CREATE INDEX ix_webhook_attempt_kept ON webhook_attempt (at) WHERE response IS NOT NULL;

CREATE INDEX ix_webhook_delivery_kept ON webhook_delivery (created_at) WHERE body IS NOT NULL;

CREATE INDEX ix_webhook_delivery_organisation_id ON webhook_delivery (organisation_id, id);

CREATE INDEX ix_webhook_endpoint_organisation_id ON webhook_endpoint (organisation_id);

CREATE UNIQUE INDEX uq_account_check_current ON account_check (dossier_id) WHERE status = 'current';

CREATE UNIQUE INDEX uq_advance_request_live ON advance_request (receivable_id) WHERE status IN ('requested', 'approved');

CREATE UNIQUE INDEX uq_bank_account_active ON bank_account (book_id, organisation_id, currency) WHERE status = 'active';

CREATE UNIQUE INDEX uq_consent_given ON consent (to_id, subject, organisation_id) WHERE status = 'given';

CREATE UNIQUE INDEX uq_dispute_unsettled ON dispute (invoice_id) WHERE settled_at IS NULL;

CREATE UNIQUE INDEX uq_dossier_organisation_id ON dossier (organisation_id);

CREATE UNIQUE INDEX uq_finding_open ON finding (book_id, rule, words) WHERE status = 'open';

CREATE UNIQUE INDEX uq_identity_provider_active ON identity_provider (organisation_id) WHERE status = 'active';

CREATE UNIQUE INDEX uq_invitation_open ON invitation (organisation_id, email) WHERE status = 'open';

CREATE UNIQUE INDEX uq_invoice_live ON invoice (supplier_id, fingerprint) WHERE status IN ('draft', 'submitted', 'disputed', 'confirmed');

CREATE UNIQUE INDEX uq_membership_active ON membership (organisation_id, person_id, role) WHERE status = 'active';

CREATE UNIQUE INDEX uq_person_email ON person (email);

CREATE UNIQUE INDEX uq_person_local ON person (local_to_id, name);

CREATE UNIQUE INDEX uq_proposal_waiting_about_id ON proposal (scope_id, command, about_id) WHERE status = 'proposed';

CREATE UNIQUE INDEX uq_saved_filter_kept ON saved_filter (person_id, organisation_id, path, name) WHERE forgotten_at IS NULL;

CREATE UNIQUE INDEX uq_standing_instruction_given ON standing_instruction (enrolment_id) WHERE status = 'given';

CREATE UNIQUE INDEX uq_totp_person ON totp (person_id) WHERE ended_at IS NULL;

CREATE FUNCTION scf_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;

CREATE TRIGGER account_day_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_day FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER command_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON command_log FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER dispute_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dispute_message FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER dossier_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dossier_step FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER enrolment_terms_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enrolment_terms FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER manual_journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON manual_journal FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER request_decline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON request_decline FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER signature_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signature FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER terms_answer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON terms_answer FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER terms_document_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON terms_document FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER upload_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON upload FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_posting_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN account AS d ON d.id = fresh.debit_account_id
    LEFT JOIN account AS c ON c.id = fresh.credit_account_id
    LEFT JOIN journal AS j ON j.id = fresh.journal_id
    WHERE (d.book_id, d.currency, c.book_id, c.currency, j.book_id)
      IS DISTINCT FROM (fresh.book_id, fresh.currency, fresh.book_id, fresh.currency, fresh.book_id)
  ) THEN
    RAISE EXCEPTION 'a posting names an account or journal of another book or currency' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER posting_fits AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_posting_fits();

CREATE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER account_keeps_keys BEFORE UPDATE OF id, book_id, code, owner_id, currency, debit_normal, floored ON account FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_advance_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN advance_request AS r1 ON r1.id = fresh.request_id
    LEFT JOIN receivable AS r2 ON r2.id = fresh.receivable_id
    LEFT JOIN enrolment AS r3 ON r3.id = fresh.enrolment_id
    LEFT JOIN organisation AS r4 ON r4.id = fresh.anchor_id
    LEFT JOIN organisation AS r5 ON r5.id = fresh.supplier_id
    LEFT JOIN terms_document AS r6 ON r6.id = fresh.terms_id
    WHERE r0.id IS NULL OR r1.id IS NULL OR r2.id IS NULL OR r3.id IS NULL OR r4.id IS NULL OR r5.id IS NULL OR r6.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of advance refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER advance_refers AFTER INSERT ON advance REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_advance_refers();

CREATE TRIGGER advance_keeps_references BEFORE UPDATE OF book_id, request_id, receivable_id, enrolment_id, anchor_id, supplier_id, terms_id ON advance FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_advance_request_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN enrolment AS r1 ON r1.id = fresh.enrolment_id
    LEFT JOIN organisation AS r2 ON r2.id = fresh.supplier_id
    LEFT JOIN receivable AS r3 ON r3.id = fresh.receivable_id
    LEFT JOIN terms_document AS r4 ON r4.id = fresh.terms_id
    LEFT JOIN organisation AS r5 ON r5.id = fresh.anchor_id
    WHERE r0.id IS NULL OR r1.id IS NULL OR r2.id IS NULL OR r3.id IS NULL OR r4.id IS NULL OR r5.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of advance_request refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER advance_request_refers AFTER INSERT ON advance_request REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_advance_request_refers();

CREATE TRIGGER advance_request_keeps_references BEFORE UPDATE OF book_id, enrolment_id, supplier_id, receivable_id, terms_id, anchor_id ON advance_request FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_application_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN collection AS r1 ON r1.id = fresh.collection_id
    LEFT JOIN advance AS r2 ON r2.id = fresh.advance_id
    WHERE r0.id IS NULL OR r1.id IS NULL OR r2.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of application refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER application_refers AFTER INSERT ON application REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_application_refers();

CREATE TRIGGER application_keeps_references BEFORE UPDATE OF book_id, collection_id, advance_id ON application FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_assignment_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN advance AS r1 ON r1.id = fresh.advance_id
    LEFT JOIN organisation AS r2 ON r2.id = fresh.from_id
    LEFT JOIN organisation AS r3 ON r3.id = fresh.to_id
    LEFT JOIN terms_document AS r4 ON r4.id = fresh.agreement_id
    WHERE r0.id IS NULL OR r1.id IS NULL OR r2.id IS NULL OR r3.id IS NULL OR r4.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of assignment refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER assignment_refers AFTER INSERT ON assignment REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_assignment_refers();

CREATE TRIGGER assignment_keeps_references BEFORE UPDATE OF book_id, advance_id, from_id, to_id, agreement_id ON assignment FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_collection_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN statement_entry AS r1 ON r1.id = fresh.entry_id
    WHERE r0.id IS NULL OR r1.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of collection refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER collection_refers AFTER INSERT ON collection REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_collection_refers();

CREATE TRIGGER collection_keeps_references BEFORE UPDATE OF book_id, entry_id ON collection FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_journal_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    WHERE r0.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of journal refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER journal_refers AFTER INSERT ON journal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_journal_refers();

CREATE TRIGGER journal_keeps_references BEFORE UPDATE OF book_id ON journal FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_payout_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN organisation AS r1 ON r1.id = fresh.beneficiary_id
    WHERE r0.id IS NULL OR r1.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of payout refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER payout_refers AFTER INSERT ON payout REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_payout_refers();

CREATE TRIGGER payout_keeps_references BEFORE UPDATE OF book_id, beneficiary_id ON payout FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_receivable_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN organisation AS r0 ON r0.id = fresh.debtor_id
    LEFT JOIN organisation AS r1 ON r1.id = fresh.creditor_id
    WHERE r0.id IS NULL OR r1.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of receivable refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER receivable_refers AFTER INSERT ON receivable REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_receivable_refers();

CREATE TRIGGER receivable_keeps_references BEFORE UPDATE OF debtor_id, creditor_id ON receivable FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_statement_entry_refers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM fresh
    LEFT JOIN book AS r0 ON r0.id = fresh.book_id
    LEFT JOIN statement AS r1 ON r1.id = fresh.statement_id
    WHERE r0.id IS NULL OR r1.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a row of statement_entry refers to what is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER statement_entry_refers AFTER INSERT ON statement_entry REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scf_statement_entry_refers();

CREATE TRIGGER statement_entry_keeps_references BEFORE UPDATE OF book_id, statement_id ON statement_entry FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER advance_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON advance FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER advance_request_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON advance_request FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER book_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON book FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER collection_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON collection FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER enrolment_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON enrolment FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER organisation_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON organisation FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER receivable_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON receivable FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER statement_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON statement FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER statement_entry_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON statement_entry FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE TRIGGER terms_document_stays BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON terms_document FOR EACH STATEMENT EXECUTE FUNCTION scf_refuse();

CREATE FUNCTION scf_is_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('scf.reader', true) = '-1', false);

CREATE FUNCTION scf_reader() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN CAST(NULLIF(current_setting('scf.reader', true), '') AS bigint);

CREATE FUNCTION scf_books() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
RETURN ARRAY(SELECT book.id FROM book WHERE book.funder_id = scf_reader());

CREATE FUNCTION scf_sees_file_by_sha256(given text, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "invoice" AS near_0 WHERE near_0.file_sha256 = given AND (near_0.supplier_id = reader)) OR
  EXISTS (SELECT FROM "upload" AS near_0 WHERE near_0.file_sha256 = given AND (near_0.supplier_id = reader)) OR
  EXISTS (SELECT FROM "statement" AS near_0 WHERE near_0.sha256 = given AND (near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "payment_file" AS near_0 WHERE near_0.sha256 = given AND (near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "signature" AS near_0 WHERE near_0.document_sha256 = given AND (near_0.organisation_id = reader OR
  EXISTS (SELECT FROM "consent" AS near_1 WHERE near_1.signature_id = near_0.id AND (near_1.to_id = reader)) OR
  EXISTS (SELECT FROM "terms_answer" AS near_1 WHERE near_1.signature_id = near_0.id AND (near_1.organisation_id = reader OR
  EXISTS (SELECT FROM "enrolment_terms" AS near_2 WHERE near_2.id = near_1.enrolment_terms_id AND (
  EXISTS (SELECT FROM "enrolment" AS near_3 WHERE near_3.id = near_2.enrolment_id AND (near_3.book_id = ANY (its_books) OR near_3.supplier_id = reader)))))) OR
  EXISTS (SELECT FROM "standing_instruction" AS near_1 WHERE near_1.signature_id = near_0.id AND (near_1.organisation_id = reader OR
  EXISTS (SELECT FROM "enrolment" AS near_2 WHERE near_2.id = near_1.enrolment_id AND (near_2.book_id = ANY (its_books))))))) OR
  EXISTS (SELECT FROM "master_agreement" AS near_0 WHERE near_0.document_sha256 = given AND (near_0.book_id = ANY (its_books) OR near_0.organisation_id = reader)) OR
  EXISTS (SELECT FROM "dossier_document" AS near_0 WHERE near_0.sha256 = given AND (near_0.organisation_id = reader OR
  EXISTS (SELECT FROM "consent" AS near_1 WHERE near_1.organisation_id = near_0.organisation_id AND subject = 'dossier' AND status = 'given' AND (near_1.to_id = reader))));

CREATE FUNCTION scf_sees_organisation_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.supplier_id = given AND (near_0.anchor_id = reader OR near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.anchor_id = given AND (near_0.supplier_id = reader)) OR
  EXISTS (SELECT FROM "programme" AS near_0 WHERE near_0.anchor_id = given AND (near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "bank_account" AS near_0 WHERE near_0.organisation_id = given AND status = 'active' AND (near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "credit_limit" AS near_0 WHERE near_0.holder_id = given AND (near_0.book_id = ANY (its_books))) OR
  EXISTS (SELECT FROM "book" AS near_0 WHERE near_0.funder_id = given AND (near_0.funder_id = reader OR
  EXISTS (SELECT FROM "enrolment" AS near_1 WHERE near_1.book_id = near_0.id AND (near_1.supplier_id = reader)) OR
  EXISTS (SELECT FROM "programme" AS near_1 WHERE near_1.book_id = near_0.id AND (near_1.anchor_id = reader))));

CREATE FUNCTION scf_sees_terms_document_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment_terms" AS near_0 WHERE near_0.terms_id = given AND (
  EXISTS (SELECT FROM "enrolment" AS near_1 WHERE near_1.id = near_0.enrolment_id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader))));

CREATE FUNCTION scf_sees_book_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.book_id = given AND (near_0.supplier_id = reader)) OR
  EXISTS (SELECT FROM "programme" AS near_0 WHERE near_0.book_id = given AND (near_0.anchor_id = reader));

CREATE FUNCTION scf_sees_person_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_receivable_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "advance" AS near_0 WHERE near_0.receivable_id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader)) OR
  EXISTS (SELECT FROM "advance_request" AS near_0 WHERE near_0.receivable_id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_signature_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.signature_id = given AND (near_0.to_id = reader)) OR
  EXISTS (SELECT FROM "terms_answer" AS near_0 WHERE near_0.signature_id = given AND (near_0.organisation_id = reader OR
  EXISTS (SELECT FROM "enrolment_terms" AS near_1 WHERE near_1.id = near_0.enrolment_terms_id AND (
  EXISTS (SELECT FROM "enrolment" AS near_2 WHERE near_2.id = near_1.enrolment_id AND (near_2.book_id = ANY (its_books) OR near_2.supplier_id = reader)))))) OR
  EXISTS (SELECT FROM "standing_instruction" AS near_0 WHERE near_0.signature_id = given AND (near_0.organisation_id = reader OR
  EXISTS (SELECT FROM "enrolment" AS near_1 WHERE near_1.id = near_0.enrolment_id AND (near_1.book_id = ANY (its_books)))));

CREATE FUNCTION scf_sees_confirmation_by_receivable_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "receivable" AS near_0 WHERE near_0.id = given AND (near_0.debtor_id = reader OR near_0.creditor_id = reader OR
  EXISTS (SELECT FROM "advance" AS near_1 WHERE near_1.receivable_id = near_0.id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader)) OR
  EXISTS (SELECT FROM "advance_request" AS near_1 WHERE near_1.receivable_id = near_0.id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader))));

CREATE FUNCTION scf_sees_credit_note_by_receivable_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "receivable" AS near_0 WHERE near_0.id = given AND (near_0.debtor_id = reader OR near_0.creditor_id = reader OR
  EXISTS (SELECT FROM "advance" AS near_1 WHERE near_1.receivable_id = near_0.id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader)) OR
  EXISTS (SELECT FROM "advance_request" AS near_1 WHERE near_1.receivable_id = near_0.id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader))));

CREATE FUNCTION scf_sees_dossier_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_external_identity_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_invoice_end_by_invoice_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "invoice" AS near_0 WHERE near_0.id = given AND (near_0.supplier_id = reader OR near_0.anchor_id = reader));

CREATE FUNCTION scf_sees_passkey_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_preference_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_programme_by_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.programme_id = given AND (near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_recovery_code_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_sign_in_attempt_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_totp_by_person_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "membership" AS near_0 WHERE near_0.person_id = given AND (near_0.organisation_id = reader));

CREATE FUNCTION scf_sees_account_check_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_dispute_message_by_dispute_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "dispute" AS near_0 WHERE near_0.id = given AND (near_0.anchor_id = reader OR near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_dossier_document_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_dossier_person_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_dossier_step_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_screening_by_organisation_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "consent" AS near_0 WHERE near_0.organisation_id = given AND subject = 'dossier' AND status = 'given' AND (near_0.to_id = reader));

CREATE FUNCTION scf_sees_enrolment_terms_by_enrolment_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_standing_instruction_by_enrolment_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment" AS near_0 WHERE near_0.id = given AND (near_0.book_id = ANY (its_books)));

CREATE FUNCTION scf_sees_terms_answer_by_enrolment_terms_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "enrolment_terms" AS near_0 WHERE near_0.id = given AND (
  EXISTS (SELECT FROM "enrolment" AS near_1 WHERE near_1.id = near_0.enrolment_id AND (near_1.book_id = ANY (its_books) OR near_1.supplier_id = reader))));

CREATE FUNCTION scf_sees_application_by_advance_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "advance" AS near_0 WHERE near_0.id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_dilution_by_advance_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "advance" AS near_0 WHERE near_0.id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader));

CREATE FUNCTION scf_sees_claim_payment_by_claim_id(given bigint, reader bigint, its_books bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1
RETURN
  EXISTS (SELECT FROM "claim" AS near_0 WHERE near_0.id = given AND (near_0.book_id = ANY (its_books) OR near_0.supplier_id = reader));

ALTER TABLE "command_log" ENABLE ROW LEVEL SECURITY;

CREATE POLICY command_log_seen ON "command_log" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "command_log".scope_id = (SELECT scf_reader()) OR "command_log".scope_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY command_log_added ON "command_log" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY command_log_changed ON "command_log" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "file" ENABLE ROW LEVEL SECURITY;

CREATE POLICY file_seen ON "file" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_file_by_sha256("file".sha256, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY file_added ON "file" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY file_changed ON "file" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "job" ENABLE ROW LEVEL SECURITY;

CREATE POLICY job_seen ON "job" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "job".organisation_id = (SELECT scf_reader())
);

CREATE POLICY job_added ON "job" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY job_changed ON "job" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "mail_token" ENABLE ROW LEVEL SECURITY;

CREATE POLICY mail_token_seen ON "mail_token" FOR SELECT USING (
  (SELECT scf_is_platform())
);

CREATE POLICY mail_token_added ON "mail_token" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY mail_token_changed ON "mail_token" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "organisation" ENABLE ROW LEVEL SECURITY;

CREATE POLICY organisation_seen ON "organisation" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "organisation".id = (SELECT scf_reader()) OR scf_sees_organisation_by_id("organisation".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY organisation_added ON "organisation" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY organisation_changed ON "organisation" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "outbox" ENABLE ROW LEVEL SECURITY;

CREATE POLICY outbox_seen ON "outbox" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "outbox".scope_id = (SELECT scf_reader()) OR "outbox".scope_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY outbox_added ON "outbox" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY outbox_changed ON "outbox" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "proposal" ENABLE ROW LEVEL SECURITY;

CREATE POLICY proposal_seen ON "proposal" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "proposal".scope_id = (SELECT scf_reader()) OR "proposal".scope_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY proposal_added ON "proposal" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY proposal_changed ON "proposal" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "terms_document" ENABLE ROW LEVEL SECURITY;

CREATE POLICY terms_document_seen ON "terms_document" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_terms_document_by_id("terms_document".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY terms_document_added ON "terms_document" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY terms_document_changed ON "terms_document" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "audit_link" ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_link_seen ON "audit_link" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "audit_link".scope_id = (SELECT scf_reader()) OR "audit_link".scope_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY audit_link_added ON "audit_link" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY audit_link_changed ON "audit_link" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "book" ENABLE ROW LEVEL SECURITY;

CREATE POLICY book_seen ON "book" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "book".funder_id = (SELECT scf_reader()) OR scf_sees_book_by_id("book".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY book_added ON "book" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY book_changed ON "book" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "identity_provider" ENABLE ROW LEVEL SECURITY;

CREATE POLICY identity_provider_seen ON "identity_provider" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "identity_provider".organisation_id = (SELECT scf_reader())
);

CREATE POLICY identity_provider_added ON "identity_provider" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY identity_provider_changed ON "identity_provider" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "invoice" ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_seen ON "invoice" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "invoice".supplier_id = (SELECT scf_reader()) OR "invoice".anchor_id = (SELECT scf_reader())
);

CREATE POLICY invoice_added ON "invoice" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY invoice_changed ON "invoice" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "notification" ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_seen ON "notification" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "notification".organisation_id = (SELECT scf_reader())
);

CREATE POLICY notification_added ON "notification" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY notification_changed ON "notification" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "person" ENABLE ROW LEVEL SECURITY;

CREATE POLICY person_seen ON "person" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "person".local_to_id = (SELECT scf_reader()) OR scf_sees_person_by_id("person".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY person_added ON "person" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY person_changed ON "person" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "receivable" ENABLE ROW LEVEL SECURITY;

CREATE POLICY receivable_seen ON "receivable" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "receivable".debtor_id = (SELECT scf_reader()) OR "receivable".creditor_id = (SELECT scf_reader()) OR scf_sees_receivable_by_id("receivable".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY receivable_added ON "receivable" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY receivable_changed ON "receivable" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "signature" ENABLE ROW LEVEL SECURITY;

CREATE POLICY signature_seen ON "signature" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "signature".organisation_id = (SELECT scf_reader()) OR scf_sees_signature_by_id("signature".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY signature_added ON "signature" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY signature_changed ON "signature" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "upload" ENABLE ROW LEVEL SECURITY;

CREATE POLICY upload_seen ON "upload" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "upload".supplier_id = (SELECT scf_reader())
);

CREATE POLICY upload_added ON "upload" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY upload_changed ON "upload" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "webhook_endpoint" ENABLE ROW LEVEL SECURITY;

CREATE POLICY webhook_endpoint_seen ON "webhook_endpoint" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "webhook_endpoint".organisation_id = (SELECT scf_reader())
);

CREATE POLICY webhook_endpoint_added ON "webhook_endpoint" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY webhook_endpoint_changed ON "webhook_endpoint" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_seen ON "account" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "account".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY account_added ON "account" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY account_changed ON "account" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "api_key" ENABLE ROW LEVEL SECURITY;

CREATE POLICY api_key_seen ON "api_key" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "api_key".organisation_id = (SELECT scf_reader())
);

CREATE POLICY api_key_added ON "api_key" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY api_key_changed ON "api_key" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "bank_account" ENABLE ROW LEVEL SECURITY;

CREATE POLICY bank_account_seen ON "bank_account" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "bank_account".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "bank_account".organisation_id = (SELECT scf_reader())
);

CREATE POLICY bank_account_added ON "bank_account" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY bank_account_changed ON "bank_account" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "confirmation" ENABLE ROW LEVEL SECURITY;

CREATE POLICY confirmation_seen ON "confirmation" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "confirmation".anchor_id = (SELECT scf_reader()) OR scf_sees_confirmation_by_receivable_id("confirmation".receivable_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY confirmation_added ON "confirmation" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY confirmation_changed ON "confirmation" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "consent" ENABLE ROW LEVEL SECURITY;

CREATE POLICY consent_seen ON "consent" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "consent".organisation_id = (SELECT scf_reader()) OR "consent".to_id = (SELECT scf_reader())
);

CREATE POLICY consent_added ON "consent" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY consent_changed ON "consent" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "credit_limit" ENABLE ROW LEVEL SECURITY;

CREATE POLICY credit_limit_seen ON "credit_limit" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "credit_limit".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY credit_limit_added ON "credit_limit" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY credit_limit_changed ON "credit_limit" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "credit_note" ENABLE ROW LEVEL SECURITY;

CREATE POLICY credit_note_seen ON "credit_note" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "credit_note".creditor_id = (SELECT scf_reader()) OR scf_sees_credit_note_by_receivable_id("credit_note".receivable_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY credit_note_added ON "credit_note" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY credit_note_changed ON "credit_note" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "day_step" ENABLE ROW LEVEL SECURITY;

CREATE POLICY day_step_seen ON "day_step" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "day_step".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY day_step_added ON "day_step" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY day_step_changed ON "day_step" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dispute" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dispute_seen ON "dispute" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dispute".anchor_id = (SELECT scf_reader()) OR "dispute".supplier_id = (SELECT scf_reader())
);

CREATE POLICY dispute_added ON "dispute" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dispute_changed ON "dispute" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dossier" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dossier_seen ON "dossier" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dossier".organisation_id = (SELECT scf_reader()) OR scf_sees_dossier_by_organisation_id("dossier".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dossier_added ON "dossier" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dossier_changed ON "dossier" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "external_identity" ENABLE ROW LEVEL SECURITY;

CREATE POLICY external_identity_seen ON "external_identity" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_external_identity_by_person_id("external_identity".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY external_identity_added ON "external_identity" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY external_identity_changed ON "external_identity" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "finding" ENABLE ROW LEVEL SECURITY;

CREATE POLICY finding_seen ON "finding" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "finding".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY finding_added ON "finding" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY finding_changed ON "finding" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "invitation" ENABLE ROW LEVEL SECURITY;

CREATE POLICY invitation_seen ON "invitation" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "invitation".organisation_id = (SELECT scf_reader())
);

CREATE POLICY invitation_added ON "invitation" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY invitation_changed ON "invitation" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "invoice_end" ENABLE ROW LEVEL SECURITY;

CREATE POLICY invoice_end_seen ON "invoice_end" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "invoice_end".supplier_id = (SELECT scf_reader()) OR scf_sees_invoice_end_by_invoice_id("invoice_end".invoice_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY invoice_end_added ON "invoice_end" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY invoice_end_changed ON "invoice_end" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "journal" ENABLE ROW LEVEL SECURITY;

CREATE POLICY journal_seen ON "journal" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "journal".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY journal_added ON "journal" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY journal_changed ON "journal" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "manual_journal" ENABLE ROW LEVEL SECURITY;

CREATE POLICY manual_journal_seen ON "manual_journal" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "manual_journal".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY manual_journal_added ON "manual_journal" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY manual_journal_changed ON "manual_journal" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "master_agreement" ENABLE ROW LEVEL SECURITY;

CREATE POLICY master_agreement_seen ON "master_agreement" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "master_agreement".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "master_agreement".organisation_id = (SELECT scf_reader())
);

CREATE POLICY master_agreement_added ON "master_agreement" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY master_agreement_changed ON "master_agreement" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "membership" ENABLE ROW LEVEL SECURITY;

CREATE POLICY membership_seen ON "membership" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "membership".organisation_id = (SELECT scf_reader())
);

CREATE POLICY membership_added ON "membership" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY membership_changed ON "membership" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "notification_seen" ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_seen_seen ON "notification_seen" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "notification_seen".organisation_id = (SELECT scf_reader())
);

CREATE POLICY notification_seen_added ON "notification_seen" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY notification_seen_changed ON "notification_seen" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "passkey" ENABLE ROW LEVEL SECURITY;

CREATE POLICY passkey_seen ON "passkey" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_passkey_by_person_id("passkey".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY passkey_added ON "passkey" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY passkey_changed ON "passkey" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "password" ENABLE ROW LEVEL SECURITY;

CREATE POLICY password_seen ON "password" FOR SELECT USING (
  (SELECT scf_is_platform())
);

CREATE POLICY password_added ON "password" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY password_changed ON "password" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "payment_file" ENABLE ROW LEVEL SECURITY;

CREATE POLICY payment_file_seen ON "payment_file" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "payment_file".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY payment_file_added ON "payment_file" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY payment_file_changed ON "payment_file" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "preference" ENABLE ROW LEVEL SECURITY;

CREATE POLICY preference_seen ON "preference" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_preference_by_person_id("preference".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY preference_added ON "preference" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY preference_changed ON "preference" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "programme" ENABLE ROW LEVEL SECURITY;

CREATE POLICY programme_seen ON "programme" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "programme".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "programme".anchor_id = (SELECT scf_reader()) OR scf_sees_programme_by_id("programme".id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY programme_added ON "programme" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY programme_changed ON "programme" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "recovery_code" ENABLE ROW LEVEL SECURITY;

CREATE POLICY recovery_code_seen ON "recovery_code" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_recovery_code_by_person_id("recovery_code".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY recovery_code_added ON "recovery_code" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY recovery_code_changed ON "recovery_code" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "saved_filter" ENABLE ROW LEVEL SECURITY;

CREATE POLICY saved_filter_seen ON "saved_filter" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "saved_filter".organisation_id = (SELECT scf_reader())
);

CREATE POLICY saved_filter_added ON "saved_filter" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY saved_filter_changed ON "saved_filter" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "session" ENABLE ROW LEVEL SECURITY;

CREATE POLICY session_seen ON "session" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "session".organisation_id = (SELECT scf_reader())
);

CREATE POLICY session_added ON "session" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY session_changed ON "session" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "sign_in_attempt" ENABLE ROW LEVEL SECURITY;

CREATE POLICY sign_in_attempt_seen ON "sign_in_attempt" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_sign_in_attempt_by_person_id("sign_in_attempt".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY sign_in_attempt_added ON "sign_in_attempt" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY sign_in_attempt_changed ON "sign_in_attempt" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "statement" ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_seen ON "statement" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "statement".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY statement_added ON "statement" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY statement_changed ON "statement" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "totp" ENABLE ROW LEVEL SECURITY;

CREATE POLICY totp_seen ON "totp" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_totp_by_person_id("totp".person_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY totp_added ON "totp" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY totp_changed ON "totp" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "webhook_delivery" ENABLE ROW LEVEL SECURITY;

CREATE POLICY webhook_delivery_seen ON "webhook_delivery" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "webhook_delivery".organisation_id = (SELECT scf_reader())
);

CREATE POLICY webhook_delivery_added ON "webhook_delivery" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY webhook_delivery_changed ON "webhook_delivery" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "account_check" ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_check_seen ON "account_check" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "account_check".organisation_id = (SELECT scf_reader()) OR scf_sees_account_check_by_organisation_id("account_check".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY account_check_added ON "account_check" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY account_check_changed ON "account_check" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "account_day" ENABLE ROW LEVEL SECURITY;

CREATE POLICY account_day_seen ON "account_day" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "account_day".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY account_day_added ON "account_day" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY account_day_changed ON "account_day" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dispute_message" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dispute_message_seen ON "dispute_message" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_dispute_message_by_dispute_id("dispute_message".dispute_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dispute_message_added ON "dispute_message" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dispute_message_changed ON "dispute_message" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dossier_document" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dossier_document_seen ON "dossier_document" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dossier_document".organisation_id = (SELECT scf_reader()) OR scf_sees_dossier_document_by_organisation_id("dossier_document".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dossier_document_added ON "dossier_document" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dossier_document_changed ON "dossier_document" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dossier_person" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dossier_person_seen ON "dossier_person" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dossier_person".organisation_id = (SELECT scf_reader()) OR scf_sees_dossier_person_by_organisation_id("dossier_person".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dossier_person_added ON "dossier_person" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dossier_person_changed ON "dossier_person" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dossier_step" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dossier_step_seen ON "dossier_step" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dossier_step".organisation_id = (SELECT scf_reader()) OR scf_sees_dossier_step_by_organisation_id("dossier_step".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dossier_step_added ON "dossier_step" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dossier_step_changed ON "dossier_step" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "enrolment" ENABLE ROW LEVEL SECURITY;

CREATE POLICY enrolment_seen ON "enrolment" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "enrolment".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "enrolment".supplier_id = (SELECT scf_reader()) OR "enrolment".anchor_id = (SELECT scf_reader())
);

CREATE POLICY enrolment_added ON "enrolment" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY enrolment_changed ON "enrolment" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "payout" ENABLE ROW LEVEL SECURITY;

CREATE POLICY payout_seen ON "payout" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "payout".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "payout".beneficiary_id = (SELECT scf_reader())
);

CREATE POLICY payout_added ON "payout" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY payout_changed ON "payout" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "posting" ENABLE ROW LEVEL SECURITY;

CREATE POLICY posting_seen ON "posting" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "posting".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY posting_added ON "posting" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY posting_changed ON "posting" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "screening" ENABLE ROW LEVEL SECURITY;

CREATE POLICY screening_seen ON "screening" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_screening_by_organisation_id("screening".organisation_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY screening_added ON "screening" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY screening_changed ON "screening" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "statement_entry" ENABLE ROW LEVEL SECURITY;

CREATE POLICY statement_entry_seen ON "statement_entry" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "statement_entry".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY statement_entry_added ON "statement_entry" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY statement_entry_changed ON "statement_entry" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "webhook_attempt" ENABLE ROW LEVEL SECURITY;

CREATE POLICY webhook_attempt_seen ON "webhook_attempt" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "webhook_attempt".organisation_id = (SELECT scf_reader())
);

CREATE POLICY webhook_attempt_added ON "webhook_attempt" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY webhook_attempt_changed ON "webhook_attempt" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "advance_request" ENABLE ROW LEVEL SECURITY;

CREATE POLICY advance_request_seen ON "advance_request" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "advance_request".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "advance_request".supplier_id = (SELECT scf_reader())
);

CREATE POLICY advance_request_added ON "advance_request" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY advance_request_changed ON "advance_request" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "collection" ENABLE ROW LEVEL SECURITY;

CREATE POLICY collection_seen ON "collection" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "collection".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "collection".payer_id = (SELECT scf_reader())
);

CREATE POLICY collection_added ON "collection" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY collection_changed ON "collection" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "enrolment_terms" ENABLE ROW LEVEL SECURITY;

CREATE POLICY enrolment_terms_seen ON "enrolment_terms" FOR SELECT USING (
  (SELECT scf_is_platform()) OR scf_sees_enrolment_terms_by_enrolment_id("enrolment_terms".enrolment_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY enrolment_terms_added ON "enrolment_terms" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY enrolment_terms_changed ON "enrolment_terms" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "standing_instruction" ENABLE ROW LEVEL SECURITY;

CREATE POLICY standing_instruction_seen ON "standing_instruction" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "standing_instruction".organisation_id = (SELECT scf_reader()) OR scf_sees_standing_instruction_by_enrolment_id("standing_instruction".enrolment_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY standing_instruction_added ON "standing_instruction" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY standing_instruction_changed ON "standing_instruction" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "advance" ENABLE ROW LEVEL SECURITY;

CREATE POLICY advance_seen ON "advance" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "advance".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "advance".supplier_id = (SELECT scf_reader())
);

CREATE POLICY advance_added ON "advance" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY advance_changed ON "advance" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "request_decline" ENABLE ROW LEVEL SECURITY;

CREATE POLICY request_decline_seen ON "request_decline" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "request_decline".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "request_decline".supplier_id = (SELECT scf_reader())
);

CREATE POLICY request_decline_added ON "request_decline" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY request_decline_changed ON "request_decline" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "terms_answer" ENABLE ROW LEVEL SECURITY;

CREATE POLICY terms_answer_seen ON "terms_answer" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "terms_answer".organisation_id = (SELECT scf_reader()) OR scf_sees_terms_answer_by_enrolment_terms_id("terms_answer".enrolment_terms_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY terms_answer_added ON "terms_answer" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY terms_answer_changed ON "terms_answer" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "application" ENABLE ROW LEVEL SECURITY;

CREATE POLICY application_seen ON "application" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "application".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR scf_sees_application_by_advance_id("application".advance_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY application_added ON "application" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY application_changed ON "application" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "assignment" ENABLE ROW LEVEL SECURITY;

CREATE POLICY assignment_seen ON "assignment" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "assignment".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "assignment".from_id = (SELECT scf_reader()) OR "assignment".to_id = (SELECT scf_reader())
);

CREATE POLICY assignment_added ON "assignment" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY assignment_changed ON "assignment" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "claim" ENABLE ROW LEVEL SECURITY;

CREATE POLICY claim_seen ON "claim" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "claim".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "claim".supplier_id = (SELECT scf_reader())
);

CREATE POLICY claim_added ON "claim" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY claim_changed ON "claim" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "dilution" ENABLE ROW LEVEL SECURITY;

CREATE POLICY dilution_seen ON "dilution" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "dilution".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR scf_sees_dilution_by_advance_id("dilution".advance_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY dilution_added ON "dilution" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY dilution_changed ON "dilution" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "guarantee_call" ENABLE ROW LEVEL SECURITY;

CREATE POLICY guarantee_call_seen ON "guarantee_call" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "guarantee_call".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR "guarantee_call".guarantor_id = (SELECT scf_reader())
);

CREATE POLICY guarantee_call_added ON "guarantee_call" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY guarantee_call_changed ON "guarantee_call" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "late_charge" ENABLE ROW LEVEL SECURITY;

CREATE POLICY late_charge_seen ON "late_charge" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "late_charge".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY late_charge_added ON "late_charge" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY late_charge_changed ON "late_charge" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "loss" ENABLE ROW LEVEL SECURITY;

CREATE POLICY loss_seen ON "loss" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "loss".book_id = ANY (CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY loss_added ON "loss" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY loss_changed ON "loss" FOR UPDATE USING ((SELECT scf_is_platform()));

ALTER TABLE "claim_payment" ENABLE ROW LEVEL SECURITY;

CREATE POLICY claim_payment_seen ON "claim_payment" FOR SELECT USING (
  (SELECT scf_is_platform()) OR "claim_payment".book_id = ANY (CAST((SELECT scf_books()) AS bigint[])) OR scf_sees_claim_payment_by_claim_id("claim_payment".claim_id, (SELECT scf_reader()), CAST((SELECT scf_books()) AS bigint[]))
);

CREATE POLICY claim_payment_added ON "claim_payment" FOR INSERT WITH CHECK ((SELECT scf_is_platform()));

CREATE POLICY claim_payment_changed ON "claim_payment" FOR UPDATE USING ((SELECT scf_is_platform()));

DO $$
DECLARE function regprocedure;
BEGIN
  FOR function IN
    SELECT p.oid FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.prosecdef AND l.lanname = 'plpgsql' AND p.pronamespace = current_schema()::regnamespace
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', function, current_schema());
  END LOOP;
END $$;

